"""No mistake at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.problems.mistakes.mistake import Mistake

if TYPE_CHECKING:
    from gdstudio.core.listing import Program
    from gdstudio.core.problems.problem import Problem


class NoMistake(Mistake):
    """The problem and its program as they are."""

    name, title, place = "none", "none", 0

    @override
    def wrap(self, problem: Problem) -> Problem:
        return problem

    @override
    def edit(self, program: Program) -> Program:
        return program

    @override
    def edit_by_hand(self, program: Program) -> Program:
        return program
