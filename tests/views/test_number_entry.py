"""What stands in a number's entry: in full or shortened, and never another number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from gdstudio.lessons.library import lesson_ids
from gdstudio.views.controls.bounds import Bounds
from gdstudio.views.controls.entry import read_number
from gdstudio.views.controls.number_entry import NumberEntry
from gdstudio.views.controls.written import fitting, full
from tests.views.hands import Hands

if TYPE_CHECKING:
    from tests.views.conftest import WindowOpener


def cut(value: float, room: int) -> str:
    return fitting(value, lambda text: len(text) <= room)


@pytest.mark.parametrize(
    ("value", "in_full", "short"),
    [
        (0.1, "0.1", "0.1"),
        (3 / 14, "3/14", "3/14"),
        (-1 / 3, "−1/3", "−1/3"),
        (1e9, "1000000000", "1e9"),
        (10_000_000, "10000000", "10000000"),
        (1234567890, "1234567890", "1.234…e9"),
        (0.123456789123, "0.123456789123", "0.12345…"),
        (-0.999999999999, "−0.999999999999", "−0.9999…"),
        (1e-6, "1e−6", "1e−6"),
        (1.23456789e-7, "1.23456789e−7", "1.23…e−7"),
    ],
)
def test_that_a_number_is_shortened_but_not_changed(value: float, in_full: str, short: str) -> None:
    assert full(value) == in_full
    assert cut(value, 8) == short


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(7, 30))
def test_that_what_is_shown_is_exact_or_says_what_it_leaves_out(value: float, room: int) -> None:
    assert read_number(full(value), integer=False) == value
    shown = cut(value, room)
    if "…" not in shown:
        assert read_number(shown, integer=False) == value
        return
    kept, _, power = shown.partition("…")
    least = abs(float(kept.replace("−", "-") + power.replace("−", "-")))
    assert least <= abs(value) * (1 + 1e-15)
    assert f"{least:e}"[-4:] == f"{abs(value):e}"[-4:] or least == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0,22", 0.22),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1 000", 1000),
        ("1,5e-3", 1.5e-3),
        ("1/2,5", 0.4),
    ],
)
def test_that_a_decimal_comma_is_understood(text: str, value: float) -> None:
    assert read_number(text, integer=False) == value


@pytest.mark.parametrize("text", ["12.34,5", "1,2,3", "0,2/0", "2/L"])
def test_that_what_is_not_understood_is_answered_with_what_would_be_right(text: str) -> None:
    with pytest.raises(ValueError, match=f"“{text}” is not a number; give a number such as 0.1 or 3/14"):
        read_number(text, integer=False)


def test_that_a_value_beyond_a_bound_is_quoted_as_it_was_typed() -> None:
    with pytest.raises(ValueError, match=r"^1000\.0001 is too large; give 1 to 1,000$"):
        Bounds(1, 1000).read("1000.0001")


@pytest.mark.parametrize("name", lesson_ids())
def test_that_no_entry_cuts_its_number_off(open_window: WindowOpener, name: str) -> None:
    window = open_window(name)
    for text in ("3/14", "1e9", "0.1234567891234"):
        for entry in window.findChildren(NumberEntry):
            entry.show_number(read_number(text, integer=False))
            inside = entry.width() - 2 * 8  # the padding of the theme
            assert QFontMetrics(entry.font()).horizontalAdvance(entry.text()) <= inside, entry.text()
            if "…" in entry.text():
                assert entry.accessibleDescription() == text


def test_that_what_is_typed_stands_in_full_while_it_is_written(open_window: WindowOpener) -> None:
    hands = Hands(open_window())
    entry = hands.write("max_steps", "1e9")
    assert entry.text() == "1e9"
    hands.key(Qt.Key.Key_Return)
    assert hands.window.session.experiment.run.max_steps == 10**9
    assert read_number(entry.text(), integer=True) == 10**9
    assert "1000000000" in entry.toolTip()
    entry = hands.write("learning_rate", "0.1234567891234")
    hands.key(Qt.Key.Key_Return)
    assert entry.text().endswith("…")
    assert entry.accessibleDescription() == "0.1234567891234"
    hands.click(entry)
    assert entry.text() == "0.1234567891234"
    assert entry.cursorPosition() == 0
    hands.key(Qt.Key.Key_Escape)
    assert hands.window.session.experiment.run.learning_rate == 0.1234567891234
