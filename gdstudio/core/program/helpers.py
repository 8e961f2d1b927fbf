"""The text of the functions that the training loop calls: costs over all rows, and the stop rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.core.program.plan import Lines, Plan


def helpers(plan: Plan) -> Lines:
    """Return the functions, each followed by two empty lines."""
    lines = [*_cost_of(plan), *_is_finite(plan)]
    if plan.spread and plan.run.mistake != "no_zero_grad":
        lines += _combine(plan)
    if plan.run.gradient_tolerance is not None:
        lines += _gradient_size(plan)
    return lines


def _cost_of(plan: Plan) -> Lines:
    head = ["@torch.no_grad()", "def cost_of(X, y):", '    """The cost over all of these rows."""']
    if not plan.spread:
        return [*head, "    return loss(model(X), y).item()", "", ""]
    return [
        *head,
        "    X, y, part = share(X, y)",
        f"    return total(loss(model(X), y), {plan.cost_part}).item()",
        "",
        "",
    ]


def _is_finite(plan: Plan) -> Lines:
    weights = "parameters_to_vector(model.parameters())"
    head = ["def is_finite(cost):", '    """Whether the cost and the weights are still finite numbers."""']
    last = ["    return math.isfinite(cost) and bool(weights.isfinite().all())", "", ""]
    near = []
    if plan.is_mini:
        near = [
            f"    if math.isfinite(cost) and cost > torch.finfo(torch.{plan.run.dtype}).max ** 0.75:",
            "        cost = cost_of(X, y)  # near the largest number: the sum over all rows may be beyond it",
        ]
    return [*head, f"    weights = {weights}", *near, *last]


def _combine(plan: Plan) -> Lines:
    return [
        "def combine(cost, part):",
        '    """Add up the gradients of all processes, and return the sum of their costs."""',
        "    for p in model.parameters():",
        f"        p.grad = total(p.grad, {plan.gradient_part})",
        f"    return total(cost.detach(), {plan.cost_part})",
        "",
        "",
    ]


def _gradient_size(plan: Plan) -> Lines:
    rows = ["    X_mine, y_mine, part = share(X, y)"] if plan.spread else []
    X, y = ("X_mine", "y_mine") if plan.spread else ("X", "y")
    added_up = [f"    gradients = [total(g, {plan.cost_part}) for g in gradients]"] if plan.spread else []
    return [
        "def gradient_size():",
        '    """The length of the gradient of the cost over all rows."""',
        *rows,
        f"    gradients = torch.autograd.grad(loss(model({X}), {y}), list(model.parameters()))",
        *added_up,
        "    return math.sqrt(sum(float((g * g).sum()) for g in gradients))",
        "",
        "",
    ]
