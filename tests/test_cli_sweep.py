"""``gdstudio sweep``: its CSV, its summary, and a sentence for each wrong input."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from gdstudio.cli import main

if TYPE_CHECKING:
    from pathlib import Path

Capsys = pytest.CaptureFixture[str]


def rows(capsys: Capsys, *arguments: str) -> list[dict[str, str]]:
    assert main(["sweep", *arguments, "--csv", "-"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_that_a_row_a_run_has_the_setting_the_end_and_the_weights(capsys: Capsys) -> None:
    found = rows(capsys, "two-parameters", "learning_rate", "0.01", "1", "--points", "3")
    head = ["learning_rate", "cost", "steps", "finish_reason", "w", "b"]
    assert [list(row) for row in found] == [head] * 3
    assert [float(row["learning_rate"]) for row in found] == pytest.approx([0.01, 0.1, 1.0], rel=1e-15)
    assert (found[0]["learning_rate"], found[2]["learning_rate"]) == ("0.01", "1.0")
    assert [row["finish_reason"] for row in found] == ["completed"] * 3


def test_that_learning_rates_follow_the_closed_form(capsys: Capsys) -> None:
    found = rows(
        capsys, "learning-rate", "learning_rate", "0.05", "0.3", "--points", "6",
        "--scale", "linear", "--set", "max_steps=3",
    )  # fmt: skip
    assert [float(row["learning_rate"]) for row in found] == pytest.approx([0.05, 0.1, 0.15, 0.2, 0.25, 0.3])
    for row in found:
        ratio = 1 - 28 * float(row["learning_rate"]) / 3
        assert float(row["cost"]) == pytest.approx(14 / 3 * ratio**6, rel=1e-10)
        assert float(row["theta"]) == pytest.approx(1 - ratio**3, rel=1e-12)
        assert row["steps"] == "3"


def test_that_seeds_go_one_by_one_and_each_is_the_run_itself(capsys: Capsys) -> None:
    found = rows(capsys, "pytorch-loop", "seed", "2", "4", "--set", "max_epochs=1")
    assert [row["seed"] for row in found] == ["2", "3", "4"]
    for row in found:
        assert (
            main(["run", "pytorch-loop", "--set", f"seed={row['seed']}", "--set", "max_epochs=1", "--json"])
            == 0
        )
        alone = json.loads(capsys.readouterr().out)
        assert float(row["cost"]) == alone["cost"]
        assert {name: float(row[name]) for name in ("w1", "w2", "b")} == alone["weights"]
        assert (int(row["steps"]), row["finish_reason"]) == (alone["steps"], alone["finish_reason"])


def test_that_the_csv_goes_to_a_file_and_how_it_was_made_to_the_user(capsys: Capsys, tmp_path: Path) -> None:
    out = tmp_path / "rates.csv"
    assert main(["sweep", "learning-rate", "learning_rate", "0.1", "0.2", "--csv", str(out)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(
        "Made as one batch of runs: each step agrees with that of a single run to 1e-12"
    )
    assert len(out.read_text("utf-8").splitlines()) == 201


def test_that_the_summary_says_what_is_best_and_from_where_on_runs_diverge(capsys: Capsys) -> None:
    arguments = ["learning-rate", "learning_rate", "0.1", "0.3", "--points", "5", "--scale", "linear"]
    assert main(["sweep", *arguments, "--set", "max_steps=10000"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "5 runs, learning_rate from 0.1 to 0.3"
    assert lines[1].startswith("best      learning_rate = 0.1: cost 0 after 10,000 steps")
    assert lines[3:5] == [
        "diverged  2 of 5, from learning_rate = 0.25 on",
        "ended above their start  2 of 5, from learning_rate = 0.25 on",
    ]


def test_that_the_summary_says_why_runs_were_made_one_by_one(capsys: Capsys) -> None:
    assert main(["sweep", "pytorch-loop", "seed", "0", "1", "--set", "max_epochs=1"]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[3] == "diverged  none of 2"
    assert "Made one by one, each as a single run to the last bit: run.seed is neither" in said


RATE = ("learning-rate", "learning_rate")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("learning-rate", "learning_rat", "0.1", "1"), "sweep learning_rat: there is no such setting here"),
        (("learning-rate", "mistake", "0", "1"), "sweep mistake: is not a number; give a setting that is"),
        (("learning-rate", "shuffle", "0", "1"), "sweep shuffle: is not a number; give a setting that is"),
        (("learning-rate", "initial_weights", "0", "1"), "sweep initial_weights: is not a number"),
        (("learning-rate", "steps_per_second", "1", "2"), "sweep steps_per_second: changes no number of"),
        ((*RATE, "1", "0.1"), "FROM 1 is not below TO 0.1; give the smaller value first"),
        ((*RATE, "0.1", "0.1"), "FROM 0.1 is not below TO 0.1; give the smaller value first"),
        ((*RATE, "0", "1"), "--scale log: FROM 0 has no logarithm; give one above 0, or --scale linear"),
        ((*RATE, "0", "1", "--scale", "linear"), "run.learning_rate: 0.0 is too small; give a"),
        ((*RATE, "a", "1"), "FROM: 'a' is not a number; give one such as 0.001"),
        ((*RATE, "0.1", "inf"), "TO: 'inf' is not a finite number; give a finite one"),
        ((*RATE, "0.1", "1", "--points", "1"), "--points 1: give 2 to 10,000"),
        ((*RATE, "0.1", "1", "--points", "ten"), "--points: 'ten' is not a whole number; give one"),
        (("learning-rate", "seed", "0.5", "9"), "FROM: '0.5' is not a whole number; give one such as 10"),
        (("learning-rate", "seed", "9", "0"), "FROM 9 is not below TO 0; give the smaller value first"),
        (("learning-rate", "seed", "0", "9", "--points", "4"), "--points 4: seed is a whole number"),
        (("learning-rate", "seed", "0", "9", "--scale", "log"), "--scale log: seed is a whole number"),
        (("learning-rate", "seed", "0", "1000000"), "FROM 0 TO 1000000: are more than 10,000 runs"),
        (("learning-rate", "momentum", "0", "1"), "run.optimizer.momentum: 1.0 is too large; give a"),
        (("no-lesson", "seed", "0", "1"), "no-lesson"),
    ],
)  # fmt: skip
def test_that_wrong_input_is_told_in_one_sentence(
    capsys: Capsys, tmp_path: Path, arguments: tuple[str, ...], line: str
) -> None:
    out = tmp_path / "kept.csv"
    out.write_text("what was there before", encoding="utf-8")
    assert main(["sweep", *arguments, "--csv", str(out)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (only,) = said.err.splitlines()
    assert only.startswith(f"gdstudio: {line}")
    assert out.read_text("utf-8") == "what was there before"


def test_that_a_file_that_cannot_be_written_is_told(capsys: Capsys, tmp_path: Path) -> None:
    assert main(["sweep", *RATE, "0.1", "1", "--csv", str(tmp_path / "no" / "out.csv")]) == 2
    assert "cannot be written" in capsys.readouterr().err
