"""Who may be on file twice: while somebody is written down, and among all the files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from medsec_desktop.domain.matching import Likeness, Traits, likeness
from medsec_desktop.domain.patients import PatientDraft, check
from medsec_desktop.domain.people import PartialDate
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import NotDuplicate
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.patients import reading
from medsec_desktop.services.patients.records import DuplicateHit, PatientHit
from medsec_desktop.services.patients.traits import traits, traits_of_draft
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.saving import insert_row
from medsec_desktop.store import candidates
from medsec_desktop.store.candidates import Sought
from medsec_desktop.store.errors import sorted_errors

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

MOST_SHOWN = 5
_PAIRS_AT_A_TIME = 2_000
# What is compared of a person stands in these tables; `patient_id` in all but the first.
_COMPARED = ("patient", "patient_phone", "patient_address", "coverage")
# Up to so many files changed since the last look are compared one by one; beyond it all are.
_MOST_CAUGHT_UP = 2_000
_UP_TO = "duplicates up to operation"
_PUT_OFF = "duplicates put off"
# Counted up with what `domain.matching` decides, so that pairs judged by older rules are judged anew.
_RULES = 2


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two files that may be about one person; `one` is the older."""

    one: PatientHit
    other: PatientHit
    score: int  # 0 to 100
    reasons: tuple[str, ...]
    is_nearly_certain: bool

    @property
    def key(self) -> tuple[int, int]:
        return self.one.id, self.other.id


class Duplicates:
    """Finds pairs of files that may be one person's, and remembers which are not."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._practice = practice
        self._db = session.db

    # -- one person ---------------------------------------------------------------------------

    def of_draft(
        self, draft: PatientDraft, ignoring_id: int | None = None
    ) -> tuple[DuplicateHit, ...]:
        """Files that may already be about this person, the likeliest first, each with reasons."""
        formats, today = self._practice.formats, self._session.clock.today()
        draft = check(draft, formats, today)[0]
        ids = candidates.like(
            self._db,
            Sought(
                (draft.family, draft.given),
                _births_to_try(draft.birth),
                {row.number for row in draft.phones},
                {draft.email} - {""},
                {row.member_id for row in draft.coverages},
                draft.ssn or "",
                {(row.line1, row.postal_code) for row in draft.addresses},
            ),
        )
        alike = self._alike(traits_of_draft(draft), ids - {ignoring_id})
        if ignoring_id is not None:
            others = self._told_apart(ignoring_id)
            alike = {each: found for each, found in alike.items() if each not in others}
        return self._hits(alike)

    def of_patient(self, patient_id: int) -> tuple[DuplicateHit, ...]:
        """Other files that may be about this patient, without those said to be somebody else's."""
        return self._hits(self._like(patient_id))

    # -- all files ----------------------------------------------------------------------------

    def search_all(self, progress: Progress | None = None) -> int:
        """Compare all files and keep the pairs that may be one person; how many there are.

        For a thread of its own: a minute at a hundred thousand patients. Stopped half-way, it
        leaves what an earlier search found.
        """
        progress = progress or Quiet()
        up_to = self._now()
        pairs = candidates.pairs(
            self._db, lambda done, total: progress.report(done // 4, total, "Reading the files")
        )
        found: list[tuple[int, int, int]] = []
        for start in range(0, len(pairs), _PAIRS_AT_A_TIME):
            chunk = [candidates.of_pair(pair) for pair in pairs[start : start + _PAIRS_AT_A_TIME]]
            known = traits(self._db, {each for pair in chunk for each in pair})
            for one, other in chunk:
                if one in known and other in known:
                    alike = likeness(known[one], known[other])
                    if alike.is_worth_showing:
                        found.append((one, other, alike.score))
            done = (len(pairs) + 3 * (start + len(chunk))) // 4
            progress.report(done, len(pairs), "Comparing the files that are alike")
        with sorted_errors(), self._db.engine.transaction("IMMEDIATE"):
            self._db.note_meta(_UP_TO, "")  # should it be broken off, all are compared again
            self._db.execute("DELETE FROM possible_duplicate")
        for start in range(0, len(found), _PAIRS_AT_A_TIME):
            # A little at a time: at the window somebody may be saving.
            with sorted_errors(), self._db.engine.transaction("IMMEDIATE"):
                self._keep(found[start : start + _PAIRS_AT_A_TIME])
        with sorted_errors(), self._db.engine.transaction("IMMEDIATE"):
            self._db.note_meta(_UP_TO, up_to)
        return self.count()

    def catch_up(self, progress: Progress | None = None) -> bool:
        """Compare what was written since the last look; whether there was anything.

        After much at once, as after an import, the first time, and where the rules are not those of
        the last look, everybody is compared.
        """
        up_to = self._now()
        since = self._db.meta(_UP_TO)
        if since == up_to:
            return False
        operation, _, rules = since.partition(" by rules ")
        changed = self._changed_since(int(operation)) if rules == str(_RULES) else None
        if changed is None or len(changed) > _MOST_CAUGHT_UP:
            self.search_all(progress)
            return True
        progress = progress or Quiet()
        found: list[tuple[int, int, int]] = []
        for done, patient_id in enumerate(sorted(changed), 1):
            found += (
                (min(patient_id, other), max(patient_id, other), alike.score)
                for other, alike in self._like(patient_id, told_apart_too=True).items()
            )
            progress.report(done, len(changed))
        these = json.dumps(sorted(changed))
        with sorted_errors(), self._db.engine.transaction("IMMEDIATE"):
            self._db.execute(
                "DELETE FROM possible_duplicate WHERE one_id IN (SELECT value FROM json_each(?1))"
                " OR other_id IN (SELECT value FROM json_each(?1))",
                (these,),
            )
            self._keep(found)
            self._db.note_meta(_UP_TO, up_to)
        return bool(changed)

    def count(self, most: int = 1_000_000) -> int:
        """How many pairs wait for somebody to look at them; counted no further than `most`."""
        return int(self._db.value(f"SELECT count(*) FROM (SELECT 1 {_WAITING} LIMIT ?)", (most,)))

    @property
    def is_searched(self) -> bool:
        """Whether all files were compared once; from then on the list follows every change."""
        return bool(self._db.meta(_UP_TO))

    def pairs(self, limit: int = 200) -> tuple[PairRow, ...]:
        """Pairs that may be one person, the likeliest first, each with its reasons; those put off
        after all others."""
        self._session.require(Permission.VIEW_PATIENTS, "compare patient files")
        rows = self._rows(f"{_WAITING} ORDER BY d.score DESC, d.one_id LIMIT ?", (limit,))
        last = {pair: place for place, pair in enumerate(self._put_off(), 1)}
        return tuple(sorted(rows, key=lambda row: last.get(row.key, 0)))

    def put_off(self, one_id: int, other_id: int) -> None:
        """From now on this pair comes after all others, in the next sitting as well."""
        self._session.require(Permission.EDIT_PATIENTS, "put off a pair of files")
        pair = (min(one_id, other_id), max(one_id, other_id))
        waiting = set(self._db.rows(f"SELECT d.one_id, d.other_id {_WAITING}"))
        kept = [each for each in self._put_off() if each != pair and each in waiting]
        with sorted_errors(), self._db.engine.transaction("IMMEDIATE"):
            self._db.note_meta(_PUT_OFF, json.dumps([*kept, pair]))

    def pairs_of(self, patient_id: int) -> tuple[PairRow, ...]:
        """Pairs one of which is this patient's file, as the list knows them."""
        return self._rows(
            f"{_WAITING} AND (d.one_id = ?1 OR d.other_id = ?1) ORDER BY d.score DESC",
            (patient_id,),
        )

    def _rows(self, waiting: str, params: tuple[int, ...]) -> tuple[PairRow, ...]:
        pairs = self._db.rows(f"SELECT d.one_id, d.other_id {waiting}", params)
        ids = {each for pair in pairs for each in pair}
        known = traits(self._db, ids)
        hits = {
            hit.id: hit for hit in reading.hits(self._db, sorted(ids), self._session.clock.today())
        }
        rows = []
        for one, other in pairs:
            if one in hits and other in hits and one in known and other in known:
                alike = likeness(known[one], known[other])
                rows.append(
                    PairRow(
                        hits[one], hits[other], alike.score, alike.reasons, alike.is_nearly_certain
                    )
                )
        return tuple(rows)

    def compare(self, one_id: int, other_id: int) -> Likeness:
        """How alike two files are, and why. Raises Conflict where one of them is gone."""
        known = traits(self._db, (one_id, other_id))
        if len(known) < 2:
            raise Conflict("One of these files is no longer there, or was merged meanwhile.")
        return likeness(known[one_id], known[other_id])

    def tell_apart(self, one_id: int, other_id: int, note: str = "") -> None:
        """Remember that two files are two people's: the pair is never shown again."""
        one_id, other_id = sorted((one_id, other_id))
        names = [
            hit.name.spoken
            for hit in reading.hits(self._db, (one_id, other_id), self._session.clock.today())
        ]
        if len(names) < 2:
            raise Conflict("One of these files is no longer there.")
        label = f"Tell {names[0]} and {names[1]} apart"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=one_id):
            if other_id not in self._told_apart(one_id):
                insert_row(NotDuplicate, one_id=one_id, other_id=other_id, note=note.strip())

    # -- inside -------------------------------------------------------------------------------

    def _put_off(self) -> tuple[tuple[int, int], ...]:
        return tuple((one, other) for one, other in json.loads(self._db.meta(_PUT_OFF) or "[]"))

    def _like(self, patient_id: int, *, told_apart_too: bool = False) -> dict[int, Likeness]:
        mine = traits(self._db, (patient_id,)).get(patient_id)
        if mine is None:
            return {}
        ids = candidates.like(self._db, self._sought(patient_id, mine)) - {patient_id}
        alike = self._alike(mine, ids)
        others = frozenset() if told_apart_too else self._told_apart(patient_id)
        return {each: found for each, found in alike.items() if each not in others}

    def _sought(self, patient_id: int, mine: Traits) -> Sought:
        addresses = self._db.rows(
            "SELECT line1, postal_code FROM patient_address WHERE patient_id = ? AND line1 <> ''",
            (patient_id,),
        )
        return Sought(
            (mine.family, mine.given),
            _births_to_try(mine.birth),
            mine.phones,
            mine.emails,
            mine.member_ids,
            mine.ssn,
            {(line1, code) for line1, code in addresses},
        )

    def _alike(self, mine: Traits, ids: Iterable[int]) -> dict[int, Likeness]:
        """Those of `ids` worth showing, the likeliest first."""
        alike = (
            (patient_id, likeness(mine, hers)) for patient_id, hers in traits(self._db, ids).items()
        )
        shown = [(each, found) for each, found in alike if found.is_worth_showing]
        return dict(sorted(shown, key=lambda pair: (-pair[1].score, pair[0])))

    def _hits(self, alike: dict[int, Likeness]) -> tuple[DuplicateHit, ...]:
        first = tuple(alike)[:MOST_SHOWN]
        return tuple(
            DuplicateHit(
                hit, alike[hit.id].score, alike[hit.id].reasons, alike[hit.id].is_nearly_certain
            )
            for hit in reading.hits(self._db, first, self._session.clock.today())
        )

    def _told_apart(self, patient_id: int) -> frozenset[int]:
        return frozenset(
            each
            for (each,) in self._db.rows(
                "SELECT other_id FROM not_duplicate WHERE one_id = ?1"
                " UNION SELECT one_id FROM not_duplicate WHERE other_id = ?1",
                (patient_id,),
            )
        )

    def _keep(self, found: Sequence[tuple[int, int, int]]) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO possible_duplicate (one_id, other_id, score)"
            " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'),"
            " json_extract(value, '$[2]') FROM json_each(?)",
            (json.dumps(found),),
        )

    def _changed_since(self, operation_id: int) -> set[int] | None:
        """Patients whose compared facts were written since; None where it is not worth counting."""
        marks = ", ".join("?" * len(_COMPARED))
        rows = self._db.rows(
            "SELECT DISTINCT CASE table_name WHEN 'patient' THEN row_id"
            " ELSE json_extract(image.value, '$.patient_id') END"
            " FROM row_change, json_each(json_array(before, after)) AS image"
            f" WHERE operation_id > ? AND table_name IN ({marks}) AND image.value IS NOT NULL"
            f" LIMIT {_MOST_CAUGHT_UP + 1}",
            (operation_id, *_COMPARED),
        )
        return {int(patient_id) for (patient_id,) in rows}

    def _now(self) -> str:
        """The last operation, and by which rules the files are compared."""
        return f"{self._db.value('SELECT max(id) FROM operation') or 0} by rules {_RULES}"


# Pairs found, without those told apart, merged or gone since.
_WAITING = (
    "FROM possible_duplicate d"
    " JOIN patient a ON a.id = d.one_id AND a.merged_into_id IS NULL"
    " JOIN patient b ON b.id = d.other_id AND b.merged_into_id IS NULL"
    " WHERE NOT EXISTS (SELECT 1 FROM not_duplicate n"
    " WHERE n.one_id = d.one_id AND n.other_id = d.other_id)"
)


def _births_to_try(birth: PartialDate | None) -> tuple[str, ...]:
    """The date of birth, and what it is with day and month exchanged."""
    if birth is None:
        return ()
    tries = [birth.iso]
    with suppress(Invalid):
        if birth.day:
            tries.append(PartialDate(birth.year, birth.day, birth.month).iso)
    return tuple(dict.fromkeys(tries))
