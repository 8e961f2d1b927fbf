"""Chooses a faster way to make steps than autograd, where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.training.fast.cuda_graphs import recorder
from gdstudio.core.training.fast.recorded_descent import RecordedDescent
from gdstudio.core.training.fast.written_out import WrittenOutDescent

if TYPE_CHECKING:
    import torch

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.optimizers import Optimizer
    from gdstudio.core.training.descent import Descent


def fast_descent(problem: Problem, optimizer: Optimizer, weights: torch.Tensor) -> Descent | None:
    """Return a descent that is faster than autograd's, on the flat weights (P,) of a run.

    The steps are recorded where the device of the weights can record, else written out. None where they
    cannot be written out: that is known only of layers, losses whose derivative is written out, and an
    optimizer without a memory.
    """
    form = problem.fast_form
    if form is None or optimizer.has_memory:
        return None
    record, decay = recorder(weights.device), optimizer.decay
    if record is None:
        return WrittenOutDescent(form, weights, decay)
    return RecordedDescent(form, weights, record, decay)
