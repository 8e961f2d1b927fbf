"""The page at every size, zoom and theme: nothing is cut off, nothing lies over anything, no picture is empty."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from gdstudio.lessons.library import lesson_ids
from tests.views.page_checks import faults

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

SIZES = ((1024, 640), (1280, 720), (1366, 768), (1920, 1080), (2560, 1440), (3840, 2160))
ZOOMS = (0.8, 1.0, 1.6, 2.5)
THEMES = ("light", "dark")
STATES = ("question", "mid-run", "reveal")
ALL = tuple(product(SIZES, ZOOMS, THEMES))
FEW = (
    ((1280, 720), 1.0, "light"),
    ((1024, 640), 2.5, "dark"),
    ((1366, 768), 1.6, "light"),
    ((1920, 1080), 1.0, "dark"),
    ((3840, 2160), 0.8, "light"),
)
Look = tuple[tuple[int, int], float, str]


def reach(window: MainWindow, qtbot: QtBot, state: str) -> None:
    """Bring a lesson that has just been opened to a state."""
    if state == "mid-run":
        steps = 7 if window.session.experiment.is_full_batch else 130
        with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda s: s.step == steps, timeout=20_000):
            window.session.player.step(steps)
    elif state == "reveal":
        window.cues.predict(0)
        window.session.edit({"view.steps_per_second": None})
        qtbot.waitUntil(lambda: window.cues.next.property("stage") == "reveal", timeout=20_000)


def faults_at(window: MainWindow, qtbot: QtBot, look: Look) -> list[str]:
    """Return what is wrong with the page once it has come to rest at a size, zoom and theme."""
    size, zoom, theme = look
    window.appearance.set_zoom(zoom)
    if theme != window.appearance.theme.name:
        window.appearance.set_theme(theme)
    window.resize(*size)
    try:
        qtbot.waitUntil(lambda: not faults(window), timeout=1500)
    except qtbot.TimeoutError:
        return [f"{size} at {zoom:.0%}, {theme}: {fault}" for fault in faults(window)]
    return []


def check_all(window: MainWindow, qtbot: QtBot, state: str, looks: tuple[Look, ...]) -> None:
    reach(window, qtbot, state)
    found = [fault for look in looks for fault in faults_at(window, qtbot, look)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", lesson_ids())
def test_that_nothing_on_the_page_is_cut_off_or_covered(
    open_window: WindowOpener, qtbot: QtBot, name: str, state: str
) -> None:
    check_all(open_window(name), qtbot, state, FEW)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", lesson_ids())
def test_that_nothing_is_cut_off_or_covered_at_any_size_zoom_and_theme(
    open_window: WindowOpener, qtbot: QtBot, name: str, state: str
) -> None:
    check_all(open_window(name), qtbot, state, ALL)
