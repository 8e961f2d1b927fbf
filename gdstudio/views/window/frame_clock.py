"""The one clock of the window: at each frame it pulls what is new, parks the run and lets it be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal, Slot
from typing_extensions import override

if TYPE_CHECKING:
    from gdstudio.worker.frame_gate import FrameGate
    from gdstudio.worker.session import Session

FRAMES_PER_SECOND = 30
_LONG_STEPS_PERIOD, _LONGEST_PERIOD = 100, 300
"""Milliseconds from frame to frame, at least and at most, while steps are long and need every processor."""
_SHARE = 16
"""A frame may then take one part in so many of the time."""
_PATIENCE, _LOOK_AGAIN = 60, 10
"""Milliseconds for which a frame waits until long steps rest, and from one look to the next."""
_WITH_REST = 1.5
"""From frame to frame, how many times as long as one takes: on a busy machine the run has the rest."""
_SHORTEST_PERIOD = 16
"""Milliseconds from a frame to one that somebody waits for."""
_RELEASE = QEvent.Type(QEvent.registerEventType())


class FrameClock(QObject):
    """Emits ``frame`` with a snapshot, 30 times a second while there is something new.

    What the user changes is drawn sooner. A run of long steps, over very many rows, gets three to ten frames
    a second, as long as one takes, each as soon as it rests.

    The run is parked from the start of a frame until its paint is done: the event that lets it go on
    is posted at the priority of Qt's own paint requests, and so comes after them.
    """

    frame = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._drawn: tuple[int, int] | None = None
        self._held: FrameGate | None = None
        self._is_at_rest = True
        self._since_frame = QElapsedTimer()
        self._since_asked = QElapsedTimer()
        self._frame_took = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.set_rate(FRAMES_PER_SECOND)
        self._timer.timeout.connect(self._tick)
        session.training.run_started.connect(self._wake)
        session.player.state_changed.connect(self._wake)
        session.run_replaced.connect(self._wake)
        session.player.run_finished.connect(self._wake)

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
        self._drawn, self._is_at_rest = None, False
        self._timer.start(self._period)
        self._tick()

    @Slot()
    def redraw(self) -> None:
        """Draw as soon as may be although the run is where it was: somebody waits for what they changed."""
        self._drawn = None
        if not self._is_at_rest and self._session.run.snapshot() is not None:
            self._tick_soon()

    @Slot()
    def stop(self) -> None:
        """Rest: nothing is drawn while nobody can see it."""
        self._timer.stop()
        self._is_at_rest = True
        self._release()

    @Slot()
    def _wake(self) -> None:
        is_late = not self._timer.isActive() or self._timer.interval() > self._period
        if is_late and not self._is_at_rest:
            self._timer.start(self._period)

    def _tick_soon(self) -> None:
        """Tick at once, or as soon as the last frame has left the run some time."""
        passed = self._since_frame.elapsed() if self._since_frame.isValid() else _SHORTEST_PERIOD
        self._timer.start(max(0, _SHORTEST_PERIOD - passed))

    @Slot()
    def _tick(self) -> None:
        if self._timer.interval() != self._period:
            self._timer.setInterval(self._period)
        version = self._session.run.version
        if version == self._drawn:
            if self._session.run.control is None:
                self._timer.stop()  # nothing can change until something wakes the clock
            return
        if self._drawn is not None and (left := self._left()) > 0:
            self._timer.start(left)
            return
        snapshot = self._session.run.snapshot()
        if snapshot is None:
            return
        self._drawn = version
        self._since_frame.start()
        self._hold()
        self.frame.emit(snapshot)

    def _left(self) -> int:
        """Return in how many milliseconds to look again at a run that goes on; 0 where a frame is due.

        Between two frames it has at least half as long as the last one took. Of long steps, whatever this
        thread does takes a processor from those among which torch shares a step, and the others wait: it only
        looks whether steps are long still, then asks the run to rest, and draws when it does.
        """
        run = self._session.run
        control, gate = run.control, run.gate
        if control is None or not self._session.player.is_playing:
            return 0
        if not control.has_long_steps:
            return max(0, round(_WITH_REST * self._frame_took) - self._since_frame.elapsed())
        period = min(max(_LONG_STEPS_PERIOD, _SHARE * self._frame_took), _LONGEST_PERIOD)
        left = period - self._since_frame.elapsed()
        if left > 0:
            return min(left, self._period)
        if gate is not self._held:
            self._park()
            self._since_asked.start()
        return 0 if gate.is_parked or self._since_asked.elapsed() >= _PATIENCE else _LOOK_AGAIN

    def _hold(self) -> None:
        self._park()
        if self._held is not None:
            QCoreApplication.postEvent(self, QEvent(_RELEASE), Qt.EventPriority.LowEventPriority.value)

    def _park(self) -> None:
        run = self._session.run
        gate = run.gate if run.control is not None else None
        if gate is not self._held:
            self._release()
            if gate is not None:
                gate.hold()
                self._held = gate

    def _release(self) -> None:
        if self._held is not None:
            self._held.release()
            self._held = None

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == _RELEASE:
            self._frame_took = self._since_frame.elapsed()
            self._release()
            return True
        return super().event(event)
