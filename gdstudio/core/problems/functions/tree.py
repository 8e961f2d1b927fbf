"""What a typed function is made of once it has been read: a tree of a few kinds of node, and nothing else.

A part without weights is a number of Python's, computed by `math`; one with weights is a tensor, computed by
`torch`. The text of a node for a program makes exactly these calls, so that both give the same digits.
"""

from __future__ import annotations

import math
import operator
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from gdstudio.core.notation import weight_tex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FUNCTIONS = ("sin", "cos", "tan", "exp", "log", "sqrt", "abs", "tanh")
CONSTANTS = {"pi": math.pi, "e": math.e}
_SIGNS: dict[str, tuple[Callable[[Any, Any], Any], int]] = {
    "+": (operator.add, 1),
    "-": (operator.sub, 1),
    "*": (operator.mul, 2),
    "/": (operator.truediv, 2),
    "**": (operator.pow, 4),
}
_MINUS, _ATOM = 3, 5
_OF_NUMBERS = {"abs": "fabs"}
"""The functions that `math` has by another name."""


class Node(ABC):
    """A part of a function."""

    @property
    def binds(self) -> int:
        """How tightly it binds its parts, as the operators of Python do."""
        return _ATOM

    @property
    @abstractmethod
    def parts(self) -> tuple[Node, ...]:
        """The nodes that it is made of."""

    @abstractmethod
    def made_of(self, *values: Any) -> Any:
        """Return its value from those of its parts: a tensor where one of them is one, else a number."""

    def of(self, weights: Mapping[str, Any]) -> Any:
        """Return its value where the weights, by their names, are these tensors or numbers.

        A part without weights has one: `gdstudio.core.problems.functions.reading` has tried it.
        """
        return self.made_of(*(part.of(weights) for part in self.parts))

    @abstractmethod
    def text(self, *, for_torch: bool = False) -> str:
        """Return it as it is typed, or as the expression of a program."""

    @abstractmethod
    def tex(self) -> str:
        """Return it as TeX."""

    @property
    def weights(self) -> frozenset[str]:
        """The names of the weights in it."""
        return frozenset[str]().union(*(part.weights for part in self.parts))

    @property
    def depth(self) -> int:
        """How deeply it is nested; 1 where it has no parts."""
        return 1 + max((part.depth for part in self.parts), default=0)

    def within(self, binds: int, *, for_torch: bool) -> str:
        """Return its text inside a node that needs so tight a binding: in parentheses where it has less."""
        text = self.text(for_torch=for_torch)
        return text if self.binds >= binds else f"({text})"

    def tex_within(self, binds: int) -> str:
        """Return its TeX inside a node that needs so tight a binding."""
        return self.tex() if self.binds >= binds else _fenced("(", self.tex(), ")")


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number that is 0 or more."""

    value: float | int

    @property
    @override
    def parts(self) -> tuple[Node, ...]:
        return ()

    @override
    def made_of(self, *values: Any) -> float | int:
        return self.value

    @override
    def text(self, *, for_torch: bool = False) -> str:
        return repr(self.value)

    @override
    def tex(self) -> str:
        digits, _, power = repr(self.value).partition("e")
        return digits if not power else rf"({digits} \cdot 10^{{{int(power)}}})"


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """One of `CONSTANTS`."""

    name: str

    @property
    @override
    def parts(self) -> tuple[Node, ...]:
        return ()

    @override
    def made_of(self, *values: Any) -> float:
        return CONSTANTS[self.name]

    @override
    def text(self, *, for_torch: bool = False) -> str:
        return f"math.{self.name}" if for_torch else self.name

    @override
    def tex(self) -> str:
        return r"\pi" if self.name == "pi" else self.name


@dataclass(frozen=True, slots=True)
class Weight(Node):
    """A weight by its name."""

    name: str

    @property
    @override
    def parts(self) -> tuple[Node, ...]:
        return ()

    @property
    @override
    def weights(self) -> frozenset[str]:
        return frozenset({self.name})

    @override
    def made_of(self, *values: Any) -> Any:
        raise NotImplementedError("a weight has the value that it is given")

    @override
    def of(self, weights: Mapping[str, Any]) -> Any:
        return weights[self.name]

    @override
    def text(self, *, for_torch: bool = False) -> str:
        return self.name

    @override
    def tex(self) -> str:
        return weight_tex(self.name)


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """A unary minus."""

    inside: Node

    @property
    @override
    def binds(self) -> int:
        return _MINUS

    @property
    @override
    def parts(self) -> tuple[Node, ...]:
        return (self.inside,)

    @override
    def made_of(self, *values: Any) -> Any:
        return -values[0]

    @override
    def text(self, *, for_torch: bool = False) -> str:
        return f"-{self.inside.within(_MINUS, for_torch=for_torch)}"

    @override
    def tex(self) -> str:
        return f"-{self.inside.tex_within(_MINUS)}"


@dataclass(frozen=True, slots=True)
class Pair(Node):
    """Two parts with a sign between them: one of ``+ - * / **``."""

    sign: str
    left: Node
    right: Node

    @property
    @override
    def binds(self) -> int:
        return _SIGNS[self.sign][1]

    @property
    @override
    def parts(self) -> tuple[Node, ...]:
        return self.left, self.right

    @override
    def made_of(self, *values: Any) -> Any:
        return _SIGNS[self.sign][0](*values)

    @override
    def text(self, *, for_torch: bool = False) -> str:
        left, right = self._needed
        gap = "" if self.sign == "**" else " "
        before = self.left.within(left, for_torch=for_torch)
        return f"{before}{gap}{self.sign}{gap}{self.right.within(right, for_torch=for_torch)}"

    @override
    def tex(self) -> str:
        if self.sign == "/":
            return rf"\frac{{{self.left.tex()}}}{{{self.right.tex()}}}"
        left, right = self._needed
        if self.sign == "**":
            base = self.left.tex_within(left)
            base = base if isinstance(self.left, Weight) else f"{{{base}}}"
            return f"{base}^{{{self.right.tex()}}}"
        before, after = self.left.tex_within(left), self.right.tex_within(right)
        if self.sign == "*":
            close = isinstance(self.left, Number) and not after[0].isdigit() and after[0] not in "-("
            return rf"{before}\,{after}" if close else rf"{before} \cdot {after}"
        return f"{before} {self.sign} {after}"

    @property
    def _needed(self) -> tuple[int, int]:
        """How tightly the two parts must bind to stand without parentheses: a power binds to its right."""
        return (_ATOM, _MINUS) if self.sign == "**" else (self.binds, self.binds + 1)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """One of `FUNCTIONS` of a part."""

    name: str
    inside: Node

    @property
    @override
    def parts(self) -> tuple[Node, ...]:
        return (self.inside,)

    @override
    def made_of(self, *values: Any) -> Any:
        if isinstance(values[0], float | int):
            return getattr(math, _OF_NUMBERS.get(self.name, self.name))(values[0])
        import torch

        return getattr(torch, self.name)(values[0])

    @override
    def text(self, *, for_torch: bool = False) -> str:
        name = self.name
        if for_torch:
            name = f"torch.{name}" if self.inside.weights else f"math.{_OF_NUMBERS.get(name, name)}"
        return f"{name}({self.inside.text(for_torch=for_torch)})"

    @override
    def tex(self) -> str:
        inside = self.inside.tex()
        if self.name == "sqrt":
            return rf"\sqrt{{{inside}}}"
        if self.name == "abs":
            return _fenced("|", inside, "|")
        return rf"\{self.name}{_fenced('(', inside, ')')}"


def _fenced(before: str, inside: str, after: str) -> str:
    is_high = r"\frac" in inside
    return rf"\left{before}{inside}\right{after}" if is_high else f"{before}{inside}{after}"
