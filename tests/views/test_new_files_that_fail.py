"""Panels that raise, formulas that cannot be computed, costs that are no numbers: the window goes on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.files import write_experiment
from gdstudio.views.code.strip import CodeStrip
from gdstudio.views.controls.optimizer_control import OptimizerControl
from gdstudio.views.panels.contour import Contour
from gdstudio.views.panels.network import labels
from gdstudio.views.plotting.plane import NOT_A_NUMBER
from gdstudio.views.plotting.surface3d.heights import BOX_HEIGHT, heights
from gdstudio.views.window.failed_panel import FailedPanel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.folders import Folders
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window

PANEL = """
from gdstudio.views.plotting.plot_panel import PlotPanel

class Broken(PlotPanel):
    kind, title = "broken", "Broken"

    def {method}(self, *given):
        {first}raise ZeroDivisionError("in {method}")
"""
SURFACE = """
from typing import Literal
from gdstudio.core.problems.surface import SurfaceSpec

class S(SurfaceSpec):
    formula = "{formula}"
    names = {names}
    kind: Literal["{kind}"] = "{kind}"
"""
LINE = {"kind": "line", "x": [0.5, -1.25, 3.0, 2.2], "y": [1.0, 2.5, -0.3, 9.0]}
RUN = {"max_steps": 20, "learning_rate": 0.01}


@pytest.fixture
def opened(open_window: WindowOpener, tmp_path: Path) -> Callable[..., MainWindow]:
    """Open an experiment in the window, from a file."""
    window = open_window()

    def open_it(problem: dict[str, Any], *panels: str, **run: Any) -> MainWindow:
        saved = tmp_path / "given.toml"
        tables = {"problem": problem, "run": {**RUN, **run}, "view": {"panels": list(panels)}}
        write_experiment(Experiment.parse(tables), saved)
        window.open(str(saved))
        return window

    return open_it


def surface(
    folders: Folders, kind: str, formula: str, names: tuple[str, ...] = ("w1", "w2")
) -> dict[str, Any]:
    folders.add("kinds", kind, SURFACE.format(kind=kind, formula=formula, names=names))
    return {"kind": kind}


def play(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.session.player.run_finished):
        window.session.player.play()
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)


@pytest.mark.parametrize("method", ["__init__", "offered", "begin", "draw", "restyle"])
def test_that_a_panel_that_raises_says_so_and_the_others_are_drawn(
    folders: Folders,
    opened: Callable[..., MainWindow],
    qtbot: QtBot,
    caplog: pytest.LogCaptureFixture,
    method: str,
) -> None:
    first = "super().__init__(*given)\n        " if method == "__init__" else ""
    folders.add("panels", "broken", PANEL.format(method=method, first=first))
    with caplog.at_level(logging.ERROR):
        window = opened(LINE, "contour", "broken", "cost_history")
        play(window, qtbot)
        window.appearance.set_theme("dark")
    contour, broken, history = window.panels.shown
    assert isinstance(broken, FailedPanel)
    assert broken.text.text() == f"This panel failed: ZeroDivisionError: in {method}"
    assert broken.isVisible()
    assert isinstance(contour, Contour)
    assert contour._point.data["x"].size == 1
    assert history.isVisible()
    [logged] = [record for record in caplog.records if record.name.startswith("gdstudio")]
    assert logged.exc_info is not None
    opened(LINE, "cost_history", "broken")
    play(window, qtbot)


def test_that_a_formula_that_cannot_be_computed_leaves_the_problem_on_screen(
    folders: Folders, opened: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    wrong = surface(folders, "wrong", "foo(w1) + w2")
    window = opened(LINE, "contour")
    before, now = window.session.experiment, window.session.run
    title = window.windowTitle()
    opened(wrong, "contour")
    assert "foo(w1) + w2" in window.banner.text
    assert "fewer rows" not in window.banner.text
    assert (window.session.experiment, window.session.run) == (before, now)
    assert window.windowTitle() == title
    assert not window.session.edit({"problem": wrong, "run.initial_weights": None})
    assert window.session.experiment == before
    play(window, qtbot)


@pytest.mark.parametrize(
    ("formula", "start"), [("torch.sqrt(w1) + w2**2", [1.0, 1.0]), ("1e308 * (w1**2 + w2**2)", [0.1, 0.1])]
)
def test_that_costs_that_are_no_numbers_are_left_out_of_the_map(
    folders: Folders, opened: Callable[..., MainWindow], qtbot: QtBot, formula: str, start: list[float]
) -> None:
    window = opened(surface(folders, "gappy", formula), "contour", "cost_history", initial_weights=start)
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    contour = next(panel for panel in window.panels.shown if isinstance(panel, Contour))
    assert NOT_A_NUMBER in contour.note.text()
    image, lines = contour._map.image, contour._map.lines.getData()[0]
    assert np.isnan(image.image).any()
    assert np.isfinite(image.image).any()
    assert np.isfinite(image.levels).all()
    assert np.isfinite(lines).sum() > 20
    window.session.player.step()
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)


def test_that_a_map_without_gaps_says_nothing_of_them(
    opened: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = opened(LINE, "contour")
    play(window, qtbot)
    assert NOT_A_NUMBER not in window.panels.shown[0].note.text()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "formula", ["torch.sqrt(w1) + w2**2", "1e308 * (w1**2 + w2**2)", "torch.log(-1 - w1**2)"]
)
def test_that_the_box_of_the_surface_is_that_of_finite_costs(folders: Folders, formula: str) -> None:
    given = Experiment.parse({"problem": surface(folders, "gappy", formula), "run": {"max_steps": 1}})
    made = heights(given.build_problem(), 2.0)
    assert made.has_gap
    assert np.isfinite([made.bottom, made.top, *made.levels()]).all()
    up = made.grid()[..., 2]
    assert np.nanmax(up) <= BOX_HEIGHT * (1 + 1e-9)
    assert not made.inside(np.array([[0.0, 0.0, np.nan]]))[0]


def test_that_a_surface_of_three_weights_opens(
    folders: Folders, opened: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    three = surface(folders, "three", "w1**2 + 2*w2**2 + 3*w3**2", ("w1", "w2", "w3"))
    window = opened(three, "contour", "cost_history", initial_weights=[1.0, 1.0, 1.0])
    play(window, qtbot)
    assert not any(isinstance(panel, FailedPanel) for panel in window.panels.shown)
    assert "w₃ = 0" in window.panels.shown[0].note.text()


def test_that_a_pin_without_rows_is_not_drawn_into_a_plot_that_is_out_of_sight(
    folders: Folders, opened: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    opened(LINE, "data_plot", "cost_history")
    window = opened(
        surface(folders, "bowl", "w**2 + b**2", ("w", "b")), "contour", initial_weights=[1.0, 1.0]
    )
    play(window, qtbot)
    window.session.pin()
    assert len(window.session.pins.all) == 1
    assert not isinstance(window.panels.panel("data_plot"), FailedPanel)


def test_that_the_code_speaks_of_a_faster_form_only_where_there_is_one(
    folders: Folders, opened: Callable[..., MainWindow]
) -> None:
    folders.add("kinds", "booth")
    for problem, run, is_said in (
        (LINE, {"optimizer": "adam"}, False),
        (LINE, {}, True),
        (LINE, {"mistake": "no_zero_grad"}, False),
        ({"kind": "booth"}, {"initial_weights": [0.0, 0.0]}, False),
    ):
        window = opened(problem, "contour", **run)
        window.session.edit({"view.code": True})
        assert isinstance(window.code, CodeStrip)
        assert ("faster form" in window.code.note.text()) is is_said, (problem, run)


@pytest.mark.parametrize(
    ("problem", "formulas"),
    [(LINE, ("ŷ = h(x) = w x + b",)), ({"kind": "poisson", "x": [0.5, 1.0], "y": [0.0, 1.0]}, ())],
)
def test_that_the_network_writes_a_formula_only_where_the_output_is_the_sum(
    folders: Folders, problem: dict[str, Any], formulas: tuple[str, ...]
) -> None:
    folders.add("kinds", "poisson")
    given = Experiment.parse({"problem": problem, "run": {"max_steps": 1}})
    assert labels(given.build_problem()).formulas == formulas


OPTIMIZER = """
from typing import Literal
from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.settings.optimizers.optimizer import Optimizer, guard

class Mine(Optimizer):
    title, torch_name = "Mine", "Adadelta"
    kind: Literal["mine"] = "mine"
    epsilon: float = guard(1e-6)
    eps: float = hyperparameter(0.5, title="No guard", help="A number with a control")

    def rule(self, weights, gradient):
        return ()
"""


def test_that_only_what_is_rarely_changed_has_no_control_below_the_optimizer(
    folders: Folders, qtbot: QtBot
) -> None:
    folders.add("optimizers", "mine", OPTIMIZER)
    control = OptimizerControl()
    qtbot.addWidget(control)
    control.show_value(Experiment.parse({"problem": LINE, "run": {**RUN, "optimizer": "mine"}}))
    assert [row.parameter.name for row in control.rows] == ["eps"]
