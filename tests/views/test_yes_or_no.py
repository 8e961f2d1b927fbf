"""Probabilities on screen: the curve with its boundary, the map of two features, and the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox

from gdstudio.core.problems.verdicts import Verdicts
from gdstudio.core.settings.hypotheses import with_hypothesis
from gdstudio.lessons.library import lesson
from gdstudio.views.code.values import code_values, hand_values
from gdstudio.views.plotting.network.flow import Flow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window

CLOUDS = {
    "problem": {"kind": "logistic_clouds", "n_test": 40},
    "run.initial_weights": [0.0, 0.0, 0.0],
    "view.panels": ("decision_map", "confusion", "contour"),
}


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(z)))


def step(window: MainWindow, qtbot: QtBot, count: int) -> np.ndarray[Any, Any]:
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == count):
        window.session.player.step(count)
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    return snapshot.latest


def phase(window: MainWindow, qtbot: QtBot, name: str) -> Any:
    while True:
        before = window.session.run.version
        window.session.player.step_phase()
        qtbot.waitUntil(lambda before=before: window.session.run.version > before)  # type: ignore[misc]  # mypy types no default
        qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
        snapshot = window.session.run.snapshot()
        assert snapshot is not None
        if snapshot.phase is not None and snapshot.phase.phase == name:
            return snapshot.phase


def test_that_the_data_plot_has_the_probability_its_residuals_and_the_boundary(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("yes-or-no")
    panel: Any = window.panels.panel("data_plot")
    assert "5 of 10 right" in panel.note.text()
    assert "p = ½" not in panel.note.text()  # at (0, 0) it is everywhere
    assert panel._boundary.line.xData is None or not len(panel._boundary.line.xData)
    w, b = step(window, qtbot, 100)
    x, y = panel._line.getData()
    np.testing.assert_allclose(y, sigmoid(w * x + b), rtol=1e-12)
    assert len(x) > 100
    x, y = panel._residuals.lines.getData()
    np.testing.assert_allclose(y[1::2], sigmoid(w * x[::2] + b), rtol=1e-12)
    assert set(y[::2].tolist()) == {0.0, 1.0}
    assert panel._boundary.line.getData()[0].tolist() == [-b / w, -b / w]
    assert "8 of 10 right" in panel.note.text()
    assert "p = ½ at x = 2.62" in panel.note.text()
    window.session.edit({"problem": {"kind": "line"}})
    assert panel._boundary.line.xData is None or not len(panel._boundary.line.xData)
    assert "right" not in panel.note.text()


def test_that_a_question_that_hides_the_weights_hides_the_boundary(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("yes-or-no")
    window.session.edit({"run.initial_weights": [1.0, -2.0], "view.panels": ("data_plot", "confusion")})
    window.session.concealed.conceal(["weights"])
    qtbot.waitUntil(lambda: "? of 10 right" in window.panels.panel("data_plot").note.text())
    note = window.panels.panel("data_plot").note.text()
    assert "x = ?" in note
    counts: Any = window.panels.panel("confusion")
    assert counts.note.text() == "accuracy ? = ?/10"
    assert counts.table.item(0, 1).text() == "?"


def test_that_phases_show_the_probability_and_not_the_log_odds(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("yes-or-no")
    window.session.edit({"run.initial_weights": [2.0, -4.0], "view.panels": ("data_plot", "network")})
    fact = phase(window, qtbot, "loss")
    panel: Any = window.panels.panel("data_plot")
    x, y = panel._residuals.lines.getData()
    np.testing.assert_allclose(y[1::2], sigmoid(2 * x[::2] - 4), rtol=1e-12)
    np.testing.assert_allclose(fact.predictions, 2 * x[::2] - 4)
    problem = window.session.run.problem
    assert problem is not None
    assert code_values(fact, output=problem.output_name)["forward"].startswith("z (10, 1) = [−3, −2, −1")
    by_hand = hand_values(fact, problem)
    assert by_hand["outputs"].startswith("z = [−3, −2, −1")
    assert by_hand["forward"] == by_hand["error"].replace("error", "h")  # the first labels are 0
    assert by_hand["forward"].startswith("h = [0.04743, 0.1192, 0.2689")
    said = Flow.of(fact, problem).sum_in_numbers((2.0, -4.0))
    assert said == "z = 2.00·0.50 + (−4.00) = −3.00,  ŷ = σ(z) = 0.05,  y = 0.00"
    assert any("z = net(X)" in line.text for line in window.code.lines)


def test_that_the_map_has_the_probability_the_boundary_and_the_wrong_ones(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("yes-or-no")
    assert window.session.edit(CLOUDS)
    assert [panel.kind for panel in window.panels.shown] == ["decision_map", "confusion", "contour"]
    panel: Any = window.panels.panel("decision_map")
    assert panel.plot.getViewBox().state["aspectLocked"]
    w1, w2, b = weights = step(window, qtbot, 30)
    rect, p = panel._map.image.mapRectToView(panel._map.image.boundingRect()), panel._map.image.image
    rows, columns = p.shape
    x = rect.left() + rect.width() * (np.arange(columns) + 0.5) / columns
    y = rect.top() + rect.height() * (np.arange(rows) + 0.5) / rows
    np.testing.assert_allclose(p, sigmoid(w1 * x[None, :] + w2 * y[:, None] + b), rtol=1e-9)
    x, y = panel._map.line.getData()
    np.testing.assert_allclose(w1 * x + w2 * y + b, 0, atol=1e-9)
    problem = window.session.run.problem
    assert problem is not None
    right = int(problem.tells(weights)["right"])
    assert len(panel._wrong.getData()[0]) == 200 - right
    assert f"{right} of 200 right" in panel.note.text()
    assert len(panel._dots.yes.getData()[0]) == len(panel._dots.no.getData()[0]) == 100


def test_that_at_the_start_the_map_has_no_boundary_and_one_colour(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("yes-or-no")
    window.session.edit(CLOUDS)
    panel: Any = window.panels.panel("decision_map")
    qtbot.waitUntil(lambda: panel._map.image.image is not None)
    assert np.unique(panel._map.image.image).tolist() == [0.5]
    assert np.isnan(panel._map.line.getData()[0]).all()
    window.session.edit({"run.initial_weights": [1e300, -1e300, 1e300]})
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    assert set(np.unique(panel._map.image.image)) <= {0.0, 0.5, 1.0}


def test_that_the_counts_are_those_of_training_and_test_rows(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("yes-or-no")
    window.session.edit(CLOUDS)
    weights, problem = step(window, qtbot, 5), window.session.run.problem
    assert problem is not None
    assert problem.held_out is not None
    panel: Any = window.panels.panel("confusion")
    shown = [[panel.table.item(row, column).text() for column in range(4)] for row in range(4)]
    expected = []
    for words, rows in (("", problem.rows), ("test ", problem.held_out)):
        said = sigmoid(rows.X @ weights[:2] + weights[2]) > 0.5
        for label in (0, 1):
            of = rows.y == label
            counts = [int((said[of] == guess).sum()) for guess in (0, 1)]
            expected.append([f"{words}y = {label}", *map(str, counts), f"{counts[label]} of {of.sum()}"])
    assert shown == expected
    share = Verdicts.of(problem.rows.y, problem.predict(weights, problem.rows.X)).accuracy
    assert f"accuracy {share:.3f}" in panel.note.text()
    assert "test accuracy" in panel.note.text()


@pytest.mark.one_window(False)
def test_that_the_data_are_chosen_in_the_sidebar(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("yes-or-no")
    [chooser] = (box for box in window.findChildren(QComboBox) if box.objectName() == "kind_choice")
    words = [chooser.itemText(i) for i in range(chooser.count())]
    assert sorted(words) == [f"logistic, {data}" for data in ("hours", "separable", "two clouds")]
    chooser.setCurrentIndex(words.index("logistic, two clouds"))
    chooser.activated.emit(chooser.currentIndex())
    experiment = window.session.experiment
    assert experiment.problem.kind == "logistic_clouds"
    assert experiment.run.initial_weights == (0.0, 0.0, 0.0)
    assert [panel.kind for panel in window.panels.shown] == ["decision_map", "contour"]
    assert window.session.edit(with_hypothesis(experiment, "logistic"))
    assert [panel.kind for panel in window.panels.shown] == ["data_plot", "contour"]


def test_that_a_dragged_point_takes_one_of_the_two_labels(open_window: WindowOpener) -> None:
    window = open_window("yes-or-no")
    panel: Any = window.panels.panel("data_plot")
    assert panel.editing.edits.drag(0, (0.75, 0.7))
    assert window.session.experiment.problem.x[0] == 0.75  # type: ignore[attr-defined]  # its own
    assert window.session.experiment.problem.y[0] == 1.0  # type: ignore[attr-defined]  # its own
    rejected: list[Any] = []
    window.session.rejected.connect(rejected.append)
    assert not panel.editing.edits.replace([(1.0, 0.0), (2.0, 3.0)])
    assert "3 is neither 0 nor 1" in rejected[0][0]


@pytest.mark.parametrize(
    ("at", "says"), [([0.0, 0.0], "0.7672"), ([1.3534115217, -3.7218816847], "1.509")], ids=str
)
def test_that_the_contour_tells_the_limit_where_the_run_is(
    open_window: WindowOpener, qtbot: QtBot, at: list[float], says: str
) -> None:
    window = open_window("yes-or-no")
    window.session.edit({"run.initial_weights": at})
    note = window.panels.panel("contour").note
    qtbot.waitUntil(lambda: f"here 2/λ<sub>max</sub> = {says}" in note.text())
    window.session.edit({"run.optimizer": {"kind": "adam"}})
    qtbot.waitUntil(lambda: "here" not in note.text())
    window.session.edit({"problem": {"kind": "line"}, "run.optimizer": {"kind": "sgd"}})
    qtbot.waitUntil(lambda: "condition number" in note.text())
    assert "here" not in note.text()


def test_that_the_formula_has_cost_and_log_odds(open_window: WindowOpener) -> None:
    window = open_window("yes-or-no")
    assert window.formula.text().startswith("J = mean(log(1 + eᶻ) − y z), p = σ(z), z = w x + b; ")
    window.session.edit({"problem.cost": "squared_error"})
    assert window.formula.text().startswith("J = mean((p − y)²), p = σ(z), z = w x + b; ")
    window.session.edit(CLOUDS)
    assert "z = w₁ x₁ + w₂ x₂ + b" in window.formula.text()


def test_that_pins_keep_their_curve_and_their_boundary(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("yes-or-no")
    w, b = step(window, qtbot, 20)
    window.session.pin()
    panel: Any = window.panels.panel("data_plot")
    x, y = panel.pins.line(0)
    np.testing.assert_allclose(y, sigmoid(w * x + b), rtol=1e-9)
    panel.plot.getViewBox().setRange(xRange=(-20, 20), padding=0)
    panel.redraw()
    far, y = panel.pins.line(0)
    assert far.min() < -20 < x.min()
    np.testing.assert_allclose(y, sigmoid(w * far + b), rtol=1e-9)
    window.session.edit(CLOUDS)
    plane: Any = window.panels.panel("decision_map")
    assert not plane.pins.shown
    w1, w2, b = step(window, qtbot, 10)
    window.session.pin()
    x, y = plane.pins.line(1)
    np.testing.assert_allclose(w1 * x + w2 * y + b, 0, atol=1e-9)


def test_that_the_lesson_opens_at_its_own_experiment(open_window: WindowOpener) -> None:
    window = open_window("yes-or-no")
    assert window.session.experiment == lesson("yes-or-no").experiment
