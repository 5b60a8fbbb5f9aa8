"""Faxes by hand: a number made sure of, a packet in order, each try, and the disclosure it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medsec_desktop.domain.letter_states import LetterStatus, SentHow
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.rights import Delivery, ItemKind, Purpose, Requester
from medsec_desktop.models import Document
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.letters.faxing import FaxDraft, MadeSure, Result
from medsec_desktop.services.office import Office
from medsec_desktop.services.page_images import page_count
from medsec_desktop.services.patients.rights_records import RequestDraft, RequestItem
from medsec_desktop.services.practice import Profile
from medsec_desktop.services.session import Session
from medsec_desktop.store.files import Files
from tests.conftest import a_patient
from tests.documents.conftest import words

NUMBER = "(413) 555-0189"


@pytest.fixture
def ada(office: Office, session: Session) -> int:
    office.practice.save_profile(Profile(name="Lakeside Family Medicine", phone="(413) 555-0142"))
    return a_patient(session)


def a_paper(office: Office, session: Session, patient_id: int, subject: str) -> int:
    draft = office.letters.compose_for(patient_id, "blank_letter").with_subject(subject)
    pdf = office.letters.preview(draft)
    with session.change("File a paper", Permission.EDIT_PATIENTS):
        return int(
            Document.create(
                patient=patient_id, kind="document", title=subject, pages=page_count(pdf),
                sha256=Files.of(session.db).put(pdf), size_bytes=len(pdf),
                filed_at="2026-03-01T10:00",
            ).id
        )  # fmt: skip


def test_a_number_not_used_before_is_typed_twice_or_read_back_and_remembered(
    office: Office, session: Session, ada: int
) -> None:
    faxes = office.faxes
    draft = FaxDraft(ada, "Ines Featherstone, MD", NUMBER, document_ids=(1,))

    with pytest.raises(Conflict, match="made sure"):
        faxes.make(draft)
    with pytest.raises(Invalid, match="differ"):
        faxes.confirm(NUMBER, "(413) 555-0198", MadeSure.TYPED_TWICE)
    with pytest.raises(Invalid, match="no fax number"):
        faxes.confirm("12", "12", MadeSure.TYPED_TWICE)
    assert not faxes.is_known(NUMBER)
    faxes.confirm(NUMBER, "413 555 0189", MadeSure.TYPED_TWICE)
    assert faxes.is_known("413-555-0189")
    session.undo()
    assert not faxes.is_known(NUMBER)
    faxes.confirm(NUMBER, "", MadeSure.READ_BACK)
    assert faxes.is_known(NUMBER)


def test_the_packet_is_cover_letter_and_documents_in_the_order_chosen(
    office: Office, session: Session, ada: int
) -> None:
    one, other = (a_paper(office, session, ada, name) for name in ("First paper", "Other paper"))
    letter = office.letters.file(
        office.letters.compose_for(ada, "blank_letter").with_subject("The letter")
    )
    office.faxes.confirm(NUMBER, "", MadeSure.READ_BACK)

    row = office.faxes.make(
        FaxDraft(
            ada, "Ines Featherstone, MD", NUMBER, "Referral", "Please call us.", True,
            letter_id=letter.id, document_ids=(other, one),
        )
    )  # fmt: skip

    cover, *behind = words(office.faxes.pdf(row.id))
    for said in ("Ines Featherstone, MD", NUMBER, "Referral", "Please call us.", "Urgent", "4"):
        assert said in cover
    assert "Testperson" not in cover
    assert [next(one for one in ("The letter", "Other paper", "First paper") if one in text)
            for text in behind] == ["The letter", "Other paper", "First paper"]  # fmt: skip
    assert row.pages == 4
    with pytest.raises(Invalid, match="Choose"):
        office.faxes.make(FaxDraft(ada, "X", NUMBER))
    bob = a_patient(session, "Sampleton", "Bob")
    with pytest.raises(Conflict, match="no longer in this file"):
        office.faxes.make(FaxDraft(bob, "X", NUMBER, document_ids=(one,)))


def test_each_try_is_kept_and_the_one_that_went_through_is_a_disclosure_and_sends_the_letter(
    office: Office, session: Session, ada: int
) -> None:
    letter = office.letters.file(office.letters.compose_for(ada, "blank_letter"))
    office.faxes.confirm(NUMBER, "", MadeSure.READ_BACK)
    fax = office.faxes.make(
        FaxDraft(ada, "Dr. Featherstone", NUMBER, "Report", letter_id=letter.id)
    )
    assert [row.id for row in office.faxes.waiting()] == [fax.id]

    office.faxes.tried(fax.id, Result.BUSY)
    assert office.disclosures.of(ada) == ()
    row = office.faxes.tried(fax.id, Result.SENT, purpose=Purpose.OTHER)

    assert [one.result for one in row.attempts] == [Result.BUSY, Result.SENT]
    assert session.history(1)[0].state == "sealed"
    (entry,) = office.disclosures.of(ada)
    assert entry.recipient == "Dr. Featherstone"
    assert entry.recipient_address == f"Fax {NUMBER}"
    assert entry.what == "Report, 2 pages"
    assert entry.is_accountable
    sent = office.letters.letter(letter.id)
    assert (sent.status, sent.sent_how) == (LetterStatus.SENT, SentHow.FAXED)
    assert office.faxes.waiting() == ()
    with pytest.raises(Conflict, match="already"):
        office.faxes.tried(fax.id, Result.SENT)


def test_what_goes_to_the_patient_is_no_disclosure_and_a_packet_can_be_taken_back(
    office: Office, session: Session, ada: int
) -> None:
    paper = a_paper(office, session, ada, "Result")
    office.faxes.confirm(NUMBER, "", MadeSure.READ_BACK)
    draft = FaxDraft(ada, "Ada Testperson", NUMBER, document_ids=(paper,), is_to_patient=True)
    office.faxes.make(draft)
    session.undo()
    assert office.faxes.log() == ()

    fax = office.faxes.make(replace(draft, about="Result"))
    office.faxes.tried(fax.id, Result.SENT)

    assert office.disclosures.of(ada) == ()
    assert office.faxes.of_patient(ada)[0].is_through


@pytest.mark.parametrize("faxed_first", [True, False])
def test_records_released_by_fax_and_told_at_the_machine_too_are_one_disclosure(
    office: Office, session: Session, ada: int, faxed_first: bool
) -> None:
    paper = a_paper(office, session, ada, "Result")
    requests, faxes = office.records_requests, office.faxes
    asked = RequestDraft(
        "Case & Law", Requester.COURT, f"Attorney Case\nFax {NUMBER}", Delivery.FAX
    )
    number = requests.save(ada, asked)
    item = RequestItem(ItemKind.DOCUMENT, paper)
    row = requests.build(number, requests.one(number).version, [item], 0)
    assert row.package_document_id is not None
    for other in (NUMBER, "(413) 555-0111"):
        faxes.confirm(other, "", MadeSure.READ_BACK)
    draft = FaxDraft(
        ada, "Case and Law LLP", NUMBER, document_ids=(row.package_document_id,),
        purpose=Purpose.COURT,
    )  # fmt: skip
    fax = faxes.make(draft)
    steps = [
        lambda: faxes.tried(fax.id, Result.SENT),
        lambda: requests.release(row.id, row.version, Delivery.FAX),
    ]

    for step in steps if faxed_first else steps[::-1]:
        step()

    (entry,) = office.disclosures.of(ada)
    assert (entry.request_id, entry.how, entry.is_accountable) == (row.id, "fax", True)
    assert entry.what == "1 document, 2 pages"
    # The same pages to somebody else, or once more, left the house another time.
    strangers = faxes.make(replace(draft, recipient="Dr. Featherstone", number="(413) 555-0111"))
    faxes.tried(strangers.id, Result.SENT)
    faxes.tried(faxes.make(draft).id, Result.SENT)
    assert [one.request_id for one in office.disclosures.of(ada)] == [None, None, row.id]


def test_a_fax_is_logged_for_the_reason_given_when_it_was_put_together(
    office: Office, session: Session, ada: int
) -> None:
    office.faxes.confirm(NUMBER, "", MadeSure.READ_BACK)
    paper = a_paper(office, session, ada, "Result")
    draft = FaxDraft(ada, "County", NUMBER, document_ids=(paper,), purpose=Purpose.PUBLIC_HEALTH)

    office.faxes.tried(office.faxes.make(draft).id, Result.SENT)

    (entry,) = office.disclosures.of(ada)
    assert (entry.purpose, entry.is_accountable) == (str(Purpose.PUBLIC_HEALTH), True)
    with pytest.raises(Conflict, match="fax"):
        office.disclosures.remove(ada, entry.id)
