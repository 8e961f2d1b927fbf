"""The sections of the text in their order: set-up, data, model, cost and optimizer, training, weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.program.data import data, model, stream
from gdstudio.core.program.plan import Section, listed
from gdstudio.core.program.processes import processes
from gdstudio.core.program.rules import rules
from gdstudio.core.program.training_loop import training

if TYPE_CHECKING:
    from gdstudio.core.program.plan import Lines, Plan

_MOST_NAMES = 9


def sections(plan: Plan) -> list[Section]:
    """Return the whole text, section by section."""
    made = [data(plan), model(plan), rules(plan), training(plan), _weights(plan)]
    if plan.is_mini:
        made.insert(1, _batches(plan))
    if plan.spread:
        made.insert(0, processes(plan))
    return [_set_up(plan), *made]


def _set_up(plan: Plan) -> Section:
    numbers = ["torch.set_default_dtype(torch.float64)"] if plan.run.dtype == "float64" else []
    seed = [f"seed = {plan.run.seed}"] if _draws(plan) else []
    device = [f'device = torch.device("{plan.run.device}")'] if plan.moves and not plan.spread else []
    threads = [] if plan.spread else [_threads(plan)]
    lines = [*_imports(plan), "", *numbers, *threads, *device, *seed]
    return Section("Set-up", lines)


def _threads(plan: Plan) -> str:
    if plan.is_small:
        return "torch.set_num_threads(1)  # sums in one order, on every machine"
    return "torch.set_num_threads(os.cpu_count() or 1)"


def _draws(plan: Plan) -> bool:
    drawn_weights = plan.run.initial_weights is None and plan.problem.kind != "constant"
    return plan.problem.needs_torch or plan.draws_order or drawn_weights


def _imports(plan: Plan) -> Lines:
    scaled = getattr(plan.problem, "scaling", "raw") != "raw"
    return [
        "import math",
        *(["import os"] if plan.spread or not plan.is_small else []),
        *(["import sys"] if plan.spread else []),
        "",
        *(["import numpy as np"] if scaled else []),
        "import torch",
        "from torch import distributed, nn" if plan.spread else "from torch import nn",
        "from torch.nn.utils import parameters_to_vector, vector_to_parameters",
        *(["from torch.utils.data import DataLoader, TensorDataset"] if plan.is_mini else []),
    ]


def _batches(plan: Plan) -> Section:
    lines = ["rows = TensorDataset(X, y)"]
    if plan.draws_order:
        lines.append(f"order_stream = {stream('order')}")
    return Section("Mini-batches", lines)


def _weights(plan: Plan) -> Section:
    names = plan.problem.weight_names
    name_lines = listed("names = [", (f'"{name}"' for name in names), "]")
    if len(names) > _MOST_NAMES and plan.problem.kind != "tanh_network":
        name_lines = [f'names = [*(f"w{{i + 1}}" for i in range({len(names) - 1})), "b"]']
    test = ['print(f"test cost = {cost_of(X_test, y_test)!r}")'] if plan.has_test else []
    lines = [
        *name_lines,
        "weights = parameters_to_vector(model.parameters()).tolist()",
        'print(f"cost = {cost_of(X, y)!r}")',
        *test,
        "for name, weight in zip(names, weights):",
        '    print(f"{name} = {weight!r}")',
    ]
    if plan.has_truth:
        lines += [
            "for name, weight, truth in zip(names, weights, [*true_w.tolist(), true_b]):",
            '    print(f"error of {name} = {truth - weight!r}")',
        ]
    if plan.spread:
        lines += ["if processes > 1:", "    distributed.destroy_process_group()"]
    return Section("Errors of w and b" if plan.has_truth else "Weights", lines)
