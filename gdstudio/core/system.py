"""What a bare Linux machine lacks before a window can open, and the one line that mends it."""

from __future__ import annotations

import ctypes
import os
import sys

_ANYWHERE = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_ON_X = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libOpenGL.so.0": "libopengl0",
}


def why_no_window() -> str | None:
    """Say in one line why a window cannot open here and what mends it; None where nothing is known to.

    Qt itself would abort the process in both cases, with a message that names one library at most.
    """
    if not sys.platform.startswith("linux"):
        return None
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if not platform and not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        return "there is no display to open a window on; set DISPLAY, or use gdstudio run"
    on_x = platform == "xcb" or (not platform and not os.environ.get("WAYLAND_DISPLAY"))
    packages = missing_packages(on_x=on_x)
    if packages:
        return f"system libraries are missing; run: sudo apt-get install {' '.join(packages)}"
    return None


def missing_packages(*, on_x: bool) -> list[str]:
    """Return the Debian packages of the libraries that cannot be loaded; those of X too if asked."""
    needed = _ANYWHERE | _ON_X if on_x else _ANYWHERE
    return [package for library, package in needed.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
