"""The notebook's L98: the derivative of the mean square without the factor x of the chain rule."""

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


class GradientL98(Mistake):
    """(2/n) sum (h - y) for every weight."""

    name, title, place = "gradient_l98", "gradient of L98: x left out", 2
    sentence = (
        "The notebook's L98 forgets the factor xᵢ of the chain rule: no step is made where the residuals add "
        "up to 0, which need not be the minimum."
    )
    needs = frozenset({Trait.SQUARED_RESIDUALS})
    changes_gradient = True
    gradient_share = True

    @override
    def sentence_for(self, problem: Problem, batch_size: int) -> str:
        if Trait.WEIGHT_IS_PREDICTION not in problem.traits:
            return self.sentence
        begin = "The notebook's L98 forgets the factor xᵢ of the chain rule; h(x) = c has none"
        if problem.squares is not None and problem.squares.factor(batch_size) * batch_size == 1:
            return f"{begin}, so the gradient is right here."
        return f"{begin}, so only the factor of this cost is missing."

    @override
    def wrap(self, problem: Problem) -> Problem:
        return WithGradientRule(problem, _MeanResidual)

    @override
    def edit(self, program: Program) -> Program:
        slope = f"slope = 2 * (h - {program.y}).mean().item()"
        text = f"for p in {program.parameters}: p.grad = torch.full_like(p, slope)"
        return program.with_phase("backward", lambda line: line.mistaken(slope, text, note="x is left out"))

    @override
    def edit_by_hand(self, program: Program) -> Program:
        def without_x(line: CodeLine) -> CodeLine:
            text = re.sub(r" = .*", " = 2 * np.mean(error)", line.text)
            return replace(line, text=text, note="x is left out", is_mistake=True)

        return program.with_phase("backward", lambda line: (without_x(line),))


class _MeanResidual(OwnGradient):
    @override
    def __call__(
        self, gradients: tuple[torch.Tensor, ...], X: torch.Tensor, y: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        import torch

        with torch.no_grad():
            mean = 2 * (self.forward(self.parameters, X) - y).mean()
        return tuple(torch.full_like(g, float(mean)) for g in gradients)
