"""X12 files read through once: kinds, counts, envelopes."""

from __future__ import annotations

import pytest

from medsec_desktop.edi.overview import overview
from medsec_desktop.edi.segments import Segment, Stray, segments
from tests.exchange.builders import CLAIMS, REMITTANCE


def broken(text: str) -> str:
    return text.replace("~", "~\r\n")


@pytest.mark.parametrize(
    "text",
    [
        REMITTANCE,
        broken(REMITTANCE),
        "\ufeff\r\n" + REMITTANCE + "\r\n\r\n",
        REMITTANCE.replace("~", "\n"),
        REMITTANCE.replace("~", "\r\n"),
        REMITTANCE.replace("*", "|").replace("~", "!"),
        REMITTANCE.replace("TESTPAYER      *ZZ", "TESTPAYER*ZZ"),
    ],
    ids=["one line", "lines", "blanks around", "line ends", "CRLF", "other signs", "trimmed"],
)
def test_separators_and_line_breaks_do_not_matter(text: str) -> None:
    seen = overview(text)

    assert (seen.kind, seen.payments, seen.claims, seen.service_lines) == ("835", 1, 2, 1)
    assert (seen.paid_cents, seen.charge_cents) == (8000, 13000)
    assert seen.interchanges[0].sender == "TESTPAYER"
    assert seen.problems == []


def test_several_interchanges_may_separate_in_their_own_ways() -> None:
    seen = overview(REMITTANCE + CLAIMS.replace("*", "|").replace("~", "\n") + REMITTANCE)

    assert seen.kinds == ["835", "837P"]
    numbers = [one.control_number for one in seen.interchanges]
    assert numbers == ["000000042", "000000043", "000000042"]
    assert (seen.claims, seen.payments) == (5, 2)
    assert seen.problems == []


def test_a_test_file_says_so() -> None:
    assert [one.is_test for one in overview(REMITTANCE + CLAIMS).interchanges] == [False, True]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("SE*10*", "SE*11*", "The SE in segment 12 counts 11 segments, but there are 10."),
        ("SE*10*0001", "SE*10*0002", "has the control number 0002, but the ST it closes has 0001"),
        ("GE*1*7", "GE*2*7", "counts 2 transaction sets, but there is 1"),
        ("IEA*1*000000042~", "", "The ISA in segment 1 is not closed"),
        ("SE*10*0001~", "", "The ST in segment 3 is not closed"),
        ("*80.00*", "*eighty*", "Element 2 of the BPR in segment 4 is not an amount"),
    ],
)
def test_an_envelope_that_does_not_agree_is_told_with_its_segment(
    old: str, new: str, problem: str
) -> None:
    assert any(problem in sentence for sentence in overview(REMITTANCE.replace(old, new)).problems)


def test_text_between_interchanges_is_told() -> None:
    seen = overview(REMITTANCE + "\nsent by fax\n" + CLAIMS)

    assert any("sent by fax" in sentence for sentence in seen.problems)
    assert len(seen.interchanges) == 2


def test_an_interchange_that_was_never_closed_does_not_swallow_the_next() -> None:
    seen = overview(REMITTANCE.replace("IEA*1*000000042~", "") + CLAIMS)

    assert seen.kinds == ["835", "837P"]
    assert len(seen.interchanges) == 2


def test_a_truncated_file_keeps_what_it_holds() -> None:
    seen = overview(REMITTANCE[: REMITTANCE.index("CLP*A2")])

    assert seen.claims == 1
    assert len(seen.problems) == 3


def test_segments_count_from_one_and_elements_as_the_guides_do() -> None:
    first, second, *_ = (item for item in segments(REMITTANCE) if isinstance(item, Segment))

    assert (first.position, first.id, first[6].strip()) == (1, "ISA", "TESTPAYER")
    assert (second.position, second[8], second[99]) == (2, "005010X221A1", "")


def test_no_x12_at_all_is_one_stray() -> None:
    assert [type(item) for item in segments("hello")] == [Stray]
    assert overview("").kind == "X12"
