"""The faxes sent by hand: what waits for the machine, what became of each try."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.letters.faxing import RESULT_WORDS, FaxRow, Result
from medsec_desktop.ui.printing.print_job import print_away
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import EmptyState, PlainButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_KEYS = {
    Qt.Key.Key_1: Result.SENT,
    Qt.Key.Key_2: Result.BUSY,
    Qt.Key.Key_3: Result.NO_ANSWER,
    Qt.Key.Key_4: Result.FAILED,
}


class FaxLog(QDialog):
    """One line for each fax; a digit says what became of a try."""

    help_page = "faxes"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        formats = desk.office.formats
        self.setWindowTitle("Faxes")
        self.table = RowsView(
            desk.theme,
            [
                Column("Made", lambda row: formats.when(row.made_at), lambda row: row.id, width=18),
                Column("About", lambda row: row.patient_name, width=20),
                Column("To", lambda row: row.recipient, width=0, least=18),
                Column("Number", lambda row: formats.phone(row.number), width=14),
                Column("Pages", lambda row: str(row.pages), lambda row: row.pages, width=6, align="right"),
                Column("Result", lambda row: _result(row), width=18),
            ],
            "Faxes",
        )  # fmt: skip
        self.table.setSelectionMode(RowsView.SelectionMode.SingleSelection)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show())
        self.table.chosen.connect(lambda _: self.open_pages())
        self.empty = EmptyState(
            desk.theme, "file-up", "No fax yet", "Ctrl+Shift+6 on a letter or in a file makes one."
        )
        self.table.installEventFilter(self)
        self.lists = QStackedWidget()
        self.lists.addWidget(self.table)
        self.lists.addWidget(self.empty)
        self.tries = Text("", "muted", wrap=True)
        self.buttons = {
            result: PlainButton(
                f"{place} {words}",
                lambda result=result: self.tried(result),
                kind="primary" if result is Result.SENT else "plain",
                tip=str(place),
            )
            for place, (result, words) in enumerate(RESULT_WORDS.items(), start=1)
        }
        self.show_button = PlainButton("Show the pages", self.open_pages, tip="Enter")
        self.print_button = PlainButton("Print", self.print)
        self.close_button = PlainButton("Close", self.reject, kind="quiet", tip="Esc")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in self.buttons.values():
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.show_button, self.print_button, self.close_button):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text("Faxes", "heading"))
        column.addWidget(self.lists, 1)
        column.addWidget(self.tries)
        column.addLayout(foot)
        room, px = self.screen().availableGeometry(), desk.theme.px
        self.resize(min(px(960), room.width() - 80), min(px(520), room.height() - 80))
        self.finished.connect(self.deleteLater)
        desk.bus.changed.connect(self._changed)
        self.reload()
        self.table.setFocus()

    def reload(self, fax_id: int | None = None) -> None:
        """Read the log; a fax stays selected."""
        row = self.current
        kept = fax_id if fax_id is not None else row.id if row is not None else None
        rows = guarded(self.desk, self.desk.office.faxes.log) or ()
        self.table.set_rows(rows)
        self.lists.setCurrentWidget(self.table if rows else self.empty)
        at = next((place for place, one in enumerate(rows) if one.id == kept), 0)
        if rows:
            self.table.setCurrentIndex(self.table.order.mapFromSource(self.table.rows.index(at, 0)))
        self._show()

    @property
    def current(self) -> FaxRow | None:
        row = self.table.current_row()
        return row if isinstance(row, FaxRow) else None

    def tried(self, result: Result) -> None:
        """What became of a try."""
        row = self.current
        if row is None:
            return
        done = guarded(self.desk, lambda: self.desk.office.faxes.tried(row.id, result))
        if done is not None:
            self.reload(row.id)
            is_out = result is Result.SENT
            self.desk.messages.say(
                f"Fax to {row.recipient}: {RESULT_WORDS[result].lower()}.", undo=not is_out
            )

    def open_pages(self) -> None:
        if self.current is not None:
            self.desk.go.open_document(self.current.document_id)
            self.reject()

    def print(self) -> None:
        row, faxes = self.current, self.desk.office.faxes
        if row is not None:
            print_away(self.desk, "The fax", lambda: faxes.print(row.id))

    def _show(self) -> None:
        row = self.current
        formats = self.desk.office.formats
        may = self.desk.office.session.may(Permission.WRITE_LETTERS)
        for button in self.buttons.values():
            button.setEnabled(row is not None and not row.is_through and may)
        for button in (self.show_button, self.print_button):
            button.setEnabled(row is not None)
        told = [
            f"{formats.when(one.at)}: {RESULT_WORDS[one.result].lower()}, {one.by}"
            for one in (row.attempts if row is not None else ())
        ]
        self.tries.setText(" · ".join(told))

    def _changed(self, changes: Any) -> None:
        if changes.touches("fax", "fax_attempt") and self.isVisible():
            self.reload()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A digit says what became of a try; the table would look for rows that begin with it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            result, row = _KEYS.get(Qt.Key(event.key())), self.current
            if result is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                if row is not None and not row.is_through:
                    self.tried(result)
                return True
        return super().eventFilter(watched, event)


def _result(row: FaxRow) -> str:
    if not row.attempts:
        return "To be sent"
    last = RESULT_WORDS[row.attempts[-1].result]
    count = len(row.attempts)
    return last if count == 1 or row.is_through else f"{last}, {count} tries"
