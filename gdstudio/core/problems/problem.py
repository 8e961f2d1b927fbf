"""What every problem is: settings in a file, and the thing that is minimised.

A new problem is one new module in `gdstudio.core.problems.kinds`: a `ProblemSpec` with a ``kind`` of its own
whose `ProblemSpec.build` returns a `Problem`. Most are a `FitSpec` (data, a model and a loss) or a
`SurfaceSpec` (a function of the weights). What a problem does not know it answers with None or an empty
array, and the panels that need it are not offered.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

import numpy as np

from gdstudio.core.hyperparameter import Settings
from gdstudio.core.problems.by_torch import batched, cost_at, gradient_at, hessian_at, outputs
from gdstudio.core.problems.dataset import NO_ROWS, Dataset
from gdstudio.core.problems.viewpoint import MORE_WEIGHTS, ONE_WEIGHT, Viewpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import torch
    from torch import nn

    from gdstudio.core.by_hand import HandText
    from gdstudio.core.listing import ProblemText, TextStyle
    from gdstudio.core.notation import Group
    from gdstudio.core.problems.given_points import GivenPoints
    from gdstudio.core.problems.layers import FastForm, Layers
    from gdstudio.core.problems.losses.loss import Squares
    from gdstudio.core.problems.terms import CostTerms
    from gdstudio.core.problems.traits import Trait
    from gdstudio.core.tables.scaling import Scaling
    from gdstudio.core.typing import Floats

    DType = Literal["float64", "float32"]
    Forward = Callable[[Sequence[torch.Tensor], torch.Tensor], torch.Tensor]
    LossFunction = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    Batched = Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]]


class GradientRule(Protocol):
    """Turns the right gradients of a step into others, as a mistake does; it may keep some for the next."""

    leftover: tuple[torch.Tensor, ...]
    """What it keeps from step to step; empty where it keeps nothing."""

    def __call__(
        self, gradients: tuple[torch.Tensor, ...], X: torch.Tensor, y: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """Return the gradients to use at the weights now, over the rows X (n, d) and y (n, 1)."""


class ProblemSpec(Settings):
    """The ``[problem]`` table of a file. Subclasses declare ``kind`` and their hyperparameters."""

    title: ClassVar[str] = ""
    hypothesis: ClassVar[str] = ""
    """What predicts y from x, as a formula: h(x) = ...; empty where nothing does, or no short formula."""
    family: ClassVar[str] = ""
    """Those of one family can be chosen in each other's place; empty where there are no others."""
    family_words: ClassVar[tuple[str, str, str]] = (
        "Hypothesis",
        "h(x)",
        "What predicts y from x; the points, the cost and the start stay",
    )
    """Title, symbol and help of that choice."""

    drops: ClassVar[dict[str, tuple[str, ...]]] = {}
    """The keys that no longer hold where another one is changed, such as the checksum of another file."""

    kind: str

    @property
    @abstractmethod
    def weight_names(self) -> tuple[str, ...]:
        """The names of the weights, in the order of the module's parameters."""

    @property
    def row_count(self) -> int:
        """The number of training rows; 0 where there are none."""
        return 0

    @property
    def test_row_count(self) -> int:
        """The number of rows that are never trained on."""
        return 0

    @property
    def cost_adds_up(self) -> bool:
        """Whether its cost is a sum over the rows, which grows with their number, and no mean."""
        return False

    @property
    def needs_torch(self) -> bool:
        """Whether its data or its pictures need torch; the window waits for it then."""
        return True

    @property
    def traits(self) -> frozenset[Trait]:
        """What can be asked of it."""
        return frozenset()

    @property
    def own_quantities(self) -> tuple[str, ...]:
        """The names of what its problem tells of weights besides cost and gradient; see `Problem.tells`."""
        return ()

    @property
    def feature_names(self) -> tuple[str, ...]:
        """What its features are called where they have names of their own; empty where it is x1, x2, ..."""
        return ()

    @property
    def label_name(self) -> str:
        """What its label is called where it has a name of its own; empty where it is y."""
        return ""

    def feature_scaling(self, seed: int) -> Scaling | None:
        """Return what its features are scaled by; None where their own units are not known."""
        return None

    @property
    def left_out(self) -> int:
        """How many rows of its data lack something, and are left out."""
        return 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of how its data were read, such as rows that were left out, as sentences."""
        return ()

    @property
    def about(self) -> tuple[str, ...]:
        """Where its data are from, and what was left out as they were read, line by line."""
        return ()

    def remarks(self, seed: int) -> tuple[str, ...]:
        """Return what is to be said of its data, such as rows that are left out, as sentences."""
        return ()

    @property
    def given_points(self) -> GivenPoints | None:
        """The points that are given as numbers, and so can be moved; None where there are none."""
        return None

    @property
    def largest_number(self) -> float:
        """The largest size of a number given for it; a cost of very large ones may overflow at once."""
        return 0.0

    @property
    def written_cost(self) -> Group:
        """The cost as a formula of the weights, from its name on; empty where it is none, or a long one."""
        return ()

    @property
    def carried_over(self) -> dict[str, Any]:
        """What it has for another of its family that is chosen in its place; each takes what it knows."""
        return self.model_dump()

    @property
    def begins_with(self) -> dict[str, Any]:
        """The settings of a run, by their paths, that it begins with where it is chosen; else they stay."""
        return {}

    @abstractmethod
    def build(self, seed: int) -> Problem:
        """Return the problem with its data, drawn from the seed's data stream where it draws any."""

    @abstractmethod
    def text(self, style: TextStyle) -> ProblemText:
        """Return its part of the text of a program."""

    def by_hand(self, style: TextStyle) -> HandText | None:
        """Return its part of a program by hand; None where it has none."""
        return None

    def printed_at_start(self, weights: Floats, dtype: DType) -> tuple[str, ...]:
        """Return what the lines of its `text` print of first weights (P,), as the program's own numbers."""
        return ()

    def printed_at_end(self, weights: Floats, dtype: DType) -> tuple[str, ...]:
        """Return what the ``errors`` of its `text` print of the last weights (P,)."""
        return ()


class Problem(ABC):
    """Something to minimise: a module, what it is compared with, and its cost.

    Weights are always one flat float64 vector of shape (P,), in the order of `weight_names`. The cost, its
    gradient and its curvature for the pictures come from torch, by `module`, `forward` and `loss`; a
    subclass that knows them in closed form says so by overriding them.

    Parameters
    ----------
    spec
        Its settings.
    rows, held_out
        The rows that it is trained on (none for a function of the weights alone), and those that it never is.
    """

    next_step_is_known: bool = True
    """Whether plain descent steps along `gradient_at`; not where a mistake is made."""
    steps_along_gradient: bool = True
    """Whether what a step goes along is the gradient of some cost."""

    def __init__(self, spec: ProblemSpec, rows: Dataset = NO_ROWS, held_out: Dataset | None = None) -> None:
        self.spec = spec
        self.rows = rows
        self.held_out = held_out

    @property
    def weight_names(self) -> tuple[str, ...]:
        """The names of the weights."""
        return self.spec.weight_names

    @property
    def traits(self) -> frozenset[Trait]:
        """What can be asked of it."""
        return self.spec.traits

    @property
    def true_weights(self) -> Floats | None:
        """The weights (P,) that the data were made with, or None."""
        return None

    @property
    def minima(self) -> Floats:
        """The minima that are known, local ones among them, shape (k, P); k is 0 where none is."""
        return np.empty((0, len(self.weight_names)))

    @property
    def viewpoint(self) -> Viewpoint | None:
        """Where pictures of the cost look from; None where nothing says at what many weights should stand.

        One or two weights are looked at around a minimum that is known, else around 0.
        """
        minima, count = self.minima, len(self.weight_names)
        if not len(minima) and count > 2:
            return None
        half_width = ONE_WEIGHT if count == 1 else MORE_WEIGHTS
        if not len(minima):
            return Viewpoint(np.zeros(count), half_width)
        return Viewpoint(minima[0], half_width, float(self.cost_at(minima[0])))

    @property
    def squares(self) -> Squares | None:
        """How the cost is made of squared residuals; None where it is something else."""
        return None

    def with_labels(self, y: Floats) -> Problem:
        """Return the same problem on other labels (n,), where it has some."""
        raise NotImplementedError(f"{type(self).__name__} has no labels")

    @property
    def output_name(self) -> str:
        """What a program calls the outputs of the module: h, or z where a prediction is made of them."""
        return "h"

    def predicted(self, outputs: Floats) -> Floats:
        """Return what outputs of the module predict, shape (n,): see `Loss.predicted`."""
        return outputs

    def tells(self, weights: Floats) -> dict[str, float]:
        """Return the `ProblemSpec.own_quantities` at weights (P,), NaN where one has no value there."""
        return {}

    @property
    def layers(self) -> Layers | None:
        """The layers that the module is made of; None where it is something else."""
        return None

    @property
    def fast_form(self) -> FastForm | None:
        """The layers and the squares by which a step can be written out; None where it cannot."""
        return None

    @property
    def bias_count(self) -> int:
        """How many weights, at the end, are biases: they start at 0, not at N(0, std)."""
        return 0

    def draw_weights(self, stream: torch.Generator, std: float) -> Floats:
        """Draw first weights, shape (P,): N(0, std), and 0 for the biases."""
        import torch

        drawn = len(self.weight_names) - self.bias_count
        normal = torch.randn(drawn, generator=stream, dtype=torch.float64) * std
        return np.concatenate([normal.numpy(), np.zeros(self.bias_count)])

    @abstractmethod
    def module(self) -> nn.Module:
        """Return a new module whose parameters, flattened and joined, are the weights."""

    @abstractmethod
    def forward(self) -> Forward:
        """Return h as a function of (parameters in the module's shapes, X of shape (n, d)) -> (n, 1)."""

    @abstractmethod
    def loss(self) -> LossFunction:
        """Return the cost of predictions h and labels y, both (n, 1), as a differentiable function."""

    def loss_of_many(self) -> LossFunction:
        """Return the same in operations that `torch.func.vmap` can do for many weights at once."""
        return self.loss()

    def gradient_rule(self, parameters: Sequence[torch.Tensor]) -> GradientRule | None:
        """Return what a step makes of its gradients; None where it takes them as they are."""
        return None

    def predict(self, weights: Floats, X: Floats) -> Floats:
        """Return what is predicted, shape (n,), for rows X with shape (n, d), in float64."""
        return self.predicted(self.outputs(weights, X))

    def outputs(self, weights: Floats, X: Floats) -> Floats:
        """Return the outputs of the module for rows X with shape (n, d), in float64.

        They are of shape (n,), or (n, k) of a module that has k > 1.
        """
        return outputs(self, weights, X)

    def unit_values(self, weights: Floats, X: Floats) -> tuple[Floats, ...]:
        """Return what the units of each layer make of rows X (n, d): see `Model.unit_values`."""
        return ()

    def cost_at(self, weights: Floats) -> Floats:
        """Return the training cost, shape (...), at weights of shape (..., P), in float64."""
        return cost_at(self, weights)

    def gradient_at(self, weights: Floats) -> Floats:
        """Return the gradient of the training cost, shape (P,), at weights of shape (P,)."""
        return gradient_at(self, weights)

    def batched(self) -> Batched:
        """Return a function that gives costs (R,) and gradients (R, P) at many weights (R, P), in float64.

        It is made once for a batch of runs and then asked at each of their steps.
        """
        return batched(self)

    def hessian_at(self, weights: Floats) -> Floats:
        """Return the Hessian of the training cost, shape (P, P), at weights of shape (P,)."""
        return hessian_at(self, weights)

    def curvatures(self) -> Floats | None:
        """Return the eigenvalues of a constant Hessian, ascending; None where it is not constant."""
        return None

    def why_no_value(self, weights: Floats) -> str:
        """Return why the cost has no finite value at weights (P,), in words; empty where nothing is known."""
        return ""

    def cost_terms(self, weights: Floats) -> CostTerms | None:
        """Return the sum that the cost of one weight is, term by term; None where it is no such sum.

        The terms are computed in the precision of the weights (1,).
        """
        return None

    def jumps(self, low: float, high: float) -> Floats:
        """Return where between two weights the cost of one weight jumps, ascending."""
        return np.empty(0)

    @property
    def marked_weights(self) -> Floats:
        """Values of one weight whose cost is marked on its curve."""
        return np.empty(0)
