"""Two years of the demo clinic's visits and the weeks ahead, as if its front desk had booked them."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from medsec_desktop.domain.calendar import (
    ClosurePeriod,
    Span,
    VisitStatus,
    WeeklyHours,
    closed_by,
    hours_on,
)
from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.demo.households import Person

Fields = dict[str, Any]
_FILL_PAST, _FILL_NOW, _FILL_FAR = 0.5, 0.86, 0.22
_PEDIATRICIAN = 3
_REASONS = {
    "Follow-up": ("Follow-up as agreed", "Discuss results", "Questions since the last visit", ""),
    "New patient": ("New to the practice", "Changes doctor", "Moved to Larkhaven"),
    "Yearly visit": ("", "", "With forms for work"),
    "Child check-up": ("For school", "Sports form", "Camp form", ""),
    "Procedure": ("As agreed at the last visit", ""),
    "Nurse visit": ("As ordered", ""),
    "Telephone": ("Call back about results", "Question about a letter", ""),
    "Forms and papers": ("School form", "Travel form", "Work form", "Copy of records"),
}
_NOTES = (
    "Called twice about the time.",
    "Will bring her own forms.",
    "Asked for a quiet room.",
    "Wants a printed confirmation.",
)
_WHY_CANCELLED = {
    "patient": ("Cannot get off work", "Feels better", "No ride", "Traveling", ""),
    "clinic": ("Provider called away", "Power cut"),
}
# Who asks for which kind of visit, of a hundred; a first visit is always a New patient.
_ASKED = {"Follow-up": 52, "Yearly visit": 12, "Procedure": 8, "Nurse visit": 12, "Telephone": 9,
          "Forms and papers": 7}  # fmt: skip
_ASKED_FOR_CHILDREN = {"Child check-up": 45, "Follow-up": 35, "Nurse visit": 12,
                       "Forms and papers": 8}  # fmt: skip


_FORMATS = Formats()
_IN_THE_HOUSE = (VisitStatus.ARRIVED, VisitStatus.IN_ROOM)


@dataclass(frozen=True, slots=True)
class Kind:
    """An appointment type as the diary needs it."""

    id: int
    name: str
    duration_min: int
    buffer_after_min: int


@dataclass(frozen=True, slots=True)
class Desk:
    """What the clinic has set up: its kinds of visits, hours, closures and rooms."""

    kinds: dict[str, Kind]
    hours: Mapping[int, Sequence[WeeklyHours]]  # by provider
    closures: Collection[ClosurePeriod]
    rooms: dict[int, int]  # the provider's own exam room
    procedure_room: int


@dataclass(slots=True)
class Diary:
    """The rows of the calendar and of what took place."""

    appointment: list[Fields] = field(default_factory=list)
    encounter: list[Fields] = field(default_factory=list)


def keep(
    people: Sequence[Person], desk: Desk, now: datetime, first: date, last: date, seed: int
) -> Diary:
    """Every visit from `first` to `last` as the desk would have it at `now`."""
    return _Booker(people, desk, now, random.Random(seed)).kept(first, last)


class _Booker:
    def __init__(self, people: Sequence[Person], desk: Desk, now: datetime, chance: random.Random):
        self._desk = desk
        self._now = now
        self._today = now.date()
        self._chance = chance
        self._diary = Diary()
        self._panel = self._panels(people)
        self._last_visit: dict[int, date] = {}
        self._to_rebook: dict[int, int] = {}  # patient: the visit she cancelled
        self._procedures: list[Span] = []  # when the procedure room is taken on the day in hand

    def kept(self, first: date, last: date) -> Diary:
        day = first
        while day <= last:
            self._procedures = []
            for provider_id, weekly in self._desk.hours.items():
                if not closed_by(day, provider_id, self._desk.closures):
                    for stretch in hours_on(day, weekly):
                        self._fill(day, provider_id, stretch)
            day += timedelta(days=1)
        return self._diary

    def _panels(self, people: Sequence[Person]) -> dict[int, list[Person]]:
        """Each provider's patients, those who come often standing there often."""
        panels: dict[int, list[Person]] = {provider_id: [] for provider_id in self._desk.hours}
        for person in people:
            often = self._chance.choice((1, 1, 2, 2, 3, 4))
            panels[person.provider_id].extend([person] * often)
        return panels

    def _fill(self, day: date, provider_id: int, stretch: Span) -> None:
        chance, fill = self._chance, self._fill_on(day)
        at = stretch.starts_min
        while at + 10 <= stretch.ends_min:
            person = self._who(day, provider_id) if chance.random() < fill else None
            if person is None:
                at += chance.choice((10, 20, 30))
                continue
            kind = self._kind(person, stretch.ends_min - at)
            busy = Span(at, at + kind.duration_min)
            if kind.name == "Procedure" and any(busy.overlaps(each) for each in self._procedures):
                kind = self._desk.kinds["Forms and papers"]
                busy = Span(at, at + kind.duration_min)
            status = self._status(day, busy)
            if kind.name == "Telephone" and status in _IN_THE_HOUSE:
                status = VisitStatus.CONFIRMED  # nobody waits in a room for a call
            self._book(person, provider_id, kind, busy.starts_at(day), status)
            if status is VisitStatus.CANCELLED and chance.random() < 0.5:
                continue  # the freed time is given to somebody else
            at = busy.ends_min + kind.buffer_after_min

    def _fill_on(self, day: date) -> float:
        ahead = (day - self._today).days
        if ahead < 0:
            return _FILL_PAST
        return max(_FILL_FAR, _FILL_NOW - 0.013 * ahead)

    def _who(self, day: date, provider_id: int) -> Person | None:
        panel, choice, last_visit = self._panel[provider_id], self._chance.choice, self._last_visit
        for _ in range(20):
            person = choice(panel)
            seen = last_visit.get(person.id)
            if (
                person.since <= day
                and (person.until is None or day < person.until)
                and (seen is None or (day - seen).days > 9)
            ):
                last_visit[person.id] = day
                return person
        return None

    def _kind(self, person: Person, room_min: int) -> Kind:
        kinds = self._desk.kinds
        is_first = person.since > self._today - timedelta(days=731) and person.payer_id is not None
        if is_first and person.since != date.min:
            person.since = date.min  # the next visit is no longer her first
            if kinds["New patient"].duration_min <= room_min:
                return kinds["New patient"]
        asked = _ASKED_FOR_CHILDREN if person.provider_id == _PEDIATRICIAN else _ASKED
        name = self._chance.choices(tuple(asked), tuple(asked.values()))[0]
        if kinds[name].duration_min + kinds[name].buffer_after_min <= room_min:
            return kinds[name]
        return kinds["Forms and papers"]

    def _status(self, day: date, busy: Span) -> VisitStatus:
        chance, draw = self._chance, self._chance.random()
        minutes_to = int((busy.starts_at(day) - self._now).total_seconds()) // 60
        if draw < 0.06 and minutes_to < 14 * 24 * 60:
            return VisitStatus.CANCELLED
        if day < self._today - timedelta(days=1) or (day < self._today and draw < 0.97):
            return self._past(draw)
        if minutes_to + busy.duration_min <= 0:
            # Of the latest visits one or two wait for somebody to say how they ended.
            if draw < 0.95:
                return self._past(draw)
            is_just_over = minutes_to + busy.duration_min > -45
            return VisitStatus.ARRIVED if is_just_over else VisitStatus.CONFIRMED
        if minutes_to <= 0:
            return VisitStatus.IN_ROOM
        if minutes_to <= 25 and draw < 0.6:
            return VisitStatus.ARRIVED
        confirmed = 0.75 if minutes_to < 2 * 24 * 60 else 0.2
        return VisitStatus.CONFIRMED if chance.random() < confirmed else VisitStatus.SCHEDULED

    def _past(self, draw: float) -> VisitStatus:
        if draw < 0.10:
            return VisitStatus.NO_SHOW
        return VisitStatus.LEFT if draw < 0.105 else VisitStatus.DONE

    def _book(
        self, person: Person, provider_id: int, kind: Kind, at: datetime, status: VisitStatus
    ) -> None:
        chance = self._chance
        number = len(self._diary.appointment) + 1
        room = self._desk.rooms[provider_id]
        if kind.name == "Procedure":
            room = self._desk.procedure_room
            self._procedures.append(Span.of(at, kind.duration_min))
        cancelled_by = ""
        if status is VisitStatus.CANCELLED:
            cancelled_by = "patient" if chance.random() < 0.8 else "clinic"
        row = {
            "id": number,
            "patient_id": person.id,
            "provider_id": provider_id,
            "room_id": None if kind.name == "Telephone" else room,
            "type_id": kind.id,
            "starts_at": at.isoformat(timespec="minutes"),
            "duration_min": kind.duration_min,
            "status": str(status),
            "reason": chance.choice(_REASONS[kind.name]),
            "note": chance.choice(_NOTES) if chance.random() < 0.04 else "",
            "cancelled_by": cancelled_by,
            "cancel_reason": chance.choice(_WHY_CANCELLED[cancelled_by]) if cancelled_by else "",
            "rescheduled_from_id": self._moved_from(person.id, at),
        }
        self._diary.appointment.append(row)
        if status is VisitStatus.CANCELLED and chance.random() < 0.6:
            self._to_rebook[person.id] = number
        if status is VisitStatus.DONE:
            self._diary.encounter.append(
                {
                    "patient_id": person.id,
                    "provider_id": provider_id,
                    "payer_id": person.payer_id,
                    "appointment_id": number,
                    "starts_at": row["starts_at"],
                    "duration_min": kind.duration_min,
                    "kind": "virtual" if kind.name == "Telephone" else "ambulatory",
                    "description": kind.name,
                }
            )

    def _moved_from(self, patient_id: int, at: datetime) -> int | None:
        """The visit given up for this one, which then says so."""
        number = self._to_rebook.pop(patient_id, None)
        if number is not None:
            old = self._diary.appointment[number - 1]
            when = f"{_FORMATS.short_date(at.date())}, {_FORMATS.time(at)}"
            old |= {"cancelled_by": "", "cancel_reason": f"Moved to {when}"}
        return number
