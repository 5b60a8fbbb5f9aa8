"""What the calendar's screens are shown and what they hand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import repeat
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, overload

from medsec_desktop.domain.calendar import Span, VisitStatus
from medsec_desktop.domain.people import PartialDate, PatientStatus, PersonName, listed_name

if TYPE_CHECKING:
    from medsec_desktop.services.patients.authorizations import AuthorizationRow


@lru_cache(maxsize=1000)
def _span(at: str, duration_min: int) -> Span:
    """From 09:35 on; the visits of a week begin at few times."""
    start = int(at[:2]) * 60 + int(at[3:])
    return Span(start, start + duration_min)


_STATUS = {status.value: status for status in VisitStatus}  # a look-up is a tenth of a call


# A visit as `reading` selects it: its own columns (id, version, patient, provider, type, start,
# minutes, status, reason, room, series, moved from), the six parts of the patient's name, then her
# alerts, her payer and how she confirmed.
StoredVisit = tuple[
    int, int, int, int, int | None, str, int, str, str, int | None, int | None, int | None,
    str, str, str, str, str, str,
    str, str, str,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TypeNamed:
    """What a visit says of its type."""

    name: str = ""
    colour: str = ""  # the palette's name
    buffer_before_min: int = 0
    buffer_after_min: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """What the visits of one reading are called by: few providers, types and rooms for many visits."""

    providers: Mapping[int, tuple[str, str]]  # as one speaks of her, and her palette name
    types: Mapping[int, TypeNamed]
    rooms: Mapping[int, str]


_NO_TYPE = TypeNamed()


class AppointmentRow:
    """A visit as the day view and lists show it; everything a hover says is here already.

    A week of a large practice has a thousand, of which the screen shows a fifth: what was read is
    kept as it came, and a name or a time is made of it by whoever asks.
    """

    __slots__ = ("_named", "_read")

    def __init__(self, read: StoredVisit, named: Named):
        self._read = read
        self._named = named

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AppointmentRow):
            return NotImplemented
        return self._read == other._read and self._said == other._said

    def __hash__(self) -> int:
        return hash(self._read)

    def __repr__(self) -> str:
        return f"<AppointmentRow {self.id} at {self._read[5]}, {self._read[7]}>"

    @property
    def _said(self) -> tuple[object, ...]:
        return self._type, self.provider_name, self.provider_colour, self.room_name

    @property
    def _type(self) -> TypeNamed:
        type_id = self._read[4]
        return _NO_TYPE if type_id is None else self._named.types[type_id]

    @property
    def id(self) -> int:
        return self._read[0]

    @property
    def version(self) -> int:
        return self._read[1]

    @property
    def patient_id(self) -> int:
        return self._read[2]

    @property
    def patient_name(self) -> str:
        """As a list shows it: Testperson, Ada."""
        read = self._read
        return listed_name(read[12], read[13], read[14], read[16], read[17])

    @property
    def provider_id(self) -> int:
        return self._read[3]

    @property
    def provider_name(self) -> str:
        """As one speaks of her: Dr. Chen."""
        return self._named.providers[self._read[3]][0]

    @property
    def provider_colour(self) -> str:
        return self._named.providers[self._read[3]][1]

    @property
    def type_id(self) -> int | None:
        return self._read[4]

    @property
    def type_name(self) -> str:
        return self._type.name

    @property
    def colour(self) -> str:
        """The type's palette name."""
        return self._type.colour

    @property
    def buffer_before_min(self) -> int:
        return self._type.buffer_before_min

    @property
    def buffer_after_min(self) -> int:
        return self._type.buffer_after_min

    @property
    def buffers_min(self) -> tuple[int, int]:
        """Kept free before and after."""
        return self.buffer_before_min, self.buffer_after_min

    @property
    def starts_at(self) -> datetime:
        return datetime.fromisoformat(self._read[5])

    @property
    def duration_min(self) -> int:
        return self._read[6]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_min)

    @property
    def span(self) -> Span:
        return _span(self._read[5][11:16], self._read[6])

    @property
    def status(self) -> VisitStatus:
        return _STATUS[self._read[7]]

    @property
    def reason(self) -> str:
        return self._read[8]

    @property
    def alert(self) -> str:
        """The patient's alerts for booking, one a line."""
        return self._read[18]

    @property
    def has_alert(self) -> bool:
        return bool(self._read[18])

    @property
    def room_id(self) -> int | None:
        return self._read[9]

    @property
    def room_name(self) -> str:
        room_id = self._read[9]
        return "" if room_id is None else self._named.rooms[room_id]

    @property
    def payer_name(self) -> str:
        """Of her primary coverage."""
        return self._read[19]

    @property
    def confirmed_how(self) -> str:
        """“person” or “machine” while it stands confirmed."""
        return self._read[20]

    @property
    def series_id(self) -> int | None:
        return self._read[10]

    @property
    def rescheduled_from_id(self) -> int | None:
        return self._read[11]


_PLACES = {"provider_id": 3, "type_id": 4, "status": 7, "payer_name": 19}  # in what is stored


class Visits(Sequence[AppointmentRow]):
    """The visits of a column by time; rows are made of what was read when they are looked at."""

    __slots__ = ("_named", "_read", "_rows")

    def __init__(self, read: Sequence[StoredVisit], named: Named):
        self._read = read
        self._named = named
        self._rows: tuple[AppointmentRow, ...] | None = None

    @property
    def rows(self) -> tuple[AppointmentRow, ...]:
        if self._rows is None:
            self._rows = tuple(map(AppointmentRow, self._read, repeat(self._named)))
        return self._rows

    def __len__(self) -> int:
        return len(self._read)

    def __iter__(self) -> Iterator[AppointmentRow]:
        return iter(self.rows)

    @overload
    def __getitem__(self, place: int) -> AppointmentRow: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[AppointmentRow, ...]: ...

    def __getitem__(self, place: int | slice) -> AppointmentRow | tuple[AppointmentRow, ...]:
        return self.rows[place]


def one_of_each(
    columns: Iterable[Sequence[AppointmentRow]], attribute: str
) -> list[AppointmentRow]:
    """A visit of each type, provider, status or payer, whichever attribute tells them apart.

    None is made a row of but those given back.
    """
    stored, made = itemgetter(_PLACES[attribute]), attrgetter(attribute)
    read: dict[object, StoredVisit] = {}
    rows: dict[object, AppointmentRow] = {}
    named = None
    for visits in columns:
        if isinstance(visits, Visits):
            named = visits._named
            read.update(zip(map(stored, visits._read), visits._read, strict=True))
        else:
            rows.update((made(visit), visit) for visit in visits)
    found = [AppointmentRow(each, named) for each in read.values()] if named is not None else []
    return [*found, *rows.values()]


# By "provider", "room" or "none", by the day as it is stored, by which provider or room.
ByColumn = dict[str, dict[str, dict[int, list[StoredVisit]]]]


def by_column(visits: Iterable[StoredVisit], kinds: Collection[str]) -> ByColumn:
    """Visits, which come by time, by the columns they stand in: their provider's, their room's or none's."""
    found: ByColumn = {kind: {} for kind in kinds}
    if "provider" in kinds:
        _sort_out(visits, False, found["provider"], {})
    if "room" in kinds or "none" in kinds:
        _sort_out(visits, True, found.get("room", {}), found.get("none", {}))
    return found


def _sort_out(
    visits: Iterable[StoredVisit],
    by_room: bool,
    found: dict[str, dict[int, list[StoredVisit]]],
    nobodys: dict[str, dict[int, list[StoredVisit]]],
) -> None:
    day = ""
    mine: defaultdict[int, list[StoredVisit]] = defaultdict(list)
    for read in visits:
        if not day or not read[5].startswith(day):
            day = read[5][:10]
            mine = found[day] = defaultdict(list)
        owner = read[9] if by_room else read[3]
        if owner is None:
            nobodys.setdefault(day, {}).setdefault(0, []).append(read)
        else:
            mine[owner].append(read)


@dataclass(frozen=True, slots=True)
class AppointmentDetail:
    """One visit with what its pane can change and what became of it."""

    row: AppointmentRow
    room_id: int | None
    note: str
    cancelled_by: str
    cancel_reason: str
    override_reason: str
    preparation: str  # what the type asks the patient to do
    phone: str  # the patient's first number, as stored
    authorization_id: int | None = None
    series_original_at: datetime | None = None  # when its series meant it
    moved_from: datetime | None = None  # when it stood before it was moved here
    moved_to_id: int | None = None  # the visit it was moved to: this one is its old place
    authorization_units: int = 1

    @property
    def draft(self) -> BookingDraft:
        """The visit as a form hands it back, at the version it was read."""
        row = self.row
        return BookingDraft(
            row.patient_id,
            row.provider_id,
            row.type_id,
            row.starts_at,
            row.duration_min,
            self.room_id,
            row.reason,
            self.note,
            row.version,
            self.authorization_id,
            row.series_id,
            self.series_original_at,
            authorization_units=self.authorization_units,
        )


NEWCOMER = 0  # whose booking it is while nobody on file is chosen; no patient has this number


@dataclass(frozen=True, slots=True)
class BookingDraft:
    """A visit as the booking pane hands it in; `version` is the one it was read at, 0 when new."""

    patient_id: int
    provider_id: int
    type_id: int | None
    starts_at: datetime
    duration_min: int
    room_id: int | None = None
    reason: str = ""
    note: str = ""
    version: int = 0
    authorization_id: int | None = None
    series_id: int | None = None
    series_original_at: datetime | None = None  # when the series' rule meant it
    hold_id: int | None = None  # the slot held for this booking, used up by it
    authorization_units: int = 1  # how much of it this visit uses, where it counts units
    referral_id: int | None = None  # the referral to us that this booking answers


@dataclass(frozen=True, slots=True)
class EventRow:
    """A state a visit took: when, with what remark, and who noted it."""

    status: VisitStatus
    at: datetime  # the clinic's wall clock
    detail: str  # confirmed: "person" or "machine"; else the reason
    is_late: bool  # a cancellation too short before the visit
    is_correction: bool
    user_name: str


@dataclass(frozen=True, slots=True)
class PatientCard:
    """What the booking pane shows of the caller: who she is, alerts, and her visits around now."""

    patient_id: int
    name: PersonName
    chart_number: str
    birth: PartialDate | None
    phone: str
    status: PatientStatus
    alerts: tuple[str, ...]
    upcoming: tuple[AppointmentRow, ...]  # from now on, the next three
    past: tuple[AppointmentRow, ...]  # the last three kept or missed, latest first
    missed: int  # no-shows on file
    usual_provider_id: int | None = None  # her primary provider, where one can book with her
    last_encounter: tuple[datetime, str] | None = (
        None  # took place without a booking: when, with whom
    )
    balance_text: str = ""  # what she owes, in words
    authorizations: tuple[AuthorizationRow, ...] = ()  # what ends last first
    late_cancels: int = 0
