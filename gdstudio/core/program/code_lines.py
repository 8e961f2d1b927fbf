"""The loop of an experiment as a person would write it, each line with the phase of a step that it makes.

The text runs: with ``X`` and ``y`` (the rows), the streams of the seed and, where a stop rule is set,
``cost_of`` and ``gradient_size`` in its namespace, it trains ``net`` to the weights of the studio's own run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.program.rules import optimizer_text
from gdstudio.core.program.tanh import stack_text

if TYPE_CHECKING:
    from gdstudio.core.listing import PhaseName
    from gdstudio.core.settings.experiment import Experiment

_NETS = {
    "line_through_origin": "nn.Linear(1, 1, bias=False)",
    "constant": "Constant()",
    "line": "nn.Linear(1, 1)",
}
_LOSSES = {"mean": "", "half_mean": "", "sum": 'reduction="sum"', "half_sum": 'reduction="sum"'}


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line of code.

    ``note`` is a comment on it; ``is_mistake`` marks what a classic mistake has changed, ``is_left_out`` a
    line that it leaves out.
    """

    text: str
    phase: PhaseName | None = None
    note: str = ""
    is_mistake: bool = False
    is_left_out: bool = False


def code_lines(experiment: Experiment) -> tuple[CodeLine, ...]:
    """Return the set-up and the loop with the experiment's own numbers."""
    loop = _all_rows(experiment) if experiment.is_full_batch else _mini_batches(experiment)
    return (*_set_up(experiment), *loop)


def executable(lines: tuple[CodeLine, ...]) -> str:
    """Return the text of the lines that are not left out."""
    return "\n".join(line.text for line in lines if not line.is_left_out) + "\n"


def _set_up(experiment: Experiment) -> list[CodeLine]:
    problem, run = experiment.problem, experiment.run
    n, d = problem.row_count, _features(experiment)
    unshaped = run.mistake == "no_reshape"
    labels = f"y ({n},), not reshaped to ({n}, 1)" if unshaped else f"y ({n}, 1)"
    double = [CodeLine("torch.set_default_dtype(torch.float64)")] if run.dtype == "float64" else []
    net = _NETS.get(problem.kind, "Net()")
    if hasattr(problem, "sizes"):
        net = stack_text(problem.sizes)
    elif hasattr(problem, "true_w"):
        net = f"nn.Linear({d}, 1)"
    return [
        *double,
        CodeLine(f"net = {net}", note=f"X ({n}, {d}), {labels}", is_mistake=unshaped),
        *_first_weights(experiment),
        CodeLine(f"loss = nn.MSELoss({_LOSSES[problem.cost]})"),
        CodeLine(f"optimizer = {optimizer_text(run, 'net')}"),
    ]


def _features(experiment: Experiment) -> int:
    problem = experiment.problem
    return int(problem.sizes[0]) if hasattr(problem, "sizes") else len(getattr(problem, "true_w", (0.0,)))


def _first_weights(experiment: Experiment) -> list[CodeLine]:
    run, names = experiment.run, experiment.problem.weight_names
    if run.initial_weights is not None:
        numbers = ", ".join(map(repr, run.initial_weights))
        return [CodeLine(f"vector_to_parameters(torch.tensor([{numbers}]), net.parameters())")]
    if experiment.problem.kind == "constant":
        return []
    if hasattr(experiment.problem, "sizes"):
        drawn = f"{run.initial_std!r} * torch.randn(layer.weight.shape, generator=weights_stream)"
        return [
            CodeLine("for layer in net[::2]:"),
            CodeLine(f"    layer.weight.data = {drawn} / layer.in_features**0.5"),
            CodeLine("    nn.init.zeros_(layer.bias)"),
        ]
    drawn = f"nn.init.normal_(net.weight, std={run.initial_std!r}, generator=weights_stream)"
    bias = [CodeLine("nn.init.zeros_(net.bias)")] if names[-1] == "b" else []
    return [CodeLine(drawn, note=f"a stream of seed {run.seed}"), *bias]


def _all_rows(experiment: Experiment) -> list[CodeLine]:
    run = experiment.run
    return [
        *([CodeLine("last = math.inf")] if run.cost_tolerance is not None else []),
        CodeLine(f"for step in range({experiment.total_steps}):", "batch", "all rows in each step"),
        *_step(experiment, "X", "y", "    ", _rules(experiment, "cost.item()", "    ")),
    ]


def _mini_batches(experiment: Experiment) -> list[CodeLine]:
    run, per_epoch = experiment.run, experiment.steps_per_epoch
    total = experiment.total_steps
    batches = f"DataLoader(rows, {experiment.batch_size}"
    order = []
    if run.shuffle:
        text = "    order = torch.randperm(len(X), generator=order_stream).tolist()"
        order = [CodeLine(text, note="shuffled again")]
        batches += ", sampler=order"
    batches += ")"
    if total % per_epoch:
        batches = f"islice({batches}, {total} - epoch * {per_epoch})"
    return [
        CodeLine("rows = TensorDataset(X, y)"),
        *([CodeLine("last = cost_of(net, X, y)")] if run.cost_tolerance is not None else []),
        CodeLine(f"for epoch in range({-(-total // per_epoch)}):"),
        *order,
        CodeLine(f"    for X_batch, y_batch in {batches}:", "batch"),
        *_step(experiment, "X_batch", "y_batch", "        ", []),
        *_rules(experiment, "cost_of(net, X, y)", "    "),
    ]


def _step(experiment: Experiment, X: str, y: str, margin: str, rules: list[CodeLine]) -> list[CodeLine]:
    mistake = experiment.run.mistake
    half = "0.5 * " if experiment.problem.cost.startswith("half") else ""
    pairs = "n × n pairs are compared" if mistake == "no_reshape" else ""
    left_out = mistake == "no_zero_grad"
    zero_note = "left out: gradients add up" if left_out else ""
    h = "h.trunc()" if mistake == "integer_truncation" else "h"
    wrong = pairs or ("whole numbers are compared" if h != "h" else "")
    return [
        CodeLine(f"{margin}h = net({X})", "forward"),
        CodeLine(f"{margin}cost = {half}loss({h}, {y})", "loss", wrong, is_mistake=bool(wrong)),
        CodeLine(f"{margin}optimizer.zero_grad()", "zero_grad", zero_note, left_out, left_out),
        *_backward(experiment, y, margin),
        *rules,
        CodeLine(f"{margin}optimizer.step()", "update"),
    ]


def _backward(experiment: Experiment, y: str, margin: str) -> list[CodeLine]:
    if experiment.run.mistake == "gradient_l30":
        text = f'{margin}nn.functional.mse_loss(h, {y}, reduction="sum").backward()'
        return [CodeLine(text, "backward", "not the cost's own gradient", is_mistake=True)]
    if experiment.run.mistake == "gradient_l98":
        slope = f"{margin}slope = 2 * (h - {y}).mean().item()"
        text = f"{margin}for p in net.parameters(): p.grad = torch.full_like(p, slope)"
        return [CodeLine(slope), CodeLine(text, "backward", "x is left out", is_mistake=True)]
    return [CodeLine(f"{margin}cost.backward()", "backward")]


def _rules(experiment: Experiment, cost: str, margin: str) -> list[CodeLine]:
    run, lines = experiment.run, []
    if run.gradient_tolerance is not None:
        rule = f"if gradient_size(net, X, y) < {run.gradient_tolerance!r}: break"
        lines.append(CodeLine(f"{margin}{rule}", note="stop rule"))
    if run.cost_tolerance is not None:
        change = f"abs(last - (last := {cost}))"
        lines.append(CodeLine(f"{margin}if {change} < {run.cost_tolerance!r}: break", note="stop rule"))
    return lines
