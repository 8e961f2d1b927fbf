"""Play, step, reset, reseed, speed, and how far the run is: in one row where that has room for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QComboBox, QFrame, QHBoxLayout, QPushButton, QSlider, QWidget
from typing_extensions import override

from gdstudio.core.numbers import counted, format_count, format_number, plural
from gdstudio.views.widgets.elided_label import ElidedLabel
from gdstudio.views.widgets.flow_layout import FlowLayout
from gdstudio.views.widgets.no_wheel import NoWheelComboBox, NoWheelSlider
from gdstudio.views.widgets.overflow import OverflowButton
from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gdstudio.core.training.events import Progress
    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

SPEEDS: tuple[float | None, ...] = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, None)
_MOST_POSITIONS = 10_000
_SPEED_CHARACTERS = 12
_GAP = "   ·   "
_HASTE = ("99,999 steps/s", "less than 1 s left")
"""About the widest words that a run in play adds."""
_LEAST_BAR, _LEAST_SHARE = 320, 0.65
"""The least width of the timeline: beside the buttons, in pixels at 100 %, and of a row of its own."""


class Transport(QFrame):
    """The row below the pictures. It calls the session and shows what the session says.

    The timeline has a row of its own above the buttons where there is no room beside them. Where the window
    is low too, the buttons stay one row: those that have no room in it are in a menu.
    """

    scrubbed = Signal()  # another moment of the run is to be drawn

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session, self._appearance = session, appearance
        self._is_low = False
        self._speed_now, self._widest = 0.0, ""
        self.setProperty("card", True)
        self.setAccessibleName("Run")
        self.reset = self._button("reset", "Reset", "Back to the start, with the same initial weights (R)")
        self.step_back = self._button("step_back", "Back", "One step back (Left)")
        self.play = self._button("play", "Play", "Let the run go on, or pause it (Space)")
        self.step = self._button("step", "Step", "Make one step (Right)")
        self.step_phase = self._button(
            "step_phase", "Phase", "Make one phase of a step: batch, forward, loss, … update (N)"
        )
        self.reseed = self._button("reseed", "New seed", "Back to the start with a new seed (Shift+R)")
        self.pin = self._button(
            "pin", "Pin", "Keep this run on screen, so that later ones draw beside it (P)"
        )
        self.speed = self._speed_chooser()
        self.more = OverflowButton("more_run", "More buttons", self._rare)
        self.status = ElidedLabel()
        self.status.setObjectName("run_status")
        self.status.setAccessibleName("How far the run is")
        self.bar = NoWheelSlider()
        self.bar.setObjectName("timeline")
        self.bar.setAccessibleName("Timeline")
        self.bar.setToolTip("How far the run is; drag to go to any step")
        self.bar.sliderMoved.connect(self._on_dragged)
        self.bar.sliderReleased.connect(self._on_dropped)
        self.bar.actionTriggered.connect(self._on_keyed)
        self._lay_out()
        session.player.state_changed.connect(self._show_state)
        session.training.run_started.connect(self._show_state)
        session.player.run_finished.connect(self._show_state)
        session.run_replaced.connect(self._on_replaced)
        session.experiment_changed.connect(self._show_speed)
        session.player.torch_ready.connect(self._on_replaced)
        session.training.progress.connect(self._on_progress)
        self._show_speed()
        self._on_replaced()

    def faster(self, by: int) -> None:
        """Choose the next higher (1) or lower (-1) speed."""
        index = min(len(SPEEDS) - 1, max(0, self.speed.currentIndex() + by))
        self._on_speed_chosen(index)

    @property
    def _rare(self) -> tuple[QPushButton, ...]:
        """The buttons that a row without room for all of them can do without."""
        return self.step_phase, self.reseed, self.pin

    @property
    def _in_row(self) -> tuple[QWidget, ...]:
        before = self.reset, self.step_back, self.play, self.step, self.step_phase, self.reseed
        return *before, self.speed, self.pin

    @Slot(object)
    def draw(self, snapshot: Snapshot) -> None:
        """Show how far a frame's snapshot is."""
        experiment = self._session.experiment
        total = experiment.total_steps
        of_all = self._session.concealed.shown("updates", format_count(total))
        epochs = 0 if experiment.is_full_batch else -(-total // experiment.steps_per_epoch)
        parts = _places(format_count(snapshot.step), of_all, snapshot.epoch, epochs)
        widest = _GAP.join(_places(format_count(total), format_count(total), epochs, epochs))
        if widest != self._widest:
            self._widest = widest
            self._fit()
        if self._session.player.is_playing and self._speed_now > 0:
            parts.append(f"{counted(round(self._speed_now), 'step')}/s")
            parts.append(_time_left((total - snapshot.step) / self._speed_now))
        self._write(_GAP.join(parts))
        self.step_back.setEnabled(snapshot.step > 0)
        self.bar.setMaximum(min(total, _MOST_POSITIONS))
        if not self.bar.isSliderDown():
            self.bar.setValue(round(self.bar.maximum() * snapshot.step / total))

    def set_low(self, *, is_low: bool) -> None:
        """Take over whether the window is low."""
        if is_low != self._is_low:
            self._is_low = is_low
            self._fit()

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:  # the letters may be others now
            self._fit()
        return done

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Share the width out: step and epoch are whole, and the timeline stays as long as it is."""
        gap, sides = self._ways.spacing(), self._ways.contentsMargins()
        room = self.width() - sides.left() - sides.right()
        buttons = sum(button.sizeHint().width() + gap for button in self._in_row)
        bar = self._appearance.pixels(_LEAST_BAR)
        least, most = map(self._width_of, (self._widest, _GAP.join((self._widest, *_HASTE))))
        is_one = buttons + bar + self._line.spacing() + least <= room
        ways = QBoxLayout.Direction
        self._ways.setDirection(ways.RightToLeft if is_one else ways.TopToBottom)
        left = room - self._line.spacing() - (buttons + bar if is_one else round(_LEAST_SHARE * room))
        self.status.setFixedWidth(max(least, min(most, left)))
        self.more.fold(self._rare if self._is_low and buttons - gap > room else ())

    def _width_of(self, words: str) -> int:
        return self.status.fontMetrics().horizontalAdvance(words) + 1

    def _write(self, text: str) -> None:
        if self.status.text() != text:
            self.status.setText(text)

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    def _speed_chooser(self) -> QComboBox:
        chooser = NoWheelComboBox()
        chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        chooser.setObjectName("steps_per_second")
        chooser.setAccessibleName("Speed")
        chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        chooser.setMinimumContentsLength(_SPEED_CHARACTERS)
        chooser.setToolTip("Steps a second (- slower, = faster)")
        for speed in SPEEDS:
            chooser.addItem(_words(speed))
        chooser.activated.connect(self._on_speed_chosen)
        return chooser

    def _lay_out(self) -> None:
        row = FlowLayout()
        row.setSpacing(GRID)
        for widget in (*self._in_row, self.more):
            row.addWidget(widget)
        self._ways = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._ways.setContentsMargins(GRID, GRID, GRID, GRID)
        self._ways.setSpacing(GRID)
        self._line = QHBoxLayout()
        self._line.setSpacing(2 * GRID)
        self._line.addWidget(self.bar, 1)
        self._line.addWidget(self.status)
        self._ways.addLayout(self._line, 1)
        self._ways.addLayout(row)
        self.reset.clicked.connect(self._session.player.reset)
        self.play.clicked.connect(self._on_play)
        self.step.clicked.connect(self._on_step)
        self.step_phase.clicked.connect(self._on_step_phase)
        self.step_back.clicked.connect(self._on_step_back)
        self.reseed.clicked.connect(self._session.reseed)
        self.pin.clicked.connect(self._session.pin)

    @Slot()
    def _on_play(self) -> None:
        self._session.player.toggle()
        self._show_state()

    @Slot()
    def _on_step(self) -> None:
        self._session.player.step()
        self._show_state()

    @Slot()
    def _on_step_phase(self) -> None:
        self._session.player.step_phase()
        self._show_state()

    @Slot()
    def _on_step_back(self) -> None:
        self._session.time.step_back()
        self._show_state()

    def _step_at(self, position: int) -> int:
        return round(position * self._session.experiment.total_steps / max(1, self.bar.maximum()))

    @Slot(int)
    def _on_dragged(self, position: int) -> None:
        """Show what is kept there while the timeline is dragged."""
        self._session.time.preview(self._step_at(position))
        self.scrubbed.emit()

    @Slot()
    def _on_dropped(self) -> None:
        self._go(self.bar.sliderPosition())

    @Slot(int)
    def _on_keyed(self, action: int) -> None:
        """Make the step that an arrow key asks for; go where another key or a click has put the timeline."""
        actions = QSlider.SliderAction
        steps = {actions.SliderSingleStepAdd: self.step, actions.SliderSingleStepSub: self.step_back}
        button = steps.get(actions(action))
        if button is not None:
            self.bar.setSliderPosition(self.bar.value())  # a position may be many steps
            button.click()
        elif action != actions.SliderMove.value:
            self._go(self.bar.sliderPosition())

    def _go(self, position: int) -> None:
        self._session.time.seek(self._step_at(position))
        self._show_state()

    @Slot(int)
    def _on_speed_chosen(self, index: int) -> None:
        self._session.edit({"view.steps_per_second": SPEEDS[index]})

    @Slot()
    def _show_speed(self) -> None:
        speed = self._session.experiment.view.steps_per_second
        if speed not in SPEEDS:
            self.speed.setCurrentIndex(-1)
            self.speed.setPlaceholderText(_words(speed))
        else:
            self.speed.setCurrentIndex(SPEEDS.index(speed))

    @Slot()
    def _show_state(self) -> None:
        ended = self._session.run.result is not None
        playing = self._session.player.is_playing
        words = "Pause" if playing else "Play again" if ended else "Play"
        if self.play.text() != words:
            self.play.setText(words)
            self.play.setAccessibleName(words)
        for button in (self.step, self.step_phase):
            button.setEnabled(self._session.player.has_torch and not ended)
        snapshot = self._session.run.snapshot()
        if snapshot is not None and self._session.player.has_torch:
            self.draw(snapshot)

    @Slot()
    def _on_replaced(self) -> None:
        self._speed_now = 0.0
        self._show_state()
        if not self._session.player.has_torch:
            self._write("loading PyTorch …")
            self.bar.setValue(0)

    @Slot(object)
    def _on_progress(self, progress: Progress) -> None:
        self._speed_now = progress.steps_per_second


def _places(step: str, steps: str, epoch: int, epochs: int) -> list[str]:
    """Return where a run is: its step, and its epoch where it has some."""
    parts = [f"step {step} of {steps}"]
    if epochs:
        parts.append(f"epoch {format_count(epoch)} of {format_count(epochs)}")
    return parts


def _words(speed: float | None) -> str:
    if speed is None:
        return "maximum"
    return f"{format_number(speed)} {plural(speed, 'step')}/s"


def _time_left(seconds: float) -> str:
    if seconds < 1:
        return "less than 1 s left"
    if seconds < 90:
        return f"{round(seconds)} s left"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min left"
    return f"{format_count(round(seconds / 3600))} h left"
