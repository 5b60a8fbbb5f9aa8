"""Who saw and changed what, filtered, told in words, verified and printed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Patient, PatientPhone
from medsec_desktop.problems import Invalid, NotAllowed
from medsec_desktop.services.audit import Audit, AuditQuery
from medsec_desktop.services.exports import PatientPackage
from medsec_desktop.services.office import Office
from medsec_desktop.services.page_images import page_text
from medsec_desktop.services.patients.names import listed_name
from medsec_desktop.services.practice import settings
from medsec_desktop.services.practice.time_zone import wall_clock
from medsec_desktop.services.session import Session
from tests.conftest import a_patient, a_provider, a_user, an_appointment


@pytest.fixture
def audit(office: Office, clock: FixedClock) -> Audit:
    """Two people at work on two days: Ada registered and seen by Olive, changed by Sam a day later."""
    session = office.session
    ada = a_patient(session, ssn="123456789", phone="+16175550123")
    a_patient(session, "Sampleton", "Bob")
    session.viewed(ada, "Opened the file")
    session.event("Printed: Day sheet")
    olive, sam = session.user, a_user(session)
    clock.advance(timedelta(days=1))
    session.switch_user(sam)
    with session.change("Change the file", Permission.EDIT_PATIENTS, patient_id=ada):
        Patient.update(given_name="Adele", ssn="987654321", birth_date="1984-03-15").execute()
        PatientPhone.delete().execute()
    session.undo()
    session.switch_user(olive)
    return office.audit


def labels(audit: Audit, **asked: object) -> list[str]:
    return [row.label for row in audit.find(AuditQuery(**asked)).rows]  # type: ignore[arg-type]


def test_the_audit_trail_is_asked_by_patient_user_day_kind_and_words(audit: Audit):
    (sam,) = (key for key, name in audit.users() if name == "Sam")
    ada, first, next_day = 1, date(2026, 3, 11), date(2026, 3, 12)

    assert labels(audit, patient_id=ada, kind="changed") == [
        "Change the file", "Register Ada Testperson",
    ]  # fmt: skip
    assert labels(audit, user_id=sam, kind="undone") == ["Change the file"]
    assert labels(audit, kind="seen") == ["Opened the file"]
    assert labels(audit, kind="out") == ["Printed: Day sheet"]
    assert labels(audit, first_on=next_day) == ["Change the file", "Change the file"]
    assert labels(audit, first_on=first, last_on=first, words="bob REGISTER") == [
        "Register Bob Sampleton"
    ]
    everything = audit.find(AuditQuery(), most=2)
    assert len(everything.rows) == 2
    assert everything.total > 5
    assert everything.rows[0].at == datetime(2026, 3, 12, 9, 0)


def test_what_was_taken_away_since_is_still_about_her(office: Office):
    session = office.session
    ada = a_patient(session)
    with session.change("Import a table", Permission.IMPORT_DATA):
        PatientPhone.create(patient_id=ada, number="+16175550142")
    session.undo()

    assert labels(office.audit, patient_id=ada) == [
        "Import a table", "Import a table", "Register Ada Testperson",
    ]  # fmt: skip


def test_a_package_that_went_out_is_found_among_what_went_out(office: Office, tmp_path: Path):
    ada = a_patient(office.session)

    office.exports.patient_package(
        PatientPackage(ada, "Example Law LLP", "told by phone"), tmp_path / "ada.zip"
    )

    assert labels(office.audit, kind="out") == ["Export the file of Ada Testperson"]


def test_the_last_day_there_is_may_be_asked_for(audit: Audit):
    assert labels(audit, first_on=date.min, last_on=date.max) == labels(audit)


def test_a_change_is_told_field_by_field_in_words(audit: Audit):
    (row,) = audit.find(AuditQuery(kind="changed", first_on=date(2026, 3, 12))).rows

    detail = audit.detail(row.id)

    assert row.patient_name == "Testperson, Ada"
    ada = next(one for one in detail.changes if one.number == 1 and one.action == "changed")
    told = {field.name: (field.before, field.after) for field in ada.fields}
    assert told["Given name"] == ("Ada", "Adele")
    assert told["Birth date"] == ("03/14/1984", "03/15/1984")
    assert told["SSN"] == ("123456789", "987654321")
    removed = next(one for one in detail.changes if one.action == "removed")
    assert removed.record == "phone"
    numbers = {field.name: (field.before, field.after) for field in removed.fields}
    assert numbers["Number"] == ("(617) 555-0123", "")
    assert numbers["Patient"] == ("Ada Testperson", "")
    assert len(detail.link) == 64


def test_a_number_points_at_the_name_of_what_it_means(office: Office):
    session = office.session
    an_appointment(session, a_patient(session), a_provider(session))

    visit = next(
        change
        for row in office.audit.find(AuditQuery(words="book")).rows
        for change in office.audit.detail(row.id).changes
    )

    told = {field.name: field.after for field in visit.fields}
    assert (told["Provider"], told["Begins"], told["Duration"]) == (
        "Robin Chen", "03/12/2026 10:00 AM", "30 min",
    )  # fmt: skip


def test_who_may_not_see_whole_numbers_sees_the_last_four(audit: Audit, office: Office):
    (row,) = audit.find(AuditQuery(kind="changed", first_on=date(2026, 3, 12))).rows
    grants = {Permission.VIEW_AUDIT, Permission.VIEW_PATIENTS}
    office.session.may = lambda permission: permission in grants  # type: ignore[method-assign]

    fields = [field for one in audit.detail(row.id).changes for field in one.fields]

    assert ("•••-••-6789", "•••-••-4321") in [(field.before, field.after) for field in fields]


def test_the_audit_trail_is_not_for_everybody(office: Office):
    office.session.switch_user(a_user(office.session, "rosa", Role.READ_ONLY))

    with pytest.raises(NotAllowed, match="audit trail"):
        office.audit.find(AuditQuery())


def test_days_the_wrong_way_round_are_refused_with_a_sentence(office: Office):
    with pytest.raises(Invalid, match="after the last day"):
        office.audit.find(AuditQuery(first_on=date(2026, 3, 12), last_on=date(2026, 3, 11)))


def test_a_verification_finds_what_somebody_altered_and_is_recorded(audit: Audit, office: Office):
    assert audit.verify().is_sound

    db = office.session.db
    db.execute("DROP TRIGGER journal_operation_no_update")
    db.execute("UPDATE operation SET user_name = 'Nobody' WHERE id = 2")

    report = audit.verify()
    assert not report.is_sound
    assert "Operation 2" in report.sentence
    assert labels(audit, words="verified") == ["Verified the audit trail"] * 2


def test_the_printed_trail_says_what_was_asked_found_and_proved(
    audit: Audit, office: Office, tmp_path: Path
):
    query = AuditQuery(patient_id=1, first_on=date(2026, 3, 12))

    pdf = audit.pdf(query, audit.verify())

    text = " ".join(page_text(pdf).split())
    assert "Testperson, Ada · since 03/12/2026" in text
    assert "03/12/2026 9:00 AM Sam Changed Change the file" in text
    assert "The practice is sound" in text
    assert "last link" in text
    audit.save(pdf, tmp_path / "audit.pdf")
    assert (tmp_path / "audit.pdf").read_bytes() == pdf
    assert labels(audit, words="audit.pdf") == ["Saved the audit trail"]


def test_an_instant_is_shown_as_the_clinic_s_clock_showed_it_then(office: Office):
    class NewYork(FixedClock):
        def now(self) -> datetime:
            return self.now_utc().astimezone(ZoneInfo("America/New_York")).replace(tzinfo=None)

    office.practice.put(settings.TIME_ZONE, "America/New_York")
    winter = NewYork(datetime(2026, 1, 15, 17, 0))

    shown = wall_clock(office.practice, winter)

    assert shown("2026-01-15T17:00:00.000000Z") == datetime(2026, 1, 15, 12, 0)
    assert shown("2026-07-15T17:00:00.000000Z") == datetime(2026, 7, 15, 13, 0)


def test_an_entry_names_the_patient_as_every_list_does(office: Office, session: Session) -> None:
    daisy = a_patient(session, "Elderflower", "Theodora", middle_name="Daisy")
    session.viewed(daisy, "Opened the file")

    row = office.audit.find(AuditQuery(daisy)).rows[0]

    assert row.patient_name == listed_name(session.db, daisy) == "Elderflower, Theodora Daisy"
    assert office.audit.asked_words(AuditQuery(daisy)) == "Elderflower, Theodora Daisy"
