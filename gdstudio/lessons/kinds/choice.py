"""Predict which of some choices comes true."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from typing_extensions import override

from gdstudio.lessons.choices import ChoiceQuestion
from gdstudio.lessons.cue import verdict_of


class Choice(ChoiceQuestion):
    """``kind = "choice"``, which need not be written: one of the choices is taken before the run."""

    place: ClassVar[int] = 1
    instruction: ClassVar[str] = "What do you expect? Choose an answer, or go on without one."
    kind: Literal["choice"] = "choice"

    @override
    def verdict(self, given: Any, values: dict[str, float]) -> str:
        """Return whether the choice, counted from 1, is the right one."""
        return "" if given is None else f"{verdict_of(is_right=given == self.answer)}. "
