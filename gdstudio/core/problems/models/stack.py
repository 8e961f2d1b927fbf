"""Linear layers with an activation between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from gdstudio.core.listing import ModelText, Part, code
from gdstudio.core.problems.layers import Layers
from gdstudio.core.problems.models.activations import MODULES, activated
from gdstudio.core.problems.models.inputs import definition, made_of, symbols
from gdstudio.core.problems.models.model import WEIGHTS_STREAM, Model, given_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch
    from torch import nn

    from gdstudio.core.listing import Lines, TextStyle
    from gdstudio.core.problems.models.activations import Activation
    from gdstudio.core.problems.models.inputs import Inputs
    from gdstudio.core.problems.problem import Forward
    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True)
class Stack(Model):
    """``nn.Sequential`` of ``nn.Linear`` and activations; ``sizes`` counts features, units and outputs.

    Where it is given something else of the features (``inputs``), the first size counts that.
    """

    sizes: tuple[int, ...]
    activation: Activation = "tanh"
    inputs: Inputs = "plain"

    @classmethod
    def of_two_features(
        cls, hidden: tuple[int, ...], outputs: int, activation: Activation, inputs: Inputs
    ) -> Stack:
        """Return the stack of some hidden layers on rows of two features."""
        return cls((len(symbols(inputs)), *hidden, outputs), activation, inputs)

    @property
    @override
    def weight_names(self) -> tuple[str, ...]:
        """Layer by layer the matrix, row by row, and then the bias: w1, w2, ... and b1, b2, ..."""
        names: list[str] = []
        weights = biases = 0
        for inner, outer in pairwise(self.sizes):
            names += [f"w{weights + i}" for i in range(1, inner * outer + 1)]
            names += [f"b{biases + i}" for i in range(1, outer + 1)]
            weights, biases = weights + inner * outer, biases + outer
        return tuple(names)

    @property
    @override
    def layers(self) -> Layers | None:
        made = () if self.inputs == "plain" else symbols(self.inputs)
        return Layers(self.sizes, activation=self.activation, inputs=made)

    @override
    def made_inputs(self) -> Callable[[torch.Tensor], torch.Tensor] | None:
        return made_of(self.inputs)

    @override
    def module(self) -> nn.Module:
        """Return the layers alone: what makes their inputs has no weights."""
        from torch import nn

        kind = MODULES.get(self.activation, "Identity")
        modules: list[nn.Module] = []
        for inner, outer in pairwise(self.sizes):
            modules += [nn.Linear(inner, outer), getattr(nn, kind)()]
        return nn.Sequential(*modules[:-1])

    @override
    def forward(self) -> Forward:
        from torch.nn.functional import linear

        made, unit = self.made_inputs(), activated(self.activation)

        def through(weights: list[torch.Tensor], X: torch.Tensor) -> torch.Tensor:
            h = linear(X if made is None else made(X), weights[0], weights[1])
            for i in range(2, len(weights), 2):
                h = linear(unit(h), weights[i], weights[i + 1])
            return h

        return through  # type: ignore[return-value]  # a list is a sequence

    @override
    def unit_values(self, weights: Floats, X: Floats) -> tuple[Floats, ...]:
        import torch

        made, unit, begin = self.made_inputs(), activated(self.activation), 0
        values, flat = [torch.from_numpy(X)], torch.from_numpy(np.ascontiguousarray(weights))
        with torch.no_grad():
            if made is not None:
                values = [made(values[0])]
            for i, (inner, outer) in enumerate(pairwise(self.sizes)):
                matrix = flat[begin : begin + inner * outer].view(outer, inner)
                begin += inner * outer + outer
                given = values[-1] if i == 0 else unit(values[-1])
                values[-1] = given
                values.append(torch.addmm(flat[begin - outer : begin], given, matrix.t()))
        return tuple(np.asarray(value.numpy()) for value in values)

    @override
    def draw_weights(self, stream: torch.Generator, std: float) -> Floats:
        """Draw each matrix from N(0, 1/in), so that tanh neither sleeps nor saturates; biases are 0.

        (Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
        2010.) ``std`` scales this: 1 is as it is.
        """
        import torch

        parts: list[Floats] = []
        for inner, outer in pairwise(self.sizes):
            drawn = torch.randn(outer * inner, generator=stream, dtype=torch.float64)
            parts += [std * drawn.numpy() / inner**0.5, np.zeros(outer)]
        return np.concatenate(parts)

    @override
    def text(self, style: TextStyle) -> ModelText:
        kind = MODULES.get(self.activation)
        between = f", nn.{kind}(), " if kind else ", "
        layers = [f"nn.Linear({inner}, {outer})" for inner, outer in pairwise(self.sizes)]
        before = "" if self.inputs == "plain" else "Inputs(), "
        start = style.initial_weights
        return ModelText(
            f"nn.Sequential({before}{between.join(layers)})",
            self._drawn(style) if start is None else given_weights(start, style),
            definition(self.inputs),
            draws_weights=start is None,
            note=f"Linear layers with {self.activation} between them." if kind else "Linear layers.",
        )

    def _drawn(self, style: TextStyle) -> Lines:
        drawn = f"torch.randn(layer.weight.shape, generator=weights_stream{style.draws})"
        stream = code(f"weights_stream = {WEIGHTS_STREAM}", part=Part.SCRIPT)
        begin = "" if self.inputs == "plain" else "1"
        step = ":2" if self.activation in MODULES else ""
        layers = f"net[{begin}:{step}]" if begin or step else "net"
        return stream + code(
            "with torch.no_grad():",
            f"    for layer in {layers}:",
            f"        layer.weight.copy_({style.initial_std!r} * {drawn} / layer.in_features**0.5)",
            "        layer.bias.zero_()",
        )
