"""Which minimum each start reaches: a run a start, all of them trained as one batch."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.settings.rates import shortened
from gdstudio.core.sweep.batch import START, train_batch, why_no_batch
from gdstudio.core.training.threads import use_one_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.problem import Batched
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.sweep.ends import Ends
    from gdstudio.core.typing import Floats

MOST_STEPS = 2000
"""So many steps of a run are made at most."""
MOST_MINIMA = 60
"""So many minima are told apart, those that most starts reach; the others are `ELSEWHERE`."""
ELSEWHERE, DIVERGED, UNSETTLED = -3, -2, -1
_NEAR, _CAPTURE, _STILL, _DIFFERENCE = 0.02, 0.1, 1e-3, 2e-5
"""In parts of the picture's half width: how near two minima are one, how far from it an end counts as at its
minimum, what is no move any more, and the step of the differences."""
_NEWTON_STEPS = 20
_MOST_TRIED = 400
"""So many groups of ends are made at most."""
_FLAT = 1e-6
"""A curvature of so small a part of the largest is none: a flat valley has no single minimum."""


@dataclass(frozen=True, slots=True, eq=False)
class Basins:
    """Where runs from ``starts`` (R, P) have ended after ``steps`` steps.

    ``basin`` (R,) is for each the place of its minimum in ``minima`` (k, P), which are in the order of their
    weights; `ELSEWHERE` where it is at one that is not among them, `DIVERGED` where it came to a number
    that is not finite, and `UNSETTLED` where it is at no minimum. ``seconds`` is the time of the processor
    that they took.
    """

    starts: Floats
    ends: Floats
    basin: np.ndarray
    minima: Floats
    steps: int
    seconds: float


def why_no_basins(experiment: Experiment, problem: Problem) -> str:
    """Return why starts cannot be tried as a batch; empty where they can."""
    if len(problem.weight_names) > 2:
        return "it has more than two weights"
    return why_no_batch(experiment, problem, START)


def basins_of(
    experiment: Experiment,
    problem: Problem,
    starts: Floats,
    half_width: float,
    goes_on: Callable[[], bool] = lambda: True,
) -> Basins | None:
    """Train an experiment from each of the starts (R, P) with its first rate, never changed on the way.

    Parameters
    ----------
    experiment, problem
        What is trained and how; `why_no_basins` has no objection.
    starts
        Where the runs begin.
    half_width
        That of the picture: an end within a tenth of it counts as at its minimum.
    goes_on
        Asked now and then; the answer is None where it says no.
    """
    use_one_thread()  # beside whatever else trains; for so few numbers two are slower
    began = time.thread_time()
    alike = shortened(experiment.edited({"run.change": None}), MOST_STEPS)
    ends = train_batch(alike, problem, {START: starts}, goes_on)
    if ends is None:
        return None
    near = _NEAR * half_width
    minima, basin = _clusters(_floors(problem, ends, half_width), near)
    _add_ends_at(minima, _resting(alike, problem, ends, half_width), basin, near)
    basin[ends.diverged] = DIVERGED
    return Basins(starts, ends.weights, basin, minima, alike.total_steps, time.thread_time() - began)


def _floors(problem: Problem, ends: Ends, half_width: float) -> Floats:
    """Return the minimum (R, P) near each end, by Newton's steps from there; NaN where it is near none.

    It is near one where the cost curves upward on the whole way to it, which is short beside the picture.
    """
    of_all = problem.batched()
    floors = ends.weights.copy()
    moving: np.ndarray = np.logical_not(ends.diverged)
    with np.errstate(all="ignore"):
        for _ in range(_NEWTON_STEPS):
            at = np.flatnonzero(moving)
            moves, is_upward = _newton(of_all, floors[at], _DIFFERENCE * half_width)
            floors[at] += moves
            away = np.linalg.norm(floors[at] - ends.weights[at], axis=1)
            floors[at[~(is_upward & (away <= _CAPTURE * half_width))]] = np.nan
            moving[at] = np.linalg.norm(moves, axis=1) > _STILL * half_width
            moving &= np.isfinite(floors).all(axis=1)
            if not moving.any():
                break
    floors[ends.diverged | moving] = np.nan
    return floors


def _newton(of_all: Batched, weights: Floats, h: float) -> tuple[Floats, np.ndarray]:
    """Return the step of Newton (R, P) at each of the weights (R, P), and where (R,) the cost curves upward.

    Where it does not the step is NaN.
    """
    gradients, hessians = _gradients(of_all, weights), _hessians(of_all, weights, h)
    known = np.isfinite(gradients).all(axis=1) & np.isfinite(hessians).all(axis=(1, 2))
    trusted = np.zeros_like(hessians)
    trusted[known] = hessians[known]
    curvatures = np.linalg.eigvalsh(trusted)
    upward = known & (curvatures[:, 0] > _FLAT * np.abs(curvatures).max(axis=1))
    moves = np.full(weights.shape, np.nan)
    moves[upward] = np.linalg.solve(hessians[upward], -gradients[upward, :, None])[..., 0]
    return moves, upward


def _resting(experiment: Experiment, problem: Problem, ends: Ends, half_width: float) -> Floats:
    """Return the ends (R, P) whose next step would be none; NaN in the place of the others."""
    with np.errstate(all="ignore"):
        sizes = np.linalg.norm(_gradients(problem.batched(), ends.weights), axis=1)
    rests = experiment.run.learning_rate * sizes <= _STILL * half_width
    return np.where(rests[:, None], ends.weights, np.nan)


def _add_ends_at(minima: Floats, ends: Floats, basin: np.ndarray, near: float) -> None:
    """Count ends that rest at a minimum which others have led to: of no curvature, it is found by none."""
    for place, minimum in enumerate(minima):
        with np.errstate(invalid="ignore"):
            is_there = np.linalg.norm(ends - minimum, axis=1) <= near
        basin[(basin == UNSETTLED) & is_there] = place


def _gradients(of_all: Batched, weights: Floats) -> Floats:
    import torch

    found: Floats = of_all(torch.from_numpy(np.ascontiguousarray(weights)))[1].numpy()
    return found


def _hessians(of_all: Batched, weights: Floats, h: float) -> Floats:
    """Return the Hessian (R, P, P) at each of the weights (R, P), by central differences of the gradients."""
    count = weights.shape[1]
    columns = [
        (_gradients(of_all, weights + side) - _gradients(of_all, weights - side)) / (2 * h)
        for side in h * np.eye(count)
    ]
    found = np.stack(columns, axis=2)
    symmetric: Floats = (found + found.transpose(0, 2, 1)) / 2
    return symmetric


def _clusters(floors: Floats, near: float) -> tuple[Floats, np.ndarray]:
    """Return the minima (k, P) that rows of ``floors`` (R, P) lie at, and for each row which (R,)."""
    basin = np.full(len(floors), UNSETTLED)
    left: np.ndarray = np.logical_and.reduce(np.isfinite(floors), axis=1)
    basin[left] = ELSEWHERE
    found: list[tuple[Floats, np.ndarray]] = []
    while left.any() and len(found) < _MOST_TRIED:
        places = np.flatnonzero(left)
        with_first = np.linalg.norm(floors[places] - floors[places[0]], axis=1) <= near
        members = places[with_first]
        found.append((np.median(floors[members], axis=0), members))
        left[members] = False
    found.sort(key=lambda pair: -len(pair[1]))
    kept = sorted(found[:MOST_MINIMA], key=lambda pair: tuple(np.round(pair[0] / near).tolist()))
    for place, (_, members) in enumerate(kept):
        basin[members] = place
    return np.array([floor for floor, _ in kept]).reshape(-1, floors.shape[1]), basin
