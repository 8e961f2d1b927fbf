"""Problems with data: rows, a model that predicts, and a loss that compares."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.listing import CodeLine, Part, ProblemText, Section, code
from gdstudio.core.problems.dataset import Dataset
from gdstudio.core.problems.layers import FastForm
from gdstudio.core.problems.losses import LossName, loss_of, titles
from gdstudio.core.problems.problem import Problem, ProblemSpec
from gdstudio.core.problems.traits import Trait

if TYPE_CHECKING:
    import torch
    from torch import nn

    from gdstudio.core.listing import TextStyle
    from gdstudio.core.problems.data.source import DataSource
    from gdstudio.core.problems.layers import Layers
    from gdstudio.core.problems.losses.loss import Loss, Squares
    from gdstudio.core.problems.models.model import Model
    from gdstudio.core.problems.problem import Forward, LossFunction
    from gdstudio.core.typing import Floats


class FitSpec(ProblemSpec):
    """The settings of a fit; a subclass says what its data and its model are."""

    cost: LossName = hyperparameter(
        "mean",
        title="Cost",
        symbol="J",
        help="How the squared residuals become one number",
        choices=titles,
    )

    @abstractmethod
    def data(self) -> DataSource:
        """Return where its rows come from."""

    @abstractmethod
    def model(self) -> Model:
        """Return what predicts."""

    def loss(self) -> Loss:
        """Return what compares predictions with labels."""
        return loss_of(self.cost)

    @property
    @override
    def weight_names(self) -> tuple[str, ...]:
        return self.model().weight_names

    @property
    @override
    def row_count(self) -> int:
        return self.data().row_count

    @property
    @override
    def test_row_count(self) -> int:
        return self.data().test_row_count

    @property
    @override
    def needs_torch(self) -> bool:
        return self.data().is_drawn or not self._has_closed_forms

    @property
    @override
    def largest_number(self) -> float:
        return self.data().largest_number

    @property
    @override
    def traits(self) -> frozenset[Trait]:
        found = {Trait.ROWS}
        if self.loss().squares is not None:
            found.add(Trait.SQUARED_RESIDUALS)
        if self.model().weight_is_prediction:
            found.add(Trait.WEIGHT_IS_PREDICTION)
        return frozenset(found)

    @override
    def build(self, seed: int) -> Problem:
        return self.fit(*self.data().draw(seed))

    def fit(self, rows: Dataset, held_out: Dataset | None = None) -> Fit:
        """Return the problem on rows that have been drawn; with closed forms where there are some."""
        from gdstudio.core.problems.least_squares import LeastSquares

        kind = LeastSquares if self._has_closed_forms else Fit
        return kind(self, rows, held_out)

    @override
    def text(self, style: TextStyle) -> ProblemText:
        data, model, loss = self.data(), self.model().text(style), self.loss()
        shapes = f"X ({data.row_count}, {data.feature_count}), y ({data.row_count}, 1)"
        net = CodeLine(f"net = {model.expression}{style.moves}", note=shapes, part=Part.MODEL)
        return ProblemText(
            data=Section("Data", data.lines(style), data.note),
            model=Section("Model", (*model.definitions, net, *model.first_weights), model.note),
            parameters="net.parameters()",
            loss=code(*loss.definition()),
            forward="h = net({X})",
            cost=f"cost = {loss.expression('h', '{y}')}",
            draws=data.is_drawn or model.draws_weights,
            is_mean=loss.is_mean,
            has_test=self.test_row_count > 0,
            truth=data.truth,
        )

    @property
    def _has_closed_forms(self) -> bool:
        return self.model().is_linear and self.loss().squares is not None


class Fit(Problem):
    """A model fitted to rows by a loss."""

    spec: FitSpec

    def __init__(self, spec: FitSpec, rows: Dataset, held_out: Dataset | None = None) -> None:
        super().__init__(spec, rows, held_out)
        self._data, self._model, self._loss = spec.data(), spec.model(), spec.loss()

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
        return self.spec.fit(Dataset(self.rows.X, y), self.held_out)

    @property
    @override
    def layers(self) -> Layers | None:
        return self._model.layers

    @property
    @override
    def fast_form(self) -> FastForm | None:
        layers, squares = self._model.layers, self._loss.squares
        return None if layers is None or squares is None else FastForm(layers, squares)

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
