"""One part of a file edited in place: checked, compared, written and told apart from the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from medsec_desktop.domain.people import PartialDate, PatientStatus, Sex
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Patient
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.alerts import shown_at
from medsec_desktop.services.office import Office
from medsec_desktop.services.patients import (
    AddressDraft,
    AlertDraft,
    CustomDraft,
    PatientDraft,
    PersonDraft,
    PhoneDraft,
)
from medsec_desktop.services.patients.custom_fields import CustomFieldDraft
from medsec_desktop.services.patients.places import Place, place_of
from medsec_desktop.services.practice import settings
from medsec_desktop.services.session import Session
from tests.conftest import a_patient, a_user

CONTACT = ("phones", "email")
ADA = PatientDraft(
    "Testperson",
    "Ada",
    birth=PartialDate(1984, 3, 14),
    sex=Sex.FEMALE,
    phones=(PhoneDraft("617 555 0142"),),
    email="ada@mail.example",
)
HOME = AddressDraft("1 Test Street", "", "Cambridge", "MA", "02139")


def test_two_people_may_change_different_parts_at_once(office: Office, session: Session) -> None:
    ada = office.patients.register(ADA)
    mine = office.patients.part(ada, CONTACT)
    hers = office.patients.part(ada, ("employer", "language"))

    office.patients.amend_part(ada, replace(hers, draft=replace(hers.draft, employer="Mill")), "it")
    office.patients.amend_part(ada, replace(mine, draft=replace(mine.draft, email="")), "contact")

    now = office.patients.draft(ada)
    assert (now.employer, now.email) == ("Mill", "")
    assert session.can_undo() == "Change contact of Ada Testperson"


def test_a_part_changed_meanwhile_is_a_conflict_and_going_over_keeps_what_was_added(
    office: Office, session: Session
) -> None:
    ada = office.patients.register(ADA)
    mine = office.patients.part(ada, CONTACT)
    owner = session.user
    session.switch_user(a_user(session, "sam"))
    theirs = office.patients.part(ada, CONTACT)
    first = replace(theirs.draft.phones[0], note="after five")
    office.patients.amend_part(
        ada,
        replace(theirs, draft=replace(theirs.draft, phones=(first, PhoneDraft("617 555 0199")))),
        "contact",
    )
    session.switch_user(owner)
    typed = replace(mine, draft=replace(mine.draft, email="new@mail.example"))

    with pytest.raises(Conflict) as refusal:
        office.patients.amend_part(ada, typed, "contact")
    assert "Sam changed it" in refusal.value.why
    office.patients.amend_part(ada, typed, "contact", over=True)

    now = office.patients.draft(ada)
    assert now.email == "new@mail.example"
    assert [(row.number, row.note) for row in now.phones] == [
        ("+16175550142", ""),
        ("+16175550199", ""),
    ]


def test_what_is_wrong_elsewhere_does_not_hold_up_a_part(office: Office, session: Session) -> None:
    ada = office.patients.register(replace(ADA, addresses=(HOME,)))
    with session.change("Import badly", Permission.EDIT_PATIENTS):
        Patient.update(email="ada at mail").where(Patient.id == ada).execute()
    part = office.patients.part(ada, ("addresses",))
    wrong = replace(part.draft, addresses=(replace(HOME, postal_code="2139"),))

    faults = office.patients.check_part(ada, replace(part, draft=wrong))
    assert [fault.field for fault in faults] == ["addresses.0.postal_code"]
    office.patients.amend_part(ada, part, "address")
    assert office.patients.draft(ada).email == "ada at mail"


def test_what_the_practice_asks_is_enforced_with_a_sentence_and_shown_as_missing(
    office: Office,
) -> None:
    office.practice.put(settings.REQUIRED_FIELDS, "email language emergency_contact nonsense")
    field = office.custom_fields.save(CustomFieldDraft("Pharmacy", is_required=True))

    with pytest.raises(Invalid, match="asks every patient for this: Pharmacy"):
        office.patients.register(ADA)
    faults = {fault.field for fault in office.patients.check(ADA)}
    assert faults == {"language", "people", f"custom.{field}"}
    hurried = office.patients.register(replace(ADA, email=""), in_a_hurry=True)

    file = office.patients.open(hurried)
    assert file.missing == ("E-mail", "Emergency contact", "Language", "Pharmacy")
    whole = replace(
        ADA, language="en", people=(PersonDraft("Erna", is_emergency_contact=True),),
        custom=(CustomDraft(field, "Mill Pharmacy"),),
    )  # fmt: skip
    assert office.patients.open(office.patients.register(whole)).missing == ()


def test_a_custom_field_of_each_kind_is_kept_shown_and_refused(office: Office) -> None:
    fields = office.custom_fields
    text = fields.save(CustomFieldDraft("Pharmacy"))
    pick = fields.save(CustomFieldDraft("Shuttle", "pick", ("North", "South", "North", "")))
    day = fields.save(CustomFieldDraft("Form signed", "date"))
    number = fields.save(CustomFieldDraft("Distance", "number"))
    tick = fields.save(CustomFieldDraft("Newsletter", "tick"))
    typed = {
        text: " Mill  Pharmacy ",
        pick: "South",
        day: "3/1/2026",
        number: "1,012.50",
        tick: "1",
    }
    draft = replace(ADA, custom=tuple(CustomDraft(*pair) for pair in typed.items()))

    ada = office.patients.register(draft)

    shown = {row.field.name: row.shown for row in office.patients.open(ada).custom}
    assert shown == {
        "Pharmacy": "Mill Pharmacy", "Shuttle": "South", "Form signed": "03/01/2026",
        "Distance": "1012.50", "Newsletter": "Yes",
    }  # fmt: skip
    for field, wrong in ((pick, "West"), (day, "someday"), (number, "far")):
        with pytest.raises(Invalid) as refusal:
            office.patients.register(replace(ADA, custom=(CustomDraft(field, wrong),)))
        assert refusal.value.field == f"custom.{field}"
    with pytest.raises(Invalid, match="“South” stands in 1 file"):
        fields.save(replace(_field(office, pick), choices=("North",)))
    with pytest.raises(Invalid, match="already have something"):
        fields.save(replace(_field(office, text), kind="number"))
    assert fields.remove(text) is False  # retired: what stands in it stays
    assert [row.field.name for row in office.patients.open(ada).custom][-1] == "Pharmacy"
    part = office.patients.part(ada, ("custom",))
    rest = tuple(row for row in part.draft.custom if row.field_id != number)
    office.patients.amend_part(ada, replace(part, draft=replace(part.draft, custom=rest)), "it")
    assert {row.field.name: row.shown for row in office.patients.open(ada).custom} == {
        **shown, "Distance": "",
    }  # fmt: skip
    assert fields.remove(number) is True


def _field(office: Office, field_id: int) -> CustomFieldDraft:
    return next(row for row in office.custom_fields.all() if row.id == field_id).draft()


def test_a_link_stands_in_both_files_and_goes_from_both(office: Office) -> None:
    erna = office.patients.register(replace(ADA, given="Erna", birth=PartialDate(1950)))
    link = PersonDraft("Erna Testperson", "mother", linked_patient_id=erna, is_guarantor=True)

    ada = office.patients.register(replace(ADA, people=(link,)))

    (back,) = office.patients.open(erna).people
    assert (back.name, back.relation, back.linked_patient_id) == (
        "Ada Testperson", "daughter", ada,
    )  # fmt: skip
    assert not back.is_guarantor
    part = office.patients.part(ada, ("people",))
    aunt = replace(part.draft.people[0], relation="aunt")
    office.patients.amend_part(ada, replace(part, draft=replace(part.draft, people=(aunt,))), "it")
    assert office.patients.open(erna).people[0].relation == "niece"
    office.session.undo()
    assert office.patients.open(erna).people[0].relation == "daughter"
    part = office.patients.part(ada, ("people",))
    office.patients.amend_part(ada, replace(part, draft=replace(part.draft, people=())), "it")
    (left,) = office.patients.open(erna).people
    assert (left.name, left.linked_patient_id) == ("Ada Testperson", None)


def test_a_new_address_for_the_chosen_family_is_one_operation(office: Office) -> None:
    others = [
        office.patients.register(replace(ADA, given=given, addresses=addresses))
        for given, addresses in (
            ("Tom", (AddressDraft("1 TEST Street", "", "Cambridge", "MA", "02139-4307"),)),
            ("Zoe", (AddressDraft("9 Far Lane", "", "Boston", "MA", "02108"),)),
            ("Kim", ()),
        )
    ]
    links = tuple(PersonDraft("x", "sibling", linked_patient_id=other) for other in others)
    ada = office.patients.register(replace(ADA, addresses=(HOME,), people=links))
    assert [(m.name.given, m.lives_there) for m in office.patients.family(ada)] == [
        ("Tom", True), ("Zoe", False), ("Kim", False),
    ]  # fmt: skip
    part = office.patients.part(ada, ("addresses",))
    moved = replace(part.draft.addresses[0], line1="2 New Road", postal_code="02140")

    office.patients.amend_part(
        ada,
        replace(part, draft=replace(part.draft, addresses=(moved,))),
        "the address",
        same_address_for=(others[0], others[2]),
    )

    def streets(who: int) -> list[str]:
        return [row.lines[0] for row in office.patients.open(who).addresses]

    assert [streets(who) for who in (ada, *others)] == [
        ["2 New Road"], ["2 New Road"], ["9 Far Lane"], ["2 New Road"],
    ]  # fmt: skip
    office.session.undo()
    assert [streets(who) for who in (ada, *others)] == [
        ["1 Test Street"], ["1 TEST Street"], ["9 Far Lane"], [],
    ]  # fmt: skip


def test_a_guarantor_has_an_address_of_her_own_and_a_linked_one_shows_what_her_file_says(
    office: Office,
) -> None:
    erna = office.patients.register(replace(ADA, given="Erna", preferred="Erni"))
    people = (
        PersonDraft("Max Payer", "uncle", is_guarantor=True, email="max@mail.example",
                    line1="5 Bank Road", city="Boston", state="ma", postal_code="021084307",
                    birth_on=date(1960, 5, 6)),
        PersonDraft("Old Name", "mother", phone="1", linked_patient_id=erna),
    )  # fmt: skip
    ada = office.patients.register(replace(ADA, people=people))

    payer, mother = office.patients.open(ada).people
    assert payer.lines == ("5 Bank Road", "Boston, MA 02108-4307")
    assert payer.birth == PartialDate(1960, 5, 6)
    assert (mother.name, mother.phone) == ("Erni Testperson", "+16175550142")
    for wrong, field in (({"email": "x"}, "email"), ({"birth_on": date(2030, 1, 1)}, "birth_on")):
        faults = office.patients.check(replace(ADA, people=(replace(people[0], **wrong),)))
        assert [fault.field for fault in faults] == [f"people.0.{field}"]


def test_alerts_come_up_where_they_shall_with_their_kind_until_they_expire(
    office: Office, session: Session
) -> None:
    today = office.clock.today()
    alerts = (
        AlertDraft("Hard of hearing", is_shown_on_arrival=False, is_shown_on_billing=True),
        AlertDraft("Penicillin", kind="allergy"),
        AlertDraft("Falls", kind="risk", expires_on=date(2026, 3, 10)),
    )
    ada = office.patients.register(replace(ADA, alerts=alerts))

    def at(place: str) -> tuple[str, ...]:
        return shown_at(session.db, place, [ada], today)[ada]

    assert at("selection") == at("booking") == ("Allergy: Penicillin", "Hard of hearing")
    assert (at("arrival"), at("billing")) == (("Allergy: Penicillin",), ("Hard of hearing",))
    kinds = [(row.kind, row.is_current) for row in office.patients.open(ada).alerts]
    assert kinds == [("allergy", True), ("risk", False), ("note", True)]
    nowhere = AlertDraft("x", False, False, None, "note", False, False)
    (fault,) = office.patients.check(replace(ADA, alerts=(nowhere,)))
    assert fault.what == "This alert would never be shown."


def test_every_field_tells_who_changed_it_and_what_it_was(office: Office, session: Session) -> None:
    ada = office.patients.register(replace(ADA, ssn="123456789"))
    owner = session.user
    session.switch_user(a_user(session, "sam"))
    part = office.patients.part(ada, ("phones", "email", "ssn"))
    phone = replace(part.draft.phones[0], number="617 555 0199")
    office.patients.amend_part(
        ada,
        replace(part, draft=replace(part.draft, email="a@b.example", phones=(phone,))),
        "contact",
    )
    session.undo()

    history = office.file_histories.read(ada, ("patient", "patient_phone"))
    email = history.of([("patient", ada, "email")])
    assert [(c.by, c.kind, c.before, c.after) for c in email] == [
        ("Sam", "undo", "a@b.example", "ada@mail.example"),
        ("Sam", "change", "ada@mail.example", "a@b.example"),
        (owner.name, "change", None, "ada@mail.example"),
    ]
    number = history.last([("patient_phone", phone.id, "number")])
    assert number is not None
    assert (number.kind, number.after) == ("undo", "+16175550142")
    ssn = history.last([("patient", ada, "ssn")])
    assert ssn is not None
    assert ssn.after == "•••-••-6789"
    assert history.of([("patient", ada, "employer")]) == ()


def test_a_removed_row_is_still_in_the_history(office: Office) -> None:
    ada = office.patients.register(ADA)
    part = office.patients.part(ada, ("phones",))
    gone = part.draft.phones[0].id
    office.patients.amend_part(ada, replace(part, draft=replace(part.draft, phones=())), "phones")

    history = office.file_histories.read(ada, ("patient_phone",))

    last = history.last([("patient_phone", gone, "number")])
    assert last is not None
    assert (last.before, last.after) == ("+16175550142", None)


def test_a_zip_code_knows_its_city() -> None:
    assert place_of("02139") == Place("Cambridge", "MA")
    assert place_of("02139-4307") == Place("Cambridge", "MA")
    for nowhere in ("00000", "0213", "K1A 0B1", ""):
        assert place_of(nowhere) is None


def test_a_photo_is_kept_shown_and_taken_out_with_undo(office: Office) -> None:
    ada = office.patients.register(ADA)
    picture = b"\xff\xd8\xff\xe0 a very small picture"
    with pytest.raises(Invalid, match="not a JPEG or PNG"):
        office.photos.put(ada, b"%PDF-1.7")

    office.photos.put(ada, picture)

    photo = office.patients.open(ada).photo_id
    assert photo is not None
    assert office.photos.get(photo) == picture
    office.photos.remove(ada)
    assert office.patients.open(ada).photo_id is None
    office.session.undo()
    assert office.patients.open(ada).photo_id == photo


def test_somebody_deceased_keeps_the_day_and_the_employer_its_phone(office: Office) -> None:
    ada = office.patients.register(
        replace(ADA, status=PatientStatus.DECEASED, deceased_on=date(2026, 1, 2), employer="Mill",
                employer_phone="617 555 0111", is_not_to_contact=True)
    )  # fmt: skip

    file = office.patients.open(ada)

    assert (file.deceased_on, file.employer_phone) == (date(2026, 1, 2), "+16175550111")
    assert file.is_not_to_contact
    assert a_patient(office.session) != ada
