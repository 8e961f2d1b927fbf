"""Small networks on two features against autograd, torch's readable loop and numpy."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from gdstudio.core.errors import InputError
from gdstudio.core.problems.mistakes import mistake_of
from gdstudio.core.problems.models.inputs import INPUT_TITLES, definition, made_of, symbols
from gdstudio.core.problems.traits import Trait
from gdstudio.core.seeds import generator
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.hypotheses import changes_of, hypothesis
from gdstudio.core.training.initial import initial_weights
from gdstudio.core.training.trainer import Trainer

KINDS = {
    "small_network": ["circles", "xor", "moons", "spirals", "clouds"],
    "small_network_classes": ["spirals", "clouds"],
    "small_network_numbers": ["waves", "plane"],
}
SETS = [(kind, data_set) for kind, sets in KINDS.items() for data_set in sets]
ACTIVATIONS = {"tanh": nn.Tanh(), "relu": nn.ReLU(), "sigmoid": nn.Sigmoid(), "linear": nn.Identity()}


def experiment(problem: dict[str, Any] | None = None, **run: Any) -> Experiment:
    table = {"kind": "small_network", "n": 45, "n_test": 20, **(problem or {})}
    settings = {"learning_rate": 0.3, "batch_size": 10, "max_epochs": 3, "initial_std": 1.0, **run}
    return Experiment.parse({"problem": table, "run": settings})


def torchs_loss(given: Experiment) -> Any:
    """Return the loss that torch's own classes make of outputs and labels (n, 1)."""
    if given.problem.kind == "small_network_classes":
        return lambda z, y: nn.CrossEntropyLoss()(z, y[:, 0].long())
    if given.problem.kind == "small_network_numbers":
        return nn.MSELoss()
    if given.problem.model_dump()["cost"] == "squared_error":
        return lambda z, y: nn.MSELoss()(torch.sigmoid(z), y)
    return nn.BCEWithLogitsLoss()


def network(given: Experiment, weights: np.ndarray) -> nn.Sequential:
    """Return the module, written out layer by layer, with these weights."""
    spec: Any = given.problem
    sizes = (len(symbols(spec.inputs)), *spec.hidden, spec.output_count)
    layers: list[nn.Module] = []
    for inner, outer in pairwise(sizes):
        layers += [nn.Linear(inner, outer), ACTIVATIONS[spec.activation]]
    net = nn.Sequential(*layers[:-1]).double()
    vector_to_parameters(torch.from_numpy(weights), net.parameters())
    return net


def columns(X: np.ndarray) -> dict[str, np.ndarray]:
    x1, x2 = X.T
    made = {"x₁": x1, "x₂": x2, "x₁²": x1**2, "x₂²": x2**2, "x₁x₂": x1 * x2}
    return {**made, "sin 4x₁": np.sin(4 * x1), "sin 4x₂": np.sin(4 * x2)}


@pytest.mark.parametrize(("kind", "data_set"), SETS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_that_cost_gradient_and_outputs_are_autograds(kind: str, data_set: str, activation: str) -> None:
    given = experiment({"kind": kind, "data_set": data_set, "activation": activation, "hidden": [3, 2]})
    problem = given.build_problem()
    weights = initial_weights(given, problem) + 0.1
    net = network(given, weights)
    X, y = torch.from_numpy(problem.rows.X), torch.from_numpy(problem.rows.y)[:, None]
    cost = torchs_loss(given)(net(X), y)
    gradient = torch.cat([g.reshape(-1) for g in torch.autograd.grad(cost, list(net.parameters()))])
    assert len(weights) == len(set(problem.weight_names))
    np.testing.assert_allclose(problem.cost_at(weights), float(cost.detach()), rtol=1e-12)
    np.testing.assert_allclose(problem.gradient_at(weights), gradient, rtol=1e-9, atol=1e-14)
    outputs = net(X).detach().numpy()
    shaped = outputs if outputs.shape[1] > 1 else outputs[:, 0]
    np.testing.assert_allclose(problem.outputs(weights, problem.rows.X), shaped, rtol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("error")
def test_that_costs_at_many_weights_are_those_at_each(kind: str) -> None:
    given = experiment({"kind": kind, "hidden": [3]}, mistake="no_zero_grad")
    problem = given.build_problem()
    weights = np.random.default_rng(1).standard_normal((5, len(problem.weight_names)))
    net = network(given, weights[0])
    X, y = torch.from_numpy(problem.rows.X), torch.from_numpy(problem.rows.y)[:, None]
    expected = []
    for one in weights:
        vector_to_parameters(torch.from_numpy(one), net.parameters())
        expected.append(float(torchs_loss(given)(net(X), y).detach()))
    np.testing.assert_allclose(problem.cost_at(weights), expected, rtol=1e-12)
    costs, gradients = problem.batched()(torch.from_numpy(weights))
    np.testing.assert_allclose(costs, expected, rtol=1e-12)
    for one, gradient in zip(weights, gradients, strict=True):
        np.testing.assert_allclose(gradient, problem.gradient_at(one), rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("inputs", INPUT_TITLES)
def test_that_inputs_are_what_their_names_say_in_the_studio_and_in_its_text(inputs: Any) -> None:
    X = np.random.default_rng(2).standard_normal((7, 2))
    expected = np.column_stack([columns(X)[symbol] for symbol in symbols(inputs)])
    rows, made = torch.from_numpy(X), made_of(inputs)
    np.testing.assert_allclose(rows if made is None else made(rows), expected, rtol=1e-14)
    names: dict[str, Any] = {"nn": nn, "torch": torch}
    exec("\n".join(line.text for line in definition(inputs)), names)
    if made is not None:
        np.testing.assert_array_equal(names["Inputs"]()(rows), made(rows))


@pytest.mark.parametrize("cost", ["cross_entropy", "squared_error", "cross_entropy_of_classes", "mean"])
@pytest.mark.parametrize("inputs", ["plain", "quadratic"])
@pytest.mark.parametrize("decay", [0.0, 0.01])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_that_the_run_is_the_readable_loops_to_the_last_bit(
    cost: str, inputs: Any, decay: float, dtype: Any
) -> None:
    kinds = {"mean": "small_network_numbers", "cross_entropy_of_classes": "small_network_classes"}
    problem_table = {"kind": kinds.get(cost, "small_network"), "cost": cost, "inputs": inputs}
    activation = "relu" if decay else "sigmoid"
    given = experiment(
        {**problem_table, "activation": activation}, optimizer={"weight_decay": decay}, dtype=dtype
    )
    problem = given.build_problem()
    trainer = Trainer(given, problem)
    while trainer.finish is None:
        trainer.advance(7)
    number = getattr(torch, dtype)
    net = network(given, initial_weights(given, problem)).to(number)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.3, weight_decay=decay)
    X, y = (torch.from_numpy(part).to(number) for part in (problem.rows.X, problem.rows.y[:, None]))
    made, loss, order_stream = made_of(inputs), torchs_loss(given), generator(0, "order")
    for _ in range(3):
        order = torch.randperm(len(X), generator=order_stream)
        for rows in torch.split(order, 10):
            value = loss(net(X[rows] if made is None else made(X[rows])), y[rows])
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
    expected = parameters_to_vector(net.parameters()).detach().numpy()
    np.testing.assert_array_equal(trainer.weights, expected)


@pytest.mark.parametrize("kind", KINDS)
def test_that_what_is_right_is_counted_by_the_largest_score(kind: str) -> None:
    given = experiment({"kind": kind})
    problem = given.build_problem()
    weights = initial_weights(given, problem)
    if kind == "small_network_numbers":
        assert problem.tells(weights) == {}
        return
    for name, rows in (("right", problem.rows), ("test_right", problem.held_out)):
        assert rows is not None
        z = problem.outputs(weights, rows.X)
        said = z.argmax(axis=1) if z.ndim == 2 else (z > 0).astype(int)
        assert problem.tells(weights)[name] == int((said == rows.y).sum())
    assert set(problem.spec.own_quantities) == set(problem.tells(weights))


def test_that_rows_lie_where_their_data_set_says() -> None:
    def rows(data_set: str, **more: Any) -> tuple[np.ndarray, np.ndarray]:
        problem = experiment({"data_set": data_set, "noise": 0.0, "n": 60, **more}).build_problem()
        return problem.rows.X, problem.rows.y

    X, y = rows("circles")
    np.testing.assert_allclose(np.hypot(*X.T), np.where(y > 0, 0.5, 1.0), rtol=1e-12)
    X, y = rows("xor")
    np.testing.assert_array_equal(y, X[:, 0] * X[:, 1] < 0)
    assert np.abs(X).min() >= 0.05
    X, y = rows("moons")
    np.testing.assert_allclose(np.hypot(X[:, 0] - y, X[:, 1] - 0.5 * y), 1.0, rtol=1e-12)
    np.testing.assert_array_equal(np.sign(X[:, 1] - 0.5 * y), 1 - 2 * y)
    X, y = rows("spirals")
    turn = np.arctan2(X[:, 1], X[:, 0]) / (2 * math.pi) - np.hypot(*X.T) - y / 2
    np.testing.assert_allclose(turn, np.round(turn), atol=1e-9)
    X, y = rows("clouds", kind="small_network_classes", classes=5)
    np.testing.assert_allclose(X, np.column_stack([np.cos(0.4 * np.pi * y), np.sin(0.4 * np.pi * y)]))
    assert set(y) == {0.0, 1.0, 2.0, 3.0, 4.0}


def test_that_noise_moves_every_point_by_as_much_as_it_says_and_test_rows_are_others() -> None:
    still, moved = (experiment({"noise": noise, "n": 4000}).build_problem() for noise in (0.0, 0.25))
    away = moved.rows.X - still.rows.X
    assert np.abs(away.std(axis=0) - 0.25).max() < 0.01
    assert still.held_out is not None
    assert not np.isin(still.held_out.X, still.rows.X).any()


def test_that_weights_of_zero_stay_alike_for_ever() -> None:
    given = experiment({"hidden": [4, 3]}, initial_std=0.0, max_epochs=20)
    trainer = Trainer(given, given.build_problem())
    while trainer.finish is None:
        trainer.advance(100)
    *hidden, bias = trainer.weights.tolist()
    assert hidden == [0.0] * len(hidden)
    assert bias != 0


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        ({"hidden": [0]}, r"problem\.hidden.*too small; give 1 or more"),
        ({"hidden": [4] * 100}, r"problem\.hidden.*at most 4"),
        ({"hidden": [17]}, r"problem\.hidden.*too large; give 16 or less"),
        ({"hidden": [2.5]}, r"problem\.hidden"),
        ({"data_set": "rings"}, r"problem\.data_set.*'circles', 'xor', 'moons', 'spirals' or 'clouds'"),
        ({"activation": "gelu"}, r"problem\.activation.*'tanh', 'relu', 'sigmoid' or 'linear'"),
        ({"inputs": "cubes"}, r"problem\.inputs.*'plain'"),
        ({"cost": "mean"}, r"problem\.cost.*'cross_entropy' or 'squared_error'"),
        ({"noise": -1.0}, r"problem\.noise.*too small; give 0.0 or more"),
        ({"n": 0}, r"problem\.n.*too small; give 1 or more"),
        ({"n_test": -2}, r"problem\.n_test.*too small; give 0 or more"),
        ({"kind": "small_network_classes", "classes": 1}, r"problem\.classes.*too small; give 2 or more"),
        ({"kind": "small_network_classes", "cost": "cross_entropy"}, r"problem\.cost"),
    ],
)
def test_that_a_wrong_setting_is_named_with_what_would_be_right(problem: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        experiment(problem)


@pytest.mark.parametrize("decay", [-0.1, float("nan"), float("inf")])
def test_that_a_decay_that_is_none_is_named(decay: float) -> None:
    with pytest.raises(InputError, match=r"run\.optimizer\.weight_decay"):
        experiment(optimizer={"weight_decay": decay})


@pytest.mark.parametrize("rows", [(1, 0), (2, 2), (1, 1)])
@pytest.mark.parametrize("kind", KINDS)
def test_that_a_row_or_two_are_enough(kind: str, rows: tuple[int, int]) -> None:
    given = experiment({"kind": kind, "n": rows[0], "n_test": rows[1]}, batch_size=None)
    trainer = Trainer(given, given.build_problem())
    while trainer.finish is None:
        trainer.advance(10)
    assert np.isfinite(trainer.weights).all()


def test_that_another_task_keeps_layers_and_rows_and_other_layers_draw_weights_again() -> None:
    given = experiment({"hidden": [3], "activation": "relu", "noise": 0.3}, initial_weights=[0.1] * 13)
    chosen = hypothesis(given)
    assert chosen is not None
    assert {kind for kind, _ in chosen.choices} == set(KINDS)
    for kind in KINDS:
        made: Any = given.edited(changes_of(given, "problem.kind", kind))
        assert (made.problem.hidden, made.problem.activation, made.problem.n) == ((3,), "relu", 45)
        assert made.run.initial_weights is None or kind == "small_network"
    wider = given.edited(changes_of(given, "problem.hidden", (5,)))
    assert wider.run.initial_weights is None
    assert wider.run.initial_std == 1.0


def test_that_only_the_mistakes_that_can_be_made_are_let_in() -> None:
    classes = experiment({"kind": "small_network_classes"}).problem
    assert Trait.SEVERAL_CLASSES in classes.traits
    for name in ("gradient_l30", "gradient_l98", "no_reshape", "integer_truncation"):
        assert mistake_of(name).objection(classes)
    given = experiment({"kind": "small_network_classes"}, mistake="no_zero_grad")
    trainer = Trainer(given, given.build_problem())
    trainer.advance(3)
    assert trainer.step == 3
