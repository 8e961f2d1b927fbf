"""What is drawn, measured from the picture itself: how wide a line is, and its contrast with its ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel


def luminance(rgb: Floats) -> Floats:
    """Return the relative luminance (WCAG 2) of colours (..., 3) from 0 to 255."""
    part = np.asarray(rgb, dtype=float) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ [0.2126, 0.7152, 0.0722])


def contrast(first: Floats, second: Floats) -> Floats:
    """Return the contrast of colours, 1 to 21."""
    a, b = luminance(first), luminance(second)
    return (np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05)


class Picture:
    """A grab of a panel's plot."""

    def __init__(self, panel: PlotPanel) -> None:
        self._panel = panel
        image = panel.view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        self._rgb = (
            pixels[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)[..., 2::-1].copy()
        )

    def across(self, place: tuple[float, float], way: tuple[float, float], reach: int = 12) -> Floats:
        """Return the colours (2 reach + 1, 3) along a line of pixels across a place of the plot.

        ``way`` is the direction on the screen, x to the right and y down.
        """
        scene = self._panel.plot.getViewBox().mapViewToScene(QPointF(*place))
        at = self._panel.view.mapFromScene(scene)
        unit = np.array(way) / np.hypot(*way)
        steps = np.arange(-reach, reach + 1)[:, None] * unit
        x, y = np.rint(np.array([at.x(), at.y()]) + steps).astype(int).T
        inside = (x >= 0) & (y >= 0) & (x < self._rgb.shape[1]) & (y < self._rgb.shape[0])
        return np.asarray(self._rgb[y[inside], x[inside]], dtype=float)

    def line(
        self, place: tuple[float, float], other: tuple[float, float], colour: str
    ) -> tuple[float, float]:
        """Return the width in pixels of a line of a colour across a place, and its contrast.

        ``other`` is another place on the line or its tangent. The contrast is with what it lies on: the
        pixels just beside it.
        """
        here, there = (self._panel.plot.getViewBox().mapViewToScene(QPointF(*p)) for p in (place, other))
        row = self.across(place, (there.y() - here.y(), here.x() - there.x()))
        ink = QColor(colour)
        wanted = np.array([ink.red(), ink.green(), ink.blue()], dtype=float)
        near = np.abs(row - wanted).sum(axis=1)
        middle = len(row) // 2 - 4 + int(np.argmin(near[len(row) // 2 - 4 : len(row) // 2 + 5]))
        under = row[[max(middle - 6, 0), min(middle + 6, len(row) - 1)]].mean(axis=0)
        share = 1 - np.abs(row - wanted).sum(axis=1) / max(np.abs(under - wanted).sum(), 1.0)
        width = float(np.clip(share[max(middle - 4, 0) : middle + 5], 0, 1).sum())
        beside = row[[max(middle - 4, 0), min(middle + 4, len(row) - 1)]]
        return width, float(contrast(row[middle], beside).min())
