"""Works the controls of a window as a hand would, and says how long each change takes to reach the plots."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QSlider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QWidget

    from tests.benchmarks.watch import Stage

    Widget = TypeVar("Widget", bound=QWidget)

_NOTCHES = 8


def moves(stage: Stage) -> Iterator[float]:
    """Move every slider some notches, choose every choice, tick every box; yield the seconds of each."""
    for slider in _controls(stage, QSlider):
        for _ in range(_NOTCHES):
            yield _timed(stage, lambda: _notch(slider))  # noqa: B023 - called at once
    for box in _controls(stage, QCheckBox):
        for _ in range(2):
            yield _timed(stage, box.click)
    for chooser in _controls(stage, QComboBox):
        first = chooser.currentIndex()
        rows = [row for row in range(chooser.count()) if row != first and _is_enabled(chooser, row)]
        for row in (*rows, first):
            yield _timed(stage, lambda: _choose(chooser, row))  # noqa: B023 - called at once


def paint(stage: Stage, frames: int) -> None:
    """Let the frame after so many and its paint happen, as the event loop would next."""
    while stage.frames == frames:
        QCoreApplication.processEvents()
    QCoreApplication.processEvents()


def _timed(stage: Stage, change: Callable[[], object]) -> float:
    began, frames = time.perf_counter(), stage.frames
    change()
    paint(stage, frames)
    took = time.perf_counter() - began
    stage.rest(0.05)
    return took


def _controls(stage: Stage, kind: type[Widget]) -> list[Widget]:
    found = stage.window.sidebar.form.findChildren(kind)
    return [widget for widget in found if widget.isVisible() and widget.isEnabled()]


def _notch(slider: QSlider) -> None:
    slider.setValue(slider.value() + (1 if slider.value() < slider.maximum() else -1))


def _choose(chooser: QComboBox, row: int) -> None:
    chooser.setCurrentIndex(row)
    chooser.activated.emit(row)


def _is_enabled(chooser: QComboBox, row: int) -> bool:
    item = chooser.model().item(row)  # type: ignore[attr-defined]  # a QStandardItemModel's own
    return bool(item.isEnabled())
