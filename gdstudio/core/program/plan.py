"""What the text is written from: the experiment, its changed rates, and the words that follow."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gdstudio.core.problems import ProblemSpec
    from gdstudio.core.settings.experiment import Experiment, RunSettings

    RateChanges = Sequence[tuple[int, float]]
    Lines = list[str]

SMALL_BATCH = 50_000
"""Below so many rows a step computes on one thread, as `gdstudio.core.training.threads` sets it."""
_SAFE = 1e6
"""Where no number given is larger than this, the cost of the start cannot overflow, not even in float32."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text: what it does, and the lines that do it."""

    title: str
    code: Lines
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """An experiment that is to become text.

    ``spread`` says whether the text can also run as several processes; ``rate_changes`` are pairs
    (step, rate), in the order in which they were made.
    """

    experiment: Experiment
    rate_changes: RateChanges = ()
    spread: bool = False

    @property
    def problem(self) -> ProblemSpec:
        """The problem's settings."""
        return self.experiment.problem

    @property
    def run(self) -> RunSettings:
        """The run's settings."""
        return self.experiment.run

    @property
    def is_mini(self) -> bool:
        """Whether a step sees only some of the rows."""
        return not self.experiment.is_full_batch

    @property
    def draws_order(self) -> bool:
        """Whether the rows get a new order before each epoch."""
        return self.is_mini and self.run.shuffle

    @property
    def has_test(self) -> bool:
        """Whether there are test rows."""
        return getattr(self.problem, "n_test", 0) > 0

    @property
    def has_truth(self) -> bool:
        """Whether the weights that the data were made with are known."""
        return hasattr(self.problem, "true_w")

    @property
    def draws(self) -> str:
        """What makes a tensor's numbers float64 where that is not the default."""
        return "" if self.run.dtype == "float64" else ", dtype=torch.float64"

    @property
    def casts(self) -> str:
        """What turns a float64 tensor into the run's own numbers."""
        return "" if self.run.dtype == "float64" else ".float()"

    @property
    def moves(self) -> str:
        """What takes a tensor or module to the run's device."""
        return ".to(device)" if self.spread or self.run.device != "cpu" else ""

    @property
    def cost_part(self) -> str:
        """What a process's cost counts for in the cost of all: its part of the rows, or all of it."""
        return "part" if self.problem.cost in {"mean", "half_mean"} else "1"

    @property
    def gradient_part(self) -> str:
        """What a process's gradient counts for; some mistakes have a convention of their own."""
        return {"gradient_l30": "1", "gradient_l98": "part"}.get(self.run.mistake, self.cost_part)

    @property
    def is_small(self) -> bool:
        """Whether a step has so few rows that one thread is fastest."""
        return self.experiment.batch_size < SMALL_BATCH

    @property
    def rates(self) -> dict[int, float]:
        """The changed learning rates by the step after which they act, those beyond the end left out."""
        rates: dict[int, float] = {}
        latest = 0
        for step, rate in self.rate_changes:
            latest = max(latest, step)
            rates[latest] = rate
        return {step: rate for step, rate in rates.items() if step < self.experiment.total_steps}

    @property
    def may_begin_beyond(self) -> bool:
        """Whether the numbers given are so large that the cost of the start may overflow."""
        given = [*(self.run.initial_weights or (self.run.initial_std,))]
        for name in ("x", "y", "true_w"):
            given += getattr(self.problem, name, ())
        given.append(getattr(self.problem, "true_b", 0.0))
        return max(map(abs, given)) > _SAFE


def indented(lines: Lines, levels: int = 1) -> Lines:
    """Return lines further to the right; empty ones stay empty."""
    return ["    " * levels + line if line else line for line in lines]


def listed(before: str, values: Iterable[str], after: str) -> Lines:
    """Return values between brackets: on one line where they fit, else wrapped and further to the right."""
    inner = ", ".join(values)
    if len(before + inner + after) <= 100:
        return [before + inner + after]
    return [
        before,
        *indented(textwrap.wrap(inner, 96, break_long_words=False, break_on_hyphens=False)),
        after,
    ]
