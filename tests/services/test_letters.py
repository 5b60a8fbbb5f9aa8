"""Letters from a visit to the archive and the printer, and what holds afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from medsec_desktop.domain.letter_states import LetterStatus
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.domain.writing.document import Picture, plain_text
from medsec_desktop.domain.writing.plain import document_of, parts_of
from medsec_desktop.models import Appointment, PatientAddress
from medsec_desktop.problems import Conflict, Invalid, NotAllowed, Unavailable
from medsec_desktop.services.letters import CONFIRMATION, About, LetterDraft, Letters
from medsec_desktop.services.office import Office
from medsec_desktop.services.page_images import PageImages, page_count
from medsec_desktop.services.practice import Profile, settings
from medsec_desktop.services.printing import PrinterOffers, PrinterRow, Printing, Ticket
from medsec_desktop.services.session import Session
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment
from tests.documents.conftest import words


class FakeSpooler:
    """A printer that keeps what it is given, or is stopped."""

    def __init__(self) -> None:
        self.is_ready = True
        self.is_two_sided = False
        self.pages: list[tuple[bytes, int, str]] = []

    def printers(self) -> tuple[PrinterRow, ...]:
        return (PrinterRow("Desk", self.is_ready, True, "" if self.is_ready else "No paper."),)

    def offers(self, printer: str) -> PrinterOffers:
        return PrinterOffers(is_two_sided=self.is_two_sided)

    def send(self, pdf: bytes, ticket: Ticket) -> None:
        self.pages.append((pdf, ticket.copies, ticket.title))


@pytest.fixture
def spooler() -> FakeSpooler:
    return FakeSpooler()


@pytest.fixture
def letters(office: Office, session: Session, spooler: FakeSpooler) -> Letters:
    office.practice.save_profile(
        Profile(
            name="Lakeside Family Medicine",
            line1="1200 Harbor Avenue",
            city="Springfield",
            state="MA",
            postal_code="01103",
            phone="(413) 555-0142",
        )
    )
    return Letters(session, office.practice, Printing(session, spooler))


def an_address(session: Session, patient_id: int, **fields: Any) -> None:
    fields = {"line1": "45 Elm Street", "city": "Springfield", "state": "MA"} | fields
    fields.setdefault("postal_code", "01104")
    with session.change("Add an address", Permission.EDIT_PATIENTS):
        PatientAddress.create(patient=patient_id, **fields)


def a_visit(session: Session, preparation: str = "", **patient: Any) -> int:
    patient_id = a_patient(session, name_prefix="Ms.", **patient)
    an_address(session, patient_id)
    return an_appointment(
        session,
        patient_id,
        a_provider(session),
        type_id=a_type(session, preparation=preparation),
    )


def box(draft: LetterDraft) -> tuple[tuple[str, str], ...]:
    return parts_of(draft.body).box


def test_a_letter_says_who_when_where_with_whom_and_how_to_change_it(
    letters: Letters, session: Session
) -> None:
    draft = letters.compose(a_visit(session, preparation="Do not eat before the visit."))

    text = words(letters.preview(draft))[0].replace("\u00a0", " ")

    for said in (
        "Lakeside Family Medicine", "Ms. Ada Testperson", "45 Elm Street", "Springfield, MA 01104",
        "March 11, 2026", "Your appointment on Thursday, March 12, 2026", "Robin Chen, MD",
        "Follow-up", "How to prepare: Do not eat before the visit.", "(413) 555-0142",
        "Olive Owner", "1200 Harbor Avenue",
    ):  # fmt: skip
        assert said in text
    assert "10:00 AM" in text
    assert letters.warnings(draft) == ()


def test_nothing_is_left_of_an_empty_preparation(letters: Letters, session: Session) -> None:
    draft = letters.compose(a_visit(session))

    assert "prepare" not in plain_text(draft.body)


def test_a_spanish_speaker_gets_a_spanish_letter(letters: Letters, session: Session) -> None:
    draft = letters.compose(a_visit(session, language="es-MX"))

    assert draft.subject == "Su cita del jueves, 12 de marzo de 2026"
    assert letters.compose(draft.appointment_id or 0, language="en").language == "en"


def test_a_preparation_that_may_be_in_another_language_is_a_warning(
    letters: Letters, session: Session
) -> None:
    visit = a_visit(session, preparation="Do not eat.", language="es")

    assert "is it in Español?" in letters.warnings(letters.compose(visit))[0]
    assert letters.warnings(letters.compose(visit, language="en")) == ()


@pytest.mark.parametrize(
    ("addresses", "street"),
    [
        ([{"kind": "home"}, {"kind": "mailing", "line1": "PO Box 9"}], "PO Box 9"),
        ([{"kind": "mailing", "line1": "Old", "valid_to_on": "2026-03-10"}], "45 Elm Street"),
        ([{"kind": "mailing", "line1": "New", "valid_from_on": "2026-03-12"}], "45 Elm Street"),
        ([{"kind": "mailing", "line1": "Till today", "valid_to_on": "2026-03-11"}], "Till today"),
        ([{"kind": "temporary", "line1": "Daughter’s"}], "Daughter’s"),
        ([{"kind": "former", "line1": "Former", "position": -1}], "45 Elm Street"),
        ([{"kind": "work", "line1": "Work", "position": -1}], "45 Elm Street"),
    ],
)
def test_the_letter_goes_to_the_address_that_holds_today(
    letters: Letters, session: Session, addresses: list[dict[str, str]], street: str
) -> None:
    visit = a_visit(session)
    patient_id = letters.compose(visit).patient_id
    for address in addresses:
        an_address(session, patient_id, **address)

    assert letters.compose(visit).recipient[1] == street


def test_a_foreign_address_ends_with_its_country(letters: Letters, session: Session) -> None:
    visit = a_visit(session)
    an_address(session, letters.compose(visit).patient_id, kind="mailing", country="CA")

    assert letters.compose(visit).recipient[-1] == "CANADA"


def test_a_missing_address_is_a_warning(letters: Letters, session: Session) -> None:
    visit = an_appointment(session, a_patient(session), a_provider(session))

    draft = letters.compose(visit)

    assert "Ada Testperson has no mailing address that is valid today." in letters.warnings(draft)
    pasted = replace(
        draft, recipient=("x" * 50_000,), handling=replace(draft.handling, recipient_kind="free")
    )
    assert max(map(len, letters.warnings(pasted))) < 200


@pytest.mark.parametrize(
    ("patient", "visit", "warning"),
    [
        ({}, {"status": "cancelled"}, "This visit is cancelled."),
        ({}, {"starts_at": "2026-03-10T10:00"}, "This visit lies in the past."),
        ({"status": "deceased"}, {}, "Ada Testperson has died."),
        ({"contact_preference": "none"}, {}, "Ada Testperson asked not to be contacted."),
        ({"is_not_to_contact": True}, {}, "Ada Testperson asked not to be contacted."),
    ],
)
def test_what_speaks_against_the_letter_is_a_warning(
    letters: Letters,
    session: Session,
    patient: dict[str, str],
    visit: dict[str, Any],
    warning: str,
) -> None:
    patient_id = a_patient(session, **patient)
    an_address(session, patient_id)
    type_id = a_type(session)
    visit_id = an_appointment(session, patient_id, a_provider(session), type_id=type_id, **visit)

    assert letters.warnings(letters.compose(visit_id)) == (warning,)


def test_what_cannot_be_printed_is_a_warning(letters: Letters, session: Session) -> None:
    draft = letters.compose(a_visit(session, family="ཀ"))

    assert any("“ཀ” in the recipient" in warning for warning in letters.warnings(draft))


def test_a_picture_that_is_not_in_the_files_is_a_warning(
    letters: Letters, session: Session
) -> None:
    draft = letters.compose(a_visit(session))
    map_ = Picture("a" * 64, 60, "The map to our door")

    draft = replace(draft, body=replace(draft.body, blocks=(*draft.body.blocks, map_)))

    assert "The picture “The map to our door” is missing." in letters.warnings(draft)
    assert "map to our door" in words(letters.preview(draft))[0]


def test_a_practice_without_a_phone_is_a_warning(
    letters: Letters, office: Office, session: Session
) -> None:
    office.practice.save_profile(Profile(name="Lakeside", line1="1200 Harbor Avenue", phone=""))

    (warning,) = letters.warnings(letters.compose(a_visit(session)))

    assert "no phone number" in warning


def test_a_visit_of_no_kind_leaves_its_row_out(letters: Letters, session: Session) -> None:
    draft = letters.compose(an_appointment(session, a_patient(session), a_provider(session)))

    assert [label for label, _ in box(draft)] == ["Date", "Time", "With", "Where"]


def test_a_draft_taken_up_again_has_the_visit_as_it_stands_now(
    letters: Letters, session: Session
) -> None:
    visit = a_visit(session)
    draft = letters.compose(visit)
    draft = replace(
        draft, body=document_of(replace(parts_of(draft.body), paragraphs=("Typed.",)), "en")
    )
    assert letters.renewed(draft) == draft
    with session.change("Move the visit", Permission.EDIT_CALENDAR):
        Appointment.update(starts_at="2026-03-13T14:30").where(Appointment.id == visit).execute()

    renewed = letters.renewed(draft)

    assert parts_of(renewed.body).paragraphs == ("Typed.",)
    assert dict(box(renewed))["Date"] == "Friday, March 13, 2026"
    assert "was changed since" in letters.warnings(renewed)[0]


def test_a_draft_whose_visit_is_gone_says_so(letters: Letters, session: Session) -> None:
    draft = replace(letters.compose(a_visit(session)), about=About(appointment_id=99))

    assert letters.warnings(letters.renewed(draft)) == ("This visit is no longer there.",)


def test_a_visit_that_is_gone_is_a_conflict(letters: Letters) -> None:
    with pytest.raises(Conflict, match="no longer there"):
        letters.compose(99)


def test_an_unknown_template_is_refused(letters: Letters, session: Session) -> None:
    with pytest.raises(Invalid):
        letters.compose(a_visit(session), "../../secret")


def test_only_who_may_write_letters_writes_them(
    letters: Letters, session: Session, office: Office
) -> None:
    draft = letters.compose(a_visit(session))
    session.switch_user(a_user(session, role=Role.READ_ONLY))

    with pytest.raises(NotAllowed):
        letters.compose(draft.appointment_id or 0)
    with pytest.raises(NotAllowed):
        letters.file(draft)
    assert letters.recent() == ()


def test_a_filed_letter_is_read_back_byte_for_byte(letters: Letters, session: Session) -> None:
    draft = letters.compose(a_visit(session))

    row = letters.file(draft)

    assert letters.pdf(row.id) == letters.preview(draft)
    assert row.status is LetterStatus.FILED
    assert row.written_on == date(2026, 3, 11)
    assert row.written_by == "Olive Owner"
    assert row.recipient == ("Ms. Ada Testperson", "45 Elm Street", "Springfield, MA 01104")
    assert row.pages == 1


def test_a_filed_letter_stays_as_it_was_when_everything_around_it_changes(
    letters: Letters, office: Office, session: Session
) -> None:
    row = letters.file(letters.compose(a_visit(session)))
    before = letters.pdf(row.id)

    office.practice.save_profile(Profile(name="Renamed Clinic"))

    assert letters.pdf(row.id) == before


def test_undoing_the_filing_takes_the_letter_away_and_redoing_brings_it_back(
    letters: Letters, session: Session
) -> None:
    row = letters.file(letters.compose(a_visit(session)))
    content = letters.pdf(row.id)

    session.undo()
    assert letters.recent() == ()
    with pytest.raises(Conflict, match="no longer there"):
        letters.pdf(row.id)

    session.redo()
    assert letters.pdf(row.id) == content


def test_filing_and_printing_sends_the_archived_bytes(
    letters: Letters, session: Session, spooler: FakeSpooler
) -> None:
    row = letters.file(letters.compose(a_visit(session)), then="print", copies=2)

    assert row.status is LetterStatus.SENT
    assert spooler.pages == [(letters.pdf(row.id), 2, f"Letter {row.id}")]


def test_a_printed_letter_can_no_longer_be_undone(letters: Letters, session: Session) -> None:
    row = letters.file(letters.compose(a_visit(session)), then="print")
    filing, printing = reversed(session.history(2))

    assert printing.state == "sealed"
    for operation in (printing, filing):
        with pytest.raises(Conflict):
            session.undo(operation.id)
    assert letters.letter(row.id).status is LetterStatus.SENT


def test_printing_again_changes_nothing_but_is_recorded(
    letters: Letters, session: Session, spooler: FakeSpooler
) -> None:
    row = letters.file(letters.compose(a_visit(session)), then="print")

    letters.print(row.id)

    assert spooler.pages[0] == spooler.pages[1]
    assert letters.letter(row.id).version == row.version
    assert session.history(1)[0].label == "Printed the letter to Ada Testperson again"


def test_a_stopped_printer_leaves_the_letter_filed(
    letters: Letters, session: Session, spooler: FakeSpooler
) -> None:
    spooler.is_ready = False

    with pytest.raises(Unavailable, match="stopped") as caught:
        letters.file(letters.compose(a_visit(session)), then="print")

    (row,) = letters.recent()
    assert row.status is LetterStatus.FILED
    assert "The letter is filed." in caught.value.remedy
    assert caught.value.links[0].key == str(row.id)


def test_a_void_letter_keeps_its_pages_and_is_not_printed(
    letters: Letters, session: Session, spooler: FakeSpooler
) -> None:
    row = letters.file(letters.compose(a_visit(session)))
    before = letters.pdf(row.id)

    assert letters.void(row.id, "wrong date").status is LetterStatus.VOID

    assert letters.pdf(row.id) == before
    assert letters.reason_void(row.id) == "wrong date (Olive Owner)"
    with pytest.raises(Conflict, match="void"):
        letters.print(row.id)
    with pytest.raises(Conflict, match="void"):
        letters.void(row.id, "again")
    assert spooler.pages == []


def test_voiding_takes_a_reason_and_can_be_undone(letters: Letters, session: Session) -> None:
    row = letters.file(letters.compose(a_visit(session)), then="print")

    with pytest.raises(Invalid):
        letters.void(row.id, "  ")
    letters.void(row.id, "wrong date")
    session.undo()

    assert letters.letter(row.id).status is LetterStatus.SENT


def test_a_missing_file_is_said_and_the_record_stays(letters: Letters, session: Session) -> None:
    row = letters.file(letters.compose(a_visit(session)))
    (session.db.folder / "files" / row.sha256[:2] / row.sha256[2:]).unlink()

    with pytest.raises(Unavailable, match="missing"):
        letters.pdf(row.id)
    assert letters.recent() == (row,)


def test_letters_are_listed_newest_first_and_found_by_any_words(
    letters: Letters, session: Session
) -> None:
    first = letters.file(letters.compose(a_visit(session, family="Muñoz", given="José")))
    second = letters.file(letters.compose(a_visit(session, family="Beispiel", given="Ute")))

    assert [row.id for row in letters.recent()] == [second.id, first.id]
    assert [row.id for row in letters.recent("munoz MARCH")] == [first.id]
    assert letters.recent("munoz april") == ()
    assert letters.of_patient(first.patient_id) == (letters.letter(first.id),)


def test_coming_visits_are_offered_nearest_first_and_tell_which_have_a_letter(
    letters: Letters, session: Session
) -> None:
    provider = a_provider(session)
    late, soon, past, gone = (
        an_appointment(session, a_patient(session, family), provider, starts_at=at, status=status)
        for family, at, status in (
            ("Später", "2026-03-20T10:00", "confirmed"),
            ("Bald", "2026-03-11T09:00", "scheduled"),
            ("Gestern", "2026-03-10T10:00", "done"),
            ("Abgesagt", "2026-03-13T10:00", "cancelled"),
        )
    )
    letters.file(letters.compose(late))

    offered = letters.coming_visits()

    assert [(visit.appointment_id, visit.has_letter) for visit in offered] == [
        (soon, False),
        (late, True),
    ]
    assert {past, gone}.isdisjoint(visit.appointment_id for visit in offered)
    assert [visit.patient_name for visit in letters.coming_visits("spater")] == ["Später, Ada"]


def test_reading_a_letter_is_recorded_once_a_sitting(letters: Letters, session: Session) -> None:
    row = letters.file(letters.compose(a_visit(session)))

    letters.pdf(row.id)
    letters.pdf(row.id)

    reads = [one for one in session.history() if one.label == "Read the letter to Ada Testperson"]
    assert [one.patient_id for one in reads] == [row.patient_id]


def test_letters_of_the_demo_clinic_are_marked(
    letters: Letters, office: Office, session: Session
) -> None:
    office.practice.put(settings.IS_DEMO, True)

    assert "DEMO" in words(letters.preview(letters.compose(a_visit(session))))[0]


def test_a_parked_draft_comes_back_as_it_was(letters: Letters, session: Session) -> None:
    import json

    draft = letters.compose(a_visit(session))

    assert LetterDraft.from_state(json.loads(json.dumps(draft.state()))) == draft


def test_a_draft_parked_by_an_earlier_version_is_a_document_now(
    letters: Letters, session: Session
) -> None:
    draft = letters.compose(a_visit(session))
    parts = parts_of(draft.body)
    old = {
        "patient_id": draft.patient_id,
        "patient_name": draft.patient_name,
        "appointment_id": draft.appointment_id,
        "template": draft.template,
        "language": draft.language,
        "written_on": draft.written_on.isoformat(),
        "recipient": list(draft.recipient),
        "subject": parts.subject,
        "opening": list(parts.opening),
        "box": [list(row) for row in parts.box],
        "paragraphs": [*parts.paragraphs[:-1], "Typed."],
        "closing": parts.closing,
        "signature": list(parts.signature),
        "remarks": [],
    }

    taken_up = LetterDraft.from_state(old)

    assert parts_of(taken_up.body) == replace(parts, paragraphs=(*parts.paragraphs[:-1], "Typed."))
    assert taken_up.details == draft.details
    assert letters.renewed(taken_up).body == taken_up.body


def test_a_thousand_letters_ask_no_more_than_one(letters: Letters, session: Session) -> None:
    visits = [a_visit(session, given=name) for name in ("Ada", "Ben", "Cleo")]

    def queries(abouts: list[About]) -> int:
        asked: list[str] = []
        real = session.db.execute
        session.db.execute = lambda sql, params=(): asked.append(sql) or real(sql, params)  # type: ignore[assignment, func-returns-value, method-assign]
        try:
            drafts = letters.composed_many(abouts, CONFIRMATION)
        finally:
            session.db.execute = real  # type: ignore[method-assign]
        assert len({draft.patient_name for draft in drafts}) == len(abouts)
        return len(asked)

    queries([About(appointment_id=visits[0])])  # reads the settings
    one = queries([About(appointment_id=visits[0])])

    assert queries([About(appointment_id=visit) for visit in visits]) == one


def test_pages_are_drawn_once_and_kept(letters: Letters, session: Session) -> None:
    pdf = letters.preview(letters.compose(a_visit(session)))

    (image,) = letters.pages(pdf, 100)

    assert (image.width, image.height) == (850, 1100)
    assert len(image.pixels) == image.stride * image.height
    assert letters.pages(pdf, 100)[0] is image


def test_something_that_is_no_pdf_is_not_drawn() -> None:
    with pytest.raises(Unavailable, match="cannot be shown"):
        PageImages().of(b"rubbish")
    with pytest.raises(Unavailable, match="cannot be shown"):
        page_count(b"rubbish")


def test_many_letters_are_filed_as_one_operation_a_copy_in_each_file(
    letters: Letters, session: Session
) -> None:
    visits = [a_visit(session), a_visit(session, given="Ben")]

    filed = letters.file_many([letters.compose(visit) for visit in visits])

    assert [len(letters.of_patient(row.patient_id)) for row in filed] == [1, 1]
    assert session.can_undo() == "Write 2 letters"
    session.undo()
    assert [len(letters.of_patient(row.patient_id)) for row in filed] == [0, 0]


def test_filing_many_letters_can_be_stopped_and_files_none(
    letters: Letters, session: Session
) -> None:
    drafts = [
        letters.compose(a_visit(session)),
        letters.compose(a_visit(session, given="Ben")),
    ]

    class Stop:
        def report(self, done: int, total: int, text: str = "") -> None:
            if done:
                raise InterruptedError

        def check(self) -> None:
            pass

    with pytest.raises(InterruptedError):
        letters.file_many(drafts, Stop())

    assert letters.recent() == ()


def test_many_letters_are_one_job_for_the_printer_and_one_sealed_change(
    letters: Letters, session: Session, spooler: FakeSpooler
) -> None:
    filed = letters.file_many([letters.compose(a_visit(session)),
                               letters.compose(a_visit(session, given="Ben"))])  # fmt: skip

    printed = letters.print_many([row.id for row in filed])

    assert [row.status for row in printed] == [LetterStatus.SENT] * 2
    (job,) = spooler.pages
    assert page_count(job[0]) == 2
    with pytest.raises(Conflict):
        session.undo()


def test_a_letter_about_no_visit_takes_its_facts_from_the_caller(
    letters: Letters, session: Session
) -> None:
    patient_id = a_patient(session)
    an_address(session, patient_id)

    draft = letters.compose_for(patient_id, CONFIRMATION, {"appointment.date": "April 2026"})

    assert draft.appointment_id is None
    assert draft.subject == "Your appointment on April 2026"
    assert letters.file(draft).patient_id == patient_id
