"""Which rules a booking breaks, each said in a sentence that names what is in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain

from medsec_desktop.domain.calendar.crowds import Minutes, crowded, near
from medsec_desktop.domain.calendar.rules import (
    SHIPPED_WEIGHTS,
    DayFacts,
    HeldVisit,
    Rule,
    RuleBreach,
    WantedVisit,
    Weight,
    closings,
)
from medsec_desktop.domain.calendar.spans import DAY_MIN, Span
from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Invalid, Link

_Found = Iterator[tuple[Rule, str, tuple[Link, ...]]]


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
    held = tuple(visit for visit in facts.held if visit.id != wanted.id)
    found = chain(
        _patient_gone(wanted, facts),
        _provider_taken(wanted, facts, held, formats),
        _room_taken(wanted, facts, held, formats, weights),
        _away(wanted, facts, formats, weights),
        _room_closed(wanted, facts, formats),
        _room_of_another_kind(wanted, facts),
        _kept_free(wanted, facts, formats),
        _held_for_another(wanted, facts, formats),
        _same_day(wanted, facts, held, formats),
        _not_authorized(wanted, facts, formats),
        _past(wanted, facts, formats),
    )
    breaches = [
        RuleBreach(rule, text, weights[rule] == Weight.HARD, links)
        for rule, text, links in found
        if weights[rule] != Weight.OFF
    ]
    return tuple(sorted(breaches, key=lambda breach: not breach.is_hard))


def _patient_gone(wanted: WantedVisit, facts: DayFacts) -> _Found:
    link = Link("patient", str(wanted.patient_id), facts.patient_name)
    if facts.patient_status == PatientStatus.DECEASED:
        yield Rule.PATIENT_GONE, f"{facts.patient_name} is recorded as deceased.", (link,)
    elif facts.patient_status == PatientStatus.ARCHIVED:
        yield Rule.PATIENT_GONE, f"The file of {facts.patient_name} is archived.", (link,)


def _provider_taken(
    wanted: WantedVisit, facts: DayFacts, held: tuple[HeldVisit, ...], formats: Formats
) -> _Found:
    """Visits in the way with the provider, and those too near where one needs time around it."""
    own = [visit for visit in held if visit.provider_id == wanted.provider_id]
    limit, name = facts.visits_at_once, facts.provider_name
    full = crowded((visit.timed(with_buffers=False) for visit in own), limit)
    there = _met(own, full, wanted, lambda visit: visit.span)
    if limit == 1:
        for visit in there:
            yield (
                Rule.OVERLAP,
                f"{name} already sees {visit.patient_name}, {_when(visit.span, facts, formats)}.",
                (_link(visit, facts, formats),),
            )
    elif there:
        yield (
            Rule.OVERLAP,
            f"{name} takes {limit} patients at a time and already sees {_names(there)}.",
            tuple(_link(visit, facts, formats) for visit in there),
        )
        return
    around = wanted.buffer_before_min, wanted.buffer_after_min
    crowd = crowded((visit.timed(with_buffers=True) for visit in own), limit, *around)
    close = _met(
        own, crowd, wanted, lambda visit: Span(*near(visit.timed(with_buffers=True), *around))
    )
    if limit == 1:
        for visit in close:
            if visit not in there:
                yield (
                    Rule.BUFFER,
                    f"Too close to {visit.patient_name}, {_when(visit.span, facts, formats)}: the "
                    "time needed between the two visits is not free.",
                    (_link(visit, facts, formats),),
                )
    elif close:
        yield (
            Rule.BUFFER,
            f"{name} takes {limit} patients at a time; beside {_names(close)} the time needed "
            "between visits is not free.",
            tuple(_link(visit, facts, formats) for visit in close),
        )


def _met(
    visits: Iterable[HeldVisit],
    full: Iterable[Minutes],
    wanted: WantedVisit,
    takes: Callable[[HeldVisit], Span],
) -> list[HeldVisit]:
    """The visits whose time makes up a full stretch that the wanted visit runs into."""
    stretches = [Span(*each) for each in full]
    stretches = [span for span in stretches if span.overlaps(wanted.span)]
    return [
        visit
        for visit in visits
        if takes(visit).overlaps(wanted.span)
        and any(takes(visit).overlaps(span) for span in stretches)
    ]


def _room_taken(
    wanted: WantedVisit,
    facts: DayFacts,
    held: tuple[HeldVisit, ...],
    formats: Formats,
    weights: Mapping[Rule, Weight],
) -> _Found:
    """Visits in the same room; one already in the way with the same provider is not said twice."""
    said = facts.visits_at_once == 1 and weights[Rule.OVERLAP] == Weight.HARD
    for visit in held:
        if wanted.room_id is None or visit.room_id != wanted.room_id:
            continue
        if not visit.span.overlaps(wanted.span):
            continue
        if said and visit.provider_id == wanted.provider_id:
            continue
        yield (
            Rule.ROOM_TAKEN,
            f"{facts.room_name or 'The room'} is taken by {visit.patient_name} with "
            f"{visit.provider_name}, {_when(visit.span, facts, formats)}.",
            (_link(visit, facts, formats),),
        )


def _away(
    wanted: WantedVisit, facts: DayFacts, formats: Formats, weights: Mapping[Rule, Weight]
) -> _Found:
    """What closes the day, or else hours the visit does not lie in."""
    closed = closings(facts.plan, weights)
    day = Link("day", facts.day.isoformat(), formats.short_date(facts.day))
    date = formats.long_date(facts.day)
    if Rule.CLOSURE in closed:
        name = facts.plan.closed
        yield Rule.CLOSURE, f"{date} is closed for {facts.provider_name}: {name}.", (day,)
    if Rule.HOLIDAY in closed:
        yield Rule.HOLIDAY, f"{date} is a public holiday: {facts.plan.holiday}.", (day,)
    if not closed and weights[Rule.CLOSURE] != Weight.OFF:
        for row in facts.plan.away:
            if row.span.overlaps(wanted.span):
                stretch = _stretches((row.span,), facts, formats)
                yield (
                    Rule.CLOSURE,
                    f"{facts.provider_name} is away {stretch} on {date}: {row.title}.",
                    (day,),
                )
    if not closed and not any(span.holds(wanted.span) for span in facts.plan.hours):
        provider = Link("provider", str(wanted.provider_id), facts.provider_name)
        yield Rule.OUTSIDE_HOURS, _hours_sentence(wanted, facts, formats), (provider,)


def _hours_sentence(wanted: WantedVisit, facts: DayFacts, formats: Formats) -> str:
    name, plan = facts.provider_name, facts.plan
    if not plan.keeps_hours and plan.differs is None:
        return f"{name} has no working hours yet; they are set in Settings."
    weekday = formats.long_date(facts.day).split(",")[0]
    why = f" ({plan.differs})" if plan.differs else ""
    if not plan.hours:
        verb = "does not work" if plan.differs is None else "is away"
        return f"{name} {verb} on {weekday}, {formats.day_and_month(facts.day)}{why}."
    stretches = _stretches(plan.hours, facts, formats)
    if all(span.duration_min < wanted.duration_min for span in plan.hours):
        return (
            f"{wanted.duration_min} minutes is longer than {name} works at a stretch on that "
            f"{weekday} ({stretches})."
        )
    return f"{name} works {stretches} on that {weekday}{why}."


def _room_closed(wanted: WantedVisit, facts: DayFacts, formats: Formats) -> _Found:
    plan = facts.room_plan
    if plan is None or any(span.holds(wanted.span) for span in plan.hours):
        return
    name = facts.room_name or "The room"
    weekday = formats.long_date(facts.day).split(",")[0]
    why = f" ({plan.differs})" if plan.differs else ""
    text = f"{name} is not open on {weekday}, {formats.day_and_month(facts.day)}{why}."
    if plan.hours:
        text = f"{name} is open {_stretches(plan.hours, facts, formats)} on that {weekday}{why}."
    yield Rule.ROOM_CLOSED, text, (Link("settings", "rooms", name),)


def _room_of_another_kind(wanted: WantedVisit, facts: DayFacts) -> _Found:
    if wanted.room_id is None or not wanted.room_kind:
        return
    if wanted.room_kind.casefold() != facts.room_kind.casefold():
        kind = f"of the kind “{facts.room_kind}”" if facts.room_kind else "of no particular kind"
        yield (
            Rule.ROOM_KIND,
            f"{wanted.type_name or 'This visit'} wants a room of the kind “{wanted.room_kind}”; "
            f"{facts.room_name or 'this one'} is {kind}.",
            (),
        )


def _kept_free(wanted: WantedVisit, facts: DayFacts, formats: Formats) -> _Found:
    seen: set[int] = set()
    for plan in (facts.plan, facts.room_plan):
        for block in plan.blocks if plan is not None else ():
            if block.id in seen or not block.span.overlaps(wanted.span):
                continue
            seen.add(block.id)
            if not block.keeps_out(wanted.type_id):
                continue
            whose = facts.provider_name if plan is facts.plan else facts.room_name or "the room"
            when = _when(block.span, facts, formats)
            text = f"{when} is kept free for {whose}: {block.title}."
            if block.admits:
                names = sorted(facts.type_names.get(each, "") for each in block.admits)
                text = f"{when} is kept for {_listed(names)}: {block.title}."
            key = f"{block.id}|{facts.day.isoformat()}"
            yield Rule.BLOCKED, text[0].upper() + text[1:], (Link("block", key, block.title),)


def _held_for_another(wanted: WantedVisit, facts: DayFacts, formats: Formats) -> _Found:
    seen: set[int] = set()
    for plan in (facts.plan, facts.room_plan):
        for hold in plan.holds if plan is not None else ():
            if hold.id in seen or wanted.may_use(hold) or not hold.span.overlaps(wanted.span):
                continue
            seen.add(hold.id)
            until = formats.time(hold.expires_at)
            if hold.expires_at.date() != facts.today:
                until = f"{formats.short_date(hold.expires_at.date())}, {until}"
            day = Link("day", facts.day.isoformat(), hold.title)
            when = _when(hold.span, facts, formats)
            yield Rule.HELD, f"{when} is held until {until}: {hold.title}.", (day,)


def _same_day(
    wanted: WantedVisit, facts: DayFacts, held: tuple[HeldVisit, ...], formats: Formats
) -> _Found:
    for visit in held:
        if visit.patient_id == wanted.patient_id:
            yield (
                Rule.SAME_DAY,
                f"{facts.patient_name} already comes that day, "
                f"{_when(visit.span, facts, formats)} with {visit.provider_name}.",
                (_link(visit, facts, formats),),
            )


def _not_authorized(wanted: WantedVisit, facts: DayFacts, formats: Formats) -> _Found:
    leave = facts.authorization
    if leave is None:
        return
    link = (Link("patient", str(wanted.patient_id), facts.patient_name),)
    name = f"Authorization {leave.number}"
    if not leave.reaches_for(wanted):
        noun = "unit" if leave.counts == "units" else "visit"
        allowed = counted(leave.allowed, noun)
        text = f"{name} allows {allowed}, and {leave.used} count on it already."
        needed = leave.needed_by(wanted)
        if leave.counts == "units" and leave.used < leave.allowed:
            text = f"{text[:-1]}: too few for the {needed} of this visit."
        yield Rule.AUTHORIZATION, text, link
    if leave.ends_on is not None and facts.day > leave.ends_on:
        text = f"{name} ends before that, on {formats.long_date(leave.ends_on)}."
        yield Rule.AUTHORIZATION, text, link
    if leave.starts_on is not None and facts.day < leave.starts_on:
        text = f"{name} begins after that, on {formats.long_date(leave.starts_on)}."
        yield Rule.AUTHORIZATION, text, link


def _past(wanted: WantedVisit, facts: DayFacts, formats: Formats) -> _Found:
    """A day gone by, or a visit of today that is wholly over; one under way is being written down."""
    if facts.day < facts.today:
        yield Rule.PAST_DATE, f"{formats.long_date(facts.day)} is already past.", ()
    elif (
        facts.now_min is not None
        and facts.day == facts.today
        and wanted.span.ends_min <= facts.now_min
    ):
        yield Rule.PAST_DATE, f"{formats.time(wanted.starts_at)} is already past.", ()


def _when(span: Span, facts: DayFacts, formats: Formats) -> str:
    return formats.span(span.starts_at(facts.day), span.duration_min)


def _stretches(hours: Iterable[Span], facts: DayFacts, formats: Formats) -> str:
    return " and ".join(_when(span, facts, formats) for span in hours)


def _listed(names: Iterable[str]) -> str:
    *first, last = [name for name in names if name] or ["others"]
    return f"{'; '.join(first)} and {last}" if first else last


def _names(visits: Iterable[HeldVisit]) -> str:
    return _listed(visit.patient_name for visit in visits)


def _link(visit: HeldVisit, facts: DayFacts, formats: Formats) -> Link:
    called = f"{visit.patient_name}, {formats.time(visit.span.starts_at(facts.day))}"
    return Link("appointment", str(visit.id), called)
