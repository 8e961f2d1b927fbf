"""Which part of the package may import which, types included, and that no two modules need each other."""

from __future__ import annotations

import ast
import tomllib
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from itertools import pairwise
from pathlib import Path

import pytest

import gdstudio

PACKAGE = Path(gdstudio.__file__).parent
CORE = {"ground", "tables", "problems", "settings", "training", "sweep", "race", "program", "headless"}
DRAWING = {"plotting", "controls", "formula", "code", "widgets"}
ALLOWED = {
    "ground": set(),
    "tables": {"ground"},
    "problems": {"ground", "tables"},
    "settings": {"ground", "tables", "problems"},
    "training": {"ground", "tables", "problems", "settings"},
    "sweep": {"ground", "tables", "problems", "settings", "training"},
    "race": {"ground", "tables", "problems", "settings", "training"},
    "program": {"ground", "tables", "problems", "settings"},
    "headless": CORE,
    "lessons": CORE,
    "worker": CORE,
    "widgets": CORE,
    "formula": CORE | {"worker", "widgets"},
    "controls": CORE | {"worker", "lessons", "widgets"},
    "plotting": CORE | {"worker", "widgets", "formula"},
    "code": CORE | {"worker", "widgets", "plotting"},
    "panels": CORE | {"worker", "widgets", "formula", "plotting", "controls"},
    "window": CORE | DRAWING | {"lessons", "worker", "panels"},
    "start": CORE | DRAWING | {"lessons", "worker", "panels", "window"},
}
"""For each wing the others that it may import.

The ground is what lies directly in ``core``, the start what lies directly in the package: the command line
and the application.
"""
PACKAGES = {
    "tables": "core.tables",
    "problems": "core.problems",
    "settings": "core.settings",
    "training": "core.training",
    "sweep": "core.sweep",
    "race": "core.race",
    "program": "core.program",
    "headless": "core.headless",
    "lessons": "lessons",
    "worker": "worker",
    **{wing: f"views.{wing}" for wing in (*sorted(DRAWING), "panels", "window")},
}
LINTED = {"ground": "core", **PACKAGES}
del LINTED["headless"]  # a single file, not a folder
Graph = dict[str, set[str]]


def module_files() -> dict[str, Path]:
    """Return the file of every module; that of a package is its ``__init__.py``."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = module_files()


def imported(module: str, text: str) -> set[str]:
    """Return the modules of the package that a text imports: anywhere in it, so for types too.

    A package that a module is taken from is one of them: its own ``__init__`` is asked for the name.
    """
    names: set[str] = set()
    package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = resolve_name("." * node.level + (node.module or ""), package)
            submodules = {f"{source}.{alias.name}" for alias in node.names} & MODULES.keys()
            names |= submodules | {source}
    return names & MODULES.keys()


def import_graph() -> Graph:
    return {module: imported(module, path.read_text("utf-8")) for module, path in MODULES.items()}


def wing_of(module: str) -> str:
    inside = module.removeprefix("gdstudio").removeprefix(".")
    for wing, package in PACKAGES.items():
        if inside == package or inside.startswith(f"{package}."):
            return wing
    return "ground" if inside.split(".")[0] == "core" else "start"


def offences(graph: Graph) -> set[tuple[str, str]]:
    """Return the imports, each as importer and imported, that the rules forbid."""
    return {
        (module, needed)
        for module, all_needed in graph.items()
        for needed in all_needed
        if wing_of(needed) not in ALLOWED[wing_of(module)] | {wing_of(module)}
    }


def circles(graph: Graph) -> set[frozenset[str]]:
    """Return the modules of circles, one after another, each opened to find the next."""
    graph, found = {module: set(needed) for module, needed in graph.items()}, set()
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1]
            found.add(frozenset(circle))
            for needed, module in pairwise(circle):
                graph[module].discard(needed)
        else:
            return found


def test_that_every_wing_imports_only_what_it_may() -> None:
    assert not offences(import_graph())


def test_that_no_modules_import_each_other_in_a_circle() -> None:
    assert not circles(import_graph())


def test_that_no_panel_imports_another() -> None:
    for module, needed in import_graph().items():
        if wing_of(module) == "panels":
            assert not {name for name in needed if wing_of(name) == "panels"}


@pytest.mark.parametrize("wing", LINTED)
def test_that_the_linter_knows_the_rules_of_each_wing(wing: str) -> None:
    settings = tomllib.loads((PACKAGE / LINTED[wing].replace(".", "/") / "ruff.toml").read_text("utf-8"))
    banned = settings["lint"]["flake8-tidy-imports"]["banned-api"]
    own = [name.removeprefix("gdstudio.") for name in banned if name.startswith("gdstudio.")]
    forbidden = {
        other
        for other, package in PACKAGES.items()
        if f"{package}.".startswith(tuple(f"{name}." for name in own))
    }
    assert forbidden == PACKAGES.keys() - ALLOWED[wing] - {wing}
    assert {"app", "cli"} <= set(own)


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("gdstudio.core.seeds", "from gdstudio.core.problems import Problem"),
        ("gdstudio.core.problems", "def late():\n    import gdstudio.core.training.trainer"),
        ("gdstudio.core.program.plan", "from gdstudio.core import headless"),
        ("gdstudio.lessons.cue", "if TYPE_CHECKING:\n    from gdstudio.worker.session import Session"),
        ("gdstudio.views.panels.contour", "from ..window import transport"),
        ("gdstudio.views.widgets.theme", "from gdstudio.views.plotting import panel"),
        ("gdstudio.views.window.keys", "import gdstudio.app"),
    ],
)
def test_that_an_import_against_the_rules_is_found(module: str, text: str) -> None:
    assert offences({module: imported(module, text)})


def test_that_a_circle_through_the_face_of_a_package_is_found() -> None:
    graph = import_graph()
    graph["gdstudio.core.problems.problem"] |= imported(
        "gdstudio.core.problems.problem", "from gdstudio.core.problems import by_torch"
    )
    assert {frozenset({"gdstudio.core.problems", "gdstudio.core.problems.problem"})} <= circles(graph)


def test_that_a_circle_through_types_is_found() -> None:
    graph = import_graph()
    graph["gdstudio.views.widgets.theme"] |= imported(
        "gdstudio.views.widgets.theme",
        "if TYPE_CHECKING:\n    from gdstudio.views.plotting.panel import Panel",
    )
    added = circles(graph)
    assert any(
        {"gdstudio.views.widgets.theme", "gdstudio.views.plotting.panel"} <= circle for circle in added
    )
