"""What claims and payments cost as text: against an independent validator, and an independent reader."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from itertools import count

from pyx12.params import params
from pyx12.x12n_document import x12n_document

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.scrubbing import Surroundings, scrub
from medsec_desktop.edi.reading import Faults, transactions
from medsec_desktop.edi.remittance_835 import imbalances, read_payment
from medsec_desktop.edi.write_837p import write_claims
from tests.benchmarks.rows import Row, alternating, milliseconds
from tests.domain.claims.builders import envelope, line, plain_claim

try:
    from x12.core.parser import Parser
except ImportError:  # it comes with `pip install '.[bench]'` only
    Parser = None


def run(claims: int = 1_000, times: int = 3) -> list[Row]:
    """Claims of three lines each written, and payments for as many read and balanced."""
    found = [_claim(number) for number in range(claims)]
    text = write_claims(found, envelope()).text
    validated, written = alternating(
        lambda: x12n_document(params(), io.StringIO(text), io.StringIO(), None),
        lambda: write_claims(found, envelope()),
        times,
    )
    name = f"{claims:,} claims"
    around = Surroundings(date(2026, 11, 28))
    scrubbed = milliseconds(lambda: [scrub(claim, around) for claim in found], times)
    rows = [
        Row(f"write {name}, against validating them", written, "ms", 1 / 50, validated),
        Row(f"scrub {name}, against the same", sorted(scrubbed)[times // 2], "ms", 0.1, validated),
    ]
    remittance = _remittance(claims)
    if Parser is None:
        return [*rows, Row(f"read and balance {name}", _median(remittance, times), "ms")]
    parsed, read = alternating(lambda: Parser().parse(remittance), lambda: _read(remittance), times)
    return [*rows, Row(f"read and balance payments of {name}", read, "ms", 0.5, parsed)]


def _claim(number: int) -> Claim:
    lines = tuple(line(control=f"{number}-{at}") for at in range(3))
    return replace(plain_claim(f"C{number}"), lines=lines, charge_cents=3 * 12550)


def _remittance(claims: int) -> str:
    numbers = count(1)
    body = "".join(
        f"CLP*C{number}*1*376.5*300*76.5*CI*ICN{number}*11*1~NM1*QC*1*TESTPERSON*ADA****MI*TM{number}~"
        + "".join(
            f"SVC*HC:99213*125.5*100**1~DTM*472*20261102~CAS*PR*2*25.5~REF*6R*{next(numbers)}~"
            for _ in range(3)
        )
        for number in range(claims)
    )
    inside = 6 + claims * 14
    return (
        "ISA*00*          *00*          *ZZ*TESTPAYER      *ZZ*TESTCLINIC     *261128*0900*^*00501*"
        "000000042*0*P*:~GS*HP*TESTPAYER*TESTCLINIC*20261128*0900*7*X*005010X221A1~ST*835*0001~"
        f"BPR*I*{claims * 300}*C*CHK************20261127~TRN*1*7*1999999999~N1*PR*TEST PLAN~LX*1~"
        f"{body}SE*{inside}*0001~GE*1*7~IEA*1*000000042~"
    )


def _read(text: str) -> None:
    for transaction in transactions(text):
        payment = read_payment(transaction, Faults())
        assert not payment.out_of_balance_cents
        assert not imbalances(payment)


def _median(text: str, times: int) -> float:
    return sorted(milliseconds(lambda: _read(text), times))[times // 2]
