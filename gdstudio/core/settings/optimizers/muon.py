"""Muon: momentum made orthogonal, for weights that are matrices (Jordan and others, 2024)."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.notation import ALPHA, EQUALS, GETS, LESS, maths, words
from gdstudio.core.problems.traits import Trait
from gdstudio.core.settings.optimizers.optimizer import (
    BELOW_ONE,
    HUNDREDTHS,
    Optimizer,
    decoupled_decay,
    memory_of,
)
from gdstudio.core.settings.optimizers.rules import DECAY, PLUS, mean, named, running

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.core.notation import Group, Piece
    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.mistakes.mistake import Mistake
    from gdstudio.core.problems.problem import ProblemSpec
    from gdstudio.core.typing import Floats

_FIRST_TORCH = 2, 9
_AHEAD = maths("m̃", r"\tilde{m}", "gradient_text")


class Muon(Optimizer):
    """Momentum whose matrix is made nearly orthogonal: every direction of it moves by about the rate.

    The orthogonal matrix comes from five Newton-Schulz iterations in bfloat16, and is only nearly so: its
    singular values lie between 0.7 and 1.2. A matrix (out, in) moves by sqrt(max(1, out/in)) times that.
    https://docs.pytorch.org/docs/stable/generated/torch.optim.Muon.html, https://kellerjordan.github.io/posts/muon/
    """

    title, place, torch_name = "Muon", 6, "Muon"
    state_symbols: ClassVar = {"momentum_buffer": mean("m")}
    needs: ClassVar = frozenset({Trait.MATRICES})

    kind: Literal["muon"] = "muon"
    momentum: float = hyperparameter(
        0.95,
        title="Momentum",
        symbol="β",
        help="How slowly the mean gradient forgets",
        slider=HUNDREDTHS,
        **BELOW_ONE,
    )
    nesterov: bool = hyperparameter(
        True, title="Nesterov", help="Let the gradient of now count once more beside the mean"
    )
    weight_decay: float = decoupled_decay(0.1)

    @override
    def objection(self, spec: ProblemSpec, mistake: Mistake, *, is_full_batch: bool) -> str:
        have = version("torch")
        if tuple(int(part) for part in have.split(".")[:2]) < _FIRST_TORCH:
            return f"torch {have} has no Muon; install torch 2.9 or newer, or give another optimizer"
        return super().objection(spec, mistake, is_full_batch=is_full_batch)

    @override
    def rule(self, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
        first = (named(self.title), *running("m", "β", r"\beta", gradient))
        ahead: tuple[Group, ...] = ()
        if self.nesterov:
            _, _, *rest = running("m", "β", r"\beta", gradient)
            ahead = ((_AHEAD, EQUALS, *rest),)
        used = _AHEAD if self.nesterov else mean("m")
        orthogonal = (maths("O", "O", "gradient_text"), EQUALS, words("orthogonal "), used)
        scale = maths("√max(1, out/in) ", r"\sqrt{\max(1, \mathrm{out}/\mathrm{in})}\,")
        shrinks: Group = (PLUS, DECAY, words(" "), weights) if self.weight_decay else ()
        along = (words("("), scale, maths("O", "O", "gradient_text"), *shrinks, words(")"))
        return first, *ahead, orthogonal, (weights, GETS, weights, LESS, ALPHA, words(" "), *along)

    @override
    def move(
        self,
        weights: Floats,
        gradient: Floats,
        learning_rate: float,
        state: Mapping[str, Any] | None = None,
        problem: Problem | None = None,
    ) -> Floats:
        """Return the move as for every optimizer; flat weights are one row where no problem shapes them."""
        import torch

        shapes = [(1, len(weights))]
        if problem is not None:
            shapes = [(len(matrix), len(matrix[0])) for matrix in problem.module().parameters()]
        sizes = np.cumsum([rows * columns for rows, columns in shapes])[:-1]

        def split(flat: Floats) -> list[torch.Tensor]:
            parts = np.split(np.array(flat, dtype=np.float64), sizes)
            return [torch.from_numpy(part.reshape(shape)) for part, shape in zip(parts, shapes, strict=True)]

        at = [part.requires_grad_() for part in split(weights)]
        made, memory = self.build(at, learning_rate), memory_of(state)
        for k, (matrix, part) in enumerate(zip(at, split(gradient), strict=True)):
            matrix.grad = part
            if memory:
                made.state[matrix]["momentum_buffer"] = split(memory["momentum_buffer"])[k]
        made.step()
        return np.asarray(torch.cat([matrix.detach().reshape(-1) for matrix in at]).numpy() - weights)
