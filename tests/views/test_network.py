"""The drawing of the network: live numbers, widths and signs, and no overlap at any size."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QFont

from gdstudio.core.settings.experiment import Experiment
from gdstudio.views.panels.network import Network, labels
from gdstudio.views.plotting.network.layout import LEAST_PIXELS, Layout, lay_out, visible
from gdstudio.views.widgets.theme import DARK, LIGHT

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.problems import Problem
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

BODIES = [(236, 92), (380, 110), (640, 300), (1500, 900), (3800, 2000)]


def problem(kind: str, features: int = 2) -> Problem:
    tables = {"kind": kind, "n": 20, "n_test": 0, "true_w": [float(i + 1) for i in range(features)]}
    given = tables if kind == "linear_network" else {"kind": kind}
    return Experiment.parse({"problem": given, "run": {"max_steps": 1}}).problem.build(0)


def font_of(pixels: int) -> QFont:
    font = QFont()
    font.setPixelSize(pixels)
    return font


def shown(window: MainWindow) -> Network:
    panel = window.panels.panel("network")
    assert isinstance(panel, Network)
    return panel


def boxes(layout: Layout) -> list[QRectF]:
    r = layout.radius
    centres = [centre for _, centre in layout.nodes] + [layout.sum, layout.output]
    found = [QRectF(c.x() - r, c.y() - r, 2 * r, 2 * r) for c in centres]
    found += [edge.number for edge in layout.edges]
    found += [layout.gap] if layout.gap is not None else []
    return found + ([layout.formula[1]] if layout.formula else [])


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("features", [1, 2, 6, 7, 100])
@pytest.mark.parametrize("scale", [0.8, 1.0, 2.5])
def test_that_nothing_overlaps_at_any_size(
    qtbot: QtBot, body: tuple[int, int], features: int, scale: float
) -> None:
    pixels = range(round(20 * scale), LEAST_PIXELS - 1, -1)
    layout = lay_out(QSizeF(*body), labels(problem("linear_network", features)), font_of, pixels)
    parts = boxes(layout)
    whole = QRectF(0, 0, *body)
    assert all(whole.contains(box) for box in parts)
    assert not [pair for pair in combinations(parts, 2) if pair[0].intersects(pair[1])]


@pytest.mark.parametrize(
    ("inputs", "rows", "expected"),
    [
        (2, 6, ([0, 1], False)),
        (6, 6, ([0, 1, 2, 3, 4, 5], False)),
        (7, 9, ([0, 1, 2, 3, 6], True)),
        (100, 3, ([0, 99], True)),
        (100, 1, ([0], True)),
    ],
)
def test_that_the_middle_inputs_are_left_out(
    inputs: int, rows: int, expected: tuple[list[int], bool]
) -> None:
    assert visible(inputs, rows) == expected


def test_that_what_is_left_out_is_counted(qtbot: QtBot) -> None:
    layout = lay_out(QSizeF(900, 600), labels(problem("linear_network", 100)), font_of, range(16, 7, -1))
    drawn = [edge.weight for edge in layout.edges]
    assert drawn[-2:] == [99, 100]  # the last input's, and the bias
    assert layout.left_out == 100 - (len(drawn) - 1)
    assert layout.gap is not None


@pytest.mark.parametrize(
    ("kind", "formula"),
    [
        ("linear_network", "ŷ = h(x) = w₁ x₁ + w₂ x₂ + b"),
        ("line", "ŷ = h(x) = w x + b"),
        ("line_through_origin", "ŷ = h(x) = θ x"),
    ],
)
def test_that_the_formula_is_the_models(kind: str, formula: str) -> None:
    assert labels(problem(kind)).formulas[0] == formula
    assert Network.offered(problem(kind))


def test_that_a_model_without_layers_is_not_drawn() -> None:
    assert not Network.offered(problem("constant"))


def test_that_the_numbers_on_the_edges_are_the_runs(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("pytorch-loop")
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 120):
        window.session.player.step(120)
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    numbers = [float(text.replace("−", "-")) for text in shown(window).drawing.numbers]
    np.testing.assert_allclose(numbers, snapshot.latest, atol=5.1e-5)
    assert numbers[1] < 0 < numbers[0]


def test_that_width_tells_the_size_and_its_scale_is_said(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    panel = shown(window)
    drawing = panel.drawing
    assert "widest at 5" in panel.note.text()  # the truth's largest weight is 4.2
    widths = [drawing.width_of(weight) for weight in (0.0, 2.5, -5.0)]
    assert widths[1] - widths[0] == pytest.approx(widths[2] - widths[1])
    window.session.edit({"run.initial_weights": (1.0, -70.0, 0.0)})
    assert "widest at 100" in panel.note.text()
    assert drawing.width_of(-70.0) < drawing.width_of(100.0)


def test_that_colour_and_dash_tell_the_sign(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    window.session.edit({"run.initial_weights": (4.0, -4.0, 0.0)})
    drawing = shown(window).drawing
    layout = drawing.layout_now
    assert layout is not None
    for theme in ("light", "dark"):
        window.appearance.set_theme(theme)
        picture = drawing.grab().toImage()
        painted = {
            picture.pixelColor(x, y).name()
            for x in range(60, picture.width())
            for y in range(picture.height())
        }
        colours = DARK if theme == "dark" else LIGHT
        assert {QColor(colours.weights).name(), QColor(colours.negative).name()} <= painted


def test_that_an_unchanged_frame_is_not_painted_again(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("pytorch-loop")
    drawing = shown(window).drawing
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    layout, numbers = drawing.layout_now, drawing.numbers
    shown(window).draw(snapshot)
    assert drawing.layout_now is layout
    assert drawing.numbers is numbers
