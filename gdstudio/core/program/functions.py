"""The text of the functions that the loop calls: the cost over rows, its gradient's length, the guard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gdstudio.core.listing import Part, code, indented

if TYPE_CHECKING:
    from gdstudio.core.listing import Lines
    from gdstudio.core.program.plan import Plan

COST_BEGINS = '    """The cost over all of these rows."""'
COST_ENDS = "    return cost.item()"
GRADIENT_BEGINS = '    """The length of the gradient of the cost over all of these rows."""'
GRADIENT_ENDS = "    return math.sqrt(sum(float((g * g).sum()) for g in gradients))"


def functions(plan: Plan) -> Lines:
    """Return the functions, each followed by two empty lines."""
    size = _gradient_size(plan) if plan.has_stop_rule else ()
    return (*_cost_of(plan), *_is_finite(plan), *size)


def _compared(plan: Plan) -> Lines:
    """Return the lines of a step that make the cost, for rows ``X`` and ``y``; here they are no phases."""
    forward, cost = plan.text.forward_lines("X", "y")
    compares = () if cost is None else (replace(cost, phase=None, part=Part.COST),)
    return indented((replace(forward, phase=None, part=Part.SCRIPT), *compares))


def _cost_of(plan: Plan) -> Lines:
    begins = COST_BEGINS if plan.text.rows else '    """The cost at the weights now."""'
    head = ("@torch.no_grad()", f"def cost_of({plan.text.rows}):", begins)
    return (*_script(*head), *_compared(plan), *_script(COST_ENDS, "", ""))


def _gradient_size(plan: Plan) -> Lines:
    begins = GRADIENT_BEGINS if plan.text.rows else '    """The length of the gradient at the weights now."""'
    gradients = f"    gradients = torch.autograd.grad(cost, {plan.text.parameters})"
    return (
        *_script(f"def gradient_size({plan.text.rows}):", begins),
        *_compared(plan),
        *_script(gradients, GRADIENT_ENDS, "", ""),
    )


def _is_finite(plan: Plan) -> Lines:
    near = []
    if plan.is_mini:
        near = [
            f"    if math.isfinite(cost) and cost > torch.finfo(torch.{plan.run.dtype}).max ** 0.75:",
            "        cost = cost_of(X, y)  # near the largest number: the sum over all rows may be beyond it",
        ]
    return _script(
        "def is_finite(cost):",
        '    """Whether the cost and the weights are still finite numbers."""',
        f"    weights = parameters_to_vector({plan.text.parameters})",
        *near,
        "    return math.isfinite(cost) and bool(weights.isfinite().all())",
        "",
        "",
    )


def _script(*texts: str) -> Lines:
    return code(*texts, part=Part.SCRIPT)
