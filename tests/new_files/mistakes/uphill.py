"""The minus sign forgotten: every step goes uphill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.problems.mistakes.mistake import Mistake
from gdstudio.core.problems.mistakes.wrapped import OwnGradient, WithGradientRule

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import Program
    from gdstudio.core.problems.problem import Problem


class Uphill(Mistake):
    """The gradient's sign is turned."""

    name, title = "uphill", "minus sign forgotten"
    sentence = "The gradient points uphill: without the minus sign the cost grows with every step."
    changes_gradient = True

    @override
    def wrap(self, problem: Problem) -> Problem:
        return WithGradientRule(problem, _Turned)

    @override
    def edit(self, program: Program) -> Program:
        turn = f"for p in {program.parameters}: p.grad.neg_()"
        return program.with_phase(
            "backward",
            lambda line: line.mistaken(line.text.strip(), turn, note="the minus sign is forgotten"),
        )


class _Turned(OwnGradient):
    @override
    def __call__(
        self, gradients: tuple[torch.Tensor, ...], X: torch.Tensor, y: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        return tuple(-g for g in gradients)
