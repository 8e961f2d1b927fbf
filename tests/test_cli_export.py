"""The export command: what it writes, and what it refuses."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

import pytest

from gdstudio.cli import main
from gdstudio.core.program import program_of, script
from gdstudio.core.program.export import export
from gdstudio.core.program.plan import SMALL_BATCH
from gdstudio.core.training.threads import _SMALL_BATCH
from gdstudio.lessons.library import lesson, lesson_ids

if TYPE_CHECKING:
    from pathlib import Path

Capsys = pytest.CaptureFixture[str]


def refused(capsys: Capsys, *arguments: str) -> list[str]:
    """Export what must be refused; return its lines, each of which begins alike."""
    assert main(["export", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, "Traceback" in err) == ("", False)
    lines = err.splitlines()
    assert all(line.startswith("gdstudio: ") for line in lines)
    return [line.removeprefix("gdstudio: ") for line in lines]


@pytest.mark.parametrize("name", lesson_ids())
def test_that_every_lesson_becomes_a_script_and_a_notebook(name: str, tmp_path: Path, capsys: Capsys) -> None:
    for file in (tmp_path / "train.py", tmp_path / "train.ipynb"):
        assert main(["export", name, "-o", str(file)]) == 0
        assert capsys.readouterr().out.startswith(f"Wrote {file}: ")
        assert "import gdstudio" not in file.read_text(encoding="utf-8")
    ast.parse((tmp_path / "train.py").read_text(encoding="utf-8"))


def test_that_a_notebook_is_of_format_4_5(tmp_path: Path) -> None:
    file = tmp_path / "train.ipynb"
    assert main(["export", "pytorch-loop", "-o", str(file)]) == 0
    whole = json.loads(file.read_text(encoding="utf-8"))
    assert (whole["nbformat"], whole["nbformat_minor"]) == (4, 5)
    assert {cell["cell_type"] for cell in whole["cells"]} == {"code", "markdown"}
    assert len({cell["id"] for cell in whole["cells"]}) == len(whole["cells"])
    for cell in whole["cells"]:
        keys = {"cell_type", "id", "metadata", "source"}
        code = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert set(cell) == keys | code
    text = file.read_text(encoding="utf-8")
    assert not any(word in text for word in ("WORLD_SIZE", "distributed", "rank"))


def test_that_settings_of_the_command_line_are_in_the_text(tmp_path: Path) -> None:
    file = tmp_path / "train.py"
    arguments = ["--set", "optimizer=adam", "--set", "batch_size=25", "--set", "seed=7"]
    assert main(["export", "pytorch-loop", *arguments, "-o", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    assert "torch.optim.Adam(net.parameters(), lr=0.03)" in text
    assert "batch_size=25, sampler=order" in text
    assert "seed = 7\n" in text


def test_that_only_what_the_experiment_needs_is_in_the_text() -> None:
    text = script(program_of(lesson("learning-rate").experiment))
    words = ("DataLoader", "epoch", "X_test", "seed", "numpy", "learning_rates", "tolerance", "last_cost")
    more = ("gradient_size", "import os", "device", "distributed", "torchrun", "Diverged at step 0")
    assert not [word for word in (*words, *more) if word in text]


def test_that_rates_beyond_the_end_are_left_out(tmp_path: Path) -> None:
    given = lesson("learning-rate").experiment
    export(given, tmp_path / "train.py", ((5, 0.2), (5, 0.05), (10**9, 3.0)))
    assert "learning_rates = {5: 0.05}  # as changed" in (tmp_path / "train.py").read_text(encoding="utf-8")


def test_that_a_rate_changed_before_the_first_step_is_the_rate_of_the_optimizer(tmp_path: Path) -> None:
    export(lesson("learning-rate").experiment, tmp_path / "train.py", ((0, 0.2), (0, 0.05)))
    text = (tmp_path / "train.py").read_text(encoding="utf-8")
    assert "lr=0.05)" in text
    assert "learning_rates" not in text


def test_that_a_script_runs_under_torchrun_where_that_is_asked_for(tmp_path: Path, capsys: Capsys) -> None:
    file = tmp_path / "train.py"
    assert main(["export", "pytorch-loop", "--distributed", "-o", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    ast.parse(text)
    assert "torchrun --nproc-per-node 2" in text
    assert "from torch import distributed, nn\n" in text
    notebook = tmp_path / "train.ipynb"
    capsys.readouterr()
    (line,) = refused(capsys, "pytorch-loop", "--distributed", "-o", str(notebook))
    assert line == f"{notebook}: a notebook runs as one process; give a script (.py) to run as several"
    assert not notebook.exists()


@pytest.mark.parametrize("suffix", ["py", "ipynb"])
def test_that_the_runs_device_is_in_the_text(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"train.{suffix}"
    assert main(["export", "pytorch-loop", "--set", 'device="cuda:1"', "-o", str(file)]) == 0
    text = file.read_text(encoding="utf-8").replace('\\"', '"')
    assert 'device = torch.device("cuda:1")' in text
    assert "net = nn.Sequential(nn.Linear(2, 1)).to(device)" in text


def test_that_a_file_of_ones_own_is_exported(tmp_path: Path) -> None:
    own, out = tmp_path / "own.toml", tmp_path / "OWN.PY"
    own.write_text('schema = 1\n[problem]\nkind = "constant"\n[run]\nmax_steps = 4\n', encoding="utf-8")
    assert main(["export", str(own), "-o", str(out)]) == 0
    assert "class Constant(nn.Module):" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["train.txt", "train", "train.py.bak"])
def test_that_any_other_suffix_is_refused(name: str, tmp_path: Path, capsys: Capsys) -> None:
    file = tmp_path / name
    (line,) = refused(capsys, "learning-rate", "-o", str(file))
    assert line == f"{file}: ends in neither .py (a script) nor .ipynb (a notebook); give one of them"
    assert not file.exists()


def test_that_what_cannot_be_written_or_read_is_refused(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "folder.py").mkdir()
    out = str(tmp_path / "train.py")
    assert "is a folder" in refused(capsys, "learning-rate", "-o", str(tmp_path / "folder.py"))[0]
    assert "cannot be written" in refused(capsys, "learning-rate", "-o", str(tmp_path / "no" / "train.py"))[0]
    assert "neither a lesson nor a file" in refused(capsys, "nonsense", "-o", out)[0]
    assert "no such file" in refused(capsys, "nonsense.toml", "-o", out)[0]
    assert "learning_rate" in refused(capsys, "learning-rate", "--set", "learning_rate=-1", "-o", out)[0]
    assert list(tmp_path.iterdir()) == [tmp_path / "folder.py"]


def test_that_the_file_to_write_has_to_be_named(capsys: Capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", "learning-rate"])
    assert ended.value.code == 2
    assert "-o" in capsys.readouterr().err


def test_that_the_text_takes_threads_as_the_studio_does() -> None:
    assert SMALL_BATCH == _SMALL_BATCH
