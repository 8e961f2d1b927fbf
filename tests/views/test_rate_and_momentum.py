"""The map over rate and momentum: cells by numpy, the wall, the ring that sets both, what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from gdstudio.core.settings.optimizers import SGD
from gdstudio.core.sweep.by_rate_and_momentum import CostsByRateAndMomentum
from gdstudio.lessons.library import lesson
from gdstudio.views.panels.rate_and_momentum import RateAndMomentum
from gdstudio.views.plotting.map_words import best_words, runs_words
from tests.views.hands import Hands

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.typing import Floats
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

PANELS = ("rate_and_momentum", "contour", "cost_history")
X = np.column_stack([[1.0, 2.0, 3.0], np.ones(3)])
Y = np.array([1.0, 2.0, 3.0])
LARGEST = float(np.linalg.eigvalsh(2 / 3 * X.T @ X)[-1])
FINEST = (100, 121)


def opened(open_window: WindowOpener, qtbot: QtBot, **changes: Any) -> tuple[MainWindow, RateAndMomentum]:
    window = open_window("two-parameters")
    edits = {"view.panels": PANELS, "view.steps_per_second": None, "run.max_steps": 20}
    assert window.session.edit({**edits, **changes})
    panel = window.panels.panel("rate_and_momentum")
    assert isinstance(panel, RateAndMomentum)
    qtbot.waitUntil(lambda: grid(panel) in (FINEST, (34, 73)))
    return window, panel


def grid(panel: RateAndMomentum) -> tuple[int, ...]:
    return () if panel._found is None or panel._image.image is None else panel._image.image.shape


def cell(panel: RateAndMomentum, row: int, column: int) -> tuple[float, float]:
    """Return rate and momentum in the middle of a cell, by where its picture lies."""
    place = panel._image.mapToParent(QPointF(column + 0.5, row + 0.5))
    return 10 ** place.x(), place.y()


def heavy_ball(rate: float, beta: float, steps: int, start: Floats) -> float:
    weights, velocity = np.array(start), np.zeros(2)
    for _ in range(steps):
        velocity = beta * velocity + 2 / 3 * X.T @ (X @ weights - Y)
        weights = weights - rate * velocity
    return float(((X @ weights - Y) ** 2).mean())


def assert_shows(panel: RateAndMomentum, steps: int, start: tuple[float, float] = (0.0, 0.0)) -> None:
    """Compare cells of the picture with heavy ball by numpy; none above the start has a colour."""
    first = heavy_ball(0.0, 0.0, 0, np.array(start))
    image = panel._image.image
    seen = 0
    for row in (0, 37, 66, 99):
        for column in (0, 50, 80, 90, 95, 120):
            rate, beta = cell(panel, row, column)
            cost = heavy_ball(rate, beta, steps, np.array(start))
            if cost > first:
                assert np.isnan(image[row, column])
            else:
                assert image[row, column] == pytest.approx(np.log10(cost), abs=1e-6)
                seen += 1
    assert seen > 12


def test_that_each_cell_is_the_cost_of_its_run(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window, qtbot)
    assert_shows(panel, 20)
    assert cell(panel, 0, 0) == pytest.approx((1e-3, 0.0), abs=1e-12)
    assert cell(panel, 99, 120) == pytest.approx((1.0, 0.99))
    for changes, steps, start in (
        ({"run.max_steps": 7}, 7, (0.0, 0.0)),
        ({"run.initial_weights": (-1.0, 2.0)}, 7, (-1.0, 2.0)),
    ):
        before = panel._found
        window.session.edit(changes)
        qtbot.waitUntil(lambda before=before: panel._found is not before and grid(panel) == FINEST)  # type: ignore[misc]  # mypy types no default
        assert_shows(panel, steps, start)


def test_that_the_best_cell_is_named_and_marked(open_window: WindowOpener, qtbot: QtBot) -> None:
    _, panel = opened(open_window, qtbot, **{"run.max_steps": 5})
    image = np.where(np.isnan(panel._image.image), np.inf, panel._image.image)
    row, column = divmod(int(image.argmin()), FINEST[1])
    rate, beta = cell(panel, row, column)
    (x,), (y,) = panel._best.getData()
    assert (x, y) == (pytest.approx(np.log10(rate)), pytest.approx(beta))
    cost = heavy_ball(rate, beta, 5, np.zeros(2))
    assert f"least J = {cost:.3g} at α = {rate:.3g}, β = {beta:.2g}" in panel.note.text()


def test_that_words_say_of_how_many_steps_and_cells_the_costs_are() -> None:
    experiment = lesson("two-parameters").experiment.edited({"run.max_steps": 9})
    rates, betas = np.array([0.1, 0.2]), np.array([0.0, 0.5])
    costs = np.array([[2.0, 1.0], [1.0, np.inf]])
    found = CostsByRateAndMomentum(rates, betas, costs, 3.0, 9, 0.0)
    assert runs_words(found, experiment) == "4 runs of 9 steps"
    assert best_words(found) == "✕ least J = 1, in 2 cells, as at α = 0.2, β = 0"
    cut = CostsByRateAndMomentum(rates, betas, costs + betas, 0.5, 4, 0.0)
    assert runs_words(cut, experiment) == "4 runs of the first 4 steps"
    assert best_words(cut) == "✕ least J = 1, above the start’s, at α = 0.1, β = 0.5"


def test_that_the_wall_is_the_limit_of_heavy_ball(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window, qtbot)
    x, y = panel._wall.getData()
    np.testing.assert_allclose(10**x, (2 + 2 * y) / LARGEST)
    assert (y.min(), y.max()) == (0.0, 1.0)
    assert "the limit (2 + 2β)/λ" in panel.note.text()
    with qtbot.waitSignal(window.clock.frame):
        window.session.edit({"run.optimizer": {"kind": "rmsprop"}})
    assert panel._wall.xData is None or not len(panel._wall.xData)
    assert "the limit" not in panel.note.text()


def at(panel: RateAndMomentum) -> QPoint:
    scene = panel.plot.getViewBox().mapViewToScene(QPointF(*panel._handle.place))
    seen: QPoint = panel.view.mapFromScene(scene)
    return seen


def dragged(window: MainWindow, panel: RateAndMomentum, qtbot: QtBot, by: QPoint) -> tuple[Hands, QPoint]:
    """Hold the ring and move it until rate and momentum are others, without letting go."""
    hands, viewport, place = Hands(window), panel.view.viewport(), at(panel)
    before = window.session.experiment.run
    hands.move(viewport, place)
    hands.press(viewport, place)

    def moved() -> bool:
        nonlocal place
        place += by
        hands.move(viewport, place)
        run = window.session.experiment.run
        return run.learning_rate != before.learning_rate and run.optimizer != before.optimizer

    qtbot.waitUntil(moved)
    return hands, place


def test_that_the_ring_turns_momentum_on_as_the_control_does_and_undo_restores(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = opened(open_window, qtbot, **{"run.learning_rate": 0.017})
    session = window.session
    before, ranges = session.experiment, panel.plot.viewRange()
    assert panel._handle.place == pytest.approx((np.log10(0.017), 0.0))
    hands, place = dragged(window, panel, qtbot, QPoint(4, -4))
    run = session.experiment.run
    assert isinstance(run.optimizer, SGD)
    assert run.learning_rate == float(f"{run.learning_rate:.3g}") > 0.017
    assert run.optimizer.momentum == round(run.optimizer.momentum, 2) > 0
    expected = {"run.learning_rate": run.learning_rate, "run.optimizer.momentum": run.optimizer.momentum}
    assert session.experiment == before.edited(expected)
    assert panel.plot.viewRange() == ranges
    hands.release(panel.view.viewport(), place)
    qtbot.waitUntil(lambda: not panel._handle.is_dragged)
    assert f"α = {run.learning_rate:.3g}, β = {run.optimizer.momentum}" in panel.note.text()
    after = session.experiment
    session.undo.undo()
    assert session.experiment == before
    session.undo.redo()
    assert session.experiment == after


def test_that_escape_puts_rate_and_momentum_back(open_window: WindowOpener, qtbot: QtBot) -> None:
    edits = {"run.learning_rate": 1 / 70, "run.optimizer.momentum": 0.123}
    window, panel = opened(open_window, qtbot, **edits)
    before = window.session.experiment
    hands, place = dragged(window, panel, qtbot, QPoint(4, -4))
    hands.key(Qt.Key.Key_Escape)
    assert window.session.experiment == before
    hands.move(panel.view.viewport(), place + QPoint(20, 20))
    assert window.session.experiment == before  # the rest of the drag is ignored
    hands.release(panel.view.viewport(), place)
    qtbot.waitUntil(lambda: not panel._handle.is_dragged)
    qtbot.waitUntil(lambda: panel._handle.place == pytest.approx((np.log10(1 / 70), 0.123)))


def test_that_a_ring_moved_across_alone_lets_the_run_go_on(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window, qtbot, **{"run.optimizer.momentum": 0.999})
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 3):
        window.session.player.step(3)
    run = window.session.run
    panel._handle.drag(-2.0, 0.999)
    assert window.session.experiment.run.learning_rate == 0.01
    assert window.session.experiment.run.optimizer == SGD(momentum=0.999)
    assert window.session.run is run


@pytest.mark.parametrize(
    ("optimizer", "least"), [({"momentum": 0.5}, 0), ({"momentum": 0.5, "nesterov": True}, 0.01)]
)
def test_that_the_ring_stays_within_what_the_optimizer_takes(
    open_window: WindowOpener, qtbot: QtBot, optimizer: dict[str, Any], least: float
) -> None:
    window, panel = opened(open_window, qtbot, **{"run.optimizer": optimizer})
    for y, momentum in ((-3.0, least), (7.0, 0.99)):
        panel._handle.drag(400.0, y)
        run = window.session.experiment.run
        assert run.optimizer == SGD(**{**optimizer, "momentum": momentum})
        assert run.learning_rate == 1e6


def test_that_another_rate_or_momentum_computes_nothing_anew(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window, qtbot)
    before = panel._found
    with qtbot.waitSignal(window.clock.frame):
        window.session.edit({"run.learning_rate": 0.3, "run.optimizer.momentum": 0.4})
    assert panel._handle.place == pytest.approx((np.log10(0.3), 0.4))
    qtbot.wait(50)
    assert panel._found is before


def test_that_a_map_is_coarse_under_the_hand_and_fine_when_it_rests(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = opened(open_window, qtbot)
    hands, viewport = Hands(window), panel.view.viewport()
    corner = QPoint(3, 3)
    hands.press(viewport, corner)
    before = panel._found
    window.session.edit({"run.initial_weights": (-1.0, 0.5)})
    qtbot.waitUntil(lambda: panel._found is not before)
    qtbot.waitUntil(lambda: grid(panel) == (12, 25))
    qtbot.wait(50)
    assert grid(panel) == (12, 25)
    assert "300 runs of 20 steps" in panel.note.text()
    hands.release(viewport, corner)
    qtbot.waitUntil(lambda: grid(panel) == FINEST)
    assert_shows(panel, 20, (-1.0, 0.5))


def test_that_a_question_hides_the_map(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window, qtbot)
    for hidden in ("limit", "cost", "move", "direction"):
        with qtbot.waitSignal(window.clock.frame):
            window.session.concealed.conceal([hidden])
        assert panel._image.image is None, hidden
        assert panel._above.is_empty, hidden
        assert not len(panel._best.getData()[0]), hidden
        assert not panel._bar.numbers.opacity(), hidden
        assert "least" not in panel.note.text(), hidden
        assert "limit" not in panel.note.text(), hidden
        walled = panel._wall.xData is not None and len(panel._wall.xData) > 0
        assert walled == (hidden != "limit")
        with qtbot.waitSignal(window.clock.frame):
            window.session.concealed.conceal([])
        assert_shows(panel, 20)
        assert not panel._above.is_empty, hidden


def test_that_what_ended_above_its_start_and_what_diverged_are_told_apart(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = opened(open_window, qtbot, **{"run.max_steps": 300})
    assert "▨ above the start’s 4.667" in panel.note.text()
    assert "■ diverged" in panel.note.text()
    seen = set()
    for row in (0, 50):
        for column in range(60, 121, 6):
            rate, beta = cell(panel, row, column)
            with np.errstate(over="ignore", invalid="ignore"):
                cost = heavy_ball(rate, beta, 300, np.zeros(2))
            place = QPointF(np.log10(rate), beta)
            of_cell = [region._path.contains(place) for region in (panel._above, panel._diverged)]
            assert of_cell == [np.isfinite(cost) and cost > 14 / 3, not np.isfinite(cost)]
            seen.add(tuple(of_cell))
    assert len(seen) == 3
    before = panel._found
    window.session.edit({"run.max_steps": 3})
    qtbot.waitUntil(lambda: panel._found is not before)
    qtbot.waitUntil(lambda: "diverged" not in panel.note.text())
    assert panel._diverged.is_empty


def test_that_the_colours_have_the_scale_of_the_page(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window, qtbot, **{"run.max_steps": 100})
    assert panel._bar.numbers.log
    assert tuple(panel._image.levels) == (-12.0, 1.0)
    with qtbot.waitSignal(window.clock.frame):
        window.session.edit({"view.cost_scale": "linear"})
    assert not panel._bar.numbers.log
    assert tuple(panel._image.levels) == (0.0, 5.0)
    rate, beta = cell(panel, 50, 20)
    assert panel._image.image[50, 20] == pytest.approx(heavy_ball(rate, beta, 100, np.zeros(2)))


def test_that_it_is_offered_only_where_there_are_such_runs(open_window: WindowOpener) -> None:
    window = open_window("two-parameters")
    changes: dict[str, Any]
    for changes in ({"run.batch_size": 2}, {"run.dtype": "float32"}, {"run.optimizer": {"kind": "adam"}}):
        window.session.edit({"view.panels": PANELS, **changes})
        assert [panel.kind for panel in window.panels.shown] == list(PANELS[1:]), changes
        window.session.edit(dict.fromkeys(changes) | {"run.dtype": "float64"})
        assert [panel.kind for panel in window.panels.shown] == list(PANELS), changes


def test_that_one_weight_has_no_map(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    window.session.edit({"view.panels": ("rate_and_momentum", "cost_curve")})
    assert [panel.kind for panel in window.panels.shown] == ["cost_curve"]


def test_that_a_start_without_a_finite_cost_is_said(open_window: WindowOpener, qtbot: QtBot) -> None:
    _, panel = opened(open_window, qtbot, **{"run.initial_weights": (1e200, 0.0)})
    assert "all runs diverged" in panel.note.text()
    assert "■ diverged" in panel.note.text()
