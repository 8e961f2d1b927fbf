"""What is wrong with a page as it stands: text cut off, widgets over one another, empty pictures.

Each check returns a line for each fault, so that a test can say all of them at once.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolButton,
    QWidget,
)

from gdstudio.views.formula.line import FormulaWidget
from gdstudio.views.plotting.number_table import NumberTable
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.widgets.elided_label import ElidedLabel, NoteLabel
from gdstudio.views.widgets.theme import LEAST_TYPE
from gdstudio.views.window.page_title import PageTitle
from gdstudio.views.window.pin_chip import PinChip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdstudio.views.window.main_window import MainWindow

_LEAST_PICTURE = (80, 60)
_ROUNDING = 1
_WITH_PARTS_OF_THEIR_OWN = (QAbstractScrollArea, QTabBar, QComboBox, QLineEdit)
"""Widgets whose children are Qt's own, and may lie over one another."""


def faults(window: MainWindow) -> list[str]:
    """Return everything that is wrong with a window's page."""
    return [*cut_texts(window), *cut_widgets(window), *overlaps(window), *empty_pictures(window)]


def cut_texts(window: MainWindow) -> list[str]:
    """Return the texts that are wider or higher than their widget, and those too small to read.

    A label that is made to shorten its text has to say all of it in its tooltip.
    """
    found = []
    for widget in _visible(window):
        fault = _text_fault(widget)
        if fault:
            found.append(f"{_name(widget)}: {fault}")
    return found


def cut_widgets(window: MainWindow) -> list[str]:
    """Return the widgets that reach beyond the widget that they are in, except in what can be scrolled."""
    return [
        f"{_name(widget)} reaches beyond {_name(parent)}"
        for parent in _parents(window)
        for widget in _children(parent)
        if not isinstance(parent.parentWidget(), QAbstractScrollArea)
        and not parent.rect().adjusted(-1, -1, 1, 1).contains(widget.geometry())
    ]


def overlaps(window: MainWindow) -> list[str]:
    """Return the pairs of widgets that lie over one another."""
    return [
        f"{_name(one)} lies over {_name(other)}"
        for parent in _parents(window)
        for one, other in combinations(_children(parent), 2)
        if not one.geometry().intersected(other.geometry()).isEmpty()
    ]


def empty_pictures(window: MainWindow) -> list[str]:
    """Return the plots that are too small to show something, or that nothing is drawn in."""
    found = []
    for panel in window.panels.shown:
        if not panel.isVisible() or not isinstance(panel, PlotPanel):
            continue
        size = panel.plot.getViewBox().size()
        if size.width() < _LEAST_PICTURE[0] or size.height() < _LEAST_PICTURE[1]:
            found.append(f"{panel.kind}: a picture of {size.width():.0f} x {size.height():.0f} pixels")
        if not any(map(_is_drawn, panel.plot.items)):
            found.append(f"{panel.kind}: nothing is drawn")
    return found


def _visible(window: MainWindow) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.window() is window:
            yield widget


def _parents(window: MainWindow) -> list[QWidget]:
    return [
        widget
        for widget in (window, *_visible(window))
        if not isinstance(widget, _WITH_PARTS_OF_THEIR_OWN)
        and not isinstance(widget.parentWidget(), QTabBar | QComboBox)
    ]


def _children(parent: QWidget) -> list[QWidget]:
    return [
        child
        for child in parent.children()
        if isinstance(child, QWidget) and child.isVisible() and not child.isWindow()
    ]


def _text_fault(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton | QComboBox | QTabBar):
        size = widget.fontInfo().pixelSize()
        if size < LEAST_TYPE:
            return f"letters of {size} pixels"
    if isinstance(widget, ElidedLabel | NoteLabel | PageTitle):
        return _shortened_fault(widget)
    if isinstance(widget, QLabel):
        return _label_fault(widget)
    if isinstance(widget, QComboBox):
        return _combo_fault(widget)
    if isinstance(widget, QTabBar):
        return _tabs_fault(widget)
    if isinstance(widget, FormulaWidget):
        return _formula_fault(widget)
    if isinstance(widget, NumberTable):
        return _table_fault(widget)
    if isinstance(widget, QAbstractButton):
        return _button_fault(widget)
    return ""


def _shortened_fault(label: ElidedLabel | NoteLabel | PageTitle) -> str:
    if isinstance(label, ElidedLabel):
        is_cut = label.is_cut
    elif isinstance(label, NoteLabel):
        is_cut = label.seen != label.text()
    else:
        is_cut = label.text() != label.full_text
    if is_cut and not label.toolTip():
        return f"shortened without a tooltip: {label.text()!r}"
    if label.height() + _ROUNDING < label.fontMetrics().height() and label.text():
        return f"{label.height()} pixels are too low for {label.text()!r}"
    return ""


def _label_fault(label: QLabel) -> str:
    if not label.text():
        return ""
    needed = label.sizeHint()
    if label.wordWrap():
        longest = max(map(label.fontMetrics().horizontalAdvance, label.text().split()), default=0)
        needed.setWidth(longest)
        needed.setHeight(label.heightForWidth(label.width()))
    if needed.width() > label.width() + _ROUNDING or needed.height() > label.height() + _ROUNDING:
        return f"{label.text()!r} needs {needed.toTuple()}, has {label.size().toTuple()}"
    return ""


def _button_fault(button: QAbstractButton) -> str:
    if isinstance(button.parentWidget(), PinChip) and button.toolTip():
        return ""  # it shortens its text itself
    needed = button.sizeHint()
    has_text = bool(button.text()) and not (isinstance(button, QToolButton) and not button.icon().isNull())
    too_small = needed.width() > button.width() + _ROUNDING or needed.height() > button.height() + _ROUNDING
    if has_text and too_small:
        return f"{button.text()!r} needs {needed.toTuple()}, has {button.size().toTuple()}"
    return ""


def _combo_fault(combo: QComboBox) -> str:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    field = combo.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, combo
    )
    text = combo.currentText() or combo.placeholderText()
    needed = combo.fontMetrics().horizontalAdvance(text)
    if needed > field.width() and text not in combo.toolTip():
        return f"{text!r} needs {needed} pixels, has {field.width()}"
    return "" if combo.fontMetrics().height() <= field.height() + _ROUNDING else f"{text!r} is cut below"


def _tabs_fault(tabs: QTabBar) -> str:
    for i in range(tabs.count()):
        needed = tabs.fontMetrics().horizontalAdvance(tabs.tabText(i))
        if needed > tabs.tabRect(i).width() and not tabs.tabToolTip(i):
            return f"the tab {tabs.tabText(i)!r} is cut and has no tooltip"
    return ""


def _formula_fault(formula: FormulaWidget) -> str:
    page = formula.page()
    if page.height * len(page.rows) > formula.height() + _ROUNDING:
        return f"{len(page.rows)} lines of {page.height:.0f} pixels in {formula.height()}"
    return "" if page.width <= formula.width() + _ROUNDING else "wider than its line"


def _table_fault(table: NumberTable) -> str:
    header = table.horizontalHeader()
    for column in range(table.columnCount()):
        if header.sectionSizeHint(column) > header.sectionSize(column) + _ROUNDING:
            return f"the heading of column {column} is cut"
        for row in range(table.rowCount()):
            item = table.item(row, column)
            across = range(column, column + table.columnSpan(row, column))
            room = sum(map(table.columnWidth, across))
            if item is not None and QFontMetrics(item.font()).horizontalAdvance(item.text()) > room:
                return f"{item.text()!r} is cut"
    return ""


def _is_drawn(item: Any) -> bool:
    if not item.isVisible():
        return False
    if isinstance(item, pg.ImageItem):
        return item.image is not None
    if isinstance(item, pg.PlotCurveItem | pg.ScatterPlotItem):
        x, _ = item.getData()
        return x is not None and len(x) > 0
    return False


def _name(widget: QWidget) -> str:
    named = widget.objectName() or widget.accessibleName()
    parent = widget.parentWidget()
    if named or parent is None:
        return named or type(widget).__name__
    return f"{type(widget).__name__} in {_name(parent)}"
