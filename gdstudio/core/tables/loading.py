"""The tables of files and of texts, each read once; a file that has changed is told, never used silently."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from gdstudio.core.errors import InputError
from gdstudio.core.resources import resource
from gdstudio.core.tables.file_bytes import file_bytes
from gdstudio.core.tables.reading import read_table, read_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.tables.options import Options
    from gdstudio.core.tables.table import Table

ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".dat", ".xlsx", ".xlsm", ".xls")
"""What the names of tables end with."""
MOST_KEPT = 20_000_000
"""So many cells of tables are kept for when they are asked for again."""
MOST_TABLES = 32
_SHOWN_DIGITS = 8

_kept: OrderedDict[tuple[str, str, Options], Table] = OrderedDict()


def file_table(
    path: Path, options: Options, digest: str | None = None, keep_going: Callable[[], None] = lambda: None
) -> Table:
    """Return the table of a file; one that was read already is known by its checksum.

    Raises
    ------
    InputError
        Where it cannot be read, or its bytes are not those of the checksum.
    """
    where = str(path)
    if digest is not None and (found := _kept.get((where, digest, options))) is not None:
        return found
    data = file_bytes(path, keep_going)
    try:
        table = read_table(data, options, keep_going)
    except InputError as error:
        raise InputError(*(f"{path}: {line}" for line in error.problems)) from None
    if digest is not None and table.digest != digest:
        raise InputError(
            f"{path}: has changed: its checksum begins with {table.digest[:_SHOWN_DIGITS]}, and that of the "
            f"table that was meant with {digest[:_SHOWN_DIGITS]}; bring that one back, or take sha256 out "
            "of the experiment to use the table as it is."
        )
    return _keep((where, table.digest, options), table)


def is_table(name: str) -> bool:
    """Whether a file is a table by the ending of its name."""
    return Path(name).suffix.lower() in ENDINGS


def text_table(text: str, options: Options) -> Table:
    """Return the table of a text.

    Raises
    ------
    InputError
        Where it holds none.
    """
    key = ("", text, options)
    return _kept.get(key) or _keep(key, read_text(text, options))


def found(path: str, folder: Path) -> str:
    """Return where the table of a path lies: seen from a folder, or among those that come with the studio."""
    here = folder / path
    if Path(path).name == path and not here.exists():
        shipped = resource("tables") / path
        if shipped.exists():
            return str(shipped)
    return str(here.absolute())


def named(path: str, folder: Path) -> str:
    """Return how a file in a folder names a table: by the shortest path that finds it again elsewhere."""
    table, tables = Path(path), resource("tables")
    if table.parent == tables and not (folder / table.name).exists():
        return table.name
    for above, home in enumerate((folder.absolute(), *folder.absolute().parents[:2])):
        if table.is_relative_to(home):
            return "../" * above + table.relative_to(home).as_posix()
    return path


def _keep(key: tuple[str, str, Options], table: Table) -> Table:
    _kept[key] = table
    _kept.move_to_end(key)
    while len(_kept) > MOST_TABLES or (len(_kept) > 1 and _cells() > MOST_KEPT):
        _kept.popitem(last=False)
    return table


def _cells() -> int:
    return sum(one.rows * len(one.columns) for one in _kept.values())
