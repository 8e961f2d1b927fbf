"""The learning rate of a step where it follows a schedule: its formula, and its number. No Qt here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.notation import ALPHA, ALPHA_NOW, EQUALS, Group, maths, number, words
from gdstudio.core.numbers import format_count, format_number
from gdstudio.core.settings.schedules.schedule import TorchSchedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.settings.experiment import Experiment


def with_rate_of_now(rule: Sequence[Group], experiment: Experiment) -> tuple[Group, ...]:
    """Return the rule of an optimizer with alpha_t in the place of alpha, where it follows a schedule."""
    if experiment.run.schedule.is_constant:
        return tuple(rule)
    return tuple(tuple(ALPHA_NOW if piece == ALPHA else piece for piece in group) for group in rule)


def rate_of_step(step: int, rate: float, experiment: Experiment) -> tuple[Group, ...]:
    """Return alpha_t as a formula, and its number for a step, counted from 1; nothing without a schedule."""
    schedule = experiment.run.schedule
    if not isinstance(schedule, TorchSchedule):
        return ()
    tick = (step - 1) // experiment.steps_per_tick
    epochs = "" if schedule.every == "step" else " epoch" if tick == 1 else " epochs"
    return (
        (ALPHA_NOW, EQUALS, *schedule.rule(experiment.schedule_ticks)),
        (
            maths("t", "t"),
            EQUALS,
            number(format_count(tick), "text", "tick"),
            words(f"{epochs}: "),
            ALPHA_NOW,
            EQUALS,
            number(format_number(rate), "text", "scheduled_rate"),
        ),
    )
