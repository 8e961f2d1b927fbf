"""The ``[run]`` table of an experiment: how its problem is trained."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, SerializeAsAny, field_validator, model_validator

from gdstudio.core.hyperparameter import Settings, declared_to_apply, hyperparameter
from gdstudio.core.problems.mistakes import MistakeName
from gdstudio.core.problems.mistakes import titles as mistake_titles
from gdstudio.core.seeds import MAX_SEED
from gdstudio.core.settings.optimizers import SGD, Optimizer, parse_optimizer
from gdstudio.core.settings.rate_change import MOST_CHANGES, RateChange, check_order
from gdstudio.core.settings.schedules import Constant, Schedule, parse_schedule

DType = Literal["float64", "float32"]


class RunSettings(Settings):
    """The ``[run]`` table: how the problem is trained."""

    learning_rate: float = hyperparameter(
        0.1,
        title="Learning rate",
        symbol="α",
        help="How far each step goes along the negative gradient",
        scale="log",
        applies="next_step",
        gt=0,
    )
    change: tuple[RateChange, ...] = Field(
        (),
        title="Changes of the learning rate",
        strict=False,
        max_length=MOST_CHANGES,
        json_schema_extra=declared_to_apply("next_step"),
    )
    optimizer: SerializeAsAny[Optimizer] = Field(SGD(), title="Optimizer")
    schedule: SerializeAsAny[Schedule] = Field(Constant(), title="Schedule")
    batch_size: int | None = hyperparameter(
        None,
        title="Batch size",
        symbol="B",
        help="Rows in a mini-batch: 1 is stochastic descent, none given means all rows",
        scale="log",
        ge=1,
    )
    shuffle: bool = hyperparameter(
        True, title="Shuffle", help="Put the rows in a new order before each epoch"
    )
    max_steps: int | None = hyperparameter(
        None,
        title="Steps",
        help="The run ends after so many updates",
        scale="log",
        ge=1,
        le=10**12,
    )
    max_epochs: int | None = hyperparameter(
        None,
        title="Epochs",
        help="The run ends after so many passes over the data",
        scale="log",
        ge=1,
        le=10**9,
    )
    gradient_tolerance: float | None = hyperparameter(
        None,
        title="Stop at gradient",
        symbol="|∇J|",
        help="The run ends when the size of the gradient falls below this",
        scale="log",
        gt=0,
    )
    cost_tolerance: float | None = hyperparameter(
        None,
        title="Stop at change of cost",
        symbol="|ΔJ|",
        help="The run ends when the cost changes by less than this",
        scale="log",
        gt=0,
    )
    mistake: MistakeName = hyperparameter(
        "none",
        title="Classic mistake",
        help="Make one of the notebook's or every beginner's mistakes on purpose",
        choices=mistake_titles,
    )
    initial_weights: tuple[float, ...] | None = hyperparameter(
        None, title="Start", help="The weights before the first step; none given means drawn", strict=False
    )
    initial_std: float = hyperparameter(
        0.01,
        title="Initial spread",
        symbol="σ₀",
        help="The standard deviation of the weights that are drawn; a bias starts at 0",
        ge=0,
        le=1e6,
    )
    seed: int = hyperparameter(
        0, title="Seed", help="Data, drawn weights and the order of rows follow from it", ge=0, le=MAX_SEED
    )
    dtype: DType = hyperparameter(
        "float64",
        title="Precision",
        help="The floating-point numbers that the run computes in",
        choices={"float64": "64 bit", "float32": "32 bit"},
    )
    device: str = hyperparameter(
        "cpu", title="Device", help="Where the run computes: cpu, cuda, cuda:1, mps, xpu", max_length=40
    )

    @field_validator("optimizer", mode="before")
    @classmethod
    def _optimizer_by_kind(cls, value: Any) -> Optimizer:
        return parse_optimizer(value)

    @field_validator("schedule", mode="before")
    @classmethod
    def _schedule_by_kind(cls, value: Any) -> Schedule:
        return parse_schedule(value)

    @field_validator("change")
    @classmethod
    def _in_order(cls, changes: tuple[RateChange, ...]) -> tuple[RateChange, ...]:
        check_order(changes)
        return changes

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.max_steps is None and self.max_epochs is None:
            raise ValueError("the run has no end; set max_steps or max_epochs")
        return self

    @property
    def rate_changes(self) -> tuple[tuple[int, float], ...]:
        """The changes as pairs (step, rate): the steps after ``step`` are made with ``rate``."""
        return tuple((change.step, change.learning_rate) for change in self.change)
