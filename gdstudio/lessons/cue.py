"""What every cue is: the students answer, the experiment runs, and its numbers reveal what is right.

Students learn more from a demonstration if they predict its outcome first (Crouch and others, "Classroom
demonstrations: learning tools or entertainment?", 2004). The numbers of a reveal are computed by the run; the
file only states which numbers are expected, and a test runs every cue and compares.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from gdstudio.core.concealment import Quantity
from gdstudio.core.errors import InputError
from gdstudio.core.hyperparameter import Settings
from gdstudio.core.numbers import format_number
from gdstudio.lessons.quantities import known_quantities

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment

_PLACE = re.compile(r"\{(\w+)\}")
_VERDICT = re.compile(r"(yes|no|right|wrong|correct|true|false)\b(?=\s*[,.:;!–])", re.IGNORECASE)

Band = Annotated[tuple[float, float], Field(strict=False)]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A line of what was answered: in which round, how many gave the answer, and what the run did."""

    answer: str
    result: str
    round: int = 1
    count: int = 1


class Cue(Settings):
    """A ``[[cue]]``: a question, what to set, and what the run reveals.

    ``set`` holds new values by their paths, such as ``"run.learning_rate"``; the experiment is then run to
    its end, or, with ``run = false``, not run at all, and the numbers are those of its first weights.
    ``asked`` holds the values for while the question is asked, instead of those of ``set``, where these would
    give the answer away: ``asked = {}`` leaves the lesson as it is. ``hides`` names the quantities that
    stand as "?" until the reveal.
    ``reveal`` is a text with the names of quantities in braces. ``expect`` gives the values of some of them,
    or a band ``[low, high]`` for what depends on the seed.

    A new kind is one new module in `gdstudio.lessons.kinds`, with a ``kind`` of its own, and one in
    ``gdstudio/views/window/answers``, by which it is answered.
    """

    place: ClassVar[int] = 100
    """Where the kind stands in a list of all."""
    instruction: ClassVar[str] = ""
    """What to do while one of the kind is asked."""
    comes_after_the_run: ClassVar[bool] = False
    """Whether it is answered after the run, by what was seen, and not before it."""
    needs_run: ClassVar[bool] = False
    """Whether it asks for something that only a run has."""

    kind: str
    prompt: str = Field(min_length=1, max_length=400)
    set: dict[str, Any] = Field(default_factory=dict)
    asked: dict[str, Any] | None = None
    hides: tuple[Quantity, ...] = Field((), strict=False)
    run: bool = True
    reveal: str = Field(min_length=1, max_length=600)
    expect: dict[str, float | Band] = Field(default_factory=dict)

    @field_validator("expect", mode="before")
    @classmethod
    def _numbers_or_bands(cls, value: Any) -> Any:
        for name, expected in value.items() if isinstance(value, dict) else ():
            band = expected if isinstance(expected, (list, tuple)) and len(expected) == 2 else [expected] * 2
            if not all(isinstance(n, (int, float)) and not isinstance(n, bool) for n in band):
                raise ValueError(f"{name}: {expected!r} is neither a number nor a band [low, high]")
            if band[0] > band[1]:
                raise ValueError(f"{name}: the band {expected!r} is upside down; give [low, high]")
        return value

    @model_validator(mode="after")
    def _braces_are_places(self) -> Self:
        rest = _PLACE.sub("", self.reveal)
        if "{" in rest or "}" in rest:
            raise ValueError("reveal: has a brace that names no quantity; write one as {cost}")
        return self

    @model_validator(mode="after")
    def _reveal_is_no_verdict(self) -> Self:
        if found := _VERDICT.match(self.reveal):
            raise ValueError(
                f"reveal: begins with the verdict {found[0]!r}, but the studio says whether the prediction "
                "was right; begin with what happens"
            )
        return self

    @model_validator(mode="after")
    def _is_run(self) -> Self:
        if self.needs_run and not self.run:
            raise ValueError(f"run: false leaves nothing to ask of kind {self.kind!r}; leave it out")
        return self

    @property
    def first_words(self) -> str:
        """What stands in the place of the question until it can be answered."""
        return self.prompt

    @property
    def how_to_answer(self) -> str:
        """What to do while this very question is asked."""
        return self.instruction

    @property
    def right_words(self) -> str:
        """The right answer where the file states it in words."""
        return ""

    def experiment(self, lesson: Experiment) -> Experiment:
        """Return the lesson's experiment with the values that the cue sets.

        Raises
        ------
        InputError
            Where a value is wrong, or the cue is about something that this run does not have.
        """
        made = lesson.edited(self.set)
        known = known_quantities(made.problem)
        for name in [*_PLACE.findall(self.reveal), *self.expect]:
            if name not in known:
                choices = ", ".join(sorted(known))
                raise InputError(
                    f"{{{name}}} in reveal or expect is not a quantity here; give one of: {choices}"
                )
        self.check(made)
        return made

    def check(self, experiment: Experiment) -> None:
        """See whether what is asked can be answered by a run.

        Raises
        ------
        InputError
            Where it cannot: the key, and what would be right.
        """

    def asked_experiment(self, lesson: Experiment) -> Experiment:
        """Return the experiment on screen while the question is asked.

        Raises
        ------
        InputError
            Where a value is wrong.
        """
        if self.asked is None:
            return lesson.edited(self.set)
        try:
            return lesson.edited(self.asked)
        except InputError as error:
            raise InputError(*(f"asked: {line}" for line in error.problems)) from None

    @abstractmethod
    def verdict(self, given: Any, values: dict[str, float]) -> str:
        """Return what is said of an answer, with a space behind it; nothing where there was none.

        Parameters
        ----------
        given
            What the widget of the kind takes for an answer; None where there is none.
        values
            The `quantities` of the run.
        """

    @abstractmethod
    def rows(self, given: Any, values: dict[str, float]) -> list[AnswerRow]:
        """Return an answer as lines of a table."""

    def revealed(self, values: dict[str, float]) -> str:
        """Return the text of the reveal with the numbers of a run (see `quantities`) in their places."""
        return _PLACE.sub(lambda place: format_number(values[place[1]]), self.reveal)


def verdict_of(*, is_right: bool, saw: bool = False) -> str:
    """Return how a verdict begins, without a full stop."""
    return f"{'As' if is_right else 'Not as'} you {'saw it' if saw else 'predicted'}"
