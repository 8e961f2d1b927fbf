"""What is declared of a hyperparameter, how it is assigned, and how numbers are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.core.errors import InputError
from gdstudio.core.hyperparameter import Hyperparameter, applies_of, hyperparameters
from gdstudio.core.numbers import MINUS, format_count, format_fixed, format_number
from gdstudio.core.problems import problem_kinds
from gdstudio.core.settings.assignments import assign, paths
from gdstudio.core.settings.experiment import Experiment

ONE = Experiment.parse(
    {"problem": {"kind": "line_through_origin"}, "run": {"max_steps": 5, "initial_weights": [0.0]}}
)
NET = Experiment.parse({"problem": {"kind": "linear_network"}, "run": {"max_epochs": 3}})


@pytest.mark.parametrize(
    ("assignments", "path", "value"),
    [
        (["learning_rate=0.22"], "run.learning_rate", 0.22),
        (["run.learning_rate=1"], "run.learning_rate", 1.0),
        ([" learning_rate = 1e-3 "], "run.learning_rate", 0.001),
        (["learning_rate=1", "learning_rate=2"], "run.learning_rate", 2.0),
        (["initial_weights=[-2.5]"], "run.initial_weights", (-2.5,)),
        (["x=[1,2]", "y=[3,4]"], "problem.y", (3.0, 4.0)),
        (["cost=half_sum"], "problem.cost", "half_sum"),
        (['cost="sum"'], "problem.cost", "sum"),
        (["shuffle=false"], "run.shuffle", False),
        (["momentum=0.9", "nesterov=true"], "run.optimizer.momentum", 0.9),
        (["optimizer=adam"], "run.optimizer.kind", "adam"),
        (["beta1=0.5", "optimizer=adam"], "run.optimizer.beta1", 0.5),
        (["run.optimizer.kind=rmsprop", "centered=true"], "run.optimizer.centered", True),
        (['optimizer={kind="sgd", momentum=0.5}'], "run.optimizer.momentum", 0.5),
        (["problem.kind=constant"], "problem.kind", "constant"),
        (["initial_weights=[1,2]", "problem.kind=line"], "run.initial_weights", (1.0, 2.0)),
        (["problem=line", "initial_weights=[1,2]", "x=[1,2]", "y=[0,0]"], "problem.x", (1.0, 2.0)),
        (["cost_scale=linear"], "view.cost_scale", "linear"),
    ],
)
def test_that_an_assignment_sets_its_field(assignments: list[str], path: str, value: object) -> None:
    found: object = assign(ONE, assignments)
    for key in path.split("."):
        found = getattr(found, key)
    assert found == value


def test_that_assignments_leave_the_experiment_as_it_was() -> None:
    before = ONE.tables()
    assert assign(ONE, []) == ONE
    assign(ONE, ["learning_rate=0.5", "optimizer=adam"])
    assert ONE.tables() == before


@pytest.mark.parametrize(
    ("assignment", "says"),
    [
        ("problem.kind=line", "run.initial_weights: has 1 entry; give 2, for w, b"),
        ("problem=spline", "problem: kind 'spline' is not a kind of problem"),
        ('problem={kind="line", x=3}', "problem.x: 3 is not a list"),
        ("optimizer=3", "run.optimizer: 3 is not one of the choices"),
        ("run=3", "run: 3 is not a table"),
        ("momentum=2", "run.optimizer.momentum: 2 is too large"),
        ("beta1=0.5", "--set beta1: there is no such setting here"),
    ],
)
def test_that_a_wrong_assignment_is_named(assignment: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        assign(ONE, [assignment])
    assert caught.value.problems[0].startswith(says)


def test_that_every_field_has_a_path() -> None:
    found = list(paths(NET))
    assert {
        "problem.n",
        "run.learning_rate",
        "run.optimizer",
        "run.optimizer.momentum",
        "view.panels",
    } <= set(found)
    assert len(found) == len(set(found))


def test_that_none_removes_an_optional_value() -> None:
    assert ONE.edited({"run.initial_weights": None}).run.initial_weights is None
    with pytest.raises(InputError, match="the run has no end"):
        ONE.edited({"run.max_steps": None})


def declared(experiment: Experiment) -> dict[str, Hyperparameter]:
    return {p.path: p for p in hyperparameters(experiment)}


def test_that_the_learning_rate_is_described_whole() -> None:
    found = declared(ONE)["run.learning_rate"]
    assert (found.name, found.kind, found.label) == ("learning_rate", "number", "Learning rate α")
    assert (found.scale, found.applies, found.default, found.optional) == ("log", "next_step", 0.1, False)
    assert (found.minimum, found.open_minimum, found.maximum, found.open_maximum) == (0, True, None, False)


@pytest.mark.parametrize(
    ("path", "kind", "optional", "bounds"),
    [
        ("run.batch_size", "integer", True, (1, None)),
        ("run.shuffle", "switch", False, (None, None)),
        ("run.initial_weights", "numbers", True, (None, None)),
        ("run.device", "text", False, (None, None)),
        ("run.dtype", "choice", False, (None, None)),
        ("run.optimizer.momentum", "number", False, (0, 1)),
        ("problem.n", "integer", False, (1, 10_000_000)),
        ("problem.true_w", "numbers", False, (None, None)),
        ("problem.cost", "choice", False, (None, None)),
        ("view.steps_per_second", "number", True, (0, 1000)),
    ],
)
def test_that_each_kind_of_hyperparameter_is_known(
    path: str, kind: str, optional: bool, bounds: tuple[float | None, float | None]
) -> None:
    found = declared(NET)[path]
    assert (found.kind, found.optional, (found.minimum, found.maximum)) == (kind, optional, bounds)


def test_that_choices_have_words() -> None:
    found = declared(ONE)["problem.cost"].choices
    assert found[:2] == (("mean", "mean of squares"), ("half_sum", "half the sum"))


@pytest.mark.parametrize("kind", sorted(problem_kinds()))
@pytest.mark.parametrize("optimizer", ["sgd", "adagrad", "rmsprop", "adam"])
def test_that_every_hyperparameter_has_a_title_and_a_help_and_a_default_that_holds(
    kind: str, optimizer: str
) -> None:
    tables = {"problem": {"kind": kind}, "run": {"max_steps": 1, "optimizer": optimizer}}
    for path, found in declared(Experiment.parse(tables)).items():
        assert found.title[0].isupper(), path
        assert found.help, path
        if found.default is not None:
            assert Experiment.parse(tables).edited({path: found.default})


def test_that_an_experiment_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        ONE.run.seed = 5  # type: ignore[misc]  # it is frozen


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (100.0, "100"), (-3.0, "−3"), (999_999.0, "999999"), (1e6, "1×10⁶"),
        (-9.3333333333, "−9.33333"), (0.2142857143, "0.214286"), (123456.789, "123457"),
        (0.00012345678, "0.000123457"),
        (1.403400413e-23, "1.4034×10⁻²³"), (-6.02214076e23, "−6.02214×10²³"), (5e-324, "4.94066×10⁻³²⁴"),
        (float("inf"), "∞"), (float("-inf"), "−∞"), (float("nan"), "undefined"),
    ],
)  # fmt: skip
def test_that_a_number_is_written_for_people(value: float, text: str) -> None:
    assert format_number(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_that_a_written_number_reads_back_to_six_digits(value: float) -> None:
    text = format_number(value).replace(MINUS, "-").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    assert float(text.replace("×10", "e")) == pytest.approx(value, rel=1e-5, abs=0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.500000"),
        (0.0, "0.000000"),
        (-1.25, "−1.250000"),
        (1e-9, "1×10⁻⁹"),
        (2e7, "2×10⁷"),
        (float("inf"), "∞"),
    ],
)
def test_that_a_changing_number_keeps_its_width(value: float, text: str) -> None:
    assert format_fixed(value) == text


def test_that_counts_are_grouped() -> None:
    assert [format_count(999), format_count(10_000), format_count(-1234567)] == [
        "999",
        "10,000",
        "−1,234,567",
    ]


@pytest.mark.parametrize("nothing", ["", "none"])
def test_that_an_optional_value_is_cleared(nothing: str) -> None:
    counted = assign(ONE, ["max_epochs=none", "max_steps=7"])
    assert (counted.run.max_steps, counted.run.max_epochs) == (7, None)
    cleared = assign(counted, [f"max_steps={nothing}", "run.max_epochs=3", "mistake=none"])
    assert (cleared.run.max_steps, cleared.run.max_epochs, cleared.run.mistake) == (None, 3, "none")
    with pytest.raises(InputError):
        assign(ONE, [f"learning_rate={nothing}"])


@pytest.mark.parametrize(
    ("path", "applies"),
    [
        ("run.learning_rate", "next_step"),
        ("view.steps_per_second", "pace"),
        ("view.cost_scale", "picture"),
        ("view.panels", "picture"),
        ("run.seed", "restart"),
        ("run.optimizer", "restart"),
        ("run.optimizer.momentum", "restart"),
        ("problem.x", "restart"),
        ("view", "restart"),
        ("nowhere.at_all", "restart"),
    ],
)
def test_that_what_a_change_does_is_declared_with_its_field(path: str, applies: str) -> None:
    assert applies_of(ONE, path) == applies
