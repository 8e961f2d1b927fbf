"""The one exception for what a user got wrong, and how pydantic's findings become its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdstudio.core.numbers import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import ValidationError


class InputError(ValueError):
    """Something that a user gave is wrong.

    Parameters
    ----------
    *problems
        One line each: what is wrong, named by its field, and what would be right.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def from_validation(error: ValidationError, prefix: str = "") -> InputError:
    """Turn pydantic's findings into lines such as ``run.learning_rate: 0 is too small; ...``."""
    found = [dict(one) for one in error.errors(include_url=False)]
    return InputError(*dict.fromkeys(_line(one, prefix) for one in found if not _is_echo(one)))


def _is_echo(found: dict[str, Any]) -> bool:
    """Whether a list is only found too short because its wrong entries, named before, do not count."""
    return found["type"] == "too_short" and bool(len(found["input"]) >= found["ctx"]["min_length"])


def _line(found: dict[str, Any], prefix: str) -> str:
    where = ".".join(filter(None, [prefix, _field(found["loc"])]))
    context = found.get("ctx", {})
    remedy = _REMEDIES.get(found["type"])
    if found["type"] == "value_error":
        what = str(context["error"])
        return f"{where}: {what}" if where else what
    words = {"given": _short(found.get("input")), "entries": _entries(context), **context}
    what = remedy.format(**words) if remedy else found["msg"]
    return f"{where}: {what}" if where else what


def _field(location: Sequence[str | int]) -> str:
    name = ""
    for part in location:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else str(part)
    return name


def _entries(context: dict[str, Any]) -> str:
    count = context.get("actual_length")
    return counted(count, "entry") if count is not None else "entries"  # an endless input has no length


def _short(value: object) -> str:
    try:
        text = repr(value)
    except (RecursionError, ValueError):  # nested too deeply, or a whole number of thousands of digits
        return "the value given"
    return text if len(text) <= 40 else text[:37] + "..."


_REMEDIES = {
    "missing": "is missing; give it a value",
    "extra_forbidden": "is not a known key here; check its spelling or remove it",
    "finite_number": "{given} is not a finite number; give a finite one",
    "greater_than": "{given} is too small; give a number greater than {gt}",
    "greater_than_equal": "{given} is too small; give {ge} or more",
    "less_than": "{given} is too large; give a number less than {lt}",
    "less_than_equal": "{given} is too large; give {le} or less",
    "float_type": "{given} is not a number; give a number such as 0.1",
    "float_parsing": "{given} is not a number; give a number such as 0.1",
    "int_type": "{given} is not a whole number; give one such as 10",
    "int_parsing": "{given} is not a whole number; give one such as 10",
    "int_from_float": "{given} is not a whole number; give one such as 10",
    "bool_type": "{given} is neither true nor false; give one of them",
    "string_type": "{given} is not a text; put it in quotes",
    "literal_error": "{given} is not one of the choices; give {expected}",
    "tuple_type": "{given} is not a list; give one such as [0.5]",
    "list_type": "{given} is not a list; give one such as [0.5]",
    "model_type": "{given} is not a table; write its keys below a [table] line",
    "model_attributes_type": "{given} is not a table; write its keys below a [table] line",
    "dict_type": "{given} is not a table; write its keys below a [table] line",
    "too_long": "has {entries}; give at most {max_length}",
    "too_short": "has {entries}; give at least {min_length}",
    "string_too_long": "is too long; give at most {max_length} characters",
}
