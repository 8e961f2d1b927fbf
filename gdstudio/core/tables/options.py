"""How a table is to be read, where that is said and not found out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Decimal = Literal[".", ","]


@dataclass(frozen=True, slots=True)
class Options:
    """What is not given is found out from the table itself.

    Parameters
    ----------
    delimiter
        What parts the cells of a line: one character.
    decimal
        What stands before the decimals of a number; the other of point and comma groups thousands.
    encoding
        A name that Python knows, such as ``utf-8`` or ``cp1252``.
    header
        Whether the first row names the columns.
    sheet
        The sheet of an Excel file; the first one that has cells where it is not given.
    """

    delimiter: str | None = None
    decimal: Decimal | None = None
    encoding: str | None = None
    header: bool | None = None
    sheet: str | None = None


AS_FOUND = Options()
"""Everything is found out."""
