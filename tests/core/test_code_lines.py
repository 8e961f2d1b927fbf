"""The code that is shown, run as it stands against the studio's own trainer."""

from __future__ import annotations

import math
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters
from torch.utils.data import DataLoader, TensorDataset

from gdstudio.core.listing import PHASES
from gdstudio.core.program.code_lines import code_lines, executable
from gdstudio.core.seeds import generator
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson, lesson_ids

POINTS: dict[str, Any] = {"kind": "line", "x": [0.5, -1.25, 3.0, 2.2], "y": [1.0, 2.5, -0.3, 4.0]}
NETWORK: dict[str, Any] = {"kind": "linear_network", "n": 103, "n_test": 17, "noise": 0.3}
ALL_ROWS = {"learning_rate": 0.05, "max_steps": 40}
MINI = {"learning_rate": 0.03, "batch_size": 10, "max_epochs": 2}


def cases() -> dict[str, Experiment]:
    made = {name: lesson(name).experiment for name in lesson_ids()}
    settings: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "constant": ({**POINTS, "kind": "constant"}, ALL_ROWS),
        "origin drawn": ({**POINTS, "kind": "line_through_origin"}, {**ALL_ROWS, "seed": 5}),
        "z-score": ({**POINTS, "scaling": "z_score"}, ALL_ROWS),
        "tanh layers": ({"kind": "tanh_network", "n": 103, "hidden": [8, 3]}, {**MINI, "initial_std": 1.0}),
        "32 bit": (NETWORK, {**MINI, "dtype": "float32"}),
        "given": (NETWORK, {**MINI, "initial_weights": [0.1, -0.7, 1e-3]}),
        "many features": ({**NETWORK, "true_w": [i / 3 for i in range(23)]}, MINI),
        "not shuffled": (NETWORK, {**MINI, "shuffle": False}),
        "ends within an epoch": (NETWORK, {**MINI, "max_steps": 17}),
        "small gradient": (POINTS, {**ALL_ROWS, "max_steps": 4000, "gradient_tolerance": 1e-3}),
        "small change": (POINTS, {**ALL_ROWS, "max_steps": 4000, "cost_tolerance": 1e-6}),
        "stop rules of epochs": (
            NETWORK,
            {**MINI, "max_epochs": 60, "gradient_tolerance": 1e-5, "cost_tolerance": 1e-4},
        ),
        "momentum": (NETWORK, {**MINI, "optimizer": {"momentum": 0.9, "nesterov": True}}),
        "adagrad": (NETWORK, {**MINI, "optimizer": {"kind": "adagrad", "lr_decay": 0.1}}),
        "rmsprop": (POINTS, {**ALL_ROWS, "optimizer": {"kind": "rmsprop", "smoothing": 0.9}}),
        "adam": (NETWORK, {**MINI, "optimizer": {"kind": "adam", "beta1": 0.8, "amsgrad": True}}),
    }
    for mistake in ("gradient_l30", "gradient_l98", "no_zero_grad", "no_reshape"):
        settings[mistake] = (NETWORK, {**MINI, "learning_rate": 0.001, "mistake": mistake})
    settings["integer_truncation"] = (
        {**POINTS, "kind": "constant"},
        {**ALL_ROWS, "initial_weights": [2.75], "mistake": "integer_truncation"},
    )
    for cost in ("sum", "half_sum", "half_mean"):
        settings[cost] = ({**POINTS, "cost": cost}, {**ALL_ROWS, "learning_rate": 0.01})
    for name, (problem, run) in settings.items():
        made[name] = Experiment.parse({"problem": problem, "run": run})
    return made


CASES = cases()


def namespace(given: Experiment) -> dict[str, Any]:
    """Return what the shown text takes for granted."""
    problem, dtype = given.problem.build(given.run.seed), getattr(torch, given.run.dtype)
    y = torch.from_numpy(problem.train.y).to(dtype)
    loss = Trainer(given, problem)._cost

    def gradient_size(net: nn.Module, X: torch.Tensor, y: torch.Tensor) -> float:
        gradients = torch.autograd.grad(loss(net(X), y), list(net.parameters()))
        return math.sqrt(sum(float((g * g).sum()) for g in gradients))

    def cost_of(net: nn.Module, X: torch.Tensor, y: torch.Tensor) -> float:
        return float(loss(net(X), y).detach())

    return {
        "Constant": type(problem.module()),
        "DataLoader": DataLoader,
        "TensorDataset": TensorDataset,
        "X": torch.from_numpy(problem.train.X).to(dtype),
        "cost_of": cost_of,
        "gradient_size": gradient_size,
        "islice": islice,
        "math": math,
        "nn": nn,
        "order_stream": generator(given.run.seed, "order"),
        "torch": torch,
        "vector_to_parameters": vector_to_parameters,
        "weights_stream": generator(given.run.seed, "weights"),
        "y": y if given.run.mistake == "no_reshape" else y[:, None],
    }


@pytest.mark.filterwarnings("ignore:Using a target size:UserWarning")
@pytest.mark.parametrize("name", CASES)
def test_that_the_shown_code_gets_the_weights_of_the_run_to_the_last_digit(name: str) -> None:
    given = CASES[name]
    result = train(Trainer(given, given.problem.build(given.run.seed)), RunControl())
    names = namespace(given)
    try:
        exec(executable(code_lines(given)), names)
    finally:
        torch.set_default_dtype(torch.float32)
    weights = parameters_to_vector(names["net"].parameters()).detach().numpy().astype(np.float64)
    np.testing.assert_array_equal(weights, result.weights)
    assert result.step > 0


@pytest.mark.parametrize("name", CASES)
def test_that_the_lines_have_every_phase_once_in_its_order(name: str) -> None:
    lines = code_lines(CASES[name])
    assert [line.phase for line in lines if line.phase] == list(PHASES)
    assert len(lines) <= 19


def test_that_lines_say_the_numbers_of_the_experiment() -> None:
    text = executable(code_lines(lesson("pytorch-loop").experiment.edited({"run.learning_rate": 0.07})))
    assert "optimizer = torch.optim.SGD(net.parameters(), lr=0.07)" in text
    assert "DataLoader(rows, 10, sampler=order)" in text
    assert "for epoch in range(3):" in text


def test_that_a_line_left_out_is_shown_but_not_run() -> None:
    lines = code_lines(CASES["no_zero_grad"])
    assert [line.text.strip() for line in lines if line.is_left_out] == ["optimizer.zero_grad()"]
    assert "zero_grad" not in executable(lines)
