"""Linear layers with tanh between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from gdstudio.core.listing import ModelText, Part, code
from gdstudio.core.problems.layers import Layers
from gdstudio.core.problems.models.model import WEIGHTS_STREAM, Model, given_weights

if TYPE_CHECKING:
    import torch
    from torch import nn

    from gdstudio.core.listing import Lines, TextStyle
    from gdstudio.core.problems.problem import Forward
    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True)
class TanhStack(Model):
    """``nn.Sequential`` of ``nn.Linear`` and ``nn.Tanh``; ``sizes`` counts features, units and outputs."""

    sizes: tuple[int, ...]

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
        return Layers(self.sizes)

    @override
    def module(self) -> nn.Module:
        from torch import nn

        modules: list[nn.Module] = []
        for inner, outer in pairwise(self.sizes):
            modules += [nn.Linear(inner, outer), nn.Tanh()]
        return nn.Sequential(*modules[:-1])

    @override
    def forward(self) -> Forward:
        from torch.nn.functional import linear

        def through(weights: list[torch.Tensor], X: torch.Tensor) -> torch.Tensor:
            h = linear(X, weights[0], weights[1])
            for i in range(2, len(weights), 2):
                h = linear(h.tanh(), weights[i], weights[i + 1])
            return h

        return through  # type: ignore[return-value]  # a list is a sequence

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
        layers = [f"nn.Linear({inner}, {outer})" for inner, outer in pairwise(self.sizes)]
        start = style.initial_weights
        return ModelText(
            f"nn.Sequential({', nn.Tanh(), '.join(layers)})",
            self._drawn(style) if start is None else given_weights(start, style),
            draws_weights=start is None,
            note="Linear layers with tanh between them.",
        )

    def _drawn(self, style: TextStyle) -> Lines:
        drawn = f"torch.randn(layer.weight.shape, generator=weights_stream{style.draws})"
        stream = code(f"weights_stream = {WEIGHTS_STREAM}", part=Part.SCRIPT)
        return stream + code(
            "with torch.no_grad():",
            "    for layer in net[::2]:",
            f"        layer.weight.copy_({style.initial_std!r} * {drawn} / layer.in_features**0.5)",
            "        layer.bias.zero_()",
        )
