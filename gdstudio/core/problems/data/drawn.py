"""Rows that are drawn from a seed: the hyperparameters that such problems share, each declared once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.problems.data.source import DATA_STREAM, DataSource, labels, script

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import Lines, TextStyle
    from gdstudio.core.problems.dataset import Dataset


class DrawnRows(DataSource):
    """Training rows first, then test rows, from the seed's data stream.

    Parameters
    ----------
    rows, test_rows
        How many of each.
    """

    note = "The rows are drawn in float64 from a seed of their own."

    def __init__(self, rows: int, test_rows: int) -> None:
        self._rows, self._test_rows = rows, test_rows

    @property
    @override
    def is_drawn(self) -> bool:
        return True

    @property
    @override
    def row_count(self) -> int:
        return self._rows

    @property
    @override
    def test_row_count(self) -> int:
        return self._test_rows

    def draw_rows(self, count: int, stream: torch.Generator) -> Dataset:
        """Return so many rows, drawn in float64 whatever the run computes in."""
        raise NotImplementedError

    def row_lines(self, style: TextStyle) -> tuple[str, tuple[str, ...]]:
        """Return what the rows are, in words, and the lines that draw ``count`` rows ``X`` and ``y``."""
        raise NotImplementedError

    def constant_lines(self, style: TextStyle) -> tuple[str, ...]:
        """Return lines that name what the rows are drawn with."""
        return ()

    @override
    def draw(self, seed: int) -> tuple[Dataset, Dataset | None]:
        from gdstudio.core.seeds import generator

        stream = generator(seed, "data")
        train = self.draw_rows(self._rows, stream)
        return train, self.draw_rows(self._test_rows, stream) if self._test_rows else None

    @override
    def lines(self, style: TextStyle) -> Lines:
        words, drawn = self.row_lines(style)
        column = f"y.reshape(-1, 1){style.casts}{style.moves}"
        test = [f"X_test, y_test = synthetic_data({self._test_rows})"] if self._test_rows else []
        return (
            *script(*self.constant_lines(style), f"data_stream = {DATA_STREAM}", "", ""),
            *script("def synthetic_data(count):", f'    """{words}"""', *(f"    {line}" for line in drawn)),
            *labels(f"    return X{style.casts}{style.moves}, {column}"),
            *script("", "", f"X, y = synthetic_data({self._rows})", *test),
        )


def training_rows(most: int, default: int = 1000) -> Any:
    """Declare the number of training rows, at most ``most``."""
    return hyperparameter(
        default,
        title="Training rows",
        symbol="n",
        help="How many rows the data have",
        scale="log",
        ge=1,
        le=most,
    )


def test_rows(most: int, default: int = 1000) -> Any:  # noqa: PT028 - no test
    """Declare the number of rows that are never trained on, at most ``most``."""
    return hyperparameter(
        default,
        title="Test rows",
        help="How many further rows are kept apart, never trained on; 0 for none",
        scale="log",
        ge=0,
        le=most,
    )


def label_noise(default: float) -> Any:
    """Declare the standard deviation of the labels' noise."""
    return hyperparameter(
        default,
        title="Noise",
        symbol="σ",
        help="Standard deviation of the noise added to the labels",
        scale="log",
        ge=0,
        le=1e6,
    )
