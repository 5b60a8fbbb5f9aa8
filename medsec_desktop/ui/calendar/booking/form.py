"""The fields of a booking: who, what, when, and what they say together."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar import NEWCOMER, BookingDraft
from medsec_desktop.ui.calendar.booking.authorization_field import AuthorizationField
from medsec_desktop.ui.calendar.booking.verdict import Verdict
from medsec_desktop.ui.calendar.booking.who import WhoField
from medsec_desktop.ui.calendar.current import CurrentFormats
from medsec_desktop.ui.patients.readiness_view import ReadinessView
from medsec_desktop.ui.widgets import Choice, DateEdit, Field, Text
from medsec_desktop.ui.widgets.scrolled import EDGE, ScrolledColumn

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class BookingForm(QWidget):
    """Takes a visit in and gives it back as a draft; what becomes of it is for others to say.

    Enter goes from one entry to the next; on the last it says that all is said.
    """

    changed = Signal()
    all_said = Signal()
    day_wished = Signal(object)  # the date typed, to be looked at

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._version = 0  # of the stored visit shown
        self._lengths: dict[int, int] = {}
        self._length_typed = False
        self.hold_id: int | None = None  # the held slot that is being booked
        self.referral_id: int | None = None  # the referral to us that is being answered
        self._busy = False  # filling the form in, nobody is typing
        self._make_fields()
        self._lay_out()
        self._connect()

    # -- in and out ------------------------------------------------------------------------------

    def clear(self) -> None:
        """An empty form with the practice's types, providers and rooms as they are now."""
        self._busy = True
        self._version = 0
        self.hold_id = None
        self.referral_id = None
        self._load_choices()
        self.who.clear()
        self.offer_authorizations()
        self.date_edit.set_value(None)
        for line in (self.time_line, self.reason_line, self.note_line, self.verdict.reason_line):
            line.clear()
        self._length_typed = False
        self._set_length_of_type()
        self.verdict.say_nothing()
        self._clear_problems()
        self._scroll.verticalScrollBar().setValue(0)
        self._busy = False

    def fill(self, draft: BookingDraft) -> None:
        """Show a stored visit."""
        self._version = draft.version
        self._busy = True
        self._offer_type(draft.type_id)
        self._offer_provider(draft.provider_id)
        self._choose_type(draft.type_id)
        self.who.choose(draft.patient_id)
        self.provider.set_value(draft.provider_id)
        self._choose_room(draft.room_id)
        self.offer_authorizations(draft.authorization_id, draft.authorization_units)
        self.date_edit.set_value(draft.starts_at.date())
        self.time_line.setText(self._desk.office.formats.time(draft.starts_at))
        self.length_line.setText(f"{draft.duration_min} min")
        self._length_typed = True
        self.reason_line.setText(draft.reason)
        self.note_line.setText(draft.note)
        self._busy = False

    def set_time(
        self, provider_id: int | None, starts_at: datetime | None, duration_min: int = 0
    ) -> None:
        """Take a time from the grid or a slot; a length only where one is given."""
        self._busy = True
        if provider_id is not None:
            self.provider.set_value(provider_id)
        if starts_at is not None:
            self.date_edit.set_value(starts_at.date())
            self.time_line.setText(self._desk.office.formats.time(starts_at))
        if duration_min:
            self.length_line.setText(f"{duration_min} min")
            self._length_typed = True
        self._busy = False
        self._clear_problems()
        self.changed.emit()

    def state(self) -> dict[str, Any]:
        """Everything that is filled in, as it stands on the screen."""
        day = self.date_edit.value()
        return {
            "patient_id": self.who.patient_id,
            "search": self.who.typed,
            "newcomer": self.who.newcomer.state() if self.who.is_new else None,
            "authorization_id": self.authorization_field.value(),
            "authorization_units": self.authorization_field.units_used(),
            "hold_id": self.hold_id,
            "referral_id": self.referral_id,
            "type_id": self.what.value(),
            "provider_id": self.provider.value(),
            "room_id": self.room.value(),
            "date": day.isoformat() if day else "",
            "time": self.time_line.text(),
            "length": self.length_line.text(),
            "length_typed": self._length_typed,
            "reason": self.reason_line.text(),
            "note": self.note_line.text(),
            "override": self.verdict.reason_line.text(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Fill the form as `state` found it."""
        self._busy = True
        self._offer_type(state["type_id"])
        self._choose_type(state["type_id"])
        if state["provider_id"]:
            self._offer_provider(state["provider_id"])
        self.provider.set_value(state["provider_id"])
        self.room.set_value(state["room_id"])
        self.date_edit.set_value(date.fromisoformat(state["date"]) if state["date"] else None)
        self.time_line.setText(state["time"])
        self.length_line.setText(state["length"])
        self._length_typed = bool(state["length_typed"])
        self.reason_line.setText(state["reason"])
        self.note_line.setText(state["note"])
        self.verdict.reason_line.setText(state["override"])
        self.who.clear(state["search"])
        if state["patient_id"]:
            self.who.choose(state["patient_id"])
        elif state.get("newcomer"):
            self.who.start_newcomer(state["newcomer"])
        units = int(state.get("authorization_units") or 1)
        self.offer_authorizations(state.get("authorization_id"), units)
        self.hold_id = state.get("hold_id")
        self.referral_id = state.get("referral_id")
        self._busy = False

    def draft(self) -> BookingDraft:
        """What is filled in, as a draft. Raises Invalid naming the first field that is not."""
        formats = self._desk.office.formats
        if not self.who.is_settled:
            raise Invalid("Choose a patient.", field="patient_id")
        if self.provider.value() is None:
            raise Invalid(
                "There is no provider to book with.",
                remedy="Add one in Settings, Providers and hours.",
                field="provider_id",
            )
        day = self.date_edit.value()
        if day is None:
            words = self.date_edit.problem() or "Type a date, such as “fri” or “+2w”."
            raise Invalid(words, field="date")
        at = formats.parse_time(self.time_line.text())
        length = formats.parse_duration(self.length_line.text())
        return self.draft_of(self.who.patient_id or NEWCOMER, day, at, length)

    def draft_of(self, patient_id: int, day: date, at: time, length_min: int) -> BookingDraft:
        type_id, room_id = self.what.value(), self.room.value()
        return BookingDraft(
            patient_id,
            int(str(self.provider.value())),
            int(str(type_id)) if type_id is not None else None,
            datetime.combine(day, at),
            length_min,
            int(str(room_id)) if room_id is not None else None,
            self.reason_line.text(),
            self.note_line.text(),
            self._version,
            authorization_id=self.authorization_field.value(),
            hold_id=self.hold_id,
            authorization_units=self.authorization_field.units_used(),
            referral_id=self.referral_id,
        )

    def show_problem(self, problem: Invalid) -> None:
        """Say at its field what is wrong, and go there."""
        fields = {
            "date": self.date_field,
            "time": self.time_field,
            "duration_min": self.length_field,
            "provider_id": self.provider_field,
            "type_id": self.what_field,
        }
        field = fields.get(problem.field)
        if field is not None:
            field.problem(" ".join(part for part in (problem.what, problem.remedy) if part))
            field.editor.setFocus()
            return
        self.who_problem.setText(str(problem))
        self.who_problem.show()
        self.who.setFocus()

    def _clear_problems(self) -> None:
        self.who_problem.hide()
        for field in (
            self.date_field,
            self.time_field,
            self.length_field,
            self.provider_field,
            self.what_field,
        ):
            field.problem("")

    # -- what can be chosen ----------------------------------------------------------------------

    def _load_choices(self) -> None:
        practice = self._desk.office.practice
        types = practice.types(active_only=True)
        self._lengths = {row.id: row.duration_min for row in types}
        self.what.set_pairs((row.id, f"{row.name} · {row.duration_min} min") for row in types)
        self.what.setCurrentIndex(0 if types else -1)
        self.provider.set_pairs(
            (row.id, provider_called(row.family_name, row.given_name, row.credential))
            for row in practice.providers(bookable_only=True)
        )
        rooms = practice.rooms(active_only=True)
        self.room.set_pairs([(None, "No room"), *((row.id, row.name) for row in rooms)])
        self.room_field.setVisible(bool(rooms))

    def load_choices_again(self) -> None:
        """Types, providers and rooms as they are now; what was chosen stays where it still is."""
        chosen = self.what.value(), self.provider.value(), self.room.value()
        self._busy = True
        self._load_choices()
        self._offer_type(chosen[0])  # type: ignore[arg-type]
        self._choose_type(chosen[0])
        if chosen[1] is not None:
            self._offer_provider(int(str(chosen[1])))
            self.provider.set_value(chosen[1])
        self._choose_room(chosen[2])  # type: ignore[arg-type]
        self._busy = False

    def _offer_type(self, type_id: int | None) -> None:
        """A visit keeps a type that is no longer offered, or none at all."""
        if type_id in self._lengths:
            return
        name = "No type"
        for row in self._desk.office.practice.types():
            if row.id == type_id:
                name = f"{row.name} · {row.duration_min} min"
                self._lengths[row.id] = row.duration_min
        self.what.addItem(name, type_id)

    def _choose_type(self, type_id: object) -> None:
        """As `set_value`, but None is a type too: a visit imported without one."""
        for index in range(self.what.count()):
            if self.what.itemData(index) == type_id:
                self.what.setCurrentIndex(index)
                return

    def _choose_room(self, room_id: int | None) -> None:
        if room_id is None:
            self.room.setCurrentIndex(0)
        else:
            self.room.set_value(room_id)

    def offer_authorizations(self, chosen_id: int | None = None, units: int = 1) -> None:
        """What the patient chosen is allowed by her payers."""
        leaves = self.who.card.authorizations if self.who.card else ()
        self.authorization_field.offer(leaves, chosen_id, units)

    def _offer_provider(self, provider_id: int) -> None:
        """A visit keeps its provider even if nobody is booked with her any more."""
        if self.provider.findData(provider_id) >= 0:
            return
        for row in self._desk.office.practice.providers():
            if row.id == provider_id:
                called = provider_called(row.family_name, row.given_name, row.credential)
                self.provider.addItem(called, provider_id)

    # -- typing ------------------------------------------------------------------------------------

    def _type_chosen(self) -> None:
        if not self._length_typed:
            self._set_length_of_type()
        self._changed()

    def _set_length_of_type(self) -> None:
        length = self._lengths.get(self.what.value(), 30)  # type: ignore[call-overload]
        self.length_line.setText(f"{length} min")

    def _length_changed(self) -> None:
        self._length_typed = True
        self._changed()

    def _day_chosen(self, day: date | None) -> None:
        if day is not None and not self._busy:
            self.day_wished.emit(day)
        self._changed()

    def _changed(self) -> None:
        if not self._busy:
            self._clear_problems()
            self.changed.emit()

    def _leave_date(self) -> None:
        if not self._take_day_and_time():
            self.date_field.problem(self.date_edit.problem())

    def _tidy_time(self) -> None:
        if self.time_line.text():
            try:
                at = self._desk.office.formats.parse_time(self.time_line.text())
            except Invalid as problem:
                self.time_field.problem(str(problem))
                return
            self.time_line.setText(self._desk.office.formats.time(at))

    def _tidy_length(self) -> None:
        try:
            minutes = self._desk.office.formats.parse_duration(self.length_line.text())
        except Invalid as problem:
            self.length_field.problem(str(problem))
            return
        self.length_line.setText(f"{minutes} min")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on to the next thing to be said, or books when all is said."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return plain and event.key() in ENTER and self._go_on_from(watched)

    def _go_on_from(self, editor: QObject) -> bool:
        if editor is self.what and not self.what.view().isVisible():
            self._go_to(self.time_line if self.date_edit.value() else self.date_edit)
        elif editor is self.date_edit:
            if self._take_day_and_time():
                self.all_said.emit()
            else:
                self._go_to(self.time_line)
        elif isinstance(editor, QLineEdit):
            self._tidy_time()
            self.all_said.emit()
        else:
            return False
        return True

    def _take_day_and_time(self) -> bool:
        """“fri 3pm” typed as the date says when in one entry."""
        office = self._desk.office
        if self.date_edit.value() is not None:
            return False
        try:
            when = office.formats.parse_when(self.date_edit.text(), office.clock.today())
        except Invalid:
            return False
        self.set_time(None, when)
        self.day_wished.emit(when.date())
        return True

    def _go_to(self, line: QLineEdit) -> None:
        line.setFocus()
        line.selectAll()

    # -- making ------------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        desk = self._desk
        self.who = WhoField(desk)
        self.who_problem = Text("", "problem", wrap=True)
        self.who_problem.hide()
        self.what = Choice()
        self.what_field = Field("What", self.what)
        self.date_edit = DateEdit(desk.theme, CurrentFormats(desk.office), desk.office.clock.today)
        self.date_edit.setPlaceholderText("fri 3pm, +2w, 3/14")
        self.date_field = Field("Date", self.date_edit)
        self.time_line = QLineEdit()
        self.time_line.setPlaceholderText("3pm, 15:30")
        self.time_field = Field("Time", self.time_line)
        self.length_line = QLineEdit()
        self.length_field = Field("Length", self.length_line)
        self.provider = Choice()
        self.provider_field = Field("With", self.provider)
        self.room = Choice()
        self.room_field = Field("Room", self.room)
        self.authorization_field = AuthorizationField(desk)
        self.authorization = self.authorization_field.choice
        self.insurance = ReadinessView(desk.theme, is_brief=True)
        self.insurance.hide()
        self.verdict = Verdict(desk)
        self.reason_line = QLineEdit()
        self.reason_line.setMaxLength(200)
        self.reason_field = Field("Reason for the visit", self.reason_line)
        self.note_line = QLineEdit()
        self.note_line.setMaxLength(500)
        self.note_field = Field("Note", self.note_line)

    def _lay_out(self) -> None:
        when = QGridLayout()
        when.setHorizontalSpacing(8)
        when.setVerticalSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        when.addWidget(self.date_field, 0, 0, top)
        when.addWidget(self.time_field, 0, 1, top)
        when.addWidget(self.provider_field, 1, 0, top)
        when.addWidget(self.length_field, 1, 1, top)
        when.setColumnStretch(0, 3)
        when.setColumnStretch(1, 2)
        self._scroll = ScrolledColumn("Booking", self)
        self.head, self.foot = QHBoxLayout(), QHBoxLayout()
        self.head.setContentsMargins(16, 12, EDGE, 4)
        self.foot.setContentsMargins(16, 8, 16, 12)
        self.foot.setSpacing(8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self.head)
        whole.addWidget(self._scroll, 1)
        whole.addLayout(self.foot)
        column = self._scroll.column
        self._scroll.set_margins(16, 4, 12)
        column.setSpacing(12)
        column.addWidget(self.who)
        column.addWidget(self.who_problem)
        column.addWidget(self.what_field)
        column.addLayout(when)
        column.addWidget(self.verdict)
        column.addWidget(self.insurance)
        column.addWidget(self.authorization_field)
        column.addWidget(self.room_field)
        column.addWidget(self.reason_field)
        column.addWidget(self.note_field)
        column.addStretch(1)

    def _connect(self) -> None:
        self.what.currentIndexChanged.connect(self._type_chosen)
        self.date_edit.settled.connect(self._day_chosen)
        self.date_edit.textEdited.connect(lambda _: self.date_field.problem(""))
        self.date_edit.editingFinished.connect(self._leave_date)
        self.provider.currentIndexChanged.connect(self._changed)
        self.room.currentIndexChanged.connect(self._changed)
        self.authorization_field.chosen.connect(self._changed)
        self.who.newcomer.changed.connect(self._changed)
        self.time_line.textEdited.connect(self._changed)
        self.time_line.editingFinished.connect(self._tidy_time)
        self.length_line.textEdited.connect(self._length_changed)
        self.length_line.editingFinished.connect(self._tidy_length)
        for editor in (
            self.what,
            self.date_edit,
            self.time_line,
            self.length_line,
            self.provider,
            self.authorization,
            self.room,
            self.reason_line,
            self.note_line,
            self.verdict.reason_line,
        ):
            editor.installEventFilter(self)
