"""Claims written, accepted by an independent validator, and read back to the same."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyx12.params import params
from pyx12.x12n_document import x12n_document

from medsec_desktop.domain.claims.claim import (
    Adjusted,
    Attachment,
    Claim,
    Condition,
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
from medsec_desktop.edi.overview import overview
from medsec_desktop.edi.read_837p import Batch, read_claims
from medsec_desktop.edi.reading import Faults, transactions
from medsec_desktop.edi.write_837p import amount, safe, write_claims
from medsec_desktop.problems import Invalid
from tests.domain.claims.builders import (
    DAY,
    HERE,
    HOME,
    billing,
    envelope,
    full_claim,
    payer,
    plain_claim,
)


def read_back(text: str) -> Batch:
    faults = Faults()
    (transaction,) = transactions(text)
    batch = read_claims(transaction, faults)
    assert faults.sentences == []
    return batch


def validated(text: str) -> str:
    """What the validator answers; the 999 of a file that is right holds no IK3."""
    answer = io.StringIO()
    is_right = x12n_document(params(), io.StringIO(text), answer, None)
    return "" if is_right and "IK5*A" in answer.getvalue() else answer.getvalue()


def test_the_plainest_and_the_fullest_claim_are_valid_and_come_back_whole() -> None:
    written = write_claims([plain_claim(), full_claim()], envelope())

    assert validated(written.text) == ""
    batch = read_back(written.text)
    assert batch.claims == [plain_claim(), full_claim()]
    assert (batch.number, batch.submitter.id, batch.receiver.id) == ("B000041", "TC0001", "TH0001")
    assert written.folded == ()
    assert overview(written.text).problems == []


words = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12)
numbers = st.text("0123456789", min_size=9, max_size=9)
money = st.integers(1, 9_999_999)
people = st.builds(
    Party,
    words,
    words,
    st.just(""),
    st.just(""),
    st.just(True),
    st.just("MI"),
    numbers,
    st.just(HOME),
)
doctors = st.builds(
    Party, words, words, is_person=st.just(True), id_kind=st.just("XX"),
    id=st.sampled_from(["1234567893", "1245319599", "1811901945"]),
)  # fmt: skip
hospitals = st.builds(
    Party, words, id_kind=st.just("XX"), id=st.just("1232343560"), address=st.just(HERE)
)
reasons = st.builds(
    Adjusted, st.sampled_from(["CO", "PR", "OA"]), st.sampled_from(["1", "45", "96"]), money
)
adjustments = st.lists(reasons, max_size=3, unique_by=lambda one: one.group).map(tuple)


@st.composite
def decisions(draw: st.DrawFn) -> LineDecision:
    return LineDecision(
        "TP002",
        draw(money),
        "99213",
        draw(st.sampled_from([(), ("25",), ("LT", "59")])),
        adjustments=draw(adjustments),
        paid_on=DAY,
        patient_owes_cents=draw(st.none() | money),
    )


@st.composite
def lines(draw: st.DrawFn, diagnoses: int) -> ServiceLine:
    pointers = draw(
        st.lists(st.integers(1, diagnoses), min_size=1, max_size=4, unique=True).map(tuple)
    )
    has_roles = draw(st.booleans())
    return ServiceLine(
        code=draw(st.sampled_from(["99213", "J3301", "36415", "G0008"])),
        charge_cents=draw(money),
        from_on=DAY,
        to_on=draw(st.sampled_from([None, date(2026, 11, 5)])),
        modifiers=draw(st.sampled_from([(), ("25",), ("LT", "59", "GT", "XU")])),
        units=draw(st.sampled_from(["1", "2", "2.5", "120"])),
        unit=draw(st.sampled_from(["UN", "MJ"])),
        place=draw(st.sampled_from(["", "12"])),
        pointers=pointers,
        is_emergency=draw(st.booleans()),
        is_epsdt=draw(st.booleans()),
        is_family_planning=draw(st.booleans()),
        is_copay_exempt=draw(st.booleans()),
        references=draw(st.sampled_from([(), (Reference("X4", "22D1234567"),)])),
        control=draw(numbers),
        sales_tax_cents=draw(st.none() | money),
        notes=draw(st.sampled_from([(), (Note("ADD", "SEEN AT HOME"),)])),
        drug=draw(
            st.sampled_from(
                [None, Drug("00003029320", "1.5", "ML"), Drug("00003029320", "1", "UN", "R9")]
            )
        ),
        providers=(("82", draw(doctors)), ("DK", replace(draw(doctors), address=HERE)))
        if has_roles
        else (),
        decisions=tuple(draw(st.lists(decisions(), max_size=1))),
    )


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    codes = draw(
        st.lists(
            st.sampled_from(["J069", "M25561", "Z00129", "E119", "I10"]), min_size=1, unique=True
        )
    )
    patient = draw(
        st.none()
        | st.builds(
            Patient,
            people.map(lambda one: replace(one, id_kind="", id="")),
            st.sampled_from(["01", "19", "G8"]),
            st.dates(date(1930, 1, 1), date(2026, 1, 1)),
            st.sampled_from("FMU"),
        )
    )
    is_accident = draw(st.booleans())
    others = draw(
        st.lists(
            st.builds(
                OtherCoverage,
                st.builds(
                    Insured, people, st.just("P"), st.just("18"), st.just(""), st.just(""),
                    st.just(""), st.sampled_from(["CI", "BL", "MC"]),
                ),
                st.just(Party("FIRST TEST PLAN", id_kind="PI", id="TP002")),
                adjustments,
                st.none() | money,
                st.none(),
                st.none() | money,
            ),
            max_size=1,
        )
    )  # fmt: skip
    found = draw(st.lists(lines(len(codes)), min_size=1, max_size=4))
    return Claim(
        id=draw(numbers),
        charge_cents=sum(one.charge_cents for one in found),
        billing=billing(),
        insured=Insured(
            draw(people), "S" if others else "P", "" if patient else "18", draw(st.sampled_from(["", "G1"])),
            filing="CI", birth_on=date(1984, 3, 14), sex="F",
        ),
        payer=payer(),
        place=draw(st.sampled_from(["11", "22"])),
        frequency=draw(st.sampled_from(["1", "7", "8"])),
        patient=patient,
        assignment=draw(st.sampled_from("ABC")),
        benefits_assigned=draw(st.sampled_from("YNW")),
        causes=("AA",) if is_accident else (),
        accident_state="MA" if is_accident else "",
        delay_reason=draw(st.sampled_from(["", "3"])),
        dates=(Dated("439", DAY),) if is_accident else draw(st.sampled_from([(), (Dated("431", DAY),)])),
        attachments=draw(st.sampled_from([(), (Attachment("OZ", "FX", "N7"),)])),
        patient_paid_cents=draw(st.none() | money),
        references=draw(st.sampled_from([(), (Reference("G1", "A77"), Reference("F8", "ICN1"))])),
        note=draw(st.sampled_from([None, Note("ADD", "PLEASE SEE THE RECORD")])),
        conditions=draw(st.sampled_from([(), (Condition("75", True, ("IH",)),)])),
        diagnoses=tuple(
            Diagnosis(code, "ABF" if at else "ABK") for at, code in enumerate(codes)
        ),
        providers=draw(
            st.sampled_from([(), ("DN",), ("82",), ("DN", "82", "DQ")]).flatmap(
                lambda roles: st.tuples(*(doctors.map(lambda one, r=role: (r, one)) for role in roles))
            )
        )
        + (draw(st.sampled_from([(), (("77", draw(hospitals)),)]))),
        others=tuple(others),
        lines=tuple(found),
    )  # fmt: skip


def in_order(claim: Claim) -> Claim:
    """Its providers as the guide orders them, which is how they are written."""
    order = ("DN", "P3", "82", "77", "DQ")
    return replace(
        claim, providers=tuple(sorted(claim.providers, key=lambda one: order.index(one[0])))
    )


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(claims(), min_size=1, max_size=6))
def test_every_written_file_is_valid_and_read_back_to_the_same_claims(found: list[Claim]) -> None:
    written = write_claims(found, envelope())

    assert read_back(written.text).claims == [in_order(claim) for claim in found]
    assert validated(written.text) == ""


def test_neighbours_of_one_billing_provider_share_its_level() -> None:
    other = plain_claim("C9")
    other.billing = replace(billing(), id="1245319599")
    text = write_claims([plain_claim("C1"), plain_claim("C2"), other], envelope()).text

    levels = [line.split("*") for line in text.splitlines() if line.startswith("HL*")]
    assert [(level[2], level[3]) for level in levels] == [
        ("", "20"), ("1", "22"), ("1", "22"), ("", "20"), ("4", "22~"[:2]),
    ]  # fmt: skip
    assert [claim.billing.id for claim in read_back(text).claims][2] == "1245319599"


def test_what_x12_cannot_carry_is_folded_and_told() -> None:
    claim = plain_claim()
    claim.insured.party.family = "Peña-Łukasiewicz*~:^"
    claim.note = Note("ADD", "“50 %” – naïve\nline 李")

    written = write_claims([claim], envelope())

    back = read_back(written.text).claims[0]
    assert back.insured.party.family == "PENA-LUKASIEWICZ"
    assert back.note == Note("ADD", '"50 %" - NAIVE LINE ?')
    assert [(one.claim, one.before) for one in written.folded] == [
        ("C1", "Peña-Łukasiewicz*~:^"),
        ("C1", "“50 %” – naïve\nline 李"),
    ]


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "0"), (5, "0.05"), (50, "0.5"), (100, "1"), (12550, "125.5"), (-250, "-2.5"), (10, "0.1")],
)
def test_money_is_written_without_needless_noughts(cents: int, text: str) -> None:
    assert amount(cents) == text


@given(st.text())
def test_a_safe_text_never_separates(text: str) -> None:
    cleaned = safe(text)
    assert cleaned.isascii()
    assert not set(cleaned) & set("*~:^\n\r")
    assert safe(cleaned) == cleaned


def test_no_claims_and_an_id_too_long_are_refused() -> None:
    with pytest.raises(Invalid, match="no claims"):
        write_claims([], envelope())
    with pytest.raises(Invalid, match="does not fit"):
        write_claims([plain_claim()], replace(envelope(), receiver_id="X" * 16))


def test_a_broken_claim_file_is_read_as_far_as_it_goes() -> None:
    text = write_claims([full_claim(), plain_claim()], envelope()).text
    cut = text[: text.index("SV1*HC:J3301")].replace(
        "D8*20261102~\nREF*6R*1001", "D8*2026110~\nREF*6R*1001"
    )
    cut = cut.replace("CLM*C2*446.54", "CLM*C2*lots")

    faults = Faults()
    (transaction,) = transactions(cut)
    (claim,) = read_claims(transaction, faults).claims

    assert (claim.charge_cents, len(claim.lines)) == (0, 1)
    assert [sentence.split(" is not")[0] for sentence in faults.sentences] == [
        "Element 2 of the CLM in segment 30", "Element 3 of the DTP in segment 63",
    ]  # fmt: skip
