"""Draw the curve of the cost before the run.

Who draws a curve before seeing it, and sees the gap, remembers the data better (Kim, Reinecke and Hullman,
"Explaining the gap: visualizing one's predictions improves recall and comprehension of data", 2017).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator
from typing_extensions import override

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import format_number
from gdstudio.lessons.cue import AnswerRow, Band, Cue, verdict_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.settings.experiment import Experiment

_PANEL = "cost_history"


class Sketch(Cue):
    """``kind = "sketch"``: the cost over the steps is drawn with the pointer, and stays beside the real one.

    ``costs`` are the least and the greatest cost that there is room for. ``factor`` says how many times the
    real cost, or what part of it, the end of the line may be and still be right. An answer is a list of
    steps with their costs.
    """

    place: ClassVar[int] = 6
    instruction: ClassVar[str] = "Draw the cost over the steps, from left to right; or go on without."
    needs_run: ClassVar[bool] = True
    kind: Literal["sketch"] = "sketch"
    costs: Band
    factor: float = Field(gt=1)

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        low, high = self.costs
        if not low < high:
            raise ValueError(f"costs: [{low:g}, {high:g}] leaves no room; give [low, high]")
        return self

    @override
    def asked_experiment(self, lesson: Experiment) -> Experiment:
        shown = super().asked_experiment(lesson)
        if _PANEL not in shown.view.panels:
            raise InputError(f'kind: a sketch is drawn in the panel {_PANEL!r}; add it to "view.panels"')
        return shown

    @override
    def verdict(self, given: Sequence[tuple[float, float]] | None, values: dict[str, float]) -> str:
        """Return whether the line ends near enough, and where it and the run end."""
        if not given:
            return ""
        step, drawn = given[-1]
        ends = f"your line ends at J = {format_number(drawn, 3)}"
        if step < values["step"] - 0.5:
            ends += f" at step {step:.0f}"
        is_right = self.is_right(drawn, values["cost"])
        return f"{verdict_of(is_right=is_right)}: {ends}, the run at J = {format_number(values['cost'], 3)}. "

    def is_right(self, drawn: float, real: float) -> bool:
        """Return whether a cost is as near to the real one as the cue asks for."""
        if not math.isfinite(real) or drawn * real <= 0:
            return drawn == real
        return max(drawn / real, real / drawn) <= self.factor

    @override
    def rows(self, given: Any, values: dict[str, float]) -> list[AnswerRow]:
        """Return the drawn line as one line of steps and costs, with the cost of the run beside it."""
        drawn = " ".join(f"{step:.4g}:{cost:.4g}" for step, cost in given)
        return [AnswerRow(drawn, repr(float(values["cost"])))]
