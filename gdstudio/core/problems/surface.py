"""Functions of the weights alone: nothing to predict, no data.

A new surface is one new module in `gdstudio.core.problems.kinds` with a `SurfaceSpec`: its formula, the
names of its weights, where to look from and the minima that are known.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from typing_extensions import override

from gdstudio.core.errors import InputError
from gdstudio.core.listing import CodeLine, Part, ProblemText, Section, code
from gdstudio.core.numbers import counted
from gdstudio.core.problems.models.model import WEIGHTS_STREAM
from gdstudio.core.problems.problem import Problem, ProblemSpec
from gdstudio.core.problems.viewpoint import Viewpoint

if TYPE_CHECKING:
    from types import CodeType

    import torch
    from torch import nn

    from gdstudio.core.listing import TextStyle
    from gdstudio.core.problems.problem import Forward, LossFunction
    from gdstudio.core.typing import Floats


class SurfaceSpec(ProblemSpec):
    """The settings of a function of one weight or more.

    ``formula`` is its value as an expression of torch in the names of the weights, for instance
    ``"(w1**2 + w2 - 11)**2 + (w1 + w2**2 - 7)**2"``; the exported program computes the very same text.
    Besides ``torch`` it may use ``abs``. ``centre`` is the middle of the pictures, 0 where it is not given;
    ``known_minima`` are its minima, local ones too. Both have one number for each name.

    Raises
    ------
    TypeError
        Where a subclass has more or fewer numbers there than names.
    """

    formula: ClassVar[str]
    names: ClassVar[tuple[str, ...]] = ("w1", "w2")
    centre: ClassVar[tuple[float, ...]] = ()
    half_width: ClassVar[float] = 2.0
    known_minima: ClassVar[tuple[tuple[float, ...], ...]] = ()

    def __init_subclass__(cls, **how: Any) -> None:
        super().__init_subclass__(**how)
        places = {"a known minimum": cls.known_minima, "centre": (cls.centre,) if cls.centre else ()}
        for what, found in places.items():
            for place in found:
                if len(place) != len(cls.names):
                    raise TypeError(
                        f"{cls.__name__}: {what} has {counted(len(place), 'number')}; "
                        f"give one for each name: {', '.join(cls.names)}"
                    )

    @property
    @override
    def weight_names(self) -> tuple[str, ...]:
        return self.names

    @override
    def build(self, seed: int) -> Problem:
        return Surface(self)

    @override
    def text(self, style: TextStyle) -> ProblemText:
        names, start = ", ".join(self.names), style.initial_weights
        function = code(f"def f({names}):", f"    return {self.formula}")
        if start is None:
            drawn = f"torch.randn({len(self.names)}, generator=weights_stream{style.draws})"
            begin = f"({style.initial_std!r} * {drawn}){style.casts}"
            stream = code(f"weights_stream = {WEIGHTS_STREAM}", part=Part.SCRIPT)
        else:
            begin, stream = f"torch.tensor([{', '.join(map(repr, start))}])", ()
        weights = CodeLine(f"w = {begin}{style.moves}.requires_grad_()")
        return ProblemText(
            data=None,
            model=Section("Function", (*function, *stream, weights), "The function, and its first weights."),
            parameters="[w]",
            loss=(),
            forward="cost = f(*w)",
            cost="",
            draws=start is None,
        )


class Surface(Problem):
    """A function of the weights; its forward pass is its value, and its cost is that.

    A formula that cannot be computed is an `InputError` wherever its value is asked for.
    """

    spec: SurfaceSpec

    def __init__(self, spec: SurfaceSpec) -> None:
        super().__init__(spec)

    @property
    @override
    def minima(self) -> Floats:
        return np.array(self.spec.known_minima, dtype=np.float64).reshape(-1, len(self.spec.names))

    @property
    @override
    def viewpoint(self) -> Viewpoint | None:
        minima = self.minima
        least = float(self.cost_at(minima).min()) if len(minima) else None
        centre = self.spec.centre or [0.0] * len(self.spec.names)
        return Viewpoint(np.array(centre), self.spec.half_width, least)

    @override
    def module(self) -> nn.Module:
        import torch
        from torch import nn

        count = len(self.spec.names)

        class Weights(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.w = nn.Parameter(torch.zeros(count))

        return Weights()

    @override
    def forward(self) -> Forward:
        import torch

        formula, names = self.spec.formula, self.spec.names
        known = {"__builtins__": {"abs": abs}, "torch": torch}

        def value(weights: list[torch.Tensor], _: torch.Tensor) -> torch.Tensor:
            values = dict(zip(names, weights[0].unbind(), strict=True))
            try:
                # The formula is a text of this program's own, never one that somebody typed.
                return torch.as_tensor(eval(_compiled(formula), known, values))
            except Exception as error:
                raise self._wrong_formula(error) from error

        return value  # type: ignore[return-value]  # a list is a sequence

    def _wrong_formula(self, error: Exception) -> InputError:
        what = f'problem.kind = "{self.spec.kind}": its formula, {self.spec.formula}, cannot be computed'
        return InputError(f"{what}: {error}")

    @override
    def predict(self, weights: Floats, X: Floats) -> Floats:
        """Raise `NotImplementedError`: a function of the weights predicts nothing."""
        raise NotImplementedError(f"{type(self).__name__} has nothing to predict")

    @override
    def loss(self) -> LossFunction:
        return lambda value, _: value


@cache
def _compiled(formula: str) -> CodeType:
    return compile(formula, "<surface>", "eval")
