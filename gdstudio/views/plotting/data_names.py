"""What the axes of data are called: by the names of a table's columns where there are some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.symbols import symbol

if TYPE_CHECKING:
    from gdstudio.views.plotting.panel import Scene

_SCALED = {"z_score": ", z-score", "min_max": ", min-max scaled"}


def feature_name(scene: Scene, column: int) -> str:
    """Return the name of a feature, counted from 0, and whether it is scaled."""
    spec = scene.problem.spec
    if not spec.feature_names:
        return "feature x" if scene.problem.rows.X.shape[1] == 1 else f"feature {symbol(f'x{column + 1}')}"
    scaling = spec.feature_scaling(scene.experiment.run.seed)
    return spec.feature_names[column] + _SCALED.get(scaling.name if scaling is not None else "", "")


def label_name(scene: Scene) -> str:
    """Return the name of the label."""
    return scene.problem.spec.label_name or "label y"
