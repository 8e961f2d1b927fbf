"""The dialogs: endings, what is there already, and the folder of last time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from gdstudio.views.window.files import with_ending

if TYPE_CHECKING:
    from tests.views.conftest import WindowOpener


class Dialogs:
    """Answers for the user, and keeps what was proposed and asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.name, self.kind, self.replace = "", 0, QMessageBox.StandardButton.No
        self.proposed: list[str] = []
        self.asked: list[str] = []
        monkeypatch.setattr(QFileDialog, "getSaveFileName", self._choose)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", self._choose)
        monkeypatch.setattr(QMessageBox, "question", self._answer)

    def _choose(self, _: object, __: str, place: str, kinds: str) -> tuple[str, str]:
        self.proposed.append(place)
        return self.name, kinds.split(";;")[self.kind]

    def _answer(self, _: object, __: str, question: str, *___: object) -> QMessageBox.StandardButton:
        self.asked.append(question)
        return self.replace


@pytest.fixture
def dialogs(monkeypatch: pytest.MonkeyPatch) -> Dialogs:
    return Dialogs(monkeypatch)


def test_that_an_ending_is_added_where_there_is_none_that_is_known() -> None:
    assert with_ending("mine", {".toml"}, ".toml") == "mine.toml"
    assert with_ending("v1.2", {".toml"}, ".toml") == "v1.2.toml"
    assert with_ending("Mine.TOML", {".toml"}, ".toml") == "Mine.TOML"
    assert with_ending("v1.2", {".py", ".ipynb"}, ".ipynb") == "v1.2.ipynb"


def test_that_a_saved_file_is_one_that_open_shows(
    open_window: WindowOpener, dialogs: Dialogs, tmp_path: Path
) -> None:
    window = open_window(wait=False)
    dialogs.name = str(tmp_path / "mine")
    window.files.choose_place()
    assert [path.name for path in tmp_path.glob("mine*")] == ["mine.toml"]
    assert "mine.toml" in window.banner.text
    assert dialogs.asked == []


@pytest.mark.parametrize("replace", [False, True])
def test_that_a_file_with_the_ending_is_replaced_only_after_a_question(
    open_window: WindowOpener, dialogs: Dialogs, tmp_path: Path, replace: bool
) -> None:
    window = open_window(wait=False)
    there = [tmp_path / "mine.toml", tmp_path / "mine.ipynb"]
    for path in there:
        path.write_text("precious", encoding="utf-8")
    buttons = QMessageBox.StandardButton
    dialogs.name, dialogs.kind = str(tmp_path / "mine"), 0
    dialogs.replace = buttons.Yes if replace else buttons.No
    window.files.choose_place()
    dialogs.kind = 1
    window.files.choose_export()
    assert dialogs.asked == [f"{path.name} is there already. Replace it?" for path in there]
    assert [path.read_text(encoding="utf-8") == "precious" for path in there] == [not replace] * 2
    assert ("Nothing was written" in window.banner.text) is not replace


def test_that_a_name_seen_by_the_dialog_is_not_asked_about_again(
    open_window: WindowOpener, dialogs: Dialogs, tmp_path: Path
) -> None:
    window = open_window(wait=False)
    (tmp_path / "mine.toml").write_text("old", encoding="utf-8")
    dialogs.name = str(tmp_path / "mine.toml")
    window.files.choose_place()
    assert dialogs.asked == []
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") != "old"


def test_that_the_folder_of_last_time_is_proposed_also_by_another_window(
    open_window: WindowOpener, dialogs: Dialogs, tmp_path: Path
) -> None:
    window = open_window(wait=False)
    (tmp_path / "course").mkdir()
    dialogs.name = str(tmp_path / "course" / "mine.toml")
    window.files.choose_place()
    open_window.discard(window)
    window = open_window(wait=False)
    window.files.choose_file()
    window.files.choose_export()
    assert Path(dialogs.proposed[1]) == tmp_path / "course"
    assert Path(dialogs.proposed[2]).parent == tmp_path / "course"


def test_that_a_folder_that_is_gone_is_not_proposed(
    open_window: WindowOpener, dialogs: Dialogs, tmp_path: Path
) -> None:
    window = open_window(wait=False)
    window._settings.setValue("folder", str(tmp_path / "gone"))
    window.files.choose_place()
    assert dialogs.proposed == [f"{window.files.name}.toml"]
