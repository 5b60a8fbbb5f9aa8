"""Whether two files may be about one person, and why one would think so.

The score is a sum of plain arguments, each worth some points for or against, so that a secretary
can follow it. Field weights were set by hand after Fellegi and Sunter: what few people share
(a number, a full date of birth) argues strongly, what many share (a given name) weakly.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from medsec_desktop.domain.people import PartialDate, fold

WORTH_SHOWING = 55
NEARLY_CERTAIN = 80


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of a person; anything unknown stays empty."""

    family: str = ""
    given: str = ""
    middle: str = ""
    preferred: str = ""
    former: str = ""
    suffix: str = ""
    birth: PartialDate | None = None
    sex: str = "U"
    ssn: str = ""
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()  # folded line1 and ZIP
    member_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two people are, 0 to 100, and the arguments in words, the strongest first."""

    score: int
    reasons: tuple[str, ...]

    @property
    def is_worth_showing(self) -> bool:
        return self.score >= WORTH_SHOWING

    @property
    def is_nearly_certain(self) -> bool:
        return self.score >= NEARLY_CERTAIN


def one_slip_apart(one: str, two: str) -> bool:
    """Whether they differ by one letter too many, missing or wrong, or two neighbours swapped."""
    if one == two:
        return False
    if len(one) > len(two):
        one, two = two, one
    if len(two) - len(one) > 1:
        return False
    start = 0
    while start < len(one) and one[start] == two[start]:
        start += 1
    if len(one) < len(two):
        return one[start:] == two[start + 1 :]
    if one[start + 1 :] == two[start + 1 :]:
        return True
    swapped = two[start : start + 2][::-1]
    return one[start : start + 2] == swapped and one[start + 2 :] == two[start + 2 :]


def likeness(one: Traits, two: Traits) -> Likeness:
    """How likely `one` and `two` are the same person, with the reasons.

    Members of a family share a name, an address and a phone: without an agreeing date of birth,
    or at least without one that contradicts, they stay below what is worth showing.
    """
    arguments = [
        argument
        for argument in (
            _by_name(one, two),
            _by_birth(one, two),
            _by_ssn(one, two),
            _shared("the same phone number", one.phones, two.phones, 18),
            _shared("the same e-mail", one.emails, two.emails, 18),
            _shared("the same address", one.addresses, two.addresses, 12),
            _shared("the same member id", one.member_ids, two.member_ids, 25),
            _by_sex(one, two),
            _by_suffix(one, two),
        )
        if argument is not None
    ]
    points = sum(points for points, _ in arguments)
    arguments.sort(key=lambda argument: -abs(argument[0]))
    return Likeness(max(0, min(100, points)), tuple(reason for _, reason in arguments))


_Argument = tuple[int, str]


def _by_name(one: Traits, two: Traits) -> _Argument | None:
    if _crossed(one, two):
        return 38, "family and given name exchanged"
    family, family_reason = _family(one, two)
    given, given_reason = _given(one, two)
    reasons = [reason for reason in (family_reason, given_reason) if reason]
    if reasons == ["the same family name", "the same given name"]:
        reasons = ["the same name"]
    return (family + given, ", ".join(reasons)) if reasons else None


def _family(one: Traits, two: Traits) -> _Argument:
    mine = {fold(name) for name in (one.family, one.former)} - {""}
    hers = {fold(name) for name in (two.family, two.former)} - {""}
    if not mine or not hers:
        return 0, ""
    if fold(one.family) == fold(two.family):
        return 25, "the same family name"
    if mine & hers:
        return 22, "a former family name"
    if any(_near(a, b) for a, b in product(mine, hers)):
        return 18, "nearly the same family name"
    if any(set(a.split()) & set(b.split()) for a, b in product(mine, hers)):
        return 14, "part of the family name"
    return -20, "a different family name"


def _given(one: Traits, two: Traits) -> _Argument:
    mine = {fold(name) for name in (one.given, one.preferred)} - {""}
    hers = {fold(name) for name in (two.given, two.preferred)} - {""}
    if not mine or not hers:
        return 0, ""
    if mine & hers:
        return 20, "the same given name"
    firsts = [(a.split()[0], b.split()[0]) for a, b in product(mine, hers)]
    if any(a == b for a, b in firsts) or any(_near(a, b) for a, b in product(mine, hers)):
        return 16, "nearly the same given name"
    if any(min(len(a), len(b)) > 2 and (a.startswith(b) or b.startswith(a)) for a, b in firsts):
        return 13, "a short form of the given name"
    if {fold(one.middle), fold(two.middle)} & (mine | hers):
        return 10, "a middle name as given name"
    if any(a[0] == b[0] and 1 in (len(a), len(b)) for a, b in firsts):
        return 8, "the same initial"
    return -25, "a different given name"


def _crossed(one: Traits, two: Traits) -> bool:
    """Given and family name typed into each other's box."""
    return bool(
        one.given and fold(one.family) == fold(two.given) and fold(one.given) == fold(two.family)
    )


def _near(a: str, b: str) -> bool:
    if a.replace(" ", "") == b.replace(" ", ""):
        return True
    return max(len(a), len(b)) >= 4 and one_slip_apart(a, b)


def _by_birth(one: Traits, two: Traits) -> _Argument | None:
    if one.birth is None or two.birth is None:
        return None
    mine, hers = one.birth, two.birth
    if mine == hers:
        return (40, "the same date of birth") if mine.day else (15, "the same year of birth")
    if not (mine.day and hers.day):
        shorter = min(mine.iso, hers.iso, key=len)
        if mine.iso.startswith(shorter) and hers.iso.startswith(shorter):
            return 15, "the same year of birth"
        return -25, "a different year of birth"
    if (mine.year, mine.month, mine.day) == (hers.year, hers.day, hers.month):
        return 28, "day and month of birth swapped"
    if one_slip_apart(mine.iso.replace("-", ""), hers.iso.replace("-", "")):
        return 25, "dates of birth one digit apart"
    if (mine.month, mine.day) == (hers.month, hers.day):
        return 8, "the same birthday in another year"
    return -35, "a different date of birth"


def _by_ssn(one: Traits, two: Traits) -> _Argument | None:
    if not one.ssn or not two.ssn:
        return None
    if len(one.ssn) == len(two.ssn) == 9:
        if one.ssn == two.ssn:
            return 60, "the same SSN"
        if one_slip_apart(one.ssn, two.ssn):
            return 15, "SSNs one digit apart"
        return -30, "a different SSN"
    if one.ssn[-4:] == two.ssn[-4:]:
        return 18, "the same last four of the SSN"
    return -25, "a different SSN"


def _shared(
    reason: str, mine: frozenset[str], hers: frozenset[str], points: int
) -> _Argument | None:
    return (points, reason) if mine & hers else None


def _by_sex(one: Traits, two: Traits) -> _Argument | None:
    if "U" in (one.sex, two.sex) or one.sex == two.sex:
        return None
    return -12, "a different sex"


def _by_suffix(one: Traits, two: Traits) -> _Argument | None:
    """Father and son carry one name; Jr. against Sr. tells them apart."""
    mine, hers = fold(one.suffix), fold(two.suffix)
    if mine and hers and mine != hers:
        return -40, "a different suffix"
    return None
