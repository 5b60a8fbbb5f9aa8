"""What a booking is judged by, and how firmly: the words the rules speak in.

A hard rule cannot be set aside. A soft one can, by someone who may override rules and says why; the
reason is kept with the visit and in the journal. The policy shipped:

* hard: more visits of one provider at a time than she takes, two visits in one room, a closure, a
  public holiday, a patient who died or whose file is archived;
* soft: outside the provider's hours or the room's, time kept free or held for somebody else, a
  second visit of the patient on the same day, the time a type asks for between visits, a room of
  another kind than the type wants, an authorization used up or out of date, a time already past.

The practice chooses otherwise for each of them in its settings, or switches one off. What cannot be
at all (a visit across midnight, or across a change of the clocks) no setting allows.

Visits that were cancelled, missed or left hold no time and break nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar.crowds import Timed
from medsec_desktop.domain.calendar.plans import DayPlan, HoldRow
from medsec_desktop.domain.calendar.spans import Span
from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.problems import Conflict, Link

if TYPE_CHECKING:
    from medsec_desktop.domain.calendar.slots import Slot


class Rule(StrEnum):
    """A rule's id: stored in settings and named in the journal, so it never changes."""

    OVERLAP = "overlap"
    ROOM_TAKEN = "room-taken"
    PATIENT_GONE = "patient-gone"
    OUTSIDE_HOURS = "outside-hours"
    CLOSURE = "closure"
    SAME_DAY = "same-patient-same-day"
    BUFFER = "buffer"
    PAST_DATE = "past-date"
    HOLIDAY = "holiday"
    BLOCKED = "block-out"
    HELD = "hold"
    ROOM_CLOSED = "room-closed"
    ROOM_KIND = "room-kind"
    AUTHORIZATION = "authorization"


RULES: dict[Rule, str] = {
    Rule.OVERLAP: "A provider sees no more patients at a time than Settings allow.",
    Rule.ROOM_TAKEN: "A room holds one visit at a time.",
    Rule.PATIENT_GONE: "Nobody books for a patient who died or whose file is archived.",
    Rule.OUTSIDE_HOURS: "Visits lie within the provider's working hours.",
    Rule.CLOSURE: "No visits on days the practice or the provider is away.",
    Rule.SAME_DAY: "A patient has one visit a day.",
    Rule.BUFFER: "The time a visit type needs before and after stays free.",
    Rule.PAST_DATE: "Visits are booked from today on.",
    Rule.HOLIDAY: "No visits on public holidays.",
    Rule.BLOCKED: "Time kept free takes only the types of visit it admits.",
    Rule.HELD: "A slot held for somebody is kept for them.",
    Rule.ROOM_CLOSED: "Visits lie within the hours of their room.",
    Rule.ROOM_KIND: "A visit takes place in a room of the kind its type wants.",
    Rule.AUTHORIZATION: "A payer's authorization is neither used up nor out of date.",
}


class Weight(StrEnum):
    """What becomes of a booking that breaks a rule."""

    HARD = "hard"  # refused
    SOFT = "soft"  # allowed with a reason
    OFF = "off"  # not checked


_HARD = (Rule.OVERLAP, Rule.ROOM_TAKEN, Rule.CLOSURE, Rule.HOLIDAY, Rule.PATIENT_GONE)
SHIPPED_WEIGHTS: dict[Rule, Weight] = {
    rule: Weight.HARD if rule in _HARD else Weight.SOFT for rule in Rule
}


@dataclass(frozen=True, slots=True)
class WantedVisit:
    """A booking asked for; `id` is the visit being moved, or None for a new one."""

    patient_id: int
    provider_id: int
    starts_at: datetime
    duration_min: int
    room_id: int | None = None
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    id: int | None = None
    type_id: int | None = None
    type_name: str = ""
    room_kind: str = ""  # the kind of room its type wants
    hold_id: int | None = None  # the slot that was held for it
    authorization_id: int | None = None
    authorization_units: int = 1  # how much of it this visit uses, where it counts units

    @property
    def span(self) -> Span:
        return Span.of(self.starts_at, self.duration_min)

    def may_use(self, hold: HoldRow) -> bool:
        """Whether a held slot was held for this booking, or for this patient."""
        return hold.id == self.hold_id or hold.patient_id == self.patient_id


@dataclass(frozen=True, slots=True)
class HeldVisit:
    """A stored visit that holds its time on the day in question."""

    id: int
    patient_id: int
    patient_name: str
    provider_id: int
    provider_name: str
    room_id: int | None
    span: Span
    buffer_before_min: int = 0
    buffer_after_min: int = 0

    def timed(self, *, with_buffers: bool) -> Timed:
        """Its minutes, with the time needed around it or without."""
        around = (self.buffer_before_min, self.buffer_after_min) if with_buffers else (0, 0)
        return self.span.starts_min, self.span.ends_min, *around


@dataclass(frozen=True, slots=True)
class AuthorizationFacts:
    """A payer's leave for visits or units, and how much of it others use already."""

    number: str
    allowed: int
    used: int
    starts_on: date | None = None
    ends_on: date | None = None
    counts: str = "visits"

    def reaches_for(self, wanted: WantedVisit) -> bool:
        """Whether enough of it is left for one more such visit."""
        return self.used + self.needed_by(wanted) <= self.allowed

    def needed_by(self, wanted: WantedVisit) -> int:
        """How much of it a visit would use."""
        return wanted.authorization_units if self.counts == "units" else 1


@dataclass(frozen=True, slots=True)
class DayFacts:
    """All the rules need to know about one day, one provider and one patient."""

    day: date
    today: date
    provider_name: str
    patient_name: str
    patient_status: PatientStatus = PatientStatus.ACTIVE
    room_name: str = ""
    room_kind: str = ""
    plan: DayPlan = field(default=DayPlan())  # the provider's day
    room_plan: DayPlan | None = None
    visits_at_once: int = 1  # how many patients the provider takes at a time
    type_names: Mapping[int, str] = field(default_factory=dict)
    authorization: AuthorizationFacts | None = None  # the one the visit is to count on
    now_min: int | None = None  # minutes of `today` that have gone by, where it matters
    held: tuple[HeldVisit, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class RuleBreach:
    """One rule in the way of a booking, as a sentence with what it is about to open."""

    rule: Rule
    sentence: str
    is_hard: bool
    links: tuple[Link, ...] = ()


class BookingRefused(Conflict):
    """A booking that breaks rules: each breach, and the nearest slots that break none."""

    def __init__(
        self, breaches: tuple[RuleBreach, ...], nearest: tuple[Slot, ...], remedy: str, what: str
    ):
        links = tuple(dict.fromkeys(link for breach in breaches for link in breach.links))
        super().__init__(what, " ".join(breach.sentence for breach in breaches), remedy, links)
        self.breaches = breaches
        self.nearest = nearest

    @property
    def is_hard(self) -> bool:
        return any(breach.is_hard for breach in self.breaches)


def closings(plan: DayPlan, weights: Mapping[Rule, Weight]) -> tuple[Rule, ...]:
    """The rules the practice keeps by which the whole day is closed."""
    found = []
    if plan.closed and not plan.is_holiday:
        found.append(Rule.CLOSURE)
    if plan.holiday:
        found.append(Rule.HOLIDAY)
    return tuple(rule for rule in found if weights[rule] != Weight.OFF)
