"""Steps of plain SGD that are recorded, many at a time, and then launched as a whole.

A recording reads and writes fixed memory. So the batches of the next steps are first copied into buffers of
its own, and the weights after each step are copied out of them. What is recorded are the written-out steps,
in the same operations: the numbers are the same, to the last bit.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import torch

from gdstudio.core.training.alignment import aligned_batches, empty_track
from gdstudio.core.training.descent import Descended
from gdstudio.core.training.fast.written_out import WrittenOutDescent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdstudio.core.problems.layers import FastForm
    from gdstudio.core.training.batches import Batch

    Recorder = Callable[[Callable[[], None]], Callable[[], None]]

MOST_STEPS = 64
"""Steps in the longest recording; shorter ones have half as many, and so on."""
FEWEST_STEPS = 4
"""Fewer are launched one by one: to copy a batch into the buffers takes launches too."""
SETTLED_STEPS = 256
"""Steps at one learning rate before anything is recorded.

The rate is part of a recording: while the rate is being moved, and in a short run, none is worth its time.
"""
MOST_NUMBERS = 1 << 22
"""Where buffers would hold more numbers, nothing is recorded: large batches keep a GPU busy without it."""
_REFUSED = "CUDA graphs cannot be used here ({}): each step is launched by itself, with the same numbers"


class _GraphBuffers:
    """The fixed memory that recordings read and write: batches, the weights at each step, and the costs.

    The batches are like one of X (k, d) and y (k, 1). Where every step sees the very same rows (``is_same``),
    those are read where they are.
    """

    def __init__(self, X: torch.Tensor, y: torch.Tensor, like: torch.Tensor, *, is_same: bool) -> None:
        self._is_same = is_same
        if is_same:
            self.batches = [(X, y)] * MOST_STEPS
        else:
            rows = MOST_STEPS * len(X)
            X_buffers, y_buffers = (aligned_batches(t.new_zeros(rows, t.shape[1]), len(X)) for t in (X, y))
            self.batches = list(zip(X_buffers, y_buffers, strict=True))
        self.track = empty_track(MOST_STEPS, like)
        self.costs = like.new_empty(MOST_STEPS)

    def fits(self, X: torch.Tensor) -> bool:
        """Whether batches like this one can be copied here."""
        mine = self.batches[0][0]
        return mine is X if self._is_same else mine.shape == X.shape

    def fill(self, batches: Sequence[Batch], weights: torch.Tensor) -> None:
        """Copy batches and the weights (P,) before them to where the recordings read them."""
        self.track[0].copy_(weights)
        if not self._is_same:
            buffers = self.batches[: len(batches)]
            torch._foreach_copy_(
                [tensor for buffer in buffers for tensor in buffer], [t for batch in batches for t in batch]
            )


class RecordedDescent:
    """A `Descent` by plain SGD on a stack of layers that makes most of its steps by recordings.

    Parameters
    ----------
    form, weights, decay
        As for `WrittenOutDescent`, whose steps are recorded.
    record
        Does some work once, records it and returns what does it again.
    """

    def __init__(self, form: FastForm, weights: torch.Tensor, record: Recorder, decay: float = 0.0) -> None:
        self._written_out = WrittenOutDescent(form, weights, decay)
        self._record: Recorder | None = record
        self._buffers: _GraphBuffers | None = None
        self._recordings: dict[int, Callable[[], None]] = {}
        self._rate, self._made = float("nan"), 0

    def cost_ahead(self, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Return the cost of rows at the weights now; a next step that is not recorded uses it."""
        return self._written_out.cost_ahead(X, y)

    def discard_cost_ahead(self) -> None:
        """Drop what `cost_ahead` has kept."""
        self._written_out.discard_cost_ahead()

    def descend(self, batches: Sequence[Batch], track: torch.Tensor, learning_rate: float) -> Descended:
        """Make the steps of `Descent.descend`."""
        if learning_rate != self._rate:
            self._recordings.clear()
            self._rate, self._made = learning_rate, 0
        made = Descended([], None)
        while len(made.costs) < len(batches):
            left, rows = batches[len(made.costs) :], track[len(made.costs) :]
            more = self._some_steps(left, rows)
            made = Descended(made.costs + more.costs, more.gradients)
            self._made += len(more.costs)
        return made

    def _some_steps(self, batches: Sequence[Batch], track: torch.Tensor) -> Descended:
        """Make the first of the steps, as many as one recording makes, or else one by one."""
        count = self._recordable(batches)
        replay = self._recording(batches[:count], track[0]) if count else None
        if replay is not None:
            return self._replayed(replay, batches[:count], track)
        unsettled = SETTLED_STEPS - self._made
        count = min(unsettled, len(batches)) if unsettled > 0 else len(batches)
        return self._written_out.descend(batches[:count], track[: count + 1], self._rate)

    def _recordable(self, batches: Sequence[Batch]) -> int:
        """Return how many steps a recording is to make now: a power of two, or 0 for none."""
        X = batches[0][0]
        if self._record is None or self._made < SETTLED_STEPS or MOST_STEPS * X.numel() > MOST_NUMBERS:
            return 0
        alike = len(batches) - (batches[-1][0].shape != X.shape)  # an epoch's last batch may be smaller
        count = 1 << (min(alike, MOST_STEPS).bit_length() - 1) if alike else 0
        return count if count >= FEWEST_STEPS else 0

    def _recording(self, batches: Sequence[Batch], weights: torch.Tensor) -> Callable[[], None] | None:
        """Return what makes steps like these, recorded when first asked for; None where that fails."""
        (X, y), count, buffers = batches[0], len(batches), self._buffers
        if buffers is None or not buffers.fits(X):
            buffers = self._buffers = _GraphBuffers(X, y, weights, is_same=batches[1][0] is X)
            self._recordings.clear()
        if count not in self._recordings and self._record is not None:
            self.discard_cost_ahead()
            buffers.fill(batches, weights)
            try:
                self._recordings[count] = self._record(lambda: self._work(buffers, count))
            except RuntimeError as error:
                self._record = None
                warnings.warn(_REFUSED.format(error), RuntimeWarning, stacklevel=2)
        return self._recordings.get(count)

    def _work(self, buffers: _GraphBuffers, count: int) -> None:
        """Make the steps whose batches are in the buffers; this is what is recorded."""
        made = self._written_out.descend(buffers.batches[:count], buffers.track[: count + 1], self._rate)
        torch.stack(made.costs, out=buffers.costs[:count])

    def _replayed(
        self, replay: Callable[[], None], batches: Sequence[Batch], track: torch.Tensor
    ) -> Descended:
        count, buffers = len(batches), self._buffers
        assert buffers is not None  # or there would be no recording
        self.discard_cost_ahead()
        buffers.fill(batches, track[0])
        replay()
        track[1 : count + 1].copy_(buffers.track[1 : count + 1])
        return Descended(list(buffers.costs[:count].clone().unbind()), [self._written_out.gradient.clone()])
