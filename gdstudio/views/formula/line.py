"""The formula line: the rule or the cost, with the numbers of the run, in the plots' colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from gdstudio.core.notation import Formula
from gdstudio.core.problems.mistakes import mistake_of
from gdstudio.views.formula.content import compose
from gdstudio.views.formula.layout import SYMBOL_SCALE, FormulaLayouter
from gdstudio.views.formula.symbols import SymbolPainter, is_ready, typesetter
from gdstudio.views.formula.veil import veiled
from gdstudio.views.widgets.theme import BODY, FORMULA, GRID, TITLE

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPaintEvent

    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.formula.layout import FormulaLines, Placed
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_LOAD = QEvent.Type(QEvent.registerEventType())
_LOW_WINDOW = 660
"""Below this height the pictures need the second line more than the letters need their size."""


class FormulaLine(QWidget):
    """Shows the move that was just made; before the first one, the move to come.

    What it says is also its accessible description. A classic mistake's sentence stands below.
    """

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session, self._appearance = session, appearance
        self.setObjectName("formula_line")
        self.setAccessibleName("Formula line")
        self._written_for: tuple[object, ...] = ()
        self.mathematics = FormulaWidget(appearance)
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        self._sentence.setMinimumWidth(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.mathematics)
        column.addWidget(self._sentence)
        session.run_replaced.connect(self.redraw)
        session.experiment_changed.connect(self.redraw)
        appearance.changed.connect(self._restyle)
        self._restyle()
        self.redraw()

    def text(self) -> str:
        """Return what is written, as plain text."""
        return self.accessibleDescription()

    @Slot()
    def redraw(self) -> None:
        """Show the session's run as it stands."""
        snapshot = self._session.run.snapshot()
        if snapshot is not None:
            self.draw(snapshot)

    @Slot(object)
    def draw(self, snapshot: Snapshot) -> None:
        """Show a frame's snapshot."""
        experiment, problem = self._session.experiment, self._session.run.problem
        if problem is None or len(problem.weight_names) != len(snapshot.latest):
            return
        concealed = self._session.concealed
        moment = (self._session.run.version, snapshot.version, snapshot.step)
        written_for = (moment, concealed.quantities, experiment, problem)
        if written_for == self._written_for:
            return  # an edit is told by several signals, and then by the frame
        self._written_for = written_for
        formula = veiled(compose(snapshot, experiment, problem), concealed)
        mistake = mistake_of(experiment.run.mistake)
        said = mistake.sentence_for(problem, experiment.batch_size)
        said = "" if concealed.hides("mistake") else said
        if said != self._sentence.text():
            self._sentence.setText(said)
        self._sentence.setVisible(bool(said))
        written = f"{formula.plain}. {said}" if said else formula.plain
        if self.mathematics.show_formula(formula) or written != self.text():
            self.setAccessibleDescription(written)

    @Slot()
    def _restyle(self) -> None:
        self._sentence.setStyleSheet(f"color: {self._appearance.theme.warning}")


class FormulaWidget(QWidget):
    """Paints a formula in few lines, as large as they allow; nothing of it is ever left out.

    Until the typesetter of the symbols is loaded, after the first paint, they are plain letters.
    """

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._formula = Formula()
        self._typist = FormulaLayouter()
        self._symbols = SymbolPainter()
        self._fonts = self._make_fonts()
        self._pages: dict[tuple[int, bool], FormulaLines] = {}  # layouts ask for several widths in turn
        self._asked = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(1)
        appearance.changed.connect(self._on_style)

    def show_formula(self, formula: Formula) -> bool:
        """Show a formula; return whether it is another one than before."""
        if formula == self._formula:
            return False
        self._formula = formula
        self._typist.take_numbers(formula, self._fonts[-1])
        self._set_again()
        return True

    def page(self, width: int | None = None) -> FormulaLines:
        """Return the lines at a width, its own where None."""
        width = self.width() if width is None else width
        low = self.window().height() < self._appearance.crowding * _LOW_WINDOW
        if (width, low) not in self._pages:
            large, middle, small = self._fonts
            high = [(large, 2), (middle, 3), (small, 3)]
            choices = [(large, 1), (middle, 1), (small, 1), (small, 2)] if low else high
            self._pages[width, low] = self._typist.fit(self._formula, width, choices)
        return self._pages[width, low]

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        page = self.page(width)
        return round(page.height * max(1, len(page.rows)))

    @override
    def sizeHint(self) -> QSize:
        return QSize(1, self.heightForWidth(max(1, self.width())))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(1, self._appearance.pixels(TITLE))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, page = QPainter(self), self.page()
        painter.setFont(page.font)
        needed = page.height * len(page.rows)
        if needed > self.height() + 1:  # a window too low for all that is in it
            painter.scale(self.height() / needed, self.height() / needed)
        top = max(0.0, (self.height() - needed) / 2)
        for row in page.rows:
            for placed in row:
                if placed.piece.shown:
                    self._paint(painter, placed, round(top + page.ascent), page)
            top += page.height
        painter.end()
        if not is_ready() and not self._asked:
            self._asked = True
            QCoreApplication.postEvent(self, QEvent(_LOAD), Qt.EventPriority.LowEventPriority.value)

    def _paint(self, painter: QPainter, placed: Placed, baseline: float, page: FormulaLines) -> None:
        piece, left = placed.piece, placed.left
        colour = getattr(self._appearance.theme, piece.quantity)
        if piece.tex and is_ready():
            size = SYMBOL_SCALE * page.font.pixelSize()
            weights = self._appearance.theme.weights
            self._symbols.paint(painter, QPointF(left, baseline), piece.tex, colour, size, weights)
            return
        text = piece.text.strip()
        painter.setPen(QColor(colour))
        painter.drawText(QPointF(left, baseline), text)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == _LOAD:
            typesetter()
            self._set_again()
            return True
        return super().event(event)

    @Slot()
    def _on_style(self) -> None:
        self._fonts = self._make_fonts()
        self._set_again()

    def _make_fonts(self) -> list[QFont]:
        return [self._appearance.font(size) for size in (FORMULA, TITLE, BODY)]

    def _set_again(self) -> None:
        self._pages.clear()
        if self.heightForWidth(max(1, self.width())) != self.height():
            self.updateGeometry()
        self.update()
