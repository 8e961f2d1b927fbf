"""The kinds of cue beside the choice: what a file may say, how an answer is judged, what is said of it."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.errors import InputError
from gdstudio.lessons.kinds import CUES
from gdstudio.lessons.kinds.choice import Choice
from gdstudio.lessons.kinds.number import Number
from gdstudio.lessons.kinds.place import Place
from gdstudio.lessons.kinds.saw import Saw
from gdstudio.lessons.kinds.sketch import Sketch
from gdstudio.lessons.kinds.tally import Tally
from gdstudio.lessons.lesson import Lesson, read_lesson
from gdstudio.lessons.library import lesson, lesson_ids
from gdstudio.lessons.sitting import Sitting

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'schema = 1\ntitle = "t"\n[problem]\nkind = "line"\n[run]\nmax_steps = 3\n[[cue]]\nprompt = "p"\n'
RIGHT = {
    "choice": 'choices = ["a", "b"]\nanswer = 1\n',
    "saw": 'kind = "saw"\nwatch = "b"\nchoices = ["a", "b"]\nanswer = 2\n',
    "tally": 'kind = "tally"\nchoices = ["a", "b"]\nanswer = 2\n',
    "sketch": 'kind = "sketch"\ncosts = [0.1, 10]\nfactor = 2\n',
    "place": 'kind = "place"\nwithin = 0.5\n',
    "number": 'kind = "number"\nquantity = "cost"\nwithin = 0.01\n',
}


def read(tmp_path: Path, lines: str) -> Lesson:
    path = tmp_path / "mine.toml"
    path.write_text(f'{HEAD}{lines}reveal = "J = {{cost}}."\n', encoding="utf-8")
    return read_lesson(path)


@pytest.mark.parametrize("kind", RIGHT)
def test_that_a_lecturers_file_asks_every_kind(tmp_path: Path, kind: str) -> None:
    assert read(tmp_path, RIGHT[kind]).cue[0].kind == kind


def test_that_every_kind_is_tried_here_and_asked_in_a_lesson() -> None:
    asked = {cue.kind for name in lesson_ids() for cue in lesson(name).cue}
    assert set(CUES) == set(RIGHT) == asked


def test_that_a_cue_without_a_kind_has_choices(tmp_path: Path) -> None:
    assert isinstance(read(tmp_path, RIGHT["choice"]).cue[0], Choice)


@pytest.mark.parametrize(
    ("kind", "right", "wrong", "says"),
    [
        (
            "number",
            'kind = "number"',
            'kind = "numbr"',
            "cue[0]: kind: 'numbr' is not one of the choices; give",
        ),
        (
            "number",
            'kind = "number"',
            "kind = 3",
            "cue[0]: kind: 3 is not one of the choices; give 'choi",
        ),
        ("number", 'kind = "number"\n', "", "cue[0].choices: is missing"),
        (
            "number",
            '"cost"',
            '"coast"',
            "cue[0]: quantity: 'coast' is none here; give one of: b, ",
        ),
        ("number", '"cost"', '"test_cost"', "cue[0]: quantity: 'test_cost' is none here"),
        ("number", '"cost"', "1", "cue[0].quantity: 1 is not a text"),
        ("number", 'quantity = "cost"\n', "", "cue[0].quantity: is missing"),
        ("number", "within = 0.01\n", "", "cue[0].within: is missing"),
        ("number", "0.01", "-0.01", "cue[0].within: -0.01 is too small; give 0"),
        ("number", "0.01", '"near"', "cue[0].within: 'near' is not a number"),
        ("saw", 'watch = "b"\n', "", "cue[0].watch: is missing"),
        ("saw", "answer = 2", "answer = 3", "cue[0]: answer: 3 is more than the 2 choices"),
        (
            "saw",
            "answer",
            "run = false\nanswer",
            "cue[0]: run: false leaves nothing to ask of kind 'saw'; leave it",
        ),
        ("choice", "answer", 'watch = "b"\nanswer', "cue[0].watch: is not a known key here"),
        ("tally", "answer = 2\n", "", "cue[0].answer: is missing"),
        ("tally", '"a", "b"', '"a"', "cue[0].choices: has 1 entry; give at least 2"),
        ("sketch", "factor = 2", "factor = 1", "cue[0].factor: 1 is too small; give a number greater than 1"),
        ("sketch", "factor = 2\n", "", "cue[0].factor: is missing"),
        ("sketch", "[0.1, 10]", "[10, 0.1]", "cue[0]: costs: [10, 0.1] leaves no room; give [low, high]"),
        ("sketch", "[0.1, 10]", "[0.1]", "cue[0].costs[1]: is missing"),
        ("sketch", "[0.1, 10]", "10", "cue[0].costs: 10 is not a list"),
        (
            "sketch",
            "factor",
            "run = false\nfactor",
            "cue[0]: run: false leaves nothing to ask of kind 'sketch'",
        ),
        (
            "sketch",
            "factor",
            'set = { "view.panels" = ["contour"] }\nfactor',
            "cue[0]: kind: a sketch is drawn in the panel 'cost_history'; add it to \"view.panels\"",
        ),
        ("place", "0.5", "0", "cue[0].within: 0 is too small; give a number greater than 0"),
        (
            "place",
            "within",
            "run = false\nwithin",
            "cue[0]: run: false leaves nothing to ask of kind 'place'",
        ),
        ("place", "within = 0.5\n", "", "cue[0].within: is missing"),
        ("place", "within", 'choices = ["a", "b"]\nwithin', "cue[0].choices: is not a known key here"),
        (
            "place",
            "within",
            'set = { problem.kind = "linear_network", "run.initial_weights" = [0.0, 0.0, 0.0] }\nwithin',
            "cue[0]: kind: a place is marked in a picture of one or two weights, but this run has 3",
        ),
        (
            "place",
            "within",
            'asked = { problem = { kind = "constant" }, "run.initial_weights" = [0.0] }\nwithin',
            "cue[0]: asked: the question shows the weights c, its run has w, b; a place needs the same",
        ),
        ("number", "within", "answer = 2\nwithin", "cue[0].answer: is not a known key here"),
    ],
)
def test_that_a_mistake_in_a_cue_is_told_by_its_key(
    tmp_path: Path, kind: str, right: str, wrong: str, says: str
) -> None:
    assert right in RIGHT[kind]
    with pytest.raises(InputError) as caught:
        read(tmp_path, RIGHT[kind].replace(right, wrong, 1))
    lines = [line.removeprefix(f"{tmp_path / 'mine.toml'}: ") for line in caught.value.problems]
    assert any(line.startswith(says) for line in lines), lines


def number(**keys: Any) -> Number:
    return Number(**{"prompt": "p", "reveal": "J = {cost}.", "quantity": "cost", "within": 0.1, **keys})


@pytest.mark.parametrize(
    ("given", "real", "said"),
    [
        (None, 2.0, ""),
        (2.0, 2.0, "As you predicted: 2 it is. "),
        (2.0625, 2.0, "As you predicted: 2.0625 is 0.0625 too high. "),
        (-3.0, 2.0, "Not as you predicted: −3 is 5 too low. "),
        (2.5, 2.0, "Not as you predicted: 2.5 is 0.5 too high. "),
        (1.0, math.inf, "Not as you predicted: 1 against ∞ in the run. "),
        (1.0, math.nan, "Not as you predicted: 1 against undefined in the run. "),
        (1e308, -1e308, "Not as you predicted: 1×10³⁰⁸ is ∞ too high. "),
    ],
)
def test_that_a_number_is_judged_by_its_distance_and_the_sign_is_said(
    given: float | None, real: float, said: str
) -> None:
    assert number().verdict(given, {"cost": real}) == said


def test_that_a_fraction_equals_the_same_number_of_the_run_where_nothing_may_be_off() -> None:
    exact = number(within=0)
    assert exact.is_right(14 / 15, 0.1 * 28 / 3)
    assert not exact.is_right(0.9333, 14 / 15)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, ""),
        ({"w": 1.0, "b": 2.0}, "As you predicted: (w, b) = (1, 2) is 0 away from the end. "),
        ({"w": 1.3, "b": 2.4}, "As you predicted: (w, b) = (1.3, 2.4) is 0.5 away from the end. "),
        ({"w": 4.0, "b": -2.0}, "Not as you predicted: (w, b) = (4, −2) is 5 away from the end. "),
        ({"w": 4.0}, "Not as you predicted: w = 4 is 3 away from the end. "),
    ],
)
def test_that_the_distance_of_a_place_from_the_end_is_said(given: dict[str, float] | None, said: str) -> None:
    cue = Place(prompt="p", reveal="r", within=0.5000001)
    assert cue.verdict(given, {"w": 1.0, "b": 2.0, "cost": 0.0}) == said


def test_that_what_was_seen_is_judged_in_words_of_its_own() -> None:
    cue = Saw(prompt="p", watch="w", choices=("a", "b"), answer=2, reveal="r")
    assert [cue.verdict(given, {}) for given in (None, 1, 2)] == [
        "",
        "Not as you saw it. ",
        "As you saw it. ",
    ]
    assert [(row.answer, row.result) for row in cue.rows(1, {})] == [("a", "wrong")]


def test_that_the_intercept_does_what_the_lesson_says_was_to_be_seen() -> None:
    """By numpy: b leaves its best value 0 for 0.4 in one step, and then falls at each step, but above 0."""
    X, y, weights, seen = np.array([[1.0, 1.0], [2.0, 1.0], [3.0, 1.0]]), np.arange(1.0, 4.0), np.zeros(2), []
    for _ in range(20):
        weights = weights - 0.1 * 2 / 3 * X.T @ (X @ weights - y)
        seen.append(weights[1])
    assert seen[0] == pytest.approx(0.4)
    assert np.all(np.diff(seen) < 0)
    cue = next(cue for cue in lesson("two-parameters").cue if cue.kind == "saw")
    assert seen[-1] == pytest.approx(cue.expect["b"])


@pytest.mark.parametrize(
    ("rounds", "said"),
    [
        (None, ""),
        (((3, 1),), "1 of 4 (25 %) expected this. "),
        (
            ((28, 12), (10, 30)),
            "At first 12 of 40 (30 %) expected this, after the discussion 30 of 40 (75 %). ",
        ),
        (((0, 1200),), "1,200 of 1,200 (100 %) expected this. "),
    ],
)
def test_that_a_tally_says_how_many_hands_were_right_in_each_round(
    rounds: tuple[tuple[int, int], ...] | None, said: str
) -> None:
    assert Tally(prompt="p", choices=("a", "b"), answer=2, reveal="r").verdict(rounds, {}) == said


def test_that_every_count_of_a_tally_is_a_line_of_the_table() -> None:
    rows = Tally(prompt="p", choices=("a", "b"), answer=2, reveal="r").rows(((28, 12), (10, 30)), {})
    assert [(row.round, row.answer, row.count, row.result) for row in rows] == [
        (1, "a", 28, "wrong"),
        (1, "b", 12, "right"),
        (2, "a", 10, "wrong"),
        (2, "b", 30, "right"),
    ]


@pytest.mark.parametrize(
    ("line", "cost", "said"),
    [
        (None, 1.0, ""),
        (((0.0, 4.0), (10.0, 2.0)), 1.0, "As you predicted: your line ends at J = 2, the run at J = 1. "),
        (
            ((0.0, 4.0), (9.8, 0.2)),
            1.0,
            "Not as you predicted: your line ends at J = 0.2, the run at J = 1. ",
        ),
        (((4.0, 1.5),), 1.0, "As you predicted: your line ends at J = 1.5 at step 4, the run at J = 1. "),
        (((10.0, 4.0),), math.inf, "Not as you predicted: your line ends at J = 4, the run at J = ∞. "),
        (((10.0, 1.0),), 0.0, "Not as you predicted: your line ends at J = 1, the run at J = 0. "),
        (((10.0, -1.0),), -2.0, "As you predicted: your line ends at J = −1, the run at J = −2. "),
    ],
)
def test_that_a_sketch_is_judged_by_its_end(
    line: tuple[tuple[float, float], ...] | None, cost: float, said: str
) -> None:
    cue = Sketch(prompt="p", reveal="r", costs=(0.1, 10.0), factor=2.0)
    assert cue.verdict(line, {"cost": cost, "step": 10.0}) == said


@pytest.mark.parametrize("end", [math.inf, math.nan])
def test_that_a_run_without_an_end_is_not_where_it_was_expected(end: float) -> None:
    said = Place(prompt="p", reveal="r", within=1.0).verdict({"w": 1.0}, {"w": end})
    assert said == "Not as you predicted: w = 1 is marked, but the run ends beyond every number. "


def test_that_answers_of_the_sitting_are_kept_by_lesson_and_cue_and_become_a_table(tmp_path: Path) -> None:
    sitting, cue = Sitting(), number(prompt='Which, "J" or θ?')
    sitting.add("mine", 1, cue, cue.rows(2.5, {"cost": 2.0}))
    sitting.add("mine", 1, cue, cue.rows(2.0, {"cost": 2.0}))
    assert [one.rows[0].answer for one in sitting.of("mine", 1)] == ["2.5", "2.0"]
    assert sitting.of("mine", 0) == []
    sitting.write(tmp_path / "answers.csv")
    text = (tmp_path / "answers.csv").read_text(encoding="utf-8")
    head, first, _ = csv.reader(io.StringIO(text))
    assert head == ["lesson", "question", "kind", "prompt", "round", "answer", "count", "result"]
    assert first == ["mine", "2", "number", 'Which, "J" or θ?', "1", "2.5", "1", "2.0"]
