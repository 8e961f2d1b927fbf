"""The loop of a program by hand, over all rows or over epochs of batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.listing import CodeLine, Part, Section, code, indented, listed
from gdstudio.core.program.ends import completed, diverged, small_change, small_gradient

if TYPE_CHECKING:
    from gdstudio.core.listing import Lines
    from gdstudio.core.program.hand_plan import HandPlan

_INITIALIZE, _REPEAT = "1. initialize parameters", "6. repeat steps 2 to 5"
_GRADIENT, _UPDATE = "4. compute the gradient", "5. update the parameters"
"""The notebook's names of the seven steps of the algorithm (L106-143)."""
_ORDER = "torch.Generator().manual_seed(3 * seed + 2)"


def training(plan: HandPlan) -> Section:
    """Return the first weights, the loop, and what it prints of its end."""
    loop = _mini_batches(plan) if plan.is_mini else _all_rows(plan)
    states = [line for update in plan.updates for line in update.start]
    name = "alpha" if plan.run.schedule.is_constant else "rate"
    alpha = CodeLine(f"{name} = {plan.rates[0]!r}", note=_INITIALIZE)
    start = (*plan.text.model.start, alpha, *code(*states), *_rates(plan))
    note = "Each step: predict, compare, differentiate, move the weights against the gradient."
    lines = (*_cost_of(plan), *start, *code("cost_history = []"), *loop, *_script("print(end)"))
    return Section("Training", lines, note)


def _cost_of(plan: HandPlan) -> Lines:
    made, loss = plan.text.model.prediction(), plan.text.loss
    return _script(
        f"def cost_of({', '.join(plan.weights)}):",
        '    """The cost over all rows."""',
        f"    z = {made}" if loss.link else f"    error = {made} - y",
        f"    return {loss.cost.format(rows='')}",
        "",
        "",
    )


def _rates(plan: HandPlan) -> Lines:
    changed = {step: rate for step, rate in plan.rates.items() if step}
    if not changed:
        return ()
    first, *others = listed("learning_rates = {", (f"{s}: {r!r}" for s, r in changed.items()), "}")
    return (CodeLine(first, note="as changed on the way, after these steps"), *code(*others))


def _all_rows(plan: HandPlan) -> Lines:
    total = plan.experiment.total_steps
    looks = code("last_cost = math.inf") if plan.run.cost_tolerance is not None else ()
    head = CodeLine(f"for step in range(1, {total + 1}):", "batch", _REPEAT)
    guard = _guard(plan, f"cost_of({', '.join(plan.weights)})")
    return (*looks, *_first_end(plan), head, *indented((*_step(plan, "", "len(y)"), *guard)))


def _mini_batches(plan: HandPlan) -> Lines:
    experiment = plan.experiment
    epochs = -(-experiment.total_steps // experiment.steps_per_epoch)
    counted = plan.has_changes or plan.ends_within_epoch or bool(plan.factor("step"))
    part = Part.LOOP if counted else Part.SCRIPT
    size = experiment.batch_size
    order = CodeLine("order = np.arange(len(y))")
    if plan.draws_order:
        text = "order = torch.randperm(len(y), generator=order_stream).numpy()"
        order = CodeLine(text, note="shuffled again")
    stream = _script(f"order_stream = {_ORDER}") if plan.draws_order else ()
    stop = code(f"if step == {experiment.total_steps}:", "    break") if plan.ends_within_epoch else ()
    made = (
        *code(f"rows = order[start:start + {size}]"),
        *code("step += 1", part=part),
        *_step(plan, "[rows]", "len(rows)"),
        *_guard(plan, "cost"),
        *stop,
    )
    return (
        *stream,
        *_first_end(plan),
        *code("step = 0", part=part),
        CodeLine(f"for epoch in range(1, {epochs + 1}):", note=_REPEAT),
        *indented((order, CodeLine(f"for start in range(0, len(y), {size}):", "batch"), *indented(made))),
        *_script('    if end.startswith("Diverged"):', "        break"),
    )


def _step(plan: HandPlan, rows: str, count: str) -> Lines:
    """Return a step over the rows that an index picks, ``count`` of them."""
    model, loss = plan.text.model, plan.text.loss
    slope = loss.slope.format(n=count)
    derivatives = zip(plan.derivatives, model.derivatives(rows), strict=True)
    return (
        *_prediction(model.prediction(rows), loss.link),
        CodeLine(f"error = h - y{rows}", "loss", value="error"),
        CodeLine(
            f"cost = {loss.cost.format(rows=rows)}", "loss", "3. compute the cost function", value="loss"
        ),
        CodeLine("cost_history.append(cost)", note="   and store its value"),
        *(
            CodeLine(f"{name} = {slope}{total}", "backward", _GRADIENT * (not i), value=f"gradient {i}")
            for i, (name, total) in enumerate(derivatives)
        ),
        *_stop_rules(plan),
        *_changed_rate(plan),
        *_script(f"before = {', '.join(plan.weights)}"),
        *_updates(plan),
    )


def _prediction(made: str, link: str) -> Lines:
    note = "2. compute predictions"
    if not link:
        return (CodeLine(f"h = {made}", "forward", note, value="forward"),)
    last = CodeLine(f"h = {link}", "forward", "   as probabilities", value="forward")
    return (CodeLine(f"z = {made}", "forward", note, value="outputs"), last)


def _updates(plan: HandPlan) -> Lines:
    lines: list[CodeLine] = []
    for i, update in enumerate(plan.updates):
        *others, last = update.step
        lines += [*code(*others), CodeLine(last, "update", _UPDATE * (not i), value=f"weight {i}")]
    return tuple(lines)


def _changed_rate(plan: HandPlan) -> Lines:
    factor = plan.factor("step - 1" if plan.steps_per_tick == 1 else "epoch - 1")
    scheduled = (CodeLine(f"alpha = rate * {factor}", note="the rate of this step"),) if factor else ()
    if not plan.has_changes:
        return scheduled
    name = "rate" if factor else "alpha"
    return (*code("if step - 1 in learning_rates:", f"    {name} = learning_rates[step - 1]"), *scheduled)


def _stop_rules(plan: HandPlan) -> Lines:
    """Return the rules that look at all rows before a step, as those of the PyTorch program do."""
    gradient, change = plan.run.gradient_tolerance, plan.run.cost_tolerance
    squares = " + ".join(f"{name} ** 2" for name in plan.derivatives)
    rules: Lines = ()
    if gradient is not None:
        size = f"abs({plan.derivatives[0]})" if len(plan.derivatives) == 1 else f"math.sqrt({squares})"
        end = small_gradient("{step - 1:,}", gradient)
        rules += (CodeLine(f"if {size} < {gradient!r}:", note="stop rule"), *code(f'    end = f"{end}"'))
        rules += code("    break")
    if change is not None:
        how = f'"Converged" if {squares} < {100 * change!r} else "Stopped"'
        end = small_change("{how}", "{step - 1:,}", change)
        rules += (CodeLine(f"if abs(cost - last_cost) < {change!r}:", note="stop rule"),)
        rules += code(f"    how = {how}", f'    end = f"{end}"', "    break", "last_cost = cost")
    return rules


def _first_end(plan: HandPlan) -> Lines:
    return _script(f'end = "{completed(plan.experiment.total_steps)}"')


def _guard(plan: HandPlan, cost: str) -> Lines:
    """Return what ends the run before its numbers are infinite."""
    names = ", ".join(plan.weights)
    return _script(
        f"if not np.isfinite([{cost}, {names}]).all():",
        f"    {names} = before  # back to the last finite weights",
        f'    end = f"{diverged("{step:,}")}"',
        "    break",
    )


def _script(*texts: str) -> Lines:
    return code(*texts, part=Part.SCRIPT)
