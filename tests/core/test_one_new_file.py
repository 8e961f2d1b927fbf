"""A new surface, problem, loss, mistake or optimizer is one new file: everything works on it."""

from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn

from gdstudio.cli import main
from gdstudio.core.problems import parse_problem
from gdstudio.core.program import notebook, program_of, script, strip
from gdstudio.core.program.layout import written
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.files import read_experiment, write_experiment
from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gdstudio.core.training.events import RunResult
    from gdstudio.core.training.history import Snapshot
    from tests.folders import Folders

WEEKS = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
COUNTS = [1.0, 0.0, 2.0, 3.0, 3.0, 6.0]
POINTS: dict[str, Any] = {"kind": "line", "x": [0.5, -1.25, 3.0, 2.2], "y": [1.0, 2.5, -0.3, 9.0]}


@pytest.fixture(autouse=True)
def _new_files(folders: Folders) -> None:
    folders.add_new_files()


def booth(**run: Any) -> Experiment:
    run = {"learning_rate": 0.1, "max_steps": 200, "initial_weights": [0.0, 0.0], **run}
    return Experiment.parse({"problem": {"kind": "booth"}, "run": run})


def poisson(**run: Any) -> Experiment:
    run = {"learning_rate": 0.05, "max_steps": 100, "initial_weights": [0.0, 0.0], **run}
    return Experiment.parse({"problem": {"kind": "poisson", "x": WEEKS, "y": COUNTS}, "run": run})


def line(problem: dict[str, Any] | None = None, **run: Any) -> Experiment:
    run = {"learning_rate": 0.05, "max_steps": 30, "initial_weights": [0.0, 0.0], **run}
    return Experiment.parse({"problem": {**POINTS, **(problem or {})}, "run": run})


def hours(cost: str) -> Experiment:
    run = {"learning_rate": 0.5, "max_steps": 30, "initial_weights": [0.0, 0.0]}
    return Experiment.parse({"problem": {"kind": "logistic", "cost": cost}, "run": run})


ALL: dict[str, Callable[[], Experiment]] = {
    "surface": booth,
    "surface, Adam": lambda: booth(optimizer="adam", learning_rate=0.1),
    "surface, sign descent": lambda: booth(optimizer="sign_descent", learning_rate=0.125, max_steps=20),
    "surface, drawn start, 32 bit": lambda: booth(initial_weights=None, initial_std=1.0, dtype="float32"),
    "surface, zero_grad left out": lambda: booth(mistake="no_zero_grad", learning_rate=1e-4),
    "surface, stops": lambda: booth(gradient_tolerance=1e-3, cost_tolerance=1e-9),
    "saddle": lambda: Experiment.parse(
        {"problem": {"kind": "saddle"}, "run": {"max_steps": 50, "initial_weights": [1.0, 0.1]}}
    ),
    "poisson": poisson,
    "poisson, batches": lambda: poisson(batch_size=3, max_steps=17, optimizer={"momentum": 0.5}),
    "poisson, zero_grad left out": lambda: poisson(mistake="no_zero_grad", learning_rate=0.01),
    "polynomial schedule": lambda: line(schedule="polynomial"),
    "polynomial schedule of epochs": lambda: line(
        schedule={"kind": "polynomial", "every": "epoch"}, batch_size=3, optimizer="sign_descent"
    ),
    "sign descent": lambda: line(optimizer="sign_descent"),
    "Huber": lambda: line({"cost": "huber"}),
    "Huber, Adam, batches": lambda: line({"cost": "huber"}, optimizer="adam", batch_size=3),
    "soft margin": lambda: hours("soft_margin"),
    "uphill": lambda: line(mistake="uphill", learning_rate=0.01),
    "surface, uphill": lambda: booth(mistake="uphill", learning_rate=1e-4),
}


def run(experiment: Experiment) -> tuple[RunResult, Snapshot]:
    problem = experiment.build_problem()
    history = History(len(problem.weight_names))
    return train(Trainer(experiment, problem), RunControl(), history), history.snapshot()


def executed(parts: list[str]) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "__main__"}
    try:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            for part in parts:
                exec(compile(part, "program", "exec"), names)
    finally:
        torch.set_default_dtype(torch.float32)
    return {"printed": out.getvalue(), **names}


def printed_weights(text: str, names: tuple[str, ...]) -> list[float]:
    found = dict(line.split(" = ") for line in text.splitlines() if line.count(" = ") == 1)
    return [float(found[name]) for name in names]


@pytest.mark.parametrize("name", ALL)
def test_that_script_and_notebook_end_on_the_digits_of_the_run(name: str) -> None:
    experiment = ALL[name]()
    result, _ = run(experiment)
    assert result.step > 0
    program = program_of(experiment)
    cells = json.loads(notebook(program))["cells"]
    cells_of_code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    for parts in ([script(program)], cells_of_code):
        printed = executed(parts)["printed"]
        assert printed_weights(printed, experiment.problem.weight_names) == result.weights.tolist()


@pytest.mark.parametrize("name", ALL)
def test_that_the_strip_shows_lines_of_the_script_with_the_phases_in_order(name: str) -> None:
    program = program_of(ALL[name]())
    shown, whole = strip(program), script(program).splitlines()
    at = 0
    for one in shown:
        assert written(one) in whole[at:]
        at = whole.index(written(one), at) + 1
    phases = [one.phase for one in shown if one.phase]
    assert phases == sorted(phases, key=("batch", "forward", "loss", "zero_grad", "backward", "update").index)
    assert {"batch", "forward", "zero_grad", "backward", "update"} <= set(phases)


@pytest.mark.parametrize("name", ALL)
def test_that_it_is_saved_and_opened_again(name: str, tmp_path: Path) -> None:
    experiment = ALL[name]()
    write_experiment(experiment, tmp_path / "saved.toml")
    assert read_experiment(tmp_path / "saved.toml") == experiment


def test_that_the_surface_itself_is_descended_not_its_square() -> None:
    problem = booth().build_problem()
    assert float(problem.cost_at(np.zeros(2))) == 74.0
    np.testing.assert_array_equal(problem.gradient_at(np.zeros(2)), [-34.0, -38.0])
    result, history = run(booth())
    np.testing.assert_allclose(history.weights[1], [3.4, 3.8], rtol=1e-15)
    np.testing.assert_allclose(result.weights, [1.0, 3.0], atol=1e-9)
    assert history.costs[0] == 74.0
    np.testing.assert_allclose(problem.cost_at(problem.minima), 0, atol=1e-20)


def test_that_a_saddle_has_costs_below_zero_and_a_known_curvature() -> None:
    problem = parse_problem({"kind": "saddle"}).build(0)
    np.testing.assert_array_equal(problem.hessian_at(np.zeros(2)), [[2.0, 0.0], [0.0, -1.0]])
    result, history = run(ALL["saddle"]())
    assert result.cost < -0.2
    assert history.costs.min() < 0
    assert problem.viewpoint is not None
    assert problem.viewpoint.least == -0.25


def test_that_poisson_regression_ends_where_its_gradient_is_zero() -> None:
    problem = poisson().build_problem()
    assert float(problem.cost_at(np.zeros(2))) == 1.0
    x, y = np.array(WEEKS), np.array(COUNTS)
    np.testing.assert_allclose(problem.gradient_at(np.zeros(2)), [np.mean((1 - y) * x), np.mean(1 - y)])
    result, _ = run(poisson(max_steps=5000))
    h = problem.predict(result.weights, problem.rows.X)
    np.testing.assert_allclose(h, np.exp(result.weights[0] * x + result.weights[1]), rtol=1e-12)
    np.testing.assert_allclose([np.sum((h - y) * x), np.sum(h - y)], 0, atol=1e-9)


def test_that_huber_is_torchs_own() -> None:
    net, rows = nn.Linear(1, 1).double(), line().build_problem().rows
    X, y = torch.from_numpy(rows.X), torch.from_numpy(rows.y)[:, None]
    nn.init.zeros_(net.weight)
    nn.init.zeros_(net.bias)
    optimizer, loss = torch.optim.SGD(net.parameters(), lr=0.05), nn.HuberLoss()
    for _ in range(30):
        optimizer.zero_grad()
        loss(net(X), y).backward()
        optimizer.step()
    result, _ = run(line({"cost": "huber"}))
    assert result.weights.tolist() == [net.weight.item(), net.bias.item()]


def test_that_the_soft_margin_is_the_cross_entropy_and_no_loss_of_numbers() -> None:
    (_, soft), (_, entropy) = (run(hours(cost)) for cost in ("soft_margin", "cross_entropy"))
    np.testing.assert_allclose(soft.weights, entropy.weights, rtol=1e-12, atol=1e-15)
    assert hours("soft_margin").build_problem().predict(np.zeros(2), np.ones((1, 1))).tolist() == [0.5]
    with pytest.raises(ValueError, match="'huber'") as caught:
        line({"cost": "soft_margin"})
    assert "soft_margin" not in str(caught.value).split("give")[-1]


def test_that_sign_descent_moves_each_weight_by_the_rate() -> None:
    _, history = run(line(optimizer="sign_descent", learning_rate=0.125, max_steps=3))
    assert np.abs(np.diff(history.weights, axis=0)).tolist() == [[0.125, 0.125]] * 3


def test_that_uphill_leads_away_by_the_closed_form() -> None:
    given = {"kind": "line_through_origin"}
    experiment = Experiment.parse(
        {"problem": given, "run": {"mistake": "uphill", "max_steps": 3, "initial_weights": [0.0]}}
    )
    _, history = run(experiment)
    expected = 1 - (1 + 0.1 * 28 / 3) ** np.arange(4)
    np.testing.assert_allclose(history.weights[:, 0], expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["surface", "poisson", "sign descent", "Huber", "uphill", "surface, uphill"])
def test_that_it_runs_and_is_exported_from_the_command_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    experiment = ALL[name]()
    saved, out = tmp_path / "saved.toml", tmp_path / "train.py"
    write_experiment(experiment, saved)
    assert main(["run", str(saved), "--json"]) == 0
    weights = json.loads(capsys.readouterr().out)["weights"]
    assert list(weights.values()) == run(experiment)[0].weights.tolist()
    assert main(["export", str(saved), "-o", str(out)]) == 0
    printed = executed([out.read_text(encoding="utf-8")])["printed"]
    assert printed_weights(printed, tuple(weights)) == list(weights.values())


def test_that_a_surface_has_no_batches_and_is_not_split_among_processes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match="has no rows"):
        booth(batch_size=1)
    saved = tmp_path / "saved.toml"
    write_experiment(booth(), saved)
    assert main(["export", str(saved), "-o", str(tmp_path / "train.py"), "--distributed"]) == 2
    assert "rows" in capsys.readouterr().err


def test_that_mistakes_that_need_rows_or_squares_are_refused_in_words() -> None:
    for mistake, what in (("gradient_l30", "squared residuals"), ("no_reshape", "rows of data")):
        with pytest.raises(ValueError, match=what):
            booth(mistake=mistake)
    with pytest.raises(ValueError, match="squared residuals"):
        poisson(mistake="gradient_l98")
    with pytest.raises(ValueError, match="labels of another shape"):
        poisson(mistake="no_reshape")
