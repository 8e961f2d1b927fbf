"""Questions asked and run to a stage, for the tests of how each kind is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from gdstudio.views.window.questions import Stage


def ask(window: MainWindow, kind: str) -> None:
    """Ask the first question of a kind in the window's lesson."""
    questions = window.cues.questions
    assert questions.lesson is not None
    questions.ask([cue.kind for cue in questions.lesson.cue].index(kind))


def until(window: MainWindow, qtbot: QtBot, stage: Stage) -> None:
    window.session.edit({"view.steps_per_second": None})
    qtbot.waitUntil(lambda: window.cues.questions.stage is stage, timeout=20_000)
