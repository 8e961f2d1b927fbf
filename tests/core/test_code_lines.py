"""The code that is shown: lines of the script, run as they stand against the studio's own trainer."""

from __future__ import annotations

import contextlib
import io
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters
from torch.utils.data import DataLoader, TensorDataset

from gdstudio.core.listing import PHASES
from gdstudio.core.program import program_of, script, strip
from gdstudio.core.program.layout import written
from gdstudio.core.seeds import generator
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.loop import train
from gdstudio.core.training.rate_schedule import RateSchedule
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson, lesson_ids

if TYPE_CHECKING:
    from gdstudio.core.listing import CodeLine

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
RATES = ((0, 0.02), (7, 0.01), (13, 0.002), (10**6, 0.5))


def lines_of(given: Experiment) -> tuple[CodeLine, ...]:
    return strip(program_of(given))


def executable(lines: tuple[CodeLine, ...]) -> str:
    return "\n".join(map(written, lines)) + "\n"


def namespace(given: Experiment) -> dict[str, Any]:
    """Return what the shown text takes for granted."""
    problem, dtype = given.build_problem(), getattr(torch, given.run.dtype)
    y = torch.from_numpy(problem.rows.y).to(dtype)
    names: dict[str, Any] = {}

    def gradient_size(X: torch.Tensor, y: torch.Tensor) -> float:
        cost = problem.loss()(names["net"](X), y.reshape(-1, 1))
        gradients = torch.autograd.grad(cost, list(names["net"].parameters()))
        return math.sqrt(sum(float((g * g).sum()) for g in gradients))

    def cost_of(X: torch.Tensor, y: torch.Tensor) -> float:
        return float(problem.loss()(names["net"](X), y.reshape(-1, 1)).detach())

    class Constant(nn.Module):
        def __init__(self, c: float) -> None:
            super().__init__()
            self.c = nn.Parameter(torch.tensor([c]))

        def forward(self, X: torch.Tensor) -> torch.Tensor:
            return self.c.expand(len(X), 1)

    names |= {
        "Constant": Constant,
        "DataLoader": DataLoader,
        "TensorDataset": TensorDataset,
        "X": torch.from_numpy(problem.rows.X).to(dtype),
        "cost_of": cost_of,
        "gradient_size": gradient_size,
        "math": math,
        "nn": nn,
        "order_stream": generator(given.run.seed, "order"),
        "parameters_to_vector": parameters_to_vector,
        "torch": torch,
        "true_b": getattr(given.problem, "true_b", None),
        "true_w": torch.tensor(getattr(given.problem, "true_w", ()), dtype=torch.float64),
        "vector_to_parameters": vector_to_parameters,
        "weights_stream": generator(given.run.seed, "weights"),
        "y": y if given.run.mistake == "no_reshape" else y[:, None],
    }
    return names


def weights_of(lines: tuple[CodeLine, ...], names: dict[str, Any]) -> list[float]:
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(executable(lines), names)
    finally:
        torch.set_default_dtype(torch.float32)
    found = names["net"].parameters() if "net" in names else [names["w"]]  # a surface has no network
    weights: list[float] = parameters_to_vector(found).tolist()
    return weights


@pytest.mark.filterwarnings("ignore:Using a target size:UserWarning")
@pytest.mark.parametrize("name", CASES)
def test_that_the_shown_code_gets_the_weights_of_the_run_to_the_last_digit(name: str) -> None:
    given = CASES[name]
    result = train(Trainer(given, given.build_problem()), RunControl())
    np.testing.assert_array_equal(weights_of(lines_of(given), namespace(given)), result.weights)
    assert result.step > 0


@pytest.mark.parametrize("name", ["z-score", "momentum"])
def test_that_rates_changed_on_the_way_are_shown(name: str) -> None:
    given = CASES[name]
    result = train(Trainer(given, given.build_problem()), RunControl(), schedule=RateSchedule(RATES))
    lines = strip(program_of(given, RATES))
    np.testing.assert_array_equal(weights_of(lines, namespace(given)), result.weights)
    text = executable(lines)
    assert "lr=0.02" in text
    assert "learning_rates = {7: 0.01, 13: 0.002}" in text


@pytest.mark.parametrize("rates", [(), RATES], ids=["plain", "rates"])
@pytest.mark.parametrize("name", CASES)
def test_that_the_shown_lines_are_lines_of_the_script_in_its_order(
    name: str, rates: tuple[tuple[int, float], ...]
) -> None:
    program = program_of(CASES[name], rates)
    whole = script(program).splitlines()
    at = 0
    for line in strip(program):
        assert written(line) in whole[at:]
        at = whole.index(written(line), at) + 1


@pytest.mark.parametrize("name", CASES)
def test_that_the_lines_have_every_phase_once_in_its_order(name: str) -> None:
    given = CASES[name]
    has_rows = len(given.build_problem().rows) > 0  # without them what is predicted is the cost itself
    expected = [phase for phase in PHASES if has_rows or phase != "loss"]
    assert [line.phase for line in lines_of(given) if line.phase] == expected


@pytest.mark.parametrize("name", lesson_ids())
def test_that_a_lesson_shows_few_lines(name: str) -> None:
    assert len(lines_of(CASES[name])) <= 23


def test_that_what_only_a_script_needs_is_not_shown() -> None:
    text = executable(lines_of(CASES["stop rules of epochs"]))
    hidden = ("import", "seed", "is_finite", "before", "def cost_of", "X_test", "Completed")
    assert not [word for word in hidden if word in text]


def test_that_lines_say_the_numbers_of_the_experiment() -> None:
    text = executable(lines_of(lesson("pytorch-loop").experiment.edited({"run.learning_rate": 0.07})))
    assert "optimizer = torch.optim.SGD(net.parameters(), lr=0.07)" in text
    assert "DataLoader(dataset, batch_size=10, sampler=order):  # as shuffle=True, in this order" in text
    assert "for epoch in range(1, 4):" in text
    assert "net = nn.Sequential(nn.Linear(2, 1))  # X (1000, 2), y (1000, 1)\n" in text
    assert "net[0].weight.copy_(0.01 * torch.randn(1, 2, generator=weights_stream))" in text
    assert "# N(0, std): 0.01 is a standard deviation\n" in text
    assert "varianc" not in text


def test_that_the_network_prints_what_the_notebook_prints() -> None:
    text = executable(lines_of(lesson("pytorch-loop").experiment))
    assert "print(net[0].weight, net[0].bias)  # requires_grad=True" in text
    assert "cost = cost_of(X, y)  # over all rows, under torch.no_grad()" in text
    assert 'print(f"epoch {epoch}, loss {cost:f}")' in text
    assert 'print("error in estimating w:", true_w - net[0].weight.data.reshape(true_w.shape))' in text
    assert 'print("error in estimating b:", true_b - net[0].bias.data)' in text


def test_that_labels_that_are_not_reshaped_are_told_beside_the_model() -> None:
    text = executable(lines_of(CASES["no_reshape"]))
    assert "X (103, 2), y (103,), not reshaped to (103, 1)\n" in text


def test_that_a_line_left_out_is_shown_but_not_run() -> None:
    lines = lines_of(CASES["no_zero_grad"])
    assert [line.text.strip() for line in lines if line.is_left_out] == ["optimizer.zero_grad()"]
    assert "            # optimizer.zero_grad()  # the mistake: left out" in executable(lines)
