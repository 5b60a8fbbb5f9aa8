from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from medsec_desktop.domain.claims.charges import (
    ChargeLine,
    DrugGiven,
    check,
    moved,
    ndc,
    parse_pointers,
    parse_units,
    procedure_code,
    usual_pointers,
    without,
    written_pointers,
)
from medsec_desktop.domain.claims.modifiers import MODIFIERS, parse_modifiers
from medsec_desktop.domain.claims.places import PLACES, place_code
from medsec_desktop.problems import Invalid

DAY = date(2026, 3, 11)
LINE = ChargeLine("99213", pointers=(1,), charge_cents=12_500)


def refusal(call, *args) -> Invalid:
    with pytest.raises(Invalid) as refused:
        call(*args)
    return refused.value


def test_pointers_are_typed_as_letters_or_numbers_and_written_as_letters():
    assert (
        parse_pointers("ba", 2) == parse_pointers("B, A", 2) == parse_pointers("2 1", 3) == (2, 1)
    )
    assert written_pointers((2, 1)) == "BA"
    assert usual_pointers(6) == (1, 2, 3, 4)
    assert refusal(parse_pointers, "C", 2).field == "pointers"
    assert "none yet" in str(refusal(parse_pointers, "A", 0))
    assert "four" in str(refusal(parse_pointers, "ABCDE", 6))


def test_lines_go_on_pointing_to_the_same_diagnosis_when_it_moves_or_another_goes():
    codes = ["I10", "E785", "Z000"]
    lines = [replace(LINE, pointers=(1, 3)), replace(LINE, pointers=(2,))]

    reordered, repointed = moved(codes, lines, 2, 0)
    left, kept = without(codes, lines, 1)

    assert reordered == ["Z000", "I10", "E785"]
    assert [line.pointers for line in repointed] == [(2, 1), (3,)]
    assert left == ["I10", "Z000"]
    assert [line.pointers for line in kept] == [(1, 2), ()]


def test_a_line_costs_its_fee_times_its_units_and_anesthesia_its_fee():
    assert LINE.with_fee(12_500).with_units("2").charge_cents == 25_000
    assert LINE.with_units("1.5").with_fee(333).charge_cents == 500  # half a cent goes up
    assert (
        replace(LINE, unit="MJ", units="45").with_fee(9_000).with_units("50").charge_cents == 9_000
    )
    assert LINE.with_units("3").charge_cents == 12_500  # nobody knows the fee of one
    assert LINE.with_fee(None).charge_cents == 12_500


@pytest.mark.parametrize(
    ("typed", "kept"), [("1", "1"), (" 2.50 ", "2.5"), ("100", "100"), ("0.125", "0.125")]
)
def test_units_are_kept_without_needless_zeros(typed: str, kept: str):
    assert parse_units(typed) == kept


@pytest.mark.parametrize("typed", ["", "0", "-1", "x", "nan", "1e9", "1.2345", "10000"])
def test_units_that_no_line_can_have_are_refused(typed: str):
    assert refusal(parse_units, typed).field == "units"


def test_a_drug_code_is_filled_up_to_eleven_digits_where_its_hyphens_tell_how():
    assert ndc("0409-4713-02") == "00409471302"
    assert ndc("12345-678-90") == "12345067890"
    assert ndc("00409471302") == "00409471302"
    assert "three ways" in str(refusal(ndc, "0409471302"))
    assert refusal(ndc, "abc").field == "drug"


def test_a_procedure_code_has_five_characters_and_is_not_a_dental_one():
    assert procedure_code(" j1885 ") == "J1885"
    assert "dental" in str(refusal(procedure_code, "D0120"))
    assert refusal(procedure_code, "I10").field == "code"


def test_modifiers_are_typed_as_people_write_them():
    assert parse_modifiers("25 lt") == parse_modifiers("25,LT") == parse_modifiers("25LT")
    assert parse_modifiers("  ") == ()
    assert "twice" in str(refusal(parse_modifiers, "25 25"))
    assert "four" in str(refusal(parse_modifiers, "25 59 LT RT 76"))
    assert "two characters" in str(refusal(parse_modifiers, "255"))
    assert all(parse_modifiers(code) == (code,) for code in MODIFIERS)


def test_a_place_is_two_digits_of_the_list():
    assert place_code("2") == "02"
    assert refusal(place_code, "98").field == "place"
    assert len(PLACES) == 52


@pytest.mark.parametrize(
    ("diagnoses", "lines", "field", "words"),
    [
        (["I10"], [], "lines", "No charge"),
        ([], [LINE], "lines[0].pointers", "no diagnosis"),
        (["I10"], [replace(LINE, pointers=())], "lines[0].pointers", "points to no"),
        (["I10"], [LINE, replace(LINE, charge_cents=0)], "lines[1].charge", "more than zero"),
        (["I10"], [replace(LINE, charge_cents=None)], "lines[0].charge", "fee schedule"),
        (["I10", "I10"], [LINE], "diagnoses[1]", "twice"),
        ([f"I1{at}" for at in range(13)], [LINE], "diagnoses", "twelve"),
        (["I10"], [replace(LINE, drug=DrugGiven("1", "1"))], "lines[0].drug", "eleven"),
        (["I10"], [replace(LINE, unit="MJ", units="9.5")], "lines[0].units", "1440"),
        (["I10"], [LINE] * 51, "lines", "fifty"),
    ],
)
def test_what_no_claim_could_carry_is_refused_at_its_field(diagnoses, lines, field, words):
    refused = refusal(check, diagnoses, lines, DAY, DAY)

    assert refused.field == field
    assert words in str(refused)


def test_a_sound_visit_passes_and_one_still_to_come_does_not():
    check(["I10"], [LINE], DAY, DAY)

    assert refusal(check, ["I10"], [LINE], DAY, date(2026, 3, 10)).field == "service_on"
