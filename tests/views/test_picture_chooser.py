"""The button "Pictures": what it lists, that one to four stay, and that file and lesson know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from gdstudio.core.settings.files import read_experiment, write_experiment
from gdstudio.lessons.library import lesson
from gdstudio.views.window.picture_chooser import toggled
from tests.views.hands import Hands

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QAction

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener


def opened(window: MainWindow) -> QMenu:
    """Return the menu as it is when it opens; the platform of the tests cannot grab the keyboard for it."""
    menu = window.pictures.pictures
    menu.aboutToShow.emit()
    return menu


def action(menu: QMenu, kind: str) -> QAction:
    return next(a for a in menu.actions() if a.data() == kind)


def ticked(menu: QMenu) -> set[str]:
    return {a.data() for a in menu.actions() if a.isChecked()}


def sentence(menu: QMenu) -> str:
    return menu.actions()[-1].text()


def shown(window: MainWindow) -> list[str]:
    return [panel.kind for panel in window.panels.shown]


def test_that_it_lists_what_the_problem_offers_and_ticks_what_is_shown(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    menu = opened(window)
    listed = {a.data() for a in menu.actions() if a.isCheckable()}
    assert {"cost_curve", "data_plot", "cost_history", "weights_table"} <= listed
    assert not {"contour", "surface"} & listed  # they need two weights
    assert ticked(menu) == {"cost_curve", "data_plot", "cost_history"}
    assert action(menu, "weights_table").text() == "Weights and their errors"
    assert sentence(menu) == "One to four at a time."


def test_that_a_tick_shows_a_picture_at_once_and_the_run_goes_on(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    run = window.session.run
    menu = opened(window)
    action(menu, "weights_table").trigger()
    assert shown(window) == ["cost_curve", "data_plot", "cost_history", "weights_table"]
    action(menu, "cost_curve").trigger()
    assert shown(window) == ["data_plot", "cost_history", "weights_table"]
    assert window.session.run is run


def test_that_a_fifth_is_refused_in_words_and_the_last_one_stays(open_window: WindowOpener) -> None:
    window = open_window("two-parameters")
    menu = opened(window)
    assert sentence(menu) == "Four at most: untick one to show another."
    action(menu, "weights_table").trigger()
    assert len(shown(window)) == 4
    assert "weights_table" not in shown(window)
    for kind in ("contour", "surface", "data_plot"):
        action(menu, kind).trigger()
    assert shown(window) == ["cost_history"]
    assert sentence(menu) == "One stays: tick another one first."
    action(menu, "cost_history").trigger()
    assert shown(window) == ["cost_history"]
    assert ticked(menu) == {"cost_history"}


def test_that_another_picture_becomes_the_main_one(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    menu = opened(window)
    [mains] = [m for m in menu.findChildren(QMenu) if m.title() == "Main picture"]
    assert [a.data() for a in mains.actions() if a.isChecked()] == ["cost_curve"]
    action(mains, "cost_history").trigger()
    assert shown(window) == ["cost_history", "cost_curve", "data_plot"]
    assert [a.data() for a in mains.actions()] == shown(window)


def test_that_the_choice_is_in_the_file_and_the_lesson_restores_its_own(
    open_window: WindowOpener, tmp_path: Path
) -> None:
    window = open_window("learning-rate")
    assert not window.cues.restore.isVisible()
    action(opened(window), "data_plot").trigger()
    write_experiment(window.session.run.repeatable_experiment, tmp_path / "mine.toml")
    assert read_experiment(tmp_path / "mine.toml").view.panels == ("cost_curve", "cost_history")
    assert window.cues.restore.isVisible()
    window.cues.restore.click()
    assert shown(window) == list(lesson("learning-rate").experiment.view.panels)


def test_that_keys_open_it_tick_in_it_and_leave_it_open(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    hands = Hands(window)
    for _ in range(60):
        hands.key(Qt.Key.Key_Tab)
        if hands.focus is window.pictures:
            break
    assert hands.focus is window.pictures
    assert window.pictures.accessibleName()
    menu = opened(window)
    menu.setActiveAction(action(menu, "weights_table"))
    QTest.keyClick(menu, Qt.Key.Key_Space)
    assert shown(window)[-1] == "weights_table"
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert "weights_table" not in shown(window)


@pytest.mark.parametrize(
    ("before", "kind", "after"),
    [
        (("a", "b"), "c", ("a", "b", "c")),
        (("a", "b"), "a", ("b",)),
        (("a",), "a", ("a",)),
        (("a", "b", "c", "d"), "e", ("a", "b", "c", "d")),
        (("a", "x"), "b", ("a", "x", "b")),  # x is for another problem, and stays
        (("a", "b", "c", "x"), "d", ("a", "b", "c", "d")),  # without room it goes
        (("a", "x"), "a", ("a", "x")),  # nothing would be on screen
    ],
)
def test_that_one_to_four_stay(before: tuple[str, ...], kind: str, after: tuple[str, ...]) -> None:
    assert toggled(before, kind, {"a", "b", "c", "d", "e"}) == after
