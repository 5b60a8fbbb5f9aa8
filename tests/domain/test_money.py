"""Amounts as they are typed."""

from __future__ import annotations

import pytest

from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid


def test_an_amount_is_read_as_people_type_it():
    assert [Money.parse(text).cents for text in ("1,234.50", "$12", "12.5", "0.005", "-3")] == [
        123450, 1200, 1250, 1, -300,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "ten", "nan", "inf", "1e99999999", "-1e30", "9" * 30])
def test_what_is_no_amount_of_a_practice_is_refused_at_once(text: str):
    with pytest.raises(Invalid, match="not an amount"):
        Money.parse(text)
