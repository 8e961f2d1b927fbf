"""A sweep as CSV, one row a run, and as a few lines for a person."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import numpy as np

from gdstudio.core.numbers import counted, format_number

if TYPE_CHECKING:
    from gdstudio.core.sweep.sweep import Sweep


def write_csv(sweep: Sweep, file: IO[str]) -> None:
    """Write one row a run: the setting by its name, cost, steps, finish_reason, then the weights."""
    ends = sweep.ends
    head = [_name(sweep), "cost", "steps", "finish_reason", *sweep.weight_names]
    file.write(",".join(head) + "\n")
    table = zip(
        sweep.values,
        ends.costs.tolist(),
        ends.steps.tolist(),
        ends.reasons,
        ends.weights.tolist(),
        strict=True,
    )
    for value, cost, steps, reason, weights in table:
        file.write(f"{value!r},{cost!r},{steps},{reason},{','.join(map(repr, weights))}\n")


def summary(sweep: Sweep) -> str:
    """Return what the sweep has found: the best value, how many runs went wrong, and from where on."""
    name, ends, values = _name(sweep), sweep.ends, sweep.values
    lines = [
        f"{counted(len(ends), 'run')}, {name} from {_written(values[0])} to {_written(values[-1])}",
    ]
    best = ends.best
    if best is not None:
        cost, equal = ends.costs[best], int((ends.costs == ends.costs[best]).sum()) - 1
        after = counted(int(ends.steps[best]), "step") + (
            f", as of {counted(equal, 'other')}" if equal else ""
        )
        lines.append(f"best      {name} = {_written(values[best])}: cost {format_number(cost)} after {after}")
    finite = ends.costs[~ends.diverged & np.isfinite(ends.costs)]
    if len(finite):
        least, middle, most = (format_number(float(q)) for q in np.quantile(finite, [0, 0.5, 1]))
        lines.append(
            f"cost      median {middle}, least {least}, greatest {most} of those that did not diverge"
        )
    lines.append(f"diverged  {_which(sweep, ends.diverged)}")
    lines.append(f"ended above their start  {_which(sweep, ends.ended_above)}")
    return "\n".join([*lines, sweep.exactness]) + "\n"


def _which(sweep: Sweep, marked: np.ndarray) -> str:
    """Say how many runs are marked, and from which value on where all from one on are."""
    count, total = int(marked.sum()), len(marked)
    if not count:
        return f"none of {total}"
    first = int(np.argmax(marked))
    words = f"{count} of {total}"
    if count == total:
        return f"all {total}"
    where = f"{_name(sweep)} = {_written(sweep.values[first])}"
    return f"{words}, from {where} on" if marked[first:].all() else f"{words}, the first at {where}"


def _name(sweep: Sweep) -> str:
    return sweep.path.rsplit(".", 1)[-1]


def _written(value: float) -> str:
    return format_number(value)
