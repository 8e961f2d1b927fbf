"""Yes or no from one feature: logistic regression (the notebook's L155)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import field_validator
from typing_extensions import override

from gdstudio.core.numbers import format_number
from gdstudio.core.problems.classes_spec import ClassesSpec
from gdstudio.core.problems.data.points import PointsSpec, given_features, given_labels
from gdstudio.core.problems.models.linear import LinearModel

if TYPE_CHECKING:
    from gdstudio.core.problems.given_points import GivenPoints
    from gdstudio.core.problems.models.model import Model

HOURS = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0)
PASSED = (0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0)
CLASSES_IN_WORDS = "0 for no and 1 for yes, as many as x"
_CLASSES = (0.0, 1.0)


class LogisticSpec(ClassesSpec, PointsSpec):
    """``kind = "logistic"``: hours of study and whether the exam was passed, unless others are given."""

    title: ClassVar[str] = "logistic, hours"
    family: ClassVar[str] = ClassesSpec.family
    kind: Literal["logistic"] = "logistic"
    x: tuple[float, ...] = given_features(HOURS)
    y: tuple[float, ...] = given_labels(PASSED, CLASSES_IN_WORDS)

    @field_validator("y")
    @classmethod
    def _are_classes(cls, y: tuple[float, ...]) -> tuple[float, ...]:
        wrong = next((value for value in y if value not in _CLASSES), None)
        if wrong is not None:
            raise ValueError(f"{format_number(wrong)} is neither 0 nor 1; give 0 for no and 1 for yes")
        return y

    @property
    @override
    def own_quantities(self) -> tuple[str, ...]:
        return (*super().own_quantities, "boundary")

    @property
    @override
    def given_points(self) -> GivenPoints:
        return replace(super().given_points, labels=_CLASSES)

    @override
    def model(self) -> Model:
        return LinearModel(("w",), "b")
