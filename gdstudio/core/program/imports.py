"""The imports of a program: those of the names that its text uses, and no others."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from gdstudio.core.listing import Part, code

if TYPE_CHECKING:
    from gdstudio.core.listing import Program

_STANDARD = ("csv", "hashlib", "io", "math", "os", "re", "sys")
_FROM = {
    "torch": ("distributed", "nn"),
    "torch.nn.utils": ("parameters_to_vector", "vector_to_parameters"),
    "torch.utils.data": ("DataLoader", "TensorDataset"),
}


def with_imports(program: Program) -> Program:
    """Return the program with its imports before everything else."""
    texts = [line.text for line in program.lines]
    standard = [f"import {name}" for name in _used(_STANDARD, texts)]
    named = {module: ", ".join(_used(names, texts)) for module, names in _FROM.items()}
    others = [f"from {module} import {names}" for module, names in named.items() if names]
    numpy = ["import numpy as np"] if _used(("np",), texts) else []
    named_ones = [*numpy, "import torch", *others]
    lines = code(*standard, *([""] if standard else []), *named_ones, "", part=Part.SCRIPT)
    first, *rest = program.sections
    return replace(program, sections=(replace(first, lines=(*lines, *first.lines)), *rest))


def _used(names: tuple[str, ...], texts: list[str]) -> list[str]:
    """Return the names that are used by themselves, not as an attribute of something else."""
    return [name for name in names if any(_uses(name, text) for text in texts)]


def _uses(name: str, text: str) -> bool:
    return name in text and re.search(rf"(?<![\w.]){name}[.(]", text) is not None
