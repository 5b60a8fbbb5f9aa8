"""Coverages, what payers said of them, authorizations, and the light over a visit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from medsec_desktop.domain.insurance import Light, Result
from medsec_desktop.domain.patients import CoverageDraft
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.domain.rights import Answer
from medsec_desktop.models import Coverage, RelatedPerson
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.documents.records import Incoming, Source
from medsec_desktop.services.patients.authorizations import AuthorizationDraft
from medsec_desktop.services.patients.card_scans import Side
from medsec_desktop.services.patients.coverage_records import NewPayer, VerificationDraft
from medsec_desktop.services.patients.referral_records import ReferralDraft
from medsec_desktop.services.patients.rights_records import ConsentDraft, ConsentKindDraft
from medsec_desktop.services.practice import settings
from tests.conftest import a_patient, a_provider, a_user, an_appointment
from tests.papers import a_pdf


@pytest.fixture
def ada(session):
    return a_patient(session)


@pytest.fixture
def chen(session):
    return a_provider(session)


@pytest.fixture
def harbor(office):
    return office.coverages.add_payer(NewPayer("Harbor Health", "HH001", "617 555 0142"))


@pytest.fixture
def tidewater(office):
    return office.coverages.add_payer(NewPayer("Tidewater Mutual"))


def ranks(office, patient_id):
    return [(one.payer_name, one.draft.rank) for one in office.coverages.of(patient_id)]


def texts(readiness):
    return [finding.text for finding in readiness.open]


# -- coverages ------------------------------------------------------------------------------------


def test_a_coverage_is_written_down_changed_and_undone(office, session, ada, harbor):
    draft = CoverageDraft(
        harbor, member_id=" HH-1 ", copay_cents=2500, starts_on=date(2026, 1, 1),
        deductible_note="$500 a year", needs_referral=True,
    )  # fmt: skip
    number = office.coverages.save(ada, draft)

    (one,) = office.coverages.of(ada)
    assert (one.payer_name, one.when, one.subscriber) == ("Harbor Health", "current", None)
    assert (one.draft.member_id, one.draft.needs_referral) == ("HH-1", True)
    office.coverages.save(ada, replace(one.draft, group_number="G-7"))
    assert office.coverages.one(ada, number).draft.group_number == "G-7"
    with pytest.raises(Conflict):
        office.coverages.save(ada, replace(one.draft, group_number="G-8"))  # read before the change
    session.undo()
    assert office.coverages.one(ada, number).draft.group_number == ""
    session.undo()
    assert office.coverages.of(ada) == ()
    assert session.can_undo() == "Add payer Harbor Health"


def test_what_stands_in_another_file_is_not_changed_from_this_one(office, session, ada, harbor):
    bo = a_patient(session, "Sample", "Bo")
    kind = office.consents.kinds.save(ConsentKindDraft("Consent to treat"))
    cases = (
        (office.coverages.save, CoverageDraft(harbor), {"group_number": "G-9"}),
        (office.authorizations.save, AuthorizationDraft("PA-1", 5), {"visits_allowed": 9}),
        (office.referrals.save, ReferralDraft(specialty="Cardiology"), {"note": "New"}),
        (office.consents.save, ConsentDraft(kind, Answer.GIVEN, date(2026, 3, 1)), {"note": "New"}),
    )
    for save, draft, change in cases:
        number = save(bo, draft)
        with pytest.raises(Conflict, match="another patient’s file"):
            save(ada, replace(draft, id=number, version=1, **change))
        save(bo, replace(draft, id=number, version=1, **change))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"payer_id": None}, "payer_id"),
        ({"ends_on": date(2025, 12, 31)}, "ends_on"),
        ({"copay_cents": -1}, "copay_cents"),
        ({"subscriber_relation": "child"}, "subscriber_name"),
        ({"subscriber_relation": "child", "subscriber_name": "B", "subscriber_state": "Mass"},
         "subscriber_state"),
        ({"subscriber_relation": "child", "subscriber_name": "B", "subscriber_postal_code": "12"},
         "subscriber_postal_code"),
        ({"subscriber_relation": "child", "subscriber_name": "B",
          "subscriber_birth_on": date(2027, 1, 1)}, "subscriber_birth_on"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(office, ada, harbor, fields, field):
    draft = replace(CoverageDraft(harbor, starts_on=date(2026, 1, 1)), **fields)

    with pytest.raises(Invalid) as refusal:
        office.coverages.save(ada, draft)

    assert refusal.value.field == field
    assert office.coverages.of(ada) == ()


def test_a_subscriber_with_a_file_is_known_from_it_and_cannot_be_the_patient(
    office, session, ada, harbor
):
    bo = a_patient(session, given="Bo", birth_date="1955-05-05")
    draft = CoverageDraft(harbor, subscriber_relation="spouse", subscriber_patient_id=bo,
                          subscriber_line1="Somewhere else 1")  # fmt: skip

    office.coverages.save(ada, draft)

    (one,) = office.coverages.of(ada)
    assert (one.subscriber.name, one.subscriber.patient_id) == ("Testperson, Bo", bo)
    assert one.subscriber.birth.iso == "1955-05-05"
    assert one.draft.subscriber_line1 == ""
    with pytest.raises(Invalid, match="This is the patient"):
        office.coverages.save(ada, replace(one.draft, subscriber_patient_id=ada))


def test_people_around_her_can_be_taken_as_subscriber(office, session, ada):
    with session.change("People", Permission.EDIT_PATIENTS):
        RelatedPerson.create(patient_id=ada, name="Testperson, Cleo", relation="mother",
                             birth_on="1960-01-02", line1="1 Elm", city="Salem", state="MA")  # fmt: skip

    (cleo,) = office.coverages.subscribers(ada)

    assert (cleo.name, cleo.birth_on, cleo.line1) == ("Testperson, Cleo", date(1960, 1, 2), "1 Elm")


def test_another_coverage_takes_the_place_from_a_date_in_one_operation(
    office, session, ada, harbor, tidewater
):
    old = office.coverages.save(ada, CoverageDraft(harbor, starts_on=date(2025, 1, 1)))
    new = CoverageDraft(tidewater, member_id="T-1")

    number = office.coverages.replace_from(ada, old, 1, date(2026, 3, 1), new)

    first, second = office.coverages.of(ada)
    assert (first.id, first.draft.starts_on, first.when) == (number, date(2026, 3, 1), "current")
    assert (second.id, second.draft.ends_on, second.when) == (old, date(2026, 2, 28), "ended")
    assert session.can_undo() == "Replace Harbor Health by Tidewater Mutual of Testperson, Ada"
    session.undo()
    (back,) = office.coverages.of(ada)
    assert back.draft.ends_on is None
    with pytest.raises(Invalid, match="begins 01/01/2025"):
        office.coverages.replace_from(ada, old, back.draft.version, date(2025, 1, 1), new)


def test_two_of_one_rank_are_told_in_a_sentence_and_kept(office, ada, harbor, tidewater):
    office.coverages.save(ada, CoverageDraft(harbor, starts_on=date(2026, 1, 1)))
    second = CoverageDraft(tidewater, starts_on=date(2025, 6, 1))

    said = office.coverages.overlap(ada, second)

    assert said == "Harbor Health is primary from 01/01/2026 on as well."
    assert office.coverages.overlap(ada, replace(second, rank="secondary")) == ""
    assert office.coverages.overlap(ada, replace(second, ends_on=date(2025, 12, 31))) == ""
    office.coverages.save(ada, second)
    assert any("both primary" in text for text in texts(office.readiness.of_patient(ada)))


def test_coverages_change_places(office, session, ada, harbor, tidewater):
    first = office.coverages.save(ada, CoverageDraft(harbor))
    second = office.coverages.save(ada, CoverageDraft(tidewater, "secondary"))

    assert office.coverages.move(ada, second, -1)
    assert ranks(office, ada) == [("Tidewater Mutual", "primary"), ("Harbor Health", "secondary")]
    assert not office.coverages.move(ada, second, -1)  # it is the first already
    session.undo()
    assert ranks(office, ada) == [("Harbor Health", "primary"), ("Tidewater Mutual", "secondary")]
    assert office.coverages.put_in_order(ada, [second, first])
    assert ranks(office, ada)[0] == ("Tidewater Mutual", "primary")


def test_a_coverage_an_authorization_names_stays_another_goes_with_its_answers(
    office, session, ada, harbor
):
    number = office.coverages.save(ada, CoverageDraft(harbor))
    office.verifications.record(number)
    leave = office.authorizations.save(ada, AuthorizationDraft("PA-1", 3, coverage_id=number))

    with pytest.raises(Conflict, match="cannot be taken off"):
        office.coverages.remove(ada, number)
    office.authorizations.remove(ada, leave)
    office.coverages.remove(ada, number)

    assert office.coverages.of(ada) == ()
    session.undo()
    assert len(office.coverages.of(ada)[0].verifications) == 1


def test_a_payer_and_her_coverage_are_one_operation(office, session, ada):
    office.coverages.save(ada, CoverageDraft(member_id="1"), NewPayer("Cedar Plan"))

    assert office.coverages.of(ada)[0].payer_name == "Cedar Plan"
    session.undo()
    assert (office.coverages.of(ada), office.coverages.payers()) == ((), ())
    bad = CoverageDraft(starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1))
    for draft, payer, field in (
        (bad, NewPayer("Cedar Plan"), "ends_on"),
        (CoverageDraft(), NewPayer(" "), "payer_name"),
    ):
        with pytest.raises(Invalid) as refusal:
            office.coverages.save(ada, draft, payer)
        assert refusal.value.field == field
    assert office.coverages.payers() == ()


def test_a_payer_met_twice_is_one(office, harbor):
    assert office.coverages.add_payer(NewPayer("harbor  HEALTH")) == harbor
    with pytest.raises(Invalid):
        office.coverages.add_payer(NewPayer("  "))


def test_who_may_not_change_files_changes_no_insurance(office, session, ada, harbor):
    number = office.coverages.save(ada, CoverageDraft(harbor))
    session.switch_user(a_user(session, role=Role.READ_ONLY))

    for attempt in (
        lambda: office.coverages.save(ada, CoverageDraft(harbor)),
        lambda: office.coverages.end(ada, number, 1, date(2026, 3, 1)),
        lambda: office.verifications.record(number),
        lambda: office.coverages.add_payer(NewPayer("New")),
        lambda: office.authorizations.save(ada, AuthorizationDraft("PA", 1)),
    ):
        with pytest.raises(NotAllowed):
            attempt()


# -- what payers said -----------------------------------------------------------------------------


def test_an_answer_is_kept_with_who_when_how_and_the_copay_it_named(office, session, ada, harbor):
    number = office.coverages.save(ada, CoverageDraft(harbor, copay_cents=2000))

    office.verifications.record(number, VerificationDraft(how="portal", reference="TX 9",
                                                          copay_cents=3000))  # fmt: skip

    (one,) = office.coverages.of(ada)
    (answer,) = one.verifications
    assert (answer.by, answer.how, answer.reference) == ("Olive Owner", "portal", "TX 9")
    assert f"{answer.at:%Y-%m-%d %H:%M}" == "2026-03-11 09:00"
    assert (one.verified_on, one.verified_note) == (date(2026, 3, 11), "TX 9")
    assert one.draft.copay_cents == 3000
    session.undo()
    (one,) = office.coverages.of(ada)
    assert (one.verifications, one.verified_on, one.draft.copay_cents) == ((), None, 2000)


def test_the_coverages_own_stamp_follows_the_newest_answer(office, ada, harbor):
    number = office.coverages.save(ada, CoverageDraft(harbor))

    def stamp():
        return office.coverages.one(ada, number).verified_on

    office.verifications.record(number, VerificationDraft(on=date(2026, 3, 2)))
    assert stamp() == date(2026, 3, 2)
    office.verifications.record(number, VerificationDraft(Result.INACTIVE))
    assert stamp() is None
    office.verifications.record(number, VerificationDraft(on=date(2026, 3, 5)))  # noted late
    assert stamp() is None
    assert "Harbor Health: not active, it said today" in texts(office.readiness.of_patient(ada))
    for draft, field in (
        (VerificationDraft(on=date(2026, 3, 12)), "on"),
        (VerificationDraft(how="smoke"), "how"),
        (VerificationDraft(copay_cents=-5), "copay_cents"),
    ):
        with pytest.raises(Invalid) as refusal:
            office.verifications.record(number, draft)
        assert refusal.value.field == field


def test_the_work_list_holds_what_is_unverified_stale_denied_or_missing(
    office, session, ada, chen, harbor, tidewater
):
    bea, cleo, dot = (a_patient(session, given=name) for name in ("Bea", "Cleo", "Dot"))
    for place, patient in enumerate((ada, bea, cleo, dot)):
        an_appointment(session, patient, chen, f"2026-03-12T1{place}:00")
    an_appointment(session, ada, chen, "2026-03-13T10:00")
    an_appointment(session, a_patient(session, given="Eve"), chen, "2026-03-16T10:00")  # too far
    an_appointment(session, a_patient(session, given="Fay"), chen, status="cancelled")
    coverages = {
        patient: office.coverages.save(ada if patient == ada else patient, CoverageDraft(payer))
        for patient, payer in ((ada, harbor), (bea, tidewater), (dot, harbor))
    }
    office.verifications.record(coverages[bea], VerificationDraft(on=date(2026, 3, 1)))
    office.verifications.record(coverages[dot], VerificationDraft(Result.NOT_FOUND))

    rows = office.verifications.to_verify()

    assert office.verifications.days() == (date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 13))
    assert [(row.patient_name, row.payer_name, row.result) for row in rows] == [
        ("Testperson, Ada", "Harbor Health", None),
        ("Testperson, Cleo", "", None),
        ("Testperson, Dot", "Harbor Health", Result.NOT_FOUND),
    ]
    assert rows[0].payer_phone == "+16175550142"
    office.verifications.record(coverages[ada])
    assert office.verifications.to_verify()[0].patient_name == "Testperson, Cleo"
    office.practice.put(settings.VERIFIED_DAYS, 5)
    assert "Testperson, Bea" in {row.patient_name for row in office.verifications.to_verify()}
    office.practice.put(settings.VERIFY_AHEAD, 3)
    assert "Testperson, Eve" in {row.patient_name for row in office.verifications.to_verify()}


def test_a_visit_of_today_that_should_be_over_is_not_on_the_list(office, session, clock, ada, chen):
    an_appointment(session, ada, chen, "2026-03-11T09:30")
    assert len(office.verifications.to_verify()) == 1

    clock.advance(timedelta(hours=2))

    assert office.verifications.to_verify() == ()


def test_a_stamp_of_an_earlier_version_still_counts(office, session, ada, harbor):
    number = office.coverages.save(ada, CoverageDraft(harbor, member_id="1"))
    with session.change("As version 2 did", Permission.EDIT_PATIENTS):
        Coverage.update(verified_on="2026-03-01").where(Coverage.id == number).execute()

    assert office.readiness.of_patient(ada).light is Light.GREEN


# -- authorizations -------------------------------------------------------------------------------


def test_units_are_counted_from_visits_and_what_others_used(office, session, ada, chen, harbor):
    coverage = office.coverages.save(ada, CoverageDraft(harbor))
    draft = AuthorizationDraft("PA-1", 12, coverage_id=coverage, counts="units",
                               codes="97110, 97140-59 g0151", used_elsewhere=3,
                               provider_id=chen)  # fmt: skip
    number = office.authorizations.save(ada, draft)
    visit = BookingDraft(
        ada, chen, None, _at(12, 10), 30, authorization_id=number, authorization_units=4
    )
    first = office.calendar.book(visit)
    office.calendar.book(replace(visit, starts_at=_at(13, 10)))

    (row,) = office.authorizations.of(ada)
    assert (row.used, row.left, row.amount(row.left)) == (11, 1, "1 unit")
    assert (row.codes, row.provider_name) == ("97110 97140-59 G0151", "Robin Chen")
    refused = office.calendar.check(replace(visit, starts_at=_at(16, 10)))
    assert refused[0].sentence == (
        "Authorization PA-1 allows 12 units, and 11 count on it already:"
        " too few for the 4 of this visit."
    )
    office.calendar.cancel(first, office.calendar.appointment(first).row.version)
    assert office.authorizations.of(ada)[0].used == 7
    assert office.calendar.check(replace(visit, starts_at=_at(16, 10))) == ()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"codes": "97110 massage"}, "codes"),
        ({"used_elsewhere": 7}, "used_elsewhere"),
        ({"visits_allowed": 0}, "visits_allowed"),
        ({"number": " "}, "number"),
        ({"coverage_id": 99}, "coverage_id"),
        ({"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 1)}, "ends_on"),
    ],
)
def test_an_authorization_that_cannot_be_is_refused(office, ada, fields, field):
    with pytest.raises(Invalid) as refusal:
        office.authorizations.save(ada, replace(AuthorizationDraft("PA-1", 6), **fields))

    assert refusal.value.field == field


def test_the_light_of_a_visit_is_that_of_its_day(office, session, ada, chen, harbor):
    office.coverages.save(ada, CoverageDraft(harbor, member_id="1", ends_on=date(2026, 3, 12)))
    near = an_appointment(session, ada, chen)
    far = an_appointment(session, ada, chen, "2026-03-13T10:00")

    assert office.readiness.of_visit(near).light is Light.AMBER
    assert texts(office.readiness.of_visit(far)) == ["Harbor Health expired 03/12/2026"]
    assert office.readiness.of_visit(99) is None


def _at(day, hour):
    return datetime(2026, 3, day, hour)


# -- cards ----------------------------------------------------------------------------------------


def test_a_card_is_kept_as_a_document_seen_and_taken_off(office, session, ada, harbor):
    number = office.coverages.save(ada, CoverageDraft(harbor))
    front = Incoming(a_pdf("HARBOR HEALTH", size=(243, 153)), "card.pdf", Source.CHOSEN)

    document = office.cards.put(ada, number, Side.FRONT, front)

    one = office.coverages.one(ada, number)
    assert (one.card_front_id, one.card_back_id) == (document, None)
    assert office.documents.document(document).title == "Insurance card, front – Harbor Health"
    small = office.cards.small(document, 112)
    assert (small.width, small.height) == (112, 71)
    title, (page,) = office.cards.pages(document)
    assert (title, page.width) == ("Insurance card, front – Harbor Health", 1400)
    assert office.cards.put(ada, number, Side.BACK, front) == document  # it is in her file already
    session.undo()
    office.cards.take_off(ada, number, Side.FRONT)
    assert office.coverages.one(ada, number).card_front_id is None
    session.undo()
    assert office.coverages.one(ada, number).card_front_id == document


def test_what_is_no_picture_and_no_pdf_is_no_card(office, session, ada, harbor):
    number = office.coverages.save(ada, CoverageDraft(harbor))
    for content in (b"", b"MZ\x90 not a card", b"%PDF-1.7 broken"):
        with pytest.raises(Invalid):
            office.cards.put(ada, number, Side.FRONT, Incoming(content, "card", Source.CHOSEN))
    with pytest.raises(Conflict, match="no longer on file"):
        office.cards.put(ada, 99, Side.FRONT, Incoming(a_pdf("x"), "card", Source.CHOSEN))
    assert office.coverages.one(ada, number).card_front_id is None
    assert office.cards.small(77, 112) is None
