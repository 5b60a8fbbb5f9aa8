"""One person of the waiting list, as one has her on the phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.services.calendar.calls import CallRow
from medsec_desktop.services.calendar.waiting import WaitingRow
from medsec_desktop.ui.calendar.lists import waiting_words
from medsec_desktop.ui.widgets import Banner, ElidedLabel, IconButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class WaitingCard(QWidget):
    """Name, phone number, what speaks for her, what to mind, and the calls made."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.row: WaitingRow | None = None
        self.name_text = ElidedLabel("", "heading")
        self.file_button = IconButton(
            desk.theme, "user", "Open the patient’s file", self._open_file, key="Ctrl+O"
        )
        self.phone = Text("", "title")
        self.phone.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.why = Text("", wrap=True)
        self.alert = Banner(desk.theme, "warning", "")
        self.note = Text("", "muted", wrap=True)
        self.calls = Text("", "muted", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name_text, 1)
        head.addWidget(self.file_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        for part in (self.phone, self.alert, self.why, self.note, self.calls):
            column.addWidget(part)

    def show_row(
        self, row: WaitingRow, why: Sequence[str] = (), calls: Sequence[CallRow] = ()
    ) -> None:
        """Show somebody: `why` she fits, or what she asked for; the calls about it."""
        formats = self._desk.office.formats
        self.row = row
        self.name_text.setText(row.patient_name)
        self.phone.setText(formats.phone(row.phone) or "No phone number on file")
        self.phone.set_kind("title" if row.phone else "muted")
        self.alert.show_message("warning", row.alert)
        self.alert.setVisible(bool(row.alert))
        self.why.setText("\n".join(f"• {reason}" for reason in why or self._asked(row)))
        self.note.setText(row.draft.note)
        self.note.setVisible(bool(row.draft.note))
        made = calls or ((row.last_call,) if row.last_call else ())
        self.calls.setText("\n".join(_call_line(call, self._desk) for call in made))
        self.calls.setVisible(bool(made))

    def _asked(self, row: WaitingRow) -> tuple[str, ...]:
        formats = self._desk.office.formats
        has = waiting_words.has(row, formats)
        said = [
            "Urgent" if row.draft.is_urgent else "",
            waiting_words.what(row),
            f"With {row.provider_name}" if row.provider_name else "With anybody",
            *(part[0].upper() + part[1:] for part in waiting_words.when(row, formats).split(" · ")),
            f"Has a visit: {has}" if has else "Has no visit yet",
            f"On the list since {formats.short_date(row.added_at.date())}",
        ]
        return tuple(line for line in said if line)

    def _open_file(self) -> None:
        if self.row is not None:
            self._desk.go.open_patient(self.row.patient_id)


def _call_line(call: CallRow, desk: Desk) -> str:
    formats = desk.office.formats
    when = f"{formats.short_date(call.at.date())}, {formats.time(call.at)}"
    said = f" ({call.note})" if call.note else ""
    return f"{call.words}{said}: {when}"
