"""Steps recorded and replayed against steps made one by one, to the last bit.

The recordings are made on a tape as blind as a CUDA graph and, where there is a CUDA device, by graphs too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.fast import fast_descent
from gdstudio.core.training.fast.cuda_graphs import recorder
from gdstudio.core.training.fast.recorded_descent import FEWEST_STEPS, MOST_STEPS, SETTLED_STEPS
from gdstudio.core.training.loop import train
from gdstudio.core.training.rate_schedule import RateSchedule
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer

from .tape import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.training.rows import Rows

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
RECORDERS = [
    pytest.param(record, "cpu", id="tape"),
    pytest.param(recorder(torch.device("cuda", 0)), "cuda:0", id="cuda", marks=needs_cuda),
]
NETWORK = {"kind": "linear_network", "n": 100, "n_test": 0}
UNEVEN = {"kind": "linear_network", "n": 973, "n_test": 20}
POINTS = {"kind": "line", "x": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 4.0]}
RUNS: dict[str, dict[str, Any]] = {
    "mini-batches": {"problem": UNEVEN, "run": {"batch_size": 10, "max_epochs": 8}},
    "single rows": {"problem": NETWORK, "run": {"batch_size": 1, "max_epochs": 6, "learning_rate": 0.003}},
    "all rows": {"problem": NETWORK, "run": {"max_steps": 700}},
    "all rows, with test rows": {"problem": {**NETWORK, "n_test": 20}, "run": {"max_steps": 300}},
    "half the loss": {
        "problem": {**NETWORK, "cost": "half_mean"},
        "run": {"batch_size": 10, "max_epochs": 60},
    },
    "single precision": {"problem": UNEVEN, "run": {"batch_size": 10, "max_epochs": 8, "dtype": "float32"}},
    "tanh layers": {
        "problem": {"kind": "tanh_network", "n": 300},
        "run": {"batch_size": 10, "max_epochs": 30, "initial_std": 1.0},
    },
    "points": {"problem": POINTS, "run": {"max_steps": 900, "initial_weights": [0.0, 0.0]}},
    "divergence": {"problem": NETWORK, "run": {"batch_size": 10, "max_epochs": 90, "learning_rate": 0.9}},
}


class Told:
    """Keeps every row."""

    def __init__(self) -> None:
        self.rows: list[Rows] = []

    def append(self, rows: Rows) -> None:
        self.rows.append(rows)

    def table(self) -> np.ndarray[Any, Any]:
        return np.concatenate([np.column_stack([r.steps, r.epochs, r.costs, r.weights]) for r in self.rows])


def experiment(name: str) -> Experiment:
    shown = RUNS[name]
    return Experiment.parse({"problem": shown["problem"], "run": {"learning_rate": 0.03, **shown["run"]}})


def run(
    shown: Experiment, device: str, how: Any, monkeypatch: pytest.MonkeyPatch, **options: Any
) -> tuple[Told, str]:
    monkeypatch.setattr(fast_descent, "recorder", lambda _: how)
    told = Told()
    made = Trainer(shown, shown.build_problem(), device)
    result = train(made, RunControl(), told, **options)
    return told, result.sentence


class Counted:
    """A recorder that counts what it records and how often that is replayed."""

    def __init__(self, how: Callable[[Callable[[], None]], Callable[[], None]]) -> None:
        self._how = how
        self.recordings = self.replays = 0

    def __call__(self, work: Callable[[], None]) -> Callable[[], None]:
        self.recordings += 1
        replay = self._how(work)

        def counted() -> None:
            self.replays += 1
            replay()

        return counted


@pytest.mark.parametrize(("how", "device"), RECORDERS)
@pytest.mark.parametrize("name", RUNS)
def test_that_recorded_steps_are_those_made_one_by_one(
    name: str, how: Any, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Counted(how)
    recorded, ending = run(experiment(name), device, counted, monkeypatch)
    one_by_one, expected = run(experiment(name), device, None, monkeypatch)
    np.testing.assert_array_equal(recorded.table(), one_by_one.table())
    assert ending == expected
    in_one_call = name != "all rows, with test rows"  # where every step is looked at, none is recorded
    assert (counted.replays > 0) is in_one_call


@pytest.mark.parametrize(("how", "device"), RECORDERS)
def test_that_another_learning_rate_is_not_that_of_an_old_recording(
    how: Any, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = ((1000, 0.01), (1003, 0.02), (1700, 0.005))
    shown, counted = experiment("mini-batches").edited({"run.max_epochs": 25}), Counted(how)
    recorded, _ = run(shown, device, counted, monkeypatch, schedule=RateSchedule(changes))
    one_by_one, _ = run(shown, device, None, monkeypatch, schedule=RateSchedule(changes))
    np.testing.assert_array_equal(recorded.table(), one_by_one.table())
    assert counted.recordings > len(changes)


@pytest.mark.parametrize(("how", "device"), RECORDERS)
def test_that_a_restored_trainer_goes_on_in_its_recordings(
    how: Any, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_descent, "recorder", lambda _: how)
    shown = experiment("all rows")
    made = Trainer(shown, shown.build_problem(), device)
    made.start()
    made.advance(SETTLED_STEPS + 2 * MOST_STEPS)
    mark = made.checkpoint()
    first = made.advance(3 * MOST_STEPS)
    made.restore(mark)
    again = made.advance(3 * MOST_STEPS)
    np.testing.assert_array_equal(first.weights, again.weights)
    np.testing.assert_array_equal(first.costs, again.costs)


def test_that_a_short_run_records_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(record)
    shown = experiment("mini-batches").edited({"run.max_epochs": None, "run.max_steps": SETTLED_STEPS})
    run(shown, "cpu", counted, monkeypatch)
    assert counted.recordings == 0


def test_that_recordings_are_few_and_of_powers_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(record)
    run(experiment("mini-batches").edited({"run.max_epochs": 20}), "cpu", counted, monkeypatch)
    assert counted.recordings <= 1 + (MOST_STEPS // FEWEST_STEPS).bit_length()
    assert counted.replays > 20


def test_that_a_device_that_refuses_is_told_and_the_numbers_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Callable[[], None]) -> Callable[[], None]:
        raise RuntimeError("operation not permitted when stream is capturing")

    with pytest.warns(RuntimeWarning, match="CUDA graphs cannot be used here .operation not permitted"):
        refused, _ = run(experiment("mini-batches"), "cpu", refuse, monkeypatch)
    one_by_one, _ = run(experiment("mini-batches"), "cpu", None, monkeypatch)
    np.testing.assert_array_equal(refused.table(), one_by_one.table())


def test_that_a_processor_has_no_graphs() -> None:
    assert recorder(torch.device("cpu")) is None
