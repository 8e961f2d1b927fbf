"""The losses that a problem with data can have. Every module of this folder with a named `Loss` is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from gdstudio.core.hyperparameter import OneOf
from gdstudio.core.problems.losses.loss import Loss
from gdstudio.core.registry import Registry

LOSSES: Registry[Loss] = Registry(__name__, Loss, lambda cls: cls.name, lambda cls: cls.place)  # type: ignore[type-abstract]  # an abstract base


def titles() -> dict[str, str]:
    """Return what each loss of numbers is called in a list, by its name."""
    return {name: cls.title for name, cls in LOSSES.classes().items() if not cls.of_classes}


def class_titles() -> dict[str, str]:
    """Return what each loss of labels 0 and 1 is called in a list, by its name."""
    return {name: cls.title for name, cls in LOSSES.classes().items() if cls.of_classes}


def loss_of(name: str) -> Loss:
    """Return the loss of a name."""
    return LOSSES[name]()


@dataclass(frozen=True, slots=True)
class _Known:
    """The names of the losses of numbers, or of those of labels 0 and 1."""

    of_classes: bool

    def __contains__(self, name: object) -> bool:
        return name in LOSSES and LOSSES[str(name)].of_classes == self.of_classes


LossName = Annotated[str, OneOf(titles, _Known(of_classes=False))]
ClassLossName = Annotated[str, OneOf(class_titles, _Known(of_classes=True))]
