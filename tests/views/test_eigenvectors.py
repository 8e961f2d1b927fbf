"""Eigenvectors on the contour, and the distance split along them: places, factors, and what hides them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from gdstudio.views.panels.contour import Contour
from gdstudio.views.panels.error_split import ErrorSplit

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.plotting.eigen_lines import EigenLines
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window

LABELS = ["1 − αλ = −0.109294", "1 − αλ = 0.975961"]


def lines_of(window: MainWindow) -> EigenLines:
    panel = window.panels.panel("contour")
    assert isinstance(panel, Contour)
    return panel.eigen_lines


def shown(window: MainWindow, qtbot: QtBot) -> EigenLines:
    lines = lines_of(window)
    lines.box.click()
    qtbot.waitUntil(lambda: bool(lines._labels.words))
    return lines


def test_that_the_box_draws_each_eigenvector_through_the_minimum_with_its_factor(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    lines = lines_of(window)
    assert lines.box.isVisible()
    assert not lines._labels.words
    shown(window, qtbot)
    assert window.session.experiment.view.eigenvectors
    assert lines._labels.words == LABELS
    problem = window.session.run.problem
    assert problem is not None
    hessian = problem.hessian_at(np.zeros(2))
    for line, curvature in zip(lines._lines, np.linalg.eigvalsh(hessian)[::-1], strict=True):
        ends = np.array(line.getData()).T
        along = ends[1] - ends[0]
        np.testing.assert_allclose(hessian @ along, curvature * along, rtol=1e-9)
        off = np.array([1.0, 0.0]) - ends[0]  # the minimum is on the line
        assert abs(off[0] * along[1] - off[1] * along[0]) < 1e-9


def test_that_factors_follow_the_learning_rate_and_the_box_the_file(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    lines = shown(window, qtbot)
    window.session.edit({"run.learning_rate": 0.05})
    qtbot.waitUntil(lambda: lines._labels.words == ["1 − αλ = 0.445353", "1 − αλ = 0.98798"])
    window.session.edit({"view.eigenvectors": False})
    qtbot.waitUntil(lambda: not lines._labels.words)
    assert not lines.box.isChecked()


def test_that_there_is_no_box_where_steps_are_others(open_window: WindowOpener) -> None:
    window = open_window("two-parameters")
    own = window.session.experiment
    others: tuple[dict[str, object], ...] = (
        {"run.optimizer": {"kind": "adam"}},
        {"run.batch_size": 1},
        {"run.mistake": "no_zero_grad"},
    )
    for changes in others:
        window.session.load(own.edited({"view.eigenvectors": True}))
        assert lines_of(window).box.isVisible(), changes
        assert window.session.edit(changes)
        assert not lines_of(window).box.isVisible(), changes
        assert not lines_of(window)._labels.words, changes


def test_that_a_question_about_the_limit_hides_lines_and_factors(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    window.session.edit({"view.panels": ("contour", "error_split")})
    lines = shown(window, qtbot)
    split = window.panels.panel("error_split")
    assert "1 − αλ = −0.109294" in split.note.text()
    for quantity in ("limit", "condition", "move"):
        window.session.concealed.conceal([quantity])
        qtbot.waitUntil(lambda: not lines._labels.words)
        assert "1 − αλ = ?" in split.note.text()
        assert "11.09" not in split.note.text()
    window.session.concealed.conceal([])
    qtbot.waitUntil(lambda: lines._labels.words == LABELS)


def test_that_the_split_distances_are_straight_lines_of_the_known_slopes(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    window.session.edit({"view.panels": ("error_split",), "view.steps_per_second": None})
    panel = window.panels.panel("error_split")
    assert isinstance(panel, ErrorSplit)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda s: s.step == 12):
        window.session.player.step(12)
    for curve, factor in zip(panel._curves[:2], (0.1092940, 0.9759607), strict=True):
        steps, exponents = curve.getData()
        assert list(steps) == list(range(13))
        np.testing.assert_allclose(np.diff(exponents), np.log10(factor), atol=1e-4)
    assert panel._curves[2].getData()[0] is None or not len(panel._curves[2].getData()[0])


def test_that_without_plain_steps_no_factor_is_told(open_window: WindowOpener) -> None:
    window = open_window("two-parameters")
    window.session.edit({"view.panels": ("error_split",), "run.optimizer": {"kind": "adam"}})
    note = window.panels.panel("error_split").note
    assert "λ = 11.09" in note.text()
    assert "1 − αλ" not in note.text()


@pytest.mark.one_window(False)
def test_that_the_split_is_offered_where_axes_are_known(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    assert window.session.run.problem is not None
    assert not ErrorSplit.offered(window.session.run.problem)
    assert window.findChild(QWidget, "eigenvectors") is None
