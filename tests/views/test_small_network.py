"""The pictures of a small network, checked by the data that they draw, and the control of its layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from gdstudio.core.problems.verdicts import are_right
from gdstudio.views.plotting.colour_ramp import rgb
from gdstudio.views.plotting.network.columns import Columns, links, weights_of
from gdstudio.views.plotting.network.unit_maps import CELLS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

PANELS = ("decision_map", "hidden_units", "accuracy", "network")
CLASSES = {"kind": "small_network_classes", "hidden": [5], "n": 60, "n_test": 30}


def shown(open_window: WindowOpener, **changes: Any) -> MainWindow:
    window = open_window("small-network")
    assert window.session.edit({"view.panels": PANELS, "view.steps_per_second": None, **changes})
    return window


def step(window: MainWindow, qtbot: QtBot, count: int) -> Snapshot:
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == count):
        window.session.player.step(count)
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    return snapshot


def panel(window: MainWindow, kind: str) -> Any:
    return window.panels.panel(kind)


def click(drawn: Any, layer: int, unit: int) -> None:
    place = drawn.stack.columns.squares[layer][unit].center().toPoint()
    QTest.mouseClick(drawn.stack, Qt.MouseButton.LeftButton, pos=place)


def test_that_the_map_of_several_classes_shows_the_likeliest(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = shown(open_window, problem=CLASSES)
    weights = step(window, qtbot, 40).latest
    problem, drawn = window.session.run.problem, panel(window, "decision_map")
    assert problem is not None
    image = drawn._likeliest.image
    rect, pixels = image.mapRectToView(image.boundingRect()), image.image
    rows, columns = pixels.shape[:2]
    x = rect.left() + rect.width() * (np.arange(columns) + 0.5) / columns
    y = rect.top() + rect.height() * (np.arange(rows) + 0.5) / rows
    across, up = np.meshgrid(x, y)
    z = problem.outputs(weights, np.column_stack([across.ravel(), up.ravel()]))
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    theme = drawn.appearance.theme
    card, *shades = (rgb(name) for name in (theme.card, *theme.pins[:3]))
    sure = 0.45 * (p.max(axis=1)[:, None] - 1 / 3) / (2 / 3)
    expected = card + sure * (np.array(shades)[p.argmax(axis=1)] - card)
    assert np.abs(pixels.reshape(-1, 3) - expected).max() <= 1
    boundary = np.column_stack(drawn._likeliest.line.getData())
    two = np.sort(problem.outputs(weights, boundary[np.isfinite(boundary[:, 0])]), axis=1)[:, -2:]
    assert np.median(two[:, 1] - two[:, 0]) < 0.02 * np.ptp(z)
    assert drawn._even.line.getData()[0] is None or not len(drawn._even.line.getData()[0])
    right = are_right(problem.rows.y, problem.predict(weights, problem.rows.X))
    assert len(drawn._wrong.getData()[0]) == 60 - right.sum()
    assert f"{right.sum()} of 60 right" in drawn.note.text()
    assert [len(dots.getData()[0]) for dots in drawn._dots.several] == [20, 20, 20, 0, 0, 0]


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
def test_that_the_small_maps_are_what_the_units_make(
    open_window: WindowOpener, qtbot: QtBot, activation: str
) -> None:
    window = shown(open_window, **{"problem.hidden": (3,), "problem.activation": activation})
    weights = step(window, qtbot, 30).latest
    problem, drawn = window.session.run.problem, panel(window, "hidden_units")
    assert problem is not None
    inputs, hidden, outputs = drawn.maps.values(problem, weights)
    X = drawn.maps._X
    W, b, v, c = weights[:6].reshape(3, 2), weights[6:9], weights[9:12], weights[12]
    sums = X @ W.T + b
    made = {
        "tanh": np.tanh(sums),
        "relu": np.maximum(sums, 0),
        "sigmoid": 1 / (1 + np.exp(-sums)),
        "linear": sums,
    }[activation]
    largest = np.abs(made).max(axis=0)
    seen = {"tanh": made, "sigmoid": 2 * made - 1}.get(activation, made / np.where(largest > 0, largest, 1))
    np.testing.assert_allclose(hidden.reshape(3, -1).T, seen, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(outputs.ravel(), 2 / (1 + np.exp(-(made @ v + c))) - 1, rtol=1e-9, atol=1e-12)
    assert inputs.shape == (2, CELLS, CELLS)
    assert (np.diff(inputs[0][0]) > 0).all()
    assert (np.diff(inputs[1][:, 0]) < 0).all()  # the first row of an image is at the top
    image = drawn.drawing._images[2][0]
    assert (image.width(), image.height()) == (CELLS, CELLS)
    colour, theme = QColor(image.pixel(0, 0)), drawn.appearance.theme
    wanted = QColor(theme.prediction if outputs[0, 0, 0] > 0 else theme.negative)
    card = QColor(theme.card)
    share = 0.85 * abs(outputs[0, 0, 0])
    for channel in ("red", "green", "blue"):
        low, high = (getattr(c, channel)() for c in (card, wanted))
        assert abs(getattr(colour, channel)() - (low + share * (high - low))) <= 2


def test_that_the_weights_of_a_unit_are_written_before_and_after(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = shown(open_window, **{"problem.hidden": (3,)})
    drawn = panel(window, "network")
    assert drawn.stack.isVisible()
    assert not drawn.drawing.isVisible()
    snapshot = step(window, qtbot, 7)
    before, now = snapshot.came_from, snapshot.latest
    assert before is not None

    def written(value: float) -> str:
        return f"{value:.4f}".replace("-", "−")

    def lines(title: str, *places: tuple[str, int]) -> tuple[str, ...]:
        return (title, *(f"{name} = {written(before[i])} → {written(now[i])}" for name, i in places))

    assert drawn.stack.text == lines("unit 1 of layer 1", ("w₁", 0), ("w₂", 1), ("b₁", 6))
    click(drawn, 2, 0)
    assert drawn.stack.text == lines("output ŷ", ("w₇", 9), ("w₈", 10), ("w₉", 11), ("b₄", 12))
    click(drawn, 0, 1)
    assert drawn.stack.text == ("input x₂", "given, no weights")


def test_that_phases_write_the_gradient_and_what_is_hidden_is_not_written(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = shown(open_window, **{"problem.hidden": (2,)})
    drawn = panel(window, "network")
    for _ in range(5):
        window.session.player.step_phase()
        qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    qtbot.waitUntil(lambda: any("∂J/∂w₁ = " in line for line in drawn.stack.text))
    window.session.concealed.conceal({"weights"})
    qtbot.waitUntil(lambda: "w₁ = ?" in drawn.stack.text)


def test_that_accuracy_is_drawn_over_epochs_for_both_parts(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = shown(open_window)
    snapshot = step(window, qtbot, 100)
    drawn, problem = panel(window, "accuracy"), window.session.run.problem
    assert problem is not None
    told = problem.tells(snapshot.latest)
    for curve, name in ((drawn._train, "right"), (drawn._test, "test_right")):
        epochs, shares = curve.getData()
        assert epochs[-1] == 5
        assert shares[-1] == pytest.approx(told[name] / 200)
    assert f"training {told['right'] / 200:.3f}" in drawn.note.text()
    assert f"test {told['test_right'] / 200:.3f}" in drawn.note.text()
    window.session.concealed.conceal({"weights"})
    qtbot.waitUntil(lambda: "training ?" in drawn.note.text())


def test_that_without_test_rows_there_is_one_curve(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = shown(open_window, **{"problem.n_test": 0})
    step(window, qtbot, 10)
    drawn = panel(window, "accuracy")
    assert "test" not in drawn.note.text()
    assert not len(drawn._test.getData()[0])


def test_that_the_slice_goes_through_the_latest_weights(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = shown(open_window, **{"view.panels": ("path_slice", "decision_map")})
    drawn = panel(window, "path_slice")
    assert "few steps" in drawn.note.text()
    snapshot = step(window, qtbot, 300)
    qtbot.waitUntil(lambda: drawn._made is not None and drawn._made.slice.step == 300, timeout=20_000)
    made, problem = drawn._made, window.session.run.problem
    assert problem is not None
    path = snapshot.weights
    values = np.linalg.eigvalsh(np.cov(path.T))
    assert made.slice.shares[0] == pytest.approx(values[-1] / values.sum(), rel=0.05)  # of 300 of the weights
    x, y = drawn._point.getData()
    np.testing.assert_allclose([x[0], y[0]], 0, atol=1e-12)
    start = made.slice.place(path[0])
    x, y = drawn._begin.getData()
    np.testing.assert_allclose([x[0], y[0]], start, atol=1e-12)
    at = made.slice.centre + np.array([made.xs[3], made.ys[5]]) @ made.slice.directions
    assert made.costs[5, 3] == pytest.approx(float(problem.cost_at(at)), rel=1e-12)
    assert "plane through step 300" in drawn.note.text()
    assert made.view[0] < start[0] < made.view[1]


def test_that_layers_and_units_are_set_by_buttons(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("small-network")
    control: Any = window.sidebar.form.controls["hidden"]

    def hidden() -> tuple[int, ...]:
        return window.session.experiment.problem.model_dump()["hidden"]  # type: ignore[no-any-return]  # a tuple

    assert hidden() == (4, 2)
    control.rows[0].more.click()
    assert hidden() == (5, 2)
    control.more.click()
    assert hidden() == (5, 2, 2)
    control.more.click()
    assert hidden() == (5, 2, 2, 2)
    assert not control.more.isEnabled()
    assert [row.isVisible() for row in control.rows] == [True] * 4
    control.rows[1].less.click()
    assert hidden() == (5, 1, 2, 2)
    assert not control.rows[1].less.isEnabled()
    for _ in range(4):
        control.fewer.click()
    assert hidden() == ()
    assert not control.fewer.isEnabled()
    control.more.click()
    assert hidden() == (1,)
    window.session.edit({"problem.hidden": (16,)})
    assert not control.rows[0].more.isEnabled()
    assert control.rows[0].count.text() == "16"


def overlap(squares: list[QRectF]) -> bool:
    return any(a.intersects(b) for i, a in enumerate(squares) for b in squares[i + 1 :])


@pytest.mark.parametrize("sizes", [(2, 4, 2, 1), (7, 16, 16, 16, 16, 6), (2, 1), (2, 16, 1)], ids=str)
@pytest.mark.parametrize("room", [(300, 150), (700, 420), (1500, 900)], ids=str)
def test_that_no_two_units_overlap_and_all_are_in_the_picture(
    sizes: tuple[int, ...], room: tuple[int, int]
) -> None:
    whole = QRectF(0, 0, *room)
    columns = Columns.of(whole, sizes, 92)
    squares = [square for layer in columns.squares for square in layer]
    assert [len(layer) for layer in columns.squares] == list(sizes)
    assert all(whole.contains(square) for square in squares)
    assert not overlap(squares)
    for layer, of_layer in enumerate(columns.squares):
        for unit, square in enumerate(of_layer):
            assert columns.unit_at(QPointF(square.center())) == (layer, unit)


def test_that_links_and_weights_are_those_of_the_flat_vector() -> None:
    sizes = (2, 3, 2)
    assert len(links(sizes)) == 12
    assert [link.weight for link in links(sizes)] == [0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14]
    assert weights_of(sizes, 1, 2) == (4, 5, 8)
    assert weights_of(sizes, 2, 1) == (12, 13, 14, 16)
