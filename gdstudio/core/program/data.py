"""The text of the data and of the model: one pair of functions for each kind of problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdstudio.core.errors import InputError
from gdstudio.core.problems.datasets import SecondFeature
from gdstudio.core.program.plan import Section, indented, listed
from gdstudio.core.program.tanh import tanh_data, tanh_model
from gdstudio.core.seeds import STREAMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.program.plan import Lines, Plan

KINDS = ("line_through_origin", "constant", "line", "linear_network", "tanh_network")
_COLUMN = ".reshape(-1, 1)"
_DRAWN = "The rows are drawn in float64 from a seed of their own."
_SCALINGS = {
    "centred": ["x = x - x.mean()  # centred"],
    "z_score": ["x = (x - x.mean()) / x.std()  # the z-score"],
}


def data(plan: Plan) -> Section:
    """Return the rows X of shape (n, d) and y of shape (n, 1).

    Raises
    ------
    InputError
        Where the kind of problem cannot be written as text.
    """
    if plan.problem.kind not in KINDS:
        raise InputError(f"problem.kind: {plan.problem.kind} cannot be exported; give {', '.join(KINDS)}")
    if plan.problem.kind == "linear_network":
        return Section("Data", _synthetic(plan), _DRAWN)
    if plan.problem.kind == "tanh_network":
        return Section("Data", tanh_data(plan, stream("data"), _labels(plan), _mistake(plan)), _DRAWN)
    return Section("Data", _points(plan), "The points, as rows of features X and labels y.")


def model(plan: Plan) -> Section:
    """Return the module and its first weights."""
    if plan.problem.kind == "constant":
        return Section("Model", _constant(plan), "One number, the same prediction for every row.")
    if plan.problem.kind == "tanh_network":
        return Section("Model", tanh_model(plan, stream("weights")), "Linear layers with tanh between them.")
    features = len(plan.problem.weight_names) - 1
    shape = "1, 1, bias=False" if plan.problem.kind == "line_through_origin" else f"{features}, 1"
    lines = [f"model = nn.Linear({shape}){plan.moves}", "with torch.no_grad():"]
    return Section("Model", [*lines, *_first_weights(plan)], "A linear layer, and its first weights.")


def stream(seed_of: str) -> str:
    """Return the text that makes the generator of one of the seed's streams."""
    offset = STREAMS.index(seed_of)
    return f"torch.Generator().manual_seed({len(STREAMS)} * seed{f' + {offset}' if offset else ''})"


def _synthetic(plan: Plan) -> Lines:
    spec: Any = plan.problem
    labels = _labels(plan)
    lines = [
        *_numbers("true_w = torch.tensor(", spec.true_w, f"{plan.draws})"),
        f"true_b = {spec.true_b!r}",
        f"data_stream = {stream('data')}",
        "",
        "",
        "def synthetic_data(count):",
        '    """Draw X, then y = X w + b + noise."""',
        f"    X = torch.randn(count, {len(spec.true_w)}, generator=data_stream{plan.draws})",
        *_second_feature(spec),
        "    y = X @ true_w + true_b",
        f"    y = y + {spec.noise!r} * torch.randn(count, generator=data_stream{plan.draws})",
        f"    return X{plan.casts}{plan.moves}, {labels}{plan.casts}{plan.moves}{_mistake(plan)}",
        "",
        "",
        f"X, y = synthetic_data({spec.n})",
    ]
    return [*lines, f"X_test, y_test = synthetic_data({spec.n_test})"] if plan.has_test else lines


def _second_feature(spec: Any) -> Lines:
    second = SecondFeature(spec.feature_scale, spec.correlation)
    if second.is_drawn:
        return []
    of_first, of_own = second.parts
    how = f"scale {spec.feature_scale!r}, correlation {spec.correlation!r}"
    return [f"    X[:, 1] = {of_first!r} * X[:, 0] + {of_own!r} * X[:, 1]  # {how}"]


def _points(plan: Plan) -> Lines:
    spec: Any = plan.problem
    scaling = _SCALINGS.get(getattr(spec, "scaling", "raw"), [])
    if scaling:
        X = [*_numbers("x = np.array(", spec.x, ")[:, None]"), *scaling]
        X.append(f"X = torch.from_numpy(x){plan.casts}{plan.moves}")
    else:
        X = _numbers("X = torch.tensor(", spec.x, f"){_COLUMN}{plan.moves}")
    column = "" if plan.run.mistake == "no_reshape" else _COLUMN
    return [*X, *_numbers("y = torch.tensor(", spec.y, f"){column}{plan.moves}{_mistake(plan)}")]


def _labels(plan: Plan) -> str:
    return "y" if plan.run.mistake == "no_reshape" else f"y{_COLUMN}"


def _mistake(plan: Plan) -> str:
    return "  # the mistake: y stays (n,)" if plan.run.mistake == "no_reshape" else ""


def _numbers(before: str, values: Sequence[float], after: str) -> Lines:
    return listed(f"{before}[", map(repr, values), f"]{after}")


def _first_weights(plan: Plan) -> Lines:
    start = plan.run.initial_weights
    has_bias = plan.problem.weight_names[-1] == "b"
    if start is None:
        size = f"1, {len(plan.problem.weight_names) - has_bias}"
        drawn = f"torch.randn({size}, generator=weights_stream{plan.draws})"
        lines = [
            f"    weights_stream = {stream('weights')}",
            f"    model.weight.copy_({plan.run.initial_std!r} * {drawn})",
        ]
        return [*lines, "    model.bias.zero_()"] if has_bias else lines
    weights = list(start[:-1] if has_bias else start)
    lines = indented(_numbers("model.weight.copy_(torch.tensor([", weights, "]))"))
    return [*lines, f"    model.bias.fill_({start[-1]!r})"] if has_bias else lines


def _truncation(plan: Plan) -> str:
    truncates = plan.run.mistake == "integer_truncation"
    return ".trunc()  # the mistake: whole numbers only" if truncates else ""


def _constant(plan: Plan) -> Lines:
    start = (plan.run.initial_weights or (0.0,))[0]
    return [
        "class Constant(nn.Module):",
        '    """h(x) = c."""',
        "",
        "    def __init__(self):",
        "        super().__init__()",
        f"        self.c = nn.Parameter(torch.tensor([{start!r}]))",
        "",
        "    def forward(self, X):",
        f"        return self.c.expand(len(X), 1){_truncation(plan)}",
        "",
        "",
        f"model = Constant(){plan.moves}",
    ]
