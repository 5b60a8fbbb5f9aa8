"""What somebody waits for, filled in: new, or an entry of the list being changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.domain.calendar.times_asked import parse_times, times_words
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.calendar.waiting import WaitingDraft, WaitingRow
from medsec_desktop.ui.calendar.booking.form import ENTER
from medsec_desktop.ui.calendar.booking.who import WhoField
from medsec_desktop.ui.calendar.current import CurrentFormats
from medsec_desktop.ui.calendar.lists import waiting_words
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Choice, DateEdit, Field, PlainButton, PrimaryButton, Text
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn, in_line

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_TIMES_HINT = "Such as “mon thu mornings, fri after 3”"


class WaitingForm(QFrame):
    """Takes an entry in and puts it on the list; `saved` gives its number."""

    saved = Signal(int)
    left = Signal()
    draft_kind = "waiting"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._entry: WaitingRow | None = None
        self._interim_id: int | None = None
        self._untouched: dict[str, Any] = {}
        self._busy = False
        self.is_open = False
        self._make()
        self._lay_out()
        self.who.chosen.connect(self._patient_chosen)
        self.what.currentIndexChanged.connect(self._type_chosen)
        self.times_line.textChanged.connect(self._read_times)
        desk.actions.bind("form.save", self.save, owner=self)

    # -- in and out -----------------------------------------------------------------------------

    def start(self, draft: WaitingDraft | None = None) -> None:
        """A new entry, with what is known filled in."""
        self._begin(None)
        if draft is not None:
            self._fill(draft)
        self._untouched = self._state()
        self.take_focus()

    def take_focus(self) -> None:
        """Give the keys to what is to be said next: who, then when she could come."""
        (self.times_line if self.who.card is not None else self.who).setFocus()

    def edit(self, row: WaitingRow) -> None:
        """Change an entry of the list."""
        self._begin(row)
        self._fill(row.draft)
        self._untouched = self._state()
        self.take_focus()

    def save(self) -> None:
        """Put it on the list, or change it there; what is wrong is said at its field."""
        self._clear_problems()
        waiting, entry = self._desk.office.waiting, self._entry
        try:
            draft = self.draft()
            if entry is None:
                entry_id = waiting.add(draft, initiator=self)
            else:
                entry_id = entry.id
                waiting.change(entry_id, draft, initiator=self)
        except Invalid as problem:
            self._show_problem(problem)
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            name = waiting.entry(entry_id).patient_name
            self._desk.drafts.done(self)
            self.is_open = False
            verb = "On the waiting list" if entry is None else "Changed on the waiting list"
            self._desk.messages.say(f"{verb}: {name}.", undo=True)
            self.saved.emit(entry_id)

    def draft(self) -> WaitingDraft:
        """What is filled in. Raises Invalid naming the first field that is not."""
        formats = self._desk.office.formats
        patient_id = self._entry.patient_id if self._entry else self.who.patient_id
        if patient_id is None:
            raise Invalid("Choose a patient.", field="patient_id")
        for field, edit in (("earliest_on", self.first_edit), ("latest_on", self.last_edit)):
            if edit.problem():
                raise Invalid(edit.problem(), field=field)
        provider_id, type_id = self.provider.value(), self.what.value()
        notice = self.notice.value()
        return WaitingDraft(
            patient_id,
            formats.parse_duration(self.length_line.text()),
            provider_id if isinstance(provider_id, int) else None,
            type_id if isinstance(type_id, int) else None,
            self.urgent.isChecked(),
            self.first_edit.value(),
            self.last_edit.value(),
            parse_times(self.times_line.text(), formats),
            notice if isinstance(notice, int) else 0,
            self._interim_id,
            self.keeps.isChecked(),
            self.note_line.text(),
            self._entry.version if self._entry else 0,
        )

    # -- an editor that can be parked -------------------------------------------------------------

    def draft_title(self) -> str:
        name = self.who.card.name.listed if self.who.card else self.who.said
        return f"Waiting list: {name or 'somebody'}"

    def draft_patient_id(self) -> int | None:
        return self.who.patient_id

    def draft_state(self) -> dict[str, Any] | None:
        state = self._state()
        touched = state != self._untouched and (
            self.who.patient_id is not None or bool(self.who.said)
        )
        return state if self.is_open and self._entry is None and touched else None

    def restore_state(self, state: dict[str, Any]) -> None:
        self._begin(None, watch=False)
        self._busy = True
        if state["patient_id"]:
            self.who.choose(state["patient_id"])
        else:
            self.who.clear(state["search"])
        self._offer_interim(state["interim_id"])
        self.what.set_value(state["type_id"])
        self.provider.set_value(state["provider_id"])
        self.length_line.setText(state["length"])
        self.times_line.setText(state["times"])
        for edit, text in ((self.first_edit, state["first"]), (self.last_edit, state["last"])):
            edit.setText(text)
            edit.textEdited.emit(text)
        self.notice.set_value(state["notice_min"])
        self.urgent.setChecked(state["urgent"])
        self.keeps.setChecked(state["keeps"])
        self.note_line.setText(state["note"])
        self._busy = False

    def resume(self, state: dict[str, Any], draft_id: int | None) -> None:
        """Go on where a parked entry was left."""
        self.restore_state(state)
        self._untouched = {}
        self._desk.drafts.watch(self, close=self._parked, draft_id=draft_id)
        self.take_focus()

    def close_form(self) -> None:
        """Leave; what was typed is parked, not lost."""
        self._desk.drafts.leave(self)
        self._parked()

    def _parked(self) -> None:
        self.is_open = False
        self.left.emit()

    def _state(self) -> dict[str, Any]:
        return {
            "patient_id": self.who.patient_id,
            "search": self.who.typed,
            "interim_id": self._interim_id,
            "type_id": self.what.value(),
            "provider_id": self.provider.value(),
            "length": self.length_line.text(),
            "times": self.times_line.text(),
            "first": self.first_edit.text(),
            "last": self.last_edit.text(),
            "notice_min": self.notice.value(),
            "urgent": self.urgent.isChecked(),
            "keeps": self.keeps.isChecked(),
            "note": self.note_line.text(),
        }

    # -- inside -----------------------------------------------------------------------------------

    def _begin(self, row: WaitingRow | None, *, watch: bool = True) -> None:
        if self.is_open:
            self._desk.drafts.leave(self)
        self._busy = True
        self._entry = row
        self.is_open = True
        self.heading.setText("Change the entry" if row else "Put on the waiting list")
        self.save_button.setText("Save" if row else "Put on the list")
        self.save_button.setAccessibleName(self.save_button.text())
        self._load_choices()
        self._clear_problems()
        self.who.clear()
        self.who.change_button.setVisible(row is None)
        for line in (self.times_line, self.note_line):
            line.clear()
        self.first_edit.set_value(None)
        self.last_edit.set_value(None)
        self.notice.set_value(0)
        self.urgent.setChecked(False)
        self.keeps.setChecked(False)
        self._offer_interim(None)
        self._busy = False
        self._type_chosen()
        if watch:
            self._desk.drafts.watch(self, close=self._parked)

    def _fill(self, draft: WaitingDraft) -> None:
        self._busy = True
        formats = self._desk.office.formats
        self.who.choose(draft.patient_id)
        self.who.change_button.setVisible(self._entry is None)
        self._keep_choice(self.what, draft.type_id)
        self._keep_choice(self.provider, draft.provider_id)
        self.length_line.setText(f"{draft.duration_min} min")
        self.times_line.setText(times_words(draft.times, formats))
        self.first_edit.set_value(draft.earliest_on)
        self.last_edit.set_value(draft.latest_on)
        if self.notice.findData(draft.notice_min) < 0:
            self.notice.addItem(waiting_words.notice(draft.notice_min), draft.notice_min)
        self.notice.set_value(draft.notice_min)
        self.urgent.setChecked(draft.is_urgent)
        self.keeps.setChecked(draft.keeps_interim)
        self.note_line.setText(draft.note)
        self._offer_interim(draft.interim_appointment_id)
        self._busy = False

    def _keep_choice(self, choice: Choice, value: int | None) -> None:
        """An entry keeps a type or provider that is no longer offered."""
        if value is None or choice.findData(value) >= 0:
            choice.setCurrentIndex(max(0, choice.findData(value)))
            return
        practice = self._desk.office.practice
        names = {row.id: row.name for row in practice.types()}
        if choice is self.provider:
            names = {
                row.id: provider_called(row.family_name, row.given_name, row.credential)
                for row in practice.providers()
            }
        choice.addItem(names.get(value, "No longer there"), value)
        choice.set_value(value)

    def _patient_chosen(self, patient_id: int | None) -> None:
        """What she usually has: her provider, and her next visit as the one in the meantime."""
        self.who_problem.hide()
        if self._busy:
            return
        if patient_id is None:
            self._offer_interim(None)
            return
        draft = guarded(self._desk, lambda: self._desk.office.waiting.draft_for(patient_id))
        if draft is not None:
            self._busy = True
            self._keep_choice(self.provider, draft.provider_id)
            self._keep_choice(self.what, draft.type_id)
            self.length_line.setText(f"{draft.duration_min} min")
            self._offer_interim(draft.interim_appointment_id)
            self._busy = False
        self.times_line.setFocus()

    def _offer_interim(self, visit_id: int | None) -> None:
        """Whether she keeps the visit she has meanwhile."""
        self._interim_id = None
        if visit_id is not None:
            office = self._desk.office
            detail = guarded(self._desk, lambda: office.calendar.appointment(visit_id))
            if detail is not None:
                row, formats = detail.row, office.formats
                when = f"{formats.short_date(row.starts_at.date())}, {formats.time(row.starts_at)}"
                self._interim_id = visit_id
                self.keeps.setText(f"Keeps {when} as well")
                self.keeps.setToolTip(f"With {row.provider_name}. Else that visit is moved.")
        self.keeps.setVisible(self._interim_id is not None)

    def _type_chosen(self) -> None:
        if not self._busy:
            length = self._lengths.get(self.what.value(), 30)
            self.length_line.setText(f"{length} min")

    def _read_times(self, text: str) -> None:
        """What was understood, below the line, while it is typed."""
        formats = self._desk.office.formats
        try:
            words = times_words(parse_times(text, formats), formats)
        except Invalid:
            words = ""  # half a word is not yet wrong; saving says so
        self.times_field.hint(f"Understood: {words}" if words else _TIMES_HINT)

    def _show_problem(self, problem: Invalid) -> None:
        fields = {
            "duration_min": self.length_field,
            "availability": self.times_field,
            "time": self.times_field,
            "earliest_on": self.first_field,
            "latest_on": self.last_field,
        }
        field = fields.get(problem.field)
        if field is None:
            self.who_problem.setText(str(problem))
            self.who_problem.show()
            self.who.setFocus()
            return
        field.problem(" ".join(part for part in (problem.what, problem.remedy) if part))
        field.editor.setFocus()

    def _clear_problems(self) -> None:
        self.who_problem.hide()
        for field in (self.length_field, self.times_field, self.first_field, self.last_field):
            field.problem("")

    def _load_choices(self) -> None:
        practice = self._desk.office.practice
        types = practice.types(active_only=True)
        self._lengths: dict[object, int] = {row.id: row.duration_min for row in types}
        self.what.set_pairs([(None, "Any kind of visit"), *((row.id, row.name) for row in types)])
        self.what.setCurrentIndex(1 if types else 0)
        self.provider.set_pairs(
            [
                (None, "Anybody"),
                *(
                    (row.id, provider_called(row.family_name, row.given_name, row.credential))
                    for row in practice.providers(bookable_only=True)
                ),
            ]
        )
        self.provider.setCurrentIndex(0)

    def _make(self) -> None:
        desk = self._desk
        formats, today = CurrentFormats(desk.office), desk.office.clock.today
        self.heading = Text("", "heading")
        self.who = WhoField(desk)
        self.who_problem = Text("", "problem", wrap=True)
        self.who_problem.hide()
        self.what, self.provider = Choice(), Choice()
        self.length_line = QLineEdit()
        self.length_field = Field("Length", self.length_line)
        self.times_line = QLineEdit()
        self.times_line.setMaxLength(200)
        self.times_line.setPlaceholderText("Any time")
        self.times_field = Field("Could come", self.times_line, hint=_TIMES_HINT)
        self.first_edit = DateEdit(desk.theme, formats, today)
        self.last_edit = DateEdit(desk.theme, formats, today)
        self.first_edit.setPlaceholderText("Any day")
        self.last_edit.setPlaceholderText("No last day")
        self.first_field = Field("Not before", self.first_edit)
        self.last_field = Field("Not after", self.last_edit)
        self.notice = Choice(waiting_words.NOTICES, 0)
        self.urgent = QCheckBox("Urgent")
        self.keeps = QCheckBox("")
        self.note_line = QLineEdit()
        self.note_line.setMaxLength(500)
        self.save_button = PrimaryButton("Put on the list", self.save, tip="Ctrl+S")
        self.leave_button = PlainButton("Close", self.close_form, kind="quiet", tip="Esc")

    def _lay_out(self) -> None:
        scrolled = ScrolledColumn("Waiting list entry")
        scrolled.column.setSpacing(12)
        for part in (
            self.who,
            self.who_problem,
            _row(Field("What", self.what), self.length_field, shares=(3, 2)),
            Field("With", self.provider),
            self.times_field,
            _row(self.first_field, self.last_field),
            _row(Field("Must know before", self.notice), self.urgent),
            self.keeps,
            Field("Note", self.note_line),
        ):
            scrolled.column.addWidget(part)
        scrolled.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.heading)
        column.addWidget(scrolled, 1)
        column.addLayout(in_line(_row(self.save_button, self.leave_button, shares=(1, 0))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        elif event.key() in ENTER and isinstance(self.focusWidget(), QLineEdit):
            self.save()
        else:
            super().keyPressEvent(event)


def _row(*parts: QWidget, shares: tuple[int, ...] = (1, 1)) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part, share in zip(parts, shares, strict=True):
        # What is wrong with one field must not push the one beside it down.
        is_field = isinstance(part, Field)
        side = Qt.AlignmentFlag.AlignTop if is_field else Qt.AlignmentFlag.AlignBottom
        row.addWidget(part, share, side)
    return box
