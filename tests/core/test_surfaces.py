"""Problems without rows: functions of the weights alone, each a new file in the folder of kinds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.listing import PHASES
from gdstudio.core.problems import kinds
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train as run_loop
from gdstudio.core.training.phase_stops import PhaseStops
from gdstudio.core.training.phases import PhaseLog
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gdstudio.core.training.phases import PhaseFact
    from tests.core.conftest import Train

FILE = """
from typing import ClassVar, Literal

from gdstudio.core.problems.surface import SurfaceSpec


class HimmelblauSpec(SurfaceSpec):
    title: ClassVar[str] = "Himmelblau"
    formula: ClassVar[str] = "(w1**2 + w2 - 11)**2 + (w1 + w2**2 - 7)**2"
    known_minima: ClassVar = ((3.0, 2.0),)
    kind: Literal["himmelblau_of_a_test"] = "himmelblau_of_a_test"


class SaddleSpec(SurfaceSpec):
    title: ClassVar[str] = "saddle"
    formula: ClassVar[str] = "x**2 + y**4 / 4 - y**2 / 2"
    names: ClassVar = ("x", "y")
    known_minima: ClassVar = ((0.0, 1.0), (0.0, -1.0))
    kind: Literal["saddle_of_a_test"] = "saddle_of_a_test"


class SlopeSpec(SurfaceSpec):
    title: ClassVar[str] = "a slope without an end"
    formula: ClassVar[str] = "-x**3 + 0 * y"
    names: ClassVar = ("x", "y")
    kind: Literal["slope_of_a_test"] = "slope_of_a_test"
"""


@pytest.fixture(autouse=True)
def _new_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "surfaces_of_a_test.py").write_text(FILE, encoding="utf-8")
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(tmp_path)])
    yield
    sys.modules.pop("gdstudio.core.problems.kinds.surfaces_of_a_test", None)


def surface(kind: str, start: list[float], **run: Any) -> Experiment:
    settings = {"initial_weights": start, **run}
    return Experiment.parse({"problem": {"kind": f"{kind}_of_a_test"}, "run": settings})


def himmelblau(**run: Any) -> Experiment:
    return surface("himmelblau", [0.0, 0.0], **{"learning_rate": 0.01, "max_steps": 300, **run})


def saddle(**run: Any) -> Experiment:
    return surface("saddle", [1.0, 0.1], **{"learning_rate": 0.1, "max_steps": 200, **run})


def test_that_himmelblau_descends_from_170_to_its_minimum(train: Train) -> None:
    trainer, rows = train(himmelblau())
    assert rows.costs[0] == 170
    np.testing.assert_allclose(rows.weights[1], [0.14, 0.22], rtol=1e-15)
    np.testing.assert_allclose(rows.weights[-1], [3, 2], atol=1e-12)
    assert trainer.finish is not None
    assert (trainer.finish.reason, trainer.step) == (FinishReason.COMPLETED, 300)


def test_that_every_step_is_an_epoch(train: Train) -> None:
    trainer, rows = train(himmelblau(max_steps=None, max_epochs=20), 7)
    assert (trainer.step, trainer.epoch) == (20, 20)
    np.testing.assert_array_equal(rows.epochs, rows.steps)
    done = [(row.epoch, row.step, row.train_cost, row.test_cost) for row in rows.epoch_rows]
    assert done == [(k, k, rows.costs[k], None) for k in range(1, 21)]


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "rmsprop", {"kind": "sgd", "momentum": 0.5}], ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_that_costs_are_those_of_the_rows_own_weights(train: Train, optimizer: Any, dtype: str) -> None:
    made = himmelblau(optimizer=optimizer, dtype=dtype, max_steps=40)
    _, rows = train(made)
    _, cut = train(made, 3)
    expected = made.build_problem().cost_at(rows.weights)
    np.testing.assert_allclose(rows.costs, expected, rtol=1e-12 if dtype == "float64" else 1e-4, atol=1e-6)
    np.testing.assert_array_equal(cut.weights, rows.weights)
    np.testing.assert_array_equal(cut.costs, rows.costs)


def test_that_costs_below_zero_are_kept_as_they_are(train: Train) -> None:
    trainer, rows = train(saddle())
    assert rows.costs[0] == pytest.approx(1 + 0.1**4 / 4 - 0.1**2 / 2)
    assert rows.costs[-1] == trainer.full_cost() == pytest.approx(-0.25)
    np.testing.assert_allclose(rows.weights[-1], [0, 1], atol=1e-6)


@pytest.mark.parametrize("rule", ["gradient_tolerance", "cost_tolerance"])
def test_that_a_tolerance_ends_the_run_where_costs_are_below_zero(train: Train, rule: str) -> None:
    made = saddle(**{"max_steps": 5000, rule: 1e-6})
    trainer, rows = train(made)
    assert trainer.finish is not None
    assert trainer.finish.reason is FinishReason.CONVERGED
    if rule == "cost_tolerance":
        changes = np.abs(np.diff(rows.costs))
        assert changes[-1] < 1e-6 <= changes[:-1].min()
    else:
        sizes = [np.linalg.norm(made.build_problem().gradient_at(w)) for w in rows.weights]
        assert sizes[-1] < 1e-6 <= min(sizes[:-1])


@pytest.mark.parametrize(("rate", "chunk"), [(1.0, 1000), (1.0, 1), (0.05, 1000), (0.05, 2)])
def test_that_divergence_ends_at_the_last_finite_state(train: Train, rate: float, chunk: int) -> None:
    trainer, rows = train(himmelblau(learning_rate=rate, max_steps=5000), chunk)
    assert trainer.finish is not None
    assert trainer.finish.reason is FinishReason.DIVERGED
    assert np.isfinite(rows.costs).all()
    np.testing.assert_array_equal(trainer.weights, rows.weights[-1])


def test_that_a_cost_without_a_lower_bound_diverges(train: Train) -> None:
    trainer, rows = train(surface("slope", [1.0, 0.0], learning_rate=0.1, max_steps=5000))
    assert trainer.finish is not None
    assert trainer.finish.reason is FinishReason.DIVERGED
    assert (np.diff(rows.costs) < 0).all()
    assert rows.costs[-1] < -1e100


def test_that_a_checkpoint_goes_on_exactly() -> None:
    made = himmelblau(optimizer="adam")
    trainer = Trainer(made, made.build_problem())
    trainer.advance(8)
    saved = trainer.checkpoint()
    first = trainer.advance(22)
    trainer.restore(saved)
    again = trainer.advance(22)
    np.testing.assert_array_equal(first.weights, again.weights)
    assert first.epoch_rows == again.epoch_rows


class _Facts(PhaseLog):
    """Keeps every fact."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[PhaseFact] = []

    def publish(self, fact: PhaseFact) -> None:
        super().publish(fact)
        self.facts.append(fact)


@pytest.mark.parametrize("tolerance", [None, 200.0])
def test_that_a_step_can_be_made_phase_by_phase(train: Train, tolerance: float | None) -> None:
    made = himmelblau(max_steps=2, cost_tolerance=tolerance)
    ended, rows = train(made)
    control, history, log = RunControl(paused=True), History(2), _Facts()
    count = 6 * ended.step + (5 if tolerance else 0)  # a run that converges makes no last update
    for _ in range(count):
        control.request_phase()
    run_loop(Trainer(made, made.build_problem(), stops=PhaseStops(control, log)), control, history)
    np.testing.assert_array_equal(history.snapshot().weights, rows.weights)
    np.testing.assert_array_equal(history.snapshot().costs, rows.costs)
    assert [fact.phase for fact in log.facts] == [*PHASES, *PHASES][:count]
    last = log.facts[5]
    assert (last.rows, last.X.shape, last.y.shape) == (0, (0, 0), (0,))
    assert last.predictions is not None
    assert len(last.predictions) == 0
    assert last.cost == 170
    np.testing.assert_array_equal(last.gradient, [-14.0, -22.0])
    np.testing.assert_array_equal(last.weights_after, rows.weights[1])


def test_that_pictures_know_what_the_run_computes() -> None:
    made = saddle()
    problem = made.build_problem()
    trainer = Trainer(made, problem)
    assert float(problem.cost_at(trainer.weights)) == trainer.full_cost()
    gradient = problem.gradient_at(trainer.weights)
    np.testing.assert_array_equal(trainer.advance(1).gradient, gradient)
    np.testing.assert_allclose(problem.hessian_at(np.array([0.0, 1.0])), [[2, 0], [0, 2]], atol=1e-15)
    np.testing.assert_allclose(problem.cost_at(problem.minima), [-0.25, -0.25])
    assert problem.viewpoint is not None
    assert problem.viewpoint.least == -0.25
