"""What small networks on two features share, whatever they learn: layers, activation, inputs and rows."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field
from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.problems.data.drawn import test_rows, training_rows
from gdstudio.core.problems.fit_spec import FitSpec
from gdstudio.core.problems.models.activations import ACTIVATION_TITLES, Activation
from gdstudio.core.problems.models.inputs import INPUT_TITLES, Inputs
from gdstudio.core.problems.models.stack import Stack

if TYPE_CHECKING:
    from gdstudio.core.problems.models.model import Model

MOST_LAYERS, MOST_UNITS = 4, 16
MOST_ROWS = 100_000


class NetworkSpec(FitSpec):
    """Hidden layers of a few units each; a subclass says what the rows and the outputs are.

    Where another task is chosen, layers, activation, inputs and the number of rows stay.
    """

    family: ClassVar[str] = "small network"
    family_words: ClassVar[tuple[str, str, str]] = (
        "Task",
        "",
        "What the network learns: to tell two classes or several apart, or to predict a number",
    )

    hidden: tuple[Annotated[int, Field(ge=1, le=MOST_UNITS)], ...] = hyperparameter(
        (4, 2),
        title="Hidden units",
        help="The units of each hidden layer; none at all for a straight boundary",
        max_length=MOST_LAYERS,
        strict=False,
    )
    activation: Activation = hyperparameter(
        "tanh",
        title="Activation",
        help="What a hidden unit makes of its sum",
        choices=ACTIVATION_TITLES,
    )
    inputs: Inputs = hyperparameter(
        "plain",
        title="Inputs",
        help="What the first layer is given of the two features of a row",
        choices=INPUT_TITLES,
    )
    n: int = training_rows(MOST_ROWS, default=200)
    n_test: int = test_rows(MOST_ROWS, default=200)

    @property
    @abstractmethod
    def output_count(self) -> int:
        """The number of outputs of the network."""

    @property
    @override
    def carried_over(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("hidden", "activation", "inputs", "n", "n_test")}

    @property
    @override
    def begins_with(self) -> dict[str, Any]:
        """Other layers have other weights: those that were given do not fit them, and new ones are drawn."""
        return {"run.initial_weights": None}

    @override
    def model(self) -> Model:
        return Stack.of_two_features(self.hidden, self.output_count, self.activation, self.inputs)
