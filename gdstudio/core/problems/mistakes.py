"""The classic mistakes, each as a switch: what it changes in a step, and a sentence on what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gdstudio.core.problems.costs import cost_function

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import torch

    from gdstudio.core.problems.base import Forward, ProblemSpec

    Cost = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]

MistakeName = Literal[
    "none", "gradient_l30", "gradient_l98", "integer_truncation", "no_zero_grad", "no_reshape"
]
MOST_PAIRS_ROWS = 3000
"""Labels that are not reshaped cost n times n pairs; more rows than this are not let in."""

MISTAKE_TITLES = {
    "none": "none",
    "gradient_l30": "gradient of L30: factor lost",
    "gradient_l98": "gradient of L98: x left out",
    "integer_truncation": "L52: cut to whole numbers",
    "no_zero_grad": "zero_grad left out",
    "no_reshape": "labels not reshaped",
}
SENTENCES = {
    "none": "",
    "gradient_l30": "The notebook's L30 drops the 1/2 but keeps the 2: this is the gradient of the whole "
    "sum, not of the cost.",
    "gradient_l98": "The notebook's L98 forgets the factor xᵢ of the chain rule: it happens to work on these "
    "points, and leads elsewhere on others.",
    "integer_truncation": "np.full_like of an array of whole numbers (L52) cuts every prediction down "
    "to one: J is a staircase, its slope is 0, and the run does not move.",
    "no_zero_grad": "Without zero_grad() every gradient is added to all before it: the steps grow and swing.",
    "no_reshape": "Labels of shape (n,) against predictions of shape (n, 1) are broadcast to n × n pairs: "
    "the model learns little more than the mean.",
}


def mistaken_cost(mistake: MistakeName, cost: Cost) -> Cost:
    """Return the cost that a mistake computes; the right one where the mistake is not in the cost."""
    if mistake == "integer_truncation":
        return lambda h, y: cost(h.trunc(), y)
    if mistake != "no_reshape":
        return cost

    def of_all_pairs(h: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        pairs = (len(h), len(y))
        return cost(h.expand(pairs), y.T.expand(pairs))

    return of_all_pairs


def objection(mistake: MistakeName, problem: ProblemSpec) -> str:
    """Return why a mistake cannot be made on a problem, and what would be right; empty where it can."""
    if mistake == "integer_truncation" and problem.kind != "constant":
        return 'integer_truncation is made with h(x) = c; set problem.kind = "constant", or another mistake'
    if mistake == "no_reshape" and problem.row_count > MOST_PAIRS_ROWS:
        return f"no_reshape pairs all rows; have {MOST_PAIRS_ROWS} rows at most"
    return ""


class GradientMistake:
    """Turns the right gradients of a step into the mistaken ones; keeps what is left over from before."""

    def __init__(self, mistake: MistakeName, forward: Forward, parameters: Sequence[torch.Tensor]) -> None:
        self._mistake, self._forward, self._parameters = mistake, forward, parameters
        self.leftover: tuple[torch.Tensor, ...] = ()

    @property
    def changes_gradients(self) -> bool:
        """Whether there is anything to do."""
        return self._mistake in {"gradient_l30", "gradient_l98", "no_zero_grad"}

    def __call__(
        self, gradients: tuple[torch.Tensor, ...], X: torch.Tensor, y: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """Return the mistaken gradients at the weights now, over the rows X (n, d) and y (n, 1)."""
        import torch

        if self._mistake == "gradient_l30":
            whole = cost_function("sum")(self._forward(self._parameters, X), y)
            return torch.autograd.grad(whole, list(self._parameters))
        if self._mistake == "gradient_l98":
            with torch.no_grad():
                mean = 2 * (self._forward(self._parameters, X) - y).mean()
            return tuple(torch.full_like(g, float(mean)) for g in gradients)
        if self.leftover:
            gradients = tuple(old + new for old, new in zip(self.leftover, gradients, strict=True))
        self.leftover = gradients
        return gradients
