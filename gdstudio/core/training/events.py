"""What a run says of itself: small frozen facts, each marked with the run it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.typing import Floats


class RunState(StrEnum):
    """Where a run is: idle -> running <-> paused -> stopping -> idle."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"


class FinishReason(StrEnum):
    """Why a run ended.

    Completed: as its settings say, by the number of steps or by a cost that changes little while its gradient
    is not small. Converged: the gradient is small. Diverged: a number is no longer finite. Stopped: by a
    command. Failed: it broke.
    """

    COMPLETED = "completed"
    CONVERGED = "converged"
    DIVERGED = "diverged"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run has begun."""

    run_id: int
    experiment: Experiment
    device: str
    total_steps: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; told at most ten times a second."""

    run_id: int
    step: int
    epoch: int
    cost: float
    steps_per_second: float


@dataclass(frozen=True, slots=True)
class Failure:
    """A run broke: what happened in one line, and the traceback for whoever mends it."""

    run_id: int
    message: str
    detail: str


@dataclass(frozen=True, slots=True, eq=False)
class RunResult:
    """How a run ended. ``weights`` (P,) and ``cost`` are those of the last finite state, at ``step``.

    ``cost`` is the full training cost, whatever the batches were; ``sentence`` says the reason in words, and
    what is true of the run; ``is_rise`` says that a run which went to its end has a higher cost than at its
    start.
    """

    run_id: int
    reason: FinishReason
    sentence: str
    step: int
    epoch: int
    cost: float
    weights: Floats
    seconds: float
    is_rise: bool = False

    @property
    def has_ended_itself(self) -> bool:
        """Whether it ended as its program does: neither by a command nor because it broke."""
        return self.reason not in {FinishReason.STOPPED, FinishReason.FAILED}

    @property
    def steps_per_second(self) -> float:
        """The mean speed."""
        return self.step / self.seconds if self.seconds > 0 else 0.0
