"""The classic mistakes: those that the problem cannot make are greyed out, and say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from typing_extensions import override

from gdstudio.core.problems.mistakes import mistake_of
from gdstudio.views.controls.choice_control import ChoiceControl

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment


class MistakeControl(ChoiceControl):
    """A list of which only what can be made can be chosen."""

    @override
    def show_value(self, experiment: Experiment) -> None:
        super().show_value(experiment)
        model = self.chooser.model()
        assert isinstance(model, QStandardItemModel)
        for row, mistake in enumerate(self.values):
            why = mistake_of(mistake).objection(experiment.problem)
            item = model.item(row)
            if item.isEnabled() != (not why):
                item.setEnabled(not why)
                item.setData(why or None, Qt.ItemDataRole.ToolTipRole)
