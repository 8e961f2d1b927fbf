"""Starts, and ends, a comparison of batch, mini-batch and stochastic descent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from gdstudio.core.numbers import counted, format_count
from gdstudio.views.widgets.tab_focus_button import TabFocusButton

if TYPE_CHECKING:
    from gdstudio.worker.session import Session

_WORDS = "Compare batch sizes"


class CompareButton(TabFocusButton):
    """Says which run of the comparison is being made, and ends it when clicked again."""

    def __init__(self, session: Session) -> None:
        super().__init__(_WORDS)
        self._session = session
        self.setObjectName("compare")
        self.setToolTip(
            "Run all rows, mini-batches and single rows from this start, at this learning rate, "
            "pin the three runs, and show them side by side by the rows that they have seen"
        )
        self.clicked.connect(self._on_clicked)
        session.comparison.changed.connect(self._show_state)
        session.comparison.replay.changed.connect(self._show_state)
        session.player.torch_ready.connect(self._show_state)
        session.run_replaced.connect(self._show_state)
        self._show_state()

    @Slot()
    def _on_clicked(self) -> None:
        comparison = self._session.comparison
        if comparison.batch_size is None and comparison.replay.rows_seen is None:
            comparison.start()
        else:
            comparison.cancel()

    @Slot()
    def _show_state(self) -> None:
        size = self._session.comparison.batch_size
        seen = self._session.comparison.replay.rows_seen
        words = _WORDS if size is None else f"Comparing, B = {format_count(size)} … stop"
        if seen is not None:
            words = f"Race: {counted(seen, 'row')} seen … end"
        self.setText(words)
        self.setAccessibleName(words)
        has_rows = self._session.experiment.problem.row_count > 0
        self.setEnabled(self._session.player.has_torch and has_rows)
