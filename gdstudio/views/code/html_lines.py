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
    **dict.fromkeys(("net", "weights", "weight", "bias", "parameters"), "weights"),
    **dict.fromkeys(("grad", "backward", "zero_grad", "gradient_size", "slope"), "gradient_text"),
    **dict.fromkeys(("cost", "loss", "cost_of", "last_cost"), "cost_text"),
    **dict.fromkeys(("X", "y", "X_batch", "y_batch"), "data"),
    "h": "prediction",
}
_WORDS = re.compile(r"\b(" + "|".join(map(re.escape, _QUANTITIES)) + r")\b(?!=)")
_BESIDE = 46
"""Tensors and notes begin at this column, or right behind a line that is longer."""


def code_html(
    lines: Sequence[CodeLine], theme: Theme, active: PhaseName | None, values: Mapping[PhaseName, str]
) -> str:
    """Return one HTML block for each line; the one that `lit_line` names for a phase is highlighted."""
    lit = lit_line(lines, active)
    return "".join(_block(line, theme, values, is_active=i == lit) for i, line in enumerate(lines))


def lit_line(lines: Sequence[CodeLine], active: PhaseName | None) -> int | None:
    """Return which line makes a phase: its own or, where it has none, that of the nearest phase before it."""
    if active is None:
        return None
    made = {line.phase: i for i, line in enumerate(lines)}
    before = PHASES[: PHASES.index(active) + 1]
    return next((made[phase] for phase in reversed(before) if phase in made), None)


def coloured(text: str, theme: Theme) -> str:
    """Return escaped code or words with every quantity in its colour."""
    return _WORDS.sub(
        lambda found: f'<span style="color:{getattr(theme, _QUANTITIES[found[0]])}">{found[0]}</span>',
        html.escape(text, quote=False),
    )


def _block(line: CodeLine, theme: Theme, values: Mapping[PhaseName, str], *, is_active: bool) -> str:
    words = line.text.lstrip()
    margin = "&nbsp;" * (len(line.text) - len(words))
    code = coloured(words, theme)
    if line.is_left_out:
        code = f'<s style="color:{theme.muted}">{html.escape(words)}</s>'
    beside = values.get(line.phase, "") if line.phase else ""
    if beside:
        beside = coloured(beside, theme)
    elif line.note:
        colour = theme.warning if line.is_mistake else theme.muted
        beside = f'<span style="color:{colour}"># {html.escape(line.note)}</span>'
    gap = "&nbsp;" * max(2, _BESIDE - len(line.text)) if beside else ""
    mark = "▸&nbsp;" if is_active else "&nbsp;&nbsp;"
    background = f' style="background-color:{theme.border}"' if is_active else ""
    return f"<div{background}>{mark}{margin}{code}{gap}{beside}</div>"
