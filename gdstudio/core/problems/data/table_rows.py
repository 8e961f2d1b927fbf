"""The rows of a table of a user's own: scaled where that is chosen, and split by the seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from gdstudio.core.listing import listed
from gdstudio.core.problems.data.source import COLUMN, DATA_STREAM, DataSource, labels, script
from gdstudio.core.problems.data.table_script import TableFile, reading_lines
from gdstudio.core.problems.dataset import Dataset
from gdstudio.core.tables.scaling import Scaling
from gdstudio.core.tables.scaling import scaling as scaling_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.core.listing import Lines, TextStyle
    from gdstudio.core.tables.scaling import ScalingName
    from gdstudio.core.tables.selection import Selection
    from gdstudio.core.typing import Floats

    Places = NDArray[np.intp]

_MOST_WRITTEN = 5_000
"""Of a file, so many numbers are written into a program; of more it reads the file itself."""


@dataclass(frozen=True, slots=True)
class TableRows(DataSource):
    """n rows of a selection, of which ``held_out`` are never trained on; ``file`` is None for pasted ones."""

    selection: Selection
    scaling_name: ScalingName
    held_out: int
    file: TableFile | None

    note = "The rows of the table that have all of their cells."

    @property
    @override
    def is_drawn(self) -> bool:
        return self.held_out > 0

    @property
    @override
    def row_count(self) -> int:
        return len(self.selection.y) - self.held_out

    @property
    @override
    def test_row_count(self) -> int:
        return self.held_out

    @property
    @override
    def feature_count(self) -> int:
        return len(self.selection.features)

    @property
    @override
    def largest_number(self) -> float:
        return float(max(np.abs(self.selection.X).max(), np.abs(self.selection.y).max()))

    @override
    def draw(self, seed: int) -> tuple[Dataset, Dataset | None]:
        train, test = self._split(seed)
        X, y = self.selection.X, self.selection.y
        made = self._scaling(X[train]).of(X)
        if not self.held_out:
            return Dataset(made, y), None
        return Dataset(made[train], y[train]), Dataset(made[test], y[test])

    @property
    def whole_scaling(self) -> Scaling:
        """What the features would be scaled by over all rows: known without a seed."""
        return self._scaling(self.selection.X)

    def scaling(self, seed: int) -> Scaling:
        """Return what the features are scaled by, found over the training rows."""
        return self._scaling(self.selection.X[self._split(seed)[0]])

    def notes(self, seed: int) -> tuple[str, ...]:
        """Return what is to be said of the split and of the scaling, as sentences."""
        of_split: tuple[str, ...] = ()
        if self.held_out:
            share = f"{self.held_out:,} of {len(self.selection.y):,} rows"
            of_split = (f"{share}, chosen by the seed, are kept for testing.",)
        return (*of_split, *self.scaling(seed).notes(self.selection.features))

    def _split(self, seed: int) -> tuple[Places, Places]:
        """Return the places of the rows to train on and of those held out, each in the table's order."""
        if not self.held_out:
            return np.arange(len(self.selection.y)), np.empty(0, dtype=np.intp)
        import torch

        from gdstudio.core.seeds import generator

        order = torch.randperm(len(self.selection.y), generator=generator(seed, "data")).numpy()
        return np.sort(order[self.held_out :]), np.sort(order[: self.held_out])

    def _scaling(self, X: Floats) -> Scaling:
        return scaling_of(X, self.scaling_name, self.selection.features)

    @override
    def lines(self, style: TextStyle) -> Lines:
        is_scaled = self.scaling_name != "none"
        raw = style.draws if is_scaled else ""
        read = self._reads_file
        made = reading_lines(self.file, self.selection) if read and self.file is not None else ()
        X = _rows_text(self.selection.X, read=read, end=f"]{raw})")
        y = "row[-1] for row in cells" if read else None
        y_lines = [f"y = torch.tensor([{y}]){COLUMN}{style.moves}"] if y else _y_text(self.selection.y, style)
        ends = (*self._split_lines(), *self._scaling_lines())
        moves = [] if not is_scaled and not style.moves else self._moving_lines(style)
        return (*script(*made, *X), *labels(*y_lines), *script(*ends, *moves))

    @property
    def _reads_file(self) -> bool:
        return self.file is not None and self.selection.X.size + self.selection.y.size > _MOST_WRITTEN

    def _moving_lines(self, style: TextStyle) -> list[str]:
        ends = f"{style.casts if self.scaling_name != 'none' else ''}{style.moves}"
        names = ["X", *(["X_test"] if self.held_out else [])]
        return [f"{name} = {name}{ends}" for name in names] if ends else []

    def _scaling_lines(self) -> list[str]:
        """Return the lines that scale X by numbers of the training rows, with sums that are rounded once."""
        if self.scaling_name == "none":
            return []
        if self.scaling_name == "min_max":
            spread = ["less, by = X.amin(0), X.amax(0) - X.amin(0)  # least and range of each feature"]
        else:
            spread = [
                "means = [math.fsum(x) / len(x) for x in X.T.tolist()]",
                "less = torch.tensor(means, dtype=X.dtype)",
                "squares = [[off * off for off in x] for x in (X - less).T.tolist()]",
                "by = torch.tensor([math.sqrt(math.fsum(x) / len(x)) for x in squares], dtype=X.dtype)",
            ]
        test = ["X_test = (X_test - less) / by"] if self.held_out else []
        return [*spread, *test, "X = (X - less) / by"]

    def _split_lines(self) -> list[str]:
        if not self.held_out:
            return []
        return [
            f"data_stream = {DATA_STREAM}",
            "order = torch.randperm(len(y), generator=data_stream)",
            f"test, train = order[:{self.held_out}].sort().values, order[{self.held_out}:].sort().values",
            "X_test, y_test = X[test], y[test]",
            "X, y = X[train], y[train]",
        ]


def _rows_text(X: Floats, *, read: bool, end: str) -> list[str]:
    if read:
        return [f"X = torch.tensor([row[:-1] for row in cells{end}"]
    rows = X.tolist()
    items = [f"[{', '.join(map(repr, row))}]" for row in rows]
    return listed("X = torch.tensor([", items, end)


def _y_text(y: Floats, style: TextStyle) -> list[str]:
    return listed("y = torch.tensor([", map(repr, y.tolist()), f"]){COLUMN}{style.moves}")
