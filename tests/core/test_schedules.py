"""Schedules of the learning rate: torch's own rates step by step, closed forms, files and bad values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch.optim import SGD, lr_scheduler

from gdstudio.core.errors import InputError
from gdstudio.core.settings.assignments import assign
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.files import read_experiment, write_experiment
from gdstudio.core.settings.rates import factors_after, rate_after, shortened
from gdstudio.core.settings.schedules import SCHEDULES, parse_schedule
from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train as train_loop
from gdstudio.core.training.rate_schedule import RateSchedule
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.scheduler import scheduler_of
from gdstudio.core.training.stopping import step_limit, why_it_grows
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.core.conftest import Make, Train

    Build = Callable[[SGD, int], lr_scheduler.LRScheduler]

RATE = 0.3
TABLES: dict[str, tuple[dict[str, Any], Build]] = {
    "step": ({"kind": "step"}, lambda o, _: lr_scheduler.StepLR(o, step_size=10, gamma=0.5)),
    "step, slow": (
        {"kind": "step", "period": 333, "gamma": 0.1},
        lambda o, _: lr_scheduler.StepLR(o, step_size=333, gamma=0.1),
    ),
    "exponential": ({"kind": "exponential"}, lambda o, _: lr_scheduler.ExponentialLR(o, gamma=0.95)),
    "exponential, slow": (
        {"kind": "exponential", "gamma": 0.9993},
        lambda o, _: lr_scheduler.ExponentialLR(o, gamma=0.9993),
    ),
    "cosine": ({"kind": "cosine"}, lambda o, n: lr_scheduler.CosineAnnealingLR(o, T_max=n)),
    "cosine, waves": (
        {"kind": "cosine", "half_wave": 100},
        lambda o, _: lr_scheduler.CosineAnnealingLR(o, T_max=100),
    ),
    "1/t": ({"kind": "one_over_t"}, lambda o, _: lr_scheduler.LambdaLR(o, lambda k: 1 / (1 + 0.1 * k))),
    "1/t, slow": (
        {"kind": "one_over_t", "decay": 1e-3},
        lambda o, _: lr_scheduler.LambdaLR(o, lambda k: 1 / (1 + 1e-3 * k)),
    ),
    "warm-up": (
        {"kind": "warm_up"},
        lambda o, _: lr_scheduler.LinearLR(o, start_factor=0.1, end_factor=1.0, total_iters=10),
    ),
    "warm-up, long": (
        {"kind": "warm_up", "length": 2000, "start": 0.01},
        lambda o, _: lr_scheduler.LinearLR(o, start_factor=0.01, end_factor=1.0, total_iters=2000),
    ),
    "one cycle": (
        {"kind": "one_cycle"},
        lambda o, n: lr_scheduler.OneCycleLR(o, max_lr=RATE, total_steps=n, cycle_momentum=False),
    ),
    "one cycle, flat": (
        {"kind": "one_cycle", "rise": 0.6, "first_divisor": 3.0, "last_divisor": 10.0},
        lambda o, n: lr_scheduler.OneCycleLR(
            o,
            max_lr=RATE,
            total_steps=n,
            pct_start=0.6,
            div_factor=3.0,
            final_div_factor=10.0,
            cycle_momentum=False,
        ),
    ),
}
STEPS = 3000


def valley(table: dict[str, Any], steps: int = STEPS, **run: Any) -> Experiment:
    run = {"learning_rate": RATE, "max_steps": steps, "initial_weights": [0.0], "schedule": table, **run}
    return Experiment.parse({"problem": {"kind": "line_through_origin"}, "run": run})


def by_torch(build: Build, count: int, ticks: int, per_tick: int = 1) -> list[float]:
    """Return the rates of so many steps by torch's own scheduler, which is asked once a tick."""
    optimizer = SGD([torch.zeros(1)], lr=RATE)
    scheduler = build(optimizer, ticks)
    rates = []
    for k in range(1, count + 1):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        if k % per_tick == 0:
            scheduler.step()
    return rates


def taken(experiment: Experiment, count: int) -> list[float]:
    scheduler = scheduler_of(experiment)
    assert scheduler is not None
    return scheduler.take(count, experiment.run.learning_rate)


def test_that_every_schedule_is_tested() -> None:
    assert {table["kind"] for table, _ in TABLES.values()} == set(SCHEDULES) - {"constant"}


@pytest.mark.parametrize("name", TABLES)
def test_that_the_rates_are_those_of_torch_to_the_last_bit(name: str) -> None:
    table, build = TABLES[name]
    assert taken(valley(table), STEPS) == by_torch(build, STEPS, STEPS)


@pytest.mark.parametrize("name", TABLES)
def test_that_the_closed_form_is_what_torch_computes_step_by_step(name: str) -> None:
    table, build = TABLES[name]
    factors = factors_after(valley(table), np.arange(STEPS, dtype=np.float64))
    # The cosine comes to 0 by differences of numbers near 1.
    np.testing.assert_allclose(RATE * factors, by_torch(build, STEPS, STEPS), rtol=2e-7, atol=1e-13)


def test_that_the_closed_forms_are_as_on_paper() -> None:
    """100 steps at 0.3: after 50 of them, and the last."""
    expected = {
        "step": 0.3 * 0.5**5,
        "exponential": 0.3 * 0.95**50,
        "cosine": 0.15,
        "one_over_t": 0.05,
        "warm_up": 0.3,
        "one_cycle": 0.3 * (1 + math.cos(math.pi * 21 / 70)) / 2,
    }
    for kind, rate in expected.items():
        assert rate_after(valley({"kind": kind}, 100), 50) == pytest.approx(rate, rel=1e-4)
    assert rate_after(valley({"kind": "warm_up"}, 100), 0) == pytest.approx(0.03)
    assert rate_after(valley({"kind": "warm_up"}, 100), 5) == pytest.approx(0.165)
    cycle = valley({"kind": "one_cycle"}, 100)
    assert rate_after(cycle, 0) == pytest.approx(0.012)
    assert rate_after(cycle, 29) == pytest.approx(0.3)
    assert rate_after(cycle, 99) == pytest.approx(1.2e-6)


@pytest.mark.parametrize("name", TABLES)
def test_that_a_run_steps_by_them(train: Train, name: str) -> None:
    """One weight, mean of squares: J' = 28/3 (theta - 1), so that each step is known on paper."""
    table, build = TABLES[name]
    experiment = valley(table, 2000, learning_rate=RATE)
    _, rows = train(experiment, chunk=97)
    theta = 0.0
    for k, rate in enumerate(by_torch(build, 2000, 2000), 1):
        theta -= rate * (28 / 3) * (theta - 1)
        if k % 50 == 0 and k < 400 and abs(theta) < 1e3:
            assert rows.weights[k, 0] == pytest.approx(theta, rel=1e-6)


@pytest.mark.parametrize("optimizer", ["sgd", "adam", {"kind": "sgd", "momentum": 0.5}, "lbfgs"], ids=str)
@pytest.mark.parametrize("name", ["step", "cosine", "one cycle"])
def test_that_the_path_is_that_of_the_readable_loop(train: Train, name: str, optimizer: Any) -> None:
    table, build = TABLES[name]
    table = {**table, "half_wave": 40} if name == "cosine" else table
    experiment = valley(table, 40, learning_rate=RATE, optimizer=optimizer)
    _, rows = train(experiment, chunk=7)
    X = torch.tensor([[1.0], [2.0], [3.0]], dtype=torch.float64)
    net = torch.nn.Linear(1, 1, bias=False).double()
    torch.nn.init.zeros_(net.weight)
    made: Any = experiment.run.optimizer.build(net.parameters(), RATE)
    scheduler = build(made, 40)

    def closure() -> torch.Tensor:
        made.zero_grad()
        cost = torch.nn.functional.mse_loss(net(X), X)
        cost.backward()  # type: ignore[no-untyped-call]  # torch has no types here
        return cost

    for k in range(1, 41):
        made.step(closure)
        scheduler.step()
        assert rows.weights[k, 0] == net.weight.item()


def test_that_epochs_are_counted_where_they_are_asked_for(network: Make, train: Train) -> None:
    table = {"kind": "step", "period": 2, "gamma": 0.5, "every": "epoch"}
    experiment = network(n=40, batch_size=10, max_epochs=6, learning_rate=RATE, schedule=table)
    assert (experiment.steps_per_tick, experiment.schedule_ticks) == (4, 6)
    assert taken(experiment, 24) == [RATE * 0.5 ** (k // 8) for k in range(24)]
    assert [rate_after(experiment, k) for k in range(24)] == pytest.approx(taken(experiment, 24))
    trainer = Trainer(experiment, experiment.build_problem())
    rates = []
    while trainer.finish is None:
        rates.append(trainer.advance(1).learning_rate)
    assert rates == taken(experiment, 24)


def test_that_going_back_makes_the_same_steps_again() -> None:
    for name in ("cosine", "step", "1/t", "warm-up", "one cycle", "exponential"):
        experiment = valley(TABLES[name][0], 60, learning_rate=0.05)
        trainer = Trainer(experiment, experiment.build_problem())
        trainer.advance(21)
        kept = trainer.checkpoint()
        trainer.learning_rate = 0.07
        first = trainer.advance(30)
        trainer.restore(kept)
        trainer.learning_rate = 0.07
        np.testing.assert_array_equal(trainer.advance(30).weights, first.weights)
        other = Trainer(experiment, experiment.build_problem())
        other.restore(kept)
        other.learning_rate = 0.07
        np.testing.assert_array_equal(other.advance(30).weights, first.weights)


@pytest.mark.parametrize("name", TABLES)
def test_that_a_changed_rate_scales_the_schedule_from_where_it_is(name: str) -> None:
    experiment = shortened(valley(TABLES[name][0]), 400)
    history = History(1)
    trainer = Trainer(experiment, experiment.build_problem())
    seen: list[float] = []

    class Rates:
        def append(self, rows: Any) -> None:
            if rows.learning_rate is not None:
                seen.append(rows.learning_rate)

    changes = ((50, 0.03), (51, 0.02), (200, 0.04))
    train_loop(trainer, RunControl(), history, Rates(), schedule=RateSchedule(changes))
    for at, rate in changes[1:]:
        now = shortened(valley(TABLES[name][0], learning_rate=rate), 400)
        scheduler = scheduler_of(experiment)
        assert scheduler is not None
        scheduler.take(at, RATE)
        assert scheduler.take(1, rate)[0] == pytest.approx(rate_after(now, at), rel=1e-9, abs=1e-15)
    assert seen[-1] == pytest.approx(rate_after(now, 399), rel=1e-6)


def test_that_shortened_runs_have_the_same_rates() -> None:
    for table, _ in TABLES.values():
        whole = valley(table, 3000)
        short = shortened(whole, 100)
        assert short.total_steps == 100
        assert taken(short, 100) == taken(whole, 100)
        steps = np.arange(100.0)
        np.testing.assert_array_equal(factors_after(short, steps), factors_after(whole, steps))


@pytest.mark.parametrize("kind", list(SCHEDULES))
def test_that_it_is_written_to_a_file_and_read_again(kind: str, tmp_path: Path) -> None:
    experiment = valley({"kind": kind}, 50)
    write_experiment(experiment, tmp_path / "saved.toml")
    assert read_experiment(tmp_path / "saved.toml") == experiment
    assert ("[run.schedule]" in (tmp_path / "saved.toml").read_text()) == (kind != "constant")


def test_that_the_command_line_sets_it_and_its_settings() -> None:
    plain = valley({"kind": "constant"}, 50)
    assert assign(plain, ["schedule=cosine"]).run.schedule.kind == "cosine"
    made = assign(plain, ["schedule=step", "period=7", "schedule.gamma=0.25"]).run.schedule
    assert made == parse_schedule({"kind": "step", "period": 7, "gamma": 0.25})


@pytest.mark.parametrize(
    ("table", "run", "words"),
    [
        (
            {"kind": "step", "gamma": 0.0},
            {},
            r"run\.schedule\.gamma: 0\.0 is too small; give a number gr",
        ),
        ({"kind": "step", "gamma": 1.5}, {}, r"run\.schedule\.gamma: 1\.5 is too large; give 1\.0 or less"),
        ({"kind": "step", "period": -3}, {}, r"run\.schedule\.period: -3 is too small; give 1 or more"),
        ({"kind": "exponential", "gamma": -0.5}, {}, r"run\.schedule\.gamma: -0\.5 is too small"),
        ({"kind": "one_over_t", "decay": 0.0}, {}, r"run\.schedule\.decay: 0\.0 is too small"),
        (
            {"kind": "warm_up", "length": 60},
            {},
            r"run\.schedule\.length: 60 is more than the 50 steps of the run; give 1 to 50",
        ),
        (
            {"kind": "one_cycle", "length": 20},
            {},
            r"run\.schedule\.length: 20 is less than the 50 steps of the run; give 50 or more",
        ),
        (
            {"kind": "one_cycle", "rise": 0.1},
            {"max_steps": 10},
            r"run\.schedule\.rise: 0\.1 of 10 steps is no more than one of them; give more than 0\.1",
        ),
        ({"kind": "one_cycle"}, {"max_steps": 1}, r"run\.schedule\.rise: a run of one step has no cycle"),
        ({"kind": "bend"}, {}, r"run\.schedule: bend is not one of the choices; give 'constant', 'step'"),
        (7, {}, r"run\.schedule: 7 is not a table"),
        ({"kind": "cosine", "gamma": 0.5}, {}, r"run\.schedule\.gamma: is not a known key here"),
        ({"kind": "step", "every": "day"}, {}, r"run\.schedule\.every: 'day' is not one of the choices"),
        ({"kind": "cosine"}, {"max_steps": None}, r"the run has no end; set max_steps or max_epochs"),
    ],
)
def test_that_bad_values_are_named(table: Any, run: dict[str, Any], words: str) -> None:
    given = {"learning_rate": 0.1, "max_steps": 50, "initial_weights": [0.0], "schedule": table, **run}
    given = {name: value for name, value in given.items() if value is not None}
    with pytest.raises(InputError, match=words):
        Experiment.parse({"problem": {"kind": "line_through_origin"}, "run": given})


def test_that_a_rise_is_blamed_on_rates_only_where_all_of_them_are_above_the_limit(train: Train) -> None:
    falls = valley({"kind": "step", "period": 10, "gamma": 0.1}, 15, learning_rate=0.25)
    trainer, _ = train(falls)
    assert why_it_grows(falls, trainer.problem, trainer.course, overflowed=False) is None
    stays = valley({"kind": "step", "period": 10, "gamma": 0.95}, 15, learning_rate=0.25)
    trainer, _ = train(stays)
    why = why_it_grows(stays, trainer.problem, trainer.course, overflowed=False)
    assert why is not None
    assert why.startswith("even the smallest learning rate, 0.2375, is above 2/L = 0.2143")
    kept = stays.edited({"run.optimizer": {"momentum": 0.5}, "run.learning_rate": 0.5})
    trainer, _ = train(kept)
    assert why_it_grows(kept, trainer.problem, trainer.course, overflowed=True) is None


def test_that_the_limits_of_momentum_are_not_told_of_a_rate_that_changes() -> None:
    scheduled = valley({"kind": "cosine"}, 20, optimizer={"momentum": 0.5})
    problem = scheduled.build_problem()
    assert step_limit(scheduled, problem) is None
    assert step_limit(scheduled.edited({"run.schedule": None}), problem) is not None
    plain = step_limit(scheduled.edited({"run.optimizer": None}), problem)
    assert plain is not None
    assert plain.value == pytest.approx(3 / 14)


def test_that_no_run_is_said_to_rest_while_larger_rates_may_come(train: Train) -> None:
    table = {"kind": "one_cycle", "first_divisor": 1e9}
    trainer, _ = train(valley(table, 1000, learning_rate=1e-18, initial_weights=[5.0]), most=100)
    assert trainer.course.still_since is not None
    assert not trainer.is_at_rest
    trainer, _ = train(valley({"kind": "cosine"}, 1000, learning_rate=0.1, initial_weights=[1.0]), most=100)
    assert trainer.is_at_rest  # the slope is exactly 0
