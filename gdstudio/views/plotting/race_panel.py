"""What both pictures of a race share: they let it go on, draw it, name who is who, and say who is ahead."""

from __future__ import annotations

from abc import abstractmethod
from html import escape
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Slot
from typing_extensions import override

from gdstudio.core.race.words import sentences
from gdstudio.views.plotting.plane import has_plane
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.race_key import KeyRow, RaceKey, cost_words
from gdstudio.views.plotting.race_lines import RaceLines

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent

    from gdstudio.core.race.race import RaceView, Standing
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session


_PICTURES = ("race", "race_costs")


class RacePanel(PlotPanel):
    """A plot with a line for each contestant, and a key to them.

    Parameters
    ----------
    with_costs
        Whether the key has the costs behind the names, and is in the order of the standing.
    """

    has_headline: ClassVar[bool] = False  # it would be that of one contestant alone

    def __init__(self, session: Session, appearance: Appearance, *, with_costs: bool) -> None:
        super().__init__(session, appearance)
        self._with_costs = with_costs
        self._says_who_is_ahead = True  # the first picture of the race on the page does
        self.lines = RaceLines(self)
        name = "Standing of the race" if with_costs else "Key to the race"
        self.key = RaceKey(session.racing, appearance, name, with_costs=with_costs)
        self.beside(self.key)
        session.racing.changed.connect(self._on_changed)
        session.racing.marked.connect(self._on_changed)
        session.racing.broke.connect(self._on_broke)

    @abstractmethod
    def points_of(self, standing: Standing) -> tuple[Floats, Floats]:
        """Return the line of a contestant, x and y (k,), cut at the border of the picture."""

    @abstractmethod
    def marks_of(self, standing: Standing) -> tuple[Floats, Floats]:
        """Return where a contestant's line is marked, x and y (m,): places that stay while it grows."""

    @abstractmethod
    def prepare(self, view: RaceView, snapshot: Snapshot) -> None:
        """Set the ranges of the axes for what is drawn next."""

    @property
    def beside_it(self) -> tuple[str, ...]:
        """The kinds of the other pictures of the race on the page."""
        kinds = self.session.experiment.view.panels
        return tuple(kind for kind in kinds if kind in _PICTURES and kind != self.kind)

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        kinds = self.session.experiment.view.panels
        others = self.beside_it if has_plane(scene.problem) else ()
        self._says_who_is_ahead = all(kinds.index(kind) > kinds.index(self.kind) for kind in others)

    @override
    def draw(self, snapshot: Snapshot) -> None:
        view = self.session.racing.view(snapshot)
        if self.scene is None or view is None:
            return
        self.prepare(view, snapshot)
        self.lines.draw(view, self.points_of, self.marks_of)
        if self.key.show_rows(self._rows(view)):
            self.arrange_key()
        text = "<br>".join(filter(None, [self._sentences(view), self.remark(view)]))
        if text != self.note.text():
            self.note.setText(text)

    def remark(self, view: RaceView) -> str:
        """Return what else is to be said below the sentences, as rich text."""
        return ""

    @override
    def restyle(self) -> None:
        super().restyle()
        self.lines.restyle()
        self.arrange_key()

    @abstractmethod
    def arrange_key(self) -> None:
        """Put the key where there is room for it."""

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange_key()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.session.racing.watch(self)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.session.racing.leave(self)

    @property
    def _is_concealed(self) -> bool:
        """Whether the costs would give away what a question hides."""
        return self.session.concealed.hides("cost")

    def _rows(self, view: RaceView) -> list[KeyRow]:
        if not self._with_costs or self._is_concealed or view.clock == 0:
            return [KeyRow(one.contestant.place, one.contestant.name) for one in view.standings]
        return [_row(view, one) for one in view.order]

    def _sentences(self, view: RaceView) -> str:
        if not self._says_who_is_ahead:
            return ""
        if self._is_concealed:
            return "Who is ahead is said when the question has been answered"
        first, *others = (escape(sentence, quote=False) for sentence in sentences(view))
        return "<br>".join(filter(None, [first, " &nbsp; ".join(others)]))

    @Slot()
    def _on_changed(self) -> None:
        self.redraw()

    @Slot(object)
    def _on_broke(self, error: Exception) -> None:
        if self.isVisible():
            self.broke.emit(error)


def _row(view: RaceView, one: Standing) -> KeyRow:
    contestant = one.contestant
    if one.has_diverged:
        return KeyRow(contestant.place, contestant.name, f"diverged at {one.step + 1:,}", is_warning=True)
    return KeyRow(contestant.place, contestant.name, cost_words(one.cost), one.cost > view.start_cost)
