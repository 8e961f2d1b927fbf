"""The weights of a run: the parameters of a module, laid out in one flat vector."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

    from gdstudio.core.typing import Floats


class FlatWeights:
    """One vector (P,) whose parts are the parameters of a module, and the parameters themselves.

    The parameters are views into the vector, so that a change of either is a change of both. After every
    step the weights are kept: from one vector that is a single copy, however many layers there are.

    Parameters
    ----------
    module
        The module whose parameters are laid out; they become those of the run.
    values
        The weights to begin with, shape (P,), in the order of the parameters.
    device, dtype
        Where they are, and in which precision.
    """

    def __init__(
        self, module: nn.Module, values: Floats, device: torch.device | str, dtype: torch.dtype
    ) -> None:
        self.parameters = list(module.to(device, dtype).parameters())
        self.vector = torch.from_numpy(values).to(device, dtype).clone()
        begin = 0
        for parameter in self.parameters:
            parameter.data = self.vector[begin : begin + parameter.numel()].view_as(parameter)
            begin += parameter.numel()

    def numpy(self) -> Floats:
        """Return a copy of the weights now, shape (P,), in float64."""
        return self.vector.cpu().numpy().astype(np.float64)

    def set(self, values: Floats) -> None:
        """Change the weights to other values (P,)."""
        self.vector.copy_(torch.from_numpy(values))

    @contextmanager
    def preserved(self) -> Iterator[None]:
        """Put the weights of now back at the end of a ``with`` block that sets others."""
        latest = self.vector.clone()
        try:
            yield
        finally:
            self.vector.copy_(latest)
