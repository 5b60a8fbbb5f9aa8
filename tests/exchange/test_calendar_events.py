"""iCalendar: what is read of other programs' events, what is refused and why, and what we write."""

from __future__ import annotations

import contextlib
import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from medsec_desktop.exchange.calendar_events import (
    CalendarFile,
    EventRecord,
    OutEvent,
    Person,
    calendar_file,
)
from medsec_desktop.exchange.quarantine import Quarantined
from medsec_desktop.problems import Invalid

SOUND = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VTIMEZONE\r
TZID:Office\r
BEGIN:STANDARD\r
DTSTART:19700101T000000\r
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r
TZOFFSETFROM:-0400\r
TZOFFSETTO:-0500\r
END:STANDARD\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
UID:1\r
DTSTART;TZID=Office:20260312T100000\r
DTEND;TZID=America/New_York:20260312T103000\r
RRULE:FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20260601T000000Z\r
EXDATE;TZID=America/New_York:20260316T100000\r
RDATE:20260501T100000Z\r
SUMMARY:Testperson\\, Ada\r
CATEGORIES:Follow-up,New\r
ATTENDEE;CN="Ada Testperson";ROLE=CHAIR:mailto:ada@test.example\r
BEGIN:VALARM\r
TRIGGER:-PT15M\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:1\r
RECURRENCE-ID:20260319T100000\r
DTSTART:20260320T100000Z\r
DURATION:PT20M\r
END:VEVENT\r
END:VCALENDAR\r
"""
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
ZONE = "America/New_York"


def read(
    tmp_path: Path, *events: str, zone: str = ZONE, head: str = ""
) -> list[EventRecord | Quarantined]:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return list(a_file(tmp_path, f"{head}{body}", zone).events())


def a_file(tmp_path: Path, body: str, zone: str = ZONE) -> CalendarFile:
    path = tmp_path / "calendar.ics"
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n"
    path.write_text(text, encoding="utf-8", newline="")
    return CalendarFile(path, zone, first=FIRST, last=LAST)


def starts(found: list[EventRecord | Quarantined]) -> list[str]:
    return [f"{one.starts_at:%m-%d %H:%M}" for one in found if isinstance(one, EventRecord)]


@pytest.mark.parametrize(
    ("start", "wall"),
    [
        ("DTSTART:20260312T100000", "03-12 10:00"),  # floating: what the clock shows
        ("DTSTART:20260312T140000Z", "03-12 10:00"),
        ("DTSTART;TZID=America/Chicago:20260312T090000", "03-12 10:00"),
        ("DTSTART;TZID=Europe/Berlin:20260312T150000", "03-12 10:00"),
        ("DTSTART;VALUE=DATE-TIME;TZID=America/New_York:20260312T100030", "03-12 10:00"),
    ],
)
def test_times_are_put_on_the_clinics_clock(tmp_path: Path, start: str, wall: str) -> None:
    (event,) = read(tmp_path, f"UID:1\r\n{start}\r\nDURATION:PT45M")

    assert isinstance(event, EventRecord)
    assert starts([event]) == [wall]
    assert event.duration_min == 45


def test_a_zone_of_the_files_own_is_used_as_the_file_describes_it(tmp_path: Path) -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Office\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:-0700\r\nTZOFFSETTO:-0700\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )

    (event,) = read(tmp_path, "UID:1\r\nDTSTART;TZID=Office:20260312T070000", head=zone)

    assert starts([event]) == ["03-12 10:00"]


def test_an_unknown_zone_is_taken_as_the_clinics_with_a_remark(tmp_path: Path) -> None:
    (event,) = read(tmp_path, "UID:1\r\nDTSTART;TZID=Nowhere:20260312T100000\r\nDURATION:PT30M")

    assert isinstance(event, EventRecord)
    assert starts([event]) == ["03-12 10:00"]
    assert event.notes == ("Its time zone “Nowhere” is unknown; the clinic’s is taken.",)


def test_title_place_people_and_categories_are_read(tmp_path: Path) -> None:
    (event,) = read(
        tmp_path,
        "UID:1\r\nDTSTART:20260312T100000\r\nDTEND:20260312T103000\r\n"
        "SUMMARY:Testperson\\, Ada\r\nLOCATION:Room 2\r\nCATEGORIES:Follow-up,New\r\n"
        'ATTENDEE;CN="Testperson, Ada":mailto:Ada@Test.example\r\n'
        "ORGANIZER;CN=Robin Chen:mailto:chen@lakeside.example\r\nSTATUS:CANCELLED",
        head="X-WR-CALNAME:Dr. Chen\\, MD\r\n",
    )

    assert isinstance(event, EventRecord)
    assert (event.summary, event.location, event.calendar) == (
        "Testperson, Ada", "Room 2", "Dr. Chen, MD",
    )  # fmt: skip
    assert event.categories == ("Follow-up", "New")
    assert event.people == (
        Person("Testperson, Ada", "ada@test.example"),
        Person("Robin Chen", "chen@lakeside.example"),
    )
    assert event.is_cancelled


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ("UID:1", "It has no beginning (DTSTART)."),
        ("DTSTART:20260230T100000", "Its beginning, “20260230T100000”, is not a date."),
        ("DTSTART;VALUE=DATE:20260312", "It lasts whole days; a visit needs a time of day."),
        ("DTSTART:20260312T230000\r\nDURATION:PT2H", "It runs past midnight; a visit ends"),
        ("DTSTART:20260312T100000\r\nDTEND:20260312T090000", "It ends before it begins."),
        ("DTSTART:20260312T100000\r\nDTEND:20260314T090000", "It lasts longer than a day."),
        ("DTSTART:20260312T100000\r\nDTEND:nonsense", "Its end cannot be understood."),
        ("DTSTART:00010312T100000", "Its year, 1, is not plausible."),
        ("DTSTART:20260312T100000\r\nRRULE:FREQ=FOO", "Visits cannot repeat foo."),
        ("DTSTART:20260312T100000\r\nRRULE:FREQ=HOURLY", "Visits cannot repeat hourly."),
        ("DTSTART:20200312T100000\r\nRRULE:FREQ=DAILY;COUNT=3", "It repeats, but on no day that"),
    ],
)
def test_an_event_that_cannot_be_a_visit_is_refused_with_its_line(
    tmp_path: Path, event: str, sentence: str
) -> None:
    (found,) = read(tmp_path, event)

    assert isinstance(found, Quarantined)
    assert found.sentence.startswith(sentence)
    assert found.origin.row == 3


def test_an_event_without_an_end_gets_half_an_hour_and_a_remark(tmp_path: Path) -> None:
    (event,) = read(tmp_path, "UID:1\r\nDTSTART:20260312T100000")

    assert isinstance(event, EventRecord)
    assert event.duration_min == 30
    assert event.notes == ("It has no end; 30 minutes are taken.",)


def test_an_event_without_a_uid_is_known_again_by_its_words(tmp_path: Path) -> None:
    event = "DTSTART:20260312T100000\r\nDURATION:PT30M\r\nSUMMARY:Testperson, Ada"

    (first,), (second,) = read(tmp_path, event), read(tmp_path, event)

    assert isinstance(first, EventRecord)
    assert first == second
    assert first.key.startswith("without-uid-")


def test_what_repeats_becomes_visits_within_the_bounds(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "UID:1\r\nDTSTART;TZID=America/New_York:20251216T100000\r\nDURATION:PT30M\r\n"
        "RRULE:FREQ=WEEKLY;COUNT=6\r\nEXDATE;TZID=America/New_York:20260106T100000\r\n"
        "RDATE;TZID=America/New_York:20260108T110000",
    )

    assert starts(found) == ["01-08 11:00", "01-13 10:00", "01-20 10:00"]
    assert len({one.key for one in found if isinstance(one, EventRecord)}) == 3


def test_a_rule_without_an_end_stops_at_the_last_day_taken_in(tmp_path: Path) -> None:
    found = read(tmp_path, "UID:1\r\nDTSTART:20260312T100000\r\nRRULE:FREQ=MONTHLY")

    assert starts(found)[-1] == "12-12 10:00"
    assert len(found) == 10


def test_a_repetition_keeps_its_time_of_day_over_a_clock_change(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "UID:1\r\nDTSTART;TZID=America/New_York:20260305T100000\r\nRRULE:FREQ=WEEKLY;"
        "UNTIL=20260312T140000Z",
    )

    assert starts(found) == ["03-05 10:00", "03-12 10:00"]


def test_an_occurrence_that_was_moved_stands_in_place_of_the_ruled_one(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "UID:1\r\nDTSTART:20260302T100000\r\nDURATION:PT30M\r\nRRULE:FREQ=DAILY;COUNT=3",
        "UID:1\r\nRECURRENCE-ID:20260303T100000\r\nDTSTART:20260303T150000\r\nDURATION:PT30M",
    )

    assert starts(found) == ["03-02 10:00", "03-04 10:00", "03-03 15:00"]
    assert isinstance(found[2], EventRecord)
    assert found[2].key == "1|2026-03-03T10:00"


def test_a_file_broken_in_the_middle_loses_only_the_broken_event(tmp_path: Path) -> None:
    body = (
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260312T100000\r\nDURATION:PT30M\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20260312T11\x00\ufffd\r\n"
        "BEGIN:VEVENT\r\nUID:3\r\nDTSTART:20260312T120000\r\ngarbage here\r\nDURATION:PT30M\r\n"
        "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:4\r\nDTSTART:20260312T130000\r\n"
    )

    found = list(a_file(tmp_path, body).events())

    assert starts(found) == ["03-12 10:00", "03-12 12:00"]
    assert isinstance(found[1], EventRecord)
    assert found[1].notes == ("A line was not understood and is left aside.",)
    broken = [one for one in found if isinstance(one, Quarantined)]
    assert [one.origin.row for one in broken] == [8, 17]
    assert all("broken or cut short" in one.sentence for one in broken)


@pytest.mark.parametrize(
    "damage",
    [
        'RRULE:FREQ=WEEKLY;COUNT=2\r\nRDATE:202605"01T100000Z',
        "DTEND:20260312T103000\r\nDTEND:20260312T110000",
        "UID:1\r\nUID:2\r\nSUMMARY:A\r\nSUMMARY:B\r\nSTATUS:X\r\nSTATUS:Y",
        'CATEGORIES;X=1\r\nATTENDEE;CN="A:mailto:',
        "EXDATE:soon\r\nRRULE:FREQ=DAILY;COUNT=2",
        "RECURRENCE-ID:never",
    ],
)
def test_a_damaged_part_of_an_event_is_survived(tmp_path: Path, damage: str) -> None:
    found = read(tmp_path, f"DTSTART:20260312T100000\r\nDURATION:PT30M\r\n{damage}")

    assert starts(found)[0] == "03-12 10:00"


@pytest.mark.parametrize("seed", range(12))
def test_no_damage_to_a_file_leaks_out_of_its_reader(tmp_path: Path, seed: int) -> None:
    """Bytes of a sound file are changed, lost and doubled; an event is read or told, nothing else."""
    chance = random.Random(seed)
    path = tmp_path / "damaged.ics"
    for _ in range(25):
        damaged = bytearray(SOUND)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(damaged))
            match chance.randrange(4):
                case 0:
                    damaged[at] = chance.randrange(256)
                case 1:
                    del damaged[at : at + chance.randint(1, 30)]
                case 2:
                    damaged[at:at] = damaged[: chance.randint(1, 60)]
                case _:
                    damaged[at:at] = chance.choice([b";", b":", b'"', b"=", b"\r\n ", b"9" * 12])
        path.write_bytes(damaged)
        with contextlib.suppress(Invalid):  # the line that makes it a calendar was hit
            found = list(CalendarFile(path, ZONE, first=FIRST, last=LAST).events())
            assert all(isinstance(one, EventRecord | Quarantined) for one in found)


def test_an_alarm_inside_an_event_does_not_end_it(tmp_path: Path) -> None:
    (event,) = read(
        tmp_path,
        "UID:1\r\nDTSTART:20260312T100000\r\nBEGIN:VALARM\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n"
        "DURATION:PT15M",
    )

    assert isinstance(event, EventRecord)
    assert event.duration_min == 15


def test_to_dos_and_journals_are_counted_aside(tmp_path: Path) -> None:
    file = a_file(tmp_path, "BEGIN:VTODO\r\nEND:VTODO\r\nBEGIN:VJOURNAL\r\nEND:VJOURNAL\r\n")

    assert list(file.events()) == []
    assert file.aside == {"to-dos": 1, "journal entries": 1}


def test_what_is_no_calendar_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "letter.ics"
    path.write_text("Dear Ada,\n")

    with pytest.raises(Invalid, match="not a calendar file"):
        CalendarFile(path, ZONE, first=FIRST, last=LAST)


# -- out --------------------------------------------------------------------------------------------


def an_event(day: datetime, uid: str = "7@lakeside") -> OutEvent:
    return OutEvent(
        uid, 3, day, 30, "Testperson, Ada; “Follow-up”", "Bring:\nyour card", "1200 Harbor Avenue",
        changed_at=datetime(2026, 3, 1, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("zone", [ZONE, "Europe/Berlin", "Australia/Lord_Howe", "Asia/Tokyo", ""])
def test_a_file_we_write_is_read_back_by_the_library_word_for_word(zone: str) -> None:
    from icalendar import Calendar

    days = [datetime(2026, month, 12, 10) for month in (1, 3, 7, 11)]
    written = datetime(2026, 3, 11, 14, tzinfo=UTC)

    pdf = calendar_file(
        [an_event(day, f"{day:%m}@lakeside") for day in days],
        name="Lakeside", zone_name=zone, written_at=written,
    )  # fmt: skip

    back = Calendar.from_ical(pdf.decode())
    assert back.errors == []
    for event, day in zip(back.walk("VEVENT"), days, strict=True):
        assert event.errors == []
        assert event["DTSTART"].dt.replace(tzinfo=None) == day
        assert (event["DTEND"].dt - event["DTSTART"].dt).total_seconds() == 1800
        assert str(event["SUMMARY"]) == "Testperson, Ada; “Follow-up”"
        assert str(event["DESCRIPTION"]) == "Bring:\nyour card"
        assert event["SEQUENCE"] == 3
    lines = pdf.split(b"\r\n")
    assert max(map(len, lines)) <= 75


@pytest.mark.parametrize("name", [ZONE, "Europe/Berlin", "Australia/Lord_Howe"])
def test_the_zone_we_describe_keeps_the_zones_own_time_all_year(name: str) -> None:
    """Read as one who knows no zones would: by the rules in the file alone."""
    from zoneinfo import ZoneInfo

    from icalendar import Calendar, Timezone

    days = [datetime(2026, 1 + day // 28, 1 + day % 28, 12) for day in range(336)]
    text = calendar_file(
        [an_event(day) for day in days],
        name="L", zone_name=name, written_at=datetime(2026, 1, 1, tzinfo=UTC),
    ).decode()  # fmt: skip

    (zone,) = [part for part in Calendar.from_ical(text).walk() if isinstance(part, Timezone)]

    described = zone.to_tz(lookup_tzid=False)
    for day in days:
        expected = day.replace(tzinfo=ZoneInfo(name)).utcoffset()
        assert day.replace(tzinfo=described).utcoffset() == expected


def test_our_own_reader_reads_our_own_file(tmp_path: Path) -> None:
    path = tmp_path / "ours.ics"
    path.write_bytes(
        calendar_file(
            [an_event(datetime(2026, 3, 12, 10))],
            name="Lakeside", zone_name=ZONE, written_at=datetime(2026, 3, 11, tzinfo=UTC),
        )
    )  # fmt: skip

    (event,) = CalendarFile(path, ZONE, first=FIRST, last=LAST).events()

    assert isinstance(event, EventRecord)
    assert (event.key, event.duration_min) == ("7@lakeside", 30)
    assert starts([event]) == ["03-12 10:00"]
