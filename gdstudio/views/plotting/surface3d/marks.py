"""What moves on the surface: path, point, start, minimum, the next move, and the names of the axes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPen, QPolygonF

from gdstudio.core.numbers import format_number
from gdstudio.views.plotting.surface3d.heights import BOX_HEIGHT
from gdstudio.views.widgets.theme import SMALL

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.surface3d.heights import Heights
    from gdstudio.views.widgets.theme import Appearance

_HEAD = 13.0
_UPRIGHT = 4.0  # an edge seen within so many pixels of level has its words centred below it
_LEFT, _MIDDLE, _RIGHT = (
    Qt.AlignmentFlag.AlignLeft,
    Qt.AlignmentFlag.AlignHCenter,
    Qt.AlignmentFlag.AlignRight,
)
_CORNERS = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=float)


class Camera(Protocol):
    """The position from which the surface is seen, and its projection to the screen."""

    @property
    def eye(self) -> Floats:
        """The position of the eye in the coordinates of the box (3,)."""

    def on_screen(self, places: Floats) -> Floats:
        """Return where places (k, 3) are seen (k, 2)."""


class Marks:
    """Paints what lies on the surface; parts that are behind the surface are drawn faintly."""

    def __init__(self, appearance: Appearance) -> None:
        self._appearance = appearance
        self._names = ("", "")
        self._heights: Heights | None = None
        self.path = self.move = self.ends = np.empty((0, 3))

    def begin(self, heights: Heights, names: tuple[str, str]) -> None:
        """Take another surface and the names of its axes."""
        self._heights, self._names = heights, names
        self.path = self.move = self.ends = np.empty((0, 3))

    def show(self, path: Floats, move: Floats, ends: Floats) -> None:
        """Take the path (k, 3), the move to come (m, 3), maybe empty, and start and point (2, 3).

        A gap of the path is a row of NaN. A move that leaves the box ends, with its head, at its side.
        """
        self.path, self.move, self.ends = path, move, ends

    def paint(self, painter: QPainter, camera: Camera) -> None:
        """Paint everything."""
        if self._heights is None:
            return
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        self._paint_axes(painter, camera, self._heights)
        self._paint_minima(painter, camera, self._heights)
        if not len(self.path):
            return
        self._paint_line(painter, camera, self.path, self._pen("weights", 3.0))
        if len(self.move):
            self._paint_move(painter, camera)
        self._paint_ends(painter, camera)

    def _paint_ends(self, painter: QPainter, camera: Camera) -> None:
        """Paint a ring at the start and a disc at the point, where they are in the box."""
        assert self._heights is not None
        fills = self._appearance.theme.card, self._appearance.theme.weights
        painter.setPen(self._pen("weights", 2.5))
        for place, fill in zip(self.ends, fills, strict=True):
            if self._heights.inside(place[None])[0]:
                painter.setBrush(QColor(fill))
                painter.drawEllipse(
                    QPointF(*camera.on_screen(place[None])[0].tolist()), *[6 * self._scale] * 2
                )

    @property
    def _scale(self) -> float:
        return self._appearance.scale

    def _paint_line(self, painter: QPainter, camera: Camera, places: Floats, pen: QPen) -> None:
        assert self._heights is not None
        ends = camera.on_screen(places)
        hidden = self._heights.hidden(places, camera.eye)
        inside = self._heights.inside(places)
        drawn = inside[:-1] & inside[1:]
        either = hidden[:-1] | hidden[1:]
        faint = QPen(pen)
        shade = pen.color()
        shade.setAlphaF(0.3)
        faint.setColor(shade)
        for those, how in ((drawn & either, faint), (drawn & ~either, pen)):
            painter.setPen(how)
            painter.drawLines([QLineF(*ends[i], *ends[i + 1]) for i in np.flatnonzero(those)])

    def _paint_move(self, painter: QPainter, camera: Camera) -> None:
        """Paint the arrow; one that is hardly longer than its head has none."""
        self._paint_line(painter, camera, self.move, self._pen("gradient", 3.0))
        ends = camera.on_screen(self.move[[0, -2, -1]]).tolist()
        if math.dist(ends[0], ends[2]) <= _HEAD / 2:
            return
        (x0, y0), (x1, y1) = ends[1:]
        size, angle = _HEAD * self._appearance.scale, math.atan2(y1 - y0, x1 - x0)
        back = [
            (x1 - size * math.cos(angle + turn), y1 - size * math.sin(angle + turn)) for turn in (-0.38, 0.38)
        ]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._appearance.theme.gradient))
        painter.drawPolygon(QPolygonF([QPointF(x1, y1), *(QPointF(*at) for at in back)]))

    def _paint_minima(self, painter: QPainter, camera: Camera, heights: Heights) -> None:
        if not len(heights.minima):
            return
        places = heights.on_surface(heights.minima)
        arm = 6 * self._appearance.scale
        painter.setPen(self._pen("truth", 3.0))
        for x, y in camera.on_screen(places[heights.inside(places)]).tolist():
            for sign in (-1, 1):
                painter.drawLine(QLineF(x - arm, y - sign * arm, x + arm, y + sign * arm))

    def _paint_axes(self, painter: QPainter, camera: Camera, heights: Heights) -> None:
        """Name the two nearest edges of the floor, and the height at the corner farthest left."""
        painter.setFont(self._appearance.font(SMALL))
        painter.setPen(QColor(self._appearance.theme.muted))
        near_x, near_y = np.sign(camera.eye[:2]) + (camera.eye[:2] == 0)
        first, second = heights.centre.tolist()
        half = heights.half
        self._name(painter, camera, np.array([[-1, near_y], [1, near_y]]), first, half, self._names[0])
        self._name(painter, camera, np.array([[near_x, -1], [near_x, 1]]), second, half, self._names[1])
        floor = np.column_stack([_CORNERS, np.zeros(4)])
        corner = _CORNERS[np.argmin(camera.on_screen(floor)[:, 0])]
        upright = np.array([[*corner, 0.0], [*corner, BOX_HEIGHT]])
        low, high = camera.on_screen(upright)
        painter.drawLine(QLineF(*low, *high))
        beside = np.array([8.0 * self._appearance.scale, 0.0])
        self._write(painter, (low + high) / 2 - beside, "J", _RIGHT)
        self._write(painter, high - beside, format_number(heights.top, 4), _RIGHT)

    def _name(
        self, painter: QPainter, camera: Camera, edge: Floats, centre: float, half: float, name: str
    ) -> None:
        """Write an axis's ends and, between them, its name, outside of an edge (2, 2) of the floor."""
        along = np.concatenate([edge, edge.mean(axis=0, keepdims=True)])
        outside = np.where(edge[0] == edge[1], 1.12 * along, along)
        here, there = (camera.on_screen(np.column_stack([at, np.zeros(3)])) for at in (along, outside))
        low, high = (format_number(float(f"{end:.3g}"), 3) for end in (centre - half, centre + half))
        words = low, high, name
        for at, beside, text in zip(here, there, words, strict=True):
            off = beside - at
            off *= max(1.0, self._appearance.pixels(SMALL) / max(float(np.hypot(*off)), 1e-9))
            side = _MIDDLE if abs(off[0]) < _UPRIGHT else _RIGHT if off[0] < 0 else _LEFT
            self._write(painter, at + off, text, side)

    def _write(self, painter: QPainter, at: Floats, text: str, side: Qt.AlignmentFlag) -> None:
        width, height = 240.0, 40.0
        left = {_RIGHT: width, _MIDDLE: width / 2, _LEFT: 0.0}[side]
        box = QRectF(at[0] - left, at[1] - height / 2, width, height)
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _pen(self, quantity: str, width: float) -> QPen:
        colour = QColor(getattr(self._appearance.theme, quantity))
        scaled = width * self._appearance.scale
        return QPen(QBrush(colour), scaled, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
