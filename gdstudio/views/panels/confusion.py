"""How many rows of each class are predicted right, and how many wrong: the confusion matrix, live."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from gdstudio.core.numbers import format_count, format_fixed
from gdstudio.core.problems.traits import Trait
from gdstudio.core.problems.verdicts import Verdicts
from gdstudio.views.plotting.number_table import Column, NumberTable
from gdstudio.views.plotting.panel import Panel, Scene

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.dataset import Dataset
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_COLUMNS = (
    Column("label", "data"),
    Column("p ≤ ½: said 0", "negative", is_bold=True),
    Column("p > ½: said 1", "prediction", is_bold=True),
    Column("right", "text"),
)


class Confusion(Panel):
    """One line a class, of the training rows and, where there are any, of those that are never trained on."""

    kind: ClassVar[str] = "confusion"
    title: ClassVar[str] = "Right and wrong"
    short_title: ClassVar[str] = "Counts"
    height_share: ClassVar[int] = 1

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.table = NumberTable(_COLUMNS, appearance, self.title)
        self.body(self.table)

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return Trait.CLASSES in problem.traits

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        parts = self._parts(scene.problem)
        self.table.set_rows(2 * len(parts))
        for i, (words, _) in enumerate(parts):
            for label in (0, 1):
                self.table.write(2 * i + label, 0, f"{words}y = {label}")
        self.restyle()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        said = []
        for i, (words, rows) in enumerate(self._parts(self.scene.problem)):
            verdicts = self._verdicts(rows, snapshot.latest)
            self._write(2 * i, (verdicts.no_no, verdicts.no_yes), verdicts.no_no)
            self._write(2 * i + 1, (verdicts.yes_no, verdicts.yes_yes), verdicts.yes_yes)
            right, count = format_count(verdicts.right), format_count(verdicts.rows)
            shown = self.session.concealed.shown
            share = shown("weights", format_fixed(verdicts.accuracy, 3))
            said.append(f"{words}accuracy {share} = {shown('weights', right)}/{count}")
        text = " &nbsp; ".join(said)
        if text != self.note.text():
            self.note.setText(text)

    def _write(self, row: int, counts: tuple[int, int], right: int) -> None:
        shown, total = self.session.concealed.shown, format_count(sum(counts))
        for i, count in enumerate(counts):
            self.table.write(row, i + 1, shown("weights", format_count(count)))
        self.table.write(row, 3, f"{shown('weights', format_count(right))} of {total}")

    def _verdicts(self, rows: Dataset, weights: Floats) -> Verdicts:
        assert self.scene is not None
        return Verdicts.of(rows.y, self.scene.problem.predict(weights, rows.X))

    @staticmethod
    def _parts(problem: Problem) -> list[tuple[str, Dataset]]:
        held_out = problem.held_out
        return [("", problem.rows)] + ([] if held_out is None else [("test ", held_out)])

    @override
    def restyle(self) -> None:
        self.keep_in_sight(self.table)
        self.table.restyle()
