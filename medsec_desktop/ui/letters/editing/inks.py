"""The colours on a page of paper while one types on it."""

from __future__ import annotations

from PySide6.QtGui import QColor

# Paper is white and its ink dark in the dark theme too: it shows what will be printed.
PAPER = QColor("#FFFFFF")
INK = QColor.fromRgbF(0.07, 0.09, 0.12)
SOFT_INK = QColor.fromRgbF(0.33, 0.36, 0.41)
RULE = QColor.fromRgbF(0.62, 0.65, 0.70)
ACCENT = QColor.fromRgbF(0.10, 0.29, 0.38)
SELECTED = QColor("#CFE6EF")
CHIP = QColor("#E1F1F4")
CHIP_EDGE = QColor("#8FC3CE")
INKS = {"accent": ACCENT, "soft": SOFT_INK, "ink": INK}
CHIP_INK = QColor("#095D6D")
MARK = QColor("#8A6A1F")  # stretches and conditions: there, but quiet
MARK_SOFT = QColor("#FBF3DF")
GUIDE = QColor("#C9CED6")
