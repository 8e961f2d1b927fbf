"""Lets a run stop between the phases of a step, and publishes what each phase has made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdstudio.core.training.phases import MOST_ROWS, PhaseFact
from gdstudio.core.training.tensors import floats, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from gdstudio.core.listing import PhaseName
    from gdstudio.core.training.phases import PhaseLog
    from gdstudio.core.training.run_control import RunControl
    from gdstudio.core.typing import Floats


class PhaseStops:
    """Lets those steps of a run stop between their phases for which its control asks.

    Parameters
    ----------
    control
        The control of the run, at which a step waits between its phases.
    log
        Where the facts of each phase are published.
    """

    def __init__(self, control: RunControl, log: PhaseLog) -> None:
        self._control, self._log = control, log

    @property
    def are_wanted(self) -> bool:
        """Whether the step that begins now is to be made phase by phase."""
        return self._control.is_by_phase

    def of_step(self, step: int, learning_rate: float, weights: Floats) -> PhasedStep:
        """Return the stops of step ``step``, which is made from weights (P,)."""
        return PhasedStep(self._control, self._log, step, learning_rate, weights)


class PhasedStep:
    """A `PhaseListener` of one step, which waits at the control after each phase but the last.

    Once the control lets it go on at full speed (by steps, resume or stop), the rest of the step is made
    without a stop, and nothing more of it is published.
    """

    def __init__(
        self, control: RunControl, log: PhaseLog, step: int, learning_rate: float, weights: Floats
    ) -> None:
        self._control, self._log = control, log
        self._known: dict[str, Any] = {"step": step, "learning_rate": learning_rate, "weights": weights}
        self._stops = control.take_phase()

    def batch(self, X: torch.Tensor, y: torch.Tensor) -> None:
        """Publish the rows of the step, and wait."""
        self._made("batch", rows=len(X), X=floats(X[:MOST_ROWS]), y=floats(y[:MOST_ROWS, 0]))
        self._wait()

    def forward(self, h: torch.Tensor) -> None:
        """Publish the predictions, and wait; without rows, h is the cost itself, and no prediction."""
        h = h if h.dim() == 2 and h.shape[1] > 1 else h.reshape(-1)
        self._made("forward", predictions=floats(h[: len(self._known["y"])]))
        self._wait()

    def loss(self, cost: torch.Tensor) -> None:
        """Publish the cost, and wait."""
        self._made("loss", cost=float(cost.detach()))
        self._wait()

    def zero_grad(self, leftover: Sequence[torch.Tensor]) -> None:
        """Publish the gradients left over from earlier steps, none where they are zero, and wait."""
        self._made("zero_grad", gradient=joined(leftover) if leftover else None)
        self._wait()

    def backward(self, gradients: Sequence[torch.Tensor], *, is_last: bool) -> None:
        """Publish the gradients; wait where an update follows."""
        self._made("backward", gradient=joined(gradients))
        if not is_last:
            self._wait()

    def update(self, weights: torch.Tensor) -> None:
        """Publish the weights after the step."""
        self._made("update", weights_after=floats(weights))

    def _made(self, phase: PhaseName, **made: object) -> None:
        self._known.update(made)
        if self._stops:
            self._log.publish(PhaseFact(phase=phase, **self._known))

    def _wait(self) -> None:
        self._stops = self._stops and self._control.take_phase()
