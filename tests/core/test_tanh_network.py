"""The small network of tanh layers against autograd and a readable loop of plain torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from gdstudio.core.errors import InputError
from gdstudio.core.seeds import generator
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.initial import initial_weights
from gdstudio.core.training.trainer import Trainer


def experiment(hidden: tuple[int, ...] = (8, 8), **run: object) -> Experiment:
    problem = {"kind": "tanh_network", "hidden": hidden, "n": 95, "n_test": 20}
    settings = {"learning_rate": 0.1, "batch_size": 10, "max_epochs": 3, "initial_std": 1.0, **run}
    return Experiment.parse({"problem": problem, "run": settings})


@pytest.mark.parametrize("hidden", [(8, 8), (3,), (4, 5, 6)], ids=str)
def test_that_cost_gradient_and_prediction_are_autograds(hidden: tuple[int, ...]) -> None:
    given = experiment(hidden)
    problem = given.build_problem()
    weights = initial_weights(given, problem) + 0.1
    net = problem.module().double()
    vector_to_parameters(torch.from_numpy(weights), net.parameters())
    X, y = torch.from_numpy(problem.rows.X), torch.from_numpy(problem.rows.y)[:, None]
    cost = nn.functional.mse_loss(net(X), y)
    gradient = torch.cat([g.reshape(-1) for g in torch.autograd.grad(cost, list(net.parameters()))])
    assert len(weights) == len(problem.weight_names) == len(set(problem.weight_names))
    np.testing.assert_allclose(problem.predict(weights, problem.rows.X), net(X).detach()[:, 0], rtol=1e-12)
    np.testing.assert_allclose(problem.cost_at(weights), float(cost.detach()), rtol=1e-12)
    np.testing.assert_allclose(problem.gradient_at(weights), gradient, rtol=1e-9, atol=1e-14)


def test_that_the_run_is_the_readable_loops_to_the_last_bit() -> None:
    given = experiment()
    problem = given.build_problem()
    trainer = Trainer(given, problem)
    while trainer.finish is None:
        trainer.advance(7)
    net = problem.module().double()
    vector_to_parameters(torch.from_numpy(initial_weights(given, problem)), net.parameters())
    optimizer, loss = torch.optim.SGD(net.parameters(), lr=0.1), nn.MSELoss()
    X, y = torch.from_numpy(problem.rows.X), torch.from_numpy(problem.rows.y)[:, None]
    order_stream = generator(0, "order")
    for _ in range(3):
        order = torch.randperm(len(X), generator=order_stream)
        for rows in torch.split(order, 10):
            value = loss(net(X[rows]), y[rows])
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
    expected = parameters_to_vector(net.parameters()).detach().numpy()
    np.testing.assert_array_equal(trainer.weights, expected)


def test_that_it_learns_what_a_line_cannot() -> None:
    given = experiment(max_epochs=400)
    problem = given.build_problem()
    trainer = Trainer(given, problem)
    while trainer.finish is None:
        trainer.advance(1000)
    A = np.column_stack([problem.rows.X, np.ones(len(problem.rows))])
    residuals = problem.rows.y - A @ np.linalg.lstsq(A, problem.rows.y, rcond=None)[0]
    assert trainer.full_cost() < 0.2 * float(np.mean(residuals**2))


def test_that_units_out_of_bounds_are_named() -> None:
    with pytest.raises(InputError, match=r"hidden"):
        experiment((0,))
