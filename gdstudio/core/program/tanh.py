"""The text of the small network of tanh layers: its curved data and its stack of layers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gdstudio.core.program.plan import indented, listed

if TYPE_CHECKING:
    from gdstudio.core.program.plan import Lines, Plan


def stack_text(sizes: tuple[int, ...]) -> str:
    """Return the call that makes linear layers of so many units with tanh between them."""
    layers = [f"nn.Linear({inner}, {outer})" for inner, outer in pairwise(sizes)]
    return f"nn.Sequential({', nn.Tanh(), '.join(layers)})"


def tanh_data(plan: Plan, stream: str, labels: str, mistake: str) -> Lines:
    """Return the rows of `gdstudio.core.problems.tanh_network`, drawn from the ``stream`` given as text."""
    spec: Any = plan.problem
    lines = [
        f"data_stream = {stream}",
        "",
        "",
        "def synthetic_data(count):",
        '    """Draw X, then y = sin(2 x1) cos(x2) + noise."""',
        f"    X = torch.randn(count, 2, generator=data_stream{plan.draws})",
        "    y = torch.sin(2 * X[:, 0]) * torch.cos(X[:, 1])",
        f"    y = y + {spec.noise!r} * torch.randn(count, generator=data_stream{plan.draws})",
        f"    return X{plan.casts}{plan.moves}, {labels}{plan.casts}{plan.moves}{mistake}",
        "",
        "",
        f"X, y = synthetic_data({spec.n})",
    ]
    return [*lines, f"X_test, y_test = synthetic_data({spec.n_test})"] if plan.has_test else lines


def tanh_model(plan: Plan, stream: str) -> Lines:
    """Return the stack of layers and its first weights."""
    spec: Any = plan.problem
    lines = [f"model = {stack_text(spec.sizes)}{plan.moves}"]
    start = plan.run.initial_weights
    if start is not None:
        given = listed("torch.tensor([", map(repr, start), f"]){plan.moves}")
        return [*lines, "first_weights = " + given[0], *given[1:], _GIVEN]
    shape = "layer.weight.shape"
    drawn = f"torch.randn({shape}, generator=weights_stream{plan.draws})"
    return [
        *lines,
        f"weights_stream = {stream}",
        "with torch.no_grad():",
        *indented(
            [
                "for layer in model[::2]:",
                f"    layer.weight.copy_({plan.run.initial_std!r} * {drawn} / layer.in_features**0.5)",
                "    layer.bias.zero_()",
            ]
        ),
    ]


_GIVEN = "vector_to_parameters(first_weights, model.parameters())"
