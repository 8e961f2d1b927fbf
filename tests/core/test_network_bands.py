"""The notebook's network lands where a thousand seeds say it does (curriculum, section 2 C)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from torch.utils.data import DataLoader

from gdstudio.core.seeds import generator
from gdstudio.core.training.batches import Batches

if TYPE_CHECKING:
    from tests.core.conftest import Make, Train

SEEDS = range(50)
# p1 to p99 over 1000 seeds, widened by half its width on both sides: 50 seeds must all lie within.
BANDS = [(1.0e-4, 6.8e-4), (0.80e-4, 1.22e-4), (0.80e-4, 1.23e-4)]


@pytest.mark.parametrize("seed", SEEDS)
def test_that_the_epoch_costs_lie_in_their_bands_and_the_truth_is_found(
    network: Make, train: Train, seed: int
) -> None:
    trainer, rows = train(network(seed=seed, n_test=0))
    costs = [row.train_cost for row in rows.epoch_rows]
    assert len(rows) == 301
    assert [low < cost < high for cost, (low, high) in zip(costs, BANDS, strict=True)] == [True] * 3
    assert np.abs(trainer.weights - [2, -3.4, 4.2]).max() < 0.005


def test_that_the_median_epoch_costs_are_the_known_ones(network: Make, train: Train) -> None:
    runs = [train(network(seed=seed, n_test=0))[1].epoch_rows for seed in SEEDS]
    medians = np.median([[row.train_cost for row in rows] for rows in runs], axis=0)
    np.testing.assert_allclose(medians, [2.39e-4, 1.006e-4, 1.007e-4], rtol=0.15)


def test_that_all_rows_at_once_give_three_updates(network: Make, train: Train) -> None:
    finals = []
    for seed in range(10):
        trainer, rows = train(network(seed=seed, batch_size=1000, n_test=0))
        assert trainer.step == 3
        finals.append(rows.costs[-1])
    assert np.median(finals) == pytest.approx(22.9, abs=0.6)
    assert min(finals) > 21.0
    assert max(finals) < 24.8


def test_that_test_rows_do_not_change_the_training(network: Make, train: Train) -> None:
    _, without = train(network(n=100, n_test=0))
    _, with_test = train(network(n=100, n_test=500))
    np.testing.assert_array_equal(without.weights, with_test.weights)
    assert without.epoch_rows[0].test_cost is None


def test_that_the_test_cost_is_the_cost_of_the_test_rows(network: Make, train: Train) -> None:
    trainer, rows = train(network(n=100, n_test=70))
    data = trainer.problem.held_out
    assert data is not None
    assert len(data) == 70
    residuals = data.X @ trainer.weights[:2] + trainer.weights[2] - data.y
    assert rows.epoch_rows[-1].test_cost == pytest.approx(np.mean(residuals**2), rel=1e-12)


@pytest.mark.parametrize(
    ("size", "count", "last"), [(7, 143, 6), (10, 100, 10), (999, 2, 1), (1000, 1, 1000)]
)
def test_that_a_partial_last_batch_counts(network: Make, size: int, count: int, last: int) -> None:
    problem = network(n_test=0).build_problem()
    import torch

    X, y = torch.from_numpy(problem.rows.X), torch.from_numpy(problem.rows.y[:, None])
    batches = Batches(X, y, size, shuffle=True, generator=generator(0, "order"))
    taken = batches.take(10**6 if count > 1 else 1)  # of one batch an epoch, many come at once
    assert (batches.per_epoch, len(taken), len(taken[-1][0])) == (count, count, last)
    assert network(batch_size=size).steps_per_epoch == count


def test_that_the_batches_are_those_of_a_data_loader(network: Make) -> None:
    import torch

    X = torch.arange(25, dtype=torch.float64)[:, None]
    batches = Batches(X, X, 4, shuffle=True, generator=generator(3, "order"))
    stream = torch.Generator().manual_seed(11)
    for _ in range(3):
        order = torch.randperm(25, generator=stream)
        for expected in DataLoader(X, batch_size=4, sampler=order.tolist()):  # type: ignore[arg-type]  # a list is a sampler
            [(rows, labels)] = batches.take(1)
            assert torch.equal(rows, expected)
            assert torch.equal(labels, expected)


def test_that_rows_keep_their_order_where_they_are_not_shuffled() -> None:
    import torch

    X = torch.arange(6, dtype=torch.float64)[:, None]
    batches = Batches(X, X, 2, shuffle=False, generator=generator(0, "order"))
    for _ in range(2):
        assert torch.equal(torch.cat([rows for rows, _ in batches.take(9)]), X)
