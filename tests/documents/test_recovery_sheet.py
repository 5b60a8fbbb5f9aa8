"""The printed recovery sheet: the key can be read, copied and found."""

from __future__ import annotations

import pytest

from medsec_desktop.documents.recovery_sheet import RecoverySheet, recovery_sheet_pdf
from tests.documents.conftest import words

KEY = "7K2M-90QW-ERTY-ABCD-EFGH-JKMN-PQRS-TVWX"


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_the_whole_key_can_be_copied_from_the_sheet(paper: str) -> None:
    sheet = RecoverySheet("Lakeside Family Medicine", KEY, "March 11, 2026", paper)

    (text,) = words(recovery_sheet_pdf(sheet))

    assert KEY in text
    assert "Lakeside Family Medicine" in text
    assert "March 11, 2026" in text


def test_the_same_key_gives_the_same_bytes() -> None:
    sheet = RecoverySheet("Lakeside Family Medicine", KEY, "March 11, 2026")

    assert recovery_sheet_pdf(sheet) == recovery_sheet_pdf(sheet)


def test_a_practice_name_of_any_length_stays_on_one_page() -> None:
    sheet = RecoverySheet("Clínica <Ñuñoa> & Παπαδόπουλος " * 20, KEY, "March 11, 2026")

    assert len(words(recovery_sheet_pdf(sheet))) == 1


def test_the_demo_clinic_is_marked() -> None:
    sheet = RecoverySheet("Lakeside", KEY, "March 11, 2026", mark="DEMO")

    assert "DEMO" in words(recovery_sheet_pdf(sheet))[0]
