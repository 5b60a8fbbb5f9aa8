"""Records of a patient's file under each other: visits, letters, documents, each a link to itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from medsec_desktop.ui.widgets import ElidedLabel, IconButton, LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.theme import Theme

WHEN_WIDTH = 148  # at normal zoom, of the column of dates in every list of the file
_BEGINNING = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_END = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record: when, the words of the columns after that, and what a click on it does."""

    when: str
    words: tuple[str, ...]
    open: Callable[[], object] | None = None  # without it there is nothing more to see
    spoken: str = ""
    tip: str = ""
    menu: Callable[[QWidget], object] | None = None  # told beside which button
    menu_name: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A column: how its words are written, and its share of the room; without one it ends the line."""

    kind: str = "body"
    share: int = 0


class RecordLines(QWidget):
    """A grid whose widgets are made once and filled anew for each file: to make and dress some forty
    labels takes longer than to read what stands in them."""

    def __init__(self, theme: Theme, *columns: Words, spacing: int = 8):
        super().__init__()
        self._theme = theme
        self._columns = columns
        self._lines: list[_Line] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(spacing)
        for number, column in enumerate(columns, 1):
            self._grid.setColumnStretch(number, column.share)
        self.hide()

    def show_lines(self, lines: Sequence[RecordLine], end_width: int = 0) -> None:
        """Show these; `end_width` keeps lists under each other in line where their last words differ."""
        self._grid.setColumnMinimumWidth(0, self._theme.px(WHEN_WIDTH))
        self._grid.setColumnMinimumWidth(len(self._columns), end_width)
        for number, line in enumerate(lines):
            if number == len(self._lines):
                self._lines.append(_Line(self._theme, self._grid, number, self._columns))
            self._lines[number].fill(line)
        for left in self._lines[len(lines) :]:
            left.put_by()
        self.setVisible(bool(lines))


class _Line:
    """The widgets of one line."""

    def __init__(self, theme: Theme, grid: QGridLayout, number: int, columns: tuple[Words, ...]):
        self._theme, self._grid, self._number = theme, grid, number
        self._open: Callable[[], object] | None = None
        self._menu: Callable[[QWidget], object] | None = None
        self._link = LinkButton("", self._opened)
        grid.addWidget(self._link, number, 0, _BEGINNING)
        self._when: Text | None = None  # in place of the link, where there is nothing to open
        self._words: list[Text] = []
        self._more: IconButton | None = None
        for place, column in enumerate(columns, 1):
            label = ElidedLabel("", column.kind) if column.share else Text("", column.kind)
            self._words.append(label)
            if column.share:
                grid.addWidget(label, number, place)
            else:
                grid.addWidget(label, number, place, _END)

    def fill(self, line: RecordLine) -> None:
        self._open, self._menu = line.open, line.menu
        self._link.setVisible(line.open is not None)
        if line.open is not None:
            self._link.setText(line.when)
            self._link.setAccessibleName(line.spoken or line.when)
            self._link.setToolTip(line.tip)
        elif self._when is None:
            self._when = Text()
            self._grid.addWidget(self._when, self._number, 0, _BEGINNING)
        if self._when is not None:
            self._when.setText(line.when)
            self._when.setVisible(line.open is None)
        for label, words in zip(self._words, line.words, strict=True):
            label.setText(words)
            label.show()
        if line.menu is not None:
            self._offer_more(line.menu_name)
        elif self._more is not None:
            self._more.hide()

    def put_by(self) -> None:
        """Out of sight until there is a record for it."""
        self._open = self._menu = None
        for widget in (self._link, self._when, self._more, *self._words):
            if widget is not None:
                widget.hide()

    def _offer_more(self, name: str) -> None:
        if self._more is None:
            self._more = IconButton(self._theme, "ellipsis", name, self._more_wanted)
            self._grid.addWidget(self._more, self._number, len(self._words) + 1)
        self._more.setAccessibleName(name)
        self._more.setToolTip(name)
        self._more.show()

    def _opened(self) -> None:
        if self._open is not None:
            self._open()

    def _more_wanted(self) -> None:
        if self._menu is not None and self._more is not None:
            self._menu(self._more)
