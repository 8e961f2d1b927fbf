"""The hyperparameters that problems on drawn rows share, each declared once."""

from __future__ import annotations

from typing import Any

from gdstudio.core.hyperparameter import hyperparameter


def training_rows(most: int) -> Any:
    """Declare the number of training rows, at most ``most``."""
    return hyperparameter(
        1000,
        title="Training rows",
        symbol="n",
        help="How many rows the data have",
        scale="log",
        ge=1,
        le=most,
    )


def test_rows(most: int) -> Any:
    """Declare the number of rows that are never trained on, at most ``most``."""
    return hyperparameter(
        1000,
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
