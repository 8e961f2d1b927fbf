"""What goes through a drawn network: the last update and, phase by phase, a row and what is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.numbers import format_fixed, format_number

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.core.typing import Floats

    Numbers = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """``before`` are the weights before the last update, ``gradient`` what backward has made of the batch.

    ``row`` is the first row of the batch, ``output`` what the network makes of it, ``probability`` what is
    made of that where it is a log-odds, ``label`` what it should be. Where the phase has not made one yet it
    is empty or None. ``is_lost`` once the loss is made.
    """

    before: Numbers = ()
    gradient: Numbers = ()
    row: Numbers = ()
    output: float | None = None
    probability: float | None = None
    label: float | None = None
    is_lost: bool = False

    @classmethod
    def of(cls, fact: PhaseFact, problem: Problem | None = None) -> Flow:
        """Return what a step has made so far, and no more.

        The problem makes a prediction of an output; without one they are the same.
        """
        row = tuple(fact.X[0].tolist()) if len(fact.X) else ()
        if fact.weights_after is not None:
            return cls(before=tuple(fact.weights.tolist()))
        made = fact.predictions if fact.has_made("forward") else None
        back = fact.gradient if fact.has_made("backward") else None
        return cls(
            gradient=() if back is None else tuple(back.tolist()),
            row=row,
            output=None if made is None or not len(made) or made.ndim > 1 else float(made[0]),
            probability=_probability(made, problem),
            label=float(fact.y[0]) if len(fact.y) else None,
            is_lost=fact.has_made("loss"),
        )

    def sum_in_numbers(self, weights: Numbers) -> str:
        """Return the row's prediction as a sum of numbers; empty before it has been made."""
        if self.output is None or self.label is None:
            return ""
        terms = [f"{_factor(w)}·{_factor(x)}" for w, x in zip(weights, self.row, strict=False)]
        terms += [_factor(w) for w in weights[len(self.row) :]]
        whole = " + ".join(terms)
        compared = f",  y = {_short(self.label)}" if self.is_lost else ""
        name, after = "ŷ", ""
        if self.probability is not None:
            name, after = "z", f",  ŷ = σ(z) = {_short(self.probability)}"
        return f"{name} = {whole} = {_short(self.output)}{after}{compared}"


def _probability(outputs: Floats | None, problem: Problem | None) -> float | None:
    """Return what is made of the first output where that is another number."""
    if outputs is None or not len(outputs) or problem is None or problem.output_name == "h":
        return None
    return float(problem.predicted(outputs[:1])[0])


def written(weight: float) -> str:
    """Write a live weight: four decimals where that says something, else four digits and a power."""
    if weight == 0 or 1e-3 <= abs(weight) < 1e5:
        return format_fixed(weight, 4)
    return format_number(weight, 4)


def _factor(value: float) -> str:
    return f"({_short(value)})" if value < 0 else _short(value)


def _short(value: float) -> str:
    return format_fixed(value, 2) if 1e-2 <= abs(value) < 1e5 or value == 0 else format_number(value, 3)
