"""The widget of the surface: drawn by OpenGL into a picture only when it looks different, marks on top.

Importing this module imports OpenGL, so the panel does so only where there is some.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import contourpy
import numpy as np
import pyqtgraph.opengl as gl
from OpenGL import GL
from pyqtgraph.opengl.GLViewWidget import GLViewMixin
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMatrix4x4, QPainter
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gdstudio.views.plotting.surface3d.heights import BOX_HEIGHT

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QOpenGLContext, QPaintEvent, QResizeEvent, QWheelEvent

    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.surface3d.heights import Heights
    from gdstudio.views.plotting.surface3d.marks import Marks
    from gdstudio.views.plotting.surface3d.opengl import Canvas
    from gdstudio.views.widgets.theme import Theme

_AZIMUTH, _ELEVATION, _DISTANCE = -55.0, 38.0, 7.0
_NEAREST, _FARTHEST = 3.0, 14.0
_WIDE, _HIGH = 2.2, 1.5  # half of what is seen at least, in units of the box, at the first distance
_SAMPLES = 4
_LOW, _DEEP = 0.08, 0.4  # how much of the cost's colour the lowest and the highest cost have
_FLOOR = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0], [-1, -1, 0]], dtype=float)


class _Sheet(gl.GLMeshItem):  # type: ignore[misc]  # pyqtgraph has no types
    """The surface, pushed back a little so that the lines on it are whole."""

    def paint(self) -> None:
        GL.glEnable(GL.GL_POLYGON_OFFSET_FILL)
        GL.glPolygonOffset(1.0, 1.0)
        super().paint()
        GL.glDisable(GL.GL_POLYGON_OFFSET_FILL)


class SurfaceView(GLViewMixin, QWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Drag turns it, the wheel zooms, a double click restores the first view."""

    def __init__(self, canvas: Canvas, marks: Marks) -> None:
        self._stale = True
        super().__init__()
        self._canvas, self._marks = canvas, marks
        self._heights: Heights | None = None
        self._picture = QImage()
        self._grip = QPointF()
        self._buffer: QOpenGLFramebufferObject | None = None
        self._sheet = _Sheet(computeNormals=False, smooth=True, glOptions="opaque")
        self._levels = gl.GLLinePlotItem(mode="lines", glOptions="translucent")
        self._floor = gl.GLLinePlotItem(pos=_FLOOR, glOptions="translucent")
        for item in (self._sheet, self._levels, self._floor):
            self.addItem(item)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip("Drag to turn, wheel to zoom, double-click to put back")
        self.put_back()

    def show_heights(self, heights: Heights, theme: Theme) -> None:
        """Show a surface in a theme's colours."""
        self._heights = heights
        self.setBackgroundColor(theme.card)
        places = heights.grid().reshape(-1, 3)
        faces = _faces(len(heights.first))
        self._sheet.setMeshData(
            vertexes=np.nan_to_num(places).astype(np.float32),
            faces=faces[np.isfinite(places[:, 2])[faces].all(axis=1)],  # a gap where J is not a number
            vertexColors=_colours(heights, theme).reshape(-1, 4),
            computeNormals=False,
            smooth=True,
        )
        line = QColor(theme.cost_text)
        line.setAlphaF(1.0)
        self._levels.setData(pos=_level_lines(heights), color=line.getRgbF(), width=1.5)
        self._floor.setData(color=QColor(theme.groove).getRgbF(), width=1.0)

    def put_back(self) -> None:
        """Go back to the first direction and distance."""
        self.setCameraPosition(pos=_middle(), distance=_DISTANCE, elevation=_ELEVATION, azimuth=_AZIMUTH)

    @property
    def eye(self) -> Floats:
        """Where it is looked at from, in the box's coordinates (3,)."""
        at = self.cameraPosition()
        return np.array([at.x(), at.y(), at.z()])

    def on_screen(self, places: Floats) -> Floats:
        """Return where in the widget (k, 2) places in the box (k, 3) are seen."""
        region = self.getViewport()
        seen: QMatrix4x4 = self.projectionMatrix(region, region) * self.viewMatrix()
        matrix = np.array(seen.data()).reshape(4, 4).T
        x, y, _, w = matrix @ np.column_stack([places, np.ones(len(places))]).T
        return np.column_stack([(x / w + 1) / 2 * self.width(), (1 - y / w) / 2 * self.height()])

    def show_marks(self) -> None:
        """Draw the marks again, on the surface as it is."""
        QWidget.update(self)

    def update(self) -> None:  # type: ignore[override]  # pyqtgraph calls it without arguments
        """Draw everything again; pyqtgraph calls this where camera or items have changed."""
        self._stale = True
        QWidget.update(self)

    def context(self) -> QOpenGLContext:
        """Return the context, as pyqtgraph asks for it."""
        return self._canvas.context

    def isValid(self) -> bool:
        """Return False, so that an item is initialised when it is first drawn, not when it is added."""
        return False

    def projectionMatrix(self, region: Any, viewport: Any) -> QMatrix4x4:
        """Return a projection that shows the whole box and a line of words below it."""
        words = self.fontMetrics().height()
        room = max(self.height() - words, 1)
        half = max(_HIGH, _WIDE * room / max(self.width(), 1)) / _DISTANCE * self.height() / room
        matrix = QMatrix4x4()
        matrix.translate(0.0, words / max(self.height(), 1), 0.0)
        shape = self.width() / max(self.height(), 1)
        matrix.perspective(math.degrees(2 * math.atan(half)), shape, 0.1, 100.0)
        return matrix

    def orbit(self, azim: float, elev: float) -> None:
        """Turn by so many degrees, staying above the floor."""
        upward = min(90.0, max(2.0, self.opts["elevation"] + elev))
        self.setCameraPosition(azimuth=self.opts["azimuth"] + azim, elevation=upward)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        distance = self.opts["distance"] * 0.999 ** event.angleDelta().y()
        self.setCameraPosition(distance=min(_FARTHEST, max(_NEAREST, distance)))
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grip = event.position()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        moved, self._grip = event.position() - self._grip, event.position()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.orbit(-0.5 * moved.x(), 0.5 * moved.y())

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.put_back()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stale = True

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._stale and self._heights is not None and self._canvas.take():
            self._stale = False
            self._render()
            self._canvas.release()
        painter = QPainter(self)
        painter.drawImage(0, 0, self._picture)
        self._marks.paint(painter, self)
        painter.end()

    def _render(self) -> None:
        ratio = self.devicePixelRatioF()
        width, height = max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))
        if self._buffer is None or (self._buffer.width(), self._buffer.height()) != (width, height):
            how = QOpenGLFramebufferObjectFormat()
            how.setAttachment(QOpenGLFramebufferObject.Attachment.CombinedDepthStencil)
            how.setSamples(_SAMPLES)
            self._buffer = QOpenGLFramebufferObject(width, height, how)
        self._buffer.bind()
        self.initializeGL()
        GL.glViewport(0, 0, width, height)
        self.paintGL()
        self._buffer.release()
        self._picture = self._buffer.toImage()
        self._picture.setDevicePixelRatio(ratio)


def _middle() -> Any:
    from pyqtgraph import Vector

    return Vector(0.0, 0.0, 0.4 * BOX_HEIGHT)


def _faces(side: int) -> Any:
    corner = np.arange(side * side).reshape(side, side)
    a, b, c, d = corner[:-1, :-1], corner[1:, :-1], corner[:-1, 1:], corner[1:, 1:]
    return np.stack([a, b, c, c, b, d], axis=-1).reshape(-1, 3).astype(np.uint32)


def _colours(heights: Heights, theme: Theme) -> Any:
    low, high = (np.array(QColor(colour).getRgbF()) for colour in (theme.card, theme.cost))
    part = (_LOW + (_DEEP - _LOW) * heights.colour_positions())[..., None]
    light = 0.72 + 0.28 * np.nan_to_num(heights.shade(), nan=0.5)[..., None]  # NaN beside a gap
    colours = ((1 - part) * low + part * high) * light
    colours[..., 3] = 1.0
    return colours.astype(np.float32)


def _level_lines(heights: Heights) -> Floats:
    """Return the level lines in the box as pairs of ends, shape (2 k, 3)."""
    made = contourpy.contour_generator(heights.second, heights.first, heights.costs)
    pieces = []
    for level in heights.levels():
        for line in made.lines(level):
            points = np.repeat(line[:, ::-1], 2, axis=0)[1:-1]  # contourpy's x is the second weight
            pieces.append(heights.to_box(points, np.full(len(points), level)))
    return np.concatenate(pieces) if pieces else np.empty((0, 3))
