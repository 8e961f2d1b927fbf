"""The text that lets one script run as several processes, each with its share of every batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.program.plan import Section

if TYPE_CHECKING:
    from gdstudio.core.program.plan import Lines, Plan


def processes(plan: Plan) -> Section:
    """Return the set-up of the processes, the function that shares rows out and the one that adds up."""
    note = "Alone, nothing here changes a number; torchrun starts several processes and counts them."
    return Section("Processes", [*_set_up(plan), "", "", *_share(plan), "", "", *_total()], note)


def _set_up(plan: Plan) -> Lines:
    many = "max(1, (os.cpu_count() or 1) // processes)"
    threads = "1)  # sums in one order, on every machine" if plan.is_small else f"{many})"
    return [
        'rank, processes = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))',
        f'device = torch.device("{plan.run.device}")',
        "if processes > 1:",
        '    own_gpu = torch.cuda.device_count() >= int(os.environ["LOCAL_WORLD_SIZE"])',
        '    name = "cuda:" + os.environ["LOCAL_RANK"] if own_gpu else "cpu"',
        "    device = torch.device(name)",
        '    distributed.init_process_group("nccl" if own_gpu else "gloo")',
        "if rank > 0:",
        '    sys.stdout = open(os.devnull, "w")  # only the first process prints',
        f"torch.set_num_threads({threads}",
    ]


def _share(plan: Plan) -> Lines:
    labels = "y" if plan.run.mistake == "no_reshape" else "y[rank::processes]"
    return [
        "def share(X, y):",
        '    """This process\'s rows of a batch, and their part of it."""',
        "    mine = X[rank::processes]",
        f"    return mine, {labels}, len(mine) / len(X)",
    ]


def _total() -> Lines:
    return [
        "def total(value, part):",
        '    """The sum over the processes, each with the weight of its rows."""',
        "    if processes > 1:",
        "        value = value * part if part else torch.zeros_like(value)  # no rows: nothing to add",
        "        distributed.all_reduce(value)",
        "    return value",
    ]
