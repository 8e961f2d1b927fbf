"""What the text of a run is written from: the experiment, its problem's own text, its changed rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.listing import ProblemText
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.settings.run_settings import RunSettings

    RateChanges = Sequence[tuple[int, float]]

SMALL_BATCH = 50_000
"""Below so many rows a step computes on one thread, as `gdstudio.core.training.threads` sets it."""
_SAFE = 1e6
"""Where no number given is larger than this, the cost of the start cannot overflow, not even in float32."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An experiment that is to become text.

    Parameters
    ----------
    experiment
        What is trained, and how.
    text
        The text of its problem.
    rate_changes
        Pairs (step, rate) in the order in which they were made: from the step after ``step`` on, the
        learning rate is ``rate``.
    """

    experiment: Experiment
    text: ProblemText
    rate_changes: RateChanges = ()

    @property
    def run(self) -> RunSettings:
        """The run's settings."""
        return self.experiment.run

    @property
    def is_mini(self) -> bool:
        """Whether a step sees only some of the rows."""
        return not self.experiment.is_full_batch

    @property
    def step_rows(self) -> tuple[str, str]:
        """The names of the rows of a step, X and y."""
        return ("X_batch", "y_batch") if self.is_mini else ("X", "y")

    @property
    def draws_order(self) -> bool:
        """Whether the rows get a new order before each epoch."""
        return self.is_mini and self.run.shuffle

    @property
    def is_small(self) -> bool:
        """Whether a step has so few rows that one thread is fastest."""
        return self.experiment.batch_size < SMALL_BATCH

    @property
    def ends_within_epoch(self) -> bool:
        """Whether the last epoch is cut short by the number of steps."""
        return self.experiment.total_steps % self.experiment.steps_per_epoch != 0

    @property
    def has_stop_rule(self) -> bool:
        """Whether the run may end before its last step, by its gradient or its cost."""
        return self.run.gradient_tolerance is not None or self.run.cost_tolerance is not None

    @property
    def learning_rate(self) -> float:
        """The learning rate of the first step."""
        return self._all_rates[0]

    @property
    def rates(self) -> dict[int, float]:
        """The learning rates changed later on, by the step after which they act; none beyond the end."""
        return {
            step: rate for step, rate in self._all_rates.items() if 0 < step < self.experiment.total_steps
        }

    @property
    def scales(self) -> dict[int, float]:
        """What each of these is times the rate before it."""
        before = [self.learning_rate, *self.rates.values()]
        return {step: rate / old for (step, rate), old in zip(self.rates.items(), before, strict=False)}

    @property
    def _all_rates(self) -> dict[int, float]:
        rates = {0: self.run.learning_rate}
        latest = 0
        for step, rate in self.rate_changes:
            latest = max(latest, step)
            rates[latest] = rate
        return rates

    @property
    def may_begin_beyond(self) -> bool:
        """Whether the cost of the start may overflow: of large numbers, or of any function of the weights."""
        given = self.run.initial_weights or (self.run.initial_std,)
        largest = max(*map(abs, given), self.experiment.problem.largest_number)
        return self.text.data is None or largest > _SAFE
