"""An experiment: the problem, the run and the view, all that a picture needs to be made again.

Every hyperparameter is declared once: those of the run and the view here, those that belong to one
problem or one optimizer beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, SerializeAsAny, ValidationError, field_validator, model_validator

from gdstudio.core.errors import InputError, from_validation
from gdstudio.core.hyperparameter import Settings, declared_to_apply, hyperparameter
from gdstudio.core.numbers import counted
from gdstudio.core.panels import MOST_PANELS, PanelName
from gdstudio.core.problems import Problem, ProblemSpec, parse_problem
from gdstudio.core.problems.mistakes import MistakeName, mistake_of
from gdstudio.core.problems.mistakes import titles as mistake_titles
from gdstudio.core.seeds import MAX_SEED
from gdstudio.core.settings.optimizers import SGD, Optimizer, parse_optimizer
from gdstudio.core.settings.race import Entrant, RaceSettings
from gdstudio.core.settings.rate_change import MOST_CHANGES, RateChange, check_order
from gdstudio.core.settings.schedules import Constant, Schedule, parse_schedule

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = 1
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


class ViewSettings(Settings):
    """The ``[view]`` table: what is shown of the run, none of which changes a number of it."""

    panels: tuple[PanelName, ...] = Field(
        ("data_plot", "cost_history"),
        strict=False,
        min_length=1,
        max_length=MOST_PANELS,
        json_schema_extra=declared_to_apply("picture"),
    )
    steps_per_second: float | None = hyperparameter(
        None,
        title="Speed",
        help="Steps a second; none given means as fast as it goes",
        applies="pace",
        gt=0,
        le=1000,
    )
    cost_scale: Literal["linear", "log"] = hyperparameter(
        "log", title="Cost axis", help="How the cost axis is divided", applies="picture"
    )
    feature: int = hyperparameter(
        0,
        title="Feature",
        symbol="x",
        help="Which feature the data are drawn against, counted from 1; 0 for predictions against labels",
        applies="picture",
        ge=0,
    )
    residual_squares: bool = hyperparameter(
        False,
        title="Squares",
        help="Draw each residual as the square that the cost adds up",
        applies="picture",
    )
    headline: Literal["auto", "weight", "cost"] = hyperparameter(
        "auto",
        title="Large number",
        help="Which number stands large beside the main picture",
        applies="picture",
        choices={"auto": "what fits", "weight": "the first weight", "cost": "the cost"},
    )
    formula: Literal["auto", "cost", "update", "epoch"] = hyperparameter(
        "auto",
        title="Formula line",
        help="What the line above the pictures writes out",
        applies="picture",
        choices={
            "auto": "what fits",
            "cost": "cost and slope",
            "update": "the update",
            "epoch": "the loss of an epoch",
        },
    )
    eigenvectors: bool = hyperparameter(
        False,
        title="Eigenvectors",
        help="Draw the eigenvectors of a constant Hessian on the contour, with 1 − αλ of each",
        applies="picture",
    )
    difference_step: float = hyperparameter(
        1e-5,
        title="Step of the gradient check",
        symbol="h",
        help="How far to each side of a weight the cost is taken for its difference quotient",
        scale="log",
        applies="picture",
        ge=1e-16,
        le=1,
    )
    code: bool = hyperparameter(
        False,
        title="Code",
        help="Show the loop of this experiment as PyTorch code below the pictures",
        applies="picture",
    )
    console: bool = hyperparameter(
        False,
        title="Output",
        help="Show below the code what its program prints",
        applies="picture",
    )
    program: Literal["pytorch", "by_hand"] = hyperparameter(
        "pytorch",
        title="Program",
        help="How the code is written: with PyTorch, or by hand with every derivative written out",
        applies="picture",
        choices={"pytorch": "PyTorch", "by_hand": "by hand"},
    )


class Experiment(Settings):
    """One experiment.

    Raises
    ------
    pydantic.ValidationError
        Where a value is wrong by itself or does not fit another; `parse` turns it into an `InputError`.
    """

    problem: SerializeAsAny[ProblemSpec]
    run: RunSettings
    view: ViewSettings = ViewSettings()
    race: RaceSettings = Field(RaceSettings(), json_schema_extra=declared_to_apply("picture"))

    @field_validator("problem", mode="before")
    @classmethod
    def _problem_by_kind(cls, value: Any) -> ProblemSpec:
        return parse_problem(value)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        rows, names = self.problem.row_count, self.problem.weight_names
        batch, start = self.run.batch_size, self.run.initial_weights
        if batch is not None and not rows:
            raise ValueError("run.batch_size: this problem has no rows to make batches of; leave it out")
        if batch is not None and batch > rows:
            raise ValueError(
                f"run.batch_size: {batch} is more than the {counted(rows, 'training row')}; give 1 to {rows}"
            )
        if start is not None and len(start) != len(names):
            raise ValueError(
                f"run.initial_weights: has {counted(len(start), 'entry')}; "
                f"give {len(names)}, for {', '.join(names)}"
            )
        if why := mistake_of(self.run.mistake).objection(self.problem):
            raise ValueError(f"run.mistake: {why}")
        if why := self.why_not(self.run.optimizer):
            raise ValueError(f"run.optimizer: {why}")
        if why := self.run.schedule.objection(self.schedule_ticks):
            raise ValueError(f"run.schedule.{why}")
        for number, entrant in enumerate(self.race.entrant):
            self._check_entrant(f"race.entrant[{number}]", entrant)
        if self.run.device.startswith("mps") and self.run.dtype == "float64":
            raise ValueError(
                'run.dtype: mps cannot compute in float64; set dtype = "float32", or use the cpu'
            )
        return self

    def _check_entrant(self, place: str, entrant: Entrant) -> None:
        made = self.with_entrant(entrant)
        if why := self.why_not(made.run.optimizer):
            raise ValueError(f"{place}.optimizer: {why}")
        if why := made.run.schedule.objection(made.schedule_ticks):
            raise ValueError(f"{place}.schedule.{why}")

    @classmethod
    def parse(cls, tables: dict[str, Any]) -> Experiment:
        """Check plain tables, as read from a file.

        Raises
        ------
        InputError
            One line for each thing that is wrong, named by its field.
        """
        try:
            return cls.model_validate(tables)
        except ValidationError as error:
            raise from_validation(error) from None

    def tables(self) -> dict[str, Any]:
        """Return the plain tables of a file, without what is None and what changes nothing."""
        tables = self.model_dump(exclude_none=True)
        if not self.run.change:
            del tables["run"]["change"]
        if self.run.schedule.is_constant:
            del tables["run"]["schedule"]
        if self.race == RaceSettings():
            del tables["race"]
        return tables

    def with_changes(self, changes: Iterable[tuple[int, float]]) -> Experiment:
        """Return the experiment with these changes of the learning rate, pairs (step, rate), and no others.

        Of several after one step the last counts. One after step 0 is the learning rate of the first step.

        Raises
        ------
        InputError
            Where there are more than a file can hold.
        """
        rates = dict(changes)
        first = rates.pop(0, self.run.learning_rate)
        kept = [{"step": step, "learning_rate": rate} for step, rate in rates.items()]
        return self.edited({"run.learning_rate": first, "run.change": kept or None})

    def with_entrant(self, entrant: Entrant) -> Experiment:
        """Return the experiment of an entrant's run by itself; it is not checked."""
        own = {name: getattr(entrant, name) for name in ("optimizer", "schedule", "learning_rate")}
        given = {name: value for name, value in own.items() if value is not None}
        # To check all again would cost as much as reading a file.
        return self.model_copy(update={"run": self.run.model_copy(update=given), "race": RaceSettings()})

    def why_not(self, optimizer: Optimizer) -> str:
        """Return why an optimizer cannot make the run, and what would be right; empty where it can."""
        mistake = mistake_of(self.run.mistake)
        return optimizer.objection(self.problem, mistake, is_full_batch=self.is_full_batch)

    def build_problem(self) -> Problem:
        """Return its problem with its data, drawn from the seed, and with the mistake that is made.

        Raises
        ------
        MemoryError, RuntimeError
            Where memory does not hold the data; torch reports it as the latter.
        """
        return mistake_of(self.run.mistake).wrap(self.problem.build(self.run.seed))

    @property
    def batch_size(self) -> int:
        """The rows of one batch: the batch size, or all rows where none is given."""
        return self.run.batch_size or self.problem.row_count

    @property
    def is_full_batch(self) -> bool:
        """Whether every step sees all rows."""
        return self.batch_size >= self.problem.row_count

    @property
    def steps_per_epoch(self) -> int:
        """Updates in one pass over the data; a partial last batch counts (as DataLoader's does).

        Without rows every step is a pass.
        """
        return -(-self.problem.row_count // self.batch_size) if self.problem.row_count else 1

    @property
    def total_steps(self) -> int:
        """The step at which the run ends unless another stop rule ends it first."""
        limits = [self.run.max_steps or 10**18]
        if self.run.max_epochs is not None:
            limits.append(self.run.max_epochs * self.steps_per_epoch)
        return min(limits)

    @property
    def steps_per_tick(self) -> int:
        """How many updates the schedule of the learning rate counts as one: 1, or those of an epoch."""
        return self.run.schedule.steps_per_tick(self.steps_per_epoch)

    @property
    def schedule_ticks(self) -> int:
        """How many ticks of the schedule the run has, a partial last one counted."""
        return -(-self.total_steps // self.steps_per_tick)

    def edited(self, changes: dict[str, Any]) -> Experiment:
        """Return a new experiment with the given paths (``run.learning_rate``) set to new values.

        None removes an optional value.

        Raises
        ------
        InputError
            Where a path does not exist or a value does not fit; this experiment is unchanged.
        """
        tables = self.tables()
        for path, value in changes.items():
            _put(tables, path.split("."), value)
        return self.parse(tables)


def _put(tables: dict[str, Any], path: list[str], value: Any) -> None:
    for key in path[:-1]:
        inner = tables.setdefault(key, {})
        if not isinstance(inner, dict):
            raise InputError(f"{'.'.join(path)}: {key} is not a table")
        tables = inner
    if value is None:
        tables.pop(path[-1], None)
    else:
        tables[path[-1]] = value
