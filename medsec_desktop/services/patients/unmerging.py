"""Two files that were made one, taken apart again at any later time.

What has not changed since the merge goes back as it was. What was added or changed since is kept, and
asked about: whether it stays here or goes to the other. Nothing is lost either way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import NotDuplicate, PatientMerge, PatientMergeRow
from medsec_desktop.problems import Conflict, Link
from medsec_desktop.services.audit_words import column_word, value_word
from medsec_desktop.services.patients import merge_rows, reading
from medsec_desktop.services.patients.merge_rows import Image, Writer, without_version
from medsec_desktop.services.patients.merging import OWN
from medsec_desktop.services.patients.records import PatientHit
from medsec_desktop.services.saving import insert_row

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

_ADDED, _CHANGED, _FIELD = "added", "changed", "field"


@dataclass(frozen=True, slots=True)
class Since:
    """Something added or changed after the merge; `goes` is what is proposed."""

    key: str
    kind: str  # added, changed, field
    text: str
    goes: bool  # to the other file


@dataclass(frozen=True, slots=True)
class UnmergePlan:
    """What taking two files apart would do, and what it asks."""

    merge_id: int
    survivor: PatientHit
    absorbed: PatientHit  # the file that comes back
    merged_at: datetime
    goes_back: int  # how many rows return to it without a question
    since: tuple[Since, ...]
    read: tuple[str, ...]  # the questions as they stood


@dataclass(frozen=True, slots=True)
class _Written:
    """A row that the merge wrote."""

    id: int
    table: str
    row_id: int
    before: Image
    after: Image | None

    @property
    def key(self) -> str:
        return f"{self.table}:{self.row_id}"

    def changes(self, now: Image) -> Iterator[tuple[str, Any]]:
        """What to put back: columns the merge wrote and nobody since."""
        for column, was in self.before.items():
            if column in ("id", "version") or column not in now or self.after is None:
                continue
            left = self.after.get(column)
            if left != was and now[column] == left:
                yield column, was


class Unmerging:
    """Takes merged files apart."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._practice = practice
        self._db = session.db

    def plan(self, merge_id: int) -> UnmergePlan:
        """What would go back, and what was added or changed since. Raises Conflict where the two
        cannot be taken apart now."""
        self._session.require(Permission.EDIT_PATIENTS, "take merged files apart")
        survivor_id, absorbed_id, merged_at = self._standing(merge_id)
        written = self._written(merge_id)
        since = tuple(self._since(merge_id, survivor_id, absorbed_id, written))
        asked = {each.key for each in since}
        hits = {
            hit.id: hit
            for hit in reading.hits(
                self._db, (survivor_id, absorbed_id), self._session.clock.today()
            )
        }
        return UnmergePlan(
            merge_id,
            hits[survivor_id],
            hits[absorbed_id],
            datetime.fromisoformat(merged_at),
            sum(
                each.table != "patient" and each.key not in asked and self._goes_back(each)
                for each in written
            ),
            since,
            tuple(sorted(asked)),
        )

    def unmerge(
        self, plan: UnmergePlan, goes: frozenset[str], *, are_two_people: bool = True
    ) -> None:
        """Take the two apart in one operation; `goes` are the keys of what goes to the other.

        Raises Conflict where something was added or changed since the plan was made.
        """
        survivor_id, absorbed_id, _ = self._standing(plan.merge_id)
        label = (
            f"Take the files of {plan.survivor.name.spoken} and {plan.absorbed.name.spoken} apart"
        )
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=survivor_id):
            written = self._written(plan.merge_id)
            asked = tuple(self._since(plan.merge_id, survivor_id, absorbed_id, written))
            if tuple(sorted(each.key for each in asked)) != plan.read:
                raise Conflict(
                    "Something was added or changed meanwhile.",
                    remedy="Look at the list again, then take the files apart.",
                )
            writer = Writer(self._db)
            stay = {each.key for each in asked if each.key not in goes}
            for each in reversed(written):
                self._put_back(writer, each, survivor_id, stay)
            typed = self._typed_since(plan.merge_id, survivor_id)
            self._share_fields(writer, survivor_id, absorbed_id, written, typed, goes)
            self._send_along(writer, survivor_id, absorbed_id, goes)
            writer.write("patient", absorbed_id, merged_into_id=None)
            self._tell_later_merges(plan.merge_id, survivor_id, written)
            now = self._session.clock.now().isoformat(timespec="minutes")
            row = PatientMerge.get_by_id(plan.merge_id)
            PatientMerge.update(version=row.version + 1, unmerged_at=now).where(
                PatientMerge.id == plan.merge_id
            ).execute()
            if are_two_people:
                self._tell_apart(survivor_id, absorbed_id)

    # -- reading ------------------------------------------------------------------------------

    def _standing(self, merge_id: int) -> tuple[int, int, str]:
        found = self._db.one(
            "SELECT m.survivor_id, m.absorbed_id, m.merged_at, s.merged_into_id, a.merged_into_id"
            " FROM patient_merge m JOIN patient s ON s.id = m.survivor_id"
            " JOIN patient a ON a.id = m.absorbed_id WHERE m.id = ? AND m.unmerged_at IS NULL",
            (merge_id,),
        )
        if found is None:
            raise Conflict("These files are not merged any more.")
        survivor_id, absorbed_id, merged_at, into, absorbed_into = found
        if into is not None or absorbed_into != survivor_id:
            further = into if into is not None else absorbed_into
            (hit,) = reading.hits(self._db, (further,), self._session.clock.today())
            raise Conflict(
                "The file they went on in was itself merged since.",
                f"It goes on in the file of {hit.name.listed}.",
                "Take that one apart first, then this one.",
                (Link("patient", str(hit.id), hit.name.listed),),
            )
        return int(survivor_id), int(absorbed_id), str(merged_at)

    def _written(self, merge_id: int) -> list[_Written]:
        return [
            _Written(row[0], row[1], row[2], json.loads(row[3]), json.loads(row[4] or "null"))
            for row in self._db.rows(
                "SELECT id, table_name, row_id, before, after FROM patient_merge_row"
                " WHERE merge_id = ? ORDER BY id",
                (merge_id,),
            )
        ]

    def _goes_back(self, each: _Written) -> bool:
        now = merge_rows.row_of(self._db, each.table, each.row_id)
        return now is not None and any(True for _ in each.changes(now))

    def _since(
        self, merge_id: int, survivor_id: int, absorbed_id: int, written: list[_Written]
    ) -> Iterator[Since]:
        yield from self._fields_since(merge_id, survivor_id)
        yield from self._changed_since(survivor_id, written)
        yield from self._added_since(merge_id, survivor_id, written)

    def _fields_since(self, merge_id: int, survivor_id: int) -> Iterator[Since]:
        """Fields of the one file that were typed since: about which of the two?"""
        for column, (_, value) in self._typed_since(merge_id, survivor_id).items():
            shown = value_word(column, value, self._practice.formats) if value else "emptied"
            if column == "ssn" and value:
                shows = self._session.may(Permission.VIEW_FULL_SSN)
                shown = reading.shown_ssn(str(value), in_full=shows)
            yield Since(f"{_FIELD}:{column}", _FIELD, f"{column_word(column)}: {shown}", False)

    def _typed_since(self, merge_id: int, survivor_id: int) -> dict[str, tuple[Any, Any]]:
        """Columns of the one file's row that somebody wrote since, as they were and as they are.

        What other merges and their taking apart wrote was nobody's typing.
        """
        was: Image = {}
        left: Image = {}
        for before, after in self._db.rows(
            "SELECT before, after FROM row_change WHERE table_name = 'patient' AND row_id = ?"
            " AND operation_id > ? AND before IS NOT NULL AND after IS NOT NULL"
            " AND operation_id NOT IN"
            "  (SELECT operation_id FROM row_change WHERE table_name = 'patient_merge')"
            " ORDER BY id",
            (survivor_id, self._operation_of(merge_id)),
        ):
            old, new = json.loads(before), json.loads(after)
            for column in old:
                if column not in OWN and new.get(column) != old[column]:
                    was.setdefault(column, old[column])
                    left[column] = new.get(column)
        now = merge_rows.row_of(self._db, "patient", survivor_id) or {}
        return {
            column: (was[column], value)
            for column, value in left.items()
            if value != was[column] and column in now and now[column] == value
        }

    def _changed_since(self, survivor_id: int, written: list[_Written]) -> Iterator[Since]:
        """Rows that moved here with the merge and were changed since."""
        for each in written:
            now = merge_rows.row_of(self._db, each.table, each.row_id)
            if each.table == "patient" or now is None or each.after is None:
                continue
            moved = [
                reference.column
                for reference in merge_rows.carried(self._db)
                if reference.table == each.table and now[reference.column] == survivor_id
                and each.before.get(reference.column) != survivor_id
            ]  # fmt: skip
            was, is_now = without_version(each.after), without_version(now)
            if moved and any(is_now[column] != was[column] for column in was if column in is_now):
                yield Since(each.key, _CHANGED, self._told(each.table, now), True)

    def _added_since(
        self, merge_id: int, survivor_id: int, written: list[_Written]
    ) -> Iterator[Since]:
        """Rows of the one file that did not stand when the two were merged."""
        operation = self._operation_of(merge_id)
        known = {each.key for each in written}
        going = {(each.table, each.row_id) for each in written if self._goes_back(each)}
        seen: set[str] = set()
        for reference in merge_rows.carried(self._db):
            if reference.table == "patient":
                continue
            parents = [
                (target, column)
                for target, column in self._db.rows(
                    'SELECT "table", "from" FROM pragma_foreign_key_list(?)', (reference.table,)
                )
                if target != "patient"
            ]
            for row_id in merge_rows.ids_of(self._db, reference, survivor_id):
                key = f"{reference.table}:{row_id}"
                if key in known or key in seen or not self._is_younger(key, operation):
                    continue
                seen.add(key)
                row = merge_rows.row_of(self._db, reference.table, row_id) or {}
                goes = any((target, row[column]) in going for target, column in parents)
                yield Since(key, _ADDED, self._told(reference.table, row), goes)

    def _is_younger(self, key: str, operation: int) -> bool:
        table, _, row_id = key.partition(":")
        first = self._db.value(
            "SELECT max(operation_id) FROM row_change WHERE table_name = ? AND row_id = ?"
            " AND before IS NULL",
            (table, int(row_id)),
        )
        return first is not None and int(first) > operation

    def _operation_of(self, merge_id: int) -> int:
        """The operation that made the merge, or made it again."""
        return int(
            self._db.value(
                "SELECT max(operation_id) FROM row_change WHERE table_name = 'patient_merge'"
                " AND row_id = ? AND before IS NULL",
                (merge_id,),
            )
            or 0
        )

    def _told(self, table: str, row: Image) -> str:
        return merge_rows.told(self._db, table, row, self._practice.formats)

    # -- taking apart -------------------------------------------------------------------------

    def _put_back(self, writer: Writer, each: _Written, survivor_id: int, stay: set[str]) -> None:
        now = merge_rows.row_of(self._db, each.table, each.row_id)
        if each.table == "patient" and each.row_id == survivor_id:
            return  # field by field, below
        if now is None:
            if each.after is None:
                self._bring_back(each)
            return
        if each.key not in stay:
            values = dict(each.changes(now))
            if values:
                writer.write(each.table, each.row_id, **values)

    def _bring_back(self, each: _Written) -> None:
        """A note that two files are two people's, which the merge took away."""
        if each.table == "not_duplicate" and not self._db.value(
            "SELECT 1 FROM not_duplicate WHERE one_id = ? AND other_id = ?",
            (each.before["one_id"], each.before["other_id"]),
        ):
            columns = {column: each.before[column] for column in ("one_id", "other_id", "note")}
            insert_row(NotDuplicate, id=each.row_id, **columns)

    def _share_fields(
        self,
        writer: Writer,
        survivor_id: int,
        absorbed_id: int,
        written: list[_Written],
        typed: dict[str, tuple[Any, Any]],
        goes: frozenset[str],
    ) -> None:
        """The one file's own row: what the merge took goes back, what was typed since as asked."""
        now = merge_rows.row_of(self._db, "patient", survivor_id) or {}
        mine = next(
            (each for each in written if (each.table, each.row_id) == ("patient", survivor_id)),
            None,
        )
        back = dict(mine.changes(now)) if mine else {}
        given: Image = {}
        for column, (was, value) in typed.items():
            if f"{_FIELD}:{column}" in goes:
                given[column] = value
                back[column] = mine.before.get(column, was) if mine else was
        if back:
            writer.write("patient", survivor_id, **back)
        if given:
            writer.write("patient", absorbed_id, **given)

    def _send_along(
        self, writer: Writer, survivor_id: int, absorbed_id: int, goes: frozenset[str]
    ) -> None:
        by_table: dict[str, list[str]] = {}
        for reference in merge_rows.carried(self._db):
            by_table.setdefault(reference.table, []).append(reference.column)
        for key in sorted(goes):
            table, _, row_id = key.partition(":")
            if table not in by_table:
                continue
            row = merge_rows.row_of(self._db, table, int(row_id))
            if row is not None:
                columns = [column for column in by_table[table] if row[column] == survivor_id]
                writer.write(table, int(row_id), **dict.fromkeys(columns, absorbed_id))

    def _tell_later_merges(self, merge_id: int, survivor_id: int, written: list[_Written]) -> None:
        """A later merge into the same file remembers its rows as this one had left them: from now
        on as they were before it, so that taking that one apart brings none of this back."""
        mine = {(each.table, each.row_id): each for each in written}
        for row_id, version, table, of_row, before, after in self._db.rows(
            "SELECT r.id, r.version, r.table_name, r.row_id, r.before, r.after"
            " FROM patient_merge_row r JOIN patient_merge m ON m.id = r.merge_id"
            " WHERE m.id > ? AND m.survivor_id = ? AND m.unmerged_at IS NULL",
            (merge_id, survivor_id),
        ):
            each = mine.get((table, of_row))
            if each is None or each.after is None:
                continue
            was, left = json.loads(before), json.loads(after or "null")
            for column, value in each.before.items():
                mine_left = each.after.get(column)
                if column != "version" and mine_left != value and was.get(column) == mine_left:
                    if left is not None and left.get(column) == mine_left:
                        left[column] = value
                    was[column] = value
            PatientMergeRow.update(
                version=version + 1,
                before=json.dumps(was),
                after=None if left is None else json.dumps(left),
            ).where(PatientMergeRow.id == row_id).execute()

    def _tell_apart(self, survivor_id: int, absorbed_id: int) -> None:
        one, other = sorted((survivor_id, absorbed_id))
        if not self._db.value(
            "SELECT 1 FROM not_duplicate WHERE one_id = ? AND other_id = ?", (one, other)
        ):
            insert_row(NotDuplicate, one_id=one, other_id=other, note="Taken apart again")
