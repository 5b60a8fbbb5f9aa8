"""Lines of a paragraph: broken once in exact units, then set on the screen at the same places."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QTextBlock, QTextLayout, QTextLine, QTextOption

from medsec_desktop.domain.writing.document import Align
from medsec_desktop.domain.writing.measures import Face
from medsec_desktop.services.letters.line_ends import line_ends
from medsec_desktop.ui.letters.editing import faces, marks

_NUDGES = (0.0, 1.0, -1.0, 2.5, -2.5, 5.0, -5.0)  # pixels that rounding on the screen may cost
_WIDEST = 1e7
# Thai, Lao, Burmese and Khmer set no blanks between words. Qt ends their lines by syllables, or by a
# dictionary where the computer has one, paper where a phrase ends: paper's is the truth for both.
_BY_DICTIONARY = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f]")


def exact_lines(block: QTextBlock, face: Face, width: float) -> list[int]:
    """How many UTF-16 units each line takes where the lines are `width` points wide, as on paper."""
    layout = _exact(block, face, align=Align.START)
    limit = width / face.size * faces.EXACT
    text = block.text()
    ends = _in_units(text, line_ends(text)) if _BY_DICTIONARY.search(text) else b""
    found = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(limit)
        if ends:
            _end_as_on_paper(layout, line, ends, limit)
        found.append(line.textLength())
    layout.endLayout()
    return found


def natural_width(block: QTextBlock, face: Face) -> float:
    """How wide the widest line is, in points, where none is broken."""
    layout = _exact(block, face, align=Align.START)
    widest = 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(1e6)
        widest = max(widest, line.naturalTextWidth())
    layout.endLayout()
    return widest * face.size / faces.EXACT


def _exact(block: QTextBlock, face: Face, align: Align) -> QTextLayout:
    layout = QTextLayout(block.text(), faces.exact_font(face.bold))
    layout.setTextOption(faces.text_option(align))
    layout.setFormats(block.textFormats())
    return layout


def has_objects(block: QTextBlock) -> bool:
    """Whether fields or pictures stand in it, which only the screen knows the width of."""
    return marks.OBJECT in block.text()


def set_lines(
    layout: QTextLayout, width: float, lengths: list[int] | None, margin: float = 0.0
) -> list[QTextLine]:
    """Break a block on the screen into lines of `width` pixels, `lengths` units long each if given."""
    found: list[QTextLine] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setPosition(QPointF(margin, 0))
        wanted = lengths[len(found)] if lengths is not None and len(found) < len(lengths) else None
        for nudge in _NUDGES:
            line.setLineWidth(max(1.0, width + nudge))
            if wanted is None or line.textLength() == wanted:
                break
        else:
            _cut(layout, line, wanted or 0)
            room = max(0.0, width - line.naturalTextWidth())
            line.setPosition(QPointF(margin + room * _share_before(layout), 0))
        found.append(line)
    layout.endLayout()
    return found


def _end_as_on_paper(layout: QTextLayout, line: QTextLine, ends: bytes, limit: float) -> None:
    """End a line at the last place where paper may; by letters where there is none on it."""
    start, end = line.textStart(), line.textStart() + line.textLength()
    if ends[end]:
        return
    places = [place for place in range(start + 1, end) if ends[place]]
    if places:
        _cut(layout, line, places[-1] - start)
    else:
        option = _by_letters(layout)
        line.setLineWidth(limit)
        layout.setTextOption(option)


def _cut(layout: QTextLayout, line: QTextLine, length: int) -> None:
    """End a line after so many units, whatever Qt would do; as near as letters allow."""
    while line.textLength() < length and line.width() < _WIDEST:
        line.setLineWidth(2 * line.width())  # no wider than need be: all that follows is looked at
    width = abs(_x_of(line, line.textStart() + length) - _x_of(line, line.textStart()))
    option = _by_letters(layout)
    for nudge in _NUDGES:
        line.setLineWidth(max(1.0, width + nudge))
        if line.textLength() == length:
            break
    layout.setTextOption(option)


def _by_letters(layout: QTextLayout) -> QTextOption:
    """Let lines end after any letter; the option that held before."""
    before = layout.textOption()
    anywhere = QTextOption(before)
    anywhere.setWrapMode(QTextOption.WrapMode.WrapAnywhere)
    layout.setTextOption(anywhere)
    return before


def _share_before(layout: QTextLayout) -> float:
    """How much of the room left on a line stands before its words."""
    align = layout.textOption().alignment()
    if align & Qt.AlignmentFlag.AlignHCenter:
        return 0.5
    return 1.0 if align & Qt.AlignmentFlag.AlignRight else 0.0


def _x_of(line: QTextLine, place: int) -> float:
    at = line.cursorToX(place)
    return float(at[0] if isinstance(at, tuple) else at)


def _in_units(text: str, ends: bytes) -> bytes:
    """Places of characters as places of UTF-16 units, as Qt counts."""
    if text.isascii() or max(text) < "\U00010000":
        return ends
    found = bytearray()
    for character, may_end in zip(text, ends, strict=False):
        found.append(may_end)
        if character > "\uffff":
            found.append(0)
    found.append(1)
    return bytes(found)
