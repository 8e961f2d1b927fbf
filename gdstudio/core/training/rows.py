"""What steps leave behind: rows for whoever listens, and states to go on from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from gdstudio.core.training.batches import BatchPosition
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
    """What consecutive steps did: step k's cost and weights, shapes (m,), (m,) and (m, P).

    The cost is the full cost at the row's weights in a full-batch run, and what the step's own batch
    cost before the update in any other. ``gradient`` (P,) is the one that made the last row's move,
    ``came_from`` (P,) the weights it was taken at, ``learning_rate`` the rate of
    that move; all None where no step was made.
    """

    steps: Floats
    epochs: Floats
    costs: Floats
    weights: Floats
    gradient: Floats | None = None
    came_from: Floats | None = None
    learning_rate: float | None = None
    epoch_rows: list[EpochRow] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """All that a trainer needs to go on from a step exactly as it did the first time."""

    step: int
    weights: torch.Tensor
    optimizer: dict[str, Any]
    batches: BatchPosition
    last_cost: float
    learning_rate: float
    leftover: tuple[torch.Tensor, ...] = ()
