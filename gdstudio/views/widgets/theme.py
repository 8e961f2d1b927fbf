"""The light and the dark theme, the colour of each quantity, and the sizes of text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Template

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from gdstudio.core.resources import resource
from gdstudio.views.widgets.focus_ring import FOCUS_RING
from gdstudio.views.widgets.page_scale import page_scale

SMALL, BODY, TITLE, FORMULA, HEADLINE = 16, 16, 20, 28, 40
"""The sizes of text, in pixels on a page of 1920 x 1080 at 100 %: ticks and legends, controls, ..."""
LEAST_TYPE = 11
"""No text is smaller than this, in pixels."""
LEAST_ZOOM, MOST_ZOOM = 0.8, 2.5
GRID = 8
_LENGTH = re.compile(r"@(\d+)px")


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of the page and of each quantity, in plots, formula, code and table alike."""

    name: str
    page: str
    card: str
    raised: str
    border: str
    groove: str
    text: str
    muted: str
    accent: str
    on_accent: str
    warning: str
    warning_page: str
    error_page: str
    weights: str
    negative: str
    gradient: str
    cost: str
    test_cost: str
    data: str
    prediction: str
    residuals: str
    truth: str
    guess: str
    cost_text: str
    gradient_text: str
    pins: tuple[str, ...]
    racers: tuple[str, ...]
    """The other runs of a race; two of one colour differ in dash and mark."""

    @property
    def is_dark(self) -> bool:
        """Whether the page is dark."""
        return self.name == "dark"


LIGHT = Theme(
    name="light",
    page="#F4F5F7",
    card="#FFFFFF",
    raised="#FFFFFF",
    border="#DDE1E6",
    groove="#C3C9D1",
    text="#1B1F24",
    muted="#59626C",
    accent="#0072B2",
    on_accent="#FFFFFF",
    warning="#B84E00",
    warning_page="#FFF3E6",
    error_page="#FDECEA",
    weights="#0072B2",
    negative="#7F6A00",
    gradient="#D55E00",
    cost="#009E73",
    test_cost="#A8437F",
    data="#3A3F44",
    prediction="#0072B2",
    residuals="#D55E00",
    truth="#6B7178",
    guess="#7B2CBF",
    cost_text="#00795A",
    gradient_text="#B84E00",
    pins=("#7A4A00", "#1E46C8", "#707C00", "#C01CC0", "#0095A8", "#8F5CFF"),
    racers=("#C01CC0", "#B84E00", "#1B1F24", "#707C00", "#8F5CFF", "#0095A8", "#C2185B", "#7A4A00"),
)
DARK = Theme(
    name="dark",
    page="#0C0E11",
    card="#111418",
    raised="#1B2026",
    border="#2A3038",
    groove="#3C4550",
    text="#E8EBEE",
    muted="#A3ABB4",
    accent="#56B4E9",
    on_accent="#0C0E11",
    warning="#E69F00",
    warning_page="#2B2210",
    error_page="#331A17",
    weights="#56B4E9",
    negative="#F0E442",
    gradient="#E69F00",
    cost="#009E73",
    test_cost="#CC79A7",
    data="#D8DCE0",
    prediction="#56B4E9",
    residuals="#E69F00",
    truth="#9AA0A6",
    guess="#C792FF",
    cost_text="#2BB58D",
    gradient_text="#E69F00",
    pins=("#D9A441", "#5A7DFF", "#E6F27A", "#F47CF4", "#22C7DC", "#BC96FF"),
    racers=("#F47CF4", "#E69F00", "#E8EBEE", "#E6F27A", "#9B7BFF", "#22DCC0", "#FF8A9A", "#C9A36A"),
)

_STYLE = Template(
    """
QWidget { color: $text; font-size: ${body}px; }
QMainWindow, QWidget#page, QWidget#sidebar_page, QWidget#page_column { background: $page; }
QToolTip { color: $text; background: $raised; border: 1px solid $border; padding: @6px;
  font-size: ${small}px; }
QScrollArea, QAbstractScrollArea::corner { background: transparent; border: none; }
QFrame[card="true"] { background: $card; border: 1px solid $border; border-radius: @8px; }
QLabel { background: transparent; border: none; }
QLabel[role="title"] { font-size: ${body}px; font-weight: 600; }
QLabel[role="section"] { font-size: ${small}px; font-weight: 600; color: $muted; }
QLabel[role="help"], QLabel[role="muted"] { font-size: ${small}px; color: $muted; }
QLabel[role="restarts"] { font-size: ${small}px; color: $warning; }
QLabel[role="error"] { font-size: ${small}px; color: $warning; }
QLabel[role="headline"] { font-size: ${headline}px; font-weight: 600; }
QSplitter::handle:horizontal { width: @8px; }
QSplitter::handle:vertical { height: @8px; }
QFrame#banner { border-radius: @8px; border: 1px solid $border; background: $raised; }
QFrame#banner[kind="hint"] { background: transparent; border-color: transparent; }
QFrame#banner[kind="hint"] QLabel { color: $muted; }
QToolButton#fold_code { border: none; background: transparent; min-height: @16px; padding: @2px @6px; }
QToolButton#fold_code:focus { border: 2px solid $accent; }
QPushButton[pin="true"] { border-radius: @11px; padding: @1px @6px; }
QToolButton#close_banner { padding: 0 @6px; }
QToolButton#close_banner, QToolButton[pin="true"] { border: none; background: transparent;
  min-height: @16px; }
QToolButton[pin="true"] { padding: 0 @2px; }
QFrame#banner[kind="result"] { border-left: @4px solid $cost; }
QFrame#banner[kind="diverged"] { border-left: @4px solid $gradient; background: $warning_page; }
QFrame#banner[kind="error"] { border-left: @4px solid $warning; background: $error_page; }
QPushButton, QToolButton, QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit {
  background: $raised; border: 1px solid $border; border-radius: @6px; padding: @4px @8px;
  min-height: @24px; }
QToolButton:checked { border-color: $accent; color: $accent; }
QPushButton:hover, QToolButton:hover, QComboBox:hover { border-color: $accent; }
QPushButton:focus, QToolButton:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus,
QListWidget:focus { border: 2px solid $accent; }
QPushButton:disabled, QToolButton:disabled { color: $muted; background: $page; }
QPushButton[mark="chosen"], QPushButton[mark="right"], QPushButton[mark="wrong"] { padding: @3px @7px; }
QPushButton[mark="chosen"]:disabled { color: $text; border: 2px solid $accent; }
QPushButton[mark="right"]:disabled { color: $text; border: 2px solid $cost; }
QPushButton[mark="wrong"]:disabled { color: $text; border: 2px dashed $gradient; }
QPushButton[chip="true"] { border-radius: @11px; padding: @1px @10px; color: $accent; }
QPushButton[chip="true"], QPushButton[pin="true"] { min-height: @20px; font-size: ${small}px; }
QToolButton[link="true"] { color: $accent; border-radius: @8px; padding: 0 @8px; }
QToolButton[link="true"]:checked { background: $accent; color: $on_accent; }
QPushButton#play { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
  min-width: @96px; font-size: ${body}px; }
QPushButton#play:disabled { background: $border; color: $muted; border-color: $border; }
QToolButton::menu-indicator { image: none; }
QMenu { background: $raised; color: $text; border: 1px solid $border; padding: @4px; font-size: ${small}px; }
QMenu::item { padding: @6px @24px @6px @32px; border-radius: @6px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $muted; background: transparent; }
QMenu::indicator { left: @8px; width: @16px; height: @16px; border: 1px solid $muted; border-radius: @4px;
  background: $raised; }
QMenu::indicator:checked { background: $accent; border-color: $accent;
  image: url($icons/check-$name.svg); }
QMenu::separator { height: 1px; background: $border; margin: @4px @8px; }
QToolButton#theme, QToolButton#help_button { padding: @4px 0; min-width: @24px; }
QPushButton[flat="true"] { background: transparent; border: none; }
QComboBox::drop-down { border: none; width: @24px; }
QComboBox::down-arrow { image: url($icons/chevron-$name.svg); width: @12px; height: @12px; }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $border;
  selection-background-color: $accent; selection-color: $on_accent; }
QListWidget { background: transparent; border: none; outline: none; }
QListWidget::item { padding: @6px @8px; border-radius: @6px; }
QListWidget::item:hover { background: $border; }
QListWidget::item:selected { background: $accent; color: $on_accent; }
QTabBar::tab { padding: @4px @8px; color: $muted; border: none; border-bottom: 2px solid transparent;
  font-size: ${small}px; }
QTabBar::tab:selected { color: $accent; border-bottom: 2px solid $accent; }
QTabBar::tab:hover, QTabBar::tab:focus { color: $text; }
QSlider { min-height: @22px; }
QSlider::groove:horizontal { height: @4px; border-radius: 2px; background: $groove; }
QSlider::sub-page:horizontal { height: @4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: @16px; margin: -@6px 0; border-radius: @7px; background: $accent; }
QSlider::handle:horizontal:focus { background: $text; }
QScrollBar:vertical { background: transparent; width: @10px; margin: 0; }
QScrollBar::handle:vertical { background: $groove; border-radius: @4px; min-height: @32px; margin: 1px; }
QScrollBar:horizontal { background: transparent; height: @10px; margin: 0; }
QScrollBar::handle:horizontal { background: $groove; border-radius: @4px; min-width: @32px; margin: 1px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { border: none; border-radius: @3px; background: $border; max-height: @6px; min-height: @6px; }
QProgressBar::chunk { border-radius: @3px; background: $accent; }
QDialog { background: $page; }
QTableView { background: $card; border: none; gridline-color: $border; font-size: ${body}px; }
QHeaderView::section { background: $card; color: $muted; border: none; border-bottom: 1px solid $border;
  padding: @4px; font-size: ${small}px; font-weight: 600; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $border; }
QCheckBox::indicator, QListWidget::indicator { width: @16px; height: @16px; border: 1px solid $muted;
  border-radius: @4px;
  background: $raised; }
QCheckBox::indicator:checked, QListWidget::indicator:checked { background: $accent; border-color: $accent;
  image: url($icons/check-$name.svg); }
QStatusBar { background: $page; color: $muted; font-size: ${small}px; }
"""
    + FOCUS_RING
)


class Appearance(QObject):
    """The current theme, and the scale of everything drawn; ``changed`` is emitted when either is another.

    The scale is that of the page, which follows the window's size, times the zoom that the user chose.
    """

    changed = Signal()
    # Of the class, for a widget that Qt still asks for its size while Python takes the window apart.
    theme = LIGHT
    scale = 1.0
    zoomed = 1.0
    """What the user chose, 1 for 100 %."""
    is_applying = False
    """Whether Qt is going through all widgets with a new style; none may be deleted meanwhile."""
    _page = 1.0

    def begin(self, theme: str, zoomed: float, width: int, height: int) -> None:
        """Take over what is remembered, for a page of a size, before there are widgets to style."""
        self.theme = _named(theme)
        self.zoomed = _bounded(zoomed)
        self._page = page_scale(width, height)
        self.scale = self._scale_now()
        self.apply()

    def apply(self) -> None:
        """Give the application its palette, font and style sheet."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self.is_applying = True
            app.setPalette(_palette(self.theme))
            app.setStyleSheet(self._style())
            self.is_applying = False
        self.changed.emit()

    def toggle_theme(self) -> None:
        """Go from light to dark, or back."""
        self.theme = LIGHT if self.theme.is_dark else DARK
        self.apply()

    def set_theme(self, name: str) -> None:
        """Choose the theme by its name."""
        self.theme = _named(name)
        self.apply()

    def zoom(self, factor: float) -> None:
        """Make everything larger or smaller, from 80 to 250 %."""
        self.set_zoom(self.zoomed * factor)

    def set_zoom(self, zoomed: float) -> None:
        """Choose how large everything is in relation to what the page's size asks, from 80 to 250 %."""
        self.zoomed = _bounded(zoomed)
        self._rescale()

    @property
    def crowding(self) -> float:
        """How large things are beside the window, for the heights from which on it has room for them.

        Small windows shrink their text less than their pictures: there it is the zoom alone.
        """
        return max(self.zoomed, self.scale)

    def fit_page(self, width: int, height: int) -> None:
        """Follow the size of the window, in steps."""
        self._page = page_scale(width, height)
        self._rescale()

    def pixels(self, size: int) -> int:
        """Return a length in pixels at the current scale."""
        return round(size * self.scale)

    def type_pixels(self, size: int) -> int:
        """Return a size of text in pixels at the current scale; it never becomes illegible."""
        return max(LEAST_TYPE, self.pixels(size))

    def font(self, size: int, *, bold: bool = False) -> QFont:
        """Return the interface's font at a size, scaled, with digits of equal width."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        font.setPixelSize(self.type_pixels(size))
        font.setBold(bold)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def _scale_now(self) -> float:
        return max(LEAST_TYPE / SMALL, round(self._page * self.zoomed, 3))

    def _rescale(self) -> None:
        scale = self._scale_now()
        if scale != self.scale:
            self.scale = scale
            self.apply()

    def _style(self) -> str:
        colours = {name: getattr(self.theme, name) for name in Theme.__slots__}
        sizes = {"small": SMALL, "body": BODY, "title": TITLE, "headline": HEADLINE}
        texts = {name: self.type_pixels(size) for name, size in sizes.items()}
        written = _STYLE.substitute(colours, icons=resource("icons").as_posix(), **texts)
        return _LENGTH.sub(lambda found: f"{self.pixels(int(found[1]))}px", written)


def _named(name: str) -> Theme:
    return DARK if name == "dark" else LIGHT


def _bounded(zoomed: float) -> float:
    return min(MOST_ZOOM, max(LEAST_ZOOM, round(zoomed, 2)))


def _palette(theme: Theme) -> QPalette:
    palette, role = QPalette(), QPalette.ColorRole
    for part, colour in (
        (role.Window, theme.page),
        (role.Base, theme.card),
        (role.AlternateBase, theme.page),
        (role.Button, theme.raised),
        (role.Text, theme.text),
        (role.WindowText, theme.text),
        (role.ButtonText, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Link, theme.accent),
    ):
        palette.setColor(part, QColor(colour))
    for part in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(theme.muted))
    return palette
