"""Keeps the tables of the search for people in step with their files.

`patient_search` holds one folded row a patient; `patient_words` (beginnings of words) and
`patient_infix` (pieces of three letters) are full-text indexes over it; `name_word` and
`name_typo` are every word of a name with one letter left out, which finds a mistyped one. All of
them can be derived again from patient, patient_phone and coverage: see `rebuild`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, Protocol

from medsec_desktop.domain.people import fold

SHORTEST_MISTYPED, LONGEST_MISTYPED = (
    3,
    40,
)  # letters of a name that is also found with a slip in it
TAIL_DIGITS = 4  # of a phone number, as people say it
_LEARNED_AT_ONCE = 500  # words; what one statement touches the database keeps in memory
_GATHERED = 8  # additions to a full-text index before it merges them

_ROWS_OF = """
    SELECT patient.id,
        folded(family_name), folded(given_name),
        search_names(family_name, given_name, middle_name, preferred_name, former_name,
            coalesce(absorbed.names || char(10) || absorbed.more_names, '')),
        coalesce(birth_date, ''),
        search_keys(coalesce(birth_date, ''), {charts}, phones.numbers, policies.numbers),
        search_numbers({charts}, phones.numbers, policies.numbers)
    FROM patient
    LEFT JOIN (SELECT patient_id, group_concat(number, char(10)) AS numbers
               FROM patient_phone {where_child} GROUP BY patient_id) AS phones
        ON phones.patient_id = patient.id
    LEFT JOIN (SELECT patient_id, group_concat(member_id, char(10)) AS numbers
               FROM coverage {where_child} GROUP BY patient_id) AS policies
        ON policies.patient_id = patient.id
    LEFT JOIN (SELECT merged_into_id AS patient_id,
                   group_concat(family_name || ' ' || given_name, char(10)) AS names,
                   group_concat(preferred_name || ' ' || former_name, char(10)) AS more_names,
                   group_concat(chart_number, char(10)) AS charts
               FROM patient WHERE merged_into_id IS NOT NULL {and_absorbed}
               GROUP BY merged_into_id) AS absorbed
        ON absorbed.patient_id = patient.id
    WHERE patient.merged_into_id IS NULL {and_patient}
"""
_FILL = (
    "INSERT INTO patient_search"
    " (patient_id, family, given, names, birth_date, keys, numbers)" + _ROWS_OF
)
_CHOSEN = "patient_id IN (SELECT value FROM json_each(?))"
# The numbers of files merged into hers lead to her.
_CHARTS = "chart_number || coalesce(char(10) || absorbed.charts, '')"
_FILL_CHOSEN = _FILL.format(
    charts=_CHARTS,
    where_child=f"WHERE {_CHOSEN}",
    and_absorbed="AND merged_into_id IN (SELECT value FROM json_each(?))",
    and_patient="AND patient.id IN (SELECT value FROM json_each(?))",
)
_FILL_ALL = _FILL.format(charts=_CHARTS, where_child="", and_absorbed="", and_patient="")

_LEARN_WORDS = "INSERT OR IGNORE INTO name_word (word) SELECT value FROM json_each(?)"
_LEARN_TYPOS = """
    WITH RECURSIVE letter (place) AS (
        SELECT 1 UNION ALL SELECT place + 1 FROM letter WHERE place < 40
    )
    INSERT OR IGNORE INTO name_typo (typo, word)
    SELECT substr(value, 1, place - 1) || substr(value, place + 1), value
    FROM json_each(?1) JOIN letter ON place <= length(value)
    UNION SELECT rtrim(value, '0123456789'), value
    FROM json_each(?1) WHERE value GLOB '*[0-9]'
    UNION SELECT substr(value, 1, place - 1)
        || substr(rtrim(value, '0123456789'), place + 1), value
    FROM json_each(?1) JOIN letter ON place <= length(rtrim(value, '0123456789'))
    WHERE value GLOB '*[0-9]'
"""


class Executes(Protocol):
    """The part of the open practice that search needs."""

    def execute(self, sql: str, params: Sequence[Any] = (), /) -> Any: ...

    def rows(self, sql: str, params: Sequence[Any] = (), /) -> list[tuple[Any, ...]]: ...


def register(connection: Any) -> None:
    """Teach a new connection the functions that `reindex` and `rebuild` use in their SQL."""
    connection.create_function("folded", 1, _folded, deterministic=True)
    connection.create_function("search_names", 6, _search_names, deterministic=True)
    connection.create_function("search_keys", 4, _search_keys, deterministic=True)
    connection.create_function("search_numbers", 3, _search_numbers, deterministic=True)


def reindex(db: Executes, patient_ids: Collection[int]) -> None:
    """Bring search up to date for these patients, whether added, changed or gone.

    Belongs into the very transaction that touched their rows in patient, patient_phone or
    coverage: search then never shows what was rolled back, nor misses what was saved.
    """
    if not patient_ids:
        return
    _merge_seldom(db)
    chosen = json.dumps(sorted(patient_ids))
    # The full-text indexes keep no text of their own: to forget a row they must be told what it
    # said, so they go first.
    db.execute(
        "INSERT INTO patient_words (patient_words, rowid, names, keys)"
        f" SELECT 'delete', patient_id, names, keys FROM patient_search WHERE {_CHOSEN}",
        (chosen,),
    )
    db.execute(
        "INSERT INTO patient_infix (patient_infix, rowid, names, numbers)"
        f" SELECT 'delete', patient_id, names, numbers FROM patient_search WHERE {_CHOSEN}",
        (chosen,),
    )
    db.execute(f"DELETE FROM patient_search WHERE {_CHOSEN}", (chosen,))
    db.execute(_FILL_CHOSEN, (chosen, chosen, chosen, chosen))
    db.execute(
        "INSERT INTO patient_words (rowid, names, keys)"
        f" SELECT patient_id, names, keys FROM patient_search WHERE {_CHOSEN}",
        (chosen,),
    )
    db.execute(
        "INSERT INTO patient_infix (rowid, names, numbers)"
        f" SELECT patient_id, names, numbers FROM patient_search WHERE {_CHOSEN}",
        (chosen,),
    )
    _learn(
        db,
        (row[0] for row in db.rows(f"SELECT names FROM patient_search WHERE {_CHOSEN}", (chosen,))),
    )


def rebuild(db: Executes) -> None:
    """Derive every search table again from the patients; for a migration or a repair."""
    for statement in (
        "DELETE FROM patient_search",
        "DELETE FROM name_word",
        "DELETE FROM name_typo",
        _FILL_ALL,
        "INSERT INTO patient_words (patient_words) VALUES ('rebuild')",
        "INSERT INTO patient_infix (patient_infix) VALUES ('rebuild')",
    ):
        db.execute(statement)
    _learn(db, (row[0] for row in db.rows("SELECT names FROM patient_search")))
    _merge_seldom(db)


def _merge_seldom(db: Executes) -> None:
    """Let eight additions gather before the full-text indexes merge them into older ones, not four.

    At a million patients a merge takes 20 to 50 ms of the save that meets it, and with four one
    save in ten does. The setting is kept in the index itself, so it is made once a practice.
    """
    for index in ("patient_words", "patient_infix"):
        if not db.rows(f"SELECT 1 FROM {index}_config WHERE k = 'automerge'"):
            db.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('automerge', {_GATHERED})")


def _learn(db: Executes, names: Iterable[str]) -> None:
    """Remember every word of these names, and how each looks with one letter left out."""
    words = {
        word
        for text in names
        for word in text.split()
        if SHORTEST_MISTYPED <= len(word) <= LONGEST_MISTYPED
    }
    if not words:
        return
    known = {
        row[0]
        for row in db.rows(
            "SELECT word FROM name_word WHERE word IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(words)),),
        )
    }
    new = sorted(words - known)
    for begin in range(0, len(new), _LEARNED_AT_ONCE):
        listed = json.dumps(new[begin : begin + _LEARNED_AT_ONCE])
        db.execute(_LEARN_WORDS, (listed,))
        db.execute(_LEARN_TYPOS, (listed,))


@lru_cache(maxsize=4_000)  # the names that come again and again
def _folded(text: str) -> str:
    return fold(text)


def _search_names(
    family: str, given: str, middle: str, preferred: str, former: str, absorbed: str
) -> str:
    """Every word of every name once; a compound name also in one piece ("van dyke", "vandyke").

    `absorbed` are the names on files merged into this one, a line each.
    """
    words: dict[str, None] = {}
    for name in (family, given, middle, preferred, former):
        if folded := _folded(name):
            parts = folded.split()
            words.update(dict.fromkeys(parts))
            if len(parts) > 1:
                words["".join(parts)] = None
    words.update(dict.fromkeys(_folded(absorbed).split()))
    return " ".join(words)


def _search_keys(birth: str, charts: str, phones: str | None, policies: str | None) -> str:
    """What a number beside a name may begin: year of birth, last four, chart number, member id."""
    keys = [f"{birth[:4]}y"] if birth else []
    for phone in (phones or "").split("\n"):
        if len(digits := _digits(phone)) >= TAIL_DIGITS:
            keys.append(f"{digits[-TAIL_DIGITS:]}t")
    keys += [_compact(number) for number in f"{charts}\n{policies or ''}".split("\n")]
    return " ".join(dict.fromkeys(key for key in keys if key))


def _search_numbers(charts: str, phones: str | None, policies: str | None) -> str:
    """Phone digits, chart number and member ids, each in one piece, a blank between and around."""
    numbers = [_digits(phone) for phone in (phones or "").split("\n")]
    numbers += [_compact(number) for number in f"{charts}\n{policies or ''}".split("\n")]
    return " " + " ".join(dict.fromkeys(number for number in numbers if number)) + " "


def _compact(text: str) -> str:
    return fold(text).replace(" ", "")


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())
