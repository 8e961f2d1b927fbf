"""y = X w + b with its shapes: the first rows of the step, and one row's inner product written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from gdstudio.core.concealment import UNKNOWN
from gdstudio.core.numbers import format_count, format_fixed
from gdstudio.core.symbols import subscript, symbol
from gdstudio.views.plotting.matrices import Block, MatrixDrawing
from gdstudio.views.plotting.panel import Panel

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.matrices import Words
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_ROWS = 6
_MOST_FEATURES = 4
_DECIMALS = 3


class MatrixProduct(Panel):
    """X (n, d) times w (d, 1) plus b, which is broadcast to every row (L220-268).

    While a step is made phase by phase, its rows are those of the batch; else they are the first of all.
    """

    kind: ClassVar[str] = "matrix_product"
    title: ClassVar[str] = "The prediction as a matrix product"
    short_title: ClassVar[str] = "Product"

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.drawing = MatrixDrawing(appearance)
        self.body(self.drawing)

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        layers = problem.layers
        # Elsewhere the output may be made of the sum.
        is_sum = bool(problem.spec.hypothesis) or problem.output_name == "z"
        return is_sum and layers is not None and len(layers.sizes) == 2 and layers.sizes[0] <= _MOST_FEATURES

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        fact = snapshot.phase
        if fact is not None and fact.weights_after is None:
            self._show(fact.X, fact.rows, fact.weights)
            self._say(f"{format_count(fact.rows)} rows of step {format_count(fact.step)}")
        else:
            rows = self.scene.problem.rows
            self._show(rows.X, len(rows), snapshot.latest)
            self._say(f"all {format_count(len(rows))} rows")

    def draw_phase(self, fact: PhaseFact | None) -> None:
        """Nothing more: `draw` has taken the rows of the phase already."""

    @override
    def restyle(self) -> None:
        self.drawing.update()

    def _say(self, rows: str) -> None:
        added = "; b is broadcast to each" if self._has_bias else ""
        self.note.setText(f"{rows}{added}")

    @property
    def _has_bias(self) -> bool:
        return self.scene is not None and self.scene.problem.bias_count > 0

    @property
    def _output(self) -> str:
        """What the product is called: the prediction, or that of which one is made."""
        assert self.scene is not None
        name = self.scene.problem.output_name
        return "ŷ" if name == "h" else name

    def _show(self, X: Floats, count: int, weights: Floats) -> None:
        """Show the product for ``count`` rows, of which X (k, d) are the first, at weights (P,)."""
        assert self.scene is not None
        problem, d = self.scene.problem, X.shape[1]
        first = X[:_ROWS]
        hidden = self.session.concealed.hides("weights")
        w = [UNKNOWN if hidden else _number(value) for value in weights[:d].tolist()]
        b = [UNKNOWN if hidden else _number(value) for value in weights[d:].tolist()]
        h = [UNKNOWN if hidden else _number(value) for value in problem.outputs(weights, first).tolist()]
        x = [[_number(value) for value in row] for row in first.tolist()]
        n, more = str(count), count > len(first)
        blocks = [
            Block("", f"X ({n}, {d})", "data", tuple(map(tuple, x)), more),
            Block("", f"w ({d}, 1)", "weights", tuple((value,) for value in w)),
        ]
        if b:
            blocks.append(Block("+", "b (1)", "weights", ((b[0],),)))
        blocks.append(
            Block("=", f"{self._output} ({n}, 1)", "prediction", tuple((value,) for value in h), more)
        )
        self.drawing.show_product(tuple(blocks), self._written(x[0], w, b, h[0]))

    def _written(self, x: list[str], w: list[str], b: list[str], h: str) -> tuple[Words, ...]:
        """Return the first row's inner product, in symbols and in numbers."""
        assert self.scene is not None
        names = [symbol(name) for name in self.scene.problem.weight_names]
        d = len(x)
        features = [f"x{subscript(i + 1)}" for i in range(d)] if d > 1 else ["x"]
        line = [(f"row 1:  {self._output}", "prediction"), (" = ", "text"), *_sum(features, names[:d], " ")]
        if b:
            line += [(" + ", "text"), (names[-1], "weights")]
        numbers = [("= ", "text"), *_sum([_bracketed(v) for v in x], [_bracketed(v) for v in w], " · ")]
        if b:
            numbers += [(" + ", "text"), (_bracketed(b[0]), "weights")]
        numbers += [(" = ", "text"), (h, "prediction")]
        return tuple(line), tuple(numbers)


def _sum(features: list[str], weights: list[str], times: str) -> list[tuple[str, str]]:
    words: list[tuple[str, str]] = []
    for i, (x, w) in enumerate(zip(features, weights, strict=True)):
        words += [(" + ", "text")] if i else []
        words += [(x, "data"), (times, "text"), (w, "weights")]
    return words


def _number(value: float) -> str:
    return format_fixed(value, _DECIMALS)


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("−") else text
