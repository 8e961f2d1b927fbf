"""Predict, run, reveal in the window, with the run's own number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdstudio.lessons.library import lesson

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.views.conftest import WindowOpener


def test_that_a_prediction_runs_the_cue_and_tells_the_number(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    cue = lesson("learning-rate").cue[0]
    assert window.cues.text.text() == cue.prompt
    with qtbot.waitSignal(window.session.player.run_finished):
        window.cues.choices[1].click()
    assert window.cues.text.text().startswith("As you predicted. θ₁ =")
    assert "0.933333" in window.cues.text.text()
    assert window.session.experiment.run.max_steps == 1


def test_that_a_wrong_prediction_is_told_and_kept(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    with qtbot.waitSignal(window.session.player.run_finished):
        QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert window.cues.text.text().startswith("Not as you predicted.")
    QTest.keyClick(window, Qt.Key.Key_PageUp)
    assert window.cues.choices[2].text().endswith("✓")


def test_that_a_cue_can_be_skipped_with_the_keyboard_alone(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    with qtbot.waitSignal(window.session.player.run_finished):
        QTest.keyClick(window, Qt.Key.Key_PageDown)
    assert "predicted" not in window.cues.text.text()
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    assert window.cues.text.text() == lesson("learning-rate").cue[1].prompt


def test_that_a_cue_without_a_run_is_read_off_its_start(open_window: WindowOpener) -> None:
    window = open_window("cost-and-slope")
    window.cues.choices[0].click()
    assert "J(−1) = 18.6667" in window.cues.text.text()
    assert window.session.experiment.run.initial_weights == (-1.0,)


def test_that_a_cue_of_another_model_changes_the_panels(open_window: WindowOpener) -> None:
    window = open_window("cost-and-slope")
    for _ in range(3):
        window.cues.forward()
        window.cues.forward()
    window.cues.predict(1)
    assert "c = 2" in window.cues.text.text()
    assert "0.666667" in window.cues.text.text()
    assert window.panels.panel("cost_curve").heading.text() == "Cost over the weight, J(c)"


def test_that_resetting_while_a_cue_runs_asks_again(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    with qtbot.waitSignal(window.session.player.run_finished):
        window.cues.forward()
    window.cues.forward()
    with qtbot.waitSignal(window.session.training.run_started):
        window.cues.forward()
    assert not window.cues.next.isEnabled()
    window.session.player.reset()
    assert window.cues.text.text() == lesson("learning-rate").cue[1].prompt
    assert window.cues.next.isEnabled()


def test_that_a_plain_experiment_has_no_strip(open_window: WindowOpener, tmp_path: Path) -> None:
    window = open_window("learning-rate")
    path = tmp_path / "mine.toml"
    path.write_text(
        'schema = 1\n[problem]\nkind = "line"\n[run]\nmax_steps = 5\ninitial_weights = [0.0, 0.0]\n'
    )
    window.open(str(path))
    assert not window.cues.isVisible()
    assert window.windowTitle().startswith("mine")
