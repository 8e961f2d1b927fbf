"""The ``[view]`` table of an experiment: what is shown of its run."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gdstudio.core.hyperparameter import Settings, declared_to_apply, hyperparameter
from gdstudio.core.panels import MOST_PANELS, PanelName


class ViewSettings(Settings):
    """The ``[view]`` table: what is shown of the run, none of which changes a number of it."""

    panels: tuple[PanelName, ...] = Field(
        ("data_plot", "cost_history"),
        strict=False,
        min_length=1,
        max_length=MOST_PANELS,
        json_schema_extra=declared_to_apply("picture"),
    )
    steps_per_second: float | None = hyperparameter(
        None,
        title="Speed",
        help="Steps a second; none given means as fast as it goes",
        applies="pace",
        gt=0,
        le=1000,
    )
    cost_scale: Literal["linear", "log"] = hyperparameter(
        "log", title="Cost axis", help="How the cost axis is divided", applies="picture"
    )
    feature: int = hyperparameter(
        0,
        title="Feature",
        symbol="x",
        help="Which feature the data are drawn against, counted from 1; 0 for predictions against labels",
        applies="picture",
        ge=0,
    )
    residual_squares: bool = hyperparameter(
        False,
        title="Squares",
        help="Draw each residual as the square that the cost adds up",
        applies="picture",
    )
    headline: Literal["auto", "weight", "cost"] = hyperparameter(
        "auto",
        title="Large number",
        help="Which number stands large beside the main picture",
        applies="picture",
        choices={"auto": "what fits", "weight": "the first weight", "cost": "the cost"},
    )
    formula: Literal["auto", "cost", "update", "epoch"] = hyperparameter(
        "auto",
        title="Formula line",
        help="What the line above the pictures writes out",
        applies="picture",
        choices={
            "auto": "what fits",
            "cost": "cost and slope",
            "update": "the update",
            "epoch": "the loss of an epoch",
        },
    )
    eigenvectors: bool = hyperparameter(
        False,
        title="Eigenvectors",
        help="Draw the eigenvectors of a constant Hessian on the contour, with 1 − αλ of each",
        applies="picture",
    )
    difference_step: float = hyperparameter(
        1e-5,
        title="Step of the gradient check",
        symbol="h",
        help="How far to each side of a weight the cost is taken for its difference quotient",
        scale="log",
        applies="picture",
        ge=1e-16,
        le=1,
    )
    code: bool = hyperparameter(
        False,
        title="Code",
        help="Show the loop of this experiment as PyTorch code below the pictures",
        applies="picture",
    )
    console: bool = hyperparameter(
        False,
        title="Output",
        help="Show below the code what its program prints",
        applies="picture",
    )
    program: Literal["pytorch", "by_hand"] = hyperparameter(
        "pytorch",
        title="Program",
        help="How the code is written: with PyTorch, or by hand with every derivative written out",
        applies="picture",
        choices={"pytorch": "PyTorch", "by_hand": "by hand"},
    )
