"""Finds the next free time: what, with whom, when; Enter books."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from medsec_desktop.domain.calendar import Slot, Span
from medsec_desktop.domain.calendar.finding import DaySlots, FindQuery
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.ui.calendar.booking.at_once import book_at_once
from medsec_desktop.ui.calendar.booking.form import ENTER
from medsec_desktop.ui.calendar.finding.find_form import FindForm
from medsec_desktop.ui.calendar.finding.slot_list import More, Offer, SlotList
from medsec_desktop.ui.calendar.grid.geometry import Proposal
from medsec_desktop.ui.calendar.words import counted
from medsec_desktop.ui.widgets import Hairline, Text
from medsec_desktop.ui.widgets.buttons import press_by_enter
from medsec_desktop.ui.widgets.scrolled import in_line
from medsec_desktop.ui.widgets.search_list import steer

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_DAYS, _WAYS = 10, 5
# Whatever can open or close a time.
_TOUCHES = (
    "appointment", "working_hours", "closure", "hours_exception", "public_holiday", "block_out",
    "block_out_type", "block_out_exception", "hold", "room", "room_hours", "provider",
    "appointment_type", "setting", "patient",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is being looked for, and how much of it is to be shown."""

    queries: tuple[FindQuery, ...]
    same_day: bool
    in_order: bool
    whole_days: frozenset[object]


@dataclass(frozen=True, slots=True)
class _Answer:
    asked: _Asked
    days: tuple[DaySlots, ...] = ()
    ways: tuple[tuple[Slot, ...], ...] = ()
    problem: str = ""


class FindPanel(FindForm):
    """The next free times for what is asked, live; the arrows choose and Enter books.

    With a patient a time is booked at once; without one it opens the booking with all that is
    known. “Another visit” keeps what is asked and asks for one more: then ways to have all of them
    are shown, and Enter books them as one.
    """

    title = "Find a free time"
    help_page = "finding"
    stays = True
    bleeds = True

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        self._wanted = _Asked((), False, False, frozenset())
        self._answer: _Answer | None = None
        self._visits: list[tuple[FindQuery, str]] = []  # those asked for before the one in the form
        self._whole_days: set[object] = set()
        self.result = Text("", "small", wrap=True)
        self.found = SlotList(self.desk.theme)
        self.nothing = QWidget()
        self.body.addLayout(in_line(Hairline()))
        self.body.addLayout(in_line(self.result))
        self.body.addWidget(self.found, 1)
        self.body.addWidget(self.nothing, 1)
        self._ask = self.desk.jobs.latest(self._search, self._show)
        self.changed.connect(self._asked_anew)
        self.another.clicked.connect(self.add_visit)
        self.only_one.clicked.connect(self.drop_visits)
        for line in (
            self.who.line, self.length, self.earliest, self.after, self.before, self.can_come,
        ):  # fmt: skip
            line.installEventFilter(self)
        self.found.chosen.connect(self.take)
        self.found.selectionModel().currentChanged.connect(self._selected)
        self._say_visits()
        press_by_enter(self)

    # -- coming to the front ------------------------------------------------------------------

    def showing(self) -> None:
        self.load_choices()
        self.look()
        if self.who.card is None:
            self.who.line.setFocus()
            self.who.line.selectAll()
        else:
            self.what.setFocus()

    def begin_with(self, state: dict[str, Any]) -> None:
        """Go on from a booking that was being filled in: for whom, what, how long, from when."""
        if state.get("patient_id") and state["patient_id"] != self.who.patient_id:
            self.who.choose(state["patient_id"])
        self._filling = True
        self.what.set_value(state["type_id"])
        if state.get("length_typed"):
            self.length.setText(state["length"])
        if state.get("date"):
            self.earliest.set_value(date.fromisoformat(state["date"]))
        self._filling = False
        self.look()

    def begin_for(self, patient_id: int) -> None:
        """Look for a time for this patient."""
        if patient_id != self.who.patient_id:
            self.who.choose(patient_id)

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*_TOUCHES):
            self.load_choices()
            self.look()

    def leave(self) -> None:
        self._preview(None)
        super().leave()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._preview(None)

    # -- what is asked ------------------------------------------------------------------------

    def look(self) -> None:
        """Ask again; the answer comes when it is there, the newest only."""
        if self._filling:
            return
        for field in self._fields:
            field.problem("")
        try:
            query = self.query()
        except Invalid as problem:
            marked = any(field.has_problem for field in self._fields)
            words = "What is marked above makes no sense yet." if marked else problem.what
            self._show(_Answer(self._wanted, problem=words))
            return
        self._wanted = _Asked(
            (*(each for each, _ in self._visits), query),
            self.same_day.isChecked(),
            self.in_order.isChecked(),
            frozenset(self._whole_days),
        )
        self._ask("")

    def _asked_anew(self) -> None:
        self._whole_days.clear()
        self.look()

    def _search(self, _: str) -> _Answer:
        """In a thread of its own: the newest wish at the time."""
        asked, finder = self._wanted, self.desk.office.finder
        try:
            if len(asked.queries) > 1:
                ways = finder.several(
                    asked.queries, same_day=asked.same_day, in_order=asked.in_order, count=_WAYS
                )
                return _Answer(asked, ways=ways, problem="" if ways else self._bar(asked))
            query = asked.queries[0]
            days = finder.by_date(query, _DAYS)
            whole = tuple(
                replace(each, slots=finder.on_day(query, each.day))
                if each.day in asked.whole_days
                else each
                for each in days
            )
            return _Answer(asked, days=whole, problem="" if whole else self._bar(asked))
        except Problem as problem:
            return _Answer(asked, problem=problem.what)

    def _bar(self, asked: _Asked) -> str:
        """What keeps anything from being found at all, however little is asked."""
        finder = self.desk.office.finder
        return next(filter(None, (finder.bar(query) for query in asked.queries)), "")

    # -- what is found ------------------------------------------------------------------------

    def _show(self, answer: _Answer) -> None:
        self._answer = answer
        formats = self.desk.office.formats
        self._filling = True
        kept = self.found.current_offer()
        if answer.ways:
            self.found.show_ways(answer.ways, formats, self._words_of_one)
        else:
            self.found.show_days(answer.days, formats, self._words)
        self._keep(kept)
        self._filling = False
        if self.found.current_offer() != kept:
            self._preview(None)
        self.result.setText(self._summary(answer))
        self.result.set_kind("problem" if answer.problem else "small")
        self.found.setVisible(bool(answer.days or answer.ways))
        self.nothing.setVisible(not self.found.isVisibleTo(self))

    def _keep(self, offer: Offer | None) -> None:
        """Stay on the offer that was selected, if it is still there."""
        for at, row in enumerate(self.found.rows.rows):
            if offer is not None and row.value == offer:
                self.found.setCurrentIndex(self.found.rows.index(at, 0))
                return

    def _summary(self, answer: _Answer) -> str:
        if answer.problem:
            return answer.problem
        if answer.ways:
            return f"{counted(len(answer.ways), 'way')} to have {len(answer.asked.queries)} visits."
        if answer.days:
            total = counted(sum(each.total for each in answer.days), "free time")
            books = "Enter books." if self.who.card else "Enter opens the booking."
            return f"{total} on {counted(len(answer.days), 'date')}. {books}"
        if len(answer.asked.queries) > 1:
            return "These visits cannot be had together within half a year."
        return "Nothing is free within half a year. Ask for less: another day, time or provider."

    def _words(self, slot: Slot) -> tuple[str, str]:
        return (
            self._provider_names.get(slot.provider_id, ""),
            self._room_names.get(slot.room_id or 0, ""),
        )

    def _words_of_one(self, index: int, slot: Slot) -> tuple[str, str]:
        assert self._answer is not None
        type_id = self._answer.asked.queries[index].type_id
        return f"{self._type_names.get(type_id, 'Visit')}", self._words(slot)[0]

    # -- booking ------------------------------------------------------------------------------

    def take(self, value: object) -> None:
        """Book what a row offers, or show the rest of its day."""
        if isinstance(value, More):
            self._whole_days.add(value.day)
            self.look()
        elif isinstance(value, Offer):
            self._take(value)

    def _take(self, offer: Offer) -> None:
        if self._answer is None:
            return
        if not self.desk.office.session.may(Permission.EDIT_CALENDAR):
            self.desk.messages.not_now("Your log-in may look at the calendar but not book.")
            return
        queries = self._answer.asked.queries
        drafts = [
            BookingDraft(
                query.patient_id or 0,
                slot.provider_id,
                query.type_id,
                slot.starts_at,
                slot.duration_min,
                slot.room_id,
            )
            for query, slot in zip(queries, offer.slots, strict=True)
        ]
        if all(draft.patient_id for draft in drafts):
            self._preview(None)
            if book_at_once(self.tab, drafts):
                self.forget()
            else:
                self.look()
        elif len(drafts) == 1:
            self._open_pane(drafts[0])
        else:
            self.desk.messages.not_now("Choose the patient first; then all visits can be booked.")
            self.who.setFocus()

    def _open_pane(self, draft: BookingDraft) -> None:
        """Somebody is still to be named: the booking pane takes it from here."""
        formats = self.desk.office.formats
        self.tab.book(
            state={
                "patient_id": None,
                "search": self.who.line.text(),
                "type_id": draft.type_id,
                "provider_id": draft.provider_id,
                "room_id": draft.room_id,
                "date": draft.starts_at.date().isoformat(),
                "time": formats.time(draft.starts_at),
                "length": f"{draft.duration_min} min",
                "length_typed": bool(self.length.text().strip()),
                "reason": "",
                "note": "",
                "override": "",
            }
        )

    def forget(self) -> None:
        """What was asked is booked: the next search begins with nobody."""
        self._filling = True
        self._visits.clear()
        self.who.clear()
        self.clear_filters()
        self._filling = False
        self._say_visits()

    # -- several visits -----------------------------------------------------------------------

    def add_visit(self) -> None:
        """Keep what is asked and ask for one more."""
        try:
            query = self.query()
        except Invalid as problem:
            self.desk.messages.not_now(problem.what)
            return
        named = self._type_names.get(query.type_id, "Visit")
        providers = ", ".join(self._provider_names[each] for each in query.provider_ids)
        self._visits.append((query, f"{named} · {providers}" if providers else named))
        self._say_visits()
        self.what.setFocus()
        self._asked_anew()

    def drop_visits(self) -> None:
        """Look for the one visit in the form again."""
        self._visits.clear()
        self._say_visits()
        self._asked_anew()

    def _say_visits(self) -> None:
        names = [name for _, name in self._visits]
        self.with_these.setText("\n".join(f"{n}. {name}" for n, name in enumerate(names, 1)))
        for part in (self.with_these, self.same_day, self.in_order, self.only_one):
            part.setVisible(bool(names))

    # -- looking ahead on the grid ------------------------------------------------------------

    def _selected(self) -> None:
        if not self._filling:
            self._preview(self.found.current_offer())

    def _preview(self, offer: Offer | None) -> None:
        """Show the time selected where it would stand."""
        grid = self.tab.grid
        if offer is None:
            grid.show_proposal(None)
            return
        slot = offer.slots[0]
        day = slot.starts_at.date()
        self.tab.show_day(day)
        name = self.who.card.name.listed if self.who.card else "New booking"
        span = Span.of(slot.starts_at, slot.duration_min)
        grid.show_proposal(Proposal(slot.provider_id, span, name), day)

    # -- keys ---------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows and Enter belong to the free times from any line of the form.

        But a date has the arrows for itself, and Enter ends it first: its times are still to be seen.
        """
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self.earliest:
                ends_it = event.key() in ENTER and self.earliest.is_being_typed
                if ends_it:
                    self.earliest.settle()
                return ends_it
            names_somebody = watched is self.who.line and self.who.found.isVisible()
            return not names_somebody and steer(self.found, event)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.found.choose_current()
        else:
            super().keyPressEvent(event)
