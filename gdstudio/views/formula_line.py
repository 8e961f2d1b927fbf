"""The update rule, and below it the same rule with the numbers of the run, in the plots' colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel

from gdstudio.core.mistakes import SENTENCES
from gdstudio.core.numbers import MINUS, format_fixed, format_number
from gdstudio.core.optimizers import OPTIMIZER_TITLES, SGD
from gdstudio.views.symbols import symbol

if TYPE_CHECKING:
    from gdstudio.core.experiment import Experiment
    from gdstudio.core.history import Snapshot
    from gdstudio.core.problems import Problem
    from gdstudio.core.typing import Floats
    from gdstudio.views.theme import Appearance
    from gdstudio.worker.session import Session

_MOST_WEIGHTS = 3


class FormulaLine(QLabel):
    """Shows the move that was just made; before the first one, the move to come.

    The numbers are put in for plain descent with up to three weights: for other rules the step is no
    multiple of the gradient, and the line says what the rule is.
    """

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session, self._appearance = session, appearance
        self.setObjectName("formula_line")
        self.setAccessibleName("Update rule")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setMinimumWidth(1)
        self.setWordWrap(True)
        session.run_replaced.connect(self.redraw)
        session.experiment_changed.connect(self.redraw)
        appearance.changed.connect(self.redraw)

    @Slot()
    def redraw(self) -> None:
        """Show the session's run as it stands."""
        snapshot = self._session.snapshot()
        if snapshot is not None:
            self.draw(snapshot)

    @Slot(object)
    def draw(self, snapshot: Snapshot) -> None:
        """Show a frame's snapshot."""
        experiment, problem = self._session.experiment, self._session.problem
        if problem is None or len(problem.weight_names) != len(snapshot.latest):
            return
        text = self._rule(experiment, problem)
        if _is_plain(experiment) and len(snapshot.latest) <= _MOST_WEIGHTS:
            text += " &nbsp;&nbsp;&nbsp;&nbsp; " + self._numbers(snapshot, experiment, problem)
        said = SENTENCES[experiment.run.mistake]
        if said:
            text += f"<br>{self._in('warning', said)}"
        if text != self.text():
            self.setText(text)

    def _rule(self, experiment: Experiment, problem: Problem) -> str:
        names = ", ".join(symbol(name) for name in problem.weight_names[:_MOST_WEIGHTS])
        many = len(problem.weight_names) > 1
        weights = self._in("weights", f"({names})" if many else names)
        if not _is_plain(experiment):
            return f"{weights} ← {OPTIMIZER_TITLES[experiment.run.optimizer.kind]}({weights}, α, ∇J)"
        over = "" if experiment.is_full_batch else "<sub>batch</sub>"
        gradient = f"∇J{over}" if many else f"J′{over}({names})"
        return f"{weights} ← {weights} {MINUS} α {self._in('gradient_text', gradient)}"

    def _numbers(self, snapshot: Snapshot, experiment: Experiment, problem: Problem) -> str:
        before, gradient, rate = snapshot.came_from, snapshot.gradient, snapshot.learning_rate
        after = snapshot.latest
        if before is None or gradient is None or rate is None:
            if snapshot.step > 0 or not experiment.is_full_batch or experiment.run.mistake != "none":
                return ""
            before, rate = snapshot.latest, experiment.run.learning_rate
            gradient = problem.gradient_at(before)
            after = before - rate * np.asarray(gradient)
        decimals = 6 if len(before) == 1 else 4
        new, old, slope = (_vector(values, decimals) for values in (after, before, gradient))
        if len(before) == 1 and slope.startswith(MINUS):
            slope = f"({slope})"
        return (
            f"{self._in('weights', new)} = {self._in('weights', old)} {MINUS} {format_number(rate)} · "
            f"{self._in('gradient_text', slope)}"
        )

    def _in(self, quantity: str, text: str) -> str:
        return f'<span style="color:{getattr(self._appearance.theme, quantity)}">{text}</span>'


def _is_plain(experiment: Experiment) -> bool:
    optimizer = experiment.run.optimizer
    return isinstance(optimizer, SGD) and optimizer.momentum == 0


def _vector(values: Floats, decimals: int) -> str:
    written = [format_fixed(value, decimals) for value in values.tolist()]
    return written[0] if len(written) == 1 else f"({', '.join(written)})"
