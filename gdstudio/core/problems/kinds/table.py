"""A table of one's own: a linear model of one of its columns by others, or of a yes or no."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator
from typing_extensions import override

from gdstudio.core.hyperparameter import SliderRange, declared_to_apply, hyperparameter
from gdstudio.core.numbers import counted
from gdstudio.core.problems.data.table_points import table_points
from gdstudio.core.problems.data.table_rows import TableRows
from gdstudio.core.problems.data.table_script import TableFile
from gdstudio.core.problems.fit_spec import FitSpec
from gdstudio.core.problems.losses import ClassLossName, class_titles, loss_of
from gdstudio.core.problems.models.linear import LinearModel
from gdstudio.core.tables.loading import file_table, found, text_table
from gdstudio.core.tables.options import Decimal, Options
from gdstudio.core.tables.scaling import WORDS, ScalingName, check_spread
from gdstudio.core.tables.selection import MAX_FEATURES, Selection, Task, select

if TYPE_CHECKING:
    from gdstudio.core.problems.given_points import GivenPoints
    from gdstudio.core.problems.losses.loss import Loss
    from gdstudio.core.problems.models.model import Model
    from gdstudio.core.tables.scaling import Scaling
    from gdstudio.core.tables.table import Table

FIRST = "anscombe-1.csv"
"""The table where none is given: it comes with the studio."""
MAX_CELLS_TEXT = 1_000_000
_LEAST_ROWS = 2


def _known(title: str, **bounds: Any) -> Any:
    """Declare how the table is read, or what of it is used, which the preview asks; it has no control."""
    return Field(None, title=title, json_schema_extra=declared_to_apply("restart"), **bounds)


class TableSpec(FitSpec):
    """``kind = "table"``: a file's ``path``, or the table itself as ``cells``."""

    title: ClassVar[str] = "table of your own"
    hypothesis: ClassVar[str] = "h(x) = w · x + b"
    drops: ClassVar[dict[str, tuple[str, ...]]] = {
        "path": ("sha256", "cells"),
        "cells": ("path", "sha256", "sheet", "encoding"),
    }

    kind: Literal["table"] = "table"
    path: str | None = _known("File", min_length=1, max_length=4096)
    sha256: str | None = _known("Checksum", pattern="^[0-9a-f]{64}$")
    cells: str | None = _known("Table", max_length=MAX_CELLS_TEXT)
    delimiter: str | None = _known("Delimiter", max_length=1)
    decimal: Decimal | None = _known("Decimal sign")
    encoding: str | None = _known("Encoding", max_length=40)
    header: bool | None = _known("Header")
    sheet: str | None = _known("Sheet", max_length=100)
    label: str | None = _known("Label", max_length=100)
    features: tuple[str, ...] | None = _known("Features", strict=False, min_length=1, max_length=MAX_FEATURES)
    yes: str | float | None = _known("Yes")
    task: Task = hyperparameter(
        "regression",
        title="Task",
        help="Learn a number, or a yes or no",
        choices={"regression": "regression, a number", "classes": "yes or no"},
    )
    scaling: ScalingName = hyperparameter(
        "none",
        title="Scaling",
        help="What becomes of each feature before it is trained on",
        choices=WORDS,
    )
    test_share: float = hyperparameter(
        0.0,
        title="Test share",
        help="Which share of the rows, chosen by the seed, is kept apart and never trained on",
        slider=SliderRange(0.0, 0.9, 0.05),
        ge=0,
        le=0.9,
    )
    class_cost: ClassLossName = hyperparameter(
        "cross_entropy",
        title="Cost of a yes or no",
        symbol="J",
        help="How the probabilities and the labels, 0 and 1, become one number",
        choices=class_titles,
        is_rarely_changed=True,
    )

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        if self.path is not None and self.cells is not None:
            raise ValueError("path: give the path of a table, or the table itself as cells, and not both")
        if self.cells is None:
            where = found(self.path or FIRST, Path())
            table = file_table(Path(where), self.options, self.sha256)
            self.__dict__.update(path=where, sha256=table.digest, table=table)
        rows = len(self.selection.y)
        if rows - self._held_out < _LEAST_ROWS:
            raise ValueError(
                f"test_share: leaves {counted(rows - self._held_out, 'row')} of {rows} to train on; give less"
            )
        check_spread(self.selection.X, self.scaling, self.selection.features)
        return self

    @cached_property
    def table(self) -> Table:
        """The table as it was read."""
        if self.path is None:
            return text_table(self.cells or "", self.options)
        return file_table(Path(self.path), self.options, self.sha256)

    @property
    def options(self) -> Options:
        """How the table is read, where that is said."""
        return Options(self.delimiter, self.decimal, self.encoding, self.header, self.sheet)

    @cached_property
    def selection(self) -> Selection:
        """The rows that are used."""
        return select(self.table, self.label, self.features, self.task, self.yes)

    @property
    @override
    def feature_names(self) -> tuple[str, ...]:
        return self.selection.features

    @property
    @override
    def label_name(self) -> str:
        classes = self.selection.classes
        return f"{self.selection.label} = {classes[1]}" if classes else self.selection.label

    @property
    @override
    def left_out(self) -> int:
        return self.selection.left_out

    @property
    @override
    def notes(self) -> tuple[str, ...]:
        return (*self.table.notes, *self.selection.notes)

    @override
    def feature_scaling(self, seed: int) -> Scaling:
        return self.data().scaling(seed)

    @property
    @override
    def about(self) -> tuple[str, ...]:
        return (*self.table.about, *self.notes)

    @override
    def remarks(self, seed: int) -> tuple[str, ...]:
        return (*self.notes, *self.data().notes(seed))

    @property
    @override
    def own_quantities(self) -> tuple[str, ...]:
        if self.task == "regression":
            return ()
        return ("right", "boundary") if len(self.selection.features) == 1 else ("right",)

    @property
    @override
    def given_points(self) -> GivenPoints | None:
        if self._held_out:
            return None
        written = self.model_dump(exclude={"kind", "task", "scaling", "test_share", "cost", "class_cost"})
        origin = {f"problem.{key}": value for key, value in written.items()}
        return table_points(self.selection, origin, is_scaled=self.scaling != "none")

    @property
    def _held_out(self) -> int:
        return round(self.test_share * len(self.selection.y))

    @override
    def loss(self) -> Loss:
        return loss_of(self.cost if self.task == "regression" else self.class_cost)

    @override
    def data(self) -> TableRows:
        file = None
        if self.path is not None and self.sha256 is not None:
            file = TableFile(self.path, self.sha256, self.table.understood)
        return TableRows(self.selection, self.scaling, self._held_out, file)

    @override
    def model(self) -> Model:
        count = len(self.selection.features)
        return LinearModel(("w",) if count == 1 else tuple(f"w{i + 1}" for i in range(count)), "b")
