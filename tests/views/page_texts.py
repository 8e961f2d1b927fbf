"""What can be read on the page, for the tests of what a question hides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTextBrowser,
    QWidget,
)

from gdstudio.views.plotting.network.drawing import NetworkDrawing
from gdstudio.views.plotting.plot_panel import PlotPanel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdstudio.views.plotting.axes import NumberAxis
    from gdstudio.views.window.main_window import MainWindow

_TAG = re.compile(r"<[^>]*>|&nbsp;")


def page_texts(window: MainWindow) -> list[str]:
    """Return every text that is seen or heard; of the question itself only what is revealed.

    The help of the controls is left out: it gives their ranges, whatever is asked.
    """
    form, strip = window.sidebar.form, window.cues
    chips = [chip for control in form.controls.values() for chip in _chips(control)]
    texts: list[str] = [strip.said.text()]
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or strip.isAncestorOf(widget):
            continue
        texts += _written(widget)
        if not form.isAncestorOf(widget) or widget in chips:
            texts += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
    for panel in window.panels.shown:
        if isinstance(panel, PlotPanel) and panel.isVisible():
            texts += [*_ticks(panel.bottom), panel.bottom.labelText, panel.left.labelText]
    return [_TAG.sub(" ", text).strip() for text in texts if text]


def _chips(control: QWidget) -> list[QWidget]:
    chips = getattr(control, "chips", None)
    return list(chips.chips) if chips is not None else []


def _written(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        yield widget.text()
    elif isinstance(widget, QComboBox):
        yield widget.currentText()
    elif isinstance(widget, QTextBrowser):
        yield widget.toPlainText()
    elif isinstance(widget, NetworkDrawing):
        yield from widget.numbers
    elif isinstance(widget, QTableWidget):
        for row in range(widget.rowCount()):
            for column in range(widget.columnCount()):
                item = widget.item(row, column)
                yield item.text() if item is not None else ""


def _ticks(axis: NumberAxis) -> list[str]:
    """Return the ticks with the axis's name before each: ``step 100``."""
    if not axis.style["showValues"]:
        return []
    low, high = axis.range
    levels = axis.tickValues(low, high, max(1.0, axis.size().width()))
    return [f"{axis.labelText} {text}" for _, values in levels for text in axis.tickStrings(values, 1.0, 1.0)]
