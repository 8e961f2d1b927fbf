"""The training loop: makes a trainer's steps as its control allows, and hands every row to listeners."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from gdstudio.core.training.events import FinishReason, RunResult, RunState
from gdstudio.core.training.outcome import Outcomes, State
from gdstudio.core.training.rate_schedule import RateSchedule
from gdstudio.core.training.stopping import Finish, rest_at_once

if TYPE_CHECKING:
    from gdstudio.core.training.checkpoints import Checkpoints
    from gdstudio.core.training.rows import Rows
    from gdstudio.core.training.run_control import RunControl
    from gdstudio.core.training.trainer import Trainer

_TURN_SECONDS = 0.002
"""How long the loop steps before it asks its control again: commands act within about this time."""
_LONG_TURN_SECONDS = 0.02
"""The same where a step takes a millisecond or more: to ask after each would cost a tenth of the time."""
_MOST_STEPS = 1024
"""At most so many steps are made in one turn, however short they are."""


class Listener(Protocol):
    """Whatever receives the rows of a run: its history, a progress bar."""

    def append(self, rows: Rows) -> None:
        """Receive the rows of consecutive steps."""


def train(
    trainer: Trainer,
    control: RunControl,
    *listeners: Listener,
    run_id: int = 0,
    schedule: RateSchedule | None = None,
    checkpoints: Checkpoints | None = None,
) -> RunResult:
    """Train until a rule, divergence or the control ends the run; return how it ended.

    Parameters
    ----------
    trainer
        Makes the steps.
    control
        Says before each turn how many steps may be made, and is asked for a new learning rate.
    *listeners
        Each receives row 0 and then every row once, in order, from this thread.
    run_id
        The number that the result carries.
    schedule
        The changes of the learning rate to make on the way, the experiment's own where None; those that the
        user makes are added to it.
    checkpoints
        Where states of the trainer are kept on the way. Where it has one to resume from, the run goes on
        after that step, and listeners receive only the rows that follow.
    """
    began = time.perf_counter()
    first = trainer.start()
    if checkpoints is None or checkpoints.resume is None:
        _tell(first, listeners)
    else:
        trainer.restore(checkpoints.resume.checkpoint)
    if schedule is None:
        schedule = RateSchedule(trainer.experiment.run.rate_changes)
    turn, hurried_from = 1, None
    while trainer.finish is None and (steps := control.take_turn(turn)):
        change = control.take_learning_rate()
        if change is not None:
            schedule.record(trainer, *change)
        clock, work, before = time.perf_counter(), time.thread_time(), trainer.step
        while trainer.finish is None and (left := steps - (trainer.step - before)) > 0:
            rows = trainer.advance(schedule.advance(trainer, left))
            _tell(rows, listeners)
            if checkpoints is not None and len(rows) and trainer.finish is None:
                checkpoints.offer(trainer, rows)
        made, spent = trainer.step - before, time.perf_counter() - clock
        worked = time.thread_time() - work  # the time of this thread alone: waiting is no work
        control.tell_work(worked, made)
        turn = _next_turn(made, spent, _LONG_TURN_SECONDS if control.has_long_steps else _TURN_SECONDS)
        if control.tell_rest(trainer.is_at_rest) and hurried_from is None:
            hurried_from = trainer.step
    finish = trainer.finish or Finish(FinishReason.STOPPED, f"Stopped at step {trainer.step:,}.")
    seconds = time.perf_counter() - began
    control.report(RunState.IDLE)
    return _result(trainer, finish, run_id, seconds, hurried_from)


def _tell(rows: Rows, listeners: tuple[Listener, ...]) -> None:
    for listener in listeners:
        listener.append(rows)


def _next_turn(made: int, spent: float, seconds: float) -> int:
    if made == 0:
        return 1
    return max(1, min(_MOST_STEPS, int(made * seconds / max(spent, 1e-9))))


def _result(
    trainer: Trainer, finish: Finish, run_id: int, seconds: float, hurried_from: int | None
) -> RunResult:
    """Return how a run has ended, with what is true of it then and of the steps that were hurried."""
    cost, weights, sentence, is_rise = trainer.full_cost(), trainer.weights, finish.sentence, False
    if finish.reason is FinishReason.COMPLETED:
        state = State(trainer.step, weights, cost, trainer.course)
        outcome = Outcomes(trainer.experiment, trainer.problem).at_end(state)
        hurried = rest_at_once(hurried_from, trainer.step, trainer.course)
        sentence = " ".join(filter(None, [sentence, outcome.sentence, hurried]))
        is_rise = outcome.is_rise
    return RunResult(
        run_id, finish.reason, sentence, trainer.step, trainer.epoch, cost, weights, seconds, is_rise
    )
