"""Whether insurance is ready for a visit: a light with its reasons, each with what to do about it.

Green: the payer can be billed as far as anybody here knows. Amber: somebody should ask or complete
something before she comes. Red: as it stands the payer will not pay. Whatever concerns a secondary or
tertiary coverage is never worse than amber, for the first payer pays without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from itertools import combinations

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.wording import counted

# From so few visits or units left on, the payer should be asked for more.
FEW_LEFT = 5


class Light(IntEnum):
    """How ready it is; the worst finding decides."""

    GREEN = 0
    AMBER = 1
    RED = 2


LIGHT_WORDS = {Light.GREEN: "Ready", Light.AMBER: "To check", Light.RED: "Not ready"}


class Matter(StrEnum):
    """What a finding is about, one for each rule."""

    NO_COVERAGE = "no-coverage"
    NO_PRIMARY = "no-primary"
    TWO_AT_ONCE = "two-at-once"
    MEMBER_ID = "member-id"
    SUBSCRIBER = "subscriber"
    VERIFICATION = "verification"
    AUTHORIZATION = "authorization"
    REFERRAL = "referral"


class Result(StrEnum):
    """What a payer answered when it was asked about a coverage."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    NOT_FOUND = "not-found"
    UNCLEAR = "unclear"


RESULT_WORDS = {
    Result.ACTIVE: "Active",
    Result.INACTIVE: "Not active",
    Result.NOT_FOUND: "Not found",
    Result.UNCLEAR: "Unclear",
}


@dataclass(frozen=True, slots=True)
class Held:
    """Between which days something holds, both included; None is open."""

    starts_on: date | None = None
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        begun = self.starts_on is None or self.starts_on <= day
        return begun and (self.ends_on is None or day <= self.ends_on)

    def overlaps(self, other: Held) -> bool:
        """Whether there is a day on which both hold."""
        first = max(self.starts_on or date.min, other.starts_on or date.min)
        return first <= min(self.ends_on or date.max, other.ends_on or date.max)


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """What the rules need of a coverage; `asked_on` and `result` are the payer's latest answer."""

    id: int
    payer: str
    rank: str = "primary"
    held: Held = Held()
    member_id: str = "?"
    subscriber_relation: str = "self"
    subscriber_name: str = ""
    has_subscriber_birth: bool = False
    has_subscriber_address: bool = False
    needs_authorization: bool = False
    needs_referral: bool = False
    asked_on: date | None = None
    result: Result = Result.ACTIVE


@dataclass(frozen=True, slots=True)
class AuthorizationUse:
    """A payer's leave with what is used of it, visits or units; `coverage_id` None: not said whose."""

    id: int
    number: str
    allowed: int
    used: int
    held: Held = Held()
    counts: str = "visits"
    coverage_id: int | None = None

    @property
    def left(self) -> int:
        return max(self.allowed - self.used, 0)

    def amount(self, number: int) -> str:
        """3 visits, 1 unit."""
        return counted(number, self.counts.removesuffix("s"))


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """A referral to us that still stands: from when, and until when the payer takes it."""

    number: str
    held: Held = Held()


@dataclass(frozen=True, slots=True)
class Insurance:
    """Everything about who pays for one patient. `verified_for` is how long an answer holds."""

    coverages: Sequence[CoverageFacts] = ()
    authorizations: Sequence[AuthorizationUse] = ()
    referrals: Sequence[ReferralFacts] = ()
    verified_for: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """The visit it should be ready for; without an authorization of its own where none is named."""

    day: date
    authorization_id: int | None = None
    is_counted: bool = False  # it is among the visits its authorization counts already


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is so, and what to do about it; '' where nothing is."""

    matter: Matter
    light: Light
    text: str
    remedy: str = ""
    coverage_id: int | None = None


@dataclass(frozen=True, slots=True)
class Readiness:
    """The light for one day with everything that was found, worst first."""

    day: date
    findings: tuple[Finding, ...] = field(default=())

    @property
    def light(self) -> Light:
        return max((finding.light for finding in self.findings), default=Light.GREEN)

    @property
    def open(self) -> tuple[Finding, ...]:
        """What somebody should do something about."""
        return tuple(finding for finding in self.findings if finding.light > Light.GREEN)

    @property
    def word(self) -> str:
        """Ready, To check or Not ready."""
        return LIGHT_WORDS[self.light]


def readiness(who: Insurance, visit: VisitFacts, today: date, formats: Formats) -> Readiness:
    """How ready her insurance is for a visit on that day."""
    found = [*_findings(who, visit, today, formats)]
    return Readiness(visit.day, tuple(sorted(found, key=lambda finding: -finding.light)))


def overlap_sentence(
    rank: str, held: Held, others: Sequence[CoverageFacts], formats: Formats
) -> str:
    """Why a coverage cannot hold this rank then: another does on some of those days; '' if none."""
    for other in others:
        if other.rank == rank and held.overlaps(other.held):
            since = max(held.starts_on or date.min, other.held.starts_on or date.min)
            until = min(held.ends_on or date.max, other.held.ends_on or date.max)
            return f"{other.payer} is {rank} {_days(since, until, formats)} as well."
    return ""


def needs_asking(one: CoverageFacts, day: date, today: date, verified_for: timedelta) -> bool:
    """Whether the payer should be asked now before a visit on that day.

    Not again where the day is so far off that today's answer would not hold until then.
    """
    if one.asked_on is None or one.result is not Result.ACTIVE:
        return True
    return day - one.asked_on > verified_for and day - today <= verified_for


def _findings(
    who: Insurance, visit: VisitFacts, today: date, formats: Formats
) -> Iterator[Finding]:
    day = visit.day
    holding = [one for one in who.coverages if one.held.holds_on(day)]
    if not holding:
        yield _no_coverage(who.coverages, day, formats)
    yield from _in_order(holding)
    for one in holding:
        yield _verification(one, day, today, who.verified_for, formats)
        yield from _completeness(one)
    yield from _authorization(who, holding, visit, formats)
    for one in holding:
        if one.needs_referral:
            yield from _referral(one, who.referrals, day, formats)


def _no_coverage(coverages: Sequence[CoverageFacts], day: date, formats: Formats) -> Finding:
    matter, remedy = Matter.NO_COVERAGE, "Ask for the card, or bill the patient."
    if not coverages:
        return Finding(matter, Light.RED, "No insurance on file", remedy)
    ended = [one for one in coverages if one.held.ends_on is not None and one.held.ends_on < day]
    if not ended:
        first = min(coverages, key=lambda one: one.held.starts_on or date.min)
        begins = first.held.starts_on
        when = f" before {formats.date(begins)}" if begins else ""
        return Finding(matter, Light.RED, f"{first.payer} has not begun{when or ' yet'}", remedy)
    last = max(ended, key=lambda one: one.held.ends_on or date.min)
    assert last.held.ends_on is not None
    text = f"{last.payer} expired {formats.date(last.held.ends_on)}"
    return Finding(matter, Light.RED, text, "Ask what has replaced it.", last.id)


def _in_order(holding: Sequence[CoverageFacts]) -> Iterator[Finding]:
    if holding and all(one.rank != "primary" for one in holding):
        text = f"No coverage is primary: {holding[0].payer} is {holding[0].rank}"
        yield Finding(Matter.NO_PRIMARY, Light.AMBER, text, "Put the coverages in order.")
    for one, other in combinations(holding, 2):
        if one.rank == other.rank:
            text = f"{one.payer} and {other.payer} are both {one.rank} that day"
            remedy = "Put the coverages in order, or end one of them."
            yield Finding(Matter.TWO_AT_ONCE, Light.AMBER, text, remedy)


def _verification(
    one: CoverageFacts, day: date, today: date, verified_for: timedelta, formats: Formats
) -> Finding:
    matter, ask = Matter.VERIFICATION, "Ask the payer and note its answer."
    if one.asked_on is None:
        return Finding(matter, Light.AMBER, f"{one.payer}: not verified yet", ask, one.id)
    when = "today" if one.asked_on == today else formats.date(one.asked_on)
    if one.result is Result.INACTIVE:
        text = f"{one.payer}: not active, it said {_on(one.asked_on, today, formats)}"
        return Finding(matter, _worst(one), text, "Ask for a new card.", one.id)
    if one.result is Result.NOT_FOUND:
        text = f"{one.payer}: did not find the patient {_on(one.asked_on, today, formats)}"
        remedy = "Compare name, date of birth and member id with the card."
        return Finding(matter, _worst(one), text, remedy, one.id)
    if one.result is Result.UNCLEAR:
        text = f"{one.payer}: gave no clear answer {_on(one.asked_on, today, formats)}"
        return Finding(matter, Light.AMBER, text, "Ask again.", one.id)
    if needs_asking(one, day, today, verified_for):
        text = f"{one.payer}: last verified {when}"
        return Finding(matter, Light.AMBER, text, ask, one.id)
    again = ", to be asked again nearer to the day" if day - one.asked_on > verified_for else ""
    return Finding(matter, Light.GREEN, f"{one.payer}: verified {when}{again}", "", one.id)


def _completeness(one: CoverageFacts) -> Iterator[Finding]:
    """What a claim to this payer would be sent back for (CMS-1500 boxes 1a, 4, 7 and 11a)."""
    if not one.member_id:
        text = f"{one.payer}: the member id is missing"
        yield Finding(Matter.MEMBER_ID, _worst(one), text, "Copy it from the card.", one.id)
    if one.subscriber_relation == "self":
        return
    missing = [
        word
        for is_there, word in (
            (bool(one.subscriber_name), "name"),
            (one.has_subscriber_birth, "date of birth"),
            (one.has_subscriber_address, "address"),
        )
        if not is_there
    ]
    if missing:
        text = f"{one.payer}: the subscriber’s {_listed(missing)} missing"
        remedy = "Ask who holds the policy."
        yield Finding(Matter.SUBSCRIBER, Light.AMBER, text, remedy, one.id)


def _authorization(
    who: Insurance, holding: Sequence[CoverageFacts], visit: VisitFacts, formats: Formats
) -> Iterator[Finding]:
    """On the one the visit counts on, else on one she has for that day, else on none being there."""
    matter, day = Matter.AUTHORIZATION, visit.day
    own = next((one for one in who.authorizations if one.id == visit.authorization_id), None)
    named = own is not None
    asking = next((one for one in holding if one.needs_authorization), None)
    if own is None:
        fitting = [one for one in who.authorizations if one.held.holds_on(day)]
        own = next((one for one in fitting if one.left), next(iter(fitting), None))
    if own is None:
        if asking is not None:
            text = f"{asking.payer} wants an authorization, and there is none for that day"
            yield Finding(matter, _worst(asking), text, "Ask the payer for one.", asking.id)
        return
    name, ask = f"Authorization {own.number}", "Ask the payer for more."
    if own.held.ends_on is not None and own.held.ends_on < day:
        text = f"{name} ended {formats.date(own.held.ends_on)}"
        yield Finding(matter, Light.RED, text, "Ask the payer for a new one.")
        return
    if own.held.starts_on is not None and day < own.held.starts_on:
        text = f"{name} begins only {formats.date(own.held.starts_on)}"
        yield Finding(
            matter, Light.RED, text, "Ask the payer for an earlier day, or move the visit."
        )
        return
    is_in_it = named and visit.is_counted
    if own.used > own.allowed or (not own.left and not is_in_it):
        text = f"{name} is used up: {own.used:,} of {own.amount(own.allowed)}"
        yield Finding(matter, Light.RED, text, ask)
    elif not own.left:
        last = "Last units" if own.counts == "units" else "Last visit"
        yield Finding(matter, Light.AMBER, f"{last} on authorization {own.number}", ask)
    elif own.left <= FEW_LEFT:
        yield Finding(matter, Light.AMBER, f"{name}: {own.amount(own.left)} left", ask)
    if not named and asking is not None:
        text = f"The visit is not counted on authorization {own.number}"
        yield Finding(matter, Light.AMBER, text, "Choose it in the booking.", asking.id)


def _referral(
    one: CoverageFacts, referrals: Sequence[ReferralFacts], day: date, formats: Formats
) -> Iterator[Finding]:
    if any(referral.held.holds_on(day) for referral in referrals):
        return
    matter, worst = Matter.REFERRAL, _worst(one)
    ended = [ref.held.ends_on for ref in referrals if ref.held.ends_on and ref.held.ends_on < day]
    if ended:
        text = f"{one.payer} wants a referral, and the last one ended {formats.date(max(ended))}"
        yield Finding(matter, worst, text, "Ask the referring physician for a new one.", one.id)
    else:
        text = f"{one.payer} wants a referral, and none is on file"
        yield Finding(matter, worst, text, "Ask the patient’s physician for one.", one.id)


def _worst(one: CoverageFacts) -> Light:
    return Light.RED if one.rank == "primary" else Light.AMBER


def _on(day: date, today: date, formats: Formats) -> str:
    return "today" if day == today else f"on {formats.date(day)}"


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last} are" if first else f"{last} is"


def _days(since: date, until: date, formats: Formats) -> str:
    if since == date.min and until == date.max:
        return "all the time"
    if since == date.min:
        return f"until {formats.date(until)}"
    if until == date.max:
        return f"from {formats.date(since)} on"
    return f"from {formats.date(since)} to {formats.date(until)}"
