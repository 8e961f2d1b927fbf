"""What was seen is asked after the run, while the pictures show the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gdstudio.lessons.kinds.saw import Saw
from gdstudio.views.panels.contour import Contour
from gdstudio.views.window.answers.saw import SawForm
from gdstudio.views.window.questions import Stage
from tests.views.answer_hands import ask, until

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


def test_that_what_was_seen_is_asked_after_the_run_while_the_pictures_show_the_start(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    ask(window, "saw")
    cue, strip = window.cues.cue, window.cues
    assert isinstance(cue, Saw)
    assert isinstance(strip.form, SawForm)
    assert strip.text.text() == cue.watch
    assert strip.said.text() == "Watch closely: the question comes after the run."
    assert not any(button.isVisible() for button in strip.form.buttons)
    strip.predict(1)
    assert strip.questions.given is None, "there is nothing to choose yet"
    strip.forward()
    until(window, qtbot, Stage.LOOK)
    assert strip.text.text() == cue.prompt
    assert strip.said.text() == "The pictures are back at the start. Choose what you saw, or go on without."
    assert [button.text() for button in strip.form.buttons if button.isVisible()] == list(cue.choices)
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    contour = window.panels.panel("contour")
    assert isinstance(contour, Contour)
    assert len(contour._trail.line.getData()[0]) == 1
    strip.predict(0)
    assert strip.questions.stage is Stage.REVEAL
    assert strip.said.text().startswith("Not as you saw it. The first step takes b from 0 to 0.4")
    assert [b.property("mark") for b in strip.form.buttons[:3]] == ["wrong", "right", ""]
    assert strip.form.buttons[0].text() == "✗ it stayed near 0 (seen)"
    qtbot.waitUntil(lambda: len(contour._trail.line.getData()[0]) == 21)


@pytest.mark.parametrize("way", ["forward", "back", "reset", "edit"])
@pytest.mark.one_window(False)
def test_that_the_look_back_is_left_in_every_way(open_window: WindowOpener, qtbot: QtBot, way: str) -> None:
    window = open_window("two-parameters")
    ask(window, "saw")
    window.cues.forward()
    until(window, qtbot, Stage.LOOK)
    questions = window.cues.questions
    if way == "forward":
        window.cues.forward()
        assert questions.stage is Stage.REVEAL
        assert questions.revealed.startswith("The first step")
        assert questions.sitting.answers == []
    elif way == "back":
        window.cues.back()
        assert questions.stage is Stage.ASK
    elif way == "reset":
        window.transport.reset.click()
        assert questions.stage is Stage.ASK
    else:
        window.session.edit({"run.learning_rate": 0.05})
        assert questions.stage is Stage.ASIDE
    assert window.session.run.preview.shown is None
