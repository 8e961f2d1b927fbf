"""A column of a table, and how one is gathered cell by cell, chunk by chunk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.tables.limits import MOST_CLASSES
from gdstudio.core.tables.numerals import is_missing, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gdstudio.core.tables.options import Decimal
    from gdstudio.core.typing import Floats

    Codes = NDArray[np.int16]

_DATE = re.compile(
    r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2}))([ T].*)?", re.ASCII
)
_NONE = np.int16(-1)
_MOST_LETTERS = 200


class ColumnKind(StrEnum):
    """What a column holds; its value says it in words."""

    NUMBERS = "numbers"
    CLASSES = "classes"
    TEXT = "text"
    DATES = "dates"
    EMPTY = "nothing"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of n rows.

    Parameters
    ----------
    name, kind
        What it is called and holds.
    numbers
        Its numbers (n,), NaN where there is none.
    codes, texts
        For each row which of the texts it has (n,), -1 for none; empty where it has too many different ones.
    missing
        How many cells say that there is nothing.
    wrong, example
        How many of a column of numbers are something else, and the first of them with its line, in words.
    """

    name: str
    kind: ColumnKind
    numbers: Floats
    codes: Codes
    texts: tuple[str, ...]
    missing: int
    wrong: int
    example: str


class Gatherer:
    """Gathers the cells of a column."""

    def __init__(self, decimal: Decimal | None) -> None:
        self._decimal = decimal
        self._numbers: list[Floats] = []
        self._codes: list[Codes] = []
        self._texts: dict[str, int] = {}
        self._has_too_many = False
        self._rows = self._missing = self._wrong = self._dates = 0
        self._example = ""

    def add(self, cells: Sequence[str | float], lines: Sequence[int]) -> None:
        """Take the next cells, with the numbers of their lines."""
        self._rows += len(cells)
        numbers = self._at_once(cells)
        if numbers is None:
            numbers = self._one_by_one(cells, lines)
        else:
            self._codes.append(np.full(len(cells), _NONE))
        self._numbers.append(numbers)

    def column(self, name: str) -> Column:
        """Return what was gathered."""
        numbers = np.concatenate([np.empty(0), *self._numbers])
        codes = np.concatenate([np.empty(0, dtype=np.int16), *self._codes])
        texts = () if self._has_too_many else tuple(self._texts)
        kind = self._kind()
        wrong, example = (self._wrong, self._example) if kind is ColumnKind.NUMBERS else (0, "")
        return Column(name, kind, numbers, codes, texts, self._missing, wrong, example)

    def _kind(self) -> ColumnKind:
        numbers = self._rows - self._missing - self._wrong
        if numbers and numbers >= self._wrong:
            return ColumnKind.NUMBERS
        if not self._wrong:
            return ColumnKind.EMPTY
        if self._dates == self._wrong:
            return ColumnKind.DATES
        return ColumnKind.TEXT if self._has_too_many or numbers else ColumnKind.CLASSES

    def _at_once(self, cells: Sequence[str | float]) -> Floats | None:
        """Return cells that are all numbers, with a decimal point and nothing to look at; else None."""
        try:
            joined = "".join(cells)  # type: ignore[arg-type]  # raises where a sheet has given numbers
        except TypeError:
            if not all(isinstance(cell, float) for cell in cells):
                return None
            joined = ""
        if self._decimal == "," and ("." in joined or "," in joined):
            if "." in joined:
                return None
            cells = [str(cell).replace(",", ".") for cell in cells]
        if "_" in joined or not joined.isascii():
            return None  # float() takes 1_000 and digits of other scripts, people do not
        try:
            numbers = np.fromiter(map(float, cells), dtype=np.float64, count=len(cells))
        except ValueError:
            return None
        return numbers if np.isfinite(numbers).all() else None

    def _one_by_one(self, cells: Sequence[str | float], lines: Sequence[int]) -> Floats:
        numbers, codes = np.full(len(cells), np.nan), np.full(len(cells), _NONE)
        for i, cell in enumerate(cells):
            if isinstance(cell, float) and np.isfinite(cell):
                numbers[i] = cell
                continue
            text = str(cell).strip()
            if is_missing(text):
                self._missing += 1
                continue
            value = number(text, self._decimal)
            if value is not None:
                numbers[i] = value
            else:
                codes[i] = self._code(text, lines[i])
        self._codes.append(codes)
        return numbers

    def _code(self, text: str, line: int) -> int:
        self._wrong += 1
        self._dates += _DATE.fullmatch(text) is not None
        text = text[:_MOST_LETTERS]
        if not self._example:
            self._example = f"'{text[:40]}' in line {line:,}"
        if self._has_too_many:
            return -1
        code = self._texts.setdefault(text, len(self._texts))
        if len(self._texts) > MOST_CLASSES:
            self._has_too_many = True
            self._texts.clear()
            return -1
        return code
