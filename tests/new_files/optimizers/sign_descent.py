"""Sign descent: every weight moves by the learning rate, whatever its slope (signSGD, Bernstein 2018)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from typing_extensions import override

from gdstudio.core.listing import Part, code
from gdstudio.core.notation import maths
from gdstudio.core.settings.optimizers.optimizer import Optimizer
from gdstudio.core.settings.optimizers.rules import moves

if TYPE_CHECKING:
    from collections.abc import Iterable

    import torch
    from torch.optim import Optimizer as TorchOptimizer

    from gdstudio.core.listing import Lines
    from gdstudio.core.notation import Group, Piece

_CLASS = '''
class SignDescent(torch.optim.Optimizer):
    """Moves every weight by the learning rate against the sign of its gradient."""

    def __init__(self, parameters, lr):
        super().__init__(parameters, {"lr": lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                p.add_(p.grad.sign(), alpha=-group["lr"])

'''


class SignDescent(Optimizer):
    """``kind = "sign_descent"``: torch has none, so that it brings its own class."""

    title = "Sign descent"
    kind: Literal["sign_descent"] = "sign_descent"

    @override
    def build(self, weights: Iterable[torch.Tensor], learning_rate: float) -> TorchOptimizer:
        import torch

        names = {"torch": torch}
        exec(_CLASS, names)  # the very class that the exported program has
        made: TorchOptimizer = names["SignDescent"](weights, lr=learning_rate)  # type: ignore[operator]  # it is a class
        return made

    @override
    def definition(self) -> Lines:
        return code(*_CLASS.strip("\n").splitlines(), "", "", part=Part.SCRIPT)

    @override
    def expression(self, parameters: str, learning_rate: float) -> str:
        return f"SignDescent({parameters}, lr={learning_rate!r})"

    @override
    def rule(self, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
        sign = maths("sign ", r"\mathrm{sign}", "gradient_text")
        return ((*moves(weights), sign, gradient),)
