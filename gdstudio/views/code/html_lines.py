"""The lines of code as rich text: coloured quantities, one highlighted line, tensors beside their line."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gdstudio.core.listing import PhaseName
    from gdstudio.core.program.code_lines import CodeLine
    from gdstudio.views.widgets.theme import Theme

_QUANTITIES = {
    **dict.fromkeys(("net", "weights", "weight", "bias", "parameters"), "weights"),
    **dict.fromkeys(("grad", "backward", "zero_grad", "gradient_size", "slope"), "gradient_text"),
    **dict.fromkeys(("cost", "loss", "cost_of", "last"), "cost_text"),
    **dict.fromkeys(("X", "y", "X_batch", "y_batch"), "data"),
    "h": "prediction",
}
_WORDS = re.compile(r"\b(" + "|".join(map(re.escape, _QUANTITIES)) + r")\b(?!=)")
_BESIDE = 46
"""Tensors and notes begin at this column, or right behind a line that is longer."""


def code_html(
    lines: Sequence[CodeLine], theme: Theme, active: PhaseName | None, values: Mapping[PhaseName, str]
) -> str:
    """Return one HTML block for each line; that of the ``active`` phase is highlighted."""
    return "".join(_block(line, theme, active, values) for line in lines)


def coloured(text: str, theme: Theme) -> str:
    """Return escaped code or words with every quantity in its colour."""
    return _WORDS.sub(
        lambda found: f'<span style="color:{getattr(theme, _QUANTITIES[found[0]])}">{found[0]}</span>',
        html.escape(text, quote=False),
    )


def _block(line: CodeLine, theme: Theme, active: PhaseName | None, values: Mapping[PhaseName, str]) -> str:
    is_active = line.phase is not None and line.phase == active
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
