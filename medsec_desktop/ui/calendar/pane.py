"""The booking pane: who, what, when; for a new visit and for one that is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.calendar import DAY_MIN, BookingRefused, Slot, Span, provider_called
from medsec_desktop.problems import Conflict, Invalid, Problem
from medsec_desktop.services.calendar import AppointmentDetail, BookingDraft
from medsec_desktop.ui.calendar.day_view import Proposal
from medsec_desktop.ui.calendar.verdict import Verdict
from medsec_desktop.ui.calendar.who import WhoField
from medsec_desktop.ui.widgets import (
    Choice,
    DateEdit,
    Field,
    IconButton,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NOBODY = 0  # no patient has this id: free times can be offered before one is chosen


@dataclass(frozen=True, slots=True)
class _Editing:
    """The stored visit being changed, as it was read."""

    id: int
    draft: BookingDraft


class BookingPane(QWidget):
    """Three entries and Enter. Shows what is in the way while it is being filled in.

    Escape backs out one step: from when to what, to who, and out; what was typed is parked then.
    """

    draft_kind = "booking"

    booked = Signal(int)  # a new visit's id
    amended = Signal(int)
    opened = Signal()
    left = Signal()  # closed without saving
    proposed = Signal(object)  # Proposal or None: where the booking would stand
    day_wished = Signal(object)  # the date typed, to be looked at

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._editing: _Editing | None = None
        self._length_typed = False
        self._busy = False  # filling the form in, nobody is typing
        self.is_open = False
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(120)
        self._looking.timeout.connect(self.look)
        self._make_fields()
        self._lay_out()
        self._connect()

    # -- opening --------------------------------------------------------------------------------

    def start(
        self,
        patient_id: int | None = None,
        starts_at: datetime | None = None,
        provider_id: int | None = None,
        duration_min: int = 0,
    ) -> None:
        """A new booking, with what is already known filled in."""
        self._leave_what_was_open()
        self._begin(None)
        self.set_time(provider_id, starts_at, duration_min)
        if patient_id is not None:
            self.who.choose(patient_id)
        self._desk.drafts.watch(self, close=self._parked)
        self.take_focus()
        self.look()

    def edit(self, detail: AppointmentDetail) -> None:
        """Change a stored visit."""
        self._leave_what_was_open()
        self._begin(_Editing(detail.row.id, detail.draft))
        self._fill(detail.draft)
        self._desk.drafts.watch(self, close=self._parked)
        self.time_line.setFocus()
        self.time_line.selectAll()
        self.look()

    def resume(self, state: dict[str, Any], draft_id: int | None) -> None:
        """Go on where a parked or rescued booking was left."""
        self._leave_what_was_open()
        self.restore_state(state)
        self._desk.drafts.watch(self, close=self._parked, draft_id=draft_id)
        self.take_focus()
        self.look()

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
        self._looking.start()

    def begin_name(self, text: str) -> None:
        """A letter typed on the grid: the name goes on from there."""
        if self.who.card is None:
            self.who.search.line.setText(text)
            self.who.search.line.setFocus()
            self.who.search.line.setCursorPosition(len(text))

    def take_focus(self) -> None:
        """Put the focus on the first thing still to be said."""
        if self.who.card is None:
            self.who.search.line.setFocus()
        else:
            self.what.setFocus()

    @property
    def editing_id(self) -> int | None:
        return self._editing.id if self._editing else None

    # -- what the draft keeper asks -------------------------------------------------------------

    def draft_title(self) -> str:
        who = self.who.card.name.listed if self.who.card else self.who.typed or "somebody"
        verb = "Change" if self._editing else "Book"
        day = self.date_edit.value()
        when = self._desk.office.formats.short_date(day) if day else ""
        return " · ".join(part for part in (f"{verb} {who}", when, self.time_line.text()) if part)

    def draft_patient_id(self) -> int | None:
        return self.who.patient_id

    def draft_state(self) -> dict[str, Any] | None:
        """What is in the pane, or None while nothing worth keeping was typed."""
        state = self._state()
        if self._editing is not None:
            return state if state != self._untouched else None
        typed = ("patient_id", "search", "reason", "note", "override")
        return state if any(state[name] for name in typed) else None

    def restore_state(self, state: dict[str, Any]) -> None:
        """Fill the pane as `draft_state` found it."""
        editing = None
        if state.get("appointment_id"):
            editing = self._stored(int(state["appointment_id"]), int(state["version"]))
        self._begin(editing)
        self._busy = True
        self._offer_type(state["type_id"])
        self.what.set_value(state["type_id"])
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
        self._busy = False

    def _state(self) -> dict[str, Any]:
        day = self.date_edit.value()
        return {
            "appointment_id": self._editing.id if self._editing else None,
            "version": self._editing.draft.version if self._editing else 0,
            "patient_id": self.who.patient_id,
            "search": self.who.typed,
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

    def _stored(self, appointment_id: int, version: int) -> _Editing | None:
        """The visit a draft was changing, at the version it was read; None when it is gone."""
        try:
            detail = self._desk.office.calendar.appointment(appointment_id)
        except Conflict as conflict:
            self._desk.messages.problem(conflict)
            return None
        return _Editing(appointment_id, replace(detail.draft, version=version))

    # -- saving ---------------------------------------------------------------------------------

    def save(self) -> None:
        """Book, or save the change; a refusal is shown in the pane with what would be allowed."""
        self._clear_problems()
        calendar = self._desk.office.calendar
        reason = self.verdict.reason_line.text() if self.verdict.needs_reason else ""
        try:
            draft = self._draft()
            if self._editing is None:
                visit_id = calendar.book(draft, reason, initiator=self)
            else:
                visit_id = self._editing.id
                calendar.amend(visit_id, draft, reason, initiator=self)
        except BookingRefused as refusal:
            self.verdict.refuse(refusal.breaches, refusal.nearest)
            self._focus_the_way_out()
        except Invalid as problem:
            self._show_at_its_field(problem)
        except Conflict as conflict:
            self.verdict.stale(conflict)
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            self._finish(visit_id)

    def _finish(self, visit_id: int) -> None:
        changed = self._editing is not None
        self._desk.drafts.done(self)
        self._closed()
        (self.amended if changed else self.booked).emit(visit_id)

    def _focus_the_way_out(self) -> None:
        # The verdict has its height only after the layout has been asked for it.
        QTimer.singleShot(0, lambda: self._scroll.ensureWidgetVisible(self.verdict))
        if self.verdict.needs_reason:
            self.verdict.reason_line.setFocus()
        elif self.verdict.slots:
            self.verdict.slots[0].setFocus()

    def _draft(self) -> BookingDraft:
        """What is filled in, as a draft. Raises Invalid naming the first field that is not."""
        formats = self._desk.office.formats
        if self.who.patient_id is None:
            raise Invalid("Choose a patient.", field="patient_id")
        if self.provider.value() is None:
            raise Invalid(
                "There is no provider to book with.",
                remedy="Add one in Settings, Providers.",
                field="provider_id",
            )
        day = self.date_edit.value()
        if day is None:
            words = self.date_edit.problem() or "Type a date, such as “fri” or “+2w”."
            raise Invalid(words, field="date")
        at = formats.parse_time(self.time_line.text())
        length = formats.parse_duration(self.length_line.text())
        return self._as_draft(self.who.patient_id, day, at, length)

    def _as_draft(self, patient_id: int, day: date, at: time, length_min: int) -> BookingDraft:
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
            self._editing.draft.version if self._editing else 0,
        )

    def _show_at_its_field(self, problem: Invalid) -> None:
        fields = {
            "date": self.date_field,
            "time": self.time_field,
            "starts_at": self.time_field,
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

    # -- looking ahead --------------------------------------------------------------------------

    def look(self) -> None:
        """Show where the booking would stand and what is in its way; free times when it has none."""
        self._looking.stop()
        if not self.is_open or not self.isVisible() or self.provider.value() is None:
            return
        calendar, formats = self._desk.office.calendar, self._desk.office.formats
        patient_id = self.who.patient_id or _NOBODY
        day = self.date_edit.value()
        try:
            length = formats.parse_duration(self.length_line.text())
            at = formats.parse_time(self.time_line.text()) if self.time_line.text() else None
            if day is None or at is None:
                self._offer_free_time(patient_id, day, length)
                return
            draft = self._as_draft(patient_id, day, at, length)
            self._propose(draft)
            if patient_id == _NOBODY:
                self.verdict.say_nothing()
                return
            breaches = self._breaches(draft)
            if breaches:
                self.verdict.refuse(breaches, calendar.nearest(draft, 3, self.editing_id))
            else:
                self.verdict.say_nothing()
        except Problem:
            # Half-typed fields are not yet wrong; saving says so.
            self.verdict.say_nothing()
            self.proposed.emit(None)

    def _breaches(self, draft: BookingDraft) -> tuple[Any, ...]:
        """What is in the way; nothing while a stored visit stays where it is."""
        if self._editing is not None:
            stored = self._editing.draft
            same = ("patient_id", "provider_id", "starts_at", "duration_min", "room_id")
            if all(getattr(stored, name) == getattr(draft, name) for name in same):
                return ()
        return self._desk.office.calendar.check(draft, self.editing_id)

    def _offer_free_time(self, patient_id: int, day: date | None, length_min: int) -> None:
        self.proposed.emit(None)
        now = self._desk.office.clock.now()
        first = now if day is None or day <= now.date() else datetime.combine(day, time())
        draft = self._as_draft(patient_id, first.date(), first.time(), length_min)
        room_today = DAY_MIN - (first.hour * 60 + first.minute)
        if length_min > room_today:
            tomorrow = first.date() + timedelta(days=1)
            draft = replace(draft, starts_at=datetime.combine(tomorrow, time()))
        self.verdict.offer(self._desk.office.calendar.nearest(draft, 3, self.editing_id))

    def _propose(self, draft: BookingDraft) -> None:
        name = self.who.card.name.listed if self.who.card else "New booking"
        span = Span.of(draft.starts_at, draft.duration_min)
        fits = draft.duration_min > 0 and span.ends_min <= DAY_MIN
        self.proposed.emit(Proposal(draft.provider_id, span, name) if fits else None)

    # -- inside ---------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        desk = self._desk
        self.heading = Text("New booking", "heading")
        self.close_button = IconButton(
            desk.theme, "x", "Close the booking", self.close_pane, key="Esc"
        )
        self.who = WhoField(desk)
        self.who_problem = Text("", "problem", wrap=True)
        self.who_problem.hide()
        self.what = Choice()
        self.what_field = Field("What", self.what)
        self.date_edit = DateEdit(desk.theme, desk.office.formats, desk.office.clock.today)
        self.date_field = Field("Date", self.date_edit)
        self.time_line = QLineEdit()
        self.time_line.setPlaceholderText("3pm, 1530, 9")
        self.time_field = Field("Time", self.time_line)
        self.length_line = QLineEdit()
        self.length_field = Field("Length", self.length_line)
        self.provider = Choice()
        self.provider_field = Field("With", self.provider)
        self.room = Choice()
        self.room_field = Field("Room", self.room)
        self.verdict = Verdict(desk)
        self.reason_line = QLineEdit()
        self.reason_line.setMaxLength(200)
        self.reason_field = Field("Reason for the visit", self.reason_line)
        self.note_line = QLineEdit()
        self.note_line.setMaxLength(500)
        self.note_field = Field("Note", self.note_line)
        self.save_button = PrimaryButton("Book", self.save, tip="Book the visit (Enter)")
        self.park_button = PlainButton(
            "Park", lambda: desk.drafts.park(self), tip="Set it aside for later (Ctrl+Shift+P)"
        )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 8, 4)
        head.addWidget(self.heading, 1)
        head.addWidget(self.close_button)
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
        form = QFrame()
        form.setProperty("kind", "surface")
        column = QVBoxLayout(form)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.who)
        column.addWidget(self.who_problem)
        column.addWidget(self.what_field)
        column.addLayout(when)
        column.addWidget(self.verdict)
        column.addWidget(self.room_field)
        column.addWidget(self.reason_field)
        column.addWidget(self.note_field)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(form)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setAccessibleName("Booking")
        buttons = QHBoxLayout()
        buttons.setContentsMargins(16, 8, 16, 12)
        buttons.setSpacing(8)
        buttons.addWidget(self.save_button, 1)
        buttons.addWidget(self.park_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(scroll, 1)
        whole.addLayout(buttons)
        self._scroll = scroll

    def _connect(self) -> None:
        self.who.chosen.connect(self._patient_chosen)
        self.what.currentIndexChanged.connect(self._type_chosen)
        self.date_edit.value_changed.connect(self._day_chosen)
        self.provider.currentIndexChanged.connect(self._changed)
        self.room.currentIndexChanged.connect(self._changed)
        self.time_line.textEdited.connect(self._changed)
        self.time_line.editingFinished.connect(self._tidy_time)
        self.length_line.textEdited.connect(self._length_changed)
        self.length_line.editingFinished.connect(self._tidy_length)
        self.verdict.slot_chosen.connect(self._take_slot)
        self.verdict.stored_wished.connect(self._take_stored)
        for editor in (
            self.what,
            self.date_edit,
            self.time_line,
            self.length_line,
            self.provider,
            self.room,
            self.reason_line,
            self.note_line,
            self.verdict.reason_line,
        ):
            editor.installEventFilter(self)

    def _begin(self, editing: _Editing | None) -> None:
        """An empty form for a new booking or for the visit given."""
        self._busy = True
        self._editing = editing
        self.heading.setText("Change the visit" if editing else "New booking")
        self.save_button.setText("Save" if editing else "Book")
        self.save_button.setAccessibleName("Save the visit" if editing else "Book the visit")
        self._load_choices()
        self.who.clear()
        self.date_edit.set_value(None)
        for line in (self.time_line, self.reason_line, self.note_line, self.verdict.reason_line):
            line.clear()
        self._length_typed = False
        self._set_length_of_type()
        self.verdict.say_nothing()
        self._clear_problems()
        self._untouched: dict[str, Any] = {}
        self.is_open = True
        self.opened.emit()
        self._scroll.verticalScrollBar().setValue(0)
        self._busy = False

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

    def _offer_provider(self, provider_id: int) -> None:
        """A visit keeps its provider even if nobody is booked with her any more."""
        if self.provider.findData(provider_id) < 0:
            row = self._desk.office.practice.provider(provider_id)
            called = provider_called(row.family_name, row.given_name, row.credential)
            self.provider.addItem(called, provider_id)

    def _fill(self, draft: BookingDraft) -> None:
        self._busy = True
        self._offer_type(draft.type_id)
        self._offer_provider(draft.provider_id)
        for index in range(self.what.count()):
            if self.what.itemData(index) == draft.type_id:
                self.what.setCurrentIndex(index)
        self.who.choose(draft.patient_id)
        self.provider.set_value(draft.provider_id)
        if draft.room_id is None:
            self.room.setCurrentIndex(0)
        else:
            self.room.set_value(draft.room_id)
        self.date_edit.set_value(draft.starts_at.date())
        self.time_line.setText(self._desk.office.formats.time(draft.starts_at))
        self.length_line.setText(f"{draft.duration_min} min")
        self._length_typed = True
        self.reason_line.setText(draft.reason)
        self.note_line.setText(draft.note)
        self._busy = False
        self._untouched = self._state()

    def _patient_chosen(self, patient_id: int | None) -> None:
        self.who_problem.hide()
        if not self._busy:
            if patient_id is not None:
                self.what.setFocus()
            self._changed()

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
            self._looking.start()

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

    def _take_slot(self, slot: Slot) -> None:
        self.set_time(slot.provider_id, slot.starts_at)
        self.day_wished.emit(slot.starts_at.date())
        self.look()
        (self.save_button if self.who.card else self.who).setFocus()

    def _take_stored(self) -> None:
        """After a stale save: begin again from the visit as it is stored now."""
        if self._editing is None:
            return
        try:
            detail = self._desk.office.calendar.appointment(self._editing.id)
        except Conflict as conflict:
            self._desk.messages.problem(conflict)
            self.close_pane()
            return
        self._begin(_Editing(detail.row.id, detail.draft))
        self._fill(detail.draft)
        self.look()

    # -- keys and leaving -----------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on to the next thing to be said, or books when all is said."""
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        plain = pressed and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in _ENTER and self._go_on_from(watched):
            return True
        return super().eventFilter(watched, event)

    def _go_on_from(self, editor: QObject) -> bool:
        if editor is self.what and not self.what.view().isVisible():
            self._go_to(self.time_line if self.date_edit.value() else self.date_edit)
        elif editor is self.date_edit:
            self._go_to(self.time_line)
        elif isinstance(editor, QLineEdit):
            self._tidy_time()
            self.save()
        else:
            return False
        return True

    def _go_to(self, line: QLineEdit) -> None:
        line.setFocus()
        line.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._back_out()
        elif event.key() in _ENTER and self.focusWidget() in (self.provider, self.room):
            self.save()
        else:
            super().keyPressEvent(event)

    def _back_out(self) -> None:
        """One step back: when, what, who, out."""
        focus = self.focusWidget()
        if focus is not None and self.who.isAncestorOf(focus):
            if self.who.typed:
                self.who.clear()
                self.who.search.line.setFocus()
            elif self.who.card is not None and self._editing is None:
                self.who.take_back()
            else:
                self.close_pane()
        elif focus is self.what:
            self.who.setFocus()
        else:
            self.what.setFocus()

    def close_pane(self) -> None:
        """Close; what was typed is parked, not lost."""
        self._desk.drafts.leave(self)
        self._parked()

    def _parked(self) -> None:
        self._closed()
        self.left.emit()

    def _closed(self) -> None:
        self.is_open = False
        self._looking.stop()
        self.proposed.emit(None)

    def _leave_what_was_open(self) -> None:
        if self.is_open:
            self._desk.drafts.leave(self)
