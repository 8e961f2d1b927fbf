"""Runs that are kept on screen so that later ones can be compared with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import format_number
from gdstudio.core.settings.differences import describe_differences
from gdstudio.core.training.events import FinishReason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.events import RunResult
    from gdstudio.core.training.history import Snapshot

MOST_PINS = 6
DIVERGED = " (diverged)"


@dataclass(frozen=True, slots=True, eq=False)
class PinnedRun:
    """A run as it was when it was pinned.

    ``slot``, a number from 0, chooses its colour, dash and mark. ``name`` is empty until the user gives one.
    ``experiment`` and ``rate_changes`` are all that it takes to repeat the run. Runs that were made together
    have the same ``group``.
    """

    slot: int
    experiment: Experiment
    problem: Problem
    snapshot: Snapshot
    rate_changes: tuple[tuple[int, float], ...] = ()
    reason: FinishReason | None = None
    name: str = ""
    group: str = ""
    is_shown: bool = True

    def label(self, others: Iterable[Experiment]) -> str:
        """Return the user's name for it, else the settings in which it differs from ``others``."""
        words = self.name or describe_differences(self.experiment, list(others))
        if self.rate_changes and not self.name:
            words += f", then α = {format_number(self.rate_changes[-1][1], 4)}"
        return words + DIVERGED if self.reason is FinishReason.DIVERGED else words

    def is_same_run(self, other: PinnedRun) -> bool:
        """Whether both are one run, perhaps at two of its steps."""
        return (
            self.experiment.problem == other.experiment.problem
            and self.experiment.run == other.experiment.run
            and self.rate_changes == other.rate_changes
        )


class Pins(QObject):
    """The pinned runs by their slots; emits ``changed`` when one is added, changed or removed."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pins: dict[int, PinnedRun] = {}

    @property
    def all(self) -> tuple[PinnedRun, ...]:
        """All pinned runs."""
        return tuple(self._pins[slot] for slot in sorted(self._pins))

    @property
    def free(self) -> int:
        """How many more can be pinned."""
        return MOST_PINS - len(self._pins)

    def labels(self, current: Experiment) -> dict[int, str]:
        """Return the name of each pin by its slot: how it differs from the others and from ``current``."""
        experiments = [current, *(pin.experiment for pin in self.all)]
        return {pin.slot: pin.label(experiments) for pin in self.all}

    def pin(
        self,
        experiment: Experiment,
        problem: Problem,
        snapshot: Snapshot,
        *,
        rate_changes: tuple[tuple[int, float], ...] = (),
        result: RunResult | None = None,
        group: str = "",
    ) -> PinnedRun:
        """Pin a run; one that is pinned already keeps its slot and its name.

        Raises
        ------
        InputError
            Where the run has made no step, or all slots are taken.
        """
        if snapshot.step == 0:
            raise InputError("There is no run to pin yet. Make a step, or press Play.")
        reason = result.reason if result is not None else None
        made = PinnedRun(0, experiment, problem, snapshot, rate_changes, reason, group=group)
        same = next((pin for pin in self.all if pin.is_same_run(made)), None)
        if same is not None:
            made = replace(made, slot=same.slot, name=same.name, group=same.group or group)
        elif not self.free:
            raise InputError(f"{MOST_PINS} runs are pinned, and there is room for no more. Unpin one first.")
        else:
            made = replace(made, slot=min(set(range(MOST_PINS)) - set(self._pins)))
        self._pins[made.slot] = made
        self.changed.emit()
        return made

    def rename(self, slot: int, name: str) -> None:
        """Give a pin a name; an empty one removes it, and the pin is named by its settings again."""
        self._change(slot, name=" ".join(name.split())[:60])

    def show(self, slot: int, shown: bool) -> None:
        """Show a pin in the pictures, or hide it."""
        self._change(slot, is_shown=shown)

    def unpin(self, slot: int) -> None:
        """Remove a pin."""
        if self._pins.pop(slot, None) is not None:
            self.changed.emit()

    def unpin_group(self, group: str) -> None:
        """Remove all pins of a group, except those that the user has given a name."""
        going = [pin.slot for pin in self.all if pin.group == group and not pin.name]
        for slot in going:
            del self._pins[slot]
        if going:
            self.changed.emit()

    def _change(self, slot: int, **what: Any) -> None:
        pin = self._pins.get(slot)
        if pin is not None and any(getattr(pin, name) != value for name, value in what.items()):
            self._pins[slot] = replace(pin, **what)
            self.changed.emit()
