"""What a screenful of the calendar holds: days and weeks in columns, months, and saved choices of columns.

Everything is read in a handful of statements, whatever the number of visits, and handed over as
frozen rows: the screens that paint them ask nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar import DAY_MIN, Span, VisitStatus, provider_called
from medsec_desktop.domain.calendar.zones import ClockChange, clock_change
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import CalendarView
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.calendar import availability, reading
from medsec_desktop.services.calendar.notes import NoteRow, holds_just_over, notes_between
from medsec_desktop.services.calendar.records import (
    AppointmentRow,
    ByColumn,
    Named,
    StoredVisit,
    Visits,
    by_column,
    one_of_each,
)
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.practice.time_zone import clinic_zone
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session
from medsec_desktop.services.unchanged import Kept, Unchanged

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.availability import AwayRow, BlockRow, DayPlan, HoldRow
    from medsec_desktop.services.practice import ProviderRow, RoomRow


@dataclass(frozen=True, slots=True)
class ColumnKey:
    """Whose column: a provider's, a room's, or (kind "none") that of visits without a room."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> ColumnKey:
        kind, _, number = text.partition(":")
        if kind not in ("provider", "room", "none") or not number.isdigit():
            raise Invalid(f"“{text}” names no column.", field="columns")
        return cls(kind, int(number))


NO_ROOM = ColumnKey("none", 0)


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One column of the time grid: whose it is, on which day, and all that stands in it."""

    key: ColumnKey
    day: date
    title: str  # Robin Chen, MD
    called: str  # Dr. Chen
    colour: str
    hours: tuple[Span, ...] = ()
    closed: str = ""  # the closure's or holiday's name, '' on an open day
    differs: str = ""  # why the hours are not the usual ones
    visits: Sequence[AppointmentRow] = ()
    blocks: tuple[BlockRow, ...] = ()
    holds: tuple[HoldRow, ...] = ()
    notes: tuple[NoteRow, ...] = ()
    away: tuple[AwayRow, ...] = ()  # parts of the day nobody is there
    clock: ClockChange | None = None  # on the two days a year the clocks are changed

    @property
    def provider_id(self) -> int | None:
        return self.key.id if self.key.kind == "provider" else None

    @property
    def room_id(self) -> int | None:
        return self.key.id if self.key.kind == "room" else None


@dataclass(frozen=True, slots=True)
class GridView:
    """Columns side by side, ready to paint: one day of several people, or a week of one or more."""

    columns: tuple[GridColumn, ...]
    step_min: int
    days: tuple[date, ...]
    notes: tuple[NoteRow, ...] = ()  # on whole days, nobody's in particular
    read_at: datetime | None = None

    @property
    def is_week(self) -> bool:
        return len(self.days) > 1

    @property
    def visit_count(self) -> int:
        if len({column.key.kind for column in self.columns}) < 2:
            return sum(len(column.visits) for column in self.columns)
        return len({visit.id for column in self.columns for visit in column.visits})

    def one_of_each(self, attribute: str) -> tuple[AppointmentRow, ...]:
        """A visit of each type, provider, status or payer, whichever attribute tells them apart."""
        return tuple(one_of_each((column.visits for column in self.columns), attribute))

    @property
    def visits(self) -> tuple[AppointmentRow, ...]:
        """All visits by time."""
        everyone = {visit.id: visit for column in self.columns for visit in column.visits}
        return tuple(sorted(everyone.values(), key=lambda visit: (visit.starts_at, visit.id)))


@dataclass(frozen=True, slots=True)
class MonthVisit:
    """A visit as a cell of the month shows it."""

    id: int
    starts_at: datetime
    patient_name: str
    provider_name: str
    type_name: str
    colour: str
    provider_colour: str
    status: VisitStatus
    payer_name: str


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of the month view."""

    day: date
    visits: tuple[MonthVisit, ...]
    closed: str  # where everybody shown is away
    notes: tuple[NoteRow, ...]
    works: bool  # somebody shown has hours


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved choice of columns, in their order."""

    id: int
    version: int
    name: str
    columns: tuple[ColumnKey, ...]
    position: int


@dataclass(frozen=True, slots=True)
class SavedViewDraft:
    """A saved view as its editor hands it in; `id` is None for a new one."""

    name: str
    columns: tuple[ColumnKey, ...]
    id: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column that may be shown, as a list offers it."""

    key: ColumnKey
    title: str
    called: str
    colour: str


class Views:
    """Reads stretches of the calendar, ready to paint."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._unchanged = Unchanged(session.db)

    # -- columns --------------------------------------------------------------------------------

    def choices(self) -> tuple[ColumnChoice, ...]:
        """Every column one may choose: bookable providers, then rooms in use."""
        providers = self._practice.providers(bookable_only=True)
        rooms = self._practice.rooms(active_only=True)
        return (*(_of_provider(each) for each in providers), *(_of_room(each) for each in rooms))

    def grid(
        self,
        days: Sequence[date],
        keys: Sequence[ColumnKey] | None = None,
        *,
        kind: str = "provider",
        with_cancelled: bool = False,
    ) -> GridView:
        """The columns of `keys` on each of `days`; without keys everybody of a `kind`.

        Everybody means the bookable providers (or rooms in use) and any other with visits there.
        Cancelled visits are left out unless asked for; missed ones stay, as they still need an
        answer.
        """
        first, last = min(days), max(days)
        kept = self._unchanged.look()
        where, params = self._within(first, last, keys, with_cancelled)
        visits = reading.stored(self._db, self._session.clock.today(), where, params)
        named = self._named(kept)
        kinds = {key.kind for key in keys} if keys is not None else {kind}
        standing = by_column(visits, kinds | {"none"} if kind == "room" else kinds)
        chosen = self._chosen(keys, kind, standing, kept)
        now = self._session.clock.now()
        plans = self._plans(first, last, chosen, now, kept)
        notes = notes_between(self._db, first, last)
        just_over = holds_just_over(self._db, first, last, now)
        zone_name = clinic_zone(self._practice)
        dated = [(day, day.isoformat(), clock_change(day, zone_name)) for day in days]
        columns = tuple(
            _column(
                choice,
                day,
                plans.get((choice.key, day)),
                standing[choice.key.kind].get(iso, {}).get(choice.key.id, ()),
                named,
                notes,
                just_over,
                clock,
            )
            for day, iso, clock in dated
            for choice in chosen
        )
        whole = tuple(note for note in notes if note.provider_id is None and note.day in days)
        step = self._practice.get(settings.CALENDAR_STEP_MIN)
        return GridView(columns, step, tuple(days), whole, now)

    def month(
        self,
        first: date,
        last: date,
        keys: Sequence[ColumnKey] | None = None,
        *,
        kind: str = "provider",
    ) -> tuple[MonthDay, ...]:
        """Each day from `first` to `last` with its visits, lighter rows than the grid's."""
        kept = self._unchanged.look()
        by_day: dict[date, list[MonthVisit]] = {}
        where, params = self._within(first, last, keys, False)
        for row in self._db.rows(_MONTH_SQL + where, ("", *params)):
            starts_at = datetime.fromisoformat(row[1])
            by_day.setdefault(starts_at.date(), []).append(
                MonthVisit(
                    row[0],
                    starts_at,
                    PersonName(*row[2:8]).listed,
                    provider_called(*row[8:11]),
                    row[11],
                    row[12],
                    row[13],
                    VisitStatus(row[14]),
                    row[15],
                )
            )
        chosen = [
            choice
            for choice in self._chosen(keys, kind, {}, kept)
            if choice.key.kind in ("provider", "room")
        ]
        plans = self._plans(first, last, chosen, self._session.clock.now(), kept)
        notes: dict[date, list[NoteRow]] = {}
        for note in notes_between(self._db, first, last):
            notes.setdefault(note.day, []).append(note)
        found = []
        for day in _days(first, last):
            shown = [plans[key] for key in ((choice.key, day) for choice in chosen) if key in plans]
            closed = shown[0].closed if shown and all(plan.closed for plan in shown) else ""
            found.append(
                MonthDay(
                    day,
                    tuple(by_day.get(day, ())),
                    closed,
                    tuple(notes.get(day, ())),
                    any(plan.hours and not plan.closed for plan in shown),
                )
            )
        return tuple(found)

    def agenda(
        self,
        first: date,
        last: date,
        keys: Sequence[ColumnKey] | None = None,
        *,
        with_cancelled: bool = False,
    ) -> tuple[AppointmentRow, ...]:
        """The visits of some days by time, for a list."""
        kept, today = self._unchanged.look(), self._session.clock.today()
        where, params = self._within(first, last, keys, with_cancelled)
        return reading.visits(self._db, today, where, params, lambda: self._named(kept))

    # -- saved views ----------------------------------------------------------------------------

    def saved(self) -> tuple[SavedView, ...]:
        """The saved views in their order; the first eight have the keys F5 to F12."""
        return tuple(
            SavedView(
                row[0], row[1], row[2],
                tuple(ColumnKey.parse(part) for part in row[3].split(",") if part), row[4],
            )
            for row in self._db.rows(
                "SELECT id, version, name, columns, position FROM calendar_view ORDER BY position, id"
            )
        )  # fmt: skip

    def save(self, draft: SavedViewDraft) -> int:
        """Keep a choice of columns; its number. Raises Invalid, Conflict."""
        name = draft.name.strip()
        if not name:
            raise Invalid("Give the view a name.", field="name")
        if not draft.columns:
            raise Invalid("Choose at least one column.", field="columns")
        if any(
            other.name.casefold() == name.casefold() and other.id != draft.id
            for other in self.saved()
        ):
            raise Invalid(f"There is a view named “{name}” already.", field="name")
        columns = ",".join(str(key) for key in dict.fromkeys(draft.columns))
        with self._session.change(f"Save the view {name}", Permission.EDIT_CALENDAR):
            if draft.id is None:
                last = self._db.value("SELECT coalesce(max(position), -1) FROM calendar_view")
                return insert_row(CalendarView, name=name, columns=columns, position=last + 1)
            save_row(CalendarView, draft.id, draft.version, name=name, columns=columns)
            return draft.id

    def remove(self, view_id: int) -> None:
        """Forget a saved view; its visits are not touched."""
        view = self._saved(view_id)
        with self._session.change(f"Remove the view {view.name}", Permission.EDIT_CALENDAR):
            CalendarView.delete().where(CalendarView.id == view_id).execute()

    def move(self, view_id: int, by: int) -> None:
        """Up or down in the list, and so to another key."""
        order = list(self.saved())
        place = next((i for i, view in enumerate(order) if view.id == view_id), None)
        if place is None or not 0 <= place + by < len(order):
            return
        order.insert(place + by, order.pop(place))
        with self._session.change("Order the views", Permission.EDIT_CALENDAR):
            for position, view in enumerate(order):
                save_row(CalendarView, view.id, view.version, position=position)

    def _saved(self, view_id: int) -> SavedView:
        for view in self.saved():
            if view.id == view_id:
                return view
        raise Conflict("This view is no longer there.")

    # -- inside ---------------------------------------------------------------------------------

    def _within(
        self, first: date, last: date, keys: Sequence[ColumnKey] | None, with_cancelled: bool
    ) -> tuple[str, tuple[str, str]]:
        """A condition on `a`, numbered from ?2, that one index answers."""
        params = (first.isoformat(), (last + timedelta(days=1)).isoformat())
        where = "WHERE a.starts_at >= ?2 AND a.starts_at < ?3"
        if with_cancelled:
            where += reading.NOT_MOVED
        else:
            where += f" AND a.status <> '{VisitStatus.CANCELLED}'"
        if keys is not None:
            parts = []
            for kind, column in (("provider", "a.provider_id"), ("room", "a.room_id")):
                ids = sorted({key.id for key in keys if key.kind == kind})
                if ids:
                    parts.append(f"{column} IN ({', '.join(str(int(each)) for each in ids)})")
            if NO_ROOM in keys:
                parts.append("a.room_id IS NULL")
            where += f" AND ({' OR '.join(parts) or '0'})"
        return where + " ORDER BY a.starts_at, a.id", params

    def _named(self, kept: Kept) -> Named:
        return kept.get("names", lambda: reading.named(self._db))

    def _chosen(
        self,
        keys: Sequence[ColumnKey] | None,
        kind: str,
        standing: ByColumn,
        kept: Kept,
    ) -> list[ColumnChoice]:
        if keys is None and kind == "provider":
            here = _owners(standing, "provider")
            everybody = kept.get("providers", self._everybody)
            return [
                choice for choice, is_bookable in everybody if is_bookable or choice.key.id in here
            ]
        if keys is None:
            used = _owners(standing, "room")
            rooms = self._practice.rooms()
            found = [_of_room(each) for each in rooms if each.is_active or each.id in used]
            return [*found, _NO_ROOM] if _owners(standing, "none") else found
        known = {NO_ROOM: _NO_ROOM}
        if any(key.kind == "provider" for key in keys):
            chosen = (_of_provider(each) for each in self._practice.providers())
            known |= {choice.key: choice for choice in chosen}
        if any(key.kind == "room" for key in keys):
            chosen = (_of_room(each) for each in self._practice.rooms())
            known |= {choice.key: choice for choice in chosen}
        return [known[key] for key in keys if key in known]

    def _everybody(self) -> list[tuple[ColumnChoice, bool]]:
        return [(_of_provider(each), each.is_bookable) for each in self._practice.providers()]

    def _plans(
        self,
        first: date,
        last: date,
        chosen: Sequence[ColumnChoice],
        now: datetime,
        kept: Kept,
    ) -> dict[tuple[ColumnKey, date], DayPlan]:
        found: dict[tuple[ColumnKey, date], DayPlan] = {}
        for kind, plans_of in (
            ("provider", availability.provider_plans),
            ("room", availability.room_plans),
        ):
            ids = [choice.key.id for choice in chosen if choice.key.kind == kind]
            if ids:
                for (owner, day), plan in plans_of(self._db, first, last, ids, now, kept).items():
                    found[ColumnKey(kind, owner), day] = plan
        return found


_MONTH_SQL = """
SELECT a.id, a.starts_at, p.family_name, p.given_name, p.middle_name, p.name_prefix, p.name_suffix,
       p.preferred_name, d.family_name, d.given_name, d.credential,
       coalesce(t.name, ''), coalesce(t.colour, ''), d.colour, a.status,
       coalesce((SELECT y.name FROM coverage c JOIN payer y ON y.id = c.payer_id
                 WHERE c.patient_id = a.patient_id AND c.rank = 'primary'
                   AND (c.ends_on IS NULL OR c.ends_on >= substr(a.starts_at, 1, 10))
                 ORDER BY c.starts_on DESC, c.id DESC LIMIT 1), '')
FROM appointment a
JOIN patient p ON p.id = a.patient_id
JOIN provider d ON d.id = a.provider_id
LEFT JOIN appointment_type t ON t.id = a.type_id
"""
_NO_ROOM = ColumnChoice(NO_ROOM, "No room", "without a room", "slate")
_WHOLE_DAY = (Span(0, DAY_MIN),)


def _of_provider(provider: ProviderRow) -> ColumnChoice:
    called = provider_called(provider.family_name, provider.given_name, provider.credential)
    return ColumnChoice(
        ColumnKey("provider", provider.id), provider.name, called, provider.colour or "slate"
    )


def _of_room(room: RoomRow) -> ColumnChoice:
    return ColumnChoice(ColumnKey("room", room.id), room.name, room.name, "slate")


def _column(
    choice: ColumnChoice,
    day: date,
    plan: DayPlan | None,
    read: Sequence[StoredVisit],
    named: Named,
    notes: Sequence[NoteRow],
    just_over: Sequence[HoldRow],
    clock: ClockChange | None,
) -> GridColumn:
    key = choice.key
    mine = tuple(note for note in notes if _stands_in(note, key, day)) if notes else ()
    visits = Visits(read, named) if read else ()
    head = (key, day, choice.title, choice.called, choice.colour)
    if plan is None:
        return GridColumn(*head, _WHOLE_DAY, visits=visits, notes=mine, clock=clock)
    return GridColumn(
        *head,
        plan.hours,
        plan.closed,
        plan.differs or "",
        visits,
        plan.blocks,
        (*plan.holds, *(hold for hold in just_over if _is_of(hold, key, day)))
        if just_over
        else plan.holds,
        mine,
        plan.away,
        clock,
    )


def _owners(standing: ByColumn, kind: str) -> set[int]:
    """Which of a kind have visits."""
    return {owner for day in standing.get(kind, {}).values() for owner in day}


def _stands_in(note: NoteRow, key: ColumnKey, day: date) -> bool:
    """Whether a note is this provider's, or everybody's at a time."""
    if note.day != day:
        return False
    if note.provider_id is None:
        return note.starts_min is not None
    return key.kind == "provider" and note.provider_id == key.id


def _is_of(hold: HoldRow, key: ColumnKey, day: date) -> bool:
    owner = hold.provider_id if key.kind == "provider" else hold.room_id
    return key.kind in ("provider", "room") and owner == key.id and hold.starts_at.date() == day


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
