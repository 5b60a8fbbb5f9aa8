"""Places in a claim: read, put, mended by the scrubber’s own fixes, and where the cursor goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from medsec_desktop.domain.claims import words
from medsec_desktop.domain.claims.claim import Adjusted, Claim, Drug, ServiceLine
from medsec_desktop.domain.claims.entered import (
    adjustments_of,
    adjustments_text,
    modifiers_of,
    pointers_of,
    pointers_text,
    relation_of,
    with_relation,
)
from medsec_desktop.domain.claims.paths import mended, place_of, put, value_at
from medsec_desktop.domain.claims.rules_of_people import _RELATIONS, FILINGS
from medsec_desktop.domain.claims.rules_of_place_and_time import PLACES
from medsec_desktop.domain.claims.rules_of_the_whole import _DELAY_REASONS, _SECONDARY_TYPES
from medsec_desktop.domain.claims.scrubbing import PayerRules, Surroundings, scrub
from medsec_desktop.problems import Invalid
from tests.domain.claims.builders import DAY, full_claim, plain_claim

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("insured.party.id", "NEW1"),
        ("insured.party.address.postal_code", "02139"),
        ("billing.references{EI}", "987654321"),
        ("references{G1}", "A99"),
        ("dates{431}", DAY),
        ("providers{DN}.family", "SENDER"),
        ("providers{82}.id", "1245319599"),
        ("note.text", "SEEN TWICE"),
        ("diagnoses[0].code", "I10"),
        ("lines[0].pointers", (1, 2)),
        ("lines[0].drug.code", "00003029320"),
        ("pay_to.line1", "PO BOX 1"),
    ],
)
def test_what_is_put_somewhere_stands_there_and_nowhere_else(path: str, value: Any) -> None:
    claim = plain_claim()
    before = plain_claim()

    changed = put(claim, path, value)

    assert value_at(changed, path) == value
    assert claim == before
    was = value_at(before, path)
    assert put(changed, path, was if was is not None else _nothing(value)) == before


def _nothing(value: Any) -> Any:
    return "" if isinstance(value, str) else None


def test_a_place_that_does_not_exist_has_nothing() -> None:
    claim = plain_claim()

    assert value_at(claim, "patient.party.family") is None
    assert value_at(claim, "lines[3].code") is None
    assert value_at(claim, "providers{77}.address.line1") is None


def test_who_is_named_in_a_line_is_found_by_her_place_in_it() -> None:
    claim = full_claim()
    place = "lines[1].providers[0].family"

    changed = put(claim, place, "NEW")

    assert value_at(changed, place) == "NEW"
    assert changed.lines[1].providers[0][0] == claim.lines[1].providers[0][0]


def test_one_past_the_end_adds_to_a_list() -> None:
    claim = put(plain_claim(), "diagnoses[1].code", "M25561")
    line = ServiceLine("99213", 100, DAY)

    assert [(one.code, one.kind) for one in claim.diagnoses] == [("J069", "ABK"), ("M25561", "ABF")]
    assert put(claim, "lines[1]", line).lines[1] is line


def a_wrong_claim() -> Claim:
    claim = put(plain_claim(), "billing.references{EI}", "12-3456789")
    first = replace(
        claim.lines[0],
        pointers=(1, 1),
        modifiers=("25", "25"),
        drug=Drug("00003-0293-20", "2", "ML"),
    )
    claim = put(replace(claim, charge_cents=1, lines=(first,)), "insured.relationship", "01")
    claim = put(claim, "insured.party.id", "TM-12 345")
    claim = put(put(claim, "insured.sex", "X"), "insured.filing", "MC")
    return put(put(claim, "diagnoses[0].code", "J06.9"), "diagnoses[0].kind", "ABF")


def test_every_fix_the_scrubber_offers_takes_its_message_away() -> None:
    around = Surroundings(today=TODAY, payer=PayerRules(filings=("CI",)))
    claim = a_wrong_claim()
    fixes = [one for one in scrub(claim, around) if one.fix is not None]

    assert len(fixes) >= 9
    for finding in fixes:
        assert finding.fix is not None
        after = {(one.rule.id, one.sentence) for one in scrub(mended(claim, finding.fix), around)}
        assert (finding.rule.id, finding.sentence) not in after


def test_the_cursor_goes_to_one_field_for_whatever_is_wrong() -> None:
    around = Surroundings(today=TODAY, payer=PayerRules(needs_authorization=True))
    claim = replace(plain_claim(), place="21", causes=("AA",), frequency="7", providers=())
    claim = replace(claim, lines=(replace(claim.lines[0], code="J3301"),))

    places = {one.rule.id: place_of(one, claim) for one in scrub(claim, around)}

    assert places["authorization"] == "references{G1}"
    assert places["frequency"] == "references{F8}"
    assert places["admission"] == "dates{435}"
    assert places["facility"] == "providers{77}.family"
    assert places["rendering"] == "providers{82}.family"
    assert places["ndc"] == "lines[0].drug.code"
    full = replace(full_claim(), causes=(), accident_state="")
    (accident,) = (one for one in scrub(full, around) if one.rule.id == "accident")
    assert place_of(accident, full) == "causes"


@pytest.mark.parametrize(
    ("text", "pointers"), [("AB", (1, 2)), ("a, c", (1, 3)), ("1 12", (1, 12)), ("", ())]
)
def test_pointers_are_typed_as_letters_or_numbers(text: str, pointers: tuple[int, ...]) -> None:
    assert pointers_of(text) == pointers
    assert pointers_of(pointers_text(pointers)) == pointers


@pytest.mark.parametrize("text", ["AZ", "13", "-"])
def test_a_pointer_to_nothing_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        pointers_of(text)


def test_modifiers_are_typed_with_or_without_gaps() -> None:
    assert modifiers_of("25 lt") == modifiers_of("25LT") == modifiers_of("25, LT") == ("25", "LT")


def test_adjustments_are_typed_as_payers_write_them() -> None:
    given = (Adjusted("CO", "45", 129550), Adjusted("PR", "3", 600))

    assert adjustments_of(adjustments_text(given)) == given
    assert adjustments_of("co-45 $1,295.50; pr3 6") == given
    with pytest.raises(Invalid):
        adjustments_of("CO forty-five")


def test_a_patient_becomes_the_subscriber_and_somebody_else_again() -> None:
    claim = plain_claim()

    child = with_relation(claim, "19")
    back = with_relation(child, "18")

    assert child.patient is not None
    assert (child.patient.party.given, child.patient.birth_on) == ("ADA", date(1984, 3, 14))
    assert (child.insured.party.id, child.insured.party.given) == ("TM12345", "")
    assert relation_of(child) == "19"
    assert relation_of(with_relation(child, "01")) == "01"
    assert back == claim


def test_there_are_words_for_every_code_the_scrubber_knows_and_no_others() -> None:
    assert set(words.PLACES) == set(PLACES)
    assert set(words.FILINGS) == set(FILINGS)
    assert set(words.RELATIONS) == {"18", *_RELATIONS}
    assert set(words.MEDICARE_SECOND) == {"", *_SECONDARY_TYPES}
    assert set(words.DELAYS) == {"", *_DELAY_REASONS}
