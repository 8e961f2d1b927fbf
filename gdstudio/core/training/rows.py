"""What a trainer returns: the rows of the steps that it has made, and checkpoints to continue from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch

    from gdstudio.core.training.batches import BatchPosition
    from gdstudio.core.training.course import Course
    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True)
class EpochRow:
    """The full training cost, and the test cost where there are test rows, after an epoch."""

    epoch: int
    step: int
    train_cost: float
    test_cost: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of m consecutive steps: ``steps``, ``epochs`` and ``costs`` (m,) and ``weights`` (m, P).

    The weights are those after the step. In a full-batch run the cost is the full cost at them, in any other
    what the step's own batch cost before the update. The last of the steps was made with ``gradient`` (P,),
    taken at the weights ``came_from`` (P,), and with ``learning_rate``; all three are None where no step was
    made. ``optimizer_state`` is what the optimizer remembers after it (`Move.flat_state`). ``epoch_rows`` are
    those of the epochs that ended with one of the steps. ``course`` is what is known of the run up to the
    last of the steps. ``evaluations`` (m,) counts the gradients that the run had asked for after each of the
    steps; None where each step asks for one, so that they are as many as the steps.
    """

    steps: Floats
    epochs: Floats
    costs: Floats
    weights: Floats
    gradient: Floats | None = None
    came_from: Floats | None = None
    learning_rate: float | None = None
    optimizer_state: Mapping[str, Any] | None = None
    epoch_rows: list[EpochRow] = field(default_factory=list)
    course: Course | None = None
    evaluations: Floats | None = None

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """The whole state of a trainer after a step, from which it makes the very same steps again.

    ``optimizer`` is what torch's optimizer remembers, ``last_cost`` the cost that the stop rules looked at
    last, ``course`` what is known of the run up to here, ``leftover`` the gradients that a mistake keeps from
    step to step. ``learning_rate`` is that of the run, ``scheduler`` is where its schedule is, if it has one.
    """

    step: int
    weights: torch.Tensor
    optimizer: dict[str, Any]
    batches: BatchPosition
    last_cost: float
    learning_rate: float
    course: Course
    leftover: tuple[torch.Tensor, ...] = ()
    scheduler: dict[str, Any] | None = None
