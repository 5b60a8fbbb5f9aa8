"""What stands in the items of a CMS-1500."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from medsec_desktop.domain.claims.claim import (
    Address,
    Claim,
    Condition,
    Contact,
    Dated,
    Diagnosis,
    Note,
    Reference,
)
from medsec_desktop.domain.claims.form import Sheet, Totals, sheets
from tests.domain.claims.builders import DAY, full_claim, line, plain_claim


def only(claim: Claim) -> Sheet:
    (sheet,) = sheets(claim)
    return sheet


def item(sheet: Sheet, name: str) -> dict[str, str]:
    """The parts of an item that are not empty."""
    return {part: text for (number, part), text in sheet.texts.items() if number == name and text}


def test_a_plain_claim_fills_the_items_everybody_wants() -> None:
    sheet = only(plain_claim())

    assert item(sheet, "1") == {"Group Health Plan": "X"}
    assert item(sheet, "1a") == {"insured ID": "TM12345"}
    assert item(sheet, "2") == {"patient name": "TESTPERSON, ADA"}
    assert item(sheet, "3") == {
        "birth MM": "03",
        "birth DD": "14",
        "birth YYYY": "1984",
        "sex F": "X",
    }
    assert item(sheet, "6") == {"Self": "X"}
    assert item(sheet, "5")["street"] == "7 SAMPLE STREET APT 2"
    assert item(sheet, "11d") == {"NO": "X"}
    assert item(sheet, "12") == {"signature": "SIGNATURE ON FILE"}
    assert item(sheet, "20") == {"NO": "X"}
    assert item(sheet, "21") == {"ICD indicator": "0", "A": "J069"}
    assert item(sheet, "22") == item(sheet, "23") == item(sheet, "14") == item(sheet, "17") == {}
    assert item(sheet, "25") == {"tax id": "123456789", "EIN": "X"}
    assert item(sheet, "28") == {"total $": "125", "total c": "50"}
    assert item(sheet, "29") == {}
    assert item(sheet, "33")["city st zip"] == "SPRINGFIELD MA 01105-2345"
    assert item(sheet, "33b") == {"other id": "ZZ207Q00000X"}
    texts = {f"{number} {part}": text for (number, part), text in sheet.lines[0].items() if text}
    assert texts == {
        "24A from MM": "11", "24A from DD": "02", "24A from YY": "26",
        "24A to MM": "11", "24A to DD": "02", "24A to YY": "26",
        "24B POS": "11", "24D CPT/HCPCS": "99213", "24E pointers": "A",
        "24F charge $": "125", "24F charge c": "50", "24G units": "1", "24J NPI": "1811901945",
        "24I shaded qualifier": "ZZ", "24J shaded other id": "207Q00000X",
    }  # fmt: skip


def test_a_full_claim_says_who_else_and_what_happened() -> None:
    claim = full_claim()
    claim.payer.address = Address("P.O. Box 77, #3", "", "Hartford", "CT", "061020077")
    assert claim.patient is not None
    claim.patient.party.contact = Contact("", "4135550199")
    sheet = only(claim)

    assert item(sheet, "CARRIER") == {
        "name": "TEST HEALTH PLAN", "line2": "P O BOX 77 3", "line4": "HARTFORD CT 06102-0077",
    }  # fmt: skip
    assert item(sheet, "2") == {"patient name": "TESTPERSON JR, BEN, X"}
    assert item(sheet, "5")["phone area"] == "413"
    assert item(sheet, "6") == {"Child": "X"}
    assert item(sheet, "9") == {"other insured name": "TESTPERSON, CARL"}
    assert item(sheet, "9d") == {"other plan name": "FIRST TEST PLAN"}
    assert [item(sheet, f"10{letter}") for letter in "abc"] == [
        {"NO": "X"}, {"YES": "X", "state": "MA"}, {"YES": "X"},
    ]  # fmt: skip
    assert item(sheet, "14")["qualifier"] == "431"
    assert item(sheet, "15")["qualifier"] == "439"
    assert item(sheet, "17") == {"qualifier": "DN", "name": "DORA SENDER"}
    assert item(sheet, "22") == {"resubmission code": "7", "original ref no": "ICN0001"}
    assert item(sheet, "23") == {"prior auth / CLIA / referral": "A77"}
    assert item(sheet, "29") == {"paid $": "410", "paid c": "00"}
    assert item(sheet, "32a") == {"NPI": "1232343560"}
    first, drug, slept = sheet.lines
    assert first["24", "shaded supplemental (24A-24G)"] == "LEFT KNEE"
    assert first["24E", "pointers"] == "AB"
    assert (first["24I", "shaded qualifier"], first["24J", "shaded other id"]) == ("G2", "88877")
    assert drug["24", "shaded supplemental (24A-24G)"] == "N400003029320   ML2"
    assert (slept["24B", "POS"], slept["24G", "units"], slept["24A", "to DD"]) == ("24", "75", "03")


def test_medicare_first_has_no_insured_and_a_group_called_none() -> None:
    claim = plain_claim()
    claim.insured.filing, claim.insured.group_name = "MB", "A PLAN"
    claim.others = (replace(full_claim().others[0]),)
    claim.others[0].insured.rank = "S"
    sheet = only(claim)

    assert item(sheet, "1") == {"Medicare": "X"}
    assert item(sheet, "11") == {"group/FECA no": "NONE"}
    for number in ("4", "6", "7", "9", "9a", "9d", "11a", "11b", "11c", "11d", "29"):
        assert item(sheet, number) == {}, number
    assert item(sheet, "32") == item(sheet, "33") != {}
    claim.place = "12"
    assert item(only(claim), "32") == {}


def test_before_medicare_stands_the_policy_that_pays_first() -> None:
    claim = full_claim()
    claim.insured.filing, claim.insured.insurance_type = "MB", "12"
    (other,) = claim.others
    other.insured.group_number = "G-1 2"
    other.insured.birth_on, other.insured.sex = date(1949, 3, 1), "M"
    sheet = only(claim)

    assert item(sheet, "1a") == {"insured ID": "TM12345"}
    assert item(sheet, "4") == {"insured name": "TESTPERSON, CARL"}
    assert item(sheet, "6") == {"Child": "X"}
    assert item(sheet, "7")["street"] == "7 SAMPLE STREET APT 2"
    assert item(sheet, "11") == {"group/FECA no": "G12"}
    assert item(sheet, "11a") == {"MM": "03", "DD": "01", "YYYY": "1949", "sex M": "X"}
    assert item(sheet, "11c") == {"plan name": "FIRST TEST PLAN"}
    assert item(sheet, "9") == item(sheet, "11d") == {}
    assert item(sheet, "29") == {"paid $": "20", "paid c": "00"}, "what the patient paid"
    other.insured.relationship = "18"
    same = only(claim)
    assert item(same, "4") == {"insured name": "SAME"}
    assert item(same, "7") == {"street": "SAME"}
    assert item(same, "11a") == {}


def test_more_than_six_lines_go_on_and_payers_differ_in_totals() -> None:
    claim = plain_claim()
    claim.lines = tuple(line(control=str(number), charge_cents=1000) for number in range(8))
    claim.charge_cents, claim.patient_paid_cents = 8000, 500

    each = sheets(claim)
    last = sheets(claim, Totals.LAST_SHEET)

    assert [len(sheet.lines) for sheet in each] == [6, 2]
    assert [item(sheet, "28")["total $"] for sheet in each] == ["60", "20"]
    assert [item(sheet, "29") for sheet in each] == [{"paid $": "5", "paid c": "00"}, {}]
    assert [item(sheet, "28")["total $"] for sheet in last] == ["CONTINUED", "80"]
    assert [bool(item(sheet, "29")) for sheet in last] == [False, True]
    assert [item(sheet, "CARRIER")["page n of m"] for sheet in each] == [
        "PAGE 1 OF 2",
        "PAGE 2 OF 2",
    ]
    assert all(item(sheet, "21")["A"] == "J069" for sheet in each)


def test_what_cannot_stand_on_the_form_is_written_as_it_can() -> None:
    claim = plain_claim()
    claim.insured.party = replace(claim.insured.party, family="Peña-Müller", given="Zoë")
    claim.insured.party.address = Address(
        "12½ O’Hara St., Apt. #4", "", "Saint-Éloi", "MA", "01105-1234"
    )
    claim.diagnoses = (Diagnosis("J06.9", "ABK"),)
    claim.note = Note("ADD", "naïve “test”")
    claim.conditions = (Condition("ZZ", True, ("S2", "ST")),)
    claim.dates = (Dated("314", DAY, DAY),)
    claim.references = (Reference("9F", "R-5 5"),)
    claim.lines = (line(), line(control="2", purchased_cents=1250, is_epsdt=True))
    sheet = only(claim)

    assert item(sheet, "2") == {"patient name": "PENA-MULLER, ZOE"}
    assert item(sheet, "5")["street"] == "12 1/2 O'HARA ST APT 4"
    assert item(sheet, "5")["zip"] == "011051234"
    assert item(sheet, "16")["to YY"] == "2026"
    assert item(sheet, "19") == {"additional info": 'NAIVE "TEST"'}
    assert item(sheet, "20") == {"YES": "X", "charge $": "12", "charge c": "50"}
    assert item(sheet, "23") == {"prior auth / CLIA / referral": "R55"}
    assert sheet.lines[1]["24H", "EPSDT shaded reason"] == "S2"
    assert ("24H", "EPSDT shaded reason") not in sheet.lines[0]
