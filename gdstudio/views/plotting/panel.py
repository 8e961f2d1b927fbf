"""The base of every panel: a card with a title that is drawn from snapshots of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from gdstudio.views.widgets.elided_label import ElidedLabel, NoteLabel
from gdstudio.views.widgets.spacing import space_out
from gdstudio.views.widgets.steady_label import SteadyLabel
from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.views.plotting.number_table import NumberTable
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_ROOM_BESIDE_HEADLINE, _ROOM_WITH_HEADLINE = 200, 240
"""How much of a card's width the headline leaves to its title, and the least height of a card with one."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a panel is about: the experiment and its problem."""

    experiment: Experiment
    problem: Problem


class Panel(QFrame):
    """A card. ``begin`` takes a new scene, ``draw`` a snapshot of its run, ``restyle`` new colours."""

    broke = Signal(object)  # the exception that an attempt has raised

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    short_title: ClassVar[str] = ""
    """What the panel's tab says in a window too low for all panels; the title where this is empty."""
    height_share: ClassVar[int] = 2
    """The panel's share of the height of its column, in relation to the other panels there."""
    least_height: ClassVar[int] = 255
    """The least height, in pixels at 100 %, of the panel above others that take turns."""
    wide_from: ClassVar[int] = 640
    """The least width, in pixels at 100 %, at which the note stands beside the title, not below it."""
    has_headline: ClassVar[bool] = True
    """Whether one large number of the run on screen stands in it where it is the main panel."""
    least_size: ClassVar[tuple[int, int]] = (160, 150)
    """Width and height, in pixels at 100 %, that the card needs for a picture that says something."""

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self.session = session
        self.appearance = appearance
        self.scene: Scene | None = None
        self.setObjectName(self.kind)
        self.setAccessibleName(self.title)
        self.setProperty("card", True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(GRID, GRID, GRID, GRID)
        self._layout.setSpacing(GRID // 2)
        self.heading = ElidedLabel(self.title)
        self.heading.setProperty("role", "title")
        self.note = NoteLabel()
        self.note.setProperty("role", "muted")
        self.headline = SteadyLabel()
        """One number that can be read from the back row; the panel area writes it in the main panel."""
        self.headline.setProperty("role", "headline")
        self.headline.hide()
        self.tools = QHBoxLayout()
        self.tools.setSpacing(GRID)  # else it is that of the layout around it, at whatever scale that has
        self.tools.addWidget(self.heading, 1)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(GRID)
        self._head.addLayout(self.tools)
        self._head.addWidget(self.note)
        top = QHBoxLayout()
        top.setSpacing(2 * GRID)
        top.addLayout(self._head, 1)
        top.addWidget(self.headline)
        self._layout.addLayout(top)
        self._body = QHBoxLayout()
        self._layout.addLayout(self._body, 1)

    @classmethod
    def offered(cls, problem: Problem) -> bool:
        """Whether the problem has what this panel shows."""
        return True

    @classmethod
    def offered_in(cls, scene: Scene) -> bool:
        """Whether a scene has what this panel shows: its problem, unless the run matters too."""
        return cls.offered(scene.problem)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange_head()

    def show_headline(self, text: str) -> None:
        """Write one large number, as rich text, beside the title; nothing where there are no words."""
        self.headline.setText(text)
        self.arrange_head()

    def arrange_head(self) -> None:
        """Put the note below the title where there is no room beside it, and drop a headline without room."""
        scaled = self.appearance.pixels
        beside = self.headline.sizeHint().width() + scaled(_ROOM_BESIDE_HEADLINE)
        has_room = self.width() >= beside and self.height() >= scaled(_ROOM_WITH_HEADLINE)
        with_headline = has_room and bool(self.headline.text())
        self.headline.setVisible(with_headline)
        is_wide = not with_headline and self.width() >= scaled(self.wide_from)
        directions = QBoxLayout.Direction
        self._head.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)
        self._head.setStretch(1, int(is_wide))  # the title has what it needs, and its tools stand by it
        across = Qt.AlignmentFlag.AlignRight if is_wide else Qt.AlignmentFlag.AlignLeft
        self.note.setAlignment(across | Qt.AlignmentFlag.AlignVCenter)

    def body(self, widget: QWidget) -> None:
        """Put the one widget of the card below its title."""
        self._body.addWidget(widget, 1)

    def beside(self, widget: QWidget) -> None:
        """Put a widget on the right of the card's body."""
        self._body.addWidget(widget)

    def keep_in_sight(self, table: NumberTable) -> None:
        """Be high enough for the heading and the first rows of a table."""
        title = 2 * self.heading.sizeHint().height() + 2 * GRID
        self.setMinimumHeight(table.height_in_sight + title + 3 * GRID)

    def put_below(self, *, below: bool) -> None:
        """Put what is beside the card's body below it, or back."""
        directions = QBoxLayout.Direction
        self._body.setDirection(directions.TopToBottom if below else directions.LeftToRight)

    def begin(self, scene: Scene) -> None:
        """Prepare for another experiment or problem, with the widgets that are there."""
        self.scene = scene

    def is_other_data(self, scene: Scene) -> bool:
        """Whether a new scene is about another problem than the one shown, if any."""
        return self.scene is None or scene.problem.spec != self.scene.problem.spec

    def draw(self, snapshot: Snapshot) -> None:
        """Show the run as it is now; only called after `begin`."""

    def draw_phase(self, fact: PhaseFact | None) -> None:
        """Show what the current step has made so far; None where the run is not stepped by phases."""

    def draw_frame(self, snapshot: Snapshot) -> None:
        """Show the run, and on top of it the phase after which it is stopped."""
        self.draw(snapshot)
        self.draw_phase(snapshot.phase)

    def redraw(self) -> None:
        """Draw again, because the picture has another size or shows another part."""
        snapshot = self.session.run.snapshot()
        current = self.scene is not None and self.scene.problem is self.session.run.problem
        if current and snapshot is not None and self.isVisible():
            self.attempt(self.draw_frame, snapshot)

    def restyle(self) -> None:
        """Apply the theme and the size of text."""

    def rescale(self) -> None:
        """Apply the scale to what every card has; `restyle` follows."""
        width, height = self.least_size
        self.setMinimumSize(self.appearance.pixels(width), self.appearance.pixels(height))
        space_out(self, self.appearance.scale)
        self.arrange_head()

    def attempt(self, action: Callable[..., None], *given: object) -> None:
        """Call an action of the panel; ``broke`` tells what it raises, so that other panels go on."""
        try:
            action(*given)
        except Exception as error:  # noqa: BLE001 - a panel of somebody's own may break in any way
            self.broke.emit(error)

    def colour(self, quantity: str, text: str) -> str:
        """Return rich text in a quantity's colour, for the note in the card's head; hidden ones are "?"."""
        readable = {"cost": "cost_text", "gradient": "gradient_text", "residuals": "gradient_text"}
        shade = getattr(self.appearance.theme, readable.get(quantity, quantity))
        return f'<span style="color:{shade}">{self.session.concealed.in_colour(quantity, text)}</span>'
