"""The noise floor on screen: what is drawn is what was measured, in true words, and hidden by a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.numbers import format_number
from gdstudio.core.sweep import floor_runs
from gdstudio.core.sweep.floor_runs import RUNS, Floor, decay, find_floor, least_settled_rate
from gdstudio.core.training.noise_floor import RowNoise
from gdstudio.views.panels.noise_floor import NoiseFloor
from gdstudio.views.plotting.panel import Scene

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.typing import Floats
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

SMALL = {"problem.n": 60, "problem.noise": 1.0, "run.batch_size": 7}


@pytest.fixture(autouse=True)
def _short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floor_runs, "_STEPS", 400)
    monkeypatch.setattr(floor_runs, "_FEWEST_STEPS", 50)


def shown(open_window: WindowOpener, **changes: Any) -> tuple[MainWindow, NoiseFloor]:
    window = open_window("mini-batches")
    edits = {path.replace("__", "."): value for path, value in changes.items()}
    assert window.session.edit({"view.panels": ("noise_floor", "epoch_loss"), **SMALL, **edits})
    panel = window.panels.panel("noise_floor")
    assert isinstance(panel, NoiseFloor)
    return window, panel


def is_done(panel: NoiseFloor) -> bool:
    known = panel._floors.keys() | panel._decays.keys()
    return bool(panel._tasks) and known.issuperset(panel._tasks)


def wait_for(panel: NoiseFloor, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: is_done(panel), timeout=60_000)
    panel.redraw()


def drawn(item: Any) -> Floats:
    x, y = item.getData()
    return np.empty((0, 2)) if x is None else np.column_stack([x, y])


def noise_of(window: MainWindow) -> RowNoise:
    problem = window.session.run.problem
    assert problem is not None
    return RowNoise(problem)


@pytest.mark.parametrize("sampling", ["shuffled", "anew"])
def test_that_the_marks_and_lines_are_what_was_measured(
    open_window: WindowOpener, qtbot: QtBot, sampling: Any
) -> None:
    window, panel = shown(open_window)
    qtbot.waitUntil(panel.rows_anew.isEnabled)
    if sampling == "anew":
        panel.rows_anew.click()
    wait_for(panel, qtbot)
    noise = noise_of(window)
    top, above = panel.plot.viewRange()[1][1], 0
    for marks, size in zip(panel._marks, (7, 2, 21), strict=True):
        floor = find_floor(noise, size, sampling)
        assert isinstance(floor, Floor)
        means = np.log10(np.column_stack([floor.runs.rates / size, floor.runs.means]))
        np.testing.assert_allclose(drawn(marks.means), means[means[:, 1] <= top])
        above += int((means[:, 1] > top).sum())
        line = np.log10(np.column_stack([floor.line_rates / size, floor.line]))
        within = line[line[:, 1] < top]
        np.testing.assert_allclose(drawn(marks.line)[: len(within)], within)
        assert f"B = {size}" in panel.note.text()
    assert above
    crosses = drawn(panel._above)
    assert len(crosses) == above
    assert (crosses[:, 1] < top).all()
    assert f"✕ {above} means above" in panel.note.text()
    how = "exact second moments" if sampling == "anew" else "to leading order in α"
    assert how in panel.note.text()
    assert f"mean of {RUNS} runs" in panel.note.text()


def test_that_the_walls_stand_at_the_two_limits_of_the_batch_size(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = shown(open_window)
    wait_for(panel, qtbot)
    noise = noise_of(window)
    square, mean = noise.mean_square_limit(7), noise.step_limit
    assert square < mean
    for wall, limit in ((panel._walls.mean_square, square), (panel._walls.mean, mean)):
        np.testing.assert_allclose(drawn(wall)[:, 0], np.log10(limit / 7))
    first = drawn(panel._walls.first_order)
    np.testing.assert_allclose(first[:, 1] - first[:, 0], np.log10(noise.slope))
    assert panel._walls.names.words == ["╎ mean square", "┊ mean", "α as 1/t"]
    assert "rows drawn anew: ╎ mean square grows beyond α = " in panel.note.text()
    panel.rows_anew.click()
    wait_for(panel, qtbot)
    assert "rows drawn anew: ╎" not in panel.note.text()
    assert "╎ mean square grows beyond α = " in panel.note.text()


def test_that_the_run_has_its_own_point_which_comes_down_to_the_floor(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = shown(open_window, problem__noise=0.01, run__max_epochs=40)
    wait_for(panel, qtbot)
    (left, right), (_, top) = panel.plot.viewRange()
    (start,) = drawn(panel._point)
    assert start[0] == pytest.approx(np.log10(0.03 / 7))
    assert left < start[0] < right
    assert panel._point.opts["symbol"] == "t1"  # the start is above the picture
    assert start[1] < top
    window.session.player.step(360)
    qtbot.waitUntil(lambda: window.session.run.shown_step == 360)
    panel.redraw()
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    noise = noise_of(window)
    expected = noise.above_minimum(snapshot.weights[snapshot.steps > 360 - 9]).mean()
    (end,) = drawn(panel._point)
    assert end[1] == pytest.approx(np.log10(expected))
    assert panel._point.opts["symbol"] == "o"
    assert "● run, last epoch: " in panel.note.text()
    (floor,) = noise.floor_shuffled(np.array([0.03]), 7)
    assert 0.2 < expected / floor < 5


def test_that_the_falling_rate_is_drawn_from_the_rate_of_the_run_on(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = shown(open_window, run__learning_rate=0.1)
    wait_for(panel, qtbot)
    made = decay(noise_of(window), 7, "shuffled", 0.1)
    assert made is not None
    path = np.log10(np.column_stack([np.append(0.1, made.rates) / 7, np.append(made.first_cost, made.costs)]))
    np.testing.assert_allclose(drawn(panel._falling), path)
    np.testing.assert_allclose(drawn(panel._fallen), path[-1:])
    assert path[-1, 1] < path[0, 1] - 1
    assert "◆ α as 1/t: " in panel.note.text()
    assert "times below" in panel.note.text()
    window.session.edit({"run.learning_rate": 0.05})
    qtbot.waitUntil(lambda: panel._decay is not None and panel._decay.first_rate == 0.05, timeout=20_000)
    assert drawn(panel._falling)[0, 0] == pytest.approx(np.log10(0.05 / 7))


def test_that_a_rate_beyond_the_limit_is_said_and_leaves_the_picture(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = shown(
        open_window, run__learning_rate=5.0, run__max_epochs=200, view__steps_per_second=1000.0
    )
    wait_for(panel, qtbot)
    before = panel.plot.viewRange()[1]
    window.session.player.play()
    qtbot.waitUntil(lambda: window.session.run.result is not None, timeout=20_000)
    panel.redraw()
    assert "no falling rate is tried: α is beyond the mean-square limit" in panel.note.text()
    assert "one run may settle" not in panel.note.text()
    assert panel.plot.viewRange()[1] == before
    assert len(drawn(panel._falling)) == 0
    (point,) = drawn(panel._point)
    assert np.isfinite(point).all()
    assert panel._point.opts["symbol"] == "t1"
    noise = noise_of(window)
    between = 0.5 * (noise.mean_square_limit(7) + noise.step_limit)
    window.session.edit({"run.learning_rate": between})
    qtbot.waitUntil(lambda: "one run may settle and another not" in panel.note.text())


def test_that_rates_that_take_too_long_are_left_out_and_said(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = shown(open_window, problem__feature_scale=50.0)
    wait_for(panel, qtbot)
    least = least_settled_rate(noise_of(window), 7)
    assert f"B = 7 takes too long to settle below α = {format_number(least, 2)}" in panel.note.text()
    assert "no falling rate is tried: α is beyond" in panel.note.text()
    assert all(len(marks.line.getData()[0]) for marks in panel._marks)
    window.session.edit({"run.learning_rate": 1e-6})
    qtbot.waitUntil(lambda: "with this α it takes too long to settle" in panel.note.text())


def test_that_a_question_hides_the_floor(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = shown(open_window)
    wait_for(panel, qtbot)
    items = [panel._above, panel._falling, panel._fallen, panel._point, panel._walls.first_order]
    items += [panel._walls.mean_square, panel._walls.mean]
    items += [item for marks in panel._marks for item in (marks.line, marks.means, marks.medians)]
    for hidden in ("cost", "move", "direction", "limit"):
        assert sum(len(drawn(item)) > 0 for item in items) > 8, hidden
        window.session.concealed.conceal([hidden])
        qtbot.waitUntil(lambda: not len(drawn(panel._point)))
        assert not any(len(drawn(item)) for item in items), hidden
        assert panel._walls.names.words == [], hidden
        assert panel.note.text() == "The runs are drawn when the question has been answered."
        assert not panel.rows_anew.isEnabled(), hidden
        assert not panel.left.style["showValues"], hidden
        window.session.concealed.conceal([])
        qtbot.waitUntil(lambda: len(drawn(panel._point)) > 0)
        assert len(drawn(panel._marks[0].means)), hidden
        assert panel.left.style["showValues"], hidden


def test_that_other_data_are_measured_anew(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = shown(open_window)
    wait_for(panel, qtbot)
    before = dict(panel._floors)
    window.session.edit({"run.learning_rate": 0.02})
    wait_for(panel, qtbot)
    assert panel._floors == before
    window.session.reseed()
    qtbot.waitUntil(lambda: not panel._floors.keys() or panel._floors != before)
    wait_for(panel, qtbot)
    assert all(panel._floors[task] is not before[task] for task in before)


def test_that_it_says_why_there_is_nothing_to_show(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = shown(open_window, problem__noise=0.0)
    qtbot.waitUntil(lambda: "Every row fits exactly" in panel.note.text())
    assert not panel._tasks
    window.session.edit({"run.shuffle": False})
    assert [panel.kind for panel in window.panels.shown] == ["epoch_loss"]
    problem = window.session.run.problem
    assert problem is not None
    panel.begin(Scene(window.session.experiment, problem))
    why = "the rows come in the same order in each epoch, and nothing is left to chance"
    assert panel._why_nothing() == f"There is no noise floor to show: {why}."
