"""What problems say of themselves, against torch.autograd, numpy and paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn

from gdstudio.core.errors import InputError
from gdstudio.core.problems import least_squares, problem_kinds
from gdstudio.core.problems.fit_spec import FitSpec
from gdstudio.core.problems.losses import LOSSES, loss_of
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.initial import initial_weights, needs_torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.problems import Problem
    from tests.core.conftest import Make

X, Y = [1.0, 2.0, 4.0], [0.5, 2.5, 3.0]
KINDS: dict[str, dict[str, Any]] = {
    "constant": {"x": X, "y": Y},
    "line_through_origin": {"x": X, "y": Y},
    "line": {"x": X, "y": Y},
    "linear_network": {"n": 40, "true_w": [1.0, -2.0, 0.5]},
    "table": {"cells": "x1,x2,y\n1,2,0.5\n2,0.5,2.5\n4,1,3\n"},
}
SQUARES = [name for name, loss in LOSSES.classes().items() if loss.squares is not None]


def build(kind: str, cost: str = "mean", **more: Any) -> Problem:
    tables = {"problem": {"kind": kind, "cost": cost, **KINDS[kind], **more}, "run": {"max_steps": 1}}
    return Experiment.parse(tables).build_problem()


def torch_cost(problem: Problem) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return the cost of flat weights, put into the module and judged by torch's own loss class."""
    module = problem.module().double()
    X, y = torch.from_numpy(problem.rows.X), torch.from_numpy(problem.rows.y)[:, None]
    kind = problem.spec.model_dump()["cost"]
    loss = nn.MSELoss(reduction="sum" if kind.endswith("sum") else "mean")
    half = 0.5 if kind.startswith("half") else 1.0
    shapes = {name: parameter.shape for name, parameter in module.named_parameters()}

    def cost(weights: torch.Tensor) -> torch.Tensor:
        parts = torch.split(weights, [shape.numel() for shape in shapes.values()])
        named = {name: part.reshape(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}
        value: torch.Tensor = half * loss(torch.func.functional_call(module, named, (X,)), y)
        return value

    return cost


@pytest.fixture(params=[(kind, cost) for kind in KINDS for cost in SQUARES], ids="-".join)
def problem(request: pytest.FixtureRequest) -> Problem:
    return build(*request.param)


def test_that_every_kind_is_tested_here() -> None:
    """Those that have closed forms; test_problem_defaults.py holds the others to torch."""
    fits = {kind: cls(kind=kind) for kind, cls in problem_kinds().items() if issubclass(cls, FitSpec)}
    assert {kind for kind, spec in fits.items() if spec.parts().have_closed_forms} <= KINDS.keys()


def test_that_cost_gradient_and_curvatures_are_those_of_autograd(problem: Problem) -> None:
    weights = torch.randn(
        len(problem.weight_names), generator=torch.Generator().manual_seed(1), dtype=torch.float64
    )
    flat = weights.numpy()
    cost = torch_cost(problem)
    gradient, hessian = torch.func.grad(cost)(weights), torch.func.jacrev(torch.func.grad(cost))(weights)
    np.testing.assert_allclose(problem.cost_at(flat), cost(weights), rtol=1e-12)
    np.testing.assert_allclose(problem.gradient_at(flat), gradient, rtol=1e-12)
    curvatures = problem.curvatures()
    assert curvatures is not None
    np.testing.assert_allclose(curvatures, torch.linalg.eigvalsh(hessian), rtol=1e-12, atol=1e-13)


def test_that_the_functional_forward_is_the_module(problem: Problem) -> None:
    module = problem.module().double()
    rows = torch.from_numpy(problem.rows.X)
    functional = problem.forward()(list(module.parameters()), rows)
    assert torch.equal(functional, module(rows))
    assert functional.shape == (len(problem.rows), 1)
    flat = np.concatenate([p.detach().numpy().ravel() for p in module.parameters()])
    np.testing.assert_allclose(problem.predict(flat, problem.rows.X), functional.detach()[:, 0], atol=1e-14)


def test_that_the_gradient_vanishes_at_the_minimum_and_nothing_is_lower(problem: Problem) -> None:
    [minimum] = problem.minima
    np.testing.assert_allclose(problem.gradient_at(minimum), 0, atol=1e-12)
    around = minimum + 1e-3 * np.random.default_rng(0).standard_normal((50, len(minimum)))
    assert (problem.cost_at(around) > problem.cost_at(minimum)).all()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("line", np.polyfit(X, Y, 1)),
        ("line_through_origin", [np.dot(X, Y) / np.dot(X, X)]),
        ("constant", [np.mean(Y)]),
    ],
)
def test_that_the_minimum_is_the_textbook_fit(kind: str, expected: list[float]) -> None:
    np.testing.assert_allclose(build(kind).minima, [expected], rtol=1e-12)


def test_that_the_line_has_the_curvatures_of_the_curriculum() -> None:
    curvatures = build("line", x=[1.0, 2.0, 3.0], y=[1.0, 2.0, 3.0]).curvatures()
    assert curvatures is not None
    np.testing.assert_allclose(curvatures, [(17 - 265**0.5) / 3, (17 + 265**0.5) / 3], rtol=1e-13)
    np.testing.assert_allclose(curvatures, [0.2403931346, 11.0929401987], atol=6e-11)


def test_that_a_constant_costs_what_the_notebook_draws() -> None:
    problem = build("constant", x=[1.0, 2.0, 3.0], y=[1.0, 2.0, 3.0])
    c = np.linspace(-7.77, 10, 30)[:, None]
    np.testing.assert_allclose(problem.cost_at(c), (c[:, 0] - 2) ** 2 + 2 / 3, rtol=1e-13)


@pytest.mark.parametrize("kind", ["line", "line_through_origin"])
def test_that_points_without_a_single_best_fit_have_no_minimum(kind: str) -> None:
    x = [0.0, 0.0, 0.0] if kind == "line_through_origin" else [2.0, 2.0, 2.0]
    assert build(kind, x=x).minima.shape[0] == 0


def test_that_costs_keep_the_shape_of_a_grid() -> None:
    problem = build("line")
    grid = np.random.default_rng(2).standard_normal((4, 5, 2))
    costs = problem.cost_at(grid)
    assert costs.shape == (4, 5)
    assert costs[2, 3] == pytest.approx(float(problem.cost_at(grid[2, 3])), rel=1e-14)
    assert problem.cost_at(grid[0, 0]).shape == ()


@pytest.mark.parametrize("noise", [0.0, 0.01])
@pytest.mark.parametrize("cost", SQUARES)
def test_that_costs_from_the_moments_are_the_direct_ones(
    monkeypatch: pytest.MonkeyPatch, cost: str, noise: float
) -> None:
    problem = build("linear_network", cost, n=1000, noise=noise)
    truth = np.array([1.0, -2.0, 0.5, 4.2])
    weights = truth + np.logspace(-8, 2, 40)[:, None] * np.random.default_rng(0).standard_normal((40, 4))
    direct = problem.cost_at(weights)
    monkeypatch.setattr(least_squares, "_DIRECT", 0)
    np.testing.assert_allclose(problem.cost_at(weights), direct, rtol=1e-7)
    assert (problem.cost_at(np.tile(truth, (3, 1))) >= 0).all()


@pytest.mark.parametrize("name", SQUARES)
def test_that_a_cost_is_its_factor_times_the_sum_of_squares(name: str) -> None:
    h, y, loss = torch.tensor([[1.0], [2.0], [5.0]]), torch.tensor([[0.0], [2.0], [1.0]]), loss_of(name)
    assert loss.squares is not None
    assert float(loss.function()(h, y)) == pytest.approx(17 * loss.squares.factor(3))
    above, below = loss.squares.fraction(3)
    assert above / below == loss.squares.factor(3)


def test_that_the_network_data_have_the_law_they_are_said_to_have(network: Make) -> None:
    data = network(n=20_000, noise=0.5, seed=3).build_problem().rows
    noise = data.y - data.X @ [2, -3.4] - 4.2
    np.testing.assert_allclose(data.X.mean(0), 0, atol=0.03)
    np.testing.assert_allclose(np.cov(data.X.T), np.eye(2), atol=0.04)
    assert noise.std() == pytest.approx(0.5, rel=0.02)
    assert abs(np.corrcoef(noise, data.X[:, 0])[0, 1]) < 0.03


def test_that_the_precision_of_the_run_does_not_change_the_data(network: Make) -> None:
    one, two = (network(dtype=dtype).build_problem().rows for dtype in ("float64", "float32"))
    np.testing.assert_array_equal(one.X, two.X)


def test_that_drawn_weights_have_their_spread_and_biases_are_zero(network: Make) -> None:
    experiment = network(n=10, true_w=[0.0] * 100, initial_std=0.5, n_test=0, noise=0)
    drawn = initial_weights(experiment, experiment.build_problem())
    assert drawn[:-1].std() == pytest.approx(0.5, rel=0.25)
    assert drawn[-1] == 0
    assert needs_torch(experiment)


def test_that_an_unknown_kind_is_answered_with_the_known_ones() -> None:
    known = ", ".join(sorted(problem_kinds()))
    with pytest.raises(
        InputError, match=f"problem: kind 'cubic' is not a kind of problem; give one of: {known}$"
    ):
        Experiment.parse({"problem": {"kind": "cubic"}, "run": {"max_steps": 1}})
