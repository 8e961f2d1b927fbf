"""Where each start ends: colours beside single runs, the start that is dragged, what a question hides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from gdstudio.core.sweep.basins import DIVERGED, UNSETTLED
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.views.panels.basins import BasinPlot
from gdstudio.views.panels.cost_curve import CostCurve
from gdstudio.views.plotting.basin_colours import basin_colour, hues
from tests.views.hands import Hands

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

DIVIDE = 0.16993844331159128
HIMMELBLAU: dict[str, Any] = {
    "problem": {"kind": "himmelblau"},
    "run.initial_weights": (0.0, 0.0),
    "run.learning_rate": 0.01,
    "run.max_steps": 100,
}


def opened(open_window: WindowOpener, qtbot: QtBot, **changes: Any) -> tuple[MainWindow, BasinPlot]:
    window = open_window("hills-and-saddles")
    window.session.edit({"view.steps_per_second": None, "view.panels": ("basins", "cost_history"), **changes})
    panel = window.panels.panel("basins")
    assert isinstance(panel, BasinPlot)
    found(panel, qtbot)
    return window, panel


def found(panel: BasinPlot, qtbot: QtBot) -> None:
    """Wait until the colours are those of the experiment as it is now, as fine as they become."""
    qtbot.waitUntil(lambda: panel._is_current and (panel._is_fine or not panel._is_plane), timeout=20_000)
    fine = panel._fine_count() if panel._is_plane else 0
    qtbot.waitUntil(lambda: len(panel._found.starts) >= fine**2, timeout=20_000)  # type: ignore[union-attr]  # it is there


def colour_at(panel: BasinPlot, x: float, y: float) -> tuple[int, ...]:
    """Return the colour that is drawn at a place of the plot."""
    rows, columns = panel._image.image.shape[:2]
    box = panel._image.mapRectToView(panel._image.boundingRect())
    across, up = (x - box.left()) / box.width(), (y - box.top()) / box.height()
    return tuple(panel._image.image[int(up * rows), int(across * columns)].tolist())


def colour_of(panel: BasinPlot, place: int) -> tuple[int, ...]:
    colour = basin_colour(panel.appearance.theme, place)
    return colour.red(), colour.green(), colour.blue()


def test_that_the_border_of_the_colours_is_the_hill_between_the_valleys(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    _, panel = opened(open_window, qtbot)
    for theta in np.linspace(-1.9, 1.9, 25):
        side = int(theta > DIVIDE)
        assert colour_at(panel, float(theta), 0.0) == colour_of(panel, side)
    step = panel._found.starts[1, 0] - panel._found.starts[0, 0]  # type: ignore[union-attr]  # it is there
    assert colour_at(panel, DIVIDE - step, 0.0) != colour_at(panel, DIVIDE + step, 0.0)
    assert "−1.3" in panel.note.text()
    assert "1.13" in panel.note.text()
    assert "after 100 steps" in panel.note.text()


def test_that_of_two_weights_each_colour_is_where_a_single_run_ends(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = opened(open_window, qtbot, **HIMMELBLAU)
    assert panel._found is not None
    experiment, problem = window.session.experiment, window.session.run.problem
    assert problem is not None
    for j in range(0, len(panel._found.starts), 1499):
        start = panel._found.starts[j].tolist()
        end = train(Trainer(experiment.edited({"run.initial_weights": start}), problem), RunControl()).weights
        place = int(panel._found.basin[j])
        if place >= 0:
            np.testing.assert_allclose(panel._found.minima[place], end, atol=0.5)
        assert colour_at(panel, *start) == colour_of(panel, place)


def test_that_another_rate_is_tried_anew_and_another_start_is_not(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = opened(open_window, qtbot)
    before = panel._found
    with qtbot.waitSignal(window.clock.frame):
        window.session.edit({"run.initial_weights": (-1.0,)})
    assert panel._found is before
    assert panel._is_current
    with qtbot.waitSignal(window.clock.frame):
        window.session.edit({"run.learning_rate": 0.3})
    assert not panel._is_current
    assert panel._image.opacity() < 1
    assert "Trying the starts with α = 0.3" in panel.note.text()
    found(panel, qtbot)
    assert panel._found is not before
    assert panel._image.opacity() == 1
    assert "diverged" in panel.note.text()
    assert {DIVERGED, UNSETTLED} <= set(panel._found.basin.tolist())


def test_that_a_question_hides_the_colours(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window, qtbot)
    assert panel._image.isVisible()
    for hidden in ("weights", "cost", "move", "direction", "limit"):
        with qtbot.waitSignal(window.clock.frame):
            window.session.concealed.conceal([hidden])
        assert not panel._image.isVisible(), hidden
        assert "1.13" not in panel.note.text(), hidden
        with qtbot.waitSignal(window.clock.frame):
            window.session.concealed.conceal([])
        assert panel._image.isVisible(), hidden


@pytest.mark.parametrize("changes", [{}, HIMMELBLAU], ids=["one weight", "two weights"])
def test_that_the_start_can_be_dragged_and_clicked(
    open_window: WindowOpener, qtbot: QtBot, changes: dict[str, Any]
) -> None:
    window, panel = opened(open_window, qtbot, **changes)
    count = len(window.session.experiment.problem.weight_names)
    panel._start.drag(1.25, -0.5)
    assert window.session.experiment.run.initial_weights == (1.25, -0.5)[:count]
    with qtbot.waitSignal(window.clock.frame):
        window.session.edit({"run.initial_weights": (0.5, 0.5)[:count]})
    hands, viewport = Hands(window), panel.view.viewport()
    scene = panel.plot.getViewBox().mapViewToScene(QPointF(-1.0, 1.0))
    hands.click(viewport, panel.view.mapFromScene(scene))
    start = window.session.experiment.run.initial_weights
    assert start is not None
    np.testing.assert_allclose(start, (-1.0, 1.0)[:count], atol=0.05)


def test_that_the_ball_rolls_on_the_curve_and_along_the_path(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window, qtbot)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 5):
        window.session.player.step(5)
    snapshot, problem = window.session.run.snapshot(), window.session.run.problem
    assert snapshot is not None
    assert problem is not None
    (x,), (y,) = panel._point.getData()
    assert (x, y) == (float(snapshot.latest[0]), pytest.approx(float(problem.cost_at(snapshot.latest))))
    assert len(panel._trail.dots.getData()[0]) == 6


def test_that_a_function_with_a_hole_has_a_gap_and_no_tangled_ranges(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    own = {"kind": "function", "formula": "log(theta) + 1/theta"}
    _, panel = opened(open_window, qtbot, problem=own, **{"run.initial_weights": (0.5,)})
    weights, costs = panel._curve.getData()
    assert np.isnan(costs[weights <= 0]).all()
    assert np.isfinite(costs[weights > 0.01]).all()
    low, high = panel.plot.viewRange()[1]
    assert low < 1 < high < 30  # the wall beside the pole goes on to 100
    assert colour_at(panel, -1.0, 0.0) == colour_of(panel, DIVERGED)
    assert colour_at(panel, 1.5, 0.0) == colour_of(panel, 0)


@pytest.mark.parametrize("kind", ["basins", "cost_curve"])
def test_that_a_curve_that_leaves_the_picture_is_cut_there(
    open_window: WindowOpener, qtbot: QtBot, kind: str
) -> None:
    window, _ = opened(open_window, qtbot, **{"view.panels": ("basins", "cost_curve")})
    panel = window.panels.panel(kind)
    assert isinstance(panel, BasinPlot | CostCurve)
    for _ in range(15):  # notches of the wheel; the whole curve would be a picture of 28 times the height
        panel.framing._on_wheeled(QPointF(0.2, 0.0), 1 / 1.25)
    low, high = panel.plot.viewRange()[1]
    assert high - low < 1
    _, costs = panel._curve.getData()
    assert low - 0.11 * (high - low) <= np.nanmin(costs) <= np.nanmax(costs) <= high + 0.11 * (high - low)


def test_that_more_minima_than_hues_share_them_but_never_two_neighbours(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    own = {"kind": "function", "formula": "sin(4*w1)*sin(4*w2) + (w1**2 + w2**2)/10"}
    many = {"problem": own, "run.initial_weights": (1.0, 0.9), "run.learning_rate": 0.02}
    _, panel = opened(open_window, qtbot, **many, **{"run.max_steps": 100})
    found = panel._found
    assert found is not None
    count = len(found.minima)
    table = found.basin.reshape(len(np.unique(found.starts[:, 1])), -1)
    hue_of = hues(table, count)
    assert count > len(set(hue_of.tolist())) <= 6
    for before, after in ((table[1:], table[:-1]), (table[:, 1:], table[:, :-1])):
        meets = (before != after) & (before >= 0) & (after >= 0)
        assert (hue_of[before[meets]] != hue_of[after[meets]]).all()
    assert f"{count} minima" in panel.note.text()


def test_that_it_is_not_offered_where_starts_cannot_be_tried_at_once(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    scene = window.panels.shown[0].scene
    assert scene is not None
    assert not BasinPlot.offered_in(scene)
