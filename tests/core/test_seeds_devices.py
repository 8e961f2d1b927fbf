"""Seeds have streams of their own; devices say what they can do and why they cannot."""

from __future__ import annotations

from itertools import product

import pytest
import torch

from gdstudio.core.errors import InputError
from gdstudio.core.seeds import MAX_SEED, STREAMS, generator, stream_seed
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training import devices as module
from gdstudio.core.training.devices import Device, devices, find_device
from gdstudio.core.training.threads import use_one_thread_for_small


def test_that_no_two_streams_share_a_seed() -> None:
    seeds = [stream_seed(seed, stream) for seed, stream in product([0, 1, 2, MAX_SEED], STREAMS)]
    assert len(set(seeds)) == len(seeds)


@pytest.mark.parametrize("stream", STREAMS)
def test_that_a_stream_begins_anew_each_time_and_leaves_the_global_one_alone(stream: str) -> None:
    state = torch.get_rng_state()
    one, two = (torch.randn(4, generator=generator(MAX_SEED, stream)) for _ in range(2))
    assert torch.equal(one, two)
    assert torch.equal(torch.get_rng_state(), state)


def test_that_the_cpu_can_compute_in_both_precisions() -> None:
    cpu = devices()[0]
    assert (cpu.name, cpu.usable, cpu.dtypes) == ("cpu", True, ("float64", "float32"))
    assert find_device("cpu", "float32") == torch.device("cpu")


def test_that_every_device_works_or_says_why_not() -> None:
    for device in devices():
        assert device.usable == (not device.problem)
        assert device.title


FAKE = [
    Device("cpu", "CPU"),
    Device("cuda:0", "GPU", "no kernel image"),
    Device("cuda:1", "GPU"),
    Device("mps", "Apple GPU", "", ("float32",)),
    Device("xpu", "Intel GPU", "none was found"),
]


@pytest.mark.parametrize(
    ("name", "dtype", "expected"),
    [
        ("cuda", "float64", "cuda:1"),
        ("cuda:1", "float32", "cuda:1"),
        ("mps", "float32", "mps"),
        ("cpu", "float64", "cpu"),
    ],
)
def test_that_a_name_finds_the_first_device_that_works(
    monkeypatch: pytest.MonkeyPatch, name: str, dtype: str, expected: str
) -> None:
    monkeypatch.setattr(module, "devices", lambda: FAKE)
    assert find_device(name, dtype) == torch.device(expected)


@pytest.mark.parametrize(
    ("name", "dtype", "says"),
    [
        ("cuda:0", "float64", "device: 'cuda:0' cannot be used: no kernel image; use cpu"),
        ("xpu", "float64", "device: 'xpu' cannot be used: none was found; use cpu"),
        ("cuda:7", "float64", "device: 'cuda:7' is not a device here; give one of: cpu, cuda:1, mps"),
        ("", "float64", "device: '' is not a device here"),
        ("mps", "float64", 'device: mps cannot compute in float64; set dtype = "float32", or use cpu'),
    ],
)
def test_that_a_device_that_cannot_be_used_is_refused_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, dtype: str, says: str
) -> None:
    monkeypatch.setattr(module, "devices", lambda: FAKE)
    with pytest.raises(InputError) as caught:
        find_device(name, dtype)
    assert caught.value.problems[0].startswith(says)


def test_that_a_device_that_fails_its_trial_says_so() -> None:
    assert not module._probed("meta", "no memory").usable


def test_that_small_batches_compute_on_one_thread() -> None:
    problem = {"kind": "linear_network", "n": 60_000}
    small = Experiment.parse({"problem": problem, "run": {"max_steps": 1, "batch_size": 10}})
    try:
        use_one_thread_for_small(small.edited({"run.batch_size": None}))
        use_one_thread_for_small(small)
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(1)
