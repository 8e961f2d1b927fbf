"""Which share of its rows a run predicts right, over the steps that are kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.problems.verdicts import are_right

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.dataset import Dataset
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats

MOST = 128
"""The shares of so many steps, or of half as many, are computed of a run; and of its latest one."""


class RightShares:
    """Computes each share once: where a run goes on, only those of its new steps."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._known: dict[bytes, tuple[float, float]] = {}

    def of(self, snapshot: Snapshot) -> tuple[Floats, Floats]:
        """Return steps (k,) and the shares (k, 2) of training and test rows; NaN where there are none."""
        spacing = snapshot.stride
        while snapshot.step > MOST * spacing:
            spacing *= 2
        kept = snapshot.steps % spacing == 0
        kept[-1] = True
        known, shares = {}, []
        for weights in snapshot.weights[kept]:
            key = weights.tobytes()
            known[key] = self._known.get(key) or self._shares(weights)
            shares.append(known[key])
        self._known = known
        return snapshot.steps[kept], np.array(shares)

    def _shares(self, weights: Floats) -> tuple[float, float]:
        held_out = self._problem.held_out
        test = float("nan") if held_out is None else self._share(held_out, weights)
        return self._share(self._problem.rows, weights), test

    def _share(self, rows: Dataset, weights: Floats) -> float:
        with np.errstate(over="ignore", invalid="ignore"):
            return float(are_right(rows.y, self._problem.predict(weights, rows.X)).mean())
