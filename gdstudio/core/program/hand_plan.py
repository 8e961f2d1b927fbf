"""What a program by hand is written from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.by_hand import derivative_name

if TYPE_CHECKING:
    from gdstudio.core.by_hand import HandText, HandUpdate
    from gdstudio.core.program.plan import RateChanges
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.settings.run_settings import RunSettings


@dataclass(frozen=True, slots=True)
class HandPlan:
    """An experiment that is to become text by hand.

    Parameters
    ----------
    experiment
        What is trained, and how.
    text
        Its problem's part.
    updates
        How each weight is moved.
    rate_changes
        Pairs (step, rate) in the order in which they were made.
    """

    experiment: Experiment
    text: HandText
    updates: tuple[HandUpdate, ...]
    rate_changes: RateChanges = ()

    @property
    def run(self) -> RunSettings:
        """The run's settings."""
        return self.experiment.run

    @property
    def weights(self) -> tuple[str, ...]:
        """The names of the weights."""
        return self.text.model.weights

    @property
    def derivatives(self) -> tuple[str, ...]:
        """The names of the partial derivatives, one a weight."""
        return tuple(derivative_name(name, len(self.weights)) for name in self.weights)

    @property
    def is_mini(self) -> bool:
        """Whether a step sees only some of the rows."""
        return not self.experiment.is_full_batch

    @property
    def draws_order(self) -> bool:
        """Whether the rows get a new order before each epoch."""
        return self.is_mini and self.run.shuffle

    @property
    def ends_within_epoch(self) -> bool:
        """Whether the last epoch is cut short by the number of steps."""
        return self.experiment.total_steps % self.experiment.steps_per_epoch != 0

    @property
    def rates(self) -> dict[int, float]:
        """The learning rates by the step after which they act; that of the first step is at 0."""
        rates, latest = {0: self.run.learning_rate}, 0
        for step, rate in self.rate_changes:
            latest = max(latest, step)
            rates[latest] = rate
        return {step: rate for step, rate in rates.items() if step < self.experiment.total_steps}

    @property
    def steps_per_tick(self) -> int:
        """How many steps the schedule of the learning rate counts as one."""
        return self.experiment.steps_per_tick

    def factor(self, tick: str) -> str:
        """Return the text of what the schedule multiplies the rate by; empty without a schedule."""
        return self.run.schedule.by_hand(tick, self.experiment.schedule_ticks)

    @property
    def has_changes(self) -> bool:
        """Whether the learning rate is another one later on."""
        return len(self.rates) > 1
