"""A claim kept as text comes back as it was."""

from __future__ import annotations

import json

import pytest

from medsec_desktop.domain.claims.storing import restored, stored
from medsec_desktop.problems import Unavailable
from tests.domain.claims.builders import full_claim, plain_claim


def test_what_was_stored_comes_back_the_same() -> None:
    for claim in (plain_claim(), full_claim()):
        assert restored(stored(claim)) == claim


def test_a_field_not_known_yet_is_as_it_begins_and_one_no_longer_known_is_passed_over() -> None:
    kept = json.loads(stored(plain_claim()))
    kept["claim"]["colour"] = "red"
    assert "delay_reason" not in kept["claim"]

    assert restored(json.dumps(kept)) == plain_claim()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": 1, "claim": {"id": 7}}', '{"format": 1, "claim": {"id": "7"}}'],
)
def test_what_is_no_claim_is_refused(text: str) -> None:
    with pytest.raises(Unavailable, match="cannot be read"):
        restored(text)


def test_a_claim_of_a_newer_program_is_not_guessed_at() -> None:
    newer = json.loads(stored(plain_claim())) | {"format": 2}

    with pytest.raises(Unavailable, match="newer version"):
        restored(json.dumps(newer))
