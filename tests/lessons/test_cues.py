"""Every cue of every lesson is run, and its numbers come true."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gdstudio.core.errors import InputError
from gdstudio.core.training.history import History
from gdstudio.core.training.initial import initial_weights
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.kinds import CUES as KINDS
from gdstudio.lessons.kinds.choice import Choice
from gdstudio.lessons.lesson import read_lesson
from gdstudio.lessons.library import Course, lesson, lesson_ids
from gdstudio.lessons.quantities import quantities

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.lessons.cue import Cue

CUES = [(name, number) for name in lesson_ids() for number in range(len(lesson(name).cue))]
CHANCE = ("two-parameters", "mini-batches", "pytorch-loop", "yes-or-no", "small-network")


def outcome(cue: Cue, experiment: Experiment) -> dict[str, float]:
    problem = experiment.build_problem()
    history = History(len(problem.weight_names))
    if not cue.run:
        start = initial_weights(experiment, problem)
        cost = Trainer(experiment, problem).full_cost()
        history.begin(cost, start)
        table = history.snapshot().epoch_table
        return quantities(problem, start, 0, 0, cost, table)
    result = train(Trainer(experiment, problem), RunControl(), history)
    table, made = history.snapshot().epoch_table, (result.step, result.epoch, result.cost)
    return quantities(problem, result.weights, *made, table)


def check(cue: Cue, values: dict[str, float]) -> None:
    for name, expected in cue.expect.items():
        if isinstance(expected, tuple):
            assert expected[0] <= values[name] <= expected[1], name
        else:
            assert math.isclose(values[name], expected, rel_tol=1e-9, abs_tol=1e-12), (name, values[name])


@pytest.mark.parametrize(("name", "number"), CUES)
def test_that_a_cue_comes_true(name: str, number: int) -> None:
    cue = lesson(name).cue[number]
    values = outcome(cue, cue.experiment(lesson(name).experiment))
    assert cue.expect
    check(cue, values)
    assert "{" not in cue.revealed(values)


@pytest.mark.parametrize("seeds", [range(1, 3), pytest.param(range(3, 9), marks=pytest.mark.slow)], ids=str)
@pytest.mark.parametrize(("name", "number"), [(name, i) for name, i in CUES if name in CHANCE])
def test_that_a_cue_with_chance_in_it_comes_true_for_other_seeds(
    name: str, number: int, seeds: range
) -> None:
    cue = lesson(name).cue[number]
    for seed in seeds:
        check(cue, outcome(cue, cue.experiment(lesson(name).experiment).edited({"run.seed": seed})))


def test_that_the_lesson_of_the_contributing_guide_is_right_and_its_cue_comes_true(tmp_path: Path) -> None:
    guide = Path(__file__).parents[2].joinpath(".github", "CONTRIBUTING.md").read_text(encoding="utf-8")
    (tmp_path / "guide.toml").write_text(guide.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    found = Course(tmp_path).lesson("guide")
    check(found.cue[0], outcome(found.cue[0], found.cue[0].experiment(found.experiment)))


def test_that_the_kinds_of_cue_in_the_contributing_guide_are_right(tmp_path: Path) -> None:
    guide = Path(__file__).parents[2].joinpath(".github", "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines, kinds, *_ = (part.split("```")[0] for part in guide.split("```toml\n")[1:])
    (tmp_path / "guide.toml").write_text(lines + kinds, encoding="utf-8")
    found = Course(tmp_path).lesson("guide")
    assert {cue.kind for cue in found.cue} == set(KINDS)
    for cue in found.cue[1:]:
        values = outcome(cue, cue.experiment(found.experiment))
        assert "{" not in cue.revealed(values)


def test_that_every_lesson_has_cues() -> None:
    assert {name for name, _ in CUES} == set(lesson_ids())


VERDICTS = re.compile(
    r"(?:^|[.:] )(yes|no|right|wrong|(?:not )?as you predicted|correct)\b[.,:;]", re.IGNORECASE
)


@pytest.mark.parametrize(("name", "number"), [(n, i) for n, i in CUES if lesson(n).cue[i].kind == "choice"])
@pytest.mark.parametrize("predicted", ["right", "wrong", "none"])
def test_that_verdict_and_reveal_read_well_together(name: str, number: int, predicted: str) -> None:
    cue = lesson(name).cue[number]
    assert isinstance(cue, Choice)
    given = {"right": cue.answer, "wrong": cue.answer % len(cue.choices) + 1, "none": None}[predicted]
    said = cue.verdict(given, {}) + cue.reveal
    assert len(VERDICTS.findall(said)) == (0 if predicted == "none" else 1)
    assert said.startswith({"right": "As you", "wrong": "Not as you", "none": cue.reveal}[predicted])


@pytest.mark.parametrize(("name", "number"), CUES)
def test_that_a_reveal_is_a_sentence_of_its_own(name: str, number: int) -> None:
    reveal = lesson(name).cue[number].reveal
    assert re.match(r"[A-ZθJ]", reveal)
    assert reveal.endswith(".")
    assert "!" not in reveal


@pytest.mark.parametrize(
    ("reveal", "found"),
    [("No: it is 3.", "'No'"), ("yes, J = {cost}", "'yes'"), ("Right – it falls.", "'Right'")],
)
def test_that_a_verdict_in_the_reveal_is_refused(reveal: str, found: str) -> None:
    with pytest.raises(ValueError, match=f"begins with the verdict {found}"):
        Choice(prompt="p", choices=("a", "b"), answer=1, reveal=reveal)
    assert Choice(prompt="p", choices=("a", "b"), answer=1, reveal="No weights move.").verdict(None, {}) == ""


def test_that_without_zero_grad_the_loss_swings_and_does_not_settle() -> None:
    """The words of the cue, for several seeds: the loss falls below 20 and rises above 40, many times."""
    cue = lesson("pytorch-loop").cue[3]
    for seed in range(4):
        experiment = cue.experiment(lesson("pytorch-loop").experiment).edited({"run.seed": seed})
        problem = experiment.build_problem()
        history = History(len(problem.weight_names))
        train(Trainer(experiment, problem), RunControl(), history)
        costs = history.snapshot().costs[100:]
        high = costs[(costs < 20) | (costs > 40)] > 40
        assert (high[1:] != high[:-1]).sum() >= 4, seed


def test_that_what_is_shown_while_a_question_is_asked_may_differ_from_its_run() -> None:
    cue, own = lesson("learning-rate").cue[4], lesson("learning-rate").experiment
    assert cue.asked_experiment(own) == own
    assert cue.experiment(own).run.learning_rate == pytest.approx(3 / 28)
    plain = lesson("learning-rate").cue[2]
    assert plain.asked_experiment(own) == plain.experiment(own)


@pytest.mark.parametrize("runs", [10, pytest.param(60, marks=pytest.mark.slow)])
def test_that_the_noisy_cue_overfits_on_average(runs: int) -> None:
    """Curriculum: with sigma 1 and n = 20 the means are 0.836 in training and 1.193 in the test.

    A training loss is chi-squared with 17 degrees of freedom, over 20: its standard deviation is 0.29,
    that of the mean of 60 runs 0.038. The bounds are four standard deviations of the mean.
    """
    cue = lesson("pytorch-loop").cue[2]
    experiment = cue.experiment(lesson("pytorch-loop").experiment)
    made = [outcome(cue, experiment.edited({"run.seed": seed})) for seed in range(runs)]
    train, test = (sum(values[name] for values in made) / runs for name in ("cost", "test_cost"))
    assert train == pytest.approx(0.836, abs=4 * 0.294 / runs**0.5)
    assert test == pytest.approx(1.193, abs=4 * 0.294 / runs**0.5)
    assert train < test


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("answer = 3", "answer: 3 is more than the 2 choices"),
        ('answer = 1\nset = { "run.learning_rte" = 1.0 }', "learning_rte"),
        ('answer = 1\nset = { "run.learning_rate" = -1.0 }', "greater than 0"),
        ("answer = 1\nexpect = { omega = 1.0 }", "omega"),
        ("answer = 1\nwrong_key = 1", "wrong_key"),
        ('answer = "b"', "answer"),
    ],
)
def test_that_a_wrong_cue_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    head = 'schema = 1\ntitle = "t"\n[problem]\nkind = "line"\n[run]\nmax_steps = 3\n'
    path.write_text(f'{head}[[cue]]\nprompt = "p"\nchoices = ["a", "b"]\nreveal = "r"\n{line}\n')
    with pytest.raises(InputError, match=message):
        read_lesson(path)
