from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from medsec_desktop.domain.claims.charges import ChargeLine
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Claim
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.claims.charge_records import (
    DIAGNOSIS,
    PROCEDURE,
    ChargeDetail,
    ChargeDraft,
    CodeHit,
    ScheduleDraft,
)
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import settings
from tests.conftest import a_patient, a_provider, a_user, an_appointment
from tests.services.claims.conftest import Clinic

DAY = date(2026, 3, 11)


def filled(clinic: Clinic, visit: int, *codes: str, **more: object) -> ChargeDraft:
    """A visit of the middle kind for these diagnoses."""
    office = clinic.office
    detail = office.charges.open(visit)
    hit = office.code_search.hit(PROCEDURE, "99213", "", DAY)
    line = office.charges.line_for(hit, clinic.payer, DAY, (1,))
    return replace(detail.draft, diagnoses=codes or ("I10",), lines=(line,), **more)


def charged(clinic: Clinic, visit: int, *codes: str) -> ChargeDetail:
    return clinic.office.charges.save(filled(clinic, visit, *codes))


def test_a_visit_is_charged_with_what_was_known_of_it(clinic: Clinic):
    office = clinic.office
    empty = office.charges.open(clinic.visit)
    assert (empty.id, empty.visit.payer_name, empty.draft.place) == (0, "Lantern Mutual", "11")
    assert empty.coverages[0][0] == clinic.coverage

    detail = charged(clinic, clinic.visit, "I10", "E785")

    assert detail.status == "charged"
    assert detail.draft.diagnoses == ("I10", "E785")
    (line,) = detail.draft.lines
    assert (line.code, line.charge_cents, line.pointers, line.words) == (
        "99213", 12_500, (1,), "Visit, middle",
    )  # fmt: skip
    encounter = office.session.db.one(
        "SELECT patient_id, provider_id, starts_at, description FROM encounter"
        " WHERE appointment_id = ?",
        (clinic.visit,),
    )
    assert encounter == (clinic.patient, clinic.provider, "2026-03-11T08:00", "blood pressure")


def test_charges_are_changed_row_by_row_and_undone_as_one(clinic: Clinic):
    office = clinic.office
    first = charged(clinic, clinic.visit, "I10", "E785")
    other = ChargeLine("36415", pointers=(1,), charge_cents=900)

    second = office.charges.save(
        replace(first.draft, diagnoses=("E785",), lines=(other, first.draft.lines[0]))
    )
    assert [line.code for line in second.draft.lines] == ["36415", "99213"]
    assert second.draft.lines[1].id == first.draft.lines[0].id
    assert second.draft.diagnoses == ("E785",)

    office.session.undo()
    assert office.charges.open(clinic.visit).draft.diagnoses == ("I10", "E785")
    office.session.undo()
    assert office.charges.open(clinic.visit).id == 0


def test_the_last_visit_and_her_earlier_diagnoses_are_offered(clinic: Clinic):
    assert clinic.office.charges.open(clinic.visit).last is None

    charged(clinic, clinic.earlier, "I10", "E785")
    detail = clinic.office.charges.open(clinic.visit)

    assert detail.last is not None
    assert detail.last.spoken == "I10, E78.5 · 99213"
    assert detail.last.on == date(2026, 2, 11)
    assert detail.earlier == ("I10", "E785")


def test_visits_without_charges_are_listed_until_somebody_decides(clinic: Clinic):
    charges = clinic.office.charges
    assert [row.appointment_id for row in charges.uncharged()] == [clinic.earlier, clinic.visit]
    assert charges.how_many_uncharged() == (2, date(2026, 2, 11))
    assert charges.uncharged()[1].payer_name == "Lantern Mutual"

    charged(clinic, clinic.earlier)
    detail = charges.no_charge(clinic.visit, "  Included in   surgery ")

    assert charges.uncharged() == ()
    assert (detail.status, detail.no_charge_reason) == ("no-charge", "Included in surgery")
    assert detail.decided == "Olive Owner"
    again = charges.save(replace(filled(clinic, clinic.visit), version=detail.draft.version))
    assert (again.status, again.no_charge_reason) == ("charged", "")
    emptied = charges.no_charge(clinic.visit, "A mistake", again.draft.version)
    assert emptied.draft.lines == ()
    with pytest.raises(Invalid, match="Say why"):
        charges.no_charge(clinic.visit, " ", emptied.draft.version)


def test_visits_before_the_first_day_billed_here_are_nobodys_business(clinic: Clinic):
    office = clinic.office

    office.practice.put(settings.CLAIMS_FROM, "2026-03-01")

    assert [row.appointment_id for row in office.charges.uncharged()] == [clinic.visit]
    assert office.charges.visit_of(clinic.patient) == clinic.visit
    charged(clinic, clinic.visit)
    assert office.charges.visit_of(clinic.patient) == clinic.visit  # the latest that took place


def test_a_visit_that_did_not_take_place_is_not_charged(clinic: Clinic):
    session = clinic.office.session
    planned = an_appointment(session, clinic.patient, clinic.provider, "2026-03-12T10:00")

    with pytest.raises(Invalid, match="has not been here"):
        clinic.office.charges.open(planned)
    with pytest.raises(Conflict, match="no longer there"):
        clinic.office.charges.open(99_999)


@pytest.mark.parametrize(
    ("codes", "field", "words"),
    [(("I1",), "diagnoses[0]", "no diagnosis"), (("I10", "E78"), "diagnoses[1]", "heading")],
)
def test_a_diagnosis_no_payer_takes_is_refused(clinic: Clinic, codes, field, words):
    with pytest.raises(Invalid, match=words) as refused:
        charged(clinic, clinic.visit, *codes)

    assert refused.value.field == field
    assert clinic.office.charges.open(clinic.visit).id == 0


def test_a_drug_is_asked_for_where_the_list_says_so_and_comes_with_what_it_knows(clinic: Clinic):
    office, draft = clinic.office, filled(clinic, clinic.visit)
    shot = office.charges.line_for(
        office.code_search.hit(PROCEDURE, "J1885", "", DAY), clinic.payer, DAY, (1,)
    )
    assert (shot.units, shot.charge_cents) == ("2", 3_000)
    assert shot.drug is not None
    assert (shot.drug.code, shot.drug.unit) == ("00409379501", "ML")

    with pytest.raises(Invalid, match="NDC") as refused:
        office.charges.save(replace(draft, lines=(*draft.lines, replace(shot, drug=None))))
    assert refused.value.field == "lines[1].drug"
    saved = office.charges.save(replace(draft, lines=(*draft.lines, shot)))
    assert saved.draft.lines[1].drug == shot.drug


def test_a_second_hand_on_the_same_visit_is_told(clinic: Clinic):
    stale = filled(clinic, clinic.visit)
    charged(clinic, clinic.visit)

    with pytest.raises(Conflict, match="changed meanwhile"):
        clinic.office.charges.save(stale)


def test_charges_on_a_claim_stand_still(clinic: Clinic):
    office, detail = clinic.office, charged(clinic, clinic.visit)
    with office.session.change("Make a claim", Permission.EDIT_CLAIMS):
        Claim.create(number="C1", patient_id=clinic.patient, charge_sheet_id=detail.id,
                     payer_id=clinic.payer, total_cents=12_500, first_on="2026-03-11",
                     last_on="2026-03-11", made_at="2026-03-11T09:00", content="{}")  # fmt: skip

    assert office.charges.open(clinic.visit).is_on_claim
    with pytest.raises(Conflict, match="on claim C1") as refused:
        office.charges.save(detail.draft)
    assert refused.value.links[0].kind == "claim"


def test_who_only_reads_does_not_charge_and_the_front_desk_does(clinic: Clinic):
    office = clinic.office
    draft = filled(clinic, clinic.visit)
    reader = a_user(office.session, "rita", Role.READ_ONLY)
    desk = a_user(office.session, "sam", Role.SECRETARY)

    office.session.switch_user(reader)
    with pytest.raises(NotAllowed):
        office.charges.save(draft)
    office.session.switch_user(desk)
    assert office.charges.save(draft).status == "charged"


def test_a_line_costs_what_the_payers_schedule_says_on_that_day(clinic: Clinic):
    office = clinic.office
    office.fees.save(ScheduleDraft("Everybody 2026", None, date(2026, 1, 1)))
    payers = office.fees.save(ScheduleDraft("Lantern 2026", clinic.payer, date(2026, 3, 1)))
    office.fees.set_fee(payers, "99213", "", 9_900)
    office.fees.set_fee(payers, "99213", "25", 11_000)

    line = office.charges.line_for(CodeHit(PROCEDURE, "99213", ""), clinic.payer, DAY, (1,))
    with_modifier = office.charges.priced(replace(line, modifiers=("25",)), clinic.payer, DAY)
    before = office.charges.priced(line, clinic.payer, date(2026, 2, 28))

    assert line.charge_cents == 9_900
    assert with_modifier.charge_cents == 11_000
    assert before.charge_cents == 12_500  # of the procedure list, as nobody else says
    unknown = office.charges.line_for(CodeHit(PROCEDURE, "11111", ""), clinic.payer, DAY, (1,))
    assert unknown.charge_cents is None


def test_codes_are_found_by_code_part_of_it_words_and_abbreviation(clinic: Clinic, office: Office):
    search = office.code_search
    office.favourites.add(clinic.provider, DIAGNOSIS, "E11.9")

    def first(text: str, provider: int | None = None) -> str:
        return search.search(text, provider, DAY)[0].written

    assert first("i10") == "I10"
    assert first("htn") == "I10"
    assert first("dm2", clinic.provider) == "E11.9"
    assert first("213") == first("99213") == first("visit mid") == "99213"
    assert first("pain shot") == "J1885"
    assert search.search("", None, DAY) == search.search("?", None, DAY) == ()
    (typed,) = search.search("11111", None, DAY)
    assert (typed.code, typed.why_not) == ("11111", "not in your list")
    heading = next(hit for hit in search.search("E78", None, DAY) if hit.code == "E78")
    assert heading.why_not
    # A list that has ended is told once, not beside each of its codes.
    after = date(2026, 10, 1)
    assert search.out_of_date(date(2026, 9, 30)) == ""
    assert "April 2026 has ended" in search.out_of_date(after)
    assert search.search("htn", None, after)[0].why_not == ""


def test_what_stands_there_before_anything_is_typed_is_her_own(clinic: Clinic):
    office = clinic.office
    other = a_provider(office.session, "Other")
    charged(clinic, clinic.earlier, "E785")
    shared = office.favourites.add(None, DIAGNOSIS, "Z0000")
    own = office.favourites.add(clinic.provider, DIAGNOSIS, "I10", words="Pressure")
    office.favourites.add(other, DIAGNOSIS, "J069")

    waiting = office.code_search.waiting(clinic.provider, DAY)

    assert [(hit.code, hit.is_favourite) for hit in waiting] == [
        ("I10", True), ("Z0000", True), ("E785", False), ("99213", False),
    ]  # fmt: skip
    assert waiting[0].words == "Pressure"
    assert office.favourites.add(None, DIAGNOSIS, "Z00.00") == shared  # once, dot or not
    office.favourites.remove(own)
    assert office.code_search.waiting(clinic.provider, DAY)[0].code == "Z0000"
    with pytest.raises(Invalid, match="heading"):
        office.favourites.add(None, DIAGNOSIS, "E78")


def test_a_file_merged_meanwhile_is_not_charged(clinic: Clinic):
    office = clinic.office
    draft = filled(clinic, clinic.visit)
    survivor = a_patient(office.session, "Sampleton", "Ada")
    with office.session.change("Merge", Permission.EDIT_PATIENTS):
        office.session.db.execute(
            "UPDATE patient SET merged_into_id = ?, status = 'archived' WHERE id = ?",
            (survivor, clinic.patient),
        )

    with pytest.raises(Conflict, match="merged"):
        office.charges.save(draft)
