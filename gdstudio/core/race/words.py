"""Who is ahead in a race, in words that are true at every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.numbers import format_count, format_number, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.race.race import RaceView, Standing

_MOST_NAMED = 3
_LEVEL = 1e-6
"""Costs that differ by a smaller part of the least are level: written down, they are the same."""


def who_is_ahead(view: RaceView) -> str:
    """Return in a few sentences who is ahead, at which cost, and who has diverged or risen."""
    return " ".join(sentences(view))


def sentences(view: RaceView) -> tuple[str, ...]:
    """Return the sentences of `who_is_ahead`, the most important one first."""
    if view.clock == 0:
        count = len(view.standings)
        who = {1: "It begins", 2: "Both begin"}.get(count, f"All {count} begin")
        return (f"{who} at J = {format_number(view.start_cost)}.",)
    going = [one for one in view.order if not one.has_diverged]
    return tuple(filter(None, [_leader(view, going), _next(view, going), _lost(view, going)]))


def level_in_front(view: RaceView) -> list[Standing]:
    """Return who is ahead: one, several whose costs are level, or none where all have diverged."""
    going = [one for one in view.order if not one.has_diverged]
    return [one for one in going if one.cost - going[0].cost <= _LEVEL * abs(going[0].cost)]


def _leader(view: RaceView, going: Sequence[Standing]) -> str:
    spent = f"all {format_count(view.budget)}" if view.clock >= view.budget else _part(view)
    after = f"After {spent} {plural(view.budget, 'gradient evaluation')}"
    if not going:
        return f"{after} all have diverged."
    level, cost = level_in_front(view), f"J = {format_number(going[0].cost, 4)}"
    if len(level) > 1:
        return f"{after} {names(level)} are level in front: {cost}."
    verb = "has won" if view.is_over else "is ahead"
    return f"{after} {level[0].contestant.name} {verb}: {cost}."


def _part(view: RaceView) -> str:
    return f"{format_count(view.clock)} of {format_count(view.budget)}"


def _next(view: RaceView, going: Sequence[Standing]) -> str:
    if len(going) < 2 or len(level_in_front(view)) > 1:
        return ""
    first, second = going[0], going[1]
    times = _times(second.cost, first.cost)
    return f"Next is {second.contestant.name} at {format_number(second.cost, 4)}{times}."


def _times(cost: float, best: float) -> str:
    """Say how many times as high a cost is, where that tells something."""
    if not 0 < best < cost:
        return ""
    ratio = cost / best
    return f", {format_number(ratio, 3)} times as high" if 1.01 <= ratio < 1e6 else ""


def _lost(view: RaceView, going: Sequence[Standing]) -> str:
    diverged = [one for one in view.order if one.has_diverged]
    risen = [one for one in going if one.cost > view.start_cost]
    parts = []
    if diverged:
        parts.append(f"{names(diverged)} {'have' if len(diverged) > 1 else 'has'} diverged")
    if risen:
        parts.append(f"{names(risen)} {'are' if len(risen) > 1 else 'is'} above the start")
    return f"{'; '.join(parts)}." if parts else ""


def names(standings: Sequence[Standing]) -> str:
    """Return names as a list: a, b and c; of many, the first, and how many others."""
    found = [one.contestant.name for one in standings]
    if len(found) > _MOST_NAMED + 1:
        found = [*found[:_MOST_NAMED], f"{len(found) - _MOST_NAMED} others"]
    return " and ".join(filter(None, [", ".join(found[:-1]), found[-1]]))
