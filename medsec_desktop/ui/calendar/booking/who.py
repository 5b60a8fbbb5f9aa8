"""Who is to be booked: a search line with its list, then the patient chosen with what matters now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Conflict
from medsec_desktop.services.calendar import AppointmentRow, PatientCard
from medsec_desktop.ui.calendar.booking.newcomer import NewcomerForm
from medsec_desktop.ui.calendar.short_link import short_link
from medsec_desktop.ui.calendar.words import counted
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Banner,
    ElidedLabel,
    LinkButton,
    ListRow,
    SearchList,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.domain.patients import PatientDraft
    from medsec_desktop.services.patients import PatientHit
    from medsec_desktop.ui.desk import Desk

_ROWS_SHOWN = 4
_LINE_ROOM = 296  # pixels of a line in the pane at normal zoom


class WhoField(QWidget):
    """Finds and shows one patient; `chosen` fires with her id, or None when she is taken back.

    A newcomer is shown like one on file; her file is opened together with the visit.
    """

    chosen = Signal(object)
    agreed = Signal()  # on a newcomer
    visit_wished = Signal(object)  # AppointmentRow

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.card: PatientCard | None = None
        self._answered = ""  # the words whose answer the list shows
        self.is_new = False  # somebody not on file is being written down
        self.person: PatientDraft | None = None  # she, once her lines are in order
        self.search = SearchList(
            desk.theme,
            desk.jobs.latest,
            self._found,
            "Patient",
            placeholder="Name, birth date, phone or chart number",
            two_lines=True,
        )
        self.search.chosen.connect(self.choose)
        self.search.line.installEventFilter(self)
        self.new_patient = LinkButton("New patient…", self.start_newcomer)
        self.newcomer = NewcomerForm(desk)
        self._finder = QWidget()
        finding = QVBoxLayout(self._finder)
        finding.setContentsMargins(0, 0, 0, 0)
        finding.setSpacing(4)
        finding.addWidget(self.search)
        self._nobody = Text("", "small", wrap=True)
        finding.addWidget(self._nobody)
        finding.addWidget(self.new_patient, 0, Qt.AlignmentFlag.AlignLeft)
        self._name = ElidedLabel("", "heading")
        self.change_button = LinkButton("Change", self.take_back)
        self.change_button.setAccessibleName("Choose another patient")
        self._about = Text("", "muted", wrap=True)
        self.alert = Banner(desk.theme, "warning", "")
        self._visits = QVBoxLayout()
        self._visits.setSpacing(0)
        self._person = QWidget()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        head.addWidget(self.change_button)
        person = QVBoxLayout(self._person)
        person.setContentsMargins(0, 0, 0, 0)
        person.setSpacing(4)
        person.addLayout(head)
        person.addWidget(self._about)
        person.addWidget(self.alert)
        person.addLayout(self._visits)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._finder)
        column.addWidget(self.newcomer)
        column.addWidget(self._person)
        self.newcomer.hide()
        self.newcomer.agreed.connect(self._agree)
        self.newcomer.known.connect(self.choose)
        self.newcomer.left.connect(self.leave_newcomer)
        self.search.list.rows.modelReset.connect(self._answer_shown)
        desk.theme.changed.connect(self._fit)
        self._fit()
        self._show()

    @property
    def patient_id(self) -> int | None:
        return self.card.patient_id if self.card else None

    @property
    def is_settled(self) -> bool:
        """Whether it is said for whom the booking is."""
        return self.card is not None or self.person is not None

    @property
    def typed(self) -> str:
        """What stands in the search line while nobody is chosen."""
        return "" if self.card else self.search.line.text()

    @property
    def said(self) -> str:
        """Whom the booking is for, as far as anything was typed."""
        return self.newcomer.name_line.text() if self.is_new else self.typed

    def choose(self, patient_id: int) -> None:
        """Show the patient with alerts and visits; the look at her file is audited."""
        card = guarded(self._desk, lambda: self._desk.office.calendar.patient_card(patient_id))
        if card is None:
            return
        self.card = card
        self._forget_newcomer()
        self._show()
        self.chosen.emit(patient_id)

    def settle(self) -> None:
        """Open a newcomer's file now, where something other than her booking needs it."""
        person = self.person
        if person is None:
            return
        patient_id = guarded(self._desk, lambda: self._desk.office.patients.register(person))
        if patient_id is not None:
            self._desk.messages.say(f"Registered: {person.name.listed}.", undo=True)
            self.choose(patient_id)

    def reread(self) -> None:
        """Show her file and visits as they are now; one that is gone is taken back."""
        if self.card is None:
            return
        calendar, patient_id = self._desk.office.calendar, self.card.patient_id
        try:
            card = calendar.reread_card(patient_id)
        except Conflict as conflict:
            self._desk.messages.problem(conflict)
            self.clear()
            self.chosen.emit(None)
            return
        if card != self.card:
            self.card = card
            self._show_card(card)

    def start_newcomer(self, state: dict[str, str] | None = None) -> None:
        """Somebody not on file: name, birth date and phone in place of the search."""
        self.is_new, self.person = True, None
        self._show()
        if state is None:
            self.newcomer.start(self.search.line.text())
        else:
            self.newcomer.restore(state)

    def leave_newcomer(self) -> None:
        """Back to the search, as it was."""
        self._forget_newcomer()
        self._show()
        self.search.line.setFocus()

    def take_back(self) -> None:
        """Choose again, with the search line as it was; a newcomer's lines can be put right."""
        if self.person is not None:
            self.person = None
            self._show()
            self.newcomer.name_line.setFocus()
            self.chosen.emit(None)
            return
        self.card = None
        self._forget_newcomer()
        self._show()
        self.search.again()
        self.search.line.setFocus()
        self.search.line.selectAll()
        self.chosen.emit(None)

    def clear(self, text: str = "") -> None:
        """Start anew, with `text` in the search line."""
        self.card = None
        self._forget_newcomer()
        self.search.line.setText(text)
        self.search.again()
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter where nobody matches: she is new."""
        if (
            watched is self.search.line
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and self.search.line.text().strip()
            and self._answered == self.search.line.text()
            and not self.search.list.rows.rowCount()
            and self._desk.office.session.may(Permission.EDIT_PATIENTS)
        ):
            self.start_newcomer()
            return True
        return super().eventFilter(watched, event)

    def _agree(self, person: PatientDraft) -> None:
        self.person = person
        self._show()
        self.agreed.emit()

    def _forget_newcomer(self) -> None:
        self.is_new, self.person = False, None

    def _answer_shown(self) -> None:
        self._answered = self.search.line.text()
        self._fit()

    def _fit(self) -> None:
        """The list is as tall as what was found, so that the rest of the pane stays in sight."""
        found = self.search.list.rows.rowCount()
        self.search.list.setFixedHeight(self._desk.theme.px(48) * min(found, _ROWS_SHOWN))
        typed = bool(self.search.line.text().strip())
        may = self._desk.office.session.may(Permission.EDIT_PATIENTS)
        self._nobody.setText(
            "Nobody on file matches." + (" Enter registers a new patient." if may else "")
        )
        self._nobody.setVisible(not found and typed)

    def _found(self, text: str) -> Sequence[ListRow]:
        patients = self._desk.office.patients
        hits = patients.find(text, 30) if text.strip() else patients.recent(8)
        return [self._row(hit) for hit in hits]

    def _row(self, hit: PatientHit) -> ListRow:
        formats = self._desk.office.formats
        numbers = (formats.birth(hit.birth), formats.phone(hit.phone), hit.chart_number)
        mark, tone = ("Alert", "warning") if hit.has_alert else ("", "muted")
        if hit.status != PatientStatus.ACTIVE:
            mark, tone = hit.status.value.capitalize(), "danger"
        return ListRow(
            hit.id,
            hit.name.listed,
            " · ".join(number for number in numbers if number),
            mark=mark,
            tone=tone,
        )

    def _show(self) -> None:
        self._finder.setVisible(self.card is None and not self.is_new)
        self.newcomer.setVisible(self.is_new and not self.is_settled)
        self._person.setVisible(self.is_settled)
        asked = self.newcomer.name_line if self.is_new else self.search.line
        self.setFocusProxy(self.change_button if self.is_settled else asked)
        self.new_patient.setVisible(self._desk.office.session.may(Permission.EDIT_PATIENTS))
        if self.card is not None:
            self._show_card(self.card)
        elif self.person is not None:
            self._show_newcomer(self.person)

    def _show_newcomer(self, person: PatientDraft) -> None:
        formats = self._desk.office.formats
        number = formats.phone(person.phones[0].number) if person.phones else ""
        self._name.setText(person.name.listed)
        self._about.setText(" · ".join(filter(None, (formats.birth(person.birth), number))))
        self.alert.hide()
        self._clear_visits()
        self._visits.addWidget(Text("New here: registered together with the visit.", "small"))

    def _show_card(self, card: PatientCard) -> None:
        formats, today = self._desk.office.formats, self._desk.office.clock.today()
        self._name.setText(card.name.listed)
        born = formats.birth(card.birth)
        if card.birth is not None:
            born = f"{born} ({card.birth.age_on(today)})"
        numbers = (born, formats.phone(card.phone), card.chart_number)
        self._about.setText(" · ".join(number for number in numbers if number))
        notes = list(card.alerts)
        if card.balance_text:
            notes.append(card.balance_text)
        if card.missed:
            notes.append(f"{counted(card.missed, 'missed visit').capitalize()} on file.")
        if card.late_cancels:
            notes.append(f"{counted(card.late_cancels, 'late cancellation').capitalize()} on file.")
        self.alert.show_message("warning", "\n".join(notes))
        self.alert.setVisible(bool(notes))
        self._clear_visits()
        for visit in card.upcoming[:2]:
            self._add_visit("Next", visit)
        for visit in card.past[:1]:
            self._add_visit("Last", visit)
        elsewhere = card.last_encounter
        if elsewhere and not any(visit.starts_at >= elsewhere[0] for visit in card.past):
            when, provider = elsewhere
            text = f"Last: {self._day(when)}" + (f" · {provider}" if provider else "")
            self._visits.addWidget(Text(text, "small", wrap=True))
        if not card.upcoming and not card.past and not elsewhere:
            self._visits.addWidget(Text("No visits yet.", "small"))

    def _clear_visits(self) -> None:
        while (item := self._visits.takeAt(0)) is not None:
            label = item.widget()
            if label is not None:
                label.hide()
                label.deleteLater()

    def _day(self, at: datetime) -> str:
        formats, today = self._desk.office.formats, self._desk.office.clock.today()
        day = at.date()
        return formats.short_date(day) if day.year == today.year else formats.date(day)

    def _add_visit(self, word: str, visit: AppointmentRow) -> None:
        time = self._desk.office.formats.time(visit.starts_at)
        text = f"{word}: {self._day(visit.starts_at)}, {time} · {visit.provider_name}"
        link = short_link(self._desk.theme, text, lambda: self.visit_wished.emit(visit), _LINE_ROOM)
        self._visits.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
