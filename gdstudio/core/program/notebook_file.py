"""A program as a notebook: its sections as cells.

Format 4.5: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gdstudio.core.program.layout import text_of

if TYPE_CHECKING:
    from gdstudio.core.listing import Program

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(program: Program) -> str:
    """Return the JSON of a notebook that needs PyTorch alone and prints the run's final weights."""
    title = program.title[:1].upper() + program.title[1:]
    cells = [_markdown([f"# {title}", "", "Gradient descent in plain PyTorch, written by gdstudio."])]
    for section in program.sections:
        note = ["", section.note] if section.note else []
        cells += [_markdown([f"## {section.title}", *note]), _code(text_of(section.lines))]
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"
    whole = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _markdown(lines: list[str]) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _source(lines)}


def _code(lines: list[str]) -> dict[str, Any]:
    source = _source(lines)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def _source(lines: list[str]) -> list[str]:
    """Return lines that end as the format asks: all but the last with a line break."""
    return "\n".join(lines).splitlines(keepends=True)
