"""The clinic's clock on the days it is changed.

Times in the book are wall-clock times, which is what the patient is told. Twice a year that clock
skips an hour or repeats one (half an hour on Lord Howe Island): a visit then would have no time, or
two. Days are otherwise left alone; nothing is converted.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

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
    before, after = _change(starts_at, here)
    day = formats.long_date(starts_at.date())
    way = "forward" if after > before else "back"
    change = f"the clocks go {way} from {formats.time(before)} to {formats.time(after)}"
    wall = formats.time(starts_at)
    if begins < again:
        what = f"On {day} there is no {wall}: {change}."
    elif begins > again:
        what = f"On {day} it is {wall} twice: {change}."
    else:
        what = f"On {day} {change}; a visit cannot lie across that."
    raise Invalid(
        what, remedy=f"Choose a time before {formats.time(min(before, after))} or from "
        f"{formats.time(max(before, after))} on.", field="starts_at",
    )  # fmt: skip


def _offsets(wall: datetime, here: ZoneInfo) -> tuple[timedelta, timedelta]:
    """How far from UTC, before and after a change around `wall`; the same where there is none.

    Where the time does not exist the first is the smaller, where it happens twice the greater.
    Source: PEP 495.
    """
    pair = [wall.replace(tzinfo=here, fold=fold).utcoffset() for fold in (0, 1)]
    return pair[0] or timedelta(), pair[1] or timedelta()


def _change(wall: datetime, here: ZoneInfo) -> tuple[datetime, datetime]:
    """What the clock says when it is changed that day, and what right after."""
    midnight = datetime.combine(wall.date(), time(), here)
    moment = midnight.astimezone(UTC) - timedelta(hours=1)  # a change may fall on midnight
    offset = moment.astimezone(here).utcoffset()
    for _ in range(28 * 60):
        moment += _MINUTE
        local = moment.astimezone(here)
        if local.utcoffset() != offset:
            before = (moment - _MINUTE).astimezone(here) + _MINUTE
            return before.replace(tzinfo=None, fold=0), local.replace(tzinfo=None, fold=0)
    raise AssertionError("no change of the clocks that day")
