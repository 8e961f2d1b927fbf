"""Problems with data: a model that predicts, fitted to rows by a loss that compares."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from typing_extensions import override

from gdstudio.core.problems.dataset import Dataset
from gdstudio.core.problems.layers import FastForm
from gdstudio.core.problems.problem import Problem
from gdstudio.core.problems.verdicts import are_right

if TYPE_CHECKING:
    import torch
    from torch import nn

    from gdstudio.core.problems.data.source import DataSource
    from gdstudio.core.problems.layers import Layers
    from gdstudio.core.problems.losses.loss import Loss, Squares
    from gdstudio.core.problems.models.model import Model
    from gdstudio.core.problems.problem import Forward, LossFunction, ProblemSpec
    from gdstudio.core.typing import Floats


class FitParts(NamedTuple):
    """What a fit is made of: where its rows come from, what predicts, and what compares."""

    data: DataSource
    model: Model
    loss: Loss

    @property
    def have_closed_forms(self) -> bool:
        """Whether cost, gradient and minimum are known in closed form: `LeastSquares`."""
        return self.model.is_linear and self.loss.squares is not None

    @property
    def are_log_odds(self) -> bool:
        """Whether a linear model gives the log-odds of a 1, so that p = 1/2 on a straight boundary."""
        return self.model.is_linear and self.loss.of_classes


class Fit(Problem):
    """A model fitted to rows by a loss.

    Parameters
    ----------
    spec, parts
        Its settings, and what it is made of by them.
    rows, held_out
        The rows that it is trained on, and those that it never is.
    """

    def __init__(
        self, spec: ProblemSpec, parts: FitParts, rows: Dataset, held_out: Dataset | None = None
    ) -> None:
        super().__init__(spec, rows, held_out)
        self._parts = parts
        self._data, self._model, self._loss = parts

    @property
    @override
    def true_weights(self) -> Floats | None:
        return self._data.true_weights

    @property
    @override
    def squares(self) -> Squares | None:
        return self._loss.squares

    @override
    def with_labels(self, y: Floats) -> Problem:
        return type(self)(self.spec, self._parts, Dataset(self.rows.X, y), self.held_out)

    @property
    @override
    def output_name(self) -> str:
        return self._loss.output_name

    @override
    def predicted(self, outputs: Floats) -> Floats:
        return self._loss.predicted(outputs)

    @override
    def tells(self, weights: Floats) -> dict[str, float]:
        if not self._loss.has_classes:
            return {}
        told = {"right": self._right(weights, self.rows)}
        return told if self.held_out is None else {**told, "test_right": self._right(weights, self.held_out)}

    def _right(self, weights: Floats, rows: Dataset) -> float:
        return float(are_right(rows.y, self.predict(weights, rows.X)).sum())

    @property
    @override
    def layers(self) -> Layers | None:
        return self._model.layers

    @override
    def unit_values(self, weights: Floats, X: Floats) -> tuple[Floats, ...]:
        return self._model.unit_values(weights, X)

    @property
    @override
    def fast_form(self) -> FastForm | None:
        layers, loss = self._model.layers, self._loss
        if layers is None or (loss.squares is None and loss.derivative() is None):
            return None
        return FastForm(layers, loss, self._model.made_inputs())

    @property
    @override
    def bias_count(self) -> int:
        return self._model.bias_count

    @override
    def draw_weights(self, stream: torch.Generator, std: float) -> Floats:
        return self._model.draw_weights(stream, std)

    @override
    def module(self) -> nn.Module:
        return self._model.module()

    @override
    def forward(self) -> Forward:
        return self._model.forward()

    @override
    def loss(self) -> LossFunction:
        return self._loss.function()

    @override
    def loss_of_many(self) -> LossFunction:
        return self._loss.function_of_many()
