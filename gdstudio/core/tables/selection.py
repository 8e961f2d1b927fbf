"""Which columns of a table are learnt from, and which is learnt: rows of numbers X and labels y."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import counted, format_count, format_number
from gdstudio.core.tables.column import Column, ColumnKind
from gdstudio.core.tables.numerals import number

if TYPE_CHECKING:
    from gdstudio.core.tables.table import Table
    from gdstudio.core.typing import Floats

Task = Literal["regression", "classes"]
MAX_FEATURES = 20
_YES = ("yes", "true", "passed", "pass", "success", "positive", "y", "t", "1", "ja", "oui", "si", "sim")
"""Of two texts one of these is the yes."""
_FEW = 6


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Rows that have all of their cells.

    Parameters
    ----------
    label, features
        The names of the columns.
    X, y
        Their numbers, (n, d) and (n,).
    columns
        The places of the features and then of the label in the table.
    left_out
        How many rows lack a cell.
    yes
        What the label of a 1 is, as it is written or a number; None where the label is a number to learn.
    classes
        The labels of a 0 and of a 1 in words; empty where there are none.
    notes
        What is to be said about it, as sentences.
    """

    label: str
    features: tuple[str, ...]
    X: Floats
    y: Floats
    columns: tuple[int, ...]
    left_out: int
    yes: str | float | None
    classes: tuple[str, ...]
    notes: tuple[str, ...]


@lru_cache(maxsize=8)
def select(
    table: Table,
    label: str | None,
    features: tuple[str, ...] | None,
    task: Task,
    yes: str | float | None,
) -> Selection:
    """Return the rows of a table for a task.

    Parameters
    ----------
    table
        The table.
    label
        The column to learn; the last one that can be where none is given.
    features
        The columns to learn from; all others of numbers where none are given.
    task
        Whether the label is a number or a yes or no.
    yes
        The label that is a yes, of a column with more than two.

    Raises
    ------
    InputError
        Where there is no such column, one holds something else, or no rows are left.
    """
    learnt = table.column(label, "label") if label is not None else _last(table, task)
    chosen = _features(table, features, learnt.name)
    y, meant = _labels(learnt, task, yes)
    X = np.column_stack([column.numbers for column in chosen])
    whole = np.isfinite(X).all(axis=1) & np.isfinite(y)
    left_out = int(len(y) - whole.sum())
    notes = _notes(table, (*chosen, learnt), left_out)
    classes: tuple[str, ...] = ()
    if meant is not None:
        classes = meant[1:]
        notes = (*notes, f"{learnt.name}: {meant[2]} counts as 1, {meant[1]} as 0.")
    if whole.sum() < 2:
        raise InputError(
            f"{counted(int(whole.sum()), 'row')} of {format_count(table.rows)} have all of their cells in "
            "the chosen columns, and two at least make a fit; choose other columns."
        )
    places = tuple(table.names.index(column.name) for column in (*chosen, learnt))
    kept = np.ascontiguousarray(X[whole]), np.ascontiguousarray(y[whole])
    names = tuple(column.name for column in chosen)
    return Selection(learnt.name, names, *kept, places, left_out, meant[0] if meant else None, classes, notes)


def labels_of(column: Column) -> tuple[str, ...]:
    """Return what may be the yes of a column: its texts, or its two numbers."""
    if column.kind is ColumnKind.CLASSES:
        return column.texts
    numbers = _different(column)
    return tuple(map(format_number, numbers)) if len(numbers) == 2 else ()


def likely_task(table: Table) -> Task:
    """Return what the last column of a table is likely to be there for."""
    last = table.columns[-1]
    return "classes" if last.kind is ColumnKind.CLASSES and len(last.texts) == 2 else "regression"


def _last(table: Table, task: Task) -> Column:
    """Return the last column that can be learnt."""
    fits = [column for column in table.columns if _can_be_label(column, task)]
    if not fits:
        what = "of numbers" if task == "regression" else "of two labels"
        raise InputError(f"label: no column {what} is in the table; {_kinds(table)}")
    return fits[-1]


def _can_be_label(column: Column, task: Task) -> bool:
    if task == "regression":
        return column.kind is ColumnKind.NUMBERS
    return len(labels_of(column)) == 2


def _features(table: Table, names: tuple[str, ...] | None, label: str) -> tuple[Column, ...]:
    if names is None:
        names = tuple(name for name in table.numeric if name != label)
        if not names:
            raise InputError(f"features: no column of numbers is left besides the label; {_kinds(table)}")
        if len(names) > MAX_FEATURES:
            raise InputError(
                f"features: the table has {len(names)} columns of numbers; choose at most {MAX_FEATURES}"
            )
    columns = tuple(table.column(name, "features") for name in names)
    if label in names:
        raise InputError(
            f"features: {label!r} is the label; a feature that is learnt itself explains nothing"
        )
    if len(set(names)) < len(names):
        raise InputError("features: a column is there twice; remove one")
    for column in columns:
        if column.kind is not ColumnKind.NUMBERS:
            usable = ", ".join(repr(name) for name in table.numeric) or "none"
            raise InputError(
                f"features: {column.name!r} holds {column.kind}, and a feature is a number; choose of: "
                f"{usable}"
            )
    return columns


def _labels(
    column: Column, task: Task, yes: str | float | None
) -> tuple[Floats, tuple[str | float, str, str] | None]:
    """Return the labels (n,), NaN where there is none, and what a yes is, with 0 and 1 in words."""
    if task == "regression":
        if column.kind is not ColumnKind.NUMBERS:
            raise InputError(
                f"label: {column.name!r} holds {column.kind}, and a regression learns numbers; choose "
                'another column, or task = "classes"'
            )
        return column.numbers, None
    if column.kind is ColumnKind.CLASSES:
        return _of_texts(column, yes)
    if column.kind is ColumnKind.NUMBERS:
        return _of_numbers(column, yes)
    raise InputError(
        f"label: {column.name!r} holds {column.kind}, and a yes or no has two labels; choose another"
    )


def _of_texts(column: Column, yes: str | float | None) -> tuple[Floats, tuple[str | float, str, str]]:
    texts = column.texts
    if yes is None and len(texts) != 2:
        known = _listed(texts)
        raise InputError(
            f"label: {column.name!r} has {counted(len(texts), 'label')} ({known}), and a yes or no has "
            "two; say which of them is the yes: yes = ..."
        )
    chosen = _yes_of(texts) if yes is None else str(yes)
    if chosen not in texts:
        raise InputError(f"yes: {column.name!r} has no {chosen!r}; give one of: {_listed(texts)}")
    y = np.where(column.codes < 0, np.nan, column.codes == texts.index(chosen)).astype(np.float64)
    others = [text for text in texts if text != chosen]
    no = repr(others[0]) if len(others) == 1 else "every other"
    return y, (chosen, no, repr(chosen))


def _of_numbers(column: Column, yes: str | float | None) -> tuple[Floats, tuple[str | float, str, str]]:
    numbers = _different(column)
    if yes is not None:
        value = yes if not isinstance(yes, str) else number(yes, None)
        if value is None or not (column.numbers == value).any():
            raise InputError(f"yes: {column.name!r} has no {yes!r}; give one of its numbers")
    elif set(numbers) <= {0.0, 1.0}:
        value = 1.0
    elif len(numbers) == 2:
        value = max(numbers)
    else:
        raise InputError(
            f"label: {column.name!r} has more than two different numbers, and a yes or no has two labels; "
            'choose another column, say which number is the yes, or task = "regression"'
        )
    y = np.where(np.isnan(column.numbers), np.nan, column.numbers == value).astype(np.float64)
    others = [one for one in numbers if one != value]
    no = format_number(others[0]) if len(others) == 1 else "every other"
    return y, (value, no, format_number(value))


def _different(column: Column) -> list[float]:
    """Return the different numbers of a column, the first three of them where there are more."""
    numbers = column.numbers[np.isfinite(column.numbers)]
    if len(numbers) > _FEW * 1000 and len(np.unique(numbers[:1000])) > MAX_FEATURES:
        numbers = numbers[:1000]  # they are many
    found: list[float] = np.unique(numbers).tolist()
    return found


def _yes_of(texts: tuple[str, ...]) -> str:
    known = [text for text in texts if text.casefold() in _YES]
    return known[0] if len(known) == 1 else max(texts)


def _listed(texts: tuple[str, ...]) -> str:
    return ", ".join(repr(text) for text in texts[:_FEW]) + (", ..." if len(texts) > _FEW else "")


def _kinds(table: Table) -> str:
    return "it has " + ", ".join(f"{column.name!r} ({column.kind})" for column in table.columns[:_FEW])


def _notes(table: Table, columns: tuple[Column, ...], left_out: int) -> tuple[str, ...]:
    if not left_out:
        return ()
    lacking = [column.name for column in columns if column.missing or column.wrong]
    names = _listed(tuple(lacking))
    left = "is left out, because a cell" if left_out == 1 else "are left out, because a cell"
    return (
        f"{counted(left_out, 'row')} of {format_count(table.rows)} {left} of {names} is missing or no "
        "number.",
    )
