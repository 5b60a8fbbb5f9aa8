"""Lines of a paragraph: broken once in exact units, then set on the screen at the same places."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QTextBlock, QTextLayout, QTextLine

from medsec_desktop.domain.writing.document import Align
from medsec_desktop.domain.writing.measures import Face
from medsec_desktop.ui.letters.editing import faces, marks

_NUDGES = (0.0, 1.0, -1.0, 2.5, -2.5, 5.0, -5.0)  # pixels that rounding on the screen may cost


def exact_lines(block: QTextBlock, face: Face, width: float) -> list[int]:
    """How many UTF-16 units each line takes where the lines are `width` points wide, as on paper."""
    layout = _exact(block, face, align=Align.START)
    limit = width / face.size * faces.EXACT
    found = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(limit)
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
        found.append(line)
    layout.endLayout()
    return found
