"""The record of a run: bounded, whole in time, consistent while it is written."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from gdstudio.core.training.history import History, ThinnedTable
from gdstudio.core.training.rows import EpochRow, Rows


def rows(first: int, last: int) -> Rows:
    """Make the rows of steps first to last, whose numbers all follow from the step."""
    k = np.arange(first, last + 1, dtype=float)
    epoch_rows = [EpochRow(int(s) // 10, int(s), s / 2, None) for s in k if s > 0 and s % 10 == 0]
    return Rows(k, np.ceil(k / 10), 1 / (k + 1), np.column_stack([k, -k]), epoch_rows=epoch_rows)


def filled(total: int, chunk: int = 37, capacity: int = 64) -> History:
    history = History(2, capacity)
    for first in range(0, total + 1, chunk):
        history.append(rows(first, min(first + chunk - 1, total)))
    return history


@pytest.mark.parametrize("total", [0, 1, 63, 64, 65, 1000, 12_345])
@pytest.mark.parametrize("chunk", [1, 37, 5000])
def test_that_the_whole_run_stays_visible_within_bounds(total: int, chunk: int) -> None:
    shot = filled(total, chunk).snapshot()
    steps = shot.steps[:-1] if total % shot.stride else shot.steps
    assert len(shot.steps) <= 65
    assert shot.steps[0] == 0
    assert shot.step == total
    np.testing.assert_array_equal(steps, np.arange(0, total + 1, shot.stride))
    assert shot.stride == 1 or len(steps) > 64 // 2 - 1


def test_that_what_is_kept_is_what_was_given() -> None:
    shot = filled(777).snapshot()
    np.testing.assert_array_equal(shot.costs, 1 / (shot.steps + 1))
    np.testing.assert_array_equal(shot.weights, np.column_stack([shot.steps, -shot.steps]))
    np.testing.assert_array_equal(shot.epochs, np.ceil(shot.steps / 10))
    np.testing.assert_array_equal(shot.latest, [777, -777])
    assert (shot.epoch, shot.cost) == (78, 1 / 778)


def test_that_epochs_are_bounded_too_and_end_with_the_latest() -> None:
    table = filled(12_345).snapshot().epoch_table
    assert len(table) <= 65
    assert table[-1, 0] == 1234
    np.testing.assert_array_equal(table[:, 1], 10 * table[:, 0])
    np.testing.assert_array_equal(table[:, 2], 5 * table[:, 0])
    assert np.isnan(table[:, 3]).all()


def test_that_a_table_thins_by_doubling() -> None:
    table = ThinnedTable(1, 4)
    table.append(np.arange(9.0)[:, None])
    assert table.stride == 4
    assert table.rows.ravel().tolist() == [0, 4, 8]


def test_that_a_first_row_can_be_shown_before_a_run() -> None:
    history = History(2)
    history.begin(3.5, np.array([0.0, 1.0]))
    shot = history.snapshot()
    assert (shot.step, shot.cost, shot.latest.tolist(), shot.gradient) == (0, 3.5, [0.0, 1.0], None)


def test_that_nothing_new_is_no_new_version() -> None:
    history = filled(10)
    version = history.version
    history.append(rows(11, 10))
    assert history.version == version
    history.append(rows(11, 11))
    assert history.version == history.snapshot().version == version + 1


def test_that_a_snapshot_does_not_change_afterwards() -> None:
    history = filled(50)
    shot = history.snapshot()
    before = shot.weights.copy()
    history.append(rows(51, 500))
    np.testing.assert_array_equal(shot.weights, before)


def test_that_snapshots_are_consistent_while_another_thread_appends() -> None:
    history, done = filled(0), threading.Event()

    def write() -> None:
        for first in range(1, 40_000, 13):
            history.append(rows(first, first + 12))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = 0
    while not done.is_set():
        shot = history.snapshot()
        assert len({len(shot.steps), len(shot.costs), len(shot.weights)}) == 1
        np.testing.assert_array_equal(shot.weights[:, 0], shot.steps)
        assert (np.diff(shot.steps) > 0).all()
        assert shot.step >= seen
        seen = shot.step
    writer.join(timeout=20)
    assert not writer.is_alive()
    assert history.snapshot().step == range(1, 40_000, 13)[-1] + 12
