"""Twenty seeds: drawn one by one, the band only after all, who diverged in words, hidden by a question."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from gdstudio.core.sweep.by_seed import SEEDS, SeedSpread, curve_of_seed
from gdstudio.core.training.events import FinishReason
from gdstudio.views.panels.seeds import Seeds
from gdstudio.views.plotting.panel import Scene

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot

    from gdstudio.core.sweep.by_seed import SeedCurve
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

SMALL = {"problem.n": 60, "run.batch_size": 7, "problem.noise": 1.0}


def shown(open_window: WindowOpener, **changes: Any) -> tuple[MainWindow, Seeds]:
    window = open_window("mini-batches")
    edits = {path.replace("__", "."): value for path, value in changes.items()}
    assert window.session.edit({"view.panels": ("seeds", "epoch_loss"), **SMALL, **edits})
    panel = window.panels.panel("seeds")
    assert isinstance(panel, Seeds)
    return window, panel


def lines(panel: Seeds) -> list[np.ndarray]:
    """Return the lines (k, 2) that are drawn, one a seed."""
    data = [item.getData() for item in panel._lines]
    return [np.column_stack([x, y]) for x, y in data if x is not None and len(x)]


def has_spread(panel: Seeds) -> bool:
    x, _ = panel._median.getData()
    return not panel._band.polygon().isEmpty() and x is not None and len(x) > 0


def has_drawn(panel: Seeds, count: int) -> bool:
    return len(lines(panel)) == count


def draw_all(panel: Seeds, qtbot: QtBot) -> None:
    panel.all_seeds.click()
    qtbot.waitUntil(lambda: len(panel._found) == 20, timeout=30_000)
    panel.redraw()


def test_that_seeds_are_drawn_one_by_one(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = shown(open_window)
    qtbot.waitUntil(panel.next_seed.isEnabled)
    assert not lines(panel)
    assert panel.note.text() == "Seeds 0 to 19: each has other data and another order of the rows."
    for count in (1, 2, 3):
        panel.next_seed.click()
        qtbot.waitUntil(partial(has_drawn, panel, count))
        assert f"{count} of 20 seeds" in panel.note.text()
        assert f"seed {count - 1} ends at" in panel.note.text()
        assert not has_spread(panel)
    for seed, line in enumerate(lines(panel)):
        curve = curve_of_seed(window.session.experiment, seed)
        assert curve is not None
        np.testing.assert_array_equal(line[:, 0], [0, 1, 2, 3])
        np.testing.assert_array_equal(line[:, 1], np.log10(curve.costs))


def test_that_the_median_and_the_band_come_with_the_last_seed(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = shown(open_window)
    told: list[bool] = []
    panel._aside.done.connect(lambda: told.append(has_spread(panel)))
    draw_all(panel, qtbot)
    assert told == [False] * 19 + [True]
    assert len(lines(panel)) == 20
    spread = SeedSpread.of(window.session.experiment, panel._found)
    _, median = panel._median.getData()
    np.testing.assert_allclose(median, np.log10(spread.median))
    border = [point.y() for point in panel._band.polygon().toList()]
    np.testing.assert_allclose(border, np.log10([*spread.low, *spread.high[::-1]]))
    assert "20 of 20 seeds" in panel.note.text()
    assert "10th to 90th percentile" in panel.note.text()
    assert "diverged" not in panel.note.text()
    assert not panel.next_seed.isEnabled()
    assert not panel.all_seeds.isEnabled()


def test_that_diverged_seeds_are_counted_in_words(
    open_window: WindowOpener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(experiment: object, seed: int, goes_on: object) -> SeedCurve:
        curve = curve_of_seed(experiment, seed)  # type: ignore[arg-type]  # a seed of any type
        assert curve is not None
        if seed not in {2, 5, 11}:
            return curve
        costs = np.array([30.0, 1e100])
        return type(curve)(seed, np.array([0.0, 9.0]), costs, FinishReason.DIVERGED)

    monkeypatch.setattr("gdstudio.views.panels.seeds.curve_of_seed", made)
    _, panel = shown(open_window)
    draw_all(panel, qtbot)
    assert "✕ 3 of 20 seeds diverged, and count as ∞" in panel.note.text()
    assert "percentile" in panel.note.text()
    assert panel.note.text().count("∞") == 2  # of three in twenty the 90th percentile is one
    assert len(lines(panel)) == 20
    assert len(panel._crosses.getData()[0]) == 3
    assert panel.plot.viewRange()[1][1] < 5  # the picture fits the others


def test_that_another_experiment_clears_the_seeds_and_another_seed_does_not(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = shown(open_window)
    draw_all(panel, qtbot)
    window.session.reseed()
    with qtbot.waitSignal(window.clock.frame):
        window.clock.redraw()
    assert len(lines(panel)) == len(SEEDS)
    window.session.edit({"run.learning_rate": 0.02})
    qtbot.waitUntil(lambda: not lines(panel))
    assert not has_spread(panel)
    assert not panel._found
    panel.next_seed.click()
    qtbot.waitUntil(lambda: len(lines(panel)) == 1)


def test_that_a_question_hides_the_runs(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = shown(open_window)
    draw_all(panel, qtbot)
    for hidden in ("cost", "move", "direction", "limit"):
        window.session.concealed.conceal([hidden])
        qtbot.waitUntil(lambda: not lines(panel))
        assert not has_spread(panel), hidden
        assert panel.note.text() == "The runs are drawn when the question has been answered."
        assert not panel.next_seed.isEnabled(), hidden
        window.session.concealed.conceal([])
        qtbot.waitUntil(lambda: len(lines(panel)) == 20)
        assert has_spread(panel), hidden


def test_that_it_is_offered_only_where_something_is_left_to_chance(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    window.session.edit({"view.panels": ("seeds", "cost_curve")})
    assert [panel.kind for panel in window.panels.shown] == ["cost_curve"]
    experiment, problem = window.session.experiment, window.session.run.problem
    assert problem is not None
    panel = window.panels.panel("seeds")
    panel.begin(Scene(experiment, problem))
    assert isinstance(panel, Seeds)
    assert panel._words() == ["Nothing is left to chance here: with every seed the run is the same."]
    window.session.edit({"run.batch_size": 2})
    assert [panel.kind for panel in window.panels.shown] == ["seeds", "cost_curve"]
