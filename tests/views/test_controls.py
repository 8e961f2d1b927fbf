"""The form: it proposes, the session decides, and the form shows what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QSlider

from gdstudio.core.settings.optimizers.adam import Adam
from gdstudio.lessons.library import lesson
from gdstudio.views.controls import scale
from gdstudio.views.controls.entry import read_number, write_number
from gdstudio.views.controls.number_control import NumberControl
from gdstudio.views.controls.optimizer_control import OptimizerControl
from tests.views.hands import type_into

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener


def slider(window: MainWindow, name: str) -> QSlider:
    found = window.findChild(QSlider, f"{name}_slider")
    assert isinstance(found, QSlider)
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.1", 0.1), ("−2", -2), ("1e-3", 1e-3), ("3/14", 3 / 14), ("1,000", 1000), ("0,5", 0.5), (" 7 ", 7)],
)
def test_that_numbers_are_read_as_people_type_them(text: str, value: float) -> None:
    assert read_number(text, integer=False) == value


@pytest.mark.parametrize("text", ["", "abc", "1/0", "1//2", "__import__('os')", "1.2.3"])
def test_that_what_is_no_number_says_what_would_be(text: str) -> None:
    with pytest.raises(ValueError, match="give a number such as"):
        read_number(text, integer=False)


@pytest.mark.parametrize("text", ["1.5", "nan", "inf", "1e400"])
def test_that_a_whole_number_is_asked_for(text: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        read_number(text, integer=True)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_that_a_written_number_reads_back_exactly(value: float) -> None:
    assert read_number(write_number(value), integer=False) == value


def test_that_a_log_scale_has_twenty_notches_a_decade_and_exact_decades() -> None:
    values = scale.logarithmic(0.001, 1.0, integer=False).values
    assert len(values) == 61
    assert {0.001, 0.01, 0.1, 1.0} <= set(values)
    for i, value in enumerate(values):
        assert value == pytest.approx(10 ** (-3 + i / 20), rel=5e-3)


@given(st.floats(1e-6, 1e2), st.floats(2, 1e6), st.booleans())
def test_that_positions_and_values_belong_together(low: float, factor: float, integer: bool) -> None:
    low = max(1.0, round(low)) if integer else low
    made = scale.logarithmic(low, low * factor if not integer else round(low * factor) + 1, integer=integer)
    assert list(made.values) == sorted(set(made.values))
    for position, value in enumerate(made.values):
        assert made.position(value) == position


def test_that_a_notch_goes_to_the_neighbour_from_any_value() -> None:
    made = scale.linear(-4, 6, 0.01, integer=False)
    assert made.neighbour(0.0, 1) == 0.01
    assert made.neighbour(0.005, -1) == 0.0
    assert made.neighbour(6.0, 1) == 6.0


def test_that_a_typed_value_goes_to_the_session(open_window: WindowOpener) -> None:
    window = open_window()
    entry = type_into(window, "learning_rate", "3/14")
    assert window.session.experiment.run.learning_rate == 3 / 14
    assert read_number(entry.text(), integer=False) == 3 / 14


def test_that_a_value_beyond_the_slider_can_be_typed(open_window: WindowOpener) -> None:
    window = open_window()
    type_into(window, "learning_rate", "7")
    assert window.session.experiment.run.learning_rate == 7
    assert slider(window, "learning_rate").value() == slider(window, "learning_rate").maximum()


@pytest.mark.parametrize("text", ["-1", "0", "abc"])
def test_that_a_wrong_value_is_told_and_the_old_one_stays(open_window: WindowOpener, text: str) -> None:
    window = open_window()
    type_into(window, "learning_rate", text)
    assert window.session.experiment.run.learning_rate == 0.1
    control = window.sidebar.form.controls["learning_rate"]
    assert isinstance(control, NumberControl)
    said = window.banner.text + control.row.error.text()
    assert "give a number" in said


def test_that_the_slider_and_the_session_follow_each_other(open_window: WindowOpener) -> None:
    window = open_window()
    made = slider(window, "learning_rate")
    made.setValue(0)
    assert window.session.experiment.run.learning_rate == 0.001
    window.session.edit({"run.learning_rate": 1.0})
    assert made.value() == made.maximum()


def test_that_the_chips_set_one_over_l_and_two_over_l_exactly(open_window: WindowOpener) -> None:
    window = open_window()
    for name, value in (("chip_1/L", 3 / 28), ("chip_2/L", 3 / 14)):
        chip = window.findChild(QPushButton, name)
        assert isinstance(chip, QPushButton)
        chip.click()
        assert window.session.experiment.run.learning_rate == pytest.approx(value, rel=1e-15)


def test_that_the_learning_rate_acts_live_a_start_restarts(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 2):
        window.session.player.step(2)
    type_into(window, "learning_rate", "0.05")
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    assert snapshot.step == 2
    type_into(window, "initial_weights_0", "3")
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    assert (snapshot.step, snapshot.latest[0]) == (0, 3.0)


def test_that_an_absent_value_has_a_box(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    box = window.findChild(QCheckBox, "batch_size_on")
    assert isinstance(box, QCheckBox)
    assert box.isChecked()
    box.click()
    assert window.session.experiment.run.batch_size is None
    assert not slider(window, "batch_size").isEnabled()
    box.click()
    assert window.session.experiment.run.batch_size is not None


def test_that_the_optimizer_shows_its_own_rows(open_window: WindowOpener) -> None:
    window = open_window()
    chooser = window.findChild(QComboBox, "optimizer_choice")
    assert isinstance(chooser, QComboBox)
    chooser.activated.emit(3)
    assert window.session.experiment.run.optimizer.kind == "adam"
    control = window.sidebar.form.controls["optimizer"]
    assert isinstance(control, OptimizerControl)
    assert [row.objectName() for row in control.rows] == ["beta1", "beta2", "amsgrad"]
    type_into(window, "beta1", "0.5")
    assert window.session.experiment.run.optimizer == Adam(beta1=0.5)


def test_that_batch_sizes_above_the_rows_are_not_offered(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    window.session.edit({"problem.n": 50})
    made = slider(window, "batch_size")
    made.setValue(made.maximum())
    assert window.session.experiment.run.batch_size == 50


def test_that_every_control_is_named_after_its_field(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    names = [spec.name for spec in lesson("pytorch-loop").control]
    assert list(window.sidebar.form.controls) == names
    for name, control in window.sidebar.form.controls.items():
        assert control.objectName() == name
        assert control.accessibleName()
        assert control.toolTip()


@pytest.mark.parametrize(
    ("name", "step", "words"), [("gradient_tolerance", 6, "gradient"), ("cost_tolerance", 4, "cost changed")]
)
def test_that_a_stop_rule_is_switched_on_and_says_that_it_ended_the_run(
    open_window: WindowOpener, qtbot: QtBot, name: str, step: int, words: str
) -> None:
    window = open_window("learning-rate")
    box = window.findChild(QCheckBox, f"{name}_on")
    assert isinstance(box, QCheckBox)
    assert not box.isChecked()
    box.click()
    type_into(window, name, "1e-6")
    window.session.edit({"view.steps_per_second": None})
    with qtbot.waitSignal(window.session.player.run_finished):
        window.session.player.play()
    assert window.result.sentence.startswith(f"Converged at step {step}: ")
    assert words in window.result.sentence
    box.click()
    assert getattr(window.session.experiment.run, name) is None
