"""Row 0 of a run without a trainer: its first weights and their cost, in its own precision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.training.initial import initial_weights

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.typing import Floats


def first_row(experiment: Experiment, problem: Problem) -> tuple[float, Floats]:
    """Return the cost of the first weights, and the weights (P,), as the run has them after its start.

    In 64 bits that is the problem's own cost, which closed forms give without torch. In 32 bits the weights
    are rounded and every operation too: then they are computed by torch, as the trainer does it.
    """
    weights = initial_weights(experiment, problem)
    if experiment.run.dtype == "float64":
        return float(problem.cost_at(weights)), weights
    return _in_32_bits(problem, weights)


def _in_32_bits(problem: Problem, given: Floats) -> tuple[float, Floats]:
    import torch

    from gdstudio.core.training.evaluation import Evaluation
    from gdstudio.core.training.flat_weights import FlatWeights

    weights = FlatWeights(problem.module(), given, "cpu", torch.float32)
    forward, loss = problem.forward(), problem.loss()

    @torch.no_grad()
    def cost(X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return loss(forward(weights.parameters, X), y)

    return Evaluation(problem, weights, cost).train_cost(), weights.numpy()
