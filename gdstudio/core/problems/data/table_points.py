"""The rows of a table of one feature as points that can be moved, added and taken away."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from gdstudio.core.problems.given_points import GivenPoints

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gdstudio.core.problems.given_points import Point
    from gdstudio.core.tables.selection import Selection

MOST_POINTS = 1_000
"""A table of more rows is not edited point by point: each edit writes it anew."""
_REASON = "Two points at least make a line: through a single one go many of them."


@dataclass(frozen=True, slots=True)
class TablePoints(GivenPoints):
    """Edits make a table of two columns, which is kept in the experiment itself and no longer in the file.

    ``names`` are those of the feature and of the label, ``origin`` is what brings the table back as it was.
    """

    names: tuple[str, str] = ("x", "y")
    origin: Mapping[str, Any] = field(default_factory=dict)

    @override
    def all(self) -> dict[str, Any]:
        return dict(self.origin)

    @override
    def changes(self, points: Sequence[Point]) -> dict[str, Any]:
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([self.names, *([repr(x), repr(y)] for x, y in points)])
        x, y = self.names
        gone = dict.fromkeys(
            ("path", "sha256", "encoding", "sheet", "yes")
        )  # named, so that undo brings them back
        read = {"delimiter": ",", "decimal": ".", "header": True, "features": [x], "label": y}
        keys = {"cells": file.getvalue(), **gone, **read}
        return {f"problem.{key}": value for key, value in keys.items()}


def table_points(selection: Selection, origin: Mapping[str, Any], *, is_scaled: bool) -> GivenPoints | None:
    """Return the rows as points; None where there are several features, or too many rows.

    ``origin`` are the changes that bring the table back as it was.
    """
    if len(selection.features) != 1 or len(selection.y) > MOST_POINTS:
        return None
    x, y = tuple(selection.X[:, 0].tolist()), tuple(selection.y.tolist())
    labels = (0.0, 1.0) if selection.classes else ()
    return TablePoints(x, y, is_scaled, 2, _REASON, labels, (selection.features[0], selection.label), origin)
