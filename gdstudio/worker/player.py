"""Plays the run on screen: begins it, lets it go on or rest, steps it, makes it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gdstudio.core.errors import InputError
from gdstudio.core.training.events import RunState
from gdstudio.core.training.initial import needs_torch
from gdstudio.core.training.threads import use_one_thread
from gdstudio.worker.run import Run

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.events import RunResult
    from gdstudio.worker.thread import TrainingThread


class Player(QObject):
    """Holds the run on screen; there is always one, though before torch is loaded it may show nothing.

    What is asked for before torch is loaded waits for it. ``interrupted`` says that a run begins or is ended,
    so that whoever else uses the worker leaves it.
    """

    interrupted = Signal()
    went_back = Signal()  # the experiment has the learning rate of that step again
    run_replaced = Signal()
    torch_ready = Signal()
    state_changed = Signal(object)
    run_finished = Signal(object)
    rejected = Signal(object)  # a tuple of lines

    def __init__(self, thread: TrainingThread, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: Run
        self._thread = thread
        self._count = 0
        self._waiting = ""
        self.state = RunState.IDLE
        self.has_torch = False
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

    def put(self, experiment: Experiment) -> None:
        """Put the start of an experiment on screen, ready to play."""
        self.stop()
        self._make_run(experiment)

    def stop(self) -> None:
        """End the run, if there is one under way; the picture stays."""
        self._waiting = ""
        self.interrupted.emit()
        self.run.stop()
        self._thread.hush()
        self._set_state(RunState.IDLE)

    def play(self) -> None:
        """Let the run go on; begin it where it has not, and again where it has ended."""
        self.run.preview.close()
        if self.run.control is not None:
            self.run.control.resume()
        elif not self.has_torch:
            self._waiting = "play"
        else:
            if self.run.result is not None:
                self._make_run(self.run.experiment)
                self.run_replaced.emit()
            self._begin(paused=False)

    def pause(self) -> None:
        """Park the run."""
        self._waiting = ""
        run = self.run
        if run.is_going_back and not self.is_playing:
            return  # it rests by itself where it is going to
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
        """Make one phase of a step and rest there; a run that has ended makes none.

        Stepping finishes the step under way, playing finishes it and goes on.
        """
        if self.run.result is not None or not self.has_torch:
            return
        self._begin_if_new()
        if self.run.control is not None:
            self.run.control.request_phase()

    def replay(self, step: int) -> None:
        """Make the run again up to an earlier step than its latest, and rest there."""
        if self._thread.is_finished:
            return
        again = self.run.back_to(step, self._next_number())
        self.stop()
        self.run = again
        self._begin(paused=True)
        if again.control is not None and step:
            again.control.request_steps(again.steps_to_target)
        self.went_back.emit()

    def _next_number(self) -> int:
        self._count += 1
        return self._count

    def _make_run(self, experiment: Experiment) -> None:
        """Put a run on screen that has not begun; where its data cannot be made, say so."""
        self.run = Run(self._next_number(), experiment)
        if needs_torch(experiment) and not self.has_torch:
            return
        try:
            self.run.make_ready()
        except InputError as error:
            self.rejected.emit(error.problems)

    def _begin_if_new(self) -> None:
        if self.run.control is None:
            self._begin(paused=True)

    def _begin(self, *, paused: bool) -> None:
        if self.run.problem is None:
            self._make_run(self.run.experiment)
        if self.run.problem is None or self._thread.is_finished:
            return
        self.interrupted.emit()
        on_state = self._thread.worker.state_changed.emit
        self._thread.request(self.run.begin(paused=paused, on_state=on_state))

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
