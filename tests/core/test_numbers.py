"""How numbers, counts and places in a row are written."""

from __future__ import annotations

import pytest

from gdstudio.core.numbers import counted, ordinal, plural, power_of_ten


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (8, "8th"), (11, "11th"), (12, "12th"), (13, "13th"),
        (16, "16th"), (32, "32nd"), (21, "21st"), (111, "111th"), (512, "512th"), (1024, "1,024th"),
    ],
)  # fmt: skip
def test_that_a_place_in_a_row_has_its_own_ending(value: int, text: str) -> None:
    assert ordinal(value) == text


def test_that_a_counted_noun_is_singular_for_one_alone() -> None:
    assert [counted(n, "step") for n in (0, 1, 2, 10_000)] == ["0 steps", "1 step", "2 steps", "10,000 steps"]
    assert (plural(1, "entry"), plural(3, "entry"), plural(0.5, "step")) == ("entry", "entries", "steps")


def test_that_a_power_of_ten_has_a_raised_exponent() -> None:
    assert (power_of_ten(9), power_of_ten(-14)) == ("10⁹", "10⁻¹⁴")
