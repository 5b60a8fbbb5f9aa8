"""What of a source is on file already, and the writing of what is not.

Records are recognised by `external_source` and `external_id`. A row that differs from the file is
brought up to date only where an import was the last to touch it: what was typed here is never
overwritten. A blank in the file says nothing, so it never empties a field.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from medsec_desktop.models import Journalled, Patient, Payer, Provider
from medsec_desktop.store.database import Database

LABEL = "Import "  # how the journal names every import; see `imported_last`
EDITED_HERE = "It differs from what is on file, which was edited here; ours was kept."
_SAYS_NOTHING = (None, "", "U")
_RANKING = ("unchanged", "kept", "changed", "new")


def worse(one: str, two: str) -> str:
    """Of two things that became of one row, the one that says more."""
    return max(one, two, key=_RANKING.index)


def said(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields in which the file says something."""
    return {name: value for name, value in fields.items() if value not in _SAYS_NOTHING}


@dataclass(slots=True)
class Shelf:
    """A table that knows its rows by the foreign id."""

    model: type[Journalled]
    table: str
    ids: dict[str, int] = field(default_factory=dict)  # external id → ours; 0: to be made
    attached: set[str] = field(default_factory=set)

    def forget(self) -> None:
        """Of a source whose rows nobody refers to, no more is kept than one batch."""
        self.ids.clear()
        self.attached.clear()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row, and which fields were moved: name → (before, after)."""

    becomes: str
    moved: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


class Known:
    """The rows of one source in this practice."""

    def __init__(self, db: Database, source: str, *, writes: bool):
        self._db = db
        self.source = source
        self.attached_source = f"attached:{source}"  # was here before the source: never overwritten
        self.writes = writes

    def load(self, shelf: Shelf) -> None:
        """Everything of this source that is on file already."""
        self._shelve(
            shelf,
            self._db.execute(
                f"SELECT external_source, external_id, id, {_goes_on(shelf)} FROM {shelf.table}"
                " WHERE external_source IN (?, ?)",
                (self.source, self.attached_source),
            ),
        )

    def look_up(self, shelf: Shelf, external_ids: Sequence[str]) -> None:
        """Which of these ids are on file already."""
        self._shelve(
            shelf,
            self._db.rows(
                f"SELECT external_source, external_id, id, {_goes_on(shelf)} FROM {shelf.table}"
                " WHERE external_source IN (?, ?)"
                " AND external_id IN (SELECT value FROM json_each(?))",
                (self.source, self.attached_source, json.dumps(external_ids)),
            ),
        )

    def _shelve(self, shelf: Shelf, rows: Iterable[tuple[str, str, int, int | None]]) -> None:
        for source, external_id, row_id, goes_on in list(rows):
            while goes_on is not None:  # merged here: what comes later belongs to the file kept
                shelf.attached.add(external_id)
                row_id, goes_on = (
                    goes_on,
                    self._db.value(
                        f"SELECT merged_into_id FROM {shelf.table} WHERE id = ?", (goes_on,)
                    ),
                )
            shelf.ids[external_id] = row_id
            if source == self.attached_source:
                shelf.attached.add(external_id)

    def learn(self, shelf: Shelf, external_ids: Sequence[str]) -> None:
        """The numbers that rows just inserted have got."""
        shelf.ids.update(
            self._db.rows(
                f"SELECT external_id, id FROM {shelf.table} WHERE external_source = ?"
                " AND external_id IN (SELECT value FROM json_each(?))",
                (self.source, json.dumps(external_ids)),
            )
        )

    def mark_attached(
        self, model: type[Payer | Patient | Provider], row_id: int, external_id: str
    ) -> None:
        """Have a row that was typed here recognised as this one of the source from now on."""
        if self.writes:
            model.update(
                version=model.version + 1,
                external_source=self.attached_source,
                external_id=external_id,
            ).where((model.id == row_id) & model.external_source.is_null()).execute()

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Put rows of equal columns in as one prepared statement.

        The tables' classes take three times as long to write the same SQL.
        """
        if not rows:
            return
        columns = tuple(rows[0])
        marks = ", ".join("?" * len(columns))
        self._db.engine.connection().executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
            (tuple(row[name] for name in columns) for row in rows),
        )

    def stored(
        self, table: str, columns: Sequence[str], ids: Sequence[int]
    ) -> dict[int, dict[str, Any]]:
        """These columns of these rows, by the row's number."""
        if not ids:
            return {}
        rows = self._db.rows(
            f"SELECT id, {', '.join(columns)} FROM {table}"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
        return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}

    def update(
        self,
        model: type[Journalled],
        row_id: int,
        stored: Mapping[str, Any] | None,
        fields: Mapping[str, Any],
    ) -> Outcome:
        """Bring one row up to date; "kept" where a person has edited it since."""
        moved = _moved(stored, fields)
        if not moved:
            return Outcome("unchanged")
        if not self.imported_last(model._meta.table_name, row_id):
            return Outcome("kept", moved)
        self._write(model, row_id, moved)
        return Outcome("changed", moved)

    def fill(
        self,
        model: type[Journalled],
        row_id: int,
        stored: Mapping[str, Any],
        fields: Mapping[str, Any],
    ) -> Outcome:
        """Give a row what it does not say yet, whoever wrote it; what it says stays."""
        moved = {
            name: pair
            for name, pair in _moved(stored, fields).items()
            if stored[name] in _SAYS_NOTHING
        }
        if not moved:
            return Outcome("unchanged")
        self._write(model, row_id, moved)
        return Outcome("changed", moved)

    def _write(
        self, model: type[Journalled], row_id: int, moved: Mapping[str, tuple[Any, Any]]
    ) -> None:
        if self.writes:
            model.update(
                version=model.version + 1, **{name: after for name, (_, after) in moved.items()}
            ).where(model.id == row_id).execute()

    def imported_last(self, table: str, row_id: int) -> bool:
        """Whether the last hand on this row was an import's."""
        last = self._db.one(
            "SELECT o.kind, o.label FROM row_change r JOIN operation o ON o.id = r.operation_id"
            " WHERE r.table_name = ? AND r.row_id = ? ORDER BY r.id DESC LIMIT 1",
            (table, row_id),
        )
        return last is not None and last[0] == "change" and str(last[1]).startswith(LABEL)


def _goes_on(shelf: Shelf) -> str:
    """The column that says into which row another one was merged, NULL where rows never are."""
    return "merged_into_id" if "merged_into_id" in shelf.model._meta.columns else "NULL"


def _moved(
    stored: Mapping[str, Any] | None, fields: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    if stored is None:
        return {}
    return {
        name: (stored[name], value) for name, value in said(fields).items() if stored[name] != value
    }


def grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    """Rows by a key, in their order."""
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found
