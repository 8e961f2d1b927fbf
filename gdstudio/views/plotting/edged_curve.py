"""A curve with an edge in the card's colour, or dashed: painted piece by piece where it has many points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from typing_extensions import override

from gdstudio.views.plotting.dashes import dashed

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from gdstudio.core.typing import Floats


class EdgedCurve(pg.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Paints edge and dashes as it paints the line: as one path, pyqtgraph's way, long ones are slow."""

    _cuts_dashes = False

    def set_dashes(self, x: Floats, y: Floats, *, are_cut: bool) -> None:
        """Have the dashes of a dashed line cut out of its points (k,), here in pixels, or leave them to Qt.

        The points themselves are set after it.
        """
        pen = self.opts["pen"]
        are_cut = are_cut and pen.style() == Qt.PenStyle.DashLine
        if are_cut or self._cuts_dashes:
            self.opts["connect"] = dashed(x, y, pen.widthF()) if are_cut else "all"
        self._cuts_dashes = are_cut

    @property
    def _is_kept(self) -> bool:
        """Whether Qt keeps an image of what is painted."""
        return self.cacheMode() is not self.CacheMode.NoCache

    @override
    def boundingRect(self) -> QRectF:
        """Return no more than is seen of a curve that is kept: Qt misplaces images larger than the view."""
        around: QRectF = super().boundingRect()
        box = self.getViewBox() if self._is_kept else None
        return around if box is None else around & self.mapRectFromView(box.viewRect())

    @override
    def viewTransformChanged(self) -> None:
        super().viewTransformChanged()
        if self._is_kept:
            self.update()  # another part of it is seen

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        pen, edge = self.opts["pen"], self.opts["shadowPen"]
        if self.opts["segmentedLineMode"] != "on" or not (edge or self._cuts_dashes):
            super().paint(painter, option, widget)
            return
        line = QPen(pen)
        if self._cuts_dashes:
            line.setStyle(Qt.PenStyle.SolidLine)
        is_smooth = self.opts["antialias"]
        try:
            self.opts["shadowPen"] = None
            if edge:
                self.opts["pen"], self.opts["antialias"] = edge, False  # nobody sees its own border
                super().paint(painter, option, widget)
            self.opts["pen"], self.opts["antialias"] = line, is_smooth
            super().paint(painter, option, widget)
        finally:
            self.opts["pen"], self.opts["shadowPen"], self.opts["antialias"] = pen, edge, is_smooth
