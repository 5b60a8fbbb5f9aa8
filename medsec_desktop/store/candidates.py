"""Who is worth comparing: with somebody being registered, and everybody with everybody.

A million people cannot be compared each with each. What is looked up here are the few who share
enough to be one person; `domain.matching` then says whether they are.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import TYPE_CHECKING

from medsec_desktop.domain.blocking import keys_of
from medsec_desktop.domain.people import fold
from medsec_desktop.domain.places import Place, place_of
from medsec_desktop.store import search

if TYPE_CHECKING:
    from medsec_desktop.store.search_index import Executes

_MOST_COMPARED = 150  # of one kind: each costs a handful of pages deciphered
_MOST_NAMESAKES = 25  # born in other years: where there are more, they are namesakes
_MOST_IN_A_BLOCK = 60  # people who share one key; more share it by chance
_ID_BITS = 28
_IDS, _HASHED = (1 << 28) - 1, (1 << 36) - 1
_PEOPLE_AT_A_TIME = 5_000
_PHONE_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Sought:
    """What is known of the person to be found, as it was typed; unknown stays empty."""

    names: Sequence[str] = ()  # family and given name
    births: Sequence[str] = ()  # ISO dates, the likeliest first
    phones: Collection[str] = ()
    emails: Collection[str] = ()
    member_ids: Collection[str] = ()
    ssn: str = ""
    addresses: Collection[tuple[str, str]] = ()  # first line and ZIP


def like(db: Executes, sought: Sought) -> frozenset[int]:
    """Ids of the patients worth comparing with somebody, a few hundred at most."""
    found: set[int] = set()
    for ids in (
        _by_birth(db, sought.births),
        _by_names(db, sought.names, sought.births),
        _by_phone(db, sought.phones),
        _by_number(db, sought),
        _by_address(db, sought.addresses),
    ):
        found.update(ids)
    return frozenset(found)


def _by_birth(db: Executes, births: Sequence[str]) -> Iterator[int]:
    for birth in births:
        if len(birth) == len("1984-03-14"):
            yield from _ids(
                db, "SELECT patient_id FROM patient_search WHERE birth_date = ?", (birth,)
            )


def _by_names(db: Executes, names: Sequence[str], births: Sequence[str]) -> Iterator[int]:
    """Both names, in any order, a slip allowed; of many who bear them those born that year."""
    words = [folded.split()[0] for name in names if (folded := fold(name))]
    clauses = [search.so_or_nearly(db, word) for word in words]
    year = [f'"{births[0][:4]}y"'] if births else []
    if len(clauses) < 2 and not year:
        return  # one name alone is borne by too many
    narrow = " AND ".join([*clauses, *year])
    yield from _matching(db, narrow)
    if len(clauses) > 1 and year:
        yield from _matching(db, " AND ".join(clauses), _MOST_NAMESAKES)


def _by_phone(db: Executes, phones: Collection[str]) -> Iterator[int]:
    for phone in phones:
        yield from _ids(db, "SELECT patient_id FROM patient_phone WHERE number = ?", (phone,))


def _by_number(db: Executes, sought: Sought) -> Iterator[int]:
    for member_id in sought.member_ids:
        if len(compact := fold(member_id).replace(" ", "")) >= 3:
            yield from _matching(db, f'"{compact}"')
    if len(sought.ssn) == 9:
        yield from _ids(db, "SELECT id FROM patient WHERE ssn = ? AND ssn <> ''", (sought.ssn,))
    for email in sought.emails:
        yield from _ids(
            db,
            "SELECT id FROM patient WHERE email = ? COLLATE NOCASE AND email <> ''",
            (email,),
        )


def _by_address(db: Executes, addresses: Collection[tuple[str, str]]) -> Iterator[int]:
    """Whose address of that ZIP begins alike: house number and a letter, or some of the street."""
    for line1, postal_code in addresses:
        number, _, street = line1.strip().partition(" ")
        begun = f"{number} {street.strip()[:2]}" if number[:1].isdigit() else line1.strip()[:6]
        if len(begun) > 2 and len(postal_code) >= 4:
            yield from _ids(
                db,
                "SELECT patient_id FROM patient_address WHERE substr(postal_code, 1, 5) = ?"
                " AND line1 >= ? COLLATE NOCASE AND line1 < ? COLLATE NOCASE AND line1 <> ''",
                (postal_code[:5], begun, begun + search.END),
            )


def _matching(db: Executes, match: str, most: int = _MOST_COMPARED) -> Iterator[int]:
    return _ids(db, "SELECT rowid FROM patient_words WHERE patient_words MATCH ?", (match,), most)


def _ids(
    db: Executes, sql: str, params: tuple[str, ...], most: int = _MOST_COMPARED
) -> Iterator[int]:
    return (row[0] for row in db.rows(f"{sql} LIMIT {most}", params))


# ---------------------------------------------------------------- everybody with everybody


def pairs(db: Executes, told: Callable[[int, int], None]) -> array[int]:
    """Every two patients who share a key, the smaller id first, as `one << 28 | other`, sorted.

    `told` hears how many of how many patients were read. A million of them take some hundred
    megabytes while this runs.
    """
    blocks: dict[str, array[int]] = {}
    for patient_id, kind, key in _keys(db, told):
        # Python's own hash is another one in each run of the program, and does for this one.
        entry = (hash(key) & _HASHED) << _ID_BITS | patient_id
        blocks.setdefault(kind, array("Q")).append(entry)
    found: array[int] = array("Q")
    for kind in list(blocks):
        for _, group in groupby(sorted(blocks.pop(kind)), key=lambda entry: entry >> _ID_BITS):
            ids = sorted({entry & _IDS for entry in group})
            if 1 < len(ids) <= _MOST_IN_A_BLOCK:
                found.extend(one << _ID_BITS | other for one, other in combinations(ids, 2))
    return array("Q", (pair for pair, _ in groupby(sorted(found))))


def of_pair(pair: int) -> tuple[int, int]:
    """The two patients of an entry of `pairs`."""
    return pair >> _ID_BITS, pair & _IDS


def _keys(
    db: Executes, told: Callable[[int, int], None]
) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Patient, kind of key, and the key itself."""
    total = int(db.rows("SELECT count(*) FROM patient_search")[0][0])
    done, last = 0, 0
    while True:
        people = db.rows(
            "SELECT s.patient_id, s.family, s.given, s.birth_date, s.numbers, p.email, p.ssn"
            " FROM patient_search s JOIN patient p ON p.id = s.patient_id"
            " WHERE s.patient_id > ? ORDER BY s.patient_id LIMIT ?",
            (last, _PEOPLE_AT_A_TIME),
        )
        if not people:
            return
        places = _places(db, [row[0] for row in people])
        for patient_id, family, given, birth, numbers, email, ssn in people:
            for place in places.get(patient_id) or (_NOWHERE,):
                for kind, *parts in keys_of(
                    family, given, birth, place.number, place.street, place.more, place.postal
                ):
                    yield patient_id, kind, tuple(parts)
            for number in numbers.split():
                if len(number) >= _PHONE_DIGITS:
                    yield patient_id, "number", (number,)
            if email:
                yield patient_id, "number", (email.casefold(),)
            if len(ssn) == 9:
                yield patient_id, "ssn", (ssn,)
        done, last = done + len(people), people[-1][0]
        told(done, max(done, total))


_NOWHERE = Place("", "", "", "", "")


def _places(db: Executes, patient_ids: list[int]) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = {}
    for patient_id, *lines in db.rows(
        "SELECT patient_id, line1, line2, city, postal_code FROM patient_address"
        " WHERE patient_id IN (SELECT value FROM json_each(?)) AND line1 <> ''",
        (json.dumps(patient_ids),),
    ):
        found.setdefault(patient_id, []).append(place_of(*lines))
    return found
