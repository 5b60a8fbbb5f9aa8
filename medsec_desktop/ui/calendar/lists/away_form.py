"""Who is away, and when: entered anew, or changed."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar import DAY_MIN, Span, provider_called
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.calendar.absences import AbsenceRow
from medsec_desktop.ui.calendar.current import CurrentFormats
from medsec_desktop.ui.widgets import Choice, DateEdit, Field, PlainButton, PrimaryButton, Text
from medsec_desktop.ui.widgets.scrolled import EDGE

_FROM_TO = re.compile(r"(.+?)\s*(?:-|–|\bto\b|\buntil\b)\s*(\S.*)")

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class AwayForm(QFrame):
    """Closes a provider's days; `saved` gives the absence's number."""

    saved = Signal(int)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._row: AbsenceRow | None = None
        self.is_open = False
        formats, today = CurrentFormats(desk.office), desk.office.clock.today
        self.heading = Text("", "heading")
        self.provider = Choice()
        self.provider_field = Field("Who", self.provider)
        self.first_edit = DateEdit(desk.theme, formats, today)
        self.last_edit = DateEdit(desk.theme, formats, today)
        self.first_field = Field("First day", self.first_edit, hint="“fri”, or “fri 1pm-3pm”")
        self.last_field = Field("Last day", self.last_edit, hint="Empty: the first day only")
        self.from_line, self.until_line = QLineEdit(), QLineEdit()
        self.from_line.setPlaceholderText("1pm")
        self.until_line.setPlaceholderText("3pm")
        self.from_field = Field("From", self.from_line, hint="Empty: the beginning")
        self.until_field = Field("Until", self.until_line, hint="Empty: the end")
        self.name_line = QLineEdit()
        self.name_line.setMaxLength(80)
        self.name_line.setPlaceholderText("Ill, vacation, conference")
        self.name_field = Field("Why", self.name_line, hint="Shown on the calendar")
        self.save_button = PrimaryButton("", self.save, tip="Ctrl+S")
        self.leave_button = PlainButton("Cancel", self.close_form, kind="quiet", tip="Esc")
        self._lay_out()
        self.first_edit.editingFinished.connect(self._take_day_and_times)
        self.from_line.editingFinished.connect(self._tidy)
        self.until_line.editingFinished.connect(self._tidy)
        desk.actions.bind("form.save", self.save, owner=self)

    def start(self, provider_id: int | None = None, day: date | None = None) -> None:
        """A new absence, at first of `provider_id` on `day`; a day gone by gives way to today."""
        self._begin(None)
        today = self._desk.office.clock.today()
        if provider_id is not None:
            self.provider.set_value(provider_id)
        self.first_edit.set_value(max(day or today, today))
        self.provider.setFocus()

    def edit(self, row: AbsenceRow) -> None:
        """Change the days or the reason of one."""
        self._begin(row)
        self.provider.set_value(row.away.provider_id)
        self.first_edit.set_value(row.away.first_on)
        self.last_edit.set_value(row.away.last_on)
        self.name_line.setText(row.away.name)
        if row.away.part is not None:
            for line, minute in (
                (self.from_line, row.away.part.starts_min),
                (self.until_line, row.away.part.ends_min),
            ):
                line.setText(self._desk.office.formats.time(_at(minute)))
        self.last_edit.setFocus()

    def save(self) -> None:
        """Close the days; what is wrong is said at its field."""
        self._take_day_and_times()
        self._tidy()
        fields = {
            "provider_id": self.provider_field,
            "first_on": self.first_field,
            "last_on": self.last_field,
            "from": self.from_field,
            "until": self.until_field,
        }
        for field in fields.values():
            field.problem("")
        try:
            absence_id = self._keep()
        except Invalid as problem:
            field = fields.get(problem.field, self.last_field)
            field.problem(" ".join(part for part in (problem.what, problem.remedy) if part))
            field.editor.setFocus()
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            self.is_open = False
            row = self._desk.office.absences.absence(absence_id)
            days = self._desk.office.absences.days(
                row.away.first_on, row.away.last_on, row.away.part
            )
            self._desk.messages.say(f"Away: {row.away.provider_name}, {days}.", undo=True)
            self.saved.emit(absence_id)

    def _keep(self) -> int:
        for edit, field in ((self.first_edit, "first_on"), (self.last_edit, "last_on")):
            if edit.problem():
                raise Invalid(edit.problem(), field=field)
        first = self.first_edit.value()
        if first is None:
            raise Invalid("Type the first day, such as “mon”.", field="first_on")
        last = self.last_edit.value() or first
        absences, name = self._desk.office.absences, self.name_line.text()
        part = self._part()
        if self._row is not None:
            away = self._row.away
            absences.change(away.id, away.version, first, last, name, part, initiator=self)
            return away.id
        provider_id = self.provider.value()
        if not isinstance(provider_id, int):
            raise Invalid("Choose who is away.", field="provider_id")
        return absences.begin(provider_id, first, last, name, part, initiator=self)

    def _part(self) -> Span | None:
        """The part of the day typed; None for all of it. Raises Invalid naming the field."""
        minutes = [
            self._minute(line, field)
            for line, field in ((self.from_line, "from"), (self.until_line, "until"))
        ]
        if minutes == [None, None]:
            return None
        starts, ends = minutes  # until 12 AM is until the end of the day
        return Span(starts or 0, ends or DAY_MIN)

    def _take_day_and_times(self) -> None:
        """“fri 1pm-3pm” typed as the first day says all in one entry, “fri 1pm” from when."""
        formats, today = self._desk.office.formats, self._desk.office.clock.today()
        text = self.first_edit.text()
        if self.first_edit.value() is not None or not text.strip():
            return
        part = _FROM_TO.fullmatch(text)
        for head, until in ((text, ""), part.groups() if part else ("", "")):
            try:
                when = formats.parse_when(head, today)
            except Invalid:
                continue
            self.first_edit.set_value(when.date())
            self.from_line.setText(formats.time(when))
            self.until_line.setText(until)
            self._tidy()
            return

    def _tidy(self) -> None:
        """Times as the practice writes them; “1pm-3pm” in the first field is from when until when."""
        formats = self._desk.office.formats
        part = _FROM_TO.fullmatch(self.from_line.text().strip())
        if part and not self.until_line.text().strip():
            self.from_line.setText(part[1])
            self.until_line.setText(part[2])
        for line in (self.from_line, self.until_line):
            try:
                line.setText(formats.time(formats.parse_time(line.text())))
            except Invalid:
                continue  # half-typed is not yet wrong; saving says so

    def _minute(self, line: QLineEdit, field: str) -> int | None:
        if not line.text().strip():
            return None
        try:
            at = self._desk.office.formats.parse_time(line.text())
        except Invalid as problem:
            raise Invalid(problem.what, remedy=problem.remedy, field=field) from problem
        return at.hour * 60 + at.minute

    def close_form(self) -> None:
        self.is_open = False
        self.left.emit()

    def _begin(self, row: AbsenceRow | None) -> None:
        self._row, self.is_open = row, True
        practice = self._desk.office.practice
        self.provider.set_pairs(
            (each.id, provider_called(each.family_name, each.given_name, each.credential))
            for each in practice.providers(bookable_only=True)
        )
        self.provider.setEnabled(row is None)
        self.heading.setText("Change the absence" if row else "Somebody is away")
        self.save_button.setText("Save" if row else "Close these days")
        self.save_button.setAccessibleName(self.save_button.text())
        for edit in (self.first_edit, self.last_edit):
            edit.set_value(None)
        for line in (self.name_line, self.from_line, self.until_line):
            line.clear()
        for field in (
            self.provider_field,
            self.first_field,
            self.last_field,
            self.from_field,
            self.until_field,
        ):
            field.problem("")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, EDGE, 0)
        column.setSpacing(12)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.save_button, 1)
        foot.addWidget(self.leave_button)
        times = QHBoxLayout()
        times.setSpacing(8)
        for field in (self.from_field, self.until_field):
            times.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        for part in (self.heading, self.provider_field, self.first_field, self.last_field):
            column.addWidget(part)
        column.addLayout(times)
        column.addWidget(self.name_field)
        column.addSpacing(4)
        column.addLayout(foot)
        column.addStretch(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            if isinstance(focus, PlainButton):
                focus.click()
            else:
                self.save()
        else:
            super().keyPressEvent(event)


def _at(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
