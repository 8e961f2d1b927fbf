"""Labels that are written in every frame, and do not have the page laid out for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from typing_extensions import override

from gdstudio.views.widgets.elided_label import ElidedLabel, NoteLabel
from gdstudio.views.widgets.steady_label import SteadyLabel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.views.conftest import WindowOpener

KINDS = [SteadyLabel, ElidedLabel, NoteLabel]


class LayoutCounter(QObject):
    """Counts how often its widget is asked for a new layout."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def in_a_row(label: QLabel, qtbot: QtBot) -> tuple[QWidget, LayoutCounter]:
    window = QWidget()
    page = QWidget(window)  # within a window, whose size hints the offscreen platform cannot take
    row = QHBoxLayout(page)
    row.addWidget(label)
    row.addWidget(QLabel("beside"), 1)
    page.resize(600, 60)
    qtbot.addWidget(window)
    window.resize(600, 60)
    window.show()
    qtbot.waitExposed(window)
    qtbot.wait(1)
    return window, LayoutCounter(page)


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_text_of_nearly_the_same_length_asks_for_no_layout(kind: type[QLabel], qtbot: QtBot) -> None:
    label = kind()
    label.setText("loss 0.1234")
    window, asked = in_a_row(label, qtbot)
    for text in ("loss 0.1233", "loss 0.12", "loss 0.1111"):
        label.setText(text)
        assert label.text() == text
        qtbot.wait(1)
    assert asked.count == 0
    assert window.isVisible()


@pytest.mark.parametrize("kind", [SteadyLabel, ElidedLabel])
def test_that_its_room_follows_a_text_of_another_length(kind: type[QLabel], qtbot: QtBot) -> None:
    label = kind()
    label.setText("loss 0.1234")
    window, asked = in_a_row(label, qtbot)
    label.setText("loss 0.123456789 and more")
    qtbot.waitUntil(lambda: asked.count > 0)
    assert label.width() >= label.fontMetrics().horizontalAdvance(label.text())
    wide = label.width()
    label.setText("loss")
    qtbot.waitUntil(lambda: label.width() < wide)
    assert window.isVisible()


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_screen_reader_is_told_the_words(kind: type[QLabel], qtbot: QtBot) -> None:
    label = kind()
    qtbot.addWidget(label)
    label.setText("J = 3")
    found = QAccessible.queryAccessibleInterface(label)
    assert found.text(QAccessible.Text.Name) == "J = 3"


@pytest.mark.parametrize(
    ("alignment", "left"),
    [(Qt.AlignmentFlag.AlignLeft, True), (Qt.AlignmentFlag.AlignRight, False)],
)
def test_that_rich_text_is_painted_in_its_colours_where_it_is_aligned(
    alignment: Qt.AlignmentFlag, left: bool, qtbot: QtBot
) -> None:
    label = SteadyLabel('<span style="color:#ff0000">███</span>')
    label.setStyleSheet("background: #ffffff")
    label.setAlignment(alignment | Qt.AlignmentFlag.AlignVCenter)
    label.resize(400, 40)
    qtbot.addWidget(label)
    image = label.grab().toImage()
    width = label.sizeHint().width()
    inside, outside = (width // 2, 400 - width // 2) if left else (400 - width // 2, width // 2)
    assert image.pixelColor(inside, 20) == QColor("#ff0000")
    assert image.pixelColor(outside, 20) == QColor("#ffffff")


def test_that_it_needs_the_room_that_a_plain_label_needs(qtbot: QtBot) -> None:
    text = 'J = 0.5 <span style="font-size:11px"> &nbsp;after epoch 3</span>'
    label, plain = SteadyLabel(text), QLabel(text)
    for each in (label, plain):
        qtbot.addWidget(each)
    assert abs(label.sizeHint().width() - plain.sizeHint().width()) <= 2
    assert abs(label.sizeHint().height() - plain.sizeHint().height()) <= 2
    label.setText("")
    assert label.sizeHint() == QSize(0, label.fontMetrics().height())


def test_that_frames_of_a_run_do_not_lay_the_page_out(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("pytorch-loop")
    window.session.edit({"view.steps_per_second": None, "run.max_epochs": 1_000_000})
    window.session.player.play()
    frames: list[object] = []
    window.clock.frame.connect(frames.append)
    qtbot.waitUntil(lambda: len(frames) >= 30)
    asked = LayoutCounter(window.panels)
    frames.clear()
    qtbot.waitUntil(lambda: len(frames) >= 30)
    assert asked.count < len(frames) / 4
