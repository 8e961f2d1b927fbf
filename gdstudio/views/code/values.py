"""What the phases of a step have made, as text shown beside their line: shapes and first values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.concealment import without_numbers
from gdstudio.core.numbers import format_number

if TYPE_CHECKING:
    from gdstudio.core.concealment import Quantity
    from gdstudio.core.listing import PhaseName
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.core.typing import Floats
    from gdstudio.worker.concealed import Concealed

_FIRST = 3
_FIRST_OF_BATCH = 2  # its line is the longest
_DIGITS = 4
_TELLS: dict[PhaseName, tuple[Quantity, ...]] = {
    "forward": ("cost",),
    "loss": ("cost",),
    "zero_grad": ("gradient",),
    "backward": ("gradient",),
    "update": ("weights", "move"),
}
"""Which hidden quantities the words of a phase would give away."""


def code_values(fact: PhaseFact, *, reshaped: bool = True) -> dict[PhaseName, str]:
    """Return the words for every phase that the step has made; ``reshaped`` says whether y is (n, 1)."""
    words = _of_rows(fact, reshaped=reshaped) if fact.rows else _of_weights_alone(fact)
    if fact.cost is not None:
        words["loss"] = f"cost = {format_number(fact.cost)}"
    if fact.phase == "zero_grad":
        words["zero_grad"] = "grad = None" if fact.gradient is None else f"grad stays {_whole(fact.gradient)}"
    elif fact.gradient is not None:
        words["backward"] = f"grad = {_whole(fact.gradient)}"
    if fact.weights_after is not None:
        words["update"] = f"weights {_whole(fact.weights)} → {_whole(fact.weights_after)}"
    return words


def veiled_values(values: dict[PhaseName, str], concealed: Concealed) -> dict[PhaseName, str]:
    """Return the words for the phases, without the numbers of what a question hides."""
    return {
        phase: without_numbers(text) if concealed.hides(*_TELLS.get(phase, ())) else text
        for phase, text in values.items()
    }


def _of_rows(fact: PhaseFact, *, reshaped: bool) -> dict[PhaseName, str]:
    """Return the words for the rows of a step and what is predicted for them."""
    n, d = fact.rows, fact.X.shape[1]
    labels = f"({n}, 1)" if reshaped else f"({n},)"
    X, y = _rows(fact.X, n), _row(fact.y, n, _FIRST_OF_BATCH if n > _FIRST else n)
    words: dict[PhaseName, str] = {"batch": f"X ({n}, {d}) = {X}, y {labels} = {y}"}
    if fact.predictions is not None:
        words["forward"] = f"h ({n}, 1) = {_row(fact.predictions, n)}"
    return words


def _of_weights_alone(fact: PhaseFact) -> dict[PhaseName, str]:
    """Return the words for a function of the weights, whose forward pass is its cost already."""
    return {} if fact.cost is None else {"forward": f"cost = {format_number(fact.cost)}"}


def _rows(values: Floats, count: int) -> str:
    if values.shape[1] == 1:
        return _row(values[:, 0], count, _FIRST_OF_BATCH if count > _FIRST else count)
    return f"[{_row(values[0], values.shape[1])}{', …' if count > 1 else ''}]"


def _row(values: Floats, count: int, most: int = _FIRST) -> str:
    first = [format_number(value, _DIGITS) for value in values[:most].tolist()]
    return f"[{', '.join(first)}{', …' if count > most else ''}]"


def _whole(values: Floats) -> str:
    return _row(values, len(values))
