"""What the Today tab is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from medsec_desktop.domain.calendar.visits import FREED, VisitStatus
from medsec_desktop.domain.insurance import Light
from medsec_desktop.problems import Link

# A visit nobody arrived for wants an answer this long past its end.
_OVERDUE = timedelta(hours=1)


class Group(StrEnum):
    """Where a visit of today stands on the board, most pressing first."""

    WAITING = "waiting"
    IN_ROOM = "in-room"
    EXPECTED = "expected"
    UNRESOLVED = "unresolved"
    DONE = "done"
    OFF = "off"


GROUP_WORDS = {
    Group.WAITING: "Waiting",
    Group.IN_ROOM: "In room",
    Group.EXPECTED: "Expected",
    Group.UNRESOLVED: "Unresolved",
    Group.DONE: "Done",
    Group.OFF: "Not coming",
}

_BY_STATUS = {
    VisitStatus.ARRIVED: Group.WAITING,
    VisitStatus.IN_ROOM: Group.IN_ROOM,
    VisitStatus.DONE: Group.DONE,
}


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A visit of today with the times it was stamped; the clock alone changes what it says."""

    id: int
    version: int
    patient_id: int
    patient_name: str  # as a list shows it
    provider_id: int
    provider_name: str  # as one speaks of her
    type_name: str
    starts_at: datetime
    duration_min: int
    status: VisitStatus
    reason: str
    has_alert: bool  # something to read when she arrives
    room_id: int | None
    room_name: str
    authorization_id: int | None
    wait_limit_min: int
    arrived_at: datetime | None
    to_room_at: datetime | None
    confirmed_how: str  # "person" or "machine" while it stands confirmed

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_min)

    def group(self, now: datetime) -> Group:
        """Where it stands on the board at `now`."""
        if self.status in FREED:
            return Group.OFF
        if self.status in _BY_STATUS:
            return _BY_STATUS[self.status]
        return Group.UNRESOLVED if self.ends_at + _OVERDUE <= now else Group.EXPECTED

    def waiting_min(self, now: datetime) -> int | None:
        """Whole minutes since she arrived, while she waits; None where nobody stamped it."""
        if self.status != VisitStatus.ARRIVED or self.arrived_at is None:
            return None
        return _minutes(self.arrived_at, now)

    def waits_too_long(self, now: datetime) -> bool:
        """Whether she has waited longer than the kind of visit allows."""
        waited = self.waiting_min(now)
        return waited is not None and waited > self.wait_limit_min

    def in_room_min(self, now: datetime) -> int | None:
        """Whole minutes since she was taken to the room, while she is there."""
        if self.status != VisitStatus.IN_ROOM or self.to_room_at is None:
            return None
        return _minutes(self.to_room_at, now)

    def late_min(self, now: datetime) -> int:
        """Whole minutes past the time of a visit nobody has arrived for; 0 until then."""
        if self.status not in (VisitStatus.SCHEDULED, VisitStatus.CONFIRMED):
            return 0
        return _minutes(self.starts_at, now)


def _minutes(since: datetime, now: datetime) -> int:
    return max(0, int((now - since).total_seconds() // 60))


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How many sit in the waiting room, and how many of them for too long."""

    waiting: int
    too_long: int


class CheckKind(StrEnum):
    """What the arrival list looks at."""

    ALERT = "alert"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    BIRTH = "birth"
    INSURANCE = "insurance"
    AUTHORIZATION = "authorization"
    REFERRAL = "referral"
    CONSENT = "consent"
    READINESS = "readiness"  # the light over these three, in a word


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the arrival list: what is missing or must be read, and where it is put right.

    `coverage_id` is set where a tick can settle it: the insurance is verified today. `remedy` is what
    to do about it, `light` how ready the insurance is, where it is about that. An alert is settled
    by reading it.
    """

    kind: CheckKind
    text: str
    is_urgent: bool = False
    coverage_id: int | None = None
    is_settled: bool = False
    remedy: str = ""
    light: Light | None = None
    consent_kind_id: int | None = None  # where a tick says: signed today


@dataclass(frozen=True, slots=True)
class Departure:
    """A visit that is done, with what was arranged after it."""

    visit_id: int
    patient_id: int
    patient_name: str
    provider_id: int
    next_visit_id: int | None
    next_visit_at: datetime | None
    recall: str  # “Yearly visit, March 2027”, '' for none
    letter_id: int | None  # written for this visit
    billing_alerts: tuple[str, ...] = ()  # to be read by whoever takes the money
    is_charged: bool = False  # or somebody said that nothing is charged

    @property
    def is_open(self) -> bool:
        """Whether she has gone with nothing arranged: no visit, no recall, no letter."""
        return self.next_visit_id is None and not self.recall and self.letter_id is None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One piece of work waiting at the desk; `place` is where it is done.

    `icon` names its kind for the eye, `tone` is warning where it is late.
    """

    kind: str
    title: str
    detail: str
    place: Link
    icon: str
    trailing: str = ""
    is_late: bool = False
