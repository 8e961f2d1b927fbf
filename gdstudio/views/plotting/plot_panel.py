"""The base of every panel with a plot: its axes and ranges, and how curves and points are drawn in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QFrame, QGraphicsItem
from typing_extensions import override

from gdstudio.views.plotting.axes import NumberAxis
from gdstudio.views.plotting.clipping import widened
from gdstudio.views.plotting.edged_curve import EdgedCurve
from gdstudio.views.plotting.framing import Framing, WheelBox
from gdstudio.views.plotting.panel import Panel
from gdstudio.views.plotting.thinning import length_in, thin_to_columns
from gdstudio.views.widgets.theme import SMALL

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.clipping import View
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.pins import PinnedRun
    from gdstudio.worker.session import Session

_LEFT, _BOTTOM = 4.8, 3.3
"""How much room the left and the bottom axis need, in ems of the ticks."""
_LEAST_COLUMNS = 64
_DENSE = 200
"""A line of more points is painted piece by piece: a wide, smooth path of these takes milliseconds."""
_LONGEST_SMOOTH, _LONGEST_SMOOTH_DENSE = 3.0, 0.5
"""A line longer than so many times around the plot is drawn with hard edges: smooth ones cost its length.

A curve that falls all the way, from one corner to the other, is at most half as long as the way around.
"""


class PlotPanel(Panel):
    """A card with one plot. Ranges are set by the panel alone, and only when they must change."""

    x_label: ClassVar[str] = ""
    y_label: ClassVar[str] = ""

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.bottom, self.left = NumberAxis("bottom"), NumberAxis("left")
        self._box = WheelBox(enableMenu=False)
        axes = {"bottom": self.bottom, "left": self.left}
        self.view = pg.PlotWidget(viewBox=self._box, axisItems=axes, background=None)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Qt hands it on to the view
        self.plot = self.view.getPlotItem()
        self.plot.setMenuEnabled(False)
        menu = self.plot.ctrlMenu  # made without a parent: it would outlive the panel
        menu.setParent(self.view, menu.windowFlags())
        self.plot.hideButtons()
        self.plot.setMouseEnabled(False, False)
        self.plot.disableAutoRange()
        self._box.sigResized.connect(self.redraw)
        self.framing = Framing(self._box, self)
        self.framing.changed.connect(self.redraw)
        self.framing.settled.connect(self.redraw)
        self.framing.fit_asked.connect(self.fit)
        session.loaded.connect(self.framing.let_go)
        self.plot.scene().sigMouseClicked.connect(self.framing.on_clicked)
        self.tools.addWidget(self.framing.button)
        self.body(self.view)
        self._styled: list[tuple[Any, str, dict[str, Any]]] = []
        self._labels = (self.x_label, self.y_label)

    def fit(self) -> None:
        """Show the whole run again."""
        self.framing.let_go()
        self.redraw()

    @property
    def seen(self) -> View:
        """Left, right, low and high of what is seen, with a margin: lines are cut there."""
        return widened(*self._box.viewRange())

    @property
    def tick_font(self) -> QFont:
        """The font of the ticks."""
        return self.appearance.font(SMALL)

    def draw_line(self, item: Any, x: Floats, y: Floats) -> None:
        """Set a curve's points, and antialias it unless it is so long or jagged that this takes too long."""
        (left, right), (low, high) = self._box.viewRange()
        width, height = self._box.width(), self._box.height()
        across, up = width / (right - left or 1.0), height / (high - low or 1.0)
        is_dense = len(x) > _DENSE
        longest = _LONGEST_SMOOTH_DENSE if is_dense else _LONGEST_SMOOTH
        smooth = length_in(x * across, y * up) <= longest * 2 * (width + height)
        item.opts["antialias"] = smooth
        item.setSegmentedLineMode("on" if is_dense or not smooth else "off")
        item.set_dashes(x * across, y * up, are_cut=is_dense)
        item.setData(x, y)

    def draw_course(self, item: Any, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Draw a curve over ascending x (k,), thinned to columns as wide as its pen; return what is drawn."""
        (left, right), _ = self._box.viewRange()
        seen = (x[-1] - x[0]) / (right - left or 1.0) * self._box.width() if len(x) else 0.0
        columns = max(_LEAST_COLUMNS, int(seen / max(1.0, item.opts["pen"].widthF())))
        x, y = thin_to_columns(x, y, columns)
        self.draw_line(item, x, y)
        return x, y

    def pen(self, quantity: str, width: float = 2.0, **how: Any) -> QPen:
        """Return the pen of a quantity, as wide as the scale asks."""
        colour = QColor(getattr(self.appearance.theme, quantity))
        colour.setAlphaF(how.pop("alpha", 1.0))
        style = how.pop("style", Qt.PenStyle.SolidLine)
        pen: QPen = pg.mkPen(colour, width=width * self.appearance.scale, style=style)
        return pen

    def brush(self, quantity: str, alpha: float = 1.0) -> QColor:
        """Return the fill of a quantity."""
        colour = QColor(getattr(self.appearance.theme, quantity))
        colour.setAlphaF(alpha)
        return colour

    def curve(self, quantity: str, width: float = 2.0, **how: Any) -> Any:
        """Add a curve in a quantity's colour; ``smooth`` ones are antialiased, others as `draw_line` finds.

        What stands ``still`` is painted once: its smooth edges then cost nothing a frame. One with an
        ``edge`` of so many pixels in the card's colour stands out from what is under it.
        """
        item = EdgedCurve(antialias=how.pop("smooth", False), connect=how.pop("connect", "all"))
        item.setZValue(how.pop("z", 0))
        if how.pop("still", False):
            item.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        if width > 1 and not item.opts["antialias"]:
            item.setSegmentedLineMode("on")
        self.plot.addItem(item)
        self._styled.append((item, quantity, {"width": width, **how}))
        return item

    def dots(self, quantity: str, size: float = 8.0, **how: Any) -> Any:
        """Add points in a quantity's colour; ``hollow`` ones are drawn as outlines."""
        item = pg.ScatterPlotItem(pxMode=True, symbol=how.pop("symbol", "o"), antialias=True, useCache=True)
        item.setZValue(how.pop("z", 0))
        self.plot.addItem(item)
        self._styled.append((item, quantity, {"size": size, **how}))
        return item

    @override
    def draw_frame(self, snapshot: Snapshot) -> None:
        """Draw and apply new ranges at once: applied during a paint they would cause a second paint."""
        super().draw_frame(snapshot)
        self.plot.getViewBox().prepareForPaint()

    def set_labels(self, x: str, y: str) -> None:
        """Name the axes."""
        if (x, y) != self._labels:
            self._labels = (x, y)
            self._write_labels()

    def restyle(self) -> None:
        """Give axes and items the theme's colours and the scale's sizes."""
        theme = self.appearance.theme
        font = self.appearance.font(SMALL)
        em = font.pixelSize()
        self.view.setBackground(theme.card)
        for axis in (self.bottom, self.left):
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setTickFont(font)
            axis.setStyle(tickLength=-4, tickTextOffset=4)
        self.left.setWidth(round(_LEFT * em))
        self.bottom.setHeight(round(_BOTTOM * em))
        self.plot.layout.setContentsMargins(1, round(self.left.end_room), round(self.bottom.end_room), 1)
        self.plot.showGrid(x=True, y=True, alpha=0.12)
        self._write_labels()
        for item, quantity, how in self._styled:
            self._style(item, quantity, dict(how))

    def can_draw_pin(self, pin: PinnedRun) -> bool:
        """Whether a pinned run has the weights that this plot is about."""
        return self.scene is not None and pin.problem.weight_names == self.scene.problem.weight_names

    def _style(self, item: Any, quantity: str, how: dict[str, Any]) -> None:
        if isinstance(item, pg.PlotCurveItem):
            width, edge = how.pop("width"), how.pop("edge", 0.0)
            item.setPen(self.pen(quantity, width, **how))
            item.setShadowPen(self.pen("card", width + 2 * edge) if edge else None)
            return
        alpha = how.get("alpha", 1.0)
        if how.get("hollow"):
            item.setPen(self.pen(quantity, 2.0))
            item.setBrush(pg.mkBrush(self.appearance.theme.card))
        else:
            item.setPen(pg.mkPen(None))
            item.setBrush(pg.mkBrush(self.brush(quantity, alpha)))
        item.setSize(how["size"] * self.appearance.scale)

    def _write_labels(self) -> None:
        how = {"color": self.appearance.theme.muted, "font-size": f"{self.appearance.type_pixels(SMALL)}px"}
        self.bottom.setLabel(self._labels[0], **how)
        self.left.setLabel(self._labels[1], **how)
        for axis in (self.bottom, self.left):
            axis.resizeEvent()  # else the name stays where one of the size before had room
