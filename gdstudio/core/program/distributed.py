"""What lets one script run as several processes, each with a share of every batch; left out unless asked for.

The processes add up their gradients and costs: https://docs.pytorch.org/docs/stable/distributed.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gdstudio.core.errors import InputError
from gdstudio.core.listing import Part, Section, code
from gdstudio.core.program.functions import COST_BEGINS, COST_ENDS, GRADIENT_BEGINS, GRADIENT_ENDS

if TYPE_CHECKING:
    from gdstudio.core.listing import CodeLine, Lines, ProblemText, Program
    from gdstudio.core.problems.mistakes.mistake import Mistake

_NOTE = "Alone, nothing here changes a number; torchrun starts several processes and counts them."
_USAGE = (
    "Or split the rows of each step among several processes:",
    "    torchrun --nproc-per-node 2 train.py",
)
_SET_UP = (
    'rank, processes = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))',
    "if processes > 1:",
    '    own_gpu = torch.cuda.device_count() >= int(os.environ["LOCAL_WORLD_SIZE"])',
    '    device = torch.device("cuda:" + os.environ["LOCAL_RANK"] if own_gpu else "cpu")',
    '    distributed.init_process_group("nccl" if own_gpu else "gloo")',
    "    torch.set_num_threads(max(1, torch.get_num_threads() // processes))",
    "if rank > 0:",
    '    sys.stdout = open(os.devnull, "w")  # only the first process prints',
)
_TOTAL = (
    "def total(value, part):",
    '    """The sum over the processes, each with the weight of its rows."""',
    "    if processes > 1:",
    "        value = value * part if part else torch.zeros_like(value)  # no rows: nothing to add",
    "        distributed.all_reduce(value)",
    "    return value",
)
_END = ("if processes > 1:", "    distributed.destroy_process_group()")
_X, _Y = "X_mine", "y_mine"


def distribute(program: Program, text: ProblemText, mistake: Mistake) -> Program:
    """Return the program for torchrun; it moves its tensors to a ``device``, and the mistake is made after.

    Raises
    ------
    InputError
        Where there are no rows to share out.
    """
    if text.data is None:
        raise InputError("this problem has no rows to share out among processes; export it for one process")
    program = _with_shared_costs(_with_shared_steps(program, text, mistake), text)
    first, *others = program.sections
    last = replace(others[-1], lines=(*others[-1].lines, *_script(*_END)))
    sections = (first, _processes(mistake), *others[:-1], last)
    return replace(program, sections=sections, usage=(*program.usage, *_USAGE), X=_X, y=_Y)


def _processes(mistake: Mistake) -> Section:
    # Labels that are no column are compared with every prediction, so that each process needs them all.
    y = "y[rank::processes]" if mistake.reshapes_labels else "y"
    share = (
        "def share(X, y):",
        '    """This process\'s rows of a batch, and their part of it."""',
        "    mine = X[rank::processes]",
        f"    return mine, {y}, len(mine) / len(X)",
    )
    return Section("Processes", _script(*_SET_UP, "", "", *share, "", "", *_TOTAL), _NOTE)


def _with_shared_steps(program: Program, text: ProblemText, mistake: Mistake) -> Program:
    """Return the program whose steps use this process's rows, then add up gradients and costs."""
    forward, cost = text.forward_lines(_X, _Y)
    is_mean = text.is_mean if mistake.gradient_share is None else mistake.gradient_share
    share = f"{_X}, {_Y}, part = share({program.X}, {program.y})"

    def predicted(line: CodeLine) -> Lines:
        return (*line.at_margin(share), replace(line, text=line.margin + forward.text))

    def compared(line: CodeLine) -> Lines:
        return (line if cost is None else replace(line, text=line.margin + cost.text),)

    def differentiated(line: CodeLine) -> Lines:
        gradients = mistake.among_processes(line, text.parameters, _part(is_mean=is_mean))
        return (*gradients, *line.at_margin(f"cost = total(cost.detach(), {_part(is_mean=text.is_mean)})"))

    program = program.with_phase("forward", predicted).with_phase("loss", compared)
    return program.with_phase("backward", differentiated)


def _with_shared_costs(program: Program, text: ProblemText) -> Program:
    """Return the program whose functions take this process's rows, then add up what they have found."""
    part = _part(is_mean=text.is_mean)
    share = _script("    X, y, part = share(X, y)")
    whole = _script(f"    cost = total(cost, {part})")
    program = program.with_text(COST_BEGINS, lambda line: (line, *share))
    program = program.with_text(COST_ENDS, lambda line: (*whole, line))
    if all(line.text != GRADIENT_BEGINS for line in program.lines):
        return program  # no stop rule looks at the gradient
    added_up = _script(f"    gradients = [total(g, {part}) for g in gradients]")
    program = program.with_text(GRADIENT_BEGINS, lambda line: (line, *share))
    return program.with_text(GRADIENT_ENDS, lambda line: (*added_up, line))


def _part(*, is_mean: bool) -> str:
    """Return what a process's number counts for in that of all: the part of its rows, or 1 in a sum."""
    return "part" if is_mean else "1"


def _script(*texts: str) -> Lines:
    return code(*texts, part=Part.SCRIPT)
