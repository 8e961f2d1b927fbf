"""The text of the training loop, with the experiment's stop rules and, where it makes one, its mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.program.helpers import helpers
from gdstudio.core.program.plan import Section, indented

if TYPE_CHECKING:
    from gdstudio.core.program.plan import Lines, Plan


def training(plan: Plan) -> Section:
    """Return the functions of the loop, the loop itself, and the call that runs it."""
    loop = _mini_batches(plan) if plan.is_mini else _all_rows(plan)
    begin = []
    if plan.may_begin_beyond:
        begin = [
            "if not is_finite(cost_of(X, y)):",
            '    return "Diverged at step 0: the cost of the first weights is not finite."',
        ]
    body = ['"""Train; return how it ended."""', *begin, *loop]
    lines = [*helpers(plan), "def train():", *indented(body), "", "", "print(train())"]
    note = "Each step: predict, compare, differentiate, move the weights against the gradient."
    return Section("Training", lines, note)


def _all_rows(plan: Plan) -> Lines:
    total = plan.experiment.total_steps
    share = ["X_mine, y_mine, part = share(X, y)  # this process's rows"] if plan.spread else []
    start = ["last_cost = math.inf"] if plan.run.cost_tolerance is not None else []
    X, y = ("X_mine", "y_mine") if plan.spread else ("X", "y")
    gradients = _gradients(plan, X, y)
    cost = "cost.item()"
    step = [*gradients, *_rules(plan, cost, "step - 1"), *_update(plan, "cost_of(X, y)")]
    return [
        *share,
        *start,
        f"for step in range(1, {total + 1}):",
        *indented(step),
        f'return "Completed: {_steps(total)}."',
    ]


def _mini_batches(plan: Plan) -> Lines:
    total, per_epoch = plan.experiment.total_steps, plan.experiment.steps_per_epoch
    ends_within = total % per_epoch != 0
    completed = f'return "Completed: {_steps(total)}."'
    step = [
        "step += 1",
        *(["X_batch, y_batch, part = share(X_batch, y_batch)"] if plan.spread else []),
        *_gradients(plan, "X_batch", "y_batch"),
        *_update(plan, "cost.item()"),
        *([f"if step == {total}:", f"    {completed}"] if ends_within else []),
    ]
    order = ["order = torch.randperm(len(X), generator=order_stream).tolist()"] if plan.draws_order else []
    sampler = ", sampler=order" if plan.draws_order else ""
    epoch = [
        *order,
        f"for X_batch, y_batch in DataLoader(rows, batch_size={plan.experiment.batch_size}{sampler}):",
        *indented(step),
        *_end_of_epoch(plan),
    ]
    return [
        "step = 0",
        *(["last_cost = cost_of(X, y)"] if plan.run.cost_tolerance is not None else []),
        f"for epoch in range(1, {-(-total // per_epoch) + 1}):",
        *indented(epoch),
        *([] if ends_within else [completed]),
    ]


def _end_of_epoch(plan: Plan) -> Lines:
    test = ", test {cost_of(X_test, y_test):.6g}" if plan.has_test else ""
    return [
        "cost = cost_of(X, y)",
        f'print(f"epoch {{epoch}}: training cost {{cost:.6g}}{test}")',
        *_rules(plan, "cost", "step"),
    ]


def _gradients(plan: Plan, X: str, y: str) -> Lines:
    """Return the lines from the prediction to the gradients, made right or with the mistake asked for."""
    mistake = plan.run.mistake
    lines = [f"cost = loss(model({X}), {y})"]
    if mistake == "no_zero_grad" and plan.spread:
        return [*lines, *_added_up(plan)]
    if mistake != "no_zero_grad":
        lines.append("optimizer.zero_grad()")
    if mistake == "gradient_l30":
        lines.append(f"whole_sum(model({X}), {y}).backward()  # the mistake: not the cost's own gradient")
    elif mistake == "gradient_l98":
        lines += [
            f"mean = 2 * (model({X}) - {y}).mean().item()",
            "for p in model.parameters():",
            "    p.grad = torch.full_like(p, mean)  # the mistake: x is left out",
        ]
    elif mistake == "no_zero_grad":
        lines.append("cost.backward()  # the mistake: without zero_grad() it adds to the old gradients")
    else:
        lines.append("cost.backward()")
    return [*lines, "cost = combine(cost, part)"] if plan.spread else lines


def _added_up(plan: Plan) -> Lines:
    return [
        "for p, g in zip(model.parameters(), torch.autograd.grad(cost, list(model.parameters()))):",
        f"    g = total(g, {plan.gradient_part})",
        "    p.grad = g if p.grad is None else p.grad + g  # the mistake: zero_grad() is left out",
        f"cost = total(cost.detach(), {plan.cost_part})",
    ]


def _update(plan: Plan, cost: str) -> Lines:
    rates = []
    if plan.rates:
        rates = [
            "if step - 1 in learning_rates:",
            "    for group in optimizer.param_groups:",
            '        group["lr"] = learning_rates[step - 1]',
        ]
    return [
        *rates,
        "before = parameters_to_vector(model.parameters()).detach()",
        "optimizer.step()",
        f"if not is_finite({cost}):",
        "    vector_to_parameters(before, model.parameters())  # back to the last finite weights",
        '    return f"Diverged at step {step:,}: these are the last finite numbers."',
    ]


def _rules(plan: Plan, cost: str, step: str) -> Lines:
    lines = []
    gradient, change = plan.run.gradient_tolerance, plan.run.cost_tolerance
    if gradient is not None:
        lines += [f"if gradient_size() < {gradient!r}:", f'    return f"Converged at step {{{step}:,}}."']
    if change is not None:
        lines += [
            f"if abs({cost} - last_cost) < {change!r}:",
            f'    return f"Converged at step {{{step}:,}}."',
            f"last_cost = {cost}",
        ]
    return lines


def _steps(count: int) -> str:
    return f"{count:,} {'step' if count == 1 else 'steps'}"
