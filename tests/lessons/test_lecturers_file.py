"""A lecturer's own lesson file, with each mistake that can be made in one: the answer names line or key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gdstudio.core.errors import InputError
from gdstudio.lessons.lesson import read_lesson

if TYPE_CHECKING:
    from pathlib import Path

FILE = """schema = 1
title = "Mine"
[problem]
kind = "line"
[run]
max_steps = 3
[view]
panels = ["data_plot", "cost_history"]
[[control]]
name = "learning_rate"
[[cue]]
prompt = "p"
choices = ["a", "b"]
answer = 1
set = { "run.learning_rate" = 0.2 }
reveal = "J = {cost}"
expect = { cost = [0.0, 9.0] }
"""
WRONG = [
    ("[view]", "[view", "is not valid TOML: Expected ']' at the end of a table declaration (at line 7"),
    ('"Mine"', '"Mine', "is not valid TOML: Illegal character '\\n' (at line 2"),
    (
        "max_steps = 3",
        "max_steps = 3\nmax_steps = 4",
        "is not valid TOML: Cannot overwrite a value (at line 7",
    ),
    ("schema = 1\n", "", "schema is missing"),
    ("schema = 1", "schema = 2", "schema 2 is not known"),
    ("schema = 1", 'schema = "1"', "schema '1' is not known"),
    ('kind = "line"\n', "", "problem: kind is missing; give one of: beale, constant, "),
    ('kind = "line"', 'kind = "lime"', "problem: kind 'lime' is not a kind of problem"),
    ('[problem]\nkind = "line"\n', "", "problem: is missing"),
    ("[run]\nmax_steps = 3\n", "", "run: is missing"),
    ("max_steps = 3", "shuffle = true", "run: the run has no end; set max_steps or max_epochs"),
    ("title", "titel = 'x'\ntitle", "titel: is not a known key here"),
    ("title", "text = 5\ntitle", "text: 5 is not a text"),
    ("[run]", "points = 3\n[run]", "problem.points: is not a known key here"),
    ("[run]", 'x = [1, "b", 3]\n[run]', "problem.x[1]: 'b' is not a number"),
    ("[run]", "x = [1, 2]\n[run]", "problem: x has 2 entries and y has 3"),
    ("max_steps = 3", "max_steps = 3\nlr = 0.1", "run.lr: is not a known key here"),
    ("max_steps = 3", "max_steps = 2.5", "run.max_steps: 2.5 is not a whole number"),
    ("max_steps = 3", "max_steps = 0", "run.max_steps: 0 is too small; give 1 or more"),
    ("max_steps = 3", 'max_steps = 3\nlearning_rate = "fast"', "run.learning_rate: 'fast' is not a number"),
    ("max_steps = 3", "max_steps = 3\nbatch_size = 9", "run.batch_size: 9 is more than the 3 training rows"),
    ("max_steps = 3", "max_steps = 3\ninitial_weights = [0]", "run.initial_weights: has 1 entry; give 2"),
    ("max_steps = 3", 'max_steps = 3\nmistake = "typo"', "run.mistake: 'typo' is not one of the choices"),
    (
        "max_steps = 3",
        'max_steps = 3\nmistake = "integer_truncation"',
        "run.mistake: integer_truncation is made with h(x) = c; set problem.kind",
    ),
    ("max_steps = 3", 'max_steps = 3\noptimizer = "adamm"', "run.optimizer: adamm is not one of the choices"),
    ('"cost_history"', '"pie"', "view.panels[1]: 'pie' is not one of the choices; give 'data_plot', "),
    ('"data_plot", "cost_history"', "", "view.panels: has 0 entries; give at least 1"),
    ("[[control]]", "steps_per_second = -1\n[[control]]", "view.steps_per_second: -1 is too small"),
    ("[[control]]", "[control]", "control: is one table; write [[control]]"),
    ('"learning_rate"\n', '"speed"\n', "control 'speed': there is no such hyperparameter"),
    ('"learning_rate"\n', '"x"\n', "control 'x': cannot be shown as a control here"),
    ('"learning_rate"\n', '"problem.kind"\n', "control 'problem.kind': cannot be shown as a control here"),
    (
        "[[cue]]",
        '[[control]]\nname = "run.learning_rate"\n[[cue]]',
        "control 'run.learning_rate': is there twice",
    ),
    ("[[cue]]", "minimum = 2\nmaximum = 1\n[[cue]]", "control[0]: minimum 2.0 is not below maximum 1.0"),
    ("[[cue]]", "minimum = 0\n[[cue]]", "control 'learning_rate': 0 is too small; give more than 0"),
    ("[[cue]]", "max = 1\n[[cue]]", "control[0].max: is not a known key here"),
    ("[[cue]]", '[[control]]\nname = "seed"\nmaximum = 1e99\n[[cue]]', "control 'seed': 1×10⁹⁹ is too large"),
    ("[[cue]]", "[cue]", "cue: is one table; write [[cue]]"),
    ("answer = 1", "answer = 3", "cue[0]: answer: 3 is more than the 2 choices"),
    ("answer = 1", "answer = 0", "cue[0].answer: 0 is too small"),
    ("answer = 1\n", "", "cue[0].answer: is missing"),
    ('"a", "b"', '"a"', "cue[0].choices: has 1 entry; give at least 2"),
    ('"a", "b"', '"a", 2', "cue[0].choices[1]: 2 is not a text"),
    ("{cost}", "{coast}", "cue[0]: {coast} in reveal or expect is not a quantity here; give one of: b, "),
    ("{cost}", "{test_cost}", "cue[0]: {test_cost} in reveal or expect is not a quantity here"),
    ("{cost}", "{cost:.2f}", "cue[0]: reveal: has a brace that names no quantity"),
    ("{ cost = ", "{ theta = ", "cue[0]: {theta} in reveal or expect is not a quantity here"),
    ("[0.0, 9.0]", '"small"', "cue[0].expect: cost: 'small' is neither a number nor a band"),
    ("[0.0, 9.0]", "[9.0, 0.0]", "cue[0].expect: cost: the band [9.0, 0.0] is upside down"),
    ('"run.learning_rate" =', '"run.lr" =', "cue[0]: run.lr: is not a known key here"),
    ('"run.learning_rate" =', '"train.rate" =', "cue[0]: train: is not a known key here"),
    (
        '"run.learning_rate" = 0.2',
        '"run.learning_rate" = "x"',
        "cue[0]: run.learning_rate: 'x' is not a number",
    ),
    ("reveal", "runs = true\nreveal", "cue[0].runs: is not a known key here"),
    ("reveal", 'run = "no"\nreveal', "cue[0].run: 'no' is neither true nor false"),
    (
        "reveal",
        'hides = ["costs"]\nreveal',
        "cue[0].hides[0]: 'costs' is not one of the choices; give 'weights', ",
    ),
    ("reveal", 'hides = "cost"\nreveal', "cue[0].hides: 'cost' is not a list; give one such as"),
    ("reveal", 'asked = { "run.lr" = 1.0 }\nreveal', "cue[0]: asked: run.lr: is not a known key here"),
    ("reveal", "asked = 3\nreveal", "cue[0].asked: 3 is not a table"),
    ('"J = {cost}"', '"No: J = {cost}"', "cue[0]: reveal: begins with the verdict 'No', but the studio says"),
]


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_lesson(path)
    assert all(line.startswith(f"{path}: ") for line in caught.value.problems)
    return [line.removeprefix(f"{path}: ") for line in caught.value.problems]


def test_that_the_file_is_right_before_anything_is_wrong_in_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(FILE, encoding="utf-8")
    assert len(read_lesson(path).cue) == 1


@pytest.mark.parametrize(("right", "wrong", "says"), WRONG)
def test_that_a_mistake_in_a_file_is_answered_by_its_line_or_key(
    tmp_path: Path, right: str, wrong: str, says: str
) -> None:
    assert right in FILE
    [line] = problems(tmp_path, FILE.replace(right, wrong, 1))
    assert line.startswith(says)


def test_that_several_mistakes_are_named_at_once(tmp_path: Path) -> None:
    text = FILE.replace("max_steps = 3", "max_steps = 0\nlr = 1").replace('"cost_history"', '"pie"')
    found = problems(tmp_path, text)
    assert sorted(line.split(":")[0] for line in found) == ["run.lr", "run.max_steps", "view.panels[1]"]
