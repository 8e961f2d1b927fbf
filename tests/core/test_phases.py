"""Steps made phase by phase: what each phase tells, and that no number differs from a run without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.listing import PHASES
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.events import FinishReason, RunState
from gdstudio.core.training.history import History, Snapshot
from gdstudio.core.training.loop import train
from gdstudio.core.training.phase_stops import PhaseStops
from gdstudio.core.training.phases import MOST_ROWS, PhaseFact, PhaseLog
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.training.events import RunResult
    from gdstudio.core.training.rows import Rows

    Command = Callable[[RunControl], object]

LINE: dict[str, Any] = {"kind": "line", "x": [0.5, -1.25, 3.0, 2.2], "y": [1.0, 2.5, -0.3, 4.0]}
NETWORK: dict[str, Any] = {"kind": "linear_network", "n": 95, "n_test": 20}
ALL_ROWS = {"learning_rate": 0.05, "max_steps": 12}
MINI = {"learning_rate": 0.03, "batch_size": 10, "max_epochs": 2}

CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "all rows": (LINE, ALL_ROWS),
    "all rows, test rows": (NETWORK, ALL_ROWS),
    "mini-batches": (NETWORK, MINI),
    "single rows": (NETWORK, {**MINI, "batch_size": 1, "max_epochs": 1}),
    "momentum": (NETWORK, {**MINI, "optimizer": {"momentum": 0.9, "nesterov": True}}),
    "adam": (NETWORK, {**MINI, "optimizer": "adam"}),
    "32 bit": (NETWORK, {**MINI, "dtype": "float32"}),
    "no zero_grad": (NETWORK, {**MINI, "mistake": "no_zero_grad"}),
    "no reshape": (NETWORK, {**MINI, "mistake": "no_reshape"}),
    "L30": (LINE, {**ALL_ROWS, "mistake": "gradient_l30"}),
    "L98": (LINE, {**ALL_ROWS, "mistake": "gradient_l98"}),
    "small gradient": (LINE, {"learning_rate": 0.2, "max_steps": 900, "gradient_tolerance": 0.5}),
    "small change": (LINE, {"learning_rate": 0.2, "max_steps": 900, "cost_tolerance": 1e-2}),
    "small change of epochs": (NETWORK, {**MINI, "max_epochs": 90, "cost_tolerance": 10.0}),
    "diverges": (LINE, {"learning_rate": 1e40, "max_steps": 90}),
    "diverges in batches": (NETWORK, {**MINI, "learning_rate": 1e40}),
}


class Log(PhaseLog):
    """Keeps every fact, and gives commands at once where they are told."""

    def __init__(self, control: RunControl, commands: dict[tuple[int, str], list[Command]]) -> None:
        super().__init__()
        self.control, self.commands = control, commands
        self.facts: list[PhaseFact] = []

    def publish(self, fact: PhaseFact) -> None:
        super().publish(fact)
        self.facts.append(fact)
        for command in self.commands.get((fact.step, fact.phase), []):
            command(self.control)


class Script:
    """Gives commands when a step has been made; row 0 counts as step 0."""

    def __init__(self, control: RunControl, commands: dict[int, list[Command]]) -> None:
        self.control, self.commands = control, commands

    def append(self, rows: Rows) -> None:
        for step in rows.steps.tolist():
            for command in self.commands.get(int(step), []):
                command(self.control)


def phases(count: int) -> list[Command]:
    return [RunControl.request_phase] * count


def steps(count: int) -> Command:
    return lambda control: control.request_steps(count)


def experiment(case: tuple[dict[str, Any], dict[str, Any]]) -> Experiment:
    return Experiment.parse({"problem": case[0], "run": case[1]})


def at_speed(given: Experiment) -> tuple[RunResult, Snapshot]:
    problem = given.build_problem()
    history = History(len(problem.weight_names))
    return train(Trainer(given, problem), RunControl(), history), history.snapshot()


def by_commands(
    given: Experiment,
    after: dict[int, list[Command]],
    within: dict[tuple[int, str], list[Command]] | None = None,
) -> tuple[RunResult, Snapshot, Log]:
    """Begin paused, and let the run itself give commands after steps and within them."""
    problem = given.build_problem()
    history, control = History(len(problem.weight_names)), RunControl(paused=True)
    log = Log(control, within or {})
    history.phases = log
    trainer = Trainer(given, problem, stops=PhaseStops(control, log))
    result = train(trainer, control, history, Script(control, after))
    return result, history.snapshot(), log


def assert_same(left: tuple[RunResult, Snapshot], right: tuple[RunResult, Snapshot]) -> None:
    for name in ("steps", "epochs", "costs", "weights", "epoch_table"):
        np.testing.assert_array_equal(getattr(left[1], name), getattr(right[1], name), err_msg=name)
    for name in ("reason", "sentence", "step", "epoch", "cost"):
        assert getattr(left[0], name) == getattr(right[0], name)
    np.testing.assert_array_equal(left[0].weights, right[0].weights)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_that_a_run_by_phases_has_the_numbers_of_one_at_speed(
    case: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    given = experiment(case)
    result, snapshot, log = by_commands(given, {0: phases(6 * given.total_steps)})
    assert_same((result, snapshot), at_speed(given))
    assert len(log.facts) >= len(PHASES) - 1


@pytest.mark.parametrize("name", ["all rows", "mini-batches", "adam", "no zero_grad"])
def test_that_speed_steps_and_phases_can_be_mixed(name: str) -> None:
    given = experiment(CASES[name])
    pause: list[Command] = [RunControl.pause]
    after = {0: [steps(2)], 2: phases(9), 4: [*pause, *phases(6)], 5: phases(1)}
    within: dict[tuple[int, str], list[Command]] = {
        (4, "loss"): [steps(1)],  # finishes the step under way
        (6, "batch"): [RunControl.resume],
    }
    result, snapshot, log = by_commands(given, after, within)
    assert_same((result, snapshot), at_speed(given))
    told = [(fact.step, fact.phase) for fact in log.facts]
    assert told == [
        *((3, phase) for phase in PHASES),
        *((4, phase) for phase in PHASES[:3]),
        *((5, phase) for phase in PHASES),
        (6, "batch"),
    ]


def test_that_stop_in_the_middle_of_a_step_finishes_it_and_ends() -> None:
    given = experiment(CASES["mini-batches"])
    result, snapshot, _ = by_commands(given, {0: phases(9)}, {(2, "loss"): [RunControl.stop]})
    assert result.reason is FinishReason.STOPPED
    assert result.step == snapshot.step == 2
    np.testing.assert_array_equal(snapshot.weights, at_speed(given)[1].weights[:3])


def test_that_a_rate_changed_in_the_middle_acts_on_the_next_step() -> None:
    given = experiment(CASES["all rows"])
    within: dict[tuple[int, str], list[Command]] = {
        (1, "forward"): [lambda control: control.set_learning_rate(0.01)],
        (2, "update"): [RunControl.stop],
    }
    _, snapshot, log = by_commands(given, {0: phases(12)}, within)
    assert [fact.learning_rate for fact in log.facts if fact.phase == "update"] == [0.05, 0.01]
    move = snapshot.weights[2] - snapshot.weights[1]
    assert log.facts[-1].gradient is not None
    np.testing.assert_allclose(move, -0.01 * log.facts[-1].gradient, rtol=1e-12)


def test_that_each_phase_tells_what_it_made() -> None:
    given = experiment(CASES["mini-batches"])
    _, snapshot, log = by_commands(given, {0: phases(6)}, {(1, "update"): [RunControl.stop]})
    assert [fact.phase for fact in log.facts] == list(PHASES)
    last = log.facts[-1]
    assert (last.rows, last.X.shape, last.y.shape, last.step) == (10, (10, 2), (10,), 1)
    assert last.predictions is not None
    assert last.gradient is not None
    np.testing.assert_allclose(last.predictions, last.X @ last.weights[:2] + last.weights[2], rtol=1e-12)
    residuals = last.predictions - last.y
    assert last.cost == pytest.approx(np.mean(residuals**2), rel=1e-12)
    slope = 2 / 10 * np.append(residuals @ last.X, residuals.sum())
    np.testing.assert_allclose(last.gradient, slope, rtol=1e-12)
    np.testing.assert_array_equal(last.weights, snapshot.weights[0])
    np.testing.assert_array_equal(last.weights_after, snapshot.weights[1])
    made = [
        [value is not None for value in (f.predictions, f.cost, f.gradient, f.weights_after)]
        for f in log.facts
    ]
    assert [sum(row) for row in made] == [0, 1, 2, 2, 3, 4]


def test_that_gradients_left_over_are_told_where_zero_grad_is_left_out() -> None:
    given = experiment(CASES["no zero_grad"])
    _, _, log = by_commands(given, {0: phases(12)}, {(2, "update"): [RunControl.stop]})
    first, second = (fact for fact in log.facts if fact.phase == "backward")
    left = next(fact for fact in log.facts if fact.step == 2 and fact.phase == "zero_grad")
    assert first.gradient is not None
    np.testing.assert_array_equal(left.gradient, first.gradient)
    assert second.gradient is not None
    assert not np.array_equal(second.gradient, first.gradient)


def test_that_a_fact_of_a_large_batch_is_small() -> None:
    given = experiment(({**NETWORK, "n": 5000}, ALL_ROWS))
    _, _, log = by_commands(given, {0: phases(2)}, {(1, "forward"): [RunControl.stop]})
    assert log.facts[-1].rows == 5000
    assert len(log.facts[-1].X) == len(log.facts[-1].y) == MOST_ROWS


def test_that_a_snapshot_has_the_fact_of_its_own_step_alone() -> None:
    log = PhaseLog()
    assert log.at(0.0) is None
    fact = PhaseFact("loss", 4, 0.1, np.zeros(1), 3, np.zeros((3, 1)), np.zeros(3))
    log.publish(fact)
    assert [log.at(step) is fact for step in (2.0, 3.0, 4.0, 5.0)] == [False, True, False, False]
    log.publish(PhaseFact("update", 4, 0.1, np.zeros(1), 3, np.zeros((3, 1)), np.zeros(3)))
    assert [log.at(step) is not None for step in (3.0, 4.0, 5.0)] == [True, True, False]


def test_that_phases_add_up_and_pause_forgets_them() -> None:
    control = RunControl(paused=True)
    control.request_phase()
    control.request_phase()
    assert control.take_turn(9) == 1
    assert control.is_by_phase
    assert [control.take_phase(), control.take_phase()] == [True, True]
    control.request_phase()
    control.pause()
    control.request_steps(3)
    assert control.take_turn(9) == 3
    assert not control.is_by_phase


def test_that_a_phase_pauses_a_running_run() -> None:
    control = RunControl()
    assert control.take_turn(9) == 9
    control.request_phase()
    assert control.wanted is RunState.PAUSED
    assert control.take_turn(9) == 1
    assert control.is_by_phase


def test_that_a_phase_while_stopping_is_a_noop() -> None:
    control = RunControl()
    control.stop()
    control.request_phase()
    assert control.take_turn(9) == 0
    assert not control.take_phase()
