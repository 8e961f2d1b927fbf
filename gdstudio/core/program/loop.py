"""The text of the training: a function with the loop over all rows, or over epochs of mini-batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.listing import CodeLine, Part, Section, code, indented
from gdstudio.core.program.ends import BEYOND_AT_ONCE, completed, diverged
from gdstudio.core.program.functions import functions
from gdstudio.core.program.schedule import after_epoch
from gdstudio.core.program.step import cost_before, step, stop_rules

if TYPE_CHECKING:
    from gdstudio.core.listing import Lines
    from gdstudio.core.program.plan import Plan


def training(plan: Plan) -> Section:
    """Return the functions that the loop calls, the loop itself, and the call that runs it."""
    loop = _mini_batches(plan) if plan.is_mini else _all_rows(plan)
    doc = code('"""Train; return how it ended."""', part=Part.SCRIPT)
    function = (*code("def train():"), *indented((*doc, *_beginning(plan), *loop)))
    call = (*code("", "", part=Part.SCRIPT), *code("print(train())"))
    note = "Each step: predict, compare, differentiate, move the weights against the gradient."
    return Section("Training", (*functions(plan), *function, *call), note)


def _beginning(plan: Plan) -> Lines:
    if not plan.may_begin_beyond:
        return ()
    return code(
        f"if not is_finite(cost_of({plan.text.rows})):",
        f'    return "{BEYOND_AT_ONCE}"',
        part=Part.SCRIPT,
    )


def _completed(plan: Plan) -> str:
    return f'return "{completed(plan.experiment.total_steps)}"'


def _all_rows(plan: Plan) -> Lines:
    note = "all rows in each step" if plan.text.rows else ""
    made = (
        *step(plan, rules=stop_rules(plan, cost_before(plan), "step - 1")),
        *_guard(plan, f"cost_of({plan.text.rows})"),
    )
    return (
        *(code("last_cost = math.inf") if plan.run.cost_tolerance is not None else ()),
        CodeLine(f"for step in range(1, {plan.experiment.total_steps + 1}):", "batch", note),
        *indented(made),
        *code(_completed(plan), part=Part.SCRIPT),
    )


def _mini_batches(plan: Plan) -> Lines:
    epochs = -(-plan.experiment.total_steps // plan.experiment.steps_per_epoch)
    counted = bool(plan.rates) or plan.has_stop_rule or plan.ends_within_epoch
    part = Part.LOOP if counted else Part.SCRIPT
    made = (
        *code("step += 1", part=part),
        *step(plan),
        *_guard(plan, "cost.item()"),
        *_end_within_epoch(plan),
    )
    return (
        *code("step = 0", part=part),
        *(code("last_cost = cost_of(X, y)") if plan.run.cost_tolerance is not None else ()),
        *code(f"for epoch in range(1, {epochs + 1}):"),
        *indented((*_batches(plan), *indented(made), *after_epoch(plan), *_end_of_epoch(plan))),
        *(() if plan.ends_within_epoch else code(_completed(plan), part=Part.SCRIPT)),
    )


def _batches(plan: Plan) -> Lines:
    order: Lines = ()
    sampler = ""
    if plan.draws_order:
        text = "order = torch.randperm(len(X), generator=order_stream).tolist()"
        order, sampler = (CodeLine(text, note="shuffled again"),), ", sampler=order"
    loader = f"DataLoader(dataset, batch_size={plan.experiment.batch_size}{sampler})"
    note = "as shuffle=True, in this order" if plan.draws_order else "shuffle=False"
    return (*order, CodeLine(f"for {', '.join(plan.step_rows)} in {loader}:", "batch", note))


def _guard(plan: Plan, cost: str) -> Lines:
    """Return what ends the run before its numbers are infinite."""
    return code(
        f"if not is_finite({cost}):",
        f"    vector_to_parameters(before, {plan.text.parameters})  # back to the last finite weights",
        f'    return f"{diverged("{step:,}")}"',
        part=Part.SCRIPT,
    )


def _end_within_epoch(plan: Plan) -> Lines:
    if not plan.ends_within_epoch:
        return ()
    return code(f"if step == {plan.experiment.total_steps}:", f"    {_completed(plan)}")


def _end_of_epoch(plan: Plan) -> Lines:
    test = ('print(f"test loss {cost_of(X_test, y_test):f}")',) if plan.text.has_test else ()
    return (
        CodeLine("cost = cost_of(X, y)", note="over all rows, under torch.no_grad()"),
        *code('print(f"epoch {epoch}, loss {cost:f}")'),
        *code(*test, part=Part.SCRIPT),
        *stop_rules(plan, "cost", "step"),
    )
