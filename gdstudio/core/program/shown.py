"""The part of a program that the code panel shows: set-up, loop and step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.listing import Part

if TYPE_CHECKING:
    from gdstudio.core.listing import Lines, Program

_SHOWN = {Part.LOOP, Part.MODEL}


def strip(program: Program) -> Lines:
    """Return those lines of the program, without data, helper functions, guards and printing."""
    return tuple(line for line in program.lines if line.part in _SHOWN and line.text)
