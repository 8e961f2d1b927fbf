"""Labels that one boundary parts without a mistake, so that the cross-entropy has no minimum."""

from __future__ import annotations

from typing import ClassVar, Literal

from gdstudio.core.problems.data.points import given_labels
from gdstudio.core.problems.kinds.logistic import CLASSES_IN_WORDS, LogisticSpec


class LogisticSeparableSpec(LogisticSpec):
    """``kind = "logistic_separable"``: the hours of `LogisticSpec`; only those above 2.5 are a yes."""

    title: ClassVar[str] = "logistic, separable"
    kind: Literal["logistic_separable"] = "logistic_separable"  # type: ignore[assignment]  # another kind
    y: tuple[float, ...] = given_labels((0.0,) * 5 + (1.0,) * 5, CLASSES_IN_WORDS)
