"""Whom to call to confirm, with everything said on the phone, and how the call ended at one key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar.calls import CallOutcome
from medsec_desktop.domain.letters import LANGUAGES
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.calendar.confirmations import ConfirmRow, Outcome
from medsec_desktop.ui.calendar.lists.call_outcomes import CallOutcomes
from medsec_desktop.ui.widgets import Banner, Field, LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_MEANS = {
    CallOutcome.REACHED: (Outcome.PERSON, "Confirmed with a person"),
    CallOutcome.LEFT_ON_MACHINE: (Outcome.MACHINE, "Message left"),
    CallOutcome.NO_ANSWER: (Outcome.NO_ANSWER, "No answer"),
    CallOutcome.WRONG_NUMBER: (Outcome.WRONG_NUMBER, "Wrong number"),
    CallOutcome.DECLINED: (Outcome.CANCELS, "Cancels"),
}
_WAYS = {
    "text": "Prefers a text message",
    "email": "Prefers e-mail",
    "mail": "Prefers mail",
    "none": "Asked not to be contacted",
}


class ConfirmCard(QWidget):
    """The visit in front; `ended` gives the outcome and the note."""

    ended = Signal(object, str)

    def __init__(
        self, desk: Desk, open_file: Callable[[], object], open_visit: Callable[[], object]
    ):
        super().__init__()
        self._desk = desk
        self._number = 0
        self.state = Text("", "caption")
        self.name = Text("", "heading", wrap=True)
        self.when = Text("", wrap=True)
        self.phone = Text("", "title")
        self.others = Text("", "muted", wrap=True)
        self.mind = Banner(desk.theme, "warning", "")
        self.about = Text("", "muted", wrap=True)
        self.note = QLineEdit()
        self.note.setMaxLength(200)
        self.note_field = Field("What was said", self.note)
        self.outcomes = CallOutcomes(
            "How the call ended",
            _MEANS,
            without=(CallOutcome.LEFT_WITH_PERSON,),
            more=((Outcome.WILL_MOVE, "Another time"),),
        )
        self.outcomes.chosen.connect(self._end)
        links = QHBoxLayout()
        links.setSpacing(16)
        links.addWidget(LinkButton("Open the file", open_file))
        links.addWidget(LinkButton("Show in the calendar", open_visit))
        links.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self.state, self.name, self.when):
            words.addWidget(label)
        numbers = QVBoxLayout()
        numbers.setSpacing(2)
        numbers.addWidget(self.phone)
        numbers.addWidget(self.others)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 0, 12)
        column.setSpacing(12)
        column.addLayout(words)
        column.addLayout(numbers)
        column.addWidget(self.mind)
        column.addWidget(self.about)
        column.addWidget(self.note_field)
        column.addWidget(self.outcomes)
        column.addLayout(links)
        column.addStretch(1)

    def show_row(self, row: ConfirmRow) -> None:
        """Show a visit; a note half typed for another one is not taken along."""
        office, visit = self._desk.office, row.visit
        formats = office.formats
        if visit.id != self._number:
            self._number = visit.id
            self.note.clear()
        self.state.setText(row.said or "Not called yet")
        self.name.setText(visit.patient_name)
        self.when.setText(
            f"{formats.spoken(visit.starts_at, office.clock.today())}\n"
            f"{visit.type_name or 'Visit'}, {visit.duration_min} minutes with {visit.provider_name}"
        )
        self.phone.setText(formats.phone(row.phone) if row.phone else "No phone on file")
        self.others.setText("\n".join(formats.phone(number) for number in row.other_phones))
        self.others.setVisible(bool(row.other_phones))
        mind = _to_mind(row)
        self.mind.show_message("warning", "\n".join(mind))
        self.mind.setVisible(bool(mind))
        about = [visit.reason, f"Say: {row.preparation}" if row.preparation else ""]
        about.append("A reminder letter is filed." if row.has_reminder else "")
        self.about.setText("\n".join(line for line in about if line))
        self.about.setVisible(any(about))
        may = office.session.may(Permission.EDIT_CALENDAR) and visit.status.may_be_moved
        self.note_field.setVisible(may)
        self.outcomes.setVisible(may)

    def _end(self, outcome: object) -> None:
        self.ended.emit(outcome, self.note.text().strip())


def _to_mind(row: ConfirmRow) -> list[str]:
    """What must not go wrong on this call."""
    mind = row.visit.alert.splitlines()
    if row.phone and not row.may_leave_message:
        mind.append("Leave no message on this number.")
    if row.needs_interpreter:
        language = LANGUAGES.get(row.language)
        mind.append(f"Needs an interpreter{f': {language.name}' if language else ''}.")
    if row.contact_preference in _WAYS:
        mind.append(f"{_WAYS[row.contact_preference]}.")
    return mind
