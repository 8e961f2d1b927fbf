"""New files in temporary folders, in a real window: pictures, formula, code, phases, export, opened again."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.files import write_experiment
from gdstudio.views.code.strip import CodeStrip
from gdstudio.views.panels.contour import Contour
from tests.test_contributing import example

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.folders import Folders
    from tests.views.conftest import WindowOpener

POINTS = {"x": [0.5, 1.0, 1.5, 2.0, 2.5, 3.0], "y": [0.0, 0.0, 1.0, 0.0, 1.0, 1.0]}
EXPERIMENTS: dict[str, dict[str, Any]] = {
    "surface": {
        "problem": {"kind": "booth"},
        "run": {"learning_rate": 0.1, "max_steps": 60, "initial_weights": [0.0, 0.0]},
        "view": {"panels": ["contour", "surface", "cost_history", "distance"], "code": True},
    },
    "saddle": {
        "problem": {"kind": "saddle"},
        "run": {"learning_rate": 0.1, "max_steps": 60, "initial_weights": [1.0, 0.1]},
        "view": {"panels": ["contour", "cost_history", "weights_table"], "code": True},
    },
    "poisson": {
        "problem": {"kind": "poisson", **POINTS},
        "run": {"learning_rate": 0.05, "max_steps": 60, "initial_weights": [0.0, 0.0]},
        "view": {"panels": ["data_plot", "contour", "network", "cost_history"], "code": True},
    },
    "all four": {
        "problem": {"kind": "line", **POINTS, "cost": "huber"},
        "run": {
            "learning_rate": 0.0625,
            "max_steps": 60,
            "initial_weights": [0.0, 0.0],
            "optimizer": "sign_descent",
            "mistake": "uphill",
        },
        "view": {"panels": ["contour", "data_plot", "cost_history"], "code": True},
    },
}


@pytest.fixture(autouse=True)
def _new_files(folders: Folders) -> None:
    folders.add_new_files()
    folders.add("panels", "distance", example("panels/distance.py"))


@pytest.fixture
def opened(open_window: WindowOpener, tmp_path: Path) -> Callable[[str], MainWindow]:
    """Open an experiment of `EXPERIMENTS` in a window, from a file."""

    def open_it(name: str) -> MainWindow:
        saved = tmp_path / "given.toml"
        write_experiment(Experiment.parse(EXPERIMENTS[name]), saved)
        window = open_window()
        window.open(str(saved))
        assert window.session.experiment == Experiment.parse(EXPERIMENTS[name])
        return window

    return open_it


def play(window: MainWindow, qtbot: QtBot) -> np.ndarray[Any, Any]:
    with qtbot.waitSignal(window.session.player.run_finished) as waiting:
        window.session.player.play()
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    weights: np.ndarray[Any, Any] = waiting.args[0].weights
    return weights


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_that_it_is_played_drawn_stepped_by_phase_exported_and_opened_again(
    name: str, opened: Callable[[str], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(name)
    run = window.session.run
    kinds = [panel.kind for panel in window.panels.shown]
    assert set(kinds) == set(EXPERIMENTS[name]["view"]["panels"])
    for phase in ("batch", "forward", "loss", "zero_grad", "backward", "update"):
        window.session.player.step_phase()
        qtbot.waitUntil(
            lambda phase=phase: getattr(window.session.run.snapshot().phase, "phase", "") == phase  # type: ignore[union-attr,misc]  # it is there
        )
        qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    weights = play(window, qtbot)
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    assert snapshot.step == 60
    if "contour" in kinds:
        contour = next(panel for panel in window.panels.shown if isinstance(panel, Contour))
        x, y = contour._trail.line.getData()
        np.testing.assert_allclose([x[-1], y[-1]], weights, rtol=1e-12)
        assert len(contour._map.lines.getData()[0]) > 100
    assert window.formula.text()
    assert isinstance(window.code, CodeStrip)
    assert sum(bool(line.phase) for line in window.code.lines) >= 5
    script = tmp_path / "train.py"
    window.files.export(str(script))
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(script.read_text("utf-8"), names)
    torch.set_default_dtype(torch.float32)
    printed = dict(one.split(" = ") for one in out.getvalue().splitlines() if one.count(" = ") == 1)
    assert [float(printed[n]) for n in run.experiment.problem.weight_names] == weights.tolist()
    saved = tmp_path / "again.toml"
    window.files.save(str(saved))
    window.open(str(saved))
    assert window.session.experiment == Experiment.parse(EXPERIMENTS[name])


def test_that_a_new_mistake_optimizer_loss_and_hypothesis_can_be_chosen(
    opened: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    window = opened("all four")
    for changes in (
        {"run.mistake": "none", "run.optimizer": {"kind": "adam"}},
        {"problem.cost": "mean"},
        {"problem.cost": "huber", "run.optimizer": {"kind": "sign_descent"}, "run.mistake": "uphill"},
    ):
        assert window.session.edit(changes)
        play(window, qtbot)
    assert "uphill" in window.formula.text() or "minus sign" in window.formula.text()
