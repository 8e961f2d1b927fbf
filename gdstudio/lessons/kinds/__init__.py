"""The kinds of cue. Every module of this folder with a `Cue` that has a ``kind`` is one."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import PlainValidator

from gdstudio.core.hyperparameter import one_of
from gdstudio.core.registry import Registry, kind_of
from gdstudio.lessons.cue import Cue

CUES: Registry[Cue] = Registry(__name__, Cue, kind_of, lambda cls: cls.place)  # type: ignore[type-abstract]  # an abstract base
_DEFAULT = "choice"


def parse_cue(value: Any) -> Cue:
    """Return the cue that a ``[[cue]]`` table holds; one without a kind has choices.

    Raises
    ------
    ValueError
        Where there is no such kind; pydantic's ValidationError where a key or value is wrong.
    """
    if isinstance(value, Cue):
        return value
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is not a table; write its keys below a [[cue]] line")
    kind = value.get("kind", _DEFAULT)
    if not isinstance(kind, str) or kind not in CUES:
        raise ValueError(f"kind: {kind!r} is not one of the choices; give {one_of(list(CUES))}")
    return CUES[kind].model_validate(value)


AnyCue = Annotated[Cue, PlainValidator(parse_cue)]
"""The type of a field that holds a cue of any kind."""
