"""Beside the grid: the visit selected, and the booking just made, to be read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar import STATUS_WORDS
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.calendar import AppointmentDetail
from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    Field,
    Hairline,
    IconButton,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class VisitCard(QWidget):
    """One visit with what can be done with it."""

    edit_wished = Signal(int)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.detail: AppointmentDetail | None = None
        self._kind = Text("", "caption")
        self._name_text = Text("", "heading", wrap=True)
        self._when = Text("", wrap=True)
        self._about = Text("", "muted", wrap=True)
        self._alert = Banner(desk.theme, "warning", "")
        self._notes = Text("", wrap=True)
        self.edit_button = PrimaryButton("Change…", self._edit, tip="Move or change the visit (F2)")
        self.letter_button = PlainButton("Letter…", self._write_letter, tip="Ctrl+Shift+L")
        self.file_button = PlainButton("Open the file", self._open_patient, tip="Ctrl+O")
        self.cancel_button = PlainButton("Cancel the visit…", self.ask_why, tip="Ctrl+Shift+X")
        self._make_cancelling()
        self._lay_out()

    def show_visit(self, detail: AppointmentDetail) -> None:
        self.detail = detail
        row, formats = detail.row, self._desk.office.formats
        self._kind.setText(STATUS_WORDS[row.status])
        self._name_text.setText(row.patient_name)
        self._name_text.setAccessibleName(f"Patient: {row.patient_name}")
        self._when.setText(
            f"{formats.long_date(row.starts_at.date())}\n"
            f"{formats.span(row.starts_at, row.duration_min)} · {row.duration_min} min"
        )
        about = (row.type_name, row.provider_name, row.room_name, formats.phone(detail.phone))
        self._about.setText(" · ".join(part for part in about if part))
        self._alert.show_message("warning", row.alert)
        self._alert.setVisible(row.has_alert)
        notes = [row.reason, detail.note]
        if detail.override_reason:
            notes.append(f"Booked against a rule: {detail.override_reason}")
        if detail.cancelled_by:
            why = f": {detail.cancel_reason}" if detail.cancel_reason else "."
            notes.append(f"Cancelled by the {detail.cancelled_by}{why}")
        self._notes.setText("\n".join(note for note in notes if note))
        self._notes.setVisible(any(notes))
        may = self._desk.office.session.may(Permission.EDIT_CALENDAR)
        self.edit_button.setVisible(may)
        self.cancel_button.setVisible(may and row.status.may_be_cancelled)
        self._cancelling.hide()

    def ask_why(self) -> None:
        """Who cancels, and why, in the card itself; Enter does it."""
        if self.detail is not None and not self.cancel_button.isHidden():
            self.cancel_reason.clear()
            self._cancelling.show()
            self.cancel_by.setFocus()

    def cancel(self) -> None:
        """Cancel the visit shown; the message bar offers to undo it."""
        detail = self.detail
        if detail is None:
            return
        row, desk = detail.row, self._desk
        by = str(self.cancel_by.value()) if self._cancelling.isVisible() else "patient"
        reason = self.cancel_reason.text() if self._cancelling.isVisible() else ""

        def do() -> bool:
            desk.office.calendar.cancel(row.id, row.version, by, reason, initiator=self)
            return True

        if guarded(desk, do):
            formats = desk.office.formats
            when = f"{formats.short_date(row.starts_at.date())}, {formats.time(row.starts_at)}"
            desk.messages.say(f"Cancelled: {row.patient_name}, {when}.", undo=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self._cancelling.isVisible():
                self._cancelling.hide()
                self.cancel_button.setFocus()
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)

    def _make_cancelling(self) -> None:
        self.cancel_by = Choice(
            [("patient", "The patient cancels"), ("clinic", "The clinic cancels")], "patient"
        )
        self.cancel_reason = QLineEdit()
        self.cancel_reason.setMaxLength(200)
        self.cancel_reason.returnPressed.connect(self.cancel)
        self.cancel_now = PlainButton("Cancel the visit", self.cancel, kind="danger")
        self._cancelling = QFrame()
        column = QVBoxLayout(self._cancelling)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Hairline())
        column.addWidget(Field("Cancelled by", self.cancel_by))
        column.addWidget(Field("Reason", self.cancel_reason))
        column.addWidget(self.cancel_now)
        self._cancelling.hide()

    def _lay_out(self) -> None:
        close = IconButton(self._desk.theme, "x", "Close the visit", self.left.emit, key="Esc")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._kind, 1)
        head.addWidget(close)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.letter_button)
        row.addWidget(self.file_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 12)
        column.setSpacing(8)
        column.addLayout(head)
        body = QVBoxLayout()
        body.setContentsMargins(0, 0, 8, 0)
        body.setSpacing(8)
        for part in (self._name_text, self._when, self._about, self._alert, self._notes):
            body.addWidget(part)
        body.addSpacing(8)
        body.addWidget(self.edit_button)
        body.addLayout(row)
        body.addWidget(self.cancel_button)
        body.addWidget(self._cancelling)
        body.addStretch(1)
        column.addLayout(body, 1)

    def _edit(self) -> None:
        if self.detail is not None:
            self.edit_wished.emit(self.detail.row.id)

    def _write_letter(self) -> None:
        if self.detail is not None:
            self._desk.go.write_letter(self.detail.row.id)

    def _open_patient(self) -> None:
        if self.detail is not None:
            self._desk.go.open_patient(self.detail.row.patient_id)


class BookedCard(QWidget):
    """The booking just made stays here until dismissed, to be read back to the caller."""

    left = Signal()
    another_wished = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.detail: AppointmentDetail | None = None
        self._operation_id: int | None = None
        self._done = Banner(desk.theme, "success", "")
        self.summary = Text("", "heading", wrap=True)
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._who = Text("", "strong", wrap=True)
        self._tell = Text("", "muted", wrap=True)
        self.letter_button = PrimaryButton("Print letter…", self._write_letter, tip="Ctrl+P")
        self.undo_button = PlainButton("Undo", self._undo, tip="Take the booking back")
        self.another_button = PlainButton("Book another…", self.another_wished.emit, tip="Ctrl+B")
        self.close_button = PlainButton("Done", self.left.emit, kind="quiet", tip="Esc")
        desk.actions.bind("file.print", self._write_letter, owner=self)
        self._lay_out()

    def show_booking(
        self, detail: AppointmentDetail, operation_id: int | None, *, moved: bool = False
    ) -> None:
        """What to say to the caller, word for word; `operation_id` is what Undo takes back."""
        self.detail, self._operation_id = detail, operation_id
        row, office = detail.row, self._desk.office
        self._done.show_message("success", "", title="Saved" if moved else "Booked")
        self.summary.setText(
            words.read_back(
                row.starts_at,
                row.duration_min,
                row.provider_name,
                office.clock.today(),
                office.formats,
            )
        )
        self._who.setText(row.patient_name)
        about = [" · ".join(part for part in (row.type_name, row.room_name) if part), row.reason]
        if detail.preparation:
            about.append(f"Tell the patient: {detail.preparation}")
        self._tell.setText("\n".join(part for part in about if part))
        self.undo_button.setVisible(operation_id is not None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            if isinstance(focus, PlainButton):
                focus.click()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.undo_button)
        row.addWidget(self.another_button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addWidget(self._done)
        column.addWidget(self.summary)
        column.addWidget(self._who)
        column.addWidget(self._tell)
        column.addSpacing(4)
        column.addWidget(self.letter_button)
        column.addLayout(row)
        column.addWidget(self.close_button)
        column.addStretch(1)

    def _write_letter(self) -> None:
        if self.detail is not None:
            self._desk.go.write_letter(self.detail.row.id)

    def _undo(self) -> None:
        operation_id = self._operation_id
        if operation_id is None:
            return
        session = self._desk.office.session
        changes = guarded(self._desk, lambda: session.undo(operation_id))
        if changes is not None:
            self._desk.messages.say(f"Undone: {changes.label}.")
            self.left.emit()
