"""zero_grad() left out: every gradient is added to those before it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.notation import GETS, maths
from gdstudio.core.problems.mistakes.mistake import Mistake
from gdstudio.core.problems.mistakes.wrapped import OwnGradient, WithGradientRule

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import CodeLine, Lines, Program
    from gdstudio.core.notation import Group, Piece
    from gdstudio.core.problems.problem import Problem


class NoZeroGrad(Mistake):
    """Gradients add up from step to step."""

    name, title, place = "no_zero_grad", "zero_grad left out", 4
    sentence = (
        "Without zero_grad() every gradient is added to all before it: a step follows the sum of all "
        "gradients so far."
    )
    changes_gradient = True

    @override
    def gradient_rule(self, used: Piece, right: Piece) -> tuple[Group, ...]:
        return ((used, GETS, used, maths(" + ", "+"), right),)

    @override
    def wrap(self, problem: Problem) -> Problem:
        return WithGradientRule(problem, _AddedUp)

    @override
    def edit(self, program: Program) -> Program:
        return program.with_phase("zero_grad", lambda line: (_left_out(line),))

    @override
    def among_processes(self, backward: CodeLine, parameters: str, part: str) -> Lines:
        """Return the lines that add up a step's own gradients first: the old ones are added up already."""
        return backward.mistaken(
            f"for p, g in zip({parameters}, torch.autograd.grad(cost, {parameters})):",
            f"    g = total(g, {part})",
            "    p.grad = g if p.grad is None else p.grad + g",
            note="the old gradient stays",
        )


def _left_out(line: CodeLine) -> CodeLine:
    return replace(line, note="left out: gradients add up", is_mistake=True, is_left_out=True)


class _AddedUp(OwnGradient):
    @override
    def __call__(
        self, gradients: tuple[torch.Tensor, ...], X: torch.Tensor, y: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        if self.leftover:
            gradients = tuple(old + new for old, new in zip(self.leftover, gradients, strict=True))
        self.leftover = gradients
        return gradients
