"""A function of one's own: typed, read by a whitelist, differentiated by torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import field_validator
from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.problems.functions.holes import why_no_value
from gdstudio.core.problems.functions.reading import MOST_CHARACTERS, read_function, weights_of
from gdstudio.core.problems.surface import WeightsSpec

if TYPE_CHECKING:
    import torch

    from gdstudio.core.problems.functions.tree import Node
    from gdstudio.core.problems.surface import Function
    from gdstudio.core.typing import Floats


class FunctionSpec(WeightsSpec):
    """``kind = "function"``: a formula in ``theta``, or in ``w1`` and ``w2``; no data."""

    title = "a function of your own"
    kind: Literal["function"] = "function"
    formula: str = hyperparameter(
        "w1**4/4 + w2**2",
        title="Formula",
        help="An expression in theta, or in w1 and w2, with + - * / **, pi, e, "
        "sin, cos, tan, exp, log, sqrt, abs and tanh",
        max_length=MOST_CHARACTERS,
    )

    @field_validator("formula")
    @classmethod
    def _can_be_read(cls, formula: str) -> str:
        read_function(formula)
        return formula

    @property
    @override
    def weight_names(self) -> tuple[str, ...]:
        return weights_of(self.tree)

    @property
    def tree(self) -> Node:
        """The formula as it has been read."""
        return read_function(self.formula)

    @property
    @override
    def written(self) -> Node:
        return self.tree

    @property
    @override
    def begins_with(self) -> dict[str, Any]:
        return {"run.initial_weights": (1.0,) * len(self.weight_names), "run.learning_rate": 0.01}

    @property
    @override
    def expression(self) -> str:
        return self.tree.text(for_torch=True)

    @override
    def function(self) -> Function:
        tree, names = self.tree, self.weight_names

        def value(*weights: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = tree.of(dict(zip(names, weights, strict=True)))
            return found

        return value

    @override
    def why_no_value(self, weights: Floats) -> str:
        return why_no_value(self.tree, dict(zip(self.weight_names, weights.tolist(), strict=True)))
