"""Numbers as people write them: a decimal point or comma, groups of thousands, and cells that hold none.

One pattern a decimal sign, which an exported script has too, so that both leave out the same rows.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import MINUS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdstudio.core.tables.options import Decimal

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "-", "–", "—", "?", "."})
"""What is written where there is nothing, in small letters."""
PATTERNS: dict[Decimal | None, str] = {
    ".": r"[+-]?(\d{1,3}(,\d{3})+(\.\d*)?|\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?",
    ",": r"[+-]?(\d{1,3}(\.\d{3})+(,\d*)?|\d+(,\d*)?|,\d+)([eE][+-]?\d+)?",
    None: r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?",
}
"""What a number looks like, by its decimal sign; where that is not known, one with a comma is none."""
_NUMBER = {decimal: re.compile(pattern, re.ASCII) for decimal, pattern in PATTERNS.items()}
GROUPS: dict[Decimal | None, str] = {".": ",", ",": ".", None: ""}
"""What may group thousands, by the decimal sign."""
_COMMA = re.compile(r"[+-]?\d*,\d*([eE][+-]?\d+)?", re.ASCII)
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*|,\d{3})", re.ASCII)
_COMMA_GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d*", re.ASCII)
_POINT = re.compile(r"[+-]?(\d*\.(\d{1,2}|\d{4,})|0?\.\d+|\d{4,}\.\d*)([eE][+-]?\d+)?", re.ASCII)


def number(cell: str, decimal: Decimal | None) -> float | None:
    """Return the finite number that a cell without blanks around it holds; None where it holds none."""
    cell = cell.replace(MINUS, "-")
    if _NUMBER[decimal].fullmatch(cell) is None:
        return None
    value = float(cell.replace(GROUPS[decimal], "").replace(decimal or ".", "."))
    return value if math.isfinite(value) else None


def is_missing(cell: str) -> bool:
    """Whether a cell without blanks around it says that there is nothing."""
    return len(cell) <= 4 and cell.casefold() in MISSING


def decimal_of(cells: Iterable[str]) -> Decimal | None:
    """Return the decimal sign that cells prove; None where no cell has a comma or point that tells.

    ``1,5`` and ``1.234,5`` prove a comma, ``1.5`` and ``1,234.5`` a point; ``1,234`` is one thousand or one
    and a bit, and alone proves nothing.

    Raises
    ------
    InputError
        Where all that there is can be read either way, or some cells prove the one and some the other.
    """
    comma = point = either = ""
    for cell in cells:
        if "," not in cell:
            if not point and "." in cell and _POINT.fullmatch(cell):
                point = cell
        elif _EITHER.fullmatch(cell):
            either = either or cell
        elif _GROUPED.fullmatch(cell):
            point = point or cell
        elif _COMMA_GROUPED.fullmatch(cell) or (_COMMA.fullmatch(cell) and len(cell) > 1):
            comma = comma or cell
    if comma and point:
        raise InputError(
            f"decimal: '{comma}' has a decimal comma and '{point}' a decimal point; say which of them the "
            'table uses: decimal = "," or decimal = "."'
        )
    if either and not comma and not point:
        whole, part = either.split(",")
        raise InputError(
            f"decimal: '{either}' may be {whole}{part} or {whole}.{part}, and no other number of the "
            'table says which; say it: decimal = "," for a decimal comma, decimal = "." for groups of '
            "thousands"
        )
    return "," if comma else "." if point else None
