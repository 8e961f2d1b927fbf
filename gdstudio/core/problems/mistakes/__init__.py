"""The classic mistakes. Every module of this folder with a named `Mistake` is one."""

from __future__ import annotations

from typing import Annotated

from gdstudio.core.hyperparameter import OneOf
from gdstudio.core.problems.mistakes.mistake import Mistake
from gdstudio.core.registry import Registry

MISTAKES: Registry[Mistake] = Registry(__name__, Mistake, lambda cls: cls.name, lambda cls: cls.place)  # type: ignore[type-abstract]  # an abstract base


def titles() -> dict[str, str]:
    """Return what each mistake is called in a list, by its name."""
    return {name: cls.title for name, cls in MISTAKES.classes().items()}


def mistake_of(name: str) -> Mistake:
    """Return the mistake of a name."""
    return MISTAKES[name]()


MistakeName = Annotated[str, OneOf(titles, MISTAKES)]
