"""The notebook's L52: np.full_like of whole numbers cuts every prediction to a whole number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from gdstudio.core.listing import Part
from gdstudio.core.problems.mistakes.mistake import Mistake
from gdstudio.core.problems.mistakes.wrapped import WrappedProblem
from gdstudio.core.problems.traits import Trait

if TYPE_CHECKING:
    from gdstudio.core.listing import CodeLine, Program
    from gdstudio.core.problems.problem import LossFunction, Problem, ProblemSpec
    from gdstudio.core.problems.viewpoint import Viewpoint
    from gdstudio.core.typing import Floats

NOTEBOOK_GUESSES = np.linspace(-10, 10, 10)
"""The predicted values that the notebook tries (L51), marked where it is made to truncate them (L52)."""
_MOST_JUMPS = 401


class IntegerTruncation(Mistake):
    """Predictions lose their decimals before they are compared."""

    name, title, place = "integer_truncation", "L52: cut to whole numbers", 3
    sentence = (
        "np.full_like of an array of whole numbers (L52) cuts every prediction down "
        "to one: J is a staircase, its slope is 0, and the run does not move."
    )
    needs = frozenset({Trait.WEIGHT_IS_PREDICTION})

    @override
    def objection(self, spec: ProblemSpec) -> str:
        if not super().objection(spec):
            return ""
        return 'integer_truncation is made with h(x) = c; set problem.kind = "constant", or another mistake'

    @override
    def wrap(self, problem: Problem) -> Problem:
        return _Truncated(problem)

    @override
    def edit(self, program: Program) -> Program:
        note = "whole numbers are compared"
        edited = program.with_phase("loss", lambda line: (_cut(line, note),))
        return edited.with_part(Part.COST, lambda line: (_cut(line, ""),))


def _cut(line: CodeLine, note: str) -> CodeLine:
    return replace(line, text=line.text.replace("(h, ", "(h.trunc(), "), note=note, is_mistake=True)


class _Truncated(WrappedProblem):
    """A staircase: the weight is the prediction, and its decimals count for nothing."""

    @override
    def loss(self) -> LossFunction:
        right = self.inner.loss()
        return lambda h, y: right(h.trunc(), y)

    @override
    def predict(self, weights: Floats, X: Floats) -> Floats:
        return np.trunc(self.inner.predict(weights, X))

    @override
    def cost_at(self, weights: Floats) -> Floats:
        return self.inner.cost_at(np.trunc(weights))

    @override
    def gradient_at(self, weights: Floats) -> Floats:
        return np.zeros_like(weights)

    @override
    def hessian_at(self, weights: Floats) -> Floats:
        return np.zeros((len(weights), len(weights)))

    @property
    @override
    def viewpoint(self) -> Viewpoint | None:
        return self.inner.viewpoint  # no step of the stairs is below the least cost without them

    @property
    @override
    def marked_weights(self) -> Floats:
        return NOTEBOOK_GUESSES

    @override
    def jumps(self, low: float, high: float) -> Floats:
        """Return both sides of every whole number but 0, around which nothing changes; none of too many."""
        if high - low > _MOST_JUMPS:
            return np.empty(0)
        whole = np.arange(np.ceil(low), np.floor(high) + 1)
        whole = whole[whole != 0]
        return np.sort(np.concatenate([whole, np.nextafter(whole, 0)]))
