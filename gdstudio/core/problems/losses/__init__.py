"""The losses that a problem with data can have. Every module of this folder with a named `Loss` is one."""

from __future__ import annotations

from typing import Annotated

from gdstudio.core.hyperparameter import OneOf
from gdstudio.core.problems.losses.loss import Loss
from gdstudio.core.registry import Registry

LOSSES: Registry[Loss] = Registry(__name__, Loss, lambda cls: cls.name, lambda cls: cls.place)  # type: ignore[type-abstract]  # an abstract base


def titles() -> dict[str, str]:
    """Return what each loss is called in a list, by its name."""
    return {name: cls.title for name, cls in LOSSES.classes().items()}


def loss_of(name: str) -> Loss:
    """Return the loss of a name."""
    return LOSSES[name]()


LossName = Annotated[str, OneOf(titles, LOSSES)]
