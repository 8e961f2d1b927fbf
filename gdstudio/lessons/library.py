"""The lessons that come with gdstudio, in the order of the course."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path

from gdstudio.core.errors import InputError
from gdstudio.core.resources import resource
from gdstudio.lessons.lesson import Lesson, read_lesson


@cache
def lesson_ids() -> tuple[str, ...]:
    """Return the ids of the lessons in course order, as ``course.toml`` lists them."""
    with resource("lessons", "course.toml").open("rb") as file:
        return tuple(tomllib.load(file)["lessons"])


@cache
def lesson_title(lesson_id: str) -> str:
    """Return the title of one of `lesson_ids`, in a tenth of the time that reading all of it takes."""
    with resource("lessons", f"{lesson_id}.toml").open("rb") as file:
        return str(tomllib.load(file)["title"])


@cache
def lesson(lesson_id: str) -> Lesson:
    """Return one lesson of the course.

    Raises
    ------
    InputError
        Where there is none of that name.
    """
    if lesson_id not in lesson_ids():
        raise InputError(f"{lesson_id}: there is no such lesson; lessons are: {', '.join(lesson_ids())}")
    return read_lesson(resource("lessons", f"{lesson_id}.toml"), lesson_id)


def open_lesson(name: str) -> Lesson:
    """Return the lesson of an id, or the one in a file.

    Raises
    ------
    InputError
        Where the name is neither, or the file is not right.
    """
    if name in lesson_ids():
        return lesson(name)
    path = Path(name)
    if not path.suffix and not os.path.exists(path) and path.parent == Path():
        known = ", ".join(lesson_ids())
        raise InputError(f"{name}: is neither a lesson nor a file; lessons are: {known}")
    return read_lesson(path)
