"""No two modules of the worker import each other in a circle, not even for their types."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import gdstudio.worker

PREFIX = "gdstudio.worker."


def imported(path: Path) -> set[str]:
    """Return the modules of the worker that a file imports anywhere, under TYPE_CHECKING too."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)}


def test_that_the_modules_of_the_worker_import_each_other_in_no_circle() -> None:
    files = Path(gdstudio.worker.__file__).parent.glob("*.py")
    graph = {file.stem: imported(file) for file in files}
    assert "player" in graph["session"]
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle
