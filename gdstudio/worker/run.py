"""One run on screen: what it begins with, what it has done so far, and the step that it is to pause at."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gdstudio.core.errors import InputError
from gdstudio.core.hyperparameter import applies_of
from gdstudio.core.training.checkpoints import Checkpoints
from gdstudio.core.training.first_row import first_row
from gdstudio.core.training.history import History, cut
from gdstudio.core.training.rate_schedule import RateSchedule
from gdstudio.core.training.run_control import RunControl
from gdstudio.worker.frame_gate import FrameGate
from gdstudio.worker.preview import Preview
from gdstudio.worker.training_worker import RunRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.events import RunResult, RunState
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.loop import Listener


@dataclass(slots=True, eq=False)
class Run:
    """A run, from before its first step to after its last; a new one is made to go back to an earlier step.

    Attributes
    ----------
    number
        Counts the runs of the session; the worker's signals carry it.
    experiment
        The experiment as it stands now, with the learning rate that was changed during the run. Its
        ``run.change`` are the changes planned in its file, until the user changes the rate by hand.
    problem
        What is trained; None where its data cannot be made, or not yet.
    initial_snapshot
        What is drawn until the history is: the start, or what was kept of the step gone back to.
    first_rate
        The learning rate that the run began with, None until it has begun.
    history, schedule, checkpoints
        What the worker records: the rows, the changes of the learning rate, states to go back to.
    control
        The commands of the run while it is under way: None before it has begun and after its end.
    gate
        Keeps the run waiting while a frame is drawn.
    result
        How the run ended, None until then.
    preview
        The earlier step that is shown instead of the latest one, while the user drags the timeline.
    target
        The step that a run which goes back has to reach before it is shown; 0 for any other.
    goal
        The step at which the run pauses when all steps asked for by hand are made.
    """

    number: int
    experiment: Experiment
    problem: Problem | None = None
    initial_snapshot: Snapshot | None = None
    first_rate: float | None = None
    history: History | None = None
    control: RunControl | None = None
    gate: FrameGate = field(default_factory=FrameGate)
    result: RunResult | None = None
    schedule: RateSchedule = field(default_factory=RateSchedule)
    checkpoints: Checkpoints = field(default_factory=Checkpoints)
    preview: Preview = field(default_factory=Preview)
    target: int = 0
    goal: int = 0
    _changed_at: tuple[tuple[int, float], ...] | None = None
    """What the schedule held when the user last changed the rate; the run then replaces it."""

    @classmethod
    def fresh(cls, number: int, experiment: Experiment) -> Run:
        """Return a run that has not begun, with the changes of the rate that the experiment plans."""
        return cls(number, experiment, schedule=RateSchedule(experiment.run.rate_changes))

    def make_ready(self) -> None:
        """Make the data and the snapshot of the start.

        Raises
        ------
        InputError
            Where memory does not hold the data, or something of the problem cannot be computed.
        """
        experiment = self.experiment
        try:
            problem = experiment.build_problem()
            cost, weights = first_row(experiment, problem)
            start = History(len(weights))
            start.begin(cost, weights)
        except (MemoryError, RuntimeError) as error:
            advice = " Choose fewer rows." if _is_of_memory(error) else ""
            raise InputError(f"The data cannot be made: {error}.{advice}") from error
        self.problem, self.initial_snapshot = problem, start.snapshot()

    def begin(
        self, *, paused: bool, on_state: Callable[[RunState], None], company: tuple[Listener, ...] = ()
    ) -> RunRequest:
        """Begin a run that is ready; return the request for the worker. ``company`` receives its rows."""
        assert self.problem is not None
        first = self.first_experiment
        self.first_rate = first.run.learning_rate
        if self.history is None:
            self.history = History(len(self.problem.weight_names))
        pace = self.experiment.view.steps_per_second
        self.control = RunControl(paused=paused, steps_per_second=pace, on_state=on_state, gate=self.gate)
        return RunRequest(
            self.number,
            first,
            self.problem,
            self.control,
            self.history,
            self.schedule,
            self.checkpoints,
            company,
        )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let the run wait while the context lasts, so that it and the window do not slow each other down."""
        if self.control is None:
            yield
            return
        self.gate.hold()
        try:
            yield
        finally:
            self.gate.release()

    def can_change(self, experiment: Experiment, paths: Iterable[str]) -> bool:
        """Whether the run can go on after an edit that set these paths in a new experiment.

        A change that acts on the next step needs a run that has one: after its end the run begins again.
        """
        effects = {applies_of(experiment, path) for path in paths}
        return "restart" not in effects and (self.result is None or "next_step" not in effects)

    def change(self, experiment: Experiment, paths: Iterable[str]) -> None:
        """Go on with an edited experiment, for which `can_change` holds."""
        self.experiment = experiment
        if self.control is None:
            if self.first_rate is None:
                self.schedule = RateSchedule(experiment.run.rate_changes)
            return
        effects = {applies_of(experiment, path) for path in paths}
        if "next_step" in effects:
            self._changed_at = self.schedule.changes
            # A run on its way back repeats steps that were made before: they keep their learning rate.
            self.control.set_learning_rate(experiment.run.learning_rate, from_step=self.target)
        if "pace" in effects:
            self.control.set_pace(experiment.view.steps_per_second)

    def stop(self) -> None:
        """End the run at its next step; what it has done stays on screen."""
        self.preview.close()
        if self.control is not None:
            self.control.stop()
            self.control = None

    def back_to(self, step: int, number: int) -> Run:
        """Return a run that repeats this one up to an earlier step, from the last checkpoint before it.

        Later changes of the learning rate are forgotten, unless they are those that its file plans.
        """
        snapshot, first_rate = self.snapshot(), self.first_rate
        assert self.history is not None
        assert snapshot is not None
        assert first_rate is not None
        changes = self.schedule.changes if self.is_planned else self.schedule.until(step)
        rate = _rate_after(step, changes, first_rate)
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
    def is_planned(self) -> bool:
        """Whether the learning rate changes as its file says, and not by hand."""
        return bool(self.experiment.run.change)

    @property
    def planned_rate(self) -> float | None:
        """The learning rate of the next step as the file plans it; None where it plans nothing."""
        if self.first_rate is None or not self.is_planned:
            return None
        return _rate_after(self.shown_step, self.schedule.changes, self.first_rate)

    @property
    def first_experiment(self) -> Experiment:
        """The experiment with the learning rate that the run began with, and without changes of it."""
        run = self.experiment.run
        rate = run.learning_rate if self.first_rate is None else self.first_rate
        if rate == run.learning_rate and not run.change:
            return self.experiment
        # As it is: neither can make another setting wrong.
        return self.experiment.model_copy(
            update={"run": run.model_copy(update={"learning_rate": rate, "change": ()})}
        )

    @property
    def repeatable_experiment(self) -> Experiment:
        """All that it takes to repeat the run exactly: with its first learning rate and all changes of it.

        Raises
        ------
        InputError
            Where there are more changes than a file can hold.
        """
        return self.first_experiment.with_changes(self.rate_changes)

    @property
    def experiment_to_begin(self) -> Experiment:
        """The experiment of a run that begins anew: at the rate now, or as its file plans it."""
        if self.first_rate is None or not self.is_planned:
            return self.experiment
        return self.experiment.edited({"run.learning_rate": self.first_rate})

    @property
    def rate_changes(self) -> tuple[tuple[int, float], ...]:
        """Pairs (step, rate): with `first_experiment`, all that it takes to repeat the run exactly.

        A change that the run has not taken yet, since it is paused or on its way back, is the last of them.
        """
        changes, rate = self.schedule.changes, self.experiment.run.learning_rate
        if self.first_rate is None or changes is not self._changed_at:
            return changes
        at = max(self.target, self.shown_step)
        kept = tuple(change for change in changes if change[0] <= at)
        return kept if rate == _rate_after(at, kept, self.first_rate) else (*kept, (at, rate))

    @property
    def is_going_back(self) -> bool:
        """Whether the run has yet to reach the step that was gone back to, before which it is not shown."""
        # a history without rows is at step NaN, which is not at the target either
        return self.history is not None and not self.history.step >= self.target

    @property
    def steps_to_target(self) -> int:
        """How many steps a run that goes back has to make from its checkpoint on."""
        mark = self.checkpoints.resume
        return self.target - (mark.step if mark is not None else 0)

    @property
    def shown_step(self) -> int:
        """The step of the snapshot, 0 where there is none."""
        snapshot = self.snapshot()
        return snapshot.step if snapshot is not None else 0

    @property
    def version(self) -> tuple[int, int]:
        """A pair of numbers that changes whenever there is something new to draw."""
        if self.preview.shown is not None:
            return -self.number, self.preview.count
        if self.history is None or self.is_going_back:
            return self.number, 0
        return self.number, self.history.version

    def snapshot(self) -> Snapshot | None:
        """Return what the run has done so far, its start before it has begun, None without a problem."""
        if self.preview.shown is not None:
            return self.preview.shown
        if self.history is not None and not self.is_going_back:
            return self.history.snapshot()
        return self.initial_snapshot


def _is_of_memory(error: MemoryError | RuntimeError) -> bool:
    """Whether memory is exhausted, which torch reports as a plain RuntimeError that speaks of it."""
    return isinstance(error, MemoryError) or "memory" in str(error)


def _rate_after(step: int, changes: tuple[tuple[int, float], ...], first: float) -> float:
    """Return the learning rate of the step after ``step``, by pairs (step, rate) in order."""
    return next((rate for at, rate in reversed(changes) if at <= step), first)
