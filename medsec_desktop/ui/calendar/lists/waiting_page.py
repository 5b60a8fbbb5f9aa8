"""The whole waiting list: found, added to, changed in place, called and booked from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.domain.calendar.calls import CALL_WORDS, CallOutcome
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.calendar.waiting import Slot, WaitingDraft, WaitingRow
from medsec_desktop.services.letters.targets import Target
from medsec_desktop.ui.calendar.lists import waiting_words
from medsec_desktop.ui.calendar.lists.call_outcomes import CallOutcomes
from medsec_desktop.ui.calendar.lists.waiting_card import WaitingCard
from medsec_desktop.ui.calendar.lists.waiting_form import WaitingForm
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowRole, RowsView
from medsec_desktop.ui.widgets import (
    Choice,
    EmptyState,
    FastList,
    Hairline,
    ListRow,
    PlainButton,
    SearchLine,
    Text,
)
from medsec_desktop.ui.widgets.page import Page
from medsec_desktop.ui.widgets.scrolled import EDGE, ScrolledColumn, in_line

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_WIDTH = 328
_SHOWS = (
    ("all", "Everybody"),
    ("urgent", "Urgent"),
    ("new", "Not called yet"),
    ("soon", "Last day within a week"),
    ("late", "Last day past"),
)


class WaitingPage(Page):
    """Everybody who waits, and at the right the one in front or the entry being filled in."""

    title = "Waiting list"
    bleeds = True
    help_page = "waiting"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        desk = self.desk
        self._rows: tuple[WaitingRow, ...] = ()
        self._then_back = False
        self._wanted_id: int | None = None
        self.count = Text("", "muted")
        self.search = SearchLine("Filter the waiting list", "Filter", desk.theme)
        self.shows = Choice(_SHOWS, "all")
        self.shows.setAccessibleName("Who is shown")
        self.whose = Choice()
        self.whose.setAccessibleName("Provider")
        self.add_button = PlainButton("Add…", self.add, tip="Ctrl+Alt+W")
        self.table = RowsView(desk.theme, self._columns(), "Waiting list")
        self.empty = EmptyState(
            desk.theme,
            "hourglass",
            "Nobody is waiting",
            "Put somebody here who would come sooner. When a time comes free, the calendar shows "
            "who fits it, best first.",
        )
        self.card = WaitingCard(desk)
        self.slots = FastList(desk.theme, "Free times that suit")
        self.slots.setProperty("kind", "boxed")
        self.slots_remark = Text("", "muted", wrap=True)
        self.calls = CallOutcomes(
            "How a call ended",
            without=(
                CallOutcome.REACHED,
                CallOutcome.DECLINED,
            ),  # for these there is a time to offer
            hoped=False,
        )
        self.change_button = PlainButton("Change…", self.change, tip="F2")
        self.remove_button = PlainButton("Remove", self.remove, kind="danger", tip="Delete")
        self.form = WaitingForm(desk)
        self._lay_out()
        self._connect()

    # -- what the tab asks ----------------------------------------------------------------------

    def showing(self) -> None:
        self._load_providers()
        self._read()
        if self.form.is_open:
            self.form.take_focus()
        else:
            self.table.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(
            "waiting_entry", "call_attempt", "appointment", "patient", "patient_phone",
            "patient_alert", "provider", "appointment_type",
        ):  # fmt: skip
            self._read()

    def add(self, draft: WaitingDraft | None = None, *, then_back: bool = False) -> None:
        """Fill in a new entry; `then_back` returns to the grid once it is on the list."""
        self._then_back = then_back
        self.right.setCurrentWidget(self.form)
        self.form.start(draft)

    def add_for(self, patient_id: int) -> None:
        """Fill in an entry for a patient, from wherever she was at hand."""
        draft = guarded(self.desk, lambda: self.desk.office.waiting.draft_for(patient_id))
        if draft is not None:
            self.add(draft)

    def resume(self, state: dict[str, Any], draft_id: int | None) -> None:
        """Go on with an entry that was parked."""
        self._then_back = False
        self.right.setCurrentWidget(self.form)
        self.form.resume(state, draft_id)

    # -- what one does ----------------------------------------------------------------------------

    @property
    def patient_at_hand(self) -> int | None:
        return self.current.draft.patient_id if self.current is not None else None

    @property
    def current(self) -> WaitingRow | None:
        row = self.table.current_row()
        return row if isinstance(row, WaitingRow) else None

    def change(self) -> None:
        """Change the entry in front, in place (F2)."""
        if self.current is not None:
            self._then_back = False
            self.right.setCurrentWidget(self.form)
            self.form.edit(self.current)

    def remove(self) -> None:
        """Take whoever is selected off the list; the message bar offers Undo."""
        row = self.current
        if row is None:
            return
        waiting = self.desk.office.waiting

        def do() -> bool:
            waiting.remove(row.id, row.version, initiator=self)
            return True

        if guarded(self.desk, do):
            self.desk.messages.say(f"Off the waiting list: {row.patient_name}.", undo=True)

    def call(self, ended: CallOutcome) -> None:
        """How a call to the person in front ended."""
        row = self.current
        if row is not None:
            waiting = self.desk.office.waiting
            if guarded(self.desk, lambda: waiting.note_call(row.id, ended)) is not None:
                said = CALL_WORDS[ended].lower()
                self.desk.messages.say(f"{row.patient_name}: {said}.", undo=True)
                if self.current is not None and self.current.id == row.id:
                    self.table.select_next()

    def book(self, slot: Slot) -> None:
        """Give the person in front one of the free times."""
        row = self.current
        if row is None:
            return
        waiting = self.desk.office.waiting
        visit_id = guarded(
            self.desk,
            lambda: waiting.book(row.id, row.version, slot, initiator=self),
        )
        if visit_id is not None:
            formats = self.desk.office.formats
            when = f"{formats.short_date(slot.starts_at.date())}, {formats.time(slot.starts_at)}"
            self.desk.messages.say(f"Booked: {row.patient_name}, {when}.", undo=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self.remove()
        else:
            super().keyPressEvent(event)

    # -- inside -----------------------------------------------------------------------------------

    def _read(self) -> None:
        """Read the list again; whoever is in front stays in front."""
        found = guarded(self.desk, self.desk.office.waiting.open)
        self._rows = found or ()
        self._show_rows()

    def _show_rows(self) -> None:
        kept = self._wanted_id or (self.current.id if self.current else None)
        place = self.table.currentIndex().row()
        self._wanted_id = None
        rows = [row for row in self._rows if self._is_shown(row)]
        self.table.set_rows(rows)
        self.table.filter(self.search.text())
        shown = self.table.order.rowCount()
        total = len(self._rows)
        people = f"{total} {'person' if total == 1 else 'people'}"
        self.count.setText(people if shown == total else f"{shown} of {people}")
        self.lists.setCurrentWidget(self.table if self._rows else self.empty)
        self._select(kept, place)
        self._show_person()

    def _is_shown(self, row: WaitingRow) -> bool:
        draft, today = row.draft, self.desk.office.clock.today()
        whose = self.whose.value()
        if whose is not None and draft.provider_id not in (None, whose):
            return False
        return {
            "all": True,
            "urgent": draft.is_urgent,
            "new": row.last_call is None,
            "soon": draft.latest_on is not None
            and today <= draft.latest_on <= today + timedelta(days=7),
            "late": draft.latest_on is not None and draft.latest_on < today,
        }[str(self.shows.value())]

    def _select(self, entry_id: int | None, place: int = 0) -> None:
        """That entry, or where it is gone whoever stands in its place."""
        order = self.table.order
        at = max(0, min(place, order.rowCount() - 1))
        for number in range(order.rowCount()):
            row = order.index(number, 0).data(Qt.ItemDataRole.UserRole)
            if isinstance(row, WaitingRow) and row.id == entry_id:
                at = number
        if order.rowCount():
            self.table.selectRow(at)

    def _show_person(self) -> None:
        row = self.current
        may = self.desk.office.session.may(Permission.EDIT_CALENDAR)
        self.add_button.setEnabled(may)
        if self.form.is_open:
            return
        if row is None:
            self.right.setCurrentWidget(self.nobody)
            return
        self.card.show_row(row)
        self.right.setCurrentWidget(self._person)
        for part in (self.change_button, self.remove_button, self.calls):
            part.setEnabled(may)
        self._show_slots(row)

    def _show_slots(self, row: WaitingRow) -> None:
        office = self.desk.office
        formats = office.formats
        names = self._names()
        found = guarded(self.desk, lambda: office.waiting.free_for(row.id, 3)) or ()
        self.slots.set_rows(
            [
                ListRow(
                    slot,
                    f"{formats.short_date(slot.starts_at.date())}, {formats.time(slot.starts_at)}",
                    trailing=names.get(slot.provider_id, ""),
                )
                for slot in found
            ],
            preselect=False,
        )
        self.slots.setVisible(bool(found))
        self.slots.setFixedHeight(self.desk.theme.px(32) * max(1, len(found)) + 4)
        self.slots_remark.setText(
            "Free times that suit; Enter books." if found else "No free time suits at present."
        )

    def _names(self) -> dict[int, str]:
        return {
            row.id: provider_called(row.family_name, row.given_name, row.credential)
            for row in self.desk.office.practice.providers()
        }

    def _load_providers(self) -> None:
        self.whose.set_pairs([(None, "With anybody"), *self._names().items()])

    def _saved(self, entry_id: int) -> None:
        self._wanted_id = entry_id
        if self._then_back:
            self._then_back = False
            self.leave()
            return
        self._read()
        self.table.setFocus()

    def _form_left(self) -> None:
        if self._then_back:
            self._then_back = False
            self.leave()
            return
        self._show_person()
        self.table.setFocus()

    def _write_to_many(self) -> None:
        """One letter to everybody the list shows."""
        order = self.table.order
        people = tuple(
            Target(order.index(place, 0).data(RowRole).draft.patient_id)
            for place in range(order.rowCount())
        )
        self.desk.go.write_to_many(people, "The waiting list")

    def _open_file(self) -> None:
        if self.current is not None:
            self.desk.go.open_patient(self.current.patient_id)

    def _columns(self) -> tuple[Column, ...]:
        def formats() -> Any:
            return self.desk.office.formats

        return (
            Column("Patient", lambda row: row.patient_name, width=20),
            Column("Waits", self._waits, sort=lambda row: _ago(row.added_at), width=8),
            Column("Priority", lambda row: "Urgent" if row.draft.is_urgent else "", width=7),
            Column("With", lambda row: row.provider_name or "Anybody", width=14, gives_way=1),
            Column("What", waiting_words.what, width=20, gives_way=2),
            Column("Could come", lambda row: waiting_words.when(row, formats()), width=0, least=40),
            Column("Has", lambda row: waiting_words.has(row, formats()), width=11, gives_way=3),
            Column(
                "Last call",
                lambda row: row.last_call.words if row.last_call else "",
                width=13,
                gives_way=4,
            ),
        )

    def _waits(self, row: WaitingRow) -> str:
        return waiting_words.waits(row, self.desk.office.clock.today())

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _: self._show_rows())
        self.shows.currentIndexChanged.connect(lambda _: self._show_rows())
        self.whose.currentIndexChanged.connect(lambda _: self._show_rows())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_person())
        self.table.chosen.connect(lambda _: self.change())
        self.slots.chosen.connect(self.book)
        self.calls.chosen.connect(self.call)
        self.calls.listen_to(self.table)
        self.form.saved.connect(self._saved)
        self.form.left.connect(self._form_left)
        bind = self.desk.actions.bind
        bind("edit.edit", self.change, lambda: self.current is not None, owner=self)
        bind("visit.wait", self.add, owner=self)
        bind("letter.batch", self._write_to_many, lambda: self.current is not None, owner=self)
        bind("visit.open_patient", self._open_file, lambda: self.current is not None, owner=self)
        self.desk.theme.changed.connect(self._fit)

    def _lay_out(self) -> None:
        self.header.insertWidget(1, self.count)
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.whose)
        bar.addWidget(self.shows)
        bar.addWidget(self.add_button)
        self.lists = QStackedWidget()
        self.lists.addWidget(self.table)
        self.lists.addWidget(self.empty)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(bar)
        left.addWidget(self.lists, 1)
        self.nobody = EmptyState(
            self.desk.theme,
            "user",
            "Nobody selected",
            "Select somebody to call, or to change the entry.",
        )
        self._person = self._make_person()
        self.right = QStackedWidget()
        for part in (self.nobody, self._person, self.form):
            self.right.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(Hairline(vertical=True))
        row.addWidget(self.right)
        self.body.addLayout(row, 1)
        self._fit()

    def _make_person(self) -> QWidget:
        scrolled = ScrolledColumn("The person selected")
        scrolled.column.setSpacing(12)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.change_button, 1)
        buttons.addWidget(self.remove_button)
        scrolled.column.addWidget(self.card)
        scrolled.column.addLayout(buttons)
        scrolled.column.addWidget(Hairline())
        scrolled.column.addWidget(self.slots_remark)
        scrolled.column.addWidget(self.slots)
        scrolled.column.addStretch(1)
        box = QFrame()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(scrolled, 1)
        column.addWidget(Text("How a call ended", "caption"))
        column.addLayout(in_line(self.calls))
        return box

    def _fit(self) -> None:
        self.right.setFixedWidth(self.desk.theme.px(_WIDTH) + EDGE)
        for choice in (self.whose, self.shows):
            choice.setFixedWidth(self.desk.theme.px(168))


def _ago(at: datetime) -> float:
    """Sorts who has waited longest last, as numbers of weeks sort."""
    return -at.timestamp()
