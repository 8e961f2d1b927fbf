"""A window that is low beside its letters: the pictures have what they need before anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QMenu

from gdstudio.views.formula.symbols import is_ready
from gdstudio.views.plotting.network.drawing import NetworkDrawing
from gdstudio.views.widgets.theme import BODY
from gdstudio.views.window.page import Page
from tests.views.page_checks import faults

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.views.conftest import WindowOpener


@pytest.mark.parametrize("size", [(1024, 640), (1366, 768)])
def test_that_a_picture_is_in_sight_at_the_largest_zoom(
    open_window: WindowOpener, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window.at("learning-rate", size, 2.5)
    qtbot.waitUntil(lambda: is_ready() and not faults(window))
    page = window.findChild(Page)
    assert page is not None
    assert page.height() > 0.7 * window.height()
    main = window.panels.shown[0]
    assert main.mapTo(page, QPoint(0, 0)).y() + main.heading.height() < page.height(), "its head is in sight"


def test_that_buttons_without_room_are_in_a_menu_and_do_the_same(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window.at("learning-rate", (1024, 640), 2.5)
    transport = window.transport
    qtbot.waitUntil(transport.more.isVisible)
    assert transport.height() < 0.25 * window.height()
    assert not transport.pin.isVisible()
    transport.more.held.aboutToShow.emit()
    phase, seed, pin = transport.more.held.actions()
    assert [action.text() for action in (phase, seed, pin)] == ["Phase", "New seed", "Pin"]
    before = window.session.experiment.run.seed
    seed.trigger()
    assert window.session.experiment.run.seed != before
    window.appearance.set_zoom(1.0)
    qtbot.waitUntil(lambda: transport.pin.isVisible() and not transport.more.isVisible())


def test_that_tools_without_room_are_in_a_menu_and_do_the_same(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window.at("learning-rate", (1024, 640), 2.5)
    head = window.head
    qtbot.waitUntil(head.more.isVisible)
    assert head.title.text() == head.title.full_text
    qtbot.waitUntil(lambda: window.device.findText("CPU") >= 0)  # torch knows what there is
    head.more.held.aboutToShow.emit()
    actions = {action.text(): action for action in head.more.held.actions()}
    names = ["Pictures", "Device", "Open…", "Data…", "Save…", "Export…"]
    assert [*actions] == [*names, "Light or dark (T)", "Keys and controls (?)"]
    assert actions["Pictures"].menu() is head.pictures.menu()
    devices = actions["Device"].menu()
    assert isinstance(devices, QMenu)
    assert [action.isChecked() for action in devices.actions() if action.text() == "CPU"] == [True]
    actions["Light or dark (T)"].trigger()
    assert window.appearance.theme.is_dark
    window.appearance.set_zoom(1.6)
    qtbot.waitUntil(lambda: head.pictures.isVisible() and head.more.isVisible())


def test_that_the_result_takes_no_room_while_there_is_none(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window.at("learning-rate", (1024, 640), 2.5)
    assert not window.result.isVisible()
    window.session.edit({"view.steps_per_second": None})
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        window.session.player.play()
    qtbot.waitUntil(window.result.isVisible)
    assert window.result.height() < 2 * window.result.fontMetrics().height()
    assert window.result.toolTip() == window.result.sentence
    window.session.player.reset()
    qtbot.waitUntil(lambda: not window.result.isVisible())
    window.appearance.set_zoom(1.0)
    assert window.result.isVisible()


@pytest.mark.parametrize("zoom", [1.6, 2.5])
def test_that_a_long_formula_has_more_lines_and_not_smaller_letters(
    open_window: WindowOpener, qtbot: QtBot, zoom: float
) -> None:
    window = open_window.at("mini-batches", (1024, 640), zoom)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 13):
        window.session.player.step(13)
    qtbot.waitUntil(lambda: is_ready() and not faults(window))
    page = window.formula.mathematics.page()
    assert page.font.pixelSize() == window.appearance.type_pixels(BODY)
    begins = [row[0].piece.text.strip() for row in page.rows]
    groups, signs = {"(w₁, w₂, b)", "1,000/10", "∇J_batch"}, set("←=−≈")
    assert set(begins) <= groups | signs, "a line begins with a group or with a sign"


def test_that_the_code_is_folded_where_large_letters_make_a_large_window_low(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window.at("learning-rate", (3840, 2160), 1.6)
    page = window.findChild(Page)
    assert page is not None
    assert window.code.is_folded
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() == 0)


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
def test_that_a_number_leaves_the_dashes_of_its_edge_in_sight(
    open_window: WindowOpener, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window.at("pytorch-loop", size, 1.6)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 13):
        window.session.player.step(13)
    drawing = window.panels.shown[0].findChild(NetworkDrawing)
    assert drawing is not None
    qtbot.waitUntil(lambda: not faults(window))
    layout = drawing.layout_now
    assert layout is not None
    span = layout.sum.x() - layout.edges[0].begin.x() - 2 * layout.radius
    wide = QFontMetricsF(layout.font).horizontalAdvance
    assert max(map(wide, drawing.texts())) < 0.65 * span
