"""A table as it was read: its columns, what was understood, and what is to be said about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import counted
from gdstudio.core.tables.column import ColumnKind

if TYPE_CHECKING:
    from gdstudio.core.tables.column import Column
    from gdstudio.core.tables.options import Options

_HEADING = re.compile(r"\w+: ")
_FORMULAS = (
    "The sheet has formulas; one whose result is not stored in the file is an empty cell here. Open the "
    "file in a spreadsheet and save it again."
)


@dataclass(frozen=True, slots=True)
class Understood:
    """How a table was read: all of its options, and what cannot be chosen.

    ``rows_begin`` is how many lines above the rows are comments or names, ``sheets`` are those of a workbook,
    ``quote`` stands around cells.
    """

    options: Options
    is_excel: bool = False
    sheets: tuple[str, ...] = ()
    quote: str = ""
    rows_begin: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of n rows.

    Parameters
    ----------
    columns
        Its columns, each of n rows.
    rows
        How many rows there are.
    shown
        The first of them as they are written, to be looked at.
    comments
        What stands above the table: where it is from.
    understood
        How it was read.
    digest
        The SHA-256 of its bytes, in hexadecimal.
    notes
        What is to be said about the reading, as sentences.
    """

    columns: tuple[Column, ...]
    rows: int
    shown: tuple[tuple[str, ...], ...]
    comments: tuple[str, ...]
    understood: Understood
    digest: str
    notes: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        """The comments as paragraphs: a line that begins as ``Source:`` does begins a new one."""
        paragraphs: list[str] = []
        for line in self.comments:
            if paragraphs and not _HEADING.match(line):
                paragraphs[-1] += f" {line}"
            else:
                paragraphs.append(line)
        return tuple(paragraphs)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def numeric(self) -> tuple[str, ...]:
        """The names of the columns of numbers."""
        return tuple(column.name for column in self.columns if column.kind is ColumnKind.NUMBERS)

    def column(self, name: str, field: str) -> Column:
        """Return a column by its name; ``field`` is what asks for it.

        Raises
        ------
        InputError
            Where there is none of that name.
        """
        found = next((column for column in self.columns if column.name == name), None)
        if found is None:
            known = ", ".join(repr(one) for one in self.names[:20])
            more = ", ..." if len(self.columns) > 20 else ""
            raise InputError(f"{field}: there is no column {name!r}; give one of: {known}{more}")
        return found


def notes_of(columns: tuple[Column, ...], short: int, *, has_formulas: bool) -> tuple[str, ...]:
    """Return what is to be said of columns; ``short`` rows had fewer cells than there are columns."""
    notes = [
        f"{column.name!r} has {counted(column.wrong, 'cell')} without a number, such as {column.example}."
        for column in columns
        if column.wrong
    ]
    if short:
        notes.append(
            f"{counted(short, 'row')} had fewer cells than there are columns; the others count as missing."
        )
    if has_formulas and any(column.missing for column in columns):
        notes.append(_FORMULAS)
    return tuple(notes)
