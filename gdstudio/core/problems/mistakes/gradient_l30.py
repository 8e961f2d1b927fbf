"""The notebook's L30: the derivative of the squares without the factor of the cost."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.problems.mistakes.mistake import Mistake
from gdstudio.core.problems.mistakes.wrapped import OwnGradient, WithGradientRule
from gdstudio.core.problems.traits import Trait

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import CodeLine, Program
    from gdstudio.core.problems.problem import Problem


class GradientL30(Mistake):
    """The gradient of the whole sum of squares, whatever the cost is."""

    name, title, place = "gradient_l30", "gradient of L30: factor lost", 1
    sentence = (
        "The notebook's L30 drops the factor before the sum: this is the gradient of the sum of the "
        "squares, not of the cost."
    )
    needs = frozenset({Trait.SQUARED_RESIDUALS})
    changes_gradient = True
    gradient_share = False

    @override
    def sentence_for(self, problem: Problem, batch_size: int) -> str:
        squares = problem.squares
        if squares is None or squares.factor(batch_size) != 1:
            return self.sentence
        return (
            "The notebook's L30 takes the gradient of the sum of the squares: here the cost of a step is "
            "that sum itself, so the steps are right."
        )

    @override
    def wrap(self, problem: Problem) -> Problem:
        return WithGradientRule(problem, _GradientOfSum)

    @override
    def edit(self, program: Program) -> Program:
        text = f'nn.functional.mse_loss(h, {program.y}, reduction="sum").backward()'
        return program.with_phase(
            "backward", lambda line: line.mistaken(text, note="not the cost's own gradient")
        )

    @override
    def edit_by_hand(self, program: Program) -> Program:
        def of_sum(line: CodeLine) -> CodeLine:
            text = re.sub(r" = .*(?=np\.sum)", " = 2 * ", line.text)
            return replace(line, text=text, note="the factor of the cost is lost", is_mistake=True)

        return program.with_phase("backward", lambda line: (of_sum(line),))


class _GradientOfSum(OwnGradient):
    @override
    def __call__(
        self, gradients: tuple[torch.Tensor, ...], X: torch.Tensor, y: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        import torch
        from torch.nn.functional import mse_loss

        whole = mse_loss(self.forward(self.parameters, X), y, reduction="sum")
        return torch.autograd.grad(whole, list(self.parameters))
