"""The layout of a formula: set tight, its lines broken between groups first, with room for wider numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontMetricsF

from gdstudio.views.formula.symbols import is_ready, shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.notation import Formula, Group, Piece

_GAP, _GROUP_GAP, _BEARING, _LEADING = 0.25, 1.6, 0.05, 0.25  # ems
_INDENT = 1.0  # ems, of a line that goes on with a group
_LEAST_PIXELS = 6
SYMBOL_SCALE = 1.15
"""The mathematical face is smaller than the interface's at the same size."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece with its left edge in the line and its width, in pixels."""

    left: float
    width: float
    piece: Piece


@dataclass(frozen=True, slots=True)
class FormulaLines:
    """A formula broken into lines, each ``height`` pixels high, the baseline ``ascent`` below its top.

    ``width`` is that of the longest line once every number has its full field.
    """

    font: QFont
    rows: tuple[tuple[Placed, ...], ...]
    width: float
    ascent: float
    height: float


class FormulaLayouter:
    """Breaks formulas into lines; keeps for each field the widest number that it has held."""

    def __init__(self) -> None:
        self._widest: dict[str, str] = {}
        self._seen: tuple[tuple[str, str], ...] = ()
        self._moving = False

    def take_numbers(self, formula: Formula, font: QFont) -> None:
        """Update the widest numbers; start again for another run or another formula."""
        pieces = [piece for group in formula.groups for piece in group if piece.field]
        fields = tuple((piece.field, piece.reserve) for piece in pieces)
        if fields != self._seen or (self._moving and not formula.moving):
            self._widest.clear()
        self._seen, self._moving = fields, formula.moving
        measure = QFontMetricsF(font).horizontalAdvance
        for piece in pieces:
            if measure(piece.text) > measure(self._widest.get(piece.field, "")):
                self._widest[piece.field] = piece.text

    def fit(self, formula: Formula, width: float, choices: Sequence[tuple[QFont, int]]) -> FormulaLines:
        """Return lines of at most ``width`` in the first font that needs no more lines than it is given.

        Where none does, the last font takes as many lines as there must be. A single group that is longer
        than a line is broken before its signs; only where even this does not help the letters are smaller.
        """
        for font, most_rows in choices:
            page = _FontLayouter(self._widest, font).page(formula, width)
            if len(page.rows) <= most_rows and page.width <= width:
                return page
        if page.width > width:
            page = _FontLayouter(self._widest, page.font).page(formula, width, breaks=True)
        while page.width > width and page.font.pixelSize() > _LEAST_PIXELS:
            pixels = page.font.pixelSize()
            smaller = QFont(page.font)
            smaller.setPixelSize(max(_LEAST_PIXELS, min(pixels - 1, int(pixels * width / page.width))))
            page = _FontLayouter(self._widest, smaller).page(formula, width, breaks=True)
        return page


class _FontLayouter:
    """Lays a formula out in one font."""

    def __init__(self, widest: dict[str, str], font: QFont) -> None:
        self._widest, self._font, self._em = widest, font, font.pixelSize()
        self._symbol_em = SYMBOL_SCALE * self._em
        self._metrics = QFontMetricsF(font)

    def page(self, formula: Formula, width: float, *, breaks: bool = False) -> FormulaLines:
        """Return the lines; with ``breaks``, groups that are longer than ``width`` are in several of them."""
        rows: list[list[Placed]] = []
        used = drawn = longest = 0.0
        for group in formula.groups:
            parts = self._parts(group, width) if breaks else (group,)
            for i, part in enumerate(parts):
                full, gap = self._full(part), 0.0 if i else _GROUP_GAP * self._em
                goes_on = i > 0 or len(parts) == 1
                if rows and goes_on and used + gap + full <= width:
                    used, drawn = used + gap, drawn + gap
                else:
                    rows.append([])
                    used = drawn = _INDENT * self._em if i else 0.0
                drawn = self._place(part, rows[-1], drawn)
                used += full
                longest = max(longest, used)
        up, down = self._reach(formula)
        return FormulaLines(self._font, tuple(map(tuple, rows)), longest, up, up + down + _LEADING * self._em)

    def _parts(self, group: Group, width: float) -> tuple[Group, ...]:
        """Return what a line can hold of a group: its sides, and of one that is too long the terms."""
        if self._full(group) <= width:
            return (group,)
        found: list[Group] = []
        for side in _split(group, [piece.is_relation for piece in group]):
            fits = self._full(side) + _INDENT * self._em <= width
            found += [side] if fits else _split(side, [piece.is_operator for piece in side])
        return tuple(found)

    def _full(self, group: Group) -> float:
        return sum(self._width(piece, full=True) for piece in group)

    def _place(self, group: Group, row: list[Placed], at: float) -> float:
        for piece in group:
            width = self._width(piece, full=False)
            before, after = self._gaps(piece)
            row.append(Placed(at + before, width - before - after, piece))
            at += width
        return at

    def _width(self, piece: Piece, *, full: bool) -> float:
        """Return the width of a piece as it is; with ``full``, that of the widest number in its place."""
        return sum(self._gaps(piece)) + self._ink(piece, full=full)

    def _ink(self, piece: Piece, *, full: bool) -> float:
        if piece.tex and is_ready():
            return shape(piece.tex).width * self._symbol_em
        measure = self._metrics.horizontalAdvance
        width = measure(piece.text.strip())
        if not (full and piece.field):
            return width
        return max(width, measure(self._widest.get(piece.field, "")), measure(piece.reserve))

    def _gaps(self, piece: Piece) -> tuple[float, float]:
        gap = _GAP * self._em
        side = _BEARING * self._em if piece.tex else 0.0
        if not piece.text.strip():
            return gap / 2 * bool(piece.text), 0.0
        return side + gap * piece.text.startswith(" "), side + gap * piece.text.endswith(" ")

    def _reach(self, formula: Formula) -> tuple[float, float]:
        up, down = self._metrics.ascent(), self._metrics.descent()
        if is_ready():
            shapes = [shape(piece.tex) for group in formula.groups for piece in group if piece.tex]
            up = max([up, *(-s.top * self._symbol_em for s in shapes)])
            down = max([down, *((s.top + s.height) * self._symbol_em for s in shapes)])
        return up, down


def _split(group: Group, begins: Sequence[bool]) -> list[Group]:
    """Return a group in parts, each of which begins with a piece that is said to begin one."""
    starts = [i for i, is_begin in enumerate(begins) if is_begin and i > 0]
    return [group[start:end] for start, end in pairwise([0, *starts, len(group)])]
