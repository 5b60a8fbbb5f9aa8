"""Who did what and when, with undo and redo of any operation listed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.ui.widgets.buttons import IconButton, PlainButton
from medsec_desktop.ui.widgets.empty import EmptyState
from medsec_desktop.ui.widgets.labels import Hairline, Text
from medsec_desktop.ui.widgets.search_line import SearchLine
from medsec_desktop.ui.widgets.search_list import FastList, ListRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsec_desktop.services.session import OperationRow
    from medsec_desktop.ui.desk import Desk

_ICONS = {"done": "check", "undone": "undo-2", "sealed": "lock", "event": "eye"}
_MARKS = {"undone": "Undone", "sealed": "Cannot be undone"}


class HistoryPanel(QWidget):
    """The latest operations, newest first; Enter or the button undoes or redoes the selected one."""

    def __init__(
        self,
        desk: Desk,
        undo: Callable[[int], object],
        redo: Callable[[int], object],
        close: Callable[[], object],
        *,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._desk = desk
        self._undo = undo
        self._redo = redo
        self._rows: tuple[OperationRow, ...] = ()
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("History")
        theme = desk.theme
        header = QHBoxLayout()
        header.addWidget(Text("History", "heading"), 1)
        header.addWidget(IconButton(theme, "x", "Close the history", close, key="Ctrl+H"))
        self.filter = SearchLine("Filter the history", "Filter by words or person")
        self.filter.textChanged.connect(self._show)
        self.list = FastList(theme, "Operations", two_lines=True)
        self.list.chosen.connect(lambda _: self._press())
        self.list.selectionModel().currentChanged.connect(lambda *_: self._prepare_button())
        self.empty = EmptyState(
            theme, "history", "Nothing yet", "Each change is listed here, and can be undone."
        )
        self.button = PlainButton("Undo", self._press)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 12)
        self.note = Text("", "small", wrap=True)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.button)
        top = QVBoxLayout()
        top.setContentsMargins(16, 12, 16, 8)
        top.setSpacing(8)
        top.addLayout(header)
        top.addWidget(self.filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        column.addWidget(self.empty, 1)
        column.addWidget(Hairline())
        column.addLayout(foot)

    def reload(self) -> None:
        """Read the history again, staying on the row that was selected."""
        self._rows = self._desk.office.session.history()
        self._show()

    def current(self) -> OperationRow | None:
        return self.list.current_value()  # type: ignore[no-any-return]

    def _show(self) -> None:
        kept = self.current()
        words = self.filter.text().casefold().split()
        rows = [
            row
            for row in self._rows
            if all(word in f"{_told(row)} {row.user_name}".casefold() for word in words)
        ]
        self.list.set_rows([self._line(row) for row in rows])
        self.list.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        if words:
            self.empty.say("Nothing matches", "No operation has all of these words.")
        else:
            self.empty.say("Nothing yet", "Each change is listed here, and can be undone.")
        for index, row in enumerate(rows):
            if kept is not None and row.id == kept.id:
                self.list.setCurrentIndex(self.list.rows.index(index, 0))
        self._prepare_button()

    def _line(self, row: OperationRow) -> ListRow:
        state = "event" if row.kind != "change" else row.state
        return ListRow(
            row,
            _told(row) if row.kind in ("change", "event") else f"{row.kind.title()}: {_told(row)}",
            f"{row.user_name} · {self._when(row.at_utc)}",
            icon=_ICONS.get(state, "check"),
            mark=_MARKS.get(state, ""),
        )

    def _when(self, at_utc: str) -> str:
        """The clinic's wall-clock time of an audit time; only the time for today."""
        clock, formats = self._desk.office.clock, self._desk.office.formats
        at = datetime.fromisoformat(at_utc)
        now_utc = clock.now_utc()
        # The clock is asked for the offset rather than the machine, so a fixed clock agrees too.
        offset = clock.now() - now_utc.astimezone(UTC).replace(tzinfo=None)
        local = at.astimezone(UTC).replace(tzinfo=None) + _whole_minutes(offset)
        if local.date() == clock.today():
            return f"today {formats.time(local)}"
        return formats.when(local)

    def _prepare_button(self) -> None:
        row = self.current()
        is_change = row is not None and row.kind == "change"
        undone = is_change and row.state == "undone"
        self.button.setText("Redo" if undone else "Undo")
        self.button.setAccessibleName(
            f"{self.button.text()} {row.label}" if row is not None else "Undo"
        )
        possible = is_change and row.state in ("done", "undone")
        self.button.setVisible(possible)
        self.note.setText("" if possible or row is None else _why_not(row))

    def _press(self) -> None:
        row = self.current()
        if row is None or row.kind != "change" or row.state not in ("done", "undone"):
            return
        (self._redo if row.state == "undone" else self._undo)(row.id)


def _told(row: OperationRow) -> str:
    """What was done, and with whose file where the words do not say so themselves."""
    if not row.patient_name or row.patient_name in row.label:
        return row.label
    return f"{row.label}: {row.patient_name}"


def _why_not(row: OperationRow) -> str:
    if row.state == "sealed":
        return "This had an effect outside the program; void or replace it instead."
    if row.kind == "change":
        return ""
    return "Recorded for the audit trail; it changed no record by itself."


def _whole_minutes(offset: timedelta) -> timedelta:
    """An offset from UTC without the microseconds between two looks at the clock."""
    return timedelta(minutes=round(offset.total_seconds() / 60))
