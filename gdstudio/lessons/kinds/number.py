"""Predict a number of the run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import format_number
from gdstudio.lessons.cue import AnswerRow, Cue, verdict_of
from gdstudio.lessons.quantities import is_count, known_quantities

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment

_WHOLE = "Type a whole number, such as 10, or go on without one."
_ROUNDING = 1e-12
"""Two numbers that differ by less than this part of them are one and the same."""


class Number(Cue):
    """``kind = "number"``: a number is typed before the run.

    ``quantity`` names what is asked for, as the reveal would: ``cost``, ``step``, a weight. ``within`` says
    by how much a prediction may be off and still be right; ``within = 0`` asks for the very number.
    """

    place: ClassVar[int] = 2
    instruction: ClassVar[str] = "Type a number, such as 0.5 or 3/14, or go on without one."
    kind: Literal["number"] = "number"
    quantity: str
    within: float = Field(ge=0)

    @property
    @override
    def how_to_answer(self) -> str:
        return _WHOLE if self.is_whole else self.instruction

    @property
    def is_whole(self) -> bool:
        """Whether only a whole number can be right."""
        return is_count(self.quantity)

    @override
    def check(self, experiment: Experiment) -> None:
        known = known_quantities(experiment.problem)
        if self.quantity not in known:
            choices = ", ".join(sorted(known))
            raise InputError(f"quantity: {self.quantity!r} is none here; give one of: {choices}")

    @override
    def verdict(self, given: float | None, values: dict[str, float]) -> str:
        """Return whether a number is near enough, and by how much it is off, with the sign in words."""
        if given is None:
            return ""
        real = values[self.quantity]
        return f"{verdict_of(is_right=self.is_right(given, real))}: {gap_words(given, real)}. "

    def is_right(self, given: float, real: float) -> bool:
        """Return whether a number is as near to the real one as the cue asks for."""
        return math.isfinite(real) and abs(given - real) <= self.within + _ROUNDING * abs(real)

    @override
    def rows(self, given: Any, values: dict[str, float]) -> list[AnswerRow]:
        """Return the number as a line, with that of the run beside it."""
        return [AnswerRow(repr(float(given)), repr(float(values[self.quantity])))]


def gap_words(given: float, real: float) -> str:
    """Say how far a number is from the real one: ``12 is 2 too high``."""
    said = format_number(given)
    if not math.isfinite(real):
        return f"{said} against {format_number(real)} in the run"
    gap = given - real
    if abs(gap) <= _ROUNDING * abs(real):
        return f"{said} it is"
    return f"{said} is {format_number(abs(gap), 3)} too {'high' if gap > 0 else 'low'}"
