"""The weights of a run before its first step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.seeds import generator

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.typing import Floats


def needs_torch(experiment: Experiment) -> bool:
    """Whether the start needs torch: for data or weights that it draws, and for its 32-bit arithmetic."""
    run = experiment.run
    return experiment.problem.needs_torch or run.initial_weights is None or run.dtype == "float32"


def initial_weights(experiment: Experiment, problem: Problem) -> Floats:
    """Return the weights before the first step, shape (P,): given, or drawn from the seed's own stream."""
    run = experiment.run
    if run.initial_weights is not None:
        return np.array(run.initial_weights)
    return problem.draw_weights(generator(run.seed, "weights"), run.initial_std)
