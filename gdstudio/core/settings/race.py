"""The ``[race]`` table: which optimizers run beside the experiment's own, from its start and on its data."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, SerializeAsAny, field_validator, model_validator

from gdstudio.core.hyperparameter import Settings, declared_to_apply, hyperparameter
from gdstudio.core.settings.optimizers import Optimizer, parse_optimizer
from gdstudio.core.settings.schedules import Schedule, parse_schedule

MOST_ENTRANTS = 11
"""So many run at most beside the experiment's own run."""
_LONGEST_NAME = 40


class Entrant(Settings):
    """One ``[[race.entrant]]``: its own optimizer, schedule and rate, or the run's; all else is the run's.

    ``learning_rate`` is its own from start to end; without one it has the run's. Changes of the run's rate
    then concern it after as many gradient evaluations as the run had made.
    """

    optimizer: SerializeAsAny[Optimizer] | None = Field(None, title="Optimizer")
    learning_rate: float | None = hyperparameter(
        None,
        title="Learning rate",
        symbol="α",
        help="Its own learning rate; none given means that of the run",
        scale="log",
        gt=0,
    )
    schedule: SerializeAsAny[Schedule] | None = Field(None, title="Schedule")
    name: str = Field("", max_length=_LONGEST_NAME)

    @field_validator("optimizer", mode="before")
    @classmethod
    def _optimizer_by_kind(cls, value: Any) -> Optimizer | None:
        return None if value is None else parse_optimizer(value)

    @field_validator("schedule", mode="before")
    @classmethod
    def _schedule_by_kind(cls, value: Any) -> Schedule | None:
        return None if value is None else parse_schedule(value)


class RaceSettings(Settings):
    """The ``[race]`` table. Without entrants, all optimizers that there are take part, or all schedules."""

    between: Literal["optimizers", "schedules"] = hyperparameter(
        "optimizers",
        title="Race between",
        help="Who takes part: all optimizers, or the optimizer of the run with all schedules of its rate",
        applies="picture",
        choices={"optimizers": "optimizers", "schedules": "schedules"},
    )
    entrant: tuple[Entrant, ...] = Field(
        (),
        title="Entrants",
        strict=False,
        max_length=MOST_ENTRANTS,
        json_schema_extra=declared_to_apply("picture"),
    )

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [entrant.name for entrant in self.entrant if entrant.name]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"entrant: two are called {name!r}; give each a name of its own, or none")
        return self
