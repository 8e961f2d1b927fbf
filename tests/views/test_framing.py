"""What is seen of a plot: it rests under the hand, zooms by the wheel and fits again."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.views.conftest import WindowOpener

LEFT = Qt.MouseButton.LeftButton


def at(panel: Any, x: float, y: float) -> QPoint:
    place: QPoint = panel.view.mapFromScene(panel._box.mapViewToScene(QPointF(x, y)))
    return place


def turn_wheel(panel: Any, x: float, y: float, notches: int = 1) -> None:
    place, viewport = QPointF(at(panel, x, y)), panel.view.viewport()
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    everywhere = viewport.mapToGlobal(place)
    event = QWheelEvent(place, everywhere, QPoint(), QPoint(0, 120 * notches), *none, False)
    QApplication.sendEvent(viewport, event)


def ranges(panel: Any) -> np.ndarray:
    return np.array(panel.view.viewRange())


def hold(monkeypatch: pytest.MonkeyPatch, button: Qt.MouseButton) -> None:
    monkeypatch.setattr(QGuiApplication, "mouseButtons", staticmethod(lambda: button))


@pytest.mark.parametrize(
    ("lesson", "kind", "far"),
    [("learning-rate", "cost_curve", (5.9,)), ("two-parameters", "contour", (9.0, 4.0))],
)
def test_that_ranges_rest_while_the_start_is_dragged_and_fit_on_release(
    open_window: WindowOpener,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    lesson: str,
    kind: str,
    far: tuple[float, ...],
) -> None:
    window = open_window(lesson)
    panel: Any = window.panels.panel(kind)
    before = panel._reach.half
    hold(monkeypatch, LEFT)
    panel._start.drag(*far, *[0.0] * (2 - len(far)))
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    assert window.session.experiment.run.initial_weights == far
    assert panel._reach.half == before
    hold(monkeypatch, Qt.MouseButton.NoButton)
    qtbot.waitUntil(lambda: ranges(panel)[0, 1] > far[0])


def test_that_a_click_never_zooms(open_window: WindowOpener) -> None:
    window = open_window("two-parameters")
    panel: Any = window.panels.panel("contour")
    for place, view in product(((-2.2, 1.2), (0.9, 0.1), (3.8, -1.2)), ("near", "wide")):
        window.session.edit({"run.initial_weights": (0.0, 0.0) if view == "near" else (40.0, 0.0)})
        before = panel._reach.half
        left, right = ranges(panel)[0]
        x = float(np.clip(place[0], left + 0.05 * (right - left), right - 0.05 * (right - left)))
        QTest.mouseClick(panel.view.viewport(), LEFT, pos=at(panel, x, place[1]))
        assert panel._reach.half == before
        assert np.ptp(ranges(panel)[1]) == pytest.approx(2 * before, rel=1e-6)
        placed = window.session.experiment.run.initial_weights
        assert placed is not None
        assert placed[0] == pytest.approx(x, abs=0.05 * (right - left))


@pytest.mark.parametrize(
    ("lesson", "kind", "place"),
    [
        ("learning-rate", "cost_curve", (0.5, 5.0)),
        ("learning-rate", "data_plot", (2.0, 1.5)),
        ("learning-rate", "cost_history", (30.0, 0.4)),
        ("two-parameters", "contour", (0.5, 0.3)),
        ("mini-batches", "epoch_loss", (1.5, 1.5)),
    ],
)
def test_that_the_wheel_zooms_around_the_pointer_until_fit_or_another_lesson(
    open_window: WindowOpener, qtbot: QtBot, lesson: str, kind: str, place: tuple[float, float]
) -> None:
    window = open_window(lesson)
    panel: Any = window.panels.panel(kind)
    fitted = ranges(panel)
    assert not panel.framing.button.isVisible()
    pointer = at(panel, *place)
    turn_wheel(panel, *place, notches=2)
    zoomed = ranges(panel)
    np.testing.assert_allclose(np.ptp(zoomed, axis=1), np.ptp(fitted, axis=1) / 1.25**2, rtol=0.01)
    assert (at(panel, *place) - pointer).manhattanLength() <= 2
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 3):
        window.session.player.step(3)
    window.session.player.reset()
    np.testing.assert_array_equal(ranges(panel), zoomed)
    assert panel.framing.button.isVisible()
    panel.framing.button.click()
    np.testing.assert_allclose(ranges(panel), fitted, rtol=1e-9, atol=1e-12)
    assert not panel.framing.button.isVisible()
    turn_wheel(panel, *place, notches=-1)
    window.open("pytorch-loop" if lesson != "pytorch-loop" else "learning-rate")
    window.open(lesson)
    qtbot.waitUntil(lambda: np.allclose(ranges(panel), fitted, rtol=1e-9, atol=1e-12))


def test_that_a_double_click_fits_and_leaves_the_start_where_it_was(open_window: WindowOpener) -> None:
    window = open_window("two-parameters")
    panel: Any = window.panels.panel("contour")
    fitted = ranges(panel)
    turn_wheel(panel, 0.5, 0.3, notches=3)
    viewport, place = panel.view.viewport(), at(panel, 0.6, 0.2)
    QTest.mouseClick(viewport, LEFT, pos=place)
    QTest.mouseDClick(viewport, LEFT, pos=place)
    QTest.mouseRelease(viewport, LEFT, pos=place)
    assert window.session.experiment.run.initial_weights == (0.0, 0.0)
    np.testing.assert_allclose(ranges(panel)[1], fitted[1], rtol=1e-9)
    assert not panel.framing.button.isVisible()


def test_that_a_map_zoomed_by_hand_is_drawn_where_it_is_seen(open_window: WindowOpener) -> None:
    window = open_window("two-parameters")
    panel: Any = window.panels.panel("contour")
    for notches in (12, -30):
        turn_wheel(panel, 0.5, 0.3, notches=notches)
        (left, right), (low, high) = panel.view.viewRange()
        drawn = panel._map.image.mapRectToParent(panel._map.image.boundingRect())
        assert drawn.left() <= left < right <= drawn.right()
        assert drawn.top() <= low < high <= drawn.bottom()
        assert drawn.width() < 3 * (right - left)
