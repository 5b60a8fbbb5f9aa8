"""Who on the waiting list fits a time that has come free, how well, and why.

The order, each point only where the ones before it are equal:

1. those not yet called about this very time before those who were;
2. urgent ones first;
3. those whose last day is within a week of the time offered;
4. those who asked for this provider before those anybody will do for, who find a time more easily;
5. those who have waited more weeks;
6. the visit that leaves less of the time empty, in quarters of it;
7. whoever was put on the list earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from medsec_desktop.domain.calendar.slots import Slot
from medsec_desktop.domain.calendar.spans import Span
from medsec_desktop.domain.calendar.times_asked import TimesAsked, times_on
from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.wording import counted

_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Opening:
    """A time that has come free, and all of the free stretch it lies in."""

    slot: Slot
    free: Span
    provider_name: str = ""

    @property
    def day(self) -> date:
        return self.slot.starts_at.date()

    @property
    def span(self) -> Span:
        return Span.of(self.slot.starts_at, self.slot.duration_min)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody on the waiting list asked for."""

    id: int
    duration_min: int
    added_at: datetime
    provider_id: int | None = None  # None: any
    is_urgent: bool = False
    earliest_on: date | None = None
    latest_on: date | None = None
    times: TimesAsked = ()  # when she could come; () is any time
    notice_min: int = 0  # how long before she must know
    interim_at: datetime | None = None  # the visit she has meanwhile
    keeps_interim: bool = False


def starts_for(
    wish: Wish, opening: Opening, now: datetime, step_min: int = 5
) -> tuple[datetime, ...]:
    """When the visit wished for could begin so that it uses the time come free, best first.

    None where it does not fit: another provider, another day, too long, too soon, or no sooner than
    the visit she has. The best start is the freed one, else the closest to it.
    """
    if wish.provider_id not in (None, opening.slot.provider_id):
        return ()
    if wish.earliest_on is not None and opening.day < wish.earliest_on:
        return ()
    if wish.latest_on is not None and opening.day > wish.latest_on:
        return ()
    not_before = now + timedelta(minutes=wish.notice_min)
    freed, found = opening.span, set()
    for asked in times_on(wish.times, opening.day):
        first = max(opening.free.starts_min, asked.starts_min)
        last = min(opening.free.ends_min, asked.ends_min) - wish.duration_min
        for minute in {
            *range(first, last + 1, step_min),
            freed.starts_min,
            freed.ends_min - wish.duration_min,
        }:
            visit = Span(minute, minute + wish.duration_min)
            if first <= minute <= last and visit.overlaps(freed):
                found.add(minute)
    starts = (Span(minute, minute).starts_at(opening.day) for minute in found)
    fitting = (at for at in starts if at >= not_before and _is_sooner(wish, at))
    wanted = opening.slot.starts_at
    return tuple(sorted(fitting, key=lambda at: (abs(at - wanted), at)))


def _is_sooner(wish: Wish, at: datetime) -> bool:
    return wish.keeps_interim or wish.interim_at is None or at < wish.interim_at


def rank(
    wish: Wish, opening: Opening, now: datetime, was_called: bool = False
) -> tuple[object, ...]:
    """What the best comes first by, as the head of this module says."""
    share = min(1.0, wish.duration_min / max(1, opening.slot.duration_min))
    return (
        was_called,
        not wish.is_urgent,
        not _must_come_soon(wish, opening),
        wish.provider_id is None,
        -_weeks(wish, now),
        -int(share * 4),
        wish.added_at,
        wish.id,
    )


def reasons(
    wish: Wish, opening: Opening, starts_at: datetime, now: datetime, formats: Formats
) -> tuple[str, ...]:
    """Why she fits, in words, what weighs most first."""
    said = ["Urgent"] if wish.is_urgent else []
    if wish.latest_on is not None and _must_come_soon(wish, opening):
        said.append(f"Must come by {formats.short_date(wish.latest_on)}")
    if wish.provider_id is not None:
        said.append(f"Asked for {opening.provider_name or 'this provider'}")
    said.append(_waited(wish, now))
    if wish.interim_at is not None and not wish.keeps_interim:
        said.append(_sooner(wish.interim_at, starts_at, formats))
    elif wish.interim_at is None:
        said.append("Has no visit yet")
    if starts_at != opening.slot.starts_at:
        said.append(f"Would begin at {formats.time(starts_at)}")
    if wish.duration_min == opening.slot.duration_min:
        said.append(f"Needs just these {wish.duration_min} minutes")
    else:
        said.append(f"Needs {wish.duration_min} minutes")
    if wish.times:
        said.append("Can come at this time")
    if wish.notice_min:
        said.append(f"Early enough to tell: {_lead(starts_at - now)} ahead")
    return tuple(said)


def _must_come_soon(wish: Wish, opening: Opening) -> bool:
    return wish.latest_on is not None and wish.latest_on - opening.day <= _SOON


def _weeks(wish: Wish, now: datetime) -> int:
    return max(0, (now.date() - wish.added_at.date()).days) // 7


def _waited(wish: Wish, now: datetime) -> str:
    days = max(0, (now.date() - wish.added_at.date()).days)
    if days == 0:
        return "On the list since today"
    return f"Waiting {_days(days)}"


def _sooner(interim_at: datetime, starts_at: datetime, formats: Formats) -> str:
    days = (interim_at.date() - starts_at.date()).days
    if days == 0:
        return f"Has {formats.time(interim_at)} the same day"
    return f"{_days(days)} sooner than {formats.short_date(interim_at.date())}"


def _lead(ahead: timedelta) -> str:
    hours = int(ahead.total_seconds() // 3600)
    if hours < 1:
        return counted(int(ahead.total_seconds() // 60), "minute")
    if hours < 48:
        return counted(hours, "hour")
    return _days(hours // 24)


def _days(days: int) -> str:
    if days < 14:
        return counted(days, "day")
    return f"{days // 7} weeks"
