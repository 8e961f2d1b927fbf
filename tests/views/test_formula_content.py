"""What the formula line says, against closed forms and the run's own numbers."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from gdstudio.core.numbers import format_number
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.symbols import subscript
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
        f"J(0) = {above[0]}(1 + 4 + 9) = {total}; J′(0) = {above[1]}(-1 - 4 - 9) = {slope} < 0, so right"
    )


def test_that_the_sign_of_the_slope_says_the_way() -> None:
    right_of_it, _ = say(of("cost-and-slope", run__initial_weights=[3.0]))
    assert right_of_it.endswith("J′(3) = 2/3 (2 + 8 + 18) = 18.666667 > 0, so left")
    at_it, _ = say(of("cost-and-slope", run__initial_weights=[1.0]))
    assert at_it == "J(1) = 1/3 (0 + 0 + 0) = 0; J′(1) = 2/3 (0 + 0 + 0) = 0, so stop"


def test_that_tiny_terms_are_written_as_what_they_are() -> None:
    text, _ = say(of("cost-and-slope", run__initial_weights=[1 - 1e-8]))
    assert "1/3 (1×10⁻¹⁶ + 4×10⁻¹⁶ + 9×10⁻¹⁶)" in text


def test_that_the_terms_of_a_constant_are_its_residuals() -> None:
    text, _ = say(of("cost-and-slope", problem={"kind": "constant"}, run__initial_weights=[1.0]))
    assert text == "J(1) = 1/3 (0 + 1 + 4) = 1.666667; J′(1) = 2/3 (0 - 1 - 2) = -2 < 0, so right"


def test_that_the_terms_add_up_to_the_run_on_its_way() -> None:
    text, snapshot = say(of("cost-and-slope", run__learning_rate=0.01), 2)
    found = re.search(r"1/3 \((\S+) \+ (\S+) \+ (\S+)\) [=≈] (\S+);", text)
    assert found is not None
    terms = [float(term) for term in found.groups()[:3]]
    assert sum(terms) / 3 == pytest.approx(snapshot.cost, abs=1e-6)
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
        found = re.search(r"θ(\S) = (\S+) - (\S+) · \(?([^ )]+)\)? [=≈] (\S+)$", text)
        assert found is not None
        assert (found[1], float(found[3])) == ("₀₁₂₃₄₅"[step], rate)
        ratio = 1 - rate * 28 / 3
        before, after = 1 - ratio ** (step - 1), 1 - ratio**step
        assert float(found[2]) == pytest.approx(before, abs=6e-7)
        assert float(found[4]) == pytest.approx(28 / 3 * (before - 1), abs=6e-7)
        assert float(found[5]) == pytest.approx(after, abs=6e-7)


def test_that_two_parameters_show_gradient_and_move() -> None:
    text, _ = say(of("two-parameters"))
    assert "; ∇J₀ = (-9.3333, -4); (w, b)₁ = (0, 0) - 0.1 ∇J₀ = (0.9333, 0.4000)" in text


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
    found = re.search(r"; ∇J_batch = \((.*?)\); .*₃ = \((.*?)\) - 0.03 ∇J_batch [=≈] \((.*?)\)$", text)
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


RULES: list[tuple[dict[str, Any], str]] = [
    ({"momentum": 0.9}, "v ← βv + J′(θ); θ ← θ - α v"),
    ({"momentum": 0.9, "nesterov": True}, "v ← βv + J′(θ); θ ← θ - α (J′(θ) + βv)"),
    ({"kind": "adagrad"}, "Adagrad: s ← s + J′(θ)²; θ ← θ - α J′(θ) / (√s + ε)"),
    ({"kind": "rmsprop"}, "RMSprop: s ← ρs + (1 - ρ) J′(θ)²; θ ← θ - α J′(θ) / (√s + ε)"),
    (
        {"kind": "adam"},
        "Adam: m ← β₁m + (1 - β₁) J′(θ); s ← β₂s + (1 - β₂) J′(θ)²; m̂ = m / (1 - β₁ᵏ); ŝ = s / (1 - β₂ᵏ); "
        "θ ← θ - α m̂ / (√ŝ + ε)",
    ),
    (
        {"kind": "adam", "amsgrad": True},
        "AMSGrad: m ← β₁m + (1 - β₁) J′(θ); s ← β₂s + (1 - β₂) J′(θ)²; s_max ← max(s_max, s); "
        "m̂ = m / (1 - β₁ᵏ); ŝ = s_max / (1 - β₂ᵏ); θ ← θ - α m̂ / (√ŝ + ε)",
    ),
]


@pytest.mark.parametrize(("optimizer", "rule"), RULES, ids=[str(optimizer) for optimizer, _ in RULES])
def test_that_each_optimizer_has_its_own_symbols(optimizer: dict[str, Any], rule: str) -> None:
    text, _ = say(of("learning-rate", run__optimizer=optimizer), 2)
    assert text.startswith(f"{rule}; J′(θ₁) = ")


def read(text: str) -> float:
    """Return the number that a text writes, a power of ten too."""
    mantissa, _, power = text.partition("×10")
    exponent = float(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)
    return float(mantissa) * float(10.0**exponent)


def numbers_in(text: str) -> dict[str, list[float]]:
    """Return every named number or vector that the line says, by its name."""
    number = "-?\\d[\\d.]*(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
    found = re.findall(rf"; ([^;=≈←]+) = \(?({number}(?:, {number})*)\)?(?=;)", text)
    return {name: [read(value) for value in values.split(", ")] for name, values in found}


@pytest.mark.parametrize(
    ("optimizer", "state"),
    [
        ({"momentum": 0.9}, {"momentum_buffer": "v"}),
        ({"momentum": 0.9, "nesterov": True}, {"momentum_buffer": "v"}),
        ({"kind": "adagrad", "lr_decay": 0.5}, {"sum": "s"}),
        ({"kind": "rmsprop"}, {"square_avg": "s"}),
        (
            {"kind": "rmsprop", "centered": True, "momentum": 0.5},
            {"square_avg": "s", "grad_avg": "m", "momentum_buffer": "v"},
        ),
        ({"kind": "adam"}, {"exp_avg": "m", "exp_avg_sq": "s"}),
        (
            {"kind": "adam", "amsgrad": True, "beta2": 0.5},
            {"exp_avg": "m", "exp_avg_sq": "s", "max_exp_avg_sq": "s_max"},
        ),
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["learning-rate", "two-parameters"])
def test_that_every_optimizer_has_numbers_and_they_are_the_runs_own(
    name: str, optimizer: dict[str, Any], state: dict[str, str]
) -> None:
    experiment = of(name, run__optimizer=optimizer)
    for steps in (1, 3):
        text, snapshot = say(experiment, steps)
        assert snapshot.optimizer_state is not None
        said, remembered = numbers_in(text), snapshot.optimizer_state["state"][0]
        for torch_name, symbol in state.items():
            np.testing.assert_allclose(said[symbol], remembered[torch_name].numpy(), rtol=5e-3, atol=6e-5)
        assert snapshot.gradient is not None
        symbol = f"∇J{subscript(steps - 1)}" if name == "two-parameters" else f"J′(θ{subscript(steps - 1)})"
        np.testing.assert_allclose(said[symbol], snapshot.gradient, atol=6e-5)


def test_that_the_corrections_of_adam_are_said() -> None:
    text, snapshot = say(of("two-parameters", run__optimizer={"kind": "adam"}), 3)
    said = numbers_in(text)
    np.testing.assert_allclose(said["m̂"], np.array(said["m"]) / (1 - 0.9**3), atol=1e-3)
    np.testing.assert_allclose(said["ŝ"], np.array(said["s"]) / (1 - 0.999**3), atol=0.05)
    assert snapshot.came_from is not None
    moved = re.search(r"- 0.1 · \((.*?), (.*?)\) [=≈] \((.*?), (.*?)\)$", text)
    assert moved is not None
    along, after = np.array([moved[1], moved[2]], float), np.array([moved[3], moved[4]], float)
    np.testing.assert_allclose(after, snapshot.latest, atol=6e-5)
    np.testing.assert_allclose(snapshot.came_from - 0.1 * along, snapshot.latest, atol=6e-5)


@pytest.mark.parametrize("optimizer", [rule[0] for rule in RULES], ids=str)
def test_that_the_first_move_of_every_optimizer_is_foretold_as_it_is_made(optimizer: dict[str, Any]) -> None:
    experiment = of("learning-rate", run__optimizer=optimizer)
    foretold, made = (say(experiment, steps)[0].split("; ")[-1] for steps in (0, 1))
    assert foretold == made


def test_that_after_a_divergence_the_move_is_said_without_the_state_that_is_not_known() -> None:
    experiment = of("learning-rate", run__optimizer={"momentum": 0.5}, run__learning_rate=1e100)
    problem = experiment.build_problem()
    trainer, history = Trainer(experiment, problem), History(1)
    history.append(trainer.start())
    history.append(trainer.advance(20))
    assert history.snapshot().optimizer_state is None
    text = compose(history.snapshot(), experiment, problem).plain
    assert re.search(r"; v =; θ\S = \S+ − \S+ · \S+ [=≈] \S+$", text)


def test_that_equations_hold_of_the_numbers_as_they_are_written() -> None:
    experiment, signs = of("learning-rate", run__learning_rate=0.01), set()
    for steps in range(1, 12):
        text, _ = say(experiment, steps)
        found = re.search(r"= (\S+) - (\S+) · \(?([^ )]+)\)? ([=≈]) (\S+)$", text)
        assert found is not None
        before, rate, slope, after = (float(found[i]) for i in (1, 2, 3, 5))
        signs.add(found[4])
        assert (found[4] == "=") == (f"{before - rate * slope:.6f}" == f"{after:.6f}")
    assert signs == {"=", "≈"}


def test_that_sums_hold_of_the_terms_as_they_are_written() -> None:
    experiment, signs = of("cost-and-slope", run__learning_rate=0.004), set()
    for steps in range(1, 12):
        text, _ = say(experiment, steps)
        found = re.search(r"1/3 \((\S+) \+ (\S+) \+ (\S+)\) ([=≈]) (\S+);", text)
        assert found is not None
        total = sum(float(found[i]) for i in (1, 2, 3)) / 3
        signs.add(found[4])
        assert (found[4] == "=") == (f"{total:.6f}" == found[5])
    assert signs == {"=", "≈"}


def test_that_in_32_bits_the_cost_is_the_runs_own() -> None:
    experiment = of("cost-and-slope", run__dtype="float32", run__learning_rate=0.09)
    text, snapshot = say(experiment, 10)
    found = re.search(r"J\(\S+\) = 1/3 \(.*?\) [=≈] (\S+);", text)
    assert found is not None
    assert snapshot.cost < 1e-6
    assert found[1] == format_number(snapshot.cost, 3)
    terms = re.search(r"1/3 \((.*?)\) [=≈]", text)
    assert terms is not None
    assert sum(read(term) for term in terms[1].split(" + ")) / 3 == pytest.approx(snapshot.cost, rel=2e-2)


def test_that_a_mistaken_gradient_is_not_called_the_gradient() -> None:
    text, _ = say(of("learning-rate", run__mistake="gradient_l30"), 1)
    assert text == "θ ← θ - α g; θ₁ = 0 - 0.1 · (-28) = 2.800000"
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


def test_that_a_scheduled_rate_has_its_formula_and_its_number() -> None:
    changed = of("learning-rate", run__schedule={"kind": "step", "period": 4}, run__learning_rate=0.2)
    begun, _ = say(changed)
    assert begun.startswith("θ ← θ - αₜ J′(θ); αₜ = α · 0.5^⌊t/4⌋; t = 0: αₜ = 0.2; ")
    text, snapshot = say(changed, steps=6)
    assert "t = 5: αₜ = 0.1; " in text
    assert " - 0.1 · " in text
    assert snapshot.learning_rate == 0.1


def test_that_a_rate_scheduled_by_epochs_counts_epochs() -> None:
    table = {"kind": "exponential", "gamma": 0.5, "every": "epoch"}
    text, _ = say(of("pytorch-loop", run__schedule=table, view__formula="update"), steps=101)
    assert "αₜ = α · 0.5ᵗ; t = 1 epoch: αₜ = 0.015; " in text


@pytest.mark.parametrize(
    ("optimizer", "words"),
    [
        ("adamw", "(w, b) ← (w, b) - α (m̂ / (√ŝ + ε) + δ (w, b))"),
        ("lbfgs", "L-BFGS: d = -H ∇J; s by line search from α; (w, b) ← (w, b) + s d"),
    ],
)
def test_that_the_rules_of_the_newer_optimizers_are_written_out(optimizer: str, words: str) -> None:
    text, _ = say(of("two-parameters", run__optimizer=optimizer), steps=2)
    assert words in text


def test_that_the_numbers_of_adamw_add_up_to_its_move() -> None:
    changed = of("two-parameters", run__optimizer={"kind": "adamw", "weight_decay": 0.5})
    text, snapshot = say(changed, steps=3)
    before = snapshot.weights[-2]
    along = (before - snapshot.latest) / changed.run.learning_rate
    assert ", ".join(f"{value:.4f}" for value in along) in text
