"""The gradient that the code of a run steps along, mistakes included, at any weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from gdstudio.core.training.autograd_descent import AutogradDescent
from gdstudio.core.training.flat_weights import FlatWeights

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats


class CodeGradient:
    """Takes the gradient of a step as the run does: its own backward pass, and what a mistake makes of it.

    It is taken over all training rows, in float64.

    Parameters
    ----------
    experiment, problem
        What is trained and how; the problem with the mistake that is made.
    """

    def __init__(self, experiment: Experiment, problem: Problem) -> None:
        self._shapes = [parameter.shape for parameter in problem.module().parameters()]
        start = np.zeros(sum(shape.numel() for shape in self._shapes))
        weights = FlatWeights(problem.module(), start, "cpu", torch.float64)
        self._descent = AutogradDescent(problem, experiment.run, weights)
        self._rows = torch.from_numpy(problem.rows.X), torch.from_numpy(problem.rows.y)[:, None]

    def at(self, snapshot: Snapshot) -> Floats | None:
        """Return the gradient (P,) at the latest weights of a run.

        None where it is not known: a mistake keeps gradients from step to step, and those before this step
        are not there, since it was gone back to.
        """
        kept = snapshot.gradient
        leftover = () if kept is None else self._parts(kept)
        found = self._descent.last_gradients([self._rows], snapshot.latest[None], leftover)
        if self._descent.leftover and kept is None and snapshot.step > 0:
            return None
        return np.concatenate([part.detach().reshape(-1).numpy() for part in found])

    def _parts(self, gradient: Floats) -> tuple[torch.Tensor, ...]:
        """Cut a flat gradient (P,) into the shapes of the parameters."""
        parts = torch.split(torch.from_numpy(gradient.copy()), [shape.numel() for shape in self._shapes])
        return tuple(part.view(shape) for part, shape in zip(parts, self._shapes, strict=True))
