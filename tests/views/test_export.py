"""Exporting from the window: the script makes the run on screen again, changed rates included."""

from __future__ import annotations

import io
import json
import re
import runpy
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import pytest
import torch
from PySide6.QtWidgets import QFileDialog, QToolButton

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

NUMBER = r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?"


def weights_printed(script: Path) -> list[float]:
    """Run a script in this process: that it runs in one of its own is tested with the engine."""
    out = io.StringIO()
    try:
        with redirect_stdout(out):
            runpy.run_path(str(script), run_name="__main__")
    finally:
        torch.set_default_dtype(torch.float32)  # which scripts change
    named = re.findall(rf"^\s*(?:theta|w\d*|b)\s*[=:]?\s+({NUMBER})", out.getvalue(), re.MULTILINE)
    assert named, out.getvalue()
    return [float(number) for number in named]


def at_step(window: MainWindow, qtbot: QtBot, step: int) -> None:
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == step):
        window.session.time.seek(step)


def weights_at_end(window: MainWindow, qtbot: QtBot) -> list[float]:
    window.session.edit({"view.steps_per_second": None})
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        window.session.player.play()
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    weights: list[float] = snapshot.latest.tolist()
    return weights


@pytest.mark.parametrize("name", ["learning-rate", "pytorch-loop"])
def test_that_the_script_ends_where_the_run_with_its_changed_rates_ends(
    open_window: WindowOpener, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    window = open_window(name)
    at_step(window, qtbot, 3)
    window.session.edit({"run.learning_rate": 0.05})
    at_step(window, qtbot, 5)
    window.session.edit({"run.learning_rate": 0.0123})
    window.files.export(str(tmp_path / "parked.py"))  # the last change has not acted yet
    ended = weights_at_end(window, qtbot)
    window.files.export(str(tmp_path / "ended.py"))
    assert "Exported" in window.banner.text
    assert weights_printed(tmp_path / "parked.py") == ended
    assert weights_printed(tmp_path / "ended.py") == ended


def test_that_a_run_that_has_not_begun_is_exported_at_the_rate_on_screen(
    open_window: WindowOpener, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    at_step(window, qtbot, 3)
    window.session.edit({"run.learning_rate": 0.05})
    window.session.player.reset()
    window.files.export(str(tmp_path / "fresh.py"))
    assert window.session.run.rate_changes == ()
    assert weights_printed(tmp_path / "fresh.py") == weights_at_end(window, qtbot)


def test_that_going_back_before_a_change_forgets_it(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    at_step(window, qtbot, 3)
    window.session.edit({"run.learning_rate": 0.05})
    at_step(window, qtbot, 5)
    assert list(window.session.run.rate_changes) == [(3, 0.05)]
    at_step(window, qtbot, 2)
    assert list(window.session.run.rate_changes) == []
    assert window.session.run.first_experiment == window.session.experiment


def test_that_the_button_asks_for_a_place_and_writes_a_notebook_there(
    open_window: WindowOpener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    asked: list[str] = []

    def answer(_: object, title: str, place: str, kinds: str) -> tuple[str, str]:
        asked.append(place)
        return str(tmp_path / "mine"), kinds.split(";;")[1]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    button = window.findChild(QToolButton, "export")
    assert button is not None
    button.click()
    assert asked == ["learning-rate"]  # the kind that is chosen decides the ending
    assert json.loads((tmp_path / "mine.ipynb").read_text(encoding="utf-8"))["nbformat"] == 4


@pytest.mark.parametrize(("choice", "distributed"), [(0, False), (2, True)])
def test_that_a_script_for_several_processes_is_written_where_it_is_chosen(
    open_window: WindowOpener,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    choice: int,
    distributed: bool,
) -> None:
    window = open_window()

    def answer(_: object, title: str, place: str, kinds: str) -> tuple[str, str]:
        return str(tmp_path / "mine"), kinds.split(";;")[choice]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    window.files.choose_export()
    assert ("torchrun" in (tmp_path / "mine.py").read_text(encoding="utf-8")) is distributed


def test_that_a_wrong_ending_is_told_in_the_banner(open_window: WindowOpener, tmp_path: Path) -> None:
    window = open_window()
    window.files.export(str(tmp_path / "mine.txt"))
    assert "neither .py" in window.banner.text
    assert not (tmp_path / "mine.txt").exists()
