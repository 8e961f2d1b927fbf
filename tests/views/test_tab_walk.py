"""The Tab key through every lesson: in reading order, past every control, each with a name and a ring."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QComboBox, QLineEdit, QWidget

from gdstudio.lessons.library import lesson_ids
from tests.views.hands import Hands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdstudio.core.typing import Floats
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window

MOUSE_ONLY = {"close_banner", "qt_spinbox_lineedit"}


def walk(hands: Hands, key: Qt.Key = Qt.Key.Key_Tab) -> Iterator[QWidget]:
    """Press Tab from the start until it comes round."""
    hands.window.setFocus()
    first: QWidget | None = None
    for _ in range(100):
        hands.key(key)
        now = hands.focus
        assert now is not None
        if now is first:
            return
        first = first or now
        yield now
    pytest.fail("Tab does not come round")


def region_of(window: MainWindow, widget: QWidget) -> int:
    regions = window.reading_order()
    return next(i for i, region in enumerate(regions) if region is widget or region.isAncestorOf(widget))


def controls(window: MainWindow) -> list[QWidget]:
    """Return what can be used on screen, of every kind that takes keys."""
    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit)
    found = [w for kind in kinds for w in window.findChildren(kind)]
    usable = [w for w in found if w.isVisible() and w.isEnabled() and w.objectName() not in MOUSE_ONLY]
    return [w for w in usable if not w.objectName().startswith("qt_") and not w.inherits("QScrollBar")]


@pytest.mark.parametrize("name", lesson_ids())
@pytest.mark.parametrize("size", [(1280, 720), pytest.param((1920, 1080), marks=pytest.mark.slow)])
def test_that_tab_reaches_every_control_in_reading_order_by_its_name(
    open_window: WindowOpener, name: str, size: tuple[int, int]
) -> None:
    window = open_window.at(name, size)
    QApplication.processEvents()
    hands = Hands(window)
    met = list(walk(hands))
    assert [w.objectName() for w in controls(window) if w not in met] == []
    assert [type(w).__name__ for w in met if not w.accessibleName()] == []
    regions = [region_of(window, stop) for stop in met]
    assert regions == sorted(regions)
    assert (met[0].objectName(), met[-1].objectName()) == ("lessons", "help_button")
    form = [w for w in met if window.sidebar.form.isAncestorOf(w)]
    heights = [w.mapTo(window.sidebar.form, w.rect().center()).y() for w in form]
    assert all(after > before - 20 for before, after in pairwise(heights))
    assert list(walk(hands, Qt.Key.Key_Backtab)) == met[::-1]


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_that_tab_scrolls_the_sidebar_to_what_it_reaches(open_window: WindowOpener, key: Qt.Key) -> None:
    window = open_window.at("pytorch-loop", (1024, 640))
    QApplication.processEvents()
    for stop in walk(Hands(window), key):
        if window.sidebar.isAncestorOf(stop):
            middle = stop.mapTo(window, stop.rect().center())
            assert window.rect().contains(middle), stop.objectName()


def test_that_controls_of_another_lesson_and_an_optimizer_stand_in_order(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    window.open("pytorch-loop")
    window.session.edit({"run.optimizer": {"kind": "adam"}})
    names = [stop.objectName() for stop in walk(Hands(window))]
    assert names.index("learning_rate_entry") < names.index("noise_entry") < names.index("timeline")
    if "optimizer_choice" in names:
        assert names.index("optimizer_choice") < names.index("beta1_entry") < names.index("beta2_entry")


def test_that_tab_stays_in_the_help_while_it_is_open(open_window: WindowOpener) -> None:
    window = open_window()
    hands = Hands(window)
    hands.key(Qt.Key.Key_F1)
    hands.key(Qt.Key.Key_Tab)
    assert window.help.isAncestorOf(hands.focus or window)
    hands.click(window.transport.status)
    hands.key(Qt.Key.Key_Escape)
    assert not window.help.isVisible()


def test_that_a_control_that_goes_leaves_the_keys_to_the_one_after_it(open_window: WindowOpener) -> None:
    window = open_window()
    stops = list(walk(Hands(window)))
    reset = window.transport.reset
    reset.setFocus(Qt.FocusReason.TabFocusReason)
    reset.setEnabled(False)
    assert QApplication.focusWidget() is stops[stops.index(reset) + 1]


def luminance(image: QImage) -> Floats:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    light = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3) / 255
    linear = np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)
    weighted: Floats = linear @ np.array([0.2126, 0.7152, 0.0722])
    return weighted


def looks(window: MainWindow, widget: QWidget) -> Floats:
    place = QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())
    return luminance(window.grab(place).toImage())


@pytest.mark.parametrize("theme", [pytest.param("light", marks=pytest.mark.slow), "dark"])
def test_that_what_has_the_keys_has_a_ring_of_three_to_one(open_window: WindowOpener, theme: str) -> None:
    for name in ("learning-rate", "pytorch-loop"):
        window = open_window(name)
        window.appearance.set_theme(theme)
        hands = Hands(window)
        for stop in walk(hands):
            QApplication.processEvents()  # what is below is scrolled to
            focused = looks(window, stop)
            window.setFocus()
            plain = looks(window, stop)
            stop.setFocus(Qt.FocusReason.TabFocusReason)
            ratio = (np.maximum(focused, plain) + 0.05) / (np.minimum(focused, plain) + 0.05)
            assert (ratio >= 3).sum() >= stop.width() / 2 + stop.height(), stop.objectName()
        open_window.discard(window)
