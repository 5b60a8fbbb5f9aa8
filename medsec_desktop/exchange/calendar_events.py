"""Events of an iCalendar file (RFC 5545), out and in, in the clinic's wall-clock time.

The file is cut into events here, line by line, so that one broken event costs no other; what stands
inside an event is read and written by the `icalendar` library.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from medsec_desktop.domain.calendar.recurrence import occurrences, parse
from medsec_desktop.exchange.lines import content_lines
from medsec_desktop.exchange.quarantine import Origin, Quarantined, Unreadable
from medsec_desktop.exchange.text import read_text
from medsec_desktop.problems import Invalid

# The library's events are read by name and say nothing of what a property is: `Any` to us.
_NO_END_MIN = 30  # an event without an end; RFC 5545 gives it no length at all
_MOST_MIN = 24 * 60
_ASIDE = {"VTODO": "to-dos", "VJOURNAL": "journal entries", "VFREEBUSY": "free/busy lists"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody an event names: as organizer, attendee or in so many words."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event, or one occurrence of an event that repeats.

    `key` is the same whenever the file is read again, also after the event was moved.
    """

    origin: Origin
    key: str
    starts_at: datetime
    duration_min: int
    summary: str = ""
    description: str = ""
    location: str = ""
    calendar: str = ""
    categories: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    is_cancelled: bool = False
    notes: tuple[str, ...] = ()


class CalendarFile:
    """An .ics file, read once. Raises Invalid where it is none, Unavailable where it is unreadable."""

    kind = "icalendar"

    def __init__(self, path: Path, zone_name: str = "", *, first: date, last: date):
        """`zone_name` is the clinic's zone, '' the computer's; what repeats is counted out from `first`
        to `last`."""
        self.name = path.name
        self._zone = ZoneInfo(zone_name) if zone_name else None
        self._zone_name = zone_name
        self._first, self._last = first, last
        self.aside: dict[str, int] = {}
        self._calendar = ""
        self._blocks: list[tuple[int, list[str]]] = []
        self._broken: list[Quarantined] = []
        self._cut(read_text(path))

    @property
    def count(self) -> int:
        """How many events the file has, broken ones included."""
        return len(self._blocks) + len(self._broken)

    def events(self) -> Iterator[EventRecord | Quarantined]:
        """Each event in the order of the file, what repeats as its occurrences; broken ones last."""
        moved = self._moved_occurrences()
        for number, lines in self._blocks:
            origin = Origin(self.name, number)
            try:
                found = list(self._of(origin, lines, moved))
            except Unreadable as reason:
                yield Quarantined(origin, str(reason))
            except Invalid as problem:
                yield Quarantined(origin, problem.what)
            except Exception:  # what a damaged event can make a parser raise has no end
                yield Quarantined(origin, "It is damaged and cannot be read.")
            else:
                yield from found
        yield from self._broken

    # -- cutting --------------------------------------------------------------------------------

    def _cut(self, text: str) -> None:
        """Take the file apart; what is inside an event but no line of it is left for its reader."""
        begun = zone_begun = 0
        lines: list[str] = []
        zones: list[list[str]] = []
        is_calendar = False
        depth: list[str] = []
        for line in content_lines(text):
            part = line.value.upper().strip() if line.name in ("BEGIN", "END") else ""
            raw = _raw(line.name, line.parameters, line.value)
            if line.name == "BEGIN" and part == "VCALENDAR":
                is_calendar = True
                continue
            if begun:
                if (line.name, part) in (("BEGIN", "VEVENT"), ("END", "VCALENDAR")):
                    self._cut_short(begun)
                    begun, depth = (line.number, []) if line.name == "BEGIN" else (0, [])
                    lines = [raw]
                    continue
                lines.append(raw)
                if line.name == "BEGIN":
                    depth.append(part)
                elif line.name == "END" and part == "VEVENT":
                    self._blocks.append((begun, lines))
                    begun, depth = 0, []
                elif line.name == "END" and depth:
                    depth.pop()
            elif line.name == "BEGIN" and part == "VEVENT":
                begun, lines, depth = line.number, [raw], []
            elif line.name == "BEGIN" and part == "VTIMEZONE":
                zone_begun = line.number
                zones.append([raw])
            elif zone_begun:
                zones[-1].append(raw)
                if line.name == "END" and part == "VTIMEZONE":
                    zone_begun = 0
            elif line.name == "BEGIN" and part in _ASIDE:
                self.aside[_ASIDE[part]] = self.aside.get(_ASIDE[part], 0) + 1
            elif line.name == "X-WR-CALNAME":
                self._calendar = _plain(line.value)
        if begun:
            self._cut_short(begun)
        if not is_calendar:
            raise Invalid(
                f"“{self.name}” is not a calendar file.",
                "It has no line BEGIN:VCALENDAR.",
                "Export it again as iCalendar (.ics).",
                field="path",
            )
        self._learn_zones(zones)

    def _cut_short(self, begun: int) -> None:
        sentence = "It is begun and not ended: the file is broken or cut short here."
        self._broken.append(Quarantined(Origin(self.name, begun), sentence))

    def _learn_zones(self, zones: Iterable[Sequence[str]]) -> None:
        """The file's own time zones, by the names its events use; a damaged one is passed over."""
        from icalendar import Timezone

        self._own: dict[str, Any] = {}
        for lines in zones:
            try:
                part: Any = Timezone.from_ical("\r\n".join(lines))
                self._own[str(part["TZID"])] = part.to_tz(lookup_tzid=False)
            except Exception:  # whatever a foreign zone makes the library raise
                continue

    # -- reading --------------------------------------------------------------------------------

    def _parsed(self, lines: Sequence[str]) -> Any:
        from icalendar import Event

        try:
            return Event.from_ical("\r\n".join(lines))
        except Exception as error:  # the library's own kinds are not told apart
            raise Unreadable("It cannot be read: its parts do not fit together.") from error

    def _moved_occurrences(self) -> dict[str, set[datetime]]:
        """By UID, the occurrences that have an event of their own."""
        found: dict[str, set[datetime]] = {}
        for _, lines in self._blocks:
            if not any(line.upper().startswith("RECURRENCE-ID") for line in lines):
                continue
            try:
                event = self._parsed(lines)
                at = self._moment(event, "RECURRENCE-ID", [])
            except Exception:  # it is told when it is read itself
                continue
            if at is not None:
                found.setdefault(str(_first(event.get("UID", ""))).strip(), set()).add(at)
        return found

    def _of(
        self, origin: Origin, lines: Sequence[str], moved: dict[str, set[datetime]]
    ) -> Iterator[EventRecord]:
        event = self._parsed(lines)
        notes = [
            f"{name or 'A line'} was not understood and is left aside."
            for name, _ in event.errors
            if name not in ("DTSTART", "DTEND", "DURATION", "RRULE")
        ]
        record = self._record(origin, event, notes)
        again = self._moment(event, "RECURRENCE-ID", notes)
        uid = str(_first(event.get("UID", ""))).strip()
        if again is not None:
            yield replace(record, key=f"{uid}|{again:%Y-%m-%dT%H:%M}")
            return
        rules = _many(event.get("RRULE"))
        extra = self._dates(event, "RDATE")
        if not rules and not extra:
            yield record
            return
        yield from self._repeated(record, uid, rules, extra, event, moved.get(uid, set()))

    def _repeated(
        self,
        record: EventRecord,
        uid: str,
        rules: Sequence[Any],
        extra: Iterable[datetime],
        event: Any,
        moved: set[datetime],
    ) -> Iterator[EventRecord]:
        starts = set(extra)
        for rule in rules:
            rhythm = parse(rule.to_ical().decode(), self._zone_name or "UTC")
            starts.update(occurrences(record.starts_at, rhythm, (self._first, self._last)))
        if self._first <= record.starts_at.date() <= self._last:
            starts.add(record.starts_at)  # RFC 5545, 3.8.5.3: DTSTART is the first of the set
        starts -= {*self._dates(event, "EXDATE"), *moved}
        chosen = sorted(at for at in starts if self._first <= at.date() <= self._last)
        if not chosen:
            raise Unreadable("It repeats, but on no day that is taken in.")
        for at in chosen:
            yield replace(record, starts_at=at, key=f"{uid or record.key}|{at:%Y-%m-%dT%H:%M}")

    def _record(self, origin: Origin, event: Any, notes: list[str]) -> EventRecord:
        start = _first(event.get("DTSTART"))
        if start is None:
            raise Unreadable("It has no beginning (DTSTART).")
        if any(name == "DTSTART" for name, _ in event.errors):
            raise Unreadable(f"Its beginning, “{_shortly(start)}”, is not a date.")
        if not isinstance(getattr(start, "dt", None), datetime):
            raise Unreadable("It lasts whole days; a visit needs a time of day.")
        starts_at = self._moment(event, "DTSTART", notes)
        assert starts_at is not None
        if not 1900 <= starts_at.year <= 2200:
            raise Unreadable(f"Its year, {starts_at.year}, is not plausible.")
        duration = self._duration(event, starts_at, notes)
        if starts_at + timedelta(minutes=duration) > datetime.combine(
            starts_at.date() + timedelta(days=1), time()
        ):
            raise Unreadable("It runs past midnight; a visit ends on the day it begins.")
        summary = _text(event.get("SUMMARY"))
        uid = str(_first(event.get("UID", ""))).strip()
        if not uid:
            # Without a UID the same words at the same time are the same event.
            digest = hashlib.sha256(f"{starts_at:%Y%m%dT%H%M}|{summary}".encode()).hexdigest()
            uid = f"without-uid-{digest[:24]}"
            notes.append("It has no UID; its time and title stand for one.")
        return EventRecord(
            origin,
            uid,
            starts_at,
            duration,
            summary,
            _text(event.get("DESCRIPTION")),
            _text(event.get("LOCATION")),
            self._calendar,
            tuple(_categories(event)),
            tuple(_people(event)),
            str(_first(event.get("STATUS", ""))).upper() == "CANCELLED",
            tuple(dict.fromkeys(notes)),
        )

    def _duration(self, event: Any, starts_at: datetime, notes: list[str]) -> int:
        broken = {name for name, _ in event.errors}
        if event.get("DTEND") is not None and "DTEND" not in broken:
            if not isinstance(_first(event["DTEND"]).dt, datetime):
                raise Unreadable("It begins at a time and ends on a day.")
            ends_at = self._moment(event, "DTEND", notes)
            length = (ends_at or starts_at) - starts_at
        elif event.get("DURATION") is not None and "DURATION" not in broken:
            length = _first(event["DURATION"]).dt
            if not isinstance(length, timedelta):
                raise Unreadable("Its length cannot be understood.")
        elif broken & {"DTEND", "DURATION"}:
            raise Unreadable("Its end cannot be understood.")
        else:
            notes.append(f"It has no end; {_NO_END_MIN} minutes are taken.")
            return _NO_END_MIN
        minutes = int(length.total_seconds() // 60)
        if minutes < 0:
            raise Unreadable("It ends before it begins.")
        if minutes == 0:
            notes.append(f"It has no length; {_NO_END_MIN} minutes are taken.")
            return _NO_END_MIN
        if minutes > _MOST_MIN:
            raise Unreadable("It lasts longer than a day.")
        return minutes

    def _moment(self, event: Any, name: str, notes: list[str]) -> datetime | None:
        """A property's time on the clinic's clock, seconds dropped; None where it has none."""
        value = _first(event.get(name))
        if value is None or any(broken == name for broken, _ in event.errors):
            return None
        found = getattr(value, "dt", None)
        if not isinstance(found, datetime):
            return None
        return self._wall(found, str(value.params.get("TZID", "")), notes)

    def _wall(self, at: datetime, zone: str, notes: list[str]) -> datetime:
        if zone in self._own:
            at = at.replace(tzinfo=self._own[zone])  # the file's own words for its zone come first
        if at.tzinfo is None:
            if zone:
                notes.append(f"Its time zone “{_shortly(zone)}” is unknown; the clinic’s is taken.")
        else:
            at = at.astimezone(self._zone)
        return at.replace(tzinfo=None, second=0, microsecond=0, fold=0)

    def _dates(self, event: Any, name: str) -> set[datetime]:
        found: set[datetime] = set()
        if any(broken == name for broken, _ in event.errors):
            return found  # a remark tells of it
        for several in _many(event.get(name)):
            for one in getattr(several, "dts", ()):
                zone = str(getattr(several, "params", {}).get("TZID", ""))
                if isinstance(one.dt, datetime):
                    found.add(self._wall(one.dt, zone, []))
        return found


def _raw(name: str, parameters: str, value: str) -> str:
    if not name:
        return value
    return f"{name};{parameters}:{value}" if parameters else f"{name}:{value}"


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _first(value: Any) -> Any:
    """A property that may stand once only; of several the first."""
    return value[0] if isinstance(value, list) and value else value


def _text(value: Any) -> str:
    return " ".join(str(_first(value)).split()) if value is not None else ""


def _plain(value: str) -> str:
    return re.sub(r"\\([,;\\])", r"\1", value).strip()


def _shortly(value: Any) -> str:
    return str(value)[:40]


def _categories(event: Any) -> Iterator[str]:
    for several in _many(event.get("CATEGORIES")):
        for one in getattr(several, "cats", ()):
            yield _text(one)


def _people(event: Any) -> Iterator[Person]:
    for name in ("ATTENDEE", "ORGANIZER", "CONTACT"):
        for value in _many(event.get(name)):
            called = _text(getattr(value, "params", {}).get("CN", ""))
            address = str(value).strip()
            if address.lower().startswith("mailto:"):
                yield Person(called, address[7:].strip().lower())
            elif called or name == "CONTACT":
                yield Person(called or _text(value))


# -- out --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OutEvent:
    """One visit as other programs shall show it; times are the clinic's wall clock."""

    uid: str
    sequence: int
    starts_at: datetime
    duration_min: int
    summary: str
    description: str = ""
    location: str = ""
    categories: tuple[str, ...] = ()
    is_cancelled: bool = False
    changed_at: datetime | None = None  # UTC


def calendar_file(
    events: Sequence[OutEvent],
    *,
    name: str,
    zone_name: str,
    written_at: datetime,
    told: Callable[[int], object] = lambda _: None,
) -> bytes:
    """The events as an iCalendar file. `written_at` is UTC; without a zone the times are floating.

    `told` hears how many are written; it may raise to stop.
    """
    from icalendar import Calendar, Event

    zone = ZoneInfo(zone_name) if zone_name else None
    calendar = Calendar()
    calendar.add("prodid", "-//MedSec Desktop//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    if zone is not None and events:
        calendar.add("x-wr-timezone", zone_name)
        days = [event.starts_at for event in events]
        calendar.add_component(_timezone(zone, min(days).year, max(days).year))
    for number, one in enumerate(events, 1):
        told(number)
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", written_at)
        if one.changed_at is not None:
            event.add("last-modified", one.changed_at)
        event.add("sequence", one.sequence)
        starts_at = one.starts_at.replace(tzinfo=zone)
        ends_at = (one.starts_at + timedelta(minutes=one.duration_min)).replace(tzinfo=zone)
        event.add("dtstart", starts_at)
        event.add("dtend", ends_at)
        event.add("summary", one.summary)
        for field, value in (("description", one.description), ("location", one.location)):
            if value:
                event.add(field, value)
        if one.categories:
            event.add("categories", list(one.categories))
        event.add("class", "PRIVATE")
        event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _timezone(zone: ZoneInfo, first_year: int, last_year: int) -> Any:
    """The zone's changes from the year before the first event to the year after the last.

    Written out here because the library begins daylight saving an hour late: an onset is told in the
    clock that ends with it (RFC 5545, 3.6.5).
    """
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vUTCOffset

    whole = Timezone()
    whole.add("tzid", zone.key)
    start = datetime(first_year - 1, 1, 1, tzinfo=UTC)
    moments = [start, *_changes(zone, first_year - 1, last_year + 1)]
    for moment in moments:
        before = (moment - timedelta(seconds=1)).astimezone(zone)
        after = moment.astimezone(zone)
        part = TimezoneDaylight() if after.dst() else TimezoneStandard()
        onset = moment + (before.utcoffset() or timedelta())
        part.add("dtstart", onset.replace(tzinfo=None))
        part.add("tzname", after.tzname() or zone.key)
        part["TZOFFSETFROM"] = vUTCOffset(before.utcoffset() or timedelta())
        part["TZOFFSETTO"] = vUTCOffset(after.utcoffset() or timedelta())
        whole.add_component(part)
    return whole


def _changes(zone: ZoneInfo, first_year: int, last_year: int) -> Iterator[datetime]:
    """The moments (UTC) at which the zone's clocks are changed, to the minute."""
    day = timedelta(days=1)
    at = datetime(first_year, 1, 1, tzinfo=UTC)
    end = datetime(last_year + 1, 1, 1, tzinfo=UTC)
    while at < end:
        if at.astimezone(zone).utcoffset() != (at + day).astimezone(zone).utcoffset():
            low, high = 0, 24 * 60
            while high - low > 1:
                middle = (low + high) // 2
                then = (at + timedelta(minutes=middle)).astimezone(zone).utcoffset()
                if then == at.astimezone(zone).utcoffset():
                    low = middle
                else:
                    high = middle
            yield at + timedelta(minutes=high)
        at += day
