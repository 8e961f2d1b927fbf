"""The lessons that come with gdstudio: every file of ``resources/lessons`` that has a ``place``."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, ValidationError

from gdstudio.core.errors import InputError, from_validation
from gdstudio.core.hyperparameter import Settings
from gdstudio.core.resources import resource
from gdstudio.core.settings.files import read_tables
from gdstudio.core.settings.table_start import TableChoice, begun
from gdstudio.core.tables.loading import file_table, is_table
from gdstudio.core.tables.options import AS_FOUND
from gdstudio.core.tables.selection import likely_task
from gdstudio.lessons.lesson import Lesson, Place, Title, lesson_on, parse_lesson, read_lesson

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACE = re.compile(rb"""^\s*["']?place["']?\s*=""", re.MULTILINE)


class Course:
    """The lessons of one folder, in the order in which they are taught.

    A TOML file of the folder is a lesson if it has a ``place``; lessons with the same place follow each other
    by name. The id of a lesson is the name of its file without ``.toml``. Each one is parsed once, when the
    course is made; a lesson is only checked as a whole when it is first asked for, so that the window, which
    needs titles alone, opens soon.

    Raises
    ------
    InputError
        Where a file of the folder is not TOML, has no ``schema``, or has a wrong ``place`` or ``title``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        files = [path for path in sorted(folder.glob("*.toml")) if _may_be_placed(path)]
        self._tables = {path.stem: read_tables(path) for path in files}
        listed = {
            name: _heading(self._path(name), tables)
            for name, tables in self._tables.items()
            if "place" in tables
        }
        self.ids: tuple[str, ...] = tuple(sorted(listed, key=lambda name: (listed[name].place, name)))
        self.titles: Mapping[str, str] = {name: listed[name].title or name for name in self.ids}
        self._lessons: dict[str, Lesson] = {}

    def lesson(self, lesson_id: str) -> Lesson:
        """Return one lesson, the same object each time.

        Raises
        ------
        InputError
            Where there is none with that id, or its file is wrong.
        """
        if lesson_id not in self.titles:
            raise InputError(f"{lesson_id}: there is no such lesson; lessons are: {', '.join(self.ids)}")
        if lesson_id not in self._lessons:
            path, tables = self._path(lesson_id), self._tables[lesson_id]
            self._lessons[lesson_id] = parse_lesson(tables, path, lesson_id)
        return self._lessons[lesson_id]

    def _path(self, lesson_id: str) -> Path:
        return self._folder / f"{lesson_id}.toml"


class _Heading(Settings):
    """The two keys of a lesson file that the list of lessons needs; the others are checked later."""

    model_config = ConfigDict(extra="ignore")

    place: Place
    title: Title = ""


def _may_be_placed(path: Path) -> bool:
    """Whether a file speaks of a place at all; one that does not is no lesson, and need not be parsed."""
    return _PLACE.search(path.read_bytes()) is not None


def _heading(path: Path, tables: dict[str, Any]) -> _Heading:
    try:
        return _Heading.model_validate(tables)
    except ValidationError as error:
        raise InputError(*(f"{path}: {line}" for line in from_validation(error).problems)) from None


@cache
def _course() -> Course:
    return Course(resource("lessons"))


def lesson_ids() -> tuple[str, ...]:
    """Return the ids of the lessons of the course, in the order in which they are taught."""
    return _course().ids


def lesson_title(lesson_id: str) -> str:
    """Return the title of one of `lesson_ids`, without checking the rest of the lesson."""
    return _course().titles[lesson_id]


def next_lesson(lesson_id: str) -> str | None:
    """Return the id of the lesson that follows; None after the last one, and for a file of one's own."""
    ids = lesson_ids()
    place = ids.index(lesson_id) + 1 if lesson_id in ids else len(ids)
    return ids[place] if place < len(ids) else None


def lesson(lesson_id: str) -> Lesson:
    """Return one lesson of the course.

    Raises
    ------
    InputError
        Where there is none with that id.
    """
    return _course().lesson(lesson_id)


def open_lesson(name: str) -> Lesson:
    """Return the lesson with this id, or else the one in the file with this name, which may be a table.

    Raises
    ------
    InputError
        Where there is neither such a lesson nor such a file, or the file is wrong.
    """
    if name in lesson_ids():
        return lesson(name)
    path = Path(name)
    if not path.suffix and not os.path.exists(path) and path.parent == Path():
        known = ", ".join(lesson_ids())
        raise InputError(f"{name}: is neither a lesson nor a file; lessons are: {known}")
    return _on_table(path) if is_table(name) else read_lesson(path)


def _on_table(path: Path) -> Lesson:
    """Return a lesson on a table, of which the last column is learnt from the others.

    Raises
    ------
    InputError
        Where there is no such file, it is no table, or its columns do not say what is to be learnt.
    """
    table = file_table(path.absolute(), AS_FOUND)
    choice = TableChoice(str(path.absolute()), None, AS_FOUND, table.digest, task=likely_task(table))
    return lesson_on(begun(choice), path.stem)
