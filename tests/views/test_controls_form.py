"""The form of controls and its session: each follows the other, and what is wrong is told beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QSlider, QWidget

from gdstudio.lessons.control import ControlSpec
from gdstudio.lessons.library import lesson
from gdstudio.views.controls.base import RESTARTS
from gdstudio.views.controls.choice_control import ChoiceControl, SwitchControl
from gdstudio.views.controls.numbers_control import NumbersControl
from tests.views.control_bench import Bench

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gdstudio.lessons.lesson import Lesson

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def with_controls(name: str, *controls: ControlSpec) -> Lesson:
    return lesson(name).model_copy(update={"control": controls})


@pytest.fixture
def one_weight(qtbot: QtBot) -> Iterator[Bench]:
    bench = Bench(qtbot, lesson("learning-rate"))
    yield bench
    bench.session.close()


@pytest.fixture
def network(qtbot: QtBot) -> Iterator[Bench]:
    bench = Bench(qtbot, lesson("pytorch-loop"))
    yield bench
    bench.session.close()


def test_that_a_form_has_the_lesson_s_controls_in_its_order(one_weight: Bench) -> None:
    assert list(one_weight.form.controls) == [spec.name for spec in one_weight.lesson.control]


def test_that_a_slider_s_move_edits_the_session_at_once(one_weight: Bench) -> None:
    one_weight.slider("learning_rate").setValue(40)
    assert one_weight.run.learning_rate == 0.1
    one_weight.slider("learning_rate").setValue(20)
    assert one_weight.run.learning_rate == 0.01
    assert one_weight.entry("learning_rate").text() == "0.01"


def test_that_a_session_s_edit_moves_the_slider_and_proposes_nothing(one_weight: Bench) -> None:
    with one_weight.qtbot.assertNotEmitted(one_weight.number("learning_rate").edited):
        one_weight.session.edit({"run.learning_rate": 3 / 14})
    assert one_weight.entry("learning_rate").text() == "3/14"
    assert "0.21428571428571427" in one_weight.entry("learning_rate").toolTip()
    assert one_weight.slider("learning_rate").value() == 47


def test_that_a_fraction_is_typed_exactly_and_survives_leaving_the_entry(one_weight: Bench) -> None:
    one_weight.type("learning_rate", "3/14")
    one_weight.entry("learning_rate").editingFinished.emit()
    assert one_weight.run.learning_rate == 3 / 14
    assert one_weight.entry("learning_rate").text() == "3/14"


def test_that_a_value_beyond_the_slider_can_be_typed(one_weight: Bench) -> None:
    one_weight.type("learning_rate", "25")
    slider = one_weight.slider("learning_rate")
    assert one_weight.run.learning_rate == 25
    assert slider.value() == slider.maximum()


@pytest.mark.parametrize(
    ("text", "words"),
    [("0", "0 is too small; give a number above 0"), ("fast", "“fast” is not a number; give a number such")],
)
def test_that_a_wrong_text_is_explained_and_changes_nothing(one_weight: Bench, text: str, words: str) -> None:
    one_weight.type("learning_rate", text)
    assert one_weight.error("learning_rate").startswith(words)
    assert one_weight.entry("learning_rate").text() == text
    assert one_weight.run.learning_rate == 0.1


def test_that_an_explanation_goes_when_a_right_value_comes(one_weight: Bench) -> None:
    one_weight.type("learning_rate", "0")
    one_weight.slider("learning_rate").setValue(0)
    assert one_weight.error("learning_rate") == ""
    assert one_weight.entry("learning_rate").text() == "0.001"


def test_that_a_number_typed_in_another_way_is_shown_as_numbers_are(one_weight: Bench) -> None:
    one_weight.type("learning_rate", "0.10")
    assert one_weight.entry("learning_rate").text() == "0.1"


def test_that_the_chips_set_the_best_rate_and_the_limit_exactly(one_weight: Bench) -> None:
    chips = one_weight.number("learning_rate").chips
    assert chips is not None
    best, limit = chips.chips
    QTest.mouseClick(best, Qt.MouseButton.LeftButton)
    assert one_weight.run.learning_rate == 3 / 28
    QTest.mouseClick(limit, Qt.MouseButton.LeftButton)
    assert one_weight.run.learning_rate == 3 / 14
    assert (best.text()[:3], limit.text()[:3]) == ("1/L", "2/L")


def test_that_the_chips_follow_the_cost_and_the_momentum(one_weight: Bench) -> None:
    chips = one_weight.number("learning_rate").chips
    assert chips is not None
    one_weight.session.edit({"problem.cost": "half_sum"})
    assert chips.chips[1].value == 1 / 7
    one_weight.session.edit({"run.optimizer.momentum": 0.5})
    assert chips.chips[0].isHidden()
    assert chips.chips[1].text().startswith("(2 + 2β)/L")
    one_weight.session.edit({"run.optimizer": {"kind": "adam"}})
    assert chips.isHidden()


def test_that_there_are_no_chips_until_the_data_are_there(network: Bench) -> None:
    chips = network.number("learning_rate").chips
    assert chips is not None
    assert chips.isHidden()
    with network.qtbot.waitSignal(network.session.player.torch_ready, timeout=20_000):
        network.session.training.load_torch()
    network.session.edit({"run.batch_size": None})
    assert not chips.isHidden()
    assert chips.chips[1].text().startswith("2/λmax")


def test_that_chips_are_offered_only_where_their_words_are_true(one_weight: Bench) -> None:
    """From here on it diverges, they said, at exactly 2/L too, where it bounces for ever."""
    chips = one_weight.number("learning_rate").chips
    assert chips is not None
    words = "Above this, descent with all rows in each step moves away from the minimum"
    assert chips.chips[1].toolTip() == f"{words}: 0.214286"
    assert chips.chips[1].accessibleName().startswith(words)
    for hides in ({"run.mistake": "no_zero_grad"}, {"run.batch_size": 1}):
        one_weight.session.edit(hides)
        assert chips.isHidden()
        one_weight.session.edit(dict.fromkeys(hides, "none" if "run.mistake" in hides else None))
        assert not chips.isHidden()


def test_that_what_restarts_the_run_is_told_apart_from_what_acts_live(one_weight: Bench) -> None:
    controls = one_weight.form.controls
    assert controls["learning_rate"].acts.text() == ""
    assert "at once" in controls["learning_rate"].toolTip()
    assert controls["max_steps"].acts.text() == RESTARTS
    assert "restarts the run" in controls["max_steps"].toolTip()


def test_that_every_control_has_its_name_its_words_and_its_help(one_weight: Bench) -> None:
    for name, control in one_weight.form.controls.items():
        assert control.objectName() == name
        assert control.accessibleName()
        assert control.toolTip()
    assert one_weight.number("learning_rate").accessibleName() == "Learning rate α"


def test_that_a_start_is_proposed_as_a_whole_tuple(one_weight: Bench) -> None:
    one_weight.type("initial_weights_0", "−2.5")
    assert one_weight.run.initial_weights == (-2.5,)
    one_weight.slider("initial_weights_0").setValue(0)
    assert one_weight.run.initial_weights == (-4.0,)
    one_weight.session.edit({"run.initial_weights": [1.0]})
    assert one_weight.entry("initial_weights_0").text() == "1"


def test_that_a_choice_goes_both_ways(one_weight: Bench) -> None:
    control = one_weight.form.controls["cost"]
    assert isinstance(control, ChoiceControl)
    QTest.keyClick(control.chooser, Qt.Key.Key_Down)
    assert one_weight.session.experiment.tables()["problem"]["cost"] == "half_sum"
    one_weight.session.edit({"problem.cost": "sum"})
    assert control.chooser.currentText() == "sum of squares"


def test_that_a_switch_goes_both_ways(network: Bench) -> None:
    network.show(with_controls("pytorch-loop", ControlSpec(name="shuffle")))
    control = network.form.controls["shuffle"]
    assert isinstance(control, SwitchControl)
    control.box.click()
    assert network.run.shuffle is False
    network.session.edit({"run.shuffle": True})
    assert control.box.isChecked()


def test_that_a_rule_brings_its_own_rows(one_weight: Bench) -> None:
    optimizer = one_weight.optimizer()
    names = [row.objectName() for row in optimizer.rows]
    assert names == ["momentum", "nesterov"]
    for _ in range(3):
        QTest.keyClick(optimizer.chooser, Qt.Key.Key_Down)
    assert one_weight.run.optimizer.kind == "adam"
    assert [row.objectName() for row in optimizer.rows] == ["beta1", "beta2", "amsgrad"]
    one_weight.type("beta1", "0.5")
    assert one_weight.run.optimizer.beta1 == 0.5


def test_that_a_refusal_of_the_session_is_said_where_it_was_proposed(one_weight: Bench) -> None:
    nesterov = one_weight.optimizer().rows[1]
    assert isinstance(nesterov, SwitchControl)
    nesterov.box.click()
    assert one_weight.error("nesterov").startswith("nesterov needs a momentum above 0")
    assert not nesterov.box.isChecked()
    one_weight.slider("learning_rate").setValue(0)
    assert one_weight.error("nesterov") == ""


def test_that_fewer_rows_than_a_batch_are_refused_by_the_batch_s_name(network: Bench) -> None:
    network.session.edit({"run.batch_size": 500})
    network.type("n", "100")
    assert network.error("n").startswith("Batch size: 500 is more than the 100 training rows")
    assert network.session.experiment.problem.row_count == 1000


def test_that_batch_sizes_above_the_rows_are_not_offered(network: Bench) -> None:
    assert network.slider("batch_size").maximum() == 9
    network.type("n", "100")
    assert network.slider("batch_size").maximum() == 6
    network.type("batch_size", "101")
    assert network.error("batch_size") == "101 is too large; give 1 to 100"


def test_that_a_value_that_may_be_absent_is_switched_off_and_on(network: Bench) -> None:
    box = network.number("batch_size").box
    assert box is not None
    box.click()
    assert network.run.batch_size is None
    assert not network.entry("batch_size").isEnabled()
    assert network.entry("batch_size").text() == "all"
    box.click()
    assert network.run.batch_size == 10


def test_that_the_last_end_of_a_run_cannot_be_switched_off(network: Bench) -> None:
    box = network.number("max_epochs").box
    assert box is not None
    assert box.isHidden()
    network.session.edit({"run.max_steps": 50})
    assert not box.isHidden()


def test_that_a_tolerance_switched_on_begins_in_the_middle_of_its_slider(one_weight: Bench) -> None:
    one_weight.show(with_controls("learning-rate", ControlSpec(name="gradient_tolerance")))
    box = one_weight.number("gradient_tolerance").box
    assert box is not None
    assert not box.isChecked()
    box.click()
    assert one_weight.run.gradient_tolerance == 1e-6


def test_that_no_feature_is_offered_that_the_data_do_not_have(network: Bench) -> None:
    with network.qtbot.waitSignal(network.session.player.torch_ready, timeout=20_000):
        network.session.training.load_torch()
    network.show(with_controls("pytorch-loop", ControlSpec(name="feature")))
    network.type("feature", "3")
    assert network.error("feature") == "3 is too large; give 0 to 2"


def test_that_a_notch_moves_the_learning_rate_up_and_down(one_weight: Bench) -> None:
    one_weight.form.notch("learning_rate", 1)
    assert one_weight.run.learning_rate == 0.112
    one_weight.form.notch("learning_rate", -1)
    assert one_weight.run.learning_rate == 0.1
    one_weight.form.notch("no_such_control", 1)


def test_that_another_lesson_brings_its_own_controls(network: Bench) -> None:
    network.show(lesson("learning-rate"))
    assert "noise" not in network.form.controls
    assert isinstance(network.form.controls["initial_weights"], NumbersControl)
    network.show(lesson("pytorch-loop"))
    assert "noise" in network.form.controls


def test_that_an_edit_and_a_lesson_shown_again_keep_the_widgets(one_weight: Bench) -> None:
    before = one_weight.form.controls
    one_weight.session.edit({"run.max_steps": 7, "run.learning_rate": 0.2})
    one_weight.show(one_weight.lesson)
    assert one_weight.form.controls == before


def test_that_the_wheel_scrolls_the_page_and_changes_nothing(one_weight: Bench) -> None:
    for widget in (*one_weight.form.findChildren(QSlider), *one_weight.form.findChildren(QComboBox)):
        turn = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,  # noqa: FBT003, RUF100 - Qt's signature
        )
        taken = QApplication.sendEvent(widget, turn)  # a disabled widget takes nothing, and says so here
        assert not (taken and turn.isAccepted())
    assert one_weight.session.experiment == one_weight.lesson.experiment


def test_that_the_tab_key_goes_through_the_form_as_it_is_read(one_weight: Bench) -> None:
    stops = [stop for control in one_weight.form.controls.values() for stop in control.tab_stops]
    met: list[QWidget] = [stops[0]]
    following = stops[0].nextInFocusChain()
    while following is not None and following is not stops[0]:
        if following in stops:
            met.append(following)
        following = following.nextInFocusChain()
    assert met == stops


@pytest.mark.parametrize("width", [260, 320, 420])
def test_that_a_form_fits_a_narrow_sidebar(one_weight: Bench, width: int) -> None:
    one_weight.form.resize(width, 900)
    assert one_weight.form.width() == width
    for child in one_weight.form.findChildren(QLineEdit):
        right = child.mapTo(one_weight.form, child.rect().topRight()).x()
        assert right < width
