"""What stands around the demo clinic's visits: stamped times, holds, notes, lists of people to call."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from medsec_desktop.domain.calendar import Span, VisitStatus, free_within

Fields = dict[str, Any]
_STAMPED_DAYS = 45  # how far back the times of arrival and the rest are kept in the demo
ABSENCE = "Away: on sick leave"
DENTIST = "Away: at the dentist"
_DENTIST = Span(14 * 60, 16 * 60)
_FULL_DAY = 6
_LATE = timedelta(hours=24)
_RECALLS, _WAITING, _AUTHORIZATIONS = 40, 9, 30
_RECALL_TYPES = (
    ("Yearly visit", 12, "Yearly visit"),
    ("Child check-up", 12, "Child check-up"),
    ("Blood pressure check", 6, "Nurse visit"),
    ("Follow-up", 3, "Follow-up"),
)
_WAITING_NOTES = ("Any time that week.", "Works across the street.", "Call her mobile.", "", "", "")
_HELD = (VisitStatus.SCHEDULED, VisitStatus.CONFIRMED, VisitStatus.ARRIVED,
         VisitStatus.IN_ROOM, VisitStatus.DONE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """The clinic as the front desk finds it: its visits, hours, kinds of visits and coverages."""

    appointments: Sequence[Fields]
    coverages: Sequence[Fields]
    hours: Mapping[
        tuple[int, date], Sequence[Span]
    ]  # provider and day, from today on; () when away
    kinds: Mapping[str, int]  # type by name
    rooms: Sequence[int]
    now: datetime


def arrange(setting: Setting, seed: int) -> dict[str, list[Fields]]:
    """Rows by table, in the order in which they refer to each other; the same for the same seed."""
    return _Arranger(setting, random.Random(seed)).arranged()


class _Arranger:
    def __init__(self, setting: Setting, chance: random.Random):
        self._setting = setting
        self._chance = chance
        self._now, self._today = setting.now, setting.now.date()
        self._providers = sorted({provider for provider, _ in setting.hours})
        busy = self._busy()
        self._free = {
            key: list(free_within(spans, busy.get(key, ()))) for key, spans in setting.hours.items()
        }
        self._expected = [
            row
            for row in setting.appointments
            if row["starts_at"] > _at(self._now) and row["status"] in ("scheduled", "confirmed")
        ]

    def arranged(self) -> dict[str, list[Fields]]:
        return {
            "closure": self._absences(),
            "appointment_event": self._events(),
            "block_out": self._blocks(),
            "block_out_type": [
                {"block_out_id": 2, "type_id": self._setting.kinds["Telephone"]},
                {"block_out_id": 2, "type_id": self._setting.kinds["Nurse visit"]},
            ],
            "hold": self._holds(),
            "grid_note": self._notes(),
            "calendar_view": self._views(),
            "authorization": self._authorizations(),
            "waiting_entry": self._waiting(),
            "recall_type": [
                {"name": name, "interval_months": months, "type_id": self._setting.kinds[kind],
                 "position": place}
                for place, (name, months, kind) in enumerate(_RECALL_TYPES)
            ],
            "recall": (recalls := self._recalls()),
            "recall_round": self._rounds(recalls),
            "call_attempt": self._calls(),
        }  # fmt: skip

    # -- stamped times --------------------------------------------------------------------------

    def _events(self) -> list[Fields]:
        since = _at(self._now - timedelta(days=_STAMPED_DAYS))
        found: list[Fields] = []
        for row in self._setting.appointments:
            if row["starts_at"] >= since:
                found += self._stamped(row)
        return found

    def _stamped(self, row: Fields) -> list[Fields]:
        """Each state the visit took, as the desk would have stamped it."""
        chance, status = self._chance, VisitStatus(row["status"])
        starts_at = datetime.fromisoformat(row["starts_at"])
        called_at = datetime.combine(
            starts_at.date() - timedelta(days=2), time(10, chance.randrange(60))
        )
        steps: list[tuple[VisitStatus, datetime, str]] = []
        if status is VisitStatus.CONFIRMED or (
            status in (VisitStatus.ARRIVED, VisitStatus.IN_ROOM, VisitStatus.DONE)
            and chance.random() < 0.6
        ):
            how = "person" if chance.random() < 0.6 else "machine"
            steps.append((VisitStatus.CONFIRMED, called_at, how))
        arrived_at = starts_at - timedelta(minutes=chance.randrange(1, 16))
        to_room_at = arrived_at + timedelta(minutes=chance.randrange(4, 25))
        if status in (VisitStatus.ARRIVED, VisitStatus.LEFT, VisitStatus.IN_ROOM, VisitStatus.DONE):
            steps.append((VisitStatus.ARRIVED, arrived_at, ""))
        if status in (VisitStatus.IN_ROOM, VisitStatus.DONE):
            steps.append((VisitStatus.IN_ROOM, to_room_at, ""))
        if status is VisitStatus.DONE:
            done_at = to_room_at + timedelta(minutes=int(row["duration_min"]))
            steps.append((VisitStatus.DONE, done_at, ""))
        if status in (VisitStatus.NO_SHOW, VisitStatus.LEFT):
            ended_at = starts_at + timedelta(minutes=30 + chance.randrange(30))
            steps.append((status, ended_at, ""))
        if status is VisitStatus.CANCELLED:
            before = timedelta(hours=chance.choice((2, 5, 20, 50, 70)))
            steps.append((status, starts_at - before, row["cancel_reason"]))
        return [
            {
                "appointment_id": row["id"],
                "status": str(state),
                "at": _at(min(at, self._now)),
                "detail": detail,
                "is_late": int(row["cancelled_by"] == "patient" and starts_at - at < _LATE),
            }
            for state, at, detail in steps
        ]

    # -- away -----------------------------------------------------------------------------------

    def _absences(self) -> list[Fields]:
        """Two that are to be worked off: a whole day, and some hours of a later one."""
        whole = self._absence()
        return whole + self._hours_away(whole[0]["first_on"] if whole else "")

    def _hours_away(self, after: str) -> list[Fields]:
        """Somebody goes to the dentist: the next afternoon that has visits then."""
        first, last = f"T{_DENTIST.starts_min // 60:02}", f"T{_DENTIST.ends_min // 60:02}"
        for row in sorted(self._expected, key=lambda row: row["starts_at"]):
            day, at = row["starts_at"][:10], row["starts_at"][10:]
            if day > after and first <= at < last and row["provider_id"] == self._providers[0]:
                self._free.pop((row["provider_id"], date.fromisoformat(day)), None)
                return [
                    {
                        "name": DENTIST,
                        "provider_id": row["provider_id"],
                        "first_on": day,
                        "last_on": day,
                        "starts_min": _DENTIST.starts_min,
                        "ends_min": _DENTIST.ends_min,
                    }
                ]
        return []

    def _absence(self) -> list[Fields]:
        """Somebody fell ill this morning: the next full day of hers is to be worked off."""
        earliest = (self._today + timedelta(days=2)).isoformat()
        days: dict[tuple[str, int], int] = {}
        for row in self._expected:
            key = row["starts_at"][:10], row["provider_id"]
            days[key] = days.get(key, 0) + 1
        for (day, provider_id), visits in sorted(days.items()):
            if day >= earliest and visits >= _FULL_DAY and provider_id != self._providers[0]:
                self._free.pop((provider_id, date.fromisoformat(day)), None)
                return [
                    {
                        "name": ABSENCE,
                        "provider_id": provider_id,
                        "first_on": day,
                        "last_on": day,
                        "starts_min": None,
                        "ends_min": None,
                    }
                ]
        return []

    # -- on the grid ----------------------------------------------------------------------------

    def _blocks(self) -> list[Fields]:
        """A weekly meeting over one doctor's lunch, and time kept for other things in the days ahead."""
        monday = self._today - timedelta(days=self._today.weekday())
        rows = [
            self._block("meeting", "Team meeting", monday + timedelta(days=2), Span(735, 780))
            | {
                "provider_id": self._providers[0],  # whose lunch it falls into
                "rule": "FREQ=WEEKLY;BYDAY=WE",
                "note": "In the kitchen.",
            }
        ]
        for kind, title, ahead, minutes in (
            ("reserved", "Calls and nurse visits", 0, 30),
            ("blocked", "Paperwork", 1, 30),
            ("meeting", "Lab representative", 3, 30),
        ):
            key, span = self._spare(ahead, minutes)
            rows.append(self._block(kind, title, key[1], span) | {"provider_id": key[0]})
        return rows

    def _block(self, kind: str, title: str, day: date, span: Span) -> Fields:
        return {
            "provider_id": None,
            "kind": kind,
            "title": title,
            "starts_on": day.isoformat(),
            "starts_min": span.starts_min,
            "ends_min": span.ends_min,
            "rule": "",
            "note": "",
        }

    def _holds(self) -> list[Fields]:
        rows = []
        for ahead, title, lasts in ((0, "Kept for a call back", 2), (2, "For the hospital", 26)):
            (provider_id, day), span = self._spare(ahead, 20)
            rows.append(
                {
                    "provider_id": provider_id,
                    "starts_at": _at(span.starts_at(day)),
                    "duration_min": 20,
                    "title": title,
                    "expires_at": _at(self._now + timedelta(hours=lasts)),
                }
            )
        return rows

    def _notes(self) -> list[Fields]:
        def note(ahead: int, text: str, colour: str, minute: int | None = None) -> Fields:
            return {
                "day_on": (self._today + timedelta(days=ahead)).isoformat(),
                "provider_id": self._providers[0] if minute is not None else None,
                "starts_min": minute,
                "text": text,
                "colour": colour,
            }

        return [
            note(0, "Printer service comes at four", "amber"),
            note(0, "Interpreter here until noon", "teal", 540),
            note(1, "Flu clinic in the Procedure room", "blue"),
            note(4, "Parking lot closed", "red"),
        ]

    def _views(self) -> list[Fields]:
        doctors = ",".join(f"provider:{number}" for number in self._providers)
        rooms = ",".join(f"room:{number}" for number in self._setting.rooms)
        first = self._providers[0]
        return [
            {"name": "Everybody", "columns": doctors, "position": 0},
            {"name": "Rooms", "columns": rooms, "position": 1},
            {
                "name": "Front corridor",
                "columns": f"provider:{first},room:{self._setting.rooms[0]}",
                "position": 2,
            },
        ]

    # -- people to think of ---------------------------------------------------------------------

    def _authorizations(self) -> list[Fields]:
        """For some who come often: used up, nearly so, or with visits left."""
        starts_on = (self._today - timedelta(days=150)).isoformat()
        used: dict[int, int] = {}
        for row in self._setting.appointments:
            if row["starts_at"] >= starts_on and row["status"] in _HELD:
                used[row["patient_id"]] = used.get(row["patient_id"], 0) + 1
        insured = {
            row["patient_id"]: number
            for number, row in enumerate(self._setting.coverages, 1)
            if row["ends_on"] is None and row["rank"] == "primary"
        }
        often = sorted(used.keys() & insured.keys(), key=lambda number: (-used[number], number))
        return [
            {
                "patient_id": patient_id,
                "coverage_id": insured[patient_id],
                "number": f"DEMO-{place + 1001}",
                "counts": "units" if place % 4 == 3 else "visits",
                "codes": "97110 97140" if place % 4 == 3 else "",
                "used_elsewhere": 2 * (place % 8 == 3),
                # Every visit uses two units, see where visits are told what authorizes them.
                "visits_allowed": used[patient_id] * (1 + (place % 4 == 3))
                + 2 * (place % 8 == 3)
                + (0, 1, 3, 6, 12)[place % 5],
                "starts_on": starts_on,
                "ends_on": (self._today + timedelta(days=30 + 20 * (place % 9))).isoformat(),
            }
            for place, patient_id in enumerate(often[:_AUTHORIZATIONS])
        ]

    def _waiting(self) -> list[Fields]:
        """Those with a visit some weeks ahead who would rather come next week."""
        later = [
            row
            for row in self._expected
            if row["starts_at"][:10] > (self._today + timedelta(days=9)).isoformat()
        ]
        chosen = self._chance.sample(later, min(_WAITING, len(later)))
        return [
            {
                "patient_id": row["patient_id"],
                "provider_id": self._chance.choice((row["provider_id"], None)),
                "type_id": row["type_id"],
                "duration_min": row["duration_min"],
                "is_urgent": int(place == 0),
                "latest_on": (self._today + timedelta(days=self._chance.choice((5, 9, 21)))).isoformat(),
                "availability": self._chance.choice(
                    ("", "", "0:540-720,2:540-720,4:540-720", "1:780-1080,3:780-1080")
                ),
                "notice_min": self._chance.choice((0, 60, 180)),
                "interim_appointment_id": row["id"],
                "keeps_interim": int(place == 3),
                "note": self._chance.choice(_WAITING_NOTES),
                "added_at": _at(self._now - timedelta(days=1 + 6 * place, hours=place % 5)),
            }
            for place, row in enumerate(chosen)
        ]  # fmt: skip

    def _recalls(self) -> list[Fields]:
        """Some overdue, some due in the weeks ahead, of people who have no visit to come."""
        expected = {row["patient_id"] for row in self._expected}
        seen = [
            row
            for row in self._setting.appointments
            if row["status"] == "done" and row["patient_id"] not in expected
        ]
        people = {row["patient_id"]: row for row in seen[-900:]}
        chosen = self._chance.sample(sorted(people), min(_RECALLS, len(people)))
        return [
            {
                "patient_id": patient_id,
                "recall_type_id": self._chance.randrange(1, len(_RECALL_TYPES) + 1),
                "provider_id": people[patient_id]["provider_id"],
                "due_on": (self._today + timedelta(days=self._chance.randrange(-50, 45))).isoformat(),
            }
            for patient_id in chosen
        ]  # fmt: skip

    def _rounds(self, recalls: Sequence[Fields]) -> list[Fields]:
        """The first reminder went out a month before, where that day has come."""
        rows = []
        for number, recall in enumerate(recalls, 1):
            sent_on = date.fromisoformat(recall["due_on"]) - timedelta(days=30)
            if sent_on <= self._today and self._chance.random() < 0.7:
                how = self._chance.choice(("letter", "call"))
                rows.append(
                    {"recall_id": number, "round": 1, "how": how, "sent_on": sent_on.isoformat()}
                )
        return rows

    def _calls(self) -> list[Fields]:
        """Yesterday's calls about visits of the next days that nobody answered."""
        soon = (self._today + timedelta(days=4)).isoformat()
        unanswered = [
            row
            for row in self._expected
            if row["status"] == "scheduled" and row["starts_at"][:10] < soon
        ]
        called_at = datetime.combine(self._today - timedelta(days=1), time(15, 40))
        return [
            {
                "patient_id": row["patient_id"],
                "appointment_id": row["id"],
                "outcome": self._chance.choice(("no-answer", "no-answer", "left-on-machine")),
                "at": _at(called_at),
            }
            for row in unanswered[:6]
        ]

    # -- inside ---------------------------------------------------------------------------------

    def _busy(self) -> dict[tuple[int, date], list[Span]]:
        """The time that is taken, by provider and day."""
        busy: dict[tuple[int, date], list[Span]] = {}
        first = min(day for _, day in self._setting.hours).isoformat()
        for row in self._setting.appointments:
            if row["status"] in _HELD and row["starts_at"] >= first:
                at = datetime.fromisoformat(row["starts_at"])
                busy.setdefault((row["provider_id"], at.date()), []).append(
                    Span.of(at, row["duration_min"])
                )
        return busy

    def _spare(self, ahead: int, minutes: int) -> tuple[tuple[int, date], Span]:
        """Free time of somebody that many days ahead or later, taken so that it is given once."""
        earliest = self._today + timedelta(days=ahead)
        now_min = self._now.hour * 60 + self._now.minute
        for key in sorted(self._free, key=lambda key: (key[1], key[0])):
            for place, span in enumerate(self._free[key]):
                is_over = key[1] == self._today and span.starts_min < now_min
                if key[1] >= earliest and span.duration_min >= minutes and not is_over:
                    taken = Span(span.starts_min, span.starts_min + minutes)
                    self._free[key][place] = Span(taken.ends_min, span.ends_min)
                    return key, taken
        raise LookupError("The demo clinic has no free time left.")


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
