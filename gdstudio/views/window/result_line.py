"""The result of the run, in a line of its own above the timeline: what is true of it now, and how it ended.

It always takes the same room, so that nothing moves when a result comes, except in a window that is low.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFontMetrics
from PySide6.QtWidgets import QLabel, QSizePolicy
from typing_extensions import override

from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.outcome import Outcomes, State
from gdstudio.views.widgets.theme import BODY, GRID

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gdstudio.core.training.events import RunResult
    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_NARROW = 700
"""Below this width, at 100 %, most results need a second line."""
_WRAPS = Qt.TextFlag.TextWordWrap


class ResultLine(QLabel):
    """Says what is true of the run on screen: at its minimum, diverging, ended; empty where nothing is.

    ``kind`` is ``quiet`` while nothing has ended, ``done`` after a good end, ``rise`` where the cost has
    risen. What the room does not hold is cut at a full stop, and whole in the tool tip.
    """

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session, self._appearance = session, appearance
        self._sentence, self.kind = "", "quiet"
        self._outcomes: Outcomes | None = None
        self._is_brief = False
        self.setObjectName("result")
        self.setAccessibleName("Result of the run")
        self.setWordWrap(True)
        self.setMinimumWidth(1)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        session.run_replaced.connect(self.refresh)
        session.experiment_changed.connect(self._forget)
        session.training.run_started.connect(self.refresh)
        session.player.run_finished.connect(self._on_finished)
        session.concealed.changed.connect(self.refresh)
        appearance.changed.connect(self._restyle)
        self._restyle()
        self.refresh()

    @property
    def sentence(self) -> str:
        """The whole of what is said, also where the room holds less."""
        return self._sentence

    def set_brief(self, *, is_brief: bool) -> None:
        """Take one line at most, and none while there is nothing to say."""
        if is_brief != self._is_brief:
            self._is_brief = is_brief
            self._fit()

    @Slot()
    def refresh(self) -> None:
        """Say what is true of the session's run as it stands."""
        self._forget()
        snapshot = self._session.run.snapshot()
        if snapshot is None:
            self._say("", "quiet")
        else:
            self.draw(snapshot)

    @Slot(object)
    def draw(self, snapshot: Snapshot) -> None:
        """Say what is true of a frame's snapshot, or how the run ended."""
        run = self._session.run
        if self._session.concealed.quantities:  # a question is asked that the result might answer
            self._say("", "quiet")
        elif run.result is not None:
            self._say(run.result.sentence, _kind(run.result))
        elif snapshot.course is None or run.problem is None:
            self._say("", "quiet")
        else:
            if self._outcomes is None:
                self._outcomes = Outcomes(run.experiment, run.problem)
            state = State(snapshot.step, snapshot.latest, snapshot.cost, snapshot.course)
            outcome = self._outcomes.on_the_way(state)
            self._say(outcome.sentence, "rise" if outcome.is_rise else "quiet")

    @Slot(object)
    def _on_finished(self, result: RunResult) -> None:
        self.refresh()
        if self.isVisible() and self._sentence:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, result.sentence))

    @Slot()
    def _forget(self) -> None:
        """Drop what was computed for another experiment."""
        self._outcomes = None

    def _say(self, sentence: str, kind: str) -> None:
        if (sentence, kind) == (self._sentence, self.kind):
            return
        is_other_kind, self.kind = kind != self.kind, kind
        self._sentence = sentence
        self.setAccessibleDescription(sentence)
        if is_other_kind:
            self._restyle()
        else:
            self._fit()

    @Slot()
    def _restyle(self) -> None:
        theme = self._appearance.theme
        mark = {"quiet": "transparent", "done": theme.cost, "rise": theme.gradient}[self.kind]
        words = theme.warning if self.kind == "rise" else theme.text
        self.setFont(self._appearance.font(BODY))
        self.setStyleSheet(
            f"QLabel#result {{ color: {words}; border-left: 4px solid {mark}; padding-left: {GRID}px; }}"
        )
        self._fit()

    def _fit(self) -> None:
        """Write as many sentences as the room holds, and keep the room."""
        metrics = QFontMetrics(self._appearance.font(BODY))
        if self.parentWidget() is not None:
            self.setVisible(bool(self._sentence) or not self._is_brief)
        lines = 1 if self._is_brief or self.width() >= self._appearance.pixels(_NARROW) else 2
        height = lines * metrics.lineSpacing()
        if self.minimumHeight() != height + 2:
            self.setFixedHeight(height + 2)
        room = QRect(0, 0, max(1, self.width() - 2 * GRID - 4), height)
        shown = _fitting(self._sentence, room, metrics)
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(self._sentence if shown != self._sentence else "")

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.minimumHeight())


def _kind(result: RunResult) -> str:
    if result.reason is FinishReason.STOPPED:
        return "quiet"
    bad = result.is_rise or result.reason in {FinishReason.DIVERGED, FinishReason.FAILED}
    return "rise" if bad else "done"


def _fitting(sentence: str, room: QRect, metrics: QFontMetrics) -> str:
    """Return the longest run of whole sentences that the room holds; where it holds none, a shortened one."""
    parts = re.split(r"(?<=[.]) (?=[A-Z])", sentence)
    ends = range(1, len(parts) + 1)
    texts = [" ".join(parts[first:end]) for end in ends for first in range(end)]
    lines = max(1, room.height() // metrics.lineSpacing())
    for text in sorted(texts, key=len, reverse=True):
        height = metrics.boundingRect(room, _WRAPS, text).height()  # a line may be a pixel higher than spaced
        if round(height / metrics.lineSpacing()) <= lines:
            return text
    return metrics.elidedText(parts[0], Qt.TextElideMode.ElideRight, int(0.9 * lines * room.width()))
