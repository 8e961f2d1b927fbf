"""Margins and gaps that grow with the text: layouts are made for 100 % and scaled afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QBoxLayout

from gdstudio.views.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_MADE_WITH = "made_with"


def space_out(root: QWidget, scale: float) -> None:
    """Scale the margins and gaps of every layout inside a widget; those met first are taken as 100 %."""
    for kind in (QBoxLayout, FlowLayout):
        for layout in root.findChildren(kind):
            if layout.property(_MADE_WITH) is None:
                m = layout.contentsMargins()
                layout.setProperty(_MADE_WITH, [m.left(), m.top(), m.right(), m.bottom(), layout.spacing()])
            *sides, gap = (round(scale * value) for value in layout.property(_MADE_WITH))
            if layout.contentsMargins() != QMargins(*sides):
                layout.setContentsMargins(*sides)
            if gap >= 0 and layout.spacing() != gap:
                layout.setSpacing(gap)
