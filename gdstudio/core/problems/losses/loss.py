"""What every loss is: torch's own function, its text, and what closed forms need to know of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

    from gdstudio.core.by_hand import HandLoss
    from gdstudio.core.notation import Piece
    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True)
class Squares:
    """A cost that is a multiple of the sum, or of the mean, of the squared residuals."""

    reduction: Literal["mean", "sum"]
    times: float = 1.0

    def factor(self, rows: int) -> float:
        """Return what the sum of squared residuals over ``rows`` rows is multiplied by."""
        return self.times / rows if self.reduction == "mean" else self.times

    def fraction(self, rows: int) -> tuple[int, int]:
        """Return the same as a fraction above / below."""
        times = Fraction(self.times)
        below = rows if self.reduction == "mean" else 1
        return times.numerator, times.denominator * below


ATEN_REDUCTIONS = {"mean": 1, "sum": 2}
"""The numbers by which the operations of aten know them."""


class Loss(ABC):
    """How predictions and labels become one number.

    A new loss is one new module in this folder with a subclass that has a ``name``.
    """

    name: ClassVar[str] = ""
    """Its name in a file."""
    title: ClassVar[str] = ""
    """Its name in a list to choose from."""
    place: ClassVar[int] = 100
    """Where it stands in that list."""
    squares: ClassVar[Squares | None] = None
    """How it is made of squared residuals; None where it is something else."""
    of_classes: ClassVar[bool] = False
    """Whether labels are 0 and 1, and outputs z say how probable a 1 is: p = 1 / (1 + e^-z)."""
    of_several: ClassVar[bool] = False
    """Whether labels are 0, 1, 2, ..., and there is an output for each: p = softmax(z)."""
    is_cross_entropy: ClassVar[bool] = False
    """Whether it is the mean of log(1 + e^z) - y z, whose minimum is found in few steps of Newton's."""
    is_mean: ClassVar[bool] = True
    """Whether it is a mean over the rows, not a sum."""
    broadcasts: ClassVar[bool] = True
    """Whether torch compares predictions with labels of another shape too, each with each."""

    @abstractmethod
    def function(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        """Return the cost of predictions and labels of one shape, as a differentiable torch function."""

    def function_of_many(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        """Return the same in operations that `torch.func.vmap` can do for many weights at once."""
        return self.function()

    def derivative(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor] | None:
        """Return the derivative of the cost by the outputs, in the operations that autograd would call.

        It is a function of the same two tensors, with a result of the outputs' shape. None where it is not
        written out.
        """
        return None

    @abstractmethod
    def definition(self) -> tuple[str, ...]:
        """Return the lines of a program that define ``loss``."""

    def expression(self, h: str, y: str) -> str:
        """Return the text of the cost of outputs and labels."""
        return f"loss({h}, {y})"

    @property
    def formula(self) -> Piece | None:
        """What the cost is the mean of, in y and z or p = sigmoid(z); None where nobody writes it out."""
        return None

    @property
    def has_classes(self) -> bool:
        """Whether labels are classes, two or several, so that each is predicted right or wrong."""
        return self.of_classes or self.of_several

    @property
    def output_name(self) -> str:
        """What a program calls the outputs that it compares."""
        return "z" if self.has_classes else "h"

    def predicted(self, outputs: Floats) -> Floats:
        """Return what outputs predict, shape (n,): themselves, the probabilities of a 1, the likeliest class.

        They are of shape (n,), and (n, k) where there is one for each of k classes.
        """
        if self.of_several:
            return np.asarray(outputs.argmax(axis=-1), dtype=np.float64)
        return probabilities(outputs) if self.of_classes else outputs

    def by_hand(self) -> HandLoss | None:
        """Return its text with the derivative written out; None where it has none."""
        return None


def probabilities(outputs: Floats) -> Floats:
    """Return p = 1 / (1 + e^-z), the logistic function of z."""
    with np.errstate(over="ignore"):  # e^-z may be infinite, and p is 0 then
        return np.asarray(1 / (1 + np.exp(-outputs)))


def softmax(outputs: Floats) -> Floats:
    """Return the probabilities of k classes for outputs (..., k): e^z of each over the sum of all."""
    powers = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
