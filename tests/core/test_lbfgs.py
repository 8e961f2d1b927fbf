"""L-BFGS: the steps of torch.optim.LBFGS with its closure, and the gradients that it asks for, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn, optim

from gdstudio.core.errors import InputError
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.checkpoints import Checkpoints
from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train as train_loop
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.core.conftest import Train

TABLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "line search": (
        {},
        {"max_iter": 1, "max_eval": 25, "history_size": 10, "line_search_fn": "strong_wolfe"},
    ),
    "three iterations": (
        {"iterations": 3, "history": 2},
        {"max_iter": 3, "max_eval": 75, "history_size": 2, "line_search_fn": "strong_wolfe"},
    ),
    "no line search": ({"line_search": False}, {"max_iter": 1, "history_size": 10}),
    "torch's own": (
        {"line_search": False, "iterations": 20, "history": 100},
        {},
    ),
}
START = [-1.5, 2.0]


def rosenbrock(table: dict[str, Any], **run: Any) -> Experiment:
    run = {"learning_rate": 0.5, "max_steps": 12, "initial_weights": START, **run}
    return Experiment.parse(
        {"problem": {"kind": "rosenbrock"}, "run": {"optimizer": {"kind": "lbfgs", **table}, **run}}
    )


def by_torch(
    given: dict[str, Any], steps: int, rate: float, dtype: torch.dtype
) -> tuple[NDArray[np.float64], list[int]]:
    """Let torch make so many steps on Rosenbrock's function; count how often it calls its closure."""
    w = torch.tensor(START, dtype=dtype).requires_grad_()
    optimizer = optim.LBFGS([w], lr=rate, **given)
    path, calls, total = [], [], 0

    def closure() -> torch.Tensor:
        nonlocal total
        total += 1
        w1, w2 = w
        cost: torch.Tensor = (1 - w1) ** 2 + 100 * (w2 - w1**2) ** 2
        optimizer.zero_grad()
        cost.backward()  # type: ignore[no-untyped-call]  # torch has no types here
        return cost

    for _ in range(steps):
        optimizer.step(closure)  # type: ignore[no-untyped-call]  # torch has no types here
        path.append(w.detach().double().numpy().copy())
        calls.append(total)
    return np.array(path), calls


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", TABLES)
def test_that_steps_and_count_are_those_of_torch(train: Train, name: str, dtype: str) -> None:
    table, given = TABLES[name]
    experiment = rosenbrock(table, dtype=dtype)
    trainer = Trainer(experiment, experiment.build_problem())
    path, calls = by_torch(given, 12, 0.5, getattr(torch, dtype))
    history = History(2)
    history.append(trainer.start())
    for most in (1, 4, 7):
        history.append(trainer.advance(most))
    made = history.snapshot()
    np.testing.assert_array_equal(made.weights[1:], path)
    np.testing.assert_array_equal(made.evaluations, [0, *calls])
    assert trainer.evaluations == calls[-1]
    assert made.evaluations[-1] > made.step or name == "no line search"


def test_that_layers_descend_as_in_the_readable_loop(train: Train) -> None:
    points = {"x": [0.5, -1.25, 3.0, 2.2], "y": [1.0, 2.5, -0.3, 4.0]}
    run = {"learning_rate": 1.0, "optimizer": "lbfgs", "max_steps": 4, "initial_weights": [0.0, 0.0]}
    _, rows = train(Experiment.parse({"problem": {"kind": "line", **points}, "run": run}))
    X, y = (torch.tensor(values, dtype=torch.float64)[:, None] for values in points.values())
    net, loss = nn.Linear(1, 1).double(), nn.MSELoss()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.zero_()
    optimizer = optim.LBFGS(net.parameters(), lr=1.0, **TABLES["line search"][1])

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        cost: torch.Tensor = loss(net(X), y)
        cost.backward()  # type: ignore[no-untyped-call]  # torch has no types here
        return cost

    for k in range(1, 5):
        optimizer.step(closure)  # type: ignore[no-untyped-call]  # torch has no types here
        np.testing.assert_array_equal(rows.weights[k], [net.weight.item(), net.bias.item()])


def test_that_a_quadratic_of_two_weights_is_solved_in_a_few_steps(train: Train) -> None:
    """Newton's method needs one step; L-BFGS knows the curvature after as many as there are weights."""
    points = {"kind": "line", "x": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 4.0]}
    run = {"learning_rate": 1.0, "optimizer": "lbfgs", "max_steps": 8, "initial_weights": [0.0, 0.0]}
    _, rows = train(Experiment.parse({"problem": points, "run": run}))
    np.testing.assert_allclose(rows.weights[-1], [1.5, -2 / 3], atol=2e-5)


def test_that_going_back_counts_the_gradients_as_the_first_time() -> None:
    experiment = rosenbrock({}, max_steps=200, learning_rate=0.003)
    trainer = Trainer(experiment, experiment.build_problem())
    whole, marks = History(2), Checkpoints(stride=8)
    train_loop(trainer, RunControl(), whole, checkpoints=marks)
    shot = whole.snapshot()
    middle = shot.step // 2
    back = marks.back_to(middle)
    assert back.resume is not None
    again = whole.back_to(back.resume)
    assert again.snapshot().evaluations[-1] == shot.evaluations[again.snapshot().step]
    train_loop(Trainer(experiment, experiment.build_problem()), RunControl(), again, checkpoints=back)
    np.testing.assert_array_equal(again.snapshot().evaluations, shot.evaluations)
    np.testing.assert_array_equal(again.snapshot().weights, shot.weights)


def test_that_a_step_beyond_all_numbers_is_not_counted() -> None:
    experiment = rosenbrock({"line_search": False}, learning_rate=1e150, max_steps=50)
    trainer, history = Trainer(experiment, experiment.build_problem()), History(2)
    result = train_loop(trainer, RunControl(), history)
    assert result.reason == "diverged"
    assert history.snapshot().step == result.step
    assert trainer.evaluations == history.snapshot().evaluations[-1]


def test_that_other_optimizers_ask_for_one_gradient_a_step(train: Train) -> None:
    for kind in ("sgd", "adam"):
        experiment = rosenbrock({}).edited({"run.optimizer": {"kind": kind}, "run.learning_rate": 1e-4})
        history = History(2)
        trainer = Trainer(experiment, experiment.build_problem())
        train_loop(trainer, RunControl(), history)
        np.testing.assert_array_equal(history.snapshot().evaluations, history.snapshot().steps)
        assert trainer.evaluations == 12


def test_that_the_limit_of_plain_descent_is_not_told_of_it() -> None:
    assert rosenbrock({}).run.optimizer.step_limit(1.0) is None


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ({"batch_size": 2}, "run.optimizer: L-BFGS compares the gradient of a step with that of the step"),
        ({"mistake": "gradient_l98"}, "run.optimizer: L-BFGS takes its gradients from the cost itself"),
    ],
)
def test_that_what_it_cannot_be_combined_with_is_said(run: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Experiment.parse({"problem": {"kind": "line"}, "run": {"max_steps": 5, "optimizer": "lbfgs", **run}})
