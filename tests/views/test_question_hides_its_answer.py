"""While a question is asked its answer can be read nowhere on the page; after the reveal it can."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from gdstudio.core.concealment import UNKNOWN, without_numbers
from gdstudio.core.numbers import format_fixed, format_number
from gdstudio.core.problems.mistakes import mistake_of
from gdstudio.core.symbols import symbol
from gdstudio.lessons.library import lesson, lesson_ids
from gdstudio.lessons.quantities import quantities
from gdstudio.views.controls.chips import Chip
from gdstudio.views.panels.contour import Contour
from gdstudio.views.panels.cost_curve import CostCurve
from gdstudio.views.window.questions import Stage
from tests.views.page_texts import page_texts

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gdstudio.lessons.cue import Cue
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window

_NAMES = {"cost": "J|loss|training|cost", "gradient": "J′|∇J", "step": "step|of"}
_NUMBER = re.compile(r"\d+[./]\d+")


def values(window: MainWindow) -> dict[str, float]:
    """Return the quantities of the run on screen as it is now."""
    problem, snapshot = window.session.run.problem, window.session.run.snapshot()
    assert problem is not None
    assert snapshot is not None
    made = (snapshot.step, snapshot.epoch, float(problem.cost_at(snapshot.latest)))
    return quantities(problem, snapshot.latest, *made, snapshot.epoch_table)


def patterns(name: str, value: float) -> list[str]:
    """Return how a number can be written that would give a quantity away; a short one with its name."""
    if value == round(value) and abs(value) < 1000:
        number = re.escape(format_number(value))
        named = [rf"(?:{_NAMES.get(name, re.escape(symbol(name)))})[^;\d?]*(?:=[^;?]*)? {number}(?![\d.,/])"]
        return [*named, rf"\b{number} (?:updates|steps|batches)"] if name == "step" else named
    written = {format_number(value, digits) for digits in (3, 4, 5, 6)}
    written |= {format_fixed(value, decimals) for decimals in (4, 6)}
    return [rf"(?<![\d.]){re.escape(text)}" for text in written if len(text.strip("−0.")) > 2]


def answers(cue: Cue, made: dict[str, float], start: dict[str, float]) -> list[str]:
    """Return patterns of the expected quantities and of the numbers in the right choice.

    What the prompt says is no secret, nor is a number that the start has before any step.
    """
    secret = [name for name in cue.expect if not (cue.run and math.isclose(start[name], made[name]))]
    found = [pattern for name in secret for pattern in patterns(name, made[name])]
    for text in _NUMBER.findall(cue.right_words):
        found += [rf"= {re.escape(text)}(?! \()", *patterns("", float(Fraction(text)))]
    return [pattern for pattern in found if not re.search(pattern, cue.prompt)]


def arrows_are_seen(window: MainWindow) -> bool:
    for panel in window.panels.shown:
        if isinstance(panel, CostCurve | Contour) and panel._move.shaft.xData is not None:
            return len(panel._move.shaft.xData) > 0
    return False


def drawn(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until the frame with what is new is on screen."""
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)


def run(window: MainWindow, qtbot: QtBot, cue: Cue) -> None:
    window.cues.forward()
    if cue.run:
        window.session.edit({"view.steps_per_second": None})
        over = {Stage.LOOK, Stage.REVEAL}
        qtbot.waitUntil(lambda: window.cues.questions.stage in over, timeout=20_000)
    if window.cues.questions.stage is Stage.LOOK:
        window.cues.forward()
    drawn(window, qtbot)


@pytest.mark.parametrize("name", lesson_ids())
def test_that_no_answer_is_on_the_page_before_it_is_given(
    open_window: WindowOpener, qtbot: QtBot, name: str
) -> None:
    window = open_window(name)
    for number, cue in enumerate(lesson(name).cue):
        window.cues.questions.ask(number)
        drawn(window, qtbot)
        asked, start = page_texts(window), values(window)
        arrow = arrows_are_seen(window)
        run(window, qtbot, cue)
        revealed, made = page_texts(window), values(window)
        for pattern in answers(cue, made, start):
            assert not [text for text in asked if re.search(pattern, text)], (number + 1, pattern)
        sentence = mistake_of(window.session.experiment.run.mistake).sentence
        assert not (sentence and any(sentence in text for text in asked))
        assert not (arrow and {"move", "direction"} & set(cue.hides))
        assert not [text for text in asked if re.search(r"so (right|left|stop)", text) and cue.hides]
        assert not [text for text in revealed if re.search(r"= \?|of \?", text)], number + 1
        told = [format_number(made[place]) for place in re.findall(r"\{(\w+)\}", cue.reveal)]
        assert all(any(text in seen for seen in revealed) for text in told)


def test_that_the_numbers_appear_where_they_were_hidden(open_window: WindowOpener) -> None:
    window = open_window("cost-and-slope")
    window.cues.forward()
    curve = window.panels.panel("cost_curve")
    assert isinstance(curve, CostCurve)
    assert window.formula.text() == "J(−1) = 1/3 (?) = ?; J′(−1) = 2/3 (?) = ?, so ?"
    assert "J = ?" in curve.note.text()
    assert not arrows_are_seen(window)
    window.cues.predict(0)
    assert window.formula.text().endswith("(−2 − 8 − 18) = −18.666667 < 0, so right")
    assert "J = 18.6667" in curve.note.text()
    assert arrows_are_seen(window)


def test_that_a_move_is_hidden_only_until_the_run_makes_it(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    window.cues.questions.ask(2)
    assert window.formula.text().endswith("= ?")
    assert window.session.concealed.quantities == {"move", "limit"}
    with qtbot.waitSignal(window.session.training.run_started):
        window.cues.forward()
    assert window.session.concealed.quantities == {"limit"}


def test_that_chips_are_unavailable_while_they_are_hidden(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    window.cues.questions.ask(4)
    [best, limit] = [chip for chip in window.findChildren(Chip) if chip.isVisible()]
    for chip in (best, limit):
        assert chip.text().endswith("= ?")
        assert not chip.isEnabled()
        assert not re.search(r"\d\.\d", chip.toolTip() + chip.accessibleName())
    window.cues.restore.click()
    assert best.text() == "1/L = 0.1071"
    assert best.isEnabled()


@pytest.mark.parametrize(("name", "cue"), [("learning-rate", 2), ("two-parameters", 0), ("mini-batches", 0)])
def test_that_pins_are_not_drawn_while_a_question_hides_something(
    open_window: WindowOpener, qtbot: QtBot, name: str, cue: int
) -> None:
    window = open_window(name)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 4):
        window.session.player.step(4)
    window.session.pin()
    window.session.player.reset()
    layers = [panel.pins for panel in window.panels.shown if hasattr(panel, "pins")]
    assert len(layers) >= 2

    def points() -> list[int]:
        return [len(layer.line(0)[0]) for layer in layers]

    qtbot.waitUntil(lambda: min(points()) > 0)
    window.cues.questions.ask(cue)
    assert window.session.concealed.quantities
    qtbot.waitUntil(lambda: max(points()) == 0)
    window.cues.restore.click()
    qtbot.waitUntil(lambda: min(points()) > 0)


def test_that_a_chip_does_not_say_that_its_run_diverged_while_a_question_is_asked(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    window.session.edit({"run.learning_rate": 0.5, "run.max_steps": 5000, "view.steps_per_second": None})
    with qtbot.waitSignal(window.session.player.run_finished):
        window.session.player.play()
    window.transport.pin.click()
    button = window.pins.chips[0].button
    assert button.text().endswith("(diverged)")
    window.cues.questions.ask(2)
    assert "diverged" not in button.text() + button.toolTip() + button.accessibleName()
    window.cues.restore.click()
    assert button.text().endswith("(diverged)")


def test_that_no_legend_speaks_of_an_arrow_that_is_hidden(open_window: WindowOpener) -> None:
    for name, kind in (("learning-rate", "cost_curve"), ("two-parameters", "contour")):
        window = open_window(name)
        note = window.panels.panel(kind).note
        assert "next move" in note.text()
        window.cues.questions.ask(next(i for i, c in enumerate(lesson(name).cue) if "move" in c.hides))
        assert "next move" not in note.text()


def test_that_the_network_does_not_say_how_large_hidden_weights_are(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    note = window.panels.panel("network").note
    assert "widest at 5" in note.text()
    window.session.concealed.conceal({"weights"})
    assert "widest at ?" in note.text()


LECTURERS = """schema = 1
problem.kind = "line"
[run]
max_steps = 3
initial_weights = [0.0, 0.0]
[view]
panels = ["contour", "weights_table", "network"]
code = true
[[cue]]
prompt = "Where does it go?"
choices = ["here", "there"]
answer = 1
hides = ["weights", "cost", "gradient", "move", "condition", "limit"]
reveal = "To w = {w}."
"""


def test_that_a_file_of_ones_own_hides_what_it_says(
    open_window: WindowOpener, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "mine.toml").write_text(LECTURERS, encoding="utf-8")
    window = open_window("learning-rate")
    window.open(str(tmp_path / "mine.toml"))
    window.cues.forward()
    drawn(window, qtbot)
    for panel in window.panels.shown:
        assert not re.search(r"= [(−]?\d", panel.note.text())
    assert UNKNOWN in page_texts(window)
    numbers = [text for text in page_texts(window) if re.search(r"9\.33|46\.1|0\.18", text)]
    assert not numbers
    window.session.player.step_phase()
    window.session.player.step_phase()
    window.session.player.step_phase()
    qtbot.waitUntil(lambda: "cost = ?" in window.code.text.toPlainText())


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("θ = −0.933333", "θ = ?"),
        ("∇J = (−9.33333, 1.2×10⁻⁷)", "∇J = (?, ?)"),
        (
            '<span style="color:#123456">● training 1,000.5</span>',
            '<span style="color:#123456">● training ?</span>',
        ),
        ("w1 = [1, 2] &nbsp; 10× as long", "w1 = [?, ?] &nbsp; 10× as long"),
        ("J = ∞", "J = ?"),
    ],
)
def test_that_numbers_are_replaced_and_names_stay(text: str, hidden: str) -> None:
    assert without_numbers(text) == hidden
