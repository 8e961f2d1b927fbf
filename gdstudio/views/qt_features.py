"""Keep Qt's binding from reading the source of every module that is imported after it.

PySide6 offers ``from __feature__ import snake_case``, and so looks for its own name in the source of each
imported module, torch's nine hundred included: a fifth of a second of every start, and 40 MB of text that
Python's ``linecache`` then keeps. Nothing here uses those features.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import PySide6.QtCore  # noqa: F401 - loads the module that is looked up below

if TYPE_CHECKING:
    from types import ModuleType

_MODULE = "shibokensupport.feature"
_SEARCH = "_mod_uses_pyside"


def leave_sources_unread() -> None:
    """Answer "uses no features" for every module; where PySide6 has no such search any more, do nothing."""
    features = sys.modules.get(_MODULE)
    if features is not None and hasattr(features, _SEARCH):
        setattr(features, _SEARCH, _uses_no_features)


def _uses_no_features(_: ModuleType) -> bool:
    return False


leave_sources_unread()
