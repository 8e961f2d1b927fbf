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
    cannot be written out: that is known only of plain SGD on layers, and of squared residuals.
    """
    form = problem.fast_form
    if form is None or not optimizer.is_plain:
        return None
    record = recorder(weights.device)
    return WrittenOutDescent(form, weights) if record is None else RecordedDescent(form, weights, record)
