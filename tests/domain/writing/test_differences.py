"""Conditions in the words of a template's history."""

from __future__ import annotations

import pytest

from medsec_desktop.domain.writing.differences import condition_said
from medsec_desktop.domain.writing.document import Check, Condition


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (Check("patient.status", "is", "active"), "the patient’s file is “active”"),
        (
            Check("patient.status", "is-not", "deceased"),
            "the patient’s file is not “of someone who died”",
        ),
        (Check("referral.direction", "is", "out"), "the referral goes “out”"),
        (Check("patient.age", "below", "18"), "the patient’s age in years is below “18”"),
    ],
)
def test_a_condition_has_one_verb(check: Check, said: str) -> None:
    assert condition_said(Condition((check,))) == said
