"""The lines of code as rich text: coloured quantities, one highlighted line, tensors beside their line."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from gdstudio.core.listing import PHASES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gdstudio.core.listing import CodeLine, PhaseName
    from gdstudio.views.widgets.theme import Theme

_QUANTITIES = {
    "weights": r"net|weights?|bias|parameters|theta|c|w\d*|b",
    "gradient_text": r"grad|backward|zero_grad|gradient_size|slope|gradient(?:_[a-z]+\d*)?|error",
    "cost_text": r"cost|loss|cost_of|last_cost|cost_history",
    "data": r"[Xy](?:_batch)?|x\d*",
    "prediction": r"[hz]",
}
_WORDS = re.compile(
    r"\b(?:" + "|".join(f"(?P<{quantity}>{words})" for quantity, words in _QUANTITIES.items()) + r")\b(?!=)"
)
_BESIDE = 46
"""Tensors and notes begin at this column, or right behind a line that is longer."""


def code_html(
    lines: Sequence[CodeLine], theme: Theme, active: PhaseName | None, values: Mapping[str, str]
) -> str:
    """Return one HTML block for each line; those that `lit_lines` names for a phase are highlighted.

    ``values`` are what stands beside the lines, by the ``value`` of a line or else by its phase.
    """
    lit = lit_lines(lines, active)
    return "".join(_block(line, theme, values, is_active=i in lit) for i, line in enumerate(lines))


def lit_lines(lines: Sequence[CodeLine], active: PhaseName | None) -> tuple[int, ...]:
    """Return which lines make a phase: its own or, where it has none, those of the nearest phase before."""
    if active is None:
        return ()
    made = {line.phase for line in lines}
    before = PHASES[: PHASES.index(active) + 1]
    phase = next((phase for phase in reversed(before) if phase in made), None)
    return tuple(i for i, line in enumerate(lines) if line.phase == phase and phase is not None)


def loop_line(lines: Sequence[CodeLine]) -> int:
    """Return which line begins the loop that the phases are in: the outermost one, inside its function."""
    first = next((i for i, line in enumerate(lines) if line.phase is not None), 0)
    while first > 0 and lines[first - 1].margin:
        first -= 1
    return first


def coloured(text: str, theme: Theme) -> str:
    """Return escaped code or words with every quantity in its colour."""

    def in_colour(found: re.Match[str]) -> str:
        return f'<span style="color:{getattr(theme, str(found.lastgroup))}">{found[0]}</span>'

    return _WORDS.sub(in_colour, html.escape(text, quote=False))


def _block(line: CodeLine, theme: Theme, values: Mapping[str, str], *, is_active: bool) -> str:
    words = line.text.lstrip()
    margin = "&nbsp;" * (len(line.text) - len(words))
    code = coloured(words, theme)
    if line.is_left_out:
        code = f'<s style="color:{theme.muted}">{html.escape(words)}</s>'
    beside = values.get(line.value or line.phase or "", "")
    if beside:
        beside = coloured(beside, theme)
    elif line.note:
        colour = theme.warning if line.is_mistake else theme.muted
        beside = f'<span style="color:{colour}"># {html.escape(line.note)}</span>'
    gap = "&nbsp;" * max(2, _BESIDE - len(line.text)) if beside else ""
    mark = "▸&nbsp;" if is_active else "&nbsp;&nbsp;"
    background = f' style="background-color:{theme.border}"' if is_active else ""
    return f"<div{background}>{mark}{margin}{code}{gap}{beside}</div>"
