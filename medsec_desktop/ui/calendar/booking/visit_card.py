"""Beside the grid: the visit selected, how it stands, and everything that can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar import STATUS_WORDS, VisitStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.calendar import AppointmentDetail, AppointmentRow
from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.calendar.booking.verbs import VisitVerbs
from medsec_desktop.ui.patients.readiness_view import ReadinessView
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    Field,
    Hairline,
    IconButton,
    LinkButton,
    PlainButton,
    PrimaryButton,
    Text,
)
from medsec_desktop.ui.widgets.buttons import press_by_enter
from medsec_desktop.ui.widgets.scrolled import EDGE, ScrolledColumn

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_EXPECTED = (VisitStatus.SCHEDULED, VisitStatus.CONFIRMED)
_HERE = (VisitStatus.ARRIVED, VisitStatus.IN_ROOM)
_TOOK_PLACE = (*_HERE, VisitStatus.DONE)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BY = (("patient", "The patient cancels"), ("clinic", "The clinic cancels"))


class VisitCard(QWidget):
    """One visit: what can be said of it now stands first, its stamped times last."""

    edit_wished = Signal(int)
    pin_wished = Signal(int)
    cut_wished = Signal(int)
    again_wished = Signal(object)  # AppointmentRow: book another like one that fell away
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._verbs = VisitVerbs(desk, self)
        self.detail: AppointmentDetail | None = None
        self._kind = Text("", "caption")
        self._name_text = Text("", "heading", wrap=True)
        self._when = Text("", wrap=True)
        self._about = Text("", "muted", wrap=True)
        self._alert = Banner(desk.theme, "warning", "")
        self._notes = Text("", wrap=True)
        self.readiness = ReadinessView(desk.theme)
        self._make_buttons()
        self._make_cancelling()
        self._make_correcting()
        self._lay_out()
        press_by_enter(self)

    def show_visit(self, detail: AppointmentDetail) -> None:
        """Show how it stands now; a form half filled in for the same visit stays open."""
        same = self.detail is not None and self.detail.row.id == detail.row.id
        stays = same and self.detail is not None and self.detail.row.status == detail.row.status
        self.detail = detail
        row, formats = detail.row, self._desk.office.formats
        self._kind.setText(words.status(row))
        self._name_text.setText(row.patient_name)
        self._name_text.setAccessibleName(f"Patient: {row.patient_name}")
        self._when.setText(
            f"{formats.long_date(row.starts_at.date())}\n"
            f"{formats.span(row.starts_at, row.duration_min)} · {row.duration_min} min"
        )
        about = " · ".join(filter(None, (row.type_name, row.provider_name, row.room_name)))
        self._about.setText("\n".join(filter(None, (about, formats.phone(detail.phone)))))
        self._alert.show_message("warning", row.alert)
        self._alert.setVisible(row.has_alert)
        notes = self._remarks(detail)
        self._notes.setText("\n".join(notes))
        self._notes.setVisible(bool(notes))
        self._show_readiness(row)
        self._offer(row)
        self._show_times(row)
        if not stays:
            self._cancelling.hide()
            self._correcting.hide()

    # -- asking ---------------------------------------------------------------------------------

    def ask_why(self) -> None:
        """Who cancels, and why, in the card itself; Enter does it."""
        if self.detail is not None and not self.cancel_button.isHidden():
            self._correcting.hide()
            self.cancel_reason.clear()
            self._say_late()
            self._cancelling.show()
            self.cancel_by.setFocus()
            self._bring_into_sight(self._cancelling)

    def cancel(self) -> None:
        """Cancel the visit shown; the message bar offers to undo it."""
        if self.detail is not None:
            asked = self._cancelling.isVisible()
            by = str(self.cancel_by.value()) if asked else "patient"
            reason = self.cancel_reason.text() if asked else ""
            self._verbs.cancel(self.detail.row, by, reason)

    def ask_status(self) -> None:
        """How it should stand, and why, in the card itself; Enter does it."""
        if self.detail is None or self.correct_button.isHidden():
            return
        row = self.detail.row
        self._cancelling.hide()
        self.correct_status.set_pairs(
            (status, STATUS_WORDS[status])
            for status in VisitStatus
            if status != row.status or status == VisitStatus.CANCELLED  # by the other, then
        )
        self.correct_status.set_value(self._likeliest(row))
        self.correct_reason.clear()
        self._correcting.show()
        self._fit_correcting()
        self.correct_status.setFocus()
        self._bring_into_sight(self._correcting)

    def _likeliest(self, row: AppointmentRow) -> VisitStatus:
        """What a status noted wrongly most often should have been."""
        today = self._desk.office.clock.today()
        past = VisitStatus.DONE if row.starts_at.date() < today else VisitStatus.ARRIVED
        likely = past if row.starts_at.date() <= today else VisitStatus.SCHEDULED
        return VisitStatus.SCHEDULED if likely == row.status else likely

    def correct(self) -> None:
        """Put the status right; a rule in the way is told, and may take the reason."""
        if self.detail is not None and self._correcting.isVisible():
            done = self._verbs.correct(
                self.detail.row,
                VisitStatus(str(self.correct_status.value())),
                self.correct_reason.text(),
                str(self.correct_by.value()),
            )
            if not done:
                self.correct_reason.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and self.focusWidget() is self.cancel_by:
            self.cancel_reason.setFocus()
        elif event.key() in _ENTER and self.focusWidget() in (self.correct_status, self.correct_by):
            self.correct_reason.setFocus()
        elif event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._cancelling.isVisible():
            self._cancelling.hide()
            self.cancel_button.setFocus()
        elif self._correcting.isVisible():
            self._correcting.hide()
            self.correct_button.setFocus()
        else:
            self.left.emit()

    def _bring_into_sight(self, form: QWidget) -> None:
        # It has its height only after the layout has been asked for it.
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(form, 0, 8))

    def _say_late(self) -> None:
        """What cancelling now would mean, before it is done."""
        calendar = self._desk.office.calendar
        notice_h = calendar.short_notice_h(self.detail.row) if self.detail is not None else 0
        self._late.setText(f"Counts as late: less than {notice_h} hours before.")
        self._late.setVisible(bool(notice_h) and self.cancel_by.value() == "patient")

    # -- what is shown --------------------------------------------------------------------------

    def _remarks(self, detail: AppointmentDetail) -> list[str]:
        formats = self._desk.office.formats
        notes = [detail.row.reason, detail.note]
        if detail.override_reason:
            notes.append(f"Booked against a rule: {detail.override_reason}")
        if detail.moved_from is not None:
            day = formats.short_date(detail.moved_from.date())
            notes.append(f"Moved here from {day}, {formats.time(detail.moved_from)}.")
        if detail.moved_to_id is not None:
            notes.append(f"{detail.cancel_reason}.")
        elif detail.cancelled_by:
            why = f": {detail.cancel_reason}" if detail.cancel_reason else "."
            notes.append(f"Cancelled by the {detail.cancelled_by}{why}")
        return [note for note in notes if note]

    def _show_readiness(self, row: AppointmentRow) -> None:
        """Whether her insurance is ready, while the visit is still to come or under way."""
        office = self._desk.office
        to_come = row.status in (*_EXPECTED, *_HERE)
        may = office.session.may(Permission.VIEW_PATIENTS)
        ready = office.readiness.of_visit(row.id) if to_come and may else None
        if ready is not None:
            self.readiness.show_readiness(ready, prefix="Insurance: ")
        self.readiness.setVisible(ready is not None)

    def _offer(self, row: AppointmentRow) -> None:
        """The buttons that fit how it stands; who may only read has none."""
        may = self._desk.office.session.may(Permission.EDIT_CALENDAR)
        now = self._desk.office.clock.now()
        day, today = row.starts_at.date(), now.date()
        expected, here = row.status in _EXPECTED, row.status in _HERE
        has_confirmed = row.confirmed_how == "person"
        was_moved = self.detail is not None and self.detail.moved_to_id is not None
        for button, fits in (
            (self.arrive_button, expected and day == today),
            (self.room_button, row.status == VisitStatus.ARRIVED and day == today),
            (self.done_button, row.status == VisitStatus.IN_ROOM or _is_unanswered(row, today)),
            (self.person_button, expected and row.starts_at > now and not has_confirmed),
            (self.machine_button, expected and row.starts_at > now and not has_confirmed),
            (self.missed_button, expected and row.starts_at <= now),
            (self.left_button, here or (expected and row.starts_at <= now)),
            (self.edit_button, True),
            (self.pin_button, row.status.may_be_moved),
            (self.cut_button, row.status.may_be_moved),
            (self.cancel_button, row.status.may_be_cancelled),
            (self.again_button, not row.status.holds_its_slot and not was_moved),
            (self.correct_button, not was_moved),
            (self.recall_button, not was_moved),
            (self.charges_button, row.status in _TOOK_PLACE),
            (self.series_button, row.series_id is not None or row.status.may_be_moved),
        ):
            button.setVisible(may and fits)
        self.series_button.setText(self._repeats(row))

    def _repeats(self, row: AppointmentRow) -> str:
        """Which visit of its series it is."""
        series = None if row.series_id is None else self._desk.office.series.of_visit(row.id)
        place = series.place_of(row.id) if series is not None else 0
        if series is None or not place:
            return "Repeat…"
        return f"Visit {place} of {len(series.visits)} that repeat…"

    def _show_times(self, row: AppointmentRow) -> None:
        while (item := self._times.takeAt(0)) is not None:
            label = item.widget()
            if label is not None:
                label.hide()
                label.deleteLater()
        office = self._desk.office
        events = office.calendar.events(row.id)
        for line, event in enumerate(events):
            when, what = words.event(event, row.starts_at.date(), office.formats)
            top = Qt.AlignmentFlag.AlignTop
            time, said = Text(when, "small"), Text(what, "small", wrap=True)
            said.setAccessibleName(f"{when}, {what}")
            self._times.addWidget(time, line, 0, top)
            self._times.addWidget(said, line, 1)
        self._times_box.setVisible(bool(events))

    # -- making ---------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        verbs = self._verbs

        def on_row(run: Callable[[AppointmentRow], object]) -> Callable[[], object]:
            return lambda: self.detail is not None and run(self.detail.row)

        def plain(text: str, run: Callable[[AppointmentRow], object], tip: str) -> PlainButton:
            return PlainButton(text, on_row(run), tip=tip)

        self.arrive_button = PrimaryButton("Arrived", on_row(verbs.arrive), tip="F3")
        self.room_button = PrimaryButton("In room", on_row(verbs.move_on), tip="F4")
        self.done_button = PrimaryButton("Done", on_row(verbs.finish), tip="F4")
        self.person_button = plain(
            "Confirmed", lambda row: verbs.confirm(row, "person"), "The patient said so"
        )
        self.machine_button = plain(
            "Left message", lambda row: verbs.confirm(row, "machine"), "On the answering machine"
        )
        self.missed_button = plain("Did not come", verbs.no_show, "Ctrl+Shift+M")
        self.left_button = plain("Left unseen", verbs.leave, "Ctrl+Shift+W")
        self.edit_button = plain(
            "Change…", lambda row: self.edit_wished.emit(row.id), "Move or change the visit (F2)"
        )
        self.letter_button = plain(
            "Letter…", lambda row: self._desk.go.write_letter(row.id), "Ctrl+Shift+L"
        )
        self.file_button = plain(
            "Open the file", lambda row: self._desk.go.open_patient(row.patient_id), "Ctrl+O"
        )
        self.pin_button = plain(
            "Pin", lambda row: self.pin_wished.emit(row.id), "Put on the pinboard (Ctrl+Alt+P)"
        )
        self.cut_button = plain(
            "Cut", lambda row: self.cut_wished.emit(row.id), "Take it along (Ctrl+Alt+X)"
        )
        self.again_button = plain(
            "Book again…", self.again_wished.emit, "Another visit like this one"
        )
        self.cancel_button = PlainButton("Cancel the visit…", self.ask_why, tip="Ctrl+Shift+X")
        trigger = self._desk.actions.trigger
        self.series_button = LinkButton("Repeat…", lambda: trigger("visit.series"))
        self.series_button.setToolTip("Ctrl+R")
        self.recall_button = LinkButton("Recall…", lambda: trigger("visit.recall"))
        self.recall_button.setToolTip("When to come back (Ctrl+Alt+R)")
        self.charges_button = LinkButton("Charges…", lambda: trigger("visit.charges"))
        self.charges_button.setToolTip("Shift+F4")
        self.correct_button = LinkButton("Correct the status…", self.ask_status)
        self.correct_button.setToolTip("Ctrl+Alt+S")

    def _make_cancelling(self) -> None:
        self.cancel_by = Choice(_BY, "patient")
        self.cancel_reason = QLineEdit()
        self.cancel_reason.setMaxLength(200)
        self.cancel_reason.returnPressed.connect(self.cancel)
        self.cancel_now = PlainButton("Cancel the visit", self.cancel, kind="danger")
        self._late = Text("", "small", wrap=True)
        self.cancel_by.currentIndexChanged.connect(lambda _: self._say_late())
        self._cancelling = _form(
            Field("Cancelled by", self.cancel_by),
            self._late,
            Field("Reason", self.cancel_reason),
            self.cancel_now,
        )

    def _make_correcting(self) -> None:
        self.correct_status = Choice()
        self.correct_by = Choice(_BY, "patient")
        self._correct_by_field = Field("Cancelled by", self.correct_by)
        self.correct_reason = QLineEdit()
        self.correct_reason.setMaxLength(200)
        self.correct_reason.returnPressed.connect(self.correct)
        self.correct_now = PlainButton("Correct the status", self.correct)
        self.correct_status.currentIndexChanged.connect(self._fit_correcting)
        self._correcting = _form(
            Field("It should stand as", self.correct_status),
            self._correct_by_field,
            Field("Why it is corrected", self.correct_reason),
            self.correct_now,
        )

    def _fit_correcting(self) -> None:
        is_cancelled = self.correct_status.value() == VisitStatus.CANCELLED
        self._correct_by_field.setVisible(is_cancelled)

    def _lay_out(self) -> None:
        close = IconButton(self._desk.theme, "x", "Close the visit", self.left.emit, key="Esc")
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, EDGE, 0)
        head.setSpacing(8)
        head.addWidget(self._kind, 1)
        head.addWidget(close)
        self._scroll = ScrolledColumn("Visit", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)
        body = self._scroll.column
        self._scroll.set_margins(16, 8, 12)
        body.setSpacing(8)
        for part in (self._name_text, self._when, self._about, self._alert, self._notes):
            body.addWidget(part)
        body.addWidget(self.readiness)
        body.addSpacing(4)
        for part in (self.arrive_button, self.room_button, self.done_button):
            body.addWidget(part)
        body.addLayout(_beside(self.person_button, self.machine_button))
        body.addLayout(_beside(self.missed_button, self.left_button))
        body.addWidget(Hairline())
        body.addLayout(_beside(self.edit_button, self.again_button))
        body.addLayout(_beside(self.letter_button, self.file_button))
        body.addLayout(_beside(self.cut_button, self.pin_button))
        body.addWidget(self.cancel_button)
        body.addWidget(self._cancelling)
        for link in (
            self.charges_button,
            self.series_button,
            self.recall_button,
            self.correct_button,
        ):
            body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self._correcting)
        self._times_box = QFrame()
        times = QVBoxLayout(self._times_box)
        times.setContentsMargins(0, 4, 0, 0)
        times.setSpacing(8)
        times.addWidget(Hairline())
        times.addWidget(Text("What was noted", "caption"))
        self._times = QGridLayout()
        self._times.setHorizontalSpacing(12)
        self._times.setVerticalSpacing(4)
        self._times.setColumnStretch(1, 1)
        times.addLayout(self._times)
        body.addWidget(self._times_box)
        body.addStretch(1)


def _is_unanswered(row: AppointmentRow, today: date) -> bool:
    """Of an earlier day and still open."""
    return row.status in (*_EXPECTED, *_HERE) and row.starts_at.date() < today


def _beside(*buttons: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    for button in buttons:
        line.addWidget(button, 1)
    return line


def _form(*parts: QWidget) -> QFrame:
    """A few fields in the card, hidden until they are asked for."""
    frame = QFrame()
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.addWidget(Hairline())
    for part in parts:
        column.addWidget(part)
    frame.hide()
    return frame
