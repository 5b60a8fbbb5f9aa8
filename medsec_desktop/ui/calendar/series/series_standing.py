"""A series that stands: its visits, and a change or cancellation of this one, the later ones or all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar import VisitStatus, provider_called
from medsec_desktop.problems import Conflict, Invalid, Problem
from medsec_desktop.services.calendar import AppointmentRow, BookingDraft
from medsec_desktop.services.calendar.series_records import (
    Scope,
    SeriesView,
)
from medsec_desktop.ui.calendar.series.foretold import foretell, listed, stays
from medsec_desktop.ui.calendar.series.series_maker import ShortList
from medsec_desktop.ui.calendar.words import counted
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Choice,
    DateEdit,
    Field,
    PlainButton,
    PrimaryButton,
    Text,
)
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn, in_line

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class SeriesStanding(QWidget):
    """What is changed in the fields is shown for every visit it reaches before it is kept."""

    visit_wished = Signal(object)  # an AppointmentRow to go to
    changed = Signal(int)  # the visit, where it stands now

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.visit_id: int | None = None
        self._before: BookingDraft | None = None  # the visit as the change found it
        self._stored: BookingDraft | None = None
        self._view: SeriesView | None = None
        self._row: AppointmentRow | None = None
        self._busy = False
        self.who = Text("", "strong", wrap=True)
        self.words = Text("", "muted", wrap=True)
        self.left_out = Text("", "small", wrap=True)
        self.list = ShortList(desk.theme, "Visits of the series")
        self.scope = Choice([(Scope.THIS, "This visit")])
        self.what = Choice()
        self.date_edit = DateEdit(desk.theme, desk.office.formats, desk.office.clock.today)
        self.time_line = QLineEdit()
        self.length_line = QLineEdit()
        self.provider = Choice()
        self.scope_field = Field("Change", self.scope)
        self.what_field = Field("What", self.what)
        self.date_field = Field("Date", self.date_edit)
        self.time_field = Field("Time", self.time_line)
        self.length_field = Field("Length", self.length_line)
        self.provider_field = Field("With", self.provider)
        self.why = Text("", "small", wrap=True)
        self.reason_line = QLineEdit()
        self.reason_line.setMaxLength(200)
        self.reason_field = Field("Why in spite of the rule", self.reason_line, required=True)
        self.change_button = PrimaryButton("Change", self.change, tip="Ctrl+S")
        self.cancel_button = PlainButton("Cancel the visit", self.cancel, kind="danger")
        self._lay_out()
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(120)
        self._looking.timeout.connect(self._look_while_shown)
        for signal in (
            self.scope.currentIndexChanged,
            self.date_edit.settled,
            self.what.currentIndexChanged,
            self.provider.currentIndexChanged,
            self.time_line.textEdited,
            self.length_line.textEdited,
        ):
            signal.connect(self._touched)
        self.what.activated.connect(self._take_length_of_type)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_why())
        for line in (self.date_edit, self.time_line, self.length_line, self.reason_line):
            line.returnPressed.connect(self.change)
        self.list.chosen.connect(self.visit_wished.emit)

    def show_visit(
        self, visit_id: int, before: BookingDraft | None = None, scope: Scope = Scope.LATER
    ) -> bool:
        """Show the series of a visit; `before` is what it was when a change is carried over.

        False where the visit is in no series.
        """
        office = self._desk.office
        view = office.series.of_visit(visit_id)
        if view is None:
            return False
        detail = office.calendar.appointment(visit_id)
        self.visit_id, self._view, self._row = visit_id, view, detail.row
        self._stored = detail.draft
        self._before = before or detail.draft
        self._busy = True
        self._foretold = None
        self.reason_line.clear()
        self._show_series(detail.row)
        self._offer_scopes(scope)
        self._show_fields(detail.draft)
        self._busy = False
        self.look()
        return True

    def show_again(self) -> bool:
        """The same visit as it is now, wherever it went; False where it is in no series any more."""
        if self._row is None:
            return False
        stands = self._desk.office.calendar.what_became_of(self._row)
        try:
            return self.show_visit(stands, scope=self._scope())
        except Conflict:
            return False

    def take_focus(self) -> None:
        self.scope.setFocus()

    # -- showing --------------------------------------------------------------------------------

    def _show_series(self, row: AppointmentRow) -> None:
        view, formats = self._view, self._desk.office.formats
        assert view is not None
        place = view.place_of(row.id)
        count = len(view.visits)
        self.who.setText(row.patient_name)
        said = view.words[0].upper() + view.words[1:]
        self.words.setText(f"{said}. This is visit {place} of {count}." if place else f"{said}.")
        self._show_visits()
        dates = [formats.short_date(at.date()) for at, _ in view.left_out]
        self.left_out.setText(f"Left out: {'; '.join(dates)}." if dates else "")
        self.left_out.setVisible(bool(dates))

    def _show_visits(self) -> None:
        """Every visit of the series; while a change is typed, those that stay behind come first."""
        assert self._view is not None
        visits, fore = self._view.visits, self._foretold
        if fore is not None:
            visits = fore.in_order(visits)
        formats = self._desk.office.formats
        self.list.set_rows([listed(visit, fore, formats) for visit in visits], preselect=False)
        at = 0
        if fore is None or not fore.said:
            at = next((n for n, visit in enumerate(visits) if visit.id == self.visit_id), 0)
        index = self.list.rows.index(at, 0)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)
        self._show_why()

    def _show_why(self) -> None:
        """What is in the way of the visit selected."""
        visit, fore = self.list.current_value(), self._foretold
        said = fore.said.get(visit.id, "") if fore is not None and visit is not None else ""
        self.why.setText(said)
        self.why.setVisible(bool(said))

    def _offer_scopes(self, scope: Scope) -> None:
        assert self.visit_id is not None
        series = self._desk.office.series
        later = len(series.others(self.visit_id, Scope.LATER))
        everyone = len(series.others(self.visit_id, Scope.ALL))
        pairs: list[tuple[object, str]] = [(Scope.THIS, "This visit only")]
        if later:
            pairs.append((Scope.LATER, f"This and {later} later"))
        if everyone > later:
            pairs.append((Scope.ALL, f"All {everyone + 1} still to come"))
        self.scope.set_pairs(pairs)
        if scope in [value for value, _ in pairs]:
            self.scope.set_value(scope)

    def _show_fields(self, draft: BookingDraft) -> None:
        office = self._desk.office
        people = office.practice.providers()
        self.provider.set_pairs(
            (row.id, provider_called(row.family_name, row.given_name, row.credential))
            for row in people
            if row.is_bookable or row.id == draft.provider_id
        )
        self.provider.set_value(draft.provider_id)
        kinds = office.practice.types()
        self._lengths = {row.id: row.duration_min for row in kinds}
        offered = [(row.id, row.name) for row in kinds if row.is_active or row.id == draft.type_id]
        self.what.set_pairs(offered if draft.type_id else [(None, "No type"), *offered])
        self.what.setCurrentIndex(max(self.what.findData(draft.type_id), 0))
        self.date_edit.set_value(draft.starts_at.date())
        self.time_line.setText(office.formats.time(draft.starts_at))
        self.length_line.setText(f"{draft.duration_min} min")
        status = office.calendar.appointment(self.visit_id or 0).row.status
        for field in (
            self.what_field,
            self.date_field,
            self.time_field,
            self.length_field,
            self.provider_field,
        ):
            field.setEnabled(status.may_be_moved)

    def _touched(self) -> None:
        if not self._busy:
            self._looking.start()

    def _take_length_of_type(self) -> None:
        """Another type brings its own length; another one is typed afterwards."""
        kind = self.what.value()
        if isinstance(kind, int):
            self.length_line.setText(f"{self._lengths[kind]} min")

    # -- looking ahead ----------------------------------------------------------------------------

    def _after(self) -> BookingDraft:
        """The visit as the fields have it. Raises Invalid naming the field."""
        formats = self._desk.office.formats
        assert self._stored is not None
        day = self.date_edit.value()
        if day is None:
            raise Invalid(self.date_edit.problem() or "Type a date.", field="date")
        at = formats.parse_time(self.time_line.text())
        return replace(
            self._stored,
            starts_at=datetime.combine(day, at),
            duration_min=formats.parse_duration(self.length_line.text()),
            provider_id=int(str(self.provider.value())),
            type_id=None if (kind := self.what.value()) is None else int(str(kind)),
        )

    def _look_while_shown(self) -> None:
        if self.isVisible():
            self.look()

    def look(self) -> None:
        """Say what the change would do to the others, before it is kept."""
        self._looking.stop()
        if self.visit_id is None or self._before is None or self._stored is None:
            return
        for field in (self.date_field, self.time_field, self.length_field, self.scope_field):
            field.problem("")
        scope = self._scope()
        reached = 1 + len(self._desk.office.series.others(self.visit_id, scope))
        self.cancel_button.setText(
            "Cancel the visit" if reached == 1 else f"Cancel {reached} visits"
        )
        self.cancel_button.setAccessibleName(self.cancel_button.text())
        is_cancelled = self._row is not None and self._row.status == VisitStatus.CANCELLED
        self.cancel_button.setEnabled(reached > 1 or not is_cancelled)
        try:
            after = self._after()
            changes = _differs(self._before, after)
            own = self._desk.office.calendar.check_change(self.visit_id, after)
            plan = self._desk.office.series.preview(self.visit_id, self._before, after, scope)
        except Problem:
            self._foretold = None
            self._show_visits()
            self.change_button.setEnabled(True)
            return
        count = (after != self._stored) + len(plan.possible) if changes else 0
        self.change_button.setEnabled(count > 0)
        self.change_button.setText(f"Change {counted(count, 'visit')}" if count else "Change")
        formats = self._desk.office.formats
        self._foretold = (
            foretell(self.visit_id, self._stored, after, plan, own, formats) if changes else None
        )
        self.reason_field.setVisible(bool(own) and not any(one.is_hard for one in own))
        self._show_visits()

    def _scope(self) -> Scope:
        return Scope(str(self.scope.value() or Scope.THIS))  # Qt hands back a plain text

    # -- doing ------------------------------------------------------------------------------------

    def change(self) -> None:
        """Change the visits chosen as one operation."""
        if self.visit_id is None or self._before is None or self._stored is None:
            return
        office, scope = self._desk.office, self._scope()
        try:
            after = self._after()
            plan = office.series.preview(self.visit_id, self._before, after, scope)
            stayed = " ".join(stays(visit, office.formats) for visit in plan.blocked)
            others = plan.possible if _differs(self._before, after) else ()
            if after == self._stored and not others:
                self._desk.messages.not_now(stayed or "Nothing is changed yet.")
                return
            if after == self._stored:
                standing = self.visit_id
                office.series.carry(self.visit_id, self._before, scope, initiator=self)
            else:
                standing = office.series.change(
                    self.visit_id, after, scope, self.reason_line.text(), initiator=self
                )
        except Invalid as problem:
            self._show_problem(problem)
            return
        except Problem as problem:
            self._desk.messages.problem(problem)
            self.look()
            if self.reason_field.isVisibleTo(self):
                self._ask_reason()
            return
        count = len(others) + (after != self._stored)
        said = f"Changed {counted(count, 'visit')} of {self.who.text()}."
        self._desk.messages.say(" ".join(part for part in (said, stayed) if part), undo=True)
        self.changed.emit(standing)

    def _ask_reason(self) -> None:
        self.reason_line.setFocus()
        # The line has its place only after the layout has been asked for it.
        QTimer.singleShot(0, self, lambda: self._scrolled.ensureWidgetVisible(self.reason_field))

    def cancel(self) -> None:
        """Cancel the visits chosen as one operation; the message offers to undo it."""
        if self.visit_id is None:
            return
        office, visit_id, scope = self._desk.office, self.visit_id, self._scope()

        def do() -> int:
            row = office.calendar.appointment(visit_id).row
            if row.status == VisitStatus.CANCELLED:
                return office.series.cancel_others(visit_id, scope, initiator=self)
            return office.series.cancel(visit_id, row.version, scope, initiator=self)

        count = guarded(self._desk, do)
        if count is not None:
            self._desk.messages.say(
                f"Cancelled {counted(count, 'visit')} of {self.who.text()}.", undo=True
            )
            self.changed.emit(visit_id)

    def _show_problem(self, problem: Invalid) -> None:
        fields = {
            "date": self.date_field,
            "time": self.time_field,
            "starts_at": self.time_field,
            "duration_min": self.length_field,
        }
        field = fields.get(problem.field, self.scope_field)
        field.problem(" ".join(part for part in (problem.what, problem.remedy) if part))
        field.editor.setFocus()

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.who)
        head.addWidget(self.words)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.date_field, 0, 0, top)
        grid.addWidget(self.time_field, 0, 1, top)
        grid.addWidget(self.what_field, 1, 0, top)
        grid.addWidget(self.length_field, 1, 1, top)
        grid.addWidget(self.provider_field, 2, 0, 1, 2, top)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.change_button, 1)
        foot.addWidget(self.cancel_button)
        scrolled = self._scrolled = ScrolledColumn("Visits that repeat")
        scrolled.column.setSpacing(12)
        scrolled.column.addLayout(head)
        scrolled.column.addWidget(self.list, 1)
        scrolled.column.addWidget(self.why)
        scrolled.column.addWidget(self.left_out)
        scrolled.column.addWidget(self.scope_field)
        scrolled.column.addLayout(grid)
        scrolled.column.addWidget(self.reason_field)
        self.reason_field.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(scrolled, 1)
        column.addLayout(in_line(foot))


def _differs(before: BookingDraft, after: BookingDraft) -> bool:
    names = ("starts_at", "duration_min", "provider_id", "type_id", "room_id", "reason", "note")
    return any(getattr(before, name) != getattr(after, name) for name in names)
