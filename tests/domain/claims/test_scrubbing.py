"""Each rule of the scrubber: silent on the right claim, and told by the smallest wrong one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import zipcodes

from medsec_desktop.domain.claims.claim import (
    Address,
    Adjusted,
    Attachment,
    Claim,
    Condition,
    Dated,
    Diagnosis,
    Drug,
    LineDecision,
    Note,
    Party,
    Patient,
    Reference,
)
from medsec_desktop.domain.claims.deadlines import Nearness, Waiting, radar, usual_days
from medsec_desktop.domain.claims.scrubbing import (
    Authorized,
    Billed,
    PayerRules,
    Severity,
    Surroundings,
    may_leave,
    rules,
    scrub,
)
from medsec_desktop.domain.claims.us_zip_prefixes import may_be
from tests.domain.claims.builders import (
    DAY,
    HERE,
    HOME,
    doctor,
    full_claim,
    line,
    payer,
    plain_claim,
)

TODAY = date(2026, 11, 28)
PLAIN = Surroundings(TODAY)

Change = Callable[[Claim], Any]


def around(**more: Any) -> Surroundings:
    return replace(PLAIN, **more)


def asked(**more: Any) -> Surroundings:
    return replace(PLAIN, payer=PayerRules(**more))


def put(path: str, value: Any) -> Change:
    """A change that puts a value at a path such as "insured.party.id" or "lines.0.code"."""

    def change(claim: Claim) -> None:
        *way, last = path.split(".")
        at: Any = claim
        for step in way:
            at = at[int(step)] if step.isdigit() else getattr(at, step)
        setattr(at, last, value)

    return change


def both(*changes: Change) -> Change:
    return lambda claim: [change(claim) for change in changes]


def with_line(**more: Any) -> Change:
    def change(claim: Claim) -> None:
        claim.lines = (line(**more),)
        claim.charge_cents = sum(one.charge_cents for one in claim.lines)

    return change


def second_line(**more: Any) -> Change:
    def change(claim: Claim) -> None:
        claim.lines = (line(), line(control="1002", **more))
        claim.charge_cents = sum(one.charge_cents for one in claim.lines)

    return change


def provider(role: str, **more: Any) -> Change:
    def change(claim: Claim) -> None:
        claim.providers += ((role, replace(doctor(), **more)),)

    return change


CHILD = Patient(
    Party("TESTPERSON", "BEN", is_person=True, address=HOME), "19", date(2015, 6, 1), "M"
)
SECOND = both(put("insured.rank", "S"))
FACILITY = ("77", Party("TEST HOSPITAL", id_kind="XX", id="1232343560", address=HERE))


def abroad(**more: Any) -> Change:
    """A subscriber who lives in Switzerland."""
    address = Address("7 SAMPLE STREET", "", "BERN", "", "3011", "CH")
    return put("insured.party.address", replace(address, **more))


def other_than(claim: Claim, **more: Any) -> None:
    """The full claim's first payer, changed."""
    decided = {"adjustments": (), "paid_cents": 12000, **more}
    claim.others = (replace(full_claim().others[0], **decided),)
    claim.insured.rank = "S"
    claim.lines = (
        line(
            decisions=(
                LineDecision(
                    "TP002", 12000, "99213", adjustments=(Adjusted("PR", "3", 550),), paid_on=DAY
                ),
            )
        ),
    )


# The rule, what makes the claim wrong, the field it names, and what is known beside the claim.
WRONG: list[tuple[str, Change, str, Surroundings]] = [
    ("billing-npi", put("billing.id", ""), "billing.id", PLAIN),
    ("billing-npi", put("billing.id", "1234567890"), "billing.id", PLAIN),
    ("provider-npi", provider("DN", id="9876543210"), "providers[1].id", PLAIN),
    ("provider-npi", provider("DQ", id=""), "providers[1].id", PLAIN),
    ("billing-tax-id", put("billing.references", ()), "billing.references", PLAIN),
    (
        "billing-tax-id",
        put("billing.references", (Reference("EI", "12-3456789"),)),
        "billing.references",
        PLAIN,
    ),
    (
        "billing-street",
        put("billing.address", replace(HERE, line1="P.O. Box 12")),
        "billing.address.line1",
        PLAIN,
    ),
    (
        "billing-zip",
        put("billing.address", replace(HERE, postal_code="01105")),
        "billing.address.postal_code",
        PLAIN,
    ),
    (
        "zip-guessed",
        put("billing.address", replace(HERE, postal_code="011050000")),
        "billing.address.postal_code",
        PLAIN,
    ),
    ("facility-address", provider("77", is_person=False), "providers[1].address", PLAIN),
    (
        "addresses",
        put("insured.party.address", replace(HOME, postal_code="0110")),
        "insured.party.address.postal_code",
        PLAIN,
    ),
    (
        "addresses",
        put("insured.party.address", replace(HOME, state="ZZ")),
        "insured.party.address.state",
        PLAIN,
    ),
    (
        "zip-and-state",
        put("insured.party.address", replace(HOME, state="TX")),
        "insured.party.address.postal_code",
        PLAIN,
    ),
    ("payer-id", put("payer.id", " "), "payer.id", PLAIN),
    ("payer-id", lambda _: None, "payer.id", asked(is_known=False)),
    ("payer-id", lambda _: None, "payer.id", around(payer_ids=frozenset({"TP002"}))),
    ("filing-indicator", put("insured.filing", ""), "insured.filing", PLAIN),
    ("filing-indicator", lambda _: None, "insured.filing", asked(filings=("BL",))),
    ("member-id", put("insured.party.id", ""), "insured.party.id", PLAIN),
    ("member-id", put("insured.party.id", "TM 123-45"), "insured.party.id", PLAIN),
    ("member-id", put("insured.group_number", "TM12345"), "insured.party.id", PLAIN),
    ("member-id", put("insured.filing", "MB"), "insured.party.id", PLAIN),
    ("member-id", lambda _: None, "insured.party.id", asked(member_pattern=r"\d{9}")),
    ("names", put("insured.party.given", ""), "insured.party.given", PLAIN),
    ("names", put("insured.party.family", "TESTPERSON3"), "insured.party.family", PLAIN),
    ("names", put("insured.party.given", "DR ADA"), "insured.party.given", PLAIN),
    ("names", put("insured.party.family", "TESTPERSON MD"), "insured.party.family", PLAIN),
    ("names", put("insured.party.family", "***"), "insured.party.family", PLAIN),
    ("letters", put("insured.party.family", "Li 李"), "insured.party.family", PLAIN),
    ("letters", put("insured.party.given", "A*DA"), "insured.party.given", PLAIN),
    ("birth", put("insured.birth_on", None), "insured.birth_on", PLAIN),
    ("birth", put("insured.birth_on", TODAY), "insured.birth_on", PLAIN),
    ("birth", put("insured.birth_on", date(1899, 1, 1)), "insured.birth_on", PLAIN),
    ("sex", put("insured.sex", "O"), "insured.sex", PLAIN),
    (
        "sex",
        both(put("patient", CHILD), put("insured.relationship", ""), put("insured.sex", "X")),
        "insured.sex",
        PLAIN,
    ),
    ("relationship", put("insured.relationship", ""), "insured.relationship", PLAIN),
    ("relationship", put("patient", CHILD), "insured.relationship", PLAIN),
    ("demographics", put("insured.party.address", None), "insured.party.address", PLAIN),
    ("rendering", put("providers", ()), "providers", PLAIN),
    (
        "rendering",
        put("providers.0.1.taxonomy", ""),
        "providers[0].taxonomy",
        asked(needs_rendering_taxonomy=True),
    ),
    ("taxonomy", put("billing.taxonomy", "207Q"), "billing.taxonomy", PLAIN),
    ("rendering-repeated", put("providers.0.1.id", "1234567893"), "providers[0]", PLAIN),
    ("referrer", lambda _: None, "providers", around(referral_codes=frozenset({"99213"}))),
    ("referrer", lambda _: None, "providers", asked(needs_referrer=True)),
    ("diagnoses", put("diagnoses", ()), "diagnoses", PLAIN),
    ("diagnoses", put("diagnoses", (Diagnosis("J06.9", "ABK"),)), "diagnoses[0].code", PLAIN),
    (
        "diagnoses",
        put("diagnoses", (Diagnosis("J069", "ABK"), Diagnosis("J069"))),
        "diagnoses[1].code",
        PLAIN,
    ),
    (
        "first-diagnosis",
        put("diagnoses", (Diagnosis("W010XXA", "ABK"),)),
        "diagnoses[0].code",
        PLAIN,
    ),
    ("first-diagnosis", put("diagnoses", (Diagnosis("J069"),)), "diagnoses[0].kind", PLAIN),
    ("diagnosis-valid", put("diagnoses", (Diagnosis("J0", "ABK"),)), "diagnoses[0].code", PLAIN),
    ("diagnosis-valid", put("diagnoses", (Diagnosis("4659", "BK"),)), "diagnoses[0].kind", PLAIN),
    ("diagnosis-valid", lambda _: None, "diagnoses[0].code", around(knows_codes=True)),
    (
        "diagnosis-valid",
        lambda _: None,
        "diagnoses[0].code",
        around(knows_codes=True, is_billable=lambda *_: False),
    ),
    (
        "diagnosis-newer",
        lambda _: None,
        "diagnoses[0].code",
        around(knows_codes=True, codes_reach=lambda _: False),
    ),
    (
        "manifestation-first",
        lambda _: None,
        "diagnoses[0].code",
        around(is_manifestation=lambda code: code == "J069"),
    ),
    ("pointers", put("lines.0.pointers", ()), "lines[0].pointers", PLAIN),
    ("pointers", put("lines.0.pointers", (2,)), "lines[0].pointers", PLAIN),
    ("pointers", put("lines.0.pointers", (1, 1)), "lines[0].pointers", PLAIN),
    ("lines", both(put("lines", ()), put("charge_cents", 0)), "lines", PLAIN),
    ("procedure", with_line(code="9921"), "lines[0].code", PLAIN),
    ("procedure", lambda _: None, "lines[0].code", around(knows_procedures=True)),
    (
        "procedure",
        lambda _: None,
        "lines[0].code",
        around(knows_procedures=True, is_offered=lambda *_: False),
    ),
    ("modifiers", with_line(modifiers=("2",)), "lines[0].modifiers", PLAIN),
    ("modifiers", with_line(modifiers=("76", "76")), "lines[0].modifiers", PLAIN),
    ("modifiers", with_line(modifiers=("LT", "50")), "lines[0].modifiers", PLAIN),
    ("modifier-25", with_line(code="36415", modifiers=("25",)), "lines[0].modifiers", PLAIN),
    ("modifier-59", with_line(modifiers=("59", "XU")), "lines[0].modifiers", PLAIN),
    ("charges", with_line(charge_cents=0), "lines[0].charge_cents", PLAIN),
    ("charges", put("charge_cents", 1), "charge_cents", PLAIN),
    ("units", with_line(units="0"), "lines[0].units", PLAIN),
    ("units", with_line(units="two"), "lines[0].units", PLAIN),
    ("units", with_line(code="01382"), "lines[0].unit", PLAIN),
    ("units", with_line(unit="MJ"), "lines[0].unit", PLAIN),
    ("units-whole", with_line(units="1.5"), "lines[0].units", PLAIN),
    ("units", with_line(units="1e5"), "lines[0].units", PLAIN),
    ("units-at-most", with_line(units="3"), "lines[0].units", around(units_at_most={"99213": 1})),
    ("clia", with_line(code="85025"), "references", PLAIN),
    (
        "clia",
        both(with_line(modifiers=("QW",)), put("references", (Reference("X4", "12"),))),
        "references",
        PLAIN,
    ),
    ("clia", lambda _: None, "references", around(clia_codes=frozenset({"99213"}))),
    ("ndc", with_line(code="J3301"), "lines[0].drug", PLAIN),
    ("ndc", with_line(drug=Drug("0003-0293-20", "1", "ML")), "lines[0].drug", PLAIN),
    ("ndc", with_line(drug=Drug("00003-0293-20", "1", "ML")), "lines[0].drug", PLAIN),
    ("ndc", with_line(drug=Drug("00003029320", "", "ML")), "lines[0].drug", PLAIN),
    (
        "unlisted",
        lambda _: None,
        "lines[0].description",
        around(unlisted_codes=frozenset({"99213"})),
    ),
    ("days-of-service", with_line(from_on=TODAY + timedelta(1)), "lines[0].from_on", PLAIN),
    ("days-of-service", with_line(to_on=DAY - timedelta(1)), "lines[0].to_on", PLAIN),
    ("days-of-service", with_line(to_on=DAY + timedelta(1)), "lines[0].to_on", PLAIN),
    ("days-of-service", lambda _: None, "lines[0].from_on", around(died_on=DAY - timedelta(1))),
    ("covered", lambda _: None, "lines[0].from_on", around(covered_from=DAY + timedelta(1))),
    ("covered", lambda _: None, "lines[0].from_on", around(covered_to=DAY - timedelta(1))),
    ("filed-late", lambda _: None, "delay_reason", asked(filing_days=25)),
    ("filed-soon-late", put("delay_reason", "3"), "delay_reason", asked(filing_days=25)),
    (
        "filed-late",
        both(put("frequency", "7"), put("references", (Reference("F8", "X"),))),
        "delay_reason",
        around(answered_on=DAY, correct_until=TODAY - timedelta(1)),
    ),
    ("filed-soon-late", lambda _: None, "lines[0].from_on", asked(filing_days=30)),
    (
        "unlisted-note",
        with_line(description="A NEW SERVICE"),
        "lines[0].notes[0].text",
        around(unlisted_codes=frozenset({"99213"})),
    ),
    ("place", put("place", "98"), "place", PLAIN),
    (
        "admission",
        both(put("place", "21"), put("providers", (("82", doctor()), FACILITY))),
        "dates",
        PLAIN,
    ),
    ("facility", put("place", "22"), "providers", PLAIN),
    ("facility", with_line(place="24"), "providers", PLAIN),
    ("telehealth", put("place", "10"), "lines[0].modifiers", PLAIN),
    ("accident", put("causes", ("OA",)), "dates", PLAIN),
    ("accident", put("dates", (Dated("439", DAY),)), "causes", PLAIN),
    (
        "accident",
        both(put("causes", ("AA",)), put("dates", (Dated("439", DAY),))),
        "accident_state",
        PLAIN,
    ),
    (
        "accident",
        both(put("causes", ("OA",)), put("dates", (Dated("439", DAY + timedelta(1)),))),
        "dates",
        PLAIN,
    ),
    ("accident", put("accident_state", "MA"), "accident_state", PLAIN),
    (
        "accident",
        both(put("causes", ("OA", "OA")), put("dates", (Dated("439", DAY),))),
        "causes",
        PLAIN,
    ),
    (
        "accident",
        both(
            put("causes", ("OA", "AA", "EM")),
            put("dates", (Dated("439", DAY),)),
            put("accident_state", "MA"),
        ),
        "causes",
        PLAIN,
    ),
    ("addresses", abroad(state="MA"), "insured.party.address.state", PLAIN),
    ("addresses", abroad(country="CA", state="QU"), "insured.party.address.state", PLAIN),
    ("addresses", abroad(postal_code="7"), "insured.party.address.postal_code", PLAIN),
    ("addresses", abroad(country="YU"), "insured.party.address", PLAIN),
    ("authorization", lambda _: None, "references", asked(needs_authorization=True)),
    (
        "authorization",
        lambda _: None,
        "references",
        around(authorization_codes=frozenset({"99213"})),
    ),
    (
        "authorization",
        put("references", (Reference("G1", "A1"),)),
        "references",
        around(authorizations=(Authorized("A1", DAY + timedelta(1)),)),
    ),
    (
        "authorization",
        put("references", (Reference("G1", "A1"),)),
        "references",
        around(authorizations=(Authorized("A1", is_used_up=True),)),
    ),
    ("frequency", put("frequency", "7"), "references", PLAIN),
    ("frequency", put("references", (Reference("F8", "X"),)), "references", PLAIN),
    ("frequency", put("frequency", "6"), "frequency", PLAIN),
    ("other-payer", SECOND, "others", PLAIN),
    (
        "other-payer",
        lambda claim: other_than(claim, paid_cents=None),
        "others[0].paid_cents",
        PLAIN,
    ),
    (
        "other-payer-adds-up",
        lambda claim: [
            other_than(claim),
            put("lines.0.charge_cents", 12650)(claim),
            put("charge_cents", 12650)(claim),
            put("others.0.paid_cents", 12100)(claim),
        ],
        "lines[0].decisions[0]",
        PLAIN,
    ),
    (
        "other-payer-adds-up",
        lambda claim: other_than(claim, paid_cents=11000),
        "others[0].paid_cents",
        PLAIN,
    ),
    (
        "other-payer",
        lambda claim: [other_than(claim), put("insured.rank", "T")(claim)],
        "others",
        PLAIN,
    ),
    (
        "other-payer",
        lambda claim: [
            other_than(claim),
            put("lines.0.decisions.0.paid_on", None)(claim),
            put("others.0.paid_on", DAY)(claim),
        ],
        "lines[0].decisions[0]",
        PLAIN,
    ),
    (
        "other-payer",
        lambda claim: [
            other_than(claim, paid_on=DAY),
            put("lines.0.decisions.0.payer_id", "TP009")(claim),
            put("others.0.adjustments", (Adjusted("PR", "3", 550),))(claim),
        ],
        "lines[0].decisions[0]",
        PLAIN,
    ),
    (
        "other-payer",
        lambda claim: other_than(claim, paid_on=TODAY + timedelta(1)),
        "others[0].paid_on",
        PLAIN,
    ),
    (
        "medicare-secondary",
        lambda claim: [
            other_than(claim),
            put("insured.filing", "MB")(claim),
            put("insured.party.id", "1EG4TE5MK73")(claim),
        ],
        "insured.insurance_type",
        PLAIN,
    ),
    (
        "crosses-over",
        other_than,
        "others[0].payer.id",
        around(crossing_payers=frozenset({"TP002"})),
    ),
    ("medicare-secondary", put("insured.insurance_type", "12"), "insured.insurance_type", PLAIN),
    (
        "billed-before",
        lambda _: None,
        "lines[0].code",
        around(billed=(Billed("99213", (), DAY, "1811901945", "C0"),)),
    ),
    ("line-twice", second_line(), "lines[1].code", PLAIN),
    (
        "one-number-on-paper",
        put("references", (Reference("G1", "A1"), Reference("X4", "22D1234567"))),
        "references{X4}",
        around(is_on_paper=True),
    ),
    ("codes", put("assignment", ""), "assignment", PLAIN),
    (
        "codes",
        both(
            put("causes", ("AA",)),
            put("dates", (Dated("439", DAY),)),
            put("accident_country", "XX"),
        ),
        "accident_state",
        PLAIN,
    ),
    ("codes", with_line(notes=(Note("ADD", "A"), Note("DCP", "B"))), "lines[0].notes[1]", PLAIN),
    ("who-is-named", provider("DN", is_person=False), "providers[1]", PLAIN),
    ("who-is-named", provider("DN", family=" "), "providers[1].family", PLAIN),
    ("who-is-named", provider("82"), "providers[1]", PLAIN),
    ("who-is-named", provider("ZZ"), "providers[1]", PLAIN),
    ("who-is-named", put("payer.is_person", True), "payer.family", PLAIN),
    ("who-is-named", put("payer.id_kind", "MI"), "payer", PLAIN),
    (
        "kinds-of-numbers",
        provider("DN", references=(Reference("LU", "1"),)),
        "providers[1].id",
        PLAIN,
    ),
    (
        "kinds-of-numbers",
        put("references", (Reference("9F", "1"), Reference("9F", "2"))),
        "references",
        PLAIN,
    ),
    ("kinds-of-dates", put("dates", (Dated("431", DAY), Dated("431", DAY))), "dates", PLAIN),
    ("kinds-of-dates", with_line(dates=(Dated("431", DAY),)), "lines[0].from_on", PLAIN),
    ("attachments", put("attachments", (Attachment("OZ", "FX"),)), "attachments[0].control", PLAIN),
    ("attachments", put("attachments", (Attachment("ZZ", "AA"),)), "attachments[0].kind", PLAIN),
    ("conditions", put("conditions", (Condition("75", True, ("AV",)),)), "conditions", PLAIN),
    ("conditions", put("note", Note("ADD", "*")), "note.text", PLAIN),
    ("conditions", with_line(purchased_cents=500), "lines[0].purchased_from", PLAIN),
    ("numbers", put("patient_paid_cents", -1), "patient_paid_cents", PLAIN),
    ("patient-file", lambda _: None, "patient", around(is_merged=True)),
    ("size", lambda claim: [second_line(code="99214")(claim)], "lines", asked(lines_at_most=1)),
    ("size", put("note", Note("ADD", "A" * 81)), "note.text", PLAIN),
    ("claim-id", put("id", ""), "id", PLAIN),
    ("claim-id", put("id", "C" * 21), "id", PLAIN),
    ("claim-id", lambda _: None, "id", around(numbers_taken=frozenset({"C1"}))),
    ("delay-reason", put("delay_reason", "12"), "delay_reason", PLAIN),
    ("line-control", put("lines.0.control", ""), "lines[0].control", PLAIN),
]


def test_the_right_claims_are_passed_without_a_word() -> None:
    known = around(
        is_billable=lambda *_: True, is_offered=lambda *_: True, knows_codes=True,
        knows_procedures=True, covered_from=DAY, covered_to=DAY + timedelta(1),
        authorizations=(Authorized("A77", DAY, DAY + timedelta(1)),),
    )  # fmt: skip

    assert scrub(plain_claim(), known) == ()
    assert scrub(full_claim(), known) == ()
    accents = plain_claim()
    accents.insured.party.family = "Peña-d’Arcy"
    assert scrub(accents, known) == ()


@pytest.mark.parametrize(("rule", "change", "field", "known"), WRONG)
def test_the_smallest_wrong_claim_breaks_its_rule_and_no_other(
    rule: str, change: Change, field: str, known: Surroundings
) -> None:
    claim = plain_claim()
    change(claim)

    found = scrub(claim, known)

    assert [(one.rule.id, one.field) for one in found] == [(rule, field)]
    assert found[0].sentence.endswith(".")
    assert may_leave(found) == (found[0].severity is Severity.WARNING)


def test_every_rule_is_proved_and_says_where_it_is_from() -> None:
    assert {one.id for one in rules()} == {rule for rule, *_ in WRONG}
    assert all(one.about and one.source for one in rules())


@pytest.mark.parametrize(
    ("change", "value"),
    [
        (put("insured.party.id", "TM 123-45"), "TM12345"),
        (put("insured.sex", ""), "U"),
        (put("insured.relationship", ""), "18"),
        (put("charge_cents", 5), "12550"),
        (put("lines.0.pointers", (1, 1)), "1"),
        (with_line(modifiers=("76", "76")), "76"),
        (with_line(code="36415", modifiers=("25", "LT")), "LT"),
        (with_line(code="01382"), "MJ"),
        (with_line(drug=Drug("0003-0293-20", "1", "ML")), "00003029320"),
        (put("insured.party.given", "DR. ADA"), "ADA"),
        (put("references", (Reference("F8", "X"),)), ""),
        (put("accident_state", "MA"), ""),
        (abroad(state="MA"), ""),
    ],
)
def test_a_certain_fix_is_offered(change: Change, value: str) -> None:
    claim = plain_claim()
    change(claim)

    fixes = [one.fix for one in scrub(claim, PLAIN) if one.fix is not None]

    assert [fix.value for fix in fixes] == [value]


def test_a_number_that_is_there_and_too_short_is_called_so() -> None:
    claim = plain_claim()
    claim.insured.party.id, claim.payer.id = "2", ""
    claim.insured.party.address = replace(HOME, city="B")

    assert [one.sentence for one in scrub(claim, PLAIN)] == [
        "The payer has no payer id.", "“2” is too short for a member number.",
        "“B” in the subscriber’s address is too short for a city.",
    ]  # fmt: skip


def test_messages_stand_as_their_items_do_on_the_form() -> None:
    claim = plain_claim()
    claim.billing.address = replace(HERE, line1="P.O. BOX 1", postal_code="011050000")
    claim.billing.references = ()
    claim.lines = (line(units="0"), line(control="2", code="1"))
    claim.diagnoses = (Diagnosis("J0", "ABK"),)
    claim.insured.party.given = claim.insured.party.id = ""
    claim.insured.party.address = replace(HOME, state="TX")

    found = scrub(claim, PLAIN)

    assert [one.field for one in found] == [
        "insured.party.id", "insured.party.given", "diagnoses[0].code", "lines[0].units",
        "lines[1].code", "billing.references", "charge_cents", "billing.address.line1",
        "insured.party.address.postal_code", "billing.address.postal_code",
    ]  # fmt: skip
    claim.patient = CHILD
    claim.insured.relationship = ""
    claim.insured.party.family = ""
    claim.patient.party.family = ""
    people = [one.field for one in scrub(claim, PLAIN) if "family" in one.field]
    assert people == ["patient.party.family", "insured.party.family"]
    CHILD.party.family = "TESTPERSON"


def test_errors_stand_before_warnings() -> None:
    claim = plain_claim()
    claim.insured.party.address = Address("7 SAMPLE STREET", "", "SPRINGFIELD", "TX", "01105")
    claim.payer.id = ""
    claim.attachments = (Attachment("OZ", "BM", "DOC1"),)

    assert [one.severity for one in scrub(claim, PLAIN)] == [Severity.ERROR, Severity.WARNING]


@pytest.mark.parametrize(
    ("code", "state", "fits"),
    [("01105", "MA", True), ("01105", "NY", False), ("06390", "NY", True), ("99501", "AK", True),
     ("73301", "TX", True), ("73301", "OK", False), ("96799", "AS", True), ("12", "NY", True)],
)  # fmt: skip
def test_a_zip_code_lies_in_its_state(code: str, state: str, fits: bool) -> None:
    assert may_be(code, state) is fits


def test_the_radar_counts_days_and_puts_the_most_urgent_first() -> None:
    found = radar(
        [
            Waiting("far", payer().family, TODAY - timedelta(10), 90),
            Waiting("near", payer().family, TODAY - timedelta(75), 90),
            Waiting("week", payer().family, TODAY - timedelta(83), 90),
            Waiting("last day", payer().family, TODAY - timedelta(90), 90),
            Waiting("passed", payer().family, TODAY - timedelta(91), 90),
        ],
        TODAY,
    )

    assert [(one.claim, one.days_left, one.nearness) for one in found] == [
        ("passed", -1, Nearness.PASSED),
        ("last day", 0, Nearness.THIS_WEEK),
        ("week", 7, Nearness.THIS_WEEK),
        ("near", 15, Nearness.NEAR),
        ("far", 80, Nearness.FAR),
    ]
    assert usual_days("MB") == 365
    assert usual_days("ZZ") == 90


def test_every_zip_code_there_is_lies_in_its_state():
    places = [(place["zip_code"], place["state"]) for place in zipcodes.list_all()]

    assert len(places) > 40_000
    assert [place for place in places if not may_be(*place)] == []
