"""The worked examples of the contributing guide, each put into a temporary folder as the guide says."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from tests.folders import NEW_FILES, Folders

GUIDE = Path(__file__).parents[1] / ".github" / "CONTRIBUTING.md"


def example(name: str) -> str:
    """Return the code block of the guide that is marked with a file's name."""
    found = re.search(
        rf"<!-- example: {re.escape(name)} -->\n```python\n(.*?)\n```\n", GUIDE.read_text("utf-8"), re.DOTALL
    )
    assert found is not None, name
    return found[1] + "\n"


def test_that_the_problem_of_the_guide_runs_to_its_minimum(folders: Folders) -> None:
    folders.add("kinds", "booth", example("kinds/booth.py"))
    tables = {
        "problem": {"kind": "booth"},
        "run": {"learning_rate": 0.1, "max_steps": 300, "initial_weights": [0.0, 0.0]},
    }
    experiment = Experiment.parse(tables)
    result = train(Trainer(experiment, experiment.build_problem()), RunControl())
    np.testing.assert_allclose(result.weights, [1, 3], atol=1e-9)


def test_that_the_problem_of_the_guide_is_the_one_that_all_other_tests_try() -> None:
    assert example("kinds/booth.py") == (NEW_FILES / "kinds" / "booth.py").read_text("utf-8")


def test_that_every_new_file_has_its_row_in_the_guide() -> None:
    guide = GUIDE.read_text("utf-8")
    for folder in ("kinds", "losses", "mistakes"):
        assert f"`gdstudio/core/problems/{folder}`" in guide
    assert "`gdstudio/core/settings/optimizers`" in guide
    assert "`gdstudio/core/settings/schedules`" in guide
