"""The experiment as a script that runs alone or, under torchrun, as several processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.program.plan import Plan
from gdstudio.core.program.sections import sections

if TYPE_CHECKING:
    from gdstudio.core.program.plan import Lines, RateChanges, Section
    from gdstudio.core.settings.experiment import Experiment


def script(experiment: Experiment, rate_changes: RateChanges = ()) -> str:
    """Return the text of a Python file that needs PyTorch alone and prints the run's final weights.

    Raises
    ------
    InputError
        Where the kind of problem cannot be exported.
    """
    plan = Plan(experiment, rate_changes, spread=True)
    head = [
        f'"""A {type(plan.problem).title}: gradient descent in plain PyTorch, written by gdstudio.',
        "",
        "Run it alone, and it prints the studio's weights to the last digit on the same processor:",
        "    python train.py",
        "Or split the rows of each step among several processes:",
        "    torchrun --nproc-per-node 2 train.py",
        '"""',
        "",
    ]
    first, *others = sections(plan)
    lines = [*head, *first.code]
    for section in others:
        lines += [*_gap(lines, section), f"# {section.title}", *_note(section), *section.code]
    return "\n".join(lines) + "\n"


def _note(section: Section) -> Lines:
    return [f"# {section.note}"] if section.note else []


def _gap(lines: Lines, section: Section) -> Lines:
    """Return one empty line; two around what begins or ends with a function, as PEP 8 asks."""
    definition = ("def ", "class ", "@")
    last = next(line for line in reversed(lines) if line and not line.startswith(" "))
    return ["", ""] if section.code[0].startswith(definition) or last.startswith(definition) else [""]
