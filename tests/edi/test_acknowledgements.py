"""Answers to a file of claims: which was taken, which was not, and where the fault is."""

from __future__ import annotations

from datetime import date

from medsec_desktop.edi.acknowledgements import (
    read_claims_answer,
    read_file_answer,
    read_interchange_answer,
)
from medsec_desktop.edi.reading import Faults, Transaction, transactions


def enveloped(body: str, set_kind: str, guide: str) -> Transaction:
    text = (
        "ISA*00*          *00*          *ZZ*TESTPAYER      *ZZ*TESTCLINIC     *261128*0900*^*00501*"
        f"000000042*0*P*:~GS*FA*TESTPAYER*TESTCLINIC*20261128*0900*7*X*{guide}~"
        f"ST*{set_kind}*0001*{guide}~{body}SE*9*0001~GE*1*7~IEA*1*000000042~"
    )
    (transaction,) = transactions(text)
    return transaction


def test_a_file_refused_in_part_names_each_fault() -> None:
    transaction = enveloped(
        "AK1*HC*41*005010X222A1~AK2*837*0001~IK5*A~AK2*837*0002~IK3*NM1*17*2010*8~"
        "CTX*CLM01:C2~IK4*9:1*67*7*1234567890~IK5*R*5~AK9*P*2*2*1~",
        "999",
        "005010X231A1",
    )

    answer = read_file_answer(transaction, Faults())

    assert transaction.kind == "999"
    assert (answer.group, answer.is_accepted, answer.is_partly_accepted) == ("41", False, True)
    assert (answer.received, answer.accepted) == (2, 1)
    assert [(one.number, one.is_accepted) for one in answer.sets] == [
        ("0001", True),
        ("0002", False),
    ]
    segment, element = answer.sets[1].faults
    assert (segment.segment, segment.position, segment.loop) == ("NM1", 17, "2010")
    assert (element.element, element.value, element.words) == (
        "9-1", "1234567890", "a code that is not valid",
    )  # fmt: skip
    assert (element.segment, element.position) == ("NM1", 17)


def test_answers_out_of_place_are_told() -> None:
    faults = Faults()
    read_file_answer(enveloped("AK1*HC*41~IK5*R~AK9*R*x*1*0~", "999", "005010X231A1"), faults)

    assert faults.sentences == [
        "The IK5 in segment 5 answers no transaction set.",
        "Element 2 of the AK9 in segment 6 is not a number: “x”.",
    ]


CLAIMS = (
    "BHT*0085*08*77*20261128*0900*TH~HL*1**20*1~NM1*PR*2*TEST PLAN*****PI*TP001~TRN*1*9~"
    "DTP*050*D8*20261127~HL*2*1*21*1~NM1*41*2*TEST CLINIC*****46*TC1~TRN*2*B000041~"
    "STC*A1:20*20261127*WQ*300~HL*3*2*19*1~NM1*85*2*TEST CLINIC*****XX*1234567893~TRN*1*0~"
    "HL*4*3*PT~NM1*QC*1*TESTPERSON*ADA****MI*TM1~TRN*2*C1~STC*A2:20*20261127*WQ*100~"
    "REF*1K*ICN77~REF*D9*CH5~DTP*472*RD8*20261102-20261103~"
    "HL*5*3*PT~NM1*QC*1*TESTPERSON*BEN****MI*TM2~TRN*2*C2~"
    "STC*A7:562:85*20261127*U*200******A7:164:IL**MEMBER NOT FOUND~DTP*472*D8*20261102~"
    "SVC*HC:99213*200~STC*A7:507*20261127*U~REF*FJ*1001~DTP*472*D8*20261102~"
    "TRN*2*C3~STC*A3:21*20261127*U*50~"
)


def test_each_claim_says_what_became_of_it() -> None:
    answer = read_claims_answer(enveloped(CLAIMS, "277", "005010X214"), Faults())

    assert (answer.payer, answer.batch) == ("TEST PLAN", "B000041")
    assert answer.received_on == date(2026, 11, 27)
    assert [one.category for one in answer.statuses] == ["A1"]
    first, second, third = answer.claims
    assert (first.id, first.is_accepted, first.payer_control) == ("C1", True, "ICN77")
    assert (first.clearing_house_control, first.to_on) == ("CH5", date(2026, 11, 3))
    assert (second.is_rejected, second.patient) == (True, "TESTPERSON, BEN")
    assert [(one.category, one.code, one.entity, one.line) for one in second.statuses] == [
        ("A7", "562", "85", ""),
        ("A7", "164", "IL", ""),
        ("A7", "507", "", "1001"),
    ]
    assert second.statuses[0].message == "MEMBER NOT FOUND"
    assert (third.id, third.is_rejected) == ("C3", True)


def test_an_interchange_may_be_answered_alone() -> None:
    text = (
        "ISA*00*          *00*          *ZZ*TESTPAYER      *ZZ*TESTCLINIC     *261128*0900*^*00501*"
        "000000042*0*P*:~TA1*000000041*261127*1830*R*006~IEA*0*000000042~"
    )
    (transaction,) = transactions(text)

    answer = read_interchange_answer(transaction)

    assert (transaction.kind, answer.number, answer.is_accepted) == ("TA1", "000000041", False)
    assert (answer.note, answer.sent_on) == ("006", date(2026, 11, 27))
