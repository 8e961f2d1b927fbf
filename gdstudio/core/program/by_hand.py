"""The program by hand: the notebook's own (L160-200), with every partial derivative written out.

It makes the rows, first weights and batches of the program of PyTorch, and then computes with numpy alone.
Numpy adds up in another order than torch, so the weights of both agree to rounding, not to the last bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.by_hand import derivative_name
from gdstudio.core.listing import CodeLine, Part, Program, Section, TextStyle, code
from gdstudio.core.problems.mistakes import mistake_of
from gdstudio.core.problems.mistakes.none import NoMistake
from gdstudio.core.program.hand_loop import training
from gdstudio.core.program.hand_plan import HandPlan
from gdstudio.core.program.imports import with_imports

if TYPE_CHECKING:
    from gdstudio.core.by_hand import HandUpdate
    from gdstudio.core.listing import Lines
    from gdstudio.core.program.plan import RateChanges
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.settings.run_settings import RunSettings


def by_hand(experiment: Experiment, rate_changes: RateChanges | None = None) -> Program | None:
    """Return the program of a run by hand; None where `why_not_by_hand` says why there is none.

    Parameters
    ----------
    experiment
        What is trained, and how.
    rate_changes
        Pairs (step, rate): from the step after ``step`` on, the learning rate is ``rate``. None for the
        experiment's own.
    """
    changes = experiment.run.rate_changes if rate_changes is None else rate_changes
    made = _plan(experiment, changes)
    if made is None or _why_not_this_run(experiment):
        return None
    sections = (_set_up(made), *_data(made), training(made), _weights(made))
    title = f"{experiment.problem.title or experiment.problem.kind}, by hand"
    usage = ("The derivatives are written out, and numpy computes them:", "    python train.py")
    return _finished(Program(sections, title, usage), experiment)


def why_not_by_hand(experiment: Experiment) -> str:
    """Return why a run has no program by hand, as a sentence; empty where it has one."""
    if why := _why_not_this_run(experiment):
        return why
    if experiment.problem.by_hand(_style(experiment.run)) is None:
        return "By hand is for linear models of few weights, by squared residuals or cross-entropy."
    if _updates(experiment) is None:
        return "By hand is for gradient descent, with or without momentum."
    if not isinstance(mistake_of(experiment.run.mistake), NoMistake) and by_hand(experiment, ()) is None:
        return "This mistake needs PyTorch: by hand there is nothing to forget."
    return ""


def _why_not_this_run(experiment: Experiment) -> str:
    run = experiment.run
    if not experiment.is_full_batch and (run.gradient_tolerance or run.cost_tolerance):
        return "A stop rule of a run in batches looks at all rows; only the PyTorch program has it."
    schedule = run.schedule
    if not schedule.is_constant and not schedule.by_hand("k", experiment.schedule_ticks):
        return f"By hand is for rates of a short formula; {schedule.title} is made of several parts."
    return ""


def _finished(program: Program, experiment: Experiment) -> Program | None:
    edited = mistake_of(experiment.run.mistake).edit_by_hand(program)
    return None if edited is None else with_imports(edited)


def _plan(experiment: Experiment, changes: RateChanges) -> HandPlan | None:
    text, updates = experiment.problem.by_hand(_style(experiment.run)), _updates(experiment)
    if text is None or updates is None:
        return None
    return HandPlan(experiment, text, updates, changes)


def _updates(experiment: Experiment) -> tuple[HandUpdate, ...] | None:
    """Return how each weight is moved; None where the optimizer does not say."""
    names, optimizer = experiment.problem.weight_names, experiment.run.optimizer
    made = [optimizer.by_hand(name, derivative_name(name, len(names))) for name in names]
    known = tuple(update for update in made if update is not None)
    return known if len(known) == len(made) else None


def _style(run: RunSettings) -> TextStyle:
    return TextStyle(
        is_double=run.dtype == "float64", initial_weights=run.initial_weights, initial_std=run.initial_std
    )


def _set_up(plan: HandPlan) -> Section:
    numbers = ["torch.set_default_dtype(torch.float64)"] if plan.run.dtype == "float64" else []
    seed = [f"seed = {plan.run.seed}"] if plan.text.draws or plan.draws_order else []
    quiet = 'np.seterr(all="ignore")  # a number too large is looked for below'
    return Section("Set-up", _script(*numbers, quiet, *seed))


def _data(plan: HandPlan) -> tuple[Section, Section]:
    columns = [f"{name} = X.numpy()[:, {i}]" for i, name in plan.text.model.columns.items()]
    title = "Columns of numbers" if columns else "Labels"
    return plan.text.data, Section(title, _script(*columns, "y = y.numpy()[:, 0]"))


def _weights(plan: HandPlan) -> Section:
    names = plan.text.model.weights
    pairs = ", ".join(f'("{name}", {name})' for name in names)
    known = ", ".join(names)
    note = "7. return the optimal parameters"
    shown = CodeLine(f'print("Optimized {known}:", {known})', note=note)
    printed = _script(
        f'print(f"cost = {{float(cost_of({known}))!r}}")',
        f"for name, weight in ({pairs}{',' if len(names) == 1 else ''}):",
        '    print(f"{name} = {float(weight)!r}")',
    )
    return Section("Weights", (shown, *printed))


def _script(*texts: str) -> Lines:
    return code(*texts, part=Part.SCRIPT)
