"""Muon: the steps of torch.optim.Muon, on weights that are matrices alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn, optim

from gdstudio.core.errors import InputError
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.optimizers import muon, parse_optimizer
from gdstudio.core.training.history import History
from gdstudio.core.training.move import Move
from gdstudio.core.training.next_move import next_move
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from tests.core.conftest import Train

pytestmark = pytest.mark.skipif(not hasattr(optim, "Muon"), reason="this torch has no Muon")

TABLES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    (
        {"momentum": 0.8, "nesterov": False, "weight_decay": 0.0},
        {"momentum": 0.8, "nesterov": False, "weight_decay": 0.0},
    ),
]


def one_weight(table: dict[str, Any], **run: Any) -> Experiment:
    run = {"learning_rate": 0.1, "max_steps": 20, "initial_weights": [0.0], **run}
    return Experiment.parse(
        {"problem": {"kind": "line_through_origin"}, "run": {"optimizer": {"kind": "muon", **table}, **run}}
    )


@pytest.mark.parametrize(("table", "given"), TABLES, ids=["torch's own", "changed"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_that_the_path_is_that_of_the_readable_loop(
    train: Train, table: dict[str, Any], given: dict[str, Any], dtype: str
) -> None:
    _, rows = train(one_weight(table, dtype=dtype))
    X = torch.tensor([[1.0], [2.0], [3.0]], dtype=getattr(torch, dtype))
    net, loss = nn.Linear(1, 1, bias=False).to(X.dtype), nn.MSELoss()
    nn.init.zeros_(net.weight)
    optimizer = optim.Muon(net.parameters(), lr=0.1, **given)
    for k in range(1, 21):
        optimizer.zero_grad()
        loss(net(X), X).backward()
        optimizer.step()  # type: ignore[no-untyped-call]  # torch has no types here
        assert rows.weights[k, 0] == net.weight.item()


class Matrices(nn.Module):
    """Two matrices that are no row."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Parameter(torch.ones(2, 3))
        self.second = nn.Parameter(torch.ones(4, 2))


class Shaped:
    """A problem of which only the shapes of the weights are asked."""

    def module(self) -> nn.Module:
        return Matrices()


@pytest.mark.parametrize(("table", "given"), TABLES, ids=["torch's own", "changed"])
@pytest.mark.parametrize("steps", [0, 3])
def test_that_the_move_of_matrices_is_the_next_step_of_torch(
    table: dict[str, Any], given: dict[str, Any], steps: int
) -> None:
    numbers = np.random.default_rng(2).standard_normal((steps + 1, 14))
    rule, matrices = parse_optimizer({"kind": "muon", **table}), list(Matrices().double().parameters())
    move, flat = Move(rule, matrices, 0.1), np.ones(14)
    state: Any = None
    for gradient in numbers:
        state = move.flat_state()
        flat = np.concatenate([m.detach().numpy().ravel() for m in matrices])
        parts = np.split(gradient, [6])
        move.function(0.1)(
            tuple(torch.from_numpy(p.reshape(m.shape)) for p, m in zip(parts, matrices, strict=True))
        )
    after = np.concatenate([m.detach().numpy().ravel() for m in matrices])
    shaped: Problem = Shaped()  # type: ignore[assignment]  # its shapes alone
    foretold = rule.foretell(flat, numbers[-1], 0.1, state, shaped)
    np.testing.assert_array_equal(foretold, after - flat)


def test_that_the_next_move_is_the_one_that_is_made() -> None:
    experiment = one_weight({})
    trainer = Trainer(experiment, experiment.build_problem())
    history = History(1)
    history.append(trainer.start())
    for _ in range(4):
        before = history.snapshot()
        foretold = next_move(before, experiment, trainer.problem)
        history.append(trainer.advance(1))
        np.testing.assert_array_equal(foretold, history.snapshot().latest - before.latest)


@pytest.mark.parametrize("problem", ["line", "rosenbrock", "tanh_network", "constant"])
def test_that_weights_which_are_no_matrices_are_refused(problem: str) -> None:
    with pytest.raises(InputError, match=r"run\.optimizer: Muon needs weights that are all matrices"):
        Experiment.parse({"problem": {"kind": problem}, "run": {"max_steps": 5, "optimizer": "muon"}})


def test_that_a_torch_without_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(muon, "version", lambda _: "2.8.0+cpu")
    with pytest.raises(InputError, match=r"torch 2\.8\.0\+cpu has no Muon; install torch 2\.9 or newer"):
        one_weight({})
