"""The diagnoses of a visit, A to L, put in order and taken out by keys and buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.charges import LETTERS
from medsec_desktop.services.claims.charge_records import dotted
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import FastList, IconButton, ListRow, Text

_LEAST_SHOWN, _MOST_SHOWN = 2, 5  # more are scrolled to


class DiagnosisList(QWidget):
    """`moved` carries from where to where, `removed` which one, counted from 0."""

    moved = Signal(int, int)
    removed = Signal(int)

    def __init__(self, theme: Theme):
        super().__init__()
        self._theme = theme
        self.list = FastList(theme, "Diagnoses, A first")
        self.list.setProperty("kind", "boxed")
        self.list.installEventFilter(self)
        self.up = IconButton(
            theme, "arrow-up", "Move this diagnosis up", lambda: self.move_current(-1), key="Alt+Up"
        )
        self.down = IconButton(
            theme,
            "arrow-down",
            "Move this diagnosis down",
            lambda: self.move_current(1),
            key="Alt+Down",
        )
        self.out = IconButton(theme, "x", "Take this diagnosis out", self.remove_current, key="Del")
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(Text("Diagnoses", "heading"), 1)
        for button in (self.up, self.down, self.out):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.list)

    def show_codes(self, codes: Sequence[str], words: Callable[[str], str]) -> None:
        """Show the codes in order; the selection stays at its place. Few leave room to what is below."""
        at = self.list.currentIndex().row()
        self.list.set_rows(
            [
                ListRow(code, f"{LETTERS[number]}   {dotted(code)}", words(code))
                for number, code in enumerate(codes)
            ],
            preselect=False,
        )
        shown = min(max(len(codes), _LEAST_SHOWN), _MOST_SHOWN)
        self.list.setFixedHeight(self._theme.px(32 * shown + 4))
        self.select(max(at, 0))
        for button in (self.up, self.down):
            button.setEnabled(len(codes) > 1)
        self.out.setEnabled(bool(codes))

    def select(self, at: int) -> None:
        """Select one, or the last where there are fewer."""
        count = self.list.rows.rowCount()
        if count:
            self.list.setCurrentIndex(self.list.rows.index(min(at, count - 1), 0))

    def move_current(self, by: int) -> None:
        """Move the one selected up or down."""
        at = self.list.currentIndex().row()
        to = at + by
        if at >= 0 and 0 <= to < self.list.rows.rowCount():
            self.moved.emit(at, to)
            self.select(to)

    def remove_current(self) -> None:
        """Take the one selected out."""
        at = self.list.currentIndex().row()
        if at >= 0:
            self.removed.emit(at)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt+Up and Alt+Down move the diagnosis selected, Delete takes it out."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            acts: dict[tuple[Qt.Key, bool], Callable[[], object]] = {
                (Qt.Key.Key_Up, True): lambda: self.move_current(-1),
                (Qt.Key.Key_Down, True): lambda: self.move_current(1),
                (Qt.Key.Key_Delete, False): self.remove_current,
            }
            act = acts.get((Qt.Key(event.key()), alt))
            if act is not None:
                act()
                return True
        return super().eventFilter(watched, event)
