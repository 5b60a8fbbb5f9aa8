"""From what a visit was charged to a claim that may go, and what comes after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from medsec_desktop.domain.claims.claim import Adjusted, Dated, Reference
from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Organization, Patient
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.claims.records import AnswerDraft, Figures, LineFigures
from medsec_desktop.services.claims.settings import NumberDraft
from medsec_desktop.services.session import Session
from tests.conftest import a_patient, a_user
from tests.services.claims.practice import Billing


def test_a_claim_says_what_was_charged_and_what_the_files_know(billing: Billing) -> None:
    claims = billing.office.claims
    sheet = billing.visit(
        causes="OA", accident_on="2026-03-01", onset_on="2026-02-27", note="Seen twice",
        patient_paid_cents=2000,
        lines=[{}, {"code": "81003", "charge_cents": 1500, "pointers": "BA", "modifiers": "QW"}],
    )  # fmt: skip

    found = claims.detail(claims.build(sheet))

    claim = found.content
    assert (claim.billing.family, claim.billing.id) == ("Lakeside Test Clinic", "1234567893")
    assert claim.billing.references == (Reference("EI", "123456789"),)
    assert claim.billing.address is not None
    assert claim.billing.address.postal_code == "011052345"
    assert (claim.insured.party.family, claim.insured.party.id) == ("Testperson", "TM12345")
    assert (claim.insured.relationship, claim.insured.filing, claim.patient) == ("18", "CI", None)
    assert (claim.insured.birth_on, claim.insured.sex) == (date(1984, 3, 14), "F")
    assert [(role, who.family) for role, who in claim.providers] == [("82", "Chen")]
    assert [one.code for one in claim.diagnoses] == ["J069", "R059"]
    assert [one.kind for one in claim.diagnoses] == ["ABK", "ABF"]
    assert [(line.code, line.pointers, line.modifiers) for line in claim.lines] == [
        ("99213", (1,), ()), ("81003", (2, 1), ("QW",)),
    ]  # fmt: skip
    assert claim.references == (Reference("X4", "22D1234567"),), "a laboratory test names it"
    assert {Dated("439", date(2026, 3, 1)), Dated("431", date(2026, 2, 27))} == set(claim.dates)
    assert (claim.charge_cents, claim.patient_paid_cents) == (14050, 2000)
    assert claim.note is not None
    assert claim.note.text == "Seen twice"
    (other,) = claim.others
    assert (other.payer.family, other.insured.rank) == ("Second Test Plan", "S")
    assert (other.insured.party.given, other.insured.party.middle) == ("Carl", "M")
    row = found.row
    assert (row.status, row.total_cents, row.payer_name) == ("draft", 14050, "Test Health")
    assert row.due_on == date(2026, 5, 31), "90 days after the service"
    assert row.appointment_id is not None
    assert [line.control for line in claim.lines] == [f"{row.number}-1", f"{row.number}-2"]
    assert claims.findings(row.id) == ()
    claims.detail(row.id)
    looks = [one.label for one in billing.office.session.history() if one.kind == "event"]
    assert looks.count(f"Looked at claim {row.number}") == 1, "the first look of a sitting"
    assert claims.of_patient(billing.patient) == claims.of_visit(row.appointment_id) == (row,)


def test_whose_policy_it_is_and_who_bills_are_told_apart(billing: Billing) -> None:
    office = billing.office
    with office.session.change("Hospital", Permission.EDIT_PATIENTS):
        hospital = Organization.create(
            name="Test Hospital", kind="hospital", npi="1232343560", line1="1 Ward Road",
            city="Springfield", state="MA", postal_code="01105-0001",
        )  # fmt: skip
    office.claim_settings.save_number(
        NumberDraft("G2", "77-A", provider_id=billing.provider, payer_id=billing.second)
    )

    sheet = billing.visit(place="22", facility_id=hospital.id, admitted_on="2026-03-01")
    with office.session.change("Bill the second first", Permission.EDIT_CLAIMS):
        coverage = office.session.db.value("SELECT id FROM coverage WHERE rank = 'secondary'")
        office.session.db.execute(
            "UPDATE charge_sheet SET coverage_id = ?, version = version + 1", (coverage,)
        )
    found = office.claims.detail(office.claims.build(sheet))

    claim = found.content
    assert claim.patient is not None
    assert (claim.patient.party.family, claim.patient.relationship) == ("Testperson", "01")
    assert (claim.insured.party.given, claim.insured.relationship) == ("Carl", "")
    assert dict(claim.providers)["77"].id == "1232343560"
    assert dict(claim.providers)["82"].references == (Reference("G2", "77-A"),)
    assert found.row.way == "paper"
    assert claim.others == (), "the first one stands in the same place"


def test_what_cannot_be_billed_is_refused_with_where_to_put_it_right(billing: Billing) -> None:
    office, claims = billing.office, billing.office.claims
    first = billing.visit()
    claim = claims.build(first)

    with pytest.raises(Conflict, match="billed already") as second:
        claims.build(first)
    assert second.value.links[0].key == str(claim)
    with pytest.raises(Invalid, match="fee of zero") as zero:
        claims.build(billing.visit("2026-03-03T10:00", fee=0))
    assert zero.value.field == "lines[0].charge_cents"
    with pytest.raises(Conflict, match="not finished"):
        claims.build(billing.visit("2026-03-04T10:00", status="open"))
    with pytest.raises(Conflict, match="without insurance"):
        claims.build(billing.visit("2026-03-05T10:00", is_self_pay=True))
    stranger = a_patient(office.session, "Sampleton", "Bob")
    with pytest.raises(Conflict, match="no primary insurance"):
        claims.build(billing.visit("2026-03-05T11:00", patient=stranger))
    late = billing.visit("2026-03-06T10:00")
    with office.session.change("She died", Permission.EDIT_PATIENTS):
        Patient.update(status="deceased", deceased_on="2026-03-05", version=2).where(
            Patient.id == billing.patient
        ).execute()
    with pytest.raises(Conflict, match="died before"):
        claims.build(late)
    many = claims.build_all([first, late])
    assert many.made == ()
    assert [one.id for one in many.refused] == [first, late]
    assert office.session.db.value("SELECT count(*) FROM claim") == 1


def test_a_claim_given_up_makes_room_for_another_and_one_undone_leaves_nothing(
    billing: Billing,
) -> None:
    claims, session = billing.office.claims, billing.office.session
    sheet = billing.visit()
    claim = claims.build(sheet)
    row = claims.row(claim)
    with pytest.raises(Invalid, match="Say why"):
        claims.void(claim, row.version, " ")
    claims.void(claim, row.version, "Charged twice")

    again = claims.build(sheet)

    assert claims.row(again).number != row.number
    session.undo()
    assert [one.id for one in claims.of_patient(billing.patient)] == [claim]
    assert session.db.value("SELECT count(*) FROM claim_line WHERE claim_id = ?", (again,)) == 0


def test_changed_words_are_checked_again_and_stale_ones_refused(billing: Billing) -> None:
    claims = billing.office.claims
    claim = billing.ready()
    found = claims.detail(claim)
    lines = (*found.content.lines, replace(found.content.lines[0], code="99214", control=""))

    saved = claims.save(claim, found.version, replace(found.content, lines=lines))

    assert saved.row.status is ClaimStatus.DRAFT
    assert saved.content.charge_cents == saved.row.total_cents == 25100
    assert saved.content.lines[1].control == f"{saved.row.number}-2"
    with pytest.raises(Conflict, match="changed by somebody else"):
        claims.save(claim, found.version, found.content)
    fewer = claims.save(claim, saved.version, replace(saved.content, lines=saved.content.lines[1:]))
    assert [line.control for line in fewer.content.lines] == [f"{saved.row.number}-2"]
    with pytest.raises(Invalid, match="keeps its number"):
        claims.save(claim, fewer.version, replace(fewer.content, id="X"))
    assert claims.rebuild(claim, fewer.version).content == found.content


def test_many_are_checked_at_once_and_those_held_back_say_why(billing: Billing) -> None:
    claims = billing.office.claims
    good = claims.build(billing.visit())
    bad = claims.build(billing.visit("2026-03-03T10:00"))
    found = claims.detail(bad)
    claims.save(bad, found.version, replace(found.content, diagnoses=()))

    checked = claims.make_ready([good, bad])

    assert checked.clean == (good,)
    assert checked.held[0].id == bad
    assert "diagnos" in checked.held[0].words
    assert (claims.row(good).status, claims.row(bad).status) == ("ready", "draft")
    assert claims.row(bad).errors > 0
    claims.back_to_draft([good])
    assert claims.row(good).status == "draft"

    class Stops:
        def report(self, done: int, total: int, text: str = "") -> None:
            if done:
                raise KeyboardInterrupt

        def check(self) -> None: ...

    with pytest.raises(KeyboardInterrupt):
        claims.check([good, bad], Stops())
    assert claims.row(good).status == "draft", "nothing is kept of a check that was stopped"


def test_owner_next_step_and_notes_stand_beside_a_claim(billing: Billing) -> None:
    claims, session = billing.office.claims, billing.office.session
    claim = billing.ready()
    sam = a_user(session, role=Role.BILLER)

    claims.assign([claim], sam.id)
    claims.plan([claim], "Call the payer", date(2026, 3, 20))
    found = claims.note(claim, "Asked Ada for her new card.")

    assert (found.row.owner_name, found.row.next_action) == ("Sam", "Call the payer")
    assert [(one.kind, one.status, one.note) for one in found.events] == [
        ("status", "draft", ""), ("status", "checked", ""), ("status", "ready", ""),
        ("change", None, "Given to Sam."), ("change", None, "Next, 03/20/2026: Call the payer"),
        ("note", None, "Asked Ada for her new card."),
    ]  # fmt: skip
    with pytest.raises(Invalid, match="Say what"):
        claims.plan([claim], " ", date(2026, 3, 20))
    reader = Session(session.db, session.clock, a_user(session, "rob", Role.READ_ONLY))
    with pytest.raises(NotAllowed):
        type(claims)(reader, billing.office.practice).note(claim, "Mine")


def decided(billing: Billing, number: str = "icn 77") -> int:
    """A claim that left, and was decided three days ago. Its number."""
    claims, session = billing.office.claims, billing.office.session
    claim = billing.ready()
    with session.change("It left", Permission.EDIT_CLAIMS, sealed=True):
        claims.filing.move(claim, ClaimStatus.SENT, sent_at="2026-03-04T09:00")
    version = claims.row(claim).version
    claims.answer(
        claim, version, AnswerDraft(ClaimStatus.DECIDED, date(2026, 3, 8), number, "Paid in part")
    )
    return claim


def test_a_claim_that_left_is_not_changed_but_replaced_or_voided_at_the_payer(
    billing: Billing,
) -> None:
    claims = billing.office.claims
    claim = decided(billing)
    found = claims.detail(claim)
    assert (found.row.payer_claim_number, found.row.due_on) == ("ICN 77", date(2026, 5, 7))
    for change in (
        lambda: claims.save(claim, found.version, replace(found.content, place="12")),
        lambda: claims.back_to_draft([claim]),
        lambda: claims.void(claim, found.version, "Wrong"),
        lambda: claims.set_way([claim], "paper"),
    ):
        with pytest.raises(Conflict, match=r"stays? as (it is|they are)"):
            change()

    new = claims.detail(claims.replace(claim, "Wrong place"))

    assert (new.content.frequency, new.replaces_id) == ("7", claim)
    assert Reference("F8", "ICN 77") in new.content.references
    assert new.row.due_on == date(2026, 7, 6), "120 days after the answer"
    assert claims.findings(new.row.id) == ()
    with pytest.raises(Conflict, match="stands for"):
        claims.cancel(claim, "No")
    claims.void(new.row.id, new.version, "Not needed")
    assert claims.detail(claims.cancel(claim, "Not ours")).content.frequency == "8"


def test_the_last_day_of_a_correction_counts_from_the_answer(billing: Billing) -> None:
    office = billing.office
    rule = office.claim_settings.payer(billing.payer)
    office.claim_settings.save_payer(replace(rule, corrected_days=2))
    new = office.claims.replace(decided(billing), "Wrong place")

    (late,) = office.claims.findings(new)

    assert (late.rule.id, late.field) == ("filed-late", "delay_reason")
    assert "passed yesterday" in late.sentence
    found = office.claims.detail(new)
    office.claims.save(new, found.version, replace(found.content, delay_reason="7", place="12"))
    assert office.claims.row(new).due_on == date(2026, 3, 10), "it keeps that day"
    assert [one.rule.id for one in office.claims.findings(new)] == ["filed-soon-late"]


def test_without_the_payers_number_nothing_is_replaced(billing: Billing) -> None:
    claim = decided(billing, "")

    with pytest.raises(Conflict, match="own number"):
        billing.office.claims.replace(claim, "Wrong")


def test_the_next_payer_gets_what_the_first_one_decided(billing: Billing) -> None:
    claims = billing.office.claims
    claim = decided(billing)
    figures = Figures(
        date(2026, 3, 8),
        8000,
        (LineFigures(8000, (Adjusted("CO", "45", 2550), Adjusted("PR", "2", 2000))),),
        patient_owes_cents=2000,
    )

    with pytest.raises(Invalid, match="leaves") as wrong:
        claims.follow_up(claim, replace(figures, lines=(LineFigures(8000),)))
    assert wrong.value.field == "lines[0]"
    with pytest.raises(Invalid, match="were paid"):
        claims.follow_up(claim, replace(figures, paid_cents=7000))
    with pytest.raises(Invalid, match="nothing or more"):
        claims.follow_up(claim, replace(figures, lines=(), paid_cents=-1))
    second = claims.detail(claims.follow_up(claim, figures))

    assert (second.row.rank, second.row.payer_name) == ("S", "Second Test Plan")
    assert second.follows_id == claim
    assert second.row.due_on == date(2026, 9, 4), "180 days after what the first one decided"
    assert second.content.patient is not None, "her husband holds that policy"
    (first,) = second.content.others
    assert (first.paid_cents, first.insured.relationship) == (8000, "18")
    assert first.references == (Reference("F8", "ICN 77"),)
    (decision,) = second.content.lines[0].decisions
    assert (decision.payer_id, decision.paid_on) == ("TP001", date(2026, 3, 8))
    assert claims.findings(second.row.id) == ()
    with pytest.raises(Conflict, match="already"):
        claims.follow_up(claim, figures)
