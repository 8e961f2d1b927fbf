"""The sheets of an Excel file as rows, by python-calamine; its size is known before it is unpacked."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from gdstudio.core.errors import InputError
from gdstudio.core.tables.file_bytes import size_of
from gdstudio.core.tables.limits import MAX_UNPACKED, check_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PART = 1 << 20
_PLACE = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_BROKEN = "It is a broken Excel file; open it in a spreadsheet and save it again, as xlsx or CSV."
_LOCKED = "It has a password; save a copy without one."


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its name, those of all sheets, and whether some cells are formulas."""

    name: str
    names: tuple[str, ...]
    has_formulas: bool
    cells: list[list[Any]]

    def rows(self) -> Iterator[tuple[int, list[str | float]]]:
        """Yield each row that is not empty, with its number in the sheet."""
        for line, row in enumerate(self.cells, 1):
            written = [_written(cell) for cell in row]
            if any(cell != "" for cell in written):
                yield line, written


def is_excel(data: bytes) -> bool:
    """Whether bytes begin as those of an Excel file do."""
    return data.startswith((_ZIP, _OLD))


def read_sheet(data: bytes, wanted: str | None, keep_going: Callable[[], None] = lambda: None) -> Sheet:
    """Return a sheet of an Excel file: the one that is wanted, else the first that has cells.

    Raises
    ------
    InputError
        Where the file is broken, locked, too large, of another kind, or has no such sheet.
    """
    has_formulas = _look_inside(data, keep_going) if data.startswith(_ZIP) else False
    book = _guarded(lambda: _open(data))
    names = tuple(str(name) for name in _guarded(lambda: book.sheet_names))
    if wanted is not None and wanted not in names:
        raise InputError(f"sheet: there is none named {wanted!r}; give one of: {', '.join(names)}")
    for name in (wanted,) if wanted is not None else names:
        cells = _guarded(partial(_cells, book, name))
        if cells or wanted is not None:
            return Sheet(str(name), names, has_formulas, cells)
    raise InputError("No sheet of it has cells; give a table with a row at least.")


def _cells(book: Any, name: str) -> Any:
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _open(data: bytes) -> Any:
    from python_calamine import load_workbook  # here, because the studio starts without it

    return load_workbook(io.BytesIO(data))


def _guarded(ask: Callable[[], Any]) -> Any:
    """Return what the reader answers; whatever it raises is told in words.

    Raises
    ------
    InputError
        Where it raises; one that it cannot go on from is no `Exception` in its language's binding.
    """
    try:
        return ask()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # noqa: BLE001 - a file of any kind may break the reader in any way
        locked = "password" in f"{type(error).__name__} {error}".lower()
        raise InputError(_LOCKED if locked else _BROKEN) from None


def _look_inside(data: bytes, keep_going: Callable[[], None]) -> bool:
    """Check the size of what a file unpacks to, and of each sheet; return whether there are formulas.

    One cell far to the right and below makes billions of empty ones, for which the reader would make room.
    """
    formulas = False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > MAX_UNPACKED:
                raise InputError(
                    f"It unpacks to {size_of(unpacked)}, and an Excel file here may have "
                    f"{size_of(MAX_UNPACKED)}; save the sheet as CSV."
                )
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                raise InputError("It is no Excel file; save the table as xlsx or CSV.")
            for name in names:
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with archive.open(name) as file:
                        formulas |= _measure(iter(lambda: file.read(_PART), b""), keep_going)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(_LOCKED if "password" in str(error) else _BROKEN) from None
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise InputError(_BROKEN) from None
        raise
    return formulas


def _measure(parts: Iterator[bytes], keep_going: Callable[[], None]) -> bool:
    rows = columns = 0
    formulas, rest = False, b""
    for part in parts:
        keep_going()
        text = rest + part
        for letters, digits in _PLACE.findall(text):
            columns = max(columns, _column_number(letters))
            rows = max(rows, int(digits))
        formulas |= b"<f" in text
        rest = text[-40:]
    check_size(rows, columns)
    return formulas


def _column_number(letters: bytes) -> int:
    count = 0
    for letter in letters:
        count = 26 * count + letter - 64
    return count


def _written(cell: Any) -> str | float:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return float(cell)
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        return cell.isoformat() if not isinstance(cell, datetime.timedelta) else str(cell)
    return str(cell)
