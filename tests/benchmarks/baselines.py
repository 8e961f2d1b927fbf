"""What the studio is measured against: the loops that a person would write, alone in the process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from gdstudio.core.problems import parse_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.problems import Problem


def best_of(measure: Callable[[], float], times: int = 3) -> float:
    """Return the best of several measurements of a speed: what the machine can do undisturbed."""
    return max(measure() for _ in range(times))


def all_rows_speed_alone(spec: dict[str, Any]) -> float:
    """Return the steps per second of the bare torch step over all rows, alone in a process.

    In this one its team of threads would live on beside that of the run that it is held against.
    """
    here = Path(__file__).parents[2]
    run = [sys.executable, "-m", __name__, json.dumps(spec)]
    done = subprocess.run(run, cwd=here, capture_output=True, text=True, check=True)
    return float(done.stdout)


def notebook_speed(problem: Problem, dtype: torch.dtype, epochs: int = 40, device: str = "cpu") -> float:
    """Return the steps per second of the notebook's own loop (L292-336), batches of 10."""
    X, y = (part.to(device) for part in _tensors(problem, dtype))
    net = nn.Sequential(nn.Linear(X.shape[1], 1)).to(device, dtype)
    _train(net, X, y, 1)
    return _train(net, X, y, epochs)


def tanh_network_speed(
    problem: Problem, dtype: torch.dtype, sizes: tuple[int, ...], epochs: int = 30
) -> float:
    """Return the steps per second of a small network in bare eager torch, batches of 10 by permutation."""
    X, y = _tensors(problem, dtype)
    modules: list[nn.Module] = []
    for inner, outer in pairwise(sizes):
        modules += [nn.Linear(inner, outer), nn.Tanh()]
    net = nn.Sequential(*modules[:-1]).to(dtype)
    loss, optimizer = nn.MSELoss(), torch.optim.SGD(net.parameters(), lr=0.03)
    began = time.perf_counter()
    for _ in range(epochs):
        order = torch.randperm(len(X))
        for X_batch, y_batch in zip(torch.split(X[order], 10), torch.split(y[order], 10), strict=True):
            _step(net, loss, optimizer, X_batch, y_batch)
    return epochs * -(-len(X) // 10) / (time.perf_counter() - began)


def all_rows_speed(problem: Problem, dtype: torch.dtype, steps: int = 20) -> float:
    """Return the steps per second of the bare torch step over all rows."""
    X, y = _tensors(problem, dtype)
    net = nn.Linear(X.shape[1], 1).to(dtype)
    loss, optimizer = nn.MSELoss(), torch.optim.SGD(net.parameters(), lr=0.03)
    _step(net, loss, optimizer, X, y)
    began = time.perf_counter()
    for _ in range(steps):
        _step(net, loss, optimizer, X, y)
    return steps / (time.perf_counter() - began)


def _train(net: nn.Module, X: torch.Tensor, y: torch.Tensor, epochs: int) -> float:
    loss, optimizer = nn.MSELoss(), torch.optim.SGD(net.parameters(), lr=0.03)
    data_iter = DataLoader(TensorDataset(X, y), 10, shuffle=True)
    began = time.perf_counter()
    for _ in range(epochs):
        for X_batch, y_batch in data_iter:
            _step(net, loss, optimizer, X_batch, y_batch)
        loss(net(X), y).item()
    return epochs * len(data_iter) / (time.perf_counter() - began)


def _step(
    net: nn.Module, loss: nn.Module, optimizer: torch.optim.Optimizer, X: torch.Tensor, y: torch.Tensor
) -> None:
    value = loss(net(X), y)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()


def _tensors(problem: Problem, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    X, y = problem.rows.X, problem.rows.y[:, None]
    return torch.from_numpy(X).to(dtype), torch.from_numpy(y).to(dtype)


if __name__ == "__main__":
    made = parse_problem(json.loads(sys.argv[1])).build(0)
    print(best_of(lambda: all_rows_speed(made, torch.float32, 100)))
