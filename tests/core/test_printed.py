"""What the console prints of a run, against what the exported script prints when Python runs it."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from gdstudio.core.program import program_of, script
from gdstudio.core.program.printed import PrintedEnd, printed_at_end, printed_at_start, printed_of_epochs
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.history import History
from gdstudio.core.training.initial import initial_weights
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.threads import use_one_thread_for_small
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson, lesson_ids

if TYPE_CHECKING:
    from gdstudio.core.program.printed import PrintedLine

POINTS: dict[str, Any] = {"kind": "line", "x": [0.5, -1.25, 3.0, 2.2, 0.1], "y": [1.0, 2.5, -0.3, 4.0, 7.7]}
NETWORK: dict[str, Any] = {"kind": "linear_network", "n": 103, "n_test": 17, "noise": 0.3}
ALL_ROWS = {"learning_rate": 0.05, "max_steps": 40}
MINI = {"learning_rate": 0.03, "batch_size": 10, "max_epochs": 2}


def cases() -> dict[str, Experiment]:
    made = {name: lesson(name).experiment for name in lesson_ids()}
    settings: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "network 32": (NETWORK, {**MINI, "dtype": "float32"}),
        "given": (NETWORK, {**MINI, "initial_weights": [0.1, -0.7, 1e-3]}),
        "many features": ({**NETWORK, "true_w": [i / 3 for i in range(23)]}, MINI),
        "one step": (POINTS, {**ALL_ROWS, "max_steps": 1}),
        "tanh layers": ({"kind": "tanh_network", "n": 103, "n_test": 17}, {**MINI, "initial_std": 1.0}),
        "small gradient": (POINTS, {**ALL_ROWS, "max_steps": 4000, "gradient_tolerance": 1e-3}),
        "small change": (POINTS, {**ALL_ROWS, "max_steps": 4000, "cost_tolerance": 1e-6}),
        "tiny rate": (POINTS, {**ALL_ROWS, "learning_rate": 1e-9, "cost_tolerance": 1e-6}),
        "both rules": (
            NETWORK,
            {**MINI, "max_epochs": 60, "gradient_tolerance": 1e-5, "cost_tolerance": 1e-4},
        ),
        "begins beyond": (POINTS, {**ALL_ROWS, "initial_weights": [1e200, 0.0]}),
        "diverges": (POINTS, {"learning_rate": 5.0, "max_steps": 3000}),
        "no_zero_grad": (NETWORK, {**MINI, "mistake": "no_zero_grad"}),
    }
    for name, (problem, run) in settings.items():
        made[name] = Experiment.parse({"problem": problem, "run": run})
    return made


CASES = cases()


def printed(given: Experiment) -> list[PrintedLine]:
    """Train in the studio; return what its console prints."""
    use_one_thread_for_small(given)
    problem = given.build_problem()
    history, trainer = History(len(problem.weight_names)), Trainer(given, problem)
    result = train(trainer, RunControl(), history)
    table = history.snapshot().epoch_table
    end = PrintedEnd(result.sentence, result.step, result.weights, result.cost)
    return [
        *printed_at_start(given, initial_weights(given, problem)),
        *printed_of_epochs(given, table),
        *printed_at_end(given, end, table, problem.true_weights),
    ]


def by_python(given: Experiment) -> list[str]:
    """Execute the exported script; return the lines that it prints."""
    out, text = io.StringIO(), script(program_of(given))
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(text, "train.py", "exec"), {"__name__": "__main__"})
    finally:
        torch.set_default_dtype(torch.float32)
    return out.getvalue().splitlines()


@pytest.mark.filterwarnings("ignore:Using a target size:UserWarning")
@pytest.mark.parametrize("name", CASES)
def test_that_the_console_prints_what_the_script_prints(name: str) -> None:
    assert [line.text for line in printed(CASES[name])] == by_python(CASES[name])


def test_that_the_network_prints_the_lines_of_the_notebook() -> None:
    lines = [line.text for line in printed(lesson("pytorch-loop").experiment)]
    assert lines[0] == "Parameter containing:"
    assert lines[1].startswith("tensor([[")
    assert "requires_grad=True" in lines[1]
    assert [line.split(",")[0] for line in lines if line.startswith("epoch")] == [
        f"epoch {i}" for i in (1, 2, 3)
    ]
    assert "epoch 3, loss 0.000101" in lines
    assert "error in estimating w: tensor([" in "\n".join(lines)


def test_that_every_line_with_a_number_says_what_it_would_give_away() -> None:
    for line in printed(lesson("pytorch-loop").experiment):
        assert line.tells


def test_that_a_test_cost_of_an_earlier_step_is_not_printed_as_the_last() -> None:
    given = Experiment.parse({"problem": NETWORK, "run": {**MINI, "max_steps": 17}})
    table = np.array([[1.0, 11.0, 0.5, 0.25]])
    end = PrintedEnd("Completed: 17 steps, as set.", 17, np.zeros(3), 0.1)
    texts = [line.text for line in printed_at_end(given, end, table, None)]
    assert not [text for text in texts if "test" in text]
