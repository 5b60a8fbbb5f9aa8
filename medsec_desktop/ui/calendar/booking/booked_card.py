"""The booking just made, to be read back to the caller; it stays until it is dismissed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.services.calendar import AppointmentDetail
from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.letters.print_sheet import print_or_ask
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Banner,
    ElidedLabel,
    IconButton,
    LinkButton,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.printing import Way
    from medsec_desktop.ui.desk import Desk


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
        self._reach = Text("", "muted", wrap=True)
        self._tell = Text("", "muted", wrap=True)
        self.letter_button = PrimaryButton("Print letter…", self._write_letter, tip="Ctrl+P")
        self.slip_button = PlainButton("Print slip", lambda: self._print("slip"))
        self.card_button = PlainButton("Print card", lambda: self._print("card"))
        self.undo_button = PlainButton("Undo", self._undo, tip="Take the booking back")
        self.another_button = PlainButton("Book another…", self.another_wished.emit, tip="Ctrl+B")
        self.close_button = PlainButton("Done", self.left.emit, kind="quiet", tip="Esc")
        desk.actions.bind("file.print", self._write_letter, owner=self)
        desk.actions.bind("visit.letter", self._write_letter, owner=self)
        self._lay_out()

    @property
    def one_line(self) -> str:
        """The booking in a few words, for when something else stands in its place."""
        if self.detail is None:
            return ""
        row, formats = self.detail.row, self._desk.office.formats
        when = f"{formats.short_date(row.starts_at.date())}, {formats.time(row.starts_at)}"
        return f"{when} · {row.patient_name}"

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
        call = office.formats.phone(detail.phone)
        self._reach.setText(f"Call back at {call}" if call else "No phone number on file.")
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
        column.addWidget(self._reach)
        column.addWidget(self._tell)
        column.addSpacing(4)
        column.addWidget(self.letter_button)
        paper = QHBoxLayout()
        paper.setSpacing(8)
        paper.addWidget(self.slip_button, 1)
        paper.addWidget(self.card_button, 1)
        column.addLayout(paper)
        column.addLayout(row)
        column.addWidget(self.close_button)
        column.addStretch(1)

    def _write_letter(self) -> None:
        if self.detail is not None:
            self._desk.go.write_letter(self.detail.row.id)

    def _print(self, kind: str) -> None:
        """The slip or card for this visit, straight to its printer."""
        from medsec_desktop.services.calendar.sheets import KINDS, Subject

        if self.detail is None:
            return
        sheets, row = self._desk.office.sheets, self.detail.row
        subject = Subject(row.starts_at.date(), row.id)

        sheet = guarded(self._desk, lambda: sheets.make(sheets.setup(kind), subject))
        if sheet is None:
            return

        def give(way: Way) -> None:
            self._desk.jobs.run(
                f"Print the {kind}",
                lambda _: sheets.print(sheet, way),
                lambda printer: self._desk.messages.say(
                    f"The {kind} for {row.patient_name} went to {printer}."
                ),
                cancellable=False,
            )

        print_or_ask(
            self._desk,
            sheets.printing,
            KINDS[kind][1],
            give,
            self.window(),
            KINDS[kind][0].lower(),
            lambda: sheet.pdf,
        )

    def _undo(self) -> None:
        operation_id = self._operation_id
        if operation_id is None:
            return
        session = self._desk.office.session
        changes = guarded(self._desk, lambda: session.undo(operation_id))
        if changes is not None:
            self._desk.messages.say(f"Undone: {changes.label}.")
            self.left.emit()


class BookedStrip(QWidget):
    """The booking still to be read back, in one line above whatever took its place."""

    wished = Signal()  # show it whole again
    dismissed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        frame = QFrame()
        frame.setProperty("tone", "success")
        self._text = ElidedLabel("", "small")
        self.show_button = LinkButton("Show", self.wished.emit)
        self.show_button.setAccessibleName("Show the booking just made")
        self.close_button = IconButton(
            desk.theme, "x", "Dismiss the booking just made", self.dismissed.emit
        )
        row = QHBoxLayout(frame)
        row.setContentsMargins(12, 4, 4, 4)
        row.setSpacing(8)
        row.addWidget(self._text, 1)
        row.addWidget(self.show_button)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 0)
        column.addWidget(frame)
        self.hide()

    def say(self, text: str) -> None:
        """Show a booking's line."""
        self._text.setText(f"Booked: {text}")
        self.setAccessibleName(f"Booked: {text}")
