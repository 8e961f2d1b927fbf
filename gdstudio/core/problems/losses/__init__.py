"""The losses that a problem with data can have. Every module of this folder with a named `Loss` is one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from gdstudio.core.hyperparameter import OneOf
from gdstudio.core.problems.losses.loss import Loss
from gdstudio.core.registry import Registry

LOSSES: Registry[Loss] = Registry(__name__, Loss, lambda cls: cls.name, lambda cls: cls.place)  # type: ignore[type-abstract]  # an abstract base


def titles() -> dict[str, str]:
    """Return what each loss of numbers is called in a list, by its name."""
    return _titles(Labels.NUMBERS)


def class_titles() -> dict[str, str]:
    """Return what each loss of labels 0 and 1 is called in a list, by its name."""
    return _titles(Labels.YES_OR_NO)


def several_titles() -> dict[str, str]:
    """Return what each loss of labels 0, 1, 2, ... is called in a list, by its name."""
    return _titles(Labels.SEVERAL)


def loss_of(name: str) -> Loss:
    """Return the loss of a name."""
    return LOSSES[name]()


class Labels(Enum):
    """What the labels of a loss are."""

    NUMBERS = "numbers"
    YES_OR_NO = "0 and 1"
    SEVERAL = "0, 1, 2, ..."

    @classmethod
    def of(cls, loss: type[Loss]) -> Labels:
        """Return those of a loss."""
        if loss.of_several:
            return cls.SEVERAL
        return cls.YES_OR_NO if loss.of_classes else cls.NUMBERS


def _titles(labels: Labels) -> dict[str, str]:
    return {name: cls.title for name, cls in LOSSES.classes().items() if Labels.of(cls) is labels}


@dataclass(frozen=True, slots=True)
class _Known:
    """The names of the losses of some kind of labels."""

    labels: Labels

    def __contains__(self, name: object) -> bool:
        return name in LOSSES and Labels.of(LOSSES[str(name)]) is self.labels


LossName = Annotated[str, OneOf(titles, _Known(Labels.NUMBERS))]
ClassLossName = Annotated[str, OneOf(class_titles, _Known(Labels.YES_OR_NO))]
SeveralLossName = Annotated[str, OneOf(several_titles, _Known(Labels.SEVERAL))]
