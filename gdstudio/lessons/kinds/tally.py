"""Count hands for each choice, discuss, and count again.

Students who discuss a question with their neighbours and answer it once more answer it better, also where
nobody nearby was right (Crouch and Mazur, "Peer instruction: ten years of experience and results", 2001).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from typing_extensions import override

from gdstudio.core.numbers import format_count
from gdstudio.lessons.choices import ChoiceQuestion
from gdstudio.lessons.cue import AnswerRow

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_HANDS = 100_000


class Tally(ChoiceQuestion):
    """``kind = "tally"``: the hands for each choice are typed, before the run, once or twice.

    An answer is one round of counts after another, each with a count a choice.
    """

    place: ClassVar[int] = 5
    instruction: ClassVar[str] = "Type how many hands go up for each answer, or go on without."
    kind: Literal["tally"] = "tally"

    @override
    def verdict(self, given: Sequence[Sequence[int]] | None, values: dict[str, float]) -> str:
        """Return how many of the hands were right, in each round."""
        if not given:
            return ""
        parts = [self._share(counts) for counts in given]
        if len(parts) == 1:
            return f"{parts[0]} expected this. "
        return f"At first {parts[0]} expected this, after the discussion {parts[1]}. "

    def _share(self, counts: Sequence[int]) -> str:
        right, total = counts[self.answer - 1], sum(counts)
        return f"{format_count(right)} of {format_count(total)} ({100 * right / total:.0f} %)"

    @override
    def rows(self, given: Any, values: dict[str, float]) -> list[AnswerRow]:
        """Return a line for each choice in each round."""
        return [
            AnswerRow(words, "right" if i == self.answer else "wrong", round=number, count=counts[i - 1])
            for number, counts in enumerate(given, 1)
            for i, words in enumerate(self.choices, 1)
        ]
