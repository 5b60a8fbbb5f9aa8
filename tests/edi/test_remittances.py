"""Payments of payers: read whole, whatever their signs, and told where they do not add up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.edi.reading import Faults, transactions
from medsec_desktop.edi.remittance_835 import Adjustment, Payment, imbalances, read_payment

HEAD = (
    "ISA*00*          *00*          *ZZ*TESTPAYER      *ZZ*TESTCLINIC     *261128*0900*^*00501*"
    "000000042*0*P*:~GS*HP*TESTPAYER*TESTCLINIC*20261128*0900*7*X*005010X221A1~ST*835*0001~"
)
TAIL = "SE*10*0001~GE*1*7~IEA*1*000000042~"
PAYMENT = (
    "BPR*I*122.5*C*ACH************20261127~TRN*1*EFT555*1999999999~REF*EV*X~DTM*405*20261126~"
    "N1*PR*TEST HEALTH PLAN*XV*TP001~N1*PE*TEST CLINIC*XX*1234567893~LX*1~"
    "CLP*C1*1*200*150*20*CI*ICN77*11*1~CAS*CO*96*5~NM1*QC*1*TESTPERSON*ADA****MI*TM1~"
    "NM1*82*1*CHEN*ROBIN****XX*1811901945~MOA***MA01~DTM*232*20261102~DTM*233*20261103~"
    "SVC*HC:99213:25*125*80**1~"
    "DTM*472*20261102~CAS*CO*45*25**253*~CAS*PR*3*20~REF*6R*1001~AMT*B6*100~LQ*HE*N14~"
    "SVC*HC:99214*75*75**1*HC:99215~"
    "CLP*C2*22*-50*-20**CI*ICN78~CAS*CO*45*-30~PLB*1234567893*20261231*WO:ICN9*7.5*L6:*0~"
)


def read(text: str, faults: Faults | None = None) -> Payment:
    (transaction,) = transactions(text)
    return read_payment(transaction, faults if faults is not None else Faults())


def test_everything_a_payment_says_is_there() -> None:
    payment = read(HEAD + PAYMENT + TAIL)

    assert (payment.amount_cents, payment.method, payment.trace) == (12250, "ACH", "EFT555")
    assert (payment.paid_on, payment.produced_on) == (date(2026, 11, 27), date(2026, 11, 26))
    assert payment.payer is not None
    assert payment.payer.family == "TEST HEALTH PLAN"
    assert payment.payee is not None
    assert (payment.payee.id_kind, payment.payee.id) == ("XX", "1234567893")
    first, second = payment.claims
    assert (first.id, first.status, first.payer_control, first.remarks) == (
        "C1", "1", "ICN77", ("MA01",),
    )  # fmt: skip
    assert (first.charge_cents, first.paid_cents, first.patient_cents) == (20000, 15000, 2000)
    assert (first.from_on, first.to_on) == (date(2026, 11, 2), date(2026, 11, 3))
    patient = first.named("QC")
    assert patient is not None
    assert (patient.family, patient.given, patient.id) == ("TESTPERSON", "ADA", "TM1")
    line = first.lines[0]
    assert (line.code, line.modifiers, line.control) == ("99213", ("25",), "1001")
    assert (line.allowed_cents, line.remarks, line.from_on) == (10000, ("N14",), date(2026, 11, 2))
    assert first.lines[1].submitted == "99215"
    assert first.all_adjustments == (
        Adjustment("CO", "96", 500),
        Adjustment("CO", "45", 2500),
        Adjustment("CO", "253", 0),
        Adjustment("PR", "3", 2000),
    )
    assert (second.status, second.charge_cents, second.paid_cents) == ("22", -5000, -2000)
    taken = payment.provider_adjustments[0]
    assert (taken.code, taken.reference, taken.amount_cents) == ("WO", "ICN9", 750)


def test_what_adds_up_is_silent_and_what_does_not_is_told_at_each_level() -> None:
    fair = read(HEAD + PAYMENT + TAIL)
    fair.claims[0].adjustments.clear()  # the 5.00 taken from the whole claim
    assert fair.out_of_balance_cents == 0
    assert fair.claims[0].out_of_balance_cents == 500

    short = read(HEAD + PAYMENT.replace("BPR*I*122.5", "BPR*I*122.4") + TAIL)
    assert short.out_of_balance_cents == -10
    told = imbalances(short)
    assert "EFT555 does not add up" in told[0]
    assert "-0.10" in told[0]
    assert imbalances(read(HEAD + PAYMENT.replace("CAS*PR*3*20", "CAS*PR*3*15") + TAIL))[-1] == (
        "Line 99213 of claim C1 does not add up: charge less payment and adjustments leaves 5.00."
    )


cents = st.integers(0, 500_000)


@given(st.lists(st.tuples(cents, cents, cents), min_size=1, max_size=5), st.integers(-9999, 9999))
def test_a_payment_made_to_add_up_does(claims: list[tuple[int, int, int]], taken: int) -> None:
    body = "".join(
        f"CLP*C{at}*1*{(paid + written + left) / 100}*{paid / 100}*{left / 100}*CI*I~"
        f"CAS*CO*45*{written / 100}~CAS*PR*2*{left / 100}~"
        for at, (paid, written, left) in enumerate(claims)
    )
    total = sum(paid for paid, *_ in claims) - taken
    head = f"BPR*I*{total / 100}*C*CHK~TRN*1*7*1~LX*1~"
    payment = read(f"{HEAD}{head}{body}PLB*1*20261231*WO:1*{taken / 100}~{TAIL}")

    assert payment.out_of_balance_cents == 0
    assert imbalances(payment) == ()
    assert [claim.paid_cents for claim in payment.claims] == [paid for paid, *_ in claims]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("~", "\r\n"),
        lambda text: text.replace("~", "~\r\n"),
        lambda text: "\ufeff\n" + text.replace("*", "|").replace(":", ">"),
        lambda text: text.replace(":", ">").replace("*P*>", "*P*:"),  # not as its header says
        lambda text: text[text.index("ST*") :],  # its envelope was cut away
        lambda text: text.replace("CLP*", "clp*").replace("SVC*", "svc*"),
    ],
    ids=[
        "CRLF ends",
        "lines",
        "other signs",
        "another sign inside",
        "no envelope",
        "small letters",
    ],
)
def test_signs_and_line_ends_do_not_matter(change: object) -> None:
    plain, changed = HEAD + PAYMENT + TAIL, change(HEAD + PAYMENT + TAIL)  # type: ignore[operator]

    expected = read(plain)
    found = read(changed)
    for payment in (expected, found):
        for claim in payment.claims:
            claim.position = 0
    assert found == expected


def test_what_cannot_be_read_is_told_with_its_segment_and_the_rest_goes_on() -> None:
    faults = Faults()
    broken = PAYMENT.replace("*C1*1*200*", "*C1*1*two hundred*").replace("20261127", "20261399")

    payment = read(HEAD + "CAS*CO*45*1~" + broken + TAIL, faults)

    assert len(payment.claims) == 2
    assert faults.sentences == [
        "The CAS in segment 4 belongs to no claim.",
        "Element 16 of the BPR in segment 5 is not a date: “20261399”.",
        "Element 3 of the CLP in segment 12 is not an amount: “two hundred”.",
    ]
    assert payment.claims[0].out_of_balance_cents == -20000


def test_a_truncated_file_gives_what_is_left_and_several_payments_stay_apart() -> None:
    cut = read((HEAD + PAYMENT)[: (HEAD + PAYMENT).index("CLP*C2")])
    assert [claim.id for claim in cut.claims] == ["C1"]

    whole = HEAD + PAYMENT + "SE*9*0001~ST*835*0002~" + PAYMENT.replace("C1", "D1") + TAIL
    payments = [read_payment(one, Faults()) for one in transactions(whole + whole)]
    assert [payment.claims[0].id for payment in payments] == ["C1", "D1", "C1", "D1"]
