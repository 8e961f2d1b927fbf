"""How large a table may be."""

from __future__ import annotations

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import ordinal

MAX_BYTES = 64 << 20
"""Of a file."""
MAX_UNPACKED = 256 << 20
"""Of an Excel file, unpacked."""
MAX_ROWS = 200_000
MAX_COLUMNS = 1_000
MAX_CELLS = 5_000_000
MOST_CLASSES = 100
"""A column of more different texts is not one to choose a yes from."""
SHOWN_CELLS = 200_000
SHOWN_ROWS = 1_000
"""So many rows and cells are kept as they are written, to be looked at."""


def check_size(rows: int, columns: int) -> None:
    """Check the size of a table.

    Raises
    ------
    InputError
        Where it has more rows, columns or cells than one here may have.
    """
    if columns > MAX_COLUMNS:
        raise InputError(
            f"It has {columns:,} columns, and a table here may have {MAX_COLUMNS:,}; save those that you "
            "need."
        )
    if rows > MAX_ROWS + 1:
        raise InputError(
            f"It has {rows:,} rows, and a table here may have {MAX_ROWS:,}; save a part of them, such as the "
            f"{ordinal(-(-rows // MAX_ROWS))} of each {-(-rows // MAX_ROWS)} rows."
        )
    if rows * columns > MAX_CELLS:
        raise InputError(
            f"It has {rows * columns:,} cells, and a table here may have {MAX_CELLS:,}; save fewer rows or "
            "columns."
        )
