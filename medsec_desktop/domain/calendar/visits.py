"""The states a visit goes through."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache


class VisitStatus(StrEnum):
    """Where a visit stands; the value is stored."""

    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_ROOM = "in-room"
    DONE = "done"
    NO_SHOW = "no-show"
    CANCELLED = "cancelled"
    LEFT = "left"

    @property
    def holds_its_slot(self) -> bool:
        """Whether nobody else can have the time; a cancelled or missed visit frees it."""
        return self not in FREED

    @property
    def may_be_cancelled(self) -> bool:
        """Before she has been seen; what took place is corrected, not cancelled."""
        return self in (VisitStatus.SCHEDULED, VisitStatus.CONFIRMED, VisitStatus.ARRIVED)

    @property
    def may_be_moved(self) -> bool:
        return self in (VisitStatus.SCHEDULED, VisitStatus.CONFIRMED)


FREED = frozenset({VisitStatus.NO_SHOW, VisitStatus.CANCELLED, VisitStatus.LEFT})

STATUS_WORDS = {
    VisitStatus.SCHEDULED: "Scheduled",
    VisitStatus.CONFIRMED: "Confirmed",
    VisitStatus.ARRIVED: "Arrived",
    VisitStatus.IN_ROOM: "In room",
    VisitStatus.DONE: "Done",
    VisitStatus.NO_SHOW: "No-show",
    VisitStatus.CANCELLED: "Cancelled",
    VisitStatus.LEFT: "Left without being seen",
}

_DOCTORS = frozenset(
    ["MD", "DO", "MBBS", "MBBCH", "DPM", "DDS", "DMD", "OD", "DC", "PHD", "PSYD", "DVM", "DR"]
)


@lru_cache(maxsize=512)
def provider_called(family: str, given: str = "", credential: str = "") -> str:
    """As one speaks of a provider on the phone: `Dr. Chen`, or `Maria Lopez, NP`."""
    titles = {title.strip(". ") for title in credential.upper().replace(".", "").split(",")}
    if titles & _DOCTORS:
        return f"Dr. {family}"
    full = " ".join(part for part in (given, family) if part)
    return ", ".join(part for part in (full, credential) if part)
