"""The facts of a run as a whole; a run that can change no more is played to its end at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from gdstudio.core.training.course import STILL_STEPS
from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train
from gdstudio.core.training.rate_schedule import RateSchedule
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from tests.core.conftest import Make


def trained(experiment: Experiment, steps: int, chunk: int) -> Trainer:
    trainer = Trainer(experiment, experiment.build_problem())
    trainer.start()
    while trainer.finish is None and trainer.step < steps:
        trainer.advance(min(chunk, steps - trainer.step))
    return trainer


@pytest.mark.parametrize("chunk", [1, 3, 14, 1000])
@pytest.mark.parametrize(("dtype", "step"), [("float64", 14), ("float32", 7)])
def test_that_the_course_is_the_same_however_the_steps_are_cut(
    one_weight: Make, chunk: int, dtype: str, step: int
) -> None:
    course = trained(one_weight(learning_rate=0.1, max_steps=99, dtype=dtype), 50, chunk).course
    assert (course.zero_since, course.still_since) == (step, step)
    assert (course.least_rate, course.has_one_rate) == (0.1, True)


@pytest.mark.parametrize("chunk", [1, 5, 1000])
def test_that_the_least_rate_is_that_of_the_steps_made(one_weight: Make, chunk: int) -> None:
    experiment = one_weight(learning_rate=0.1, max_steps=20)
    trainer = Trainer(experiment, experiment.build_problem())
    schedule = RateSchedule([(5, 0.001), (9, 0.05)])
    while trainer.finish is None:
        trainer.advance(schedule.advance(trainer, chunk))
    course = trainer.course
    assert (course.least_rate, course.rate, course.rate_since) == (0.001, 0.05, 9)


def test_that_a_run_taken_up_again_knows_its_course(one_weight: Make) -> None:
    experiment = one_weight(learning_rate=0.1, max_steps=99)
    kept = trained(experiment, 30, 10).checkpoint()
    again = Trainer(experiment, experiment.build_problem())
    again.restore(kept)
    again.advance(5)
    assert again.course.zero_since == 14


def test_that_batches_have_no_rest(network: Make) -> None:
    course = trained(network(noise=0.001), 300, 100).course
    assert (course.zero_since, course.still_since) == (None, None)


SLOWING = {"momentum": 0.5}


@pytest.mark.parametrize(
    ("run", "rests"),
    [
        ({}, True),
        ({"optimizer": SLOWING}, True),
        ({"mistake": "gradient_l98"}, True),
        ({"mistake": "no_zero_grad", "initial_weights": [1.0]}, False),
        ({"optimizer": "adam", "initial_weights": [1.0]}, False),
    ],
    ids=str,
)
def test_that_a_run_rests_only_where_no_step_can_change_it(
    one_weight: Make, run: dict[str, Any], rests: bool
) -> None:
    trainer = trained(one_weight(**{"learning_rate": 0.1, "max_steps": 3000, **run}), 2500, 100)
    assert trainer.course.still_since is not None
    assert trainer.is_at_rest is rests
    if rests:
        before = trainer.weights
        trainer.advance(400)
        assert (trainer.weights == before).all()


def test_that_a_run_rests_after_a_good_while_and_not_after_another_rate(one_weight: Make) -> None:
    experiment = one_weight(learning_rate=0.1, max_steps=99)
    trainer = trained(experiment, 14 + STILL_STEPS - 1, 100)
    assert not trainer.is_at_rest
    trainer.advance(1)
    assert trainer.is_at_rest
    trainer.learning_rate = 0.2
    trainer.advance(1)
    assert not trainer.is_at_rest


def test_that_a_run_at_rest_is_played_to_its_end_at_once(one_weight: Make) -> None:
    """At 200 steps a second 2,000 steps take ten seconds; its numbers are those of a run without a pace."""
    experiment = one_weight(learning_rate=0.1, max_steps=2000)
    paced, free = History(1), History(1)
    began = time.monotonic()
    result = train(Trainer(experiment, experiment.build_problem()), RunControl(steps_per_second=200), paced)
    assert time.monotonic() - began < 5
    last = 14 + STILL_STEPS
    assert result.sentence.endswith(f"The steps after {last} were made at once, as they change nothing.")
    plain = train(Trainer(experiment, experiment.build_problem()), RunControl(), free)
    assert plain.sentence == "Completed: 2,000 steps, as set. At the minimum since step 14: J is exactly 0."
    assert (paced.snapshot().costs == free.snapshot().costs).all()
    assert (result.step, result.cost) == (plain.step, plain.cost)


def test_that_a_run_that_still_changes_keeps_its_pace(one_weight: Make) -> None:
    experiment = one_weight(learning_rate=0.01, max_steps=60)
    began = time.monotonic()
    result = train(Trainer(experiment, experiment.build_problem()), RunControl(steps_per_second=200))
    assert time.monotonic() - began > 0.25
    assert result.sentence == "Completed: 60 steps, as set."
