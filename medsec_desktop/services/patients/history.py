"""Who changed a field of a patient's file, when, and what it said before: read from the journal."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.practice.time_zone import wall_clock

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

# (table, row, column): where a value on the screen is kept.
FieldKey: TypeAlias = tuple[str, int, str]
_SILENT = ("id", "version", "position", "patient_id")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value a field had: from when on, by whom, and the one before; None where there was none."""

    at: datetime  # the clinic's clock
    by: str
    kind: str  # change, undo or redo
    before: Any
    after: Any
    column: str = ""


class FieldHistory:
    """Every change of the fields of one part of one file, the latest first."""

    def __init__(self, changes: Mapping[FieldKey, tuple[FieldChange, ...]]):
        self._changes = changes

    def of(self, keys: Sequence[FieldKey]) -> tuple[FieldChange, ...]:
        """The changes of what is shown under one label, which may be several columns."""
        found = [change for key in keys for change in self._changes.get(key, ())]
        return tuple(sorted(found, key=lambda change: change.at, reverse=True))

    def last(self, keys: Sequence[FieldKey]) -> FieldChange | None:
        """Who said last what stands there now, or None where nobody did here."""
        return next(iter(self.of(keys)), None)


class FileHistories:
    """Reads the journal for one section of a file, in one query, when somebody asks."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._practice = practice

    def read(self, patient_id: int, tables: Sequence[str]) -> FieldHistory:
        """All that was ever written into her own row or rows of hers in these tables."""
        self._session.require(Permission.VIEW_PATIENTS, "see who changed a patient’s file")
        shows_ssn = self._session.may(Permission.VIEW_FULL_SSN)
        shown = wall_clock(self._practice, self._session.clock)
        changes: dict[FieldKey, list[FieldChange]] = defaultdict(list)
        for table, row_id, before, after, by, at_utc, kind in self._rows(patient_id, tables):
            old, new = json.loads(before or "{}"), json.loads(after or "{}")
            at = shown(at_utc)
            for column in new or old:
                was, now = old.get(column), new.get(column)
                is_first_nothing = before is None and now in ("", 0, None)
                if column in _SILENT or was == now or is_first_nothing:
                    continue
                if column == "ssn" and not shows_ssn:
                    was, now = (value and f"•••-••-{value[-4:]}" for value in (was, now))
                changes[table, row_id, column].append(FieldChange(at, by, kind, was, now, column))
        return FieldHistory({key: tuple(reversed(each)) for key, each in changes.items()})

    def _rows(self, patient_id: int, tables: Sequence[str]) -> list[tuple[Any, ...]]:
        """Rows that are hers now by their numbers, rows that were by the changes made to her file."""
        sources = []
        if "patient" in tables:
            sources.append("SELECT id FROM row_change WHERE table_name = 'patient' AND row_id = ?1")
        children = [table for table in tables if table != "patient"]
        sources += [
            f"SELECT r.id FROM {table} t JOIN row_change r ON r.table_name = '{table}'"
            " AND r.row_id = t.id WHERE t.patient_id = ?1"
            for table in children
        ]
        if children:
            named = ", ".join(f"'{table}'" for table in children)
            sources.append(
                "SELECT r.id FROM operation o JOIN row_change r ON r.operation_id = o.id"
                f" WHERE o.patient_id = ?1 AND r.table_name IN ({named})"
                " AND json_extract(coalesce(r.after, r.before), '$.patient_id') = ?1"
            )
        return list(
            self._session.db.rows(
                "SELECT c.table_name, c.row_id, c.before, c.after, o.user_name, o.at_utc, o.kind"
                " FROM row_change c JOIN operation o ON o.id = c.operation_id"
                f" WHERE c.id IN ({' UNION '.join(sources)}) ORDER BY c.id",
                (patient_id,),
            )
        )
