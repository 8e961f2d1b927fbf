"""What is kept of one run of a race: a row a step, counted in gradient evaluations as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats

_MOST_NUMBERS = 1_000_000
"""So many numbers are kept of a run at most, and so many rows at least and at most."""
_LEAST_ROWS, _MOST_ROWS = 512, 20_000
_STEP, _EVALUATIONS, _COST, _WEIGHTS = 0, 1, 2, 3


class Way(NamedTuple):
    """A part of a run from its start on: ``steps``, ``evaluations``, ``costs`` (k,), ``weights`` (k, P).

    ``costs`` are full training costs, NaN after steps at which it was not computed.
    """

    steps: Floats
    evaluations: Floats
    costs: Floats
    weights: Floats


class Record:
    """The rows of a run, row 0 its start; written by one thread, read by any.

    Every ``stride``-th step is kept, and always the last two: all of them in runs of up to 20,000 steps with
    few weights.

    Parameters
    ----------
    weights
        How many weights there are.
    steps
        About how many steps the run will make.
    """

    def __init__(self, weights: int, steps: int) -> None:
        width = _WEIGHTS + weights
        rows = min(max(_MOST_NUMBERS // width, _LEAST_ROWS), _MOST_ROWS)
        self.stride = max(1, -(-steps // rows))
        # Rows that are there are never written again, so that whoever reads needs no copy of them.
        self._table, self._tail = np.empty((64, width)), np.empty((0, width))
        self._published = self._table, 0, self._tail

    def append(self, steps: Floats, evaluations: Floats, costs: Floats, weights: Floats) -> None:
        """Add the rows of consecutive steps."""
        block = np.column_stack([steps, evaluations, costs, weights])
        table, count, tail = self._published
        kept = block[block[:, _STEP] % self.stride == 0]
        if count + len(kept) > len(table):
            larger = np.empty((2 * (count + len(kept)), table.shape[1]))
            larger[:count] = table[:count]
            table = larger
        table[count : count + len(kept)] = kept
        tail = np.concatenate([tail, block[-2:]])[-2:]
        self._published = table, count + len(kept), tail

    @property
    def way(self) -> Way:
        """All that is kept."""
        table, count, tail = self._published
        rows = table[:count]
        last = rows[-1, _STEP] if count else -1.0
        ahead = tail[tail[:, _STEP] > last]
        if len(ahead):
            rows = np.concatenate([rows, ahead])
        return Way(rows[:, _STEP], rows[:, _EVALUATIONS], rows[:, _COST], rows[:, _WEIGHTS:])

    def up_to(self, evaluations: float) -> Way:
        """Return what was kept within so many gradient evaluations; the start always is."""
        way = self.way
        rows = max(1, int(np.searchsorted(way.evaluations, evaluations, side="right")))
        return Way(way.steps[:rows], way.evaluations[:rows], way.costs[:rows], way.weights[:rows])

    def evaluations_at(self, step: int) -> float:
        """Return after how many evaluations a step was made, or the last one before it that is kept."""
        way = self.way
        return float(way.evaluations[max(0, int(np.searchsorted(way.steps, step, side="right")) - 1)])
