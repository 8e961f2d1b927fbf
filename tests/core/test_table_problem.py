"""Problems on tables: what is chosen, said and left out, against numpy; paths, checksums and saved files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from gdstudio.core.errors import InputError
from gdstudio.core.problems.data.table_points import TablePoints
from gdstudio.core.problems.kinds.table import TableSpec
from gdstudio.core.resources import resource
from gdstudio.core.settings.assignments import assign
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.files import read_experiment, write_experiment
from gdstudio.lessons.lesson import read_lesson

if TYPE_CHECKING:
    from pathlib import Path

CELLS = """a,b,passed,species,y
1,10,yes,x,2
2,30,no,y,3
NA,20,yes,x,9
3,25,no,z,3.5
4,11,yes,x,
5,17,yes,z,8
"""


def experiment(**problem: Any) -> Experiment:
    given = {} if "path" in problem else {"cells": CELLS}
    return Experiment.parse({"problem": {"kind": "table", **given, **problem}, "run": {"max_steps": 3}})


def spec(**problem: Any) -> TableSpec:
    made = experiment(**problem).problem
    assert isinstance(made, TableSpec)
    return made


def test_that_the_last_column_of_numbers_is_learnt_from_the_others() -> None:
    table = spec()
    assert (table.feature_names, table.label_name, table.weight_names) == (("a", "b"), "y", ("w1", "w2", "b"))
    assert table.row_count == 4
    assert "2 rows of 6 are left out, because a cell of 'a', 'y' is missing or no number." in table.remarks(0)


@pytest.mark.parametrize("scaling", ["none", "z_score", "min_max"])
def test_that_the_minimum_is_that_of_least_squares(scaling: str) -> None:
    problem = experiment(scaling=scaling, label="y").build_problem()
    A = np.column_stack([problem.rows.X, np.ones(4)])
    X = np.array([[1.0, 10.0], [2.0, 30.0], [3.0, 25.0], [5.0, 17.0]])
    if scaling == "z_score":
        X = (X - X.mean(axis=0)) / X.std(axis=0)
    if scaling == "min_max":
        X = (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))
    np.testing.assert_allclose(problem.rows.X, X, rtol=1e-14)
    found = np.linalg.lstsq(A, [2.0, 3.0, 3.5, 8.0], rcond=None)[0]
    np.testing.assert_allclose(problem.minima[0], found, rtol=1e-9)
    largest = np.linalg.eigvalsh(2 / 4 * A.T @ A)[-1]
    curvatures = problem.curvatures()
    assert curvatures is not None
    np.testing.assert_allclose(curvatures[-1], largest, rtol=1e-12)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_that_anscombes_four_tables_have_one_line(number: int) -> None:
    problem = experiment(path=f"anscombe-{number}.csv").build_problem()
    np.testing.assert_allclose(problem.minima[0], [0.5, 3.0], atol=3e-3)
    assert len(problem.rows) == 11


def test_that_scaling_says_its_numbers() -> None:
    assert "a is scaled: less mean 2.75, divided by std 1.47902." in spec(scaling="z_score").remarks(0)
    assert "b is scaled: less min 10, divided by max − min 20." in spec(scaling="min_max").remarks(0)


def test_that_a_yes_or_no_has_its_labels_said() -> None:
    table = spec(task="classes", label="passed", features=["b"])
    assert table.build(0).rows.y.tolist() == [1.0, 0.0, 1.0, 0.0, 1.0, 1.0]
    assert table.remarks(0) == ("passed: 'yes' counts as 1, 'no' as 0.",)
    one = spec(task="classes", label="species", features=["b"], yes="z")
    assert one.build(0).rows.y.tolist() == [0.0, 0.0, 0.0, 1.0, 0.0, 1.0]
    assert one.remarks(0) == ("species: 'z' counts as 1, every other as 0.",)
    rings = spec(path="o-rings.csv", task="classes", label="damaged_rings", features=["temperature_F"], yes=2)
    assert rings.build(0).rows.y.sum() == 2


def test_that_the_o_rings_have_the_minimum_of_the_textbooks() -> None:
    problem = experiment(
        path="o-rings.csv", task="classes", label="damage", features=["temperature_F"]
    ).build_problem()
    np.testing.assert_allclose(problem.minima[0], [-0.2321627, 15.0429016], rtol=1e-6)


def test_that_a_split_follows_the_seed_and_scaling_looks_at_training_rows_alone() -> None:
    table = spec(path="o-rings.csv", features=["temperature_F"], test_share=0.3, scaling="z_score")
    assert (table.row_count, table.test_row_count) == (16, 7)
    order = torch.randperm(23, generator=torch.Generator().manual_seed(3 * 5)).numpy()
    temperatures = table.selection.X[:, 0]
    train, test = temperatures[np.sort(order[7:])], temperatures[np.sort(order[:7])]
    problem = table.build(5)
    np.testing.assert_allclose(problem.rows.X[:, 0], (train - train.mean()) / train.std(), rtol=1e-13)
    assert problem.held_out is not None
    np.testing.assert_allclose(problem.held_out.X[:, 0], (test - train.mean()) / train.std(), rtol=1e-13)
    assert table.remarks(5)[0] == "7 of 23 rows, chosen by the seed, are kept for testing."


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ({"label": "z"}, "label: there is no column 'z'; give one of: 'a', 'b', 'passed', 'species', 'y'"),
        ({"features": ["q"]}, "features: there is no column 'q'"),
        ({"label": "passed"}, "label: 'passed' holds classes, and a regression learns numbers"),
        ({"features": ["passed"]}, "features: 'passed' holds classes, and a feature is a number"),
        ({"features": ["y"]}, "'y' is the label"),
        ({"features": ["a", "a"]}, "a column is there twice"),
        ({"task": "classes", "label": "species"}, r"has 3 labels \('x', 'y', 'z'\), .* yes = "),
        ({"task": "classes", "label": "species", "yes": "q"}, "yes: 'species' has no 'q'; give one of: 'x'"),
        ({"task": "classes", "label": "b"}, "more than two different numbers"),
        ({"path": "a.csv", "cells": "x,y\n1,2\n3,4\n"}, "and not both"),
        (
            {"cells": "x,y\n1,2\n1,3\n", "scaling": "z_score"},
            "'x' is 1 in all training rows, and has no spread",
        ),
        ({"cells": "x,y\n1,2\n"}, "1 row of 1 .* two at least"),
        ({"cells": "x,y\nNA,2\n3,NA\n"}, "0 rows of 2 have all of their cells"),
        ({"cells": "x\n1\n2\n"}, "no column of numbers is left besides the label"),
        ({"cells": "x,y\na,b\nc,d\n"}, r"no column of numbers is in the table; it has 'x' \(classes\)"),
        ({"cells": "x,y\n1,2\n3,4\n", "test_share": 0.5}, "test_share: leaves 1 row of 2"),
        ({"cells": "x;y\n1,234;2\n3;4\n"}, "'1,234' may be 1234 or 1.234"),
        ({"path": "/there/is/none.csv"}, "there is no such file"),
    ],
)
def test_that_a_wrong_choice_names_what_is_right(problem: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        experiment(**problem)


def test_that_equal_rows_have_no_minimum_and_can_be_trained_on() -> None:
    problem = experiment(cells="x,y\n7,7\n7,7\n7,7\n").build_problem()
    assert len(problem.minima) == 0
    assert problem.cost_at(np.zeros(2)) == 49.0


def write(folder: Path, text: str, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_that_a_path_is_seen_from_the_files_own_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    table = write(tmp_path / "data", CELLS)
    saved = write(
        tmp_path,
        'schema = 1\n[problem]\nkind = "table"\npath = "data/mine.csv"\n[run]\nmax_steps = 1\n',
        "a.toml",
    )
    for read in (read_experiment(saved), read_lesson(saved).experiment):
        assert isinstance(read.problem, TableSpec)
        assert read.problem.path == str(table)
    write_experiment(read, tmp_path / "data" / "b.toml")
    assert 'path = "mine.csv"' in (tmp_path / "data" / "b.toml").read_text("utf-8")
    write_experiment(read, tmp_path / "c.toml")
    assert 'path = "data/mine.csv"' in (tmp_path / "c.toml").read_text("utf-8")
    assert read_experiment(tmp_path / "c.toml") == read


def test_that_shipped_tables_are_named_alone_and_found_anywhere(tmp_path: Path) -> None:
    made = experiment(path="anscombe-2.csv")
    write_experiment(made, tmp_path / "a.toml")
    assert 'path = "anscombe-2.csv"' in (tmp_path / "a.toml").read_text("utf-8")
    assert read_experiment(tmp_path / "a.toml") == made
    own = write(tmp_path, "x,y\n1,2\n3,4\n5,7\n", "anscombe-3.csv")
    mine = write(
        tmp_path,
        'schema = 1\n[problem]\nkind = "table"\npath = "anscombe-3.csv"\n[run]\nmax_steps = 1\n',
        "b.toml",
    )
    found = read_experiment(mine).problem
    assert isinstance(found, TableSpec)
    assert found.path == str(own)


def test_that_a_table_that_changed_is_told_with_both_checksums(tmp_path: Path) -> None:
    table = write(tmp_path, "x,y\n1,2\n3,4\n5,7\n")
    made = experiment(path=str(table))
    write_experiment(made, tmp_path / "a.toml")
    assert isinstance(made.problem, TableSpec)
    first = made.problem.sha256 or ""
    write(tmp_path, "x,y\n1,2\n3,4\n5,8\n")
    assert made.edited({"run.learning_rate": 0.2}).problem == made.problem  # the run on screen keeps its rows
    from gdstudio.core.tables import loading

    loading._kept.clear()
    with pytest.raises(
        InputError, match=f"has changed: its checksum begins with [0-9a-f]{{8}}, .* {first[:8]}"
    ):
        read_experiment(tmp_path / "a.toml")


def test_that_another_path_leaves_the_checksum_of_the_first_behind() -> None:
    made = assign(experiment(path="anscombe-1.csv"), ["problem.path=anscombe-2.csv"]).problem
    assert isinstance(made, TableSpec)
    assert made == spec(path="anscombe-2.csv")


def test_that_a_table_within_the_file_is_written_as_lines(tmp_path: Path) -> None:
    write_experiment(experiment(), tmp_path / "a.toml")
    assert "\n1,10,yes,x,2\n" in (tmp_path / "a.toml").read_text("utf-8")
    assert read_experiment(tmp_path / "a.toml") == experiment()


def test_that_points_of_one_feature_can_be_edited_and_put_back() -> None:
    made = experiment(path="anscombe-1.csv")
    points = made.problem.given_points
    assert isinstance(points, TablePoints)
    moved = made.edited(points.moved(0, (10.0, 9.5)))
    assert isinstance(moved.problem, TableSpec)
    assert (moved.problem.path, moved.problem.sha256) == (None, None)
    assert moved.build_problem().rows.y.tolist() == [9.5, *points.y[1:]]
    assert (moved.problem.feature_names, moved.problem.label_name) == (("x",), "y")
    assert moved.edited(points.all()) == made


def test_that_edited_points_of_two_classes_stay_classes() -> None:
    made = experiment(path="o-rings.csv", task="classes", label="damage", features=["temperature_F"])
    points = made.problem.given_points
    assert points is not None
    moved = made.edited(points.moved(0, (31.0, 0.8)))
    assert moved.build_problem().rows.X[0].tolist() == [31.0]
    assert moved.build_problem().rows.y.tolist() == list(points.y)


def test_that_names_with_commas_and_quotes_survive_an_edit() -> None:
    made = experiment(cells='"a, b","the ""y"""\n1,2\n3,4\n5,7\n')
    points = made.problem.given_points
    assert points is not None
    assert made.edited(points.added((6.0, 1.0))).problem.feature_names == ("a, b",)


def test_that_points_are_edited_only_where_they_are_all_and_few() -> None:
    assert spec().given_points is None  # two features
    assert spec(features=["a"], test_share=0.3).given_points is None
    assert spec(cells="x,y\n" + "".join(f"{i},{i}\n" for i in range(2000))).given_points is None


@pytest.mark.parametrize("name", sorted(p for p in os.listdir(resource("tables"))))
def test_that_shipped_tables_say_source_and_licence(name: str) -> None:
    problem = spec(path=name) if name != "penguins.csv" else spec(path=name, features=["flipper_length_mm"])
    assert any(line.startswith("Source:") for line in problem.table.comments)
    assert any(line.startswith("Licence:") for line in problem.table.comments)
