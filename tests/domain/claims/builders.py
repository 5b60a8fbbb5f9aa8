"""Invented claims for the tests, from the plainest to one with everything in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from medsec_desktop.domain.claims.claim import (
    Address,
    Adjusted,
    Attachment,
    Claim,
    Contact,
    Dated,
    Diagnosis,
    Drug,
    Insured,
    LineDecision,
    Note,
    OtherCoverage,
    Party,
    Patient,
    Reference,
    ServiceLine,
)
from medsec_desktop.edi.envelope import Envelope

DAY = date(2026, 11, 2)
HERE = Address("1200 HARBOR AVENUE", "", "SPRINGFIELD", "MA", "011052345")
HOME = Address("7 SAMPLE STREET", "APT 2", "SPRINGFIELD", "MA", "01105")


def envelope() -> Envelope:
    return Envelope(
        sender_id="TESTCLINIC",
        receiver_id="TESTHOUSE",
        submitter=Party(
            "LAKESIDE TEST CLINIC",
            id_kind="46",
            id="TC0001",
            contact=Contact("OLIVE OWNER", "4135550142"),
        ),
        receiver=Party("TEST CLEARING HOUSE", id_kind="46", id="TH0001"),
        made_at=datetime(2026, 11, 28, 18, 30),
        interchange_number=41,
        group_number=41,
        set_number=1,
        batch="B000041",
        is_test=True,
    )


def billing() -> Party:
    return Party(
        "LAKESIDE TEST CLINIC",
        id_kind="XX",
        id="1234567893",
        address=HERE,
        references=(Reference("EI", "123456789"),),
        taxonomy="207Q00000X",
    )


def doctor() -> Party:
    return Party(
        "CHEN",
        "ROBIN",
        is_person=True,
        id_kind="XX",
        id="1811901945",
        taxonomy="207Q00000X",
    )


def payer() -> Party:
    return Party("TEST HEALTH PLAN", id_kind="PI", id="TP001")


def line(**more: object) -> ServiceLine:
    plain = ServiceLine(code="99213", charge_cents=12550, from_on=DAY, control="1001")
    for name, value in more.items():
        setattr(plain, name, value)
    return plain


def plain_claim(number: str = "C1") -> Claim:
    """She is the subscriber; one diagnosis, one line."""
    return Claim(
        id=number,
        charge_cents=12550,
        billing=billing(),
        insured=Insured(
            Party("TESTPERSON", "ADA", is_person=True, id_kind="MI", id="TM12345", address=HOME),
            relationship="18",
            filing="CI",
            birth_on=date(1984, 3, 14),
            sex="F",
        ),
        payer=payer(),
        diagnoses=(Diagnosis("J069", "ABK"),),
        providers=(("82", doctor()),),
        lines=(line(),),
    )


def full_claim() -> Claim:
    """A child of the subscriber, an accident, another payer before, and lines with everything."""
    claim = plain_claim("C2")
    claim.insured.relationship = ""
    claim.insured.rank = "S"
    claim.insured.group_number = "G77"
    claim.patient = Patient(
        Party("TESTPERSON", "BEN", "X", "JR", is_person=True, address=HOME),
        "19",
        date(2015, 6, 1),
        "M",
    )
    claim.pay_to = Address("PO BOX 12", "", "SPRINGFIELD", "MA", "011050012")
    claim.frequency = "7"
    claim.causes = ("AA", "OA")
    claim.accident_state = "MA"
    claim.patient_signature = "P"
    claim.dates = (Dated("431", DAY), Dated("439", DAY), Dated("435", DAY))
    claim.attachments = (Attachment("OZ", "BM", "DOC7"),)
    claim.patient_paid_cents = 2000
    claim.references = (
        Reference("9F", "R55"),
        Reference("G1", "A77"),
        Reference("F8", "ICN0001"),
        Reference("X4", "22D1234567"),
        Reference("EA", "T00002"),
    )
    claim.note = Note("ADD", "PATIENT WAS SEEN TWICE")
    claim.diagnoses = (Diagnosis("S8001XA", "ABK"), Diagnosis("M25561"), Diagnosis("Z00129"))
    claim.condition_codes = ("AA",)
    claim.place = "22"
    claim.providers = (
        ("DN", Party("SENDER", "DORA", is_person=True, id_kind="XX", id="1245319599")),
        (
            "82",
            replace(doctor(), references=(Reference("G2", "88877"),)),
        ),
        ("77", Party("TEST HOSPITAL", id_kind="XX", id="1232343560", address=HERE)),
        ("DQ", Party("BOSS", "SUE", is_person=True, id_kind="XX", id="1245319599")),
    )
    claim.others = (
        OtherCoverage(
            Insured(
                Party("TESTPERSON", "CARL", is_person=True, id_kind="MI", id="OM1", address=HOME),
                rank="P",
                relationship="19",
                filing="BL",
            ),
            Party("FIRST TEST PLAN", id_kind="PI", id="TP002"),
            adjustments=(Adjusted("PR", "1", 2000), Adjusted("PR", "2", 104)),
            paid_cents=39000,
            not_covered_cents=None,
            patient_owes_cents=600,
        ),
    )
    first = line(
        modifiers=("25", "59"),
        pointers=(1, 2),
        is_emergency=True,
        notes=(Note("ADD", "LEFT KNEE"),),
        decisions=(
            LineDecision(
                "TP002",
                9000,
                "99213",
                ("25",),
                adjustments=(Adjusted("CO", "45", 2950), Adjusted("PR", "3", 600)),
                paid_on=DAY,
                patient_owes_cents=600,
            ),
        ),
    )
    # The others were paid as the whole claim says.
    drug = line(
        code="J3301",
        charge_cents=2104,
        units="2",
        control="1002",
        drug=Drug("00003029320", "2", "ML", "RX9"),
        providers=(
            (
                "DK",
                Party("CHEN", "ROBIN", is_person=True, id_kind="XX", id="1811901945", address=HERE),
            ),
        ),
    )
    slept = line(
        code="01382",
        charge_cents=30000,
        units="75",
        unit="MJ",
        control="1003",
        to_on=date(2026, 11, 3),
        description="",
        place="24",
        references=(Reference("G1", "A78"),),
    )
    claim.lines = (first, drug, slept)
    claim.charge_cents = 12550 + 2104 + 30000
    return claim
