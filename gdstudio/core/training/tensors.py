"""Tensors of a run as numpy arrays in float64, which is how a history keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.typing import Floats


def floats(tensor: torch.Tensor) -> Floats:
    """Return a copy of a tensor, of the same shape."""
    return tensor.detach().cpu().numpy().astype(np.float64)


def stacked(scalars: Sequence[torch.Tensor]) -> Floats:
    """Return scalar tensors as one array (m,); m may be 0."""
    if not scalars:
        return np.empty(0)
    with torch.no_grad():
        return floats(torch.stack(list(scalars)))


def joined(parts: Sequence[torch.Tensor]) -> Floats:
    """Return tensors of any shapes, flattened and put one after another, as one array (P,)."""
    return floats(torch.cat([part.reshape(-1) for part in parts]))
