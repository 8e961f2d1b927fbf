"""Changes of the learning rate: which steps each acts on, and which are dropped when another is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.training.rate_schedule import RateSchedule
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from tests.core.conftest import Make


def trainer_at(step: int, one_weight: Make) -> Trainer:
    experiment = one_weight(learning_rate=0.1)
    made = Trainer(experiment, experiment.problem.build(0))
    if step:
        made.advance(step)
    return made


def test_that_a_change_acts_on_the_steps_after_its_own() -> None:
    schedule = RateSchedule([(3, 0.2), (5, 0.05)])
    acted = {step: len(schedule.until(step)) for step in range(8)}
    assert acted == {0: 0, 1: 0, 2: 0, 3: 0, 4: 1, 5: 1, 6: 2, 7: 2}
    assert schedule.until(4) == ((3, 0.2),)


def test_that_a_change_now_acts_from_the_next_step_on_and_drops_later_ones(one_weight: Make) -> None:
    schedule, trainer = RateSchedule([(2, 0.2), (9, 0.05)]), trainer_at(4, one_weight)
    schedule.record(trainer, 0.01)
    assert schedule.changes == ((2, 0.2), (4, 0.01))
    assert schedule.advance(trainer, 100) == 100
    assert trainer.learning_rate == 0.01


def test_that_a_change_can_wait_for_a_later_step(one_weight: Make) -> None:
    schedule, trainer = RateSchedule([(6, 0.2)]), trainer_at(4, one_weight)
    schedule.record(trainer, 0.01, from_step=9)
    assert schedule.changes == ((6, 0.2), (9, 0.01))
    for rate, left in ((0.1, 2), (0.2, 3), (0.01, 100)):
        assert schedule.advance(trainer, 100) == left
        assert trainer.learning_rate == rate
        trainer.advance(min(left, 10))


def test_that_of_two_changes_that_wait_for_one_step_the_last_remains(one_weight: Make) -> None:
    schedule, trainer = RateSchedule(), trainer_at(4, one_weight)
    schedule.record(trainer, 0.01, from_step=9)
    schedule.record(trainer, 0.02, from_step=9)
    assert schedule.changes == ((9, 0.02),)
