"""The one box that finds people, visits and days, books, and does what the menus do (Ctrl+K)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.problems import Link
from medsec_desktop.ui.widgets.labels import Hairline, KeyHint, Text
from medsec_desktop.ui.widgets.search_list import FastList, ListRow, steer

if TYPE_CHECKING:
    from medsec_desktop.services.find import Hit
    from medsec_desktop.ui.desk import Desk

ROWS_SHOWN = 9


class CommandBox(QLineEdit):
    """A line in the header; what it finds hangs below it, the top hit already selected.

    Enter takes the selected hit, the arrows walk, Escape goes back to where the hands were.
    """

    def __init__(self, desk: Desk, window: QWidget, take: Callable[[Hit], object]):
        super().__init__()
        self._desk = desk
        self._take_hit = take
        self._focus_before: QWidget | None = None
        self.setProperty("kind", "search")
        self.setAccessibleName("Find or do")
        self.setAccessibleDescription(
            "Finds people, visits, days, screens and commands, and books: smith tue 3pm follow-up"
        )
        self.setPlaceholderText("Find, do, or type a booking…")
        icon = self.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        icon.setText("Find or do")
        desk.theme.wear(icon, "search")
        self._hint = KeyHint("Ctrl+K", parent=self)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.results = _Results(desk, window)
        self.results.list.chosen.connect(self._take)
        self._window = window
        window.installEventFilter(self)
        self._ask = desk.jobs.latest(self._find, self._show)
        self.textChanged.connect(self._typed)
        desk.theme.changed.connect(self._restyle)
        self._restyle()

    def open(self, text: str = "") -> None:
        """Come to the front, from anywhere."""
        focus = QApplication.focusWidget()
        if focus is not self:
            self._focus_before = focus
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if text:
            self.setText(text)
        self.selectAll()

    def leave(self) -> None:
        """Close the results, empty the line, and give the focus back."""
        self.results.hide()
        self.clear()
        before, self._focus_before = self._focus_before, None
        try:
            if before is not None and before.isVisible():
                before.setFocus()
                return
        except RuntimeError:  # the widget went meanwhile
            self._focus_before = None
        self.clearFocus()

    # --- finding

    def _find(self, text: str) -> tuple[str, tuple[Hit, ...]]:
        return text, self._desk.office.find(text)

    def _typed(self, text: str) -> None:
        self._hint.setVisible(not text)
        if self.hasFocus():
            self._ask(text)

    def _show(self, found: tuple[str, tuple[Hit, ...]]) -> None:
        text, hits = found
        # A slow answer to an earlier question is still better than nothing, unless we have left.
        if self.hasFocus():
            self.results.show_hits(text, hits, self._below(hits))

    def _below(self, hits: tuple[Hit, ...]) -> QRect:
        corner = self.mapTo(self._window, QPoint(0, self.height() + 4))
        width = max(self.width(), self._desk.theme.px(460), self.results.width_for(hits))
        width = min(width, self._window.width() - 16)
        left = min(corner.x(), self._window.width() - width - 8)
        return QRect(max(8, left), corner.y(), width, 0)

    def _take(self, hit: Hit) -> None:
        self.leave()
        self._take_hit(hit)

    # --- Qt's side

    def focusInEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().focusInEvent(event)
        if event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self._ask(self.text())

    def focusOutEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().focusOutEvent(event)
        if event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self.results.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif not (self.results.isVisible() and steer(self.results.list, event)):
            super().keyPressEvent(event)

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().resizeEvent(event)
        self._place_hint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.results.hide()
        return super().eventFilter(watched, event)

    def _restyle(self) -> None:
        self._hint.adjustSize()
        self._place_hint()

    def _place_hint(self) -> None:
        self._hint.adjustSize()
        self._hint.move(
            self.width() - self._hint.width() - 8, (self.height() - self._hint.height()) // 2
        )


class _Results(QFrame):
    """The panel that hangs below the line; it never takes the focus from it."""

    def __init__(self, desk: Desk, window: QWidget):
        super().__init__(window)
        self.setObjectName("palette")
        self._desk = desk
        self.list = FastList(desk.theme, "Found", one_click=True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._nothing = Text("", "muted", wrap=True)
        self._nothing.setContentsMargins(12, 12, 12, 12)
        self.note = Text("", "small", wrap=True)
        self.note.setContentsMargins(12, 8, 12, 4)
        self._note_line = Hairline()
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 6, 12, 8)
        foot.setSpacing(6)
        self._enters = Text("open", "small")
        for keys, words in (
            ("↑ ↓", Text("choose", "small")),
            ("Enter", self._enters),
            ("Esc", Text("back", "small")),
        ):
            foot.addWidget(KeyHint(keys))
            foot.addWidget(words)
            foot.addSpacing(8)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 5, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._nothing)
        column.addWidget(self.list, 1)
        column.addWidget(self._note_line)
        column.addWidget(self.note)
        column.addWidget(Hairline())
        column.addLayout(foot)
        self._foot = foot
        self.list.selectionModel().currentChanged.connect(self._say_more)
        self.hide()

    def width_for(self, hits: tuple[Hit, ...]) -> int:
        """Wide enough for how a booking was understood, which must be read whole."""
        metrics = self.list.fontMetrics()
        around = self._desk.theme.px(112)  # icon, margins, and what lies between the words
        return max(
            (
                around + sum(map(metrics.horizontalAdvance, (hit.title, hit.mark, hit.trailing)))
                for hit in hits
                if hit.booking is not None
            ),
            default=0,
        )

    def show_hits(self, text: str, hits: tuple[Hit, ...], below: QRect) -> None:
        """Hang the hits below the line, the first selected."""
        self.list.set_rows([_row(hit) for hit in hits])
        self.list.setVisible(bool(hits))
        self._nothing.setVisible(not hits)
        self._nothing.setText(
            f"Nothing found for “{text.strip()}”. "
            "Names, dates of birth, phone numbers, chart numbers, days and commands are searched."
        )
        notes = [hit.note for hit in hits if hit.note]
        rows = min(max(len(hits), 1 if notes else 2), ROWS_SHOWN)
        line = self._desk.theme.px(32)
        height = rows * line + self._foot.sizeHint().height() + 10
        if notes:  # room for the longest, so that the list stands still while the arrows walk
            metrics = self.note.fontMetrics()
            room_for_words = QRect(0, 0, below.width() - 26, 10_000)
            wrap = int(Qt.TextFlag.TextWordWrap)
            tall = max(metrics.boundingRect(room_for_words, wrap, note).height() for note in notes)
            self.note.setFixedHeight(tall + 14)
            height += tall + 14
        self.note.setVisible(bool(notes))
        self._note_line.setVisible(bool(notes))
        self._say_more()
        room = self.window().height() - below.y() - 16
        self.setGeometry(below.x(), below.y(), below.width(), min(height, room))
        self.raise_()
        self.show()

    def _say_more(self) -> None:
        """What is to be said of the hit selected, and what Enter does with it."""
        hit = self.list.current_value()
        self.note.setText(hit.note if hit is not None else "")
        books = hit is not None and hit.booking is not None and hit.booking.draft is not None
        does = "do" if hit is not None and hit.kind == "command" else "open"
        self._enters.setText("book" if books else does)


_ICONS = {
    "patient": "user",
    "appointment": "calendar-clock",
    "day": "calendar-days",
    "screen": "layout-dashboard",
    "command": "command",
}


def _row(hit: Hit) -> ListRow:
    return ListRow(
        hit,
        hit.title,
        hit.detail,
        hit.trailing,
        hit.icon or _ICONS.get(hit.kind, "search"),
        hit.mark,
        "warning",
    )


def link_of(hit: Hit) -> Link:
    """The record a hit stands for."""
    return Link(hit.kind, hit.key, hit.title)
