"""Predict where the run will end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import format_number
from gdstudio.core.symbols import symbol
from gdstudio.lessons.cue import AnswerRow, Cue, verdict_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.core.settings.experiment import Experiment

_MOST_WEIGHTS = 2


class Place(Cue):
    """``kind = "place"``: the end of the run is marked on the curve or the map of the cost.

    ``within`` says how far from the end, as a distance between the weights, a mark may be and still be right.
    The run has one weight or two. An answer is what each weight is expected to be, by its name.
    """

    place: ClassVar[int] = 3
    instruction: ClassVar[str] = "Click where the run will end, or type it; or go on without."
    needs_run: ClassVar[bool] = True
    kind: Literal["place"] = "place"
    within: float = Field(gt=0)

    @override
    def check(self, experiment: Experiment) -> None:
        count = len(experiment.problem.weight_names)
        if count > _MOST_WEIGHTS:
            raise InputError(
                f"kind: a place is marked in a picture of one or two weights, but this run has {count}; "
                "ask for a number instead"
            )

    @override
    def asked_experiment(self, lesson: Experiment) -> Experiment:
        shown = super().asked_experiment(lesson)
        own, run = shown.problem.weight_names, self.experiment(lesson).problem.weight_names
        if own != run:
            raise InputError(
                f"asked: the question shows the weights {', '.join(own)}, its run has {', '.join(run)}; "
                "a place needs the same"
            )
        return shown

    @override
    def verdict(self, given: Mapping[str, float] | None, values: dict[str, float]) -> str:
        """Return whether a place is near enough to the end, and how far it is from there."""
        if given is None:
            return ""
        away = self.distance(given, values)
        far = f"is {format_number(away, 3)} away from the end"
        if not math.isfinite(away):
            far = "is marked, but the run ends beyond every number"
        return f"{verdict_of(is_right=away <= self.within)}: {place_words(given)} {far}. "

    @staticmethod
    def distance(given: Mapping[str, float], values: dict[str, float]) -> float:
        """Return the Euclidean distance of a place from the weights of the run."""
        return math.hypot(*(values[name] - weight for name, weight in given.items()))

    @override
    def rows(self, given: Any, values: dict[str, float]) -> list[AnswerRow]:
        """Return the place as a line, with the end of the run beside it."""
        return [AnswerRow(_written(given), _written({name: values[name] for name in given}))]


def _written(weights: Mapping[str, float]) -> str:
    return " ".join(f"{name}={weight!r}" for name, weight in weights.items())


def place_words(weights: Mapping[str, float]) -> str:
    """Write weights: ``θ = 2``, ``(w, b) = (1, 0.5)``."""
    names, numbers = [symbol(name) for name in weights], [format_number(w) for w in weights.values()]
    if len(names) == 1:
        return f"{names[0]} = {numbers[0]}"
    return f"({', '.join(names)}) = ({', '.join(numbers)})"
