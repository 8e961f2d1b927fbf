"""The surfaces that gdstudio brings: their known numbers, and that their programs end on the same digits."""

from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from gdstudio.core.program import notebook, program_of, script
from gdstudio.core.settings.experiment import Experiment

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from tests.core.conftest import Train

KINDS = ("quartic", "saddle", "himmelblau", "rosenbrock", "beale")
STARTS = {"quartic": [0.0], "saddle": [1.0, 1e-6], "rosenbrock": [-1.5, 2.0], "beale": [1.0, 1.0]}
RATES = {"quartic": 0.05, "saddle": 0.1, "himmelblau": 0.01, "rosenbrock": 1e-3, "beale": 0.01}
DEEP, SHALLOW, DIVIDE = -1.3008395659, 1.1309011226, 0.1699384433


def hill(kind: str, start: list[float] | None = None, **run: Any) -> Experiment:
    start = STARTS.get(kind, [0.0, 0.0]) if start is None else start
    settings = {"learning_rate": RATES[kind], "initial_weights": start, "max_steps": 200, **run}
    return Experiment.parse({"problem": {"kind": kind}, "run": settings})


def built(kind: str) -> Problem:
    return hill(kind).build_problem()


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_minima_are_where_the_slope_is_flat_and_the_curvature_upward(kind: str) -> None:
    problem = built(kind)
    for place in problem.minima:
        np.testing.assert_allclose(problem.gradient_at(place), 0, atol=1e-12)
        assert (np.linalg.eigvalsh(problem.hessian_at(place)) > 0).all()
    view = problem.viewpoint
    assert view is not None
    assert view.least == float(problem.cost_at(problem.minima).min())
    assert (np.abs(problem.minima - view.centre) <= view.half_width).all()


@pytest.mark.parametrize(
    ("kind", "costs"),
    [
        ("quartic", [-3.5139050389, -1.0702301818]),
        ("saddle", [-0.25, -0.25]),
        ("himmelblau", [0, 0, 0, 0]),
        ("rosenbrock", [0]),
        ("beale", [0]),
    ],
)
def test_that_the_minima_are_as_low_as_is_known(kind: str, costs: list[float]) -> None:
    problem = built(kind)
    np.testing.assert_allclose(problem.cost_at(problem.minima), costs, atol=1e-10)


@pytest.mark.parametrize(
    ("kind", "at", "cost", "gradient"),
    [
        ("quartic", [0.0], 0.0, [1.0]),
        ("quartic", [2.0], 6.0, [21.0]),
        ("saddle", [1.0, 0.0], 1.0, [2.0, 0.0]),
        ("saddle", [0.5, 2.0], 2.25, [1.0, 6.0]),
        ("himmelblau", [0.0, 0.0], 170.0, [-14.0, -22.0]),
        ("rosenbrock", [-1.5, 2.0], 12.5, [-155.0, -50.0]),
        ("beale", [1.0, 1.0], 14.203125, [0.0, 27.75]),
    ],
)
def test_that_value_and_gradient_are_those_of_paper_and_pencil(
    kind: str, at: list[float], cost: float, gradient: list[float]
) -> None:
    problem = built(kind)
    assert float(problem.cost_at(np.array(at))) == cost
    np.testing.assert_allclose(problem.gradient_at(np.array(at)), gradient, rtol=1e-15)


def test_that_the_divide_of_the_quartic_is_a_hill() -> None:
    problem, at = built("quartic"), np.array([DIVIDE])
    assert abs(float(problem.gradient_at(at)[0])) < 1e-9
    assert float(problem.hessian_at(at)[0, 0]) < 0


@pytest.mark.parametrize(
    ("start", "end"), [(0.0, DEEP), (0.169, DEEP), (0.171, SHALLOW), (0.2, SHALLOW), (2.0, SHALLOW)]
)
def test_that_a_start_on_either_side_of_the_divide_ends_in_its_own_valley(
    train: Train, start: float, end: float
) -> None:
    trainer, rows = train(hill("quartic", [start]))
    assert float(trainer.weights[0]) == pytest.approx(end, abs=1e-10)
    theta = start
    for k in range(201):  # plain Python
        assert rows.weights[k, 0] == pytest.approx(theta, abs=1e-12)
        theta -= 0.05 * (4 * theta**3 - 6 * theta + 1)


def test_that_from_the_ridge_the_saddle_is_reached_and_never_left(train: Train) -> None:
    trainer, rows = train(hill("saddle", [1.0, 0.0], max_steps=2000))
    assert (rows.weights[:, 1] == 0).all()
    np.testing.assert_allclose(rows.weights[:200, 0], 0.8 ** np.arange(200), rtol=1e-12)
    np.testing.assert_array_equal(trainer.problem.hessian_at(np.zeros(2)), [[2.0, 0.0], [0.0, -1.0]])
    assert trainer.full_cost() == pytest.approx(0, abs=1e-100)


def test_that_a_hair_beside_the_ridge_leaves_the_saddle_by_a_tenth_more_a_step(train: Train) -> None:
    trainer, rows = train(hill("saddle", [1.0, 1e-6], max_steps=400))
    small = rows.weights[:100, 1]
    np.testing.assert_allclose(small, 1e-6 * 1.1 ** np.arange(100), rtol=1e-4)
    np.testing.assert_allclose(trainer.weights, [0, 1], atol=1e-10)
    assert trainer.full_cost() == pytest.approx(-0.25, abs=1e-15)


def test_that_himmelblau_descends_from_the_middle_to_3_and_2(train: Train) -> None:
    trainer, rows = train(hill("himmelblau"))
    np.testing.assert_allclose(rows.weights[1], [0.14, 0.22], rtol=1e-15)
    np.testing.assert_allclose(trainer.weights, [3, 2], atol=1e-9)


ALL = {
    **{kind: hill(kind) for kind in KINDS},
    "quartic, momentum": hill("quartic", [2.0], optimizer={"kind": "sgd", "momentum": 0.9}),
    "rosenbrock, Adam": hill("rosenbrock", optimizer="adam", learning_rate=0.05),
    "quartic, drawn start, 32 bit": Experiment.parse(
        {"problem": {"kind": "quartic"}, "run": {"max_steps": 20, "initial_std": 1.0, "dtype": "float32"}}
    ),
}


@pytest.mark.parametrize("name", ALL)
def test_that_script_and_notebook_end_on_the_digits_of_the_run(name: str, train: Train) -> None:
    trainer, _ = train(ALL[name])
    program = program_of(ALL[name])
    for parts in ([script(program)], code_cells(notebook(program))):
        printed = executed(parts)
        assert [printed[name] for name in trainer.problem.weight_names] == trainer.weights.tolist()


def code_cells(text: str) -> list[str]:
    """Return the code of a notebook, cell by cell."""
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]


def executed(parts: list[str]) -> dict[str, float]:
    """Return the weights that a program prints, by their names."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        for part in parts:
            exec(compile(part, "program", "exec"), names)
    torch.set_default_dtype(torch.float32)
    lines = (line.split(" = ") for line in out.getvalue().splitlines() if line.count(" = ") == 1)
    return {name: float(value) for name, value in lines if name.isidentifier()}
