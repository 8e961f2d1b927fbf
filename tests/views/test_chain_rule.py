"""The table of the chain rule: its sums are J and J′, and what a question hides is not in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.views.panels.chain_rule import ChainRule

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


def rows(window: MainWindow) -> list[list[str]]:
    panel = window.panels.panel("chain_rule")
    assert isinstance(panel, ChainRule)
    table = panel.table
    return [
        [item.text() if (item := table.item(row, column)) is not None else "" for column in range(6)]
        for row in range(table.rowCount())
    ]


def test_that_each_point_has_its_terms_and_they_add_up(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window.at("cost-and-slope", (1920, 1080))
    qtbot.waitUntil(lambda: rows(window)[0][0] == "(1, 1)")
    assert rows(window) == [
        ["(1, 1)", "−1", "1", "−2", "1", "−2"],
        ["(2, 2)", "−2", "4", "−4", "2", "−8"],
        ["(3, 3)", "−3", "9", "−6", "3", "−18"],
        ["sum", "", "14", "", "", "−28"],
        ["1/3 · sum", "J = 4.6667", "", "J′ = −9.3333", "", ""],
    ]
    window.session.edit({"problem.cost": "half_sum"})
    qtbot.waitUntil(lambda: rows(window)[-1] == ["1/2 · sum", "J = 7", "", "J′ = −14", "", ""])
    panel = window.panels.panel("chain_rule")
    assert panel.note.text() == "J′ = 1/2 Σ 2r · h′; the 1/2 cancels the 2, and L30 loses it"


def test_that_a_constant_has_the_inner_derivative_1(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window.at("cost-and-slope", (1920, 1080))
    window.session.edit({"problem": {"kind": "constant"}})
    qtbot.waitUntil(lambda: [row[4] for row in rows(window)[:3]] == ["1", "1", "1"])
    assert rows(window)[-1][1:4] == ["J = 4.6667", "", "J′ = −4"]


def test_that_a_question_hides_its_numbers(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window.at("cost-and-slope", (1920, 1080))
    qtbot.waitUntil(lambda: rows(window)[0][0] == "(1, 1)")
    window.session.concealed.conceal(["gradient"])
    qtbot.waitUntil(lambda: rows(window)[-1][3] == "J′ = ?")
    assert [row[5] for row in rows(window)[:4]] == ["?"] * 4
    assert rows(window)[-1][1] == "J = 4.6667"


@pytest.mark.parametrize(
    ("problem", "run", "is_offered"),
    [
        ({"kind": "line_through_origin"}, {}, True),
        ({"kind": "line_through_origin", "x": [1.0] * 9, "y": [1.0] * 9}, {}, False),
        ({"kind": "line"}, {}, False),
        ({"kind": "constant"}, {"mistake": "integer_truncation"}, False),
        ({"kind": "constant"}, {"mistake": "gradient_l98"}, True),
    ],
)
def test_that_it_is_offered_where_one_weight_has_few_points(
    problem: dict[str, Any], run: dict[str, Any], is_offered: bool
) -> None:
    given = Experiment.parse({"problem": problem, "run": {"max_steps": 1, **run}})
    assert ChainRule.offered(given.build_problem()) is is_offered


def test_that_a_narrow_card_shortens_its_numbers_but_not_their_powers_of_ten(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("cost-and-slope")
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 7):
        window.session.player.step(7)
    table = window.panels.panel("chain_rule").table  # type: ignore[attr-defined]  # its own
    digits = {}
    for size in ((1280, 720), (1920, 1080)):
        window.resize(*size)
        qtbot.waitUntil(lambda: rows(window)[0][1].endswith("×10⁻⁹"))
        digits[size] = len(rows(window)[0][1])
        for row in range(3):
            for column in range(1, 6):
                item = table.item(row, column)
                assert table.fontMetrics().horizontalAdvance(item.text()) <= table.columnWidth(column)
    assert digits[1280, 720] < digits[1920, 1080] == len("−5.8528×10⁻⁹")
