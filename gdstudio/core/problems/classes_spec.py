"""What logistic regressions share, whatever their data: the cost, and the choice of other data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.notation import EQUALS, Piece, maths, name_tex, operator, words
from gdstudio.core.problems.fit_spec import FitSpec
from gdstudio.core.problems.losses import ClassLossName, class_titles
from gdstudio.core.symbols import symbol

if TYPE_CHECKING:
    from gdstudio.core.notation import Group


class ClassesSpec(FitSpec):
    """A linear model of the log-odds of a 1, on labels of 0 and 1.

    The data of one can be chosen in the place of another's; the cost stays, and the weights begin at 0, where
    every p is 1/2.
    """

    family: ClassVar[str] = "yes or no"
    family_words: ClassVar[tuple[str, str, str]] = (
        "Data",
        "",
        "Which points are told apart; the cost stays, and the weights begin at 0",
    )

    cost: ClassLossName = hyperparameter(
        "cross_entropy",
        title="Cost",
        symbol="J",
        help="How the probabilities and the labels, 0 and 1, become one number",
        choices=class_titles,
    )

    @property
    @override
    def carried_over(self) -> dict[str, Any]:
        return {"cost": self.cost}

    @property
    @override
    def begins_with(self) -> dict[str, Any]:
        return {"run.initial_weights": (0.0,) * len(self.weight_names)}

    @property
    @override
    def written_cost(self) -> Group:
        """Return what J is the mean of, and p = sigmoid(w x + b)."""
        inside = self.loss().formula
        if inside is None:
            return ()
        mean = maths(f"mean({inside.text}), ", rf"\mathrm{{mean}}\left({inside.tex}\right),\;")
        p = maths("p = σ(z), ", r"p = \sigma(z),\;"), maths("z", "z")
        return (maths("J", "J", "cost_text"), EQUALS, mean, *p, EQUALS, *self._log_odds())

    def _log_odds(self) -> Group:
        *names, bias = self.weight_names
        pieces: list[Piece] = []
        for name in names:
            factor = "x" + name.removeprefix("w")
            pieces += [maths(symbol(name), name_tex(name), "weights"), words(" ")]
            pieces += [maths(symbol(factor), name_tex(factor), "data"), operator("+")]
        return (*pieces, maths(bias, bias, "weights"))
