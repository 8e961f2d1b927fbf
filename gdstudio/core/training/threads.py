"""How many threads torch computes with: one for small data, where sharing the work takes longer than it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment

_SMALL_BATCH = 50_000


def use_one_thread() -> None:
    """Compute with the calling thread alone, where another one trains.

    The threads that share the work of one thread live as long as it does. With those of a second one there
    are more threads than processors, and libgomp puts the first one's to sleep between any two operations.
    """
    import torch

    torch.set_num_threads(1)


def use_one_thread_for_small(experiment: Experiment) -> None:
    """Set torch's threads by the rows of one step: one below 50,000, else one a processor."""
    import torch

    wanted = 1 if experiment.batch_size < _SMALL_BATCH else max(1, os.cpu_count() or 1)
    if torch.get_num_threads() != wanted:
        torch.set_num_threads(wanted)
