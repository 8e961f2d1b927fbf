"""What the units of a network make of every place of the plane, as small images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

from gdstudio.core.problems.losses.loss import softmax
from gdstudio.views.plotting.colour_ramp import rgb

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.typing import Floats
    from gdstudio.views.widgets.theme import Theme

CELLS = 24
"""Cells of a small map along each side."""
_DEPTH = 0.85
_SHADES = 255
_PAD = 0.08
_ALPHA = 0xFF000000


class UnitMaps:
    """Asks the units of a problem for their values over the square around its rows."""

    def __init__(self) -> None:
        self._X: Floats = np.zeros((0, 2))
        self._shades = np.zeros(_SHADES + 1, dtype=np.uint32)

    def begin(self, problem: Problem) -> None:
        """Lay the grid around other rows; the first cell is at the left and at the top."""
        low, high = problem.rows.X.min(axis=0), problem.rows.X.max(axis=0)
        half = (0.5 + _PAD) * max(float((high - low).max()), 1e-9)
        middle, along = (low + high) / 2, np.linspace(-half, half, CELLS)
        across, up = np.meshgrid(middle[0] + along, middle[1] - along)
        self._X = np.column_stack([across.ravel(), up.ravel()])

    def values(self, problem: Problem, weights: Floats) -> list[Floats]:
        """Return the maps (units, cells, cells) of inputs, of each hidden layer, and of what is predicted.

        They are from -1 to 1: inputs, ReLU and linear units by their largest value there, a sigmoid and a
        probability by how far they are from one half.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            *inner, outputs = problem.unit_values(weights, self._X)
            first, *hidden = inner
            units = problem.layers.activation if problem.layers is not None else "linear"
            made = [
                _scaled(first),
                *(_shown(values, units) for values in hidden),
                _predicted(problem, outputs),
            ]
        return [np.nan_to_num(part).T.reshape(-1, CELLS, CELLS) for part in made]

    def images(self, values: list[Floats]) -> list[list[QImage]]:
        """Return the same as images in the theme's colours."""
        return [[self._image(one) for one in self._coloured(part)] for part in values]

    def restyle(self, theme: Theme) -> None:
        """Take the theme's colours: negative, the card's for 0, positive."""
        least, none, most = (rgb(name) for name in (theme.negative, theme.card, theme.prediction))
        part = np.linspace(-1, 1, _SHADES + 1)[:, None]
        shades = none + _DEPTH * np.abs(part) * (np.where(part < 0, least, most) - none)
        red, green, blue = shades.round().astype(np.uint32).T
        self._shades = _ALPHA | (red << 16) | (green << 8) | blue

    def _coloured(self, values: Floats) -> np.ndarray:
        places = np.clip((values + 1) * (_SHADES / 2), 0, _SHADES).astype(np.intp)
        return np.ascontiguousarray(self._shades[places])

    @staticmethod
    def _image(pixels: np.ndarray) -> QImage:
        return QImage(pixels.data, CELLS, CELLS, 4 * CELLS, QImage.Format.Format_RGB32).copy()


def _scaled(values: Floats) -> Floats:
    largest = np.abs(values).max(axis=0)
    return values / np.where(largest > 0, largest, 1.0)


def _shown(values: Floats, activation: str) -> Floats:
    if activation == "tanh":
        return values
    return 2 * values - 1 if activation == "sigmoid" else _scaled(values)


def _predicted(problem: Problem, outputs: Floats) -> Floats:
    """Return what is made of the outputs (n, k): probabilities about one half, numbers by the largest."""
    if outputs.shape[1] > 1:
        return 2 * softmax(outputs) - 1
    return _scaled(outputs) if problem.output_name == "h" else 2 * problem.predicted(outputs) - 1
