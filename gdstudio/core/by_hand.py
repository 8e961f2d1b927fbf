"""What a program by hand is made of: the prediction, the cost, its slope and the update, written out.

As the notebook's own (L160-200), it has neither modules nor autograd: one number a weight, one line a partial
derivative. Models, losses and optimizers bring their own lines; `gdstudio.core.program.by_hand` puts them
together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.core.listing import Lines, Section

MOST_WEIGHTS = 4
"""Beyond so many weights nobody writes the derivatives out."""


@dataclass(frozen=True, slots=True)
class HandModel:
    """A prediction that is a sum of weights, each times its factor.

    Parameters
    ----------
    weights
        The names of the weights in the text, which are those of the problem.
    features
        For each weight the column that it is multiplied by, counted from 0; None for a bias.
    start
        The lines that set the first weights.
    draws_weights
        Whether they use a ``weights_stream``.
    """

    weights: tuple[str, ...]
    features: tuple[int | None, ...]
    start: Lines
    draws_weights: bool = False

    @property
    def columns(self) -> dict[int, str]:
        """The names of the columns that are used: ``x`` where there is one, ``x1``, ``x2``, ... for more."""
        used = [feature for feature in self.features if feature is not None]
        return {feature: f"x{feature + 1}" if len(used) > 1 else "x" for feature in used}

    def prediction(self, rows: str = "") -> str:
        """Return the text of h, for the rows that an index such as ``[rows]`` picks."""
        terms = [
            w + self._times(feature, rows) for w, feature in zip(self.weights, self.features, strict=True)
        ]
        return " + ".join(terms)

    def derivatives(self, rows: str = "") -> tuple[str, ...]:
        """Return for each weight the text of the sum over the rows that its partial derivative is made of."""
        return tuple(f"np.sum(error{self._times(feature, rows)})" for feature in self.features)

    def _times(self, feature: int | None, rows: str) -> str:
        return "" if feature is None else f" * {self.columns[feature]}{rows}"


@dataclass(frozen=True, slots=True)
class HandLoss:
    """A cost of residuals ``error = h - y``.

    ``cost`` is its text, with ``{rows}`` where it names labels; ``slope`` is what stands before each sum of
    the derivative, with ``{n}`` for the number of rows, and is empty for 1. ``link`` is what makes h of the
    model's own sum z; empty where they are the same. The derivative has to be the sum of the error times the
    factor of a weight all the same.
    """

    cost: str
    slope: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class HandUpdate:
    """How an optimizer moves one weight: what it needs before the first step, and the lines of a step.

    The last of the lines changes the weight; ``alpha`` is the learning rate.
    """

    step: tuple[str, ...]
    start: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandText:
    """A problem's part of a program by hand: ``data`` makes tensors ``X`` and ``y`` as every program does."""

    data: Section
    model: HandModel
    loss: HandLoss
    draws: bool = False
    truth: str = ""


def derivative_name(weight: str, count: int) -> str:
    """Return what the derivative by a weight is called: ``gradient`` of one weight, else ``gradient_w``."""
    return "gradient" if count == 1 else f"gradient_{weight}"
