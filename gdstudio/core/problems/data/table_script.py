"""The lines of a program that read a table from its file, without the rows that the studio leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.listing import listed
from gdstudio.core.tables.numerals import GROUPS, MISSING, PATTERNS

if TYPE_CHECKING:
    from gdstudio.core.tables.selection import Selection
    from gdstudio.core.tables.table import Understood


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file with a table: where it is, the checksum of its bytes, and how it was read."""

    path: str
    digest: str
    understood: Understood


def reading_lines(file: TableFile, selection: Selection) -> tuple[str, ...]:
    """Return the lines that make ``cells``: for each whole row its features, and then its label."""
    names = ", ".join((*selection.features, selection.label))
    numbers = f"[number(row[i]) if i < len(row) else None for i in {list(selection.columns)!r}]"
    if selection.yes is not None:
        places = list(selection.columns)
        numbers = (
            f"[*(number(row[i]) if i < len(row) else None for i in {places[:-1]!r}), "
            f"label(row[{places[-1]}]) if {places[-1]} < len(row) else None]"
        )
    return (
        *_bytes_lines(file),
        *(_sheet_lines(file) if file.understood.is_excel else _text_lines(file)),
        *_number_lines(file),
        *_label_lines(selection),
        f"# {names}" if len(names) < 90 else "# the features, and then the label",
        f"cells = [{numbers} for row in rows]",
        "cells = [row for row in cells if None not in row]",
    )


def _bytes_lines(file: TableFile) -> tuple[str, ...]:
    return (
        f"table = {file.path!r}",
        'with open(table, "rb") as file:',
        "    content = file.read()",
        f"if hashlib.sha256(content).hexdigest() != {file.digest!r}:",
        '    sys.exit(f"{table} is not the table of this run: its checksum is another")',
    )


def _text_lines(file: TableFile) -> tuple[str, ...]:
    understood = file.understood
    skipped = understood.rows_begin - bool(understood.options.header)
    quoting = f"quotechar={understood.quote!r}" if understood.quote else "quoting=csv.QUOTE_NONE"
    blanks = ", skipinitialspace=True" if understood.options.delimiter == " " else ""
    rest = f'.split("\\n", {skipped})[{skipped}]' if skipped else ""
    header = "[1:]" if understood.options.header else ""
    return (
        f'text = content.decode({understood.options.encoding!r}).removeprefix("\\ufeff")',
        f'text = text.replace("\\r\\n", "\\n").replace("\\r", "\\n"){rest}',
        f"delimited = {{'delimiter': {understood.options.delimiter!r}}}",
        f"reader = csv.reader(io.StringIO(text, newline=''), {quoting}, **delimited{blanks})",
        f"rows = [row for row in reader if any(row)]{header}",
    )


def _sheet_lines(file: TableFile) -> tuple[str, ...]:
    options = file.understood.options
    header = "[1:]" if options.header else ""
    return (
        "from python_calamine import load_workbook  # it reads Excel files",
        "",
        f"sheet = load_workbook(io.BytesIO(content)).get_sheet_by_name({options.sheet!r})",
        "rows = sheet.to_python(skip_empty_area=False)",
        f'rows = [row for row in rows if any(str(cell) != "" for cell in row)]{header}',
    )


def _number_lines(file: TableFile) -> tuple[str, ...]:
    decimal = file.understood.options.decimal
    groups = f".replace({GROUPS[decimal]!r}, '')" if GROUPS[decimal] else ""
    sign = ".replace(',', '.')" if decimal == "," else ""
    return (
        f"pattern = re.compile(r'{PATTERNS[decimal]}', re.ASCII)",
        "",
        "",
        "def number(cell):",
        '    """Return the number that a cell holds, or None."""',
        '    text = str(cell).strip().replace("\\u2212", "-")',
        f"    value = float(text{groups}{sign}) if pattern.fullmatch(text) else math.inf",
        "    return value if math.isfinite(value) else None",
        "",
        "",
    )


def _label_lines(selection: Selection) -> tuple[str, ...]:
    if selection.yes is None:
        return ()
    if isinstance(selection.yes, float):
        return (
            "def label(cell):",
            f'    """Return 1 for {selection.yes!r}, 0 for another number, or None."""',
            "    value = number(cell)",
            f"    return None if value is None else float(value == {selection.yes!r})",
            "",
            "",
        )
    return (
        *listed("nothing = {", map(repr, sorted(MISSING)), "}"),
        "",
        "",
        "def label(cell):",
        '    """Return 1 for a yes, 0 for any other label, or None."""',
        "    text = (str(cell).lower() if isinstance(cell, bool) else str(cell)).strip()[:200]",
        f"    return None if text.casefold() in nothing else float(text == {selection.yes!r})",
        "",
        "",
    )
