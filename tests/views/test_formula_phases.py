"""The formula of a step that is made phase by phase: no number stands there before its phase has made it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdstudio.core.listing import PHASES
from gdstudio.views.formula.symbols import is_ready

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window

CASES = {
    "learning-rate": {
        "batch": "J(θ₀) =; θ₁ = 0 - 0.1 · =",
        "forward": "J(θ₀) =; θ₁ = 0 - 0.1 · =",
        "loss": "J(θ₀) = 4.666667; θ₁ = 0 - 0.1 · =",
        "zero_grad": "J(θ₀) = 4.666667; θ₁ = 0 - 0.1 · =",
        "backward": "J(θ₀) = 4.666667; θ₁ = 0 - 0.1 · (-9.333333) =",
        "update": "J(θ₀) = 4.666667; θ₁ = 0 - 0.1 · (-9.333333) = 0.933333",
    },
    "two-parameters": {
        "forward": "J₀ =; ∇J₀ =; (w, b)₁ = (0, 0) - 0.1 ∇J₀ =",
        "loss": "J₀ = 4.666667; ∇J₀ =; (w, b)₁ = (0, 0) - 0.1 ∇J₀ =",
        "backward": "J₀ = 4.666667; ∇J₀ = (-9.3333, -4); (w, b)₁ = (0, 0) - 0.1 ∇J₀ =",
        "update": "J₀ = 4.666667; ∇J₀ = (-9.3333, -4); (w, b)₁ = (0, 0) - 0.1 ∇J₀ = (0.9333, 0.4000)",
    },
    "cost-and-slope": {
        "forward": "J(0) =; J′(0) =",
        "loss": "J(0) = 1/3 (1 + 4 + 9) = 4.666667; J′(0) =",
        "zero_grad": "J(0) = 1/3 (1 + 4 + 9) = 4.666667; J′(0) =",
        "backward": "J(0) = 1/3 (1 + 4 + 9) = 4.666667; J′(0) = 2/3 (-1 - 4 - 9) = -9.333333 < 0, so right",
        "update": "J(0) = 1/3 (1 + 4 + 9) = 4.666667; J′(0) = 2/3 (-1 - 4 - 9) = -9.333333 < 0, so right",
    },
}


def next_phase(window: MainWindow, qtbot: QtBot, phase: str, step: int = 1) -> str:
    """Press N, wait until the phase is drawn, and return what the formula says."""

    def drawn(snapshot: Snapshot) -> bool:
        fact = snapshot.phase
        is_there = fact is not None and (fact.step, fact.phase) == (step, phase)
        return is_there and (phase != "update" or snapshot.step == step)

    with qtbot.waitSignal(
        window.clock.frame, check_params_cb=drawn, timeout=20_000
    ):  # torch.optim is imported
        QTest.keyClick(window, Qt.Key.Key_N)
    return window.formula.text().replace("−", "-")


@pytest.mark.parametrize("name", CASES)
def test_that_numbers_come_in_with_the_phase_that_makes_them(
    open_window: WindowOpener, qtbot: QtBot, name: str
) -> None:
    window = open_window(name)
    for phase in PHASES:
        text = next_phase(window, qtbot, phase)
        assert text.endswith(CASES[name].get(phase, ""))


def test_that_the_formula_keeps_its_height_while_numbers_come_in(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    qtbot.waitUntil(is_ready)
    heights = set()
    for step in (1, 2):
        for phase in PHASES:
            next_phase(window, qtbot, phase, step)
            heights.add(window.formula.mathematics.heightForWidth(700))
    assert len(heights) == 1


def test_that_the_network_shows_the_numbers_of_its_batch(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("pytorch-loop")
    texts = [next_phase(window, qtbot, phase) for phase in PHASES]
    vector = r"\((-?[\d.]+), (-?[\d.]+), (-?[\d.]+)\)"
    assert re.search(r"J_batch =; ∇J_batch =;", texts[1])
    assert re.search(r"J_batch = [\d.]+; ∇J_batch =;", texts[2])
    assert re.search(rf"∇J_batch = {vector}; \(w₁, w₂, b\)₁ = {vector} - 0.03 ∇J_batch =$", texts[4])
    assert re.search(rf"∇J_batch [=≈] {vector}$", texts[5])


def test_that_an_optimizer_shows_what_it_remembers_once_it_has_moved(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    window.session.edit({"run.optimizer": {"kind": "sgd", "momentum": 0.9}})
    texts = [next_phase(window, qtbot, phase) for phase in PHASES]
    assert texts[4].endswith("J′(θ₀) = -9.333333; v =; θ₁ = 0 - 0.1 · =")
    ends = "J′(θ₀) = -9.333333; v = -9.333333; θ₁ = 0 - 0.1 · (-9.333333) = 0.933333"
    assert texts[5].endswith(ends)


def test_that_a_hidden_gradient_shows_neither_its_sign_nor_hides_which_step_it_is_of(
    open_window: WindowOpener,
) -> None:
    for name, says in (("learning-rate", "θ₁ = 0 - 0.1 · ? = 0.933333"), ("two-parameters", "∇J₀ = (?, ?)")):
        window = open_window(name)
        window.session.concealed.conceal(("gradient",))
        window.formula.redraw()
        assert says in window.formula.text().replace("−", "-")
