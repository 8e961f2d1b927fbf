"""The window as a whole: it plays what the command line computes, says how it ended, and closes cleanly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton

from gdstudio.core.training.events import RunState
from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson, lesson_ids
from gdstudio.views.plotting.plot_panel import PlotPanel

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from tests.views.conftest import WindowOpener


def headless(experiment: Experiment) -> Snapshot:
    problem = experiment.build_problem()
    history = History(len(problem.weight_names))
    train(Trainer(experiment, problem), RunControl(), history)
    return history.snapshot()


@pytest.mark.parametrize("name", lesson_ids())
def test_that_playing_gives_the_numbers_of_the_command_line(
    open_window: WindowOpener, qtbot: QtBot, name: str
) -> None:
    window = open_window(name)
    window.session.edit({"view.steps_per_second": None})
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        QTest.keyClick(window, Qt.Key.Key_Space)
    shown, expected = window.session.run.snapshot(), headless(lesson(name).experiment)
    assert shown is not None
    np.testing.assert_array_equal(shown.weights, expected.weights)
    np.testing.assert_array_equal(shown.costs, expected.costs)
    np.testing.assert_array_equal(shown.epoch_table, expected.epoch_table)


def test_that_the_result_says_that_the_run_diverged_and_why(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    changes = {"run.learning_rate": 0.25, "run.max_steps": 2000, "view.steps_per_second": None}
    assert window.session.edit(changes)
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        window.session.player.play()
    assert "Diverged at step" in window.result.sentence
    assert "learning rate 0.25 is above 2/L = 0.2143" in window.result.sentence
    for panel in window.panels.shown:
        assert isinstance(panel, PlotPanel)
        low, high = panel.view.viewRange()[0]
        assert np.isfinite([low, high]).all()


def test_that_the_play_button_says_what_it_will_do(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    assert window.transport.play.text() == "Play"
    with qtbot.waitSignal(window.session.training.run_started):
        window.transport.play.click()
    assert window.transport.play.text() == "Pause"
    with qtbot.waitSignal(
        window.session.player.state_changed, check_params_cb=lambda state: state is RunState.PAUSED
    ):
        window.transport.play.click()
    assert window.transport.play.text() == "Play"


def test_that_one_step_shows_the_golden_theta(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 1):
        QTest.keyClick(window, Qt.Key.Key_Right)
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    assert snapshot.latest[0] == pytest.approx(14 / 15, rel=1e-15)
    assert "0.933333" in window.panels.panel("cost_curve").note.text()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no such file"),
        (b"\xff\xfe\x00binary", "not a text file"),
        (b"schema = 1\n[problem", "not valid TOML"),
        (
            b'schema = 1\n[problem]\nkind = "line"\n[run]\nmax_steps = 3\nlearning_rate = 0.0',
            "run.learning_rate",
        ),
    ],
)
def test_that_a_bad_file_is_told_in_the_banner_and_loses_nothing(
    open_window: WindowOpener, qtbot: QtBot, tmp_path: Path, content: bytes | None, message: str
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 1):
        window.session.player.step()
    path = tmp_path / "bad.toml"
    if content is not None:
        path.write_bytes(content)
    window.open(str(path))
    assert message in window.banner.text
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    assert snapshot.step == 1


def test_that_what_is_saved_opens_as_the_same_experiment(open_window: WindowOpener, tmp_path: Path) -> None:
    window = open_window("two-parameters")
    window.session.edit({"run.learning_rate": 3 / 17, "run.initial_weights": (-1.0, 2.0)})
    made = window.session.experiment
    window.files.save(str(tmp_path / "mine.toml"))
    assert "Saved" in window.banner.text
    window.open("pytorch-loop")
    window.open(str(tmp_path / "mine.toml"))
    assert window.session.experiment == made
    window.files.save(str(tmp_path / "nowhere" / "mine.toml"))
    assert "cannot be written" in window.banner.text


def test_that_a_bad_value_leaves_the_experiment_as_it_was(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    before = window.session.experiment
    assert not window.session.edit({"run.batch_size": 2000})
    assert "batch_size" in window.banner.text
    assert "1000" in window.banner.text
    assert window.session.experiment == before


def test_that_the_number_keys_choose_lessons(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    QTest.keyClick(window, Qt.Key.Key_4)
    assert window.session.experiment == lesson(lesson_ids()[3]).experiment
    assert lesson(lesson_ids()[3]).title in window.windowTitle()


def test_that_brackets_move_the_learning_rate_by_a_notch(open_window: WindowOpener) -> None:
    window = open_window()
    QTest.keyClick(window, Qt.Key.Key_BracketRight)
    assert window.session.experiment.run.learning_rate == pytest.approx(0.1 * 10**0.05, rel=5e-3)
    QTest.keyClick(window, Qt.Key.Key_BracketLeft)
    assert window.session.experiment.run.learning_rate == 0.1


def test_that_the_device_chooser_says_why_one_is_missing(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: window.device.count() > 1)
    texts = [window.device.itemText(i) for i in range(window.device.count())]
    assert texts[0].lower().startswith("cpu")
    for index, text in enumerate(texts):
        usable = bool(
            window.device.model().flags(window.device.model().index(index, 0)) & Qt.ItemFlag.ItemIsEnabled
        )
        assert usable != ("not here: " in text)


def test_that_every_button_and_chooser_has_a_name(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    for kind in (QPushButton, QComboBox):
        for widget in window.findChildren(kind):
            assert widget.accessibleName(), widget.objectName()


def test_that_places_theme_and_lesson_are_remembered(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop", wait=False)
    window.appearance.toggle_theme()
    window.close()
    settings = window._settings
    assert settings.value("theme") == "dark"
    assert settings.value("lesson") == "pytorch-loop"
    assert settings.value("geometry") is not None


@pytest.mark.parametrize("state", ["at once", "ready", "running", "paced", "paused", "finished"])
@pytest.mark.parametrize("windows", [1, pytest.param(17, marks=pytest.mark.slow)])  # times six states
def test_that_closing_in_every_state_ends_the_thread(
    open_window: WindowOpener, qtbot: QtBot, state: str, windows: int
) -> None:
    for _ in range(windows):
        window = open_window("pytorch-loop", wait=state != "at once")
        session = window.session
        if state in {"running", "paused"}:
            session.edit({"view.steps_per_second": None, "run.max_epochs": 10**6})
        if state == "finished":
            session.edit({"view.steps_per_second": None})
        if state in {"running", "paced"}:
            with qtbot.waitSignal(session.training.run_started):
                session.player.play()
        if state == "paused":
            with qtbot.waitSignal(
                session.player.state_changed, check_params_cb=lambda s: s is RunState.PAUSED
            ):
                session.player.step()
        if state == "finished":
            with qtbot.waitSignal(session.player.run_finished):
                session.player.play()
        window.close()
        assert session.training.thread_has_ended
        assert not window.isVisible()
        open_window.discard(window)


def test_that_the_studio_plays_on_a_real_display(tmp_path: Path) -> None:
    """Under Xvfb: the whole program, started as a user starts it, with nothing on stderr."""
    if shutil.which("Xvfb") is None:
        pytest.skip("no Xvfb on this machine; Debian's package is xvfb")
    script = (
        "import sys, threading\n"
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtTest import QTest\n"
        "from PySide6.QtCore import Qt\n"
        "from gdstudio import app as studio\n"
        "app = studio.make_app()\n"
        "from gdstudio.lessons.library import lesson\n"
        "window = studio.MainWindow(lesson('learning-rate'))\n"
        "window.session.player.torch_ready.connect(window.session.player.play)\n"
        "window.session.edit({'view.steps_per_second': None})\n"
        "window.session.player.run_finished.connect(window.close)\n"
        "window.session.player.run_finished.connect(lambda r: print(r.sentence, r.weights.tolist()))\n"
        "window.show()\n"
        "sys.exit(app.exec())\n"
    )
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        display = f":{server.stdout.readline().strip()}"
        try:
            environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
            environment |= {"XDG_CONFIG_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
            done = subprocess.run(
                [sys.executable, "-c", script],
                env=environment,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            server.terminate()
    assert done.returncode == 0, done.stderr
    ending = "Completed: 100 steps, as set. At the minimum since step 14: J is exactly 0."
    assert done.stdout == f"{ending} [1.0]\n"
    assert done.stderr == ""


def test_that_a_result_is_written_in_the_colour_of_text_not_of_a_hint(open_window: WindowOpener) -> None:
    window = open_window()
    window.banner.show_text("A hint", "hint")
    window.banner.show_text("Saved", "result")
    seen = window.banner._label.palette().color(QPalette.ColorRole.WindowText)
    assert seen == QColor(window.appearance.theme.text)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in {"learning-rate", "hills-and-saddles"} else pytest.mark.slow)
        for name in lesson_ids()
    ],
)
def test_that_a_deleted_window_leaves_no_widget_behind(open_window: WindowOpener, name: str) -> None:
    before = len(QApplication.topLevelWidgets())
    open_window.discard(open_window(name))
    assert len(QApplication.topLevelWidgets()) == before
