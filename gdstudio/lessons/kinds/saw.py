"""Say what was seen, before the run is shown once more.

One observation of a demonstration in five is wrong (Miller and others, "Role of physics lecture
demonstrations in conceptual learning", 2013), and what is believed to have been seen is what is learnt.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from gdstudio.lessons.choices import ChoiceQuestion
from gdstudio.lessons.cue import verdict_of


class Saw(ChoiceQuestion):
    """``kind = "saw"``: after the run, while the pictures show its start again, one of the choices is taken.

    ``watch`` says before and during the run what to look at; ``prompt`` asks after it what was seen.
    """

    place: ClassVar[int] = 4
    instruction: ClassVar[str] = "Watch closely: the question comes after the run."
    comes_after_the_run: ClassVar[bool] = True
    needs_run: ClassVar[bool] = True
    kind: Literal["saw"] = "saw"
    watch: str = Field(min_length=1, max_length=400)

    @property
    @override
    def first_words(self) -> str:
        return self.watch

    @override
    def verdict(self, given: Any, values: dict[str, float]) -> str:
        """Return whether what was seen, counted from 1, is what happened."""
        return "" if given is None else f"{verdict_of(is_right=given == self.answer, saw=True)}. "
