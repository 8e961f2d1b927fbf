"""The move that an optimizer's settings foretell is the next step that torch.optim makes."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch

from gdstudio.core.settings.optimizers import OPTIMIZERS, parse_optimizer
from gdstudio.core.settings.optimizers.optimizer import memory_of
from tests.core.optimizer_tables import WRITTEN_OUT

_OTHERS = set(OPTIMIZERS) - {table["kind"] for table in WRITTEN_OUT} - {"muon", "lbfgs"}
"""Those of which a step depends on more than its gradient have tests of their own."""
TABLES = [*WRITTEN_OUT, *({"kind": kind} for kind in sorted(_OTHERS))]
GRADIENTS = np.random.default_rng(4).standard_normal((5, 3))
START = np.array([0.5, -1.0, 2.0])


def stepped(table: dict[str, Any], steps: int, rate: float) -> tuple[torch.Tensor, torch.optim.Optimizer]:
    """Let torch's own optimizer make so many steps along the gradients."""
    weights = torch.from_numpy(START.copy()).requires_grad_()
    optimizer = parse_optimizer(table).build([weights], rate)
    for gradient in GRADIENTS[:steps]:
        weights.grad = torch.from_numpy(gradient.copy())
        optimizer.step()
    return weights, optimizer


@pytest.mark.parametrize("table", TABLES, ids=str)
@pytest.mark.parametrize("steps", [0, 1, 4])
def test_that_the_move_is_the_next_step_of_torch(table: dict[str, Any], steps: int) -> None:
    weights, optimizer = stepped(table, steps, 0.1)
    here = weights.detach().numpy().copy()
    state = optimizer.state_dict() if steps else None
    move = parse_optimizer(table).move(here, GRADIENTS[steps], 0.1, state)
    after, _ = stepped(table, steps + 1, 0.1)
    np.testing.assert_array_equal(move, after.detach().numpy() - here)


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_that_a_move_changes_neither_the_state_nor_what_it_is_given(table: dict[str, Any]) -> None:
    weights, optimizer = stepped(table, 3, 0.1)
    here, gradient, state = weights.detach().numpy().copy(), GRADIENTS[3].copy(), optimizer.state_dict()
    kept = copy.deepcopy(state)
    rule = parse_optimizer(table)
    first = rule.move(here, gradient, 0.1, state)
    np.testing.assert_array_equal(rule.move(here, gradient, 0.1, state), first)
    np.testing.assert_array_equal(here, weights.detach().numpy())
    np.testing.assert_array_equal(gradient, GRADIENTS[3])
    assert repr(state) == repr(kept)


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_that_a_move_is_made_at_the_learning_rate_now(table: dict[str, Any]) -> None:
    weights, optimizer = stepped(table, 2, 0.1)
    here, state = weights.detach().numpy().copy(), copy.deepcopy(optimizer.state_dict())
    for group in optimizer.param_groups:
        group["lr"] = 0.01
    weights.grad = torch.from_numpy(GRADIENTS[2].copy())
    optimizer.step()
    move = parse_optimizer(table).move(here, GRADIENTS[2], 0.01, state)
    np.testing.assert_array_equal(move, weights.detach().numpy() - here)


@pytest.mark.parametrize("table", WRITTEN_OUT, ids=str)
@pytest.mark.parametrize("steps", [0, 1, 4])
def test_that_the_rule_written_out_foretells_the_step_of_torch(table: dict[str, Any], steps: int) -> None:
    weights, optimizer = stepped(table, steps, 0.1)
    here = weights.detach().numpy().copy()
    rule, state = parse_optimizer(table), optimizer.state_dict() if steps else None
    assert rule.remembered(GRADIENTS[steps], memory_of(state)) is not None
    after, last = stepped(table, steps + 1, 0.1)
    foretold = rule.foretell(here, GRADIENTS[steps], 0.1, state)
    np.testing.assert_allclose(foretold, after.detach().numpy() - here, rtol=1e-9, atol=1e-14)
    memory = rule.remembered(rule.with_decay(GRADIENTS[steps], here), memory_of(state))
    kept = memory_of(last.state_dict())
    assert memory is not None
    assert kept is not None
    for name, numbers in memory.items():
        np.testing.assert_allclose(numbers, kept[name], rtol=1e-12)
