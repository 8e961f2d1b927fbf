"""The settings of problems with data: a subclass says what its data and its model are."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.by_hand import HandText
from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.listing import CodeLine, Part, ProblemText, Section, code
from gdstudio.core.problems.fit import Fit, FitParts
from gdstudio.core.problems.least_squares import LeastSquares
from gdstudio.core.problems.logistic import Logistic, LogOdds
from gdstudio.core.problems.losses import LossName, loss_of, titles
from gdstudio.core.problems.problem import Problem, ProblemSpec
from gdstudio.core.problems.traits import Trait

if TYPE_CHECKING:
    from gdstudio.core.listing import TextStyle
    from gdstudio.core.problems.data.source import DataSource
    from gdstudio.core.problems.dataset import Dataset
    from gdstudio.core.problems.losses.loss import Loss
    from gdstudio.core.problems.models.model import Model
    from gdstudio.core.problems.problem import DType
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
        """Return the module that predicts labels from features; its parameters are what is trained."""

    def loss(self) -> Loss:
        """Return what compares predictions with labels."""
        return loss_of(self.cost)

    def parts(self) -> FitParts:
        """Return data, model and loss."""
        return FitParts(self.data(), self.model(), self.loss())

    @property
    @override
    def own_quantities(self) -> tuple[str, ...]:
        if not self.loss().has_classes:
            return ()
        return ("right", "test_right") if self.test_row_count else ("right",)

    @property
    @override
    def weight_names(self) -> tuple[str, ...]:
        return self.model().weight_names

    @property
    @override
    def cost_adds_up(self) -> bool:
        return not self.loss().is_mean

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
        return self.data().is_drawn or not self.parts().have_closed_forms

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
        if self.loss().of_classes:
            found.add(Trait.CLASSES)
        if self.loss().of_several:
            found.add(Trait.SEVERAL_CLASSES)
        if self.loss().broadcasts:
            found.add(Trait.BROADCASTING)
        if self.model().weight_is_prediction:
            found.add(Trait.WEIGHT_IS_PREDICTION)
        layers = self.model().layers
        if layers is not None and not layers.has_bias:
            found.add(Trait.MATRICES)
        return frozenset(found)

    @override
    def build(self, seed: int) -> Problem:
        return self.fit(*self.data().draw(seed))

    def fit(self, rows: Dataset, held_out: Dataset | None = None) -> Fit:
        """Return the problem on rows that have been drawn; with closed forms where there are some."""
        parts = self.parts()
        return _recipe(parts)(self, parts, rows, held_out)

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
            forward=f"{loss.output_name} = net({{X}})",
            cost=f"cost = {loss.expression(loss.output_name, '{y}')}",
            draws=data.is_drawn or model.draws_weights,
            is_mean=loss.is_mean,
            has_test=self.test_row_count > 0,
            truth=data.truth,
        )

    @override
    def printed_at_start(self, weights: Floats, dtype: DType) -> tuple[str, ...]:
        return self.model().printed(weights, dtype)

    @override
    def by_hand(self, style: TextStyle) -> HandText | None:
        data, model, loss = self.data(), self.model().by_hand(style), self.loss().by_hand()
        if model is None or loss is None:
            return None
        section = Section("Data", data.lines(style), data.note)
        return HandText(section, model, loss, data.is_drawn or model.draws_weights, data.truth)


def _recipe(parts: FitParts) -> type[Fit]:
    """Return what knows the most of a fit of these parts."""
    if parts.are_log_odds:
        return Logistic if parts.loss.is_cross_entropy else LogOdds
    return LeastSquares if parts.have_closed_forms else Fit
