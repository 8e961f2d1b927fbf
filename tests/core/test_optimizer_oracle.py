"""Every update rule against the readable torch loop, written out here: the same numbers to the last bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

from gdstudio.core.settings.experiment import Experiment

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tests.core.conftest import Make, Train

    Optimize = Callable[[Any], optim.Optimizer]

RATE = 0.03
RULES: dict[str, tuple[dict[str, Any], Optimize]] = {
    "sgd": ({"kind": "sgd"}, lambda p: optim.SGD(p, lr=RATE)),
    "momentum": ({"kind": "sgd", "momentum": 0.9}, lambda p: optim.SGD(p, lr=RATE, momentum=0.9)),
    "nesterov": (
        {"kind": "sgd", "momentum": 0.8, "nesterov": True},
        lambda p: optim.SGD(p, lr=RATE, momentum=0.8, nesterov=True),
    ),
    "adagrad": ({"kind": "adagrad"}, lambda p: optim.Adagrad(p, lr=RATE)),
    "adagrad_decayed": (
        {"kind": "adagrad", "lr_decay": 0.1, "initial_accumulator": 0.5, "eps": 1e-6},
        lambda p: optim.Adagrad(p, lr=RATE, lr_decay=0.1, initial_accumulator_value=0.5, eps=1e-6),
    ),
    "rmsprop": ({"kind": "rmsprop"}, lambda p: optim.RMSprop(p, lr=RATE)),
    "rmsprop_momentum": (
        {"kind": "rmsprop", "momentum": 0.5, "smoothing": 0.9, "eps": 1e-7},
        lambda p: optim.RMSprop(p, lr=RATE, momentum=0.5, alpha=0.9, eps=1e-7),
    ),
    "rmsprop_centered": (
        {"kind": "rmsprop", "centered": True},
        lambda p: optim.RMSprop(p, lr=RATE, centered=True),
    ),
    "adam": ({"kind": "adam"}, lambda p: optim.Adam(p, lr=RATE)),
    "adam_betas": (
        {"kind": "adam", "beta1": 0.5, "beta2": 0.7, "eps": 1e-4},
        lambda p: optim.Adam(p, lr=RATE, betas=(0.5, 0.7), eps=1e-4),
    ),
    "adamw": ({"kind": "adamw"}, lambda p: optim.AdamW(p, lr=RATE)),
    "adamw_decayed": (
        {"kind": "adamw", "weight_decay": 0.3, "beta1": 0.8, "amsgrad": True},
        lambda p: optim.AdamW(p, lr=RATE, betas=(0.8, 0.999), weight_decay=0.3, amsgrad=True),
    ),
    "amsgrad": (
        {"kind": "adam", "amsgrad": True, "beta2": 0.9},
        lambda p: optim.Adam(p, lr=RATE, betas=(0.9, 0.9), amsgrad=True),
    ),
}


A = 0.05**0.5
VALLEY = {"kind": "line", "cost": "half_sum", "x": [A, -A, A, -A], "y": [0.0, 0.0, 0.0, 0.0]}
"""Half the sum of (x w + b)^2 over these is 2 A^2 w^2 + 2 b^2: the curriculum's 0.1 x1^2 + 2 x2^2 (2 E)."""


def readable_loop(
    experiment: Experiment, optimize: Optimize, dtype: torch.dtype
) -> tuple[NDArray[np.float64], list[float], list[float]]:
    """Train as the notebook does; return the weights of each step, each batch's cost and each epoch's."""
    seed, n = experiment.run.seed, experiment.problem.row_count
    stream = torch.Generator().manual_seed(3 * seed)
    X = torch.randn(n, 2, generator=stream, dtype=torch.float64)
    y = X @ torch.tensor([2, -3.4], dtype=torch.float64) + 4.2
    y = (y + 0.01 * torch.randn(n, generator=stream, dtype=torch.float64))[:, None]
    X, y = X.to(dtype), y.to(dtype)
    net = nn.Linear(2, 1).to(dtype)
    first = torch.Generator().manual_seed(3 * seed + 1)
    with torch.no_grad():
        net.weight.copy_(0.01 * torch.randn(2, generator=first, dtype=torch.float64))
        net.bias.zero_()
    optimizer, loss = optimize(net.parameters()), nn.MSELoss()
    order = torch.Generator().manual_seed(3 * seed + 2)
    path, costs, epoch_costs = [], [], []
    for _ in range(experiment.run.max_epochs or 1):
        full = experiment.batch_size == n
        sampler = range(n) if full else torch.randperm(n, generator=order).tolist()
        for batch, labels in DataLoader(TensorDataset(X, y), experiment.batch_size, sampler=sampler):
            value = loss(net(batch), labels)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            path.append([*net.weight.detach().flatten().tolist(), *net.bias.tolist()])
            costs.append(float(value.detach()))
        with torch.no_grad():
            epoch_costs.append(float(loss(net(X), y)))
    return np.array(path), costs, epoch_costs


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("batch_size", [10, 7, 100], ids=["tens", "partial", "full"])
@pytest.mark.parametrize("rule", RULES)
def test_that_the_path_is_that_of_the_readable_loop(
    network: Make, train: Train, rule: str, batch_size: int, dtype: str
) -> None:
    table, optimize = RULES[rule]
    experiment = network(n=100, batch_size=batch_size, optimizer=table, dtype=dtype, seed=5)
    _, rows = train(experiment)
    path, costs, epoch_costs = readable_loop(experiment, optimize, getattr(torch, dtype))
    np.testing.assert_array_equal(rows.weights[1:], path)
    expected = [*costs[1:], epoch_costs[-1]] if batch_size == 100 else costs
    np.testing.assert_array_equal(rows.costs[1:], expected)
    assert [row.train_cost for row in rows.epoch_rows] == epoch_costs


@pytest.mark.parametrize("cost", ["half_sum", "sum", "half_mean"])
def test_that_other_costs_descend_as_written_out(network: Make, train: Train, cost: str) -> None:
    _, rows = train(network(n=50, cost=cost, learning_rate=0.001, max_epochs=1))
    _, mean = train(
        network(n=50, learning_rate=0.001 * {"half_sum": 5, "sum": 10, "half_mean": 0.5}[cost], max_epochs=1)
    )
    np.testing.assert_allclose(rows.weights, mean.weights, rtol=1e-12)


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        ({"kind": "sgd"}, (-4.9, -1.2)),
        ({"kind": "sgd", "momentum": 0.9}, (-4.9, -1.2)),
        ({"kind": "sgd", "momentum": 0.9, "nesterov": True}, (-4.81, -0.48)),
        ({"kind": "adagrad"}, (-4.9, -1.9)),
        ({"kind": "adam"}, (-4.9, -1.9)),
        ({"kind": "rmsprop"}, (-4.0, -1.0)),
    ],
)
def test_that_the_first_step_on_the_valley_is_as_on_paper(
    train: Train, optimizer: dict[str, Any], expected: tuple[float, float]
) -> None:
    run = {"learning_rate": 0.1, "optimizer": optimizer, "max_steps": 1, "initial_weights": [-5.0, -2.0]}
    _, rows = train(Experiment.parse({"problem": VALLEY, "run": run}))
    assert rows.costs[0] == pytest.approx(10.5)
    np.testing.assert_allclose(rows.weights[1], expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("rate", "momentum", "expected"),
    [
        (0.4, 0.0, (-0.943467, -0.000073)),
        (0.6, 0.0, (-0.387814, -1673.365109)),
        (0.6, 0.5, (0.0071878667, 0.0025532748)),
    ],
)
def test_that_twenty_steps_in_the_valley_end_where_they_should(
    train: Train, rate: float, momentum: float, expected: tuple[float, float]
) -> None:
    rule = {"kind": "sgd", "momentum": momentum}
    run = {"learning_rate": rate, "optimizer": rule, "max_steps": 20, "initial_weights": [-5.0, -2.0]}
    _, rows = train(Experiment.parse({"problem": VALLEY, "run": run}))
    np.testing.assert_allclose(rows.weights[20], expected, rtol=0, atol=6e-7)
