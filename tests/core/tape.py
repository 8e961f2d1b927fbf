"""What a CUDA graph is, on any processor: the operations of some work with the places they read and wrote.

Replayed, it runs those operations again on those places and no line of the work's own Python: whatever the
work took from elsewhere (a new tensor, a number, a condition) is as stale as it would be in a graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

if TYPE_CHECKING:
    from collections.abc import Callable

ASKING = {
    torch.ops.aten._local_scalar_dense.default,
    torch.ops.aten.item.default,
    torch.ops.aten._to_copy.default,
}


class Tape(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch has no types here
    """Records operations; one that asks for a number, which a graph cannot answer, raises `RuntimeError`."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # nor here
        self._done: list[tuple[Any, tuple[Any, ...], dict[str, Any], Any]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in ASKING:
            raise RuntimeError(f"{func} asks for a number")
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        if not isinstance(result, (list, tuple)):  # unbind gives views, which stay what they are
            self._done.append((func, args, kwargs, result))
        return result

    @property
    def count(self) -> int:
        """How many operations were recorded."""
        return len(self._done)

    def replay(self) -> None:
        """Run the operations again, each into the place that it wrote before."""
        for func, args, kwargs, place in self._done:
            result = func(*args, **kwargs)
            if result.data_ptr() != place.data_ptr():
                place.copy_(result)


def record(work: Callable[[], None]) -> Callable[[], None]:
    """Do some work once, record it and return what does it again."""
    work()
    tape = Tape()
    with tape:
        work()
    assert tape.count
    return tape.replay
