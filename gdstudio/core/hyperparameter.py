"""A hyperparameter, declared once: from it come its control, its checks, its file key and its help."""

from __future__ import annotations

import types
from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import PydanticKnownError, core_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

Scale = Literal["linear", "log"]
Applies = Literal["restart", "next_step", "pace", "picture"]
"""What a change does to the run on screen.

restart: the run begins again from its start. next_step: the run goes on, and its steps from the next one
on use the new value; the change is recorded with its step. pace: only how fast steps come changes.
picture: only what is drawn changes.
"""
Kind = Literal["number", "integer", "switch", "choice", "numbers", "counts", "text", "table"]
"""Numbers are a tuple of floats, counts one of integers."""

Titles: TypeAlias = Callable[[], dict[str, str]]
"""Gives the words for each name that may be chosen, in the order of a list to choose from."""

_KEY = "hyperparameter"
_APPLIES = "applies"


@dataclass(frozen=True, slots=True)
class OneOf:
    """Marks a text that must be one of some names, such as the files of a folder: ``Annotated[str, ...]``.

    ``known`` tells whether a name is one of them without asking for them all.
    """

    titles: Titles
    known: Container[str]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return what checks a value before anything else looks at it."""
        return core_schema.no_info_before_validator_function(self._check, handler(source))

    def _check(self, value: Any) -> Any:
        if not isinstance(value, str) or value not in self.known:
            raise PydanticKnownError("literal_error", {"expected": one_of(list(self.titles()))})
        return value


def one_of(names: list[str]) -> str:
    """Write names to choose from: ``'a', 'b' or 'c'``."""
    quoted = [repr(name) for name in names]
    return " or ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


@dataclass(frozen=True, slots=True)
class SliderRange:
    """Over which values a slider goes where the lesson does not say."""

    minimum: float
    maximum: float
    step: float | None = None


class Settings(BaseModel):
    """A frozen table of settings that knows only its own keys and takes no NaN or infinity."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, strict=True, validate_default=True
    )


def hyperparameter(
    default: Any,
    *,
    title: str,
    help: str,  # noqa: A002 - the standard word for it
    symbol: str = "",
    scale: Scale = "linear",
    applies: Applies = "restart",
    choices: dict[str, str] | Titles | None = None,
    slider: SliderRange | None = None,
    is_rarely_changed: bool = False,
    **bounds: Any,
) -> Any:
    """Declare a field of a `Settings` table.

    Parameters
    ----------
    default
        The value where none is given; ``...`` where one must be.
    title, symbol, help
        What a control, its tooltip and the help say: words first, the symbol behind.
    scale
        How a slider spaces its values.
    applies
        What a change does to the run on screen (`Applies`).
    choices
        The words for each value of a literal; a function that gives the names and words of an `OneOf`.
    slider
        Over which values a slider goes where the lesson does not say.
    is_rarely_changed
        Whether it has no control among those of its table, where it would only take room.
    **bounds
        ``gt``, ``ge``, ``lt``, ``le``, ``max_length``, ``strict`` and what else pydantic's Field takes.
    """
    extra: dict[str, Any] = {
        **declared_to_apply(applies),
        _KEY: {
            "symbol": symbol,
            "scale": scale,
            "choices": choices or {},
            "slider": slider,
            "is_rarely_changed": is_rarely_changed,
        },
    }
    return Field(default, title=title, description=help, json_schema_extra=extra, **bounds)


def declared_to_apply(applies: Applies) -> dict[str, Any]:
    """Return the ``json_schema_extra`` of a field that has no control: what its change does to the run.

    A field declared by `hyperparameter` has it already; others, such as lists and tables, take it.
    """
    return {_APPLIES: applies}


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """What is known of one hyperparameter.

    ``minimum`` and ``maximum`` are the field's own bounds, None where it has none; ``open_minimum``
    tells that the minimum itself is not allowed. Those of counts are the bounds of each of them, of which
    there are ``fewest`` to ``most``.
    """

    name: str
    path: str
    kind: Kind
    title: str
    symbol: str
    help: str
    scale: Scale
    applies: Applies
    default: Any
    optional: bool
    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    open_maximum: bool = False
    choices: tuple[tuple[Any, str], ...] = ()
    slider: SliderRange | None = None
    is_rarely_changed: bool = False
    fewest: int = 0
    most: int | None = None

    @property
    def label(self) -> str:
        """The title with the symbol behind it."""
        return f"{self.title} {self.symbol}".strip()

    @property
    def is_live(self) -> bool:
        """Whether the run goes on after a change, rather than begin again."""
        return self.applies != "restart"


def applies_of(settings: BaseModel, path: str) -> Applies:
    """Return what a change of the field at a path does; a field that does not say restarts the run."""
    name, _, rest = path.partition(".")
    field, value = type(settings).model_fields.get(name), getattr(settings, name, None)
    if rest:
        return applies_of(value, rest) if isinstance(value, BaseModel) else "restart"
    return "restart" if field is None else _applies(field)


def _applies(field: FieldInfo) -> Applies:
    extra = field.json_schema_extra
    declared: Any = extra.get(_APPLIES, "restart") if isinstance(extra, dict) else "restart"
    applies: Applies = declared
    return applies


def hyperparameters(settings: BaseModel, prefix: str = "") -> Iterator[Hyperparameter]:
    """Yield every declared hyperparameter of a table and of the tables in it, depth first."""
    for name, field in type(settings).model_fields.items():
        path = f"{prefix}.{name}" if prefix else name
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from hyperparameters(value, path)
        elif isinstance(field.json_schema_extra, dict) and _KEY in field.json_schema_extra:
            found, titles = _describe(type(settings), name, path)
            if titles is None:
                yield found
            else:  # what a folder holds may change, so it is not kept
                yield replace(found, kind="choice", choices=tuple(titles().items()))


@cache
def _describe(settings: type[BaseModel], name: str, path: str) -> tuple[Hyperparameter, Titles | None]:
    """Return what is known of a field, and the function that gives its choices where there is one."""
    field = settings.model_fields[name]
    extra: Any = field.json_schema_extra
    declared: dict[str, Any] = extra[_KEY]
    kind, optional, literals = _kind(field.annotation)
    rules = _rules_of_each(field.annotation) if kind == "counts" else field.metadata
    bounds = {type(rule): rule for rule in rules}
    lengths = {type(rule): rule for rule in field.metadata}
    low = bounds.get(Ge) or bounds.get(Gt)
    high = bounds.get(Le) or bounds.get(Lt)
    titles: Titles | None = declared["choices"] if callable(declared["choices"]) else None
    words: dict[Any, str] = {} if titles is not None else declared["choices"]
    made = Hyperparameter(
        name=name,
        path=path,
        kind=kind,
        title=field.title or name,
        symbol=declared["symbol"],
        help=field.description or "",
        scale=declared["scale"],
        applies=_applies(field),
        default=None if field.is_required() else field.get_default(call_default_factory=False),
        optional=optional,
        minimum=getattr(low, "ge", getattr(low, "gt", None)),
        maximum=getattr(high, "le", getattr(high, "lt", None)),
        open_minimum=Gt in bounds,
        open_maximum=Lt in bounds,
        choices=tuple((value, words.get(value, str(value))) for value in literals),
        slider=declared["slider"],
        is_rarely_changed=declared["is_rarely_changed"],
        fewest=getattr(lengths.get(MinLen), "min_length", 0),
        most=getattr(lengths.get(MaxLen), "max_length", None),
    )
    return made, titles


def _kind(annotation: Any) -> tuple[Kind, bool, tuple[Any, ...]]:
    arguments = get_args(annotation)
    if get_origin(annotation) in {Union, types.UnionType}:
        inner = [a for a in arguments if a is not type(None)]
        kind, _, literals = _kind(inner[0])
        return kind, len(inner) < len(arguments), literals
    if get_origin(annotation) is Literal:
        return "choice", False, arguments
    if get_origin(annotation) is tuple:
        each = get_args(arguments[0])[0] if get_origin(arguments[0]) is Annotated else arguments[0]
        return ("counts" if each is int else "numbers"), False, ()
    simple: dict[Any, Kind] = {bool: "switch", int: "integer", float: "number", str: "text"}
    return simple.get(annotation, "table"), False, ()


def _rules_of_each(annotation: Any) -> list[Any]:
    """Return the bounds of the entries of a tuple, which are annotated with a pydantic Field."""
    each = get_args(annotation)[0]
    declared = get_args(each)[1:] if get_origin(each) is Annotated else ()
    return [rule for field in declared for rule in field.metadata]
