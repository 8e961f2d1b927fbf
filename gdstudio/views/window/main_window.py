"""The window: lessons and controls left, pictures in the middle, the run below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QRect, QSettings, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gdstudio.core.errors import InputError
from gdstudio.core.tables.loading import is_table
from gdstudio.lessons.library import lesson, lesson_ids, open_lesson
from gdstudio.views.code.strip import CodeStrip
from gdstudio.views.formula.line import FormulaLine
from gdstudio.views.widgets.focus import FocusKeeper
from gdstudio.views.widgets.spacing import space_out
from gdstudio.views.widgets.theme import GRID, Appearance
from gdstudio.views.window.banner import Banner
from gdstudio.views.window.cue_strip import CueStrip
from gdstudio.views.window.device_chooser import DeviceChooser
from gdstudio.views.window.files import WindowFiles
from gdstudio.views.window.foot import Foot
from gdstudio.views.window.frame_clock import FrameClock
from gdstudio.views.window.help_page import HelpPage
from gdstudio.views.window.keyboard import KeyboardWindow
from gdstudio.views.window.keys import WindowKeys
from gdstudio.views.window.page import Page
from gdstudio.views.window.page_head import PageHead
from gdstudio.views.window.panel_area import PanelArea
from gdstudio.views.window.parts import WindowCommands, WindowParts
from gdstudio.views.window.picture_chooser import PictureButton
from gdstudio.views.window.pin_strip import PinStrip
from gdstudio.views.window.result_line import ResultLine
from gdstudio.views.window.sidebar import SIDEBAR_SHARE, SIDEBAR_WIDTH, Sidebar
from gdstudio.views.window.table.opening import TableOpening
from gdstudio.views.window.transport import Transport
from gdstudio.worker.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QHideEvent, QPaintEvent, QResizeEvent, QShowEvent

    from gdstudio.lessons.lesson import Lesson

_SIZE = QSize(1440, 900)
_FRAME = QSize(16, 48)  # what a window's own frame takes of the screen
_LEAST_SIZE = (1024, 640)


class MainWindow(KeyboardWindow):
    """Brings the parts together; each of them talks to the session alone.

    Parameters
    ----------
    shown
        The lesson to open with; the one of last time, or the first, where None.
    settings
        Where the window's places, theme and last lesson are remembered.
    """

    def __init__(self, shown: Lesson | None = None, settings: QSettings | None = None) -> None:
        super().__init__()
        self._settings = settings or QSettings("gdstudio", "gdstudio")
        self._lesson = shown or self._last_lesson()
        self._take_place()
        self.appearance = Appearance(self)
        theme, zoomed = (
            str(self._settings.value("theme", "light")),
            _number(self._settings.value("zoom"), 1.0),
        )
        self.appearance.begin(theme, zoomed, self.width(), self.height())
        self.session = Session(self._lesson.experiment, self)
        self.sidebar = Sidebar(self.session, self.appearance)
        self.code = CodeStrip(self.session, self.appearance)
        self.panels = PanelArea(self.session, self.appearance, self.code)
        self.transport = Transport(self.session, self.appearance)
        self.result = ResultLine(self.session, self.appearance)
        self._foot = Foot(self.appearance, self.result, self.transport)
        self.formula = FormulaLine(self.session, self.appearance)
        self.banner = Banner(self.session, self.formula)
        self.banner.set_shows_formula(str(self._settings.value("formula_line", "shown")) != "hidden")
        self.cues = CueStrip(self.session, self.appearance)
        self.pins = PinStrip(self.session, self.appearance)
        self.device = DeviceChooser(self.session)
        self.clock = FrameClock(self.session, self)
        self.files = WindowFiles(self, self.session, self.banner, self.open, self._settings)
        self.pictures = PictureButton(self.session, self.panels)
        self.head = PageHead(self.appearance, self.device, self.pictures)
        self.tables = TableOpening(self, self.appearance, self.banner, self.show_opened, self.open)
        self._asked_for_torch = False
        self._sidebar_width = SIDEBAR_WIDTH
        self._closed = False
        self._drawn_view: tuple[object, int] | None = None
        self._lay_out()
        self._wire()
        self._restore_places()
        self._show_lesson()
        FocusKeeper(self).tame()
        self.setFocus()

    def open(self, name: str) -> None:
        """Open a lesson or a file, a table by its preview; what is wrong is reported and changes nothing."""
        if is_table(name):
            self.tables.open_path(name)
            return
        try:
            opened = open_lesson(name)
        except InputError as error:
            self.banner.show_errors(error.problems)
            return
        self.show_opened(opened)

    def show_opened(self, opened: Lesson) -> None:
        """Put a lesson on screen; one whose data cannot be made is reported and changes nothing."""
        self.cues.show_lesson(opened)  # so that the question on screen is left before its run is
        if self.session.load(opened.experiment):
            self._lesson = opened
            self._show_lesson()
        else:
            self.cues.show_lesson(self._lesson)

    def _take_place(self) -> None:
        """Take the place on the screen of last time, or one of the first size."""
        self.setMinimumSize(*_LEAST_SIZE)
        self.resize(_SIZE.boundedTo(self.screen().availableSize() - _FRAME))
        self._restore("geometry", self.restoreGeometry)

    def _restore(self, name: str, restore: Callable[[QByteArray], object]) -> None:
        value = self._settings.value(name)
        if isinstance(value, QByteArray):
            restore(value)

    def _lay_out(self) -> None:
        self._middle = Page((self.head, self.cues, self.banner, self.pins), self.panels)
        self.help = HelpPage(self._middle, self.appearance, self._room_for_help)
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._across.setChildrenCollapsible(False)
        self._across.addWidget(self.sidebar)
        self._across.addWidget(self._middle)
        self._across.setStretchFactor(0, 0)
        self._across.setStretchFactor(1, 1)
        self._across.splitterMoved.connect(self._on_divided)
        page = QWidget()
        page.setObjectName("page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._across, 1)
        column.addWidget(self._foot)
        self.setCentralWidget(page)
        self._rescale()

    def _room_for_help(self) -> QRect:
        """Return the area below the title, which the help leaves visible, and beside the lessons."""
        top = self.head.mapTo(self._middle, self.head.rect().bottomLeft()).y() + GRID
        return self._middle.rect().adjusted(GRID, max(0, top), -GRID, 0)

    @Slot()
    def _rescale(self) -> None:
        """Follow the scale of the page with what no style sheet reaches."""
        space_out(self, self.appearance.scale)
        self._across.setHandleWidth(self.appearance.pixels(GRID))
        self._share_width()

    @Slot()
    def _share_width(self) -> None:
        """Give the sidebar the width that the user chose, in the page's scale, as far as it may be."""
        wide = round(min(self._sidebar_width * self.appearance.scale, SIDEBAR_SHARE * self.width()))
        self._across.setSizes([wide, max(1, self.width() - wide)])

    @Slot()
    def _on_divided(self) -> None:
        self._sidebar_width = self._across.sizes()[0] / self.appearance.scale

    @override
    def reading_order(self) -> list[QWidget]:
        if self.help.isVisible():
            return [self.help]
        pictures = [self.panels.tabs, *self.panels.shown]
        above = [self.cues, self.banner, self.pins]
        return [self.sidebar, *above, *pictures, self.code, self.transport, self._across]

    @override
    def escape(self) -> None:
        super().escape()
        self.help.close_page()

    def _wire(self) -> None:
        self.sidebar.lesson_chosen.connect(self.open)
        self.sidebar.width_needed.connect(self._share_width)
        self.cues.questions.lesson_wanted.connect(self.open)
        self.cues.save_wanted.connect(self.files.choose_answers)
        self.transport.reset.clicked.connect(self.cues.questions.on_reset)
        self.session.concealed.changed.connect(self._on_replaced)
        self.session.run_replaced.connect(self._on_replaced)
        self.session.experiment_changed.connect(self._on_experiment_changed)
        self.clock.frame.connect(self.panels.draw)
        self.clock.frame.connect(self.code.draw)
        self.clock.frame.connect(self.transport.draw)
        self.clock.frame.connect(self.result.draw)
        self.transport.scrubbed.connect(self.clock.redraw)
        self.clock.frame.connect(self.formula.draw)
        self.clock.frame.connect(self.session.follow_plan)
        self.head.theme.clicked.connect(self.toggle_theme)
        self.head.open.clicked.connect(self.files.choose_file)
        self.head.data.clicked.connect(self._choose_table)
        self.head.save.clicked.connect(self.files.choose_place)
        self.head.export.clicked.connect(self.files.choose_export)
        self.head.help.clicked.connect(self._keys().toggle_help)
        self.appearance.changed.connect(self._rescale)

    def _keys(self) -> WindowKeys:
        parts = WindowParts(
            session=self.session,
            appearance=self.appearance,
            sidebar=self.sidebar,
            transport=self.transport,
            cues=self.cues,
            banner=self.banner,
            code=self.code,
            help=self.help,
        )
        commands = WindowCommands(
            open=self.open,
            choose_file=self.files.choose_file,
            choose_place=self.files.choose_place,
            choose_export=self.files.choose_export,
            choose_table=self._choose_table,
            paste_table=self.tables.paste,
            toggle_theme=self.toggle_theme,
        )
        return WindowKeys(self, parts, commands)

    @Slot()
    def _choose_table(self) -> None:
        if name := self.files.choose_table():
            self.tables.open_path(name)

    def _last_lesson(self) -> Lesson:
        name = str(self._settings.value("lesson", ""))
        return lesson(name if name in lesson_ids() else lesson_ids()[0])

    def _show_lesson(self) -> None:
        self.help.close_page()
        self.files.name = self._lesson.id
        notebook = f"notebook {self._lesson.notebook}" if self._lesson.notebook else ""
        self.head.title.say(self._lesson.title, notebook)
        self.setWindowTitle(f"{self._lesson.title} – gdstudio")
        self.sidebar.show_lesson(self._lesson)
        space_out(self.sidebar, self.appearance.scale)
        self.cues.show_lesson(self._lesson)
        self._on_replaced()

    @Slot()
    def _on_replaced(self) -> None:
        view = self.session.experiment.view
        self._drawn_view = (view.panels, view.feature)
        self.panels.begin()
        if self.isVisible():
            self.clock.start()

    @Slot()
    def _on_experiment_changed(self) -> None:
        """Draw after a change that does not restart the run: another feature, another next move."""
        view = self.session.experiment.view
        if (view.panels, view.feature) != self._drawn_view:
            self._on_replaced()
        else:
            self.clock.redraw()

    @Slot()
    def toggle_theme(self) -> None:
        """Go from light to dark, or back."""
        self.appearance.toggle_theme()

    def _restore_places(self) -> None:
        self._restore("panels", self.panels.put_places)
        self._sidebar_width = _number(self._settings.value("sidebar_width"), SIDEBAR_WIDTH)
        self._share_width()
        self.code.choice = str(self._settings.value("code", ""))
        self.sidebar.form.more.open(self._settings.value("more") == "open")

    def _remember_places(self) -> None:
        self._settings.setValue("code", self.code.choice)
        self._settings.setValue("geometry", self.saveGeometry())
        self._settings.setValue("sidebar_width", self._sidebar_width)
        self._settings.setValue("panels", self.panels.places())
        self._settings.setValue("zoom", self.appearance.zoomed)
        self._settings.setValue("more", "open" if self.sidebar.form.more.is_open else "folded")
        self._settings.setValue("theme", self.appearance.theme.name)
        self._settings.setValue("formula_line", "shown" if self.banner.shows_formula else "hidden")
        if self._lesson.id in lesson_ids():
            self._settings.setValue("lesson", self._lesson.id)
        self._settings.sync()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.appearance.fit_page(event.size().width(), event.size().height())
        self.code.set_room(event.size().height())
        self._foot.set_room(event.size().height())
        self.sidebar.fit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._share_width()  # with a remembered zoom the sidebar wanted more before it had its place
        self.clock.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.clock.stop()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.clock.stop() if self.isMinimized() else self.clock.start()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._asked_for_torch:
            self._asked_for_torch = True
            self.session.training.load_torch()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._closed:
            self._closed = True
            self.clock.stop()
            self._remember_places()
            self.hide()
            self.session.close()
        super().closeEvent(event)


def _number(value: object, otherwise: float) -> float:
    """Return a number that the settings keep as text, or another where they hold none."""
    try:
        return float(str(value))
    except ValueError:
        return otherwise
