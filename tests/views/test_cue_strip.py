"""Predict, run, reveal: the strip asks, plays what the cue sets, and reveals the numbers of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QPushButton

from gdstudio.core.training.events import RunState
from gdstudio.lessons.kinds.choice import Choice
from gdstudio.lessons.kinds.saw import Saw
from gdstudio.lessons.library import lesson, lesson_ids
from gdstudio.views.window.answers.choice_button import ChoiceButton
from gdstudio.views.window.questions import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.cue_strip import CueStrip
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


AT_EITHER_END = [
    name if name in {lesson_ids()[0], lesson_ids()[-1]} else pytest.param(name, marks=pytest.mark.slow)
    for name in lesson_ids()
]


def answer(window: MainWindow, qtbot: QtBot, index: int | None = None) -> None:
    """Ask the next question, predict or not, and wait for the reveal."""
    if window.cues.questions.stage is not Stage.ASK:
        window.cues.forward()
    if window.cues.cue is not None and not window.cues.cue.run:
        window.cues.predict(index or 0)
        return
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        window.cues.forward() if index is None else window.cues.predict(index)
        window.session.edit({"view.steps_per_second": None})


def buttons(strip: CueStrip) -> list[QPushButton]:
    return list(strip.findChildren(ChoiceButton))


def shown_choices(strip: CueStrip) -> list[QPushButton]:
    return [choice for choice in buttons(strip) if choice.isVisible()]


def stage(window: MainWindow) -> Stage:
    return window.cues.questions.stage


def settings(window: MainWindow) -> tuple[object, object]:
    experiment = window.session.experiment
    return experiment.problem, experiment.run


def own_settings(name: str) -> tuple[object, object]:
    return lesson(name).experiment.problem, lesson(name).experiment.run


def test_that_a_lesson_opens_as_its_own_run_with_an_invitation(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    count = len(window.cues.questions.cues)
    assert window.cues.text.text() == f"{count} questions come with this lesson: predict, run, see."
    assert settings(window) == own_settings("learning-rate")
    assert not any(choice.isVisible() for choice in buttons(window.cues))
    assert not window.cues.restore.isVisible()


def test_that_asking_puts_the_start_of_the_cue_on_screen_and_clears_the_last(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    answer(window, qtbot, 1)
    window.cues.forward()
    assert window.cues.text.text() == lesson("learning-rate").cue[1].prompt
    assert window.session.experiment.run.learning_rate == 0.01
    assert window.session.run.shown_step == 0
    assert window.session.run.result is None
    assert window.banner.text == ""
    assert not any(choice.property("mark") for choice in shown_choices(window.cues))
    assert "predicted" not in window.cues.said.text()


def test_that_at_the_reveal_question_and_choices_stay_and_both_answers_are_marked(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, cue = open_window("learning-rate"), lesson("learning-rate").cue[0]
    answer(window, qtbot, 2)
    strip = window.cues
    assert strip.text.text() == cue.prompt
    assert strip.said.text().startswith("Not as you predicted. θ₁ = 0 − 0.1 · (−9.33333) = 0.933333")
    assert [choice.text() for choice in buttons(strip)[:3]] == ["0.1", "✓ 0.9333", "✗ 1 (predicted)"]
    assert [choice.property("mark") for choice in buttons(strip)[:3]] == ["", "right", "wrong"]
    assert buttons(strip)[1].accessibleName() == "0.9333, right"
    assert all(choice.isVisible() for choice in buttons(strip)[:3])


def test_that_a_right_prediction_is_marked_as_both(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    answer(window, qtbot, 1)
    assert window.cues.said.text().startswith("As you predicted. θ₁ =")
    assert buttons(window.cues)[1].text() == "✓ 0.9333 (predicted)"


def test_that_a_question_may_be_run_without_a_prediction(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    answer(window, qtbot)
    assert "predicted" not in window.cues.said.text()
    assert not any("predicted" in choice.text() for choice in buttons(window.cues))
    window.cues.forward()
    assert window.cues.text.text() == lesson("learning-rate").cue[1].prompt


def test_that_play_runs_the_question_that_is_asked(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    window.cues.forward()
    with qtbot.waitSignal(window.session.player.run_finished):
        window.transport.play.click()
    assert "0.933333" in window.cues.said.text()


def test_that_play_runs_the_cue_where_the_question_shows_other_settings(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    window.cues.questions.ask(4)
    assert window.session.experiment.run.learning_rate == 0.1
    window.transport.play.click()
    qtbot.waitUntil(lambda: window.cues.questions.stage is Stage.REVEAL)
    assert window.session.experiment.run.learning_rate == pytest.approx(3 / 28)
    assert window.cues.said.text().endswith("θ₁ = 1.00000.")


def test_that_a_paused_question_goes_on(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    window.cues.questions.ask(1)
    with qtbot.waitSignal(
        window.session.player.state_changed, check_params_cb=lambda s: s is RunState.PAUSED
    ):
        window.session.player.step()
    qtbot.waitUntil(lambda: window.cues.questions.stage is Stage.RUN)
    assert window.cues.next.text() == "Go on"
    with qtbot.waitSignal(window.session.player.run_finished):
        window.cues.forward()
        window.session.edit({"view.steps_per_second": None})
    assert "0.657597" in window.cues.said.text()


def test_that_a_cue_that_needs_no_run_reveals_at_once(open_window: WindowOpener) -> None:
    window = open_window("cost-and-slope")
    window.cues.forward()
    buttons(window.cues)[0].click()
    assert "J(−1) = 18.6667" in window.cues.said.text()
    assert window.session.experiment.run.initial_weights == (-1.0,)


def test_that_a_cue_of_another_model_changes_the_panels(open_window: WindowOpener) -> None:
    window = open_window("cost-and-slope")
    window.cues.questions.ask(3)
    heading = window.panels.panel("cost_curve").heading
    assert heading.text() == "Cost over the weight, J(θ)"
    window.cues.predict(1)
    assert "c = 2" in window.cues.said.text()
    assert "0.666667" in window.cues.said.text()
    assert heading.text() == "Cost over the weight, J(c)"


def test_that_resetting_while_a_cue_runs_asks_again(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    window.cues.questions.ask(1)
    with qtbot.waitSignal(window.session.training.run_started):
        window.cues.forward()
    assert not window.cues.next.isEnabled()
    window.session.player.reset()
    assert window.cues.questions.stage is Stage.ASK
    assert window.cues.text.text() == lesson("learning-rate").cue[1].prompt
    assert window.cues.next.isEnabled()


@pytest.mark.parametrize("way", ["reset", "restore", "list", "back"])
def test_that_the_lesson_comes_back_after_a_question(
    open_window: WindowOpener, qtbot: QtBot, way: str
) -> None:
    window = open_window("learning-rate")
    answer(window, qtbot, 1)
    assert window.session.experiment.run.max_steps == 1
    if way == "reset":
        window.transport.reset.click()
    elif way == "restore":
        window.cues.restore.click()
    elif way == "list":
        lessons = window.sidebar.findChild(QListWidget, "lessons")
        assert lessons is not None
        place = lessons.visualItemRect(lessons.item(1)).center()
        QTest.mouseClick(lessons.viewport(), Qt.MouseButton.LeftButton, pos=place)
    else:
        window.cues.back()
        window.cues.back()
    assert settings(window) == own_settings("learning-rate")
    assert window.session.run.shown_step == 0
    assert window.cues.said.text() == ""
    assert not window.cues.restore.isVisible()


def test_that_an_edit_offers_the_way_back_and_the_pictures_keep_their_size(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    before = window.panels.size()
    window.session.edit({"run.learning_rate": 0.05})
    qtbot.waitUntil(lambda: window.cues.restore.width() >= window.cues.restore.sizeHint().width())
    assert window.cues.restore.isVisible()
    assert window.panels.size() == before
    window.cues.restore.click()
    assert settings(window) == own_settings("learning-rate")
    assert not window.cues.restore.isVisible()


def test_that_a_click_on_another_lesson_opens_it_once(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    opened: list[str] = []
    window.sidebar.lesson_chosen.connect(opened.append)
    lessons = window.sidebar.findChild(QListWidget, "lessons")
    assert lessons is not None
    place = lessons.visualItemRect(lessons.item(0)).center()
    QTest.mouseClick(lessons.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened == ["cost-and-slope"]


@pytest.mark.parametrize("asked", [Stage.ASK, Stage.RUN, Stage.REVEAL])
def test_that_another_run_leaves_the_question(open_window: WindowOpener, qtbot: QtBot, asked: Stage) -> None:
    window = open_window("learning-rate")
    if asked is Stage.REVEAL:
        answer(window, qtbot, 1)
    else:
        window.cues.questions.ask(1)
    if asked is Stage.RUN:
        with qtbot.waitSignal(window.session.training.run_started):
            window.cues.forward()
    window.session.edit({"run.learning_rate": 0.05})
    assert window.cues.questions.stage is Stage.ASIDE
    count = len(window.cues.questions.cues)
    assert window.cues.text.text() == f"This is a run of your own. Question 2 of {count} waits."
    assert window.cues.said.text() == ""
    assert window.session.experiment.run.learning_rate == 0.05
    assert not window.session.concealed.quantities
    window.cues.forward()
    assert window.cues.text.text() == lesson("learning-rate").cue[1].prompt


def test_that_what_only_changes_the_picture_leaves_no_question(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    answer(window, qtbot, 1)
    window.session.edit({"view.cost_scale": "linear"})
    with qtbot.waitSignal(window.session.player.run_finished):
        window.session.player.play()  # again the same run
    assert "0.933333" in window.cues.said.text()


def test_that_opening_a_lesson_while_a_question_runs_shows_that_lesson(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    window.cues.questions.ask(1)
    with qtbot.waitSignal(window.session.training.run_started):
        window.cues.forward()
    window.open("two-parameters")
    assert settings(window) == own_settings("two-parameters")
    assert window.cues.questions.stage is Stage.REST
    assert not window.session.concealed.quantities


@pytest.mark.parametrize("name", AT_EITHER_END)
def test_that_the_last_question_ends_the_lesson(open_window: WindowOpener, qtbot: QtBot, name: str) -> None:
    window, ids = open_window(name), lesson_ids()
    window.cues.questions.ask(len(lesson(name).cue) - 1)
    answer(window, qtbot, 0 if shown_choices(window.cues) else None)
    window.cues.forward()
    following = ids[ids.index(name) + 1] if name != ids[-1] else None
    said = f"Lesson done. Next: {lesson(following).title}." if following else "Lesson done."
    assert window.cues.text.text() == said
    assert settings(window) == own_settings(name)
    assert window.cues.next.isVisible() == (following is not None)
    window.cues.forward()
    assert window.windowTitle().startswith(lesson(following or name).title)
    assert window.cues.questions.stage is (Stage.REST if following else Stage.DONE)


def test_that_the_questions_are_walked_forwards_and_backwards(open_window: WindowOpener) -> None:
    window = open_window("cost-and-slope")
    cues, strip = lesson("cost-and-slope").cue, window.cues
    for number in range(len(cues)):
        strip.forward()
        assert strip.count.text() == f"{number + 1}/{len(cues)}"
        strip.forward()
        assert stage(window) is Stage.REVEAL
    strip.forward()
    assert stage(window) is Stage.DONE
    for cue in reversed(cues):
        strip.back()
        assert strip.text.text() == cue.prompt
        assert stage(window) is Stage.ASK
    strip.back()
    assert stage(window) is Stage.REST
    strip.back()
    assert stage(window) is Stage.REST


@pytest.mark.parametrize("name", lesson_ids())
@pytest.mark.parametrize(
    ("width", "zoom"),
    [(1280, 1.6), *(pytest.param(*look, marks=pytest.mark.slow) for look in ((1024, 1.0), (1920, 1.6)))],
)
def test_that_no_answer_is_cut_off(
    open_window: WindowOpener, qtbot: QtBot, name: str, width: int, zoom: float
) -> None:
    window = open_window.at(name, (width, 900), zoom)
    strip = window.cues
    for number, cue in enumerate(lesson(name).cue):
        if not isinstance(cue, Choice | Saw):
            continue
        strip.questions.ask(number)
        strip.questions.given = 1
        strip.questions._go(Stage.REVEAL)
        qtbot.waitUntil(lambda: all(c.width() >= c.sizeHint().width() for c in shown_choices(strip)))
        assert len(shown_choices(strip)) == len(cue.choices)


def test_that_a_plain_experiment_has_no_strip(open_window: WindowOpener, tmp_path: Path) -> None:
    window = open_window("learning-rate")
    path = tmp_path / "mine.toml"
    path.write_text(
        'schema = 1\n[problem]\nkind = "line"\n[run]\nmax_steps = 5\ninitial_weights = [0.0, 0.0]\n'
    )
    window.open(str(path))
    window.cues.forward()
    assert not window.cues.isVisible()
    assert window.windowTitle().startswith("mine")
