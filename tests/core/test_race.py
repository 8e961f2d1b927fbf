"""A race: each run is that of its optimizer alone to the last bit, and who is ahead is said as it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import optim

from gdstudio.core.errors import InputError
from gdstudio.core.race.lineup import line_up
from gdstudio.core.race.race import Race, RaceView
from gdstudio.core.race.words import level_in_front, who_is_ahead
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.files import read_experiment, write_experiment
from gdstudio.core.settings.optimizers import OPTIMIZERS
from gdstudio.core.settings.race import MOST_ENTRANTS
from gdstudio.core.settings.schedules import SCHEDULES
from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from pathlib import Path

    from gdstudio.core.training.events import RunResult

VALLEY = {"kind": "function", "formula": "0.1*w1**2 + 2*w2**2"}
"""Section E of the curriculum: two curvatures, 0.2 and 4."""
NETWORK = {"kind": "linear_network", "n": 60}


def experiment(problem: dict[str, Any] = VALLEY, *entrants: dict[str, Any], **run: Any) -> Experiment:
    start = {"initial_weights": [-5.0, -2.0]} if problem is VALLEY else {}
    return Experiment.parse(
        {
            "problem": problem,
            "run": {"learning_rate": 0.1, "max_steps": 20, **start, **run},
            "race": {"entrant": list(entrants)},
        }
    )


def raced(about: Experiment, step: float = math.inf) -> RaceView:
    race = Race(about, about.build_problem())
    assert race.advance(step, about.run.rate_changes)
    view = race.view(step)
    assert view is not None
    return view


def alone(about: Experiment) -> RunResult:
    return train(Trainer(about, about.build_problem()), RunControl())


@pytest.mark.parametrize(
    "about",
    [
        experiment(),
        experiment(NETWORK, batch_size=7, learning_rate=0.03, max_steps=50),
        experiment(NETWORK, batch_size=60, dtype="float32", gradient_tolerance=0.5, max_steps=50),
        experiment(learning_rate=0.6, max_steps=3000),
    ],
)
def test_that_each_run_is_that_of_its_optimizer_alone_to_the_last_bit(about: Experiment) -> None:
    view = raced(about)
    assert len(view.standings) >= 6
    for one in view.standings:
        own = one.contestant.experiment
        # The budget ends a run that takes several gradients a step before its steps are made.
        run = alone(own if one.finish is not None else own.edited({"run.max_steps": one.step}))
        np.testing.assert_array_equal(one.way.weights[-1], run.weights)
        assert (one.step, one.cost) == (run.step, run.cost)
        if one.finish is not None:
            assert one.finish.reason is run.reason


@pytest.mark.parametrize("seed", [0, 3])
def test_that_all_see_the_same_rows_from_the_same_start(seed: int) -> None:
    view = raced(experiment(NETWORK, batch_size=7, max_steps=1, seed=seed))
    starts = {tuple(one.way.weights[0]) for one in view.standings}
    assert len(starts) == 1
    plain = next(one for one in view.standings if one.contestant.name == "SGD")
    heavy = next(one for one in view.standings if one.contestant.name.startswith("Momentum"))
    np.testing.assert_array_equal(plain.way.weights[1], heavy.way.weights[1])  # the first v is the gradient


FIRST_STEPS = {
    "SGD": (-4.9, -1.2),
    "Momentum β = 0.9": (-4.9, -1.2),
    "Nesterov β = 0.9": (-4.81, -0.48),
    "Adagrad": (-4.9, -1.9),
    "Adam": (-4.9, -1.9),
    "RMSprop": (-4.0, -1.0),
}


def test_that_first_steps_on_the_valley_are_those_of_the_curriculum() -> None:
    view = raced(experiment(max_steps=1))
    found = {one.contestant.name: one.way.weights[1] for one in view.standings if one.step}
    for name, weights in FIRST_STEPS.items():
        np.testing.assert_allclose(found[name], weights, rtol=1e-6)
    assert view.start_cost == 10.5


def test_that_twenty_steps_on_the_valley_are_those_of_the_curriculum() -> None:
    view = raced(experiment(VALLEY, {"optimizer": {"kind": "sgd", "momentum": 0.5}}, learning_rate=0.6))
    plain, heavy = view.standings
    np.testing.assert_allclose(plain.way.weights[-1], (-0.387814, -1673.365109), rtol=1e-6)
    np.testing.assert_allclose(heavy.way.weights[-1], (0.0071878667, 0.0025532748), atol=1e-10)
    assert level_in_front(view) == [heavy]
    assert who_is_ahead(view) == (
        "After all 20 gradient evaluations Momentum β = 0.5 has won: J = 1.82×10⁻⁵. Next is SGD at 5.6×10⁶. "
        "SGD is above the start."
    )


def test_that_runs_on_rosenbrock_follow_torch() -> None:
    about = experiment({"kind": "rosenbrock"}, learning_rate=1e-3, initial_weights=[-1.5, 2.0], max_steps=50)
    view = raced(about)
    assert view.start_cost == 12.5
    weights = torch.tensor([-1.5, 2.0], dtype=torch.float64, requires_grad=True)
    optimizer = optim.Adam([weights], lr=1e-3)
    for step in range(50):
        optimizer.zero_grad()
        cost = (1 - weights[0]) ** 2 + 100 * (weights[1] - weights[0] ** 2) ** 2
        (weights.grad,) = torch.autograd.grad(cost, [weights])
        if step == 0:
            assert weights.grad.tolist() == [-155.0, -50.0]
        optimizer.step()
    adam = next(one for one in view.standings if one.contestant.name == "Adam")
    np.testing.assert_allclose(adam.way.weights[-1], weights.detach().numpy(), rtol=1e-12)


def test_that_changes_of_the_rate_concern_all_who_have_none_of_their_own() -> None:
    about = experiment(
        VALLEY,
        {"optimizer": "adam"},
        {"optimizer": "adam", "learning_rate": 0.3},
        change=[{"step": 5, "learning_rate": 0.02}],
    )
    own, follows, keeps = raced(about).standings
    assert keeps.contestant.name == "Adam, α = 0.3"
    changed = {"run.change": [{"step": 5, "learning_rate": 0.02}]}
    for one in (own, follows):
        np.testing.assert_array_equal(
            one.way.weights[-1], alone(one.contestant.experiment.edited(changed)).weights
        )
    np.testing.assert_array_equal(keeps.way.weights[-1], alone(keeps.contestant.experiment).weights)


def test_that_a_rate_changed_on_the_way_leads_where_a_planned_one_does() -> None:
    about, planned = experiment(), experiment(change=[{"step": 8, "learning_rate": 0.02}])
    race = Race(about, about.build_problem())
    assert race.advance(20)
    assert race.advance(20, [(8, 0.02)])  # after the run has gone back to step 8
    view = race.view(20)
    assert view is not None
    for one, expected in zip(view.standings, raced(planned).standings, strict=True):
        np.testing.assert_array_equal(one.way.weights, expected.way.weights)


def test_that_an_earlier_step_is_shown_as_it_was() -> None:
    about = experiment()
    race = Race(about, about.build_problem())
    assert race.view(3) is None
    race.advance(math.inf)
    now, then = race.view(7), raced(about, 7)
    assert now is not None
    assert (now.clock, then.clock) == (7, 7)
    for one, other in zip(now.standings, then.standings, strict=True):
        np.testing.assert_array_equal(one.way.weights, other.way.weights)
        assert one.cost == other.cost


def test_that_a_run_that_ends_early_lets_the_others_go_on() -> None:
    about = experiment(learning_rate=10.0, max_steps=400)  # 1 - 10 * 4 = -39 a step: beyond 1e308 after 193
    view = raced(about)
    own = view.standings[0]
    assert own.has_diverged
    assert own.finish is not None
    assert own.finish.reason is FinishReason.DIVERGED
    assert own.step < 200
    rest = next(one for one in view.standings if one.contestant.name == "Adam")
    assert rest.evaluations == 400
    assert "SGD" in who_is_ahead(view)
    assert view.order[-1].has_diverged


def test_that_it_says_who_begins_leads_and_is_level() -> None:
    about = experiment()
    race = Race(about, about.build_problem())
    race.advance(math.inf)
    texts = {}
    for step in range(21):
        view = race.view(step)
        assert view is not None
        texts[step] = who_is_ahead(view)
        if step:
            best = min(one.cost for one in view.standings)
            first = level_in_front(view)
            assert all(one.cost == pytest.approx(best, rel=1e-6) for one in first)
            assert all(one.contestant.name in texts[step] for one in first)
    count = len(race.contestants)
    assert texts[0] == f"All {count} begin at J = 10.5."
    assert texts[1].startswith("After 1 of 20 gradient evaluations Nesterov β = 0.9 is ahead: J = 2.774.")
    assert " has won: " in texts[20]


def test_that_without_entrants_every_optimizer_takes_part_and_none_twice() -> None:
    about = experiment()
    kinds = {one.experiment.run.optimizer.kind for one in line_up(about)}
    assert kinds <= set(OPTIMIZERS.classes())
    assert {"sgd", "adagrad", "rmsprop", "adam"} <= kinds
    for own in line_up(about):
        again = line_up(own.experiment)
        assert again[0].experiment == own.experiment
        assert {one.name for one in again} == {one.name for one in line_up(about)}


def test_that_schedules_race_with_the_optimizer_of_the_run() -> None:
    about = experiment(optimizer="adam").edited({"race.between": "schedules"})
    view = raced(about)
    kinds = {one.contestant.experiment.run.schedule.kind for one in view.standings}
    assert kinds == set(SCHEDULES)
    assert {one.contestant.experiment.run.optimizer.kind for one in view.standings} == {"adam"}
    assert {"α constant", "α cosine", "α one cycle"} <= {one.contestant.name for one in view.standings}
    for one in view.standings:
        np.testing.assert_array_equal(one.way.weights[-1], alone(one.contestant.experiment).weights)


def test_that_what_an_entrant_does_not_say_is_that_of_the_run() -> None:
    about = experiment(VALLEY, {"schedule": "cosine"}, {}, optimizer={"kind": "sgd", "momentum": 0.5})
    own, cosine = line_up(about)  # the one that says nothing is the run itself
    assert own.experiment.run.optimizer == cosine.experiment.run.optimizer
    assert [one.name for one in (own, cosine)] == ["α constant", "α cosine"]


def test_that_names_tell_apart() -> None:
    entrants: list[dict[str, Any]] = [
        {"optimizer": "adam"},
        {"optimizer": "adam", "learning_rate": 0.3},
        {"optimizer": {"kind": "adam", "beta1": 0.5}},
        {"optimizer": {"kind": "sgd", "momentum": 0.9, "nesterov": True}, "name": "My own"},
        {"optimizer": "adam"},
    ]
    assert [one.name for one in line_up(experiment(VALLEY, *entrants))] == [
        "SGD, α = 0.1",
        "Adam, α = 0.1",
        "Adam, α = 0.3",
        "Adam β₁ = 0.5, α = 0.1",
        "My own",
        "Adam, α = 0.1 (2)",
    ]


def test_that_the_file_keeps_its_race(tmp_path: Path) -> None:
    about = experiment(
        VALLEY,
        {"optimizer": "adam", "learning_rate": 0.3, "name": 'the "quick" one'},
        {"optimizer": "rmsprop", "schedule": {"kind": "exponential", "gamma": 0.9}},
    )
    path = tmp_path / "race.toml"
    write_experiment(about, path)
    assert path.read_text("utf-8").count("[[race.entrant]]") == 2
    assert read_experiment(path) == about
    write_experiment(experiment(), path)
    assert "race" not in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("entrants", "line"),
    [
        ([{"optimizer": "adm"}], "race.entrant[0].optimizer: adm is not one of the choices; give 'sgd'"),
        (
            [{"schedule": "cosin"}],
            "race.entrant[0].schedule: cosin is not one of the choices; give 'constant'",
        ),
        (
            [{"schedule": {"kind": "one_cycle", "length": 3}}],
            "race.entrant[0].schedule.length: 3 is less than",
        ),
        ([{"optimizer": "muon"}], "race.entrant[0].optimizer: Muon needs weights that are all matrices"),
        (
            [{"optimizer": "adam", "learning_rate": 0}],
            "race.entrant[0].learning_rate: 0 is too small; give a",
        ),
        ([{"optimizer": "adam", "momentum": 1}], "race.entrant[0].momentum: is not a known key here"),
        ([{"optimizer": "adam", "name": "a" * 41}], "race.entrant[0].name: is too long; give at most 40"),
        (
            [{"optimizer": "adam"}] * (MOST_ENTRANTS + 1),
            f"race.entrant: has {MOST_ENTRANTS + 1} entries; give",
        ),
        ([{"optimizer": "adam", "name": "a"}] * 2, "race: entrant: two are called 'a'; give each a name"),
    ],
)
def test_that_wrong_entrants_are_told(entrants: list[dict[str, Any]], line: str) -> None:
    with pytest.raises(InputError) as raised:
        experiment(VALLEY, *entrants)
    assert raised.value.problems[0].startswith(line)
