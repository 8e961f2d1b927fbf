"""Tensors whose rows begin at aligned memory addresses, as those of a new tensor do.

Some matrix kernels add up in another order where their operand begins at any other address. A mere view into
a larger tensor can then give another last digit than a tensor of its own, and a run would no longer have the
numbers of the readable PyTorch loop that it is shown as.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_ALIGNED_NUMBERS = 16
"""A row that begins at a multiple of so many numbers begins at a multiple of 64 bytes (of 4 bytes each)."""


def aligned_batches(X: torch.Tensor, size: int) -> list[torch.Tensor]:
    """Return copies of the batches of ``size`` rows of X (n, d), each at an aligned address.

    The last batch has the rows that are left, as ``torch.split(X, size)`` has it.
    """
    import torch

    whole, features = len(X) // size, X.shape[1]
    used = size * features
    buffer = torch.empty(whole, _aligned(used), dtype=X.dtype, device=X.device)[:, :used]
    buffer.copy_(X[: whole * size].reshape(whole, used))
    batches = list(buffer.view(whole, size, features).unbind())
    if whole * size < len(X):
        batches.append(X[whole * size :].clone())
    return batches


def empty_track(steps: int, like: torch.Tensor) -> torch.Tensor:
    """Return an uninitialised tensor for the weights before and after so many steps, shape (steps + 1, P).

    Its rows begin at aligned addresses; ``like`` are weights (P,) of its type and device.
    """
    import torch

    width = _aligned(len(like))
    return torch.empty(steps + 1, width, dtype=like.dtype, device=like.device)[:, : len(like)]


def _aligned(count: int) -> int:
    """Return the least multiple of the alignment that holds so many numbers."""
    return -(-count // _ALIGNED_NUMBERS) * _ALIGNED_NUMBERS
