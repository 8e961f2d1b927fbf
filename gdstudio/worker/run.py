"""One run: what it starts from, what it has done, and at which step it is to rest."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gdstudio.core.errors import InputError
from gdstudio.core.hyperparameter import hyperparameters
from gdstudio.core.training.checkpoints import Checkpoints
from gdstudio.core.training.history import History, cut
from gdstudio.core.training.initial import initial_weights
from gdstudio.core.training.rate_schedule import RateSchedule
from gdstudio.core.training.run_control import RunControl
from gdstudio.worker.preview import Preview
from gdstudio.worker.training_worker import RunRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.events import RunResult, RunState
    from gdstudio.core.training.history import Snapshot


@dataclass(slots=True, eq=False)
class Run:
    """A run from the picture of its start to its end; going back makes another one.

    ``experiment`` is as it stands now, with what was changed on the way; ``first_rate`` is the learning rate
    that it began with, None until it has. ``problem`` and ``still``, the picture shown before there is a
    history, are None where its data cannot be made. ``control`` is None before it has begun and after its
    end. A run that goes back is made again, unseen, up to its ``target``; ``goal`` is the step that those
    asked for by hand lead to.
    """

    number: int
    experiment: Experiment
    problem: Problem | None = None
    still: Snapshot | None = None
    first_rate: float | None = None
    history: History | None = None
    control: RunControl | None = None
    result: RunResult | None = None
    schedule: RateSchedule = field(default_factory=RateSchedule)
    checkpoints: Checkpoints = field(default_factory=Checkpoints)
    preview: Preview = field(default_factory=Preview)
    target: int = 0
    goal: int = 0

    def make_ready(self) -> None:
        """Make the data and the picture of the start.

        Raises
        ------
        InputError
            Where memory does not hold the data.
        """
        experiment = self.experiment
        try:
            problem = experiment.build_problem()
            weights = initial_weights(experiment, problem)
            still = History(len(weights))
            still.begin(float(problem.cost_at(weights)), weights)
        except (MemoryError, RuntimeError) as error:  # torch reports exhausted memory as the latter
            raise InputError(f"The data cannot be made: {error}. Choose fewer rows.") from error
        self.problem, self.still = problem, still.snapshot()

    def begin(self, *, paused: bool, on_state: Callable[[RunState], None]) -> RunRequest:
        """Begin a run that is ready; return what the worker is to make of it."""
        assert self.problem is not None
        first = self.first_experiment
        self.first_rate = first.run.learning_rate
        if self.history is None:
            self.history = History(len(self.problem.weight_names))
        self.control = RunControl(
            paused=paused, steps_per_second=self.experiment.view.steps_per_second, on_state=on_state
        )
        return RunRequest(
            self.number, first, self.problem, self.control, self.history, self.schedule, self.checkpoints
        )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Park it meanwhile, so that it and the window do not fight for the interpreter."""
        control = self.control
        if control is None:
            yield
            return
        control.hold()
        try:
            yield
        finally:
            control.release()

    def acts_live(self, experiment: Experiment, paths: Iterable[str]) -> bool:
        """Whether all that an edit set in a new experiment acts while the run goes on.

        Nothing of the run's own settings does after its end.
        """
        live = {p.path for p in hyperparameters(experiment) if p.applies == "live"}
        return all(
            path.startswith("view.")
            or (path in live and (self.result is None or not path.startswith("run.")))
            for path in paths
        )

    def change(self, experiment: Experiment) -> None:
        """Take on an experiment that differs only in what acts while the run goes on."""
        self.experiment = experiment
        if self.control is not None:
            self.control.set_learning_rate(experiment.run.learning_rate)
            self.control.set_pace(experiment.view.steps_per_second)

    def stop(self) -> None:
        """End it at its next step; the picture stays."""
        self.preview.close()
        if self.control is not None:
            self.control.stop()
            self.control = None

    def back_to(self, step: int, number: int) -> Run:
        """Return the run that goes back to an earlier step of this one, from the last checkpoint before it.

        What is kept of that step is shown meanwhile; later changes of the learning rate are forgotten.
        """
        snapshot, first_rate = self.snapshot(), self.first_rate
        assert self.history is not None
        assert snapshot is not None
        assert first_rate is not None
        changes = self.schedule.until(step)
        rate = changes[-1][1] if changes else first_rate
        checkpoints = self.checkpoints.back_to(step)
        return Run(
            number,
            self.experiment.edited({"run.learning_rate": rate}),
            self.problem,
            cut(snapshot, step),
            first_rate,
            self.history.back_to(checkpoints.resume) if checkpoints.resume is not None else None,
            schedule=RateSchedule(changes),
            checkpoints=checkpoints,
            target=step,
            goal=step,
        )

    @property
    def first_experiment(self) -> Experiment:
        """The experiment as the run began it, before its learning rate was changed."""
        if self.first_rate is None:
            return self.experiment
        return self.experiment.edited({"run.learning_rate": self.first_rate})

    @property
    def rate_changes(self) -> tuple[tuple[int, float], ...]:
        """Pairs (step, rate): with `first_experiment`, all that it takes to make the run again exactly.

        A change made while the run is parked acts on its next step, and is among them.
        """
        if self.first_rate is None:
            return ()
        changes, rate = self.schedule.changes, self.experiment.run.learning_rate
        if rate == (changes[-1][1] if changes else self.first_rate):
            return changes
        return (*changes, (max(self.target, self.shown_step), rate))

    @property
    def is_going_back(self) -> bool:
        """Whether it is being made again, unseen, up to the step that was gone back to."""
        return self.history is not None and not self.history.step >= self.target

    @property
    def steps_to_target(self) -> int:
        """How many steps a run that goes back has to make from where it is taken up."""
        mark = self.checkpoints.resume
        return self.target - (mark.step if mark is not None else 0)

    @property
    def shown_step(self) -> int:
        """The step of the picture, 0 where there is none."""
        snapshot = self.snapshot()
        return snapshot.step if snapshot is not None else 0

    @property
    def version(self) -> tuple[int, int]:
        """Changes whenever there is something new to draw."""
        if self.preview.shown is not None:
            return -self.number, self.preview.count
        if self.history is None or self.is_going_back:
            return self.number, 0
        return self.number, self.history.version

    def snapshot(self) -> Snapshot | None:
        """Return what it has done so far; its start where it has not begun; None without a problem."""
        if self.preview.shown is not None:
            return self.preview.shown
        if self.history is not None and not self.is_going_back:
            return self.history.snapshot()
        return self.still
