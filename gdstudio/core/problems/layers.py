"""What a network is made of, told without torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

    from gdstudio.core.problems.losses.loss import Loss
    from gdstudio.core.problems.models.activations import Activation


@dataclass(frozen=True, slots=True)
class Layers:
    """A stack of ``nn.Linear`` layers with an activation between them.

    ``sizes`` counts the inputs, the units of each hidden layer, and the outputs: (2, 1) is
    ``nn.Linear(2, 1)``. Flat weights hold, layer by layer, the matrix (out, in) and then the bias (out,).
    ``inputs`` names what the first layer is given where that is not the features of a row themselves.
    """

    sizes: tuple[int, ...]
    has_bias: bool = True
    activation: Activation = "tanh"
    inputs: tuple[str, ...] = ()


class FastForm(NamedTuple):
    """All that a step of plain descent needs to be written out: the layers, and what compares.

    ``inputs`` makes the inputs (n, k) of the first layer of rows (n, d); None where they are the rows.
    """

    layers: Layers
    loss: Loss
    inputs: Callable[[torch.Tensor], torch.Tensor] | None = None
