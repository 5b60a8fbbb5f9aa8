"""What the scrubber lets pass, an independent validator passes: over claims with odd values in every place."""

from __future__ import annotations

import copy
import io
import logging
import random
import re
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from pyx12.params import params
from pyx12.x12n_document import x12n_document

from medsec_desktop.documents.cms1500 import cut_off
from medsec_desktop.domain.claims.claim import (
    Address,
    Attachment,
    Claim,
    Condition,
    Contact,
    Dated,
    Note,
    Party,
    Reference,
)
from medsec_desktop.domain.claims.form import sheets
from medsec_desktop.domain.claims.paths import mended, place_of, value_at
from medsec_desktop.domain.claims.scrubbing import Surroundings, may_leave, scrub
from medsec_desktop.edi.comparing import differences
from medsec_desktop.edi.envelope import Envelope
from medsec_desktop.edi.read_837p import read_claims
from medsec_desktop.edi.reading import Faults, transactions
from medsec_desktop.edi.write_837p import write_claims
from medsec_desktop.problems import Invalid
from tests.domain.claims.builders import DAY, doctor, envelope, full_claim, plain_claim

AROUND = Surroundings(date(2026, 11, 28))
SMOKE, LONG = 500, 20_000
Path = tuple[str | int, ...]

# One character, too many, blanks, punctuation, accents, digits, lower case, codes of other places.
TEXTS = (
    "", " ", "A", "a", "7", "-", "'", "*", "~:^", "\n", "\x01", "x" * 81, "A" * 300, "  AB  ",
    "李", "é", "\u0301", "½", "“q”", "Ünïcödé Ñame", "O'BRIEN-SMITH & CO. #5, (X)", "john smith",
    "12", "123", "01105", "011052345", "1234567893", "1811901945", "12345678901234567890123",
    "2.5", "0.0001", "1e5", "Infinity", "0B", "G2", "LU", "1G", "EI", "SY", "X4", "XX", "MI", "PI",
    "II", "Y", "N", "P", "S", "T", "I", "W", "ZZ", "11", "21", "99", "18", "01", "G8", "AA", "BM",
    "OZ", "03", "B4", "ADD", "CER", "TPO", "431", "439", "573", "CO", "PR", "207Q00000X",
    "22D1234567", "MJ", "UN", "ML", "99213", "75", "IH", "VY", "XZ", "US", "CA", "CAN", "MA",
)  # fmt: skip
AMOUNTS = (0, 1, 2, -5, 12, 13, 10**11, 99_999_999)
DAYS = (date(1899, 1, 1), DAY, DAY - timedelta(30), date(2026, 11, 28), date(2026, 12, 1))
# What may stand where nothing does, by the name of the place.
INSTEAD: dict[str, list[Any]] = {
    "references": [
        (Reference("G2", "1"), Reference("LU", "2")), (Reference("1G", "U1"),),
        (Reference("EI", "123456789"), Reference("G2", "77")), (Reference("SY", "123456789"),),
    ],
    "dates": [(Dated("454", DAY),), (Dated("090", DAY),), (Dated("314", DAY, DAY + timedelta(1)),),
              (Dated("360", DAY),), (Dated("444", DAY),)],
    "contact": [Contact("JOE", "4135550142", "12", "4135550143", "a@b.example"), Contact("JOE"),
                Contact(email="x@y.example")],
    "attachments": [(Attachment("OZ", "BM", "DOC7"),), (Attachment("OZ", "AA"),),
                    (Attachment("B4", "FX"),)],
    "providers": [(("QB", doctor()),), (("77", Party("TEST HOSPITAL")),), (("DK", doctor()),)],
    "conditions": [(Condition("75", True, ("IH",)),), (Condition("ZZ", True, ("AV",)),)],
    "note": [Note("ADD", "HI"), Note("TPO", "X")],
    "notes": [(Note("ADD", "HI"), Note("TPO", "X")), (Note("DCP", "X"),)],
    "remarks": [("MA01", "N4")], "file_information": [("XYZ",)], "anesthesia_codes": [("00100",)],
    "purchased_cents": [500], "sales_tax_cents": [55], "not_covered_cents": [100],
    "pay_to": [full_claim().pay_to], "patient": [full_claim().patient],
    "others": [full_claim().others], "decisions": [full_claim().lines[0].decisions],
    "drug": [full_claim().lines[1].drug], "address": [full_claim().pay_to], "to_on": [DAY],
}  # fmt: skip

ABROAD = (
    Address("1 SAMPLE ROAD", "", "BERN", "", "3011", "CH"),
    Address("1 SAMPLE ROAD", "", "TORONTO", "ON", "M5V 2T6", "CA"),
    Address("1 SAMPLE ROAD", "", "TORONTO", "ONTARIO", "", "CA"),
    Address("1 SAMPLE ROAD", "", "LIMA", "X", "1", "PE"),
)
OPTIONAL = ("contact", "note", "pay_to", "patient", "drug", "address")


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    if is_dataclass(value):
        for one in fields(value):
            yield from places(getattr(value, one.name), (*path, one.name))
    elif isinstance(value, tuple):
        for at, one in enumerate(value):
            yield from places(one, (*path, at))


def at(value: Any, path: Path) -> Any:
    for step in path:
        value = getattr(value, step) if isinstance(step, str) else value[step]
    return value


def put(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    step, *rest = path
    if isinstance(step, str):
        return replace(value, **{step: put(getattr(value, step), tuple(rest), new)})
    return (*value[:step], put(value[step], tuple(rest), new), *value[step + 1 :])


def odd(old: Any, name: str, chance: random.Random) -> Any:
    if isinstance(old, bool):
        return not old
    if isinstance(old, str):
        return chance.choice(TEXTS)
    if isinstance(old, int):
        return chance.choice(AMOUNTS)
    if isinstance(old, date):
        return chance.choice(DAYS)
    if isinstance(old, Address):
        return chance.choice([None, *ABROAD])
    if isinstance(old, tuple) and len(old) == 2 and isinstance(old[1], Party):
        return old  # a role with whose it is
    if isinstance(old, tuple) and old:
        return chance.choice([(), old + old, old[::-1], old[:-1]])
    if old is None or isinstance(old, tuple):
        return chance.choice(INSTEAD.get(name, [old]))
    return None if name in OPTIONAL else old


def odd_claim(seed: int) -> Claim:
    chance = random.Random(seed)
    claim: Claim = copy.deepcopy(chance.choice([plain_claim, full_claim])())
    for _ in range(chance.choice([1, 1, 2, 3, 5])):
        path = chance.choice(list(places(claim)))
        name = next(step for step in reversed(path) if isinstance(step, str))
        claim = put(claim, path, odd(at(claim, path), name, chance))
    return claim


def read_back(claim: Claim) -> tuple[str, ...]:
    """What differs once it was written and read."""
    faults = Faults()
    (transaction,) = transactions(write_claims([claim], envelope()).text)
    (found,) = read_claims(transaction, faults).claims
    return (*differences(claim, found), *faults.sentences)


def refused(claims: list[Claim], to: Envelope | None = None) -> list[tuple[str, str]]:
    """What the validator says of them in one file: the claim’s number, and its words."""
    told: list[str] = []

    class Listens(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record.getMessage())

    text = write_claims(claims, to or envelope()).text
    log, handler = logging.getLogger("pyx12"), Listens()
    was_told, log.propagate = log.propagate, False
    log.addHandler(handler)
    try:
        is_right = x12n_document(params(), io.StringIO(text), io.StringIO(), None)
    finally:
        log.removeHandler(handler)
        log.propagate = was_told
    rows = text.splitlines()
    starts = [number for number, row in enumerate(rows, 1) if re.match(r"HL\*\d+\*\d+\*22", row)]
    found = []
    for line in told:
        if place := re.match(r"Line:(\d+) (.*)", line):
            number = bisect_right(starts, int(place[1])) - 1
            found.append((claims[max(number, 0)].id, f"{rows[int(place[1]) - 1]} {place[2]}"))
    assert is_right or found, "refused without a word"
    return found


def passed_by_both(seeds: range) -> None:
    passed = []
    for seed in seeds:
        claim = odd_claim(seed)
        if not may_leave(scrub(claim, AROUND)):
            continue
        assert read_back(claim) == (), f"seed {seed}"
        claim.id = f"N{seed}"
        passed.append(claim)

    assert len(passed) > len(seeds) / 10
    assert refused(passed) == []


def test_what_the_scrubber_lets_pass_a_validator_passes_too() -> None:
    passed_by_both(range(SMOKE))


def test_whatever_is_wrong_leads_to_a_field_and_each_fix_mends_it() -> None:
    fixed = 0
    for seed in range(SMOKE):
        claim = odd_claim(seed)
        for finding in scrub(claim, AROUND):
            value_at(claim, place_of(finding, claim))
            if finding.fix is not None:
                fixed += 1
                after = scrub(mended(claim, finding.fix), AROUND)
                told = {(one.rule.id, one.field, one.sentence) for one in after}
                assert (finding.rule.id, finding.field, finding.sentence) not in told, seed
        scrub(claim, replace(AROUND, is_on_paper=True))
        assert cut_off(sheets(claim)) is not None, "the form is laid out, whatever stands in it"

    assert fixed > SMOKE / 10


@pytest.mark.parametrize(("text", "fit"), [("", 2), ("A", 4), ("*", 0)])
def test_a_file_is_never_begun_with_what_a_validator_refuses(text: str, fit: int) -> None:
    plain = envelope()
    asked, told = plain.submitter, Contact("JOE", "4135550142")
    written = 0
    for to in (
        replace(plain, sender_id=text), replace(plain, group_receiver=text),
        replace(plain, submitter=replace(asked, family=text)),
        replace(plain, submitter=replace(asked, id=text)),
        replace(plain, receiver=replace(plain.receiver, id=text)),
        replace(plain, submitter=replace(asked, contact=replace(told, name=text))),
        replace(plain, submitter=replace(asked, contact=replace(told, phone=text))),
        replace(plain, submitter=replace(asked, contact=Contact("JOE", email=text))),
    ):  # fmt: skip
        with suppress(Invalid):
            assert refused([plain_claim()], to) == []
            written += 1

    assert written == fit


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("start", range(10**6, 10**6 + LONG, 2_000))
def test_twenty_thousand_odd_claims_are_passed_by_both(start: int) -> None:
    passed_by_both(range(start, start + 2_000))
