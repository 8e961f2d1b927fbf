"""Lets a test put new files into a package, in a temporary folder, and takes them out again."""

from __future__ import annotations

import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

NEW_FILES = Path(__file__).parent / "new_files"
PACKAGES = {
    "kinds": "gdstudio.core.problems.kinds",
    "losses": "gdstudio.core.problems.losses",
    "mistakes": "gdstudio.core.problems.mistakes",
    "optimizers": "gdstudio.core.settings.optimizers",
    "schedules": "gdstudio.core.settings.schedules",
    "panels": "gdstudio.views.panels",
}


class Folders:
    """Temporary folders that packages look into as well."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._added: list[tuple[str, str]] = []

    def add(self, kind: str, name: str, text: str | None = None) -> None:
        """Add one file to a package: a text, or the file of that name in ``new_files``, unless it has it."""
        package = PACKAGES[kind]
        path = import_module(package).__path__
        if text is None and Path(path[0], f"{name}.py").exists():
            return
        folder = self._root / kind
        folder.mkdir(exist_ok=True)
        target = folder / f"{name}.py"
        if text is None:
            shutil.copy(NEW_FILES / kind / f"{name}.py", target)
        else:
            target.write_text(text, encoding="utf-8")
        if str(folder) in path:
            path.remove(str(folder))
        path[:] = [*path, str(folder)]
        self._added.append((package, name))

    def add_new_files(self) -> None:
        """Add every file of ``new_files``."""
        for file in sorted(NEW_FILES.glob("*/*.py")):
            self.add(file.parent.name, file.stem)

    def remove(self) -> None:
        """Take everything out again."""
        for package, name in self._added:
            module = import_module(package)
            module.__path__[:] = [p for p in module.__path__ if not p.startswith(str(self._root))]
            imported = sys.modules.get(f"{package}.{name}")
            if imported is not None and self._has_made(imported):
                del sys.modules[f"{package}.{name}"]
                delattr(module, name)

    def _has_made(self, module: ModuleType) -> bool:
        """Whether a module is a new file: one of the package's own with its name must stay."""
        return (module.__file__ or "").startswith(str(self._root))
