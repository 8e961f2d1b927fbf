"""The pinned runs as a row of chips: the legend of their lines, with a way to hide or unpin each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gdstudio.views.widgets.theme import GRID
from gdstudio.views.window.pin_chip import PinChip
from gdstudio.worker.pins import DIVERGED

if TYPE_CHECKING:
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session


class PinStrip(QWidget):
    """Shown only while there are pins; their names follow the experiment on screen."""

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session, self._appearance = session, appearance
        self._chips: dict[int, PinChip] = {}
        self.setObjectName("pins")
        self.setAccessibleName("Pinned runs")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GRID // 2)
        self._row.addStretch(1)
        session.pins.changed.connect(self._synchronise)
        session.experiment_changed.connect(self._synchronise)
        session.concealed.changed.connect(self._synchronise)
        appearance.changed.connect(self._restyle)
        self._synchronise()

    @property
    def chips(self) -> dict[int, PinChip]:
        """The chips by the slots of their pins."""
        return dict(self._chips)

    @Slot()
    def _synchronise(self) -> None:
        pins, is_asked = self._session.pins, bool(self._session.concealed.quantities)
        held = {pin.slot: pin for pin in pins.all}
        for slot in set(self._chips) - set(held):
            self._drop(slot)
        labels = pins.labels(self._session.experiment) if held else {}
        for place, (slot, pin) in enumerate(held.items()):
            if slot not in self._chips:
                self._add(slot, place)
            label = labels[slot].removesuffix(DIVERGED) if is_asked else labels[slot]
            self._chips[slot].show_pin(pin, label)
        self.setVisible(bool(held))

    def _add(self, slot: int, place: int) -> None:
        chip = PinChip(slot, self._session.pins, self._appearance)
        self._chips[slot] = chip
        self._row.insertWidget(place, chip)

    def _drop(self, slot: int) -> None:
        chip = self._chips.pop(slot)
        if chip.isAncestorOf(self.focusWidget() or self):
            left = list(self._chips.values())
            if left:
                left[0].button.setFocus()
        self._row.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    @Slot()
    def _restyle(self) -> None:
        for chip in self._chips.values():
            chip.restyle()
