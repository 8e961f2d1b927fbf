"""Where a run begins: the weights before the first step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.seeds import generator

if TYPE_CHECKING:
    from gdstudio.core.experiment import Experiment
    from gdstudio.core.problems import Problem
    from gdstudio.core.typing import Floats


def needs_torch(experiment: Experiment) -> bool:
    """Whether the data or the first weights are drawn, by torch's generators."""
    return experiment.problem.needs_torch or experiment.run.initial_weights is None


def initial_weights(experiment: Experiment, problem: Problem) -> Floats:
    """Return the weights before the first step, shape (P,): given, or N(0, std) with biases at 0."""
    run = experiment.run
    if run.initial_weights is not None:
        return np.array(run.initial_weights)
    import torch

    drawn = len(problem.weight_names) - problem.bias_count
    stream = generator(run.seed, "weights")
    normal = torch.randn(drawn, generator=stream, dtype=torch.float64) * run.initial_std
    return np.concatenate([normal.numpy(), np.zeros(problem.bias_count)])
