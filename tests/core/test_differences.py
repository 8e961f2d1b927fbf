"""What sets runs apart, in words."""

from __future__ import annotations

from typing import Any

import pytest

from gdstudio.core.settings.differences import describe_differences
from gdstudio.core.settings.experiment import Experiment

LINE = Experiment.parse({"problem": {"kind": "line"}, "run": {"learning_rate": 0.1, "max_steps": 9}})
NETWORK = Experiment.parse(
    {"problem": {"kind": "linear_network", "n": 100}, "run": {"batch_size": 10, "max_epochs": 2}}
)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"run.learning_rate": 0.05}, "α = 0.05"),
        ({"run.initial_weights": (0.0, -1.5)}, "Start = (0, −1.5)"),
        ({"run.seed": 7, "run.learning_rate": 1.0}, "α = 1, Seed = 7"),
        ({"run.optimizer": {"kind": "adam"}}, "Adam"),
        ({"view.steps_per_second": 2.0}, "α = 0.1"),
    ],
)
def test_that_a_run_is_named_by_what_differs(changes: dict[str, Any], words: str) -> None:
    assert describe_differences(LINE.edited(changes), [LINE]) == words


def test_that_what_differs_among_the_others_is_named_too() -> None:
    assert describe_differences(LINE, [LINE, LINE.edited({"run.learning_rate": 0.5})]) == "α = 0.1"


def test_that_all_rows_are_a_batch_size_of_their_own() -> None:
    everything, single = NETWORK.edited({"run.batch_size": None}), NETWORK.edited({"run.batch_size": 1})
    assert [describe_differences(one, [NETWORK, everything, single]) for one in (everything, single)] == [
        "B = 100",
        "B = 1",
    ]
    assert describe_differences(everything, [NETWORK.edited({"run.batch_size": 100})]) == "α = 0.1"


def test_that_another_problem_is_named_first_and_long_lists_are_cut() -> None:
    words = describe_differences(NETWORK, [LINE])
    assert words == "Linear network, B = 10, Steps = none, …"
