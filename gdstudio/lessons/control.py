"""A control that a lesson puts into the sidebar: which hyperparameter it sets, and the slider's range."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from gdstudio.core.hyperparameter import Scale, Settings


class ControlSpec(Settings):
    """One ``[[control]]`` of a lesson file.

    The range limits the slider alone: a value outside it can still be typed where the hyperparameter itself
    allows it. A hyperparameter that the lesson's own experiment does not have, but that of a cue has, is
    shown while that cue is on screen.
    """

    name: str = Field(max_length=80)
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = Field(None, gt=0)
    scale: Scale | None = None
    choices: tuple[float, ...] = Field((), strict=False, max_length=20)

    @model_validator(mode="after")
    def _range_is_valid(self) -> Self:
        low, high = self.minimum, self.maximum
        if low is not None and high is not None and low >= high:
            raise ValueError(f"minimum {low} is not below maximum {high}")
        if self.scale == "log" and low is not None and low <= 0:
            raise ValueError(f"minimum {low} cannot be on a log scale; give one above 0")
        return self
