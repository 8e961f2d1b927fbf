"""The panel of the gradient check: its table, its curve, the chosen h, and what a question hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.core.numbers import format_number
from gdstudio.views.panels.gradient_check import GradientCheckPanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


def shown(window: MainWindow) -> GradientCheckPanel:
    panel = window.panels.panel("gradient_check")
    assert isinstance(panel, GradientCheckPanel)
    return panel


def check_of(window: MainWindow, qtbot: QtBot, **changes: object) -> GradientCheckPanel:
    """Show the check alone, and wait until it is there."""
    edits = {f"run.{name}": value for name, value in changes.items()}
    assert window.session.edit({"view.panels": ("gradient_check",), **edits})
    panel = shown(window)
    qtbot.waitUntil(lambda: panel._check is not None)
    return panel


def row(panel: GradientCheckPanel, number: int = 0) -> list[str]:
    items = [panel.table.item(number, column) for column in range(panel.table.columnCount())]
    return [item.text() for item in items if item is not None]


def test_that_the_table_has_code_and_difference_of_each_weight(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    panel = check_of(open_window("two-parameters"), qtbot)
    assert panel.table.isVisible()
    assert [row(panel, i)[:2] for i in range(2)] == [["w", "−9.33333"], ["b", "−4"]]
    assert all(float(row(panel, i)[2].replace("−", "-")) < 0 for i in range(2))
    assert panel.note.text().startswith("The gradient of the code is the slope of the cost.")


def test_that_the_lost_factor_is_seen_in_table_sentence_and_curve(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    panel = check_of(open_window("learning-rate"), qtbot, mistake="gradient_l30")
    assert row(panel) == ["θ", "−28", "−9.33333", "0.667"]
    assert "3 times the slope of the cost" in panel.note.text()
    exponents, errors = panel._errors.getData()
    assert (exponents[0], exponents[-1]) == (-16, 0)
    # one third of the gradient is right: at no h but those lost in rounding is the error another
    np.testing.assert_allclose(errors[exponents > -10], np.log10(2 / 3), atol=1e-5)


def test_that_the_slider_sets_h_in_the_file_and_marks_it_on_the_curve(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    panel = check_of(window, qtbot)
    panel.slider.setValue(32)
    assert window.session.experiment.view.difference_step == 1e-8
    qtbot.waitUntil(lambda: panel._check is not None and panel._check.h == 1e-8)
    assert panel._check is not None
    [x], [y] = panel._mark.getData()
    assert (x, y) == (-8, pytest.approx(np.log10(panel._check.error)))
    assert list(panel._chosen.getData()[0]) == [-8, -8]
    assert format_number(panel._check.error, 3) in panel.note.text()


def test_that_it_follows_the_run(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    panel = check_of(window, qtbot)
    window.session.player.step(3)
    qtbot.waitUntil(lambda: panel._check is not None and panel._check.step == 3)
    assert panel._check is not None
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    assert panel._check.gradient[0] == pytest.approx(28 / 3 * (snapshot.latest[0] - 1))


def test_that_a_question_hides_what_the_check_would_give_away(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    prompts = [cue.prompt for cue in window.cues.questions.cues]
    window.cues.questions.ask(next(i for i, prompt in enumerate(prompts) if "L30" in prompt))
    panel = shown(window)
    assert panel in window.panels.shown
    qtbot.waitUntil(lambda: panel._check is not None)
    assert row(panel)[1:] == ["?", "?", "?"]
    assert panel.note.text() == "The check is shown with the answer."
    assert panel._errors.getData()[0] is None or not len(panel._errors.getData()[0])
    window.session.edit({"view.steps_per_second": None})
    window.cues.predict(2)
    qtbot.waitUntil(lambda: "3 times" in panel.note.text(), timeout=10_000)


def test_that_the_check_of_a_run_that_was_left_is_not_shown(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    panel = check_of(window, qtbot)
    window.session.edit({"run.mistake": "gradient_l30"})
    assert panel._check is None
    qtbot.waitUntil(lambda: panel._check is not None)
    assert "3 times" in panel.note.text()


@pytest.mark.parametrize(
    "size",
    [
        (1280, 720),
        (3840, 2160),
        *(pytest.param(s, marks=pytest.mark.slow) for s in ((1920, 1080), (2560, 1440))),
    ],
)
def test_that_no_row_of_the_table_is_cut(
    open_window: WindowOpener, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window.at("two-parameters", size)
    panel = check_of(window, qtbot)
    qtbot.waitUntil(panel.table.isVisible)
    qtbot.waitUntil(lambda: panel.table.rowCount() == 2)
    last = panel.table.item(1, 0)
    assert last is not None
    qtbot.waitUntil(lambda: panel.table.visualItemRect(last).bottom() < panel.table.viewport().height())
