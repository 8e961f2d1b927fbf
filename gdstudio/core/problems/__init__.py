"""The problems that can be minimised. Every module of this folder with a `ProblemSpec` is one."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from gdstudio.core.problems.base import Problem, ProblemSpec

__all__ = ["Problem", "ProblemSpec", "parse_problem", "problem_kinds"]


@cache
def problem_kinds() -> dict[str, type[ProblemSpec]]:
    """Return every kind of problem by its name, found by looking into this folder."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return {
        kind: spec
        for spec in _subclasses(ProblemSpec)
        if (kind := spec.model_fields["kind"].default) and isinstance(kind, str)
    }


def _subclasses(cls: type[Any]) -> list[type[ProblemSpec]]:
    below = [sub for child in cls.__subclasses__() for sub in _subclasses(child)]
    return [*cls.__subclasses__(), *below]


def parse_problem(value: Any) -> ProblemSpec:
    """Return the settings that a ``[problem]`` table holds; its ``kind`` says which class checks it.

    Raises
    ------
    ValueError
        Where there is no such kind; pydantic's ValidationError where a key or value is wrong.
    """
    if isinstance(value, ProblemSpec):
        return value
    if not isinstance(value, dict):
        raise ValueError("is not a table; write its keys below a [problem] line")
    kinds = problem_kinds()
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        known = ", ".join(sorted(kinds))
        raise ValueError(
            f"kind {kind!r} is not a kind of problem; give one of: {known}"
            if "kind" in value
            else f"kind is missing; give one of: {known}"
        )
    return kinds[kind].model_validate(value)
