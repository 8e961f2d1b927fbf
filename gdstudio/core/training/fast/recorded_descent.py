"""Plain descent whose steps are recorded, many at a time, and then launched whole.

A recording reads and writes fixed places, so the batches of the steps to come are first laid into a room of
their own, and the weights after each step are fetched from it. Its steps are those of `LayerDescent`, in the
same operations: the numbers are the same, to the last bit.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import torch
from typing_extensions import override

from gdstudio.core.training.batches import apart
from gdstudio.core.training.fast.layers import LayerDescent, empty_track

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdstudio.core.problems.layers import FastForm
    from gdstudio.core.training.fast.layers import Batch

    Recorder = Callable[[Callable[[], None]], Callable[[], None]]

MOST_STEPS = 64
"""Steps in the longest recording; shorter ones have half as many, and so on."""
FEWEST_STEPS = 4
"""Fewer are launched one by one: to lay a batch into the room takes launches too."""
SETTLED_STEPS = 256
"""A learning rate is part of a recording; while it is being moved, and in a short run, none is made."""
MOST_NUMBERS = 1 << 22
"""A room of more numbers is none: large batches keep a GPU busy without it."""
_REFUSED = "CUDA graphs cannot be used here ({}): each step is launched by itself, with the same numbers"


class _Room:
    """Fixed places for batches like one of X (k, d) and y (k, 1), and for what they lead to.

    Where every step sees the very same rows they stay where they are.
    """

    def __init__(self, X: torch.Tensor, y: torch.Tensor, like: torch.Tensor, *, is_same: bool) -> None:
        self._is_same = is_same
        if is_same:
            self.batches = [(X, y)] * MOST_STEPS
        else:
            places = (apart(part.new_zeros(MOST_STEPS * len(part), part.shape[1]), len(X)) for part in (X, y))
            self.batches = list(zip(*places, strict=True))
        self.track = empty_track(MOST_STEPS, like)
        self.costs = like.new_empty(MOST_STEPS)

    def holds(self, X: torch.Tensor) -> bool:
        """Whether batches like this one belong here."""
        mine = self.batches[0][0]
        return mine is X if self._is_same else mine.shape == X.shape

    def put(self, batches: Sequence[Batch], weights: torch.Tensor) -> None:
        """Lay batches and the weights (P,) before them into their places."""
        self.track[0].copy_(weights)
        if not self._is_same:
            places = self.batches[: len(batches)]
            torch._foreach_copy_(
                [part for place in places for part in place], [p for b in batches for p in b]
            )


class RecordedDescent(LayerDescent):
    """Makes steps of plain SGD, most of them by recordings.

    Parameters
    ----------
    form, like
        As for `LayerDescent`.
    record
        Does some work once, records it and returns what does it again.
    """

    def __init__(self, form: FastForm, like: torch.Tensor, record: Recorder) -> None:
        super().__init__(form, like)
        self._record: Recorder | None = record
        self._room: _Room | None = None
        self._recordings: dict[int, Callable[[], None]] = {}
        self._rate, self._made = float("nan"), 0

    @override
    def descend(
        self, batches: Sequence[Batch], track: torch.Tensor, learning_rate: float
    ) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        if learning_rate != self._rate:
            self._recordings.clear()
            self._rate, self._made = learning_rate, 0
        costs: list[torch.Tensor] = []
        used: list[torch.Tensor] = []
        while len(costs) < len(batches):
            left, rows = batches[len(costs) :], track[len(costs) :]
            count = self._recordable(left)
            replay = self._recording(left[:count], rows[0]) if count else None
            if replay is None:
                unsettled = SETTLED_STEPS - self._made
                count = min(unsettled, len(left)) if unsettled > 0 else len(left)
                made, used = super().descend(left[:count], rows[: count + 1], learning_rate)
            else:
                made, used = self._replay(replay, left[:count], rows)
            costs += made
            self._made += count
        return costs, used

    def _recordable(self, batches: Sequence[Batch]) -> int:
        """Return how many steps a recording is to make now: a power of two, or 0."""
        X = batches[0][0]
        if self._record is None or self._made < SETTLED_STEPS or MOST_STEPS * X.numel() > MOST_NUMBERS:
            return 0
        alike = len(batches) - (batches[-1][0].shape != X.shape)  # an epoch's last batch may be smaller
        count = 1 << (min(alike, MOST_STEPS).bit_length() - 1) if alike else 0
        return count if count >= FEWEST_STEPS else 0

    def _recording(self, batches: Sequence[Batch], weights: torch.Tensor) -> Callable[[], None] | None:
        """Return what makes steps like these, recorded when first asked for; None where that fails."""
        (X, y), count, room = batches[0], len(batches), self._room
        if room is None or not room.holds(X):
            room = self._room = _Room(X, y, self._gradient, is_same=batches[1][0] is X)
            self._recordings.clear()
        if count not in self._recordings and self._record is not None:
            self.forget()
            room.put(batches, weights)
            try:
                self._recordings[count] = self._record(lambda: self._make(room, count))
            except RuntimeError as error:
                self._record = None
                warnings.warn(_REFUSED.format(error), RuntimeWarning, stacklevel=2)
        return self._recordings.get(count)

    def _make(self, room: _Room, count: int) -> None:
        costs, _ = super().descend(room.batches[:count], room.track[: count + 1], self._rate)
        torch.stack(costs, out=room.costs[:count])

    def _replay(
        self, replay: Callable[[], None], batches: Sequence[Batch], track: torch.Tensor
    ) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        count, room = len(batches), self._room
        assert room is not None
        self.forget()
        room.put(batches, track[0])
        replay()
        track[1 : count + 1].copy_(room.track[1 : count + 1])
        return list(room.costs[:count].clone().unbind()), [self._gradient.clone()]
