"""The words beside the lines of code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gdstudio.core.listing import PHASES
from gdstudio.core.training.phases import PhaseFact
from gdstudio.views.code.values import code_values

X, Y = np.array([[1.0, -2.5], [0.125, 3.0], [4.0, 5.0], [6.0, 7.0]]), np.array([1.0, 2.0, 3.0, 4.0])
BATCH = PhaseFact("batch", 7, 0.1, np.array([0.5, -1.0]), 4, X, Y)
BACKWARD = replace(BATCH, phase="backward", predictions=2 * Y, cost=1 / 3, gradient=np.array([1e-9, -20.0]))


def test_that_a_batch_has_shapes_and_first_values() -> None:
    assert code_values(BATCH) == {
        "batch": "X (4, 2) = [[1, −2.5], …], y (4, 1) = [1, 2, …]",
    }
    assert "y (4,) =" in code_values(BATCH, reshaped=False)["batch"]


def test_that_a_later_phase_keeps_the_words_of_the_earlier() -> None:
    words = code_values(BACKWARD)
    assert words["forward"] == "h (4, 1) = [2, 4, 6, …]"
    assert words["loss"] == "cost = 0.333333"
    assert words["backward"] == "grad = [1×10⁻⁹, −20]"
    after = replace(BACKWARD, phase="update", weights_after=np.array([0.0, 2.0]))
    assert code_values(after)["update"] == "weights [0.5, −1] → [0, 2]"
    assert set(code_values(after)) == set(PHASES) - {"zero_grad"}


def test_that_zero_grad_says_what_is_left() -> None:
    cleared = replace(BATCH, phase="zero_grad")
    assert code_values(cleared)["zero_grad"] == "grad = None"
    left = replace(cleared, gradient=np.array([1.0, 2.0]))
    assert code_values(left)["zero_grad"] == "grad stays [1, 2]"


def test_that_many_columns_are_cut_short() -> None:
    wide = replace(BATCH, X=np.ones((4, 9)))
    assert code_values(wide)["batch"].startswith("X (4, 9) = [[1, 1, 1, …], …]")
