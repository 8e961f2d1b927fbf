"""What the phases of a step have made, as text shown beside their line: shapes and first values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.concealment import without_numbers
from gdstudio.core.numbers import format_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.core.concealment import Quantity
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.core.typing import Floats
    from gdstudio.worker.concealed import Concealed

_FIRST = 3
_FIRST_OF_BATCH = 2  # its line is the longest
_DIGITS = 4
_TELLS: dict[str, tuple[Quantity, ...]] = {
    "outputs": ("cost",),
    "forward": ("cost",),
    "error": ("cost",),
    "loss": ("cost",),
    "zero_grad": ("gradient",),
    "backward": ("gradient",),
    "gradient": ("gradient",),
    "update": ("weights", "move"),
    "weight": ("weights", "move"),
}
"""Which hidden quantities the words of a phase, or of a line by hand, would give away."""


def code_values(fact: PhaseFact, *, reshaped: bool = True, output: str = "h") -> dict[str, str]:
    """Return the words for every phase that the step has made.

    ``reshaped`` says whether y is (n, 1), ``output`` what the outputs of the module are called.
    """
    words = _of_rows(fact, output, reshaped=reshaped) if fact.rows else _of_weights_alone(fact)
    if fact.cost is not None:
        words["loss"] = f"cost = {format_number(fact.cost)}"
    if fact.phase == "zero_grad":
        words["zero_grad"] = "grad = None" if fact.gradient is None else f"grad stays {_whole(fact.gradient)}"
    elif fact.gradient is not None:
        words["backward"] = f"grad = {_whole(fact.gradient)}"
    if fact.weights_after is not None:
        words["update"] = f"weights {_whole(fact.weights)} → {_whole(fact.weights_after)}"
    return words


def hand_values(fact: PhaseFact, problem: Problem | None = None) -> dict[str, str]:
    """Return the words for the lines of a program by hand: for each weight its derivative and its move.

    The words of the phases are there too, for a strip that is folded. The problem makes predictions of the
    outputs; without one they are the same.
    """
    words = code_values(fact)
    words.pop("zero_grad", None)
    columns = [f"x{i + 1}" for i in range(fact.X.shape[1])] if fact.X.shape[1] > 1 else ["x"]
    shown = [f"{name} = {_row(fact.X[:, i], fact.rows)}" for i, name in enumerate(columns)]
    words["batch"] = ", ".join([*shown, f"y = {_row(fact.y, fact.rows)}"])
    if fact.predictions is not None:
        h = fact.predictions if problem is None else problem.predicted(fact.predictions)
        words["outputs"] = f"z = {_row(fact.predictions, fact.rows)}"
        words["forward"] = f"h = {_row(h, fact.rows)}"
        if fact.has_made("loss"):
            words["error"] = f"error = {_row(h - fact.y, fact.rows)}"
    if fact.gradient is not None and fact.has_made("backward"):
        words |= {f"gradient {i}": _short(value) for i, value in enumerate(fact.gradient.tolist())}
    if fact.weights_after is not None:
        moves = zip(fact.weights.tolist(), fact.weights_after.tolist(), strict=True)
        words |= {f"weight {i}": f"{_short(old)} → {_short(new)}" for i, (old, new) in enumerate(moves)}
    return words


def veiled_values(values: Mapping[str, str], concealed: Concealed) -> dict[str, str]:
    """Return the words for phases or lines, without the numbers of what a question hides."""
    return {
        key: without_numbers(text) if concealed.hides(*_TELLS.get(key.split()[0], ())) else text
        for key, text in values.items()
    }


def _short(value: float) -> str:
    return format_number(value, _DIGITS)


def _of_rows(fact: PhaseFact, output: str, *, reshaped: bool) -> dict[str, str]:
    """Return the words for the rows of a step and what is predicted for them."""
    n, d = fact.rows, fact.X.shape[1]
    labels = f"({n}, 1)" if reshaped else f"({n},)"
    X, y = _rows(fact.X, n), _row(fact.y, n, _FIRST_OF_BATCH if n > _FIRST else n)
    words = {"batch": f"X ({n}, {d}) = {X}, y {labels} = {y}"}
    if fact.predictions is not None:
        words["forward"] = f"{output} ({n}, 1) = {_row(fact.predictions, n)}"
    return words


def _of_weights_alone(fact: PhaseFact) -> dict[str, str]:
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
