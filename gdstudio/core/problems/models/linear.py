"""One linear layer: h = X w + b, or without the b."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from gdstudio.core.by_hand import MOST_WEIGHTS, HandModel
from gdstudio.core.listing import CodeLine, ModelText, Part, code, indented, listed
from gdstudio.core.problems.layers import Layers
from gdstudio.core.problems.models.model import WEIGHTS_STREAM, Model
from gdstudio.core.problems.printing import as_printed, tensor

if TYPE_CHECKING:
    from torch import nn

    from gdstudio.core.listing import Lines, TextStyle
    from gdstudio.core.problems.problem import DType, Forward
    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True)
class LinearModel(Model):
    """``nn.Linear(d, 1)``; ``names`` are those of its d weights, ``bias`` that of its bias (empty: none).

    One that is ``in_sequence`` is the only layer of an ``nn.Sequential``, as the notebook's (L304).
    """

    names: tuple[str, ...]
    bias: str = "b"
    in_sequence: bool = False

    is_linear = True

    @property
    @override
    def weight_names(self) -> tuple[str, ...]:
        return (*self.names, self.bias) if self.bias else self.names

    @property
    @override
    def bias_count(self) -> int:
        return 1 if self.bias else 0

    @property
    @override
    def layers(self) -> Layers | None:
        return Layers((len(self.names), 1), has_bias=bool(self.bias))

    @override
    def module(self) -> nn.Module:
        from torch import nn

        layer = nn.Linear(len(self.names), 1, bias=bool(self.bias))
        return nn.Sequential(layer) if self.in_sequence else layer

    @override
    def forward(self) -> Forward:
        from torch.nn.functional import linear

        if self.bias:
            return lambda weights, X: linear(X, weights[0], weights[1])
        return lambda weights, X: linear(X, weights[0])

    @override
    def design(self, X: Floats) -> Floats:
        return np.column_stack([X, np.ones(len(X))]) if self.bias else X

    @override
    def text(self, style: TextStyle) -> ModelText:
        start = style.initial_weights
        layer = f"nn.Linear({len(self.names)}, 1{'' if self.bias else ', bias=False'})"
        first = self._drawn(style) if start is None else self._given(start)
        return ModelText(
            f"nn.Sequential({layer})" if self.in_sequence else layer,
            (*first, *self._printed()),
            draws_weights=start is None,
            note="A linear layer, and its first weights.",
        )

    @property
    def _layer(self) -> str:
        return "net[0]" if self.in_sequence else "net"

    def _printed(self) -> Lines:
        """Return the line that prints the first weights, where the notebook does (L306)."""
        if not self.in_sequence:
            return ()
        parts = ", ".join(f"{self._layer}.{part}" for part in ("weight", *(["bias"] if self.bias else [])))
        return (CodeLine(f"print({parts})", note="requires_grad=True: autograd follows them"),)

    @override
    def printed(self, weights: Floats, dtype: DType) -> tuple[str, ...]:
        if not self.in_sequence:
            return ()
        from torch.nn import Parameter

        count = len(self.names)
        made = tensor(weights, dtype)
        parts = [made[:count].reshape(1, count), *([made[count:]] if self.bias else [])]
        return (" ".join(as_printed(Parameter(part), dtype) for part in parts),)

    @override
    def by_hand(self, style: TextStyle) -> HandModel | None:
        if len(self.weight_names) > MOST_WEIGHTS:
            return None
        features = (*range(len(self.names)), *([None] if self.bias else []))
        start = style.initial_weights
        if start is not None:
            given = [f"{name} = {value!r}" for name, value in zip(self.weight_names, start, strict=True)]
            return HandModel(self.weight_names, features, code(*given))
        return HandModel(self.weight_names, features, self._drawn_by_hand(style), draws_weights=True)

    def _drawn_by_hand(self, style: TextStyle) -> Lines:
        names = ", ".join(self.names) + ("," if len(self.names) == 1 else "")
        drawn = f"torch.randn({len(self.names)}, generator=weights_stream{style.draws})"
        text = f"{names} = ({style.initial_std!r} * {drawn}).tolist()"
        line = CodeLine(text, note=f"N(0, std), with std = {style.initial_std!r}")
        stream = code(f"weights_stream = {WEIGHTS_STREAM}", part=Part.SCRIPT)
        return (*stream, line, *(code(f"{self.bias} = 0.0") if self.bias else ()))

    def _drawn(self, style: TextStyle) -> Lines:
        drawn = f"torch.randn(1, {len(self.names)}, generator=weights_stream{style.draws})"
        stream = code(f"weights_stream = {WEIGHTS_STREAM}", part=Part.SCRIPT)
        note = f"N(0, std): {style.initial_std!r} is a standard deviation"
        return (
            *stream,
            *code("with torch.no_grad():"),
            CodeLine(f"    {self._layer}.weight.copy_({style.initial_std!r} * {drawn})", note=note),
            *(code(f"    {self._layer}.bias.zero_()") if self.bias else ()),
        )

    def _given(self, start: tuple[float, ...]) -> Lines:
        weights = start[: len(self.names)]
        lines = code(*listed(f"{self._layer}.weight.copy_(torch.tensor([[", map(repr, weights), "]]))"))
        bias = code(f"{self._layer}.bias.fill_({start[-1]!r})") if self.bias else ()
        return (*code("with torch.no_grad():"), *indented((*lines, *bias)))
