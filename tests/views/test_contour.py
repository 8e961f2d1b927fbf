"""The contour: its map is the cost, its path the run's, its arrows the gradient's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from gdstudio.lessons.library import lesson
from gdstudio.views.panels.contour import Contour
from gdstudio.views.plotting.plane import curvature_words
from gdstudio.worker.concealed import Concealed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

H = np.array([[28 / 3, 4], [4, 2]])  # of the line with intercept on (1,1), (2,2), (3,3), mean cost
LEAST = np.array([1.0, 0.0])


def test_that_the_level_lines_are_those_of_the_quadratic(open_window: WindowOpener) -> None:
    panel = open_window("two-parameters").panels.panel("contour")
    assert isinstance(panel, Contour)
    w, b = panel._map.lines.getData()
    drawn = np.isfinite(w)
    away = np.stack([w[drawn], b[drawn]]) - LEAST[:, None]
    root = np.sqrt(np.einsum("ik,ij,jk->k", away, H, away) / 2)
    step = root / np.round(root / root.min())  # every line lies at a whole multiple of the first
    assert np.ptp(step) < 0.05 * step.mean()


def test_that_path_and_next_move_are_the_closed_forms(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("two-parameters")
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 10):
        window.session.player.step(10)
    shrink = np.eye(2) - 0.1 * H
    path = np.array([LEAST + np.linalg.matrix_power(shrink, k) @ (0 - LEAST) for k in range(12)])
    np.testing.assert_allclose(np.stack(panel._trail.line.getData(), 1), path[:11], rtol=1e-12)
    np.testing.assert_allclose(np.stack(panel._move.shaft.getData(), 1), path[10:12], rtol=1e-12)


def test_that_dragging_sets_both_weights(open_window: WindowOpener) -> None:
    window = open_window("two-parameters")
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)
    panel._start.drag(-1.0, 2.0)
    assert window.session.experiment.run.initial_weights == (-1.0, 2.0)


def test_that_a_diverging_run_widens_the_map(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("two-parameters")
    window.session.edit({"run.learning_rate": 0.2, "run.max_steps": 2000})
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 40):
        window.session.player.step(40)
    point = panel._point.getData()
    for (low, high), value, least in zip(panel.view.viewRange(), point, LEAST, strict=True):
        assert low < value[0] < high
        assert low < least < high
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        window.session.edit({"view.steps_per_second": None})
        window.session.player.play()
    assert "Diverged" in window.result.sentence
    assert "0.1803" in window.result.sentence


def test_that_a_batch_has_an_arrow_of_its_own(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("mini-batches")
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 1):
        window.session.player.step(1)
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    x, y = panel._batch_move.shaft.getData()
    moved = snapshot.latest - snapshot.weights[0]
    assert x[1] - x[0] == pytest.approx(10 * moved[0], rel=1e-9)
    assert y[1] - y[0] == pytest.approx(10 * moved[1], rel=1e-9)
    x, y = panel._move.shaft.getData()
    assert (x[1], y[1]) == pytest.approx((1.2, -2.04), abs=0.15)  # 10 times the expected first step


def test_that_a_click_on_the_map_sets_the_start_there(open_window: WindowOpener) -> None:
    window = open_window("two-parameters")
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)
    box = panel.plot.getViewBox()
    at = panel.view.mapFromScene(box.mapViewToScene(QPointF(-0.6, 0.9)))
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    pixel = max(box.viewPixelSize())
    assert window.session.experiment.run.initial_weights == pytest.approx((-0.6, 0.9), abs=pixel + 0.01)


def test_that_a_click_beside_the_map_leaves_the_start(open_window: WindowOpener) -> None:
    window = open_window("two-parameters")
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    box = panel.plot.getViewBox()
    at = panel.view.mapFromScene(box.mapViewToScene(QPointF(-0.6, 0.9)))
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.RightButton, pos=at)
    assert window.session.experiment.run.initial_weights == (0.0, 0.0)


def test_that_condition_number_and_limit_are_on_screen(open_window: WindowOpener) -> None:
    window = open_window("two-parameters")
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)
    assert "condition number 46.145 · 2/λ<sub>max</sub> = 0.1803" in panel.note.text()
    window.session.edit({"problem.scaling": "z_score"})
    assert "condition number 1 · 2/λ<sub>max</sub> = 1" in panel.note.text()


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ({"optimizer": {"momentum": 0.9}}, "46.145 · (2 + 2β)/λ<sub>max</sub> = 0.3426"),
        (
            {"optimizer": {"momentum": 0.9, "nesterov": True}},
            "46.145 · (2 + 2β)/((1 + 2β) λ<sub>max</sub>) = 0.1223",
        ),
        ({"optimizer": "adam"}, "condition number 46.145"),
        ({"batch_size": 1}, "condition number 46.145"),
        ({"mistake": "no_zero_grad"}, "condition number 46.145"),
    ],
    ids=str,
)
def test_that_the_limit_beside_the_map_is_the_optimizers_own(run: dict[str, Any], words: str) -> None:
    made = lesson("two-parameters").experiment
    made = made.edited({f"run.{name}": value for name, value in run.items()})
    assert curvature_words(made, made.build_problem(), Concealed()).endswith(words)


def test_that_an_arrow_that_leaves_the_picture_has_its_head_at_the_border(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    window.session.edit({"run.learning_rate": 1000.0})
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)
    panel.redraw()
    x, y = panel._move.shaft.getData()
    (left, right), (low, high) = panel.view.viewRange()
    assert left <= x[1] <= right
    assert low <= y[1] <= high
    assert min(right - x[1], high - y[1]) == pytest.approx(0, abs=1e-9)
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(4 / (28 / 3))
    assert panel._move._head.isVisible()
    assert (panel._move._head.pos().x(), panel._move._head.pos().y()) == pytest.approx((x[1], y[1]))
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 5):
        window.session.player.step(5)
    assert "beyond every picture since step 3" in panel.note.text()


def played_far_away(open_window: WindowOpener, qtbot: QtBot) -> tuple[MainWindow, Contour, Snapshot]:
    """Return a window whose run has diverged for 100 steps, with its map and its history."""
    window = open_window("two-parameters")
    window.session.edit({"run.learning_rate": 3.0, "view.steps_per_second": None})
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 100):
        window.session.player.play()
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    return window, panel, snapshot


def test_that_what_is_within_sight_is_where_it_was_and_the_rest_is_out_of_sight(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    _window, panel, snapshot = played_far_away(open_window, qtbot)
    assert np.abs(snapshot.latest).max() > 1e100
    drawn, weights = np.column_stack(panel._trail.line.getData()), snapshot.weights
    (left, right), (low, high) = panel.plot.getViewBox().viewRange()

    def in_sight(points: Floats) -> Floats:
        return points[(points > (left, low)).all(axis=1) & (points < (right, high)).all(axis=1)]

    assert 5 < len(in_sight(weights)) < 50
    np.testing.assert_array_equal(drawn[: len(in_sight(weights))], in_sight(weights))
    assert len(in_sight(np.column_stack(panel._point.getData()))) == 0
    assert "beyond every picture" in panel.note.text()


@pytest.mark.parametrize("size", [(1024, 640), (1900, 700), (1100, 1000)], ids=str)
def test_that_the_map_covers_the_whole_view(
    open_window: WindowOpener, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window("two-parameters")
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)

    def covered() -> bool:
        (left, right), (bottom, top) = panel.plot.viewRange()
        drawn = panel._map.image.mapRectToParent(panel._map.image.boundingRect())
        return bool(
            drawn.left() <= left
            and drawn.right() >= right
            and drawn.top() <= bottom
            and drawn.bottom() >= top
        )

    window.resize(*size)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size and covered())


def test_that_a_mistake_whose_move_is_another_hides_the_arrow(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)
    assert len(panel._move.shaft.getData()[0]) == 2
    window.session.edit({"run.mistake": "no_zero_grad"})
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 3):
        window.session.player.step(3)
    assert panel._move.shaft.getData()[0] is None
    assert not panel._move._head.isVisible()
    window.session.edit({"run.mistake": "none"})
    assert len(panel._move.shaft.getData()[0]) == 2


def test_that_nine_lines_divide_the_root_of_what_is_seen(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("two-parameters")
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)
    window.resize(1900, 700)
    qtbot.waitUntil(lambda: panel._box.width() > 2 * panel._box.height())
    (left, right), (low, high) = panel.view.viewRange()
    corners = np.array([[left, low], [left, high], [right, low], [right, high]]) - LEAST
    greatest = np.sqrt(np.einsum("ki,ij,kj->k", corners, H, corners) / 2).max()
    lowest, highest = panel._map.image.getLevels()
    assert lowest == 0
    assert highest == pytest.approx(greatest, rel=0.04)
    w, b = panel._map.lines.getData()
    drawn = np.isfinite(w)
    away = np.stack([w[drawn], b[drawn]]) - LEAST[:, None]
    root = np.sqrt(np.einsum("ik,ij,jk->k", away, H, away) / 2)
    assert set(np.round(root / (highest / 10)).astype(int)) == set(range(1, 10))


def test_that_paths_to_far_away_keep_their_direction_and_come_to_an_end(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel, snapshot = played_far_away(open_window, qtbot)
    window.transport.pin.click()
    (left, right), (low, high) = panel.view.viewRange()
    seen = (snapshot.weights > (left, low)).all(axis=1) & (snapshot.weights < (right, high)).all(axis=1)
    last = int(np.flatnonzero(~seen)[0]) - 1
    for x, y in (panel._trail.line.getData(), panel.pins.line(0)):
        path = np.stack([x, y], axis=1)
        np.testing.assert_array_equal(path[: last + 1], snapshot.weights[: last + 1])
        drawn, true = path[last + 1] - path[last], snapshot.weights[last + 1] - snapshot.weights[last]
        assert drawn[1] / drawn[0] == pytest.approx(true[1] / true[0], rel=1e-9)
        assert not (left < path[last + 1, 0] < right and low < path[last + 1, 1] < high)
        assert np.abs(path[np.isfinite(path)]).max() < 1.3 * max(-left, right, -low, high)


def test_that_no_image_of_the_level_lines_is_kept_that_is_larger_than_the_map(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("yes-or-no")  # Qt misplaces a part of such an image where the page is scrolled
    panel: Any = window.panels.panel("contour")
    box, lines = panel.plot.getViewBox(), panel._map.lines

    def is_what_is_seen() -> bool:
        return bool(box.viewRect().contains(lines.boundingRect())) and (
            lines.boundingRect().width() > 0.9 * box.viewRect().width()
        )

    for size in ((1280, 720), (1920, 1080)):
        window.resize(*size)
        qtbot.waitUntil(is_what_is_seen)
