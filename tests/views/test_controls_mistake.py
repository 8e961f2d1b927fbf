"""The form's list of mistakes and its list of hypotheses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from gdstudio.core.problems.mistakes import mistake_of
from gdstudio.core.problems.mistakes import titles as mistake_titles
from gdstudio.views.controls.choice_control import ChoiceControl
from gdstudio.views.controls.mistake_control import MistakeControl

if TYPE_CHECKING:
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


def chooser(window: MainWindow, name: str) -> ChoiceControl:
    control = window.sidebar.form.controls[name]
    assert isinstance(control, ChoiceControl)
    return control


def choose(control: ChoiceControl, value: str) -> None:
    control.chooser.activated.emit(control.values.index(value))


def enabled(control: ChoiceControl) -> set[str]:
    model = control.chooser.model()
    flags = [model.flags(model.index(row, 0)) for row in range(model.rowCount())]
    able = Qt.ItemFlag.ItemIsEnabled
    return {value for value, flag in zip(control.values, flags, strict=True) if able in flag}


def test_that_a_mistake_that_cannot_be_made_cannot_be_chosen_and_says_why(open_window: WindowOpener) -> None:
    window = open_window("cost-and-slope")
    control = chooser(window, "mistake")
    assert isinstance(control, MistakeControl)
    assert enabled(control) == set(mistake_titles()) - {"integer_truncation"}
    row = control.values.index("integer_truncation")
    says = control.chooser.itemData(row, Qt.ItemDataRole.ToolTipRole)
    assert says == mistake_of("integer_truncation").objection(window.session.experiment.problem)
    choose(chooser(window, "kind"), "constant")
    assert enabled(chooser(window, "mistake")) == set(mistake_titles())


def test_that_the_hypothesis_is_chosen_in_the_form_and_begins_again(open_window: WindowOpener) -> None:
    window = open_window("cost-and-slope")
    window.session.edit({"run.initial_weights": (0.25,)})
    choose(chooser(window, "kind"), "constant")
    problem = window.session.run.problem
    assert problem is not None
    assert problem.weight_names == ("c",)
    assert window.session.experiment.run.initial_weights == (0.25,)
    assert chooser(window, "kind").chooser.currentText() == "h(x) = c"
    choose(chooser(window, "mistake"), "integer_truncation")
    mistakes = [window.session.experiment.run.mistake]
    choose(chooser(window, "kind"), "line_through_origin")
    mistakes.append(window.session.experiment.run.mistake)
    assert mistakes == ["integer_truncation", "none"]
    assert window.session.run.problem is not None
    assert window.session.run.problem.weight_names == ("theta",)


def test_that_another_hypothesis_remakes_only_the_start_of_its_weights(open_window: WindowOpener) -> None:
    window = open_window("cost-and-slope")
    form = window.sidebar.form
    before, kind = form.controls, chooser(window, "kind")
    kind.chooser.setFocus()
    choose(kind, "constant")
    assert kind.chooser.hasFocus()
    assert [name for name, control in form.controls.items() if control is not before[name]] == [
        "initial_weights"
    ]
