"""Each passage of the notebook is looked for on the page of the lesson that is said to show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QAbstractButton

from gdstudio.lessons.library import lesson_ids
from gdstudio.views.window.questions import Stage
from tests.notebook_map import PASSAGES
from tests.views.page_checks import empty_pictures
from tests.views.page_texts import page_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window

_LEAST_COLOURS = 4
"""A card with a title alone has fewer."""


def open_page(window: MainWindow, qtbot: QtBot) -> None:
    """Give the window the size of a lecture hall, and wait until its pictures are drawn."""
    window.resize(1920, 1080)
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    qtbot.waitUntil(lambda: not empty_pictures(window))


def reveal(window: MainWindow, qtbot: QtBot, number: int) -> None:
    """Ask a question, counted from 1, and run it to its reveal as fast as it goes."""
    window.cues.questions.ask(number - 1)
    window.session.edit({"view.steps_per_second": None})
    window.cues.forward()
    qtbot.waitUntil(lambda: window.cues.questions.stage is Stage.REVEAL, timeout=20_000)
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)


def words(window: MainWindow) -> str:
    """Return all that stands on the page, the question included."""
    cues = window.cues
    asked = [cues.text.text(), *(b.text() for b in cues.findChildren(QAbstractButton) if b.isVisible())]
    return "\n".join([*asked, *page_texts(window)]).replace("\xa0", " ")


def code(window: MainWindow) -> str:
    """Return the lines of the code strip that can be read there."""
    strip = window.code.text
    return strip.toPlainText().replace("\xa0", " ") if strip.isVisible() else ""


def absent_from_page(window: MainWindow, passage: dict[str, Any]) -> Iterator[str]:
    """Return what a passage promises of the lesson as it is opened, and what is not there."""
    if "panel" in passage:
        panel = window.panels.panel(passage["panel"])
        if not panel.isVisible():
            yield f"the panel {panel.kind} is not seen"
        elif colours(window, panel.kind) < _LEAST_COLOURS:
            yield f"nothing is drawn in the panel {panel.kind}"
    if "control" in passage and passage["control"].split(".")[-1] not in controls(window):
        yield f"the control {passage['control']} is not in the sidebar"
    for line in passage.get("line", ()):
        if line not in code(window):
            yield f"the line {line!r} is not in the code strip"
    yield from absent_by_hand(window, passage)


def absent_by_hand(window: MainWindow, passage: dict[str, Any]) -> Iterator[str]:
    """Choose the program by hand, and return the lines that are promised and not in it."""
    if "by_hand" not in passage:
        return
    if not window.session.experiment.view.code:
        window.code.toggle()
    window.code.chooser.activated.emit(window.code.chooser.findText("by hand"))
    for line in passage["by_hand"]:
        if line not in code(window):
            yield f"the line {line!r} is not in the program by hand"
    window.code.chooser.activated.emit(window.code.chooser.findText("PyTorch"))


def absent_from_output(window: MainWindow, qtbot: QtBot, passage: dict[str, Any]) -> Iterator[str]:
    """Run the lesson as it is, and return the lines that are promised of its output and not printed."""
    if "prints" not in passage:
        return
    window.session.edit({"view.steps_per_second": None})
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        window.session.player.play()
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    shown = window.code.console.toPlainText() if window.code.console.isVisible() else ""
    yield from (f"{line!r} is not printed" for line in passage["prints"] if line not in shown)
    window.cues.questions.restore()


def colours(window: MainWindow, kind: str) -> int:
    """Return how many colours a panel's picture has, looked at every few pixels."""
    image = window.panels.panel(kind).grab().toImage()
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})


def controls(window: MainWindow) -> set[str]:
    """Return the names of the controls in the sidebar, those under "More" included."""
    return {control.objectName().split(".")[-1] for control in window.sidebar.form.controls.values()}


def absent(window: MainWindow, qtbot: QtBot, passage: dict[str, Any]) -> list[str]:
    """Return what a passage promises and the screen does not show."""
    found = [*absent_from_page(window, passage), *absent_from_output(window, qtbot, passage)]
    seen, formulas = [words(window)], [window.formula.text()]
    if "cue" in passage:
        reveal(window, qtbot, passage["cue"])
        seen.append(words(window))
        formulas.append(window.formula.text())
        window.cues.questions.restore()
        qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    found += [f"{text!r} is nowhere" for text in passage.get("text", ()) if not any(text in s for s in seen)]
    formula = passage.get("formula", "")
    if not any(formula in shown for shown in formulas) or not window.formula.isVisible():
        found.append(f"the formula {formula!r} is not written")
    return found


@pytest.mark.parametrize("name", lesson_ids())
def test_that_what_the_list_promises_is_on_screen(open_window: WindowOpener, qtbot: QtBot, name: str) -> None:
    window = open_window(name)
    open_page(window, qtbot)
    faults = [
        f"L{passage['lines'][0]}: {fault}"
        for passage in PASSAGES
        if passage["lesson"] == name
        for fault in absent(window, qtbot, passage)
    ]
    assert not faults, "\n".join(faults)


def test_that_what_is_not_there_is_found_to_be_absent(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    open_page(window, qtbot)
    promised: dict[str, Any] = {
        "panel": "contour",
        "control": "noise",
        "line": ["trainer.zero_grad()"],
        "text": ["a phrase that nobody has written"],
        "formula": "E = m c²",
        "by_hand": ["theta += alpha * gradient"],
        "prints": ["epoch 4, loss"],
    }
    found = "\n".join(absent(window, qtbot, promised))
    for word in ("contour", "noise", "trainer", "phrase", "E = m", "theta +=", "epoch 4"):
        assert word in found
