"""Which clock the clinic lives by: the one chosen in the settings, else this computer's."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache

from medsec_desktop.domain.calendar.zones import zone
from medsec_desktop.domain.clock import Clock
from medsec_desktop.problems import Invalid
from medsec_desktop.services.practice import Practice, settings


def clinic_zone(practice: Practice) -> str:
    """The clinic's time zone by name, such as America/New_York; '' where it cannot be told.

    A zone this computer has never heard of, chosen on a newer one, does not stop the booking.
    """
    return _known(practice.get(settings.TIME_ZONE)) or machine_zone()


def choose_zone(practice: Practice, name: str) -> None:
    """Keep the clinic's time zone; '' goes back to the computer's. Raises Invalid for none known."""
    name = name.strip().replace(" ", "_")
    if name:
        name = zone(name).key
    practice.put(settings.TIME_ZONE, name)


def wall_clock(practice: Practice, clock: Clock) -> Callable[[str], datetime]:
    """What turns an instant of the journal into what the clinic's clock showed then.

    Summer time is that of the instant, not of today. Where the clock handed in does not keep the
    clinic's zone, as a fixed one, its own distance from UTC holds throughout.
    """
    now_utc = clock.now_utc()
    apart = clock.now() - now_utc.astimezone(UTC).replace(tzinfo=None)
    ahead = timedelta(minutes=round(apart.total_seconds() / 60))
    name = clinic_zone(practice)
    here: tzinfo | None = zone(name) if name else None
    if here is None or now_utc.astimezone(here).utcoffset() != ahead:
        here = timezone(ahead)

    def shown(at_utc: str) -> datetime:
        at = datetime.fromisoformat(at_utc).replace(tzinfo=UTC)
        return at.astimezone(here).replace(tzinfo=None, microsecond=0)

    return shown


@cache
def machine_zone() -> str:
    """The time zone this computer is set to, or '' where it does not say."""
    import tzlocal

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a machine set to two zones at once is warned of
            return _known(tzlocal.get_localzone_name() or "")
    except (ValueError, OSError, LookupError):
        return ""


def _known(name: str) -> str:
    try:
        return zone(name).key if name else ""
    except Invalid:
        return ""
