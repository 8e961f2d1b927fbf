"""The formula line in the window: true equations, places that hold still, colours that are seen."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtTest import QTest

from gdstudio.core.problems.functions.reading import read_function
from gdstudio.core.problems.mistakes import mistake_of
from gdstudio.views.formula.symbols import SymbolPainter, is_ready
from gdstudio.views.widgets.theme import DARK, LIGHT

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


def plain(window: MainWindow) -> str:
    return window.formula.text().replace("−", "-")


def make_steps(window: MainWindow, qtbot: QtBot, count: int) -> None:
    goal = window.session.run.snapshot()
    assert goal is not None
    last = goal.step + count
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == last):
        window.session.player.step(count)


def colours(window: MainWindow) -> set[str]:
    image = window.formula.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.unique(np.frombuffer(image.constBits(), np.uint32) & 0xFFFFFF)
    return {f"#{pixel:06x}" for pixel in pixels}


def test_that_the_still_picture_shows_the_move_to_come(open_window: WindowOpener) -> None:
    text = plain(open_window("learning-rate"))
    assert text.startswith("θ ← θ - α J′(θ)")
    assert text.endswith("θ₁ = 0 - 0.1 · (-9.333333) = 0.933333")


def test_that_a_step_shows_the_move_that_was_made(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    make_steps(window, qtbot, 2)
    window.session.edit({"run.learning_rate": 0.7})  # the move was made at 0.1
    assert plain(window).endswith("θ₂ = 0.933333 - 0.1 · (-0.622222) ≈ 0.995556")


@pytest.mark.parametrize("name", ["two-parameters", "mini-batches"])
def test_that_the_equation_of_several_weights_is_true(
    open_window: WindowOpener, qtbot: QtBot, name: str
) -> None:
    window = open_window(name)
    make_steps(window, qtbot, 3)
    found = re.search(r"∇J\w* = \((.*?)\); .*₃ = \((.*?)\) - (\S+) ∇J\w* [=≈] \((.*?)\)", plain(window))
    assert found is not None
    slope, old, new = ([float(v) for v in found[i].split(",")] for i in (1, 2, 4))
    for after, before, gradient in zip(new, old, slope, strict=True):
        assert after == pytest.approx(before - float(found[3]) * gradient, abs=2e-4)


def test_that_another_rule_shows_its_first_move(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    window.session.edit({"run.optimizer": {"kind": "adam"}})
    assert plain(window).startswith("Adam: ")
    assert plain(window).endswith("θ₁ = 0 - 0.1 · (-1.000000) = 0.100000")


def test_that_a_mistake_says_what_is_wrong_with_it(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    window.session.edit({"run.mistake": "gradient_l30"})
    assert window.formula.text().endswith(mistake_of("gradient_l30").sentence)
    window.session.edit({"run.mistake": "none"})
    assert mistake_of("gradient_l30").sentence not in window.formula.text()


def holes(window: MainWindow) -> list[float]:
    """Return the room between each piece and its neighbour, in ems."""
    page = window.formula.mathematics.page()
    em = page.font.pixelSize()
    pairs = [pair for row in page.rows for pair in pairwise(row)]
    return [(right.left - left.left - left.width) / em for left, right in pairs]


@pytest.mark.parametrize("name", ["learning-rate", "two-parameters", "mini-batches"])
def test_that_numbers_are_set_tight_and_lines_break_where_they_broke(
    open_window: WindowOpener, qtbot: QtBot, name: str
) -> None:
    window = open_window(name)
    qtbot.waitUntil(is_ready)
    make_steps(window, qtbot, 10)
    rows, said = [len(row) for row in window.formula.mathematics.page().rows], {plain(window)}
    for _ in range(15):
        make_steps(window, qtbot, 1)
        said.add(plain(window))
        page = window.formula.mathematics.page()
        measure = QFontMetricsF(page.font).horizontalAdvance
        numbers = [placed for row in page.rows for placed in row if placed.piece.field]
        assert numbers
        for placed in numbers:
            assert placed.width == pytest.approx(measure(placed.piece.text.strip()))
        assert max(holes(window)) < 2
        assert len(page.rows) == len(rows)
    assert len(said) > 10


LOOKS = ((1280, 800, 1.5), (1920, 1080, 2.5))


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(1024, 640, 1.0), *(pytest.param(*look, marks=pytest.mark.slow) for look in LOOKS)],
)
@pytest.mark.parametrize("name", ["cost-and-slope", "two-parameters", "mini-batches", "pytorch-loop"])
def test_that_nothing_is_cut_off(
    open_window: WindowOpener, qtbot: QtBot, name: str, width: int, height: int, scale: float
) -> None:
    window = open_window.at(name, (width, height), scale)
    qtbot.waitUntil(is_ready)
    make_steps(window, qtbot, 1)
    sheet = window.formula.mathematics
    qtbot.waitUntil(lambda: sheet.height() >= sheet.heightForWidth(sheet.width()))
    page = sheet.page()
    assert page.width <= sheet.width()
    assert len(page.rows) * page.height <= sheet.height() + 1


def test_that_each_quantity_is_seen_in_its_colour(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    qtbot.waitUntil(is_ready)
    for theme in (LIGHT, DARK):
        window.appearance.set_theme(theme.name)
        expected = {QColor(c).name() for c in (theme.weights, theme.gradient_text, theme.text)}
        qtbot.waitUntil(lambda expected=expected: expected <= colours(window))  # type: ignore[misc]  # mypy types no default


def test_that_a_weight_has_its_colour_in_a_formula_too(open_window: WindowOpener, qtbot: QtBot) -> None:
    open_window("hills-and-saddles")
    qtbot.waitUntil(is_ready)
    painter, image = SymbolPainter(), QImage(400, 80, QImage.Format.Format_ARGB32)
    tex = read_function("theta**4 - 3").tex()
    for theme in (LIGHT, DARK):
        image.fill(QColor("white"))
        with QPainter(image) as onto:
            painter.paint(onto, QPointF(10, 60), tex, theme.text, 40, theme.weights)
        blue, black = (
            [x for x in range(400) for y in range(80) if image.pixelColor(x, y) == QColor(colour)]
            for colour in (theme.weights, theme.text)
        )
        assert blue, "the base is a weight"
        assert black, "its power, the sign and 3 are none"
        assert max(blue) < min(black)


def test_that_symbols_are_drawn_as_mathematics_once_the_typesetter_is_there(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    open_window("learning-rate")
    qtbot.waitUntil(is_ready)
    painter, image = SymbolPainter(), QImage(80, 80, QImage.Format.Format_ARGB32)
    image.fill(QColor("white"))
    with QPainter(image) as onto:
        painter.paint(onto, QPointF(10, 50), r"\theta", "#0072B2", 40)
    ink = {image.pixelColor(x, y).name() for x in range(80) for y in range(80)}
    assert {"#ffffff", "#0072b2"} <= ink
    inside = [y for y in range(80) for x in range(80) if image.pixelColor(x, y).name() == "#0072b2"]
    assert 15 < min(inside) < max(inside) <= 51  # it stands on its baseline


def test_that_the_window_opens_before_the_typesetter_is_loaded() -> None:
    code = "import sys, gdstudio.views.window.main_window; assert 'ziamath' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_that_a_low_window_prefers_one_line_to_large_letters(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("pytorch-loop")
    qtbot.waitUntil(is_ready)
    sheet = window.formula.mathematics
    rows, sizes = [], []
    for height in (640, 1000):
        window.resize(1024, height)
        rows.append(len(sheet.page(460).rows))
        sizes.append(sheet.page(460).font.pixelSize())
    assert rows == [1, 2]
    assert sizes[0] < sizes[1]


def test_that_a_key_hides_the_line_and_is_remembered(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    assert window.formula.isVisible()
    QTest.keyClick(window, Qt.Key.Key_F)
    assert not window.formula.isVisible()
    window.session.rejected.emit(("an error",))
    assert window.banner.text == "an error"
    open_window.discard(window)
    again = open_window("learning-rate")
    assert not again.formula.isVisible()
    QTest.keyClick(again, Qt.Key.Key_F)
    assert again.formula.isVisible()


def test_that_a_result_takes_no_less_room_than_the_formula(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("mini-batches")
    qtbot.waitUntil(is_ready)
    window.resize(1024, 640)
    make_steps(window, qtbot, 1)
    qtbot.waitUntil(lambda: len(window.formula.mathematics.page().rows) > 1)
    before = window.banner.height()
    window.banner.show_text("Completed.")
    qtbot.waitUntil(lambda: not window.formula.isVisible())
    assert window.banner.sizeHint().height() >= before - 1
