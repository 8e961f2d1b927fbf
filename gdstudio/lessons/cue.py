"""Cues: the students predict an answer, the experiment runs, and its numbers reveal which one is right.

Students learn more from a demonstration if they predict its outcome first (Crouch and others, "Classroom
demonstrations: learning tools or entertainment?", 2004). The numbers of a reveal are computed by the run; the
file only states which numbers are expected, and a test runs every cue and compares.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Self

import numpy as np
from pydantic import Field, field_validator, model_validator

from gdstudio.core.concealment import Quantity
from gdstudio.core.errors import InputError
from gdstudio.core.hyperparameter import Settings
from gdstudio.core.numbers import format_number

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.typing import Floats

MAX_CHOICES = 4
_PLACE = re.compile(r"\{(\w+)\}")
_VERDICT = re.compile(r"(yes|no|right|wrong|correct|true|false)\b(?=\s*[,.:;!–])", re.IGNORECASE)

Band = Annotated[tuple[float, float], Field(strict=False)]


class Cue(Settings):
    """A ``[[cue]]``: a question with choices, what to set, and what the run reveals.

    ``set`` holds new values by their paths, such as ``"run.learning_rate"``; the experiment is then run to
    its end, or, with ``run = false``, not run at all, and the numbers are those of its first weights.
    ``asked`` holds the values for while the question is asked, instead of those of ``set``, where these would
    give the answer away: ``asked = {}`` leaves the lesson as it is. ``hides`` names the quantities that
    stand as "?" until the reveal.
    ``reveal`` is a text with the names of quantities in braces. ``expect`` gives the values of some of them,
    or a band ``[low, high]`` for what depends on the seed.
    """

    prompt: str = Field(min_length=1, max_length=400)
    choices: tuple[str, ...] = Field(strict=False, min_length=2, max_length=MAX_CHOICES)
    answer: int = Field(ge=1, description="Which of the choices is right, counted from 1")
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
    def _answer_is_a_choice(self) -> Self:
        if self.answer > len(self.choices):
            raise ValueError(f"answer: {self.answer} is more than the {len(self.choices)} choices")
        return self

    def experiment(self, lesson: Experiment) -> Experiment:
        """Return the lesson's experiment with the values that the cue sets.

        Raises
        ------
        InputError
            Where a value is wrong, or ``reveal`` or ``expect`` names a quantity that this run does not have.
        """
        made = lesson.edited(self.set)
        known = {*_ALWAYS, *made.problem.weight_names}
        if not made.problem.test_row_count:
            known.discard("test_cost")
        for name in [*_PLACE.findall(self.reveal), *self.expect]:
            if name not in known:
                choices = ", ".join(sorted(known))
                raise InputError(
                    f"{{{name}}} in reveal or expect is not a quantity here; give one of: {choices}"
                )
        return made

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

    def verdict(self, predicted: int | None) -> str:
        """Return what is said of a prediction, counted from 1; nothing where there was none."""
        if predicted is None:
            return ""
        return "As you predicted. " if predicted == self.answer else "Not as you predicted. "

    def revealed(self, values: dict[str, float]) -> str:
        """Return the text of the reveal with the numbers of a run (see `quantities`) in their places."""
        return _PLACE.sub(lambda place: format_number(values[place[1]]), self.reveal)


_ALWAYS = ("step", "epoch", "cost", "gradient", "error", "test_cost", "condition", "limit")


def quantities(
    problem: Problem,
    weights: Floats,
    step: int,
    epoch: int,
    cost: float,
    epoch_table: Floats,
) -> dict[str, float]:
    """Return the quantities that a reveal can name, for a run whose weights, shape (P,), are these.

    ``gradient`` is J' for one weight, and the length of the gradient for more than one; ``error`` is the
    largest error of a weight, NaN if the true weights are not known; ``test_cost`` is that of the last row of
    ``epoch_table``, shape (epochs, 4), NaN if it has no rows; ``condition`` is the condition number of a
    constant Hessian and ``limit`` is 2 / lambda_max, both NaN if the Hessian is not constant.
    """
    gradient = problem.gradient_at(weights)
    truth = problem.true_weights
    curvatures = problem.curvatures()
    low, high = (float("nan"),) * 2 if curvatures is None else (float(curvatures[0]), float(curvatures[-1]))
    return {
        "step": float(step),
        "epoch": float(epoch),
        "cost": cost,
        "gradient": float(gradient[0]) if len(gradient) == 1 else float(np.linalg.norm(gradient)),
        "error": float("nan") if truth is None else float(np.abs(truth - weights).max()),
        "test_cost": float(epoch_table[-1, 3]) if len(epoch_table) else float("nan"),
        "condition": high / low if low else float("inf"),
        "limit": 2 / high if high else float("inf"),
        **dict(zip(problem.weight_names, weights.tolist(), strict=True)),
    }
