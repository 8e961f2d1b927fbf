"""What the text of a program is made of: lines with the phase of a step that each makes, in sections.

Problems, losses, optimizers and mistakes bring their own lines; `gdstudio.core.program` puts them together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PhaseName = Literal["batch", "forward", "loss", "zero_grad", "backward", "update"]
PHASES: tuple[PhaseName, ...] = get_args(PhaseName)
"""In the order in which a step makes them."""
MOST_COLUMNS = 100


class Part(StrEnum):
    """Marks of lines, whatever phase of a step they make.

    The code panel shows the lines of LOOP and MODEL alone; mistakes find those that they change by MODEL,
    LABELS and COST.
    """

    LOOP = "loop"
    """Set-up, loop and step: what the code strip shows."""
    SCRIPT = "script"
    """What only a program that runs by itself needs: data, functions, guards, printing."""
    MODEL = "model"
    """Makes what is trained; shown like the loop. Its note tells the shapes of the rows."""
    LABELS = "labels"
    """Makes the labels y."""
    COST = "cost"
    """Compares predictions with labels, outside of the step."""


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line of code.

    ``note`` is a comment on it; ``is_mistake`` marks what a classic mistake has changed, ``is_left_out`` a
    line that it leaves out. ``value`` names which number of the step stands beside it; where it is empty,
    that of its phase does.
    """

    text: str
    phase: PhaseName | None = None
    note: str = ""
    is_mistake: bool = False
    is_left_out: bool = False
    part: Part = Part.LOOP
    value: str = ""

    @property
    def margin(self) -> str:
        """The blanks before its text."""
        return self.text[: len(self.text) - len(self.text.lstrip())]

    def at_margin(self, *texts: str) -> Lines:
        """Return lines at the same margin that only a program that runs by itself needs."""
        return tuple(CodeLine(self.margin + text, part=Part.SCRIPT) for text in texts)

    def indented(self, levels: int = 1) -> CodeLine:
        """Return the line further to the right; an empty one stays empty."""
        return replace(self, text="    " * levels + self.text) if self.text else self

    def mistaken(self, *texts: str, note: str) -> Lines:
        """Return lines at the same margin in its place, marked as a mistake; the last has its phase."""
        made = [replace(self, text=self.margin + text, phase=None, is_mistake=True) for text in texts]
        return (*made[:-1], replace(made[-1], phase=self.phase, note=note))


Lines: TypeAlias = tuple[CodeLine, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text: what it does, and the lines that do it."""

    title: str
    lines: Lines
    note: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """The whole text of a run, section by section.

    Parameters
    ----------
    title
        What is trained.
    usage
        How a script of it is run, as lines for its head.
    X, y
        The names of the rows of a step.
    parameters
        The expression of what is trained, as the problem writes it: ``net.parameters()``.
    """

    sections: tuple[Section, ...]
    title: str = ""
    usage: tuple[str, ...] = ()
    X: str = "X"
    y: str = "y"
    parameters: str = "net.parameters()"

    @property
    def lines(self) -> Lines:
        """All lines."""
        return tuple(line for section in self.sections for line in section.lines)

    def with_phase(self, phase: PhaseName, change: Callable[[CodeLine], Iterable[CodeLine]]) -> Program:
        """Return the program with every line of a phase replaced by other lines."""
        return self.with_lines(lambda line: change(line) if line.phase == phase else (line,))

    def with_part(self, part: Part, change: Callable[[CodeLine], Iterable[CodeLine]]) -> Program:
        """Return the program with every line of a part replaced by other lines."""
        return self.with_lines(lambda line: change(line) if line.part is part else (line,))

    def with_text(self, text: str, change: Callable[[CodeLine], Iterable[CodeLine]]) -> Program:
        """Return the program with every line of exactly this text replaced by other lines.

        Raises
        ------
        ValueError
            Where there is no such line.
        """
        if not any(line.text == text for line in self.lines):
            raise ValueError(f"no line of the program is {text!r}")
        return self.with_lines(lambda line: change(line) if line.text == text else (line,))

    def with_lines(self, change: Callable[[CodeLine], Iterable[CodeLine]]) -> Program:
        """Return the program with every line replaced by other lines, perhaps none."""
        changed = (
            replace(section, lines=tuple(new for line in section.lines for new in change(line)))
            for section in self.sections
        )
        return replace(self, sections=tuple(changed))


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a program writes tensors and first weights.

    Parameters
    ----------
    is_double
        Whether the run computes in float64, which is then the default of the text.
    device
        The text of the device that tensors are moved to; empty where they stay where they are made.
    initial_weights, initial_std
        The run's own: the first weights, or the spread of those that are drawn.
    """

    is_double: bool = True
    device: str = ""
    initial_weights: tuple[float, ...] | None = None
    initial_std: float = 0.01

    @property
    def draws(self) -> str:
        """What makes a tensor's numbers float64 where that is not the default."""
        return "" if self.is_double else ", dtype=torch.float64"

    @property
    def casts(self) -> str:
        """What turns a float64 tensor into the run's own numbers."""
        return "" if self.is_double else ".float()"

    @property
    def moves(self) -> str:
        """What takes a tensor or module to the run's device."""
        return f".to({self.device})" if self.device else ""


@dataclass(frozen=True, slots=True)
class ModelText:
    """The text of a model: what it is made of and how its first weights are set.

    ``definitions`` are classes and functions that it needs; ``expression`` makes it (``nn.Linear(1, 1)``);
    ``first_weights`` set its weights, as lines that speak of ``net``; ``draws_weights`` tells that they use
    a ``weights_stream``; ``note`` says what it is.
    """

    expression: str
    first_weights: Lines = ()
    definitions: Lines = ()
    draws_weights: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProblemText:
    """The text of a problem.

    Parameters
    ----------
    data
        The section that makes ``X`` and ``y`` (and ``X_test``, ``y_test``); None where there are no rows.
    model
        The section that makes what is trained, with its first weights.
    parameters
        The expression of what is trained: ``net.parameters()``.
    loss
        The lines that define the loss.
    forward, cost
        The two lines of a step, with ``{X}`` and ``{y}`` in place of the rows; ``cost`` is empty where the
        forward line makes the cost already.
    draws
        Whether the seed's streams are used.
    is_mean
        Whether the cost is a mean over the rows, so that parts of it count by their share.
    has_test
        Whether there are rows ``X_test`` and ``y_test`` that are never trained on.
    truth
        The expression of the true weights as a list; empty where they are not known.
    errors
        Lines that print the errors of the weights after the training, shown like the loop.
    """

    data: Section | None
    model: Section
    parameters: str
    loss: Lines
    forward: str
    cost: str
    draws: bool = False
    is_mean: bool = True
    has_test: bool = False
    truth: str = ""
    errors: Lines = ()

    @property
    def rows(self) -> str:
        """The rows as arguments of a function; empty where there are none."""
        return "" if self.data is None else "X, y"

    def forward_lines(self, X: str, y: str) -> tuple[CodeLine, CodeLine | None]:
        """Return the lines that predict and compare rows of these names; None where one does both."""
        cost = CodeLine(self.cost.format(X=X, y=y), "loss") if self.cost else None
        return CodeLine(self.forward.format(X=X, y=y), "forward"), cost


def code(*texts: str, part: Part = Part.LOOP) -> Lines:
    """Return lines of code without a phase."""
    return tuple(CodeLine(text, part=part) for text in texts)


def indented(lines: Iterable[CodeLine], levels: int = 1) -> Lines:
    """Return lines further to the right; empty ones stay empty."""
    return tuple(line.indented(levels) for line in lines)


def listed(before: str, values: Iterable[str], after: str) -> list[str]:
    """Return values between brackets: on one line where they fit, else wrapped and further to the right."""
    inner = ", ".join(items := list(values))
    if len(before + inner + after) <= MOST_COLUMNS:
        return [before + inner + after]
    return [before, *_wrapped(items), after]


def _wrapped(items: Iterable[str]) -> list[str]:
    # ten times as fast as textwrap, which counts where there are 100,000 numbers
    lines: list[str] = []
    line = "   "
    for item in items:
        if len(line) + len(item) + 2 > MOST_COLUMNS:
            lines.append(line)
            line = "   "
        line += f" {item},"
    return [*lines, line.removesuffix(",")]
