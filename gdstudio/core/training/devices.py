"""Where a run can compute: each device found through torch.accelerator and tried by a tiny operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.errors import InputError

if TYPE_CHECKING:
    import torch

_KNOWN = {"cpu": "processor", "cuda": "NVIDIA or AMD GPU", "mps": "Apple GPU", "xpu": "Intel GPU"}


@dataclass(frozen=True, slots=True)
class Device:
    """A device: its name (``cuda:0``), what it is, and why it cannot be used (empty where it can)."""

    name: str
    title: str
    problem: str = ""
    dtypes: tuple[str, ...] = ("float64", "float32")

    @property
    def usable(self) -> bool:
        """Whether a run can compute here."""
        return not self.problem


def devices() -> list[Device]:
    """Return the CPU, every accelerator that is there, and each other kind with why it is not.

    Imports torch and tries each accelerator, which can take seconds for the first one.
    """
    import torch

    found = [_probed("cpu", "CPU")]
    accelerator = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    kind = accelerator.type if accelerator is not None else None
    for other, words in _KNOWN.items():
        if other == "cpu":
            continue
        if other == kind:
            found += [
                _probed(f"{other}:{i}" if other != "mps" else other, _title(other, i))
                for i in range(torch.accelerator.device_count())
            ]
        else:
            found.append(Device(other, words, _why_not(other)))
    return found


def find_device(name: str, dtype: str = "float64") -> torch.device:
    """Return the torch device of a name such as ``cpu``, ``cuda`` or ``cuda:1``.

    Raises
    ------
    InputError
        Where there is no such device, it fails its trial, or it cannot compute in the dtype.
    """
    import torch

    listed = devices()
    matching = [d for d in listed if name in {d.name, d.name.split(":")[0]}]
    if not matching:
        usable = ", ".join(d.name for d in listed if d.usable)
        raise InputError(f"device: {name!r} is not a device here; give one of: {usable}")
    device = next((d for d in matching if d.usable), matching[0])
    if not device.usable:
        raise InputError(f"device: {name!r} cannot be used: {device.problem}; use cpu")
    if dtype not in device.dtypes:
        raise InputError(f'device: {name} cannot compute in {dtype}; set dtype = "float32", or use cpu')
    return torch.device(device.name)


def _title(kind: str, index: int) -> str:
    import torch

    if kind == "cuda":
        return torch.cuda.get_device_name(index)
    if kind == "xpu":
        return torch.xpu.get_device_name(index)
    return _KNOWN[kind]


def _why_not(kind: str) -> str:
    import torch

    if kind == "cuda" and not torch.backends.cuda.is_built():  # type: ignore[no-untyped-call]  # torch has no types here
        return "this build of torch has no CUDA"
    if kind == "mps" and not torch.backends.mps.is_built():
        return "this build of torch has no MPS"
    return "none was found"


def _probed(name: str, title: str) -> Device:
    """Try to add and read back one number on the device."""
    import torch

    dtypes = ("float32",) if name == "mps" else ("float64", "float32")
    try:
        one = torch.ones(1, dtype=getattr(torch, dtypes[0]), device=name)
        ok = float((one + one).cpu()) == 2.0
    except (RuntimeError, NotImplementedError, AssertionError) as error:
        return Device(name, title, str(error).splitlines()[0], dtypes)
    return Device(name, title, "" if ok else "it computes 1 + 1 wrongly", dtypes)
