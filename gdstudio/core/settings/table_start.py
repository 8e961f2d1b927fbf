"""An experiment to begin with on a table: a start at 0, and a learning rate that its curvature allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from gdstudio.core.errors import from_validation
from gdstudio.core.problems import parse_problem
from gdstudio.core.problems.kinds.table import TableSpec
from gdstudio.core.settings.experiment import Experiment

if TYPE_CHECKING:
    from gdstudio.core.tables.options import Options
    from gdstudio.core.tables.scaling import ScalingName
    from gdstudio.core.tables.selection import Task

_STEPS = 1000
_STEEPEST = 0.25
"""The most that the cross-entropy curves, beside the square's 1: p (1 - p)."""


@dataclass(frozen=True, slots=True)
class TableChoice:
    """Which table, how it is read, and what of it is learnt; None where it is found out.

    ``path`` is the file's, and ``digest`` its checksum where it has been read already; ``cells`` are the
    table itself where it was pasted.
    """

    path: str | None
    cells: str | None
    options: Options
    digest: str | None = None
    label: str | None = None
    features: tuple[str, ...] | None = None
    task: Task = "regression"
    yes: str | None = None
    scaling: ScalingName = "none"
    test_share: float = 0.0

    @property
    def problem(self) -> dict[str, Any]:
        """The ``[problem]`` table of a file, without what is found out."""
        read = self.options
        keys: dict[str, Any] = {
            "path": self.path,
            "sha256": self.digest,
            "cells": self.cells,
            "delimiter": read.delimiter,
            "decimal": read.decimal,
            "encoding": read.encoding,
            "header": read.header,
            "sheet": read.sheet,
            "label": self.label,
            "features": self.features,
            "task": self.task,
            "yes": self.yes,
            "scaling": self.scaling,
            "test_share": self.test_share,
        }
        return {"kind": "table", **{key: value for key, value in keys.items() if value is not None}}

    def spec(self) -> TableSpec:
        """Return the problem.

        Raises
        ------
        InputError
            Where something does not fit, one line each.
        """
        try:
            spec = parse_problem(self.problem)
        except ValidationError as error:
            raise from_validation(error) from None
        assert isinstance(spec, TableSpec)
        return spec


def begun(choice: TableChoice) -> Experiment:
    """Return an experiment on a table, ready to play.

    Raises
    ------
    InputError
        Where something of the choice does not fit.
    """
    spec = choice.spec()
    count = len(spec.weight_names)
    tables = {
        "problem": spec.model_dump(exclude_none=True),
        "run": {
            "learning_rate": _rate(spec),
            "max_steps": _STEPS,
            "initial_weights": (0.0,) * count,
        },
        "view": {"panels": _panels(spec), "feature": 0},
    }
    return Experiment.parse(tables)


def _rate(spec: TableSpec) -> float:
    """Return 1/L with two digits: L is the largest curvature of the cost, at most that at p = 1/2."""
    data = spec.data()
    X = data.whole_scaling.of(data.selection.X)
    A = np.column_stack([X, np.ones(len(X))])
    squares = spec.loss().squares
    factor = _STEEPEST / len(X) if squares is None else 2 * squares.factor(len(X))
    largest = factor * float(np.linalg.eigvalsh(A.T @ A)[-1])
    return float(f"{1 / largest:.2g}") if np.isfinite(largest) and largest > 0 else 0.1


def _panels(spec: TableSpec) -> tuple[str, ...]:
    features = len(spec.feature_names)
    if spec.task == "classes":
        first = ("decision_map",) if features == 2 else ("data_plot",)
        return (*first, "confusion", "cost_history", "contour" if features == 1 else "columns")
    return ("data_plot", "cost_history", "contour" if features == 1 else "columns")
