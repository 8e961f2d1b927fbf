"""What can be minimised: one file a problem, one a loss, one a mistake."""

from __future__ import annotations

from typing import Any

from gdstudio.core.problems.problem import Problem, ProblemSpec
from gdstudio.core.registry import Registry, kind_of

__all__ = ["Problem", "ProblemSpec", "parse_problem", "problem_kinds"]


_KINDS: Registry[ProblemSpec] = Registry("gdstudio.core.problems.kinds", ProblemSpec, kind_of)  # type: ignore[type-abstract]  # an abstract base


def problem_kinds() -> dict[str, type[ProblemSpec]]:
    """Return every kind of problem by its name, found by looking into the folder ``kinds``."""
    return _KINDS.classes()


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
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        known = ", ".join(sorted(_KINDS))
        raise ValueError(
            f"kind {kind!r} is not a kind of problem; give one of: {known}"
            if "kind" in value
            else f"kind is missing; give one of: {known}"
        )
    return _KINDS[kind].model_validate(value)
