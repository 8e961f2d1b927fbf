"""What the keys of a window command: its parts, and what only the window as a whole can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.views.code.strip import CodeStrip
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.views.window.banner import Banner
    from gdstudio.views.window.cue_strip import CueStrip
    from gdstudio.views.window.help_page import HelpPage
    from gdstudio.views.window.sidebar import Sidebar
    from gdstudio.views.window.transport import Transport
    from gdstudio.worker.session import Session


@dataclass(frozen=True, slots=True)
class WindowParts:
    """The parts that have keys of their own."""

    session: Session
    appearance: Appearance
    sidebar: Sidebar
    transport: Transport
    cues: CueStrip
    banner: Banner
    code: CodeStrip
    help: HelpPage


@dataclass(frozen=True, slots=True)
class WindowCommands:
    """The commands that no part can carry out alone; each is a method of the window."""

    open: Callable[[str], None]
    choose_file: Callable[[], None]
    choose_place: Callable[[], None]
    choose_export: Callable[[], None]
    choose_table: Callable[[], None]
    paste_table: Callable[[], None]
    toggle_theme: Callable[[], None]
