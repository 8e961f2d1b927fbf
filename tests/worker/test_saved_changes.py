"""A file holds the changes of the learning rate: a saved run, opened, ends where it ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from gdstudio.core.errors import InputError
from gdstudio.core.program import program_of, strip
from gdstudio.core.program.export import export
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.files import read_experiment, write_experiment
from gdstudio.core.settings.rate_change import MOST_CHANGES

from .helpers import OpenSession, drawn, line, network, play_to_end, step_to, train_headless

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gdstudio.worker.session import Session

pytestmark = pytest.mark.timeout(30)


def changed_twice(qtbot: QtBot, session: Session) -> None:
    """Change the rate after steps 3 and 7, and stand at step 9."""
    step_to(qtbot, session, 3)
    session.edit({"run.learning_rate": 0.05})
    step_to(qtbot, session, 7)
    session.edit({"run.learning_rate": 0.002})
    step_to(qtbot, session, 9)


SCHEDULED = [
    line().edited({"run.schedule": {"kind": "cosine"}}),
    line().edited({"run.schedule": {"kind": "one_cycle"}, "run.optimizer": "adam"}),
    network(max_epochs=1).edited({"run.schedule": {"kind": "step", "period": 4}}),
    network(max_epochs=2).edited({"run.schedule": {"kind": "exponential", "every": "epoch"}}),
]


@pytest.mark.parametrize("experiment", SCHEDULED, ids=lambda e: e.run.schedule.kind)
def test_that_going_back_in_a_run_with_a_schedule_repeats_its_steps(
    qtbot: QtBot, open_session: OpenSession, experiment: Experiment
) -> None:
    session = open_session(experiment)
    changed_twice(qtbot, session)
    there = drawn(session).latest.tolist()
    session.time.seek(5)
    qtbot.waitUntil(lambda: session.run.shown_step == 5)
    session.edit({"run.learning_rate": 0.05})
    step_to(qtbot, session, 7)
    session.edit({"run.learning_rate": 0.002})
    step_to(qtbot, session, 9)
    assert drawn(session).latest.tolist() == there
    play_to_end(qtbot, session)
    assert (
        train_headless(session.run.repeatable_experiment)[1].weights[-1].tolist()
        == drawn(session).latest.tolist()
    )


@pytest.mark.parametrize(
    "experiment",
    [line(), network(max_epochs=1), *SCHEDULED],
    ids=lambda e: f"{e.problem.kind} {e.run.schedule.kind}",
)
def test_that_a_saved_run_ends_where_it_ended(
    qtbot: QtBot, open_session: OpenSession, tmp_path: Path, experiment: Experiment
) -> None:
    session = open_session(experiment)
    changed_twice(qtbot, session)
    write_experiment(session.run.repeatable_experiment, tmp_path / "a.toml")
    play_to_end(qtbot, session)
    ended = drawn(session).latest.tolist()
    opened = read_experiment(tmp_path / "a.toml")
    assert opened.run.learning_rate == experiment.run.learning_rate
    assert opened.run.rate_changes == ((3, 0.05), (7, 0.002))
    again = open_session(opened)
    play_to_end(qtbot, again)
    assert drawn(again).latest.tolist() == ended
    assert train_headless(opened)[1].weights[-1].tolist() == ended


def test_that_what_is_saved_says_so_in_tables_of_their_own(
    qtbot: QtBot, open_session: OpenSession, tmp_path: Path
) -> None:
    session = open_session(line())
    changed_twice(qtbot, session)
    write_experiment(session.run.repeatable_experiment, tmp_path / "a.toml")
    text = (tmp_path / "a.toml").read_text(encoding="utf-8")
    assert re.findall(r"\[\[run\.change\]\]\nstep = (\d+)\nlearning_rate = (\S+)", text) == [
        ("3", "0.05"),
        ("7", "0.002"),
    ]
    write_experiment(line(), tmp_path / "b.toml")
    assert "change" not in (tmp_path / "b.toml").read_text(encoding="utf-8")


def test_that_the_rate_on_screen_follows_the_file(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line().with_changes([(3, 0.05), (7, 0.002)]))
    for step, rate in ((2, 0.1), (3, 0.05), (6, 0.05), (7, 0.002), (9, 0.002)):
        step_to(qtbot, session, step)
        session.follow_plan()
        assert session.experiment.run.learning_rate == rate
    session.player.reset()
    assert session.experiment == line().with_changes([(3, 0.05), (7, 0.002)])


def test_that_a_run_of_a_file_is_gone_back_in_and_repeated_with_its_changes(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(line().with_changes([(3, 0.05), (7, 0.002)]))
    play_to_end(qtbot, session)
    ended = drawn(session).latest.tolist()
    session.time.seek(2)
    qtbot.waitUntil(lambda: drawn(session).step == 2)
    assert session.experiment.run.learning_rate == 0.1
    play_to_end(qtbot, session)
    assert drawn(session).latest.tolist() == ended
    play_to_end(qtbot, session)  # from the start again
    assert drawn(session).latest.tolist() == ended


def test_that_a_change_by_hand_replaces_those_still_to_come(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line().with_changes([(3, 0.05), (7, 0.002)]))
    step_to(qtbot, session, 5)
    session.edit({"run.learning_rate": 0.03})
    assert session.run.rate_changes == ((3, 0.05), (5, 0.03))
    step_to(qtbot, session, 9)
    assert session.run.rate_changes == ((3, 0.05), (5, 0.03))
    assert session.run.repeatable_experiment == line().with_changes([(3, 0.05), (5, 0.03)])


def test_that_a_change_by_hand_before_the_start_replaces_all(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line().with_changes([(3, 0.05)]))
    session.edit({"run.learning_rate": 0.03})
    assert session.run.repeatable_experiment == line(learning_rate=0.03)


def test_that_other_edits_keep_the_changes(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line().with_changes([(3, 0.05)]))
    step_to(qtbot, session, 5)
    session.follow_plan()
    session.edit({"run.max_steps": 20})
    assert session.experiment == line(max_steps=20).with_changes([(3, 0.05)])


def test_that_the_program_of_a_file_changes_the_rate(tmp_path: Path) -> None:
    experiment = line().with_changes([(3, 0.05), (7, 0.002)])
    shown = "\n".join(line.text for line in strip(program_of(experiment)))
    assert "learning_rates = {3: 0.05, 7: 0.002}" in shown
    export(experiment, tmp_path / "a.py")
    assert "learning_rates = {3: 0.05, 7: 0.002}" in (tmp_path / "a.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ([{"step": 0, "learning_rate": 0.1}], "run.change[0].step: 0 is too small; give 1 or more"),
        ([{"step": 3, "learning_rate": 0}], "run.change[0].learning_rate: 0 is too small"),
        ([{"step": 3}], "run.change[0].learning_rate: is missing"),
        ([{"step": 3, "learning_rate": 0.1, "rate": 2}], "run.change[0].rate: is not a known key here"),
        (
            [{"step": 7, "learning_rate": 0.1}, {"step": 3, "learning_rate": 0.2}],
            "run.change: step 3 does not come after step 7; order them by step",
        ),
        (
            [{"step": k + 1, "learning_rate": 0.1} for k in range(MOST_CHANGES + 1)],
            "run.change: has 10,001 entries; give at most 10000",
        ),
    ],
    ids=["step", "rate", "missing", "unknown", "order", "many"],
)
def test_that_wrong_changes_are_named(change: list[dict[str, float]], says: str) -> None:
    tables = line().tables()
    tables["run"]["change"] = change
    with pytest.raises(InputError) as caught:
        Experiment.parse(tables)
    assert caught.value.problems[0].startswith(says)


def test_that_of_several_changes_after_one_step_the_last_is_kept() -> None:
    experiment = line().with_changes([(0, 0.3), (0, 0.2), (4, 0.1), (4, 0.05)])
    assert experiment == line(learning_rate=0.2).with_changes([(4, 0.05)])
