"""The calendar as iCalendar files: what goes out keeps its name, and what comes in is told event by event."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from medsec_desktop.domain.calendar import Span
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Appointment
from medsec_desktop.problems import Invalid, NotAllowed, Unavailable
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.calendar.feeds import CalendarFeeds, FeedQuery, standing_of
from medsec_desktop.services.imports import ImportOptions, ImportPlan
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import Profile, settings
from medsec_desktop.services.practice.time_zone import choose_zone
from medsec_desktop.services.session import Session, User
from tests.conftest import a_patient, a_provider, a_type, an_appointment

MARCH = FeedQuery(date(2026, 3, 1), date(2026, 3, 31), with_names=True)


@pytest.fixture
def feeds(office: Office) -> CalendarFeeds:
    office.practice.save_profile(
        Profile(name="Lakeside Family Medicine", line1="1200 Harbor Avenue", phone="(413) 555-0142")
    )
    choose_zone(office.practice, "America/New_York")
    return office.feeds


def events(feeds: CalendarFeeds, query: FeedQuery = MARCH) -> list[Any]:
    from icalendar import Calendar

    calendar = Calendar.from_ical(feeds.make(query).content.decode())
    assert calendar.errors == []
    found = calendar.walk("VEVENT")
    assert all(event.errors == [] for event in found)
    return found


def booked(office: Office, starts_at: str = "2026-03-12T10:00") -> int:
    draft = BookingDraft(
        a_patient(office.session), a_provider(office.session), None,
        datetime.fromisoformat(starts_at), 30,
    )  # fmt: skip
    return office.calendar.book(draft)


def move(office: Office, visit_id: int, starts_at: str) -> int:
    row = office.calendar.appointment(visit_id).row
    return office.calendar.reschedule(
        row.id, row.version, datetime.fromisoformat(starts_at), 30, row.provider_id
    )


# -- out --------------------------------------------------------------------------------------------


def test_a_visit_is_read_back_with_time_zone_name_and_place(
    feeds: CalendarFeeds, office: Office, session: Session
) -> None:
    kind = a_type(session, "Follow-up")
    an_appointment(session, a_patient(session), a_provider(session), type_id=kind, reason="Cough")

    (event,) = events(feeds)

    assert str(event["SUMMARY"]) == "Testperson, Ada · Follow-up · Dr. Chen"
    assert str(event["DESCRIPTION"]) == "Cough"
    assert str(event["STATUS"]) == "CONFIRMED"
    start = event["DTSTART"]
    assert start.params["TZID"] == "America/New_York"
    assert start.dt.replace(tzinfo=None) == datetime(2026, 3, 12, 10)
    assert start.dt.utcoffset() == timedelta(hours=-4)


def test_without_names_a_stranger_learns_only_that_time_is_taken(
    feeds: CalendarFeeds, session: Session
) -> None:
    kind = a_type(session, "HIV test")
    an_appointment(session, a_patient(session), a_provider(session), type_id=kind, reason="Cough")

    text = feeds.make(replace(MARCH, with_names=False)).content.decode()

    assert "SUMMARY:Booked: Dr. Chen" in text
    for secret in ("Testperson", "Ada", "HIV", "Cough"):
        assert secret not in text


def test_a_patients_own_file_says_where_and_how_to_prepare(
    feeds: CalendarFeeds, session: Session
) -> None:
    ada, chen = a_patient(session), a_provider(session)
    kind = a_type(session, preparation="Do not eat.")
    an_appointment(session, ada, chen, type_id=kind)
    an_appointment(session, a_patient(session, "Sampleton"), chen, "2026-03-12T11:00")

    (event,) = events(feeds, replace(MARCH, patient_id=ada, with_names=False))

    assert str(event["SUMMARY"]) == "Appointment with Dr. Chen, Lakeside Family Medicine"
    assert "How to prepare: Do not eat." in event["DESCRIPTION"]
    assert str(event["LOCATION"]) == "1200 Harbor Avenue"


def test_one_providers_visits_of_some_days_are_chosen(
    feeds: CalendarFeeds, session: Session
) -> None:
    ada, chen, patel = a_patient(session), a_provider(session), a_provider(session, "Patel")
    an_appointment(session, ada, chen, "2026-03-12T10:00")
    an_appointment(session, ada, chen, "2026-03-13T10:00")
    an_appointment(session, ada, patel, "2026-03-12T12:00")
    query = FeedQuery(date(2026, 3, 12), date(2026, 3, 12), (chen,), with_names=True)

    assert feeds.make(query).visits == 1


def test_a_cancelled_visit_is_told_as_cancelled(feeds: CalendarFeeds, office: Office) -> None:
    visit = booked(office)
    (before,) = events(feeds)
    office.calendar.cancel(visit, office.calendar.appointment(visit).row.version)

    (after,) = events(feeds)

    assert str(after["STATUS"]) == "CANCELLED"
    assert (str(after["UID"]), after["SEQUENCE"] > before["SEQUENCE"]) == (str(before["UID"]), True)
    assert events(feeds, replace(MARCH, with_cancelled=False)) == []


def test_a_moved_visit_keeps_its_uid_and_stands_once(feeds: CalendarFeeds, office: Office) -> None:
    visit = booked(office)
    (before,) = events(feeds)

    move(office, move(office, visit, "2026-03-17T11:00"), "2026-03-19T09:00")

    (after,) = events(feeds)
    assert str(after["UID"]) == str(before["UID"])
    assert after["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 3, 19, 9)
    assert after["SEQUENCE"] > before["SEQUENCE"]


@pytest.mark.parametrize("seed", range(4))
def test_the_sequence_grows_with_every_change_undo_and_redo(
    feeds: CalendarFeeds, office: Office, seed: int
) -> None:
    """Whatever the order, no other program ever takes an older state for the newer one."""
    chance = random.Random(seed)
    visit = booked(office)
    booking = office.session.history()[0].id
    (event,) = events(feeds)
    uid, last, state = str(event["UID"]), int(event["SEQUENCE"]), str(event["DTSTART"].dt)
    for _ in range(14):
        standing = standing_of(office.session.db, visit)
        match chance.choice(["move", "move", "undo", "undo", "redo"]):
            case "move":
                day, hour = chance.randint(16, 20), chance.randint(9, 15)
                move(office, standing, f"2026-03-{day}T{hour:02}:00")
            case "undo" if office.session.can_undo() and _next_undo(office) != booking:
                office.session.undo()
            case "redo" if office.session.can_redo():
                office.session.redo()
        (event,) = events(feeds)
        assert str(event["UID"]) == uid
        assert event["SEQUENCE"] >= last
        if str(event["DTSTART"].dt) != state:
            assert event["SEQUENCE"] > last
        last, state = int(event["SEQUENCE"]), str(event["DTSTART"].dt)


def test_a_file_of_many_visits_made_at_once_is_read_in_a_handful_of_statements(
    feeds: CalendarFeeds, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import or the demo makes them in one operation; each read for itself froze the window."""
    ada, chen = a_patient(session), a_provider(session)
    with session.change("Import", Permission.EDIT_CALENDAR):
        for day in range(1, 29):
            for hour in range(8, 18):
                Appointment.create(
                    patient_id=ada,
                    provider_id=chen,
                    starts_at=f"2026-03-{day:02}T{hour:02}:00",
                    duration_min=30,
                )
    asked: list[str] = []
    rows = session.db.rows
    monkeypatch.setattr(
        session.db, "rows", lambda sql, *more: asked.append(sql) or rows(sql, *more)
    )

    feed = feeds.make(MARCH)

    assert feed.visits == 280
    assert len(asked) < 20


def _next_undo(office: Office) -> int:
    return next(
        row.id for row in office.session.history() if row.kind == "change" and row.state == "done"
    )


def test_saving_is_recorded_and_a_bad_folder_is_a_sentence(
    feeds: CalendarFeeds, office: Office, tmp_path: Path
) -> None:
    booked(office)

    feed = feeds.save(MARCH, tmp_path / "ours.ics")

    assert feed.sentence == "1 visit from 03/01/2026 to 03/31/2026."
    assert office.session.history()[0].label == "Exported the calendar (iCalendar)"
    with pytest.raises(Unavailable, match="could not be written"):
        feeds.save(MARCH, tmp_path / "nowhere" / "ours.ics")


def test_an_empty_calendar_is_a_file_all_the_same(feeds: CalendarFeeds) -> None:
    assert events(feeds) == []


def test_export_needs_the_right_and_sound_days(feeds: CalendarFeeds, session: Session) -> None:
    with pytest.raises(Invalid, match="before the first"):
        feeds.make(FeedQuery(date(2026, 3, 2), date(2026, 3, 1)))
    user = session.user
    session.switch_user(User(user.id, user.login, user.name, Role.READ_ONLY))
    with pytest.raises(NotAllowed):
        feeds.make(MARCH)


# -- in ---------------------------------------------------------------------------------------------


def a_file(tmp_path: Path, *parts: str, head: str = "", name: str = "other.ics") -> Path:
    path = tmp_path / name
    body = "".join(f"BEGIN:VEVENT\r\n{part}\r\nEND:VEVENT\r\n" for part in parts)
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{body}END:VCALENDAR\r\n"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def event(uid: str = "1", at: str = "20260312T100000", summary: str = "Testperson\\, Ada") -> str:
    return f"UID:{uid}\r\nDTSTART:{at}\r\nDURATION:PT30M\r\nSUMMARY:{summary}"


def looked(office: Office, path: Path, **options: Any) -> ImportPlan:
    return office.imports.preview("icalendar", path, options=ImportOptions(**options))


def said(plan: Any) -> list[str]:
    return [problem.sentence for problem in plan.problems]


def test_a_preview_tells_what_would_come_in_and_leaves_nothing(
    office: Office, session: Session, tmp_path: Path
) -> None:
    a_patient(session)
    a_provider(session)
    before = session.history()

    plan = looked(office, a_file(tmp_path, event()))

    assert (plan.rows, plan.tables[0].new) == (1, 1)
    (sample,) = plan.visits
    assert (sample.patient, sample.provider) == ("Testperson, Ada", "Robin Chen, MD")
    assert Appointment.select().count() == 0
    assert session.history() == before


def test_a_run_books_the_visits_as_one_operation_that_is_undone_as_one(
    office: Office, session: Session, tmp_path: Path
) -> None:
    a_patient(session)
    a_provider(session)
    a_type(session, "Follow-up", 30)
    path = a_file(
        tmp_path,
        event("1", summary="Ada Testperson - Follow-up") + "\r\nDESCRIPTION:Brings her scans",
        event("2", "20260313T100000"),
    )

    report = office.imports.run(looked(office, path))

    assert report.sentence == "The import took in 2 visits."
    first, second = office.calendar.of_day(date(2026, 3, 12))[0], report.tables[0]
    assert (first.patient_name, first.type_name, first.duration_min) == (
        "Testperson, Ada", "Follow-up", 30,
    )  # fmt: skip
    assert office.calendar.appointment(first.id).note == "Brings her scans"
    assert second.is_balanced
    session.undo(report.operation_id)
    assert Appointment.select().count() == 0


@pytest.mark.parametrize(
    "who",
    [
        "SUMMARY:Testperson\\, Ada",
        "SUMMARY:Ada Testperson",
        "SUMMARY:ADA MARIA TESTPERSON",
        "SUMMARY:Testperson Ada",
        "SUMMARY:Follow-up: Ada Testperson (Dr. Chen)",
        "SUMMARY:Busy\r\nATTENDEE;CN=Ada Testperson:mailto:unknown@test.example",
        "SUMMARY:Busy\r\nATTENDEE:mailto:ADA@test.example",
    ],
)
def test_a_patient_is_found_by_name_or_e_mail(
    office: Office, session: Session, tmp_path: Path, who: str
) -> None:
    a_patient(session, email="ada@test.example")
    a_provider(session)

    plan = looked(office, a_file(tmp_path, f"UID:1\r\nDTSTART:20260312T100000\r\n{who}"))

    assert [row.patient for row in plan.visits] == ["Testperson, Ada"], said(plan)


def test_nobody_and_several_of_the_name_are_told_by_event(
    office: Office, session: Session, tmp_path: Path
) -> None:
    a_patient(session)
    a_patient(session)
    a_provider(session)

    plan = looked(office, a_file(tmp_path, event("1"), event("2", summary="Lunch")))

    assert plan.tables[0].left_out == 2
    assert said(plan) == [
        "“Testperson, Ada” may be Testperson, Ada (chart T00001) or Testperson, Ada (chart T00002):"
        " book it by hand.",
        "No patient here is called “Lunch”: register the patient, then import again.",
    ]


@pytest.mark.parametrize(
    ("part", "head"),
    [
        ("LOCATION:Dr. Patel", ""),
        ("ORGANIZER;CN=Asha Patel:mailto:asha@lakeside.example", ""),
        ("DESCRIPTION:with patel", ""),
        ("CATEGORIES:Patel", ""),
        ("STATUS:CONFIRMED", "X-WR-CALNAME:Calendar of Asha Patel\r\n"),
    ],
)
def test_the_provider_is_found_where_the_event_names_her(
    office: Office, session: Session, tmp_path: Path, part: str, head: str
) -> None:
    a_patient(session)
    a_provider(session)
    a_provider(session, "Patel", "Asha")

    plan = looked(office, a_file(tmp_path, f"{event()}\r\n{part}", head=head))

    assert [row.provider for row in plan.visits] == ["Asha Patel, MD"], said(plan)


def test_an_event_that_names_no_provider_goes_to_the_one_chosen(
    office: Office, session: Session, tmp_path: Path
) -> None:
    a_patient(session)
    a_provider(session)
    patel = a_provider(session, "Patel", "Asha")
    path = a_file(tmp_path, event())

    assert said(looked(office, path)) == [
        "It names no provider of this practice; choose one for such events."
    ]
    assert looked(office, path, provider_id=patel).visits[0].provider == "Asha Patel, MD"


def test_a_patient_called_like_the_provider_is_not_taken_for_her(
    office: Office, session: Session, tmp_path: Path
) -> None:
    a_patient(session, "Chen", "Ada")
    a_provider(session)
    patel = a_provider(session, "Patel", "Asha")

    plan = looked(office, a_file(tmp_path, event(summary="Chen\\, Ada")), provider_id=patel)

    assert plan.visits[0].provider == "Asha Patel, MD"


def test_rules_hold_for_imported_visits_also_among_themselves(
    office: Office, session: Session, tmp_path: Path
) -> None:
    a_patient(session)
    a_patient(session, "Sampleton", "Bo")
    a_provider(session)
    office.practice.put(settings.RULE_OVERLAP, "hard")
    path = a_file(tmp_path, event("1"), event("2", "20260312T101500", "Sampleton\\, Bo"))

    plan = looked(office, path)
    report = office.imports.run(plan)

    assert (plan.tables[0].new, plan.tables[0].left_out) == (1, 1)
    assert report.tables == plan.tables
    assert "Testperson, Ada" in said(report)[0]


def test_a_soft_rule_is_set_aside_with_a_remark(
    office: Office, session: Session, tmp_path: Path
) -> None:
    a_patient(session)
    a_provider(session, works="8-12")

    report = office.imports.run(looked(office, a_file(tmp_path, event(at="20260312T180000"))))

    (remark,) = said(report)
    assert remark.startswith("Taken in all the same: ")
    visit = office.calendar.of_day(date(2026, 3, 12))[0]
    reason = office.calendar.appointment(visit.id).override_reason
    assert reason == "Imported from “other.ics”"


def test_what_has_passed_or_is_cancelled_is_left_out(
    office: Office, session: Session, tmp_path: Path
) -> None:
    a_patient(session)
    a_provider(session)
    path = a_file(
        tmp_path, event("1", "20260310T100000"), f"{event('2')}\r\nSTATUS:CANCELLED", event("3"),
        event("3"),
    )  # fmt: skip

    assert said(looked(office, path)) == [
        "It has passed; only coming visits are taken in.",
        "It is cancelled.",
        "It is in the file twice; the first one is taken.",
    ]


def test_the_same_file_again_changes_nothing(
    office: Office, session: Session, tmp_path: Path
) -> None:
    a_patient(session)
    a_provider(session)
    weekly = f"{event('2', '20260313T090000')}\r\nRRULE:FREQ=WEEKLY;COUNT=4"
    path = a_file(tmp_path, event("1"), weekly)
    office.imports.run(looked(office, path))

    again = looked(office, path)

    assert again.changes_nothing
    assert again.tables[0].unchanged == 5


def test_a_moved_or_cancelled_event_moves_or_cancels_its_visit(
    office: Office, session: Session, tmp_path: Path
) -> None:
    a_patient(session)
    a_provider(session)
    office.imports.run(looked(office, a_file(tmp_path, event("1"), event("2", "20260313T100000"))))
    changed = a_file(
        tmp_path, event("1", "20260316T140000"), f"{event('2', '20260313T100000')}\r\nSTATUS:CANCELLED"
    )  # fmt: skip

    report = office.imports.run(looked(office, changed))

    assert report.tables[0].changed == 2
    assert [v.starts_at.hour for v in office.calendar.of_day(date(2026, 3, 16))] == [14]
    assert office.calendar.of_day(date(2026, 3, 12)) == ()
    assert office.views.grid([date(2026, 3, 13)]).visits == ()
    assert looked(office, changed).tables[0].unchanged == 2


def test_what_was_changed_here_since_is_kept(
    office: Office, session: Session, tmp_path: Path
) -> None:
    a_patient(session)
    a_provider(session)
    office.imports.run(looked(office, a_file(tmp_path, event("1"))))
    visit = office.calendar.of_day(date(2026, 3, 12))[0]
    move(office, visit.id, "2026-03-17T09:00")

    plan = looked(office, a_file(tmp_path, event("1", "20260316T140000")))

    assert plan.tables[0].kept == 1
    assert said(plan) == ["It was changed here since; ours is kept."]


def test_our_own_export_is_recognised_when_it_comes_back(
    feeds: CalendarFeeds, office: Office, tmp_path: Path
) -> None:
    visit = booked(office)
    chen = office.calendar.appointment(visit).row.provider_id
    move(office, visit, "2026-03-18T10:00")
    office.absences.begin(chen, date(2026, 3, 19), date(2026, 3, 20), "Ill")
    office.absences.begin(chen, date(2026, 3, 23), date(2026, 3, 23), "Dentist", Span(780, 900))
    feed = feeds.save(MARCH, tmp_path / "ours.ics")

    plan = looked(office, tmp_path / "ours.ics")

    assert feed.sentence.startswith("1 visit and 3 times away")
    assert (plan.changes_nothing, plan.tables[0].unchanged) == (True, 4)


def test_who_is_away_is_in_the_file_and_why_only_where_names_are(
    feeds: CalendarFeeds, office: Office
) -> None:
    chen = a_provider(office.session)
    patel = a_provider(office.session, "Patel")
    day = date(2026, 3, 19)
    office.absences.begin(chen, day, day, "Dentist", Span(780, 900))
    office.absences.begin(patel, day, day, "Ill")

    (one,) = events(feeds, replace(MARCH, provider_ids=(chen,)))
    hidden = events(feeds, replace(MARCH, with_names=False))

    assert str(one["SUMMARY"]) == "Dr. Chen away: Dentist"
    assert [one[name].dt.hour for name in ("DTSTART", "DTEND")] == [13, 15]
    assert [str(each["SUMMARY"]) for each in hidden] == ["Dr. Chen away", "Dr. Patel away"]
    assert (hidden[1]["DTEND"].dt - hidden[1]["DTSTART"].dt) == timedelta(days=1)
    assert events(feeds, replace(MARCH, patient_id=1)) == []


def test_a_day_nobody_is_away_on_any_more_is_told_as_cancelled(
    feeds: CalendarFeeds, office: Office
) -> None:
    chen = a_provider(office.session)
    first, last = date(2026, 3, 19), date(2026, 3, 20)
    absence = office.absences.begin(chen, first, last, "Conference")
    before = {str(each["UID"]): each["SEQUENCE"] for each in events(feeds)}

    def told() -> list[tuple[int, str]]:
        """Day and status of each event, all of them newer than what was told last."""
        now = events(feeds)
        assert [str(each["UID"]) for each in now] == sorted(before)
        assert all(each["SEQUENCE"] > before[str(each["UID"])] for each in now)
        before.update({str(each["UID"]): each["SEQUENCE"] for each in now})
        return [(each["DTSTART"].dt.day, str(each.get("STATUS", ""))) for each in now]

    assert len(before) == 2
    office.absences.change(absence, 1, first, first, "Conference")
    assert told() == [(19, "CONFIRMED"), (20, "CANCELLED")]
    office.absences.end(absence, 2)
    assert told() == [(19, "CANCELLED"), (20, "CANCELLED")]
    assert events(feeds, replace(MARCH, with_cancelled=False)) == []
    assert feeds.make(MARCH).sentence.startswith("0 visits from")
    office.session.undo()
    assert told() == [(19, "CONFIRMED"), (20, "CANCELLED")]


def test_a_file_broken_in_the_middle_is_taken_in_around_the_break(
    office: Office, session: Session, tmp_path: Path
) -> None:
    a_patient(session)
    a_provider(session)
    path = a_file(
        tmp_path, event("1"), event("2", "20260313T100000"), event("3", "20260316T100000")
    )
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("DTSTART:20260313T100000\n", "DTST\x00\x01\ufffd\n"), encoding="utf-8"
    )

    report = office.imports.run(looked(office, path))

    assert (report.tables[0].new, report.tables[0].left_out) == (2, 1)
    assert said(report) == ["It has no beginning (DTSTART)."]


def test_other_parts_of_a_file_are_told_as_not_taken_in(
    office: Office, session: Session, tmp_path: Path
) -> None:
    path = a_file(tmp_path, head="BEGIN:VTODO\r\nSUMMARY:Call\r\nEND:VTODO\r\n")

    plan = looked(office, path)

    assert [(row.holds, row.rows) for row in plan.aside] == [("to-dos", 1)]


def test_an_import_needs_the_right(office: Office, session: Session, tmp_path: Path) -> None:
    user = session.user
    session.switch_user(User(user.id, user.login, user.name, Role.SECRETARY))
    assert not session.may(Permission.IMPORT_DATA)

    with pytest.raises(NotAllowed):
        looked(office, a_file(tmp_path, event()))
