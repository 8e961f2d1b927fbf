"""Bytes or text as a `Table`: the one way in, whatever the table is written in."""

from __future__ import annotations

import hashlib
from itertools import chain, islice
from typing import TYPE_CHECKING

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import counted
from gdstudio.core.tables.column import Gatherer
from gdstudio.core.tables.delimited import DELIMITERS, delimited
from gdstudio.core.tables.encoding import decoded, plain_lines
from gdstudio.core.tables.excel import is_excel, read_sheet
from gdstudio.core.tables.limits import MAX_ROWS, SHOWN_CELLS, SHOWN_ROWS, check_size
from gdstudio.core.tables.numerals import decimal_of, is_missing, number
from gdstudio.core.tables.options import AS_FOUND, Options
from gdstudio.core.tables.table import Table, Understood, notes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gdstudio.core.tables.options import Decimal

    Cell = str | float
    Row = tuple[int, Sequence[Cell]]

_CHUNK, _MOST_AT_ONCE = 80_000, 4096
_TESTED_ROWS, _TESTED_CELLS = 2000, 400_000
_MOST_NAME = 60


def read_table(
    data: bytes, options: Options = AS_FOUND, keep_going: Callable[[], None] = lambda: None
) -> Table:
    """Return the table that bytes hold: CSV in any encoding, or an Excel file.

    Parameters
    ----------
    data
        The bytes of a file.
    options
        How it is to be read where that is said.
    keep_going
        Asked from time to time; it may raise to give up.

    Raises
    ------
    InputError
        Where they hold none, it is too large, or it can be read in two ways.
    """
    if not is_excel(data):
        text, encoding = decoded(data, options.encoding)
        return _read_text(text, data, encoding, options, keep_going)
    sheet = read_sheet(data, options.sheet, keep_going)
    if not sheet.cells:
        raise InputError(f"sheet: {sheet.name!r} has no cells; give one of: {', '.join(sheet.names)}")
    found = Options(sheet=sheet.name)
    understood = Understood(found, is_excel=True, sheets=sheet.names)
    return _Reading(options, keep_going).table(
        sheet.rows(), understood, data, has_formulas=sheet.has_formulas
    )


def read_text(text: str, options: Options = AS_FOUND, keep_going: Callable[[], None] = lambda: None) -> Table:
    """Return the table that a text holds, such as what was copied from a spreadsheet.

    Raises
    ------
    InputError
        As of `read_table`.
    """
    data = text.encode("utf-8", "surrogatepass")
    plain = plain_lines(text)
    if "\0" in plain:
        raise InputError("It is no table of text; copy the cells of a table.")
    return _read_text(plain, data, "utf-8", options, keep_going)


def _read_text(
    text: str, data: bytes, encoding: str, options: Options, keep_going: Callable[[], None]
) -> Table:
    lines = text.count("\n")
    if lines > MAX_ROWS + 100 and '"' not in text:
        check_size(lines, 1)
    found = delimited(text, options.delimiter)
    understood = Understood(
        Options(found.delimiter, encoding=encoding), quote=found.quote, rows_begin=found.first_line - 1
    )
    return _Reading(options, keep_going).table(found.rows(), understood, data, comments=found.comments)


class _Reading:
    """Makes columns of rows."""

    def __init__(self, options: Options, keep_going: Callable[[], None]) -> None:
        self._options, self._keep_going = options, keep_going
        self._short = 0

    def table(
        self,
        rows: Iterator[Row],
        understood: Understood,
        data: bytes,
        *,
        comments: tuple[str, ...] = (),
        has_formulas: bool = False,
    ) -> Table:
        first = list(islice(rows, 1))
        if not first:
            raise InputError("It has no rows; give a table with a row at least.")
        check_size(1, _width(first))  # before there are thousands of such rows in memory
        first += islice(rows, min(_TESTED_ROWS, _TESTED_CELLS // len(first[0][1])))
        width = _width(first)
        check_size(1, width)
        has_names = self._has_names(first[0][1])
        names = _names(first[0][1] if has_names else (), width)
        if has_names:
            del first[0]
        if not first:
            raise InputError("It has the names of columns and no rows below them; give a row at least.")
        decimal = self._options.decimal or (None if understood.is_excel else _tested(first))
        gatherers = [Gatherer(decimal) for _ in names]
        count, shown = self._gather(chain(first, rows), gatherers, len(names))
        if self._short > count / 2 and not understood.is_excel:
            self._complain(first, width, understood.options.delimiter or ",")
        columns = tuple(g.column(name) for g, name in zip(gatherers, names, strict=True))
        options = Options(
            understood.options.delimiter,
            decimal,
            understood.options.encoding,
            has_names,
            understood.options.sheet,
        )
        begin = understood.rows_begin + has_names
        understood = Understood(options, understood.is_excel, understood.sheets, understood.quote, begin)
        notes = notes_of(columns, self._short, has_formulas=has_formulas)
        digest = hashlib.sha256(data).hexdigest()
        return Table(columns, count, shown, comments, understood, digest, notes)

    def _has_names(self, row: Sequence[Cell]) -> bool:
        """Whether the first row names the columns: no cell of it is a number."""
        if self._options.header is not None:
            return self._options.header
        return not any(isinstance(cell, float) or _is_numeral(cell) for cell in row)

    def _gather(
        self, rows: Iterator[Row], gatherers: Sequence[Gatherer], width: int
    ) -> tuple[int, tuple[tuple[str, ...], ...]]:
        count = 0
        shown: list[tuple[str, ...]] = []
        most = max(20, min(SHOWN_ROWS, SHOWN_CELLS // width))
        chunk = max(1, min(_MOST_AT_ONCE, _CHUNK // width))
        while part := list(islice(rows, chunk)):
            self._keep_going()
            count += len(part)
            if count > MAX_ROWS:
                raise InputError(
                    f"It has more than {MAX_ROWS:,} rows, the most that a table here may have; save fewer."
                )
            check_size(count, width)
            lines = [line for line, _ in part]
            cells = [self._filled(line, row, width) for line, row in part]
            if len(shown) < most:
                shown += [tuple(map(_plain, row)) for row in cells[: most - len(shown)]]
            for gatherer, column in zip(gatherers, zip(*cells, strict=True), strict=True):
                gatherer.add(column, lines)
        return count, tuple(shown)

    def _filled(self, line: int, row: Sequence[Cell], width: int) -> Sequence[Cell]:
        """Return a row of exactly so many cells."""
        if len(row) == width:
            return row
        if len(row) < width:
            self._short += 1
            return [*row, *[""] * (width - len(row))]
        if any(cell not in ("", " ") for cell in row[width:]):
            raise InputError(
                f"line {line:,}: has {counted(len(row), 'cell')}, and the table has "
                f"{counted(width, 'column')}; look for a delimiter inside a "
                "cell, or for two delimiters in one table."
            )
        return row[:width]

    def _complain(self, rows: Sequence[Row], width: int, delimiter: str) -> None:
        line, row = next(((line, row) for line, row in rows if len(row) < width), rows[0])
        parting = DELIMITERS.get(delimiter, delimiter)
        raise InputError(
            f"line {line:,}: has {counted(len(row), 'cell')} of {width}, as have most lines, where a "
            f"{parting} parts them; are there two delimiters in the table? Choose another one, or use "
            "one throughout."
        )


def _width(rows: Sequence[Row]) -> int:
    """Return how many columns there are: the cells of the first row, without empty ones at its end.

    Cells below one at the end that has no name still belong to the table.
    """
    first = rows[0][1]
    width = len(first)
    while (
        width > 1
        and first[width - 1] in ("", " ")
        and not any(len(row) >= width and row[width - 1] not in ("", " ") for _, row in rows)
    ):
        width -= 1
    return width


def _names(row: Sequence[Cell], width: int) -> list[str]:
    """Return a name of its own for every column."""
    names: list[str] = []
    taken: set[str] = set()
    for i in range(width):
        given = " ".join(_plain(row[i]).split())[:_MOST_NAME] if i < len(row) else ""
        wanted = given or (f"column {i + 1}" if width > 1 or row else "x")
        name, number_ = wanted, 2
        while name in taken:
            name, number_ = f"{wanted} {number_}", number_ + 1
        taken.add(name)
        names.append(name)
    return names


def _tested(rows: Sequence[Row]) -> Decimal | None:
    return decimal_of(cell.strip() for _, row in rows for cell in row if isinstance(cell, str))


def _is_numeral(cell: str) -> bool:
    text = cell.strip()
    return not is_missing(text) and (number(text, ".") is not None or number(text, ",") is not None)


def _plain(cell: Cell) -> str:
    return cell if isinstance(cell, str) else repr(cell).removesuffix(".0")
