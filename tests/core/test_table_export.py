"""The exported script reads the same table, or has it, and ends on the same digits."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from gdstudio.core.problems.data import table_rows
from gdstudio.core.program import assembly
from gdstudio.core.program.export import export
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from tests.core.workbooks import workbook

if TYPE_CHECKING:
    from pathlib import Path

    from gdstudio.core.training.rows import Rows

CSV = """# made up for a test
größe;b;passed;y

1,5;1.000;yes;2,25
2;NA;no;3
"2,5";3.500;no;1
inf;1;yes;4
−3;2.000;NA;5
 4 ;1.000,5;"no";7,5
5;2;yes
6;3;yes;8
"""
RINGS = {"path": "o-rings.csv", "task": "classes", "label": "damage", "features": ["temperature_F"]}


class Ignored:
    def append(self, rows: Rows) -> None:
        pass


def weights_of(experiment: Experiment) -> list[float]:
    result = train(Trainer(experiment, experiment.build_problem()), RunControl(), Ignored())
    return [float(value) for value in result.weights]


def printed(path: Path) -> list[float]:
    ended = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    lines = [line.split(" = ") for line in ended.stdout.splitlines()]
    return [float(line[1]) for line in lines if len(line) == 2 and line[0].strip("0123456789") in ("w", "b")]


def made(problem: dict[str, Any], **run: Any) -> Experiment:
    return Experiment.parse(
        {"problem": {"kind": "table", **problem}, "run": {"max_steps": 20, "learning_rate": 1e-6, **run}}
    )


@pytest.fixture(params=["written", "read"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write all numbers into the script, or none."""
    monkeypatch.setattr(table_rows, "_MOST_WRITTEN", 10_000 if request.param == "written" else 0)
    assembly._text.cache_clear()


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("problem", "run"),
    [
        ({}, {}),
        ({"scaling": "z_score", "test_share": 0.4}, {"learning_rate": 0.1, "seed": 3}),
        ({"scaling": "min_max"}, {"dtype": "float32", "batch_size": 2, "learning_rate": 0.1}),
        ({"task": "classes", "label": "passed", "features": ["größe"]}, {}),
    ],
    ids=["raw", "split", "float32", "classes"],
)
def test_that_a_csv_ends_on_the_same_digits(
    problem: dict[str, Any], run: dict[str, Any], tmp_path: Path
) -> None:
    table = tmp_path / "mine.csv"
    table.write_bytes(CSV.encode("utf-16"))
    experiment = made({"path": str(table), **problem}, **run)
    export(experiment, tmp_path / "train.py")
    assert printed(tmp_path / "train.py") == weights_of(experiment)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("problem", [RINGS, {"path": "anscombe-4.csv"}], ids=["o-rings", "anscombe"])
def test_that_a_shipped_table_ends_on_the_same_digits(problem: dict[str, Any], tmp_path: Path) -> None:
    experiment = made(problem)
    export(experiment, tmp_path / "train.py")
    assert printed(tmp_path / "train.py") == weights_of(experiment)


@pytest.mark.usefixtures("way")
def test_that_a_sheet_ends_on_the_same_digits(tmp_path: Path) -> None:
    table = tmp_path / "mine.xlsx"
    cells: list[list[str | float | None]] = [["x", "y"], [0.1, 2.0], [None, 3.0], [2.5, "n/a"], [3.0, 1e-7]]
    table.write_bytes(workbook({"First": [], "Second": cells}))
    experiment = made({"path": str(table)})
    needs = export(experiment, tmp_path / "train.py")
    assert needs in ("PyTorch alone", "PyTorch, python-calamine and the table")
    assert printed(tmp_path / "train.py") == weights_of(experiment)


def test_that_a_script_refuses_a_table_that_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_rows, "_MOST_WRITTEN", 0)
    assembly._text.cache_clear()
    table = tmp_path / "mine.csv"
    table.write_text("x,y\n1,2\n3,4\n5,7\n", encoding="utf-8")
    export(made({"path": str(table)}), tmp_path / "train.py")
    table.write_text("x,y\n1,2\n3,4\n5,8\n", encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, str(tmp_path / "train.py")], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert "is not the table of this run" in ended.stderr


def test_that_the_table_of_a_file_itself_is_written_into_the_script(tmp_path: Path) -> None:
    experiment = made({"cells": "x\ty\n1\t2\n3\t4\n5\t7\n"})
    export(experiment, tmp_path / "train.py")
    assert printed(tmp_path / "train.py") == weights_of(experiment)
