"""What the program of the run prints, below its code: a bounded number of lines that can be selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QTextBrowser

from gdstudio.core.concealment import without_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.program.printed import PrintedLine
    from gdstudio.core.training.history import Snapshot
    from gdstudio.worker.concealed import Concealed
    from gdstudio.worker.run import Run

MOST_LINES = 120
"""So many lines are kept, the latest."""
_SEEN_LINES = 4
_NOTHING = "Nothing has been printed yet."


class Console(QTextBrowser):
    """Shows lines as they are printed; what was selected stays while more are added.

    The last line is in sight, also when the console is of another size, unless one has scrolled back.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("console")
        self.setAccessibleName("What the program prints")
        self.setPlaceholderText(_NOTHING)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QTextBrowser.LineWrapMode.NoWrap)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.document().setDocumentMargin(2)
        self._lines: list[str] = []
        self._follows = True
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines shown."""
        return tuple(self._lines)

    def show_lines(self, lines: Sequence[str]) -> None:
        """Show the latest of these lines; they are added to those that stand there, where these stay."""
        kept = list(lines)
        if len(kept) > MOST_LINES:
            kept = ["…", *kept[1 - MOST_LINES :]]
        if kept == self._lines:
            return
        bar, follows = self.verticalScrollBar(), self._follows
        stays = bool(self._lines) and kept[: len(self._lines)] == self._lines
        if stays:
            self._add(kept[len(self._lines) :])
        else:
            self.setPlainText("\n".join(kept))
        self._lines = kept
        if follows or not stays:
            if not self.textCursor().hasSelection():
                self.moveCursor(QTextCursor.MoveOperation.End)  # Qt scrolls back to it at another size
            bar.setValue(bar.maximum())
        self.fit()

    def fit(self) -> None:
        """Take the height of a few lines."""
        height = _SEEN_LINES * self.fontMetrics().lineSpacing() + 6
        if self.document().idealWidth() > self.viewport().width():
            height += self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(height)

    @Slot(int)
    def _on_scrolled(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum()

    @Slot(int, int)
    def _on_range_changed(self, _: int, most: int) -> None:
        if self._follows:
            self.verticalScrollBar().setValue(most)

    def _add(self, lines: Sequence[str]) -> None:
        chosen, bar = self.textCursor(), self.verticalScrollBar()
        anchor, position, seen = chosen.anchor(), chosen.position(), bar.value()
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText("".join(f"\n{line}" for line in lines))
        if anchor != position and chosen.position() != position:  # what is chosen at the end has grown
            chosen.setPosition(anchor)
            chosen.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(chosen)
            bar.setValue(seen)


def printed_lines(run: Run, snapshot: Snapshot, concealed: Concealed) -> tuple[str, ...]:
    """Return what the program of a run has printed up to a snapshot, without what a question hides."""
    from gdstudio.core.program.printed import (  # the window opens without it
        PrintedEnd,
        printed_at_end,
        printed_at_start,
        printed_of_epochs,
    )

    experiment, problem, result = run.first_experiment, run.problem, run.result
    lines: tuple[PrintedLine, ...] = printed_at_start(experiment, snapshot.weights[0])
    table = snapshot.epoch_table[-MOST_LINES:]
    lines += printed_of_epochs(experiment, table)
    has_all = result is not None and result.has_ended_itself and snapshot.step == result.step
    if has_all and result is not None and problem is not None:
        end = PrintedEnd(result.sentence, result.step, result.weights, result.cost)
        lines += printed_at_end(experiment, end, table, problem.true_weights)
    return tuple(without_numbers(line.text) if concealed.hides(*line.tells) else line.text for line in lines)
