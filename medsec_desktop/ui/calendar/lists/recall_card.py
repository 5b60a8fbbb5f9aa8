"""The recall in front, or how many are selected, and what can be done about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from medsec_desktop.domain.calendar.calls import CallOutcome
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.ui.calendar.lists import recall_words
from medsec_desktop.ui.calendar.lists.call_outcomes import CallOutcomes
from medsec_desktop.ui.widgets import PlainButton, PrimaryButton, Text
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsec_desktop.services.calendar.recalls import RecallRow
    from medsec_desktop.ui.desk import Desk


class RecallCard(ScrolledColumn):
    """Letters, labels and marks are for all that are selected, the rest for one."""

    letters_wished = Signal()
    labels_wished = Signal()
    mark_wished = Signal()
    book_wished = Signal()
    change_wished = Signal()
    remove_wished = Signal()
    called = Signal(object)  # CallOutcome

    def __init__(self, desk: Desk):
        super().__init__("The recall in front")
        self._desk = desk
        self.who = Text("", "heading", wrap=True)
        self.about = Text("", "muted", wrap=True)
        self.letter_button = PrimaryButton("Write letters", self.letters_wished.emit)
        self.label_button = PlainButton("Labels", self.labels_wished.emit)
        self.mark_button = PlainButton("Mark as reminded", self.mark_wished.emit)
        self.calls = CallOutcomes(
            "How a call ended",
            {CallOutcome.DECLINED: (CallOutcome.DECLINED, "Will not come")},
            hoped=False,
        )
        self.calls_title = Text("After a call", "strong")
        self.book_button = PlainButton("Book a visit…", self.book_wished.emit, tip="Enter")
        self.change_button = PlainButton("Change…", self.change_wished.emit, tip="F2")
        self.remove_button = PlainButton(
            "Remove", self.remove_wished.emit, kind="danger", tip="Delete"
        )
        self.calls.chosen.connect(self.called)
        self._lay_out()

    def show_rows(self, row: RecallRow, chosen: Sequence[RecallRow]) -> None:
        """The one in front, and how many are selected with it."""
        session = self._desk.office.session
        may = session.may(Permission.EDIT_CALENDAR)
        count, several = len(chosen), len(chosen) > 1
        self.who.setText(f"{count} selected" if several else row.patient_name)
        self.about.setText(self._about(row) if not several else "")
        self.about.setVisible(not several)
        number = row.next_round
        self.letter_button.setText(
            f"Write {count} letters"
            if several
            else f"Write reminder {number}"
            if number
            else "All reminders sent"
        )
        wanted = any(one.next_round for one in chosen)
        may_write = session.may(Permission.WRITE_LETTERS)
        self.letter_button.setEnabled(may and may_write and wanted)
        for button in (self.label_button, self.mark_button):
            button.setEnabled(may and wanted)
        for part in (self.calls_title, self.calls, self.book_button, self.change_button):
            part.setVisible(not several)
            part.setEnabled(may)
        self.remove_button.setVisible(not several)
        self.remove_button.setEnabled(may)

    def _about(self, row: RecallRow) -> str:
        office = self._desk.office
        lines = [
            row.type.name,
            f"Due {office.formats.long_date(row.due_on)}",
            f"With {row.provider_name}" if row.provider_name else "",
            office.formats.phone(row.phone) if row.phone else "No phone on file",
            f"Last call: {row.last_call}" if row.last_call else "",
            recall_words.last_sent(row, office.formats),
            row.why_not_write,
            row.note,
        ]
        return "\n".join(line for line in lines if line)

    def _lay_out(self) -> None:
        column = self.column
        column.setSpacing(8)
        beside = QHBoxLayout()
        beside.setSpacing(8)
        beside.addWidget(self.label_button, 1)
        beside.addWidget(self.mark_button, 1)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.change_button, 1)
        below.addWidget(self.remove_button, 1)
        column.addWidget(self.who)
        column.addWidget(self.about)
        column.addSpacing(8)
        column.addWidget(self.letter_button)
        column.addLayout(beside)
        column.addSpacing(8)
        column.addWidget(self.calls_title)
        column.addWidget(self.calls)
        column.addSpacing(8)
        column.addWidget(self.book_button)
        column.addLayout(below)
        column.addStretch(1)
