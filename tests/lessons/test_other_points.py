"""L98 on other points than the notebook's (L95-98): it ends at sum y / sum x, the minimum is elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment


def end(experiment: Experiment) -> float:
    problem = experiment.build_problem()
    return float(train(Trainer(experiment, problem), RunControl(), History(1)).weights[0])


def test_that_the_cue_is_about_the_points_and_the_ends_of_the_closed_form() -> None:
    found = lesson("learning-rate")
    cue = next(cue for cue in found.cue if cue.set.get("run.mistake") == "gradient_l98")
    experiment = cue.experiment(found.experiment)
    x, y = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0])
    assert experiment.problem.given_points is not None
    assert (experiment.problem.given_points.x, experiment.problem.given_points.y) == (tuple(x), tuple(y))
    theta, steps = 0.0, experiment.run.max_steps or 0
    for _ in range(steps):
        theta -= 0.1 * 2 / 3 * float((theta * x - y).sum())
    assert theta == pytest.approx(y.sum() / x.sum(), rel=1e-9)
    assert y.sum() / x.sum() == pytest.approx(7 / 6)
    assert end(experiment) == pytest.approx(7 / 6, rel=1e-9)
    assert cue.expect["gradient"] == pytest.approx(2 / 3 * float(((7 / 6 * x - y) * x).sum()))
    assert cue.expect["cost"] == pytest.approx(float(((7 / 6 * x - y) ** 2).mean()))
    assert experiment.build_problem().minima[0, 0] == pytest.approx((x @ y) / (x @ x))
    assert (x @ y) / (x @ x) == pytest.approx(17 / 14)
    right = experiment.edited({"run.mistake": "none"})
    assert end(right) == pytest.approx(17 / 14, rel=1e-9)


@pytest.mark.parametrize("slope", [1.0, -2.5])
def test_that_on_one_line_through_0_both_gradients_are_0_at_the_same_weight(slope: float) -> None:
    found = lesson("learning-rate")
    cue = next(cue for cue in found.cue if cue.set.get("run.mistake") == "gradient_l98")
    x = (1.0, 2.0, 3.0)
    experiment = cue.experiment(found.experiment).edited({"problem.y": tuple(slope * xi for xi in x)})
    assert end(experiment) == pytest.approx(slope, rel=1e-9)
