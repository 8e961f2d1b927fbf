"""An experiment: the problem, the run and the view, all that a picture needs to be made again.

Every hyperparameter is declared once: those of the run and the view in modules of their own, those that
belong to one problem, optimizer or schedule beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, SerializeAsAny, ValidationError, field_validator, model_validator

from gdstudio.core.errors import InputError, from_validation
from gdstudio.core.hyperparameter import Settings, declared_to_apply
from gdstudio.core.numbers import counted
from gdstudio.core.problems import Problem, ProblemSpec, parse_problem
from gdstudio.core.problems.mistakes import mistake_of
from gdstudio.core.settings.race import Entrant, RaceSettings
from gdstudio.core.settings.run_settings import RunSettings
from gdstudio.core.settings.view_settings import ViewSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdstudio.core.settings.optimizers import Optimizer

SCHEMA = 1


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
        changes = {**self._dropped(changes), **changes}
        for path, value in changes.items():
            _put(tables, path.split("."), value)
        return self.parse(tables)

    def _dropped(self, changes: dict[str, Any]) -> dict[str, None]:
        """Return the paths of the problem's keys that no longer hold with these changes."""
        given = [key for key in self.problem.drops if changes.get(f"problem.{key}") is not None]
        return {f"problem.{other}": None for key in given for other in self.problem.drops[key]}


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
