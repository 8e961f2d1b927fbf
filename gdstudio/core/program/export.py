"""An experiment as a script or a notebook of plain PyTorch that prints the very same weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.errors import InputError
from gdstudio.core.program.assembly import program_of
from gdstudio.core.program.notebook_file import notebook
from gdstudio.core.program.script_file import script
from gdstudio.core.settings.files import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from gdstudio.core.listing import Program
    from gdstudio.core.program.plan import RateChanges
    from gdstudio.core.settings.experiment import Experiment


def export(
    experiment: Experiment, path: Path, rate_changes: RateChanges | None = None, *, distributed: bool = False
) -> str:
    """Write a script (``.py``) or a notebook (``.ipynb``) in one move; return what it needs to run.

    Parameters
    ----------
    experiment
        What is trained, and how.
    path
        The file.
    rate_changes
        Pairs (step, rate): from the step after ``step`` on, the learning rate is ``rate``. None for the
        experiment's own.
    distributed
        Whether torchrun can run the script as several processes, each with a share of the rows.

    Raises
    ------
    InputError
        Where the suffix is another one, the file cannot be written, or there is nothing to distribute.
    """
    suffix = path.suffix.lower()
    view = {".py": script, ".ipynb": notebook}.get(suffix)
    if view is None:
        raise InputError(f"{path}: ends in neither .py (a script) nor .ipynb (a notebook); give one of them")
    if distributed and view is notebook:
        raise InputError(f"{path}: a notebook runs as one process; give a script (.py) to run as several")
    program = program_of(experiment, rate_changes, distributed=distributed)
    write_text(path, view(program))
    return _needs(program)


def _needs(program: Program) -> str:
    """Return what a program needs, in words: PyTorch alone, or also the table that it reads."""
    texts = [line.text for line in program.lines]
    if not any(text.startswith("table = ") for text in texts):
        return "PyTorch alone"
    is_sheet = any("python_calamine" in text for text in texts)
    return "PyTorch, python-calamine and the table" if is_sheet else "PyTorch and the table"
