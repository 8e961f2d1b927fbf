"""The lesson of the race: what its questions say of all that run comes true."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.core.numbers import format_number
from gdstudio.core.race.race import Race
from gdstudio.core.race.words import level_in_front
from gdstudio.lessons.kinds.choice import Choice
from gdstudio.lessons.kinds.tally import Tally
from gdstudio.lessons.library import lesson

if TYPE_CHECKING:
    from gdstudio.core.race.race import RaceView, Standing

LESSON = "optimizer-race"
WINNERS = {0: "RMSprop", 1: "Momentum β = 0.5", 3: "Momentum β = 0.9", 4: "Adam, α = 0.1", 5: "L-BFGS, α = 1"}


def raced(number: int) -> RaceView:
    cue = lesson(LESSON).cue[number]
    about = cue.experiment(lesson(LESSON).experiment)
    race = Race(about, about.build_problem())
    assert race.advance(math.inf)
    view = race.view(math.inf)
    assert view is not None
    return view


def of(view: RaceView, name: str) -> Standing:
    return next(one for one in view.standings if one.contestant.name.startswith(name))


def reveal(number: int) -> str:
    return lesson(LESSON).cue[number].reveal


def right(number: int) -> str:
    cue = lesson(LESSON).cue[number]
    assert isinstance(cue, Choice | Tally)
    return cue.choices[cue.answer - 1]


@pytest.mark.parametrize("number", WINNERS)
def test_that_who_is_said_to_win_wins(number: int) -> None:
    (first,) = level_in_front(raced(number))
    assert first.contestant.name == WINNERS[number]
    if number in {0, 3, 4}:
        assert first.contestant.name.startswith(right(number))


def test_that_one_rate_for_all_ends_as_it_is_revealed() -> None:
    view = raced(0)
    assert f"J = {format_number(of(view, 'RMSprop').cost, 3)}:" in reveal(0)
    plain, momentum = of(view, "SGD"), of(view, "Momentum")
    assert f"SGD, at {format_number(plain.cost, 2)}," in reveal(0)
    across, along = (np.abs(plain.way.weights[-1] / plain.way.weights[0])[i] for i in (1, 0))
    assert across < 1e-4 < 0.1 < along  # it has crossed the valley, and creeps along it
    np.testing.assert_allclose(plain.way.weights[-1], [-5 * 0.92**20, -2 * 0.6**20], rtol=1e-12)
    assert np.abs(momentum.way.weights[-5:, 1]).max() > 0.5


def test_that_plain_descent_leaves_where_momentum_stays() -> None:
    view, factor = raced(1), 1 - 0.6 * 4
    plain, momentum = of(view, "SGD"), of(view, "Momentum")
    assert factor == pytest.approx(-1.4)
    np.testing.assert_allclose(plain.way.weights[:, 1], -2 * factor ** np.arange(21.0), rtol=1e-12)
    assert f"w₂ = {format_number(plain.way.weights[-1, 1], 4)}" in reveal(1)
    assert momentum.cost < view.start_cost < plain.cost
    assert (2 + 2 * 0.5) / 4 == 0.75
    assert right(1) == "SGD alone"


def test_that_the_first_step_of_adam_is_the_rate_along_each_weight() -> None:
    view = raced(2)
    np.testing.assert_allclose(of(view, "Adam").way.weights[1] - [-5, -2], [0.1, 0.1], rtol=1e-6)
    np.testing.assert_allclose(of(view, "SGD").way.weights[1], [-4.9, -1.2], rtol=1e-12)
    np.testing.assert_allclose(
        [0.2 * -5, 4 * -2], [-1, -8]
    )  # the slopes of 0.1 w1^2 + 2 w2^2 that the prompt states


def test_that_rosenbrock_begins_and_ends_as_it_is_said() -> None:
    view = raced(3)
    cost = (1 + 1.5) ** 2 + 100 * (2 - 1.5**2) ** 2
    slope = (-2 * (1 + 1.5) + 400 * 1.5 * (2 - 1.5**2), 200 * (2 - 1.5**2))
    assert (view.start_cost, cost, slope) == (12.5, 12.5, (-155.0, -50.0))
    for name, said in (("SGD", "SGD is at 2.76"), ("Adam", "Adam is still at 5.73")):
        assert said in reveal(3)
        assert format_number(of(view, name).cost, 3) == said.rsplit(" ", 1)[1]
    moves = np.abs(np.diff(of(view, "Adam").way.weights, axis=0))
    assert moves.max() < 1.5 * 0.001


def test_that_a_rate_of_its_own_lets_adam_win() -> None:
    view = raced(4)
    assert f"Momentum at {format_number(of(view, 'Momentum').cost, 3)}." in reveal(4)


def test_that_l_bfgs_makes_fewer_steps_for_as_many_gradients() -> None:
    view = raced(5)
    quick = of(view, "L-BFGS")
    assert (str(quick.step), quick.evaluations) == (right(5), 100)
    assert quick.cost < 1e-9
    assert (np.diff(quick.way.evaluations) >= 1).all()
    assert reveal(5).startswith(f"It makes {quick.step} steps:")


def test_that_without_a_question_all_take_part() -> None:
    about = lesson(LESSON).experiment
    names = {one.name for one in Race(about, about.build_problem()).contestants}
    assert {"SGD", "Nesterov β = 0.9", "Adagrad", "RMSprop", "Adam", "AdamW", "L-BFGS"} <= names
