"""Patient files: registered, amended, found, opened, compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.people import PartialDate, PatientStatus, Sex
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Encounter, Payer
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.office import Office
from medsec_desktop.services.patients import (
    AddressDraft,
    AlertDraft,
    CoverageDraft,
    PatientDraft,
    PersonDraft,
    PhoneDraft,
)
from medsec_desktop.services.session import Session
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment

ADA = PatientDraft(
    family="Testperson",
    given="Ada",
    birth=PartialDate(1984, 3, 14),
    sex=Sex.FEMALE,
    phones=(PhoneDraft("617 555 0142"),),
)


def a_payer(session: Session, name: str = "Test Health") -> int:
    with session.change(f"Add {name}", Permission.EDIT_SETTINGS):
        return int(Payer.create(name=name).id)


def found(office: Office, text: str) -> list[str]:
    return [hit.name.listed for hit in office.patients.find(text)]


def test_a_registered_patient_is_found_at_once_by_name_phone_and_birth(office: Office) -> None:
    office.patients.register(ADA)

    for text in ("testp", "ada test", "3/14/1984", "0142", "100001", "tesptperson"):
        assert found(office, text) == ["Testperson, Ada"], text


def test_undoing_a_registration_takes_her_out_of_the_search_and_redoing_brings_her_back(
    office: Office,
) -> None:
    office.patients.register(ADA)

    office.session.undo()
    assert found(office, "ada") == []

    office.session.redo()
    assert found(office, "ada") == ["Testperson, Ada"]


def test_a_chart_number_is_never_given_twice(office: Office) -> None:
    first = office.patients.register(ADA)
    number = office.patients.open(first).chart_number
    office.session.undo()

    second = office.patients.register(replace(ADA, given="Berta"))

    assert number == "100001"
    assert office.patients.open(second).chart_number == "100002"


def test_numbers_brought_by_an_import_are_leapt_over(office: Office, session: Session) -> None:
    for number in range(100_002, 100_012):
        a_patient(session, f"Imported{number}", chart_number=str(number))

    patient_id = office.patients.register(ADA)

    assert office.patients.open(patient_id).chart_number not in {
        str(number) for number in range(100_002, 100_012)
    }


def test_a_chart_number_in_use_is_refused_naming_its_holder(
    office: Office, session: Session
) -> None:
    a_patient(session, "Holder", "Hal", chart_number="777")

    with pytest.raises(Invalid) as refusal:
        office.patients.register(replace(ADA, chart_number="777"))

    assert refusal.value.field == "chart_number"
    assert "Hal Holder" in refusal.value.what
    assert refusal.value.links[0].kind == "patient"


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (replace(ADA, family=" "), "family"),
        (replace(ADA, birth=PartialDate(2027)), "birth"),
        (replace(ADA, birth=PartialDate(1880, 1, 1)), "birth"),
        (replace(ADA, email="ada at mail"), "email"),
        (replace(ADA, ssn="12345"), "ssn"),
        (replace(ADA, deceased_on=date(2030, 1, 1)), "deceased_on"),
        (replace(ADA, phones=(PhoneDraft("1"), PhoneDraft("call me"))), "phones.1.number"),
        (replace(ADA, addresses=(AddressDraft("1 Test St", postal_code="2139"),)),
         "addresses.0.postal_code"),
        (replace(ADA, people=(PersonDraft(relation="mother"),)), "people.0.name"),
        (replace(ADA, coverages=(CoverageDraft(member_id="W1"),)), "coverages.0.payer_id"),
        (replace(ADA, people=(PersonDraft("A", is_guarantor=True),
                              PersonDraft("B", is_guarantor=True))), "people.1.is_guarantor"),
    ],
)  # fmt: skip
def test_what_cannot_be_accepted_names_its_field(
    office: Office, draft: PatientDraft, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        office.patients.register(draft)

    assert refusal.value.field == field
    assert office.patients.find("ada") == ()


def test_an_odd_phone_number_is_kept_as_typed(office: Office) -> None:
    patient_id = office.patients.register(
        replace(ADA, phones=(PhoneDraft("555-0142"), PhoneDraft("ext. 12 at work")))
    )

    numbers = [row.number for row in office.patients.open(patient_id).phones]

    assert numbers[1] == "ext. 12 at work"


def test_everything_typed_comes_back(office: Office, session: Session) -> None:
    payer = a_payer(session)
    provider = a_provider(session)
    draft = PatientDraft(
        family="Muñoz-Testperson", given="Ana", middle="María", prefix="Ms.", suffix="II",
        preferred="Anita", former="Ejemplo", pronouns="she/her", sex=Sex.FEMALE, gender="woman",
        birth=PartialDate(1984, 3), is_birth_estimated=True, chart_number="M-1", ssn="123456789",
        marital_status="married", language="es", needs_interpreter=True,
        email="ana@mail.example", contact_preference="text", primary_provider_id=provider,
        note="Prefers mornings.",
        phones=(PhoneDraft("+16175550142", "mobile", False, "after five"),),
        addresses=(AddressDraft("1 Test St", "Apt 2", "Cambridge", "MA", "02139"),),
        people=(PersonDraft("Max Muñoz", "husband", "+16175550143", True, True, True),),
        coverages=(CoverageDraft(payer, "primary", "Gold", "W1", "G1", "spouse", "Max Muñoz",
                                 2500, date(2026, 1, 1), date(2026, 12, 31)),),
        alerts=(AlertDraft("Hard of hearing."),),
    )  # fmt: skip

    patient_id = office.patients.register(draft)
    back = office.patients.draft(patient_id)

    def bare(row: PatientDraft) -> PatientDraft:
        lists = {
            name: tuple(replace(each, id=0, version=0) for each in getattr(row, name))
            for name in ("phones", "addresses", "people", "coverages", "alerts")
        }
        return replace(row, version=0, rows_read=(), **lists)

    assert bare(back) == draft
    file = office.patients.open(patient_id)
    assert file.coverages[0].subscriber == "Max Muñoz"
    assert [person.name for person in file.people if person.is_guarantor] == ["Max Muñoz"]
    assert file.primary_provider == "Robin Chen, MD"


def test_amending_is_one_undoable_change_with_a_plain_label(office: Office) -> None:
    patient_id = office.patients.register(ADA)
    draft = office.patients.draft(patient_id)

    office.patients.amend(
        patient_id,
        replace(draft, given="Adele", phones=(PhoneDraft("617 555 0199"),)),
    )

    assert office.session.can_undo() == "Change the file of Adele Testperson"
    assert [row.number for row in office.patients.open(patient_id).phones] == ["+16175550199"]
    office.session.undo()
    assert office.patients.open(patient_id).name.given == "Ada"
    assert [row.number for row in office.patients.open(patient_id).phones] == ["+16175550142"]
    assert found(office, "0199") == []


def test_saving_over_somebody_elses_change_is_refused_naming_who_and_when(
    office: Office, session: Session, clock: FixedClock
) -> None:
    patient_id = office.patients.register(ADA)
    mine = office.patients.draft(patient_id)
    owner = session.user
    session.switch_user(a_user(session, "sam"))
    hers = office.patients.draft(patient_id)
    office.patients.amend(patient_id, replace(hers, phones=(*hers.phones, PhoneDraft("555 0100"))))
    session.switch_user(owner)

    with pytest.raises(Conflict) as refusal:
        office.patients.amend(patient_id, replace(mine, given="Adele"))

    assert "Sam changed it on 03/11/2026 9:00 AM" in refusal.value.why
    assert office.patients.open(patient_id).name.given == "Ada"
    assert len(office.patients.open(patient_id).phones) == 2


def test_a_secretary_sees_only_the_last_four_and_keeps_the_rest(
    office: Office, session: Session
) -> None:
    patient_id = office.patients.register(replace(ADA, ssn="123-45-6789"))
    owner = session.user
    session.switch_user(a_user(session, "sam", Role.SECRETARY))

    assert office.patients.open(patient_id).ssn == "•••-••-6789"
    draft = office.patients.draft(patient_id)
    assert draft.ssn is None
    office.patients.amend(patient_id, replace(draft, given="Adele"))

    with pytest.raises(NotAllowed):
        office.patients.full_ssn(patient_id)
    session.switch_user(owner)
    assert office.patients.full_ssn(patient_id) == "123-45-6789"


def test_seeing_a_whole_ssn_is_asked_for_and_recorded(office: Office, session: Session) -> None:
    patient_id = office.patients.register(replace(ADA, ssn="123-45-6789"))

    assert office.patients.open(patient_id).ssn == "•••-••-6789", "also for the owner"
    office.patients.full_ssn(patient_id)

    seen = session.history()[0]
    assert (seen.label, seen.patient_id) == ("Saw the whole social security number", patient_id)


def test_a_reader_may_look_but_not_register(office: Office, session: Session) -> None:
    patient_id = office.patients.register(ADA)
    session.switch_user(a_user(session, "rita", Role.READ_ONLY))

    assert office.patients.open(patient_id).name.given == "Ada"
    with pytest.raises(NotAllowed):
        office.patients.register(replace(ADA, given="Berta"))


def test_opening_a_file_is_recorded_and_makes_it_recent(office: Office, session: Session) -> None:
    first = a_patient(session, "First")
    second = a_patient(session, "Second")
    office.patients.open(first)
    office.patients.open(second)
    office.patients.open(first)

    assert [hit.id for hit in office.patients.recent()] == [first, second]
    latest = session.history(1)[0]
    assert (latest.kind, latest.patient_id, latest.label) == ("event", first, "Opened the file")


def test_a_hit_shows_the_next_visit_the_first_phone_and_whether_something_must_be_read(
    office: Office, session: Session
) -> None:
    patient_id = office.patients.register(
        replace(ADA, alerts=(AlertDraft("Bites."), AlertDraft("Old", expires_on=date(2020, 1, 1))))
    )
    provider = a_provider(session)
    an_appointment(session, patient_id, provider, "2026-03-13T10:00")
    an_appointment(session, patient_id, provider, "2026-03-12T10:00", status="cancelled")

    (hit,) = office.patients.find("ada")

    assert hit.next_visit_at is not None
    assert hit.next_visit_at.day == 13
    assert hit.phone == "+16175550142"
    assert hit.has_alert
    alerts = office.patients.open(patient_id).alerts
    assert [(alert.text, alert.is_current) for alert in alerts] == [
        ("Bites.", True),
        ("Old", False),
    ]


def test_visits_hold_appointments_and_what_was_imported_newest_first(
    office: Office, session: Session, clock: FixedClock
) -> None:
    patient_id = a_patient(session)
    provider = a_provider(session)
    kind = a_type(session, "Follow-up")
    an_appointment(session, patient_id, provider, "2026-03-12T10:00", type_id=kind)
    with session.change("Import", Permission.IMPORT_DATA):
        Encounter.create(
            patient_id=patient_id, starts_at="2020-05-05T08:00", description="Well-child visit"
        )

    file = office.patients.open(patient_id)

    assert [row.what for row in file.visits] == ["Follow-up", "Well-child visit"]
    assert [row.what for row in file.next_visits(clock.now())] == ["Follow-up"]
    assert [row.what for row in file.past_visits(clock.now())] == ["Well-child visit"]


def test_an_unknown_patient_is_a_conflict_not_a_crash(office: Office) -> None:
    with pytest.raises(Conflict):
        office.patients.open(4711)
    with pytest.raises(Conflict):
        office.patients.draft(4711)


def test_a_deceased_patient_keeps_the_age_she_reached(office: Office) -> None:
    patient_id = office.patients.register(
        replace(ADA, status=PatientStatus.DECEASED, deceased_on=date(2020, 3, 13))
    )

    assert office.patients.open(patient_id).age == 35


@pytest.mark.parametrize(
    "typed",
    [
        replace(ADA, phones=()),
        replace(ADA, given="Adda"),
        replace(ADA, family="Tesptperson", phones=()),
        replace(ADA, family="Ada", given="Testperson", phones=()),
        replace(ADA, birth=PartialDate(1984, 3, 15)),
        replace(ADA, family="Married"),
    ],
)
def test_registering_somebody_on_file_warns_with_reasons(
    office: Office, typed: PatientDraft
) -> None:
    patient_id = office.patients.register(ADA)

    duplicates = office.patients.possible_duplicates(typed)

    assert [duplicate.hit.id for duplicate in duplicates] == [patient_id]
    assert duplicates[0].reasons


@pytest.mark.parametrize(
    "typed",
    [
        replace(ADA, given="Zacharias", birth=PartialDate(2010, 6, 1), sex=Sex.MALE),  # a son
        replace(ADA, family="Stranger", given="Otto", phones=()),  # born the same day
        replace(ADA, birth=PartialDate(1951, 7, 9), phones=()),  # a namesake
    ],
)
def test_family_and_namesakes_raise_no_alarm(office: Office, typed: PatientDraft) -> None:
    office.patients.register(ADA)

    assert office.patients.possible_duplicates(typed) == ()


def test_half_a_character_is_refused_in_a_sentence_wherever_it_is_typed(office: Office) -> None:
    ada = office.patients.register(ADA)
    read = office.patients.draft(ada)
    payer = a_payer(office.session)
    half = "\ud83d"  # the first half of a face, as it is left where a text was cut in two

    for write in (
        lambda: office.patients.register(replace(ADA, given=f"Ada{half}")),
        lambda: office.patients.amend(ada, replace(read, note=f"Smiles {half}")),
        lambda: office.coverages.save(ada, CoverageDraft(payer, "primary", f"Gold{half}")),
    ):
        with pytest.raises(Invalid) as refused:
            write()
        assert "half a character" in refused.value.what

    assert office.patients.draft(ada) == read
    assert found(office, f"Testperson{half}") == ["Testperson, Ada"]
    assert office.patients.possible_duplicates(replace(ADA, family=f"Testperson{half}"))
