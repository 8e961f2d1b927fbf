"""Saving and exporting what is on screen, and the dialogs that ask for a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from gdstudio.core.errors import InputError
from gdstudio.core.settings.files import write_experiment

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.views.window.banner import Banner
    from gdstudio.worker.session import Session

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
    """

    def __init__(
        self, window: QWidget, session: Session, banner: Banner, open_file: Callable[[str], None]
    ) -> None:
        super().__init__(window)
        self.name = ""
        """The name that the dialogs propose, without an ending."""
        self._window, self._session, self._banner, self._open_file = window, session, banner, open_file

    def save(self, name: str) -> None:
        """Write the experiment on screen to a file."""
        try:
            write_experiment(self._session.experiment, Path(name))
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
            export(run.first_experiment, Path(name), run.rate_changes, distributed=distributed)
        except InputError as error:
            self._banner.show_errors(error.problems)
        else:
            self._banner.show_text(f"Exported as {name}. With PyTorch alone it ends at the same weights.")

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file to open."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open an experiment or a lesson", "", _FILES)
        if name:
            self._open_file(name)

    @Slot()
    def choose_place(self) -> None:
        """Ask where to save the experiment."""
        place = f"{self.name}.toml"
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the experiment", place, _FILES)
        if name:
            self.save(name)

    @Slot()
    def choose_export(self) -> None:
        """Ask where to write the script or notebook, and which."""
        place, kinds = f"{self.name}.py", ";;".join(_EXPORTS)
        name, chosen = QFileDialog.getSaveFileName(self._window, "Export the run", place, kinds)
        if name:
            place = name if Path(name).suffix else name + _EXPORTS.get(chosen, ".py")
            self.export(place, distributed=chosen == _SCRIPT_FOR_SEVERAL)
