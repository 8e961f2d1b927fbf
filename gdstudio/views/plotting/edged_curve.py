"""A curve with an edge in the card's colour, both painted piece by piece where it has very many points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget


class EdgedCurve(pg.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Paints the edge as it paints the line: pyqtgraph paints it as one path, slowly where that is long."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        pen, edge = self.opts["pen"], self.opts["shadowPen"]
        if edge is None or self.opts["segmentedLineMode"] != "on":
            super().paint(painter, option, widget)
            return
        try:
            self.opts["shadowPen"] = None
            for self.opts["pen"] in (edge, pen):
                super().paint(painter, option, widget)
        finally:
            self.opts["pen"], self.opts["shadowPen"] = pen, edge
