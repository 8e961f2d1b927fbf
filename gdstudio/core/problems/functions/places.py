"""A typed text in the characters of a program, each with its place in what was typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gdstudio.core.errors import InputError

_WRITTEN_AS = {
    "θ": "theta",
    "π": "pi",
    "−": "-",
    "·": "*",
    "×": "*",
    "÷": "/",
    "²": "**2",
    "³": "**3",
    "⁴": "**4",
    "₁": "1",
    "₂": "2",
    "\t": " ",
    "\N{NO-BREAK SPACE}": " ",
}
"""What people type, and what may be pasted, in the place of the characters of a program."""
_TAKEN = re.compile(r"[A-Za-z0-9_ .+\-*/(),]")
_INSTEAD = {
    "^": "write ** for a power, such as w1**2",
    "=": "write the right-hand side alone, without =",
    "<": "write an expression without a comparison",
    ">": "write an expression without a comparison",
    '"': "write an expression without texts in quotes",
    "'": "write an expression without texts in quotes",
    "[": "use round parentheses",
    "]": "use round parentheses",
    "{": "use round parentheses",
    "}": "use round parentheses",
    "\n": "write it on one line",
    "\r": "write it on one line",
    ";": "write one expression",
    "!": "write products out",
    "%": "divide by 100 instead",
    "√": "write sqrt(…)",
    "|": "write abs(…)",
}


@dataclass(frozen=True, slots=True)
class Places:
    """``plain`` in the characters of a program; ``at`` has the place of each in the text, from 0."""

    plain: str
    at: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Places:
        """Take over a text.

        Raises
        ------
        InputError
            Where it has a character that no function has.
        """
        plain, at = [], []
        for place, character in enumerate(text):
            written = _WRITTEN_AS.get(character, character)
            if not _TAKEN.match(written):
                instead = _INSTEAD.get(character, "use letters, digits and + - * / ** ( )")
                shown = "a new line" if character in "\n\r" else f"“{_visible(character)}”"
                raise InputError(f"has {shown} at character {place + 1}; {instead}")
            plain.append(written)
            at += [place] * len(written)
        joined = "".join(plain)
        begin = len(joined) - len(joined.lstrip())
        return cls(joined.strip(), tuple(at[begin:]))

    def where(self, place: int) -> str:
        """Return where in the text a place of ``plain`` is, in words: `` at character 3``."""
        return f" at character {self.number(place)}"

    def number(self, place: int) -> int:
        """Return which character of the text, counted from 1, a place of ``plain`` is."""
        return self.at[min(place, len(self.at) - 1)] + 1


def _visible(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"
