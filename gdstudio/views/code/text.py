"""What the code strip shows of a run: the lines of its program, and a remark on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.core.listing import CodeLine
    from gdstudio.core.settings.experiment import Experiment

    RateChanges = tuple[tuple[int, float], ...]

_FASTER = "the studio computes the same numbers in a faster form: fewer calls, no graph kept"
_DIGITS = {"float64": 12, "float32": 5}
"""To so many digits the weights by hand agree with those of PyTorch in every lesson; a test compares."""


@dataclass(frozen=True, slots=True)
class CodeText:
    """Lines of code with a remark; ``why_not_by_hand`` is empty where there is a program by hand."""

    lines: tuple[CodeLine, ...] = ()
    remark: str = ""
    is_by_hand: bool = False
    why_not_by_hand: str = ""


def code_of(experiment: Experiment, changes: RateChanges, wanted: str, *, is_faster: bool) -> CodeText:
    """Return the program of a run, by hand where that is ``wanted`` and there is one.

    ``is_faster`` says whether the run makes its steps without autograd. Where there is no program by hand,
    the remark says why.
    """
    from gdstudio.core.program import by_hand, program_of, strip, why_not_by_hand  # the window opens first

    why_not = why_not_by_hand(experiment)
    made = by_hand(experiment, changes) if wanted == "by_hand" else None
    if made is not None:
        digits = _DIGITS[experiment.run.dtype]
        remark = f"agrees with PyTorch's weights to {digits} digits"
        return CodeText(strip(made), remark, is_by_hand=True)
    remark = why_not if wanted == "by_hand" else _FASTER if is_faster else ""
    return CodeText(strip(program_of(experiment, changes)), remark, why_not_by_hand=why_not)
