"""Functions of the weights alone: nothing to predict, no data.

A new surface is one new module in `gdstudio.core.problems.kinds` with a `SurfaceSpec`: its formula, the
names of its weights, where to look from and the minima that are known.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from typing_extensions import override

from gdstudio.core.errors import InputError
from gdstudio.core.listing import CodeLine, Part, ProblemText, Section, code
from gdstudio.core.notation import EQUALS, maths, weights, words
from gdstudio.core.numbers import counted
from gdstudio.core.problems.functions.reading import read_function
from gdstudio.core.problems.models.model import WEIGHTS_STREAM
from gdstudio.core.problems.problem import Problem, ProblemSpec
from gdstudio.core.problems.viewpoint import Viewpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    import torch
    from torch import nn

    from gdstudio.core.listing import TextStyle
    from gdstudio.core.notation import Group
    from gdstudio.core.problems.functions.tree import Node
    from gdstudio.core.problems.problem import Forward, LossFunction
    from gdstudio.core.typing import Floats

    Function = Callable[..., torch.Tensor]


_LONGEST_FORMULA = 48
"""A formula of more characters is not typeset: it would make the letters of its line small."""


class WeightsSpec(ProblemSpec):
    """The settings of a function of one weight or more, which has no data."""

    family = "functions"
    family_words = ("Function", "J", "The function of the weights that is descended; a run begins anew")

    @property
    @abstractmethod
    def expression(self) -> str:
        """Its value as an expression of torch in the names of the weights; programs compute this text."""

    @abstractmethod
    def function(self) -> Function:
        """Return what gives its value, a scalar, of one scalar tensor for each weight.

        An `InputError` where it cannot be computed.
        """

    @property
    def minima(self) -> Floats:
        """The minima that are known, local ones among them, shape (k, P)."""
        return np.empty((0, len(self.weight_names)))

    @property
    def curvatures(self) -> Floats | None:
        """The eigenvalues (P,) of its Hessian, ascending, where it is the same everywhere; None elsewhere."""
        return None

    @property
    def middle(self) -> Floats:
        """The weights (P,) in the middle of the pictures."""
        return np.zeros(len(self.weight_names))

    @property
    def reach(self) -> float:
        """How far the pictures go to each side of the middle at least."""
        return 2.0

    @property
    def written(self) -> Node | None:
        """Its formula as it is typeset; None where it cannot be."""
        return None

    @property
    @override
    def written_cost(self) -> Group:
        node = self.written
        if node is None or len(node.text()) > _LONGEST_FORMULA:
            return ()
        begin = (maths("J", "J", "cost_text"), weights(self.weight_names, len(self.weight_names)))
        named = begin if len(self.weight_names) > 1 else (begin[0], words("("), begin[1], words(")"))
        return (*named, EQUALS, maths(node.text(), node.tex()))

    def why_no_value(self, weights: Floats) -> str:
        """Return why the function has no value at weights (P,), in words; empty where nothing is known."""
        return ""

    @override
    def build(self, seed: int) -> Problem:
        return Surface(self)

    @override
    def text(self, style: TextStyle) -> ProblemText:
        names, start = ", ".join(self.weight_names), style.initial_weights
        function = code(f"def f({names}):", f"    return {self.expression}")
        if start is None:
            drawn = f"torch.randn({len(self.weight_names)}, generator=weights_stream{style.draws})"
            begin = f"({style.initial_std!r} * {drawn}){style.casts}"
            stream = code(f"weights_stream = {WEIGHTS_STREAM}", part=Part.SCRIPT)
        else:
            begin, stream = f"torch.tensor([{', '.join(map(repr, start))}])", ()
        first = CodeLine(f"w = {begin}{style.moves}.requires_grad_()")
        return ProblemText(
            data=None,
            model=Section("Function", (*function, *stream, first), "The function, and its first weights."),
            parameters="[w]",
            loss=(),
            forward="cost = f(*w)",
            cost="",
            draws=start is None,
        )


class SurfaceSpec(WeightsSpec):
    """A function that this program knows by a name of its own.

    ``formula`` is its value as an expression of torch in the names of the weights, for instance
    ``"(w1**2 + w2 - 11)**2 + (w1 + w2**2 - 7)**2"``; the exported program computes the very same text.
    Besides ``torch`` it may use ``abs``. ``centre`` is the middle of the pictures, 0 where it is not given;
    ``known_minima`` are its minima, local ones too. ``known_curvatures`` are the eigenvalues of its Hessian
    where that is the same everywhere. All have one number for each name, and so has
    ``first_weights``; there and with ``first_rate`` a run begins where the function is chosen from a list.

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
    known_curvatures: ClassVar[tuple[float, ...]] = ()
    first_weights: ClassVar[tuple[float, ...]] = ()
    first_rate: ClassVar[float] = 0.01

    def __init_subclass__(cls, **how: Any) -> None:
        super().__init_subclass__(**how)
        given = {
            "centre": cls.centre,
            "known_curvatures": cls.known_curvatures,
            "first_weights": cls.first_weights,
        }
        places = {
            "a known minimum": cls.known_minima,
            **{name: (place,) for name, place in given.items() if place},
        }
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

    @property
    @override
    def expression(self) -> str:
        return self.formula

    @property
    @override
    def written(self) -> Node | None:
        try:
            return read_function(self.formula)
        except InputError:  # it has other names of weights, or functions of torch
            return None

    @property
    @override
    def carried_over(self) -> dict[str, Any]:
        node = self.written
        return {**super().carried_over, **({} if node is None else {"formula": node.text()})}

    @property
    @override
    def begins_with(self) -> dict[str, Any]:
        start = self.first_weights or tuple(self.middle.tolist())
        return {"run.initial_weights": start, "run.learning_rate": self.first_rate}

    @override
    def function(self) -> Function:
        import torch

        known = {"__builtins__": {"abs": abs}, "torch": torch}

        def value(*weights: torch.Tensor) -> torch.Tensor:
            values = dict(zip(self.names, weights, strict=True))
            try:
                # The formula is a text of this program's own, never one that somebody typed.
                return torch.as_tensor(eval(_compiled(self.formula), known, values))
            except Exception as error:
                what = f'problem.kind = "{self.kind}": its formula, {self.formula}, cannot be computed'
                raise InputError(f"{what}: {error}") from error

        return value

    @property
    @override
    def minima(self) -> Floats:
        return np.array(self.known_minima, dtype=np.float64).reshape(-1, len(self.names))

    @property
    @override
    def curvatures(self) -> Floats | None:
        return np.sort(self.known_curvatures) if self.known_curvatures else None

    @property
    @override
    def middle(self) -> Floats:
        return np.array(self.centre or [0.0] * len(self.names))

    @property
    @override
    def reach(self) -> float:
        return self.half_width


class Surface(Problem):
    """A function of the weights; its forward pass is its value, and its cost is that.

    A function that cannot be computed is an `InputError` wherever its value is asked for.
    """

    spec: WeightsSpec

    def __init__(self, spec: WeightsSpec) -> None:
        super().__init__(spec)

    @property
    @override
    def minima(self) -> Floats:
        return self.spec.minima

    @property
    @override
    def viewpoint(self) -> Viewpoint | None:
        minima = self.minima
        least = float(self.cost_at(minima).min()) if len(minima) else None
        return Viewpoint(self.spec.middle, self.spec.reach, least)

    @override
    def curvatures(self) -> Floats | None:
        return self.spec.curvatures

    @override
    def module(self) -> nn.Module:
        import torch
        from torch import nn

        count = len(self.spec.weight_names)

        class Weights(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.w = nn.Parameter(torch.zeros(count))

        return Weights()

    @override
    def forward(self) -> Forward:
        function = self.spec.function()
        return lambda weights, _: function(*weights[0].unbind())

    @override
    def why_no_value(self, weights: Floats) -> str:
        return self.spec.why_no_value(weights)

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
