"""The one text of a run's program, put together from the texts of its problem, optimizer and mistake."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from gdstudio.core.listing import Part, Program, Section, TextStyle, code
from gdstudio.core.problems.mistakes import mistake_of
from gdstudio.core.program.distributed import distribute
from gdstudio.core.program.imports import with_imports
from gdstudio.core.program.loop import training
from gdstudio.core.program.plan import Plan
from gdstudio.core.program.sections import batches, cost_and_optimizer, set_up, weights

if TYPE_CHECKING:
    from gdstudio.core.listing import ProblemText
    from gdstudio.core.problems import ProblemSpec
    from gdstudio.core.program.plan import RateChanges
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.settings.run_settings import RunSettings

_DEVICE = "device"
"""The name of the device in the text."""


def program_of(
    experiment: Experiment, rate_changes: RateChanges | None = None, *, distributed: bool = False
) -> Program:
    """Return the program of a run.

    Parameters
    ----------
    experiment
        What is trained, and how.
    rate_changes
        Pairs (step, rate): from the step after ``step`` on, the learning rate is ``rate``. None for the
        experiment's own.
    distributed
        Whether torchrun can run it as several processes, each with a share of the rows.

    Raises
    ------
    InputError
        Where it is to be distributed and there are no rows to share out.
    """
    run, mistake = experiment.run, mistake_of(experiment.run.mistake)
    is_moved = distributed or run.device != "cpu"
    changes = run.rate_changes if rate_changes is None else rate_changes
    plan = Plan(experiment, _text(experiment.problem, _style(run, is_moved=is_moved)), changes)
    device = code(f'{_DEVICE} = torch.device("{run.device}")', part=Part.SCRIPT) if is_moved else ()
    usage = (
        "Run it, and it prints the studio's weights to the last digit on the same processor:",
        "    python train.py",
    )
    title = experiment.problem.title or experiment.problem.kind
    sections = (set_up(plan, device), *_sections(plan))
    program = Program(sections, title, usage, *plan.step_rows, plan.text.parameters)
    if distributed:
        program = distribute(program, plan.text, mistake)
    return with_imports(mistake.edit(program))


@lru_cache(maxsize=1)
def _text(problem: ProblemSpec, style: TextStyle) -> ProblemText:
    """Return the text of a problem; it may hold many numbers, and often only the run's settings change."""
    return problem.text(style)


def _style(run: RunSettings, *, is_moved: bool) -> TextStyle:
    return TextStyle(
        is_double=run.dtype == "float64",
        device=_DEVICE if is_moved else "",
        initial_weights=run.initial_weights,
        initial_std=run.initial_std,
    )


def _sections(plan: Plan) -> tuple[Section, ...]:
    data = () if plan.text.data is None else (plan.text.data,)
    mini = (batches(plan),) if plan.is_mini else ()
    return (*data, *mini, plan.text.model, cost_and_optimizer(plan), training(plan), weights(plan))
