"""Logistic regression against numpy: every number of the course, its minimum, its exports, its labels."""

from __future__ import annotations

import contextlib
import io
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn

from gdstudio.cli import main
from gdstudio.core.errors import InputError
from gdstudio.core.problems import parse_problem
from gdstudio.core.problems.logistic import LogOdds
from gdstudio.core.problems.traits import Trait
from gdstudio.core.problems.verdicts import Verdicts
from gdstudio.core.program import by_hand, notebook, program_of, script
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.files import read_experiment, write_experiment
from gdstudio.core.settings.hypotheses import hypothesis, with_hypothesis
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gdstudio.core.typing import Floats

X = np.arange(1, 11) / 2
PASSED = np.array([0, 0, 0, 1, 0, 1, 0, 1, 1, 1], dtype=float)
APART = np.array([0] * 5 + [1] * 5, dtype=float)
MINIMUM, LEAST = (1.3534115217, -3.7218816847), 0.4335111437


def sigmoid(z: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-z)))


def entropy(w: float, b: float, y: Floats = PASSED) -> float:
    z = w * X + b
    return float(np.mean(np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0) - y * z))


def descended(
    rate: float,
    steps: int,
    start: tuple[float, float] = (0.0, 0.0),
    y: Floats = PASSED,
    *,
    squared: bool = False,
) -> tuple[float, float]:
    w, b = start
    for _ in range(steps):
        p = sigmoid(w * X + b)
        by_z = 2 * (p - y) * p * (1 - p) if squared else p - y
        w, b = w - rate * float(np.mean(by_z * X)), b - rate * float(np.mean(by_z))
    return w, b


def logistic(problem: dict[str, Any] | None = None, **run: Any) -> Experiment:
    run = {"learning_rate": 0.5, "max_steps": 100, "initial_weights": [0.0, 0.0], **run}
    return Experiment.parse({"problem": {"kind": "logistic", **(problem or {})}, "run": run})


def clouds(problem: dict[str, Any] | None = None, **run: Any) -> Experiment:
    run = {"learning_rate": 0.5, "max_steps": 100, "initial_weights": [0.0, 0.0, 0.0], **run}
    return Experiment.parse({"problem": {"kind": "logistic_clouds", **(problem or {})}, "run": run})


def ended(experiment: Experiment) -> tuple[list[float], float]:
    result = train(Trainer(experiment, experiment.build_problem()), RunControl())
    return result.weights.tolist(), result.cost


def test_that_the_start_is_a_coin_toss() -> None:
    problem = logistic().build_problem()
    assert float(problem.cost_at(np.zeros(2))) == pytest.approx(math.log(2), rel=1e-15)
    np.testing.assert_allclose(problem.gradient_at(np.zeros(2)), [-0.475, 0.0], atol=1e-15)
    assert problem.predict(np.zeros(2), problem.rows.X).tolist() == [0.5] * 10
    curvatures = np.linalg.eigvalsh(problem.hessian_at(np.zeros(2)))
    np.testing.assert_allclose(curvatures, [0.0494499961, 2.6068000039], rtol=1e-8)
    assert 2 / curvatures[1] == pytest.approx(0.767, abs=5e-4)


def test_that_the_minimum_is_that_of_newtons_method() -> None:
    problem = logistic().build_problem()
    [minimum] = problem.minima
    np.testing.assert_allclose(minimum, MINIMUM, rtol=1e-9)
    np.testing.assert_allclose(problem.gradient_at(minimum), 0, atol=1e-15)
    assert float(problem.cost_at(minimum)) == pytest.approx(LEAST, rel=1e-9)
    curvatures = np.linalg.eigvalsh(problem.hessian_at(minimum))
    np.testing.assert_allclose(curvatures, [0.0164727087, 1.3251269453], rtol=1e-8)
    assert 2 / curvatures[1] == pytest.approx(1.509, abs=5e-4)
    told = problem.tells(minimum)
    assert told["boundary"] == pytest.approx(2.75, rel=1e-12)
    assert told["right"] == 8


@pytest.mark.parametrize(
    ("rate", "steps", "weights", "cost"),
    [
        (0.5, 1, (0.2375, 0.0), 0.6457514701),
        (0.5, 2, (0.2091804889, -0.0768507280), None),
        (0.5, 100, (1.0210866775, -2.6795223974), 0.4449880443),
        (0.5, 1000, None, 0.4335111459),
        (1.5, 2, None, 0.9537315379),
        (1.5, 2000, MINIMUM, LEAST),
    ],
)
def test_that_a_run_has_the_numbers_of_the_course_and_of_numpy(
    rate: float, steps: int, weights: tuple[float, float] | None, cost: float | None
) -> None:
    found, found_cost = ended(logistic(learning_rate=rate, max_steps=steps))
    expected = descended(rate, steps)
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-14)
    assert found_cost == pytest.approx(entropy(*expected), rel=1e-12)
    if weights is not None:
        np.testing.assert_allclose(found, weights, rtol=1e-8, atol=1e-9)
    if cost is not None:
        assert found_cost == pytest.approx(cost, rel=1e-9)


def test_that_squared_error_stays_on_its_plateau_and_cross_entropy_does_not() -> None:
    far: dict[str, Any] = {"initial_weights": [-4.0, 0.0], "max_steps": 1000}
    weights, cost = ended(logistic({"cost": "squared_error"}, **far))
    np.testing.assert_allclose(weights, descended(0.5, 1000, (-4.0, 0.0), squared=True), rtol=1e-11)
    np.testing.assert_allclose(weights, (-4.28385, -0.60827), rtol=1e-5)
    assert cost == pytest.approx(0.500346, abs=5e-7)
    assert cost == pytest.approx(float(np.mean((sigmoid(weights[0] * X + weights[1]) - PASSED) ** 2)))
    assert ended(logistic(**far))[1] == pytest.approx(0.433511, abs=5e-7)


STEPS = [10, 100, 1000, *(pytest.param(10**k, marks=pytest.mark.slow) for k in (4, 5))]


@pytest.mark.parametrize("steps", STEPS)
def test_that_what_is_separable_never_ends(steps: int) -> None:
    cost = {10: 0.4940, 100: 0.2123, 1000: 0.07785, 10_000: 0.02133, 100_000: 0.002724}[steps]
    experiment = Experiment.parse(
        {
            "problem": {"kind": "logistic_separable"},
            "run": {"learning_rate": 0.5, "max_steps": steps, "initial_weights": [0.0, 0.0]},
        }
    )
    found, found_cost = ended(experiment)
    assert found_cost == pytest.approx(cost, rel=5e-4)
    np.testing.assert_allclose(found, descended(0.5, steps, y=APART), rtol=1e-9)
    if steps == 100_000:
        assert found[0] == pytest.approx(17.17, abs=5e-3)
    problem = experiment.build_problem()
    assert len(problem.minima) == 0
    assert problem.viewpoint is not None
    assert problem.viewpoint.centre.tolist() == [0.0, 0.0]
    assert problem.tells(np.array(found))["right"] == (7 if steps == 10 else 10)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([1.0, 2.0, 3.0], [1.0, 1.0, 1.0]),  # one class alone
        ([1.0, 2.0, 2.0, 3.0], [0.0, 0.0, 1.0, 1.0]),  # parted but for a tie
        ([2.0, 2.0, 2.0], [0.0, 1.0, 1.0]),  # one x, so that w and b stand in for each other
        ([1.0], [0.0]),
    ],
)
def test_that_no_minimum_is_told_where_there_is_none(x: list[float], y: list[float]) -> None:
    problem = logistic({"x": x, "y": y}).build_problem()
    assert len(problem.minima) == 0


def test_that_a_minimum_is_found_from_far_away_features() -> None:
    """Newton's method is halved where a whole step would lead uphill; the slope there is 0 all the same."""
    stream = np.random.default_rng(0)
    for _ in range(20):
        x = stream.normal(size=30) * 100 + 1000
        y = (stream.random(30) < sigmoid((x - 1000) / 50)).astype(float)
        problem = logistic({"x": x.tolist(), "y": y.tolist()}).build_problem()
        [minimum] = problem.minima
        p = sigmoid(minimum[0] * x + minimum[1])
        np.testing.assert_allclose([np.mean((p - y) * x) / 1000, np.mean(p - y)], 0, atol=1e-9)


@pytest.mark.parametrize("cost", ["cross_entropy", "squared_error"])
@pytest.mark.parametrize("made", [logistic, clouds])
def test_that_closed_forms_are_those_of_torch(made: Any, cost: str) -> None:
    problem = made({"cost": cost}).build_problem()
    count = len(problem.weight_names)
    for at in np.random.default_rng(1).normal(size=(5, count)) * 3:
        w = torch.from_numpy(at).requires_grad_()
        z = torch.from_numpy(problem.rows.X) @ w[: count - 1] + w[-1]
        y = torch.from_numpy(problem.rows.y)
        J = nn.BCEWithLogitsLoss()(z, y) if cost == "cross_entropy" else nn.MSELoss()(torch.sigmoid(z), y)
        assert float(problem.cost_at(at)) == pytest.approx(J.item(), rel=1e-12)
        [gradient] = torch.autograd.grad(J, w)
        np.testing.assert_allclose(problem.gradient_at(at), gradient.numpy(), rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(problem.predict(at, problem.rows.X), torch.sigmoid(z).detach(), rtol=1e-12)
    grid = np.random.default_rng(2).normal(size=(4, 3, count))
    costs = problem.cost_at(grid)
    assert costs.shape == (4, 3)
    assert costs[2, 1] == pytest.approx(float(problem.cost_at(grid[2, 1])), rel=1e-14)


@pytest.mark.parametrize("cost", ["cross_entropy", "squared_error"])
@pytest.mark.parametrize("made", [logistic, clouds])
def test_that_many_runs_at_once_have_the_costs_and_gradients_of_each(made: Any, cost: str) -> None:
    problem = made({"cost": cost}).build_problem()
    at = np.random.default_rng(3).normal(size=(7, len(problem.weight_names))) * 20
    costs, gradients = problem.batched()(torch.from_numpy(at))
    np.testing.assert_allclose(costs, problem.cost_at(at), rtol=1e-12)
    for i, weights in enumerate(at):
        np.testing.assert_allclose(gradients[i], problem.gradient_at(weights), rtol=1e-9, atol=1e-13)


def test_that_probabilities_of_huge_log_odds_are_zero_and_one() -> None:
    problem = logistic().build_problem()
    assert problem.predict(np.array([1e4, -2e4]), np.array([[0.0], [4.0]])).tolist() == [0.0, 1.0]
    assert np.isfinite(problem.cost_at(np.array([1e6, 0.0])))


def test_that_two_clouds_have_the_weights_of_fishers_discriminant() -> None:
    problem = clouds({"n": 100_000}).build_problem()
    [minimum] = problem.minima
    np.testing.assert_allclose(minimum, [2.4, 1.8, 0.0], atol=0.05)
    assert problem.true_weights is not None
    np.testing.assert_allclose(problem.true_weights, [2.4, 1.8, 0.0])
    assert problem.rows.y[:4].tolist() == [0, 1, 0, 1]
    right = problem.tells(minimum)["right"] / 100_000
    assert right == pytest.approx(0.9331928, abs=4 * math.sqrt(0.93 * 0.07 / 1e5))  # Phi(3 / 2)
    assert "boundary" not in problem.tells(minimum)


def test_that_labels_and_probabilities_are_counted() -> None:
    y, p = np.array([0, 0, 0, 1, 1, 1, 1.0]), np.array([0.1, 0.5, 0.9, 0.2, 0.51, 0.9, np.nan])
    counts = Verdicts.of(y, p)
    assert counts == Verdicts(no_no=2, no_yes=1, yes_no=2, yes_yes=2)
    assert (counts.right, counts.rows, counts.accuracy) == (4, 7, 4 / 7)


ALL: dict[str, Callable[[], Experiment]] = {
    "cross-entropy": logistic,
    "squared error": lambda: logistic({"cost": "squared_error"}),
    "batches, momentum": lambda: logistic(batch_size=3, max_steps=17, optimizer={"momentum": 0.5}),
    "Adam": lambda: logistic(optimizer="adam"),
    "32 bit": lambda: logistic(dtype="float32"),
    "zero_grad left out": lambda: logistic(mistake="no_zero_grad"),
    "no reshape": lambda: logistic({"cost": "squared_error"}, mistake="no_reshape"),
    "separable": lambda: Experiment.parse(
        {"problem": {"kind": "logistic_separable"}, "run": {"max_steps": 50, "initial_weights": [0.0, 0.0]}}
    ),
    "clouds": clouds,
    "clouds, batches, 32 bit, test rows": lambda: clouds(
        {"n_test": 50}, batch_size=10, max_steps=None, max_epochs=2, dtype="float32", initial_weights=None
    ),
    "clouds, squared error": lambda: clouds({"cost": "squared_error", "n": 33}),
}


def executed(parts: list[str]) -> str:
    try:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            names: dict[str, Any] = {"__name__": "__main__"}
            for part in parts:
                exec(compile(part, "program", "exec"), names)
    finally:
        torch.set_default_dtype(torch.float32)
    return out.getvalue()


def printed_weights(text: str, names: tuple[str, ...]) -> list[float]:
    found = dict(line.split(" = ") for line in text.splitlines() if line.count(" = ") == 1)
    return [float(found[name]) for name in names]


@pytest.mark.filterwarnings("ignore:Using a target size:UserWarning")
@pytest.mark.parametrize("name", ALL)
def test_that_script_and_notebook_end_on_the_digits_of_the_run(name: str) -> None:
    experiment = ALL[name]()
    weights, _ = ended(experiment)
    program = program_of(experiment)
    cells = json.loads(notebook(program))["cells"]
    for parts in (
        [script(program)],
        ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"],
    ):
        assert printed_weights(executed(parts), experiment.problem.weight_names) == weights


def test_that_the_program_calls_the_log_odds_z_and_takes_bce_with_logits() -> None:
    text = script(program_of(logistic()))
    assert "loss = nn.BCEWithLogitsLoss()" in text
    assert "z = net(X)" in text
    assert "cost = loss(z, y)" in text
    squared = script(program_of(logistic({"cost": "squared_error"})))
    assert "cost = loss(torch.sigmoid(z), y)" in squared


@pytest.mark.parametrize("name", ["cross-entropy", "batches, momentum", "separable", "clouds"])
def test_that_the_program_by_hand_ends_there_too(name: str) -> None:
    experiment = ALL[name]()
    program = by_hand(experiment)
    assert program is not None
    text = script(program)
    assert "h = 1 / (1 + np.exp(-z))" in text
    found = printed_weights(executed([text]), experiment.problem.weight_names)
    np.testing.assert_allclose(found, ended(experiment)[0], rtol=1e-9, atol=1e-12)


def test_that_squared_error_has_no_program_by_hand() -> None:
    assert by_hand(logistic({"cost": "squared_error"})) is None


def test_that_it_is_run_exported_and_swept_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, out, table = (tmp_path / name for name in ("mine.toml", "train.py", "rates.csv"))
    write_experiment(logistic(), saved)
    assert read_experiment(saved) == logistic()
    assert main(["run", str(saved), "--json"]) == 0
    weights = json.loads(capsys.readouterr().out)["weights"]
    assert weights == dict(zip(("w", "b"), ended(logistic())[0], strict=True))
    assert main(["export", str(saved), "-o", str(out)]) == 0
    assert printed_weights(executed([out.read_text("utf-8")]), ("w", "b")) == list(weights.values())
    asked = ["sweep", str(saved), "learning_rate", "0.25", "1.5", "--points", "3", "--csv", str(table)]
    assert main(asked) == 0
    head, *rows = (row.split(",") for row in table.read_text("utf-8").splitlines())
    for row in rows:
        found = dict(zip(head, row, strict=True))
        expected = entropy(*descended(float(found["learning_rate"]), 100))
        assert float(found["cost"]) == pytest.approx(expected, rel=1e-9)


def test_that_labels_are_classes_and_its_costs_its_own() -> None:
    problem = logistic().problem
    assert Trait.CLASSES in problem.traits
    with pytest.raises(InputError, match=r"problem\.y: 2 is neither 0 nor 1; give 0 for no and 1 for yes"):
        logistic({"x": [1.0, 2.0], "y": [0.0, 2.0]})
    with pytest.raises(InputError, match="x has 2 entries and y has 1"):
        logistic({"x": [1.0, 2.0], "y": [1.0]})
    with pytest.raises(InputError, match="'cross_entropy' or 'squared_error'"):
        logistic({"cost": "mean"})
    with pytest.raises(InputError, match="'half_mean'"):
        Experiment.parse({"problem": {"kind": "line", "cost": "cross_entropy"}, "run": {"max_steps": 1}})
    with pytest.raises(InputError, match="labels of another shape"):
        logistic(mistake="no_reshape")
    with pytest.raises(InputError, match="squared residuals"):
        logistic({"cost": "squared_error"}, mistake="gradient_l98")


def test_that_a_point_that_is_moved_or_added_takes_the_nearest_label() -> None:
    points = logistic().problem.given_points
    assert points is not None
    assert points.moved(0, (0.7, 0.6))["problem.y"][0] == 1.0
    assert points.moved(0, (0.7, -3.0))["problem.y"][0] == 0.0
    assert points.added((6.0, 0.49))["problem.y"][-1] == 0.0
    line = parse_problem({"kind": "line"}).given_points
    assert line is not None
    assert line.moved(0, (0.7, 0.6))["problem.y"][0] == 0.6


def test_that_the_data_can_be_chosen_and_the_cost_stays() -> None:
    given = logistic({"cost": "squared_error", "x": [1.0, 2.0], "y": [0.0, 1.0]})
    found = hypothesis(given)
    assert found is not None
    assert found.title == "Data"
    assert {kind for kind, _ in found.choices} == {"logistic", "logistic_separable", "logistic_clouds"}
    changed = given.edited(with_hypothesis(given, "logistic_clouds"))
    assert changed.problem.weight_names == ("w1", "w2", "b")
    assert changed.run.initial_weights == (0.0, 0.0, 0.0)
    assert changed.problem.cost == "squared_error"  # type: ignore[attr-defined]  # of this family
    back = changed.edited(with_hypothesis(changed, "logistic_separable"))
    assert back.build_problem().rows.y.tolist() == APART.tolist()
    line = Experiment.parse({"problem": {"kind": "line_through_origin"}, "run": {"max_steps": 1}})
    other = hypothesis(line)
    assert other is not None
    assert {kind for kind, _ in other.choices} == {"line_through_origin", "constant"}


def test_that_the_cost_of_very_many_rows_has_no_map() -> None:
    assert clouds({"n": 10_000}).build_problem().viewpoint is not None
    for cost in ("cross_entropy", "squared_error"):
        assert clouds({"n": 10_001, "cost": cost}).build_problem().viewpoint is None


def test_that_its_fit_is_looked_at_from_one_place_whatever_the_cost() -> None:
    for made in (logistic, clouds):
        one, other = (made({"cost": cost}).build_problem() for cost in ("cross_entropy", "squared_error"))
        assert isinstance(other, LogOdds)
        assert one.viewpoint is not None
        assert other.viewpoint is not None
        np.testing.assert_array_equal(one.viewpoint.centre, other.viewpoint.centre)
        assert len(other.minima) == 0
