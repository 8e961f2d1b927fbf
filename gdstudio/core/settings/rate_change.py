"""Changes of the learning rate during a run, as a file holds them: ``[[run.change]]``."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pydantic import Field

from gdstudio.core.hyperparameter import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_CHANGES = 10_000
"""So many changes can be kept in a file: more than hours of dragging make."""


class RateChange(Settings):
    """One change: the steps after ``step`` are made with ``learning_rate``."""

    step: int = Field(ge=1, le=10**12)
    learning_rate: float = Field(gt=0)


def check_order(changes: Iterable[RateChange]) -> None:
    """Raise ValueError where a change does not come after the one before it."""
    for before, after in pairwise(changes):
        if after.step <= before.step:
            raise ValueError(f"step {after.step} does not come after step {before.step}; order them by step")
