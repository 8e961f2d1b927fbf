"""A step with its numbers: gradient, what the optimizer makes of it, and the move. No Qt here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gdstudio.core.notation import (
    ABOUT,
    EQUALS,
    LESS,
    TIMES,
    Group,
    Piece,
    as_written,
    hidden,
    number,
    telling,
    value,
    vector,
    words,
    written,
)
from gdstudio.core.numbers import format_number
from gdstudio.views.formula.names import all_weights, cost_of_step, direction_of_step, index

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.settings.optimizers.optimizer import Optimizer
    from gdstudio.core.typing import Floats
    from gdstudio.views.formula.shown_step import ShownStep


class _Made(NamedTuple):
    """What a step makes of its gradient: its named numbers, and what its rate is multiplied by."""

    gradient: Floats
    named: tuple[tuple[Group, Floats], ...]
    along: Floats
    name: Group
    """That of ``along`` where it is one of the named numbers, else empty."""
    rate: float


def step_in_numbers(step: ShownStep, experiment: Experiment, problem: Problem) -> tuple[Group, ...]:
    """Return theta_1 = 0 − 0.1 · (−9.333333) = 0.933333; for several weights the gradient apart.

    A number that is not known yet keeps its room. Of a step that cannot be foretold only the weights that it
    starts from are seen.
    """
    if step.is_known:
        return _groups(step, experiment, problem)
    start = _vector(step.before, "weights", "new", plain=step.number == 1)
    here = (all_weights(problem), index(step.number - 1), EQUALS, *start)
    return (here, *(hidden(group) for group in _groups(step, experiment, problem)))


def _groups(step: ShownStep, experiment: Experiment, problem: Problem) -> tuple[Group, ...]:
    symbol = direction_of_step(experiment, problem, step.number)
    made = _made(step, experiment.run.optimizer, symbol)
    slope = _vector(made.gradient, "gradient_text", "slope", plain=step.is_first_of_all)
    apart = _equation(symbol, slope, known=step.gradient is not None)
    remembers = (
        _equation(name, _vector(numbers, "gradient_text", name[0].text), known=step.memory is not None)
        for name, numbers in made.named
    )
    is_short = len(step.before) == 1 and made.name == symbol  # the move itself has the gradient's number
    return (
        *_cost(step, experiment, problem),
        *(() if is_short else (apart,)),
        *remembers,
        _move(step, problem, made),
    )


def _made(step: ShownStep, optimizer: Optimizer, symbol: Group) -> _Made:
    nothing = np.zeros(len(step.before))
    gradient = nothing if step.gradient is None else step.gradient
    used, memory = optimizer.with_decay(gradient, step.before), step.memory
    if memory is None:  # for the room of its numbers
        memory = optimizer.remembered(used, None)
    named = () if memory is None else optimizer.named_numbers(memory)
    groups = tuple(((piece,), numbers) for piece, numbers in named)
    along = None if memory is None else optimizer.direction(used, memory, step.before)
    # The very array, not an equal one: at a minimum all of them are 0.
    name = next((name for name, numbers in ((symbol, gradient), *groups) if numbers is along), ())
    rate = step.rate if memory is None else optimizer.rate_of_step(step.rate, memory)
    if along is None or (step.memory is None and optimizer.has_memory):
        along = nothing if step.after is None else (step.before - step.after) / rate
    return _Made(gradient, groups, along, name, rate)


def _cost(step: ShownStep, experiment: Experiment, problem: Problem) -> tuple[Group, ...]:
    if not step.is_by_phase:
        return ()
    cost = (value(step.cost or 0.0, "cost_text", "cost", 6),)
    return (_equation(cost_of_step(experiment, problem, step.number), cost, known=step.cost is not None),)


def _move(step: ShownStep, problem: Problem, made: _Made) -> Group:
    plain = step.is_first_of_all
    before = _vector(step.before, "weights", "old", plain=plain)
    rate = number(format_number(made.rate), "text", "rate")
    begin = (all_weights(problem), index(step.number), EQUALS, *before, LESS, rate)
    end = _vector(step.before if step.after is None else step.after, "weights", "new")
    equals = EQUALS if step.after is None or _adds_up(step, made, step.after) else ABOUT
    is_known = step.after is not None
    return _equation((*begin, *_times_direction(step, made)), end, known=is_known, equals=equals)


def _times_direction(step: ShownStep, made: _Made) -> Group:
    """Return what the rate is multiplied by: its name where it has one, else its numbers."""
    if made.name and len(step.before) > 1:
        return (words(" "), *made.name)
    numbers = _vector(made.along, "gradient_text", "along", plain=step.is_first_of_all)
    if len(numbers) == 1 and made.along[0] < 0:
        left, right = telling("gradient", words("(", "gradient_text"), words(")", "gradient_text"))
        numbers = (left, *numbers, right)
    is_gradient = made.along is made.gradient and step.gradient is not None
    return (TIMES, *(numbers if is_gradient or step.after is not None else hidden(numbers)))


def _equation(left: Group, right: Group, *, known: bool, equals: Piece = EQUALS) -> Group:
    """Return an equation; where it is not known, its right side keeps its room."""
    return (*left, equals, *(right if known else hidden(right)))


def _adds_up(step: ShownStep, made: _Made, after: Floats) -> bool:
    """Whether the equation holds of the numbers as they are written, to the last digit of its result."""
    decimals = _decimals(after)
    rate = float(f"{made.rate:.6g}")
    computed = (
        as_written(w, decimals) - rate * as_written(d, decimals)
        for w, d in zip(step.before.tolist(), made.along.tolist(), strict=True)
    )
    shown = (written(w, decimals) for w in after.tolist())
    return all(written(a, decimals) == b for a, b in zip(computed, shown, strict=True))


def _vector(values: Floats, quantity: str, field: str, *, plain: bool = False) -> Group:
    return vector(values.tolist(), quantity, field, _decimals(values), plain=plain)


def _decimals(values: Floats) -> int:
    return 6 if len(values) == 1 else 4
