"""What every test shares; importable where there is no Qt."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from tests.folders import Folders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True, scope="session")
def _one_torch_thread() -> None:
    """Give sums one order on every machine, and small data their fastest way."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(autouse=True, scope="session")
def _nothing_that_stays_is_garbage(_one_torch_thread: None) -> None:
    """Keep the half million objects of torch, its compiler's too, out of the collection after each window."""
    import torch._dynamo  # noqa: F401 - what the first optimizer imports

    gc.collect()
    gc.freeze()


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Folders]:
    """Return folders for new files, which are taken out again at the end."""
    made = Folders(tmp_path)
    yield made
    made.remove()
