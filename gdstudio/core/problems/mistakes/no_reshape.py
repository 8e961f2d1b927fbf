"""Labels that are not reshaped: broadcasting compares every prediction with every label."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from gdstudio.core.listing import Part
from gdstudio.core.problems.data.source import COLUMN
from gdstudio.core.problems.mistakes.mistake import Mistake
from gdstudio.core.problems.mistakes.wrapped import WrappedProblem
from gdstudio.core.problems.traits import Trait
from gdstudio.core.problems.viewpoint import Viewpoint

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import CodeLine, Program
    from gdstudio.core.problems.losses.loss import Squares
    from gdstudio.core.problems.problem import LossFunction, Problem, ProblemSpec
    from gdstudio.core.typing import Floats

MOST_ROWS = 3000
"""n rows cost n times n pairs; more rows than this are not let in."""


class NoReshape(Mistake):
    """Labels of shape (n,) beside predictions of shape (n, 1)."""

    name, title, place = "no_reshape", "labels not reshaped", 5
    sentence = (
        "Labels of shape (n,) against predictions of shape (n, 1) are broadcast to n × n pairs: every "
        "prediction is compared with all labels of its batch, and drawn to their mean."
    )
    needs = frozenset({Trait.ROWS, Trait.BROADCASTING})
    reshapes_labels = False

    @override
    def objection(self, spec: ProblemSpec) -> str:
        if spec.row_count > MOST_ROWS:
            return f"no_reshape pairs all rows; have {MOST_ROWS} rows at most"
        return super().objection(spec)

    @override
    def sentence_for(self, problem: Problem, batch_size: int) -> str:
        if batch_size > 1:
            return self.sentence
        return (
            "Labels of shape (n,) against predictions of shape (n, 1) are broadcast to n × n pairs: with one "
            "row in a step that is one pair: the steps are right, and only the cost over all rows is not."
        )

    @override
    def wrap(self, problem: Problem) -> Problem:
        if problem.squares is None:
            return _AllPairs(problem)
        return _AllSquaredPairs(problem, problem.squares)

    @override
    def edit(self, program: Program) -> Program:
        edited = program.with_part(Part.LABELS, lambda line: (_flat(line),))
        edited = edited.with_part(Part.MODEL, lambda line: (_unshaped(line),))
        return edited.with_phase("loss", lambda line: (replace(line, note=_PAIRS, is_mistake=True),))


_PAIRS = "n × n pairs are compared"


def _flat(line: CodeLine) -> CodeLine:
    if COLUMN not in line.text:
        return line
    return replace(line, text=line.text.replace(COLUMN, ""), note="y stays (n,)", is_mistake=True)


def _unshaped(line: CodeLine) -> CodeLine:
    note = re.sub(r"y \((\d+), 1\)", r"y (\1,), not reshaped to (\1, 1)", line.note)
    return replace(line, note=note, is_mistake=True)


class _AllPairs(WrappedProblem):
    """Compares all n × n pairs."""

    steps_along_gradient = False

    @override
    def loss(self) -> LossFunction:
        right = self.inner.loss()

        def of_all_pairs(h: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
            pairs = (len(h), len(y))
            return right(h.expand(pairs), y.T.expand(pairs))

        return of_all_pairs


class _AllSquaredPairs(_AllPairs):
    """The same for squares, without forming the pairs.

    The sum over all pairs of (h_i - y_j)^2 is n times the sum of (h_i - mean y)^2 plus n times that of
    (y_j - mean y)^2: the cost of the same problem on labels that all are the mean, times a factor, plus a
    constant.
    """

    def __init__(self, inner: Problem, squares: Squares) -> None:
        super().__init__(inner)
        rows, y = len(inner.rows), inner.rows.y
        of_pairs = squares.factor(rows**2) * rows
        self._times = of_pairs / squares.factor(rows)
        self._more = of_pairs * float(((y - y.mean()) ** 2).sum())

    @cached_property
    def _on_mean(self) -> Problem:
        """The same problem, each of whose labels is the mean of all."""
        y = self.inner.rows.y
        return self.inner.with_labels(np.full_like(y, y.mean()))

    @override
    def cost_at(self, weights: Floats) -> Floats:
        return np.asarray(self._times * self._on_mean.cost_at(weights) + self._more)

    @override
    def gradient_at(self, weights: Floats) -> Floats:
        return self._times * self._on_mean.gradient_at(weights)

    @override
    def hessian_at(self, weights: Floats) -> Floats:
        return self._times * self._on_mean.hessian_at(weights)

    @override
    def curvatures(self) -> Floats | None:
        found = self._on_mean.curvatures()
        return None if found is None else self._times * found

    @property
    @override
    def minima(self) -> Floats:
        return self._on_mean.minima

    @property
    @override
    def viewpoint(self) -> Viewpoint | None:
        view = self._on_mean.viewpoint
        if view is None or view.least is None:
            return view
        return Viewpoint(view.centre, view.half_width, self._times * view.least + self._more)
