"""A function typed in the window: taken with Enter, refused beside the entry, and chosen from the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from gdstudio.views.controls.choice_control import ChoiceControl
from gdstudio.views.controls.form import ControlForm
from gdstudio.views.panels.cost_curve import CostCurve
from tests.views.hands import Hands

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

OWN = {"problem": {"kind": "function", "formula": "theta**2"}, "run.initial_weights": (1.0,)}


@pytest.fixture
def window(open_window: WindowOpener) -> MainWindow:
    """Open the lesson with a function of one's own."""
    opened = open_window("hills-and-saddles")
    assert opened.session.edit(OWN)
    return opened


def write(hands: Hands, text: str) -> QLineEdit:
    """Write a formula in the place of the one that stands there, without entering it."""
    entry = hands.entry("formula")
    hands.click(entry)
    hands.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.type(text)
    return entry


def error(window: MainWindow) -> str:
    line = window.findChild(QLabel, "formula_error")
    return line.text() if line is not None and line.isVisible() else ""


def formula(window: MainWindow) -> str:
    return str(window.session.experiment.problem.model_dump()["formula"])


def test_that_enter_takes_a_function_and_gives_the_keys_back(window: MainWindow, qtbot: QtBot) -> None:
    hands = Hands(window)
    write(hands, "theta**4 - theta")
    hands.key(Qt.Key.Key_Return)
    assert formula(window) == "theta**4 - theta"
    assert hands.has_keys()
    assert window.session.experiment.run.initial_weights == (1.0,)
    assert window.formula.text().startswith("J(θ) = theta**4 - theta;")
    curve = window.panels.panel("cost_curve")
    assert isinstance(curve, CostCurve)
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    assert "J′ = 3" in curve.note.text()


def test_that_what_cannot_be_read_is_refused_beside_the_entry_and_the_old_one_stays(
    window: MainWindow,
) -> None:
    hands, before, run = Hands(window), window.session.experiment, window.session.run
    entry = write(hands, "theta**2 + foo(theta)")
    hands.key(Qt.Key.Key_Return)
    assert "“foo” at character 12 is no function that is known" in error(window)
    assert entry.text() == "theta**2 + foo(theta)"
    assert window.session.experiment is before
    assert window.session.run is run
    assert window.banner.property("kind") != "error"
    assert not hands.has_keys()  # there is something to mend
    write(hands, "theta**2 + sin(theta)")
    hands.key(Qt.Key.Key_Return)
    assert not error(window)
    assert formula(window) == "theta**2 + sin(theta)"


def test_that_escape_puts_the_function_in_force_back(window: MainWindow) -> None:
    hands = Hands(window)
    write(hands, "theta**")
    hands.key(Qt.Key.Key_Return)
    assert error(window)
    hands.key(Qt.Key.Key_Escape)
    assert hands.entry("formula").text() == "theta**2"
    assert not error(window)
    assert hands.has_keys()


def test_that_another_edit_puts_a_refused_text_away(window: MainWindow) -> None:
    hands = Hands(window)
    write(hands, "theta**")
    hands.key(Qt.Key.Key_Return)
    hands.write("learning_rate", "0.2")
    hands.key(Qt.Key.Key_Return)
    assert not error(window)
    assert hands.entry("formula").text() == "theta**2"


def test_that_a_function_of_other_weights_begins_with_a_start_of_its_own(window: MainWindow) -> None:
    hands = Hands(window)
    write(hands, "w1**2 + w2**4")
    hands.key(Qt.Key.Key_Return)
    experiment = window.session.experiment
    assert experiment.problem.weight_names == ("w1", "w2")
    assert experiment.run.initial_weights == (1.0, 1.0)
    assert "contour" not in [panel.kind for panel in window.panels.shown]
    assert "cost_curve" not in [panel.kind for panel in window.panels.shown]
    window.session.undo.undo()
    assert formula(window) == "theta**2"
    assert window.session.experiment.run.initial_weights == (1.0,)


def test_that_a_known_function_becomes_one_of_ones_own_with_its_formula(window: MainWindow) -> None:
    form = window.findChild(ControlForm)
    assert isinstance(form, ControlForm)
    choice = form.controls["kind"]
    assert isinstance(choice, ChoiceControl)
    known = {"quartic", "saddle", "himmelblau", "rosenbrock", "beale", "valley", "function"}
    assert set(choice.values) == known
    choice.propose("rosenbrock")
    experiment = window.session.experiment
    assert (experiment.problem.kind, experiment.run.initial_weights) == ("rosenbrock", (-1.5, 2.0))
    assert experiment.run.learning_rate == 0.001
    choice.propose("function")
    assert formula(window) == "(1 - w1)**2 + 100 * (w2 - w1**2)**2"
    assert window.session.experiment.run.initial_weights == (-1.5, 2.0)
    assert window.session.experiment.run.learning_rate == 0.001


def test_that_a_long_paste_is_refused_in_words(window: MainWindow) -> None:
    entry = Hands(window).entry("formula")
    entry.setFocus()
    entry.setText("w1+" * 3333 + "w1")
    entry.setModified(True)
    Hands(window).key(Qt.Key.Key_Return)
    assert error(window) == "is too long; give at most 200 characters"
    assert formula(window) == "theta**2"
