"""Lessons: those of the course are right, and wrong ones are answered by the key that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gdstudio.core.errors import InputError
from gdstudio.core.hyperparameter import hyperparameters
from gdstudio.core.resources import resource
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.files import write_experiment
from gdstudio.lessons.lesson import control_path, read_lesson
from gdstudio.lessons.library import lesson, open_lesson

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted({path.stem for path in resource("lessons").glob("*.toml")} - {"notebook"})
LAST_OF_THE_NOTEBOOK = 5
"""The place of the last lesson that shows lines of the notebook; those after it go beyond."""
LESSON = """
schema = 1
title = "A lesson"
problem.kind = "line"
[run]
max_steps = 5
"""


def written(tmp_path: Path, more: str = "", text: str = LESSON) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text + more, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", FILES)
def test_that_a_lesson_of_the_course_is_whole(name: str) -> None:
    found = lesson(name)
    homes = [found.home(spec.name) for spec in found.control]
    known = {p.path for home in homes for p in hyperparameters(home)}
    known |= {"run.optimizer", "run.schedule", "problem.kind"}
    paths = [control_path(home, spec.name) for home, spec in zip(homes, found.control, strict=True)]
    assert found.id == name
    assert found.title != name
    assert found.text
    assert found.notebook.startswith("L") or (found.place or 0) > LAST_OF_THE_NOTEBOOK
    assert set(paths) <= known
    assert len(paths) == len(set(paths)) > 0


@pytest.mark.parametrize("name", FILES)
def test_that_a_control_stays_within_what_its_hyperparameter_allows(name: str) -> None:
    found = lesson(name)
    for spec in found.control:
        home = found.home(spec.name)
        declared = {p.path: p for p in hyperparameters(home)}
        allowed = declared.get(control_path(home, spec.name))
        for value in filter(None, (spec.minimum, spec.maximum, *spec.choices)):
            assert allowed is not None
            assert allowed.minimum is None or value >= allowed.minimum
            assert allowed.maximum is None or value <= allowed.maximum


def test_that_a_control_may_belong_to_the_experiment_of_a_cue(tmp_path: Path) -> None:
    cue = """
    [[cue]]
    prompt = "?"
    choices = ["a", "b"]
    answer = 1
    reveal = "{condition}"
    set = { problem = { kind = "linear_network" } }
    [[control]]
    name = "correlation"
    """
    found = read_lesson(written(tmp_path, cue))
    assert found.home("correlation").problem.kind == "linear_network"
    assert found.home("scaling") is found.experiment
    with pytest.raises(InputError, match="there is no such hyperparameter"):
        read_lesson(written(tmp_path, cue.replace("correlation", "corelation")))


def test_that_a_lesson_is_opened_by_its_id_or_its_file(tmp_path: Path) -> None:
    assert open_lesson("learning-rate") is lesson("learning-rate")
    assert open_lesson(str(written(tmp_path))).title == "A lesson"


def test_that_an_experiment_becomes_a_lesson_named_after_its_file(tmp_path: Path) -> None:
    tables = {"problem": {"kind": "linear_network"}, "run": {"max_epochs": 2, "batch_size": 10}}
    experiment, path = Experiment.parse(tables), tmp_path / f"{'n' * 150}.toml"
    write_experiment(experiment, path)
    found = read_lesson(path)
    assert found.experiment == experiment
    assert (found.id, found.title) == ("n" * 120, "n" * 120)
    assert [spec.name for spec in found.control] == ["learning_rate", "batch_size", "max_epochs", "seed"]


@pytest.mark.parametrize("name", ["nonsense", "notebook", ""])
def test_that_what_is_neither_lesson_nor_file_is_named(name: str) -> None:
    with pytest.raises(InputError):
        open_lesson(name)
    with pytest.raises(InputError, match="there is no such lesson; lessons are: "):
        lesson(name)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('[[control]]\nname = "speed"', "control 'speed': there is no such hyperparameter"),
        (
            '[[control]]\nname = "kind"',
            "control 'kind': is one of problem.kind, run.optimizer.kind, run.schedule.kind; give the name of",
        ),
        ("[[control]]\nminimum = 1", "control[0].name: is missing; give it a value"),
        ('[[control]]\nname = "seed"\nminimun = 1', "control[0].minimun: is not a known key here"),
        (
            '[[control]]\nname = "seed"\nminimum = 3\nmaximum = 2',
            "control[0]: minimum 3.0 is not below maximum 2.0",
        ),
        (
            '[[control]]\nname = "seed"\nminimum = 0\nscale = "log"',
            "control[0]: minimum 0.0 cannot be on a log scale",
        ),
        (
            '[[control]]\nname = "seed"\nscale = "cubic"',
            "control[0].scale: 'cubic' is not one of the choices",
        ),
        ('[[control]]\nname = "seed"\nstep = 0', "control[0].step: 0 is too small"),
        ('[[control]]\nname = "seed"\nminimum = nan', "control[0].minimum: nan is not a finite number"),
        ('[control]\nname = "seed"', "control: is one table; write [[control]]"),
        ("place = 1", "run.place: is not a known key here"),
        ("batch_size = 9", "run.batch_size: 9 is more than the 3 training rows"),
        ("[queue]", "queue: is not a known key here"),
        ("[experiment]", "experiment: is not a known key here"),
        ("[[control]]\nname = 'seed'\n" * 13, "control: has 13 entries; give at most 12"),
    ],
)
def test_that_a_wrong_lesson_names_the_key(tmp_path: Path, more: str, says: str) -> None:
    path = written(tmp_path, more)
    with pytest.raises(InputError) as caught:
        read_lesson(path)
    [line] = caught.value.problems
    assert line.startswith(f"{path}: {says}")


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (f'title = "{"x" * 121}"', "title: is too long; give at most 120 characters"),
        ("title = 5", "title: 5 is not a text; put it in quotes"),
        (f'title = "x"\ntext = "{"x" * 4001}"', "text: is too long; give at most 4000 characters"),
    ],
)
def test_that_wrong_words_name_the_key(tmp_path: Path, key: str, says: str) -> None:
    path = written(tmp_path, text=LESSON.replace('title = "A lesson"', key))
    with pytest.raises(InputError) as caught:
        read_lesson(path)
    assert caught.value.problems == (f"{path}: {says}",)
