"""Which key does what in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot

from gdstudio.lessons.choices import MAX_CHOICES
from gdstudio.lessons.library import lesson_ids
from gdstudio.views.window.cue_strip import ChoiceKey
from gdstudio.views.window.shortcuts import Key, Shortcuts

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from gdstudio.views.window.parts import WindowCommands, WindowParts

_DIGITS = 10
"""So many lessons have a key, the tenth of them 0."""


class WindowKeys(QObject):
    """The table of a window's keys, and the commands that only keys give.

    Parameters
    ----------
    window
        The widget that takes the keys, and that goes to full screen.
    """

    def __init__(self, window: QWidget, parts: WindowParts, commands: WindowCommands) -> None:
        super().__init__(window)
        self._window, self._parts, self._commands = window, parts, commands
        self._table = self.table()
        Shortcuts(window, self._table)

    def table(self) -> list[Key]:
        """Return every key with its command."""
        parts, commands, transport = self._parts, self._commands, self._parts.transport
        return [
            Key(("Space",), "Play or pause", transport.play.click),
            Key(("Right",), "One step", transport.step.click),
            Key(("N",), "One phase of a step", transport.step_phase.click),
            Key(("Left",), "One step back", transport.step_back.click),
            Key(("Shift+Right",), "Ten steps, or one epoch", self._leap),
            Key(("R",), "Reset with the same seed", transport.reset.click),
            Key(("Shift+R",), "Reset with a new seed", transport.reseed.click),
            Key(("P",), "Pin the run", transport.pin.click),
            Key(("[",), "Learning rate one notch down", self._learning_rate_down),
            Key(("]",), "Learning rate one notch up", self._learning_rate_up),
            Key(("-",), "Slower", self._slower),
            Key(("=",), "Faster", self._faster),
            Key(("PgDown",), "Next: predict, run, reveal", parts.cues.forward),
            Key(("PgUp",), "The question before", parts.cues.back),
            Key(("Ctrl+Z",), "Take the last change of a setting or a point back", parts.session.undo.undo),
            Key(("Ctrl+Shift+Z", "Ctrl+Y"), "Make it again", parts.session.undo.redo),
            Key(("Ctrl+O",), "Open a file", commands.choose_file),
            Key(("Ctrl+D",), "Open a table of your own", commands.choose_table),
            Key(("Ctrl+V",), "Paste a table", commands.paste_table),
            Key(("Ctrl+S",), "Save the experiment", commands.choose_place),
            Key(("Ctrl+Shift+S",), "Save the answers to the questions", parts.cues.ask_to_save),
            Key(("Ctrl+E",), "Export a script or notebook", commands.choose_export),
            Key(("F",), "Formula line on or off", parts.banner.toggle_formula),
            Key(("C",), "Show the code, or fold it away", parts.code.toggle),
            Key(("T",), "Light or dark", commands.toggle_theme),
            Key(("Ctrl++", "Ctrl+="), "Larger", self._larger),
            Key(("Ctrl+-",), "Smaller", self._smaller),
            Key(("Ctrl+0",), "As large as at first", self._usual_size),
            Key(("F11",), "Full screen", self._toggle_full_screen),
            Key(("?", "F1"), "These keys and controls", self.toggle_help),
            *self._lessons(),
            *self._predictions(),
        ]

    def _lessons(self) -> list[Key]:
        return [
            Key((str(i % _DIGITS),), f"Lesson {i}", _LessonOpener(self, self._commands.open, name).open)
            for i, name in enumerate(lesson_ids()[:_DIGITS], 1)
        ]

    def _predictions(self) -> list[Key]:
        return [
            Key((f"Alt+{i + 1}",), f"Predict answer {i + 1}", ChoiceKey(self._parts.cues, i).pick)
            for i in range(MAX_CHOICES)
        ]

    @Slot()
    def toggle_help(self) -> None:
        """Show the help, or close it."""
        page = self._parts.help
        if page.isVisible():
            page.close_page()
            return
        controls = self._parts.sidebar.form.controls.values()
        page.tell(self._table, [control.parameter for control in controls])
        page.open_page()

    @Slot()
    def _leap(self) -> None:
        experiment = self._parts.session.experiment
        self._parts.session.player.step(10 if experiment.is_full_batch else experiment.steps_per_epoch)

    @Slot()
    def _learning_rate_down(self) -> None:
        self._parts.sidebar.form.notch("learning_rate", -1)

    @Slot()
    def _learning_rate_up(self) -> None:
        self._parts.sidebar.form.notch("learning_rate", 1)

    @Slot()
    def _slower(self) -> None:
        self._parts.transport.faster(-1)

    @Slot()
    def _faster(self) -> None:
        self._parts.transport.faster(1)

    @Slot()
    def _larger(self) -> None:
        self._parts.appearance.zoom(1.1)

    @Slot()
    def _smaller(self) -> None:
        self._parts.appearance.zoom(1 / 1.1)

    @Slot()
    def _usual_size(self) -> None:
        self._parts.appearance.set_zoom(1.0)

    @Slot()
    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)


class _LessonOpener(QObject):
    """Opens one lesson; a QObject that belongs to the keys, because Qt would not keep a plain function."""

    def __init__(self, keys: WindowKeys, open_lesson: Callable[[str], None], name: str) -> None:
        super().__init__(keys)
        self._open_lesson, self._name = open_lesson, name

    @Slot()
    def open(self) -> None:
        self._open_lesson(self._name)
