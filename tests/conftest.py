"""What every test shares; importable where there is no Qt."""

from __future__ import annotations

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


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Folders]:
    """Return folders for new files, which are taken out again at the end."""
    made = Folders(tmp_path)
    yield made
    made.remove()
