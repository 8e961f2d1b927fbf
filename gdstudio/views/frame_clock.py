"""The one clock of the window: at each frame it pulls what is new, parks the run and lets it be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal, Slot
from typing_extensions import override

if TYPE_CHECKING:
    from gdstudio.core.run_control import RunControl
    from gdstudio.worker.session import Session

FRAMES_PER_SECOND = 30
_LONG_STEPS_PERIOD = 100
"""Milliseconds from frame to frame while steps are long and need every processor themselves."""
_SHORTEST_PERIOD = 16
"""Milliseconds from a frame to one that somebody waits for."""
_RELEASE = QEvent.Type(QEvent.registerEventType())


class FrameClock(QObject):
    """Emits ``frame`` with a snapshot, 30 times a second while there is something new.

    What the user changes is drawn sooner. A run of long steps, over very many rows, gets ten frames a second.

    The run is parked from the start of a frame until its paint is done: the event that lets it go on
    is posted at the priority of Qt's own paint requests, and so comes after them.
    """

    frame = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._drawn: tuple[int, int] | None = None
        self._held: RunControl | None = None
        self._since_frame = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.set_rate(FRAMES_PER_SECOND)
        self._timer.timeout.connect(self._tick)
        session.run_started.connect(self._wake)
        session.state_changed.connect(self._wake)
        session.run_replaced.connect(self._wake)
        session.run_finished.connect(self._wake)

    @property
    def drawn(self) -> tuple[int, int] | None:
        """The session's version that was drawn last, None where the next frame draws whatever there is."""
        return self._drawn

    def set_rate(self, frames_per_second: int) -> None:
        """Change how often a second it looks for something new."""
        self._period = 1000 // frames_per_second
        self._timer.setInterval(self._period)

    @Slot()
    def start(self) -> None:
        """Draw whatever there is, before anything is painted, and begin to tick."""
        self._drawn = None
        self._timer.start(self._period)
        self._tick()

    @Slot()
    def redraw(self) -> None:
        """Draw as soon as may be although the run is where it was: somebody waits for what they changed."""
        self._drawn = None
        if self._session.snapshot() is not None:
            self._tick_soon()

    @Slot()
    def stop(self) -> None:
        """Rest: nothing is drawn while nobody can see it."""
        self._timer.stop()
        self._release()

    @Slot()
    def _wake(self) -> None:
        if not self._timer.isActive() and self._drawn is not None:
            self._timer.start()

    def _tick_soon(self) -> None:
        """Tick at once, or as soon as the last frame has left the run some time."""
        passed = self._since_frame.elapsed() if self._since_frame.isValid() else _SHORTEST_PERIOD
        self._timer.start(max(0, _SHORTEST_PERIOD - passed))

    @Slot()
    def _tick(self) -> None:
        if self._timer.interval() != self._period:
            self._timer.setInterval(self._period)
        version = self._session.version
        if version == self._drawn:
            if self._session.control is None:
                self._timer.stop()  # nothing can change until something wakes the clock
            return
        if self._drawn is not None and self._leaves_room():
            return
        snapshot = self._session.snapshot()
        if snapshot is None:
            return
        self._drawn = version
        self._since_frame.start()
        self._hold()
        self.frame.emit(snapshot)

    def _leaves_room(self) -> bool:
        """Whether a run of long steps is to go on for now, undisturbed by a frame."""
        control = self._session.control
        is_long = control is not None and control.has_long_steps and self._session.is_playing
        return is_long and self._since_frame.elapsed() < _LONG_STEPS_PERIOD

    def _hold(self) -> None:
        control = self._session.control
        if control is None or control is self._held:
            return
        self._release()
        control.hold()
        self._held = control
        QCoreApplication.postEvent(self, QEvent(_RELEASE), Qt.EventPriority.LowEventPriority.value)

    def _release(self) -> None:
        if self._held is not None:
            self._held.release()
            self._held = None

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == _RELEASE:
            self._release()
            return True
        return super().event(event)
