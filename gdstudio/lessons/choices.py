"""Questions with choices, one of which is right."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator
from typing_extensions import override

from gdstudio.lessons.cue import AnswerRow, Cue

MAX_CHOICES = 4


class ChoiceQuestion(Cue):
    """``choices``, and ``answer``: which of them is right, counted from 1."""

    choices: tuple[str, ...] = Field(strict=False, min_length=2, max_length=MAX_CHOICES)
    answer: int = Field(ge=1, description="Which of the choices is right, counted from 1")

    @model_validator(mode="after")
    def _answer_is_a_choice(self) -> Self:
        if self.answer > len(self.choices):
            raise ValueError(f"answer: {self.answer} is more than the {len(self.choices)} choices")
        return self

    @property
    @override
    def right_words(self) -> str:
        return self.choices[self.answer - 1]

    @override
    def rows(self, given: Any, values: dict[str, float]) -> list[AnswerRow]:
        """Return the choice, counted from 1, as a line."""
        return [AnswerRow(self.choices[given - 1], "right" if given == self.answer else "wrong")]
