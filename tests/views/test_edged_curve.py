"""A curve's edge is seen in whichever way the curve is painted."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from gdstudio.views.plotting.edged_curve import EdgedCurve


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("mode", ["on", "off"])
def test_that_the_edge_is_painted_below_the_line(mode: str) -> None:
    curve = EdgedCurve(pen=pg.mkPen("#00ff00", width=4), shadowPen=pg.mkPen("#0000ff", width=12))
    curve.setSegmentedLineMode(mode)
    curve.setData(np.array([5.0, 20.0, 35.0]), np.array([20.0, 20.0, 20.0]))
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    curve.paint(painter, QStyleOptionGraphicsItem(), None)
    painter.end()
    seen = {y: image.pixelColor(20, y).name() for y in (5, 16, 20, 24)}
    assert seen == {5: "#ffffff", 16: "#0000ff", 20: "#00ff00", 24: "#0000ff"}
    assert curve.opts["pen"].color().name() == "#00ff00"  # the pens are the curve's own again
    assert curve.opts["shadowPen"].color().name() == "#0000ff"


@pytest.mark.usefixtures("qapp")
def test_that_cut_dashes_leave_gaps_and_are_given_back_to_qt() -> None:
    pen = pg.mkPen("#00ff00", width=3, style=Qt.PenStyle.DashLine)
    curve = EdgedCurve(pen=pen)
    x = np.arange(37.0)
    curve.setSegmentedLineMode("on")
    curve.set_dashes(x, np.full(37, 20.0), are_cut=True)
    curve.setData(x, np.full(37, 20.0))
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    curve.paint(painter, QStyleOptionGraphicsItem(), None)
    painter.end()
    green = [image.pixelColor(column, 20).name() == "#00ff00" for column in (5, 15, 24, 33)]
    assert green == [True, False, True, False]
    assert curve.opts["pen"].style() == Qt.PenStyle.DashLine
    curve.set_dashes(x, np.full(37, 20.0), are_cut=False)
    assert curve.opts["connect"] == "all"
