"""The scrubber: what would come back from a payer or clearing house, said before the claim leaves.

A rule is data: its id, how grave it is, what usually comes back, and where it is known from. `scrub` asks
all of them; each finding names the field, so that a screen can lead there, and a fix where one is certain.
An `answer` is left out where none is known; a source marked "verify" was not looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.items import item_of


class Severity(StrEnum):
    """Whether a claim may leave with it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class PayerRules:
    """What one payer wants; the practice edits it with the payer."""

    is_known: bool = True
    filings: tuple[str, ...] = ()  # claim filing indicators that fit this payer; empty: any
    member_pattern: str = ""  # regular expression for the whole member number
    member_words: str = ""  # the same in words, such as "11 letters and digits"
    filing_days: int = 365
    telehealth_modifiers: tuple[str, ...] = ("95", "GT", "93", "FQ")
    needs_referrer: bool = False
    needs_authorization: bool = False
    needs_rendering_taxonomy: bool = False
    lines_at_most: int = 50


@dataclass(frozen=True, slots=True)
class Authorized:
    """An authorization the claim names, as the file knows it."""

    number: str
    from_on: date | None = None
    to_on: date | None = None
    is_used_up: bool = False


@dataclass(frozen=True, slots=True)
class Billed:
    """A line that left with an earlier claim of the same patient."""

    code: str
    modifiers: tuple[str, ...]
    on: date
    provider: str  # NPI of who did it
    claim: str


def _unknown(_code: str, _on: date) -> None:
    return None


def _no(_code: str) -> bool:
    return False


def _always(_on: date) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule may know beside the claim itself.

    `is_billable` says of a diagnosis on a day: True, False (known but not billable, or not valid then), or
    None where the code is unknown; `is_offered` the same of a procedure and the practice's own list. Both
    say None for everything until they are given; with `knows_codes` an unknown diagnosis is an error.
    """

    today: date
    payer: PayerRules = PayerRules()
    is_billable: Callable[[str, date], bool | None] = _unknown
    is_offered: Callable[[str, date], bool | None] = _unknown
    is_manifestation: Callable[[str], bool] = (
        _no  # shows in another disease, which is named before it
    )
    codes_reach: Callable[[date], bool] = _always  # whether the list of diagnoses holds on that day
    knows_codes: bool = False
    knows_procedures: bool = False
    covered_from: date | None = None
    covered_to: date | None = None
    authorizations: tuple[Authorized, ...] = ()
    billed: tuple[Billed, ...] = ()
    numbers_taken: frozenset[str] = frozenset()  # claim numbers of other claims
    units_at_most: Mapping[str, int] = field(default_factory=dict)
    span_codes: frozenset[str] = frozenset()  # may be billed over several days
    referral_codes: frozenset[str] = frozenset()  # need a referring or ordering provider
    authorization_codes: frozenset[str] = frozenset()
    drug_codes: frozenset[str] = frozenset()  # need an NDC, beside those beginning with J
    unlisted_codes: frozenset[str] = frozenset()  # say nothing by themselves
    clia_codes: frozenset[str] = frozenset()  # laboratory work beside the range of it
    clia: str = ""  # the practice's own CLIA number
    payer_ids: frozenset[str] | None = (
        None  # of every payer on the list, in capitals; None: not asked
    )
    crossing_payers: frozenset[str] = (
        frozenset()
    )  # ids of those who send on to the next payer themselves
    correct_until: date | None = None  # the last day for one that replaces or voids another
    answered_on: date | None = None  # when the payer answered that other one
    died_on: date | None = None
    is_merged: bool = False  # her file goes on in another one
    is_on_paper: bool = False  # what only a file needs is not asked for


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that certainly mends the fault: the field, and what to put there."""

    field: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one claim. `field` is a path in the claim, such as "lines[1].pointers"."""

    rule: Rule
    sentence: str
    field: str
    fix: Fix | None = None

    @property
    def severity(self) -> Severity:
        return self.rule.severity


# What a check yields: a sentence, the field it is about, and perhaps a fix.
Told = tuple[str, str] | tuple[str, str, Fix | None]
Check = Callable[[Claim, Surroundings], Iterator[Told]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `answer` is what usually comes back where it is broken, `source` where it is from."""

    id: str
    severity: Severity
    about: str
    source: str
    answer: str
    check: Check = field(repr=False, compare=False)


_RULES: list[Rule] = []


def rule(
    id: str, severity: Severity, about: str, source: str, answer: str = ""
) -> Callable[[Check], Check]:
    """Makes a check a rule of the scrubber."""

    def add(check: Check) -> Check:
        assert all(one.id != id for one in _RULES), id
        _RULES.append(Rule(id, severity, about, source, answer, check))
        return check

    return add


def rules() -> tuple[Rule, ...]:
    """Every rule there is. What they find is ordered by `scrub`."""
    from medsec_desktop.domain.claims import (  # noqa: F401  each adds its rules when it is read
        rules_of_addresses,
        rules_of_coding,
        rules_of_people,
        rules_of_place_and_time,
        rules_of_room,
        rules_of_the_guide,
        rules_of_the_whole,
    )

    return tuple(_RULES)


def scrub(claim: Claim, around: Surroundings) -> tuple[Finding, ...]:
    """Everything wrong or doubtful about a claim: errors first, and by their items on the form."""
    found = [
        Finding(one, told[0], told[1], told[2] if len(told) > 2 else None)
        for one in rules()
        for told in one.check(claim, around)
    ]

    def standing(finding: Finding) -> tuple[bool, tuple[float, int]]:
        return finding.severity is Severity.WARNING, item_of(finding.field, claim)

    return tuple(sorted(found, key=standing))


def may_leave(findings: tuple[Finding, ...]) -> bool:
    """Whether nothing among them holds the claim back."""
    return all(one.severity is Severity.WARNING for one in findings)
