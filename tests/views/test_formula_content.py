"""What the formula line says, against closed forms and the run's own numbers."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.history import History, Snapshot
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson
from gdstudio.views.formula.content import compose

NUMBER = r"(\S+?)"


def say(experiment: Experiment, steps: int = 0) -> tuple[str, Snapshot]:
    """Return what the line says after so many steps, and the run's snapshot then."""
    problem = experiment.build_problem()
    trainer, history = Trainer(experiment, problem), History(len(problem.weight_names))
    history.append(trainer.start())
    while trainer.step < steps:
        history.append(trainer.advance(1))
    snapshot = history.snapshot()
    return compose(snapshot, experiment, problem).plain.replace("−", "-"), snapshot


def of(name: str, **changes: Any) -> Experiment:
    return lesson(name).experiment.edited({key.replace("__", "."): v for key, v in changes.items()})


@pytest.mark.parametrize(
    ("cost", "above", "total", "slope"),
    [
        ("mean", ("1/3 ", "2/3 "), "4.666667", "-9.333333"),
        ("half_sum", ("1/2 ", ""), "7", "-14"),
        ("sum", ("", "2 "), "14", "-28"),
        ("half_mean", ("1/6 ", "1/3 "), "2.333333", "-4.666667"),
    ],
)
def test_that_cost_and_slope_are_written_out_by_each_convention(
    cost: str, above: tuple[str, str], total: str, slope: str
) -> None:
    text, _ = say(of("cost-and-slope", problem__cost=cost))
    assert text == (
        f"J(0) = {above[0]}(1 + 4 + 9) = {total}; J′ = {above[1]}(-1 - 4 - 9) = {slope} < 0, so right"
    )


def test_that_the_sign_of_the_slope_says_the_way() -> None:
    right_of_it, _ = say(of("cost-and-slope", run__initial_weights=[3.0]))
    assert right_of_it.endswith("J′ = 2/3 (2 + 8 + 18) = 18.666667 > 0, so left")
    at_it, _ = say(of("cost-and-slope", run__initial_weights=[1.0]))
    assert at_it == "J(1) = 1/3 (0 + 0 + 0) = 0; J′ = 2/3 (0 + 0 + 0) = 0, so stop"


def test_that_the_terms_of_a_constant_are_its_residuals() -> None:
    text, _ = say(of("cost-and-slope", problem={"kind": "constant"}, run__initial_weights=[1.0]))
    assert text == "J(1) = 1/3 (0 + 1 + 4) = 1.666667; J′ = 2/3 (0 - 1 - 2) = -2 < 0, so right"


def test_that_the_terms_add_up_to_the_run_on_its_way() -> None:
    text, snapshot = say(of("cost-and-slope", run__learning_rate=0.01), 2)
    found = re.search(r"1/3 \((\S+) \+ (\S+) \+ (\S+)\) = (\S+);", text)
    assert found is not None
    terms = [float(term) for term in found.groups()[:3]]
    assert sum(terms) / 3 == pytest.approx(snapshot.cost, abs=1e-4)
    assert float(found[4]) == pytest.approx(14 / 3 * (1 - (1 - 28 / 300) ** 2 - 1) ** 2, abs=1e-6)


def test_that_many_points_are_not_written_out() -> None:
    many = [float(x) for x in range(1, 9)]
    text, _ = say(of("cost-and-slope", problem__x=many, problem__y=many))
    assert text.startswith("θ ← θ - α J′(θ)")


def test_that_the_learning_rate_lesson_says_its_first_move() -> None:
    text, _ = say(of("learning-rate"))
    assert text == "θ ← θ - α J′(θ); θ₁ = 0 - 0.1 · (-9.333333) = 0.933333"


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.22])
def test_that_every_move_is_the_closed_form(rate: float) -> None:
    for step in (1, 2, 5):
        text, _ = say(of("learning-rate", run__learning_rate=rate), step)
        found = re.search(r"θ(\S) = (\S+) - (\S+) · \(?([^ )]+)\)? = (\S+)$", text)
        assert found is not None
        assert (found[1], float(found[3])) == ("₀₁₂₃₄₅"[step], rate)
        ratio = 1 - rate * 28 / 3
        before, after = 1 - ratio ** (step - 1), 1 - ratio**step
        assert float(found[2]) == pytest.approx(before, abs=6e-7)
        assert float(found[4]) == pytest.approx(28 / 3 * (before - 1), abs=6e-7)
        assert float(found[5]) == pytest.approx(after, abs=6e-7)


def test_that_two_parameters_show_gradient_and_move() -> None:
    text, _ = say(of("two-parameters"))
    assert "; ∇J = (-9.3333, -4); (w, b)₁ = (0, 0) - 0.1 ∇J = (0.9333, 0.4000)" in text


def test_that_condition_and_limit_are_said_where_no_contour_says_them() -> None:
    text, _ = say(of("two-parameters", view__panels=["data_plot"]))
    assert text.endswith("condition number 46.145; α < 2/λmax = 0.180295")
    assert "condition number" not in say(of("two-parameters"))[0]


def test_that_mini_batches_count_the_updates_of_an_epoch() -> None:
    text, _ = say(of("mini-batches"))
    assert text == (
        "(w₁, w₂, b) ← (w₁, w₂, b) - α ∇J_batch; 1,000/10 = 100 updates an epoch; (w₁, w₂, b)₀ = (0, 0, 0)"
    )
    assert "; ⌈1,000/7⌉ = 143 updates an epoch" in say(of("mini-batches", run__batch_size=7))[0]


def test_that_mini_batches_show_the_batch_gradient_and_the_new_weights() -> None:
    text, snapshot = say(of("mini-batches"), 3)
    found = re.search(r"; ∇J_batch = \((.*?)\); .*₃ = \((.*?)\) - 0.03 ∇J_batch = \((.*?)\)$", text)
    assert found is not None
    gradient, before, after = (np.array([float(v) for v in found[i].split(",")]) for i in (1, 2, 3))
    assert snapshot.gradient is not None
    np.testing.assert_allclose(gradient, snapshot.gradient, atol=6e-5)
    np.testing.assert_allclose(after, before - 0.03 * gradient, atol=2e-4)


def test_that_the_pytorch_lesson_shows_the_epoch_line_of_the_notebook() -> None:
    before, _ = say(of("pytorch-loop"), 99)
    assert before == "(w₁, w₂, b) ← (w₁, w₂, b) - 0.03 · grad; 1,000/10 = 100 updates an epoch"
    text, snapshot = say(of("pytorch-loop"), 100)
    loss = f"{snapshot.epoch_table[-1, 2]:f}"
    assert text == f"(w₁, w₂, b) ← (w₁, w₂, b) - 0.03 · grad; epoch 1, loss {loss}"


@pytest.mark.parametrize(
    ("optimizer", "rule"),
    [
        ({"momentum": 0.9}, "v ← βv + J′(θ); θ ← θ - α v"),
        ({"momentum": 0.9, "nesterov": True}, "v ← βv + J′(θ); θ ← θ - α (J′(θ) + βv)"),
        ({"kind": "adagrad"}, "Adagrad: s ← s + J′(θ)²; θ ← θ - α J′(θ) / (√s + ε)"),
        ({"kind": "rmsprop"}, "RMSprop: s ← ρs + (1 - ρ) J′(θ)²; θ ← θ - α J′(θ) / (√s + ε)"),
        (
            {"kind": "adam"},
            "Adam: m ← β₁m + (1 - β₁) J′(θ); s ← β₂s + (1 - β₂) J′(θ)²; θ ← θ - α m̂ / (√ŝ + ε)",
        ),
    ],
    ids=["momentum", "nesterov", "adagrad", "rmsprop", "adam"],
)
def test_that_each_optimizer_has_its_own_symbols(optimizer: dict[str, Any], rule: str) -> None:
    text, _ = say(of("learning-rate", run__optimizer=optimizer), 2)
    assert text == rule


def test_that_a_mistaken_gradient_is_not_called_the_gradient() -> None:
    text, _ = say(of("learning-rate", run__mistake="gradient_l30"), 1)
    assert text == "θ ← θ - α g; θ₁ = 0.000000 - 0.1 · (-28.000000) = 2.800000"
    gathered, _ = say(of("learning-rate", run__mistake="no_zero_grad"))
    assert gathered == "g ← g + J′(θ); θ ← θ - α g; θ₀ = 0"


def test_that_more_weights_than_fit_are_a_bold_w_with_the_loss_of_an_epoch() -> None:
    experiment = Experiment.parse(
        {
            "problem": {"kind": "linear_network", "n": 20, "true_w": [1.0, 2.0, 3.0, 4.0]},
            "run": {"learning_rate": 0.1, "batch_size": 10, "max_epochs": 2},
        }
    )
    text, snapshot = say(experiment, 4)
    assert text == f"w ← w - 0.1 · grad; epoch 2, loss {snapshot.epoch_table[-1, 2]:.6f}"


def test_that_numbers_beyond_all_bounds_are_said_as_they_are() -> None:
    text, _ = say(of("cost-and-slope", run__initial_weights=[1e200]))
    assert "J(1×10²⁰⁰) = 1/3 (∞ + ∞ + ∞) = ∞;" in text
    assert text.endswith("= 9.33×10²⁰⁰ > 0, so left")


def test_that_a_sign_that_changes_keeps_its_room() -> None:
    experiment = of("cost-and-slope", run__learning_rate=0.22)
    counts = set()
    for step in (1, 2, 3):
        problem = experiment.problem.build(0)
        _, snapshot = say(experiment, step)
        counts.add(tuple(len(group) for group in compose(snapshot, experiment, problem).groups))
    assert len(counts) == 1
