"""What a network is made of, told without torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gdstudio.core.problems.losses.loss import Squares


@dataclass(frozen=True, slots=True)
class Layers:
    """A stack of ``nn.Linear`` layers with tanh between them.

    ``sizes`` counts the features, the units of each hidden layer, and the outputs: (2, 1) is
    ``nn.Linear(2, 1)``. Flat weights hold, layer by layer, the matrix (out, in) and then the bias (out,).
    """

    sizes: tuple[int, ...]
    has_bias: bool = True


class FastForm(NamedTuple):
    """All that a step of plain descent needs to be written out: the layers, and how the cost adds up."""

    layers: Layers
    squares: Squares
