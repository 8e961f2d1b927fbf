"""The prediction as a matrix product: shapes, the rows of the batch, and one row written out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from gdstudio.core.numbers import format_fixed
from gdstudio.core.settings.experiment import Experiment
from gdstudio.views.panels.matrix_product import MatrixProduct
from tests.views.test_code_strip import make_phases

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


def shown(window: MainWindow) -> MatrixProduct:
    window.resize(1920, 1080)
    panel = window.panels.panel("matrix_product")
    assert isinstance(panel, MatrixProduct)
    return panel


def numbers(line: str) -> list[float]:
    return [float(text.replace("−", "-")) for text in re.findall(r"−?\d+\.\d+", line)]


def test_that_all_rows_have_their_shapes_until_a_batch_is_looked_at(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("mini-batches")
    panel = shown(window)
    qtbot.waitUntil(lambda: panel.drawing.shapes() == "X (1000, 2) w (2, 1) + b (1) = ŷ (1000, 1)")
    make_phases(window, qtbot, 1, "batch")
    qtbot.waitUntil(lambda: panel.drawing.shapes() == "X (10, 2) w (2, 1) + b (1) = ŷ (10, 1)")
    assert "10 rows of step 1" in panel.note.text()
    assert "b is broadcast" in panel.note.text()


def test_that_the_cells_are_those_of_the_batch(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("mini-batches")
    panel = shown(window)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda s: s.step == 7):
        window.session.player.step(7)
    make_phases(window, qtbot, 8, "forward")
    fact = window.session.run.snapshot().phase  # type: ignore[union-attr]  # it has begun
    assert fact is not None
    assert fact.predictions is not None
    rows = fact.X[:6].tolist()
    X, w, b, h = panel.drawing._blocks
    qtbot.waitUntil(lambda: panel.drawing._blocks[0].cells[0][0] == format_fixed(rows[0][0], 3))
    X, w, b, h = panel.drawing._blocks
    assert X.cells == tuple(tuple(format_fixed(value, 3) for value in row) for row in rows)
    assert w.cells == tuple((format_fixed(value, 3),) for value in fact.weights[:2].tolist())
    assert b.cells == ((format_fixed(float(fact.weights[2]), 3),),)
    assert h.cells == tuple((format_fixed(value, 3),) for value in fact.predictions[:6].tolist())
    assert X.goes_on
    assert h.goes_on


def test_that_a_row_is_written_out_and_adds_up(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("mini-batches")
    panel = shown(window)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda s: s.step == 50):
        window.session.player.step(50)
    symbols, line = panel.drawing.written()
    assert symbols == "row 1:  ŷ = x₁ w₁ + x₂ w₂ + b"
    x1, w1, x2, w2, b, h = numbers(line)
    assert x1 * w1 + x2 * w2 + b == pytest.approx(h, abs=0.01)


def test_that_a_question_hides_the_weights_in_it(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("mini-batches")
    panel = shown(window)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda s: s.step == 50):
        window.session.player.step(50)
    window.session.concealed.conceal(["weights"])
    qtbot.waitUntil(lambda: panel.drawing.written()[1].endswith("= ?"))
    X, w, b, h = panel.drawing._blocks
    assert w.cells == (("?",), ("?",))
    assert b.cells == (("?",),)
    assert {cell for row in h.cells for cell in row} == {"?"}
    assert "?" not in {cell for row in X.cells for cell in row}


@pytest.mark.parametrize(
    ("given", "is_offered"),
    [
        ({"kind": "line"}, True),
        ({"kind": "line_through_origin"}, True),
        ({"kind": "linear_network", "n": 20, "n_test": 0}, True),
        ({"kind": "linear_network", "n": 20, "n_test": 0, "true_w": [1.0] * 9}, False),
        ({"kind": "constant"}, False),
        ({"kind": "tanh_network", "n": 20, "n_test": 0}, False),
    ],
)
def test_that_it_is_offered_where_one_layer_of_few_features_predicts(
    given: dict[str, Any], is_offered: bool
) -> None:
    problem = Experiment.parse({"problem": given, "run": {"max_steps": 1}}).build_problem()
    assert MatrixProduct.offered(problem) is is_offered
