"""What every classic mistake is: what it makes of a problem and of its program, and what is wrong with it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from gdstudio.core.problems.traits import Trait

if TYPE_CHECKING:
    from gdstudio.core.listing import CodeLine, Lines, Program
    from gdstudio.core.notation import Group, Piece
    from gdstudio.core.problems.problem import Problem, ProblemSpec


class Mistake(ABC):
    """A mistake made on purpose.

    A new one is one new module in this folder with a subclass that has a ``name``. It wraps the problem, so
    that the run and every picture show the same mistaken thing, and edits the program, so that the code does
    too.
    """

    name: ClassVar[str] = ""
    """Its name in a file."""
    title: ClassVar[str] = ""
    """Its name in a list to choose from."""
    sentence: ClassVar[str] = ""
    """What is wrong, for the line below the formula, on whatever problem it is made."""
    place: ClassVar[int] = 100
    """Where it stands in the list."""
    needs: ClassVar[frozenset[Trait]] = frozenset()
    """What a problem must have, or the mistake cannot be made on it."""
    reshapes_labels: ClassVar[bool] = True
    """Whether labels become a column of shape (n, 1), as they should."""
    changes_gradient: ClassVar[bool] = False
    """Whether a step uses another gradient than that of the cost it computes."""
    gradient_share: ClassVar[bool | None] = None
    """Where rows are split among processes: whether its gradient is a mean; None for the cost's own way."""

    def objection(self, spec: ProblemSpec) -> str:
        """Return why it cannot be made on a problem, and what would be right; empty where it can."""
        missing = self.needs - spec.traits if self.needs else frozenset()
        if not missing:
            return ""
        what = next(trait for trait in Trait if trait in missing)
        return f"{self.name} needs {what}; give another problem, or another mistake"

    def sentence_for(self, problem: Problem, batch_size: int) -> str:
        """Return what is wrong, and what is not, on a problem with so many rows in a step."""
        return self.sentence

    def gradient_rule(self, used: Piece, right: Piece) -> tuple[Group, ...]:
        """Return the formula of the gradient used, where it has one of its own; none where it has not."""
        return ()

    @abstractmethod
    def wrap(self, problem: Problem) -> Problem:
        """Return the problem with the mistake."""

    @abstractmethod
    def edit(self, program: Program) -> Program:
        """Return the text of the run's program, changed so that it makes the same mistake when it is run.

        Lines are found by their phase of a step or by their `gdstudio.core.listing.Part`, and those put in
        their place are made by `gdstudio.core.listing.CodeLine.mistaken`. What is trained, and the rows of a
        step, are called ``program.parameters``, ``program.X`` and ``program.y``.
        """

    def edit_by_hand(self, program: Program) -> Program | None:
        """Return a program by hand that makes the same mistake; None where none can be written.

        Its ``backward`` lines are ``gradient_w = (2 / n) * np.sum(error * x)``, one for each weight.
        """
        return None

    def among_processes(self, backward: CodeLine, parameters: str, part: str) -> Lines:
        """Return the lines that make the gradients of a step whose rows are split among processes.

        ``backward`` is the line that makes those of a process's own rows, ``parameters`` the expression of
        what is trained, and ``part`` what these rows count for: the program's ``total`` adds up with it.
        """
        added_up = (f"for p in {parameters}:", f"    p.grad = total(p.grad, {part})")
        return (backward, *backward.at_margin(*added_up))
