"""Experiments to files and back; what is not one is answered in lines that name what is wrong."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from gdstudio.core.errors import InputError
from gdstudio.core.problems import problem_kinds
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.files import read_experiment, to_toml, write_experiment, write_text

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ", ".join(sorted(problem_kinds()))
EXPERIMENTS: list[dict[str, Any]] = [
    {"problem": {"kind": "line_through_origin"}, "run": {"max_steps": 5}},
    {
        "problem": {"kind": "line", "cost": "half_sum", "x": [0.1, 1 / 3], "y": [1e-300, -2e300]},
        "run": {"max_steps": 5, "learning_rate": 3 / 14, "initial_weights": [0.1, -7.0], "batch_size": 1},
    },
    {
        "problem": {"kind": "constant", "x": [1.0], "y": [2.0]},
        "run": {"max_epochs": 3, "gradient_tolerance": 1e-6, "cost_tolerance": 1e-9, "shuffle": False},
        "view": {"panels": ["cost_curve"], "steps_per_second": 0.5, "cost_scale": "linear", "feature": 2},
    },
    {
        "problem": {
            "kind": "linear_network",
            "n": 7,
            "n_test": 0,
            "noise": 0.0,
            "true_w": [1.0],
            "true_b": -1.0,
        },
        "run": {"max_steps": 10, "seed": 2**31 - 1, "dtype": "float32", "device": "mps", "initial_std": 0.5},
    },
    *(
        {"problem": {"kind": "line"}, "run": {"max_steps": 5, "optimizer": optimizer}}
        for optimizer in (
            {"kind": "sgd", "momentum": 0.9, "nesterov": True},
            {"kind": "adagrad", "lr_decay": 0.5},
            {"kind": "rmsprop", "centered": True},
            {"kind": "adam", "amsgrad": True, "beta1": 0.0},
        )
    ),
]


@pytest.mark.parametrize("tables", EXPERIMENTS)
def test_that_a_file_gives_back_the_experiment(tables: dict[str, Any], tmp_path: Path) -> None:
    experiment, path = Experiment.parse(tables), tmp_path / "é 1.toml"
    write_experiment(experiment, path)
    assert read_experiment(path) == experiment
    assert path.read_text(encoding="utf-8").startswith("schema = 1\n")
    assert os.listdir(tmp_path) == ["é 1.toml"]


@pytest.mark.parametrize(
    "form", ['optimizer = "adam"', 'optimizer = {kind = "adam"}', '[run.optimizer]\nkind = "adam"']
)
def test_that_an_optimizer_can_be_given_by_its_name(form: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(f'schema = 1\nproblem.kind = "line"\n[run]\nmax_steps = 1\n{form}\n', encoding="utf-8")
    assert read_experiment(path).run.optimizer.kind == "adam"


def test_that_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(
        b"\xef\xbb\xbf" + to_toml(Experiment.parse(EXPERIMENTS[1])).replace("\n", "\r\n").encode()
    )
    assert read_experiment(path) == Experiment.parse(EXPERIMENTS[1])


def test_that_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        write_text(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["a.toml"]


def test_that_a_text_that_cannot_be_encoded_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_text(tmp_path / "a.toml", "\ud800")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("place", ["", "none/a.toml"])
def test_that_a_place_that_cannot_be_written_is_named(tmp_path: Path, place: str) -> None:
    with pytest.raises(InputError) as caught:
        write_text(tmp_path / place, "new")
    assert str(tmp_path / place) in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_that_a_new_file_can_be_read_by_others_and_written_by_its_owner_alone(tmp_path: Path) -> None:
    write_text(tmp_path / "new.toml", "schema = 1")
    assert (tmp_path / "new.toml").stat().st_mode & 0o777 == 0o644


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_that_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o600)
    write_text(path, "new")
    assert path.stat().st_mode & 0o777 == 0o600


BASE = 'schema = 1\n[problem]\nkind = "line"\n[run]\nmax_steps = 5\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"\x00\xff\xfe\x80binary", "is not a text file"),
        ("schema = = 1", "is not valid TOML"),
        ('schema = 1\n[problem]\nkind = "line', "is not valid TOML"),
        ("", "schema is missing; begin the file with schema = 1"),
        ("schema = 2", "schema 2 is not known; this version reads schema = 1"),
        ("schema = true", "schema True is not known"),
        (f"{BASE}learning_rate = {'[' * 50_000}", "is nested too deeply"),
        (f"{BASE}learning_rate = {'{a=' * 50_000}", "is nested too deeply"),
        (f"{BASE}x{'.a' * 500_000} = 1", "is nested too deeply"),
        (f"""{BASE}x{''' . "a".'b.c' ''' * 300_000} = 1""", "is nested too deeply"),
        (f"[a{'.a' * 500_000}]", "is nested too deeply"),
        (f"{BASE}learning_rate = {'1' * 5000}", "holds a whole number of thousands of digits"),
        (f'{BASE}learning_rate = "{chr(92)}"{"." * 70}' + '\\"' * 500_000, "is not valid TOML"),
    ],
    ids=lambda value: str(value[:12]),
)
def test_that_what_is_no_experiment_is_refused(tmp_path: Path, text: str | bytes, says: str) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as caught:
        read_experiment(path)
    assert caught.value.problems[0].startswith(f"{path}: ")
    assert says in caught.value.problems[0]


def test_that_many_numbers_and_many_dots_are_no_nesting(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    numbers = ", ".join(["1.5"] * 200)
    path.write_text(
        f'# {"." * 200}\nschema = 1\nproblem = {{kind = "line", x = [{numbers}], y = [{numbers}]}}\n'
        "run.max_steps = 5",
        encoding="utf-8",
    )
    assert read_experiment(path).problem.row_count == 200


def test_that_a_file_of_100_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.touch()
    os.truncate(path, 100 << 20)
    with pytest.raises(InputError, match="is larger than 4 MiB"):
        read_experiment(path)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("learning_rate = 0", "run.learning_rate: 0 is too small; give a number greater than 0"),
        ("learning_rate = -0.1", "run.learning_rate: -0.1 is too small"),
        ("learning_rate = nan", "run.learning_rate: nan is not a finite number; give a finite one"),
        ("learning_rate = inf", "run.learning_rate: inf is not a finite number"),
        ("learning_rate = 1e999", "run.learning_rate: inf is not a finite number"),
        ('learning_rate = "0.1"', "run.learning_rate: '0.1' is not a number; give a number such as 0.1"),
        ("learning_rate = true", "run.learning_rate: True is not a number"),
        (f"learning_rate = 0x{'f' * 5000}", "run.learning_rate: the value given is not a number"),
        ("learning_rate = [1, 2]", "run.learning_rate: [1, 2] is not a number"),
        ("batch_size = 0", "run.batch_size: 0 is too small; give 1 or more"),
        ("batch_size = 4", "run.batch_size: 4 is more than the 3 training rows; give 1 to 3"),
        ("batch_size = 1.5", "run.batch_size: 1.5 is not a whole number"),
        ("max_epochs = 0", "run.max_epochs: 0 is too small"),
        ("seed = -1", "run.seed: -1 is too small"),
        (
            "seed = 99999999999999999999999",
            "run.seed: 99999999999999999999999 is too large; give 2147483647 or less",
        ),
        ("shuffle = 1", "run.shuffle: 1 is neither true nor false"),
        ("device = 7", "run.device: 7 is not a text; put it in quotes"),
        ('dtype = "float16"', "run.dtype: 'float16' is not one of the choices; give 'float64' or 'float32'"),
        ('device = "mps"', 'run.dtype: mps cannot compute in float64; set dtype = "float32"'),
        ("initial_weights = [1.0]", "run.initial_weights: has 1 entry; give 2, for w, b"),
        ('initial_weights = [1.0, "x"]', "run.initial_weights[1]: 'x' is not a number"),
        ("initial_weights = [1.0, nan]", "run.initial_weights[1]: nan is not a finite number"),
        ("initial_weights = 3", "run.initial_weights: 3 is not a list"),
        ("learnign_rate = 1", "run.learnign_rate: is not a known key here; check its spelling or remove it"),
        ('optimizer = "adamax"', "run.optimizer: adamax is not one of the choices; give 'sgd', 'adagrad'"),
        (
            "optimizer = {momentum = 1.0}",
            "run.optimizer.momentum: 1.0 is too large; give a number less than 1",
        ),
        ('optimizer = {kind = "adam", eps = 0}', "run.optimizer.eps: 0 is too small"),
        ('optimizer = {kind = "adam", momentum = 0.5}', "run.optimizer.momentum: is not a known key here"),
        ("optimizer = {nesterov = true}", "run.optimizer: nesterov needs a momentum above 0"),
        ("[views]", "views: is not a known key here"),
        ("[view]\nfeature = -1", "view.feature: -1 is too small"),
        ('[view]\npanels = ["maps"]', "view.panels[0]: 'maps' is not one of the choices"),
        ("[view]\npanels = []", "view.panels: has 0 entries; give at least 1"),
    ],
)
def test_that_a_wrong_value_is_named_with_its_remedy(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(BASE + line, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_experiment(path)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(f"{path}: {says}")


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        ('kind = "linear_network"\nn = 0', "problem.n: 0 is too small; give 1 or more"),
        (
            'kind = "linear_network"\nn = 10_000_001',
            "problem.n: 10000001 is too large; give 10000000 or less",
        ),
        ('kind = "linear_network"\nn_test = -1', "problem.n_test: -1 is too small"),
        ('kind = "linear_network"\nnoise = -0.5', "problem.noise: -0.5 is too small"),
        ('kind = "linear_network"\ntrue_w = []', "problem.true_w: has 0 entries; give at least 1"),
        ('kind = "line"\nx = [1, 2]', "problem: x has 2 entries and y has 3; give as many of each"),
        ('kind = "line"\nx = [1, inf, 2]', "problem.x[1]: inf is not a finite number"),
        ('kind = "line"\ncost = "no_loss"', "problem.cost: 'no_loss' is not one of the choices; give 'mean'"),
        ('kind = "line"\nz = 1', "problem.z: is not a known key here"),
        ('kind = "spline"', f"problem: kind 'spline' is not a kind of problem; give one of: {KINDS}"),
        ("kind = [1]", "problem: kind [1] is not a kind of problem"),
        ("x = [1]", f"problem: kind is missing; give one of: {KINDS}"),
    ],
)
def test_that_a_wrong_problem_is_named_with_its_remedy(tmp_path: Path, problem: str, says: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(f"schema = 1\n[problem]\n{problem}\n[run]\nmax_steps = 5", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_experiment(path)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(f"{path}: {says}")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["problem: is missing; give it a value", "run: is missing; give it a value"]),
        ("problem = 5\nrun = 6", ["problem: is not a table", "run: 6 is not a table"]),
        ('problem.kind = "line"\n[run]', ["run: the run has no end; set max_steps or max_epochs"]),
        (
            'problem.kind = "line"\n[run]\nseed = -1\nfoo = 1',
            ["run.seed: -1 is too small", "run.foo: is not a known key"],
        ),
    ],
)
def test_that_every_problem_has_a_line(tmp_path: Path, text: str, problems: list[str]) -> None:
    path = tmp_path / "a.toml"
    path.write_text(f"schema = 1\n{text}", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_experiment(path)
    for line, says in zip(caught.value.problems, problems, strict=True):
        assert line.startswith(f"{path}: {says}")
