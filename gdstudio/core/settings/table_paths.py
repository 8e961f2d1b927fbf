"""Paths of tables in files: from the file's own folder as it is read, and back to it as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdstudio.core.tables.loading import found, named

if TYPE_CHECKING:
    from pathlib import Path

_KEY = "problem.path"


def with_found_tables(tables: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the tables of a file with each problem's ``path`` as seen from the file's folder.

    Those that a question sets are meant too.
    """
    return {key: _found(key, value, folder) for key, value in tables.items()}


def with_named_tables(tables: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the tables of an experiment with its problem's ``path`` as a file in a folder names it."""
    problem = tables["problem"]
    if not isinstance(problem.get("path"), str):
        return tables
    return {**tables, "problem": {**problem, "path": named(problem["path"], folder)}}


def _found(key: str, value: Any, folder: Path) -> Any:
    if isinstance(value, dict):
        inner = with_found_tables(value, folder)
        if key == "problem" and isinstance(inner.get("path"), str):
            inner["path"] = found(inner["path"], folder)
        return inner
    if isinstance(value, list):
        return [_found("", one, folder) for one in value]
    return found(value, folder) if key == _KEY and isinstance(value, str) else value
