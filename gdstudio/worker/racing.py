"""The race on screen: other optimizers, as far along as the run on screen is, step for step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gdstudio.core.race.race import Race
from gdstudio.core.training.events import RunState
from gdstudio.worker.aside import Aside

if TYPE_CHECKING:
    from gdstudio.core.race.race import RaceView
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.rows import Rows
    from gdstudio.worker.player import Player
    from gdstudio.worker.run import Run

_TURN_SECONDS = 0.02
"""How long the run on screen waits at most, after each of its turns, for those that are behind it."""
_LONGEST_REST = 20_000
"""Where the run on screen ends before its time, the others go on to this many evaluations at most."""


@dataclass(frozen=True, slots=True, eq=False)
class _Live:
    """A race, and the run on screen that it goes along with."""

    race: Race
    run: Run


class Racing(QObject):
    """Lets the runs of a race follow the run on screen, as long as a picture of them is in sight.

    While the run plays, they make their steps after each of its turns, in its thread, so that all are
    together in every frame. What is missing while it rests, since the picture was opened late, or the run
    ended before its time, is made in a thread of Qt's pool. Going back takes nothing: what they did is kept.

    Attributes
    ----------
    pointed
        The place of the contestant that is pointed at, None where none is.
    hidden
        The places of those that the user has hidden.
    """

    changed = Signal()  # more of the race can be shown
    marked = Signal()  # another one is pointed at, or hidden
    broke = Signal(object)  # the exception that a run of the race has raised

    def __init__(self, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pointed: int | None = None
        self.hidden: frozenset[int] = frozenset()
        self._player = player
        self._watchers: set[QObject] = set()
        self._live: _Live | None = None
        self._about: tuple[object, ...] | None = None
        self._seen: tuple[object, ...] | None = None
        self._view: RaceView | None = None
        self._has_broken = False
        self._aside = Aside(self)
        self._aside.done.connect(self._on_done)
        self._aside.failed.connect(self.broke)
        player.company = self._company

    def watch(self, watcher: QObject) -> None:
        """Let the race go on as long as somebody watches it."""
        self._watchers.add(watcher)

    def leave(self, watcher: QObject) -> None:
        """Take back what `watch` has done."""
        self._watchers.discard(watcher)

    def point_at(self, place: int | None) -> None:
        """Point at a contestant, or at none."""
        if place != self.pointed:
            self.pointed = place
            self.marked.emit()

    def toggle(self, place: int) -> None:
        """Hide a contestant, or show it again."""
        self.hidden = self.hidden ^ {place}
        self.marked.emit()

    def view(self, snapshot: Snapshot) -> RaceView | None:
        """Return the race at the step of a snapshot of the run on screen, or as far as it has come.

        None where there is no problem. What is missing is asked for, and ``changed`` tells when it is there.
        """
        live = self._follow()
        if live is None:
            return None
        step = self._step(live.run, snapshot)
        reached = live.race.reached
        seen = (live.race, step, reached)
        if seen != self._seen:
            self._seen = seen
            self._view = live.race.view(step) or live.race.at_start(
                snapshot.weights[0], float(snapshot.costs[0])
            )
        if not live.race.has_come(step) and not self._player.is_playing and snapshot.step:
            self._catch_up(live, step)
        return self._view

    def _step(self, run: Run, snapshot: Snapshot) -> float:
        """Return the step to show; infinite where the run on screen has ended by itself, and is there."""
        result = run.result
        is_at_end = result is not None and result.has_ended_itself and snapshot.step >= result.step
        return math.inf if is_at_end and run.experiment.total_steps <= _LONGEST_REST else snapshot.step

    def _follow(self) -> _Live | None:
        """Return the race of the run on screen; another one where it is about something else."""
        run = self._player.run
        if run.problem is None:
            return None
        experiment = run.experiment
        live = self._live
        if live is not None and live.run is run and self._about is not None and self._about[0] is experiment:
            return live
        first = _as_begun(run)
        about = (first.problem, first.run, first.race)
        race = live.race if live is not None and self._about is not None and self._about[1] == about else None
        if race is None:
            race, self._has_broken = Race(first, run.problem), False
            self._aside.forget()
            if live is None or live.race.contestants != race.contestants:
                self.pointed, self.hidden = None, frozenset()
        self._about = (experiment, about)
        self._live = _Live(race, run)
        return self._live

    def _company(self, run: Run) -> _Company:
        """Return what lets the race go along with a run that begins."""
        self._follow()
        return _Company(self, run)

    def go_along(self, run: Run, step: int) -> None:
        """Let all come as far as the run on screen has; the training thread calls this after each turn."""
        live = self._live
        if not self._watchers or self._has_broken or live is None or live.run is not run:
            return
        until, control = perf_counter() + _TURN_SECONDS, run.control

        def goes_on() -> bool:
            stopped = control is None or control.wanted is RunState.STOPPING
            return perf_counter() < until and not stopped

        try:
            live.race.advance(step, run.schedule.changes, goes_on)
        except Exception as error:  # noqa: BLE001 - what breaks a race does not break the run on screen
            self._has_broken = True
            self.broke.emit(error)

    def _catch_up(self, live: _Live, step: float) -> None:
        if not self._player.has_torch or self._has_broken:
            return

        def goes_on() -> bool:
            return self._live is live and not self._player.is_playing and not self._player.is_closed

        self._aside.ask(partial(live.race.advance, step, live.run.rate_changes, goes_on))

    @Slot(object)
    def _on_done(self, _: object) -> None:
        self.changed.emit()


class _Company:
    """Receives the rows of the run on screen, in its thread."""

    def __init__(self, racing: Racing, run: Run) -> None:
        self._racing, self._run = racing, run

    def append(self, rows: Rows) -> None:
        if len(rows):
            self._racing.go_along(self._run, int(rows.steps[-1]))


def _as_begun(run: Run) -> Experiment:
    """Return the experiment with the learning rate that the run began with, without changes of it."""
    experiment = run.experiment
    rate = experiment.run.learning_rate if run.first_rate is None else run.first_rate
    settings = experiment.run.model_copy(update={"learning_rate": rate, "change": ()})
    return experiment.model_copy(update={"run": settings})
