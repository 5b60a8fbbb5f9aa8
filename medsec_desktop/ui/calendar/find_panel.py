"""Finds the next free time: what, with whom, when; Enter books."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.calendar import DAY_MIN, Slot, Span, provider_called
from medsec_desktop.domain.calendar.finding import PARTS_OF_DAY, DaySlots, FindQuery
from medsec_desktop.domain.calendar.times_asked import parse_times
from medsec_desktop.domain.formats import WEEKDAYS
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.ui.calendar.at_once import book_at_once
from medsec_desktop.ui.calendar.current import CurrentFormats
from medsec_desktop.ui.calendar.geometry import Proposal
from medsec_desktop.ui.calendar.many_choice import ManyChoice
from medsec_desktop.ui.calendar.panel import Panel
from medsec_desktop.ui.calendar.scrolled import ScrolledColumn
from medsec_desktop.ui.calendar.slot_list import More, Offer, SlotList
from medsec_desktop.ui.calendar.words import counted
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Choice,
    DateEdit,
    ElidedLabel,
    FastList,
    Field,
    LinkButton,
    ListRow,
    Text,
)
from medsec_desktop.ui.widgets.search_line import SearchLine
from medsec_desktop.ui.widgets.search_list import steer

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import PatientCard
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_DAYS, _A_DAY, _WAYS = 10, 4, 5
_PEOPLE = 3
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


class _PersonLine(QWidget):
    """Who is to come: a line that finds people, or her name once she is chosen."""

    def __init__(self, panel: FindPanel):
        super().__init__()
        self._desk = panel.desk
        self._panel = panel
        self.card: PatientCard | None = None
        self.line = SearchLine("Patient", "Name, birth date, phone (may stay open)")
        self.found = FastList(self._desk.theme, "Patients found", one_click=True)
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.found.chosen.connect(self.choose)
        self._name = ElidedLabel("", "strong")
        self._about = Text("", "small")
        self._alert = Text("", "problem", wrap=True)
        self.change_button = LinkButton("Change", self.take_back)
        self.change_button.setAccessibleName("Choose another patient")
        self._chosen = QWidget()
        row = QHBoxLayout(self._chosen)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._name, 1)
        row.addWidget(self.change_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.line, self.found, self._chosen, self._about, self._alert):
            column.addWidget(part)
        self._ask = self._desk.jobs.latest(self._search, self._show_found)
        self.line.textChanged.connect(self._ask)
        self.line.installEventFilter(self)
        self._show()

    @property
    def patient_id(self) -> int | None:
        return self.card.patient_id if self.card else None

    def choose(self, patient_id: int) -> None:
        """Take her; her alerts are shown, and the look at her file is recorded."""
        calendar = self._desk.office.calendar
        card = guarded(self._desk, lambda: calendar.patient_card(patient_id))
        if card is not None:
            self.card = card
            self._show()
            self._panel.look()
            self._panel.what.setFocus()

    def take_back(self) -> None:
        self.clear()
        self._panel.look()
        self.line.setFocus()

    def clear(self) -> None:
        self.card = None
        self.line.clear()
        self._show()

    def _search(self, text: str) -> list[ListRow]:
        if not text.strip():
            return []
        formats = self._desk.office.formats
        return [
            ListRow(hit.id, hit.name.listed, trailing=formats.birth(hit.birth))
            for hit in self._desk.office.patients.find(text, _PEOPLE)
        ]

    def _show_found(self, rows: list[ListRow]) -> None:
        self.found.set_rows(rows)
        self.found.setFixedHeight(self._desk.theme.px(32) * len(rows) + 2)
        self.found.setVisible(bool(rows) and self.card is None)

    def _show(self) -> None:
        card = self.card
        self.line.setVisible(card is None)
        self.found.hide()
        self._chosen.setVisible(card is not None)
        self._about.setVisible(card is not None)
        self._alert.setVisible(card is not None and bool(card.alerts))
        if card is not None:
            about = (self._desk.office.formats.birth(card.birth), card.chart_number)
            self._name.setText(card.name.listed)
            self._about.setText(" · ".join(each for each in about if each))
            self._alert.setText("\n".join(card.alerts))
        self.setFocusProxy(self.line if card is None else self.change_button)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.line and pressed and self.found.isVisible() and steer(self.found, event):
            return True
        return super().eventFilter(watched, event)


class FindPanel(Panel):
    """The next free times for what is asked, live; the arrows choose and Enter books.

    With a patient a time is booked at once; without one it opens the booking with all that is
    known. “Another visit” keeps what is asked and asks for one more: then ways to have all of them
    are shown, and Enter books them as one.
    """

    title = "Find a free time"
    help_page = "finding"
    stays = True

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        self._wanted = _Asked((), False, False, frozenset())
        self._answer: _Answer | None = None
        self._visits: list[tuple[FindQuery, str]] = []  # those asked for before the one in the form
        self._whole_days: set[object] = set()
        self._filling = True
        self._lengths: dict[object, int] = {}
        self._type_names: dict[int | None, str] = {}
        self._provider_names: dict[int, str] = {}
        self._room_names: dict[int, str] = {}
        self._make_fields()
        self._lay_out()
        self._ask = self.desk.jobs.latest(self._search, self._show)
        self._connect()
        self._filling = False

    # -- coming to the front ------------------------------------------------------------------

    def showing(self) -> None:
        self._load_choices()
        self.look()
        if self.who.card is None:
            self.who.line.setFocus()
            self.who.line.selectAll()
        else:
            self.what.setFocus()

    def begin_with(self, state: dict[str, Any]) -> None:
        """Go on from a booking that was being filled in: for whom, what, how long, with whom."""
        if state.get("patient_id") and state["patient_id"] != self.who.patient_id:
            self.who.choose(state["patient_id"])
        self._filling = True
        self.what.set_value(state["type_id"])
        if state.get("length_typed"):
            self.length.setText(state["length"])
        self._filling = False
        self.look()

    def begin_for(self, patient_id: int) -> None:
        """Look for a time for this patient."""
        if patient_id != self.who.patient_id:
            self.who.choose(patient_id)

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*_TOUCHES):
            self._load_choices()
            self.look()

    def leave(self) -> None:
        self._preview(None)
        super().leave()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._preview(None)

    # -- what is asked ------------------------------------------------------------------------

    def query(self) -> FindQuery:
        """What the form says. Raises Invalid at the first field that makes no sense."""
        office = self.desk.office
        formats = office.formats
        first, last = self._between()
        with self._at(self.can_come_field):
            available = parse_times(self.can_come.text(), formats)
        with self._at(self.length_field):
            text = self.length.text().strip()
            duration = formats.parse_duration(text) if text else 0
        type_id = self.what.value()
        if type_id is None and not duration:
            raise Invalid("Say how long the visit is.", field="length")
        problem = self.earliest.problem()
        if self.earliest.text().strip() and problem:
            self.earliest_field.problem(problem)
            raise Invalid(problem, field="earliest")
        rooms = self.rooms.values()
        return FindQuery(
            type_id=int(str(type_id)) if type_id is not None else None,
            duration_min=duration,
            provider_ids=tuple(int(str(each)) for each in self.providers.values()),
            weekdays=frozenset(n for n, button in enumerate(self.weekdays) if button.isChecked()),
            from_min=first,
            to_min=last,
            earliest_on=self.earliest.value(),
            room_ids=self._rooms_meant(rooms),
            patient_id=self.who.patient_id,
            available=available,
            count=_A_DAY,
        )

    def _rooms_meant(self, chosen: tuple[object, ...]) -> tuple[int, ...]:
        """Rooms by themselves and by their kinds."""
        kinds = {str(each)[5:] for each in chosen if str(each).startswith("kind:")}
        ids = {int(str(each)) for each in chosen if not str(each).startswith("kind:")}
        rooms = self.desk.office.practice.rooms(active_only=True)
        return tuple(room.id for room in rooms if room.id in ids or room.kind in kinds)

    def _between(self) -> tuple[int, int]:
        """The times of day, or a part of the day by its name in the first line."""
        part = PARTS_OF_DAY.get(self.after.text().strip().lower().removesuffix("s"))
        if part is not None and not self.before.text().strip():
            return part.starts_min, part.ends_min
        return self._minute(self.after, self.after_field, 0), self._minute(
            self.before, self.before_field, DAY_MIN
        )

    def _minute(self, line: QLineEdit, field: Field, empty: int) -> int:
        if not line.text().strip():
            return empty
        with self._at(field):
            at = self.desk.office.formats.parse_time(line.text())
        return at.hour * 60 + at.minute

    def _at(self, field: Field) -> _SaidAt:
        return _SaidAt(field)

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

    def _type_chosen(self) -> None:
        self._say_length()
        self._asked_anew()

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
                return _Answer(asked, ways=ways)
            query = asked.queries[0]
            days = finder.by_date(query, _DAYS)
            whole = tuple(
                replace(each, slots=finder.on_day(query, each.day))
                if each.day in asked.whole_days
                else each
                for each in days
            )
            return _Answer(asked, days=whole)
        except Problem as problem:
            return _Answer(asked, problem=problem.what)

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
        """The arrows and Enter belong to the free times from any line of the form."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            names_somebody = watched is self.who.line and self.who.found.isVisible()
            return not names_somebody and steer(self.found, event)
        if watched is self.form.widget() and event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._fit)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The form as tall as what it holds, but the times get their share of the panel."""
        page = self.form.widget()
        tall = max(page.minimumHeight(), page.minimumSizeHint().height())
        self.form.setFixedHeight(min(tall, round(self.height() * 0.55)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.found.choose_current()
        else:
            super().keyPressEvent(event)

    # -- building -----------------------------------------------------------------------------

    def _make_fields(self) -> None:
        desk = self.desk
        formats = CurrentFormats(desk.office)
        self.who = _PersonLine(self)
        self.what = Choice()
        self.length = QLineEdit()
        self.providers = ManyChoice("Anybody")
        self.earliest = DateEdit(desk.theme, formats, desk.office.clock.today)
        self.earliest.setPlaceholderText("Today")
        self.weekdays = [self._weekday(number) for number in range(7)]
        self.after, self.before = QLineEdit(), QLineEdit()
        self.after.setPlaceholderText("3pm, morning")
        self.before.setPlaceholderText("5pm")
        self.rooms = ManyChoice("No room")
        self.can_come = QLineEdit()
        self.can_come.setPlaceholderText("mon thu mornings, fri after 3")
        self.with_these = Text("", "body", wrap=True)
        self.same_day = QCheckBox("All on one day")
        self.in_order = QCheckBox("In this order")
        self.another = LinkButton("Another visit as well", self.add_visit)
        self.only_one = LinkButton("Only one visit", self.drop_visits)
        self.clear_button = LinkButton("Clear", self.clear_filters)
        self.clear_button.setAccessibleName("Clear all filters")
        self.result = Text("", "small", wrap=True)
        self.found = SlotList(desk.theme)
        self.nothing = QWidget()
        self.who_field = Field("Patient", self.who)
        self.what_field = Field("Visit", self.what)
        self.length_field = Field("Length", self.length)
        self.providers_field = Field("With", self.providers)
        self.earliest_field = Field("From", self.earliest)
        self.after_field = Field("After", self.after)
        self.before_field = Field("Before", self.before)
        self.rooms_field = Field("Room", self.rooms)
        self.can_come_field = Field("Patient can come", self.can_come)
        self._fields = (
            self.length_field, self.earliest_field, self.after_field, self.before_field,
            self.can_come_field,
        )  # fmt: skip

    def _weekday(self, number: int) -> QPushButton:
        button = QPushButton(WEEKDAYS[number][:2])
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setProperty("kind", "day")
        button.setAccessibleName(WEEKDAYS[number])
        button.setToolTip(WEEKDAYS[number])
        button.clicked.connect(self._asked_anew)
        return button

    def _lay_out(self) -> None:
        self.header.insertWidget(1, self.clear_button)
        form = ScrolledColumn("What is looked for")
        column = form.column
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        column.addWidget(self.who_field)
        for parts in (
            ((self.what_field, 2), (self.length_field, 1)),
            ((self.providers_field, 3), (self.earliest_field, 2)),
            tuple((button, 1) for button in self.weekdays),
            ((self.after_field, 1), (self.before_field, 1), (self.rooms_field, 1)),
        ):
            row = QHBoxLayout()
            row.setSpacing(8 if len(parts) < 7 else 4)
            for part, share in parts:
                row.addWidget(part, share, Qt.AlignmentFlag.AlignTop)
            column.addLayout(row)
        column.addWidget(self.can_come_field)
        column.addWidget(self.with_these)
        ticks = QHBoxLayout()
        ticks.setSpacing(12)
        ticks.addWidget(self.same_day)
        ticks.addWidget(self.in_order)
        ticks.addStretch(1)
        column.addLayout(ticks)
        links = QHBoxLayout()
        links.addWidget(self.another)
        links.addStretch(1)
        links.addWidget(self.only_one)
        column.addLayout(links)
        self.form = form
        form.widget().installEventFilter(self)
        self.body.setSpacing(8)
        self.body.addWidget(form)
        self.body.addWidget(self.result)
        self.body.addWidget(self.found, 1)
        self.body.addWidget(self.nothing, 1)
        self._say_visits()

    def _connect(self) -> None:
        self.what.currentIndexChanged.connect(self._type_chosen)
        for line in (self.length, self.after, self.before, self.can_come):
            line.textChanged.connect(self._asked_anew)
            line.installEventFilter(self)
        self.who.line.installEventFilter(self)
        self.earliest.value_changed.connect(lambda _: self._asked_anew())
        for choice in (self.providers, self.rooms):
            choice.changed.connect(self._asked_anew)
        for box in (self.same_day, self.in_order):
            box.clicked.connect(self._asked_anew)
        self.found.chosen.connect(self.take)
        self.found.selectionModel().currentChanged.connect(self._selected)

    def _load_choices(self) -> None:
        practice = self.desk.office.practice
        self._filling = True
        types = practice.types(active_only=True)
        self._type_names = {row.id: row.name for row in types}
        self._lengths = {row.id: row.duration_min for row in types}
        self.what.set_pairs((row.id, row.name) for row in types)
        if self.what.currentIndex() < 0 and types:
            self.what.setCurrentIndex(0)
        providers = practice.providers(bookable_only=True)
        self._provider_names = {
            row.id: provider_called(row.family_name, row.given_name, row.credential)
            for row in providers
        }
        self.providers.set_pairs(self._provider_names.items())
        rooms = practice.rooms(active_only=True)
        self._room_names = {row.id: row.name for row in rooms}
        kinds = dict.fromkeys(row.kind for row in rooms if row.kind)
        self.rooms.set_pairs(
            [*((f"kind:{kind}", f"Any: {kind}") for kind in kinds), *self._room_names.items()]
        )
        self.rooms_field.setVisible(bool(rooms))
        self._say_length()
        self._filling = False

    def _say_length(self) -> None:
        minutes = self._lengths.get(self.what.value())
        self.length.setPlaceholderText(f"{minutes} min" if minutes else "Minutes")

    def clear_filters(self) -> None:
        """All filters as they were; the patient stays."""
        was_filling, self._filling = self._filling, True
        for line in (self.length, self.after, self.before, self.can_come):
            line.clear()
        self.earliest.set_value(None)
        for button in self.weekdays:
            button.setChecked(False)
        for choice in (self.providers, self.rooms):
            choice.set_values(())
        self._whole_days.clear()
        self._filling = was_filling
        self.look()


class _SaidAt:
    """Shows an Invalid raised within at its field, and lets it go on."""

    def __init__(self, field: Field):
        self._field = field

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, Invalid):
            self._field.problem(error.what)
