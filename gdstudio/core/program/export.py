"""An experiment as a script or a notebook of plain PyTorch that prints the very same weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from gdstudio.core.program.plan import RateChanges
    from gdstudio.core.settings.experiment import Experiment


def export(experiment: Experiment, path: Path, rate_changes: RateChanges = ()) -> None:
    """Write a script (``.py``) or a notebook (``.ipynb``), replacing the file in one move.

    ``rate_changes`` are pairs (step, rate): from the step after ``step`` on, the learning rate is ``rate``.

    Raises
    ------
    InputError
        Where the suffix is another one, or the file cannot be written.
    """
    from gdstudio.core.program.notebook import notebook
    from gdstudio.core.program.script import script
    from gdstudio.core.settings.files import write_text

    write = {".py": script, ".ipynb": notebook}.get(path.suffix.lower())
    if write is None:
        raise InputError(f"{path}: ends in neither .py (a script) nor .ipynb (a notebook); give one of them")
    write_text(path, write(experiment, rate_changes))
