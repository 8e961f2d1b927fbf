"""Symbols drawn as mathematics: shapes by ziamath, made once each, and painted in any colour and size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gdstudio.core.notation import WEIGHTS

if TYPE_CHECKING:
    from types import ModuleType

_UNIT = 100  # the size that shapes are made at
_VIEW_BOX = re.compile(r'viewBox="([-\d.e]+) ([-\d.e]+) ([-\d.e]+) ([-\d.e]+)"')
_MOST_DRAWN = 400


@dataclass(frozen=True, slots=True)
class Shape:
    """A symbol as SVG, and the rectangle around it in ems, its baseline at 0."""

    svg: bytes
    left: float
    top: float
    width: float
    height: float


@lru_cache(maxsize=1)
def typesetter() -> ModuleType:
    """Return ziamath, the package that turns a formula in TeX into the shapes of its symbols.

    Importing it takes a tenth of a second: whoever calls this first does so after the first paint.
    """
    import ziamath

    ziamath.config.svg2 = False  # Qt draws no <symbol>
    module: ModuleType = ziamath
    return module


def is_ready() -> bool:
    """Whether the typesetter is loaded."""
    return typesetter.cache_info().currsize > 0


@lru_cache(maxsize=_MOST_DRAWN)
def shape(tex: str) -> Shape:
    """Return the shape of a symbol; it takes some milliseconds the first time."""
    svg = typesetter().Latex(tex, size=_UNIT, inline=True).svg()
    found = _VIEW_BOX.search(svg)
    if found is None:
        raise ValueError(f"no viewBox in the picture of {tex}")
    left, top, width, height = (float(number) / _UNIT for number in found.groups())
    return Shape(svg.encode(), left, top, width, height)


class SymbolPainter:
    """Paints symbols sharply on a screen of any pixel ratio; keeps what it has painted."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[str, tuple[str, str], float, float], tuple[QPixmap, int]] = {}

    def paint(
        self, painter: QPainter, at: QPointF, tex: str, colour: str, size: float, weights: str = ""
    ) -> None:
        """Put a symbol's ink right of ``at``, on the baseline there, ``size`` pixels to the em.

        ``weights`` is the colour of what the TeX marks as weights; it is ``colour`` where empty.
        """
        ratio = painter.device().devicePixelRatio()
        pixmap, top = self._pixmap(tex, (colour, weights or colour), size, ratio)
        x, y = round(at.x() * ratio), round(at.y() * ratio)
        painter.drawPixmap(QPointF(x / ratio, (y + top) / ratio), pixmap)

    def _pixmap(self, tex: str, colours: tuple[str, str], size: float, ratio: float) -> tuple[QPixmap, int]:
        key = (tex, colours, size, ratio)
        if key not in self._drawn:
            if len(self._drawn) >= _MOST_DRAWN:
                self._drawn.clear()
            self._drawn[key] = _draw(shape(tex), colours, size * ratio, ratio)
        return self._drawn[key]


def _draw(shape: Shape, colours: tuple[str, str], em: float, ratio: float) -> tuple[QPixmap, int]:
    """Return a symbol's pixels, and how far above the baseline they begin (negative).

    The second of its colours is that of the weights in it.
    """
    svg = shape.svg
    for mark, colour in zip(("black", WEIGHTS), colours, strict=True):
        svg = svg.replace(f'"{mark}"'.encode(), f'"{colour}"'.encode())
    top, bottom = floor(shape.top * em), ceil((shape.top + shape.height) * em)
    pixmap = QPixmap(ceil(shape.width * em), bottom - top)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    place = QRectF(0, shape.top * em - top, shape.width * em, shape.height * em)
    QSvgRenderer(QByteArray(svg)).render(painter, place)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap, top
