"""Tensors as a program prints them whose default precision is that of the run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from gdstudio.core.problems.problem import DType
    from gdstudio.core.typing import Floats

_DOUBLE = re.compile(
    r",\s+dtype=torch\.float64(?=\))|(?<=,) dtype=torch\.float64,|(?<=\s)dtype=torch\.float64, "
)
"""The precision at the end of what is written, among other words on its line, or at a line's beginning."""


def tensor(values: Floats, dtype: DType) -> torch.Tensor:
    """Return numbers as a tensor of the run's precision."""
    import torch

    return torch.from_numpy(values).to(getattr(torch, dtype))


def as_printed(value: torch.Tensor, dtype: DType) -> str:
    """Return what ``print`` writes of a tensor: a float64 one says so, unless that is the default."""
    if dtype != "float64":
        return str(value)
    return _DOUBLE.sub("", str(value))
