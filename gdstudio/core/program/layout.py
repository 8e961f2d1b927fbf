"""Lines of code as text: their notes as comments, and empty lines around definitions as PEP 8 asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdstudio.core.listing import CodeLine

_DEFINITION = ("def ", "class ", "@")
_CONTINUED = (" ", ")", "]", "}")


def written(line: CodeLine) -> str:
    """Return the line with its note as a comment; one that a mistake leaves out is a comment as a whole."""
    text = f"{line.margin}# {line.text.lstrip()}" if line.is_left_out else line.text
    if not line.note:
        return text
    return f"{text}  # {'the mistake: ' if line.is_mistake else ''}{line.note}"


def text_of(lines: Iterable[CodeLine]) -> list[str]:
    """Return the lines as text, with two empty lines before and after each function and class."""
    texts: list[str] = []
    in_definition = False
    for text in map(written, lines):
        if text and not text.startswith(_CONTINUED):
            begins = begins_definition(text)
            if texts and (begins or in_definition) and not texts[-1].startswith("@"):
                texts = [*_without_empty_end(texts), "", ""]
            in_definition = begins
        texts.append(text)
    return _without_empty_end(texts)


def begins_definition(text: str) -> bool:
    """Whether a function or class begins with this line."""
    return text.startswith(_DEFINITION)


def ends_with_definition(texts: list[str]) -> bool:
    """Whether the last of these lines belong to a function or class."""
    return begins_definition(next((t for t in reversed(texts) if t and not t.startswith(_CONTINUED)), ""))


def _without_empty_end(texts: list[str]) -> list[str]:
    while texts and not texts[-1]:
        texts = texts[:-1]
    return texts
