"""The formula line: the numbers in it make an equation that is true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.views.conftest import WindowOpener


def plain(text: str) -> str:
    return re.sub(r"<[^>]+>|&nbsp;", "", text).replace("−", "-")


def test_that_the_still_picture_shows_the_move_to_come(open_window: WindowOpener) -> None:
    text = plain(open_window("learning-rate").formula.text())
    assert text.startswith("θ ← θ - α J′(θ)")
    assert text.endswith("0.933333 = 0.000000 - 0.1 · (-9.333333)")


def test_that_a_step_shows_the_move_that_was_made(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 2):
        window.session.step(2)
    window.session.edit({"run.learning_rate": 0.7})  # the move was made at 0.1
    assert plain(window.formula.text()).endswith("0.995556 = 0.933333 - 0.1 · (-0.622222)")


@pytest.mark.parametrize("name", ["two-parameters", "mini-batches", "pytorch-loop"])
def test_that_the_equation_of_several_weights_is_true(
    open_window: WindowOpener, qtbot: QtBot, name: str
) -> None:
    window = open_window(name)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 3):
        window.session.step(3)
    found = re.search(r"\(([^()]*)\) = \(([^()]*)\) - (\S+) · \(([^()]*)\)$", plain(window.formula.text()))
    assert found is not None
    new, old, slope = ([float(v) for v in found[i].split(",")] for i in (1, 2, 4))
    for after, before, gradient in zip(new, old, slope, strict=True):
        assert after == pytest.approx(before - float(found[3]) * gradient, abs=2e-4)


def test_that_another_rule_is_named_without_false_numbers(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    window.session.edit({"run.optimizer": {"kind": "adam"}})
    assert "Adam" in window.formula.text()
    assert "=" not in plain(window.formula.text())
