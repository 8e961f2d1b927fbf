"""The order in which the Tab key goes through a window: region by region, and in each as it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def stops(regions: Iterable[QWidget], left: QWidget | None = None) -> list[QWidget]:
    """Return the widgets that Tab reaches: the regions in their order, each from its top left on.

    A widget in several regions belongs to the first of them. ``left`` is counted in even where it can no
    longer have the focus, so that one finds what comes after it.
    """
    found: list[QWidget] = []
    for region in regions:
        inside = [region, *region.findChildren(QWidget)]
        found += _as_read([w for w in inside if w not in found and (w is left or _is_stop(w))])
    return found


def following(order: Sequence[QWidget], left: QWidget | None, *, forward: bool) -> QWidget | None:
    """Return the stop after (or before) one; the first (or last) where that is none; None without stops."""
    places = [i for i, stop in enumerate(order) if stop is not left]
    if not places:
        return None
    if left not in order:
        return order[places[0 if forward else -1]]
    return order[(order.index(left) + (1 if forward else -1)) % len(order)]


def bring_into_sight(widget: QWidget) -> None:
    """Scroll whatever the widget is in, so that it is seen."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()


def _is_stop(widget: QWidget) -> bool:
    tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return tab and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None


def _as_read(widgets: list[QWidget]) -> list[QWidget]:
    """Sort by lines from the top, each from the left; what is beside a line's first widget is on it."""
    lines: list[list[QWidget]] = []
    for widget in sorted(widgets, key=lambda w: _corner(w).y()):
        first = lines[-1][0] if lines else None
        if first is not None and _middle(widget) < _corner(first).y() + first.height():
            lines[-1].append(widget)
        else:
            lines.append([widget])
    return [widget for line in lines for widget in sorted(line, key=lambda w: _corner(w).x())]


def _corner(widget: QWidget) -> QPoint:
    return widget.mapTo(widget.window(), QPoint(0, 0))


def _middle(widget: QWidget) -> int:
    return _corner(widget).y() + widget.height() // 2
