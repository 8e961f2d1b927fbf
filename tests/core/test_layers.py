"""The written-out steps against torch's own readable loop, to the last bit."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn
from torch.nn.utils import parameters_to_vector

from gdstudio.core.problems.layers import FastForm, Layers
from gdstudio.core.problems.losses import LOSSES, loss_of
from gdstudio.core.training.alignment import aligned_batches, empty_track
from gdstudio.core.training.fast.written_out import WrittenOutDescent

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = [(1, 1), (2, 1), (13, 1), (100, 1), (2, 8, 1), (2, 8, 8, 1), (3, 32, 1)]
RATE = 0.003


@pytest.fixture(params=[torch.float32, torch.float64], ids=str)
def dtype(request: pytest.FixtureRequest) -> Iterator[torch.dtype]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(request.param)
    yield request.param
    torch.set_default_dtype(before)


def network(layers: Layers) -> nn.Sequential:
    torch.manual_seed(7)
    modules: list[nn.Module] = []
    for inner, outer in pairwise(layers.sizes):
        modules += [nn.Linear(inner, outer, bias=layers.has_bias), nn.Tanh()]
    return nn.Sequential(*modules[:-1])


def rows(features: int, count: int = 95) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(3)
    return torch.randn(count, features), torch.randn(count, 1)


def fast_form(layers: Layers, cost: str) -> FastForm:
    return FastForm(layers, loss_of(cost))


def by_hand(
    net: nn.Module, cost: str, X: torch.Tensor, y: torch.Tensor, size: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Train as the notebook does; return the weights after each step and each batch's cost."""
    optimizer, loss = torch.optim.SGD(net.parameters(), lr=RATE), loss_of(cost).function()
    path, costs = [], []
    for X_batch, y_batch in zip(torch.split(X, size), torch.split(y, size), strict=True):
        value = loss(net(X_batch.clone()), y_batch)
        optimizer.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]  # torch has no types here
        optimizer.step()
        path.append(parameters_to_vector(net.parameters()).detach().clone())
        costs.append(value.detach())
    return torch.stack(path), torch.stack(costs)


def written_out(
    layers: Layers, start: torch.Tensor, cost: str, X: torch.Tensor, y: torch.Tensor, size: int
) -> tuple[torch.Tensor, torch.Tensor]:
    batches = list(zip(aligned_batches(X, size), torch.split(y, size), strict=True))
    track = empty_track(len(batches), start)
    track[0] = start
    costs, *_ = WrittenOutDescent(fast_form(layers, cost), start.clone()).descend(batches, track, RATE)
    return track[1:], torch.stack(costs)


@pytest.mark.parametrize("cost", [name for name, loss in LOSSES.classes().items() if loss.squares])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.usefixtures("dtype")
def test_that_written_out_steps_are_torchs_own(sizes: tuple[int, ...], has_bias: bool, cost: str) -> None:
    layers = Layers(sizes, has_bias)
    net, (X, y) = network(layers), rows(sizes[0])
    start = parameters_to_vector(net.parameters()).detach().clone()
    path, costs = written_out(layers, start, cost, X, y, 10)
    expected_path, expected_costs = by_hand(net, cost, X, y, 10)
    torch.testing.assert_close(path, expected_path, rtol=0, atol=0)
    torch.testing.assert_close(costs, expected_costs, rtol=0, atol=0)


@pytest.mark.usefixtures("dtype")
def test_that_a_cost_looked_at_ahead_changes_no_step() -> None:
    layers = Layers((2, 8, 1))
    net, (X, y) = network(layers), rows(2)
    start = parameters_to_vector(net.parameters()).detach().clone()
    weights, path = start.clone(), []
    descent = WrittenOutDescent(fast_form(layers, "mean"), weights)
    for _ in range(5):
        track = empty_track(1, start)
        track[0] = weights
        descent.descend([(X, y)], track, RATE)
        assert torch.equal(weights, track[1])
        expected = loss_of("mean").function()(_predict(net, weights, X), y)
        assert float(descent.cost_ahead(X, y)) == float(expected.detach())
        path.append(weights.clone())
    net = network(layers)
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE)
    for weights in path:
        optimizer.zero_grad()
        nn.functional.mse_loss(net(X), y).backward()  # type: ignore[no-untyped-call]  # no types here
        optimizer.step()
        assert torch.equal(parameters_to_vector(net.parameters()), weights)


def _predict(net: nn.Module, weights: torch.Tensor, X: torch.Tensor) -> torch.Tensor:
    torch.nn.utils.vector_to_parameters(weights, net.parameters())
    predicted: torch.Tensor = net(X)
    return predicted


@pytest.mark.usefixtures("dtype")
@pytest.mark.parametrize("size", [1, 7, 33, 95])
def test_that_batches_are_copied_to_aligned_addresses(size: int) -> None:
    X, _ = rows(13)
    batches = aligned_batches(X, size)
    assert torch.equal(torch.cat(batches), X)
    assert [len(batch) for batch in batches] == [len(part) for part in torch.split(X, size)]
    assert all(batch.data_ptr() % 64 == 0 and batch.is_contiguous() for batch in batches)
