"""What `inspect` says of an X12 file: the same in words and as data."""

from __future__ import annotations

from pathlib import Path

from medsec_desktop.edi.write_837p import write_claims
from medsec_desktop.services.inspection import inspect
from tests.domain.claims.builders import envelope, full_claim, plain_claim
from tests.exchange.builders import REMITTANCE


def test_a_payment_is_told_claim_by_claim(tmp_path: Path) -> None:
    file = tmp_path / "era.txt"
    file.write_text(REMITTANCE.replace("CAS*CO*45*50~", "CAS*CO*45*40~"))

    found = inspect(file)

    data = found.as_dict()
    assert data["kind"] == "835"
    (payment,) = data["payments"]
    assert (payment["amount_cents"], payment["out_of_balance_cents"]) == (8000, 0)
    first, second = payment["claims"]
    assert (first["id"], first["charge_cents"], first["paid_cents"]) == ("A1", 10000, 5000)
    assert first["patient_cents"] == 1000
    assert first["adjustments"] == [{"group": "CO", "reason": "45", "amount_cents": 4000}]
    assert first["out_of_balance_cents"] == 1000
    assert second["out_of_balance_cents"] == 0
    words = found.words()
    assert (
        "Claim A1, paid as primary: charged 100.00, paid 50.00, left to the patient 10.00." in words
    )
    assert "Problem: Claim A1 (segment 8) does not add up" in words


def test_claims_are_told_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "claims.837"
    file.write_text(write_claims([plain_claim(), full_claim()], envelope()).text)

    found = inspect(file)

    first, second = found.as_dict()["claims"]
    assert (first["id"], first["charge_cents"], first["diagnoses"]) == ("C1", 12550, ["J069"])
    assert first["lines"] == [
        {
            "code": "99213", "modifiers": [], "charge_cents": 12550, "units": "1", "unit": "UN",
            "pointers": [1], "from": "2026-11-02", "to": "2026-11-02", "control": "1001",
        }
    ]  # fmt: skip
    assert [line["code"] for line in second["lines"]] == ["99213", "J3301", "01382"]
    assert second["patient"] == "TESTPERSON, BEN"
    assert "Claim C1: 125.50 in 1 line for J069, to TEST HEALTH PLAN." in found.words()


def test_answers_are_told_and_a_long_file_ends_with_a_count(tmp_path: Path) -> None:
    file = tmp_path / "answers.txt"
    answer = REMITTANCE.split("ST*")[0].replace("X221A1", "X231A1")
    file.write_text(
        f"{answer}ST*999*0001~AK1*HC*41~AK2*837*0001~IK3*NM1*17**8~IK4*9*67*7*X~IK5*R~AK9*R*1*1*0~"
        "SE*8*0001~GE*1*7~IEA*1*000000042~" + REMITTANCE * 30
    )

    found = inspect(file)

    data = found.as_dict()
    assert data["kind"] == "999"
    assert len(data["payments"]) == 30
    (group,) = data["file_answers"]
    assert (group["group"], group["accepted"]) == ("41", False)
    assert [fault["element"] for fault in group["transactions"][0]["faults"]] == ["", "9"]
    words = found.words()
    assert "segment NM1 at 17, element 9: a code that is not valid (“X”)." in words
    assert "lines more; --json has all." in words
