"""The text of one step, phase by phase, and of the stop rules that look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.listing import CodeLine, Part, code, indented
from gdstudio.core.program.ends import small_change, small_gradient
from gdstudio.core.program.schedule import after_step, changed_rate

if TYPE_CHECKING:
    from gdstudio.core.listing import Lines
    from gdstudio.core.program.plan import Plan


def step(plan: Plan, rules: Lines = ()) -> Lines:
    """Return a step; ``rules`` are looked at before its update."""
    if plan.run.optimizer.needs_closure:
        note = "may ask several times"
        asks = (*code("def closure():"), *indented((*_gradients(plan), *code("return cost"))))
        update = CodeLine("optimizer.step(closure)", "update", note)
        return (*asks, *rules, *_before(plan), update, *after_step(plan))
    update = CodeLine("optimizer.step()", "update")
    return (*_gradients(plan), *rules, *_before(plan), update, *after_step(plan))


def cost_before(plan: Plan) -> str:
    """Return the expression of the cost before the update of a step over all rows."""
    return f"cost_of({plan.text.rows})" if plan.run.optimizer.needs_closure else "cost.item()"


def _gradients(plan: Plan) -> Lines:
    forward, cost = plan.text.forward_lines(*plan.step_rows)
    return (
        forward,
        *(() if cost is None else (cost,)),
        CodeLine("optimizer.zero_grad()", "zero_grad"),
        CodeLine("cost.backward()", "backward"),
    )


def _before(plan: Plan) -> Lines:
    kept = f"before = parameters_to_vector({plan.text.parameters}).detach()"
    return (*changed_rate(plan), *code(kept, part=Part.SCRIPT))


def stop_rules(plan: Plan, cost: str, step: str) -> Lines:
    """Return the stop rules: ``cost`` is the expression of the cost now, ``step`` that of the steps made."""
    gradient, change = plan.run.gradient_tolerance, plan.run.cost_tolerance
    rules: Lines = ()
    if gradient is not None:
        end = small_gradient(f"{{{step}:,}}", gradient)
        rules += (
            CodeLine(f"if gradient_size({plan.text.rows}) < {gradient!r}:", note="stop rule"),
            *code(f'    return f"{end}"'),
        )
    if change is not None:
        # A small change is no convergence where the gradient is large: `training.stopping.is_small`.
        small = f"gradient_size({plan.text.rows}) ** 2 < {100 * change!r}"
        rules += (
            CodeLine(f"if abs({cost} - last_cost) < {change!r}:", note="stop rule"),
            *code(f'    how = "Converged" if {small} else "Stopped"'),
            *code(f'    return f"{small_change("{how}", f"{{{step}:,}}", change)}"'),
            *code(f"last_cost = {cost}"),
        )
    return rules
