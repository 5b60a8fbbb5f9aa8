"""What forms hand in about hours and what lists show of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from medsec_desktop.domain.calendar.rules import Rule
from medsec_desktop.domain.calendar.spans import Span
from medsec_desktop.services.calendar.records import AppointmentRow

EVERYBODY = "Everybody"
BLOCK_KINDS: dict[str, str] = {
    "blocked": "Kept free",
    "break": "Break",
    "meeting": "Meeting",
    "away": "Away",
    "reserved": "For some types of visit",
}


@dataclass(frozen=True, slots=True)
class ExceptionDraft:
    """Other hours on a day or over days, in place of the week's; no stretches: away all day."""

    first_on: date
    last_on: date
    spans: tuple[Span, ...] = ()
    note: str = ""
    provider_id: int | None = None  # one of the two
    room_id: int | None = None
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """Other hours as a list shows them."""

    id: int
    version: int
    provider_id: int | None
    room_id: int | None
    whose: str
    first_on: date
    last_on: date
    spans: tuple[Span, ...]
    note: str


@dataclass(frozen=True, slots=True)
class BlockDraft:
    """Time kept free as a form hands it in; neither provider nor room: everybody."""

    title: str
    starts_on: date
    span: Span
    kind: str = "blocked"
    provider_id: int | None = None
    room_id: int | None = None
    rule: str = ""  # how it repeats, '' once
    last_on: date | None = None  # of its repeats
    note: str = ""
    admits: frozenset[int] = frozenset()  # types of visit; only of the kind "reserved"
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class BlockOutRow:
    """Time kept free as a list shows it, whatever number of days it stands on."""

    id: int
    version: int
    title: str
    kind: str
    provider_id: int | None
    room_id: int | None
    whose: str
    starts_on: date
    span: Span
    rule: str
    last_on: date | None
    note: str
    admits: frozenset[int]
    left_out: tuple[date, ...]  # days of its repeats on which it does not stand

    def draft(self) -> BlockDraft:
        return BlockDraft(**{field.name: getattr(self, field.name) for field in fields(BlockDraft)})


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A public holiday; one the practice works on closes nothing."""

    id: int
    version: int
    held_on: date
    name: str
    region: str
    is_worked: bool


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """A visit that lies outside the hours as they are now, and by which rule."""

    visit: AppointmentRow
    rule: Rule
    reason: str  # a sentence
    kept: str  # the reason it stands there all the same, where the rule takes reasons
