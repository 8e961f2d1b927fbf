"""The command line, in process where that shows the same and in a fresh one where it does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pytest

from gdstudio import __version__
from gdstudio.cli import main
from gdstudio.core import headless

if TYPE_CHECKING:
    from pathlib import Path

KEYS = [
    "experiment", "device", "dtype", "finish_reason", "steps", "epochs", "gradient_evaluations", "cost",
    "weights", "true_weights", "errors", "epoch_costs", "seconds", "steps_per_second",
]  # fmt: skip
Capsys = pytest.CaptureFixture[str]


def gdstudio(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-W", "error::UserWarning", "-m", "gdstudio", *arguments]
    return subprocess.run(
        command, capture_output=True, timeout=60, env={**os.environ, **environment}, check=False
    )


def no_constant(text: str) -> NoReturn:
    raise AssertionError(f"{text} is not strict JSON")


def as_json(capsys: Capsys, *arguments: str) -> dict[str, Any]:
    assert main(["run", *arguments, "--json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out, parse_constant=no_constant)
    return result


def refused(capsys: Capsys, *arguments: str) -> list[str]:
    """Run what must be refused; return its lines, each of which begins alike."""
    assert main(["run", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, "Traceback" in err) == ("", False)
    lines = err.splitlines()
    assert lines
    assert all(line.startswith("gdstudio: ") for line in lines)
    return [line.removeprefix("gdstudio: ") for line in lines]


def test_that_a_fresh_process_prints_one_strict_json_object() -> None:
    run = gdstudio("run", "pytorch-loop", "--set", "seed=3", "--json")
    result = json.loads(run.stdout, parse_constant=no_constant)
    assert (run.returncode, list(result)) == (0, KEYS)
    assert (result["finish_reason"], result["steps"], result["epochs"]) == ("completed", 300, 3)
    assert result["experiment"]["run"]["seed"] == 3
    assert result["true_weights"] == {"w1": 2.0, "w2": -3.4, "b": 4.2}
    assert run.stderr.decode().splitlines() == ["Completed: 3 epochs, 300 steps, as set."]


def test_that_errors_are_the_truth_minus_the_estimate(capsys: Capsys) -> None:
    result = as_json(capsys, "pytorch-loop", "--set", "n=200")
    for name, error in result["errors"].items():
        assert error == result["true_weights"][name] - result["weights"][name]
    assert result["cost"] == result["epoch_costs"][-1]
    assert len(result["epoch_costs"]) == 3
    assert result["steps_per_second"] == pytest.approx(60 / result["seconds"])


def test_that_points_have_no_truth_and_no_errors(capsys: Capsys) -> None:
    result = as_json(capsys, "learning-rate", "--set", "max_steps=3")
    assert list(result) == KEYS
    assert (result["true_weights"], result["errors"], result["device"]) == (None, None, "cpu")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    "target", [["learning-rate", "--set", "max_steps=9999"], ["pytorch-loop", "--set", "max_epochs=50"]]
)
def test_that_a_run_that_diverges_ends_well_and_in_strict_json(
    capsys: Capsys, target: list[str], dtype: str
) -> None:
    result = as_json(capsys, *target, "--set", "learning_rate=1.7", "--set", f"dtype={dtype}")
    assert result["finish_reason"] == "diverged"
    assert np.isfinite([result["cost"], *result["weights"].values(), *result["epoch_costs"]]).all()


def test_that_a_start_beyond_the_numbers_of_the_run_has_none_in_json(capsys: Capsys) -> None:
    beyond = "run.initial_weights=[1e160, 0.0, 0.0]"
    result = as_json(capsys, "pytorch-loop", "--set", beyond, "--set", "dtype=float32")
    assert (result["cost"], result["weights"]["w1"], result["finish_reason"]) == (None, None, "diverged")


def test_that_a_start_whose_cost_overflows_has_no_cost_in_json(capsys: Capsys) -> None:
    result = as_json(capsys, "learning-rate", "--set", "initial_weights=[1e200]")
    assert (result["finish_reason"], result["steps"], result["cost"]) == ("diverged", 0, None)
    assert result["weights"] == {"theta": 1e200}


def test_that_the_history_has_its_header_and_every_row(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    result = as_json(capsys, "pytorch-loop", "--set", "n=103", "--history", str(path))
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines]
    assert header == "step,epoch,cost,w1,w2,b"
    assert [row[0] for row in rows] == [str(k) for k in range(34)]
    assert [row[1] for row in rows] == ["0"] + ["1"] * 11 + ["2"] * 11 + ["3"] * 11
    assert [float(x) for x in rows[-1][3:]] == list(result["weights"].values())
    assert all(repr(float(x)) == x for row in rows for x in row[2:])


def test_that_a_history_on_standard_output_is_all_that_is_there(capsys: Capsys) -> None:
    assert main(["run", "learning-rate", "--set", "max_steps=2", "--history", "-"]) == 0
    out, err = capsys.readouterr()
    assert [line.split(",")[0] for line in out.splitlines()] == ["step", "0", "1", "2"]
    assert err.startswith("Completed: 2 steps, as set.\n")


def test_that_the_summary_can_be_read(capsys: Capsys) -> None:
    assert main(["run", "pytorch-loop", "--set", "n=100"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] == "Completed: 3 epochs, 30 steps, as set."
    assert [line.split(",")[0] for line in lines[1:4]] == ["epoch 1", "epoch 2", "epoch 3"]
    assert [line.split()[0] for line in lines[4:8]] == ["cost", "w1", "w2", "b"]
    assert lines[8].endswith("steps/s on cpu")
    assert err == ""


def test_that_a_terminal_sees_a_bar(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headless, "_BAR_SECONDS", 0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["run", "learning-rate"]) == 0
    err = capsys.readouterr().err
    assert "of 100  cost" in err
    assert err.endswith("\r\033[K")


def test_that_lessons_are_listed_in_course_order(capsys: Capsys) -> None:
    assert main(["lessons"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "learning-rate" in [line.split()[0] for line in lines]
    assert all(len(line.split(maxsplit=1)) == 2 for line in lines)


def test_that_devices_are_listed_with_why_not(capsys: Capsys) -> None:
    assert main(["devices"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["cpu", "CPU", "(float64,", "float32)"]
    assert {line.split()[0].split(":")[0] for line in lines} == {"cpu", "cuda", "mps", "xpu"}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["run", "--help"]])
def test_that_help_and_version_end_well(capsys: Capsys, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    assert {"--version": f"gdstudio {__version__}"}.get(
        arguments[0], "usage: gdstudio"
    ) in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["run"], ["run", "learning-rate", "--bogus"], ["lessons", "x"], ["--bogus"]]
)
def test_that_a_wrong_option_is_bad_input(capsys: Capsys, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: gdstudio" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "nonsense: is neither a lesson nor a file; lessons are: "),
        (["none.toml"], "none.toml: there is no such file; check its name"),
        (["."], ".: is a folder; give the name of a file"),
        (["a" * 5000], f"{'a' * 5000}: is neither a lesson nor a file"),
        (["a" * 300 + ".toml"], f"{'a' * 300}.toml: "),
        (
            ["learning-rate", "--set", "learning_rate=0"],
            "run.learning_rate: 0 is too small; give a number greater",
        ),
        (["learning-rate", "--set", "learning_rate=-1"], "run.learning_rate: -1 is too small"),
        (["learning-rate", "--set", "learning_rate=nan"], "run.learning_rate: nan is not a finite number"),
        (["learning-rate", "--set", "learning_rate=inf"], "run.learning_rate: inf is not a finite number"),
        (["learning-rate", "--set", "learning_rate=fast"], "run.learning_rate: 'fast' is not a number"),
        (["learning-rate", "--set", f"learning_rate={'9' * 5000}"], "run.learning_rate: '999"),
        (["learning-rate", "--set", f"learning_rate={'[' * 5000}"], "run.learning_rate: '[[["),
        (["learning-rate", "--set", "batch_size=0"], "run.batch_size: 0 is too small; give 1 or more"),
        (["learning-rate", "--set", "batch_size=4"], "run.batch_size: 4 is more than the 3 training rows"),
        (["pytorch-loop", "--set", "n=0"], "problem.n: 0 is too small; give 1 or more"),
        (
            ["pytorch-loop", "--set", "n=5"],
            "run.batch_size: 10 is more than the 5 training rows; give 1 to 5",
        ),
        (
            ["learning-rate", "--set", "initial_weights=[]"],
            "run.initial_weights: has 0 entries; give 1, for theta",
        ),
        (
            ["learning-rate", "--set", "learnign_rate=1"],
            "--set learnign_rate: there is no such setting here; did you mean learning_rate?",
        ),
        (["learning-rate", "--set", "n=5"], "--set n: there is no such setting here"),
        (
            ["learning-rate", "--set", "kind=line"],
            "--set kind: is in several places; give one of: problem.kind, run.optimizer.kind",
        ),
        (["learning-rate", "--set", "learning_rate"], "--set learning_rate: give NAME=VALUE"),
        (["learning-rate", "--set", "=3"], "--set =3: give NAME=VALUE"),
        (
            ["learning-rate", "--device", "cuda:99"],
            "device: 'cuda:99' is not a device here; give one of: cpu",
        ),
        (["learning-rate", "--device", "warp"], "device: 'warp' is not a device here; give one of: cpu"),
        (["learning-rate", "--device", "mps"], "run.dtype: mps cannot compute in float64; set dtype"),
        (["learning-rate", "--history", "none/h.csv"], "--history none/h.csv: cannot be written"),
        (["learning-rate", "--history", "."], "--history .: cannot be written"),
        (["learning-rate", "--history", "-", "--json"], "--history -: standard output is taken by --json"),
    ],
    ids=lambda value: " ".join(value)[:50] if isinstance(value, list) else "",
)
def test_that_bad_input_is_answered_in_a_line(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    [line] = refused(capsys, *arguments)
    assert line.startswith(says)


def test_that_every_wrong_field_of_a_file_has_a_line(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('schema = 1\nproblem.kind = "line"\n[run]\nmax_steps = 0\nlearning_rate = -1\nfoo = 2\n')
    lines = refused(capsys, str(path))
    assert [line.removeprefix(f"{path}: ").split(": ")[0] for line in lines] == [
        "run.learning_rate", "run.max_steps", "run.foo",
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"\x00\x80\xff", b"schema = ", b'schema = 1\n"a' + b".a" * 99_999])
def test_that_a_broken_file_is_answered_in_a_line(capsys: Capsys, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    [line] = refused(capsys, str(path))
    assert line.startswith(f"{path}: is not")


def test_that_a_huge_file_is_answered_in_a_line(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    path.touch()
    os.truncate(path, 100 << 20)
    [line] = refused(capsys, str(path))
    assert line == f"{path}: is larger than 4 MiB; an experiment is a small text file"


def test_that_a_device_that_is_not_there_leaves_the_history_as_it_was(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text("old")
    refused(capsys, "learning-rate", "--device", "warp", "--history", str(path))
    assert path.read_text() == "old"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_that_a_full_disk_is_a_failure_in_one_line(capsys: Capsys) -> None:
    assert main(["run", "learning-rate", "--history", "/dev/full"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "gdstudio: the command failed: [Errno 28] No space left on device"
    ]


def test_that_an_interrupt_is_a_failure_in_one_line(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gdstudio.core.headless.run_headless", interrupt)
    assert main(["run", "learning-rate"]) == 1
    assert capsys.readouterr().err == "gdstudio: interrupted\n"


def test_that_a_console_without_the_signs_still_gets_the_numbers() -> None:
    run = gdstudio(
        "run",
        "learning-rate",
        "--set",
        "learning_rate=1e-9",
        "--set",
        "max_steps=3",
        PYTHONIOENCODING="ascii",
    )
    assert run.returncode == 0
    assert b"theta    2.8\\xd710\\u207b\\u2078" in run.stdout


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_that_a_reader_that_goes_away_is_no_traceback() -> None:
    command = [
        sys.executable,
        "-m",
        "gdstudio",
        "run",
        "learning-rate",
        "--set",
        "max_steps=100000",
        "--history",
        "-",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert run.stdout.readline() == b"step,epoch,cost,theta\n"
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait(timeout=60) == 1


def test_that_a_table_is_run_and_exported_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("x;y\n1;2,5\n2;3,5\n3;\n4;6\n", encoding="utf-8")
    assert main(["run", str(table), "--set", "max_steps=5"]) == 0
    printed = capsys.readouterr()
    assert "Completed: 5 steps" in printed.out
    assert "1 row of 4 is left out" in printed.err
    assert main(["export", str(table), "-o", str(tmp_path / "train.py")]) == 0
    assert main(["sweep", str(table), "learning_rate", "0.001", "0.01", "--points", "3"]) == 0
    assert main(["run", str(tmp_path / "none.csv")]) == 2
    assert "there is no such file" in capsys.readouterr().err
