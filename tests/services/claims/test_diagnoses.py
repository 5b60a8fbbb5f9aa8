"""The diagnoses that come with the program."""

from __future__ import annotations

from datetime import date

import pytest

from medsec_desktop.services.claims.diagnoses import Diagnoses, diagnoses


@pytest.fixture(scope="module")
def known() -> Diagnoses:
    return diagnoses()


def test_the_whole_release_is_there_with_its_days_and_source(known: Diagnoses) -> None:
    billable = sum(
        one.is_billable
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        for one in known.book.under(letter)
    )
    assert (len(known.book), billable) == (98_147, 74_714)
    assert known.release.holds_on(date(2026, 9, 30))
    assert not known.release.holds_on(date(2026, 10, 1))
    assert "CDC" in known.release.source


def test_a_category_is_known_and_not_billable(known: Diagnoses) -> None:
    on = date(2026, 6, 1)
    assert known.is_billable("J069", on) is True
    assert known.is_billable("S8001", on) is False
    assert known.is_billable("S8001XA", on) is True
    assert known.is_billable("Q00Z", on) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("htn", "I10"), ("uri", "J069"), ("dm2 ckd", "E1122"), ("e11.65", "E1165"),
        ("knee contusion right initial", "S8001XA"), ("strep phar", "J020"), ("well child exam", "Z00121"),
        ("uti", "N390"), ("low back pain", "M5459"), ("covid", "U071"), ("lumbar radiculop", "M5416"),
    ],
)  # fmt: skip
def test_what_is_typed_at_a_front_desk_comes_first(known: Diagnoses, typed: str, code: str) -> None:
    assert known.book.search(typed, 5)[0].code == code
