"""The lines of each block as paper breaks them and as the screen shows them, kept until it changes."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextBlock

from medsec_desktop.domain.writing.measures import Face
from medsec_desktop.ui.letters.editing import breaking, faces, marks
from medsec_desktop.ui.letters.editing.placing import Placed


@dataclass(slots=True)
class _Known:
    """What is remembered of a block until it changes: its lines by face and width, and those shown."""

    revision: int
    length: int
    lines: dict[tuple[object, ...], list[int]] = field(default_factory=dict)
    shown: tuple[object, ...] = ()


class BlockLines:
    """Breaks blocks into lines, and remembers them: only what was typed into is broken again."""

    def __init__(self) -> None:
        self._memory: dict[int, _Known] = {}

    def clear(self) -> None:
        """Break everything again: paper, pictures or the words of fields have changed."""
        self._memory.clear()

    def forget(self, block: QTextBlock) -> None:
        """Break a block again."""
        self._memory.pop(block.fragmentIndex(), None)

    def refresh(self, block: QTextBlock) -> None:
        """Forget a block where it is not as it was remembered; to be asked before the lines are."""
        known = self._memory.get(block.fragmentIndex())
        if (
            known is None
            or known.revision != block.revision()
            or known.length != block.length()
            or block.layout().lineCount() == 0
        ):
            self._memory[block.fragmentIndex()] = _Known(block.revision(), block.length())

    def exact(self, block: QTextBlock, face: Face, width: float) -> list[int]:
        """How long its lines are on paper, in UTF-16 units."""
        known = self._memory[block.fragmentIndex()]
        if (face, width) not in known.lines:
            known.lines[face, width] = breaking.exact_lines(block, face, width)
        return known.lines[face, width]

    def show(self, placed: Placed, scale: float) -> bool:
        """Break a block on the screen; False where it would not break as on paper."""
        block, face, width = placed.block, placed.face, placed.width
        layout = block.layout()
        align = marks.align_of(block.blockFormat())
        known = self._memory[block.fragmentIndex()]
        shown = (face, width, align, scale)
        if known.shown != shown:
            layout.setFormats([faces.laid_over(face, scale, block.length())])
            is_rtl = block.textDirection() is Qt.LayoutDirection.RightToLeft
            layout.setTextOption(faces.text_option(align, is_rtl=is_rtl))
            layout.setCacheEnabled(True)
            breaking.set_lines(layout, width * scale, placed.exact)
            known.shown = shown
        placed.lines = [layout.lineAt(number) for number in range(layout.lineCount())]
        if placed.exact is None:
            more = len(placed.lines) - len(placed.heights)
            placed.heights += (face.leading,) * more
        elif len(placed.exact) != len(placed.lines):
            known.lines[face, width] = [line.textLength() for line in placed.lines]
            return False
        return True
