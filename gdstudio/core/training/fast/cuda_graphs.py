"""Records work for a GPU as a CUDA graph, which launches all of it at once.

To launch a kernel takes the processor several microseconds, for ten rows many times what the kernel takes. A
CUDA graph holds the launches of many steps and takes one: "CUDA Graphs" in
https://docs.pytorch.org/docs/stable/notes/cuda.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable


def recorder(device: torch.device) -> Callable[[Callable[[], None]], Callable[[], None]] | None:
    """Return a function that records work for a device and returns its replay; None without CUDA graphs."""
    if device.type != "cuda":
        return None

    def record(work: Callable[[], None]) -> Callable[[], None]:
        return _recorded(work, device)

    return record


def _recorded(work: Callable[[], None], device: torch.device) -> Callable[[], None]:
    """Do the work once, record it, and return a function that does it again.

    The work must read and write tensors that stay where they are, and never ask for a number.

    Raises
    ------
    RuntimeError
        Where it cannot be recorded.
    """
    with torch.cuda.device(device):
        current, aside = torch.cuda.current_stream(), torch.cuda.Stream()  # type: ignore[no-untyped-call]  # no types here
        aside.wait_stream(current)
        with torch.cuda.stream(aside):
            work()  # what libraries set up at their first call must not be set up in a recording
        current.wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        # Another thread may well ask the GPU for something while this one records.
        with torch.cuda.graph(graph, stream=aside, capture_error_mode="thread_local"):
            work()

    def replay() -> None:
        with torch.cuda.device(device):
            graph.replay()

    return replay
