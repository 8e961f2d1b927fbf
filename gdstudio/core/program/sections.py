"""The parts of the text around the training: set-up, mini-batches, cost and optimizer, final weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.listing import CodeLine, Part, Section, code, listed
from gdstudio.core.program.schedule import scheduler
from gdstudio.core.seeds import STREAMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.listing import Lines
    from gdstudio.core.program.plan import Plan

_MOST_NAMES = 9
"""So many names of weights are written one by one, where a rule can make them."""


def set_up(plan: Plan, device: Lines) -> Section:
    """Return the numbers' precision, the threads, the device's lines and the seed."""
    numbers = code("torch.set_default_dtype(torch.float64)") if plan.run.dtype == "float64" else ()
    seed = code(f"seed = {plan.run.seed}", part=Part.SCRIPT) if plan.text.draws or plan.draws_order else ()
    return Section("Set-up", (*numbers, _threads(plan), *device, *seed))


def _threads(plan: Plan) -> CodeLine:
    if plan.is_small:
        note = "sums in one order, on every machine"
        return CodeLine("torch.set_num_threads(1)", note=note, part=Part.SCRIPT)
    return CodeLine("torch.set_num_threads(os.cpu_count() or 1)", part=Part.SCRIPT)


def batches(plan: Plan) -> Section:
    """Return the rows that batches are made of, and the stream that their order is drawn from."""
    factor, offset = len(STREAMS), STREAMS.index("order")
    stream = f"order_stream = torch.Generator().manual_seed({factor} * seed + {offset})"
    order = code(stream, part=Part.SCRIPT) if plan.draws_order else ()
    return Section("Mini-batches", (*code("dataset = TensorDataset(X, y)"), *order))


def cost_and_optimizer(plan: Plan) -> Section:
    """Return the loss, the optimizer, its schedule, and the learning rates that were changed on the way."""
    optimizer, text = plan.run.optimizer, plan.text
    made = code(f"optimizer = {optimizer.expression(text.parameters, plan.learning_rate)}")
    title = "Cost and optimizer" if text.loss else "Optimizer"
    return Section(title, (*text.loss, *optimizer.definition(), *made, *scheduler(plan)))


def weights(plan: Plan) -> Section:
    """Return what prints the cost, the test cost, the weights and, where the truth is known, their errors."""
    text = plan.text
    test = ['print(f"test cost = {cost_of(X_test, y_test)!r}")'] if text.has_test else []
    printed = [
        *_names(plan.experiment.problem.weight_names),
        f"weights = parameters_to_vector({text.parameters}).tolist()",
        f'print(f"cost = {{cost_of({text.rows})!r}}")',
        *test,
        "for name, weight in zip(names, weights):",
        '    print(f"{name} = {weight!r}")',
    ]
    if text.truth:
        printed += [
            f"for name, weight, truth in zip(names, weights, {text.truth}):",
            '    print(f"error of {name} = {truth - weight!r}")',
        ]
    title = "Weights and their errors" if text.truth else "Weights"
    return Section(title, (*code(*printed, part=Part.SCRIPT), *text.errors))


def _names(names: Sequence[str]) -> list[str]:
    numbered = [*(f"w{i + 1}" for i in range(len(names) - 1)), "b"]
    if len(names) > _MOST_NAMES and list(names) == numbered:
        return [f'names = [*(f"w{{i + 1}}" for i in range({len(names) - 1})), "b"]']
    return listed("names = [", (f'"{name}"' for name in names), "]")
