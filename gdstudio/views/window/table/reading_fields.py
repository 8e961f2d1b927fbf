"""How the table was read, each part of it to be corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gdstudio.core.tables.delimited import DELIMITERS
from gdstudio.core.tables.encoding import WORDS
from gdstudio.core.tables.options import AS_FOUND, Options
from gdstudio.views.widgets.theme import GRID
from gdstudio.views.window.table.fields import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.core.tables.table import Table, Understood

_FOUND = "found: "
_DECIMALS = {".": "point, 1.5", ",": "comma, 1,5"}
_HEADERS = {True: "first row", False: "none"}
_ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1")


class ReadingFields(QWidget):
    """Emits ``changed`` where the user says how the table is to be read; ``fields`` are by option."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.delimiter = Choice("delimiter", "Delimiter", "What parts the cells of a line")
        self.decimal = Choice("decimal", "Decimal sign", "What stands before the decimals of a number")
        self.encoding = Choice("encoding", "Encoding", "Which letters the bytes of the file are")
        self.header = Choice("header", "Names", "Whether the first row names the columns")
        self.sheet = Choice("sheet", "Sheet", "Which sheet of the workbook")
        made = (self.delimiter, self.decimal, self.encoding, self.header, self.sheet)
        self.fields = {field.objectName(): field for field in made}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for field in made:
            column = QVBoxLayout()
            column.setSpacing(GRID // 4)
            column.addWidget(field.caption)
            column.addWidget(field)
            row.addLayout(column)
            field.activated.connect(self._on_activated)
        row.addStretch(1)
        self._said = AS_FOUND
        self.show_nothing(AS_FOUND, is_pasted=False)

    @property
    def options(self) -> Options:
        """What the user has said."""
        values = (field.value for field in self.fields.values())
        return Options(*values)

    def show_nothing(self, said: Options, *, is_pasted: bool) -> None:
        """Offer what can be said about a table that could not be read, or has not been yet."""
        self._offer(said, AS_FOUND, sheets=((said.sheet,) if said.sheet else ()))
        self.encoding.show_only(visible=not is_pasted)
        self.delimiter.show_only(visible=True)

    def show_table(self, table: Table, said: Options, *, is_pasted: bool) -> None:
        """Show how a table was read, and what of that was said."""
        understood: Understood = table.understood
        self._offer(said, understood.options, understood.sheets)
        self.delimiter.show_only(visible=not understood.is_excel)
        self.encoding.show_only(visible=not understood.is_excel and not is_pasted)

    def _offer(self, said: Options, found: Options, sheets: tuple[str, ...]) -> None:
        self.delimiter.offer(_with_found(DELIMITERS, found.delimiter), said.delimiter)
        self.decimal.offer(_with_found(_DECIMALS, found.decimal), said.decimal)
        encodings = {name: WORDS.get(name, name) for name in _ENCODINGS}
        self.encoding.offer(_with_found(encodings, found.encoding, WORDS), said.encoding)
        self.header.offer(_with_found(_HEADERS, found.header), said.header)
        self.sheet.offer(_with_found({name: name for name in sheets}, found.sheet), said.sheet)
        self.sheet.show_only(visible=len(sheets) > 1)

    @Slot()
    def _on_activated(self) -> None:
        self.changed.emit()


def _with_found(
    words: Mapping[Any, str], found: Any, more: Mapping[Any, str] | None = None
) -> list[tuple[Any, str]]:
    """Return what can be said, after what was found, which is not to be said."""
    known = {**(more or {}), **words}
    first = f"{_FOUND}{known.get(found, found)}" if found is not None else "as found"
    return [(None, first), *words.items()]
