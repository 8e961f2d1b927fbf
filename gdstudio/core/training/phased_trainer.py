"""A trainer whose steps can be made phase by phase, with a rest between them and the same numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from typing_extensions import override

from gdstudio.core.training.phases import MOST_ROWS, PhaseFact
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.listing import PhaseName
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.phases import PhaseLog
    from gdstudio.core.training.run_control import RunControl
    from gdstudio.core.typing import Floats


class PhasedTrainer(Trainer):
    """Asks its control, once for each call of `advance`, whether this step is to be made phase by phase.

    A learning rate that is changed in the middle of a step acts on the next one. The gradient and the cost
    of a step are the same torch calls as at full speed, made one by one.
    """

    def __init__(
        self,
        experiment: Experiment,
        problem: Problem,
        device: torch.device | str = "cpu",
        *,
        control: RunControl,
        log: PhaseLog,
    ) -> None:
        super().__init__(experiment, problem, device)
        self._control, self._log = control, log

    @override
    def _descend(
        self, batches: Sequence[tuple[torch.Tensor, torch.Tensor]], track: torch.Tensor
    ) -> tuple[list[torch.Tensor], Sequence[torch.Tensor] | None]:
        if not self._control.is_by_phase:
            return super()._descend(batches, track)
        return self._descend_by_phase(*batches[0], track)

    def _descend_by_phase(
        self, X: torch.Tensor, y: torch.Tensor, track: torch.Tensor
    ) -> tuple[list[torch.Tensor], Sequence[torch.Tensor] | None]:
        """Make one step of `_descend`, resting before each of its phases."""
        told = _Telling(self._control, self._log, self._begun(X, y))
        told.tell("batch")
        told.rest()
        h = self._forward(self._parameters, X)
        told.tell("forward", predictions=_floats(h[:MOST_ROWS]))
        told.rest()
        value = self._cost(h, y)
        told.tell("loss", cost=float(value.detach()))
        told.rest()
        left = self._leftover
        told.tell("zero_grad", gradient=_joined(left) if left else None)
        told.rest()
        gradients = torch.autograd.grad(value, self._parameters)
        converged = self._full_batch and self._rules.watches and self._converged(value, gradients, 0)
        if self._gradient_rule is not None and not converged:
            gradients = self._gradient_rule(gradients, X, y)
        told.tell("backward", gradient=_joined(gradients))
        if converged:
            return [], None
        told.rest()
        if self._layers is not None:
            self._layers.forget()
        self._move.function()(gradients)
        track[-1].copy_(self._flat)
        told.tell("update", weights_after=self.weights)
        return [value], gradients

    def _begun(self, X: torch.Tensor, y: torch.Tensor) -> dict[str, Any]:
        return {
            "step": self.step + 1,
            "learning_rate": self.learning_rate,
            "weights": self.weights,
            "rows": len(X),
            "X": _floats(X[:MOST_ROWS]).reshape(-1, X.shape[1]),
            "y": _floats(y[:MOST_ROWS]),
        }


class _Telling:
    """One step under way: what it has made, and whether it still rests between its phases."""

    def __init__(self, control: RunControl, log: PhaseLog, begun: dict[str, Any]) -> None:
        self._control, self._log, self._made = control, log, begun
        self._rests = control.take_phase()

    def tell(self, phase: PhaseName, **made: object) -> None:
        self._made.update(made)
        if self._rests:
            self._log.publish(PhaseFact(phase=phase, **self._made))

    def rest(self) -> None:
        self._rests = self._rests and self._control.take_phase()


def _floats(values: torch.Tensor) -> Floats:
    return values.detach().cpu().numpy().astype(np.float64).ravel()


def _joined(gradients: Sequence[torch.Tensor]) -> Floats:
    return np.concatenate([_floats(g) for g in gradients])
