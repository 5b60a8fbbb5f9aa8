"""Finds people in milliseconds among a million, whatever of them was typed, even with a slip in it.

Three rules keep it fast: never ORDER BY rank, never LIKE '%…%', and a cap on what is sorted. One
keeps it safe: what somebody typed reaches MATCH only folded and quoted, token by token. The tables
it reads are kept by `search_index`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from medsec_desktop.domain.person_query import Reading, understand
from medsec_desktop.store.search_index import (
    LONGEST_MISTYPED,
    SHORTEST_MISTYPED,
    TAIL_DIGITS,
    Executes,
)

_MOST_COMPARED = 300  # people looked at one by one where few of them are meant
_MOST_SORTED = 100  # each row read costs a page deciphered: a hundred is what 3 ms allow
_COMMON = 2_000  # names borne by more are read a bearer at a time
END = "\U0010ffff"  # sorts after every continuation of a prefix
_LISTED_BEGINNING = 3  # letters of the longest beginning the full-text index keeps a list of
_LOCAL_DIGITS = 7  # a phone number without its area code


def find(
    db: Executes, text: str, today: date, *, day_first: bool = False, limit: int = 50
) -> tuple[int, ...]:
    """Ids of the patients `text` may mean, the likelier first, at most `limit`.

    Pieces of names and numbers inside words are tried when no word begins so, and one slip of the
    finger (a letter too many, missing, wrong, or two swapped) when that finds nobody either.
    """
    readings = understand(text, today, day_first)
    found = _Found(limit)
    for look in (_beginnings, _pieces, _mistyped):
        for reading in readings:
            look(db, reading, found)
        if found.ids:
            break
    return tuple(found.ids)


def so_or_nearly(db: Executes, word: str) -> str:
    """A full-text query for a folded name and those one slip away from it."""
    return "(" + " OR ".join(f'"{name}"' for name in (word, *_names_near(db, word))) + ")"


class _Found:
    """Collects ids in the order they are found, each once, until there are enough."""

    def __init__(self, limit: int):
        self.limit = limit
        self.ids: dict[int, None] = {}

    @property
    def wanted(self) -> int:
        return self.limit - len(self.ids)

    def add(self, ids: Iterable[int]) -> None:
        for patient_id in ids:
            if len(self.ids) >= self.limit:
                return
            self.ids.setdefault(patient_id)

    def add_rows(self, db: Executes, sql: str, *params: Any) -> None:
        """Add what `sql` finds, which ends in LIMIT ?; repeats cannot starve it of new ones."""
        if self.wanted > 0:
            self.add(row[0] for row in db.rows(sql, (*params, self.limit)))


def _beginnings(db: Executes, reading: Reading, found: _Found) -> None:
    """Everything typed begins a word of the name, a number, or is the date of birth."""
    words = reading.words
    if reading.births:
        _born(db, reading, found)
    elif reading.number:
        _numbered(db, reading.number, found)
    elif len(words) == 1:
        _one_word(db, words[0], found)
    elif len(words) == 2:
        _two_words(db, *words, found)
    elif words:
        found.add(_sorted_hits(db, _all_of(db, words), words))


def _one_word(db: Executes, word: str, found: _Found) -> None:
    """Whole names before beginnings, family names before given names, then all other names."""
    for where, params in (
        ("family = ? ORDER BY given", (word,)),
        ("given = ? ORDER BY family", (word,)),
        ("family >= ? AND family < ? ORDER BY family, given", (word, word + END)),
        ("given >= ? AND given < ? ORDER BY given, family", (word, word + END)),
    ):
        found.add_rows(db, f"SELECT patient_id FROM patient_search WHERE {where} LIMIT ?", *params)
    if found.wanted > 0:
        found.add(_sorted_hits(db, _all_of(db, [word]), (word,)))


def _two_words(db: Executes, one: str, two: str, found: _Found) -> None:
    """A whole name with the other begun, in order and complete; then two beginnings anywhere."""
    if not (one + two).isalpha():
        # The year of birth or last four beside a name: whole terms are read faster than beginnings.
        number, name = (one, two) if one.isdigit() else (two, one)
        if number.isdigit() and len(number) == TAIL_DIGITS:
            exact = f'{_begun(db, name)} AND ("{number}y" OR "{number}t")'
            found.add(_sorted_hits(db, exact, (name,)))
            if found.ids:
                return
    else:
        for whole, begun in (("family", "given"), ("given", "family")):
            for name, beginning in ((one, two), (two, one)):
                found.add_rows(
                    db,
                    f"SELECT patient_id FROM patient_search WHERE {whole} = ?"
                    f" AND {begun} >= ? AND {begun} < ? ORDER BY {begun} LIMIT ?",
                    name, beginning, beginning + END,
                )  # fmt: skip
    if found.wanted > 0:
        found.add(_sorted_hits(db, _all_of(db, (one, two)), (one, two)))


def _born(db: Executes, reading: Reading, found: _Found) -> None:
    for birth in reading.births:
        if len(birth) == len("1984-03-14"):
            people = db.rows(
                "SELECT patient_id, names, keys FROM patient_search WHERE birth_date = ?"
                " ORDER BY family, given LIMIT ?",
                (birth, _MOST_COMPARED),
            )
            found.add(
                patient_id
                for patient_id, names, keys in people
                if _each_begins(reading.words, f"{names} {keys}")
            )
        elif reading.words:
            words = (*reading.words, f"{birth[:4]}y")
            found.add(_sorted_hits(db, _all_of(db, words), reading.words, birth))
        else:
            found.add_rows(
                db,
                "SELECT patient_id FROM patient_search WHERE birth_date >= ? AND birth_date < ?"
                " ORDER BY birth_date, family LIMIT ?",
                birth, birth + END,
            )  # fmt: skip


def _numbered(db: Executes, number: str, found: _Found) -> None:
    """The chart number itself; else a phone or its end, a chart number begun, then a piece."""
    found.add_rows(
        db,
        "SELECT coalesce(merged_into_id, id) FROM patient WHERE chart_number = ? LIMIT ?",
        number,
    )
    if found.ids and len(number) > TAIL_DIGITS:
        return
    if len(number) == TAIL_DIGITS:
        found.add(_sorted_hits(db, f'"{number}t"', ()))
    elif len(number) >= _LOCAL_DIGITS:
        _ending_in(db, _as_dialled(number), found)
        if found.ids:
            return
    found.add_rows(
        db,
        "SELECT coalesce(merged_into_id, id) FROM patient"
        " WHERE chart_number >= ? AND chart_number < ?"
        " ORDER BY chart_number LIMIT ?",
        number, number + END,
    )  # fmt: skip
    _piece_rows(db, (), _as_dialled(number), found)


def _as_dialled(number: str) -> str:
    """Without the country code, which a caller leaves out, or a trunk zero, which is not stored."""
    return number.lstrip("0")[-10:]


def _ending_in(db: Executes, number: str, found: _Found) -> None:
    """Whose phone ends in these digits: few share the last four, the rest is compared by hand."""
    found.add_rows(
        db,
        "SELECT s.patient_id"
        " FROM (SELECT rowid FROM patient_words WHERE patient_words MATCH ?) AS hit"
        " CROSS JOIN patient_search AS s ON s.patient_id = hit.rowid"
        " WHERE instr(s.numbers, ?) LIMIT ?",
        f'"{number[-TAIL_DIGITS:]}t"', number + " ",
    )  # fmt: skip


def _pieces(db: Executes, reading: Reading, found: _Found) -> None:
    """Some of what was typed stands inside a word: "brien" in O'Brien, 1234567 in a phone."""
    if not reading.births and reading.words:
        _piece_rows(db, reading.words, "", found)


def _piece_rows(db: Executes, words: Sequence[str], number: str, found: _Found) -> None:
    pieces = [number] if number else list(words)
    several = sum(len(piece) >= 3 for piece in pieces) > 1
    trigrams = {
        piece[at : at + 3] for piece in pieces for at in _trigram_places(len(piece), several)
    }
    if not trigrams or found.wanted <= 0:
        return
    where, params = [], []
    for piece in pieces:
        if number:
            where.append("instr(s.numbers, ?)")
            params.append(piece)
        elif len(piece) >= 3:
            where.append("instr(s.names || s.numbers, ?)")
            params.append(piece)
        else:  # too short to look for inside a word: it must begin one
            where.append("instr(' ' || s.names || s.numbers, ?)")
            params.append(" " + piece)
    found.add_rows(
        db,
        "SELECT s.patient_id FROM patient_infix AS i"
        " CROSS JOIN patient_search AS s ON s.patient_id = i.rowid"
        f" WHERE i.patient_infix MATCH ? AND {' AND '.join(where)} LIMIT ?",
        " AND ".join(f'"{trigram}"' for trigram in sorted(trigrams)), *params,
    )  # fmt: skip


def _trigram_places(length: int, is_one_of_several: bool) -> set[int]:
    """Where to cut the trigrams of a piece: each list read costs time, each person in vain does too.

    One piece is covered from end to end; of several the ends are enough together.
    """
    last = length - 3
    if last < 0:
        return set()
    return {0, last} if is_one_of_several else {*range(0, last + 1, 3), last // 2, last}


def _mistyped(db: Executes, reading: Reading, found: _Found) -> None:
    """Each word as typed, or one slip of the finger away from a name that exists."""
    if not reading.words or found.wanted <= 0:
        return
    from medsec_desktop.domain.matching import one_slip_apart  # not needed before the first paint

    full_births = [birth for birth in reading.births if len(birth) == len("1984-03-14")]
    if full_births:
        for birth in full_births:
            people = db.rows(
                "SELECT patient_id, names FROM patient_search WHERE birth_date = ?"
                " ORDER BY family, given LIMIT ?",
                (birth, _MOST_COMPARED),
            )
            found.add(
                patient_id
                for patient_id, names in people
                if all(
                    any(
                        name.startswith(word) or one_slip_apart(word, name)
                        for name in names.split()
                    )
                    for word in reading.words
                )
            )
        return
    unknown = [word for word in reading.words if not _begins_a_name(db, word)]
    year = reading.births[0] if reading.births else ""
    near = {word: _names_near(db, word) for word in reading.words}
    begun = {word: _begun(db, word) for word in reading.words}
    # First doubt only what begins no name at all; "ada" stands as long as "schnieder" does not.
    # Where no other name is near, all was asked already: the words as typed found nobody.
    for doubted in (unknown, list(reading.words)):
        if not any(near[word] for word in doubted):
            continue
        clauses = []
        for word in reading.words:
            names = near[word] if word in doubted else []
            clauses.append("(" + " OR ".join((begun[word], *(f'"{name}"' for name in names))) + ")")
        if year:
            clauses.append(f'"{year[:4]}y"')
        found.add(_sorted_hits(db, " AND ".join(clauses), (), year))
        if found.ids or len(doubted) == len(reading.words):
            return


def _begins_a_name(db: Executes, word: str) -> bool:
    return bool(
        db.rows("SELECT 1 FROM name_word WHERE word >= ? AND word < ? LIMIT 1", (word, word + END))
    )


def _names_near(db: Executes, word: str) -> list[str]:
    """Names that exist one slip of the finger away from `word`.

    A letter missing: the name less one letter is `word`. A letter too many: `word` less one letter
    is the name. A wrong or swapped letter: both less one letter are the same.
    """
    if not SHORTEST_MISTYPED <= len(word) <= LONGEST_MISTYPED or any(
        letter.isdigit() for letter in word
    ):
        return []
    from medsec_desktop.domain.matching import one_slip_apart  # not needed before the first paint

    shorter = {word[:at] + word[at + 1 :] for at in range(len(word))}
    near = db.rows(
        "SELECT word FROM name_typo WHERE typo IN (SELECT value FROM json_each(?))"
        " UNION SELECT word FROM name_word WHERE word IN (SELECT value FROM json_each(?))",
        (json.dumps([word, *sorted(shorter)]), json.dumps(sorted(shorter))),
    )
    # Invented people are named like “Jovan870”: the digits are no slip.
    return sorted(name for (name,) in near if one_slip_apart(word, name.rstrip("0123456789")))[:60]


def _all_of(db: Executes, words: Sequence[str]) -> str:
    """A full-text query: every word begins something. Words are folded, hence free of quotes."""
    return " AND ".join(_begun(db, word) for word in words)


def _begun(db: Executes, word: str) -> str:
    """A full-text query for what begins with `word`.

    Beginnings of up to three letters have a list of their own, read only as far as needed. For
    longer ones the lists of all names that begin so are first merged whole, which takes 12 ms where
    a common name is among them: that name is asked for by itself, beside those that go on after it.
    """
    if len(word) <= _LISTED_BEGINNING:
        return f'"{word}"*'
    complete = _is_common(db, word)
    nearly = () if complete else _common_with_one_more(db, word)
    if not complete and not nearly:
        return f'"{word}"*'
    longer = db.rows(
        "SELECT DISTINCT substr(word, 1, ?) FROM name_word WHERE word > ? AND word < ?",
        (len(word) + 1, word, word + END),
    )
    parts = [f'"{word}"']
    parts += [_begun(db, name) if name in nearly else f'"{name}"*' for (name,) in longer]
    return f"({' OR '.join(parts)})"


def _common_with_one_more(db: Executes, word: str) -> tuple[str, ...]:
    """Common names that lack only their last letter: "smith" for "smit"."""
    names = db.rows(
        "SELECT word FROM name_word WHERE word > ? AND word < ? AND length(word) = ?",
        (word, word + END, len(word) + 1),
    )
    return tuple(name for (name,) in names if _is_common(db, name))


def _is_common(db: Executes, name: str) -> bool:
    """Whether so many have this family or given name that reading them all takes long."""
    return any(
        db.rows(
            f"SELECT 1 FROM patient_search WHERE {part} = ? LIMIT 1 OFFSET {_COMMON}",
            (name,),
        )
        for part in ("family", "given")
    )


def _sorted_hits(
    db: Executes, match: str, words: Sequence[str], birth: str = "", most: int = 0
) -> tuple[int, ...]:
    """What a full-text query finds, names that equal a typed word first, then by name.

    Only so many are looked at: sorting thousands by closeness would cost more than it helps. More
    are where a date of birth then leaves few of them.
    """
    hits = db.rows(
        "SELECT s.patient_id, s.family, s.given, s.birth_date"
        " FROM (SELECT rowid FROM patient_words WHERE patient_words MATCH ? LIMIT ?) AS hit"
        " CROSS JOIN patient_search AS s ON s.patient_id = hit.rowid",
        (match, most or (_MOST_COMPARED if birth else _MOST_SORTED)),
    )

    def closeness(hit: tuple[Any, ...]) -> tuple[Any, ...]:
        _, family, given, _ = hit
        begun = any(family.startswith(word) for word in words)
        return (family not in words, given not in words, not begun, family, given)

    fitting = [hit for hit in hits if hit[3].startswith(birth)]
    return tuple(hit[0] for hit in sorted(fitting, key=closeness))


def _each_begins(words: Sequence[str], text: str) -> bool:
    """Whether every word begins one of the words of `text`."""
    padded = f" {text}"
    return all(f" {word}" in padded for word in words)
