"""The surface: its heights are the cost, what lies on it lies on it, and without OpenGL it says so."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QMouseEvent, QPainter, QWheelEvent

from gdstudio.core.problems import parse_problem
from gdstudio.lessons.library import lesson
from gdstudio.views.panels.contour import Contour
from gdstudio.views.panels.surface import WITHOUT, Surface
from gdstudio.views.plotting.surface3d.heights import BOX_HEIGHT, Heights, heights
from gdstudio.views.plotting.surface3d.marks import Marks
from gdstudio.views.plotting.surface3d.opengl import canvas
from gdstudio.views.widgets.theme import Appearance

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.typing import Floats
    from tests.views.conftest import WindowOpener

H = np.array([[28 / 3, 4], [4, 2]])  # of the line with intercept on (1,1), (2,2), (3,3), mean cost
LEAST = np.array([1.0, 0.0])


def bowl(half: float = 1.5) -> Heights:
    return heights(lesson("two-parameters").experiment.problem.build(0), half)


def closed_form(points: Floats) -> Floats:
    away = points - LEAST
    return np.asarray(np.einsum("...i,ij,...j->...", away, H, away) / 2)


def test_that_the_heights_are_the_cost_on_the_grid() -> None:
    made = bowl()
    problem = lesson("two-parameters").experiment.problem.build(0)
    for i, w in enumerate(made.first):
        row = np.column_stack([np.full(len(made.second), w), made.second])
        np.testing.assert_allclose(made.costs[i], problem.cost_at(row), rtol=1e-13)
        np.testing.assert_allclose(made.costs[i], closed_form(row), atol=1e-12)
    assert (made.first[0], made.first[-1]) == pytest.approx((-0.5, 2.5))
    assert (made.second[0], made.second[-1]) == pytest.approx((-1.5, 1.5))


def test_that_the_other_weights_stand_at_the_minimum() -> None:
    problem = lesson("mini-batches").experiment.problem.build(0)
    least = problem.minima[0]
    made = heights(problem, 4.0)
    corner = [made.first[-1], made.second[0], least[2]]
    assert made.costs[-1, 0] == pytest.approx(float(problem.cost_at(np.array(corner))), rel=1e-9)


def test_that_the_box_is_linear_in_the_cost() -> None:
    made = bowl()
    places = made.grid()
    assert made.bottom == 0
    assert made.top == pytest.approx(21.75)
    np.testing.assert_allclose(places[..., 2], made.costs / made.top * BOX_HEIGHT, rtol=1e-12)
    np.testing.assert_allclose(places[0, -1, :2], [-1, 1], atol=1e-12)
    np.testing.assert_allclose(made.on_surface(LEAST[None]), [[0, 0, 0]], atol=1e-12)


def test_that_a_path_is_laid_on_the_surface_through_its_own_points() -> None:
    made, path = bowl(), np.array([[0.0, 0.0], [0.9333, 0.4], [0.8356, 0.3467]])
    laid = made.path_on_surface(path, 300)
    np.testing.assert_allclose(laid[[0, 16, 32]], made.on_surface(path), atol=1e-12)
    weights = laid[:, :2] * 1.5 + LEAST
    np.testing.assert_allclose(laid[:, 2], closed_form(weights) / made.top * BOX_HEIGHT, atol=1e-12)
    assert made.path_on_surface(path[:1], 300).shape == (1, 3)


def test_that_a_move_is_cut_where_it_leaves_the_box() -> None:
    made, start = bowl(), np.array([0.0, 0.0])
    assert made.part_inside(start, np.array([1.0, 1.0])) == 1.0
    assert made.part_inside(start, np.array([5.0, 1.0])) == pytest.approx(0.5)
    assert made.part_inside(start, np.array([-1.0, 6.0])) == pytest.approx(0.25)
    assert made.part_inside(start, np.array([0.0, 0.0])) == 1.0


def test_that_many_points_cost_what_they_cost_one_by_one() -> None:
    problem = lesson("mini-batches").experiment.problem.build(0)
    made = heights(problem, 4.0)
    points = np.random.default_rng(0).normal(size=(300, 2))
    each = [problem.cost_at(np.array([w1, w2, problem.minima[0, 2]])) for w1, w2 in points]
    np.testing.assert_allclose(made.costs_at(points), each, rtol=1e-10)


def test_that_levels_lie_where_the_contour_has_them() -> None:
    made = bowl()
    np.testing.assert_allclose(np.sqrt(made.levels() / made.top), np.arange(1, 10) / 10, rtol=1e-9)


def test_that_the_near_wall_hides_the_minimum_from_a_low_eye_only() -> None:
    made = heights(parse_problem({"kind": "line", "x": [-1.0, 1.0], "y": [0.0, 0.0]}).build(0), 1.5)
    least = made.on_surface(np.zeros((1, 2)))
    assert made.hidden(least, np.array([0.0, -9.0, 0.3])).tolist() == [True]
    assert made.hidden(least, np.array([0.0, -6.0, 6.0])).tolist() == [False]
    assert made.hidden(least, np.array([0.0, 0.0, 9.0])).tolist() == [False]


class FromAbove:
    eye = np.array([0.0, 0.0, 9.0])

    def on_screen(self, places: Floats) -> Floats:
        return np.asarray(200 + 150 * places[:, :2])


def test_that_path_point_and_move_are_painted_in_their_colours(qtbot: QtBot) -> None:
    marks, made = Marks(Appearance()), bowl()
    marks.begin(made, ("weight w", "weight b"))
    marks.show(
        made.path_on_surface(np.array([[0.0, 0.0], [0.0, 1.0]]), 20),
        made.path_on_surface(np.array([[0.0, 1], [2, 1]]), 20),
        made.on_surface(np.array([[0.0, 0.0], [0.0, 1.0]])),
    )
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    marks.paint(painter, FromAbove())
    painter.end()
    for (w, b), colour in (
        ((0, 0.5), "weights"),
        ((0, 1), "weights"),
        ((1, 1), "gradient"),
        ((1, 0), "truth"),
    ):
        x, y = FromAbove().on_screen(made.on_surface(np.array([[w, b]], dtype=float)))[0]
        expected = QColor(getattr(Appearance().theme, colour))
        assert image.pixelColor(round(x), round(y)) == expected, colour


def test_that_one_weight_has_no_surface() -> None:
    assert not Surface.offered(lesson("learning-rate").experiment.problem.build(0))
    assert Surface.offered(lesson("two-parameters").experiment.problem.build(0))


def test_that_without_opengl_a_sentence_stands_in_the_card(open_window: WindowOpener, qtbot: QtBot) -> None:
    if canvas() is not None:
        pytest.skip("there is OpenGL here")
    window = open_window("two-parameters")
    panel = window.panels.panel("surface")
    assert isinstance(panel, Surface)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 3):
        window.session.player.step(3)
    assert panel.missing.isVisible()
    assert panel.missing.text() == WITHOUT
    assert panel.accessibleName()
    assert not any(name.split(".")[0] == "OpenGL" for name in sys.modules)


def test_that_with_opengl_it_is_drawn_turned_and_kept_in_reach(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    panel = open_window("two-parameters").panels.panel("surface")
    if canvas() is None:
        pytest.skip("there is no OpenGL here; under a display there is")
    assert isinstance(panel, Surface)
    view = panel._view
    assert view is not None
    before = view.grab().toImage()
    cost = QColor(panel.appearance.theme.cost).hue()
    drawn = [
        before.pixelColor(x, y) for x in range(0, before.width(), 7) for y in range(0, before.height(), 7)
    ]
    assert sum(abs(colour.hue() - cost) < 8 for colour in drawn) > len(drawn) / 20
    for kind, x in ((QEvent.Type.MouseButtonPress, 50), (QEvent.Type.MouseMove, 150)):
        at, left = QPointF(x, 90), Qt.MouseButton.LeftButton
        event = QMouseEvent(kind, at, at, left, left, Qt.KeyboardModifier.NoModifier)
        view.mousePressEvent(event) if x == 50 else view.mouseMoveEvent(event)
    assert view.opts["azimuth"] == pytest.approx(-105)
    assert view.grab().toImage() != before
    for turn, reached in ((-100_000, 14.0), (100_000, 3.0)):
        view.wheelEvent(
            QWheelEvent(
                QPointF(9, 9),
                QPointF(9, 9),
                QPoint(),
                QPoint(0, turn),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
        )
        assert view.opts["distance"] == pytest.approx(reached)
    view.put_back()
    assert view.grab().toImage() == before


def test_that_it_rests_while_the_start_is_dragged_and_fits_on_release(
    open_window: WindowOpener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    if canvas() is None:
        pytest.skip("there is no OpenGL here; under a display there is")
    window = open_window("two-parameters")
    surface: Any = window.panels.panel("surface")
    before = surface._heights
    monkeypatch.setattr(QGuiApplication, "mouseButtons", staticmethod(lambda: Qt.MouseButton.LeftButton))
    window.panels.panel("contour")._start.drag(9.0, 4.0)  # type: ignore[attr-defined]  # its own
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    assert surface._heights.square == before.square
    monkeypatch.setattr(QGuiApplication, "mouseButtons", staticmethod(lambda: Qt.MouseButton.NoButton))
    qtbot.waitUntil(lambda: surface._heights.square[1] > 9)


def test_that_a_cue_brings_the_controls_of_its_two_features(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("two-parameters")
    strip = window.cues
    assert "feature_scale" not in window.sidebar.form.controls
    prompts = [cue.prompt for cue in strip.questions.cues]
    strip.questions.ask(next(i for i, prompt in enumerate(prompts) if "two features" in prompt))
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        strip.forward()
        window.session.edit({"view.steps_per_second": None})
    assert "condition number is" in strip.said.text()
    assert {"feature_scale", "correlation"} <= window.sidebar.form.controls.keys()
    assert "scaling" not in window.sidebar.form.controls
    window.session.edit({"problem.feature_scale": 1.0})
    contour = window.panels.panel("contour")
    assert isinstance(contour, Contour)
    limit = contour.note.text().split("= ")[-1]
    assert float(limit) == pytest.approx(1.0, abs=0.1)
