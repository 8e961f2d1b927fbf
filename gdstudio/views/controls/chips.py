"""Small buttons that set an exact value which means something: 1/L, 2/L."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from gdstudio.core.numbers import format_number
from gdstudio.core.optimizers import SGD
from gdstudio.core.stopping import step_limit
from gdstudio.views.theme import GRID

if TYPE_CHECKING:
    from gdstudio.core.experiment import Experiment
    from gdstudio.core.problems import Problem


class Chip(QPushButton):
    """One value with its name."""

    picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("chip", True)
        self._value = 0.0
        self.clicked.connect(self._on_clicked)

    def offer(self, name: str, value: float, words: str) -> None:
        """Show another value."""
        self._value = value
        self.setText(f"{name} = {format_number(value, 4)}")
        self.setToolTip(f"{words}: {format_number(value)}")
        self.setAccessibleName(f"{words}, {format_number(value)}")
        self.setObjectName(f"chip_{name}")

    @Slot()
    def _on_clicked(self) -> None:
        self.picked.emit(self._value)


class LimitChips(QWidget):
    """The learning rates 1/L and 2/L, where the curvature L is known."""

    picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._best, self._limit = Chip(), Chip()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for chip in (self._best, self._limit):
            chip.picked.connect(self.picked)
            row.addWidget(chip)
        row.addStretch(1)
        row.addWidget(QLabel())
        self.hide()

    def show_for(self, experiment: Experiment, problem: Problem | None) -> None:
        """Offer what is known of a problem; hide where nothing is."""
        limit = step_limit(experiment, problem) if problem is not None else None
        self.setVisible(limit is not None)
        if limit is None:
            return
        optimizer = experiment.run.optimizer
        plain = isinstance(optimizer, SGD) and optimizer.momentum == 0
        self._best.setVisible(plain)
        name = limit.symbol.rsplit("/", 1)[-1].strip(") ") if plain else ""
        self._best.offer(f"1/{name}", 1 / limit.curvature, "One over the largest curvature")
        self._limit.offer(limit.symbol, limit.value, "From here on it diverges")
