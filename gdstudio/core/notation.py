"""What a formula is made of: pieces with a quantity each, in groups that stay together. No Qt here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from gdstudio.core.numbers import MINUS, format_fixed, format_number
from gdstudio.core.symbols import symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gdstudio.core.concealment import Quantity

_NAME = re.compile(r"([A-Za-z]+)(\d*)")
_GREEK = {"theta"}
_RELATIONS = set("=≈←<>")
WEIGHTS = "weights"
"""The quantity whose colour some symbols of a formula in TeX may have."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A symbol, a number or a word.

    ``text`` is the plain form, whose outer spaces are the gaps around it. ``tex`` draws it as
    mathematics. ``field`` names the place of a number that changes: its line has room for ``reserve`` and for
    the widest number that it ever held. What is not ``shown`` keeps its room. ``tells`` is the quantity that
    it gives away, where its colour does not say so: a question can hide it.
    """

    text: str
    quantity: str = "text"
    tex: str = ""
    field: str = ""
    reserve: str = ""
    shown: bool = True
    tells: Quantity | None = None

    @property
    def is_operator(self) -> bool:
        """Whether it stands between two others, so that a line can begin with it."""
        return bool(self.tex) and self.text.startswith(" ") and self.text.endswith(" ")

    @property
    def is_relation(self) -> bool:
        """Whether it is an operator between two sides, such as an equals sign."""
        return self.is_operator and self.text.strip() in _RELATIONS


Group: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """Groups in reading order; a line ends between two of them, or in one that is longer than a line.

    ``moving`` tells that a run is on its way; where it is not any more, another one begins.
    """

    groups: tuple[Group, ...] = ()
    moving: bool = False

    @property
    def plain(self) -> str:
        """The formula as plain text, for screen readers."""
        written = ("".join(piece.text for piece in group if piece.shown) for group in self.groups)
        return "; ".join(" ".join(text.split()) for text in written if text.strip())


def words(text: str, quantity: str = "text") -> Piece:
    """Return words."""
    return Piece(text, quantity)


def maths(text: str, tex: str, quantity: str = "text") -> Piece:
    """Return a symbol."""
    return Piece(text, quantity, tex)


def operator(text: str, tex: str = "") -> Piece:
    """Return an operator with room on both sides."""
    return Piece(f" {text} ", tex=tex or text)


EQUALS = operator("=")
GETS = operator("←", r"\leftarrow")
ABOUT = operator("≈", r"\approx")
LESS = operator(MINUS, "-")
TIMES = operator("·", r"\cdot")
ALPHA = maths("α", r"\alpha")
ALPHA_NOW = maths("αₜ", r"\alpha_t")
"""The learning rate where a schedule makes it another one in each step."""


def number(text: str, quantity: str, field: str, reserve: str = "") -> Piece:
    """Return a number in a field."""
    return Piece(text, quantity, field=field, reserve=reserve)


def written(value: float, decimals: int, *, plain: bool = False) -> str:
    """Write a number for a field; ``plain`` writes exact integers without decimals.

    Numbers that the decimals cannot hold are powers of ten of three digits, hardly wider.
    """
    if plain and abs(value) < 1e6 and value == int(value):
        return format_number(value)
    if value != 0 and not 10.0**-decimals <= abs(value) < 1e6:
        return format_number(value, 3)
    return format_fixed(value, decimals)


def as_written(value: float, decimals: int) -> float:
    """Return the number that a reader sees where a value is `written`."""
    if value != 0 and not 10.0**-decimals <= abs(value) < 1e6:
        return float(f"{value:.2e}")
    return float(f"{value:.{decimals}f}")


def value(amount: float, quantity: str, field: str, decimals: int, *, plain: bool = False) -> Piece:
    """Return a number with fixed decimals, with room for a minus sign unless it is a cost."""
    sign = "" if quantity == "cost_text" else MINUS
    reserve = f"{sign}0.{'0' * decimals}"
    return number(written(amount, decimals, plain=plain), quantity, field, reserve)


def vector(
    values: Sequence[float], quantity: str, field: str, decimals: int, *, plain: bool = False
) -> Group:
    """Return one number as it is, several in parentheses."""
    numbers = [value(v, quantity, f"{field}{i}", decimals, plain=plain) for i, v in enumerate(values)]
    if len(numbers) == 1:
        return tuple(numbers)
    pieces = [words("(", quantity)]
    for i, piece in enumerate(numbers):
        pieces += [words(", ", quantity), piece] if i else [piece]
    return (*pieces, words(")", quantity))


def telling(quantity: Quantity, *pieces: Piece) -> Group:
    """Return pieces marked with the quantity that they give away, as a sign or a word may."""
    return tuple(replace(piece, tells=quantity) for piece in pieces)


def hidden(pieces: Iterable[Piece]) -> Group:
    """Return pieces that keep their room but are not seen: numbers that are still to come."""
    return tuple(replace(piece, shown=False) for piece in pieces)


def name_tex(name: str) -> str:
    """Return the TeX of a weight's name: theta, w1 as w_1, anything longer upright."""
    found = _NAME.fullmatch(name)
    if found is None:
        return rf"\mathrm{{{name}}}"
    letters, digits = found.groups()
    if letters in _GREEK:
        letters = "\\" + letters
    elif len(letters) > 1:
        letters = rf"\mathrm{{{letters}}}"
    return f"{letters}_{{{digits}}}" if digits else letters


def weight_tex(name: str) -> str:
    """Return the TeX of a weight inside a formula of another colour: it keeps its own."""
    return rf"{{\color{{{WEIGHTS}}}{name_tex(name)}}}"


def weights(names: Sequence[str], most: int) -> Piece:
    """Return the weights by their names; a bold w where there are more than can be named."""
    if len(names) > most:
        return maths("w", r"\mathbf{w}", "weights")
    text, tex = ", ".join(map(symbol, names)), ", ".join(map(name_tex, names))
    return maths(text, tex, "weights") if len(names) == 1 else maths(f"({text})", f"({tex})", "weights")
