"""What forbids a booking, and what merely needs a reason.

A hard rule cannot be set aside. A soft one can, by someone who may override rules and says why; the
reason is kept with the visit and in the journal. The policy shipped:

* hard: two visits of one provider at the same time, two visits in one room, a closure, a patient who
  died or whose file is archived;
* soft: outside the provider's hours, a second visit of the patient on the same day, the preparation
  time a type asks for between visits, a day already past.

The practice may choose otherwise for some of them in its settings, or switch one off.

Visits that were cancelled, missed or left hold no time and break nothing. "Past" means an earlier
day: a visit that began ten minutes ago is a walk-in being written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar.spans import DAY_MIN, Span
from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.problems import Conflict, Invalid, Link

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


RULES: dict[Rule, str] = {
    Rule.OVERLAP: "A provider sees one patient at a time.",
    Rule.ROOM_TAKEN: "A room holds one visit at a time.",
    Rule.PATIENT_GONE: "Nobody books for a patient who died or whose file is archived.",
    Rule.OUTSIDE_HOURS: "Visits lie within the provider's working hours.",
    Rule.CLOSURE: "No visits on days the practice or the provider is away.",
    Rule.SAME_DAY: "A patient has one visit a day.",
    Rule.BUFFER: "The time a visit type needs before and after stays free.",
    Rule.PAST_DATE: "Visits are booked from today on.",
}


class Weight(StrEnum):
    """What becomes of a booking that breaks a rule."""

    HARD = "hard"  # refused
    SOFT = "soft"  # allowed with a reason
    OFF = "off"  # not checked


_HARD = (Rule.OVERLAP, Rule.ROOM_TAKEN, Rule.CLOSURE, Rule.PATIENT_GONE)
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

    @property
    def span(self) -> Span:
        return Span.of(self.starts_at, self.duration_min)


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


@dataclass(frozen=True, slots=True)
class DayFacts:
    """All the rules need to know about one day, one provider and one patient."""

    day: date
    today: date
    provider_name: str
    patient_name: str
    patient_status: PatientStatus = PatientStatus.ACTIVE
    room_name: str = ""
    hours: tuple[Span, ...] = ()
    keeps_hours: bool = True  # False: the provider has no working hours on any day
    closed: str = ""  # what keeps the provider away, "Thanksgiving"
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


def refuse_impossible(wanted: WantedVisit, formats: Formats) -> None:
    """Raises Invalid for what no reason excuses: no length, or a visit that runs past midnight."""
    if wanted.duration_min < 1:
        raise Invalid("A visit lasts at least a minute.", field="duration_min")
    if wanted.duration_min > DAY_MIN:
        raise Invalid(
            "A visit cannot be longer than a day.", remedy="Type minutes.", field="duration_min"
        )
    if wanted.span.ends_min > DAY_MIN:
        raise Invalid(
            f"A visit of {wanted.duration_min} minutes from {formats.time(wanted.starts_at)} would "
            "run past midnight.",
            remedy="Start earlier, or make it shorter.",
            field="starts_at",
        )


def breaches_of(
    wanted: WantedVisit,
    facts: DayFacts,
    formats: Formats,
    weights: Mapping[Rule, Weight] = SHIPPED_WEIGHTS,
) -> tuple[RuleBreach, ...]:
    """Every rule the booking breaks that the practice has not switched off, hard ones first."""
    found: list[tuple[Rule, str, tuple[Link, ...]]] = []
    held = tuple(visit for visit in facts.held if visit.id != wanted.id)
    found += _patient_gone(wanted, facts)
    found += _taken(wanted, facts, held, formats)
    found += _away(wanted, facts, formats)
    found += _same_day(wanted, facts, held, formats)
    if wanted.starts_at.date() < facts.today:
        found.append(
            (Rule.PAST_DATE, f"{formats.long_date(wanted.starts_at.date())} is already past.", ())
        )
    elif _is_over(wanted, facts):
        found.append((Rule.PAST_DATE, f"{formats.time(wanted.starts_at)} is already past.", ()))
    breaches = [
        RuleBreach(rule, text, weights[rule] == Weight.HARD, links)
        for rule, text, links in found
        if weights[rule] != Weight.OFF
    ]
    return tuple(sorted(breaches, key=lambda breach: not breach.is_hard))


def _is_over(wanted: WantedVisit, facts: DayFacts) -> bool:
    """Whether the whole visit lies before now; one under way may still be booked as it is."""
    return (
        facts.now_min is not None
        and wanted.starts_at.date() == facts.today
        and wanted.span.ends_min <= facts.now_min
    )


_Found = Iterable[tuple[Rule, str, tuple[Link, ...]]]


def _patient_gone(wanted: WantedVisit, facts: DayFacts) -> _Found:
    link = Link("patient", str(wanted.patient_id), facts.patient_name)
    if facts.patient_status == PatientStatus.DECEASED:
        yield Rule.PATIENT_GONE, f"{facts.patient_name} is recorded as deceased.", (link,)
    elif facts.patient_status == PatientStatus.ARCHIVED:
        yield Rule.PATIENT_GONE, f"The file of {facts.patient_name} is archived.", (link,)


def _taken(
    wanted: WantedVisit, facts: DayFacts, held: tuple[HeldVisit, ...], formats: Formats
) -> _Found:
    for visit in held:
        link = Link("appointment", str(visit.id), _called(visit, facts.day, formats))
        when = formats.span(visit.span.starts_at(facts.day), visit.span.duration_min)
        same_provider = visit.provider_id == wanted.provider_id
        if visit.span.overlaps(wanted.span):
            if same_provider:
                yield (
                    Rule.OVERLAP,
                    f"{facts.provider_name} already sees {visit.patient_name}, {when}.",
                    (link,),
                )
            elif wanted.room_id is not None and visit.room_id == wanted.room_id:
                yield (
                    Rule.ROOM_TAKEN,
                    f"{facts.room_name or 'The room'} is taken by {visit.patient_name} with "
                    f"{visit.provider_name}, {when}.",
                    (link,),
                )
        elif same_provider and _too_close(wanted, visit):
            yield (
                Rule.BUFFER,
                f"Too close to {visit.patient_name}, {when}: the time needed between the two "
                "visits is not free.",
                (link,),
            )


def _too_close(wanted: WantedVisit, visit: HeldVisit) -> bool:
    """Whether less lies between them than the longer of the time after one and before the other."""
    return wanted.span.overlaps(
        visit.span.widened(
            max(visit.buffer_before_min, wanted.buffer_after_min),
            max(visit.buffer_after_min, wanted.buffer_before_min),
        )
    )


def _away(wanted: WantedVisit, facts: DayFacts, formats: Formats) -> _Found:
    provider = Link("provider", str(wanted.provider_id), facts.provider_name)
    if facts.closed:
        day = Link("day", facts.day.isoformat(), formats.short_date(facts.day))
        yield (
            Rule.CLOSURE,
            f"{formats.long_date(facts.day)} is closed for {facts.provider_name}: {facts.closed}.",
            (day,),
        )
        return
    if any(span.holds(wanted.span) for span in facts.hours):
        return
    yield Rule.OUTSIDE_HOURS, _hours_sentence(wanted, facts, formats), (provider,)


def _hours_sentence(wanted: WantedVisit, facts: DayFacts, formats: Formats) -> str:
    name = facts.provider_name
    if not facts.keeps_hours:
        return f"{name} has no working hours yet; they are set in Settings."
    weekday = formats.long_date(facts.day).split(",")[0]
    if not facts.hours:
        return f"{name} does not work on {weekday}, {formats.day_and_month(facts.day)}."
    stretches = " and ".join(
        formats.span(span.starts_at(facts.day), span.duration_min) for span in facts.hours
    )
    if all(span.duration_min < wanted.duration_min for span in facts.hours):
        return (
            f"{wanted.duration_min} minutes is longer than {name} works at a stretch on that "
            f"{weekday} ({stretches})."
        )
    return f"{name} works {stretches} on that {weekday}."


def _same_day(
    wanted: WantedVisit, facts: DayFacts, held: tuple[HeldVisit, ...], formats: Formats
) -> _Found:
    for visit in held:
        if visit.patient_id == wanted.patient_id:
            when = formats.span(visit.span.starts_at(facts.day), visit.span.duration_min)
            yield (
                Rule.SAME_DAY,
                f"{facts.patient_name} already comes that day, {when} with {visit.provider_name}.",
                (Link("appointment", str(visit.id), _called(visit, facts.day, formats)),),
            )


def _called(visit: HeldVisit, day: date, formats: Formats) -> str:
    return f"{visit.patient_name}, {formats.time(visit.span.starts_at(day))}"
