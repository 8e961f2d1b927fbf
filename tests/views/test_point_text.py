"""Points as they are typed and pasted: what is read, and the sentence for what is not."""

from __future__ import annotations

import pytest

from gdstudio.core.errors import InputError
from gdstudio.core.problems.given_points import MAX_POINTS
from gdstudio.views.controls.point_text import is_table, read_coordinate, read_points


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[("0.1", 0.1), ("0,1", 0.1), (" 3/14 ", 3 / 14), ("−2", -2.0), ("1e-3", 1e-3), ("0,001", 0.001)],
        *[("1,234,567", 1234567.0), ("1.234,5", 1234.5), ("12,25", 12.25), ("1 234", 1234.0)],
    ],
)
def test_that_a_coordinate_is_read(text: str, value: float) -> None:
    assert read_coordinate(text) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,234", "“1,234” can mean 1.234 or 1234"),
        ("-1,234", "“-1,234” can mean -1.234 or -1234"),
        ("inf", "“inf” is not a finite number; give a finite one"),
        ("-1e999", "is not a finite number"),
        ("nan", "“nan” is not a number; give a number such as 0.1 or 3/14"),
        ("one", "“one” is not a number"),
        ("1/0", "is not a number"),
        ("", "is not a number"),
    ],
)
def test_that_what_is_no_coordinate_is_told(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        read_coordinate(text)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1\t2\n3\t4\n", [(1, 2), (3, 4)]),
        ("1\t2\r\n3\t4\r\n\r\n", [(1, 2), (3, 4)]),
        ("1;2\n3;4", [(1, 2), (3, 4)]),
        ("1,2\n3,4", [(1, 2), (3, 4)]),
        ("1, 2\n3, 4", [(1, 2), (3, 4)]),
        ("1 2\n3   4", [(1, 2), (3, 4)]),
        ("1,5\t2,5\n0,25\t−4", [(1.5, 2.5), (0.25, -4)]),
        ("1,5;2,5\n3;1/4", [(1.5, 2.5), (3, 0.25)]),
        ("1,5 2,5\n3 4", [(1.5, 2.5), (3, 4)]),
        ("0,5\t1,234", [(0.5, 1.234)]),
        ("1,234.5\t1,234", [(1234.5, 1234)]),
        ("1.5,2.5", [(1.5, 2.5)]),
        ("1\t2\t\t\n3\t4\t\t", [(1, 2), (3, 4)]),
        ("5\t6", [(5, 6)]),
    ],
)
def test_that_two_columns_are_read(text: str, points: list[tuple[float, float]]) -> None:
    assert read_points(text) == (points, "")


def test_that_a_line_of_names_is_no_point() -> None:
    assert read_points("hours\tpassed\n1\t0\n2\t1") == ([(1, 0), (2, 1)], "hours, passed")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1\t2\n3\tfour", "Line 2: “four” is not a number; give a number such as 0.1 or 3/14."),
        ("x\t2\n3\t4", "Line 1: “x” is not a number"),
        ("1\t2\n\n3", "Line 3 has 1 column: “3”; give x and y, parted by a tab or a semicolon."),
        ("1\t2\t3", "Line 1 has 3 columns"),
        ("1,5, 2,5", "Line 1 has 4 columns"),
        ("1\t2\n3\t", "Line 2: y is missing"),
        ("1\t1,234", "Line 1: “1,234” can mean 1.234 or 1234; write the one that you mean."),
        ("0,5\t1.234", "Line 1: “1.234” can mean 1.234 or 1234"),
        ("0,5\t1,234\n2\t1,234.5", "Line 1: “1,234” can mean"),
        ("1,234\n2,345", "Line 1: “1,234” can be one number or two; part x and y by a tab or a semicolon."),
        ("1\tnan", "Line 1: “nan” is not a number"),
        ("1\tinf", "Line 1: “inf” is not a finite number; give a finite one."),
        (" \n", "There is no text on the clipboard"),
        ("abc", "Line 1 has 1 column: “abc”"),
    ],
)
def test_that_the_first_wrong_line_is_told(text: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        read_points(text)
    assert refused.value.problems[0].startswith(words)


def test_that_more_lines_than_an_experiment_may_have_are_refused_unread() -> None:
    with pytest.raises(InputError, match="The text has 100,002 lines, and an experiment may have 100,000"):
        read_points("?\t?\n" * (MAX_POINTS + 2))


@pytest.mark.parametrize(("text", "many"), [("1\t2", True), ("1\n", False), ("1;2", True), ("0,5", False)])
def test_that_more_than_one_cell_is_a_table(text: str, many: bool) -> None:
    assert is_table(text) is many
