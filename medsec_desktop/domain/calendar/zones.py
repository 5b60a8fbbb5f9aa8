"""The clinic's clock on the days it is changed.

Times in the book are wall-clock times, which is what the patient is told. Twice a year that clock
skips an hour or repeats one (half an hour on Lord Howe Island): a visit then would have no time, or
two. Days are otherwise left alone; nothing is converted.

So no day of the grid is taller or lower than the others: it is a clock's face, beside which a week's
other days stand at the same height. The hour that does not exist is marked where it would be, and so
is the one that comes twice, once. Drawn as two it could be booked, and nobody on the phone, no slip
and no reminder would tell which half past one is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from medsec_desktop.domain.calendar.spans import DAY_MIN, Span
from medsec_desktop.domain.formats import Formats
from medsec_desktop.problems import Invalid

_MINUTE = timedelta(minutes=1)


def zone_names() -> tuple[str, ...]:
    """Every place a clinic's clock can be set by, such as America/New_York, in order."""
    shown = (name for name in available_timezones() if "/" in name)
    return tuple(sorted(name for name in shown if not name.startswith(("Etc/", "posix", "right"))))


@lru_cache(maxsize=8)
def zone(name: str) -> ZoneInfo:
    """The time zone of that name. Raises Invalid where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            f"There is no time zone called “{name}”.",
            remedy="Choose one such as America/New_York.",
            field="practice.time_zone",
        ) from error


@dataclass(frozen=True, slots=True)
class ClockChange:
    """The stretch of a day's wall clock that the change leaves out, or runs through twice."""

    day: date
    span: Span
    is_gap: bool

    @property
    def day_min(self) -> int:
        """How many minutes the day has."""
        change = self.span.duration_min
        return DAY_MIN - change if self.is_gap else DAY_MIN + change

    @property
    def length(self) -> str:
        """For the day itself: “23-hour day”, “24.5-hour day”."""
        return f"{self.day_min / 60:g}-hour day"

    def short(self, formats: Formats) -> str:
        """For the stretch itself: “Clocks go from 2 AM to 3 AM”."""
        before, after = self._times(formats, brief=True)
        way = "" if self.is_gap else "back "
        return f"Clocks go {way}from {before} to {after}"

    def shortest(self, formats: Formats) -> str:
        """Where there is no room for it: “2 AM → 3 AM”."""
        return " → ".join(self._times(formats, brief=True))

    def sentence(self, starts_at: datetime, formats: Formats) -> str:
        """Why no visit can be then; short enough for the booking pane."""
        day = formats.short_date(self.day)
        before, after = self._times(formats)
        minute = (starts_at - datetime.combine(self.day, time())) // _MINUTE
        if not self.span.starts_min <= minute < self.span.ends_min:
            way = "forward" if self.is_gap else "back"
            return f"{day}: the clocks go {way} at {before}; a visit cannot lie across that."
        wall = formats.time(starts_at)
        if self.is_gap:
            return f"{day} has no {wall}: the clocks go from {before} to {after}."
        return f"{day} has {wall} twice: the clocks go back from {before} to {after}."

    def remedy(self, formats: Formats) -> str:
        """What may be booked instead."""
        first, last = sorted((self.span.starts_min, self.span.ends_min))
        return f"Choose a time up to {self._at(first, formats)} or from {self._at(last, formats)}."

    def _times(self, formats: Formats, *, brief: bool = False) -> tuple[str, str]:
        """What the clock says when it is changed, and what right after."""
        span = self.span
        minutes = (span.starts_min, span.ends_min)
        before, after = minutes if self.is_gap else minutes[::-1]
        if brief and before % 60 == after % 60 == 0:
            return formats.hour(before // 60), formats.hour(after // 60)
        return self._at(before, formats), self._at(after, formats)

    def _at(self, minute: int, formats: Formats) -> str:
        return formats.time(Span(minute, minute).starts_at(self.day))


@lru_cache(maxsize=512)
def clock_change(day: date, zone_name: str) -> ClockChange | None:
    """How the clocks are changed that day; None on all others, and where no zone is known."""
    if not zone_name:
        return None
    here = zone(zone_name)
    midnight = datetime.combine(day, time())
    if _offsets(midnight, here)[0] == _offsets(midnight + timedelta(days=1), here)[1]:
        return None
    changed = []
    for minute in range(DAY_MIN):
        first, second = _offsets(midnight + minute * _MINUTE, here)
        if first != second:
            changed.append((minute, first < second))
    if not changed:  # at midnight, and told on the day before or after
        return None
    return ClockChange(day, Span(changed[0][0], changed[-1][0] + 1), changed[0][1])


def refuse_clock_change(
    starts_at: datetime, duration_min: int, zone_name: str, formats: Formats
) -> None:
    """Raises Invalid where the clocks change under a visit; an empty `zone_name` allows any time.

    Refused are a time that does not exist that day, one that happens twice, and a visit that lies
    across the change. A visit may end or begin at the very moment of it.
    """
    if not zone_name or duration_min < 1:
        return
    here = zone(zone_name)
    last_minute = starts_at + timedelta(minutes=duration_min) - _MINUTE
    begins, again = _offsets(starts_at, here)
    ends, ends_again = _offsets(last_minute, here)
    if begins == again == ends == ends_again:
        return
    days = starts_at.date(), last_minute.date()
    change = clock_change(days[0], zone_name) or clock_change(days[1], zone_name)
    if change is None:
        raise AssertionError("no change of the clocks that day")
    raise Invalid(
        change.sentence(starts_at, formats), remedy=change.remedy(formats), field="starts_at"
    )


def _offsets(wall: datetime, here: ZoneInfo) -> tuple[timedelta, timedelta]:
    """How far from UTC, before and after a change around `wall`; the same where there is none.

    Where the time does not exist the first is the smaller, where it happens twice the greater.
    Source: PEP 495.
    """
    pair = [wall.replace(tzinfo=here, fold=fold).utcoffset() for fold in (0, 1)]
    return pair[0] or timedelta(), pair[1] or timedelta()
