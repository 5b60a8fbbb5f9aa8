"""Two files about one person made one: compared field by field, everything attached moved along.

Nothing is deleted. What is not taken stays with the file that goes, which keeps its row and leads to
the one that stays; each row written is kept as it was, so that the two can be taken apart again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.people import fold
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.places import place_of
from medsec_desktop.models import PatientMerge, PatientMergeRow
from medsec_desktop.problems import Conflict, Link
from medsec_desktop.services.audit_words import column_word, row_word, value_word
from medsec_desktop.services.patients import merge_rows, reading
from medsec_desktop.services.patients.merge_rows import Image, Writer
from medsec_desktop.services.patients.records import PatientHit
from medsec_desktop.services.saving import insert_row

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

# Columns of the patient's row that go together or not at all.
_TOGETHER = {
    "birth_date": ("birth_date", "is_birth_estimated"),
    "status": ("status", "deceased_on"),
    "language": ("language", "needs_interpreter"),
    "employer": ("employer", "employer_phone"),
}
# Each file's own for good: what it is called by, here and elsewhere.
OWN = frozenset(
    {"id", "version", "chart_number", "external_source", "external_id", "merged_into_id"}
)
_NOTHING = ("", None, 0, "U")
CHOSEN = ("patient_phone", "patient_address", "related_person", "coverage", "patient_alert")
_COMING = "('scheduled', 'confirmed', 'arrived', 'in-room')"
_NEXT_RANK = {"primary": "secondary", "secondary": "tertiary"}
_CUSTOM = "custom:"


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field of both files; `takes_other` is what is proposed."""

    name: str
    label: str
    mine: str  # as the file that stays has it
    other: str
    takes_other: bool

    @property
    def differs(self) -> bool:
        return self.mine != self.other


@dataclass(frozen=True, slots=True)
class PartRow:
    """A phone, an address, a person, a coverage or an alert of either file."""

    table: str
    id: int
    is_mine: bool  # of the file that stays
    text: str
    is_twice: bool  # the other file has the same; proposed to be left
    remark: str = ""

    @property
    def key(self) -> tuple[str, int]:
        return self.table, self.id


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows of a kind go along."""

    table: str
    noun: str
    count: int


@dataclass(frozen=True, slots=True)
class MergePreview:
    """Two files side by side, and what merging them would do."""

    survivor: PatientHit
    absorbed: PatientHit
    reasons: tuple[str, ...]
    fields: tuple[FieldPair, ...]
    parts: tuple[PartRow, ...]
    moves: tuple[Moved, ...]
    remarks: tuple[str, ...]  # what somebody should look at: two visits on one day …
    read: tuple[tuple[str, int, int], ...]  # every row shown, with its version


@dataclass(frozen=True, slots=True)
class MergeDraft:
    """The choices made over a preview: fields taken from the other file, rows not kept."""

    survivor_id: int
    absorbed_id: int
    fields: frozenset[str]
    left: frozenset[tuple[str, int]]
    read: tuple[tuple[str, int, int], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge that stands: which file went on in this one."""

    id: int
    absorbed_id: int
    name: str
    chart_number: str
    merged_at: datetime
    merged_by: str
    note: str


class Merging:
    """Comparing two files and making them one."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._practice = practice
        self._db = session.db

    def preview(self, survivor_id: int, absorbed_id: int) -> MergePreview:
        """Both files side by side. Raises Conflict where they cannot be merged; recorded as seen."""
        self._session.require(Permission.EDIT_PATIENTS, "merge patient files")
        mine, other = self._both(survivor_id, absorbed_id)
        hits = {hit.id: hit for hit in self._hits(survivor_id, absorbed_id)}
        for patient_id in (survivor_id, absorbed_id):
            self._session.viewed(patient_id, "Compared the file with another")
        return MergePreview(
            hits[survivor_id],
            hits[absorbed_id],
            self._reasons(survivor_id, absorbed_id),
            (*self._fields(mine, other), *self._custom_fields(survivor_id, absorbed_id)),
            self._parts(survivor_id, absorbed_id),
            self._moves(absorbed_id),
            tuple(self._remarks(survivor_id, absorbed_id)),
            self._read(survivor_id, absorbed_id),
        )

    def merge(self, draft: MergeDraft) -> int:
        """Make the two one as chosen, in one operation; the merge's number.

        Raises Conflict where one of them moved on since they were compared, NotAllowed.
        """
        mine, other = self._both(draft.survivor_id, draft.absorbed_id)
        label = f"Merge the file of {_called(other)} into that of {_called(mine)}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=draft.survivor_id):
            if self._read(draft.survivor_id, draft.absorbed_id) != draft.read:
                raise Conflict(
                    "One of the two files has changed since you compared them.",
                    remedy="Look at them again; what you had chosen is kept where it still fits.",
                )
            writer = Writer(self._db)
            self._choose_fields(writer, draft, mine, other)
            self._choose_custom_fields(writer, draft)
            self._choose_parts(writer, draft)
            self._move_the_rest(writer, draft)
            writer.write("patient", draft.absorbed_id, merged_into_id=draft.survivor_id)
            merge_id = insert_row(
                PatientMerge,
                survivor_id=draft.survivor_id,
                absorbed_id=draft.absorbed_id,
                merged_at=self._session.clock.now().isoformat(timespec="minutes"),
                note=draft.note.strip(),
            )
            for table, row_id, before, after in writer.written():
                insert_row(
                    PatientMergeRow,
                    merge_id=merge_id,
                    table_name=table,
                    row_id=row_id,
                    before=before,
                    after=after,
                )
        return merge_id

    def merges_into(self, patient_id: int) -> tuple[MergeRow, ...]:
        """Files that went on in this one and still do, the latest merge first."""
        return tuple(
            MergeRow(row[0], row[1], _listed(row[2], row[3]), row[4],
                     datetime.fromisoformat(row[5]), row[6] or "", row[7])
            for row in self._db.rows(
                "SELECT m.id, p.id, p.family_name, p.given_name, p.chart_number, m.merged_at,"
                " (SELECT o.user_name FROM row_change c JOIN operation o ON o.id = c.operation_id"
                "  WHERE c.table_name = 'patient_merge' AND c.row_id = m.id ORDER BY c.id LIMIT 1),"
                " m.note FROM patient_merge m JOIN patient p ON p.id = m.absorbed_id"
                " WHERE m.survivor_id = ? AND m.unmerged_at IS NULL ORDER BY m.id DESC",
                (patient_id,),
            )
        )  # fmt: skip

    # -- side by side -------------------------------------------------------------------------

    def _both(self, survivor_id: int, absorbed_id: int) -> tuple[Image, Image]:
        if survivor_id == absorbed_id:
            raise Conflict("A file cannot be merged with itself.", remedy="Choose another file.")
        found = []
        for patient_id in (survivor_id, absorbed_id):
            row = merge_rows.row_of(self._db, "patient", patient_id)
            if row is None:
                raise Conflict("One of these files is no longer there.")
            if row["merged_into_id"] is not None:
                (into,) = self._hits(row["merged_into_id"])
                raise Conflict(
                    f"The file of {_called(row)} was merged already.",
                    f"It goes on in the file of {into.name.listed}.",
                    "Merge that one, or take the two apart first.",
                    (Link("patient", str(into.id), into.name.listed),),
                )
            found.append(row)
        return found[0], found[1]

    def _hits(self, *patient_ids: int) -> tuple[PatientHit, ...]:
        return reading.hits(self._db, patient_ids, self._session.clock.today())

    def _reasons(self, one_id: int, other_id: int) -> tuple[str, ...]:
        from medsec_desktop.services.patients.duplicates import Duplicates

        return Duplicates(self._session, self._practice).compare(one_id, other_id).reasons

    def _fields(self, mine: Image, other: Image) -> Iterator[FieldPair]:
        tied = {column for columns in _TOGETHER.values() for column in columns[1:]}
        for column in mine:
            if column not in OWN and column not in tied:
                columns = _TOGETHER.get(column, (column,))
                told = [
                    " · ".join(part for part in (self._told(row, each) for each in columns) if part)
                    for row in (mine, other)
                ]
                takes = _is_better(column, mine[column], other[column])
                yield FieldPair(column, column_word(column), told[0], told[1], takes)

    def _told(self, row: Image, column: str) -> str:
        value = row[column]
        if value in _NOTHING and column != "status":
            return ""
        if column == "ssn":
            shows = self._session.may(Permission.VIEW_FULL_SSN)
            return reading.shown_ssn(value, in_full=shows)
        if column.endswith("provider_id"):
            return str(
                self._db.value(
                    "SELECT trim(given_name || ' ' || family_name) FROM provider WHERE id = ?",
                    (value,),
                )
            )
        if column == "photo_document_id":
            return f"Photo {value}"
        if column == "birth_date" and len(str(value)) == len("1984-03-14"):
            return value_word(column, value, self._practice.formats)
        if column.startswith(("is_", "needs_")):
            return column_word(column)
        return value_word(column, value, self._practice.formats)

    def _custom_fields(self, survivor_id: int, absorbed_id: int) -> Iterator[FieldPair]:
        for field_id, name, mine, other in self._db.rows(
            "SELECT f.id, f.name, coalesce(a.value, ''), coalesce(b.value, '') FROM custom_field f"
            " LEFT JOIN custom_value a ON a.field_id = f.id AND a.patient_id = ?"
            " LEFT JOIN custom_value b ON b.field_id = f.id AND b.patient_id = ?"
            " WHERE a.id IS NOT NULL OR b.id IS NOT NULL ORDER BY f.position, f.id",
            (survivor_id, absorbed_id),
        ):
            formats = self._practice.formats
            told = (value_word(name, mine, formats), value_word(name, other, formats))
            yield FieldPair(f"{_CUSTOM}{field_id}", name, *told, not mine)

    def _parts(self, survivor_id: int, absorbed_id: int) -> tuple[PartRow, ...]:
        found: list[PartRow] = []
        for table in CHOSEN:
            reference = merge_rows.Reference(table, "patient_id")
            rows = {
                patient_id: [
                    row
                    for row_id in merge_rows.ids_of(self._db, reference, patient_id)
                    if (row := merge_rows.row_of(self._db, table, row_id)) is not None
                ]
                for patient_id in (survivor_id, absorbed_id)
            }
            known = {_sameness(table, row) for row in rows[survivor_id]}
            for patient_id, mine in rows.items():
                for row in mine:
                    is_mine = patient_id == survivor_id
                    text = merge_rows.told(self._db, table, row, self._practice.formats)
                    is_twice = not is_mine and _sameness(table, row) in known
                    found.append(
                        PartRow(table, row["id"], is_mine, text.partition(": ")[2], is_twice,
                                _remark(table, row))
                    )  # fmt: skip
        return tuple(found)

    def _moves(self, absorbed_id: int) -> tuple[Moved, ...]:
        counts: defaultdict[str, int] = defaultdict(int)
        for reference in merge_rows.carried(self._db):
            if reference.table not in (*CHOSEN, "custom_value", "patient"):
                counts[reference.table] += len(merge_rows.ids_of(self._db, reference, absorbed_id))
        drafts = self._db.value("SELECT count(*) FROM draft WHERE patient_id = ?", (absorbed_id,))
        counts["draft"] += int(drafts)
        return tuple(
            Moved(table, _nouns(row_word(table), count), count)
            for table, count in counts.items()
            if count
        )

    def _remarks(self, survivor_id: int, absorbed_id: int) -> Iterator[str]:
        formats = self._practice.formats
        for mine, other in self._db.rows(
            "SELECT a.starts_at, b.starts_at FROM appointment a JOIN appointment b"
            " ON substr(a.starts_at, 1, 10) = substr(b.starts_at, 1, 10)"
            f" WHERE a.patient_id = ? AND a.status IN {_COMING}"
            f" AND b.patient_id = ? AND b.status IN {_COMING} ORDER BY a.starts_at",
            (survivor_id, absorbed_id),
        ):
            first, second = datetime.fromisoformat(mine), datetime.fromisoformat(other)
            yield (
                f"Both files have a visit on {formats.date(first.date())}, at"
                f" {formats.time(first)} and at {formats.time(second)}: one of them may be a"
                " double booking."
            )
        if self._db.value(
            "SELECT count(DISTINCT patient_id) > 1 FROM coverage WHERE patient_id IN (?, ?)"
            " AND rank = 'primary' AND (ends_on IS NULL OR ends_on >= ?)",
            (survivor_id, absorbed_id, self._session.clock.today().isoformat()),
        ):
            yield (
                "Both files have a primary insurance. The one that moves becomes secondary unless"
                " it is the same; put them in order afterwards."
            )
        if self._db.value(
            "SELECT 1 FROM not_duplicate WHERE one_id = ? AND other_id = ?",
            tuple(sorted((survivor_id, absorbed_id))),
        ):
            yield "Somebody said before that these are two people."

    def _read(self, survivor_id: int, absorbed_id: int) -> tuple[tuple[str, int, int], ...]:
        both = (survivor_id, absorbed_id)
        rows = self._db.rows("SELECT 'patient', id, version FROM patient WHERE id IN (?, ?)", both)
        for table in (*CHOSEN, "custom_value"):
            rows += self._db.rows(
                f"SELECT '{table}', id, version FROM {table} WHERE patient_id IN (?, ?)", both
            )
        return tuple(sorted(rows))

    # -- making them one ----------------------------------------------------------------------

    def _choose_fields(self, writer: Writer, draft: MergeDraft, mine: Image, other: Image) -> None:
        taken = {
            column: other[column]
            for name in draft.fields
            if name in mine and name not in OWN
            for column in _TOGETHER.get(name, (name,))
        }
        if taken:
            writer.write("patient", draft.survivor_id, **taken)

    def _choose_custom_fields(self, writer: Writer, draft: MergeDraft) -> None:
        for row_id, field_id, value, mine in self._db.rows(
            "SELECT b.id, b.field_id, b.value, a.id FROM custom_value b LEFT JOIN custom_value a"
            " ON a.field_id = b.field_id AND a.patient_id = ? WHERE b.patient_id = ?",
            (draft.survivor_id, draft.absorbed_id),
        ):
            if f"{_CUSTOM}{field_id}" not in draft.fields:
                continue
            if mine is None:
                writer.write("custom_value", row_id, patient_id=draft.survivor_id)
            else:
                writer.write("custom_value", mine, value=value)

    def _choose_parts(self, writer: Writer, draft: MergeDraft) -> None:
        """What is kept goes on in the one file, what is left stays with the other."""
        for table in CHOSEN:
            reference = merge_rows.Reference(table, "patient_id")
            mine = merge_rows.ids_of(self._db, reference, draft.survivor_id)
            others = merge_rows.ids_of(self._db, reference, draft.absorbed_id)
            for row_id in mine:
                if (table, row_id) in draft.left:
                    writer.write(table, row_id, patient_id=draft.absorbed_id)
            kept = [row_id for row_id in mine if (table, row_id) not in draft.left]
            for row_id in others:
                if (table, row_id) in draft.left:
                    self._lead_to_its_like(writer, table, row_id, kept)
                    continue
                values: dict[str, Any] = {"patient_id": draft.survivor_id}
                row = merge_rows.row_of(self._db, table, row_id) or {}
                if "position" in row:
                    values["position"] = len(mine) + row["position"]
                if table == "coverage":
                    values["rank"] = self._free_rank(draft.survivor_id, row)
                writer.write(table, row_id, **values)

    def _lead_to_its_like(self, writer: Writer, table: str, row_id: int, kept: list[int]) -> None:
        """What hangs on a row that is left goes over to the same row of the file that stays."""
        left = merge_rows.row_of(self._db, table, row_id)
        for mine in kept:
            row = merge_rows.row_of(self._db, table, mine)
            if left and row and _sameness(table, left) == _sameness(table, row):
                for reference in merge_rows.references(self._db, table):
                    for each in merge_rows.ids_of(self._db, reference, row_id):
                        writer.write(reference.table, each, **{reference.column: mine})
                return

    def _free_rank(self, survivor_id: int, coverage: Image) -> str:
        """The rank it had, or the next below where another coverage of the same time has it."""
        taken = {
            rank
            for (rank,) in self._db.rows(
                "SELECT rank FROM coverage WHERE patient_id = ?"
                " AND coalesce(starts_on, '') <= ? AND coalesce(ends_on, '9999') >= ?",
                (survivor_id, coverage["ends_on"] or "9999", coverage["starts_on"] or ""),
            )
        }
        rank = str(coverage["rank"])
        while rank in taken and rank in _NEXT_RANK:
            rank = _NEXT_RANK[rank]
        return rank

    def _move_the_rest(self, writer: Writer, draft: MergeDraft) -> None:
        survivor_id, absorbed_id = draft.survivor_id, draft.absorbed_id
        for reference in merge_rows.carried(self._db):
            if reference.column == "patient_id" and reference.table in (*CHOSEN, "custom_value"):
                continue
            for row_id in merge_rows.ids_of(self._db, reference, absorbed_id):
                if merge_rows.would_stand_twice(self._db, reference, row_id, survivor_id):
                    continue  # the file that stays says it already
                writer.write(reference.table, row_id, **{reference.column: survivor_id})
        for (row_id,) in self._db.rows(
            "SELECT id FROM related_person WHERE patient_id = ?1 AND linked_patient_id = ?1",
            (survivor_id,),
        ):
            writer.write("related_person", row_id, linked_patient_id=None)
        self._move_pairs(writer, survivor_id, absorbed_id)

    def _move_pairs(self, writer: Writer, survivor_id: int, absorbed_id: int) -> None:
        """Who is somebody else than the one file's patient is somebody else than the other's."""
        for row_id, one, two in self._db.rows(
            "SELECT id, one_id, other_id FROM not_duplicate WHERE ? IN (one_id, other_id)",
            (absorbed_id,),
        ):
            stranger = two if one == absorbed_id else one
            pair = sorted((survivor_id, stranger))
            known = self._db.value(
                "SELECT 1 FROM not_duplicate WHERE one_id = ? AND other_id = ?", tuple(pair)
            )
            if stranger == survivor_id or known:
                writer.remove("not_duplicate", row_id)
            else:
                writer.write("not_duplicate", row_id, one_id=pair[0], other_id=pair[1])


def _is_better(column: str, mine: Any, other: Any) -> bool:
    if column == "birth_date":
        return len(other or "") > len(mine or "")
    return mine in _NOTHING and other not in _NOTHING


def _sameness(table: str, row: Image) -> Any:
    """Two rows with the same answer say the same."""
    if table == "patient_phone":
        return row["number"]
    if table == "patient_address":
        return place_of(row["line1"], row["line2"], row["city"], row["postal_code"])
    if table == "related_person":
        return fold(row["name"]), fold(row["relation"])
    if table == "coverage":
        return row["payer_id"], fold(row["member_id"]), row["rank"], row["ends_on"]
    return fold(row["text"])


def _remark(table: str, row: Image) -> str:
    if table == "patient_phone":
        return str(row["kind"])
    if table == "patient_address":
        return str(row["kind"])
    if table == "coverage":
        return str(row["rank"])
    return ""


def _nouns(noun: str, count: int) -> str:
    if count == 1:
        return noun
    first, _, rest = noun.partition(" of ")
    first, _, second = first.partition(" on ")
    plural = first[:-1] + "ies" if first.endswith("y") and first[-2] not in "aeiou" else first + "s"
    if second:
        plural += f" on {second}"
    return f"{plural} of {rest}" if rest else plural


def _listed(family: str, given: str) -> str:
    return ", ".join(part for part in (family, given) if part)


def _called(row: Image) -> str:
    return " ".join(part for part in (row["given_name"], row["family_name"]) if part)
