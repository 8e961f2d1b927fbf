"""Functions that somebody types: what is read, what is refused and how, and what is computed of them."""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.core.errors import InputError
from gdstudio.core.problems.functions.holes import why_no_value
from gdstudio.core.problems.functions.reading import read_function
from gdstudio.core.problems.functions.tree import FUNCTIONS
from gdstudio.core.program import notebook, program_of, script
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.files import read_experiment, write_experiment
from gdstudio.core.training.events import FinishReason
from tests.core.test_hills import code_cells, executed

if TYPE_CHECKING:
    from pathlib import Path

    from gdstudio.core.problems.functions.tree import Node
    from tests.core.conftest import Train


def typed(formula: str, start: list[float], **run: Any) -> Experiment:
    run = {"learning_rate": 0.05, "max_steps": 50, "initial_weights": start, **run}
    return Experiment.parse({"problem": {"kind": "function", "formula": formula}, "run": run})


THETA, W1, W2 = 0.7, -0.3, 1.9
VALUES = {
    "theta**4 - 3*theta**2 + theta": THETA**4 - 3 * THETA**2 + THETA,
    "w1**4/4 + w2**2": W1**4 / 4 + W2**2,
    "-w1**2 - (w1 - (w2 - 1))": -(W1**2) - (W1 - (W2 - 1)),
    "2**-w1 / (w2 * 3) * .5": 2**-W1 / (W2 * 3) * 0.5,
    "sin(pi*w1) + e**w2 + log(w2)": math.sin(math.pi * W1) + math.e**W2 + math.log(W2),
    "sqrt(2)*abs(w1 - 5) + tanh(w2)": math.sqrt(2) * abs(W1 - 5) + math.tanh(W2),
    "tan(w1)*cos(w1)": math.sin(W1),
    "exp(-(w1**2 + w2**2)/1_0)": math.exp(-(W1**2 + W2**2) / 10),
    " +θ² − 3·θ + π ": THETA**2 - 3 * THETA + math.pi,
}


@pytest.mark.parametrize("text", VALUES)
def test_that_a_function_has_the_value_that_is_written(text: str) -> None:
    weights = {"theta": THETA, "w1": W1, "w2": W2}
    tree = read_function(text)
    tensors = {name: torch.tensor(value, dtype=torch.float64) for name, value in weights.items()}
    assert float(tree.of(tensors)) == pytest.approx(VALUES[text], rel=1e-14)
    assert tree.of(weights) == pytest.approx(VALUES[text], rel=1e-14)


WRONG = {
    "": "is empty; write a function such as theta**4",
    "3 + pi": "has no weight in it; write a function of theta",
    "w1 + theta": "has both theta and w1; write a function of theta, or of w1 and w2",
    "w1 + x": "“x” at character 6 is not known; there are theta, or w1 and w2",
    "W1 + 1": "“W1” at character 1 is not known; did you mean w1?",
    "sinn(w1)": "“sinn” at character 1 is no function that is known; did you mean sin?",
    "ln(w1)": "write log, which is the natural logarithm",
    "pow(w1, 2)": "write ** for a power",
    "w1.real": "“w1.real” at character 1 has a point before a name",
    "w1.__class__.__bases__": "has a point before a name",
    "().__class__": "has a point before a name",
    "__import__(w1)": "“__import__” at character 1 is no function that is known",
    "__import__('os').getpid()": "has “'” at character 12",
    "torch.sin(w1)": "“torch.sin” at character 1 has a point before a name",
    "sin(x=w1)": "has “=” at character 6; write the right-hand side alone",
    "sin(*w1)": "“sin(*w1)” at character 1 must be of one number; write sin(w1)",
    "sin()": "must be of one number; write sin(w1)",
    "sin(w1, w2)": "must be of one number; write sin(w1)",
    "sin": "“sin” at character 1 is a function; write of what, such as sin(w1)",
    "sin w1": "cannot be read at character 5, “w1”",
    "w1(w2)": "“w1(w2)” at character 1 takes w1 for a function; write w1*(…)",
    "2(w1)": "“2(w1)” at character 1 has no sign before “(”; write * for a product",
    "2w1 + 1": "“2w1” at character 1 has no sign between 2 and w1; write 2*w1",
    "w1^2": "has “^” at character 3; write ** for a power, such as w1**2",
    "w1 == 2": "has “=” at character 4",
    "w1 < w2": "has “<” at character 4; write an expression without a comparison",
    "w1 is w2": "compares; write one expression without a comparison",
    "w1 if w2 else 3": "is a choice between two; write one expression",
    "w1 and w2": "is a yes or no; write one expression",
    "not w1": "“not w1” at character 1 is no part of a function",
    "w1, w2": "is several functions; write one, without commas",
    "(w1, w2)": "is several functions; write one, without commas",
    "'w1'": "has “'” at character 1; write an expression without texts in quotes",
    "[w1][0]": "has “[” at character 1; use round parentheses",
    "1j*w1": "“1j” at character 1 is a complex number; write a real one, such as 1",
    "True*w1": "“True” at character 1 is no number; write one such as 0.5",
    "w1//2": "“w1//2” at character 1 has a sign that no function has; use /",
    "w1 % 2": "has “%” at character 4",
    "w1\n+ w2": "has a new line at character 3; write it on one line",
    "w1\x00": "has “U+0000” at character 3",
    "w1 +": "ends too soon; write what follows “+”",
    "(w1 + 2": "has 1 “(” but 0 “)”; write “)” where one is missing",
    "w1 + 2)": "has 0 “(” but 1 “)”; write “(” where one is missing",
    "01*w1": "“01” at character 1 begins with 0; write 1",
    "9**9**9*w1": "(at character 1)",
    "10**400*w1": "10**400 is a whole number beyond 2**53; write it with a point, such as 1e30",
    "1e999*w1": "too large a number",
    "exp(1000)*w1": "exp(1000) is too large a number (at character 1)",
    "w1**1000": "“w1**1000” at character 1 has too high a power; give one of at most 100",
    "w1**(9.0**9**9)": "too large a number",
    "w2 + 1/0": "1 / 0 divides by 0 (at character 6)",
    "w1/(2 - 2)": "“w1/(2 - 2)” at character 1 divides by 0; divide by another number",
    "0**-1*w1": "0**-1 divides by 0",
    "log(-1)*w1": "log(-1) has no value, as log needs a number above 0, not −1 (at character 1)",
    "sqrt(-2)*w1": "sqrt(-2) has no value, as sqrt needs a number of 0 or more, not −2",
    "(-1)**0.5*w1": "(-1)**0.5 has no value, as −1 is below 0 and has no power 0.5",
    "-" * 150 + "w1": "is nested 151 levels deep; give at most 50",
    "θ + foo": "“foo” at character 5 is not known",
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: repr(text[:20]))
def test_that_everything_else_is_answered_in_one_sentence(text: str) -> None:
    with pytest.raises(InputError) as raised:
        Experiment.parse({"problem": {"kind": "function", "formula": text}, "run": {"max_steps": 1}})
    (said,) = raised.value.problems
    assert said.startswith("problem.formula: ")
    assert WRONG[text] in said
    assert "\n" not in said


def test_that_a_text_of_ten_thousand_characters_is_not_even_looked_at() -> None:
    for text in ("w1+" * 3333 + "w1", "(" * 10_000, "9**" * 3333 + "9"):
        with pytest.raises(InputError, match=r"problem\.formula: is too long; give at most 200 characters"):
            typed(text, [0.0, 0.0])


def test_that_as_many_parentheses_as_fit_are_read() -> None:
    assert read_function("(" * 99 + "w1" + ")" * 99).text() == "w1"


@pytest.mark.parametrize("wrong", [3, True, ["w1"], {"a": 1}], ids=str)
def test_that_what_is_no_text_is_refused(wrong: Any) -> None:
    with pytest.raises(InputError, match=r"problem\.formula: "):
        Experiment.parse({"problem": {"kind": "function", "formula": wrong}, "run": {"max_steps": 1}})


PIECES = st.sampled_from(
    [
        *FUNCTIONS,
        "theta",
        "w1",
        "w2",
        "pi",
        "e",
        "x",
        "+",
        "-",
        "*",
        "/",
        "**",
        "//",
        "(",
        ")",
        ",",
        ".",
        " ",
        "0",
        "1",
        "2",
        "10",
        "1e9",
        "1e400",
        "0.5",
        "=",
        "^",
        "lambda",
        "if",
        "else",
        "for",
        "in",
        "not",
        "__",
        "j",
        "'",
        "[",
        "]",
        ":",
        "\n",
        "é",
        "θ",
        "²",
        "True",
        "None",
        "import os",
        "f(",
        "()",
    ]
)


@given(st.one_of(st.text(max_size=220), st.lists(PIECES, max_size=40).map("".join)))
def test_that_whatever_is_typed_is_read_or_refused_in_words(text: str) -> None:
    tree, problems = outcome_of(text)
    if tree is None:
        assert len(problems) == 1
        assert "\n" not in problems[0]
        return
    written = tree.text(for_torch=True)
    assert names_in(written) <= {"theta", "w1", "w2", "torch", "math"}
    assert read_function(tree.text()) == tree


def outcome_of(text: str) -> tuple[Node | None, tuple[str, ...]]:
    """Return what a text is read as, or what is said of it; whatever else is raised fails the test."""
    try:
        return read_function(text), ()
    except InputError as error:
        return None, error.problems


def names_in(expression: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(expression, mode="eval")) if isinstance(node, ast.Name)}


def _grown(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(parts, st.sampled_from(["+", "-", "*", "/", "**"]), parts)
    return st.one_of(
        two.map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
        two.map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
        parts.map("-{}".format),
        st.tuples(st.sampled_from(FUNCTIONS), parts).map(lambda t: f"{t[0]}({t[1]})"),
    )


LEAVES = st.one_of(
    st.sampled_from(["w1", "w2", "pi", "e"]), st.integers(0, 20).map(str), st.floats(0, 50).map(repr)
)


@given(st.recursive(LEAVES, _grown, max_leaves=12), st.floats(-3, 3), st.floats(-3, 3))
def test_that_the_tree_computes_what_its_program_does(text: str, w1: float, w2: float) -> None:
    tree, _ = outcome_of(text)
    if tree is None:
        return
    weights = {name: torch.tensor(value, dtype=torch.float64) for name, value in (("w1", w1), ("w2", w2))}
    by_program = eval(tree.text(for_torch=True), {"torch": torch, "math": math, **weights})
    by_tree = tree.of(weights)
    assert torch.equal(by_tree.nan_to_num(7.5), by_program.nan_to_num(7.5))
    if why := why_no_value(tree, {"w1": w1, "w2": w2}):
        assert " has no value, as " in why or " divides by 0" in why


def test_that_typed_himmelblau_runs_as_the_one_that_is_known(train: Train) -> None:
    experiment = typed("(w1**2 + w2 - 11)**2 + (w1 + w2**2 - 7)**2", [0.0, 0.0], learning_rate=0.01)
    _, known = train(experiment.edited({"problem": {"kind": "himmelblau"}}))
    _, own = train(experiment)
    np.testing.assert_array_equal(own.weights, known.weights)
    np.testing.assert_array_equal(own.costs, known.costs)


def test_that_the_gradient_is_the_derivative() -> None:
    problem = typed("sin(w1)*exp(w2/2) + abs(w1)", [0.0, 0.0]).build_problem()
    at = np.array([-0.4, 1.2])
    slopes = [math.cos(-0.4) * math.exp(0.6) - 1, math.sin(-0.4) * math.exp(0.6) / 2]
    np.testing.assert_allclose(problem.gradient_at(at), slopes, rtol=1e-14)
    np.testing.assert_allclose(
        problem.cost_at(np.array([at, at + 1])),
        [math.sin(w) * math.exp(v / 2) + abs(w) for w, v in (at, at + 1)],
        rtol=1e-14,
    )


EXPORTED = {
    "w1, w2": typed("w1**4/4 + w2**2", [1.0, -1.0]),
    "theta": typed("theta**4 - 3*theta**2 + theta", [0.2]),
    "functions": typed(
        "sin(3*w1)*cos(w2) + exp(-w1**2)/2 + tanh(w2) + sqrt(2)*abs(w2) + pi*w1**2", [0.5, -0.7]
    ),
    "a large constant": typed("abs(-3)**60*theta**2*1e-30 + 2**53*1e-20*theta", [0.5]),
    "one weight missing": typed("w2**2 - log(2)", [0.5, 2.0]),
    "constants": typed("(1/3)*theta**2 + 2**0.5*theta + e**-theta", [0.5]),
    "32 bit": typed("log(w1) + 1/w1 + w2**2", [0.5, 2.0], dtype="float32"),
    "Adam": typed("abs(theta - 1) + theta**2/2", [3.0], optimizer="adam"),
    "drawn": Experiment.parse({"problem": {"kind": "function"}, "run": {"max_steps": 9, "initial_std": 1.0}}),
}


@pytest.mark.parametrize("name", EXPORTED)
def test_that_script_and_notebook_end_on_the_digits_of_the_run(
    name: str, train: Train, tmp_path: Path
) -> None:
    trainer, _ = train(EXPORTED[name])
    program = program_of(EXPORTED[name])
    for parts in ([script(program)], code_cells(notebook(program))):
        printed = executed(parts)
        assert [printed[name] for name in trainer.problem.weight_names] == trainer.weights.tolist()
    write_experiment(EXPORTED[name], tmp_path / "own.toml")
    assert read_experiment(tmp_path / "own.toml") == EXPORTED[name]


def test_that_the_program_has_the_expression_of_torch() -> None:
    text = script(program_of(typed("sin(w1)**2 + sqrt(2)*w2", [1.0, 1.0])))
    assert "def f(w1, w2):\n    return torch.sin(w1)**2 + math.sqrt(2) * w2\n" in text
    assert "import math\n" in text


HOLES = [
    (
        "log(theta)",
        [0.3],
        "Ended at step 1: the step leads to θ = −0.1167, where log(theta) has no value, "
        "as log needs a number above 0, not −0.1167. Shown is the state before it.",
    ),
    (
        "w1 + sqrt(w2)",
        [0.0, 0.01],
        "where sqrt(w2) has no value, as sqrt needs a number of 0 or more, not −0.615",
    ),
    ("8/theta", [-1.0], "the step leads to θ = 0, where 8 / theta divides by 0."),
    ("30*theta**0.5", [1.0], "θ = −0.875, where theta**0.5 has no value, as −0.875 is below 0"),
    ("sqrt(theta**2)", [0.0], "Ended at step 1: the cost has a value but no slope at θ = 0"),
    (
        "log(w1) + w2",
        [-1.0, 0.0],
        "Ended at step 0: at the start log(w1) has no value, as log needs a number above 0, not −1. "
        "Give another start.",
    ),
    ("-theta**3", [1.0], "a weight is no longer a finite number. Shown is the last finite state."),
    ("exp(theta**2)", [30.0], "Diverged at step 0: the cost of the first weights is not a finite number."),
]


@pytest.mark.parametrize(("formula", "start", "says"), HOLES)
def test_that_a_run_that_leaves_the_domain_ends_in_words(
    train: Train, formula: str, start: list[float], says: str
) -> None:
    for chunk in (1, 1000):
        trainer, rows = train(typed(formula, start, learning_rate=0.125), chunk)
        assert trainer.finish is not None
        assert says in trainer.finish.sentence
        assert np.isfinite(trainer.weights).all()
        if trainer.step:
            assert np.isfinite(rows.costs).all()
        assert trainer.finish.reason is FinishReason.DIVERGED


def test_that_another_number_of_weights_asks_for_another_start() -> None:
    with pytest.raises(InputError, match=r"run\.initial_weights: has 2 entries; give 1, for theta"):
        typed("theta**2", [0.0, 0.0])
