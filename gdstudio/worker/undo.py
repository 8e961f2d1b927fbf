"""Takes edits of the experiment back, and makes them again."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from PySide6.QtCore import QObject, Slot

from gdstudio.core.hyperparameter import applies_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gdstudio.core.settings.experiment import Experiment

MOST_EDITS = 200
MOST_NUMBERS = 2_000_000
"""How many edits are kept, and how many numbers in all of them: a point of very many moves with them all."""
_ONE_MOVE = 1.0
"""Seconds within which edits of the same settings, such as a slider makes, are one."""
_UNSEEN = {"pace", "picture"}
"""What changes no number of the run is not taken back."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """The values, by their paths, before and after an edit; None for one that was not given."""

    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def size(self) -> int:
        return sum(len(v) for part in (self.before, self.after) for v in part.values() if type(v) is tuple)


class Undo(QObject):
    """The edits made so far, and those taken back.

    Edits that belong together are one: those of one gesture (see `one`), and those of the same settings that
    follow each other within a second.

    Parameters
    ----------
    edit
        Makes an edit, and tells whether it could be made.
    clock
        Returns the time in seconds.
    """

    def __init__(
        self,
        edit: Callable[[dict[str, Any]], bool],
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._edit, self._clock = edit, clock
        self._done: list[_Edit] = []
        self._taken_back: list[_Edit] = []
        self._noted_at = -_ONE_MOVE
        self._is_open = self._is_own = False
        self._joins = False

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit to make again."""
        return bool(self._taken_back)

    def clear(self) -> None:
        """Forget all edits, since another experiment is on screen."""
        self._done.clear()
        self._taken_back.clear()
        self.close()

    def note(self, before: Experiment, after: Experiment, paths: Iterable[str]) -> None:
        """Remember that an edit set these paths."""
        paths = [path for path in paths if applies_of(before, path) not in _UNSEEN]
        edit = _Edit(_values(before, paths), _values(after, paths))
        if self._is_own or edit.before == edit.after:
            return
        self._taken_back.clear()
        if self._joins and (self._is_open or self._clock() - self._noted_at < _ONE_MOVE):
            edit = self._joined(edit)
        self._joins = edit.before != edit.after  # one that leads back to where it began is none
        if self._joins:
            self._done.append(edit)
            self._bound()
        self._noted_at = self._clock()

    def open(self) -> None:
        """Begin a gesture, such as a drag: its edits are one, however long it takes."""
        self._is_open, self._joins = True, False

    def close(self) -> None:
        """End a gesture: what follows is another edit."""
        self._is_open = self._joins = False

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take the edits within for one, and for no part of those before and after."""
        self.open()
        try:
            yield
        finally:
            self.close()

    @Slot(result=bool)
    def undo(self) -> bool:
        """Take the last edit back; return whether there was one that could be."""
        return self._go(self._done, self._taken_back, lambda edit: edit.before)

    @Slot(result=bool)
    def redo(self) -> bool:
        """Make the edit again that was taken back last; return whether there was one that could be."""
        return self._go(self._taken_back, self._done, lambda edit: edit.after)

    def _go(
        self, source: list[_Edit], target: list[_Edit], values: Callable[[_Edit], dict[str, Any]]
    ) -> bool:
        if not source or self._is_open:
            return False
        self._joins, self._is_own = False, True
        try:
            done = self._edit(values(source[-1]))
        finally:
            self._is_own = False
        if done:
            target.append(source.pop())
        return done

    def _joined(self, edit: _Edit) -> _Edit:
        """Return an edit with the one before it, where it sets nothing else or is of the same gesture."""
        if not (self._is_open or edit.before.keys() <= self._done[-1].before.keys()):
            return edit
        first = self._done.pop()
        return _Edit({**edit.before, **first.before}, {**first.after, **edit.after})

    def _bound(self) -> None:
        del self._done[:-MOST_EDITS]
        while len(self._done) > 1 and sum(edit.size for edit in self._done) > MOST_NUMBERS:
            del self._done[0]


def _values(experiment: Experiment, paths: Iterable[str]) -> dict[str, Any]:
    return {path: _plain(_at(experiment, path)) for path in paths}


def _at(experiment: Experiment, path: str) -> Any:
    """Return the value at a path, None where this experiment has no such field."""
    value: Any = experiment
    for key in path.split("."):
        value = getattr(value, key, None)
    return value


def _plain(value: Any) -> Any:
    """Return a value as it stands in the tables of a file."""
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_none=True)
    if isinstance(value, tuple) and any(isinstance(part, BaseModel) for part in value):
        return tuple(map(_plain, value))
    return value
