"""Tables of a file that begin with a ``kind``: which class of a folder reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

if TYPE_CHECKING:
    from gdstudio.core.registry import Registry

T = TypeVar("T", bound=BaseModel)


def parse_kind(value: Any, known: Registry[T], default: str) -> T:
    """Return the settings that a table holds, by the class of its kind.

    A text stands for a table with that kind, and a table without kind for the default one.

    Raises
    ------
    ValueError
        Where there is no such kind; pydantic's ValidationError where a key or value is wrong.
    """
    table = {"kind": value} if isinstance(value, str) else value
    if not isinstance(table, dict):
        raise ValueError(f"{value!r} is not a table; write its keys below a [table] line")
    kind = table.get("kind", default)
    if not isinstance(kind, str) or kind not in known:
        raise ValueError(f"{kind} is not one of the choices; give {', '.join(map(repr, known))}")
    return known[kind].model_validate({"kind": kind, **table})
