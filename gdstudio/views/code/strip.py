"""The code of the run, in a strip below the pictures that folds away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QFontDatabase, QTextCursor
from PySide6.QtWidgets import QComboBox, QFrame, QSizePolicy, QTextBrowser, QToolButton
from typing_extensions import override

from gdstudio.core.problems.mistakes import mistake_of
from gdstudio.views.code.console import Console, printed_lines
from gdstudio.views.code.html_lines import code_html, coloured, lit_lines, loop_line
from gdstudio.views.code.text import CodeText, code_of
from gdstudio.views.code.values import code_values, hand_values, veiled_values
from gdstudio.views.plotting.panel import Panel
from gdstudio.views.widgets.theme import SMALL

if TYPE_CHECKING:
    from gdstudio.core.listing import CodeLine
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_LOW_WINDOW = 960
"""In a window lower than this at 100 % the strip is folded, unless the user has opened it."""
_CROWDED_WINDOW, _FEW_PICTURES = 700, 2
"""With more panels in a window lower than this, only the highlighted line is shown, if there is one."""
_SHARE, _SHARE_WITH_OUTPUT, _LOW_SHARE, _REST = 0.18, 0.26, 0.25, 480
"""How much of the window's height the lines may take, alone and with the output below them, and of what a low
one has above `_REST`."""
_LEAST_LINES = 96
_PRINT_PERIOD = 200
"""Milliseconds, at least, from one writing of the console to the next while the run plays."""
_PROGRAMS = {"pytorch": "PyTorch", "by_hand": "by hand"}
_CHOOSER_HELP = (
    "The same steps with PyTorch, or by hand with every derivative written out; "
    "numpy adds up in another order, so the last digits may differ"
)


class CodeStrip(Panel):
    """Shows the code where ``view.code`` is on; highlights the line of the current phase.

    ``choice`` is what the user made of the strip: "folded", "open", or "" for what the window's height asks.
    """

    kind: ClassVar[str] = "code"
    title: ClassVar[str] = "Code"
    wide_from: ClassVar[int] = 400
    least_size: ClassVar[tuple[int, int]] = (120, 0)

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.choice = ""
        self._is_wanted = False
        self._room = 0
        self._lines: tuple[CodeLine, ...] = ()
        self._written_for: object = None
        self._made = CodeText()
        self._changes: tuple[tuple[int, float], ...] = ()
        self._phase: PhaseFact | None = None
        self._remark = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.fold = QToolButton()
        self.fold.setObjectName("fold_code")
        self.fold.clicked.connect(self._on_fold)
        self.tools.insertWidget(0, self.fold)
        self.chooser = QComboBox()
        self.chooser.setObjectName("program_chooser")
        self.chooser.setAccessibleName("Program")
        self.chooser.addItems(list(_PROGRAMS.values()))
        self.chooser.activated.connect(self._on_program_chosen)
        self.tools.addWidget(self.chooser)
        self.output = QToolButton()
        self.output.setObjectName("toggle_console")
        self.output.setText("Output")
        self.output.setAccessibleName("Output of the program")
        self.output.setCheckable(True)
        self.output.clicked.connect(self._on_output)
        self.tools.addWidget(self.output)
        self.text = QTextBrowser()
        self.text.setAccessibleName("The loop as PyTorch code")
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setLineWrapMode(QTextBrowser.LineWrapMode.NoWrap)
        self.text.document().setDocumentMargin(2)
        self.text.verticalScrollBar().rangeChanged.connect(self._on_range)
        self.body(self.text)
        self.console = Console()
        self._layout.addWidget(self.console)
        self._printed_for: object = None
        self._print_later = QTimer(self, singleShot=True, interval=_PRINT_PERIOD)
        self._print_later.timeout.connect(self._print_latest)
        session.experiment_changed.connect(self.redraw)
        session.run_replaced.connect(self.redraw)
        session.player.run_finished.connect(self.redraw)  # no frame need follow the end of a run
        session.concealed.changed.connect(self.restyle)
        appearance.changed.connect(self.restyle)
        self.restyle()

    @property
    def is_folded(self) -> bool:
        """Whether only the title is shown."""
        if self._is_crowded:
            return not self._is_wanted
        return self.choice == "folded" if self.choice else self._is_low

    @property
    def _is_crowded(self) -> bool:
        """Whether the pictures leave no room for more than a line, unless the user asks for it."""
        pictures = len(self.session.experiment.view.panels)
        return self._room < _CROWDED_WINDOW * self.appearance.crowding and pictures > _FEW_PICTURES

    @property
    def _is_low(self) -> bool:
        return self._room < _LOW_WINDOW * self.appearance.crowding

    @property
    def lines(self) -> tuple[CodeLine, ...]:
        """The lines shown."""
        return self._lines

    @Slot()
    def toggle(self) -> None:
        """Show the strip where it is not, else fold or unfold it."""
        shown = self.session.experiment.view.code
        self._choose(is_open=not shown or self.isHidden() or self.is_folded)
        if not shown:
            self.session.edit({"view.code": True})
        self._fit()

    def _choose(self, *, is_open: bool) -> None:
        """Take a choice; one made where the strip is crowded is not one for a window with more room."""
        self._is_wanted = is_open
        if not self._is_crowded:
            self.choice = "open" if is_open else "folded"

    def set_room(self, height: int) -> None:
        """Take over the height of the window, of which the strip may use a share."""
        if height != self._room:
            self._room = height
            self._is_wanted = self._is_wanted and self._is_crowded
            self._fit()

    @Slot()
    def redraw(self) -> None:
        """Write the code of the session's experiment again."""
        self._show_or_hide()
        if not self.session.experiment.view.code:
            return
        made = self._made_now()
        snapshot = self.session.run.snapshot()
        if snapshot is not None:
            self._print(snapshot)
        if self.console.isHidden() == (not self.is_folded and self.session.experiment.view.console):
            self._fit()
        phase = None if snapshot is None else snapshot.phase
        shown, now = (self._lines, self._phase, self._remark), (made.lines, phase, made.remark)
        if now != shown:
            self._lines, self._phase, self._remark = now
            self._show_program(made)
            self._write()
            self._fit()

    def _made_now(self) -> CodeText:
        """Return the text of the run as it is; made anew only where it is another one."""
        run = self.session.run
        has_form = run.problem is not None and run.problem.fast_form is not None
        is_faster = has_form and not run.experiment.run.optimizer.has_memory
        wanted = run.experiment.view.program
        written_for = run.first_experiment, run.rate_changes, wanted, is_faster
        if written_for != self._written_for:
            first, changes = written_for[:2]
            self._made = code_of(first, changes, wanted, is_faster=is_faster)
            self._written_for = written_for
        return self._made

    def _show_program(self, made: CodeText) -> None:
        """Show which program is written, and whether there is another to choose."""
        self.chooser.setCurrentIndex(list(_PROGRAMS).index("by_hand" if made.is_by_hand else "pytorch"))
        self.chooser.setEnabled(not made.why_not_by_hand)
        self.chooser.setToolTip(made.why_not_by_hand or _CHOOSER_HELP)
        self.text.setAccessibleName(f"The loop {'by hand' if made.is_by_hand else 'as PyTorch code'}")

    @Slot(int)
    def _on_program_chosen(self, index: int) -> None:
        self.session.edit({"view.program": list(_PROGRAMS)[index]})

    @override
    @Slot(object)
    def draw(self, snapshot: Snapshot) -> None:
        if self.session.run.schedule.changes is not self._changes:
            self.redraw()  # only the run itself knows after which step a changed rate acts
        self._print(snapshot)
        if snapshot.phase is not self._phase:
            self._phase = snapshot.phase
            self._show_or_hide()
            self._write()

    @override
    @Slot()
    def restyle(self) -> None:
        self.rescale()
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(self.appearance.type_pixels(SMALL))
        self.text.setFont(font)
        self.text.setStyleSheet(
            f"QTextBrowser {{ background: transparent; font-family: '{font.family()}'; "
            f"font-size: {font.pixelSize()}px; }}"
        )
        self.console.setFont(font)
        line = f"border-top: 1px solid {self.appearance.theme.border}; "
        self.console.setStyleSheet(self.text.styleSheet().replace("{ ", f"{{ {line}"))
        self._lines, self._printed_for = (), None
        self.redraw()

    def _print(self, snapshot: Snapshot) -> None:
        """Write what the program has printed up to a snapshot, where it is wanted and there is more."""
        run, concealed = self.session.run, self.session.concealed
        if not self.session.experiment.view.console:
            return
        epochs = len(snapshot.epoch_table), snapshot.epoch
        ended = run.result is not None and snapshot.step == run.result.step
        printed_for = run.number, run.first_experiment, epochs, ended, concealed.quantities
        if printed_for == self._printed_for:
            return
        if self.session.player.is_playing and not ended and self._print_later.isActive():
            return  # nobody reads faster: it is written when the time has passed, or the run rests
        self._print_later.start()
        self._printed_for = printed_for
        self.console.show_lines(printed_lines(run, snapshot, concealed))

    @Slot()
    def _print_latest(self) -> None:
        snapshot = self.session.run.snapshot()
        if snapshot is not None:
            self._print(snapshot)

    @Slot()
    def _on_output(self) -> None:
        self.session.edit({"view.console": not self.session.experiment.view.console})

    def _show_or_hide(self) -> None:
        shown = self.session.experiment.view.code
        has_line = self._phase is not None
        self.setVisible(shown and (has_line or self._is_wanted or not self._is_crowded))

    @Slot()
    def _on_fold(self) -> None:
        self._choose(is_open=self.is_folded)
        self._fit()

    def _write(self) -> None:
        theme, phase = self.appearance.theme, self._phase
        reshaped = mistake_of(self.session.experiment.run.mistake).reshapes_labels
        values: dict[str, str] = {}
        if phase is not None:
            by_hand = self._made.is_by_hand
            problem = self.session.run.problem
            output = "h" if problem is None else problem.output_name
            words = (
                hand_values(phase, problem)
                if by_hand
                else code_values(phase, reshaped=reshaped, output=output)
            )
            values = veiled_values(words, self.session.concealed)
        name = None if phase is None else phase.phase
        self.text.setHtml(code_html(self._lines, theme, name, values))
        self._scroll()
        self._write_note("" if name is None else values.get(name, ""))

    def _scroll(self) -> None:
        """Scroll the highlighted line to the middle, or the loop to the top, as far as that is possible."""
        lit = lit_lines(self._lines, self._phase.phase if self._phase else None)
        document = self.text.document()
        line = document.findBlockByNumber(lit[len(lit) // 2] if lit else loop_line(self._lines))
        place = document.documentLayout().blockBoundingRect(line)
        if not self.text.textCursor().hasSelection():
            self.text.setTextCursor(QTextCursor(line))  # Qt scrolls back to it at another size
        half = self.text.viewport().height() // 2
        self.text.verticalScrollBar().setValue(round(place.center().y()) - half if lit else round(place.y()))

    @Slot(int, int)
    def _on_range(self, _: int, __: int) -> None:
        self._scroll()  # Qt knows the range only later than the lines

    def _write_note(self, value: str) -> None:
        lit = lit_lines(self._lines, self._phase.phase if self._phase else None)
        note = self._remark
        if lit and self._phase is not None:
            words = value if self.is_folded and value else self._lines[lit[-1]].text.strip()
            code = coloured(words, self.appearance.theme)
            note = f"step {self._phase.step}, {self._phase.phase}: <code>{code}</code>"
        if note != self.note.text():
            self.note.setText(note)

    def _fit(self) -> None:
        """Set the strip's height to that of the lines, within its share of the window."""
        folded = self.is_folded
        self._show_or_hide()
        self.text.setVisible(not folded)
        self.chooser.setVisible(not folded)
        self._fit_console(folded=folded)
        self.fold.setText("▸" if folded else "▾")
        words = "Show the code (C)" if folded else "Fold the code away (C)"
        self.fold.setToolTip(words)
        self.fold.setAccessibleName(words)
        self.text.setFixedHeight(self._fitting())
        self._scroll()

    def _fitting(self) -> int:
        """Return the height of as many lines as there is room for, none of them cut; at least of one."""
        document, bar = self.text.document(), self.text.horizontalScrollBar()
        is_scrolled = document.idealWidth() > self.text.viewport().width()
        below = bar.sizeHint().height() if is_scrolled else 0
        high = round(document.size().height()) + 4 + below
        if high <= self._most():
            return high
        margin = document.documentMargin()
        line = (document.size().height() - 2 * margin) / document.blockCount()
        return round(margin + line * max(1, int((self._most() - below - margin) / line))) + below

    def _fit_console(self, *, folded: bool) -> None:
        wanted = self.session.experiment.view.console
        self.output.setVisible(not folded)
        self.output.setChecked(wanted)
        self.output.setToolTip("Hide what the program prints" if wanted else "Show what the program prints")
        self.console.setVisible(wanted and not folded)
        self.console.fit()

    def _most(self) -> int:
        """Return the greatest height of the lines, at least that of two; the others can be scrolled to."""
        scale = self.appearance.scale
        share = _SHARE * self._room
        if self._is_low:
            share = _LOW_SHARE * (self._room - _REST * scale)
        elif not self.console.isHidden():
            share = _SHARE_WITH_OUTPUT * self._room
        if not self.console.isHidden():
            share -= self.console.height()
        return max(round(_LEAST_LINES * scale), round(share))
