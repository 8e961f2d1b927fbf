"""The command line: the window, and everything that needs none. Only the window imports Qt."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from contextlib import ExitStack
from io import TextIOWrapper
from typing import TYPE_CHECKING

from gdstudio import __version__
from gdstudio.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.settings.experiment import Experiment

BAD_INPUT = 2
FAILED = 1
_COMMANDS = ("run", "race", "sweep", "export", "lessons", "devices", "window")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 for a run that ended, 2 for bad input, 1 for a failure."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0] not in _COMMANDS and given[0] not in {"-h", "--help", "--version"}):
        given.insert(0, "window")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # for a console that lacks a sign
    options = _parser().parse_args(given)
    try:
        return int(options.command(options))
    except InputError as error:
        for line in error.problems:
            print(f"gdstudio: {line}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("gdstudio: interrupted", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # Whoever read our output has gone: there is nobody to tell, not even when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except (OSError, RuntimeError, MemoryError) as error:
        print(f"gdstudio: the command failed: {error or type(error).__name__}", file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gdstudio",
        description="See gradient descent and a first neural network. Without a command, the window opens.",
        epilog="gdstudio [FILE|LESSON] opens the window with a lesson or an experiment file.",
    )
    parser.add_argument("--version", action="version", version=f"gdstudio {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND")
    window = commands.add_parser("window", help="open the window (the default)")
    window.add_argument("target", nargs="?", metavar="FILE|LESSON", help="what to open")
    window.set_defaults(command=_window)
    run = commands.add_parser("run", help="train without a window")
    _add_experiment(run)
    run.add_argument("--device", metavar="D", help="cpu, cuda, cuda:1, mps, xpu")
    run.add_argument("--history", metavar="OUT.csv", help="write every step as CSV; - for standard output")
    run.add_argument("--json", action="store_true", help="print the result as one JSON object")
    run.set_defaults(command=_run)
    race = commands.add_parser(
        "race",
        help="run several optimizers from one start, without a window",
        description="Run the experiment's own optimizer and its [[race.entrant]]s, or all that there are "
        "where it names none, from one start on the same data. Each has as many gradient evaluations as the "
        "experiment has steps.",
    )
    _add_experiment(race)
    race.add_argument("--device", metavar="D", help="cpu, cuda, cuda:1, mps, xpu")
    race.add_argument(
        "--csv", metavar="OUT.csv", help="write every step of each as CSV; - for standard output"
    )
    race.add_argument(
        "--json",
        action="store_true",
        help="print one JSON object: experiment, device, dtype, budget, start_cost, winners, sentence, "
        "seconds, and entrants in the order of the standing, each with place, name, optimizer, "
        "learning_rate, schedule, finish_reason, steps, evaluations, cost and weights",
    )
    race.set_defaults(command=_race)
    sweep = commands.add_parser("sweep", help="run for many values of one setting, without a window")
    _add_experiment(sweep)
    sweep.add_argument("setting", metavar="SETTING", help="what differs, such as learning_rate or seed")
    sweep.add_argument("low", metavar="FROM", help="its smallest value")
    sweep.add_argument("high", metavar="TO", help="its largest value")
    sweep.add_argument("--points", metavar="N", help="how many values (200); a whole number takes every one")
    sweep.add_argument(
        "--scale", choices=("log", "linear"), help="how they are spaced; the setting's own way"
    )
    sweep.add_argument("--csv", metavar="OUT.csv", help="write a row a run as CSV; - for standard output")
    sweep.set_defaults(command=_sweep)
    export = commands.add_parser("export", help="write the experiment as plain PyTorch")
    _add_experiment(export)
    export.add_argument(
        "-o", "--output", required=True, metavar="OUT.py|OUT.ipynb", help="a script or a notebook"
    )
    export.add_argument(
        "--distributed", action="store_true", help="let torchrun split a script's rows among processes"
    )
    export.set_defaults(command=_export)
    commands.add_parser("lessons", help="list the lessons").set_defaults(command=_lessons)
    commands.add_parser("devices", help="list where a run can compute").set_defaults(command=_devices)
    return parser


def _add_experiment(command: argparse.ArgumentParser) -> None:
    command.add_argument("target", metavar="FILE|LESSON", help="an experiment file, or a lesson's id")
    command.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="assignments",
        help="change a setting; may be given several times",
    )  # fmt: skip


def _window(options: argparse.Namespace) -> int:
    from gdstudio.core.system import why_no_window
    from gdstudio.lessons.library import open_lesson

    lesson = open_lesson(options.target) if options.target else None
    problem = why_no_window()
    if problem is not None:
        raise InputError(problem)
    gc.disable()  # nothing of what is loaded is garbage; the training thread enables it when torch is there
    try:
        from gdstudio.app import run_app

        return run_app(lesson)
    except ImportError as error:
        message = f"the window cannot open: {error}; install gdstudio again, with its dependencies"
        raise InputError(message) from None
    finally:
        gc.enable()


def _run(options: argparse.Namespace) -> int:
    from gdstudio.core.headless import Outputs, run_headless
    from gdstudio.core.settings.assignments import assign
    from gdstudio.core.training.devices import find_device
    from gdstudio.lessons.library import open_lesson

    experiment = assign(open_lesson(options.target).experiment, _assignments(options))
    if options.json and options.history == "-":
        raise InputError("--history -: standard output is taken by --json; give --history a file name")
    find_device(experiment.run.device, experiment.run.dtype)  # before the history's file is emptied
    with ExitStack() as stack:
        outputs = Outputs.open(stack, options.history, as_json=options.json)
        return run_headless(experiment, outputs)


def _race(options: argparse.Namespace) -> int:
    from gdstudio.core.headless import open_csv, race_headless
    from gdstudio.core.settings.assignments import assign
    from gdstudio.core.training.devices import find_device
    from gdstudio.lessons.library import open_lesson

    experiment = assign(open_lesson(options.target).experiment, _assignments(options))
    if options.json and options.csv == "-":
        raise InputError("--csv -: standard output is taken by --json; give --csv a file name")
    find_device(experiment.run.device, experiment.run.dtype)  # before the file is emptied
    with ExitStack() as stack:
        file = open_csv(stack, options.csv, "--csv") if options.csv is not None else None
        return race_headless(experiment, file, as_json=options.json)


def _assignments(options: argparse.Namespace) -> list[str]:
    """Return what ``--set`` gives, and what ``--device`` does."""
    device = [f"run.device={json.dumps(options.device)}"] if options.device else []
    return [*options.assignments, *device]


def _sweep(options: argparse.Namespace) -> int:
    from gdstudio.core.headless import open_csv
    from gdstudio.core.settings.assignments import assign
    from gdstudio.core.sweep.report import summary, write_csv
    from gdstudio.core.sweep.sweep import Plan, run_sweep
    from gdstudio.core.sweep.values import spread, swept_setting
    from gdstudio.core.training.devices import find_device
    from gdstudio.core.training.threads import use_one_thread_for_small
    from gdstudio.lessons.library import open_lesson

    experiment: Experiment = assign(open_lesson(options.target).experiment, options.assignments)
    setting = swept_setting(experiment, options.setting)
    values = spread(setting, options.low, options.high, options.points, options.scale)
    plan = Plan.of(experiment, setting.path, values)  # with the device, checked before the file is emptied
    find_device(experiment.run.device, experiment.run.dtype)
    use_one_thread_for_small(experiment)
    with ExitStack() as stack:
        file = open_csv(stack, options.csv, "--csv") if options.csv is not None else None
        sweep = run_sweep(plan)
        if file is None:
            sys.stdout.write(summary(sweep))
        else:
            write_csv(sweep, file)
            print(sweep.exactness, file=sys.stderr)
    return 0


def _export(options: argparse.Namespace) -> int:
    from pathlib import Path

    from gdstudio.core.program.export import export
    from gdstudio.core.settings.assignments import assign
    from gdstudio.lessons.library import open_lesson

    path = Path(options.output)
    experiment = assign(open_lesson(options.target).experiment, options.assignments)
    needs = export(experiment, path, distributed=options.distributed)
    how = f"run it with python {path}" if path.suffix.lower() == ".py" else "open it in Jupyter"
    print(f"Wrote {path}: {how}; it needs {needs}.")
    return 0


def _lessons(_: argparse.Namespace) -> int:
    from gdstudio.lessons.library import lesson, lesson_ids

    width = max(len(name) for name in lesson_ids())
    for name in lesson_ids():
        print(f"{name:<{width}}  {lesson(name).title}")
    return 0


def _devices(_: argparse.Namespace) -> int:
    from gdstudio.core.training.devices import devices

    found = devices()
    width = max(len(device.name) for device in found)
    for device in found:
        state = (
            f"{device.title} ({', '.join(device.dtypes)})" if device.usable else f"not here: {device.problem}"
        )
        print(f"{device.name:<{width}}  {state}")
    return 0
