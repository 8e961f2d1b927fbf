"""What a folder of modules offers: a new one of its kind is one new file in it."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


class Registry(Generic[T]):
    """The subclasses of a base that the modules of a package define, by their names.

    The modules are imported at the first question. A folder that is added to the package's ``__path__``
    is looked into as well.

    Parameters
    ----------
    package
        The name of the package, such as ``gdstudio.core.problems.losses``.
    base
        The class that those of the package derive from.
    name_of
        Returns the name of a class, empty for one that is only derived from.
    order
        Returns what the names are sorted by; the names themselves where it is not given.
    """

    def __init__(
        self,
        package: str,
        base: type[T],
        name_of: Callable[[type[T]], str],
        order: Callable[[type[T]], int] | None = None,
    ) -> None:
        self._package, self._base, self._name_of, self._order = package, base, name_of, order
        self._looked_into: tuple[str, ...] = ()
        self._found: dict[str, type[T]] = {}
        self._found_one_by_one_in: tuple[str, ...] = ()
        self._one_by_one: dict[str, type[T]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self.classes())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._find(name) is not None

    def __getitem__(self, name: str) -> type[T]:
        found = self._find(name)
        if found is None:
            raise KeyError(name)
        return found

    def classes(self) -> dict[str, type[T]]:
        """Return the classes by their names, in their order."""
        folders = self._folders()
        if folders != self._looked_into:
            found = {self._name_of(cls): cls for cls in self._defined(folders) if self._name_of(cls)}
            self._found = dict(sorted(found.items(), key=self._key))
            self._looked_into = folders
        return self._found

    def _find(self, name: str) -> type[T] | None:
        """Return the class of a name; where its module has the same name, no other is imported for it."""
        folders = self._folders()
        if folders == self._looked_into:
            return self._found.get(name)
        if folders != self._found_one_by_one_in:
            self._found_one_by_one_in, self._one_by_one = folders, {}
        if name not in self._one_by_one and name in self._modules(folders):
            self._one_by_one |= {self._name_of(cls): cls for cls in self._defined_in(name)}
        return self._one_by_one.get(name) or self.classes().get(name)

    def _folders(self) -> tuple[str, ...]:
        return tuple(import_module(self._package).__path__)

    def _modules(self, folders: tuple[str, ...]) -> list[str]:
        return [module.name for module in iter_modules(folders)]

    def _key(self, item: tuple[str, type[T]]) -> tuple[int, str]:
        name, cls = item
        return (self._order(cls) if self._order is not None else 0), name

    def _defined(self, folders: tuple[str, ...]) -> Iterator[type[T]]:
        for name in self._modules(folders):
            yield from self._defined_in(name)

    def _defined_in(self, module: str) -> Iterator[type[T]]:
        import_module(f"{self._package}.{module}")
        names = vars(sys.modules[f"{self._package}.{module}"])
        for value in list(names.values()):
            is_class = isinstance(value, type) and issubclass(value, self._base)
            if is_class and value.__module__ == names["__name__"]:
                yield value
