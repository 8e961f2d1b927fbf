"""What the program of a run prints, made from the numbers of the run itself instead of by executing it.

Numbers are written as Python and torch write them for the run's precision: the exported script prints the
very same lines, and a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.program.ends import BEYOND_AT_ONCE, completed, diverged, small_change, small_gradient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdstudio.core.concealment import Quantity
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line, and which hidden quantities its numbers would give away."""

    text: str
    tells: tuple[Quantity, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class PrintedEnd:
    """How a run ended, in the studio's words, with its last finite weights (P,), their cost and its step."""

    sentence: str
    step: int
    weights: Floats
    cost: float


def printed_at_start(experiment: Experiment, weights: Floats) -> tuple[PrintedLine, ...]:
    """Return what the program prints before the first step, from first weights (P,)."""
    lines = experiment.problem.printed_at_start(weights, experiment.run.dtype)
    return tuple(PrintedLine(line, ("weights",)) for text in lines for line in text.splitlines())


def printed_of_epochs(experiment: Experiment, table: Floats) -> tuple[PrintedLine, ...]:
    """Return what it prints after epochs of batches; ``table`` (e, 4) has epoch, step, cost and test cost.

    Three dots stand for the epochs that a table of bounded size has left out.
    """
    if experiment.is_full_batch:
        return ()
    lines: list[PrintedLine] = []
    last = 0.0
    for epoch, _, cost, test in table.tolist():
        if epoch > last + 1:
            lines.append(PrintedLine("…"))
        last = epoch
        lines.append(PrintedLine(f"epoch {int(epoch)}, loss {cost:f}", ("cost",)))
        if experiment.problem.test_row_count:
            lines.append(PrintedLine(f"test loss {test:f}", ("cost",)))
    return tuple(lines)


def printed_at_end(
    experiment: Experiment, end: PrintedEnd, table: Floats, truth: Floats | None
) -> tuple[PrintedLine, ...]:
    """Return what it prints at its end.

    The test cost is that of the last row of ``table``, shape (e, 4); where the run has gone on from there, it
    is not known and is left out. ``truth`` are the true weights (P,), or None.
    """
    return tuple(_at_end(experiment, end, table, truth))


def _at_end(
    experiment: Experiment, end: PrintedEnd, table: Floats, truth: Floats | None
) -> Iterator[PrintedLine]:
    problem = experiment.problem
    yield PrintedLine(_how(experiment, end), ("updates",))
    yield PrintedLine(f"cost = {end.cost!r}", ("cost",))
    if problem.test_row_count and len(table) and table[-1, 1] == end.step:
        yield PrintedLine(f"test cost = {float(table[-1, 3])!r}", ("cost",))
    named = list(zip(problem.weight_names, end.weights.tolist(), strict=True))
    yield from (PrintedLine(f"{name} = {weight!r}", ("weights",)) for name, weight in named)
    if truth is not None:
        for (name, weight), true in zip(named, truth.tolist(), strict=True):
            yield PrintedLine(f"error of {name} = {true - weight!r}", ("weights",))
    for text in problem.printed_at_end(end.weights, experiment.run.dtype):
        yield from (PrintedLine(line, ("weights",)) for line in text.splitlines())


def _how(experiment: Experiment, end: PrintedEnd) -> str:
    """Return the program's own words for the studio's, which say more."""
    word = end.sentence.split()[0].rstrip(":")
    if word == "Completed":
        return completed(end.step)
    if word == "Diverged":
        at_once = end.step == 0 and "step 0:" in end.sentence
        return BEYOND_AT_ONCE if at_once else diverged(f"{end.step + 1:,}")
    run, step = experiment.run, f"{end.step:,}"
    if run.cost_tolerance is not None and ": the cost " in end.sentence:
        return small_change(word, step, run.cost_tolerance)
    return small_gradient(step, run.gradient_tolerance or 0.0)
