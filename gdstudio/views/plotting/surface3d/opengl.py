"""Whether there is OpenGL here, found out once, and the one context in which everything is drawn.

Drawing goes into a picture off the screen, not into a widget of OpenGL's own: the first such widget would
make the whole window anew, which blinks, and from then on every frame of the window would go through it.
"""

from __future__ import annotations

import os
import sys
from functools import cache

from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext

_WITHOUT = ("offscreen", "minimal", "vnc")
"""Platforms that have none and complain of being asked."""
_LEAST = (2, 1)


class Canvas:
    """A context with the surface that it needs; both live as long as the application."""

    def __init__(self, context: QOpenGLContext, surface: QOffscreenSurface) -> None:
        self.context = context
        self._surface = surface

    def take(self) -> bool:
        """Make the context the current one; return whether that went well."""
        return self.context.makeCurrent(self._surface)

    def release(self) -> None:
        """Let the context go."""
        self.context.doneCurrent()


@cache
def canvas() -> Canvas | None:
    """Return where OpenGL draws, or None where there is none."""
    app = QGuiApplication.instance()
    if app is None or QGuiApplication.platformName() in _WITHOUT:
        return None
    context = QOpenGLContext(app)
    if not context.create():
        return None
    surface = QOffscreenSurface(None, app)
    surface.setFormat(context.format())
    surface.create()
    made = Canvas(context, surface)
    if not surface.isValid() or not made.take():
        return None
    made.release()
    _tell_interface(QGuiApplication.platformName())
    version = context.format().version()
    return made if context.isOpenGLES() or tuple(version) >= _LEAST else None


def _tell_interface(platform: str) -> None:
    """Have PyOpenGL, imported later, look for its context where Qt has it; by itself it goes by the session.

    In a Wayland session a window may well be one of X11.
    """
    if sys.platform == "linux":
        by_glx = platform == "xcb" and os.environ.get("QT_XCB_GL_INTEGRATION", "xcb_glx") != "xcb_egl"
        os.environ.setdefault("PYOPENGL_PLATFORM", "glx" if by_glx else "egl")
