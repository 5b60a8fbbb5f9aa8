"""Letters from the dictation to the post, what goes around their words, and what stands once they left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from medsec_desktop.domain.letter_states import LetterStatus, SentHow
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Document, Letter, Organization, Payer, Provider, RelatedPerson
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.letters.handling import CopyTo, Enclosure, Handling
from medsec_desktop.services.letters.letters import Letters
from medsec_desktop.services.letters.line import DictationDraft, LetterLine
from medsec_desktop.services.letters.recipients import Recipients
from medsec_desktop.services.letters.records import LetterDraft
from medsec_desktop.services.office import Office
from medsec_desktop.services.page_images import page_count
from medsec_desktop.services.session import Session
from medsec_desktop.store.files import Files
from tests.conftest import a_patient, a_provider
from tests.documents.conftest import words
from tests.services.test_letters import FakeSpooler, a_visit, an_address, letters, spooler

__all__ = ["letters", "spooler"]  # fixtures

S = LetterStatus


@pytest.fixture
def line(session: Session, letters: Letters) -> LetterLine:
    return LetterLine(session, letters)


def test_a_dictated_letter_is_typed_checked_signed_and_mailed_with_who_and_when(
    line: LetterLine, letters: Letters, session: Session
) -> None:
    ada, robin = a_patient(session), a_provider(session)
    wanted = session.clock.today() + timedelta(days=2)

    number = line.dictate(
        DictationDraft(
            ada, note="Thank her for the roses", signer_provider_id=robin, wanted_on=wanted
        )
    )
    draft = line.draft(number)
    assert draft.handling.note == "Thank her for the roses"
    line.keep(draft.with_subject("Thank you"))
    line.move([number], S.CHECKED)
    line.move([number], S.SIGNED)
    (row,) = line.send([number], SentHow.MAILED)

    assert [step.status for step in line.steps(number)] == [
        S.DICTATED, S.TYPED, S.CHECKED, S.SIGNED, S.SENT,
    ]  # fmt: skip
    assert {step.by for step in line.steps(number)} == {"Olive Owner"}
    assert (row.status, row.sent_how, row.signer) == (S.SENT, SentHow.MAILED, "Robin Chen, MD")
    assert "Thank you" in words(letters.pdf(number))[0]
    assert line.turnaround(date.min, date.max).average_days == 0


def test_nothing_unwritten_is_signed_and_nothing_signed_is_written_on(
    line: LetterLine, session: Session
) -> None:
    number = line.dictate(DictationDraft(a_patient(session), subject="Sick note"))

    with pytest.raises(Conflict, match="no words"):
        line.move([number], S.SIGNED)
    line.keep(line.draft(number))
    with pytest.raises(Conflict):
        line.send([number], SentHow.MAILED)
    line.move([number], S.SIGNED)
    with pytest.raises(Conflict, match="archived"):
        line.draft(number)
    session.undo()  # the signing: its pages go with it
    assert line.one(number).status is S.TYPED
    assert line.draft(number).subject == "Sick note"


def test_a_checker_sends_a_letter_back_with_what_to_put_right(
    line: LetterLine, session: Session
) -> None:
    number = line.keep(line.draft(line.dictate(DictationDraft(a_patient(session), note="x"))))
    line.move([number], S.CHECKED)

    with pytest.raises(Invalid):
        line.send_back([number], " ")
    line.send_back([number], "Her name is Anna")

    assert line.one(number).status is S.TYPED
    assert line.steps(number)[-1].note == "Her name is Anna"


def test_several_letters_take_a_step_as_one_operation_or_none_does(
    line: LetterLine, session: Session
) -> None:
    numbers = [
        line.keep(line.draft(line.dictate(DictationDraft(a_patient(session, name), note="x"))))
        for name in ("Testperson", "Sampleton")
    ]

    line.move(numbers, S.SIGNED)
    assert session.history(1)[0].label == "Sign 2 letters"
    session.undo()
    line.void(numbers[0], "not wanted")
    with pytest.raises(Conflict, match="void"):
        line.move(numbers, S.SIGNED)

    assert line.one(numbers[1]).status is S.TYPED


def test_somebody_who_was_quicker_is_not_overwritten(line: LetterLine, session: Session) -> None:
    number = line.keep(line.draft(line.dictate(DictationDraft(a_patient(session), note="x"))))
    mine, hers = line.draft(number), line.draft(number)

    line.keep(hers.with_subject("Hers"))

    with pytest.raises(Conflict):
        line.keep(mine.with_subject("Mine"))
    assert line.one(number).subject == "Hers"


def test_the_board_puts_the_soonest_wanted_first_and_tells_what_is_late(
    line: LetterLine, session: Session
) -> None:
    today, ada = session.clock.today(), a_patient(session)
    later = line.dictate(DictationDraft(ada, note="x", wanted_on=today + timedelta(days=9)))
    whenever = line.dictate(DictationDraft(ada, note="x"))
    soon = line.dictate(DictationDraft(ada, note="x", wanted_on=today))

    rows = line.board()

    assert [row.id for row in rows] == [soon, later, whenever]
    assert not rows[0].is_late(today)
    assert rows[0].is_late(today + timedelta(days=1))
    with pytest.raises(Invalid, match="past"):
        line.dictate(DictationDraft(ada, note="x", wanted_on=today - timedelta(days=1)))


def test_the_work_queue_tells_what_is_to_be_done_with_letters_on_their_way(
    line: LetterLine, office: Office, session: Session
) -> None:
    ada, today = a_patient(session), session.clock.today()
    line.dictate(DictationDraft(ada, note="x", wanted_on=today))
    typed = line.keep(line.draft(line.dictate(DictationDraft(ada, note="x"))))
    with session.change("A day passes", Permission.WRITE_LETTERS):
        Letter.update(wanted_on=(today - timedelta(days=1)).isoformat()).where(
            Letter.id == typed
        ).execute()

    rows = [row for row in office.board.queue() if row.kind == "letter-line"]

    assert [(row.title, row.is_late) for row in rows] == [
        ("1 letter to write", False),
        ("1 letter to check", True),
    ]
    assert rows[0].place.key == "letter_line"


def test_each_copy_is_a_sheet_of_its_own_and_the_letter_names_it_and_what_is_enclosed(
    letters: Letters, session: Session
) -> None:
    draft = letters.compose(a_visit(session))
    handling = Handling(
        copies=(CopyTo(("Ines Featherstone, MD", "9 Orchard Road")),),
        enclosures=(Enclosure("Blood count"), Enclosure("Directions")),
    )

    row = letters.file(replace(draft, handling=handling))

    first, second = words(letters.pdf(row.id))
    assert row.pages == 2
    for text in (first, second):
        assert "Enclosures: Blood count; Directions" in text
        assert "cc: Ines Featherstone, MD" in text
    assert "9 Orchard Road" not in first
    assert "9 Orchard Road" in second
    assert (
        LetterDraft.from_state(draft.state() | {"handling": handling.state()}).handling == handling
    )


def test_a_sent_letter_is_replaced_by_one_of_its_words_and_both_know_each_other(
    letters: Letters, session: Session
) -> None:
    old = letters.file(letters.compose(a_visit(session)), then="print")

    draft = letters.replacement(old.id, "wrong time")
    assert draft.subject == old.subject
    assert letters.letter(old.id).status is S.SENT  # until the new one is there
    new = letters.file(draft.with_subject("The right one"))

    assert new.replaces_id == old.id
    assert letters.letter(old.id).replaced_by_id == new.id
    assert letters.letter(old.id).status is S.VOID
    assert letters.reason_void(old.id) == "wrong time (Olive Owner)"
    session.undo()
    assert letters.letter(old.id).status is S.SENT


def test_a_reprint_is_the_same_to_the_byte_and_marked_only_if_asked(
    letters: Letters, session: Session, spooler: FakeSpooler
) -> None:
    row = letters.file(letters.compose(a_visit(session)), then="print")

    letters.print(row.id)
    letters.print(row.id, mark="COPY")

    original, again, marked = (pdf for pdf, *_ in spooler.pages)
    assert again == original == letters.pdf(row.id)
    assert "COPY" in words(marked)[0]
    assert "COPY" not in words(original)[0]
    assert page_count(marked) == row.pages


def test_what_is_enclosed_is_printed_behind_the_letter_on_wish(
    letters: Letters, session: Session, spooler: FakeSpooler
) -> None:
    visit = a_visit(session)
    draft = letters.compose(visit)
    other = letters.preview(letters.compose(visit, language="es"))
    with session.change("File a paper", Permission.EDIT_PATIENTS):
        paper = Document.create(
            patient=draft.patient_id, kind="scan", title="Blood count", pages=1,
            sha256=Files.of(session.db).put(other), size_bytes=len(other), filed_at="2026-03-01T10:00",
        )  # fmt: skip
    enclosed = Handling(enclosures=(Enclosure("Blood count", paper.id), Enclosure("Directions")))
    row = letters.file(replace(draft, handling=enclosed))

    letters.print(row.id, with_enclosures=True)

    texts = words(spooler.pages[0][0])
    assert len(texts) == 2
    assert "Su cita" in texts[1]
    with session.change("Put it away", Permission.EDIT_PATIENTS):
        Document.update(status="discarded", version=2).where(Document.id == paper.id).execute()
    with pytest.raises(Conflict, match="no longer in the file"):
        letters.print(row.id, with_enclosures=True)


def test_everybody_in_the_file_and_the_directory_may_be_written_to(
    office: Office, session: Session
) -> None:
    robin = a_provider(session)
    with session.change("Fill the directory", Permission.EDIT_PATIENTS):
        clinic = Organization.create(
            name="Larkhaven General", line1="1 Hill Road", city="Larkhaven", state="MA",
            postal_code="01105", fax="+14135550177",
        )  # fmt: skip
        other = Provider.create(
            family_name="Featherstone", given_name="Ines", credential="MD", organization=clinic.id
        )
        payer = Payer.create(name="Harbor Health", line1="PO Box 77", city="Boston", state="MA")
    ada = a_patient(session, primary_provider=robin, referring_provider=other.id)
    an_address(session, ada)
    bob = a_patient(session, "Sampleton", "Bob")
    an_address(session, bob, line1="7 Oak Street")
    with session.change("Name people", Permission.EDIT_PATIENTS):
        RelatedPerson.create(
            patient=ada, name="Bob Sampleton", linked_patient=bob, is_guarantor=True
        )
        RelatedPerson.create(patient=ada, name="Cleo Mustermann", is_emergency_contact=True)
    recipients = Recipients(session, office.practice, office.directory)

    found = {choice.role: choice for choice in recipients.of_patient(ada)}

    assert list(found) == [
        "Patient", "Guarantor", "Emergency contact", "Primary doctor", "Referring doctor",
    ]  # fmt: skip
    assert "7 Oak Street" in found["Guarantor"].lines
    assert not found["Emergency contact"].has_address
    assert found["Referring doctor"].lines == (
        "Ines Featherstone, MD", "Larkhaven General", "1 Hill Road", "Larkhaven, MA 01105",
    )  # fmt: skip
    assert found["Referring doctor"].fax == "+14135550177"
    assert [choice.name for choice in recipients.search("harbor")] == [payer.name]


def test_the_same_letter_with_copies_gives_the_same_bytes(
    letters: Letters, session: Session
) -> None:
    draft = letters.compose(a_visit(session))
    with_copy = replace(draft, handling=Handling(copies=(CopyTo(("Ines Featherstone, MD",)),)))

    assert letters.preview(with_copy) == letters.preview(with_copy)
