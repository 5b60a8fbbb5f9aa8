"""A provider is away: her visits, a proposal for each, and the calls until none is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout

from medsec_desktop.domain.calendar.calls import CALL_WORDS, CallOutcome
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.calendar.absences import (
    POLICY_WORDS,
    AbsenceRow,
    AwayPolicy,
    AwayState,
    AwayVisit,
    Settled,
    Slot,
)
from medsec_desktop.ui.calendar.lists.away_card import AGREES, DECLINES, AwayCard
from medsec_desktop.ui.calendar.lists.away_form import AwayForm
from medsec_desktop.ui.calendar.lists.away_paper import AwayPaper
from medsec_desktop.ui.calendar.lists.away_proposals import Proposals
from medsec_desktop.ui.calendar.words import counted
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import (
    Choice,
    EmptyState,
    Hairline,
    IconButton,
    PlainButton,
    Text,
)
from medsec_desktop.ui.widgets.page import Page
from medsec_desktop.ui.widgets.scrolled import EDGE

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_WIDTH = 328
# Whatever can make another time free or take one away.
_MOVES = (
    "closure", "appointment", "provider", "working_hours", "hours_exception", "public_holiday",
    "room_hours", "block_out", "hold",
)  # fmt: skip


class AwayPage(Page):
    """The bench: what is left of an absence, who is called next, and what she is offered."""

    title = "Doctor away"
    bleeds = True
    help_page = "away"
    new_text = "New absence"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        desk = self.desk
        self._absences: tuple[AbsenceRow, ...] = ()
        self.proposals = Proposals(desk)
        self._wanted_id: int | None = None
        self.paper = AwayPaper(desk, self)
        self.which = Choice()
        self.which.setAccessibleName("Absence")
        self.policy = Choice([(policy, POLICY_WORDS[policy]) for policy in AwayPolicy])
        self.policy.setAccessibleName("What is proposed")
        self.edit_button = IconButton(
            desk.theme, "pencil", "Change the days", self.change, key="F2"
        )
        self.back_button = IconButton(
            desk.theme, "trash-2", "Not away after all: open the days again", self.end
        )
        self.new_button = PlainButton("New absence…", self.begin, tip="Ctrl+N")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Visits settled")
        self.standing = Text("", "strong")
        self.table = RowsView(desk.theme, self._columns(), "Visits affected")
        self.move_all_button = PlainButton("", self.move_all)
        self.move_button = PlainButton("Move selected", self.move_selected)
        self.cancel_button = PlainButton("Cancel selected", self.cancel_selected, kind="danger")
        self.letters_button = PlainButton("Letters", self.letters, tip="For those selected")
        self.labels_button = PlainButton("Labels", self.labels, tip="For those selected")
        self.list_button = PlainButton("Call list…", self.call_list, tip="Ctrl+P")
        self.card = AwayCard(desk)
        self.form = AwayForm(desk)
        self._lay_out()
        self._connect()

    # -- what the tab asks ----------------------------------------------------------------------

    def showing(self) -> None:
        self._read_absences()
        if self._absences:
            self.table.setFocus()
        else:
            self.begin()

    def refresh(self, changes: Changes) -> None:
        moves = changes.touches(*_MOVES)
        if moves or changes.touches("call_attempt", "letter", "patient", "patient_phone"):
            self._read_absences(anew=moves)

    # -- absences ---------------------------------------------------------------------------------

    @property
    def absence(self) -> AbsenceRow | None:
        """The absence in front."""
        wanted = self.which.value()
        return next((row for row in self._absences if row.id == wanted), None)

    def new_thing(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Enter who is away, and when: at first whoever the calendar's cursor stands with, that day."""
        if not self._may():
            self.desk.messages.not_now("Your log-in may look at the calendar but not change it.")
            return
        self.right.setCurrentWidget(self.form)
        column = self.tab.grid.column_at_cursor
        self.form.start(column.provider_id if column is not None else None, self.tab.day)

    def change(self) -> None:
        """Change the days of the absence in front (F2)."""
        if self.absence is not None:
            self.right.setCurrentWidget(self.form)
            self.form.edit(self.absence)

    def end(self) -> None:
        """She will be there after all."""
        row = self.absence
        if row is None:
            return

        def do() -> bool:
            self.desk.office.absences.end(row.id, row.away.version, initiator=self)
            return True

        if guarded(self.desk, do):
            self.desk.messages.say(f"{row.away.provider_name} is there after all.", undo=True)

    # -- visits -----------------------------------------------------------------------------------

    @property
    def current(self) -> AwayVisit | None:
        """The visit in front."""
        row = self.table.current_row()
        return row if isinstance(row, AwayVisit) else None

    def selected(self) -> tuple[AwayVisit, ...]:
        return tuple(row for row in self.table.selected_rows() if isinstance(row, AwayVisit))

    def move_all(self) -> None:
        """Accept every proposal that is left, as one step."""
        self._move(self.proposals.left)

    def move_selected(self) -> None:
        """Accept the proposals of the visits selected, as one step."""
        self._move([visit for visit in self.selected() if visit.state is AwayState.LEFT])

    def cancel_selected(self) -> None:
        """Cancel the visits selected, by the clinic, as one step."""
        left = [visit.id for visit in self.selected() if visit.state is AwayState.LEFT]
        absence = self.absence
        if absence is None or not left:
            self.desk.messages.not_now("Select visits that are still to be settled first.")
            return
        settled = guarded(
            self.desk,
            lambda: self.desk.office.absences.cancel(absence.id, left, initiator=self),
        )
        self._tell("Cancelled", settled)

    def ended(self, how: object) -> None:
        """How the call about the visit in front ended."""
        absence, visit = self.absence, self.current
        if absence is None or visit is None:
            return
        absences = self.desk.office.absences
        slot = self.proposals.slots.get(visit.id)
        if how == AGREES:
            if slot is None:
                self.desk.messages.not_now("Choose a time to offer first.")
                return
            self._go_on()
            settled = guarded(
                self.desk,
                lambda: absences.accept(absence.id, {visit.id: slot}, reached=True, initiator=self),
            )
            self._tell("Moved", settled)
        elif how == DECLINES:
            self._go_on()
            settled = guarded(
                self.desk,
                lambda: absences.cancel(
                    absence.id, [visit.id], by="patient", outcome=CallOutcome.DECLINED,
                    initiator=self,
                ),
            )  # fmt: skip
            self._tell("Cancelled", settled)
        elif isinstance(how, CallOutcome):
            self._go_on()
            offered = slot if visit.state is AwayState.LEFT else None
            noted = guarded(
                self.desk, lambda: absences.note_call(absence.id, visit.id, how, offered)
            )
            if noted is not None:
                said = CALL_WORDS[how].lower()
                self.desk.messages.say(f"{visit.was.patient_name}: {said}.", undo=True)

    def letters(self) -> None:
        """Letters to those selected."""
        self.paper.letters(self.selected())

    def labels(self) -> None:
        """Labels for those selected."""
        self.paper.labels(self.selected())

    def call_list(self) -> None:
        """The list to telephone from: those selected where there are several, else everybody."""
        chosen = self.selected()
        if self.absence is not None:
            self.paper.call_list(
                self.absence,
                self.proposals.slots,
                chosen if len(chosen) > 1 else self.proposals.visits,
            )

    # -- inside -----------------------------------------------------------------------------------

    def _move(self, visits: Sequence[AwayVisit]) -> None:
        absence = self.absence
        slots = self.proposals.of(visits)
        if absence is None or not slots:
            self.desk.messages.not_now("Select visits with a proposal first.")
            return
        settled = guarded(
            self.desk,
            lambda: self.desk.office.absences.accept(absence.id, slots, initiator=self),
        )
        self._tell("Moved", settled)

    def _tell(self, verb: str, settled: Settled | None) -> None:
        """Say what was done, and for whom it could not be."""
        if settled is None:
            return
        said = f"{verb}: {counted(len(settled.done), 'visit')}."
        if settled.refused:
            names = ", ".join(visit.was.patient_name for visit, _ in settled.refused)
            said = f"{said} Not possible any more: {names}; a new time is proposed."
        self.desk.messages.say(said, undo=True)
        self.table.setFocus()  # the button pressed may have nothing more to do; the calls go on

    def _go_on(self) -> None:
        """The next visit to call about comes to the front once this one is dealt with."""
        visit = self.current
        later = False
        self._wanted_id = visit.id if visit else None
        order = self.table.order
        for number in range(order.rowCount()):
            row = order.index(number, 0).data(Qt.ItemDataRole.UserRole)
            if later and isinstance(row, AwayVisit) and not row.is_told:
                self._wanted_id = row.id
                return
            later = later or (visit is not None and row.id == visit.id)

    def _read_absences(self, *, anew: bool = True) -> None:
        found = guarded(self.desk, self.desk.office.absences.all)
        self._absences = found or ()
        self.proposals.read_names()
        self.which.set_pairs(
            (row.id, f"{row.away.provider_name}, {self._days(row)}") for row in self._absences
        )
        self._read()

    def _days(self, row: AbsenceRow) -> str:
        away = row.away
        return self.desk.office.absences.days(away.first_on, away.last_on, away.part)

    def _read(self, *, anew: bool = True) -> None:
        """The visits of the absence in front, with a proposal for each that is left.

        Proposals are worked out `anew` only where a time may have come free or gone.
        """
        absence = self.absence
        kept = self._wanted_id or (self.current.id if self.current else None)
        self._wanted_id = None
        self.proposals.read(absence, AwayPolicy(str(self.policy.value())), anew=anew)
        self.table.set_rows(self.proposals.visits)
        self._select(kept)
        self._show_standing(absence)
        self._show_visit()

    def _show_standing(self, absence: AbsenceRow | None) -> None:
        """How far it has come, and what can be done now."""
        has_any = absence is not None and absence.total > 0
        self.middle.setCurrentWidget(self.bench if has_any else self.empty)
        for part in (self.which, self.edit_button, self.back_button, self.policy):
            part.setVisible(absence is not None)
        if absence is None:
            self.empty.say(
                "Nobody is away",
                "When somebody is, enter it here: the days close for booking, and every visit there "
                "is offered another time.",
            )
            return
        if not has_any:
            self.empty.say(
                "No visit is affected",
                f"{absence.away.provider_name} has no visits to come on these days. They are "
                "closed for booking.",
            )
        self.progress.setRange(0, max(1, absence.total))
        self.progress.setValue(absence.settled)
        said = f"{absence.settled} of {absence.total} settled, {absence.told} told"
        if absence.left == 0:
            said = f"Every visit is settled; {absence.told} of {absence.total} told"
        self.standing.setText(said)
        ready = self.proposals.ready
        self.move_all_button.setText(
            f"Move all {ready} as proposed" if ready > 1 else "Move as proposed"
        )
        self.move_all_button.setAccessibleName(self.move_all_button.text())
        self.move_all_button.setEnabled(ready > 0 and self._may())
        for button in (self.move_button, self.cancel_button):
            button.setEnabled(absence.left > 0 and self._may())

    def _show_visit(self) -> None:
        if self.form.is_open:
            return
        visit = self.current
        if visit is None:
            self.right.setCurrentWidget(self.nobody)
            return
        proposals = self.proposals
        offer, has_one = proposals.offer(visit), proposals.has(visit)
        if visit.state is AwayState.LEFT and has_one:
            offer = f"Offer {offer}"
        self.card.show_visit(visit, offer, proposals.options(visit, None), can_move=has_one)
        self.right.setCurrentWidget(self.card)

    def _wish_slot(self, slot: Slot) -> None:
        """Offer this one instead."""
        visit = self.current
        if visit is not None:
            self.proposals.choose(visit, slot)
            self._read()
            self.table.setFocus()

    def _wish_day(self, day: date | None) -> None:
        visit = self.current
        if visit is not None:
            self.card.show_options(self.proposals.options(visit, day))

    def _select(self, visit_id: int | None) -> None:
        order = self.table.order
        at = 0
        for number in range(order.rowCount()):
            row = order.index(number, 0).data(Qt.ItemDataRole.UserRole)
            if isinstance(row, AwayVisit) and row.id == visit_id:
                at = number
        if order.rowCount():
            self.table.selectRow(at)

    def _saved(self, absence_id: int) -> None:
        self._read_absences()
        self.which.set_value(absence_id)
        self._read()
        self.table.setFocus()

    def _form_left(self) -> None:
        self._show_visit()
        self.table.setFocus()

    def _may(self) -> bool:
        return self.desk.office.session.may(Permission.EDIT_CALENDAR)

    def _show_current(self) -> None:
        if self.current is not None:
            self.desk.go.open_patient(self.current.was.patient_id)

    def _columns(self) -> tuple[Column, ...]:
        def was(visit: AwayVisit) -> str:
            formats = self.desk.office.formats
            at = visit.was.starts_at
            return f"{formats.short_date(at.date())}, {formats.time(at)}"

        def told(visit: AwayVisit) -> str:
            if visit.last_call is not None and (visit.letter_on is None or not visit.is_told):
                return visit.last_call.words
            if visit.letter_on is not None:
                return "By letter"
            return "" if visit.state is AwayState.LEFT else "Not yet"

        return (
            Column("Was", was, sort=lambda visit: visit.was.starts_at.isoformat(), width=19),
            Column("Patient", lambda visit: visit.was.patient_name, width=20),
            Column("Proposal", self.proposals.offer, width=0, least=32),
            Column("Told", told, width=12, gives_way=1),
        )

    def _connect(self) -> None:
        self.which.currentIndexChanged.connect(lambda _: self._other_absence())
        self.policy.currentIndexChanged.connect(lambda _: self._read())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_visit())
        self.table.chosen.connect(lambda _: self.card.options.setFocus())
        self.card.slot_wished.connect(self._wish_slot)
        self.card.day_wished.connect(self._wish_day)
        self.card.ended.connect(self.ended)
        self.card.listen_to(self.table)
        self.form.saved.connect(self._saved)
        self.form.left.connect(self._form_left)
        bind = self.desk.actions.bind
        bind("edit.edit", self.change, lambda: self.absence is not None, owner=self)
        bind("file.print", self.call_list, lambda: bool(self.proposals.visits), owner=self)
        bind("visit.open_patient", self._show_current, lambda: self.current is not None, owner=self)
        self.desk.theme.changed.connect(self._fit)

    def _other_absence(self) -> None:
        self.proposals.forget()
        self._read()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self.which, 3)
        bar.addWidget(self.edit_button)
        bar.addWidget(self.back_button)
        bar.addStretch(0)
        bar.addWidget(self.policy, 2)
        bar.addWidget(self.new_button)
        standing = QHBoxLayout()
        standing.setSpacing(12)
        standing.addWidget(self.progress, 1)
        standing.addWidget(self.standing)
        for button in (self.letters_button, self.labels_button, self.list_button):
            standing.addWidget(button)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self.move_all_button, self.move_button, self.cancel_button):
            foot.addWidget(button)
        foot.addStretch(1)
        self.foot = (self.move_all_button, self.move_button, self.cancel_button)
        self.bench = QFrame()
        bench = QVBoxLayout(self.bench)
        bench.setContentsMargins(0, 0, 0, 0)
        bench.setSpacing(12)
        bench.addLayout(standing)
        bench.addWidget(self.table, 1)
        bench.addLayout(foot)
        self.empty = EmptyState(self.desk.theme, "calendar-off", "", "")
        self.middle = QStackedWidget()
        self.middle.addWidget(self.bench)
        self.middle.addWidget(self.empty)
        self.nobody = EmptyState(
            self.desk.theme, "user", "No visit selected", "Select a visit to call about it."
        )
        self.right = QStackedWidget()
        for front in (self.nobody, self.card, self.form):
            self.right.addWidget(front)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(bar)
        left.addWidget(self.middle, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(Hairline(vertical=True))
        row.addWidget(self.right)
        self.body.addLayout(row, 1)
        self._fit()

    def _fit(self) -> None:
        self.right.setFixedWidth(self.desk.theme.px(_WIDTH) + EDGE)
        self.which.setMinimumWidth(self.desk.theme.px(144))
        self.which.setMaximumWidth(self.desk.theme.px(400))
        self.policy.setMinimumWidth(self.desk.theme.px(112))
        self.policy.setMaximumWidth(self.desk.theme.px(208))
        self.progress.setFixedHeight(self.desk.theme.px(8))
