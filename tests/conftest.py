"""What every test shares; importable where there is no Qt."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def _one_torch_thread() -> None:
    """Give sums one order on every machine, and small data their fastest way."""
    import torch

    torch.set_num_threads(1)
