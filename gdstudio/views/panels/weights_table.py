"""Every weight beside its truth, with its error, live."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from gdstudio.core.numbers import format_fixed, format_number
from gdstudio.core.symbols import symbol
from gdstudio.views.plotting.number_table import Column, NumberTable
from gdstudio.views.plotting.panel import Panel, Scene

if TYPE_CHECKING:
    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_COLUMNS = (
    Column("weight", "text"),
    Column("learnt", "weights", is_bold=True),
    Column("truth", "truth"),
    Column("error", "gradient_text"),
)


class WeightsTable(Panel):
    """Weight, learnt value, truth and error (truth minus learnt, as the notebook prints it, L340-342)."""

    kind: ClassVar[str] = "weights_table"
    title: ClassVar[str] = "Weights and their errors"
    short_title: ClassVar[str] = "Weights"
    height_share: ClassVar[int] = 1

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.table = NumberTable(_COLUMNS, appearance, self.title)
        self.body(self.table)

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        names = scene.problem.weight_names
        truth = scene.problem.true_weights
        self.table.set_rows(len(names))
        for row, name in enumerate(names):
            self.table.write(row, 0, symbol(name))
            self.table.write(row, 2, "unknown" if truth is None else format_number(float(truth[row])))
        self.note.setText("error = truth − learnt")
        self.restyle()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        truth = self.scene.problem.true_weights
        for row, weight in enumerate(snapshot.latest.tolist()):
            shown = self.session.concealed.shown
            self.table.write(row, 1, shown("weights", format_fixed(weight)))
            error = "" if truth is None else format_fixed(float(truth[row]) - weight)
            self.table.write(row, 3, shown("weights", error))

    @override
    def restyle(self) -> None:
        self.keep_in_sight(self.table)
        self.table.restyle()
