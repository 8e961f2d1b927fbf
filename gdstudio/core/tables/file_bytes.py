"""The bytes of a file: what is too large, or no file, is known before it is read."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from gdstudio.core.errors import InputError
from gdstudio.core.tables.limits import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_PART = 4 << 20


def file_bytes(path: Path, keep_going: Callable[[], None] = lambda: None) -> bytes:
    """Return the bytes of a file; ``keep_going`` is asked between parts of it, and may raise.

    Raises
    ------
    InputError
        Where there is no such file, it is none, it is empty, too large, or cannot be read.
    """
    try:
        found = os.stat(path)
        _check(path, found)
        parts = []
        with path.open("rb") as file:
            while part := file.read(_PART):
                parts.append(part)
                if len(parts) * _PART > MAX_BYTES + _PART:
                    raise InputError(f"{path}: grows while it is read; try again when it is finished.")
                keep_going()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check its name and folder.") from None
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be read: {reason}.") from None
    if not parts:
        raise InputError(f"{path}: is empty; give a table with a row at least.")
    return b"".join(parts)


def _check(path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"{path}: is a folder; give one of the tables in it.")
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{path}: is no plain file; give a table as CSV or Excel.")
    if found.st_size > MAX_BYTES:
        raise InputError(
            f"{path}: has {size_of(found.st_size)}, and a table here may have {size_of(MAX_BYTES)}; save a "
            "part of its rows or columns."
        )


def size_of(count: int) -> str:
    """Write a number of bytes: 512 bytes, 3.2 MB, 5.4 GB."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= scale:
            return f"{count / scale:.1f} {unit}".replace(".0 ", " ")
    return f"{count} bytes"
