"""Who saw and changed what: the journal, filtered, told in words, verified and printed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Invalid
from medsec_desktop.services.audit_words import column_word, row_word, value_word
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.page_images import PageImage, PageImages
from medsec_desktop.services.patients.merged import files_of
from medsec_desktop.services.patients.names import NAME_COLUMNS
from medsec_desktop.services.practice import settings
from medsec_desktop.services.practice.time_zone import wall_clock
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way
from medsec_desktop.store import journal

if TYPE_CHECKING:
    from medsec_desktop.services.backups import Backups, VerifyReport
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.progress import Progress
    from medsec_desktop.services.session import Session

__all__ = [
    "KINDS",
    "MOST_PRINTED",
    "MOST_ROWS",
    "Audit",
    "AuditChange",
    "AuditDetail",
    "AuditField",
    "AuditPage",
    "AuditQuery",
    "AuditRow",
]

MOST_ROWS = 5_000
MOST_PRINTED = 1_000  # some forty pages
_SENT = (
    "Print",
    "Send",
    "Fax",
    "Hand",
    "Mail",
    "Release",
    "Export",
)  # of a change that was sealed by it
_OUT = ("Printed", "Saved", "Exported", "Copied", "Made the package", "Opened outside")
# In the order of what a person looks for; the words are those of the screen.
KINDS = {
    "changed": "Changed",
    "undone": "Undone or redone",
    "seen": "Seen",
    "out": "Printed, saved or sent",
    "office": "Log-ins and the office",
}


def _begins(words: tuple[str, ...]) -> str:
    return "(" + " OR ".join(f"o.label LIKE '{word}%'" for word in words) + ")"


_KIND = (
    "CASE WHEN o.kind IN ('undo', 'redo') THEN 'undone'"
    f" WHEN o.kind = 'change' AND o.is_sealed AND {_begins(_SENT)} THEN 'out'"
    " WHEN o.kind = 'change' THEN 'changed'"
    f" WHEN {_begins(_OUT)} THEN 'out'"
    " WHEN o.patient_id IS NOT NULL THEN 'seen' ELSE 'office' END"
)


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What is asked for; anything left out is not asked about. Days are the clinic's."""

    patient_id: int | None = None
    user_id: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    kind: str = ""  # a key of `KINDS`
    words: str = ""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One operation: when on the clinic's clock, who, what kind of thing, what, about whom."""

    id: int
    at: datetime
    user_name: str
    workstation: str
    kind: str  # a key of `KINDS`
    label: str
    patient_id: int | None
    patient_name: str  # '' where it is about nobody; 'File 12' where she is no longer on file
    reason: str
    rows: int  # how many records it wrote


@dataclass(frozen=True, slots=True)
class AuditPage:
    """What was found, newest first, and how many there are in all."""

    rows: tuple[AuditRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class AuditField:
    """One field of a record, before and after, as a person reads it; '' for nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AuditChange:
    """One record an operation wrote: what it is, what was done to it, and the fields that differ."""

    record: str
    number: int
    action: str  # added, changed, removed
    fields: tuple[AuditField, ...]


@dataclass(frozen=True, slots=True)
class AuditDetail:
    """Everything one operation did, and the link of the chain that seals it."""

    row: AuditRow
    changes: tuple[AuditChange, ...]
    link: str
    is_whole: bool  # False where it wrote more records than are told


class Audit:
    """Reading the journal. Everything needs the right to view the audit trail."""

    def __init__(
        self, session: Session, practice: Practice, printing: Printing, backups: Backups
    ) -> None:
        self._session = session
        self._db = session.db
        self._practice = practice
        self._backups = backups
        self._images = PageImages()
        self.printing = printing

    # -- reading --------------------------------------------------------------------------------

    def opened(self) -> None:
        """Record that the person logged in looks at the audit trail. Raises NotAllowed."""
        self._require()
        self._session.event("Opened the audit trail")

    def users(self) -> tuple[tuple[int, str], ...]:
        """Everybody who ever did something here, by name, the latest name of each."""
        self._require()
        return tuple(
            self._db.rows(
                "WITH RECURSIVE who (id) AS (SELECT min(user_id) FROM operation UNION ALL"
                " SELECT (SELECT min(user_id) FROM operation WHERE user_id > who.id) FROM who"
                " WHERE who.id IS NOT NULL)"
                " SELECT id, (SELECT user_name FROM operation o WHERE o.user_id = who.id"
                "  ORDER BY o.id DESC LIMIT 1) AS name FROM who WHERE id IS NOT NULL ORDER BY name"
            )
        )

    def find(self, query: AuditQuery, most: int = MOST_ROWS) -> AuditPage:
        """The operations asked for, newest first, at most `most` of them; safe in any thread.

        Raises Invalid where the days are the wrong way round, and NotAllowed.
        """
        self._require()
        where, values = self._where(query)
        total = int(self._db.value(f"SELECT count(*) FROM operation o WHERE {where}", values))
        found = self._db.rows(
            f"SELECT o.id, o.at_utc, o.user_name, o.workstation, {_KIND}, o.label, o.patient_id,"
            f" o.reason, (SELECT count(*) FROM row_change r WHERE r.operation_id = o.id),"
            f" {NAME_COLUMNS}"
            f" FROM operation o LEFT JOIN patient p ON p.id = o.patient_id WHERE {where}"
            " ORDER BY o.id DESC LIMIT ?",
            (*values, most),
        )
        shown = wall_clock(self._practice, self._session.clock)
        return AuditPage(tuple(_row(each, shown) for each in found), total)

    def detail(self, operation_id: int, most_changes: int = 200) -> AuditDetail:
        """What one operation did, field by field; a whole SSN only for those who may see one.

        Raises Invalid where there is no such operation, and NotAllowed.
        """
        self._require()
        found = self._db.one(
            f"SELECT o.id, o.at_utc, o.user_name, o.workstation, {_KIND}, o.label, o.patient_id,"
            f" o.reason, (SELECT count(*) FROM row_change r WHERE r.operation_id = o.id),"
            f" {NAME_COLUMNS}"
            " FROM operation o LEFT JOIN patient p ON p.id = o.patient_id WHERE o.id = ?",
            (operation_id,),
        )
        if found is None:
            raise Invalid(f"There is no operation {operation_id} in the journal.")
        changes = self._db.rows(
            "SELECT table_name, row_id, before, after FROM row_change WHERE operation_id = ?"
            " ORDER BY id LIMIT ?",
            (operation_id, most_changes),
        )
        names = self._names(changes)
        link = self._db.value("SELECT mac FROM chain_link WHERE operation_id = ?", (operation_id,))
        row = _row(found, wall_clock(self._practice, self._session.clock))
        told = tuple(self._change(names, *each) for each in changes)
        return AuditDetail(row, told, str(link or ""), row.rows <= most_changes)

    def verify(self, progress: Progress | None = None) -> VerifyReport:
        """Check pages, references, documents and the whole chain; the result is recorded."""
        self._require()
        report = self._backups.verify(progress)
        self._session.event(
            "Verified the audit trail", reason="sound" if report.is_sound else "not sound"
        )
        return report

    # -- paper and files ------------------------------------------------------------------------

    def pdf(self, query: AuditQuery, verdict: VerifyReport | None = None) -> bytes:
        """The operations asked for as pages, with what a verification found where there was one."""
        from medsec_desktop.documents.calendar_pages import ListGroup, ListSheet, list_pdf

        formats, profile = self._practice.formats, self._practice.profile()
        page = self.find(query, MOST_PRINTED)
        length, link = journal.head(self._db)
        proof = f"The journal counts {length:,} operations; its last link is {link}."
        left_out = page.total - len(page.rows)
        rows = tuple(
            (
                formats.when(row.at),
                row.user_name,
                KINDS[row.kind],
                ": ".join(part for part in (row.label, row.reason) if part),
                row.patient_name,
            )
            for row in page.rows
        )
        return list_pdf(
            ListSheet(
                title="Audit trail",
                practice=profile.name,
                columns=("When", "Who", "Kind", "What", "About"),
                widths=(0.19, 0.14, 0.14, 0.35, 0.18),
                groups=(
                    ListGroup(
                        "Verification",
                        (),
                        remark=" ".join((verdict.sentence if verdict else "Not verified.", proof)),
                    ),
                    ListGroup(
                        self.asked_words(query),
                        rows,
                        remark="Nothing was found." if not rows else "",
                    ),
                    *(
                        [ListGroup("Not on these pages", (), remark=f"{left_out:,} older entries.")]
                        if left_out
                        else []
                    ),
                ),
                printed=f"{formats.when(self._session.clock.now())}, {self._session.user.name}",
                paper=profile.paper,
                mark="DEMO" if self._practice.get(settings.IS_DEMO) else "",
            )
        )

    def print(self, pdf: bytes, way: Way = AS_REMEMBERED) -> str:
        """Hand the pages to the printer; the printer they went to. Raises Unavailable."""
        self._require()
        went_to = self.printing.print_pdf(pdf, "lists", way, title="Audit trail")
        self._session.event("Printed the audit trail")
        return went_to

    def save(self, content: bytes, path: Path) -> None:
        """Write pages or a table to a file and record it. Raises Unavailable."""
        self._require()

        def record() -> None:
            self._session.event("Saved the audit trail", reason=f"to “{path.name}”")

        write_out(path, content, record)

    def pages(self, pdf: bytes, dpi: float = 100) -> tuple[PageImage, ...]:
        """The pages of a PDF as pixels; safe in any thread."""
        return self._images.of(pdf, dpi)

    def asked_words(self, query: AuditQuery) -> str:
        """What was asked for, in a line: “Ada Testperson · Seen · since 03/01/2026”."""
        formats, parts = self._practice.formats, []
        if query.patient_id is not None:
            found = self._db.one(
                f"SELECT {NAME_COLUMNS} FROM patient p WHERE p.id = ?",
                (query.patient_id,),
            )
            parts.append(PersonName(*found).listed if found else f"File {query.patient_id}")
        if query.user_id is not None:
            parts.append(dict(self.users()).get(query.user_id, f"User {query.user_id}"))
        if query.kind:
            parts.append(KINDS[query.kind])
        if query.first_on and query.last_on == query.first_on:
            parts.append(formats.date(query.first_on))
        elif query.first_on and query.last_on:
            parts.append(f"{formats.date(query.first_on)} to {formats.date(query.last_on)}")
        elif query.first_on:
            parts.append(f"since {formats.date(query.first_on)}")
        elif query.last_on:
            parts.append(f"until {formats.date(query.last_on)}")
        if query.words.strip():
            parts.append(f"“{query.words.strip()}”")
        return " · ".join(parts) or "Everything"

    # -- inside ---------------------------------------------------------------------------------

    def _require(self) -> None:
        self._session.require(Permission.VIEW_AUDIT, "look at the audit trail")

    def _where(self, query: AuditQuery) -> tuple[str, list[Any]]:
        if query.first_on and query.last_on and query.first_on > query.last_on:
            raise Invalid(
                "The first day is after the last day.",
                remedy="Exchange them, or leave one empty.",
                field="first_on",
            )
        if query.kind and query.kind not in KINDS:
            raise Invalid(f"There is no kind of entry “{query.kind}”.", field="kind")
        parts: list[str] = ["1"]
        values: list[Any] = []
        if query.patient_id is not None:
            sources = self._about_her()
            parts.append(f"o.id IN ({' UNION '.join(sources)})")
            values += [json.dumps(files_of(self._db, query.patient_id))] * len(sources)
        if query.user_id is not None:
            parts.append("o.user_id = ?")
            values.append(query.user_id)
        if query.first_on:
            parts.append("o.at_utc >= ?")
            values.append(self._instant(query.first_on))
        if query.last_on and query.last_on < date.max:  # after which there is no day
            parts.append("o.at_utc < ?")
            values.append(self._instant(query.last_on + timedelta(days=1)))
        if query.kind:
            parts.append(f"{_KIND} = ?")
            values.append(query.kind)
        for word in query.words.split():
            parts.append("instr(lower(o.label || ' ' || o.reason || ' ' || o.workstation), ?)")
            values.append(word.lower())
        return " AND ".join(parts), values

    def _about_her(self) -> list[str]:
        """Queries for the operations about one patient: those that name her, as a look at her file
        does, and those that wrote her own row or one that is hers, as an import of many does. What
        was recorded under the number of a file merged into hers is about her as well."""
        these = "(SELECT value FROM json_each(?))"
        tables = self._db.rows(
            "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " ON c.name = 'patient_id' JOIN pragma_table_info(m.name) v ON v.name = 'version'"
            " WHERE m.type = 'table' ORDER BY m.name"
        )
        return [
            f"SELECT id FROM operation WHERE patient_id IN {these}",
            f"SELECT operation_id FROM row_change WHERE table_name = 'patient' AND row_id IN {these}",
            *(
                f"SELECT r.operation_id FROM {table} t JOIN row_change r"
                f" ON r.table_name = '{table}' AND r.row_id = t.id WHERE t.patient_id IN {these}"
                for (table,) in tables
            ),
            # A row taken away since is hers as well: how it came, what became of it, and its end.
            "SELECT r.operation_id FROM row_change gone INDEXED BY row_change_removed JOIN row_change r"
            " ON r.table_name = gone.table_name AND r.row_id = gone.row_id"
            f" WHERE gone.after IS NULL AND json_extract(gone.before, '$.patient_id') IN {these}",
        ]

    def _instant(self, day: date) -> str:
        """The first instant of a day of the clinic, as the journal writes it."""
        shown = wall_clock(self._practice, self._session.clock)
        midnight = datetime.combine(day, time())
        at = midnight
        for _ in range(2):  # the second look meets the other side of a change of the clocks
            at += midnight - shown(at.isoformat())
        return at.isoformat(timespec="microseconds")

    def _names(self, changes: Sequence[tuple[Any, ...]]) -> dict[tuple[str, int], str]:
        """What the rows are called that the changed rows point at, a query for each table."""
        wanted: dict[str, set[int]] = {}
        for _, _, before, after in changes:
            for image in (before, after):
                for column, value in (json.loads(image) if image else {}).items():
                    table = _POINTS_AT.get(column)
                    if table and isinstance(value, int):
                        wanted.setdefault(table, set()).add(value)
        names: dict[tuple[str, int], str] = {}
        for table, ids in wanted.items():
            called = _CALLED[table]
            for row_id, name in self._db.rows(
                f"SELECT id, {called} FROM {table} WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(ids)),),
            ):
                names[table, row_id] = str(name).strip()
        return names

    def _change(
        self,
        names: dict[tuple[str, int], str],
        table: str,
        row_id: int,
        before: str | None,
        after: str | None,
    ) -> AuditChange:
        old, new = json.loads(before or "{}"), json.loads(after or "{}")
        shows_ssn = self._session.may(Permission.VIEW_FULL_SSN)

        def told(column: str, value: Any) -> str:
            if value is None or value == "":
                return ""
            pointed = _POINTS_AT.get(column)
            if pointed and isinstance(value, int):
                return names.get((pointed, value), f"no. {value}")
            if column == "ssn" and not shows_ssn:
                return f"•••-••-{str(value)[-4:]}"
            return value_word(column, value, self._practice.formats)

        fields = tuple(
            AuditField(
                column_word(column), told(column, old.get(column)), told(column, new.get(column))
            )
            for column in dict.fromkeys([*old, *new])
            if column not in ("id", "version") and old.get(column) != new.get(column)
        )
        action = "changed" if before and after else "added" if after else "removed"
        return AuditChange(
            row_word(table), row_id, action, tuple(one for one in fields if one.before != one.after)
        )


# Where a column points, and what a row there is called.
_POINTS_AT = {
    "patient_id": "patient",
    "linked_patient_id": "patient",
    "subscriber_patient_id": "patient",
    "merged_into_id": "patient",
    "survivor_id": "patient",
    "absorbed_id": "patient",
    "provider_id": "provider",
    "primary_provider_id": "provider",
    "referring_provider_id": "provider",
    "other_provider_id": "provider",
    "organization_id": "organization",
    "other_organization_id": "organization",
    "payer_id": "payer",
    "room_id": "room",
    "type_id": "appointment_type",
    "category_id": "document_category",
    "document_id": "document",
}
_PERSON = "trim(given_name || ' ' || family_name)"
_CALLED = {
    "patient": _PERSON,
    "provider": _PERSON,
    "organization": "name",
    "payer": "name",
    "room": "name",
    "appointment_type": "name",
    "document_category": "name",
    "document": "title",
}


def _row(found: Iterable[Any], shown: Callable[[str], datetime]) -> AuditRow:
    row_id, at, who, where, kind, label, patient, reason, rows, *name = found
    about = ""
    if patient is not None:
        about = PersonName(*name).listed if name[0] else f"File {patient}"
    return AuditRow(row_id, shown(at), who, where, kind, label, patient, about, reason, rows)
