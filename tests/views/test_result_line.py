"""The line of the result: what it says, when, and that nothing moves for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QAccessible

from gdstudio.views.window import result_line

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window

FAST = {"view.steps_per_second": None}
AT_MINIMUM = "At the minimum since step 14: J is exactly 0."


def play(window: MainWindow, qtbot: QtBot, **run: Any) -> str:
    window.session.edit({**FAST, **{f"run.{name}": value for name, value in run.items()}})
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        window.session.player.play()
    return window.result.sentence


def step_to(window: MainWindow, qtbot: QtBot, step: int) -> None:
    with qtbot.waitSignal(
        window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == step, timeout=20_000
    ):
        window.session.player.step(step - window.session.run.shown_step)


def test_that_the_ending_stands_in_its_line_and_the_formula_stays(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window()
    assert play(window, qtbot) == f"Completed: 100 steps, as set. {AT_MINIMUM}"
    assert window.result.text() == window.result.sentence
    assert window.result.kind == "done"
    assert window.formula.isVisible()
    assert window.banner.text == ""


def test_that_what_is_true_is_said_while_the_run_goes_on(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    window.session.edit({**FAST, "run.learning_rate": 0.1})
    step_to(window, qtbot, 13)
    assert window.result.sentence == ""
    step_to(window, qtbot, 14)
    assert window.result.sentence == AT_MINIMUM
    window.session.time.seek(13)
    qtbot.waitUntil(lambda: window.result.sentence == "")
    window.session.time.seek(20)
    qtbot.waitUntil(lambda: window.result.sentence == AT_MINIMUM)


def test_that_a_diverging_run_says_by_how_much(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    window.session.edit({**FAST, "run.learning_rate": 0.25, "run.max_steps": 1000})
    step_to(window, qtbot, 173)
    assert window.result.sentence == "Diverging: the cost is about 10⁴³ times its start."
    assert window.result.kind == "rise"


@pytest.mark.parametrize("how", ["reset", "edit", "play again", "another lesson"])
def test_that_a_new_run_clears_the_result(open_window: WindowOpener, qtbot: QtBot, how: str) -> None:
    window = open_window()
    play(window, qtbot, learning_rate=0.01)
    assert window.result.sentence
    if how == "reset":
        window.session.player.reset()
    elif how == "edit":
        window.session.edit({"run.learning_rate": 0.02})
    elif how == "another lesson":
        window.open("two-parameters")
    else:
        window.session.edit({"view.steps_per_second": 1.0})
        window.session.player.play()
    assert window.result.sentence == window.result.text() == ""
    assert window.result.kind == "quiet"


def test_that_nothing_is_said_while_a_question_is_asked(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    window.session.concealed.conceal({"cost"})
    assert play(window, qtbot) == ""
    assert window.result.accessibleDescription() == ""
    window.session.concealed.conceal(())
    assert window.result.sentence.startswith("Completed: 100 steps")


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_that_nothing_moves_when_a_result_comes(
    open_window: WindowOpener, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window.at("learning-rate", size)
    window.session.edit({**FAST, "run.learning_rate": 0.25, "run.max_steps": 2000})
    step_to(window, qtbot, 1)
    parts = (window.panels, window.transport, window.banner, window.result, window.code)
    before = [part.geometry() for part in parts]
    play(window, qtbot)
    assert window.result.text().startswith("Diverged")
    assert [part.geometry() for part in parts] == before


def test_that_a_result_that_the_room_does_not_hold_is_whole_in_the_tool_tip(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window.at("learning-rate", (1920, 1080))
    play(window, qtbot, learning_rate=0.25, max_steps=2000)
    whole = window.result.sentence
    assert window.result.text() == whole
    assert window.result.toolTip() == ""
    window.result.resize(920, window.result.height())
    assert window.result.text() == whole.removesuffix(" Shown is the last finite state.")
    assert window.result.toolTip() == whole
    window.result.resize(120, window.result.height())
    assert window.result.text().endswith("…")
    assert whole.startswith(window.result.text().rstrip("…"))


def test_that_an_ending_is_told_to_screen_readers(
    open_window: WindowOpener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    class Heard:
        @staticmethod
        def updateAccessibility(event: Any) -> None:
            told.append(event.message())

    monkeypatch.setattr(result_line, "QAccessible", Heard)
    window = open_window()
    sentence = play(window, qtbot)
    assert told == [sentence]
    interface = QAccessible.queryAccessibleInterface(window.result)
    assert interface.text(QAccessible.Text.Name) == "Result of the run"
    assert interface.text(QAccessible.Text.Description) == sentence


def test_that_a_run_at_rest_ends_soon_and_says_so(open_window: WindowOpener, qtbot: QtBot) -> None:
    """At ten steps a second its 2,000 steps would take 200 seconds, nearly all of them still."""
    window = open_window()
    window.session.edit({"view.steps_per_second": 60.0, "run.max_steps": 2000})
    with qtbot.waitSignal(window.session.player.run_finished, timeout=5_000):
        window.session.player.play()
    assert "The steps after 34 were made at once, as they change nothing." in window.result.sentence
    assert window.session.run.shown_step == 2000


def test_that_a_run_that_breaks_leaves_its_error_in_the_banner(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window()
    window.session.edit({"run.device": "cuda:99"})
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        window.session.player.play()
    assert "cuda" in window.banner.text
    assert window.result.sentence == "The run could not go on."
