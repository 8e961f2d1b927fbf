"""``gdstudio race``: its table, its JSON and CSV, and a sentence for each wrong input."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from gdstudio.cli import main

if TYPE_CHECKING:
    from pathlib import Path

Capsys = pytest.CaptureFixture[str]


def printed(capsys: Capsys, *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_that_any_lesson_can_be_raced_and_each_run_is_the_command_run_of_its_optimizer(
    capsys: Capsys,
) -> None:
    race = printed(capsys, "race", "two-parameters", "--set", "max_steps=30")
    assert race["budget"] == 30
    assert [one["place"] for one in race["entrants"]] == list(range(1, len(race["entrants"]) + 1))
    assert race["winners"] == [race["entrants"][0]["name"]]
    assert race["sentence"].startswith(
        f"After all 30 gradient evaluations {race['winners'][0]} has won: J = "
    )
    for one in race["entrants"]:
        optimizer = ",".join(f"{key}={json.dumps(value)}" for key, value in one["optimizer"].items())
        run = printed(
            capsys,
            *("run", "two-parameters", "--set", f"max_steps={one['steps']}"),
            *("--set", f"optimizer={{{optimizer}}}"),
        )
        assert (run["cost"], run["weights"]) == (one["cost"], one["weights"])


def test_that_the_table_has_a_line_each_and_says_who_has_won(capsys: Capsys) -> None:
    entrants = "race.entrant=[{optimizer='adam'},{optimizer={kind='sgd',momentum=0.9},name='Heavy ball'}]"
    assert main(["race", "two-parameters", "--set", entrants, "--set", "learning_rate=0.3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "3 runs from one start, J = 4.66667, with 100 gradient evaluations each"
    assert lines[1].split() == ["α", "steps", "evaluations", "cost", "w", "b"]
    assert [line.split("  ")[0] for line in lines[2:5]] == ["Heavy ball", "Adam", "SGD"]
    assert lines[5].startswith("After all 100 gradient evaluations Heavy ball has won: J = ")
    assert lines[5].endswith("SGD is above the start.")
    assert len(lines) == 6


def test_that_a_run_that_has_diverged_stands_last_and_is_told(capsys: Capsys) -> None:
    race = printed(capsys, "race", "learning-rate", "--set", "learning_rate=5", "--set", "max_steps=2000")
    last = race["entrants"][-1]
    assert last["finish_reason"] == "diverged"
    assert last["name"] in race["sentence"]
    assert "diverged" in race["sentence"]
    assert main(["race", "learning-rate", "--set", "learning_rate=5", "--set", "max_steps=2000"]) == 0
    assert capsys.readouterr().out.splitlines()[-2].endswith("diverged")


def test_that_the_csv_has_every_step_of_each(capsys: Capsys, tmp_path: Path) -> None:
    assert main(["race", "two-parameters", "--set", "max_steps=5", "--csv", "-"]) == 0
    said = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert list(rows[0]) == ["name", "step", "evaluations", "cost", "w", "b"]
    plain = [row for row in rows if row["name"] == "SGD"]
    assert [int(row["step"]) for row in plain] == list(range(6))
    assert float(plain[1]["cost"]) == pytest.approx(0.0740740741, rel=1e-9)
    assert "has won" in said.err
    out = tmp_path / "race.csv"
    assert main(["race", "pytorch-loop", "--set", "max_epochs=1", "--json", "--csv", str(out)]) == 0
    kept = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    ends = {one["name"]: one["cost"] for one in json.loads(capsys.readouterr().out)["entrants"]}
    assert {row["name"]: float(row["cost"]) for row in kept if row["step"] == "100"} == ends


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("no-lesson",), "no-lesson: is neither a lesson nor a file"),
        (("two-parameters", "--set", "learning_rat=1"), "--set learning_rat: there is no such setting here"),
        (("two-parameters", "--device", "cuda:99"), "device: 'cuda:99' is not a device here"),
        (
            ("two-parameters", "--set", "race.entrant=[{optimizer='adm'}]"),
            "race.entrant[0].optimizer: adm is",
        ),
        (("two-parameters", "--json", "--csv", "-"), "--csv -: standard output is taken by --json"),
        (("two-parameters", "--csv", "no/where/out.csv"), "--csv no/where/out.csv: cannot be written"),
    ],
)
def test_that_wrong_input_is_told_in_one_sentence(
    capsys: Capsys, arguments: tuple[str, ...], line: str
) -> None:
    assert main(["race", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (only,) = said.err.splitlines()
    assert only.startswith(f"gdstudio: {line}")
