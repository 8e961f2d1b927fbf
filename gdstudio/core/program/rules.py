"""The text of the cost and of the optimizer, each torch's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdstudio.core.program.plan import Section, listed

if TYPE_CHECKING:
    from gdstudio.core.program.plan import Lines, Plan
    from gdstudio.core.settings.experiment import RunSettings

_CLASSES = {"sgd": "SGD", "adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam"}
_TORCH_NAMES = {"initial_accumulator": "initial_accumulator_value", "smoothing": "alpha"}
_COSTS = {
    "mean": ["loss = nn.MSELoss()  # the mean of the squared residuals"],
    "sum": ['loss = nn.MSELoss(reduction="sum")  # the sum of the squared residuals'],
    "half_sum": [
        'squares = nn.MSELoss(reduction="sum")',
        "",
        "",
        "def loss(h, y):",
        '    """Half the sum of the squared residuals."""',
        "    return 0.5 * squares(h, y)",
        "",
        "",
    ],
    "half_mean": [
        "squares = nn.MSELoss()",
        "",
        "",
        "def loss(h, y):",
        '    """Half the mean of the squared residuals."""',
        "    return 0.5 * squares(h, y)",
        "",
        "",
    ],
}


def rules(plan: Plan) -> Section:
    """Return the cost, the mistaken one beside it where there is one, and the optimizer."""
    lines = list(_COSTS[plan.problem.cost])
    if plan.run.mistake == "gradient_l30":
        lines.append('whole_sum = nn.MSELoss(reduction="sum")  # the mistake: its gradient is taken')
    optimizer = f"optimizer = {optimizer_text(plan.run, 'model')}"
    return Section("Cost and optimizer", [*lines, optimizer, *_rates(plan)])


def optimizer_text(run: RunSettings, model: str) -> str:
    """Return the call that makes a model's optimizer; named is what differs from torch's own defaults."""
    rule = run.optimizer
    given = rule.model_dump(exclude_defaults=True, exclude={"kind", "beta1", "beta2"})
    arguments: dict[str, Any] = {"lr": run.learning_rate}
    if rule.kind == "adam" and (rule.beta1, rule.beta2) != (0.9, 0.999):
        arguments["betas"] = (rule.beta1, rule.beta2)
    arguments |= {_TORCH_NAMES.get(name, name): value for name, value in given.items()}
    words = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    return f"torch.optim.{_CLASSES[rule.kind]}({model}.parameters(), {words})"


def _rates(plan: Plan) -> Lines:
    if not plan.rates:
        return []
    pairs = [f"{step}: {rate!r}" for step, rate in plan.rates.items()]
    return ["# As changed on the way, after these steps", *listed("learning_rates = {", pairs, "}")]
