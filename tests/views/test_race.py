"""The pictures of a race: each line is the run of its optimizer, and the words are true at every step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gdstudio.core.race.words import sentences
from gdstudio.views.panels.race import RaceOnContour
from gdstudio.views.panels.race_costs import RaceCosts
from gdstudio.views.plotting.race_looks import DASHES, SYMBOLS, race_colour
from gdstudio.views.widgets.theme import DARK, LIGHT
from tests.views.picture import contrast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.race.race import RaceView
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

VALLEY: dict[str, Any] = {
    "problem": {"kind": "valley"},
    "run.initial_weights": (-5.0, -2.0),
    "run.learning_rate": 0.4,
    "run.max_steps": 20,
    "view.steps_per_second": None,
    "view.panels": ("race", "race_costs"),
    "view.cost_scale": "log",
}


def opened(
    open_window: WindowOpener, changes: dict[str, Any] | None = None, name: str = "hills-and-saddles"
) -> tuple[MainWindow, RaceOnContour, RaceCosts]:
    window = open_window(name)
    assert window.session.edit({**(VALLEY if name == "hills-and-saddles" else {}), **(changes or {})})
    paths, costs = window.panels.panel("race"), window.panels.panel("race_costs")
    assert isinstance(paths, RaceOnContour)
    assert isinstance(costs, RaceCosts)
    return window, paths, costs


def view(window: MainWindow) -> RaceView:
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    found = window.session.racing.view(snapshot)
    assert found is not None
    return found


def step(window: MainWindow, qtbot: QtBot, count: int) -> RaceView:
    """Make steps until so many are made, by all; return the race as it then is on screen."""
    run = window.session.run
    window.session.player.step(count - run.shown_step)
    qtbot.waitUntil(lambda: run.shown_step == count and view(window).clock == count, timeout=20_000)
    window.clock.redraw()
    qtbot.waitUntil(lambda: window.clock.drawn == run.version)
    return view(window)


def test_that_paths_and_costs_are_those_of_the_runs(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, paths, costs = opened(open_window, {"run.learning_rate": 0.1})
    made = step(window, qtbot, 6)
    for one in made.standings:
        place = one.contestant.place
        np.testing.assert_array_equal(np.stack(paths.lines.line(place), 1), one.way.weights)
        x, y = costs.lines.line(place)
        np.testing.assert_array_equal(x, one.way.evaluations)
        np.testing.assert_allclose(10**y, one.way.costs, rtol=1e-12)
        assert paths.lines.end(place) == tuple(one.way.weights[-1])


def test_that_who_is_ahead_is_said_at_every_step_in_the_first_picture(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, paths, costs = opened(open_window)
    for count in (1, 2, 10, 20):
        made = step(window, qtbot, count)
        for sentence in sentences(made):
            assert sentence in paths.note.text()
        assert "gradient evaluation" not in costs.note.text()
    assert "has won" in paths.note.text()
    window.session.edit({"view.panels": ("race_costs", "race")})
    assert "has won" in costs.note.text()
    assert "has won" not in paths.note.text()


def test_that_the_key_is_in_the_order_of_the_standing_and_warns(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    entrants: Any = (
        {"optimizer": "rmsprop"},
        {"optimizer": "sgd", "learning_rate": 10.0, "name": "Too bold"},
    )
    window, paths, costs = opened(open_window, {"run.max_steps": 200, "race.entrant": entrants})
    names = ["SGD, α = 0.4", "RMSprop, α = 0.4", "Too bold"]
    for panel in (paths, costs):  # before the first step nobody is ahead
        assert [row.name for row in panel.key.rows] == names
    made = step(window, qtbot, 20)
    assert [row.name for row in costs.key.rows] == [one.contestant.name for one in made.order]
    assert [row.is_warning for row in costs.key.rows] == [False, False, True]
    assert [row.name for row in paths.key.rows] == names
    step(window, qtbot, 120)  # 1 - 10 * 4 = -39 a step: J overflows after 96
    assert costs.key.rows[-1].behind == "diverged at 97"
    assert "Too bold has diverged." in paths.note.text()


def test_that_a_line_that_leaves_is_cut_at_the_border(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, paths, costs = opened(open_window)
    step(window, qtbot, 20)
    for panel in (paths, costs):
        left, right, low, high = panel.seen
        for one in view(window).standings:
            x, y = panel.lines.line(one.contestant.place)
            known = np.isfinite(x) & np.isfinite(y)
            assert ((x[known] >= left) & (x[known] <= right)).all()
            assert ((y[known] >= low) & (y[known] <= high)).all()
    assert "cut above 1,000 times the start" in costs.note.text()


def test_that_the_pictures_follow_a_step_back_and_a_reset(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, paths, costs = opened(open_window, {"run.learning_rate": 0.1})
    step(window, qtbot, 10)
    before = paths.lines.line(2)[0].copy()
    window.session.time.seek(4)
    qtbot.waitUntil(lambda: len(paths.lines.line(2)[0]) == 5)
    np.testing.assert_array_equal(paths.lines.line(2)[0], before[:5])
    window.session.player.reset()
    assert len(costs.lines.line(2)[0]) == 1
    assert paths.note.text().startswith("All ")


def test_that_a_name_points_at_its_line_and_a_click_hides_it(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, paths, costs = opened(open_window)
    step(window, qtbot, 5)
    key, racing = costs.key, window.session.racing
    row = key.rows[0]
    at = key._place_of(0).center().toPoint()
    QTest.mouseMove(key, at)
    qtbot.waitUntil(lambda: racing.pointed == row.place)
    other = next(place for place in range(3) if place != row.place)
    assert paths.lines.colour(other).alphaF() < 0.5
    assert paths.lines.colour(row.place).alphaF() == 1
    QTest.mouseClick(key, Qt.MouseButton.LeftButton, pos=at)
    assert racing.hidden == {row.place}
    for panel in (paths, costs):
        assert len(panel.lines.line(row.place)[0]) == 0
    QTest.keyClick(key, Qt.Key.Key_Return)
    assert not racing.hidden
    QTest.keyClick(key, Qt.Key.Key_Down)
    assert racing.pointed == key.rows[1].place
    QTest.mouseMove(key, QPoint(at.x(), key.height() + 40))


def test_that_mini_batches_race_by_the_cost_of_all_rows(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, _, costs = opened(
        open_window,
        {"view.panels": ("race_costs", "race"), "view.steps_per_second": None, "run.max_epochs": 1},
        "pytorch-loop",
    )
    made = step(window, qtbot, 40)
    problem = window.session.run.problem
    assert problem is not None
    for one in made.standings:
        assert one.cost == pytest.approx(float(problem.cost_at(one.way.weights[-1])), rel=1e-12)
        x, y = costs.lines.line(one.contestant.place)
        assert x[-1] == 40
        assert 10 ** y[-1] == pytest.approx(one.cost, rel=1e-9)


def test_that_one_weight_races_by_its_costs_alone(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, _, costs = opened(open_window, {"view.panels": ("race", "race_costs")}, "learning-rate")
    assert [panel.kind for panel in window.panels.shown] == ["race_costs"]
    made = step(window, qtbot, 3)
    assert sentences(made)[0] in costs.note.text()


def test_that_a_question_keeps_who_is_ahead(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, paths, costs = opened(open_window)
    step(window, qtbot, 5)
    window.session.concealed.conceal(["cost"])
    assert "?" not in paths.note.text()
    assert "is ahead:" not in paths.note.text()
    assert [row.behind for row in costs.key.rows] == [""] * len(costs.key.rows)
    window.session.concealed.conceal([])
    assert "is ahead:" in paths.note.text()


def test_that_a_name_of_ones_own_is_written_as_it_is(open_window: WindowOpener, qtbot: QtBot) -> None:
    entrants: Any = [{"optimizer": "rmsprop", "name": "<b>R & D</b>"}]
    window, paths, _ = opened(open_window, {"race.entrant": entrants})
    step(window, qtbot, 5)
    assert "&lt;b&gt;R &amp; D&lt;/b&gt; is ahead" in paths.note.text()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_all_can_be_told_apart(theme: Any) -> None:
    looks = [(race_colour(theme, place).name(), DASHES[place]) for place in range(12)]
    assert len(set(looks)) == len({(colour, SYMBOLS[i]) for i, (colour, _) in enumerate(looks)}) == 12
    assert len({colour for colour, _ in looks[:9]}) == 9
    card = np.array([int(theme.card[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)
    for place in range(12):
        colour = race_colour(theme, place)
        rgb = np.array([colour.red(), colour.green(), colour.blue()], dtype=float)
        assert contrast(rgb, card) >= 3
