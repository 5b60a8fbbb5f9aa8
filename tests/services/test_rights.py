"""Consents, requests for records with their clock and release, and the log of what was disclosed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
import pyzipper

from medsec_desktop.domain.permissions import Role
from medsec_desktop.domain.rights import (
    Answer,
    Delivery,
    ItemKind,
    Purpose,
    Requester,
    RequestStatus,
    Standing,
)
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.documents.records import DocumentDraft, Incoming, Source
from medsec_desktop.services.page_images import page_count, page_text
from medsec_desktop.services.patients.rights_records import (
    ConsentDraft,
    ConsentKindDraft,
    DisclosureDraft,
    RequestDraft,
    RequestItem,
)
from medsec_desktop.services.practice import settings
from medsec_desktop.services.printing import Way
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment
from tests.papers import a_pdf, a_picture
from tests.services.test_sheets import FakeSpooler

TODAY = date(2026, 3, 11)
PASSWORD = "a sentence, told by phone"


@pytest.fixture
def ada(session):
    return a_patient(session)


@pytest.fixture
def kinds(office):
    """By name, the numbers of the usual kinds."""
    office.consents.kinds.add_usual()
    return {row.name: row.id for row in office.consents.kinds.all()}


def a_document(office, patient_id, title="Blood count", content=None, on=date(2026, 3, 1)):
    paper = Incoming(content or a_pdf(title), f"{title}.pdf", Source.DROPPED)
    return office.documents.take_in(patient_id, paper, DocumentDraft(title, None, on)).row.id


def a_request(office, patient_id, **fields):
    fields.setdefault("requester", "Ada Testperson")
    return office.records_requests.one(
        office.records_requests.save(patient_id, RequestDraft(**fields))
    )


# -- consents -------------------------------------------------------------------------------------


def test_a_consent_signed_today_holds_as_long_as_its_kind_and_renewals_keep_the_old(
    office, session, clock, ada, kinds
):
    treat = kinds["Consent to treat"]
    office.consents.record(ada, treat)
    clock.advance(timedelta(days=366))

    def state():
        return next(row for row in office.consents.of(ada) if row.kind.id == treat)

    assert (state().standing, state().latest.expires_on) == (Standing.EXPIRED, date(2027, 3, 11))
    paper = a_document(office, ada, "Signed consent", on=None)
    office.consents.save(
        ada,
        ConsentDraft(treat, Answer.GIVEN, date(2027, 3, 12), date(2027, 6, 30), "Eve", paper),
    )

    renewed = state()
    assert (renewed.standing, renewed.latest.signed_by) == (Standing.VALID, "Eve")
    assert renewed.latest.document_title == "Signed consent"
    assert [row.signed_on for row in renewed.earlier] == [TODAY]
    session.undo()
    assert state().standing is Standing.EXPIRED


def test_what_is_due_is_told_at_the_desk_in_the_queue_and_in_a_list(office, session, ada, kinds):
    bob = a_patient(session, "Sampleton", "Bob")
    provider, kind = a_provider(session), a_type(session)
    visit = an_appointment(session, ada, provider, type_id=kind, starts_at="2026-03-11T10:00")
    an_appointment(session, bob, provider, type_id=kind, starts_at="2026-03-12T10:00")
    notice, treat = kinds["Notice of privacy practices"], kinds["Consent to treat"]
    office.consents.record(ada, notice, Answer.REFUSED)  # asked for, and refused: not asked again
    office.consents.save(ada, ConsentDraft(treat, Answer.GIVEN, date(2025, 1, 2), date(2026, 1, 2)))

    (checks,) = [office.board.checks(office.board.today())[visit]]
    assert "Consent to treat: expired 01/02/2026" in [check.text for check in checks]
    assert not any("privacy" in check.text for check in checks)
    due = office.consents.due_at_visits(3)
    assert [(row.patient_name, row.kind_name, row.standing) for row in due] == [
        ("Testperson, Ada", "Consent to treat", Standing.EXPIRED),
        ("Sampleton, Bob", "Notice of privacy practices", Standing.MISSING),
        ("Sampleton, Bob", "Consent to treat", Standing.MISSING),
    ]
    assert [row.patient_id for row in office.consents.expired()] == [ada]
    (row,) = [row for row in office.board.queue() if row.kind == "consent"]
    assert row.title == "2 patients with consents to sign"
    office.consents.record(ada, treat)
    assert office.consents.expired() == ()


def test_an_answer_is_refused_with_a_reason(office, session, ada, kinds):
    treat = kinds["Consent to treat"]
    other = a_document(office, a_patient(session, "Sampleton", "Bob"))
    given = ConsentDraft(treat, Answer.GIVEN, TODAY)
    for draft, field in (
        (replace(given, signed_on=date(2026, 3, 12)), "signed_on"),
        (replace(given, expires_on=date(2026, 3, 10)), "expires_on"),
        (replace(given, document_id=other), "document_id"),
    ):
        with pytest.raises(Invalid) as refusal:
            office.consents.save(ada, draft)
        assert refusal.value.field == field
    number = office.consents.save(ada, replace(given, answer=Answer.REVOKED, expires_on=TODAY))
    (row,) = [row.latest for row in office.consents.of(ada) if row.latest]
    assert (row.id, row.expires_on) == (number, None)
    with pytest.raises(Conflict):
        office.consents.save(ada, replace(given, id=number, version=9))
    office.consents.remove(ada, number)
    assert all(row.latest is None for row in office.consents.of(ada))


def test_kinds_are_defined_ordered_and_retired_but_never_lost(office, ada, kinds):
    book = office.consents.kinds
    with pytest.raises(Invalid) as refusal:
        book.save(ConsentKindDraft("Notice two", is_privacy_notice=True))
    assert refusal.value.field == "is_privacy_notice"
    with pytest.raises(Invalid):
        book.save(ConsentKindDraft("consent to TREAT"))
    photo = book.save(ConsentKindDraft("Photographs", 6))
    book.move(photo, -4)
    assert next(row.name for row in book.all()) == "Photographs"
    office.consents.record(ada, photo)
    assert book.remove(photo) is False
    assert book.remove(kinds["Financial agreement"]) is True
    assert [(row.name, row.is_active) for row in book.all()][-1] == ("Photographs", False)
    assert [row.kind.id for row in office.consents.of(ada) if row.latest] == [photo]
    with pytest.raises(Invalid):
        office.consents.record(ada, photo)


# -- requests for records -------------------------------------------------------------------------


def test_a_request_has_its_clock_and_is_extended_once(office, session, clock, ada):
    row = a_request(office, ada, received_on=date(2026, 3, 1), wanted="Everything of 2025")
    assert (row.due_on, row.days_left, row.status) == (
        date(2026, 3, 31), 20, RequestStatus.OPEN,
    )  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        office.records_requests.extend(row.id, row.version, " ")
    assert refusal.value.field == "reason"

    until = office.records_requests.extend(row.id, row.version, "Papers are in storage")

    assert until == date(2026, 4, 30)
    row = office.records_requests.one(row.id)
    assert (row.extended_on, row.extension_reason) == (TODAY, "Papers are in storage")
    with pytest.raises(Conflict) as once:
        office.records_requests.extend(row.id, row.version, "Still")
    assert "once already" in once.value.what
    late = a_request(office, ada, received_on=date(2026, 2, 1))
    assert (late.days_left, late.is_late) == (-8, True)
    with pytest.raises(Conflict) as over:
        office.records_requests.extend(late.id, late.version, "Late")
    assert "was due 03/03/2026" in over.value.what
    assert [one.id for one in office.records_requests.open()] == [late.id, row.id]
    (queued,) = [one for one in office.board.queue() if one.kind == "records-request"]
    assert queued.title == "2 records requests open"
    assert queued.detail == "The next: Testperson, Ada, 8 days late"
    assert queued.is_late


def test_a_package_is_made_released_on_paper_sealed_and_logged(office, session, ada):
    office.practice.put(settings.RECORDS_FEE_BASE, 650)
    office.practice.put(settings.RECORDS_FEE_PAGE, 10)
    office.documents.categories.add_usual()
    inside = a_document(office, ada, "Blood count", a_pdf("One", "Two"))
    before = a_document(office, ada, "Old letter", on=date(2019, 5, 1))
    picture = a_document(office, ada, "Card", a_picture(), on=date(2025, 2, 1))
    row = a_request(
        office, ada, requester="Eve Testperson", requester_kind=Requester.REPRESENTATIVE,
        deliver_to="Eve Testperson\n1 Test St\nTestville", deliver_how=Delivery.MAIL,
        from_on=date(2025, 1, 1), purpose="second opinion",
    )  # fmt: skip
    with pytest.raises(Conflict):
        office.records_requests.release(row.id, row.version)
    choices = office.records_requests.choices(row.id)
    assert [(one.item.document_id, one.is_chosen) for one in choices] == [
        (None, True), (None, True), (inside, True), (picture, True), (before, False),
    ]  # fmt: skip

    row = office.records_requests.build(
        row.id, row.version, [one.item for one in choices if one.is_chosen]
    )

    pdf = office.documents.content(row.package_document_id)
    assert row.status is RequestStatus.READY
    assert row.package_pages == page_count(pdf) >= 6
    assert row.fee_cents == 650 + 10 * row.package_pages
    text = page_text(pdf)
    for words in ("Copy of records", "Eve Testperson", "Blood count", "Card", "Two"):
        assert words in text
    assert "Old letter" not in text.partition("The request")[0]
    assert office.documents.document(row.package_document_id).category == "Records requests"
    rebuilt = office.records_requests.build(
        row.id, row.version, [RequestItem(ItemKind.DOCUMENT, inside)], fee=0
    )
    assert (rebuilt.package_pages, rebuilt.fee_cents) == (3, 0)
    (put_away,) = office.documents.of_patient(ada, put_away=True)
    assert put_away.id == row.package_document_id
    spooler = FakeSpooler()
    office.printing.offer(spooler)
    assert office.records_requests.print_package(row.id, Way("Desk")) == "Desk"
    assert page_count(spooler.sent[0][0]) == 3

    office.records_requests.release(row.id, rebuilt.version)

    done = office.records_requests.one(row.id)
    assert (done.status, done.closed_on) == (RequestStatus.RELEASED, TODAY)
    (entry,) = office.disclosures.of(ada)
    assert (entry.recipient, entry.recipient_address) == (
        "Eve Testperson", "1 Test St\nTestville",
    )  # fmt: skip
    assert entry.what == "1 document, from 01/01/2025, 3 pages"
    assert (entry.purpose, entry.is_accountable) == (str(Purpose.INDIVIDUAL), False)
    assert (entry.how, entry.disclosed_by) == ("paper, by mail", "Olive Owner")
    with pytest.raises(Conflict):
        session.undo()
    with pytest.raises(Conflict):
        office.disclosures.remove(ada, entry.id)
    with pytest.raises(Conflict):
        office.records_requests.withdraw(row.id, done.version)
    # What was paid comes in also afterwards; what was asked stays as it was.
    paid = RequestDraft("Somebody", fee_cents=0, fee_paid_on=TODAY, id=row.id, version=done.version)
    office.records_requests.save(ada, paid)
    done = office.records_requests.one(row.id)
    assert (done.requester, done.fee_paid_on) == ("Eve Testperson", TODAY)


def test_nothing_is_released_that_was_put_away_since_the_package_was_made(office, ada, tmp_path):
    inside = a_document(office, ada, "Blood count")
    signed = a_document(office, ada, "Authorization")
    row = a_request(
        office, ada, requester="Example Law LLP", requester_kind=Requester.ATTORNEY,
        signed_document_id=signed,
    )  # fmt: skip
    row = office.records_requests.build(
        row.id, row.version, [RequestItem(ItemKind.DOCUMENT, inside)]
    )

    for paper in (inside, signed, row.package_document_id):
        office.documents.discard(paper, office.documents.document(paper).version, "not hers")
        with pytest.raises(Conflict, match="no longer in this file"):
            office.records_requests.release(row.id, row.version)
        with pytest.raises(Conflict, match="no longer in this file"):
            office.records_requests.release_file(
                row.id, row.version, tmp_path / "r.zip", "told by phone"
            )
        office.documents.restore(paper, office.documents.document(paper).version)

    office.records_requests.release(row.id, row.version)


def test_an_encrypted_file_and_its_log_entry_stand_together_or_not_at_all(
    office, session, ada, tmp_path
):
    row = a_request(
        office, ada, requester="Case & Law", requester_kind=Requester.ATTORNEY,
        deliver_how=Delivery.FILE, purpose="claim of 2025",
    )  # fmt: skip
    row = office.records_requests.build(row.id, row.version, [RequestItem(ItemKind.FACE_SHEET)])
    path = tmp_path / "records.zip"
    with pytest.raises(Conflict) as unsigned:
        office.records_requests.release_file(row.id, row.version, path, PASSWORD)
    assert "no signed authorization" in unsigned.value.what
    signed = a_document(office, ada, "Authorization")
    office.records_requests.save(
        ada,
        RequestDraft(
            row.requester, row.requester_kind, purpose=row.purpose, deliver_how=row.deliver_how,
            signed_document_id=signed, id=row.id, version=row.version,
        ),
    )  # fmt: skip
    row = office.records_requests.one(row.id)
    with pytest.raises(Invalid) as weak:
        office.records_requests.release_file(row.id, row.version, path, "short")
    assert weak.value.field == "password"
    with pytest.raises(Exception, match="could not be written"):
        office.records_requests.release_file(
            row.id, row.version, tmp_path / "nowhere" / "x.zip", PASSWORD
        )
    assert office.records_requests.one(row.id).status is RequestStatus.READY
    assert office.disclosures.of(ada) == ()

    office.records_requests.release_file(row.id, row.version, path, PASSWORD)

    with pyzipper.AESZipFile(path) as archive:
        archive.setpassword(PASSWORD.encode())
        assert archive.namelist() == ["index.html", "records.pdf", "fhir.json"]
        assert page_count(archive.read("records.pdf")) == row.package_pages
        assert b"Given by" in archive.read("index.html")
    (entry,) = office.disclosures.of(ada)
    assert (entry.how, entry.purpose) == (
        "encrypted file", "With signed authorization: claim of 2025",
    )  # fmt: skip


def test_a_released_file_tells_other_programs_only_what_was_chosen(office, session, tmp_path):
    bea = a_patient(session, given="Bea", phone="+16175550142")
    provider = a_provider(session)
    for day in ("2025-02-03", "2026-02-03"):
        an_appointment(session, bea, provider, starts_at=f"{day}T10:00")
    inside = a_document(office, bea, "Blood count")
    a_document(office, bea, "Not asked for")
    document = RequestItem(ItemKind.DOCUMENT, inside)
    found = []
    for name, items in (
        ("narrow", [document]),
        ("wide", [RequestItem(ItemKind.FACE_SHEET), RequestItem(ItemKind.TIMELINE), document]),
    ):
        row = a_request(office, bea, from_on=date(2026, 1, 1), deliver_how=Delivery.FILE)
        row = office.records_requests.build(row.id, row.version, items)
        path = tmp_path / f"{name}.zip"
        office.records_requests.release_file(row.id, row.version, path, PASSWORD)
        with pyzipper.AESZipFile(path) as archive:
            archive.setpassword(PASSWORD.encode())
            bundle = json.loads(archive.read("fhir.json"))
            (paper,) = [each for each in archive.namelist() if each.startswith("documents/")]
            assert "Blood count" in paper
            assert paper in archive.read("index.html").decode()
            assert archive.read(paper).startswith(b"%PDF")
        found.append([entry["resource"] for entry in bundle["entry"]])

    narrow, wide = found
    assert {one["resourceType"] for one in narrow} == {"Patient", "DocumentReference"}
    assert "telecom" not in narrow[0]
    assert "telecom" in wide[0]
    (visit,) = [one for one in wide if one["resourceType"] == "Appointment"]
    assert visit["start"].startswith("2026-02-03")


def test_a_request_is_refused_with_a_reason_or_withdrawn_and_both_can_be_taken_back(
    office, session, ada
):
    row = a_request(office, ada)
    with pytest.raises(Invalid) as refusal:
        office.records_requests.refuse(row.id, row.version, "")
    assert refusal.value.field == "reason"
    office.records_requests.refuse(row.id, row.version, "Not our patient’s records")
    refused = office.records_requests.one(row.id)
    assert (refused.status, refused.refusal_reason) == (
        RequestStatus.REFUSED, "Not our patient’s records",
    )  # fmt: skip
    session.undo()
    row = office.records_requests.one(row.id)
    office.records_requests.withdraw(row.id, row.version)
    assert [one.status for one in office.records_requests.closed(TODAY)] == [
        RequestStatus.WITHDRAWN
    ]
    assert office.records_requests.open() == ()


def test_who_may_not_edit_patients_changes_nothing_here(office, session, ada, kinds):
    row = a_request(office, ada)
    session.switch_user(a_user(session, "rita", Role.READ_ONLY))
    for attempt in (
        lambda: office.consents.record(ada, kinds["Consent to treat"]),
        lambda: office.records_requests.withdraw(row.id, row.version),
        lambda: office.disclosures.save(ada, DisclosureDraft("X", "Y", Purpose.LAW)),
        lambda: office.consents.kinds.save(ConsentKindDraft("Z")),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert [one.kind_name for one in office.consents.due_of([ada])[ada]] == [
        "Notice of privacy practices", "Consent to treat",
    ]  # fmt: skip


# -- the log --------------------------------------------------------------------------------------


def test_the_accounting_lists_what_the_law_wants_and_is_recorded(office, session, ada, tmp_path):
    log = office.disclosures
    old = log.save(
        ada, DisclosureDraft("County", "Shot record", Purpose.PUBLIC_HEALTH, disclosed_on=date(2019, 1, 2))
    )  # fmt: skip
    bite = log.save(
        ada,
        DisclosureDraft(
            "City Health", "Name and wound", Purpose.LAW, "dog bite", "fax", "2 Test Sq",
            date(2026, 3, 2),
        ),
    )  # fmt: skip
    log.save(ada, DisclosureDraft("Dr. Vega", "Blood count", Purpose.TREATMENT))
    assert [row.is_accountable for row in log.of(ada)] == [False, True, True]
    first = date(2020, 3, 11)

    assert [row.id for row in log.accounted(ada, first, TODAY)] == [bite]
    assert [row.id for row in log.accounted(ada, date(2019, 1, 2), TODAY)] == [old, bite]
    text = page_text(log.accounting_pdf(ada, first, TODAY))
    for words in ("Accounting of disclosures", "City Health", "2 Test Sq", "dog bite", "T00001"):
        assert words in text
    assert "Vega" not in text
    spooler = FakeSpooler()
    office.printing.offer(spooler)
    log.print_accounting(ada, first, TODAY, Way("Desk"))
    log.save_accounting(ada, first, TODAY, tmp_path / "accounting.pdf")
    assert len(spooler.sent) == 1
    assert (tmp_path / "accounting.pdf").read_bytes().startswith(b"%PDF")
    assert [(row.label, row.reason) for row in session.history(2)] == [
        ("Saved the accounting of disclosures", "03/11/2020 to 03/11/2026"),
        ("Printed the accounting of disclosures", "03/11/2020 to 03/11/2026"),
    ]
    with pytest.raises(Invalid):
        log.accounted(ada, TODAY, first)


def test_an_entry_by_hand_is_put_right_and_keeps_its_hour(office, clock, ada):
    log = office.disclosures
    number = log.save(ada, DisclosureDraft("School", "Shot record", Purpose.OTHER))
    clock.advance(timedelta(hours=3))
    (row,) = log.of(ada)
    log.save(
        ada,
        DisclosureDraft(
            "School", "Shot record", Purpose.AUTHORIZED, disclosed_on=TODAY, id=number, version=1
        ),
    )
    (changed,) = log.of(ada)
    assert (changed.is_accountable, changed.disclosed_at) == (False, row.disclosed_at)
    for draft, field in (
        (DisclosureDraft(" ", "x", Purpose.LAW), "recipient"),
        (DisclosureDraft("x", " ", Purpose.LAW), "what"),
        (DisclosureDraft("x", "y", Purpose.LAW, disclosed_on=date(2026, 3, 12)), "disclosed_on"),
    ):
        with pytest.raises(Invalid) as refusal:
            log.save(ada, draft)
        assert refusal.value.field == field
    log.remove(ada, number)
    assert log.of(ada) == ()
