"""What can be asked of a problem, whatever its kind."""

from __future__ import annotations

from enum import StrEnum


class Trait(StrEnum):
    """A property that mistakes and panels ask for; its value says it in words."""

    ROWS = "rows of data"
    SQUARED_RESIDUALS = "a cost that is made of squared residuals"
    CLASSES = "labels of two classes, 0 and 1"
    SEVERAL_CLASSES = "labels of several classes, 0, 1, 2, ..."
    BROADCASTING = "a loss that also compares labels of another shape"
    WEIGHT_IS_PREDICTION = "a weight that is the prediction itself, h(x) = c"
    MATRICES = "weights that are all matrices, none of them a bias"


OF_CLASSES = frozenset({Trait.CLASSES, Trait.SEVERAL_CLASSES})
"""Labels that are classes, two or several: a problem has one of these traits."""
