"""The experiment as a notebook: the script's sections as cells, for one process.

Format 4.5: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gdstudio.core.program.plan import Plan
from gdstudio.core.program.sections import sections

if TYPE_CHECKING:
    from gdstudio.core.program.plan import Lines, RateChanges
    from gdstudio.core.settings.experiment import Experiment

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(experiment: Experiment, rate_changes: RateChanges = ()) -> str:
    """Return the JSON of a notebook that needs PyTorch alone and prints the run's final weights.

    Raises
    ------
    InputError
        Where the kind of problem cannot be exported.
    """
    plan = Plan(experiment, rate_changes)
    title = f"# A {type(plan.problem).title}"
    cells = [_markdown([title, "", "Gradient descent in plain PyTorch, written by gdstudio."])]
    for section in sections(plan):
        text = ["", section.note] if section.note else []
        cells += [_markdown([f"## {section.title}", *text]), _code(section.code)]
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"
    whole = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _markdown(lines: Lines) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _source(lines)}


def _code(lines: Lines) -> dict[str, Any]:
    source = _source(lines)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def _source(lines: Lines) -> Lines:
    """Return lines that end as the format asks: all but the last with a line break."""
    text = "\n".join(lines).rstrip()
    return text.splitlines(keepends=True)
