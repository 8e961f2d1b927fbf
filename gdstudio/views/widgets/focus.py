"""Who has the keys: the run, unless a text is being written or the Tab key has led to a control."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from typing_extensions import override

_TEXTS = QLineEdit | QTextEdit | QPlainTextEdit | QLabel


def give_keys_back(widget: QWidget) -> None:
    """Give the keys to the window of a widget, whose shortcuts command the run."""
    widget.window().setFocus(Qt.FocusReason.OtherFocusReason)


class FocusKeeper(QObject):
    """Lets a click focus texts alone, and gives the keys back at a click beside the focused widget.

    A widget that the Tab key has led to keeps its keys, such as a slider its arrows, until Tab, Esc or a
    click leads elsewhere. Texts are lines and pages to write or select in.

    Parameters
    ----------
    window
        Has the focus while the keys belong to the run.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._app = QApplication.instance()
        if isinstance(self._app, QApplication):
            self._app.focusChanged.connect(self._on_focus_changed)

    def tame(self) -> None:
        """Take the focus by click from every widget of the window that is no text."""
        for widget in self._window.findChildren(QWidget):
            if _is_untamed(widget):
                tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
                widget.setFocusPolicy(Qt.FocusPolicy.TabFocus if tab else Qt.FocusPolicy.NoFocus)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        self._watch(on=False)
        if now is None or now is self._window or now.window() is not self._window:
            return
        if _is_untamed(now):  # it was made after the others
            self.tame()
            if QApplication.mouseButtons():
                give_keys_back(now)
                return
        self._watch(on=True)

    def _watch(self, *, on: bool) -> None:
        """See the clicks only while a part of the window has the focus, so that a run is not slowed."""
        if self._app is not None:
            (self._app.installEventFilter if on else self._app.removeEventFilter)(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.MouseButtonPress or not isinstance(watched, QWidget):
            return False
        focused = QApplication.focusWidget()
        if focused is not None and watched.window() is self._window and not _is_inside(watched, focused):
            give_keys_back(focused)
        return False


def _is_untamed(widget: QWidget) -> bool:
    by_click = bool(widget.focusPolicy() & Qt.FocusPolicy.ClickFocus)
    return by_click and widget.focusProxy() is None and not isinstance(widget, _TEXTS)


def _is_inside(widget: QWidget, focused: QWidget) -> bool:
    """Whether a click on a widget is one in the text that has the focus."""
    return isinstance(focused, _TEXTS) and (widget is focused or focused.isAncestorOf(widget))
