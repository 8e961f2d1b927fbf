"""Every kind of cue has its form, and the answers are saved where the user says."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from gdstudio.lessons.kinds import CUES
from gdstudio.views.window.answers import ANSWER_FORMS

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from tests.views.conftest import WindowOpener


def test_that_every_kind_of_cue_has_its_form() -> None:
    assert set(ANSWER_FORMS) == set(CUES)


def test_that_the_answers_are_saved_where_the_user_says(
    open_window: WindowOpener, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window("cost-and-slope")
    chosen = {"getSaveFileName": (str(tmp_path / "mine"), "")}
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: chosen["getSaveFileName"])
    window.cues.ask_to_save()
    assert window.banner.text.startswith("There are no answers to save yet")
    assert not window.cues.save.isVisible()
    window.cues.forward()
    window.cues.predict(1)
    assert not window.cues.save.isVisible(), "a question owns the page"
    window.cues.restore.click()
    assert window.cues.save.isVisible()
    QTest.keyClick(
        window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert window.banner.text == f"Saved 1 answer as {tmp_path / 'mine.csv'}."
    table = list(csv.DictReader((tmp_path / "mine.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["lesson"], row["question"], row["answer"], row["result"]) for row in table] == [
        ("cost-and-slope", "1", "negative, so left", "wrong")
    ]
    chosen["getSaveFileName"] = (str(tmp_path / "no" / "folder.csv"), "")
    window.cues.save.click()
    assert "folder.csv" in window.banner.text
    assert "Saved" not in window.banner.text
