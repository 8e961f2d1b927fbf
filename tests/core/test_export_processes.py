"""Exported scripts under torchrun: two processes with a share of the rows each find the same weights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from gdstudio.core.problems.traits import Trait
from gdstudio.core.program import program_of, script
from gdstudio.core.settings.experiment import Experiment
from gdstudio.lessons.library import lesson, lesson_ids

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gdstudio.core.training.rows import Rows
    from gdstudio.core.training.trainer import Trainer

    Train = Callable[..., tuple[Trainer, Rows]]

# torchrun alone takes seconds to start; its scripts share two processes, and so one of pytest's.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("torchrun")]

NETWORK: dict[str, Any] = {"kind": "linear_network", "n": 103, "n_test": 1, "noise": 0.3}
ALL_ROWS = {"learning_rate": 0.002, "max_steps": 40}
MINI = {"learning_rate": 0.002, "batch_size": 10, "max_epochs": 2}

MOST_STEPS = 200
"""Of a lesson: two processes agree on each step over a socket, which takes most of the time."""

DRIVER = """
import contextlib, io, json, pathlib, sys
import torch
from torch import distributed
distributed.init_process_group("gloo")  # once for all scripts
distributed.init_process_group = lambda backend: None
results, distributed.destroy_process_group = {}, lambda: None
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    torch.set_default_dtype(torch.float32)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(path.read_text(encoding="utf-8"), path.name, "exec"), {"__name__": "__main__"})
    results[path.stem] = out.getvalue()
if distributed.get_rank() != 0:
    assert not any(results.values()), "another process than the first printed something"
else:
    pathlib.Path(sys.argv[2]).write_text(json.dumps(results), encoding="utf-8")
"""


def experiment(problem: dict[str, Any], run: dict[str, Any]) -> Experiment:
    return Experiment.parse({"problem": {**NETWORK, **problem}, "run": run})


def cases() -> dict[str, Experiment]:
    """Every lesson with rows to share, uneven shares and none at all, each cost, each mistake, each end."""
    given = {name: lesson(name).experiment for name in lesson_ids()}
    shared = {name: its for name, its in given.items() if Trait.ROWS in its.problem.build(0).traits}
    made = {name: its.edited({"run.max_steps": MOST_STEPS}) for name, its in shared.items()}
    for cost in ("mean", "half_sum", "sum", "half_mean"):
        made[f"{cost} all rows"] = experiment({"cost": cost}, ALL_ROWS)
        made[f"{cost} in batches"] = experiment({"cost": cost}, {**MINI, "batch_size": 7})
        for mistake in ("gradient_l30", "gradient_l98", "no_zero_grad", "no_reshape"):
            made[f"{cost} {mistake}"] = experiment({"cost": cost}, {**MINI, "mistake": mistake})
    made["one row of two processes"] = experiment({}, {**MINI, "batch_size": 1, "max_epochs": 1})
    ends = {**ALL_ROWS, "learning_rate": 0.1, "max_steps": 900}
    made["small gradient"] = experiment({}, {**ends, "gradient_tolerance": 1e-3})
    made["small change"] = experiment({}, {**ends, "batch_size": 10, "cost_tolerance": 1e-2})
    made["diverges"] = experiment({}, {**ends, "learning_rate": 3.0})
    made["adam"] = experiment({}, {**ALL_ROWS, "optimizer": "adam"})
    return made


CASES = cases()
_GLOO_ABORTS = "terminate called without an active exception"
_TRIES = 3


def torchrun(*arguments: str, cwd: Path) -> str:
    """Run two processes on this machine alone; return what they printed.

    Gloo now and then aborts a process that takes down one of many groups; that, and nothing else, is tried
    again.
    """
    for _ in range(_TRIES - 1):
        try:
            return _torchrun(*arguments, cwd=cwd)
        except AssertionError as error:
            if _GLOO_ABORTS not in str(error):
                raise
    return _torchrun(*arguments, cwd=cwd)


def _torchrun(*arguments: str, cwd: Path) -> str:
    settings = {"GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1", "TMPDIR": str(cwd)}
    environment = {**os.environ, **settings}
    rendezvous = ["--nnodes=1", "--nproc-per-node=2", "--rdzv-backend=c10d", "--rdzv-endpoint=127.0.0.1:0"]
    command = [sys.executable, "-m", "torch.distributed.run", *rendezvous, *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=cwd, env=environment, stdout=pipe, stderr=pipe, text=True) as running:
        try:
            out, err = running.communicate(timeout=100)
        except subprocess.TimeoutExpired:
            running.terminate()  # which torchrun passes on to its processes
            raise
    assert running.returncode == 0, err
    return out


def weights(text: str) -> list[float]:
    pairs = [line.split(" = ") for line in text.splitlines() if " = " in line]
    return [float(value) for name, value in pairs if "cost" not in name and "error" not in name]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run each script in the same two processes; return what the first printed, by the name of the case."""
    folder = tmp_path_factory.mktemp("processes")
    scripts = folder / "scripts"
    scripts.mkdir()
    for name, case in CASES.items():
        (scripts / f"{name}.py").write_text(script(program_of(case, distributed=True)), encoding="utf-8")
    (folder / "driver.py").write_text(DRIVER, encoding="utf-8")
    torchrun("driver.py", str(scripts), "results.json", cwd=folder)
    results: dict[str, str] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return results


@pytest.mark.parametrize("name", CASES)
def test_that_two_processes_find_the_weights_of_one(name: str, outputs: dict[str, str], train: Train) -> None:
    printed = outputs[name]
    trainer, _ = train(CASES[name])
    assert weights(printed) == pytest.approx(trainer.weights.tolist(), rel=1e-9, abs=1e-9)
    assert trainer.finish is not None
    assert trainer.finish.sentence.split()[0].rstrip(":") in printed


def test_that_only_the_first_process_prints(tmp_path: Path, train: Train) -> None:
    given = lesson("two-parameters").experiment
    (tmp_path / "train.py").write_text(script(program_of(given, distributed=True)), encoding="utf-8")
    printed = torchrun("train.py", cwd=tmp_path)
    assert printed.count("Completed") == 1
    assert weights(printed) == pytest.approx(train(given)[0].weights.tolist(), rel=1e-9, abs=1e-9)
