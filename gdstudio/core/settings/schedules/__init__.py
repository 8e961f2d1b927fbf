"""The schedules of the learning rate. Every module of this folder with one that has a ``kind`` is one."""

from __future__ import annotations

from typing import Any

from gdstudio.core.registry import Registry, kind_of
from gdstudio.core.settings.kinds import parse_kind
from gdstudio.core.settings.schedules.constant import Constant
from gdstudio.core.settings.schedules.schedule import Schedule

__all__ = ["Constant", "Schedule", "parse_schedule", "schedule_titles"]


SCHEDULES: Registry[Schedule] = Registry(__name__, Schedule, kind_of, lambda cls: cls.place)  # type: ignore[type-abstract]  # an abstract base


def schedule_titles() -> dict[str, str]:
    """Return what each schedule is called in a list, by its kind."""
    return {kind: cls.title for kind, cls in SCHEDULES.classes().items()}


def parse_schedule(value: Any) -> Schedule:
    """Return the settings that a ``[run.schedule]`` table holds.

    ``schedule = "cosine"`` stands for a table with that kind, and a table without kind for a constant rate.

    Raises
    ------
    ValueError
        Where there is no such kind; pydantic's ValidationError where a key or value is wrong.
    """
    return value if isinstance(value, Schedule) else parse_kind(value, SCHEDULES, kind_of(Constant))
