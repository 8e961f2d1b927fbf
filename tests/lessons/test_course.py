"""The course: a lesson file with a place, put into the folder of the lessons, is one of its lessons."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from gdstudio.core.errors import InputError
from gdstudio.core.resources import resource
from gdstudio.core.settings.files import read_tables
from gdstudio.lessons import library
from gdstudio.lessons.lesson import read_lesson
from gdstudio.lessons.library import Course, lesson, lesson_ids, lesson_title

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "cost-and-slope"
LESSON = """schema = 1
{keys}
problem.kind = "line"
[run]
max_steps = 5
"""


def write(folder: Path, name: str, keys: str) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(LESSON.format(keys=keys), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the folder of the lessons that come with gdstudio."""
    return shutil.copytree(resource("lessons"), tmp_path / "lessons")


def test_that_the_course_has_every_lesson_file_in_its_order() -> None:
    files = {path.stem for path in resource("lessons").glob("*.toml")}
    assert set(lesson_ids()) == files - {"notebook"}
    places = [lesson(name).place or 0 for name in lesson_ids()]
    assert places[:5] == [1, 2, 3, 4, 5]  # those of the notebook, without a gap
    assert places == sorted(set(places))
    assert lesson_ids()[0] == FIRST


def test_that_each_lesson_knows_the_next_one() -> None:
    ids = lesson_ids()
    assert [library.next_lesson(name) for name in ids] == [*ids[1:], None]
    assert library.next_lesson("a file of one's own") is None


def test_that_a_new_file_is_a_lesson_of_the_course_by_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "mine", 'title = "My own"\nplace = 2')
    write(folder, "last", 'title = "At the end"\nplace = 99')
    course = Course(folder)
    monkeypatch.setattr(library, "_course", lambda: course)
    assert lesson_ids() == (FIRST, "learning-rate", "mine", *Course(resource("lessons")).ids[2:], "last")
    assert lesson_title("mine") == lesson("mine").title == "My own"
    assert library.open_lesson("last").experiment.run.max_steps == 5


def test_that_files_without_a_place_are_no_lessons(tmp_path: Path) -> None:
    write(tmp_path, "b", "place = 3")
    write(tmp_path, "a", "place = 3")
    write(tmp_path, "draft", 'title = "A draft"')
    course = Course(tmp_path)
    assert course.ids == ("a", "b")
    assert dict(course.titles) == {"a": "a", "b": "b"}
    with pytest.raises(InputError, match="draft: there is no such lesson; lessons are: a, b"):
        course.lesson("draft")


def test_that_a_lesson_is_checked_once_and_only_when_it_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "right", "place = 1")
    wrong = write(tmp_path, "wrong", "place = 2\ntitel = 'x'")
    course = Course(tmp_path)
    assert course.lesson("right") is course.lesson("right")
    with pytest.raises(InputError) as caught:
        course.lesson("wrong")
    assert caught.value.problems[0].startswith(f"{wrong}: titel: is not a known key here")


def test_that_each_lesson_is_parsed_once_and_other_files_not_at_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(path: Path) -> dict[str, Any]:
        read.append(path.stem)
        return read_tables(path)

    for module in ("library", "lesson"):
        monkeypatch.setattr(f"gdstudio.lessons.{module}.read_tables", counted)
    course = Course(folder)
    for name in course.ids * 2:
        course.lesson(name)
    assert sorted(read) == sorted(course.ids)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ('place = "2"', "place: '2' is not a whole number"),
        ("place = 0", "place: 0 is too small; give 1 or more"),
        ("place = 1\ntitle = 5", "title: 5 is not a text"),
        ("place =", "is not valid TOML"),
    ],
)
def test_that_a_wrong_place_or_title_is_named_with_its_file(tmp_path: Path, keys: str, says: str) -> None:
    path = write(tmp_path, "mine", keys)
    with pytest.raises(InputError) as caught:
        Course(tmp_path)
    [line] = caught.value.problems
    assert line.startswith(f"{path}: {says}")


def test_that_a_place_in_a_lecturers_own_file_has_no_effect(tmp_path: Path) -> None:
    path = write(tmp_path, "mine", "place = 1")
    assert library.open_lesson(str(path)) == read_lesson(path)
    assert "mine" not in lesson_ids()
