"""The ring around what the Tab key has led to, as a style sheet; colours are those of the theme."""

FOCUS_RING = """
QSlider, QCheckBox { border: 2px solid transparent; border-radius: 6px; }
QSlider:focus, QCheckBox:focus { border-color: $accent; }
QTabBar::tab:selected:focus { border: 2px solid $accent; border-radius: 6px; }
QPushButton#play:focus { background: $raised; color: $accent; border: 3px solid $accent; padding: 2px 6px; }
QToolButton#close_banner:focus { border: 2px solid $accent; }
QFrame#help QTextBrowser { border: 2px solid transparent; border-radius: 6px; }
QFrame#help QTextBrowser:focus { border-color: $accent; }
"""
