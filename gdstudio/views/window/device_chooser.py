"""Where the run computes: what is there, and why the rest is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox

from gdstudio.views.widgets.no_wheel import NoWheelComboBox

if TYPE_CHECKING:
    from gdstudio.core.training.devices import Device
    from gdstudio.worker.session import Session


class DeviceChooser(NoWheelComboBox):
    """Lists every device; one that cannot be used is greyed and says why."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._names: list[str] = []
        self.setObjectName("device")
        self.setAccessibleName("Device")
        self.setToolTip("Where the run computes. A change restarts the run.")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(5)
        self.addItem("loading …")
        self.setEnabled(False)
        session.training.devices_found.connect(self._on_found)
        session.experiment_changed.connect(self._synchronise)
        self.activated.connect(self._on_chosen)

    @Slot(object)
    def _on_found(self, found: list[Device]) -> None:
        model = QStandardItemModel(self)
        self._names = []
        for device in found:
            state = device.title if device.usable else f"not here: {device.problem}"
            plain = device.name.lower() == state.lower()
            item = QStandardItem(state if plain else f"{device.name} – {state}")
            item.setToolTip(state)
            if not device.usable:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            model.appendRow(item)
            self._names.append(device.name)
        self.setModel(model)
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 24)
        self.setEnabled(True)
        self._synchronise()

    @Slot()
    def _synchronise(self) -> None:
        wanted = self._session.experiment.run.device
        matching = [i for i, name in enumerate(self._names) if wanted in {name, name.split(":")[0]}]
        if self._names:
            self.setCurrentIndex(matching[0] if matching else -1)
            self.setPlaceholderText(wanted)

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        if self._names:
            self._session.edit({"run.device": self._names[index]})
            self._synchronise()
