"""Finds where each run of a batch ends: at its last finite state, or where a stop rule ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.stopping import is_small

if TYPE_CHECKING:
    from gdstudio.core.settings.run_settings import RunSettings
    from gdstudio.core.typing import Floats


class Stretch(NamedTuple):
    """Consecutive steps of R runs, the state before the first of them included.

    ``costs`` (m + 1, R) and ``weights`` (m + 1, R, P) are those after each step, ``sizes`` (m, R) the sizes
    of the gradients that the steps were made along, NaN where no rule asks for them; ``first`` is the number
    of steps made before, and ``cost_before`` (R,) the cost one step before that, NaN where there is none.
    """

    first: int
    costs: Floats
    weights: Floats
    sizes: Floats
    cost_before: Floats


class Verdicts(NamedTuple):
    """What a stretch has done to R runs: the row at which each has ended, and why.

    Where ``rows`` (R,) is -1 the run goes on; where ``reasons`` has None too.
    """

    rows: np.ndarray
    reasons: list[FinishReason | None]


def judge(run: RunSettings, stretch: Stretch) -> Verdicts:
    """Say which runs end in a stretch: as the trainer does, which looks at each state in its order.

    The rules look at the weights before each step (`gdstudio.core.training.stop_rules`); what is not finite
    ends a run at the state before it, or at once where the very start is not finite.
    """
    count = stretch.costs.shape[1]
    broken = _first(~(np.isfinite(stretch.costs) & np.isfinite(stretch.weights).all(axis=2)))
    small_gradient, small_change = _met(run, stretch)
    met = _first(small_gradient | small_change)
    rows = np.full(count, -1)
    reasons: list[FinishReason | None] = [None] * count
    for j in np.flatnonzero((broken >= 0) | (met >= 0)).tolist():
        at = int(met[j])
        if at < 0 or 0 <= broken[j] <= at:
            rows[j], reasons[j] = max(int(broken[j]) - 1, 0), FinishReason.DIVERGED
            continue
        tolerance = run.cost_tolerance
        is_near = small_gradient[at, j] or (
            tolerance is not None and is_small(float(stretch.sizes[at, j]), tolerance)
        )
        rows[j], reasons[j] = at, FinishReason.CONVERGED if is_near else FinishReason.COMPLETED
    return Verdicts(rows, reasons)


def _met(run: RunSettings, stretch: Stretch) -> tuple[np.ndarray, np.ndarray]:
    """Return where the two rules are met, each as truth values (m, R); a NaN meets none."""
    costs, before = stretch.costs[:-1], np.concatenate([stretch.cost_before[None], stretch.costs[:-2]])
    none = np.zeros(costs.shape, dtype=bool)
    by_gradient = none if run.gradient_tolerance is None else stretch.sizes < run.gradient_tolerance
    if run.cost_tolerance is None:
        return by_gradient, none
    with np.errstate(invalid="ignore"):  # infinite less infinite
        return by_gradient, np.abs(costs - before) < run.cost_tolerance


def _first(marks: np.ndarray) -> np.ndarray:
    """Return the first row that is marked in each column, -1 where none is."""
    return np.where(marks.any(axis=0), marks.argmax(axis=0), -1)
