"""Saving and exporting what is on screen, and the dialogs that ask for a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import counted
from gdstudio.core.settings.files import write_experiment
from gdstudio.core.tables.loading import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings

    from gdstudio.lessons.sitting import Sitting
    from gdstudio.views.window.banner import Banner
    from gdstudio.worker.session import Session

_ENDING = ".toml"
_TABLE_ENDING = ".csv"
_TABLES = "Tables (*.csv)"
_DATA = f"Tables ({' '.join(f'*{ending}' for ending in ENDINGS)});;All files (*)"
_FOLDER = "folder"
_FILES = "Experiments and lessons (*.toml)"
_SCRIPT_FOR_SEVERAL = "Python script for several processes, torchrun (*.py)"
_EXPORTS = {
    "Python script (*.py)": ".py",
    "Jupyter notebook (*.ipynb)": ".ipynb",
    _SCRIPT_FOR_SEVERAL: ".py",
}


class WindowFiles(QObject):
    """Writes the run on screen to files, and says in the banner what came of it.

    Parameters
    ----------
    window
        Over which the dialogs open.
    session, banner
        What is written, and where it is said.
    open_file
        Opens the file that was chosen.
    settings
        Where the folder of the last file is remembered.
    """

    def __init__(
        self,
        window: QWidget,
        session: Session,
        banner: Banner,
        open_file: Callable[[str], None],
        settings: QSettings,
    ) -> None:
        super().__init__(window)
        self.name = ""
        """The name that the dialogs propose, without an ending."""
        self._window, self._session, self._banner, self._open_file = window, session, banner, open_file
        self._settings = settings

    def save(self, name: str) -> None:
        """Write the experiment on screen to a file."""
        try:
            write_experiment(self._session.run.repeatable_experiment, Path(name))
        except InputError as error:
            self._banner.show_errors(error.problems)
        else:
            self._banner.show_text(f"Saved as {name}. Opened anywhere, it gives the same picture.")

    def export(self, name: str, *, distributed: bool = False) -> None:
        """Write a script or notebook of the run on screen.

        A ``distributed`` script can also be run by torchrun, as several processes.
        """
        from gdstudio.core.program.export import export  # the window opens without it

        try:
            run = self._session.run
            needs = export(run.first_experiment, Path(name), run.rate_changes, distributed=distributed)
        except InputError as error:
            self._banner.show_errors(error.problems)
        else:
            self._banner.show_text(f"Exported as {name}. With {needs} it ends at the same weights.")

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file to open."""
        title, folder = "Open an experiment or a lesson", self._in_folder("")
        name, _ = QFileDialog.getOpenFileName(self._window, title, folder, _FILES)
        if name:
            self._remember_folder(name)
            self._open_file(name)

    def choose_table(self) -> str:
        """Ask for a table to open; return its name, empty where there is none."""
        title, folder = "Open a table", self._in_folder("")
        name, _ = QFileDialog.getOpenFileName(self._window, title, folder, _DATA)
        if name:
            self._remember_folder(name)
        return name

    @Slot()
    def choose_place(self) -> None:
        """Ask where to save the experiment."""
        title, proposed = "Save the experiment", self._in_folder(f"{self.name}{_ENDING}")
        name, _ = QFileDialog.getSaveFileName(self._window, title, proposed, _FILES)
        place = with_ending(name, {_ENDING}, _ENDING)
        if name and self._may_write(name, place):
            self.save(place)

    @Slot()
    def choose_export(self) -> None:
        """Ask where to write the script or notebook, and which."""
        proposed, kinds = self._in_folder(self.name), ";;".join(_EXPORTS)
        name, chosen = QFileDialog.getSaveFileName(self._window, "Export the run", proposed, kinds)
        place = with_ending(name, set(_EXPORTS.values()), _EXPORTS.get(chosen, ".py"))
        if name and self._may_write(name, place):
            self.export(place, distributed=chosen == _SCRIPT_FOR_SEVERAL)

    @Slot(object)
    def choose_answers(self, sitting: Sitting) -> None:
        """Ask where to write the answers to the questions."""
        if not sitting.answers:
            self._banner.show_text("There are no answers to save yet; one is kept with each reveal.")
            return
        title, proposed = "Save the answers", self._in_folder(f"answers{_TABLE_ENDING}")
        name, _ = QFileDialog.getSaveFileName(self._window, title, proposed, _TABLES)
        place = with_ending(name, {_TABLE_ENDING}, _TABLE_ENDING)
        if name and self._may_write(name, place):
            self.save_answers(place, sitting)

    def save_answers(self, name: str, sitting: Sitting) -> None:
        """Write the answers to the questions to a file."""
        try:
            sitting.write(Path(name))
        except InputError as error:
            self._banner.show_errors(error.problems)
        else:
            self._banner.show_text(f"Saved {counted(len(sitting.answers), 'answer')} as {name}.")

    def _in_folder(self, file: str) -> str:
        """Return the place of a file in the folder used last, as long as that is there."""
        folder = Path(str(self._settings.value(_FOLDER, "")))
        return str(folder / file) if folder.is_absolute() and folder.is_dir() else file

    def _remember_folder(self, name: str) -> None:
        self._settings.setValue(_FOLDER, str(Path(name).absolute().parent))

    def _may_write(self, asked: str, place: str) -> bool:
        """Ask before a file is replaced of which the dialog, given a name without ending, did not know."""
        self._remember_folder(place)
        if asked == place or not Path(place).exists():
            return True
        buttons = QMessageBox.StandardButton
        question = f"{Path(place).name} is there already. Replace it?"
        answer = QMessageBox.question(
            self._window, "Replace the file?", question, buttons.Yes | buttons.No, buttons.No
        )
        if answer != buttons.Yes:
            self._banner.show_text(f"Nothing was written; {place} is as it was.")
        return answer == buttons.Yes


def with_ending(name: str, known: set[str], ending: str) -> str:
    """Return a file's name with an ending, unless it has one of those known; ``v1.2`` has none."""
    return name if Path(name).suffix.lower() in known else name + ending
