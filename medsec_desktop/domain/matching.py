"""Whether two files may be about one person, and why one would think so.

The score is a sum of plain arguments, each worth some points for or against, so that a secretary
can follow it. The points were set by hand after Fellegi and Sunter: what few people share (a number,
a full date of birth) argues strongly, what many share (a given name) weakly. They are checked
against public records of known duplicates: `python -m tests.benchmarks duplicates`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import OSA, JaroWinkler

from medsec_desktop.domain import places
from medsec_desktop.domain.nicknames import same_for_short
from medsec_desktop.domain.people import PartialDate
from medsec_desktop.domain.people import fold as _fold
from medsec_desktop.domain.places import Place

WORTH_SHOWING = 55
NEARLY_CERTAIN = 80

_SOUNDS_ALIKE = 0.92  # Jaro-Winkler: from here two names are one, written by ear
_BORN_THE_SAME_DAY, _A_SLIP_IN_THE_BIRTH, _ANOTHER_BIRTH = 40, 25, -15
_THE_PLACE, _NEARLY_THE_PLACE, _PARTLY_THE_PLACE = 22, 18, 15
_FAMILY_NAME = 25
_HALF_A_NAME = 18 - 25  # one nearly, the other different
_SHORT_FORM = 13
_ALL_OF_THE_NAME = 18 + _SHORT_FORM  # both names, one nearly and the other in short
_NAMESAKE = 64  # the most for somebody born another day: father and son may share all the rest


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
    addresses: frozenset[Place] = frozenset()
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


@lru_cache(maxsize=100_000)
def fold(name: str) -> str:
    """A name as it is compared; the same names come again and again."""
    return _fold(name)


def one_slip_apart(one: str, two: str) -> bool:
    """Whether they differ by one letter too many, missing or wrong, or two neighbours swapped."""
    return OSA.distance(one, two, score_cutoff=1) == 1


def likeness(one: Traits, two: Traits) -> Likeness:
    """How likely `one` and `two` are the same person, with the reasons.

    Members of a family share a name, an address and a phone: without an agreeing date of birth,
    or at least without one that contradicts, they stay below what is worth showing. Twins reach
    it, since a given name typed wrongly looks the same; they never come near certainty. Nor does
    anybody without a date of birth or a number that agrees: father and son may share all the rest.
    """
    name, name_reason = _by_name(one, two)
    birth, birth_reason = _by_birth(one, two)
    place, place_reason = _by_address(one, two)
    ssn = _by_ssn(one, two)
    member = _shared("the same member id", one.member_ids, two.member_ids, 25)
    is_sure = name > 0 and max(birth, ssn[0], member[0]) >= _A_SLIP_IN_THE_BIRTH
    most = 100 if is_sure else NEARLY_CERTAIN - 1
    if birth == _ANOTHER_BIRTH and max(ssn[0], member[0]) <= 0:
        # Born another day and another number: whatever else they share, they are two. So are brother
        # and sister, whose names in a family are often alike.
        are_two = ssn[0] < 0 or _are_of_two_sexes(one, two)
        most = WORTH_SHOWING - 1 if are_two else _NAMESAKE
    name, place = _seen_together(one, two, name, birth, place)
    phone, phone_reason = _shared("the same phone number", one.phones, two.phones, 18)
    if place and not _is_called_alike(one, two, birth):
        phone = 0  # who lives together shares the phone as well
    arguments = [
        (name, name_reason),
        (birth, birth_reason),
        (place, place_reason),
        ssn,
        member,
        (phone, phone_reason),
        _shared("the same e-mail", one.emails, two.emails, 18),
        _by_sex(one, two),
        _by_suffix(one, two),
    ]
    points = sum(points for points, _ in arguments)
    arguments.sort(key=lambda argument: -abs(argument[0]))
    return Likeness(max(0, min(most, points)), tuple(reason for _, reason in arguments if reason))


def _seen_together(one: Traits, two: Traits, name: int, birth: int, place: int) -> tuple[int, int]:
    """What name and address are worth beside each other and the date of birth."""
    if birth == _BORN_THE_SAME_DAY and (
        place >= _NEARLY_THE_PLACE or (place and name >= _HALF_A_NAME)
    ):
        # Who else would be born that day and live there? Names are changed, misheard, exchanged.
        return max(name, 0), place
    if place >= _NEARLY_THE_PLACE and name >= _ALL_OF_THE_NAME:
        # A family shares the place and one name, but seldom both.
        return name, place * 2 if _is_called_alike(one, two, birth) else place
    if place >= _NEARLY_THE_PLACE and name >= _FAMILY_NAME and not (one.given and two.given):
        return name, place * 3 // 2  # one of the files does not say that it is another of them
    return name, place


def _are_of_two_sexes(one: Traits, two: Traits) -> bool:
    """Whether their sexes and their given names differ: one of the two may have been mistyped."""
    return _by_sex(one, two) != _SILENT and fold(one.given) != fold(two.given)


def _is_called_alike(one: Traits, two: Traits, birth: int) -> bool:
    """Whether the given names are one, also in a family, where many are alike.

    A daughter may bear her mother's name as her middle one, and brothers born on different days may
    be Albert and Gilbert.
    """
    if birth != _ANOTHER_BIRTH:
        return _crossed(one, two) or _given(one, two)[0] >= _SHORT_FORM
    mine, hers = fold(one.given), fold(two.given)
    slip = min(len(mine), len(hers)) >= 5 and one_slip_apart(mine, hers)
    return _crossed(one, two) or mine == hers or slip


_Argument = tuple[int, str]  # points for or against, and why; '' where it says nothing
_SILENT: _Argument = (0, "")


# ---------------------------------------------------------------- names


def _by_name(one: Traits, two: Traits) -> _Argument:
    if _crossed(one, two):
        return 38, "family and given name exchanged"
    family, family_reason = _family(one, two)
    given, given_reason = _given(one, two)
    reasons = [reason for reason in (family_reason, given_reason) if reason]
    if reasons == ["the same family name", "the same given name"]:
        reasons = ["the same name"]
    return family + given, ", ".join(reasons)


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
    if any(min(len(a), len(b)) > 1 and (a.startswith(b) or b.startswith(a)) for a, b in firsts):
        return _SHORT_FORM, "a short form of the given name"
    if any(same_for_short(a, b) for a, b in firsts):
        return _SHORT_FORM, "a short form of the given name"
    if {fold(one.middle), fold(two.middle)} & (mine | hers):
        return 10, "a middle name as given name"
    if any(a[0] == b[0] and 1 in (len(a), len(b)) for a, b in firsts):
        return 8, "the same initial"
    return -25, "a different given name"


def _crossed(one: Traits, two: Traits) -> bool:
    """Given and family name typed into each other's box."""
    if not one.given or not two.given:
        return False
    family, given = fold(one.family), fold(one.given)
    other_family, other_given = fold(two.family), fold(two.given)
    if family == other_family or given == other_given:
        return False
    return _same_or_near(family, other_given) and _same_or_near(given, other_family)


def _same_or_near(a: str, b: str) -> bool:
    return a == b or _near(a, b)


@lru_cache(maxsize=100_000)
def _near(a: str, b: str) -> bool:
    """One name, mistyped or written by ear: a slip in a short one, two in a long one."""
    if a.replace(" ", "") == b.replace(" ", ""):
        return True
    longest = max(len(a), len(b))
    slips = 2 if longest >= 7 else 1 if longest >= 4 else 0
    if slips and OSA.distance(a, b, score_cutoff=slips) <= slips:
        return True
    return longest >= 6 and JaroWinkler.similarity(a, b) >= _SOUNDS_ALIKE


# ---------------------------------------------------------------- everything else


def _by_birth(one: Traits, two: Traits) -> _Argument:
    if one.birth is None or two.birth is None:
        return _SILENT
    mine, hers = one.birth, two.birth
    if mine == hers:
        return (
            (_BORN_THE_SAME_DAY, "the same date of birth")
            if mine.day
            else (15, "the same year of birth")
        )
    if not (mine.day and hers.day):
        shorter = min(mine.iso, hers.iso, key=len)
        if mine.iso.startswith(shorter) and hers.iso.startswith(shorter):
            return 15, "the same year of birth"
        return -25, "a different year of birth"
    if (mine.year, mine.month, mine.day) == (hers.year, hers.day, hers.month):
        return 28, "day and month of birth swapped"
    if one_slip_apart(mine.iso.replace("-", ""), hers.iso.replace("-", "")):
        return _A_SLIP_IN_THE_BIRTH, "dates of birth one digit apart"
    if (mine.month, mine.day) == (hers.month, hers.day):
        return 8, "the same birthday in another year"
    return _ANOTHER_BIRTH, "a different date of birth"


def _by_ssn(one: Traits, two: Traits) -> _Argument:
    if not one.ssn or not two.ssn:
        return _SILENT
    if len(one.ssn) == len(two.ssn) == 9:
        if one.ssn == two.ssn:
            return 60, "the same SSN"
        if one_slip_apart(one.ssn, two.ssn):
            return 15, "SSNs one digit apart"
        return -30, "a different SSN"
    if one.ssn[-4:] == two.ssn[-4:]:
        return 18, "the same last four of the SSN"
    return -25, "a different SSN"


def _by_address(one: Traits, two: Traits) -> _Argument:
    if not one.addresses or not two.addresses:
        return _SILENT
    points = max(places.in_common(a, b) for a, b in product(one.addresses, two.addresses))
    if points >= places.SAME:
        return _THE_PLACE, "the same address"
    if points >= places.NEARLY:
        return _NEARLY_THE_PLACE, "nearly the same address"
    if points >= places.PARTLY:
        return _PARTLY_THE_PLACE, "partly the same address"
    return _SILENT


def _shared(reason: str, mine: frozenset[str], hers: frozenset[str], points: int) -> _Argument:
    return (points, reason) if mine & hers else _SILENT


def _by_sex(one: Traits, two: Traits) -> _Argument:
    if "U" in (one.sex, two.sex) or one.sex == two.sex:
        return _SILENT
    return -12, "a different sex"


def _by_suffix(one: Traits, two: Traits) -> _Argument:
    """Father and son carry one name; Jr. against Sr. tells them apart."""
    mine, hers = fold(one.suffix), fold(two.suffix)
    if mine and hers and mine != hers:
        return -40, "a different suffix"
    return _SILENT
