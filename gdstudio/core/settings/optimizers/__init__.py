"""The optimizers. Every module of this folder with an `Optimizer` that has a ``kind`` is one."""

from __future__ import annotations

from typing import Any

from gdstudio.core.registry import Registry, kind_of
from gdstudio.core.settings.optimizers.optimizer import Optimizer
from gdstudio.core.settings.optimizers.sgd import SGD

__all__ = ["SGD", "Optimizer", "optimizer_titles", "parse_optimizer"]


OPTIMIZERS: Registry[Optimizer] = Registry(__name__, Optimizer, kind_of, lambda cls: cls.place)  # type: ignore[type-abstract]  # an abstract base


def optimizer_titles() -> dict[str, str]:
    """Return what each optimizer is called in a list, by its kind."""
    return {kind: cls.title for kind, cls in OPTIMIZERS.classes().items()}


def parse_optimizer(value: Any) -> Optimizer:
    """Return the settings that a ``[run.optimizer]`` table holds.

    ``optimizer = "adam"`` stands for a table with that kind, and a table without kind for SGD.

    Raises
    ------
    ValueError
        Where there is no such kind; pydantic's ValidationError where a key or value is wrong.
    """
    if isinstance(value, Optimizer):
        return value
    table = {"kind": value} if isinstance(value, str) else value
    if not isinstance(table, dict):
        raise ValueError(f"{value!r} is not a table; write its keys below a [table] line")
    kind = table.get("kind", kind_of(SGD))
    if not isinstance(kind, str) or kind not in OPTIMIZERS:
        raise ValueError(f"{kind} is not one of the choices; give {', '.join(map(repr, OPTIMIZERS))}")
    return OPTIMIZERS[kind].model_validate({"kind": kind, **table})
