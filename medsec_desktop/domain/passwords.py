"""What makes a password good enough, each rule a plain sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from medsec_desktop.domain.people import fold
from medsec_desktop.problems import Invalid

MINIMUM_LENGTH = 10

# The commonest of those that pass the length rule, folded; shorter ones fall by their length.
# Digits and signs at either end are cut off before comparing, so "Password2026!" is found too.
_COMMONEST = frozenset(
    {
        "password", "passwort", "passwords", "passw0rd", "p4ssword", "letmein", "letmeinnow",
        "welcome", "welcomeback", "qwertyuiop", "qwerty", "qwertz", "qwertzuiop", "asdfghjkl",
        "zxcvbnm", "iloveyou", "iloveyouso", "administrator", "admin", "changeme", "changemenow",
        "secret", "topsecret", "football", "baseball", "basketball", "princess", "sunshine",
        "superman", "monkey", "dragon", "master", "trustno", "whatever", "computer", "internet",
        "medical", "doctor", "doctors", "hospital", "clinic", "medsec", "frontdesk", "reception",
        "secretary", "healthcare", "summer", "winter", "spring", "autumn", "monday", "abcdefghij",
        "abcdefghijk", "abcdefghijkl", "testtest", "testing", "mypassword", "yourpassword",
        "passwordpassword", "correcthorsebatterystaple",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, whether the password keeps it, and the sentence for when it does not."""

    text: str
    is_kept: bool
    fault: str


def judge(password: str, names: Iterable[str] = ()) -> tuple[Rule, ...]:
    """Every rule in the order a screen lists it; `names` are what the person is called."""
    return (
        Rule(
            f"At least {MINIMUM_LENGTH} characters",
            len(password) >= MINIMUM_LENGTH,
            f"The password needs at least {MINIMUM_LENGTH} characters.",
        ),
        Rule(
            "Not your name or log-in",
            bool(password) and not _contains_a_name(password, names),
            "The password must not be your name or log-in.",
        ),
        Rule(
            "Not one of the common passwords",
            bool(password) and not _is_common(password),
            "This password is one of those tried first by anyone who guesses.",
        ),
    )


def require_good(password: str, names: Iterable[str] = ()) -> None:
    """Nothing, or Invalid with the first rule the password breaks."""
    for rule in judge(password, names):
        if not rule.is_kept:
            raise Invalid(
                rule.fault,
                remedy="Three or four words that only you would put together make a good one.",
                field="password",
            )


def _contains_a_name(password: str, names: Iterable[str]) -> bool:
    """Whether little but a name is left of the password: a long phrase may well contain "Ann"."""
    folded = fold(password).replace(" ", "")
    words = {word for name in names for word in (*fold(name).split(), fold(name).replace(" ", ""))}
    return any(
        len(word) >= 3 and word in folded and len(folded) - len(word) < MINIMUM_LENGTH - 4
        for word in words
    )


def _is_common(password: str) -> bool:
    folded = fold(password).replace(" ", "")
    core = folded.strip("0123456789")
    if not core or len(set(folded)) < 4:
        # Digits alone can be searched through, and so can three characters repeated.
        return True
    return folded in _COMMONEST or core in _COMMONEST
