"""Everything that happened about a patient in one list, and her file on a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from medsec_desktop.domain.calendar.calls import CallOutcome
from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import (
    Consent,
    ConsentKind,
    Coverage,
    CoverageVerification,
    Disclosure,
    Document,
    DocumentCategory,
    Patient,
    PatientAlert,
    Payer,
    RecordsRequest,
    Referral,
    ReferralEvent,
    RelatedPerson,
)
from medsec_desktop.problems import Link, NotAllowed
from medsec_desktop.services.calendar.calls import Calls
from medsec_desktop.services.claims.records import AnswerDraft
from medsec_desktop.services.office import Office
from medsec_desktop.services.page_images import page_text
from medsec_desktop.services.patients.timeline import KINDS, TimelineRow
from medsec_desktop.services.printing import Way
from tests.conftest import a_patient, a_provider, a_type, an_appointment
from tests.services.claims.practice import a_billing_clinic
from tests.services.test_sheets import FakeSpooler


@pytest.fixture
def ada(office: Office) -> int:
    """A patient to whom one thing of every kind has happened, and another to whom nothing has."""
    session = office.session
    ada = a_patient(session, phone="+16175550123", pronouns="she/her")
    a_patient(session, "Sampleton", "Bob")
    provider = a_provider(session)
    visit = an_appointment(session, ada, provider, type_id=a_type(session), reason="Cough")
    office.letters.file(office.letters.compose(visit))
    Calls(session, office.practice).note(
        CallOutcome.LEFT_ON_MACHINE, ada, appointment_id=visit, note="after the beep"
    )
    with session.change("Fill the file", Permission.EDIT_PATIENTS, patient_id=ada):
        payer = Payer.create(name="Invented Health")
        cover = Coverage.create(
            patient=ada, payer=payer, plan_name="Gold", member_id="M-1", starts_on="2026-01-01",
            copay_cents=2500, subscriber_relation="child", subscriber_name="Carl Testperson",
        )  # fmt: skip
        CoverageVerification.create(
            coverage=cover, verified_at="2026-03-02T10:00", verified_by="Sam", result="active",
            reference="R-7",
        )  # fmt: skip
        scans = DocumentCategory.create(name="Results")
        Document.create(
            patient=ada, kind="scan", title="Blood count", category=scans, sha256="0" * 64,
            size_bytes=1, pages=3, filed_at="2026-03-03T11:00", dated_on="2026-03-01",
        )  # fmt: skip
        referral = Referral.create(
            patient=ada, direction="out", other_provider=provider, begun_on="2026-03-04"
        )
        ReferralEvent.create(referral=referral, at="2026-03-04T12:00", status="letter-back")
        kind = ConsentKind.create(name="Treatment")
        Consent.create(patient=ada, kind=kind, signed_on="2026-03-05")
        RecordsRequest.create(
            patient=ada, requester="Ada herself", received_on="2026-03-06", due_on="2026-04-05"
        )
        Disclosure.create(
            patient=ada, disclosed_at="2026-03-07T09:30", recipient="Example Law", what="Letters"
        )
        PatientAlert.create(patient=ada, text="Latex allergy", expires_on="2027-01-01")
    return ada


def told(rows: tuple[TimelineRow, ...], kind: str) -> list[tuple[str, str, str]]:
    return [(f"{row.at:%m-%d %H:%M}", row.title, row.detail) for row in rows if row.kind == kind]


def test_every_kind_of_thing_is_on_the_timeline_the_latest_first(office: Office, ada: int):
    view = office.timeline.of(ada)

    rows = view.rows
    assert {row.kind for row in rows} == set(KINDS) - {"claim"}
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)
    assert told(rows, "visit") == [("03-12 10:00", "Follow-up", "Robin Chen · Cough")]
    assert told(rows, "call") == [
        ("03-11 09:00", "Call about a visit: left a message", "after the beep")
    ]
    assert told(rows, "document") == [("03-01 00:00", "Blood count", "Results · 3 pages")]
    assert told(rows, "insurance") == [
        ("03-02 10:00", "Invented Health verified: active", "Sam · reference R-7"),
        ("01-01 00:00", "Primary coverage begins: Invented Health", "Gold"),
    ]
    assert told(rows, "referral") == [("03-04 12:00", "Referral to Robin Chen: letter back", "")]
    assert [title for _, title, _ in told(rows, "rights")] == [
        "Disclosed to Example Law", "Records requested by Ada herself", "Treatment signed",
    ]  # fmt: skip
    assert "Fill the file" in [title for _, title, _ in told(rows, "change")]
    (letter,) = (row for row in rows if row.kind == "letter")
    assert letter.link is not None
    assert (letter.link.kind, letter.status) == ("letter", "filed")
    assert not next(row for row in rows if row.kind == "document").has_time


def test_a_claim_is_told_from_its_making_to_its_end_to_who_may_see_claims(office: Office):
    billing = a_billing_clinic(office)
    claims, may = office.claims, office.session.may
    claim = billing.ready()
    claims.note(claim, "Only for us")
    with office.session.change("Send", Permission.EDIT_CLAIMS):
        claims.filing.move(claim, ClaimStatus.SENT, kind="sent", sent_at=claims.filing.now())
    sent = claims.row(claim)
    answer = AnswerDraft(ClaimStatus.REJECTED, office.clock.today(), note="No such member")
    claims.answer(claim, sent.version, answer)

    rows = office.timeline.of(billing.patient).rows
    office.session.may = lambda one: (  # type: ignore[method-assign]
        one is not Permission.VIEW_CLAIMS and may(one)
    )
    kinds = {row.kind for row in office.timeline.of(billing.patient).rows}

    head = f"Claim {sent.number} to Test Health"
    assert sorted((row.title, row.detail) for row in rows if row.kind == "claim") == [
        (f"{head}: made", "$125.50 · visit of 03/02/2026"),
        (f"{head}: rejected", "No such member"),
        (f"{head}: sent", ""),
    ]
    links = {row.link for row in rows if row.kind == "claim"}
    assert links == {Link("claim", str(claim), f"Claim {sent.number}")}
    assert "claim" not in kinds
    assert "visit" in kinds


def test_nothing_of_somebody_else_is_on_it(office: Office, ada: int):
    assert office.timeline.of(ada + 1).rows == ()


def test_an_undone_change_is_told_as_such(office: Office, ada: int):
    draft = office.patients.draft(ada)
    office.patients.amend(ada, replace(draft, note="Prefers mornings"))
    office.session.undo()

    changes = [title for _, title, _ in told(office.timeline.of(ada).rows, "change")]

    assert changes[:2] == [
        "Undo: Change the file of Ada Testperson", "Change the file of Ada Testperson",
    ]  # fmt: skip


def test_the_face_sheet_says_who_she_is_what_not_to_miss_and_who_pays(office: Office, ada: int):
    text = page_text(office.face_sheets.pdf(ada))

    flat = " ".join(text.split())
    for words in (
        "Testperson, Ada", "03/14/1984 · 41 years", "she/her", "Latex allergy (until 01/01/2027)",
        "(617) 555-0123", "Invented Health – Gold", "Carl Testperson (patient is child)", "$25.00",
        "03/12/2026 10:00 AM", "Follow-up – Cough", "Confidential. 03/11/2026 9:00 AM",
    ):  # fmt: skip
        assert words in flat, words


def test_notes_alerts_and_families_longer_than_a_page_go_on_on_the_next(office: Office, ada: int):
    note, alert = (" ".join(f"{word}{n}" for n in range(1_200)) for word in ("note", "alert"))
    with office.session.change("Write much", Permission.EDIT_PATIENTS):
        Patient.update(note=note, version=Patient.version + 1).where(Patient.id == ada).execute()
        PatientAlert.create(patient_id=ada, text=alert)
        for n in range(70):
            RelatedPerson.create(patient_id=ada, name=f"Kin{n} Testperson", relation="cousin")

    words = set(page_text(office.face_sheets.pdf(ada)).split())

    assert {*note.split(), *alert.split(), *(f"Kin{n}" for n in range(70))} <= words


def test_printing_the_face_sheet_is_recorded_as_a_look_at_her_file(office: Office, ada: int):
    spooler = FakeSpooler()
    office.face_sheets.printing._spooler = spooler

    went_to = office.face_sheets.print(ada, Way(copies=2))

    (sent,) = spooler.sent
    assert went_to == "Desk"
    assert sent[0] == office.face_sheets.pdf(ada)
    (latest, *_) = office.session.history()
    assert (latest.label, latest.patient_id) == ("Printed the face sheet", ada)


def test_without_the_right_to_see_patients_there_is_no_timeline(office: Office, ada: int):
    office.session.may = lambda permission: False  # type: ignore[method-assign]

    with pytest.raises(NotAllowed):
        office.timeline.of(ada)
    with pytest.raises(NotAllowed):
        office.face_sheets.pdf(ada)


def test_what_is_known_to_the_day_only_stands_at_that_day(office: Office, ada: int):
    (_, begins) = [row for row in office.timeline.of(ada).rows if row.kind == "insurance"]

    assert begins.at == datetime(2026, 1, 1)
    assert begins.at.date() == date(2026, 1, 1)
    assert not begins.has_time
