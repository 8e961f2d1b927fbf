"""Where the panels stand, and that those which cannot be seen are not drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot

    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.plotting.panel import Panel
    from tests.views.conftest import WindowOpener


def test_that_a_panel_hidden_by_the_tabs_of_a_low_window_is_not_drawn(
    open_window: WindowOpener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window.at("learning-rate", (1024, 640), zoom=1.6)
    main, seen, hidden = window.panels.shown
    assert window.panels.tabs.isVisible()
    assert not seen.isHidden()
    assert hidden.isHidden()
    drawn: list[Panel] = []
    for panel in (main, seen, hidden):

        def draw(_snapshot: Snapshot, panel: Panel = panel) -> None:
            drawn.append(panel)

        monkeypatch.setattr(panel, "draw", draw)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 1):
        window.session.player.step()
    assert drawn
    assert hidden not in drawn
    drawn.clear()
    window.panels.tabs.setCurrentIndex(1)
    assert hidden in drawn
    assert seen not in drawn


def test_that_a_picture_which_comes_into_sight_with_more_room_is_drawn(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("mini-batches")
    window.resize(1280, 720)
    product = window.panels.panel("matrix_product")
    qtbot.waitUntil(product.isHidden)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 7):
        window.session.player.step(7)
    product.note.setText("")
    window.resize(1366, 768)
    qtbot.waitUntil(product.isVisible)
    assert product.note.text().startswith("all 1,000 rows")


def test_that_a_column_keeps_the_shares_that_the_user_gave_it_until_other_pictures_come(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    column = window.panels._right

    def share() -> float:
        return column.sizes()[0] / max(1, sum(column.sizes()))

    window.resize(1920, 1080)
    QApplication.processEvents()
    own = share()
    column.moveSplitter(round(0.7 * column.height()), 1)
    window.resize(1900, 1040)
    QApplication.processEvents()
    assert share() > own + 0.1
    window.open("mini-batches")
    window.open("learning-rate")
    qtbot.waitUntil(lambda: abs(share() - own) < 0.02)


def test_that_pictures_which_are_not_shown_go_with_the_window(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    main, taken_away, _ = window.panels.shown
    never_shown = window.panels.panel("weights_table")
    assert window.session.edit({"view.panels": ("cost_curve", "cost_history")})
    assert taken_away not in window.panels.shown
    assert not taken_away.isVisible()
    assert not never_shown.isVisible()
    open_window.discard(window)
    assert [isValid(panel) for panel in (main, taken_away, never_shown)] == [False, False, False]
