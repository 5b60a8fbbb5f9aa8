"""A row of visits before it is booked, and one that stands, as screens show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from medsec_desktop.domain.calendar import Slot
from medsec_desktop.domain.calendar.recurrence import Recurrence
from medsec_desktop.problems import Link
from medsec_desktop.services.calendar.records import AppointmentRow, BookingDraft


class Scope(StrEnum):
    """How much of a series a change is meant for."""

    THIS = "this"
    LATER = "later"  # this visit and those after it
    ALL = "all"  # every one still to come


class Answer(StrEnum):
    """What is to become of a date that something is in the way of; a Slot says where else."""

    LEAVE_OUT = "leave out"
    INSIST = "insist"  # there all the same, for a reason
    INSIST_ON_ALL = "insist on all"  # and so on every such date


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One visit of a series to be: when the rule means it, where it would go, what is in the way."""

    original_at: datetime
    draft: BookingDraft  # at the place it would take
    obstacles: tuple[str, ...] = ()  # at the time the rule means, each a sentence
    is_hard: bool = False  # no reason helps
    links: tuple[Link, ...] = ()
    nearest: tuple[Slot, ...] = ()
    is_left_out: bool = False
    needs_reason: bool = False
    visit_id: int | None = None  # a visit that stands already

    @property
    def is_moved(self) -> bool:
        return not self.is_left_out and self.draft.starts_at != self.original_at

    @property
    def is_free(self) -> bool:
        return not self.obstacles


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """A series to be, every date of it; `missing` visits found no date at all.

    `beyond_authorization` of them are booked without the authorization, which does not reach so far.
    """

    draft: BookingDraft
    rule: Recurrence  # as it will be kept: as many dates as were gone through
    words: str
    visits: tuple[PlannedVisit, ...]
    missing: int = 0
    beyond_authorization: int = 0

    @property
    def booked(self) -> tuple[PlannedVisit, ...]:
        return tuple(visit for visit in self.visits if not visit.is_left_out)

    @property
    def conflicts(self) -> tuple[PlannedVisit, ...]:
        return tuple(visit for visit in self.visits if not visit.is_free)

    @property
    def needs_reason(self) -> bool:
        return any(visit.needs_reason for visit in self.visits)


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series that stands: its rule in words, its visits by time, the dates left out and why."""

    id: int
    version: int
    patient_id: int
    rule: Recurrence
    starts_at: datetime
    duration_min: int
    words: str
    visits: tuple[AppointmentRow, ...]
    left_out: tuple[tuple[datetime, str], ...]
    split_from_id: int | None = None

    def place_of(self, visit_id: int) -> int:
        """Which visit of the series it is, from 1; 0 for one that is not in it."""
        ids = [visit.id for visit in self.visits]
        return ids.index(visit_id) + 1 if visit_id in ids else 0


@dataclass(frozen=True, slots=True)
class CarryPlan:
    """What would become of the other visits when one visit's change is carried over to them."""

    visits: tuple[PlannedVisit, ...]

    @property
    def possible(self) -> tuple[PlannedVisit, ...]:
        return tuple(visit for visit in self.visits if visit.is_free)

    @property
    def blocked(self) -> tuple[PlannedVisit, ...]:
        return tuple(visit for visit in self.visits if not visit.is_free)


def follow(before: datetime, after: datetime) -> Callable[[datetime], datetime]:
    """Where another time of a series goes with one moved from `before` to `after`.

    As many days later, and to the new time of day where that was changed: "all at 2 PM" means 2 PM
    for one that stood at another time of its own, too.
    """
    days = after.date() - before.date()

    def there(at: datetime) -> datetime:
        same_time = after.time() == before.time()
        return datetime.combine(at.date() + days, at.time() if same_time else after.time())

    return there


def carried(before: BookingDraft, after: BookingDraft, sibling: BookingDraft) -> BookingDraft:
    """`sibling` with what was changed between `before` and `after`."""
    changed = {
        name: getattr(after, name)
        for name in (
            "provider_id", "type_id", "duration_min", "room_id", "reason", "note",
            "authorization_id", "authorization_units",
        )
        if getattr(after, name) != getattr(before, name)
    }  # fmt: skip
    there = follow(before.starts_at, after.starts_at)
    return replace(sibling, starts_at=there(sibling.starts_at), **changed)
