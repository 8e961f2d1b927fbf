"""Which step the formula line writes out, and how much of it is known. No Qt here.

The step just made, with the run's own numbers; under way phase by phase, as far as it has come; before the
first step, the one to come where it follows from what is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.settings.optimizers.optimizer import memory_of
from gdstudio.core.settings.rates import rate_after
from gdstudio.core.training.next_move import can_foretell

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.settings.optimizers.optimizer import Memory
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True, eq=False)
class ShownStep:
    """Step ``number`` from the weights ``before`` (P,) at a rate; what is not known yet is None.

    ``gradient`` (P,) is what the optimizer is given, ``memory`` what it remembers after the step, ``after``
    (P,) the weights then. ``cost`` is that of the step's rows, where the step is made phase by phase.
    """

    number: int
    rate: float
    before: Floats
    gradient: Floats | None = None
    memory: Memory | None = None
    after: Floats | None = None
    cost: float | None = None
    is_by_phase: bool = False

    @property
    def is_known(self) -> bool:
        """Whether there is a step to write out, and not only the weights that it will start from."""
        return self.is_by_phase or self.gradient is not None

    @property
    def is_first_of_all(self) -> bool:
        """Whether the weights before it are those that the user gave: exact ones are written plain."""
        return self.number == 1


def shown_step(snapshot: Snapshot, experiment: Experiment, problem: Problem) -> ShownStep:
    """Return the step to write out of a run as it stands."""
    if snapshot.phase is not None:
        return _by_phase(snapshot.phase, snapshot)
    before, gradient, rate = snapshot.came_from, snapshot.gradient, snapshot.learning_rate
    if before is not None and gradient is not None and rate is not None:
        memory = _memory(snapshot, experiment, gradient)
        return ShownStep(snapshot.step, rate, before, gradient, memory, snapshot.latest)
    if snapshot.step == 0 and can_foretell(snapshot, experiment, problem):
        return _foretold(snapshot.latest, experiment, problem)
    return ShownStep(snapshot.step + 1, rate_after(experiment, snapshot.step), snapshot.latest)


def _memory(snapshot: Snapshot, experiment: Experiment, gradient: Floats) -> Memory | None:
    if experiment.run.optimizer.is_plain:
        return experiment.run.optimizer.remembered(gradient, None)
    return memory_of(snapshot.optimizer_state)


def _by_phase(fact: PhaseFact, snapshot: Snapshot) -> ShownStep:
    # What a mistake left over is in .grad before the backward pass; it is not the gradient of this step.
    gradient = fact.gradient if fact.has_made("backward") else None
    is_made = snapshot.step == fact.step
    memory = memory_of(snapshot.optimizer_state) if is_made else None
    return ShownStep(
        fact.step, fact.learning_rate, fact.weights, gradient, memory, fact.weights_after, fact.cost, True
    )


def _foretold(start: Floats, experiment: Experiment, problem: Problem) -> ShownStep:
    optimizer, rate = experiment.run.optimizer, rate_after(experiment, 0)
    gradient = problem.gradient_at(start)
    memory = optimizer.remembered(gradient, None)
    after = start + optimizer.foretell(start, gradient, rate, problem=problem)
    return ShownStep(1, rate, start, gradient, memory, after)
