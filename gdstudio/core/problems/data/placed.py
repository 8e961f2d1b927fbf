"""Rows at places of the plane, told apart by their labels, with noise in the places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from gdstudio.core.hyperparameter import SliderRange, hyperparameter
from gdstudio.core.problems.data.drawn import DrawnRows
from gdstudio.core.problems.dataset import Dataset

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import TextStyle

FEATURES = 2
"""A place has two coordinates, x1 and x2."""


class PlacedRows(DrawnRows):
    """Labels 0, 1, ... in turn and a place for each, then noise * N(0, 1) on both coordinates, in float64.

    Parameters
    ----------
    noise
        How far points are moved from their places: a standard deviation.
    rows, test_rows
        How many of each.
    """

    words: ClassVar[str] = ""
    """What the places are, for the function that draws them."""

    def __init__(self, noise: float, rows: int, test_rows: int = 0) -> None:
        super().__init__(rows, test_rows)
        self._noise = noise

    @property
    @override
    def feature_count(self) -> int:
        return FEATURES

    @property
    def class_count(self) -> int:
        """How many labels there are."""
        return 2

    def places(self, y: torch.Tensor, stream: torch.Generator) -> torch.Tensor:
        """Return the places (n, 2) of labels (n,), in float64."""
        raise NotImplementedError

    def place_lines(self, style: TextStyle) -> tuple[str, ...]:
        """Return the same as lines that make ``X`` of ``y``."""
        raise NotImplementedError

    @override
    def draw_rows(self, count: int, stream: torch.Generator) -> Dataset:
        import torch

        y = torch.arange(count, dtype=torch.float64) % self.class_count
        X = self.places(y, stream)
        X = X + self._noise * torch.randn(count, FEATURES, generator=stream, dtype=torch.float64)
        return Dataset(X.numpy(), y.numpy())

    @override
    def row_lines(self, style: TextStyle) -> tuple[str, tuple[str, ...]]:
        return self.words, (
            f"y = torch.arange(count{style.draws or ', dtype=torch.float64'}) % {self.class_count}",
            *self.place_lines(style),
            f"X = X + {self._noise!r} * torch.randn(count, {FEATURES}, generator=data_stream{style.draws})",
        )


def place_noise(default: float) -> Any:
    """Declare how far points are moved from their places."""
    return hyperparameter(
        default,
        title="Noise",
        symbol="σ",
        help="How far each point is moved from its place: a standard deviation, for each of its coordinates",
        slider=SliderRange(0.0, 0.5, 0.01),
        ge=0,
        le=1e3,
    )
