"""New files that are wrong: one line says in which file and what, and everything else goes on."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.cli import main
from gdstudio.core.errors import InputError
from gdstudio.core.problems import parse_problem, problem_kinds
from gdstudio.core.settings.experiment import Experiment
from tests.folders import Folders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SURFACE = """
from typing import Literal
from gdstudio.core.problems.surface import SurfaceSpec

class {name}(SurfaceSpec):
    formula = "{formula}"
    names = {names}
    {more}
    kind: Literal["{kind}"] = "{kind}"
"""


@pytest.fixture
def surface(folders: Folders) -> Callable[..., None]:
    """Add a surface, in a file of its kind's name unless told otherwise."""

    def add(
        kind: str, formula: str, names: tuple[str, ...] = ("w1", "w2"), more: str = "", file: str = ""
    ) -> None:
        text = SURFACE.format(name="S", formula=formula, names=names, more=more or "pass", kind=kind)
        folders.add("kinds", file or kind, text)

    return add


def run(kind: str, tmp_path: Path, more: str = "") -> int:
    saved = tmp_path / "given.toml"
    saved.write_text(
        f'schema = 1\n[problem]\nkind = "{kind}"\n[run]\nmax_steps = 3\n{more}', encoding="utf-8"
    )
    return main(["run", str(saved)])


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr().err
    assert said.startswith("gdstudio: ")
    assert said.count("\n") == 1
    return said


@pytest.mark.parametrize("asked_before", [False, True])
@pytest.mark.parametrize("kind", ["bowl", "line"])
def test_that_a_kind_taken_twice_names_both_files(
    surface: Callable[..., None], kind: str, asked_before: bool
) -> None:
    if asked_before:
        assert "line" in problem_kinds()
    surface(kind, "w1**2 + w2**2", file="aa_bowl")
    surface(kind, "w1**4 + w2**4", file="zz_bowl")
    for _ in range(2):
        with pytest.raises(InputError) as caught:
            parse_problem({"kind": kind})
        [said] = caught.value.problems
        assert f"have one name, '{kind}'" in said
        assert said.count("bowl.py:") + said.count("line.py:") == 2


def test_that_a_file_of_a_name_that_is_taken_is_told(
    surface: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    surface("mine", "w1**2 + w2**2", file="line")
    assert run("mine", tmp_path) == 2
    assert "line.py have one name" in one_line(capsys)


def test_that_new_files_that_are_taken_out_leave_those_of_the_package(tmp_path: Path) -> None:
    line, folders = problem_kinds()["line"], Folders(tmp_path)
    folders.add("kinds", "line", "X = 1")
    with pytest.raises(InputError):
        problem_kinds()
    folders.remove()
    assert problem_kinds()["line"] is line
    assert import_module(line.__module__).LineSpec is line


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("X = 1\ndef broken(:\n", 2, "invalid syntax"),
        ("\n\nimport no_such_module\n", 3, "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def f():\n    return 1 / 0\nX = f()\n", 3, "ZeroDivisionError: division by zero"),
    ],
)
def test_that_a_broken_file_is_one_line_and_the_other_kinds_go_on(
    folders: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, line: int, what: str
) -> None:
    folders.add("kinds", "broken", text)
    assert run("broken", tmp_path) == 2
    assert f"{tmp_path / 'kinds' / 'broken.py'}:{line}: {what}" in one_line(capsys)
    assert run("line", tmp_path) == 0
    assert main(["lessons"]) == 0
    assert not capsys.readouterr().err


def test_that_a_class_that_lacks_a_method_is_told_and_left_out(
    folders: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = 'from gdstudio.core.problems.losses.loss import Loss\n\nclass Bad(Loss):\n    name = "bad"\n'
    folders.add("losses", "bad", text)
    assert run("line", tmp_path, "[problem_]\n") == 2  # an unknown table, told without a word of the loss
    assert "bad.py" not in one_line(capsys)
    with pytest.raises(InputError) as caught:
        Experiment.parse({"problem": {"kind": "line", "cost": "bad"}, "run": {"max_steps": 1}})
    [said] = caught.value.problems
    assert said == f"problem.cost: {tmp_path / 'losses' / 'bad.py'}:3: Bad lacks definition, function"


OPTIMIZER = """
from typing import Literal
from gdstudio.core.settings.optimizers.optimizer import Optimizer

class Mine(Optimizer):
    {torch_name}
    kind: Literal["mine"] = "mine"
    def rule(self, weights, gradient):
        return ()
"""


@pytest.mark.parametrize(
    ("torch_name", "what"),
    [
        ("pass", "give Mine a torch_name, or build and expression"),
        ('torch_name = "NoSuch"', "torch.optim has no 'NoSuch', the torch_name of Mine"),
    ],
)
def test_that_an_optimizer_without_a_class_of_torch_is_told(
    folders: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str], torch_name: str, what: str
) -> None:
    folders.add("optimizers", "mine", OPTIMIZER.format(torch_name=torch_name))
    assert run("line", tmp_path, 'optimizer = "mine"\n') == 2
    assert f"{tmp_path / 'optimizers' / 'mine.py'}:5: {what}" in one_line(capsys)


@pytest.mark.parametrize(
    ("names", "more", "what"),
    [
        (("a", "b", "c"), "centre = (0.0, 0.0)", "S: centre has 2 numbers; give one for each name: a, b, c"),
        (
            ("a", "b"),
            "known_minima = ((1.0,),)",
            "S: a known minimum has 1 number; give one for each name: a, b",
        ),
    ],
)
def test_that_a_surface_with_places_of_other_lengths_is_told(
    surface: Callable[..., None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    names: tuple[str, ...],
    more: str,
    what: str,
) -> None:
    surface("mine", "a**2", names, more)
    assert run("mine", tmp_path) == 2
    assert f"mine.py:5: TypeError: {what}" in one_line(capsys)


def test_that_a_surface_of_three_weights_is_looked_at_from_zero(surface: Callable[..., None]) -> None:
    surface("mine", "a**2 + b**2 + c**2", ("a", "b", "c"))
    problem = parse_problem({"kind": "mine"}).build(0)
    assert problem.viewpoint is not None
    np.testing.assert_array_equal(problem.viewpoint.centre, np.zeros(3))


def test_that_a_formula_may_use_abs(surface: Callable[..., None], tmp_path: Path) -> None:
    surface("mine", "abs(w1) + w2**2")
    assert float(parse_problem({"kind": "mine"}).build(0).cost_at(np.array([-2.0, 3.0]))) == 11
    assert run("mine", tmp_path) == 0


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        ("foo(w1) + w2", "name 'foo' is not defined"),
        ("x**2", "name 'x' is not defined"),
        ("w1 @ w2", "both arguments to matmul"),
        ("w1**", "invalid syntax"),
    ],
)
def test_that_a_formula_that_cannot_be_computed_is_named(
    surface: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str], formula: str, what: str
) -> None:
    surface("mine", formula)
    assert run("mine", tmp_path) == 2
    said = one_line(capsys)
    assert f'problem.kind = "mine": its formula, {formula}, cannot be computed: ' in said
    assert what in said


def test_that_a_surface_predicts_nothing(surface: Callable[..., None]) -> None:
    surface("mine", "w1**2 + w2**2")
    with pytest.raises(NotImplementedError, match="nothing to predict"):
        parse_problem({"kind": "mine"}).build(0).predict(np.zeros(2), np.zeros((1, 1)))
