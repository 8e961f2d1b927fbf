"""The list of the notebook's passages covers it all and names what is there.

`tests/views/test_notebook_on_screen.py` opens the lessons and looks for it on their pages.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from gdstudio.lessons.library import lesson, lesson_ids
from tests.notebook_map import PASSAGES

PLACES = {"panel", "control", "cue"}
WORDS = {"text", "formula", "line", "by_hand", "prints"}


def test_that_every_line_of_the_notebook_has_its_place() -> None:
    assert PASSAGES[0]["lines"][0] == 1
    assert PASSAGES[-1]["lines"][1] == 342
    for before, after in pairwise(PASSAGES):
        assert after["lines"][0] == before["lines"][1] + 1


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: f"L{passage['lines'][0]}")
def test_that_a_passage_is_where_the_list_says(passage: dict[str, Any]) -> None:
    assert passage.keys() <= {"lines", "about", "lesson", "missing", *PLACES, *WORDS}
    shown = lesson(passage["lesson"])
    assert passage.keys() & PLACES
    assert passage.keys() & WORDS, "say which words of the page, its formula or its code show it"
    if "panel" in passage:
        assert passage["panel"] in shown.experiment.view.panels
    if "control" in passage:
        assert passage["control"] in {spec.name for spec in shown.control}
    if "line" in passage:
        assert shown.experiment.view.code
    if "prints" in passage:
        assert shown.experiment.view.console
    if "cue" in passage:
        assert 1 <= passage["cue"] <= len(shown.cue)


def test_that_every_lesson_that_shows_the_notebook_has_a_passage() -> None:
    assert {passage["lesson"] for passage in PASSAGES} == {
        name for name in lesson_ids() if lesson(name).notebook
    }
