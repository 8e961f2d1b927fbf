"""What a folder of modules offers: a new one of its kind is one new file in it."""

from __future__ import annotations

import inspect
import sys
import traceback
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Generic, TypeVar

from gdstudio.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import BaseModel

T = TypeVar("T")


class Registry(Generic[T]):
    """The subclasses of a base that the modules of a package define, by their names.

    The modules are imported at the first question. A folder that is added to the package's ``__path__``
    is looked into as well. A module that cannot be imported, and a class that lacks a method, is left out;
    whoever asks for its name, or for one that nobody has, is told by an `InputError` where it is wrong.

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
        self._wrong: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return iter(self.classes())

    def __contains__(self, name: object) -> bool:
        if name in self.classes():
            return True
        if self._wrong:  # the name may be in one of these
            raise InputError(*self._wrong)
        return False

    def __getitem__(self, name: str) -> type[T]:
        if name not in self:
            raise KeyError(name)
        return self._found[name]

    def classes(self) -> dict[str, type[T]]:
        """Return the classes by their names, in their order.

        Raises
        ------
        InputError
            Where two classes have one name, or two files of the package.
        """
        package = sys.modules.get(self._package) or import_module(self._package)  # asked in every frame
        folders = tuple(package.__path__)
        if folders != self._looked_into:
            self._wrong = []
            found: dict[str, type[T]] = {}
            for cls in self._defined(folders):
                name = self._name_of(cls)
                if name in found:
                    raise InputError(f"{place_of(found[name])} and {place_of(cls)} have one name, {name!r}")
                if name and self._is_complete(cls):
                    found[name] = cls
            self._found = dict(sorted(found.items(), key=self._key))
            self._looked_into = folders
        return self._found

    def _key(self, item: tuple[str, type[T]]) -> tuple[int, str]:
        name, cls = item
        return (self._order(cls) if self._order is not None else 0), name

    def _is_complete(self, cls: type[T]) -> bool:
        missing = sorted(getattr(cls, "__abstractmethods__", ()))
        if missing:
            self._wrong.append(f"{place_of(cls)}: {cls.__name__} lacks {', '.join(missing)}")
        return not missing

    def _defined(self, folders: tuple[str, ...]) -> Iterator[type[T]]:
        for name in _modules(folders):
            try:
                import_module(f"{self._package}.{name}")
            except Exception as error:  # noqa: BLE001 - a file of somebody's own may break in any way
                self._wrong.append(_found_wrong(error))
            else:
                yield from self._defined_in(f"{self._package}.{name}")

    def _defined_in(self, module: str) -> Iterator[type[T]]:
        for value in dict.fromkeys(filter(inspect.isclass, vars(sys.modules[module]).values())):
            if issubclass(value, self._base) and value.__module__ == module:
                yield value


def kind_of(cls: type[BaseModel]) -> str:
    """Return the ``kind`` that settings have unless told otherwise; empty for a class only derived from."""
    kind = cls.model_fields["kind"].default
    return kind if isinstance(kind, str) else ""


def place_of(cls: type) -> str:
    """Return where a class is defined, as ``FILE:LINE``."""
    file = getattr(sys.modules[cls.__module__], "__file__", None) or cls.__module__
    try:
        return f"{file}:{inspect.getsourcelines(cls)[1]}"
    except (OSError, TypeError):  # its source cannot be read
        return file


def _modules(folders: tuple[str, ...]) -> list[str]:
    """Return the names of the modules of a package.

    Raises
    ------
    InputError
        Where two folders have a file of one name, of which only the first would be imported.
    """
    places: dict[str, str] = {}
    for folder in folders:
        for module in iter_modules([folder]):
            if module.name in places:
                files = (Path(places[module.name]), Path(folder))
                raise InputError(" and ".join(str(f / f"{module.name}.py") for f in files) + " have one name")
            places[module.name] = folder
    return list(places)


def _found_wrong(error: Exception) -> str:
    """Return what is wrong with a module, and in which file and line of it."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "importlib" not in f.filename and f.filename != __file__]
    # The line of the module itself, not one of a function that it calls.
    line = next((f for f in own if f.name == "<module>"), frames[-1])
    return f"{line.filename}:{line.lineno}: {type(error).__name__}: {error}"
