"""What goes through a drawn network: the last update and, phase by phase, a row and what is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.numbers import format_fixed, format_number

if TYPE_CHECKING:
    from gdstudio.core.training.phases import PhaseFact

    Numbers = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """``before`` are the weights before the last update, ``gradient`` what backward has made of the batch.

    ``row`` is the first row of the batch, ``prediction`` what the network makes of it, ``label`` what it
    should be. Where the phase has not made one yet it is empty or None. ``is_lost`` once the loss is made.
    """

    before: Numbers = ()
    gradient: Numbers = ()
    row: Numbers = ()
    prediction: float | None = None
    label: float | None = None
    is_lost: bool = False

    @classmethod
    def of(cls, fact: PhaseFact) -> Flow:
        """Return what a step has made so far, and no more."""
        row = tuple(fact.X[0].tolist()) if len(fact.X) else ()
        if fact.weights_after is not None:
            return cls(before=tuple(fact.weights.tolist()))
        made = fact.predictions if fact.has_made("forward") else None
        back = fact.gradient if fact.has_made("backward") else None
        return cls(
            gradient=() if back is None else tuple(back.tolist()),
            row=row,
            prediction=None if made is None or not len(made) else float(made[0]),
            label=float(fact.y[0]) if len(fact.y) else None,
            is_lost=fact.has_made("loss"),
        )

    def sum_in_numbers(self, weights: Numbers) -> str:
        """Return the row's prediction as a sum of numbers; empty before it has been made."""
        if self.prediction is None or self.label is None:
            return ""
        terms = [f"{_factor(w)}·{_factor(x)}" for w, x in zip(weights, self.row, strict=False)]
        terms += [_factor(w) for w in weights[len(self.row) :]]
        whole = " + ".join(terms)
        compared = f",  y = {_short(self.label)}" if self.is_lost else ""
        return f"ŷ = {whole} = {_short(self.prediction)}{compared}"


def written(weight: float) -> str:
    """Write a live weight: four decimals where that says something, else four digits and a power."""
    if weight == 0 or 1e-3 <= abs(weight) < 1e5:
        return format_fixed(weight, 4)
    return format_number(weight, 4)


def _factor(value: float) -> str:
    return f"({_short(value)})" if value < 0 else _short(value)


def _short(value: float) -> str:
    return format_fixed(value, 2) if 1e-2 <= abs(value) < 1e5 or value == 0 else format_number(value, 3)
