"""What an import would do or did, in rows for a screen and in words for a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from medsec_desktop.domain.wording import counted
from medsec_desktop.exchange.columns import Mapping

# More remarks than anyone reads; the count of the rest is still told.
LISTED_AT_MOST = 20_000


class Choice(StrEnum):
    """What to do with a patient who seems to be on file already."""

    SKIP = "skip"
    IMPORT = "import"
    ATTACH = "attach"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a person may decide before an import."""

    strip_digits: bool = False
    duplicates: Choice = Choice.SKIP  # for those nobody decided about one by one
    provider_id: int | None = None  # whose the events are that name nobody
    mapping: Mapping | None = None  # of a table: which column is what; None guesses


@dataclass(frozen=True, slots=True)
class TableCount:
    """What becomes of the rows of one file; the numbers after `rows` add up to it."""

    what: str  # "Patients"
    file: str
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0  # differs from the file, but was edited here: ours is kept
    attached: int = 0
    skipped: int = 0  # by choice, or because the patient was
    merged: int = 0  # part of another row's record
    set_aside: int = 0  # stands for nothing, such as having no insurance
    left_out: int = 0  # cannot be taken in; a problem says why

    @property
    def is_balanced(self) -> bool:
        return self.rows == sum(
            (
                self.new, self.changed, self.unchanged, self.kept, self.attached, self.skipped,
                self.merged, self.set_aside, self.left_out,
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """A row that was left out, or taken in with something altered or left blank."""

    file: str
    row: int
    sentence: str
    is_left_out: bool
    field: str = ""  # the column or property it is about, where it is one

    @property
    def where(self) -> str:
        unit = "line" if self.file.lower().endswith((".ics", ".vcf")) else "row"
        return f"{self.file}, {unit} {self.row}" if self.row else self.file


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """A patient of the file who seems to be on file already, and why one would think so."""

    external_id: str
    file: str
    row: int
    name: str
    birth_date: str
    patient_id: int
    existing: str  # her name and chart number here
    reason: str
    score: int
    choice: Choice


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What becomes of one patient of the file, field by field where she is on file already."""

    row: int
    name: str
    birth_date: str
    sex: str
    place: str
    becomes: str  # new, changed, unchanged …
    details: str = ""  # "City: Boston → Salem", or whom she may be


@dataclass(frozen=True, slots=True)
class VisitSample:
    """One visit of a calendar file as it will stand in the calendar."""

    row: int
    starts_at: datetime
    duration_min: int
    patient: str
    provider: str
    title: str  # what the file calls it
    becomes: str


@dataclass(frozen=True, slots=True)
class AsideRow:
    """A file that this version does not take in."""

    file: str
    holds: str
    rows: int


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, before anything is written."""

    kind: str
    path: Path
    source: str
    options: ImportOptions
    tables: tuple[TableCount, ...]
    people: tuple[PersonRow, ...]
    people_unlisted: int
    problems: tuple[ImportProblem, ...]
    problems_unlisted: int
    duplicates: tuple[DuplicateRow, ...]
    aside: tuple[AsideRow, ...]
    columns_aside: tuple[tuple[str, tuple[str, ...]], ...]
    visits: tuple[VisitSample, ...] = ()
    fingerprint: str = ""
    taken_before: str = ""  # a sentence, where this very file was taken in already

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the source is on file already."""
        return not any(table.new or table.changed for table in self.tables) and not self.duplicates

    def text(self) -> str:
        """The plan as plain text."""
        return _text("What the import would do", self)

    def as_dict(self) -> dict[str, Any]:
        return {"dry_run": True, **_shared_dict(self)}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; kept with the practice and savable as text."""

    run_id: int
    operation_id: int  # what `session.undo` takes to take the whole import back
    kind: str
    source: str
    at: str  # the clinic's wall clock
    by: str
    tables: tuple[TableCount, ...]
    people: tuple[PersonRow, ...]
    people_unlisted: int
    problems: tuple[ImportProblem, ...]
    problems_unlisted: int
    duplicates: tuple[DuplicateRow, ...]
    aside: tuple[AsideRow, ...]
    columns_aside: tuple[tuple[str, tuple[str, ...]], ...]
    secondary: int = 0  # coverages with a second payer, which made two
    guarantors: int = 0

    @property
    def sentence(self) -> str:
        """What happened, in one sentence."""
        new = [
            counted(table.new, _NOUNS.get(table.what, table.what.lower().removesuffix("s")))
            for table in self.tables
            if table.new
        ]
        changed = sum(table.changed for table in self.tables)
        parts = []
        if new:
            parts.append(f"took in {_listed(new)}")
        if changed:
            parts.append(f"brought {counted(changed, 'record')} up to date")
        if not parts:
            parts.append("found nothing new")
        left = sum(table.left_out for table in self.tables)
        if left:
            parts.append(f"left out {counted(left, 'row')}, listed with the reason")
        return f"The import {_listed(parts)}."

    def text(self) -> str:
        """The whole report as plain text, to be saved or printed."""
        return _text(f"Import of {self.at.replace('T', ' ')} by {self.by}", self)

    def as_dict(self) -> dict[str, Any]:
        return {
            "dry_run": False,
            "run_id": self.run_id,
            "at": self.at,
            "by": self.by,
            **_shared_dict(self),
            "secondary_coverages": self.secondary,
            "guarantors": self.guarantors,
        }


def _shared_dict(of: ImportPlan | ImportReport) -> dict[str, Any]:
    return {
        "kind": of.kind,
        "source": of.source,
        "tables": [asdict(table) for table in of.tables],
        "problems": [asdict(problem) for problem in of.problems],
        "problems_unlisted": of.problems_unlisted,
        "duplicates": [asdict(row) for row in of.duplicates],
        "left_aside": [asdict(row) for row in of.aside],
        "columns_left_aside": {file: list(columns) for file, columns in of.columns_aside},
    }


_COLUMNS = (
    ("rows", "rows"),
    ("new", "new"),
    ("changed", "changed"),
    ("unchanged", "unchanged"),
    ("kept", "edited here, kept"),
    ("attached", "attached"),
    ("skipped", "skipped"),
    ("merged", "part of another row"),
    ("set_aside", "no insurance"),
    ("left_out", "left out"),
)


def spoken_counts(table: TableCount) -> str:
    """ "27 rows: 25 new, 2 left out"."""
    parts = [
        f"{getattr(table, name):,} {words}" for name, words in _COLUMNS[1:] if getattr(table, name)
    ]
    return f"{counted(table.rows, 'row')}: {', '.join(parts)}" if parts else "no rows"


def _text(title: str, of: ImportPlan | ImportReport) -> str:
    lines = [title, f"Source: {of.source} ({of.kind})", ""]
    if isinstance(of, ImportReport):
        lines += [of.sentence, ""]
    lines += [f"  {table.what} ({table.file}): {spoken_counts(table)}" for table in of.tables]
    if isinstance(of, ImportReport) and of.secondary:
        lines.append(f"  {counted(of.secondary, 'coverage')} named a second payer and made two.")
    if isinstance(of, ImportReport) and of.guarantors:
        lines.append(f"  {counted(of.guarantors, 'guardian')} of minors set down as guarantor.")
    if of.aside:
        lines += ["", "Not taken in by this version:"]
        lines += [f"  {row.file}: {counted(row.rows, 'row')} ({row.holds})" for row in of.aside]
    if of.columns_aside:
        lines += ["", "Columns without a place here:"]
        lines += [f"  {file}: {', '.join(columns)}" for file, columns in of.columns_aside]
    if of.duplicates:
        lines += ["", "Seem to be on file already:"]
        lines += [
            f"  {row.file}, row {row.row}: {row.name} ({row.birth_date}) and {row.existing}"
            f" – {row.reason}. {_CHOSEN[row.choice]}"
            for row in of.duplicates
        ]
    for heading, is_left_out in (("Left out:", True), ("Taken in with a remark:", False)):
        chosen = [problem for problem in of.problems if problem.is_left_out == is_left_out]
        if chosen:
            lines += ["", heading]
            lines += [f"  {problem.where}: {problem.sentence}" for problem in chosen]
    if of.problems_unlisted:
        lines += ["", f"And {of.problems_unlisted:,} remarks more of the same kinds."]
    return "\n".join(lines) + "\n"


_CHOSEN = {
    Choice.SKIP: "Skipped, with their visits and coverages.",
    Choice.IMPORT: "Taken in as another person.",
    Choice.ATTACH: "Attached to the file here, which keeps what it says.",
}


_NOUNS = {"People around": "contact person"}


def _listed(parts: Iterable[str]) -> str:
    words = list(parts)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
