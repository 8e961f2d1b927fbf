"""A run or a race without a window: its steps as CSV, its result for a person or as JSON."""

from __future__ import annotations

import json
import math
import sys
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import counted, format_number

if TYPE_CHECKING:
    from contextlib import ExitStack

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.events import RunResult
    from gdstudio.core.training.rows import Rows
    from gdstudio.core.training.trainer import Trainer

_BAR = 30
_BAR_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where a run's words, its history and its progress go; None where they go nowhere."""

    words: IO[str]
    history: IO[str] | None
    bar: IO[str] | None
    as_json: bool

    @classmethod
    def open(cls, stack: ExitStack, history: str | None, *, as_json: bool) -> Outputs:
        """Open the history's file, if any, before anything is computed.

        Raises
        ------
        InputError
            Where it cannot be written.
        """
        file = None if history is None else open_csv(stack, history, "--history")
        words = sys.stderr if history == "-" else sys.stdout
        bar = sys.stderr if sys.stderr.isatty() and not as_json else None
        return cls(words, file, bar, as_json)


def open_csv(stack: ExitStack, name: str, option: str) -> IO[str]:
    """Open the file that an option names, or standard output for ``-``.

    Raises
    ------
    InputError
        Where it cannot be written.
    """
    if name == "-":
        return sys.stdout
    try:
        return stack.enter_context(open(name, "w", encoding="utf-8", newline="\n"))  # noqa: SIM115, PTH123, RUF100 - the stack closes it
    except OSError as error:
        raise InputError(f"{option} {name}: cannot be written: {error.strerror}") from None


def run_headless(experiment: Experiment, outputs: Outputs) -> int:
    """Train to the end and report; return the exit status 0.

    Raises
    ------
    InputError
        Where the device cannot be used, before anything is written.
    """
    from gdstudio.core.training.devices import find_device
    from gdstudio.core.training.loop import train
    from gdstudio.core.training.run_control import RunControl
    from gdstudio.core.training.threads import use_one_thread_for_small
    from gdstudio.core.training.trainer import Trainer

    device = find_device(experiment.run.device, experiment.run.dtype)
    use_one_thread_for_small(experiment)
    problem = experiment.build_problem()
    for remark in experiment.problem.remarks(experiment.run.seed):
        print(remark, file=sys.stderr)  # noqa: T201 - what is left out of a table is said
    report = _Report(problem, outputs, experiment.total_steps)
    trainer = Trainer(experiment, problem, device)
    result = train(trainer, RunControl(), report)
    report.end()
    if outputs.as_json:
        _write_json(_as_json(trainer, result, report.epoch_costs), outputs.words)
        print(result.sentence, file=sys.stderr)  # noqa: T201 - a command says how it ended
    else:
        outputs.words.write(_summary(trainer, result, report.epoch_costs))
    return 0


def race_headless(experiment: Experiment, csv: IO[str] | None, *, as_json: bool) -> int:
    """Race to the end and report; return the exit status 0.

    ``csv`` receives every step; where it is standard output, the words go to standard error.

    Raises
    ------
    InputError
        Where the device cannot be used, or an optimizer cannot train this problem.
    """
    from gdstudio.core.race.race import Race
    from gdstudio.core.race.report import as_plain, summary, write_csv
    from gdstudio.core.race.words import who_is_ahead
    from gdstudio.core.training.threads import use_one_thread_for_small

    use_one_thread_for_small(experiment)
    began, problem = time.perf_counter(), experiment.build_problem()
    race = Race(experiment, problem)
    race.advance(math.inf, experiment.run.rate_changes)
    view, seconds = race.view(math.inf), time.perf_counter() - began
    assert view is not None  # it has been made
    if csv is not None:
        write_csv(problem, view, csv)
    words = sys.stderr if csv is sys.stdout else sys.stdout
    if as_json:
        _write_json(as_plain(experiment, problem, view, seconds), words)
        print(who_is_ahead(view), file=sys.stderr)  # noqa: T201 - a command says how it ended
    else:
        words.write(summary(problem, view))
    return 0


def _write_json(values: dict[str, Any], file: IO[str]) -> None:
    json.dump(_finite(values), file, allow_nan=False)
    file.write("\n")


class _Report:
    """Writes every row as it comes, and draws the bar."""

    def __init__(self, problem: Problem, outputs: Outputs, total: int) -> None:
        self.epoch_costs: list[float] = []
        self._file, self._bar, self._total = outputs.history, outputs.bar, total
        self._drawn = time.monotonic()
        if self._file is not None:
            self._file.write(",".join(["step", "epoch", "cost", *problem.weight_names]) + "\n")

    def append(self, rows: Rows) -> None:
        self.epoch_costs += [row.train_cost for row in rows.epoch_rows]
        if self._file is not None:
            self._file.writelines(_csv(rows))
        if self._bar is not None and len(rows) and time.monotonic() - self._drawn > _BAR_SECONDS:
            self._drawn = time.monotonic()
            step = int(rows.steps[-1])
            done = "=" * round(_BAR * step / self._total)
            self._bar.write(
                f"\r[{done:<{_BAR}}] step {step:,} of {self._total:,}  cost {rows.costs[-1]:.6g}   "
            )
            self._bar.flush()

    def end(self) -> None:
        if self._bar is not None:
            self._bar.write("\r\033[K")


def _csv(rows: Rows) -> list[str]:
    table = zip(
        rows.steps.astype(int).tolist(),
        rows.epochs.astype(int).tolist(),
        rows.costs.tolist(),
        rows.weights.tolist(),
        strict=True,
    )
    return [f"{k},{e},{cost!r},{','.join(map(repr, weights))}\n" for k, e, cost, weights in table]


def _errors(trainer: Trainer, result: RunResult) -> dict[str, float] | None:
    """Return truth minus estimate for each weight, as the notebook prints it (L340-342)."""
    truth = trainer.problem.true_weights
    if truth is None:
        return None
    return _named(trainer, truth - result.weights)


def _named(trainer: Trainer, values: Any) -> dict[str, float]:
    return dict(zip(trainer.problem.weight_names, values.tolist(), strict=True))


def _finite(value: Any) -> Any:
    """Return a value in which every number that is not finite is None: JSON has no infinity."""
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _as_json(trainer: Trainer, result: RunResult, epoch_costs: list[float]) -> dict[str, Any]:
    experiment, truth = trainer.experiment, trainer.problem.true_weights
    return {
        "experiment": experiment.tables(),
        "device": experiment.run.device,
        "dtype": experiment.run.dtype,
        "finish_reason": str(result.reason),
        "steps": result.step,
        "epochs": result.epoch,
        "gradient_evaluations": trainer.evaluations,
        "cost": result.cost,
        "weights": _named(trainer, result.weights),
        "true_weights": None if truth is None else _named(trainer, truth),
        "errors": _errors(trainer, result),
        "epoch_costs": epoch_costs,
        "seconds": result.seconds,
        "steps_per_second": result.steps_per_second,
    }


def _summary(trainer: Trainer, result: RunResult, epoch_costs: list[float]) -> str:
    lines = [result.sentence]
    if 1 < len(epoch_costs) <= 20 and not trainer.experiment.is_full_batch:
        lines += [f"epoch {i}, cost {format_number(cost)}" for i, cost in enumerate(epoch_costs, 1)]
    lines.append(f"cost     {format_number(result.cost)}")
    errors = _errors(trainer, result)
    for name, value in _named(trainer, result.weights).items():
        error = f"   error {format_number(errors[name])}" if errors else ""
        lines.append(f"{name:<8} {format_number(value)}{error}")
    speed = counted(round(result.steps_per_second), "step")
    lines.append(f"{format_number(result.seconds, 3)} s, {speed}/s on {trainer.experiment.run.device}")
    return "\n".join(lines) + "\n"
