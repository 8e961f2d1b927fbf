"""A program as a Python file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.program.layout import begins_definition, ends_with_definition, text_of

if TYPE_CHECKING:
    from gdstudio.core.listing import Program, Section


def script(program: Program) -> str:
    """Return the text of a Python file that needs PyTorch alone and prints the run's final weights."""
    title = program.title[:1].upper() + program.title[1:]
    head = f'"""{title}: gradient descent in plain PyTorch, written by gdstudio.'
    first, *others = program.sections
    lines = [head, "", *program.usage, '"""', "", *text_of(first.lines)]
    for section in others:
        lines += _written(section, after=lines)
    return "\n".join(lines) + "\n"


def _written(section: Section, after: list[str]) -> list[str]:
    """Return the section below its title, with two empty lines before it where a definition is near."""
    code = text_of(section.lines)
    gap = ["", ""] if begins_definition(code[0]) or ends_with_definition(after) else [""]
    note = [f"# {section.note}"] if section.note else []
    return [*gap, f"# {section.title}", *note, *code]
