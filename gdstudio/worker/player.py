"""The commands of the run on screen: play, pause, step, back to the start, back to an earlier step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gdstudio.core.errors import InputError
from gdstudio.core.training.events import RunState
from gdstudio.core.training.initial import needs_torch
from gdstudio.core.training.threads import use_one_thread
from gdstudio.worker.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.events import RunResult
    from gdstudio.core.training.loop import Listener
    from gdstudio.worker.thread import TrainingThread


class Player(QObject):
    """Holds the run on screen and hands it to the training thread.

    There always is a run, though before torch is loaded it may have no problem to show. A command to play
    or to step that comes before torch is loaded is carried out when it is.

    Attributes
    ----------
    run
        The run on screen; another object after each restart.
    state
        Where the run is, as the worker told last.
    has_torch
        Whether torch has been loaded.
    company
        Returns what goes along with a run that begins, and receives its rows; None where nothing does.
    """

    torch_ready = Signal()
    state_changed = Signal(object)  # the new RunState
    run_finished = Signal(object)  # the RunResult
    run_replaced = Signal()  # another problem or another start is on screen
    went_back = Signal()  # the experiment has the learning rate of an earlier step again
    interrupted = Signal()  # a run begins or is ended: whatever else uses the worker has to leave it
    rejected = Signal(object)  # a tuple of lines that say why something cannot be done

    def __init__(self, thread: TrainingThread, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: Run
        self._thread = thread
        self._count = 0
        self._waiting = ""
        self.state = RunState.IDLE
        self.has_torch = False
        self.company: Callable[[Run], Listener] | None = None
        self._make_run(experiment)
        thread.torch_ready.connect(self._on_torch_ready)
        thread.state_changed.connect(self._set_state)
        thread.run_finished.connect(self._on_run_finished)

    @property
    def is_playing(self) -> bool:
        """Whether the run goes on by itself, or will as soon as torch is there."""
        control = self.run.control
        if control is None:
            return self._waiting == "play"
        return control.wanted is RunState.RUNNING

    @property
    def is_closed(self) -> bool:
        """Whether no run can be made any more."""
        return self._thread.is_closed

    def put(self, experiment: Experiment) -> bool:
        """Put the start of an experiment on screen, ready to play; the caller tells that it is there.

        Where its data cannot be made, the run on screen stays, and ``rejected`` says why. Return whether the
        start is on screen.
        """
        with self.run.held():
            try:
                made = self._made(experiment)
            except InputError as error:
                self.rejected.emit(error.problems)
                return False
        self.stop()
        self.run = made
        return True

    def reset(self) -> None:
        """Go back to the start: same data, same initial weights."""
        self._put_again()

    def stop(self) -> None:
        """End the run, if one is under way; what it has done stays on screen."""
        self._waiting = ""
        self.interrupted.emit()
        self.run.stop()
        self._thread.ignore_runs()
        self._set_state(RunState.IDLE)

    def play(self) -> None:
        """Let the run go on; one that has not begun begins, and one that has ended begins again."""
        self.run.preview.close()
        if self.run.control is not None:
            self.run.control.resume()
        elif not self.has_torch:
            self._waiting = "play"
        else:
            if self.run.result is not None:
                self._put_again()
            self._begin(paused=False)

    def pause(self) -> None:
        """Let the run wait at its next step boundary."""
        self._waiting = ""
        run = self.run
        if run.is_going_back and not self.is_playing:
            return  # it pauses by itself at the step that it goes back to
        run.goal = run.target = 0
        if run.control is not None:
            run.control.pause()

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def step(self, count: int = 1) -> None:
        """Make so many steps and pause; a run that has ended makes none."""
        self.run.preview.close()
        if self.run.result is not None:
            return
        if not self.has_torch:
            self._waiting = "step"
            return
        self._begin_if_new()
        run = self.run
        if run.control is not None:
            run.goal = count + max(run.goal, run.shown_step)
            run.control.request_steps(count)

    def step_phase(self) -> None:
        """Make one phase of a step and pause there; a run that has ended makes none.

        Stepping finishes the step under way, playing finishes it and goes on.
        """
        if self.run.result is not None or not self.has_torch:
            return
        self._begin_if_new()
        if self.run.control is not None:
            self.run.control.request_phase()

    def replay(self, step: int) -> None:
        """Go back to an earlier step than the latest, by repeating the run up to it, and pause there."""
        if self._thread.is_closed:
            return
        again = self.run.back_to(step, self._next_number())
        self.stop()
        self.run = again
        self._begin(paused=True)
        if again.control is not None and step:
            again.control.request_steps(again.steps_to_target)
        self.went_back.emit()

    def _put_again(self) -> None:
        """Put the start on screen, at the first learning rate where the file plans others."""
        again = self.run.experiment_to_begin
        has_other_rate = again != self.run.experiment
        if not self.put(again):
            return
        if has_other_rate:
            self.went_back.emit()
        self.run_replaced.emit()

    def _next_number(self) -> int:
        self._count += 1
        return self._count

    def _make_run(self, experiment: Experiment) -> None:
        """Put a run on screen that has not begun; where its data cannot be made, say so."""
        try:
            self.run = self._made(experiment)
        except InputError as error:
            self.run = Run.fresh(self._next_number(), experiment)
            self.rejected.emit(error.problems)

    def _made(self, experiment: Experiment) -> Run:
        """Return a run that has not begun, with its data as far as they need no torch that is not there."""
        made = Run.fresh(self._next_number(), experiment)
        if self.has_torch or not needs_torch(experiment):
            made.make_ready()
        return made

    def _begin_if_new(self) -> None:
        if self.run.control is None:
            self._begin(paused=True)

    def _begin(self, *, paused: bool) -> None:
        if self.run.problem is None:
            self._make_run(self.run.experiment)
        if self.run.problem is None or self.run.result is not None or self._thread.is_closed:
            return  # there is nothing to begin, or a run that has ended could not be put again
        self.interrupted.emit()
        on_state = self._thread.worker.state_changed.emit
        company = () if self.company is None else (self.company(self.run),)
        self._thread.request(self.run.begin(paused=paused, on_state=on_state, company=company))

    @Slot(object)
    def _set_state(self, state: RunState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    @Slot(object)
    def _on_torch_ready(self, problem: str | None) -> None:
        waiting, self._waiting = self._waiting, ""
        if problem is not None:
            self.rejected.emit((problem,))
            return
        self.has_torch = True
        use_one_thread()
        if self.run.problem is None:
            self._make_run(self.run.experiment)
            self.run_replaced.emit()
        self.torch_ready.emit()
        if waiting == "play":
            self.play()
        elif waiting:
            self.step()

    @Slot(object)
    def _on_run_finished(self, result: RunResult) -> None:
        self.run.control, self.run.result = None, result
        self._set_state(RunState.IDLE)
        self.run_finished.emit(result)
