"""The code below the pictures, and what the pictures draw of a step that is made phase by phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdstudio.core.listing import PHASES, CodeLine
from gdstudio.core.program import program_of, strip
from gdstudio.views.code.html_lines import code_html, lit_lines
from gdstudio.views.panels.contour import Contour
from gdstudio.views.panels.cost_curve import CostCurve
from gdstudio.views.panels.data_plot import DataPlot
from gdstudio.views.widgets.theme import DARK, LIGHT

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.listing import PhaseName
    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.widgets.theme import Theme
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener


def make_phases(window: MainWindow, qtbot: QtBot, step: int, last: str) -> None:
    """Press N until a step has made a phase and the pictures have drawn it."""
    for phase in PHASES[: PHASES.index(last) + 1]:

        def drawn(snapshot: Snapshot, phase: str = phase) -> bool:
            fact = snapshot.phase
            is_there = fact is not None and (fact.step, fact.phase) == (step, phase)
            return is_there and (phase != "update" or snapshot.step == step)

        with qtbot.waitSignal(window.clock.frame, check_params_cb=drawn):
            QTest.keyClick(window, Qt.Key.Key_N)


def lines_of(window: MainWindow) -> list[str]:
    return [line.replace("\xa0", " ") for line in window.code.text.toPlainText().splitlines()]


def test_that_the_code_is_shown_where_the_lesson_asks_for_it(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    assert window.code.isVisible()
    assert any("optimizer = torch.optim.SGD(net.parameters(), lr=0.1)" in line for line in lines_of(window))
    window.open("cost-and-slope")
    assert not window.code.isVisible()
    QTest.keyClick(window, Qt.Key.Key_C)
    assert window.code.isVisible()
    assert window.session.experiment.view.code


def test_that_the_code_follows_the_settings(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    window.session.edit({"run.learning_rate": 0.05})
    assert any("lr=0.05" in line for line in lines_of(window))
    window.session.edit({"run.mistake": "no_zero_grad"})
    assert any("left out" in line for line in lines_of(window))


def test_that_a_low_window_folds_the_code_and_the_user_unfolds_it(open_window: WindowOpener) -> None:
    window = open_window.at("learning-rate", (1280, 1000))
    assert window.code.text.isVisible()
    window.resize(1280, 720)
    assert not window.code.text.isVisible()
    window.code.fold.click()
    assert window.code.text.isVisible()
    QTest.keyClick(window, Qt.Key.Key_C)
    assert not window.code.text.isVisible()


@pytest.mark.parametrize("name", ["learning-rate", "pytorch-loop"])
def test_that_a_crowded_window_shows_the_lit_line_alone(
    open_window: WindowOpener, qtbot: QtBot, name: str
) -> None:
    window = open_window.at(name, (1024, 640))
    assert not window.code.isVisible()
    make_phases(window, qtbot, 1, "zero_grad")
    assert window.code.isVisible()
    assert not window.code.text.isVisible()
    assert "grad" in window.code.note.text()
    assert "None" in window.code.note.text()
    window.session.player.reset()
    assert not window.code.isVisible()


def test_that_the_fold_is_remembered(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    window.code.fold.click()
    choice = window.code.choice
    assert choice in {"open", "folded"}
    window.close()
    assert open_window("learning-rate").code.choice == choice


def test_that_the_line_of_the_phase_is_lit_with_its_tensors(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    make_phases(window, qtbot, 1, "loss")
    lit = [line for line in lines_of(window) if line.startswith("▸")]
    assert len(lit) == 1
    assert "cost = loss(h, y)" in lit[0]
    assert "cost = 4.66667" in lit[0]
    assert any("h = net(X)" in line and "h (3, 1) = [0, 0, 0]" in line for line in lines_of(window))
    assert "step 1, loss" in window.code.note.text()
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 2):
        window.session.player.step(2)
    assert not any(line.startswith("▸") for line in lines_of(window))


def test_that_the_cost_curve_draws_slope_and_move_only_when_they_are_made(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    panel = window.panels.panel("cost_curve")
    assert isinstance(panel, CostCurve)
    make_phases(window, qtbot, 1, "zero_grad")
    assert panel._tangent.getData()[0] is None or not len(panel._tangent.getData()[0])
    assert panel._move.shaft.getData()[0] is None or not len(panel._move.shaft.getData()[0])
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda s: s.phase.phase == "backward"):
        window.transport.step_phase.click()
    x, y = panel._tangent.getData()
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(-28 / 3, rel=1e-9)
    x, y = panel._move.shaft.getData()
    np.testing.assert_allclose(x, [0, 14 / 15])
    np.testing.assert_allclose(y, 14 / 3)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda s: s.step == 1):
        window.transport.step_phase.click()
    np.testing.assert_allclose(panel._move.shaft.getData()[0], [0, 14 / 15])


def test_that_the_data_plot_rings_the_batch_and_draws_its_residuals(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("pytorch-loop")
    panel = window.panels.panel("data_plot")
    assert isinstance(panel, DataPlot)
    make_phases(window, qtbot, 1, "forward")
    x, y = panel._batch.getData()
    assert len(x) == 10
    problem = window.session.run.problem
    assert problem is not None
    assert set(x) <= set(problem.rows.y)  # predictions stand above their labels
    fact = window.session.run.snapshot().phase  # type: ignore[union-attr]  # it has begun
    assert fact is not None
    assert fact.predictions is not None
    np.testing.assert_array_equal(y, fact.predictions)
    assert "batch of 10" in panel.note.text()
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda s: s.phase.phase == "loss"):
        window.session.player.step_phase()
    ends = panel._residuals.lines.getData()[1]
    np.testing.assert_array_equal(ends[::2], x)
    fact = window.session.run.snapshot().phase  # type: ignore[union-attr]  # it has begun
    assert fact is not None
    assert np.mean((ends[1::2] - ends[::2]) ** 2) == pytest.approx(fact.cost, rel=1e-12)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda s: s.step == 2):
        window.session.player.step(2)
    assert not len(panel._batch.getData()[0])
    assert "batch of" not in panel.note.text()


def test_that_the_contour_draws_the_gradient_of_the_batch_and_then_the_move(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("mini-batches")
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)
    make_phases(window, qtbot, 1, "backward")
    fact = window.session.run.snapshot().phase  # type: ignore[union-attr]  # it has begun
    assert fact is not None
    assert fact.gradient is not None
    x = panel._batch_move.shaft.getData()[0]
    assert x[1] - x[0] == pytest.approx(-10 * fact.learning_rate * fact.gradient[0], rel=1e-9)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda s: s.step == 1):
        window.session.player.step_phase()
    x = panel._move.shaft.getData()[0]
    assert x[1] - x[0] == pytest.approx(-fact.learning_rate * fact.gradient[0], rel=1e-9)


def test_that_a_phase_without_a_line_lights_the_one_before_it() -> None:
    phases: tuple[PhaseName | None, ...] = (None, "batch", "forward", "zero_grad", None, "update")
    lines = [CodeLine(f"line {i}", phase) for i, phase in enumerate(phases)]
    lit = [lit_lines(lines, phase) for phase in PHASES]
    assert lit == [(1,), (2,), (2,), (3,), (3,), (5,)]
    assert lit_lines(lines, None) == ()
    assert lit_lines(lines[:1], "update") == ()


def test_that_a_rate_changed_on_the_way_is_shown(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    make_phases(window, qtbot, 1, "update")
    window.session.edit({"run.learning_rate": 0.05})
    text = " ".join(lines_of(window))
    assert "lr=0.1)" in text
    assert "learning_rates = {1: 0.05}" in text


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_that_quantities_have_their_colours(open_window: WindowOpener, theme: Theme) -> None:
    experiment = open_window("learning-rate", wait=False).session.experiment
    made = code_html(strip(program_of(experiment)), theme, "loss", {})
    assert f'<span style="color:{theme.cost_text}">cost</span>' in made
    assert f'<span style="color:{theme.weights}">net</span>' in made
    assert f'<span style="color:{theme.gradient_text}">backward</span>' in made


@pytest.mark.parametrize("name", ["learning-rate", "mini-batches"])
def test_that_a_step_beyond_all_numbers_can_be_looked_at(
    open_window: WindowOpener, qtbot: QtBot, name: str
) -> None:
    window = open_window(name)
    window.session.edit({"run.learning_rate": 1e200})
    with qtbot.waitSignal(window.session.player.run_finished):
        for _ in range(12):
            window.session.player.step_phase()
    panel = window.panels.panel("cost_curve" if name == "learning-rate" else "contour")
    assert isinstance(panel, CostCurve | Contour)
    with qtbot.waitSignal(window.clock.frame):
        window.clock.redraw()
    x = panel._move.shaft.getData()[0]
    assert x is None or not len(x) or np.abs(x).max() < 1e13  # farther away Qt loses the side


def test_that_the_program_by_hand_stands_there_where_it_is_chosen(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window.at("two-parameters", (1920, 1080))
    QTest.keyClick(window, Qt.Key.Key_C)
    strip = window.code
    assert strip.chooser.currentText() == "PyTorch"
    strip.chooser.setCurrentIndex(1)
    strip.chooser.activated.emit(1)
    assert window.session.experiment.view.program == "by_hand"
    make_phases(window, qtbot, 1, "backward")
    lit = [line for line in lines_of(window) if line.startswith("▸")]
    assert len(lit) == 2
    assert "gradient_w = (2 / len(y)) * np.sum(error * x)" in lit[0]
    assert lit[0].endswith(" −9.333")
    assert "gradient_b" in lit[1]
    assert lit[1].endswith(" −4")
    assert any("error = h - y" in line and "error = [−1, −2, −3]" in line for line in lines_of(window))
    window.session.player.step_phase()
    qtbot.waitUntil(lambda: any("w -= alpha" in line and "0 → 0.9333" in line for line in lines_of(window)))
    assert any("b -= alpha" in line and "0 → 0.4" in line for line in lines_of(window))


def test_that_the_program_by_hand_says_how_far_it_agrees_and_why_there_is_none(
    open_window: WindowOpener,
) -> None:
    window = open_window.at("pytorch-loop", (1920, 1080))
    window.session.edit({"view.program": "by_hand"})
    assert "12 digits" in window.code.note.text()
    assert any("gradient_w1" in line for line in lines_of(window))
    window.session.edit({"run.optimizer": "adam"})
    assert not any("gradient_w1" in line for line in lines_of(window))
    assert window.code.note.text() == "By hand is for gradient descent, with or without momentum."
    assert not window.code.chooser.isEnabled()
    assert window.code.chooser.currentText() == "PyTorch"
    window.session.edit({"run.optimizer": "sgd"})
    assert any("gradient_w1" in line for line in lines_of(window))


def test_that_a_question_hides_the_numbers_beside_the_lines_by_hand(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window.at("learning-rate", (1920, 1080))
    window.session.edit({"view.program": "by_hand"})
    make_phases(window, qtbot, 1, "update")
    assert any("−9.333" in line for line in lines_of(window))
    window.session.concealed.conceal(["weights", "gradient", "cost"])
    seen = "\n".join(lines_of(window))
    assert "−9.333" not in seen
    assert "0.9333" not in seen
    assert "? → ?" in seen
