"""The optimizers. Every module of this folder with an `Optimizer` that has a ``kind`` is one."""

from __future__ import annotations

from typing import Any

from gdstudio.core.registry import Registry, kind_of
from gdstudio.core.settings.kinds import parse_kind
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
    return value if isinstance(value, Optimizer) else parse_kind(value, OPTIMIZERS, kind_of(SGD))
