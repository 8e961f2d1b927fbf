"""Text with delimiters as rows of cells: the dialect by clevercsv on a bounded sample, the rest by `csv`."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gdstudio.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLE = 8192
_SAMPLE_LINES = 100
_MARK = "#"
"""Lines above the table that begin with it say where the table is from."""
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank"}
"""What may part cells, with its name."""
_LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Delimited:
    """Text as rows.

    ``comments`` are the lines above it without their mark; ``first_line`` is the number of the line at which
    the rows begin, ``delimiter`` what parts their cells and ``quote`` what stands around a cell that has one
    in it, empty where nothing does.
    """

    body: str
    comments: tuple[str, ...]
    first_line: int
    delimiter: str
    quote: str

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row that is not empty, with the number of the line that it ends on.

        Raises
        ------
        InputError
            Where quotes do not end, so that a cell swallows the rest of the file.
        """
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE
        quote = self.quote or None
        reader = csv.reader(
            io.StringIO(self.body, newline=""),
            delimiter=self.delimiter,
            quotechar=quote,
            quoting=quoting,
            skipinitialspace=self.delimiter == " ",
        )
        before = csv.field_size_limit(_LONGEST)
        last: list[str] = []
        try:
            for row in reader:
                if row and any(row):
                    last = row
                    yield self.first_line + reader.line_num - 1, row
        except csv.Error as error:
            line = self.first_line + reader.line_num
            raise InputError(
                f"line {line}: cannot be read ({error}); look for a quote without its other."
            ) from None
        finally:
            csv.field_size_limit(before)
        if any("\n" in cell for cell in last) and self.body.count('"') % 2:
            raise InputError(
                "A cell begins with a quote that never ends; look for it near the end of the table."
            )


def delimited(text: str, delimiter: str | None = None) -> Delimited:
    """Return a text as rows, by the delimiter that is given or found.

    Raises
    ------
    InputError
        Where there is no line of a table in it, or the delimiter is no single character.
    """
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\n\r"'):
        raise InputError('delimiter: give one character, such as "," or ";"; a tab is "\\t".')
    comments, body, skipped = _comments(text)
    if not body.strip():
        raise InputError("It has no rows; give a table with a row at least.")
    quote = '"' if '"' in body else ""
    return Delimited(body, comments, skipped + 1, delimiter or _delimiter(_sample(body)), quote)


def _comments(text: str) -> tuple[tuple[str, ...], str, int]:
    comments, at, count = [], 0, 0
    while text.startswith(_MARK, at) or text.startswith("\n", at):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end].lstrip(_MARK).strip()
        if line:
            comments.append(line)
        at, count = end + 1, count + 1
    return tuple(comments), text[at:], count


def _sample(body: str) -> str:
    """Return the first lines, whole ones where there are some."""
    lines = body[:_SAMPLE].split("\n")[:_SAMPLE_LINES]
    if len(body) > _SAMPLE and len(lines) > 1 and len(lines) < _SAMPLE_LINES:
        lines.pop()
    return "\n".join(lines)


def _delimiter(sample: str) -> str:
    """Return what parts the cells; a tab where there is one, which nobody writes into a cell."""
    first = sample.split("\n", 1)[0]
    if "\t" in first:
        return "\t"
    from clevercsv import Detector  # here, because the studio starts without it

    dialect = Detector().detect(sample, delimiters=[*DELIMITERS])
    found = dialect.delimiter if dialect is not None else ""
    if not found and dialect is None and any(map(first.count, DELIMITERS)):
        found = max(DELIMITERS, key=first.count)
    return found or ","
