"""A new panel is one new file, here in a temporary folder; no other line of the studio knows it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

import gdstudio.views.panels
from gdstudio.core.errors import InputError
from gdstudio.core.panels import panel_names
from gdstudio.lessons.library import lesson
from gdstudio.views.panels import panel_type
from gdstudio.views.plotting.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.views.conftest import WindowOpener

STEP_COUNT = '''
"""The number of the step, in large type."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QLabel
from typing_extensions import override

from gdstudio.views.plotting.panel import Panel

if TYPE_CHECKING:
    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session


class StepCount(Panel):
    kind: ClassVar[str] = "step_count"
    title: ClassVar[str] = "Steps made"
    short_title: ClassVar[str] = "Steps"

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.text = QLabel()
        self.body(self.text)

    @override
    def draw(self, snapshot: Snapshot) -> None:
        self.text.setText(f"step {snapshot.step}")
'''


@pytest.fixture
def panel_folder(tmp_path: Path) -> Iterator[Path]:
    """Return a folder that belongs to the package of the panels until the test ends."""
    folder = tmp_path / "more_panels"
    folder.mkdir()
    before = set(sys.modules)
    gdstudio.views.panels.__path__.append(str(folder))
    yield folder
    gdstudio.views.panels.__path__.remove(str(folder))
    for name in set(sys.modules) - before:
        if name.startswith("gdstudio.views.panels."):
            del sys.modules[name]


def test_that_a_panel_in_a_new_file_is_shown(
    open_window: WindowOpener, qtbot: QtBot, panel_folder: Path
) -> None:
    (panel_folder / "step_count.py").write_text(STEP_COUNT, encoding="utf-8")
    window = open_window()
    window.appearance.set_zoom(1.6)
    names = ("data_plot", "step_count", "cost_history")
    assert window.session.edit({"view.panels": names})
    assert [panel.kind for panel in window.panels.shown] == list(names)
    panel = window.panels.panel("step_count")
    assert panel.isVisible()
    assert panel.objectName() == "step_count"
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 3):
        window.session.player.step(3)
    assert "step 3" in {label.text() for label in panel.findChildren(QLabel)}
    assert [window.panels.tabs.tabText(i) for i in range(2)] == ["Steps", "Cost"]


def test_that_a_new_panel_is_named_among_the_choices(panel_folder: Path) -> None:
    (panel_folder / "step_count.py").write_text(STEP_COUNT, encoding="utf-8")
    assert panel_names()[-1] == "step_count"
    experiment = lesson("learning-rate").experiment
    with pytest.raises(InputError, match=r"view\.panels\[0\]: 'pie' is not .* or 'step_count'$"):
        experiment.edited({"view.panels": ("pie",)})


def test_that_a_file_without_its_panel_is_refused_with_what_is_missing(panel_folder: Path) -> None:
    (panel_folder / "empty.py").write_text(
        "from gdstudio.views.plotting.panel import Panel", encoding="utf-8"
    )
    with pytest.raises(TypeError, match=r'panels\.empty: give it one subclass of Panel with kind = "empty"'):
        panel_type("empty")


def test_that_every_panel_says_what_its_tab_and_its_place_need() -> None:
    for name in panel_names():
        panel = panel_type(name)
        assert issubclass(panel, Panel)
        assert panel.title
        assert 0 < len(panel.short_title) <= 8
        assert panel.height_share > 0
