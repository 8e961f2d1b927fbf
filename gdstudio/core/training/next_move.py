"""The move that the next step of a run will make, for the arrow and the formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.settings.rates import rate_after

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats


def next_move(snapshot: Snapshot, experiment: Experiment, problem: Problem) -> Floats | None:
    """Return the move (P,) that the next step makes from the snapshot's latest weights, at the rate now.

    None where it is not known: with mini-batches, which are yet to be drawn, with a mistake that changes the
    gradient, and where a snapshot is without the state of an optimizer that has one.
    """
    if not can_foretell(snapshot, experiment, problem):
        return None
    here, run = snapshot.latest, experiment.run
    gradient = problem.gradient_at(here)
    rate = rate_after(experiment, snapshot.step)
    return run.optimizer.foretell(here, gradient, rate, snapshot.optimizer_state, problem)


def can_foretell(snapshot: Snapshot, experiment: Experiment, problem: Problem) -> bool:
    """Whether the next step follows from what is known now."""
    if not (experiment.is_full_batch and problem.next_step_is_known):
        return False
    return (
        not experiment.run.optimizer.has_memory or snapshot.step == 0 or snapshot.optimizer_state is not None
    )
