"""Cues: predict, run, reveal. Predicting first is what makes a demonstration teach.

(Crouch and others, "Classroom demonstrations: learning tools or entertainment?", 2004.) A reveal's numbers
come from the run; the file holds only what they must turn out to be, and a test holds every cue to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Self

import numpy as np
from pydantic import Field, model_validator

from gdstudio.core.errors import InputError
from gdstudio.core.hyperparameter import Settings
from gdstudio.core.mistaken import gradient_at
from gdstudio.core.numbers import format_number

if TYPE_CHECKING:
    from gdstudio.core.experiment import Experiment
    from gdstudio.core.mistakes import MistakeName
    from gdstudio.core.problems import Problem
    from gdstudio.core.typing import Floats

MAX_CHOICES = 4
_PLACE = re.compile(r"\{(\w+)\}")

Band = Annotated[tuple[float, float], Field(strict=False)]


class Cue(Settings):
    """A ``[[cue]]``: a question with choices, what to set, and what the run reveals.

    ``set`` holds paths such as ``"run.learning_rate"``; the run then goes to its end, or, with
    ``run = false``, the answer is read off its start. ``reveal`` names quantities in braces. ``expect``
    gives the value of some of them, or a band ``[low, high]`` where chance has a part.
    """

    prompt: str = Field(min_length=1, max_length=400)
    choices: tuple[str, ...] = Field(strict=False, min_length=2, max_length=MAX_CHOICES)
    answer: int = Field(ge=1, description="Which of the choices is right, counted from 1")
    set: dict[str, Any] = Field(default_factory=dict)
    run: bool = True
    reveal: str = Field(min_length=1, max_length=600)
    expect: dict[str, float | Band] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _answer_is_a_choice(self) -> Self:
        if self.answer > len(self.choices):
            raise ValueError(f"answer: {self.answer} is more than the {len(self.choices)} choices")
        return self

    def experiment(self, lesson: Experiment) -> Experiment:
        """Return the lesson's experiment with what the cue sets.

        Raises
        ------
        InputError
            Where that does not fit, or the reveal or ``expect`` names something that the run has not.
        """
        made = lesson.edited(self.set)
        known = {*_ALWAYS, *made.problem.weight_names}
        for name in [*_PLACE.findall(self.reveal), *self.expect]:
            if name not in known:
                raise InputError(
                    f"cue: {{{name}}} is not a quantity here; give one of: {', '.join(sorted(known))}"
                )
        return made

    def revealed(self, values: dict[str, float]) -> str:
        """Return the reveal with the run's own numbers in it."""
        return _PLACE.sub(lambda place: format_number(values[place[1]]), self.reveal)


_ALWAYS = ("step", "epoch", "cost", "gradient", "error", "test_cost", "condition", "limit")


def quantities(
    problem: Problem,
    weights: Floats,
    step: int,
    epoch: int,
    cost: float,
    epoch_table: Floats,
    *,
    mistake: MistakeName = "none",
) -> dict[str, float]:
    """Return what a reveal can name of a run that stands at these weights (P,).

    ``gradient`` is J' for one weight and the size of the gradient for more; ``error`` the largest error of
    any weight, NaN without a truth; ``test_cost`` the last of the table of epochs (e, 4), NaN without one;
    ``condition`` the condition number of a constant Hessian and ``limit`` 2 / lambda_max, NaN without one.
    """
    gradient = gradient_at(problem, mistake, weights)
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
