"""The engine and the lessons need no Qt; what only reads needs no torch. Each in a process of its own."""

from __future__ import annotations

import subprocess
import sys


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )


BLOCKED = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"PySide6", "shiboken6", "pyqtgraph"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocker())
"""


def test_that_everything_but_the_window_works_without_qt() -> None:
    code = f"""{BLOCKED}
import pkgutil, gdstudio.core, gdstudio.lessons
for package in (gdstudio.core, gdstudio.lessons):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        __import__(module.name)
from gdstudio.cli import main
for command in (["lessons"], ["devices"], ["run", "learning-rate"], ["run", "pytorch-loop", "--json"]):
    assert main(command) == 0
assert not any("PySide6" in name or "pyqtgraph" in name for name in sys.modules)
"""
    ended = python(code)
    assert (ended.returncode, ended.stderr.count("Traceback")) == (0, 0), ended.stderr


def test_that_the_window_without_qt_is_refused_with_the_remedy() -> None:
    offscreen = (
        "import os\nos.environ['QT_QPA_PLATFORM'] = 'offscreen'  # so that a display is not missed first"
    )
    ended = python(f"{BLOCKED}\n{offscreen}\nfrom gdstudio.cli import main\nsys.exit(main([]))")
    assert ended.returncode == 2
    assert ended.stderr.startswith("gdstudio: ")
    assert "install" in ended.stderr


def test_that_no_command_but_the_window_imports_qt() -> None:
    commands = [["lessons"], ["devices"], ["run", "learning-rate", "--set", "max_steps=2"]]
    ended = python(
        "import sys; from gdstudio.cli import main\n"
        "qt = ('PySide6', 'shiboken6', 'pyqtgraph', 'gdstudio.views')\n"
        f"for command in {commands}:\n"
        "    assert main(command) == 0\n"
        "    assert not [m for m in sys.modules if m.startswith(qt)], command"
    )
    assert ended.returncode == 0, ended.stderr


def test_that_reading_lessons_does_not_import_torch() -> None:
    ended = python(
        "import sys, gdstudio.core.settings.experiment\n"
        "from gdstudio.lessons.library import lesson, lesson_ids\n"
        "lessons = [lesson(name) for name in lesson_ids()]\n"
        "assert lessons and 'torch' not in sys.modules"
    )
    assert ended.returncode == 0, ended.stderr
