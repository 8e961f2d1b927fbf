"""The picture of the learning rate over the steps: what has been made solid, what is to come dashed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox

from gdstudio.views.controls.schedule_control import ScheduleControl
from gdstudio.views.panels.learning_rate import LearningRate, _numbers
from tests.views.hands import type_into

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

STEPS = {"kind": "step", "period": 4, "gamma": 0.5}


def opened(open_window: WindowOpener, **changes: Any) -> tuple[MainWindow, LearningRate]:
    window = open_window("learning-rate")
    given = {"run.schedule": STEPS, "run.max_steps": 20, "run.learning_rate": 0.2}
    given |= {name.replace("__", "."): value for name, value in changes.items()}
    assert window.session.edit({**given, "view.panels": ("learning_rate", "cost_history")})
    panel = window.panels.panel("learning_rate")
    assert isinstance(panel, LearningRate)
    return window, panel


def step(window: MainWindow, qtbot: QtBot, to: int) -> None:
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == to):
        window.session.player.step(to - window.session.run.shown_step)


def test_that_all_is_to_come_before_the_first_step(open_window: WindowOpener) -> None:
    _, panel = opened(open_window)
    x, y = panel._ahead.getData()
    np.testing.assert_array_equal(x, np.arange(1, 21))
    np.testing.assert_allclose(y, 0.2 * 0.5 ** ((x - 1) // 4))
    assert not len(panel._made.getData()[0])
    assert panel._latest.getData()[1][0] == pytest.approx(0.2)
    assert "step 1: αₜ = 0.2" in panel.note.text()


def test_that_made_steps_are_solid_and_the_others_dashed(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window)
    step(window, qtbot, 6)
    x, y = panel._made.getData()
    np.testing.assert_array_equal(x, np.arange(1, 7))
    np.testing.assert_allclose(y, [0.2] * 4 + [0.1] * 2)
    x, y = panel._ahead.getData()
    np.testing.assert_array_equal(x, np.arange(6, 21))
    assert "step 6: αₜ = 0.1" in panel.note.text()
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    assert snapshot.learning_rate == pytest.approx(0.1)


def test_that_a_rate_changed_by_hand_scales_what_is_to_come(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window)
    step(window, qtbot, 6)
    window.session.edit({"run.learning_rate": 0.1})
    panel.redraw()
    x, y = panel._ahead.getData()
    np.testing.assert_allclose(y[x > 6], 0.1 * 0.5 ** ((x[x > 6] - 1) // 4))
    np.testing.assert_allclose(panel._made.getData()[1], [0.2] * 4 + [0.1] * 2)


def test_that_the_limit_of_a_step_is_drawn_where_it_is_in_sight(open_window: WindowOpener) -> None:
    window, panel = opened(open_window, run__learning_rate=0.3)
    np.testing.assert_allclose(panel._limit.getData()[1], [3 / 14] * 2)
    assert "2/L = 0.2143" in panel.note.text()
    window.session.edit({"run.optimizer": {"momentum": 0.5}})
    assert panel._limit.getData()[0] is None or not len(panel._limit.getData()[0])


def test_that_few_of_very_many_steps_are_drawn_and_those_of_now_among_them() -> None:
    numbers = _numbers(1e9, 12_345_678)
    assert len(numbers) <= 2002
    assert {1.0, 12_345_678.0, 12_345_679.0, 1e9} <= set(numbers.tolist())


def test_that_the_control_offers_each_schedule_with_its_own_rows(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    chooser = window.findChild(QComboBox, "schedule_choice")
    assert isinstance(chooser, QComboBox)
    titles = [chooser.itemText(i) for i in range(chooser.count())]
    assert titles == ["constant", "in steps", "exponential", "cosine", "1/t", "warm-up", "one cycle"]
    control = window.sidebar.form.controls["schedule"]
    assert isinstance(control, ScheduleControl)
    assert not control.rows
    chooser.activated.emit(1)
    assert window.session.experiment.run.schedule.kind == "step"
    assert [row.objectName() for row in control.rows] == ["every", "period", "gamma"]
    type_into(window, "gamma", "0.25")
    assert window.session.experiment.run.schedule.model_dump()["gamma"] == 0.25
    chooser.activated.emit(0)
    assert window.session.experiment.run.schedule.is_constant


def test_that_a_warm_up_longer_than_the_run_is_refused_beside_its_control(open_window: WindowOpener) -> None:
    window, _ = opened(open_window, run__schedule={"kind": "warm_up", "length": 5})
    type_into(window, "length", "30")
    assert window.session.experiment.run.schedule.model_dump()["length"] == 5
