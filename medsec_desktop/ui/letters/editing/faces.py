"""The fonts of paper on the screen: the same files, no hinting, and the widths the designer drew."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QGuiApplication,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from medsec_desktop import paths
from medsec_desktop.domain.writing.document import Align, Style
from medsec_desktop.domain.writing.measures import COMFORTABLE, FALLBACK_FONTS, Face

# Set at this size letters are as wide as their design units say: nothing is rounded.
EXACT = 1000

_FILES = (
    "NotoSans-Regular",
    "NotoSans-Bold",
    "NotoSans-Italic",
    "NotoSans-BoldItalic",
    *(name.format(weight) for name in FALLBACK_FONTS for weight in ("Regular", "Bold")),
)
# As ReportLab prints: each letter stands where the one before ends.
_FEATURES_OFF = ("kern", "liga", "clig", "calt")

_ALIGN = {
    Align.START: Qt.AlignmentFlag.AlignLeft,
    Align.CENTER: Qt.AlignmentFlag.AlignHCenter,
    Align.END: Qt.AlignmentFlag.AlignRight,
    Align.JUSTIFY: Qt.AlignmentFlag.AlignJustify,
}
_TURNED = {Align.START: Align.END, Align.END: Align.START}


@lru_cache(maxsize=1)
def _families() -> list[str]:
    """The families of paper's fonts, in the order paper asks them; loaded once."""
    found: list[str] = []
    for name in dict.fromkeys(_FILES):
        number = QFontDatabase.addApplicationFont(str(paths.resource("fonts", f"{name}.ttf")))
        found += [
            family
            for family in QFontDatabase.applicationFontFamilies(number)
            if family not in found
        ]
    return found


def exact_font(bold: bool = False) -> QFont:
    """The font to measure with: one em is `EXACT` units wide."""
    font = _font(bold)
    font.setPixelSize(EXACT)
    return font


def screen_font(face: Face, scale: float) -> QFont:
    """The font of a face at `scale` pixels a point."""
    return sized(face.size * scale, face.bold)


def laid_over(face: Face, scale: float, length: int) -> QTextLayout.FormatRange:
    """What a face adds to the formats of a block: Qt asks those, and never the layout's own font."""
    form = QTextCharFormat()
    pixels, spacing = _whole(face.size * scale)
    form.setFontPointSize(_points(pixels))
    if spacing:
        form.setFontLetterSpacingType(QFont.SpacingType.PercentageSpacing)
        form.setFontLetterSpacing(spacing)
    if face.bold:
        form.setFontWeight(QFont.Weight.Bold)
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = 0, length, form
    return found


def document_font() -> QFont:
    """What a document's letters are, size apart."""
    return _font(False)


def sized(pixels: float, bold: bool = False) -> QFont:
    """The font at a size that need not be a whole number of pixels."""
    font = _font(bold)
    whole, spacing = _whole(pixels)
    font.setPixelSize(whole)
    if spacing:
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, spacing)
    return font


def _whole(pixels: float) -> tuple[int, float]:
    """Qt draws letters in whole pixels only: the nearest size, and the spacing in % that makes up for it."""
    whole = max(1, round(pixels))
    return whole, 0.0 if abs(pixels - whole) < 0.005 else 100 * pixels / whole


def whole_scale(scale: float) -> float:
    """The scale, or the next smaller one, at which the letters of a letter are whole pixels high."""
    size = COMFORTABLE.faces[Style.BODY].size
    return max(5, math.floor(size * scale + 0.02)) / size


def _points(pixels: float) -> float:
    """The point size that Qt makes `pixels` of on this screen."""
    return pixels * 72 / _screen_dpi()


def _font(bold: bool) -> QFont:
    font = QFont()
    font.setFamilies(_families())
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    for feature in _FEATURES_OFF:
        font.setFeature(QFont.Tag(feature), 0)
    return font


def _screen_dpi() -> float:
    """What Qt takes for the dots of an inch when a font names no screen."""
    screen = QGuiApplication.primaryScreen()
    return screen.logicalDotsPerInchY() if screen is not None else 96.0


def text_option(align: Align = Align.START, *, is_rtl: bool = False) -> QTextOption:
    """How lines are filled: by words, by letters where a word is wider than the paper.

    Where the words run to the left, a paragraph starts at the right.
    """
    if is_rtl:
        align = _TURNED.get(align, align)
    option = QTextOption(_ALIGN[align])
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setUseDesignMetrics(True)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    return option


@lru_cache(maxsize=64)
def metrics(font: QFont) -> QFontMetricsF:
    """How wide and high words in a font are."""
    return QFontMetricsF(font)
