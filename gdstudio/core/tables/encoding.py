"""What text bytes are: UTF-8 and UTF-16 are proved by the bytes themselves, and cp1252 is what is left."""

from __future__ import annotations

import codecs

from gdstudio.core.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WORDS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 without a byte order mark",
    "utf-16-be": "UTF-16 without a byte order mark",
    "cp1252": "Windows-1252",
}
"""What each encoding that is found is called."""
_SEEN = 4096


def decoded(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return bytes as text, and the name of their encoding; line ends become newlines.

    Raises
    ------
    InputError
        Where they are no text, or not in the encoding that is given.
    """
    name = encoding or _found(data)
    if not _is_of_text(name):
        raise InputError(f"encoding: {name!r} is not known; give one such as utf-8, utf-16 or cp1252.")
    try:
        text = data.decode(name)
    except UnicodeError as error:
        place = getattr(error, "start", 0)
        raise InputError(
            f"encoding: byte {place} is not {WORDS.get(name, name)}; choose another encoding, or save the "
            "table again as UTF-8."
        ) from None
    if "\0" in text:
        raise InputError("It is no table of text, but a file of bytes; give a CSV or Excel file.")
    return plain_lines(text), name


def plain_lines(text: str) -> str:
    """Return a text without the mark of its byte order, and with newlines as its only line ends."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _is_of_text(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding  # noqa: SLF001 - what bytes.decode itself asks
    except (LookupError, ValueError):
        return False


def _found(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if b"\0" in data[:_SEEN]:
        return _wide(data[:_SEEN])
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252" if _is_cp1252(data) else "latin-1"
    return "utf-8"


def _is_cp1252(data: bytes) -> bool:
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True


def _wide(data: bytes) -> str:
    """Return which UTF-16 it is: of plain letters every second byte is 0."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    half = len(data) // 2
    if odd > 0.4 * half and not even:
        return "utf-16-le"
    if even > 0.4 * half and not odd:
        return "utf-16-be"
    return "utf-8"  # which then is found to hold a NUL
