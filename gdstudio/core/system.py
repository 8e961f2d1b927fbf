"""What a bare Linux machine lacks before a window can open, and the one line that mends it."""

from __future__ import annotations

import ctypes.util
import os
import sys

_OFFSCREEN = {"EGL": "libegl1", "GL": "libgl1", "fontconfig": "libfontconfig1", "xkbcommon": "libxkbcommon0"}
_XCB = {
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-image": "libxcb-image0",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-randr": "libxcb-randr0",
    "xcb-render-util": "libxcb-render-util0",
    "xcb-shape": "libxcb-shape0",
    "xcb-xinerama": "libxcb-xinerama0",
    "xcb-xkb": "libxcb-xkb1",
    "OpenGL": "libopengl0",
}


def missing_packages() -> list[str]:
    """Return the Debian packages of the system libraries that the window needs and does not find."""
    if not sys.platform.startswith("linux"):
        return []
    needed = dict(_OFFSCREEN)
    if os.environ.get("QT_QPA_PLATFORM", "xcb").startswith("xcb") and os.environ.get("DISPLAY"):
        needed |= _XCB
    return [package for name, package in needed.items() if ctypes.util.find_library(name) is None]


def missing_library_remedy(error: ImportError) -> str:
    """Say in one line how to mend an import of Qt that failed."""
    packages = missing_packages()
    if packages:
        return f"a system library is missing ({error}); run: sudo apt-get install {' '.join(packages)}"
    if (
        error.name
        and error.name.split(".")[0] in {"PySide6", "pyqtgraph", "shiboken6"}
        and "lib" not in str(error)
    ):
        return "the window needs PySide6 and pyqtgraph; install gdstudio again: pip install gdstudio"
    return f"the window cannot open: {error}"
