"""One seed, three independent streams: the data, the initial weights, the order of the rows.

Every stream is a CPU generator, so that all devices see the same numbers, and each has a seed of its
own, so that (say) more test points do not change the initial weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

MAX_SEED = 2**31 - 1
STREAMS = ("data", "weights", "order")


def stream_seed(seed: int, stream: str) -> int:
    """Return the seed of one stream: ``3 * seed`` plus 0 (data), 1 (weights) or 2 (order)."""
    return len(STREAMS) * seed + STREAMS.index(stream)


def generator(seed: int, stream: str) -> torch.Generator:
    """Return a fresh CPU generator of one stream."""
    import torch

    return torch.Generator().manual_seed(stream_seed(seed, stream))
