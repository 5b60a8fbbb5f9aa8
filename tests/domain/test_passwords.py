"""Password rules are few, plain, and hold."""

from __future__ import annotations

import pytest

from medsec_desktop.domain.passwords import judge, require_good
from medsec_desktop.problems import Invalid

NAMES = ("Ada Testperson", "atest")


@pytest.mark.parametrize(
    "password",
    ["violet tram seven", "Gurke-Lampe-9", "адреналін весна", "annual kettle parade"],
)
def test_a_long_uncommon_password_is_good(password: str) -> None:
    require_good(password, NAMES)

    assert all(rule.is_kept for rule in judge(password, NAMES))


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "at least 10"),
        ("short one", "at least 10"),
        ("testperson", "name or log-in"),
        ("AdaTestperson1", "name or log-in"),
        ("Ada Testperson", "name or log-in"),
        ("Password2026!", "guesses"),
        ("1234567890", "guesses"),
        ("aaaaaaaaaaaa", "guesses"),
        ("qwertyuiop", "guesses"),
        ("Correct Horse Battery Staple", "guesses"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refusal:
        require_good(password, NAMES)

    assert refusal.value.field == "password"


def test_nothing_typed_keeps_no_rule() -> None:
    assert not any(rule.is_kept for rule in judge("", NAMES))


def test_a_phrase_that_happens_to_hold_a_short_name_is_good() -> None:
    require_good("the canal froze over", ("Ann Cana", "ann"))
