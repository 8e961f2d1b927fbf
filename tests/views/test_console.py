"""What the program prints, below the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor

from gdstudio.core.program.printed import printed_of_epochs
from gdstudio.lessons.library import lesson
from gdstudio.views.code.console import MOST_LINES, Console

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener


def run_to_the_end(window: MainWindow, qtbot: QtBot) -> None:
    window.session.edit({"view.steps_per_second": None})
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        window.session.player.play()
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)


def test_that_the_lesson_of_the_loop_prints_what_the_notebook_prints(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window.at("pytorch-loop", (1920, 1080))
    console = window.code.console
    assert console.isVisible()
    assert console.lines[0] == "Parameter containing:"
    assert not [line for line in console.lines if line.startswith("epoch")]
    run_to_the_end(window, qtbot)
    qtbot.waitUntil(lambda: "Completed: 300 steps." in console.lines)
    assert "epoch 3, loss 0.000101" in console.lines
    result = window.session.run.result
    assert result is not None
    assert f"w1 = {result.weights[0].item()!r}" in console.lines
    assert any(line.startswith("error in estimating w: tensor([") for line in console.lines)
    assert console.toPlainText().splitlines() == list(console.lines)
    window.session.time.preview(150)
    qtbot.waitUntil(lambda: "Completed: 300 steps." not in console.lines)
    assert len([line for line in console.lines if line.startswith("epoch")]) == 1


def test_that_it_is_folded_until_it_is_asked_for(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window.at("learning-rate", (1920, 1080))
    strip = window.code
    assert not strip.console.isVisible()
    run_to_the_end(window, qtbot)
    strip.output.click()
    assert window.session.experiment.view.console
    assert strip.console.isVisible()
    assert strip.console.lines[0] == "Completed: 100 steps."
    assert strip.console.lines[-1].startswith("theta = 0.99999") or strip.console.lines[-1] == "theta = 1.0"
    strip.output.click()
    assert not strip.console.isVisible()
    strip.output.click()
    strip.fold.click()
    assert not strip.console.isVisible()


def test_that_a_question_hides_its_numbers(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window.at("pytorch-loop", (1920, 1080))
    run_to_the_end(window, qtbot)
    console = window.code.console
    qtbot.waitUntil(lambda: "Completed: 300 steps." in console.lines)
    window.session.concealed.conceal(["cost", "weights", "updates"])
    qtbot.waitUntil(lambda: "Completed: ? steps." in console.lines)
    assert "epoch ?, loss ?" in console.lines
    assert "w1 = ?" in console.lines
    assert not [line for line in console.lines if "0.0" in line]
    window.session.concealed.conceal([])
    qtbot.waitUntil(lambda: "epoch 3, loss 0.000101" in console.lines)


def test_that_its_lines_are_bounded_and_can_be_selected_while_more_come(qtbot: QtBot) -> None:
    console = Console()
    qtbot.addWidget(console)
    console.show_lines([f"epoch {i}" for i in range(1, 6)])
    cursor = console.textCursor()
    cursor.select(QTextCursor.SelectionType.LineUnderCursor)
    console.setTextCursor(cursor)
    chosen = cursor.selectedText()
    assert chosen
    console.show_lines([f"epoch {i}" for i in range(1, 9)])
    assert console.textCursor().selectedText() == chosen
    assert console.toPlainText().endswith("epoch 7\nepoch 8")
    console.show_lines([f"epoch {i}" for i in range(1, 10 * MOST_LINES)])
    assert len(console.lines) == MOST_LINES == console.document().blockCount()
    assert console.lines[0] == "…"
    assert console.lines[-1] == f"epoch {10 * MOST_LINES - 1}"
    assert console.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse


def test_that_epochs_left_out_are_told_by_dots() -> None:
    table = np.array([[1, 100, 3.0, 4.0], [2, 200, 2.0, 3.0], [4, 400, 1.0, 2.0]])
    lines = [line.text for line in printed_of_epochs(lesson("mini-batches").experiment, table)]
    assert lines == ["epoch 1, loss 3.000000", "epoch 2, loss 2.000000", "…", "epoch 4, loss 1.000000"]


def test_that_it_is_written_seldom_while_a_run_plays_and_is_whole_where_it_rests(
    open_window: WindowOpener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window("pytorch-loop")
    window.session.edit({"view.steps_per_second": None, "run.max_epochs": 10**6})
    written: list[int] = []
    show = Console.show_lines

    def show_and_count(console: Console, lines: Sequence[str]) -> None:
        written.append(len(lines))
        show(console, lines)

    monkeypatch.setattr(Console, "show_lines", show_and_count)
    frames: list[object] = []
    window.clock.frame.connect(frames.append)
    window.session.player.play()
    qtbot.waitUntil(lambda: len(frames) >= 40, timeout=20_000)
    during = len(written)
    window.session.player.pause()
    assert 0 < during < len(frames) / 2  # at most one writing in 200 ms, a frame in 33
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)

    def has_last_epoch() -> bool:
        snapshot = window.session.run.snapshot()
        assert snapshot is not None
        epoch, cost = int(snapshot.epoch_table[-1, 0]), snapshot.epoch_table[-1, 2]
        return f"epoch {epoch}, loss {cost:f}" in window.code.console.lines

    qtbot.waitUntil(has_last_epoch)
