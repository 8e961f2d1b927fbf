"""Exported scripts and notebooks, run by Python without gdstudio, against the studio's own trainer."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import torch

from gdstudio.core.problems.mistakes import MISTAKES
from gdstudio.core.program import notebook, program_of, script
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.loop import train
from gdstudio.core.training.rate_schedule import RateSchedule
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.threads import use_one_thread_for_small
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson, lesson_ids

if TYPE_CHECKING:
    from pathlib import Path


Changes = tuple[tuple[int, float], ...]

X, Y = [0.5, -1.25, 3.0, 2.2, 0.1], [1.0, 2.5, -0.3, 4.0, 7.7]
POINTS: dict[str, Any] = {"kind": "line", "x": X, "y": Y}
NETWORK: dict[str, Any] = {"kind": "linear_network", "n": 103, "n_test": 17, "noise": 0.3}
TANH: dict[str, Any] = {"kind": "tanh_network", "n": 103, "n_test": 17}
ALL_ROWS = {"learning_rate": 0.05, "max_steps": 40}
MINI = {"learning_rate": 0.03, "batch_size": 10, "max_epochs": 2}
HUGE = {"learning_rate": 5.0, "max_steps": 3000}

RUNNER = """
import contextlib, io, json, pathlib, sys
import torch
results = {}
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    torch.set_default_dtype(torch.float32)
    if path.suffix == ".ipynb":
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        parts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    else:
        parts = [path.read_text(encoding="utf-8")]
    names, out = {"__name__": "__main__"}, io.StringIO()
    with contextlib.redirect_stdout(out):
        for part in parts:
            exec(compile(part, path.name, "exec"), names)
    results[path.name] = out.getvalue()
assert not any(name.startswith("gdstudio") for name in sys.modules)
print(json.dumps(results))
"""


def experiment(problem: dict[str, Any], run: dict[str, Any]) -> Experiment:
    return Experiment.parse({"problem": problem, "run": run})


def cases() -> dict[str, tuple[Experiment, Changes]]:
    """Every lesson, and every choice that changes the text."""
    made: dict[str, tuple[Experiment, Changes]] = {
        name: (lesson(name).experiment, ()) for name in lesson_ids()
    }
    settings: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "constant": ({**POINTS, "kind": "constant"}, ALL_ROWS),
        "constant given": ({**POINTS, "kind": "constant"}, {**ALL_ROWS, "initial_weights": [0.3]}),
        "origin drawn": ({**POINTS, "kind": "line_through_origin"}, {**ALL_ROWS, "seed": 5}),
        "centred": ({**POINTS, "scaling": "centred"}, ALL_ROWS),
        "z-score": ({**POINTS, "scaling": "z_score"}, ALL_ROWS),
        "z-score 32": ({**POINTS, "scaling": "z_score"}, {**ALL_ROWS, "dtype": "float32"}),
        "many points": ({"kind": "line", "x": [i / 7 for i in range(99)], "y": [1.1] * 99}, MINI),
        "network all rows": (NETWORK, ALL_ROWS),
        "network given": (NETWORK, {**MINI, "initial_weights": [0.1, -0.7, 1e-3]}),
        "no test rows": ({**NETWORK, "n_test": 0}, MINI),
        "not shuffled": (NETWORK, {**MINI, "shuffle": False}),
        "single rows": (NETWORK, {**MINI, "batch_size": 1, "max_epochs": 1}),
        "ends within an epoch": (NETWORK, {**MINI, "max_steps": 17}),
        "scaled feature": ({**NETWORK, "feature_scale": 3.7}, {**MINI, "learning_rate": 0.003}),
        "correlated features": ({**NETWORK, "feature_scale": 0.3, "correlation": -0.85}, ALL_ROWS),
        "correlated features 32": ({**NETWORK, "correlation": 0.6}, {**MINI, "dtype": "float32"}),
        "many features": ({**NETWORK, "true_w": [i / 3 for i in range(23)]}, {**MINI, "seed": 2**31 - 1}),
        "many features 32": (
            {**NETWORK, "true_w": [0.1] * 13},
            {**MINI, "batch_size": 33, "dtype": "float32"},
        ),
        "tanh layers": (TANH, {**MINI, "initial_std": 1.0}),
        "tanh layers 32": (TANH, {**ALL_ROWS, "initial_std": 0.7, "dtype": "float32", "seed": 3}),
        "tanh layers given": (
            {**TANH, "hidden": [2]},
            {**MINI, "initial_weights": [0.1 * i for i in range(9)]},
        ),
        "large batch": ({**NETWORK, "n": 60_000, "n_test": 0}, {**ALL_ROWS, "max_steps": 3}),
        "gradient tolerance": (POINTS, {**ALL_ROWS, "max_steps": 4000, "gradient_tolerance": 1e-3}),
        "cost tolerance": (POINTS, {**ALL_ROWS, "max_steps": 4000, "cost_tolerance": 1e-6}),
        "tiny rate": (POINTS, {**ALL_ROWS, "learning_rate": 1e-9, "cost_tolerance": 1e-6}),
        "both tolerances": (
            NETWORK,
            {**ALL_ROWS, "max_steps": 4000, "gradient_tolerance": 1e-6, "cost_tolerance": 1e-9},
        ),
        "tolerances of epochs": (
            NETWORK,
            {**MINI, "max_epochs": 60, "gradient_tolerance": 1e-5, "cost_tolerance": 1e-4},
        ),
        "small gradient at the start": (
            POINTS,
            {**ALL_ROWS, "initial_weights": [0.0, 0.0], "gradient_tolerance": 1e3},
        ),
        "diverges": (POINTS, HUGE),
        "diverges 32": (NETWORK, {**HUGE, "dtype": "float32"}),
        "diverges in batches": (NETWORK, {**HUGE, "batch_size": 10}),
        "diverges in batches 32": (NETWORK, {**HUGE, "batch_size": 7, "dtype": "float32"}),
        "diverges with momentum": (POINTS, {**HUGE, "optimizer": {"momentum": 0.9}}),
        "begins beyond": (POINTS, {**ALL_ROWS, "initial_weights": [1e200, 0.0]}),
        "function begins beyond": ({"kind": "himmelblau"}, {"max_steps": 9, "initial_weights": [1e160, 0.0]}),
        "momentum": (NETWORK, {**MINI, "optimizer": {"momentum": 0.9}}),
        "nesterov": (POINTS, {**ALL_ROWS, "optimizer": {"momentum": 0.7, "nesterov": True}}),
        "adagrad": (
            NETWORK,
            {**MINI, "optimizer": {"kind": "adagrad", "lr_decay": 0.1, "initial_accumulator": 0.2}},
        ),
        "rmsprop": (
            NETWORK,
            {**MINI, "optimizer": {"kind": "rmsprop", "smoothing": 0.9, "momentum": 0.1, "centered": True}},
        ),
        "adam": (POINTS, {**ALL_ROWS, "optimizer": {"kind": "adam", "beta1": 0.8, "amsgrad": True}}),
        "adam 32": (NETWORK, {**MINI, "optimizer": "adam", "dtype": "float32"}),
    }
    settings |= small_networks()
    for cost in ("mean", "half_sum", "sum", "half_mean"):
        for dtype in ("float64", "float32"):
            settings[f"{cost} {dtype}"] = (
                {**NETWORK, "cost": cost},
                {**MINI, "learning_rate": 0.005, "dtype": dtype},
            )
            settings[f"{cost} {dtype} all rows"] = (
                {**POINTS, "cost": cost},
                {**ALL_ROWS, "learning_rate": 0.005, "dtype": dtype},
            )
    for run in (ALL_ROWS, {**MINI, "batch_size": 2, "gradient_tolerance": 1e-9}):
        settings[f"integer_truncation {len(run)}"] = (
            {**POINTS, "kind": "constant"},
            {**run, "initial_weights": [2.75], "mistake": "integer_truncation"},
        )
    for mistake in sorted(set(MISTAKES) - {"integer_truncation"}):  # which only a constant can make
        for cost in ("mean", "half_sum"):
            for run in (ALL_ROWS, {**MINI, "gradient_tolerance": 1e-9}):
                settings[f"{mistake} {cost} {len(run)}"] = (
                    {**NETWORK, "cost": cost},
                    {**run, "learning_rate": 0.001, "mistake": mistake},
                )
    searched = {"kind": "lbfgs", "iterations": 2}
    settings |= {
        "L-BFGS": (POINTS, {**ALL_ROWS, "max_steps": 9, "optimizer": "lbfgs", "learning_rate": 1.0}),
        "L-BFGS of layers": (TANH, {**ALL_ROWS, "max_steps": 20, "optimizer": searched, "initial_std": 1.0}),
        "L-BFGS stops": (NETWORK, {**ALL_ROWS, "optimizer": searched, "gradient_tolerance": 1e-3}),
        "L-BFGS changes little": (NETWORK, {**ALL_ROWS, "optimizer": searched, "cost_tolerance": 1e-6}),
        "L-BFGS of a function": (
            {"kind": "rosenbrock"},
            {"optimizer": "lbfgs", "learning_rate": 1.0, "max_steps": 50, "initial_weights": [-1.5, 2.0]},
        ),
        "Muon": ({**POINTS, "kind": "line_through_origin"}, {**ALL_ROWS, "optimizer": "muon"}),
    }
    schedules: dict[str, dict[str, Any]] = {
        "step": {"period": 7},
        "exponential": {},
        "cosine": {},
        "one_over_t": {"decay": 0.3},
        "warm_up": {"length": 5},
        "one_cycle": {},
    }
    for kind, table in schedules.items():
        schedule = {"kind": kind, **table}
        settings[f"{kind} schedule"] = (POINTS, {**ALL_ROWS, "schedule": schedule, "optimizer": "adam"})
        two_epochs: dict[str, Any] = {"warm_up": {"length": 2}, "one_cycle": {"rise": 0.9}}
        by_epoch = {**schedule, "every": "epoch", **two_epochs.get(kind, {})}
        settings[f"{kind} schedule of epochs"] = (NETWORK, {**MINI, "schedule": by_epoch})
        settings[f"{kind} schedule of batches"] = (
            NETWORK,
            {**MINI, "schedule": schedule, "max_steps": 17, "optimizer": {"momentum": 0.5}},
        )
    settings["schedule of L-BFGS"] = (POINTS, {**ALL_ROWS, "schedule": "cosine", "optimizer": "lbfgs"})
    settings["schedule stops"] = (POINTS, {**ALL_ROWS, "schedule": "step", "gradient_tolerance": 0.5})
    settings["schedule diverges"] = (POINTS, {**HUGE, "schedule": {"kind": "warm_up", "length": 900}})
    made |= {name: (experiment(*given), ()) for name, given in settings.items()}
    rates = ((0, 0.02), (7, 0.04), (7, 0.01), (13, 0.002), (10**6, 0.5))
    made["rates"] = (experiment(POINTS, ALL_ROWS), rates)
    for kind, table in schedules.items():
        scheduled: dict[str, Any] = {**ALL_ROWS, "schedule": {"kind": kind, **table}}
        made[f"rates of {kind}"] = (experiment(POINTS, scheduled), rates)
    made["rates of epochs"] = (
        experiment(NETWORK, {**MINI, "schedule": {"kind": "exponential", "every": "epoch"}}),
        rates,
    )
    made["rates of batches"] = (experiment(NETWORK, {**MINI, "optimizer": "adagrad"}), rates)
    return made


def small_networks() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Each data set, activation, input and loss of the small networks, and weight decay."""
    yes_or_no = {"kind": "small_network", "n": 53, "n_test": 17}
    classes = {"kind": "small_network_classes", "n": 53, "n_test": 17}
    numbers = {"kind": "small_network_numbers", "n": 53, "n_test": 0}
    run = {**MINI, "initial_std": 1.0}
    decays = {"optimizer": {"weight_decay": 0.02}}
    return {
        "circles": (yes_or_no, run),
        "circles of all rows 32": (yes_or_no, {**ALL_ROWS, **decays, "initial_std": 1.0, "dtype": "float32"}),
        "xor relu": ({**yes_or_no, "data_set": "xor", "activation": "relu"}, run),
        "moons sigmoid": ({**yes_or_no, "data_set": "moons", "activation": "sigmoid", "hidden": [3]}, run),
        "spirals linear": ({**yes_or_no, "data_set": "spirals", "activation": "linear"}, run),
        "no hidden units": ({**yes_or_no, "data_set": "clouds", "hidden": []}, run),
        "all inputs": ({**yes_or_no, "inputs": "all"}, {**run, **decays}),
        "squares alone, linear 32": (
            {**yes_or_no, "inputs": "squares", "activation": "linear"},
            {**run, "dtype": "float32"},
        ),
        "squared error of p": ({**yes_or_no, "cost": "squared_error"}, {**run, "seed": 3}),
        "arms": (classes, run),
        "clouds of four 32": ({**classes, "data_set": "clouds", "classes": 4}, {**run, "dtype": "float32"}),
        "waves": (numbers, {**run, "optimizer": {"weight_decay": 0.02, "momentum": 0.5}}),
        "plane": (
            {**numbers, "data_set": "plane"},
            {**run, "optimizer": {"kind": "adam", "weight_decay": 0.1}},
        ),
    }


CASES = cases()
DISTRIBUTED = [
    "pytorch-loop",
    "network all rows",
    "tolerances of epochs",
    "both tolerances",
    "L-BFGS stops",
    "cosine schedule of batches",
    "half_sum float32",
    "integer_truncation 2",
    "arms",
    *(name for name in CASES if name.split()[0] in MISTAKES and " mean " in name),
]
"""Cases that are also written for several processes, and run as one."""


def expected(given: Experiment, rates: Changes) -> dict[str, str]:
    """Train in the studio; return what the text should print: its end, its cost, its weights and errors."""
    use_one_thread_for_small(given)  # as every run of the studio begins
    trainer = Trainer(given, given.build_problem())
    result = train(trainer, RunControl(), schedule=RateSchedule(rates))
    torch.set_num_threads(1)
    names = trainer.problem.weight_names
    values = dict(zip(names, result.weights.tolist(), strict=True))
    if trainer.problem.true_weights is not None:
        errors = trainer.problem.true_weights - result.weights
        values |= {f"error of {name}": e for name, e in zip(names, errors.tolist(), strict=True)}
    how = result.sentence.split()[0].rstrip(":")  # Completed, Stopped, Converged or Diverged
    step = result.step + (how == "Diverged" and result.sentence.find("step 0:") < 0)
    digits = {name: repr(value) for name, value in {**values, "cost": result.cost}.items()}
    return {**digits, "end": f"{how} {step}"}


def printed(text: str) -> dict[str, str]:
    """Read what a script printed; its test cost, which the studio's result has not, is left out."""
    values: dict[str, str] = {}
    for line in text.splitlines():
        if " = " in line and not line.startswith("test cost"):
            name, value = line.split(" = ")
            values[name] = value
    end = re.search(r"^(Completed: |(?:Converged|Stopped|Diverged) at step )([\d,]+)", text, re.MULTILINE)
    assert end
    values["end"] = f"{end[1].split()[0].rstrip(':')} {end[2].replace(',', '')}"
    return values


def isolated(*arguments: str, cwd: Path) -> str:
    """Run Python where gdstudio cannot be imported by its path; return what it printed."""
    ended = subprocess.run(
        [sys.executable, "-I", *arguments], cwd=cwd, capture_output=True, text=True, timeout=100, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run every script and notebook in one process; what each printed, by the name of its file."""
    files = tmp_path_factory.mktemp("exported")
    for name, (given, rates) in CASES.items():
        program = program_of(given, rates)
        (files / f"{name}.py").write_text(script(program), encoding="utf-8")
        (files / f"{name}.ipynb").write_text(notebook(program), encoding="utf-8")
        if name in DISTRIBUTED:
            text = script(program_of(given, rates, distributed=True))
            (files / f"distributed {name}.py").write_text(text, encoding="utf-8")
    results: dict[str, str] = json.loads(isolated("-c", RUNNER, str(files), cwd=files))
    return results


@pytest.mark.parametrize("name", CASES)
def test_that_text_and_studio_agree_to_the_last_digit(name: str, outputs: dict[str, str]) -> None:
    given = expected(*CASES[name])
    assert printed(outputs[f"{name}.py"]) == given
    assert printed(outputs[f"{name}.ipynb"]) == given


@pytest.mark.parametrize("name", DISTRIBUTED)
def test_that_a_script_for_several_processes_prints_the_same_alone(
    name: str, outputs: dict[str, str]
) -> None:
    assert outputs[f"distributed {name}.py"] == outputs[f"{name}.py"]


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("ends within an epoch", "Completed 17"),
        ("small gradient at the start", "Converged 0"),
        ("begins beyond", "Diverged 0"),
        ("function begins beyond", "Diverged 0"),
        ("both tolerances", "Converged 120"),
        ("tiny rate", "Stopped 1"),
        ("tolerances of epochs", "Converged 110"),
        ("diverges in batches", "Diverged 164"),
    ],
)
def test_that_an_end_is_said_at_its_step(name: str, end: str, outputs: dict[str, str]) -> None:
    assert printed(outputs[f"{name}.py"])["end"] == end


def test_that_a_script_alone_in_a_fresh_process_prints_the_weights(tmp_path: Path) -> None:
    given = lesson("pytorch-loop").experiment
    (tmp_path / "train.py").write_text(script(program_of(given)), encoding="utf-8")
    assert printed(isolated("train.py", cwd=tmp_path)) == expected(given, ())
