"""The page uses the room it has: nothing keeps what it does not need, and what is read stands first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QScrollArea

from gdstudio.views.plotting.number_table import NumberTable
from gdstudio.views.widgets.reading_order import stops

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.views.conftest import WindowOpener


def test_that_the_sidebar_is_as_wide_as_before_when_the_zoom_is_taken_back(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    window.resize(1024, 640)
    qtbot.waitUntil(lambda: window.sidebar.width() < 240)
    own = window.sidebar.width()
    for zoom in (2.5, 1.0):
        window.appearance.set_zoom(zoom)
        qtbot.waitUntil(lambda: (window.sidebar.width() > own + 100) is (window.appearance.zoomed > 1))
    qtbot.waitUntil(lambda: window.sidebar.width() == own)


def test_that_the_sidebar_is_never_scrolled_sideways(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("two-parameters")
    window.resize(1024, 640)
    window.appearance.set_zoom(2.5)
    scrolled = window.sidebar.findChild(QScrollArea)
    assert scrolled is not None
    qtbot.waitUntil(lambda: not scrolled.horizontalScrollBar().isVisible())


def test_that_a_hidden_button_takes_no_room_from_words_that_need_it(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    cues = window.cues
    for zoom, is_kept in ((2.5, False), (1.0, True)):
        window.appearance.set_zoom(zoom)
        window.resize(1024, 640)

        def has_its_room(is_kept: bool = is_kept) -> bool:
            kept = cues.restore.sizeHint().width() if is_kept else 0
            return abs(cues.text.width() + cues.next.width() + kept - cues.width()) < 0.15 * cues.width()

        qtbot.waitUntil(has_its_room)


def test_that_an_answer_stands_in_a_line_with_the_button_beside_it(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("hills-and-saddles")
    window.resize(1280, 720)
    window.appearance.set_zoom(1.6)
    window.cues.forward()
    entry = window.cues.findChild(QLineEdit, "place_1")
    assert entry is not None
    qtbot.waitUntil(lambda: window.cues.text.height() > 2 * window.cues.text.fontMetrics().height())
    middle = entry.mapTo(window.cues, entry.rect().center()).y()
    assert abs(middle - window.cues.next.geometry().center().y()) <= 4


def test_that_the_sums_of_the_chain_rule_are_in_sight(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("cost-and-slope")
    window.resize(1280, 720)
    window.session.edit({"view.steps_per_second": None})
    window.cues.forward()
    window.cues.forward()
    table = window.panels.panel("chain_rule").findChild(NumberTable)
    assert table is not None
    qtbot.waitUntil(lambda: table.rowHeight(0) * table.rowCount() <= table.viewport().height())


def test_that_a_result_is_said_in_full_where_it_has_room(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    window.session.edit({"view.steps_per_second": None})
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        window.session.player.play()
    said = window.result.sentence
    assert said.count(".") > 1
    for size in ((1280, 720), (1366, 768), (1920, 1080), (2560, 1440), (3840, 2160)):
        window.resize(*size)
        assert window.result.text() == said, size


def test_that_no_line_of_the_code_is_cut_below(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    text = window.code.text

    def shows_whole_lines() -> bool:
        document = text.document()
        margin = document.documentMargin()
        line = (document.size().height() - 2 * margin) / document.blockCount()
        seen = (text.viewport().height() - margin) / line
        return text.verticalScrollBar().maximum() > 0 and abs(seen - round(seen)) * line < 2

    for size in ((1920, 1080), (2560, 1440)):
        window.resize(*size)
        qtbot.waitUntil(shows_whole_lines)


def test_that_the_output_stands_below_the_code_and_shows_its_end_at_every_size(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("pytorch-loop")
    window.session.edit({"view.steps_per_second": None})
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        window.session.player.play()
    console, bar = window.code.console, window.code.console.verticalScrollBar()
    for size in ((1920, 1080), (2560, 1440)):
        window.resize(*size)
        qtbot.waitUntil(lambda: console.isVisible() and 0 < bar.maximum() == bar.value())
        qtbot.waitUntil(lambda: console.y() >= window.code.text.geometry().bottom())
        assert console.viewport().height() >= 4 * console.fontMetrics().lineSpacing()


def test_that_the_keys_reach_the_code_and_scroll_it(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    window.resize(1920, 1080)
    text = window.code.text
    qtbot.waitUntil(lambda: text.verticalScrollBar().maximum() > 0)
    assert text in stops(window.reading_order())
    text.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(text, Qt.Key.Key_Down)
    assert text.verticalScrollBar().value() > 0
    QTest.keyClick(text, Qt.Key.Key_Tab)
    assert window.focusWidget() is not text


def test_that_a_title_is_whole_where_its_head_has_room(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("pytorch-loop")
    window.resize(1920, 1080)
    loss = window.panels.panel("epoch_loss")
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 130):
        window.session.player.step(130)
    qtbot.waitUntil(lambda: loss.note.seen == loss.note.text() and not loss.heading.is_cut)


def test_that_the_fold_of_the_code_is_whole_at_the_largest_zoom(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    assert window.session.edit({"view.panels": ("cost_curve",)})
    window.resize(1024, 640)
    window.appearance.set_zoom(2.5)
    fold = window.code.fold
    qtbot.waitUntil(lambda: fold.isVisible() and fold.height() >= fold.sizeHint().height())


def test_that_step_and_epoch_are_whole_at_the_largest_zoom(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("mini-batches")
    window.resize(1024, 640)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 130):
        window.session.player.step(130)
    window.appearance.set_zoom(2.5)
    qtbot.waitUntil(lambda: not window.transport.status.is_cut)
    assert window.transport.status.text() == "step 130 of 300   ·   epoch 2 of 3"


@pytest.mark.parametrize("name", ["learning-rate", "yes-or-no"])
def test_that_the_main_picture_has_more_room_than_the_code_whose_loop_is_in_sight(
    open_window: WindowOpener, qtbot: QtBot, name: str
) -> None:
    window = open_window.at(name, (1920, 1080))
    main, text = window.panels.shown[0], window.code.text
    qtbot.waitUntil(lambda: main.height() > 1.8 * window.code.height())
    height = text.viewport().height()
    seen = [text.cursorForPosition(QPoint(4, y)).block().text() for y in range(2, height, 4)]
    loop = [
        "for step in range",
        "cost = loss(",
        "optimizer.zero_grad()",
        "cost.backward()",
        "optimizer.step()",
    ]
    assert [line for line in loop if any(line in other.replace("\xa0", " ") for other in seen)] == loop
