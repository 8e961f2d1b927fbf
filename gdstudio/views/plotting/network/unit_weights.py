"""The weights that lead into one unit of a network as lines of text: before the last update, and now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.concealment import UNKNOWN
from gdstudio.core.symbols import symbol
from gdstudio.views.plotting.network.columns import weights_of
from gdstudio.views.plotting.network.flow import written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.problems.layers import Layers
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.network.flow import Flow

WIDEST = "∂J/∂w₁₀₀₀ = −0.0000 → −0.0000"
"""No line is wider than this, or little."""


def unit_names(layers: Layers) -> list[list[str]]:
    """Return what the units of each layer are called."""
    inputs = list(layers.inputs) or [symbol(f"x{i + 1}") for i in range(layers.sizes[0])]
    hidden = [[str(i + 1) for i in range(size)] for size in layers.sizes[1:-1]]
    outputs = ["ŷ"] if layers.sizes[-1] == 1 else [symbol(f"p{i}") for i in range(layers.sizes[-1])]
    return [inputs, *hidden, outputs]


def layer_heads(layers: Layers) -> tuple[str, ...]:
    """Return what stands above each layer."""
    counted = [f"{size} {'unit' if size == 1 else 'units'}" for size in layers.sizes[1:-1]]
    return "inputs", *counted, "output" if layers.sizes[-1] == 1 else "outputs"


def unit_lines(
    layers: Layers, names: Sequence[str], unit: tuple[int, int], now: Floats, flow: Flow, *, concealed: bool
) -> tuple[str, ...]:
    """Return a title and a line for each weight of a unit, the bias last.

    ``now`` are the weights (P,) with their ``names``; ``flow`` what they were before the last update, or
    what backward has made.
    """
    layer, index = unit
    lines = [_title(layers, layer, index)]
    if layer == 0:
        return (*lines, "given, no weights")
    for place in weights_of(layers.sizes, layer, index):
        name, value = symbol(names[place]), UNKNOWN if concealed else written(float(now[place]))
        if flow.gradient:
            lines.append(f"∂J/∂{name} = {written(flow.gradient[place])}")
        elif flow.before:
            lines.append(f"{name} = {written(flow.before[place])} → {value}")
        else:
            lines.append(f"{name} = {value}")
    return tuple(lines)


def _title(layers: Layers, layer: int, index: int) -> str:
    name = unit_names(layers)[layer][index]
    if layer == 0:
        return f"input {name}"
    if layer == len(layers.sizes) - 1:
        return f"output {name}"
    return f"unit {name} of layer {layer}"
