"""Points as people write them: one number of a cell, or two columns pasted from a spreadsheet."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import MINUS, counted, format_count
from gdstudio.core.problems.given_points import MAX_POINTS
from gdstudio.views.controls.entry import read_number

_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}$")
_EITHER_POINT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}$")
"""What is 1234 to some and 1.234 to others: with a comma always, with a point where commas part decimals."""
_DECIMAL_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})*|\d*),\d+(e[+-]?\d+)?$", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$")
_SHOWN = 24
"""So many characters of a wrong text are repeated."""
_COLUMNS = "give x and y, parted by a tab or a semicolon"


class Pasted(NamedTuple):
    """Points (x, y), and the names above their columns, empty where there were none."""

    points: list[tuple[float, float]]
    header: str


def read_coordinate(text: str) -> float:
    """Read a coordinate: a finite number, such as ``0.1``, ``0,1``, ``1e-3`` or ``3/14``.

    Raises
    ------
    ValueError
        Where it is none, or could be two, with a sentence that says what would be right.
    """
    plain = _plain(text)
    if _EITHER.match(plain):
        raise ValueError(_ambiguous(plain))
    return _finite(text)


def _finite(text: str) -> float:
    value = read_number(text, integer=False)
    if not math.isfinite(value):
        raise ValueError(f"“{_short(text)}” is not a finite number; give a finite one")
    return value


def is_table(text: str) -> bool:
    """Whether a text has more than one cell."""
    return any(mark in text.strip() for mark in "\n\r\t;")


def read_points(text: str) -> Pasted:
    """Read two columns, parted by tabs, semicolons, commas or spaces, with a line of names above or without.

    A comma parts columns only where nothing else does. What ``1,234`` means is taken from the other numbers
    where one of them leaves no doubt, such as ``0,5``.

    Raises
    ------
    InputError
        Where a line is wrong: the first one that is, by its number, and what would be right.
    """
    lines = [(i, line) for i, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise InputError(f"There is no text on the clipboard; copy two columns, and {_COLUMNS}.")
    if len(lines) > MAX_POINTS + 1:
        raise InputError(
            f"The text has {format_count(len(lines))} lines, and an experiment may have "
            f"{format_count(MAX_POINTS)} points at most; nothing was changed. Give fewer."
        )
    separator = _separator([line for _, line in lines])
    cells = [(i, _cells(i, line, separator)) for i, line in lines]
    header = ""
    if not any(map(_is_number, cells[0][1])):
        header = ", ".join(map(_short, cells.pop(0)[1]))
    comma = _comma([text for _, row in cells for text in row])
    return Pasted([(_read(i, "x", x, comma), _read(i, "y", y, comma)) for i, (x, y) in cells], header)


def _comma(texts: list[str]) -> str:
    """Return what a comma between digits stands for: a point, nothing, or a comma where that is open."""
    plain = [_plain(text) for text in texts if "," in text and not _EITHER.match(_plain(text))]
    decimals, thousands = (any(map(form.match, plain)) for form in (_DECIMAL_COMMA, _THOUSANDS))
    return "," if decimals == thousands else "." if decimals else ""


def _separator(lines: list[str]) -> str | None:
    """Return what parts the columns; None for spaces."""
    for mark in "\t;":
        if any(mark in line for line in lines):
            return mark
    by_spaces = [line.split() for line in lines]
    is_spaced = all(len(cells) == 2 and not _has_loose_comma(cells) for cells in by_spaces)
    return None if is_spaced or not any("," in line for line in lines) else ","


def _has_loose_comma(cells: list[str]) -> bool:
    return any(cell.startswith(",") or cell.endswith(",") for cell in cells)


def _cells(number: int, line: str, separator: str | None) -> tuple[str, str]:
    cells = [cell.strip() for cell in line.split(separator)]
    while len(cells) > 2 and not cells[-1]:
        del cells[-1]
    if len(cells) != 2:
        found = f"Line {number} has {counted(len(cells), 'column')}: “{_short(line.strip())}”"
        raise InputError(f"{found}; {_COLUMNS}.")
    if separator == "," and _EITHER.match(line.strip().replace(MINUS, "-")):
        raise InputError(
            f"Line {number}: “{line.strip()}” can be one number or two; part x and y by a tab or a semicolon."
        )
    return cells[0], cells[1]


def _is_number(text: str) -> bool:
    try:
        read_number(text, integer=False)
    except ValueError:
        return False
    return True


def _read(number: int, name: str, text: str, comma: str) -> float:
    if not text:
        raise InputError(f"Line {number}: {name} is missing; {_COLUMNS}.")
    plain = _plain(text)
    try:
        if comma == "." and _EITHER_POINT.match(plain):
            raise ValueError(_ambiguous(plain))
        return (
            _finite(plain.replace(",", comma))
            if _EITHER.match(plain) and comma != ","
            else read_coordinate(text)
        )
    except ValueError as error:
        raise InputError(f"Line {number}: {error}.") from None


def _plain(text: str) -> str:
    return "".join(text.split()).replace(MINUS, "-")


def _ambiguous(plain: str) -> str:
    digits = plain.replace(",", ".")
    return f"“{plain}” can mean {digits} or {digits.replace('.', '')}; write the one that you mean"


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
