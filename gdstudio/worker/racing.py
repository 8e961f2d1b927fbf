"""The race on screen: other optimizers, as far along as the run on screen is, step for step."""

from __future__ import annotations

import math
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gdstudio.core.race.race import Race
from gdstudio.core.training.events import RunState
from gdstudio.worker.aside import Aside

if TYPE_CHECKING:
    from gdstudio.core.race.race import RaceView
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.rows import Rows
    from gdstudio.worker.player import Player
    from gdstudio.worker.run import Run

_TURN_SECONDS = 0.02
"""How long the run on screen waits at most, after each of its turns, for those that are behind it."""
_LONGEST_REST = 20_000
"""Where the run on screen ends before its time, the others go on to this many evaluations at most."""


class Company:
    """Lets a race go along with one run on screen: receives its rows, in its thread.

    It knows of no object of Qt, which must not end in that thread.

    Attributes
    ----------
    race
        The race of the run; None where there is none, or nobody watches it.
    error
        What a run of the race has raised; it then goes along no more.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.race: Race | None = None
        self.error: Exception | None = None

    def append(self, rows: Rows) -> None:
        """Let all come as far as the run on screen has, within the time that it can wait."""
        race = self.race
        if race is None or self.error is not None or not len(rows):
            return
        until, control = perf_counter() + _TURN_SECONDS, self.run.control

        def goes_on() -> bool:
            stopped = control is None or control.wanted is RunState.STOPPING
            return perf_counter() < until and not stopped

        try:
            race.advance(int(rows.steps[-1]), self.run.schedule.changes, goes_on)
        except Exception as error:  # noqa: BLE001 - what breaks a race does not break the run on screen
            self.error = error


class _Errand:
    """What is made in the pool, as long as it is wanted; like `Company`, it knows of no object of Qt."""

    def __init__(self, about: tuple[object, ...] = ()) -> None:
        self.about, self.is_wanted = about, bool(about)

    def goes_on(self) -> bool:
        return self.is_wanted


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
        self._race: Race | None = None
        self._company: Company | None = None
        self._about: tuple[object, object] | None = None
        self._seen: tuple[object, ...] | None = None
        self._view: RaceView | None = None
        self._has_broken = False
        self._aside = Aside(self)
        self._aside.done.connect(self._on_done)
        self._aside.failed.connect(self._on_broken)
        self._errand = _Errand()
        player.company = self._accompany
        player.interrupted.connect(self._recall)
        player.state_changed.connect(self._on_state)

    @property
    def race(self) -> Race | None:
        """The race of the run on screen as it was last looked at."""
        return self._race

    def watch(self, watcher: QObject) -> None:
        """Let the race go on as long as somebody watches it."""
        self._watchers.add(watcher)
        self._send_along()

    def leave(self, watcher: QObject) -> None:
        """Take back what `watch` has done."""
        self._watchers.discard(watcher)
        self._send_along()

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
        run, race = self._player.run, self._follow()
        if race is None:
            return None
        if self._company is not None and self._company.error is not None:
            self._on_broken(self._company.error)
        step = self._step(run, snapshot)
        seen = (race, step, race.reached)
        if seen != self._seen:
            self._seen = seen
            self._view = race.view(step) or race.at_start(snapshot.weights[0], float(snapshot.costs[0]))
        if snapshot.step and not self._player.is_playing and not race.has_come(step):
            self._catch_up(race, step)
        return self._view

    def _step(self, run: Run, snapshot: Snapshot) -> float:
        """Return the step to show; infinite where the run on screen has ended by itself, and is there."""
        result = run.result
        is_at_end = result is not None and result.has_ended_itself and snapshot.step >= result.step
        return math.inf if is_at_end and run.experiment.total_steps <= _LONGEST_REST else snapshot.step

    def _follow(self) -> Race | None:
        """Return the race of the run on screen; another one where it is about something else."""
        run = self._player.run
        if run.problem is None:
            return None
        if self._race is not None and self._about is not None and self._about[0] is run.experiment:
            return self._race
        first = run.first_experiment
        about = (first.problem, first.run, first.race)
        if self._race is None or self._about is None or self._about[1] != about:
            self._begin(Race(first, run.problem))
        self._about = (run.experiment, about)
        return self._race

    def _begin(self, race: Race) -> None:
        if self._race is None or [c.name for c in self._race.contestants] != [
            c.name for c in race.contestants
        ]:
            self.pointed, self.hidden = None, frozenset()
        self._race, self._has_broken = race, False
        self._recall()
        self._aside.forget()
        self._send_along()

    def _accompany(self, run: Run) -> Company:
        """Return what lets the race go along with a run that begins."""
        if self._company is not None:
            self._company.race = None  # its run may still be ending
        self._company = Company(run)
        self._follow()
        self._send_along()
        return self._company

    def _send_along(self) -> None:
        """Let the race go along with the run on screen, as long as somebody watches."""
        if self._company is not None:
            is_current = self._company.run is self._player.run
            self._company.race = self._race if self._watchers and is_current else None

    def _catch_up(self, race: Race, step: float) -> None:
        is_possible = self._player.has_torch and not self._player.is_closed
        if not is_possible or self._has_broken or not self._watchers:
            return
        about = (race, step, self._player.run.rate_changes)
        if self._errand.is_wanted and self._errand.about == about:
            return
        self._recall()
        self._errand = errand = _Errand(about)
        self._aside.ask(partial(race.advance, step, about[2], errand.goes_on))

    @Slot(object)
    def _on_state(self, state: RunState) -> None:
        if state is RunState.RUNNING:
            self._recall()

    @Slot()
    def _recall(self) -> None:
        """Let what is made in the pool end: the run on screen goes on, or another one is there."""
        self._errand.is_wanted = False

    @Slot(object)
    def _on_broken(self, error: Exception) -> None:
        if not self._has_broken:
            self._has_broken = True
            self.broke.emit(error)

    @Slot(object)
    def _on_done(self, _: object) -> None:
        self._recall()
        self.changed.emit()
