"""L-BFGS: Newton's method with what the latest gradients tell of the curvature (Liu and Nocedal, 1989)."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from typing_extensions import override

from gdstudio.core.hyperparameter import SliderRange, hyperparameter
from gdstudio.core.notation import ALPHA, EQUALS, GETS, maths, words
from gdstudio.core.settings.optimizers.optimizer import Optimizer
from gdstudio.core.settings.optimizers.rules import PLUS, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.core.notation import Group, Piece
    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.mistakes.mistake import Mistake
    from gdstudio.core.problems.problem import ProblemSpec
    from gdstudio.core.typing import Floats

_MINUS = words("−")
_SEARCHED = 25
"""So many gradients an iteration is given at most; torch's own line search takes no more by itself."""


class LBFGS(Optimizer):
    """``torch.optim.LBFGS``: a step asks for more gradients than one, by a closure.

    Torch makes up to 20 iterations a step unless told otherwise; here a step is one iteration unless told
    otherwise, so that each can be seen. The learning rate is the step length that the line search tries
    first, and without line search the step length itself. Torch does not move where no entry of the gradient
    is above 1e-7, nor where a step promises less than 1e-9.
    https://docs.pytorch.org/docs/stable/generated/torch.optim.LBFGS.html
    """

    title, place, torch_name = "L-BFGS", 7, "LBFGS"
    needs_closure: ClassVar = True

    kind: Literal["lbfgs"] = "lbfgs"
    iterations: int = hyperparameter(
        1,
        title="Iterations a step",
        help="How many times a step moves the weights; each of them takes a gradient or more",
        slider=SliderRange(1, 20, 1),
        ge=1,
        le=100,
    )
    history: int = hyperparameter(
        10,
        title="Memory",
        symbol="m",
        help="How many of the latest changes of the gradient tell of the curvature",
        slider=SliderRange(1, 100, 1),
        ge=1,
        le=1000,
    )
    line_search: bool = hyperparameter(
        True,
        title="Line search",
        help="Look for a step length by the strong Wolfe conditions, from the learning rate on",
    )

    @override
    def arguments(self) -> dict[str, Any]:
        given: dict[str, Any] = {"max_iter": self.iterations, "history_size": self.history}
        if not self.line_search:
            return given
        return {**given, "max_eval": _SEARCHED * self.iterations, "line_search_fn": "strong_wolfe"}

    @override
    def objection(self, spec: ProblemSpec, mistake: Mistake, *, is_full_batch: bool) -> str:
        if not is_full_batch:
            return (
                "L-BFGS compares the gradient of a step with that of the step before, so both need all rows; "
                "leave out batch_size, or give another optimizer"
            )
        if mistake.changes_gradient:
            return (
                f"L-BFGS takes its gradients from the cost itself, so that the mistake {mistake.name} cannot "
                "be made with it; give another optimizer, or no mistake"
            )
        return super().objection(spec, mistake, is_full_batch=is_full_batch)

    @override
    def rule(self, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
        d, s = maths("d", "d", "gradient_text"), maths("s", "s")
        inverse = maths("H", "H")
        along = (named(self.title), d, EQUALS, _MINUS, inverse, words(" "), gradient)
        length = (s, EQUALS, ALPHA)
        if self.line_search:
            length = (s, words(" by line search from "), ALPHA)
        return along, length, (weights, GETS, weights, PLUS, s, words(" "), d)

    @override
    def move(
        self,
        weights: Floats,
        gradient: Floats,
        learning_rate: float,
        state: Mapping[str, Any] | None = None,
        problem: Problem | None = None,
    ) -> Floats:
        """Return the move as for every optimizer; it takes what other gradients it needs from the problem.

        Raises
        ------
        ValueError
            Where it needs another gradient and there is no problem to take it from.
        """
        import torch

        at = torch.from_numpy(np.array(weights, dtype=np.float64)).requires_grad_()
        made = self.build([at], learning_rate)
        if state is not None:
            made.load_state_dict(copy.deepcopy(dict(state)))
            made.param_groups[0]["lr"] = learning_rate
        known = [gradient]

        def closure() -> float:
            here = at.detach().numpy()
            if known:
                at.grad = torch.from_numpy(np.array(known.pop()))
            elif problem is None:
                raise ValueError("L-BFGS asks for another gradient; give the problem to take it from")
            else:
                at.grad = torch.from_numpy(problem.gradient_at(here).copy())
            return 0.0 if problem is None else float(problem.cost_at(here))

        made.step(closure)
        return np.asarray(at.detach().numpy() - weights)
