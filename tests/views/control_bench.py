"""A form of controls with its session, and hands to use it with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QSlider

from gdstudio.views.controls.form import ControlForm
from gdstudio.views.controls.number_control import NumberControl
from gdstudio.views.controls.optimizer_control import OptimizerControl
from gdstudio.views.widgets.theme import Appearance
from gdstudio.worker.session import Session

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.lessons.lesson import Lesson


class Bench:
    """A form, its session, and hands to use it with."""

    def __init__(self, qtbot: QtBot, shown: Lesson) -> None:
        self.qtbot = qtbot
        self.lesson = shown
        self.session = Session(shown.experiment)
        self.form = ControlForm(self.session, Appearance())
        qtbot.addWidget(self.form)
        self.form.show_lesson(shown)
        self.form.show()

    @property
    def run(self) -> Any:
        return self.session.experiment.run

    def number(self, name: str) -> NumberControl:
        control = self.form.controls[name]
        assert isinstance(control, NumberControl)
        return control

    def optimizer(self) -> OptimizerControl:
        control = self.form.controls["optimizer"]
        assert isinstance(control, OptimizerControl)
        return control

    def entry(self, name: str) -> QLineEdit:
        found = self.form.findChild(QLineEdit, f"{name}_entry")
        assert isinstance(found, QLineEdit)
        return found

    def slider(self, name: str) -> QSlider:
        found = self.form.findChild(QSlider, f"{name}_slider")
        assert isinstance(found, QSlider)
        return found

    def error(self, name: str) -> str:
        found = self.form.findChild(QLabel, f"{name}_error")
        return found.text() if isinstance(found, QLabel) and not found.isHidden() else ""

    def type(self, name: str, text: str) -> None:
        entry = self.entry(name)
        entry.selectAll()
        entry.insert(text)
        QTest.keyClick(entry, Qt.Key.Key_Return)

    def show(self, shown: Lesson) -> None:
        self.session.load(shown.experiment)
        self.form.show_lesson(shown)
