"""One pass over a foreign source: what each record becomes here, and in a real run its writing.

A preview and a run take the very same decisions; only the run writes. Records are recognised by
`external_source` and `external_id`. A row that differs from the file is brought up to date only where
an import was the last to touch it: what was typed here is never overwritten.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from medsec_desktop.domain.people import PartialDate, PersonName
from medsec_desktop.exchange.quarantine import Folded, Origin, Quarantined
from medsec_desktop.exchange.records import (
    Address,
    CoverageRecord,
    ForeignSource,
    OrganizationRecord,
    PatientRecord,
    PayerRecord,
    ProviderRecord,
    VisitRecord,
)
from medsec_desktop.models import (
    Coverage,
    Encounter,
    Journalled,
    Organization,
    Patient,
    PatientAddress,
    Payer,
    Provider,
    RelatedPerson,
)
from medsec_desktop.services.imports.lookalikes import LookAlikes, OnFile
from medsec_desktop.services.imports.report import (
    LISTED_AT_MOST,
    Choice,
    DuplicateRow,
    ImportOptions,
    ImportProblem,
    SampleRow,
    TableCount,
)
from medsec_desktop.services.patients import chart_numbers
from medsec_desktop.services.progress import Progress
from medsec_desktop.services.session import Session

LABEL = "Import "  # how the journal names every import; see `_imported_last`

_BATCH = 500
_SAMPLES = 20
_ADULT_YEARS = 18

_WHAT = {
    "organizations": "Organizations",
    "payers": "Payers",
    "providers": "Providers",
    "patients": "Patients",
    "coverages": "Coverages",
    "visits": "Visits",
}

_EDITED_HERE = "It differs from what is on file, which was edited here; ours was kept."

_Item = TypeVar("_Item")
_Keyed = TypeVar(
    "_Keyed", OrganizationRecord, PayerRecord, ProviderRecord, PatientRecord, VisitRecord
)


@dataclass(slots=True)
class _Tally:
    """Counts of one file as they grow."""

    file: str
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, becomes: str, number: int = 1) -> None:
        self.counts[becomes] = self.counts.get(becomes, 0) + number
        self.counts["rows"] = self.counts.get("rows", 0) + number


@dataclass(slots=True)
class _Kind:
    """A table that knows its rows by the foreign id."""

    model: type[Journalled]
    table: str
    ids: dict[str, int] = field(default_factory=dict)  # external id → ours; 0: to be made
    attached: set[str] = field(default_factory=set)


class Taking:
    """Everything one pass finds; `go()` runs it."""

    def __init__(
        self,
        session: Session,
        source: ForeignSource,
        options: ImportOptions,
        choices: Mapping[str, Choice],
        progress: Progress,
        rows_expected: int,
        chart_mask: str,
        *,
        writes: bool,
    ):
        self._session = session
        self._db = session.db
        self._source = source
        self._options = options
        self._choices = choices
        self._progress = progress
        self._expected = rows_expected
        self._writes = writes
        self._charts = chart_numbers(self._db, chart_mask)
        self._organizations = _Kind(Organization, "organization")
        self._payers = _Kind(Payer, "payer")
        self._providers = _Kind(Provider, "provider")
        self._patients = _Kind(Patient, "patient")
        self._visits = _Kind(Encounter, "encounter")
        self._look_alikes = LookAlikes(self._db, source.kind)
        self._tallies: dict[str, _Tally] = {}
        self._problems: list[ImportProblem] = []
        self._just_made: set[int] = set()  # patients of this run, who have nothing on file yet
        self._skipped: set[str] = set()
        self._minors: set[str] = set()
        self._guardians: dict[str, CoverageRecord] = {}
        self._rows_done = 0
        self.problems_unlisted = 0
        self.duplicates: list[DuplicateRow] = []
        self.samples: list[SampleRow] = []
        self.secondary = 0
        self.guarantors = 0

    def go(self) -> None:
        """Take every file in the order in which they refer to each other."""
        for kind in (self._organizations, self._payers, self._providers, self._patients):
            self._load(kind)
        for places in self._batches("organizations", self._source.organizations()):
            self._take_keyed(self._organizations, places, _organization_fields)
        for payers in self._batches("payers", self._source.payers()):
            self._take_payers(payers)
        for providers in self._batches("providers", self._source.providers()):
            self._take_keyed(self._providers, providers, self._provider_fields)
        for patients in self._batches("patients", self._source.patients()):
            self._take_patients(patients)
        for coverages in self._batches("coverages", self._source.coverages()):
            self._take_coverages(coverages)
        self._take_guardians()
        self._load(self._visits)
        for visits in self._batches("visits", self._source.visits()):
            self._take_visits(visits)

    @property
    def tables(self) -> tuple[TableCount, ...]:
        return tuple(
            TableCount(_WHAT[what], tally.file, **tally.counts)
            for what, tally in self._tallies.items()
        )

    @property
    def problems(self) -> tuple[ImportProblem, ...]:
        """In the order of the files and their rows."""
        files = list(dict.fromkeys(problem.file for problem in self._problems))
        return tuple(
            sorted(self._problems, key=lambda problem: (files.index(problem.file), problem.row))
        )

    # -- bookkeeping ---------------------------------------------------------------------------

    def _batches(
        self, what: str, items: Iterable[_Item | Quarantined | Folded]
    ) -> Iterator[list[_Item]]:
        """The records of one file, some hundreds at a time; everything else is accounted for here."""
        if what not in self._source.files:
            return
        self._tally = self._tallies[what] = _Tally(self._source.files[what])
        stream = iter(items)
        while taken := list(islice(stream, _BATCH)):
            self._rows_done += len(taken)
            self._progress.report(min(self._rows_done, self._expected), self._expected, _WHAT[what])
            batch: list[_Item] = []
            for item in taken:
                if isinstance(item, Quarantined):
                    self._leave_out(item.origin, item.sentence)
                elif isinstance(item, Folded):
                    self._tally.add("merged" if item.how == "merged" else "set_aside")
                else:
                    batch.append(item)
            if batch:
                yield batch

    def _leave_out(self, origin: Origin, sentence: str) -> None:
        self._tally.add("left_out")
        self._tell(origin, sentence, is_left_out=True)

    def _remark(self, origin: Origin, *sentences: str) -> None:
        for sentence in sentences:
            self._tell(origin, sentence, is_left_out=False)

    def _tell(self, origin: Origin, sentence: str, *, is_left_out: bool) -> None:
        if len(self._problems) < LISTED_AT_MOST:
            self._problems.append(ImportProblem(origin.file, origin.row, sentence, is_left_out))
        else:
            self.problems_unlisted += 1

    def _load(self, kind: _Kind) -> None:
        """Everything of this source that is on file already; what was merged, where it went on."""
        goes_on = "merged_into_id" if "merged_into" in kind.model._meta.fields else "NULL"
        for source, external_id, row_id, into in self._db.execute(
            f"SELECT external_source, external_id, id, {goes_on} FROM {kind.table}"
            " WHERE external_source IN (?, ?)",
            (self._source.kind, self._attached_source),
        ):
            kind.ids[external_id] = into or row_id
            if into or source == self._attached_source:
                kind.attached.add(external_id)

    @property
    def _attached_source(self) -> str:
        """Marks rows that were here before the source was: recognised, never overwritten."""
        return f"attached:{self._source.kind}"

    # -- records with an id of their own -------------------------------------------------------

    def _take_keyed(
        self,
        kind: _Kind,
        batch: Sequence[_Keyed],
        fields_of: Callable[[_Keyed], dict[str, Any]],
        once_of: Callable[[_Keyed], dict[str, Any]] = lambda _: {},
        beside_of: Callable[[_Keyed, int], str] = lambda _, __: "unchanged",
    ) -> list[tuple[_Keyed, str]]:
        """Insert what is new, update what changed; what became of each record, in order.

        `fields_of` is compared and written, `once_of` only written with a new row; `beside_of` looks
        after what belongs to a row already on file and says what became of that.
        """
        wanted = [(record, fields_of(record)) for record in batch]
        columns = tuple(dict.fromkeys(name for _, fields in wanted for name in fields))
        known = [kind.ids[r.external_id] for r in batch if kind.ids.get(r.external_id)]
        stored = self._stored(kind.table, columns, known)
        outcome: list[tuple[_Keyed, str]] = []
        arriving: list[dict[str, Any]] = []
        for record, fields in wanted:
            row_id = kind.ids.get(record.external_id)
            if row_id is None:
                becomes = "new"
                origin = {"external_source": self._source.kind, "external_id": record.external_id}
                arriving.append(once_of(record) | fields | origin)
                kind.ids[record.external_id] = 0
            elif record.external_id in kind.attached:
                becomes = "kept"
            else:
                becomes = _worse(
                    self._update(kind.model, kind.table, row_id, stored.get(row_id), fields),
                    beside_of(record, row_id),
                )
                if becomes == "kept":
                    self._remark(record.origin, _EDITED_HERE)
            self._tally.add(becomes)
            if becomes in ("new", "changed"):
                self._remark(record.origin, *record.notes)
            outcome.append((record, becomes))
        if self._writes and arriving:
            self._insert(kind.table, arriving)
            self._learn_ids(kind, [row["external_id"] for row in arriving])
        return outcome

    def _insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
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

    def _stored(
        self, table: str, columns: Sequence[str], ids: Sequence[int]
    ) -> dict[int, dict[str, Any]]:
        if not ids:
            return {}
        rows = self._db.rows(
            f"SELECT id, {', '.join(columns)} FROM {table}"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
        return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}

    def _update(
        self,
        model: type[Journalled],
        table: str,
        row_id: int,
        stored: Mapping[str, Any] | None,
        fields: Mapping[str, Any],
    ) -> str:
        """Bring one row up to date; "unchanged", "changed", or "kept" where a person has edited it."""
        if stored is None:
            return "unchanged"
        moved = {name: value for name, value in fields.items() if stored[name] != value}
        if not moved:
            return "unchanged"
        if not self._imported_last(table, row_id):
            return "kept"
        if self._writes:
            model.update(version=model.version + 1, **moved).where(model.id == row_id).execute()
        return "changed"

    def _imported_last(self, table: str, row_id: int) -> bool:
        """Whether the last hand on this row was an import's."""
        last = self._db.one(
            "SELECT o.kind, o.label FROM row_change r JOIN operation o ON o.id = r.operation_id"
            " WHERE r.table_name = ? AND r.row_id = ? ORDER BY r.id DESC LIMIT 1",
            (table, row_id),
        )
        return last is not None and last[0] == "change" and str(last[1]).startswith(LABEL)

    def _learn_ids(self, kind: _Kind, external_ids: Sequence[str]) -> None:
        kind.ids.update(
            self._db.rows(
                f"SELECT external_id, id FROM {kind.table} WHERE external_source = ?"
                " AND external_id IN (SELECT value FROM json_each(?))",
                (self._source.kind, json.dumps(external_ids)),
            )
        )

    # -- payers and providers ------------------------------------------------------------------

    def _take_payers(self, batch: Sequence[PayerRecord]) -> None:
        """A payer of the same name that is on file already is the same payer."""
        by_name = {
            str(name).casefold(): row_id
            for row_id, name in self._db.rows(
                "SELECT id, name FROM payer WHERE external_source IS NULL"
            )
        }
        arriving = []
        for record in batch:
            ours = by_name.get(record.name.casefold())
            if record.is_placeholder:
                self._tally.add("set_aside")
            elif ours is not None and record.external_id not in self._payers.ids:
                self._payers.ids[record.external_id] = ours
                self._tally.add("attached")
                self._mark_attached(Payer, ours, record.external_id)
            else:
                arriving.append(record)
        self._take_keyed(self._payers, arriving, _payer_fields)

    def _mark_attached(self, model: type[Payer | Patient], row_id: int, external_id: str) -> None:
        if self._writes:
            model.update(
                version=model.version + 1,
                external_source=self._attached_source,
                external_id=external_id,
            ).where((model.id == row_id) & model.external_source.is_null()).execute()

    def _provider_fields(self, record: ProviderRecord) -> dict[str, Any]:
        return {
            "family_name": record.family,
            "given_name": record.given,
            "credential": record.credential,
            "specialty": record.specialty,
            "npi": record.npi,
            "organization_id": self._reference(
                record, self._organizations, record.organization, "organization"
            ),
        }

    def _reference(
        self, record: ProviderRecord | VisitRecord, kind: _Kind, external_id: str, noun: str
    ) -> int | None:
        """Our id behind a foreign one, or None with a remark where nobody knows it."""
        if not external_id:
            return None
        if external_id not in kind.ids:
            self._remark(
                record.origin, f"It names an unknown {noun}, {external_id}; that was left blank."
            )
            return None
        return kind.ids[external_id]

    # -- patients ------------------------------------------------------------------------------

    def _take_patients(self, batch: Sequence[PatientRecord]) -> None:
        today = self._session.clock.today()
        for record in batch:
            if (
                record.birth_date
                and not record.deceased_on
                and PartialDate.from_iso(record.birth_date).age_on(today) < _ADULT_YEARS
            ):
                self._minors.add(record.external_id)
        new = [record for record in batch if record.external_id not in self._patients.ids]
        verdicts: dict[str, str] = {}
        for record, on_file, likeness in self._look_alikes.of(new):
            choice = self._choices.get(record.external_id, self._options.duplicates)
            self.duplicates.append(
                _duplicate(record, on_file, likeness.score, likeness.reasons, choice)
            )
            if choice is Choice.SKIP:
                self._skipped.add(record.external_id)
                verdicts[record.external_id] = "skipped"
                self._tally.add("skipped")
            elif choice is Choice.ATTACH:
                self._patients.ids[record.external_id] = on_file.id
                verdicts[record.external_id] = "attached"
                self._tally.add("attached")
                self._mark_attached(Patient, on_file.id, record.external_id)
        for record, becomes in self._take_people(
            [record for record in batch if record.external_id not in verdicts]
        ):
            verdicts[record.external_id] = becomes
        if len(self.samples) < _SAMPLES:
            self.samples += [
                _sample(record, verdicts[record.external_id])
                for record in batch[: _SAMPLES - len(self.samples)]
            ]

    def _take_people(self, batch: Sequence[PatientRecord]) -> list[tuple[PatientRecord, str]]:
        ids = self._patients.ids
        homes = self._homes([ids[r.external_id] for r in batch if ids.get(r.external_id)])

        def beside(record: PatientRecord, row_id: int) -> str:
            return self._update_home(record.address, homes.get(row_id), row_id)

        outcome = self._take_keyed(
            self._patients,
            batch,
            _patient_fields,
            self._first_filing,
            beside,
        )
        made = [record for record, becomes in outcome if becomes == "new"]
        self._write_contacts(made)
        return outcome

    def _first_filing(self, _record: PatientRecord) -> dict[str, Any]:
        number = next(self._charts) if self._writes else ""
        return {"chart_number": number, "status": "active"}

    def _homes(self, patient_ids: Sequence[int]) -> dict[int, tuple[int, Address]]:
        """The first home address of each patient, with its row's number."""
        if not patient_ids:
            return {}
        return {
            row[0]: (row[1], Address(*row[2:]))
            for row in self._db.rows(
                "SELECT patient_id, id, line1, line2, city, state, postal_code, country"
                " FROM patient_address WHERE kind = 'home'"
                " AND patient_id IN (SELECT value FROM json_each(?)) ORDER BY position DESC, id DESC",
                (json.dumps(patient_ids),),
            )
        }

    def _update_home(
        self, address: Address, on_file: tuple[int, Address] | None, patient_id: int
    ) -> str:
        if address == Address():
            return "unchanged"
        if on_file is None:
            if self._writes:
                PatientAddress.create(patient_id=patient_id, **_address_fields(address))
            return "changed"
        return self._update(
            PatientAddress,
            "patient_address",
            on_file[0],
            _address_fields(on_file[1]),
            _address_fields(address),
        )

    def _write_contacts(self, made: Sequence[PatientRecord]) -> None:
        """Addresses and phones of patients who have just been put on file."""
        if not self._writes:
            return
        ids = self._patients.ids
        self._just_made.update(ids[record.external_id] for record in made)
        addresses = [
            {"patient_id": ids[record.external_id], **_address_fields(record.address)}
            for record in made
            if record.address != Address()
        ]
        phones = [
            {"patient_id": ids[record.external_id], "number": record.phone}
            for record in made
            if record.phone
        ]
        self._insert("patient_address", addresses)
        self._insert("patient_phone", phones)

    # -- coverages -----------------------------------------------------------------------------

    def _take_coverages(self, batch: Sequence[CoverageRecord]) -> None:
        ids = self._patients.ids
        on_file = self._coverages_of(
            {
                ids[record.patient]
                for record in batch
                if ids.get(record.patient) and ids[record.patient] not in self._just_made
            }
        )
        arriving: list[dict[str, Any]] = []
        for record in batch:
            if record.patient in self._skipped:
                self._tally.add("skipped")
                continue
            unknown = self._unknown_in(record)
            if unknown:
                self._leave_out(record.origin, unknown)
                continue
            becomes = "unchanged"
            for fields in self._coverage_fields(record):
                one = self._take_coverage(fields, on_file, arriving)
                becomes = _worse(becomes, one)
                if one == "new" and fields["rank"] == "secondary":
                    self.secondary += 1
            self._tally.add(becomes)
            if becomes == "kept":
                self._remark(record.origin, _EDITED_HERE)
            elif becomes != "unchanged":
                self._remark(record.origin, *record.notes)
            if record.is_guardian and record.patient in self._minors:
                known = self._guardians.get(record.patient)
                if known is None or (known.starts_on or _NEVER) <= (record.starts_on or _NEVER):
                    self._guardians[record.patient] = record
        if self._writes:
            self._insert("coverage", arriving)

    def _unknown_in(self, record: CoverageRecord) -> str:
        if record.patient not in self._patients.ids:
            return _no_such_patient(record.patient)
        for payer in (record.payer, record.secondary_payer):
            if payer and payer not in self._payers.ids:
                return f"It names an unknown payer, {payer}."
        return ""

    def _coverage_fields(self, record: CoverageRecord) -> Iterator[dict[str, Any]]:
        """The coverage, and the one with the second payer where there is one."""
        fields: dict[str, Any] = {
            "patient_id": self._patients.ids[record.patient],
            "payer_id": self._payers.ids[record.payer],
            "rank": "primary",
            "member_id": record.member_id,
            "subscriber_relation": record.relation,
            "subscriber_name": record.subscriber_name,
            "starts_on": record.starts_on.isoformat() if record.starts_on else None,
            "ends_on": record.ends_on.isoformat() if record.ends_on else None,
        }
        yield fields
        if record.secondary_payer:
            yield fields | {
                "payer_id": self._payers.ids[record.secondary_payer],
                "rank": "secondary",
                "member_id": "",  # the file gives one number, the primary payer's
            }

    def _take_coverage(
        self,
        fields: dict[str, Any],
        on_file: Mapping[tuple[Any, ...], dict[str, Any]],
        arriving: list[dict[str, Any]],
    ) -> str:
        stored = on_file.get(_policy(fields))
        if stored is None:
            arriving.append(fields)
            return "new"
        return self._update(Coverage, "coverage", stored["id"], stored, fields)

    def _coverages_of(self, patient_ids: set[int]) -> dict[tuple[Any, ...], dict[str, Any]]:
        """Coverages have no foreign id: a policy is known by patient, payer, rank, number, start."""
        if not patient_ids:
            return {}
        columns = (
            "id", "patient_id", "payer_id", "rank", "member_id", "starts_on", "ends_on",
            "subscriber_relation", "subscriber_name",
        )  # fmt: skip
        rows = self._db.rows(
            f"SELECT {', '.join(columns)} FROM coverage"
            " WHERE patient_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(patient_ids)),),
        )
        stored = (dict(zip(columns, row, strict=True)) for row in rows)
        return {_policy(fields): fields for fields in stored}

    def _take_guardians(self) -> None:
        """Who holds a minor's latest policy as guardian is set down as her guarantor.

        A minor owes nothing herself. Where somebody is guarantor already, that stands.
        """
        for external_id, record in self._guardians.items():
            patient_id = self._patients.ids[external_id]
            if patient_id and self._db.value(
                "SELECT 1 FROM related_person WHERE patient_id = ? AND (is_guarantor OR name = ?)",
                (patient_id, record.subscriber_name),
            ):
                continue
            self.guarantors += 1
            if self._writes:
                RelatedPerson.create(
                    patient_id=patient_id,
                    relation="guardian",
                    name=record.subscriber_name,
                    is_guarantor=True,
                )

    # -- visits --------------------------------------------------------------------------------

    def _take_visits(self, batch: Sequence[VisitRecord]) -> None:
        arriving = []
        for record in batch:
            if record.patient in self._skipped:
                self._tally.add("skipped")
            elif record.patient not in self._patients.ids:
                self._leave_out(record.origin, _no_such_patient(record.patient))
            else:
                arriving.append(record)
        self._take_keyed(self._visits, arriving, self._visit_fields)

    def _visit_fields(self, record: VisitRecord) -> dict[str, Any]:
        return {
            "patient_id": self._patients.ids[record.patient],
            "provider_id": self._reference(record, self._providers, record.provider, "provider"),
            "organization_id": self._reference(
                record, self._organizations, record.organization, "organization"
            ),
            "payer_id": self._reference(record, self._payers, record.payer, "payer"),
            "starts_at": record.starts_at.strftime("%Y-%m-%dT%H:%M"),
            "duration_min": record.duration_min,
            "kind": record.kind,
            "description": record.description,
        }


def _no_such_patient(external_id: str) -> str:
    return f"Its patient was left out or is not among the patients: {external_id}."


_NEVER = date(1, 1, 1)
_RANKING = ("unchanged", "kept", "changed", "new")


def _worse(one: str, two: str) -> str:
    """Of two things that became of one row, the one that says more."""
    return max(one, two, key=_RANKING.index)


def _policy(fields: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(
        fields[name] for name in ("patient_id", "payer_id", "rank", "member_id", "starts_on")
    )


def _address_fields(address: Address) -> dict[str, Any]:
    return {
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state": address.state,
        "postal_code": address.postal_code,
        "country": address.country,
    }


def _place_fields(address: Address) -> dict[str, Any]:
    """An address as organizations and payers keep it: without a country."""
    fields = _address_fields(address)
    del fields["country"]
    return fields


def _organization_fields(record: OrganizationRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "kind": record.kind,
        "npi": record.npi,
        "phone": record.phone,
        **_place_fields(record.address),
    }


def _payer_fields(record: PayerRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "payer_number": record.payer_number,
        "phone": record.phone,
        **_place_fields(record.address),
    }


def _patient_fields(record: PatientRecord) -> dict[str, Any]:
    return {
        "family_name": record.family,
        "given_name": record.given,
        "middle_name": record.middle,
        "name_prefix": record.prefix,
        "name_suffix": record.suffix,
        "former_name": record.former,
        "sex": record.sex,
        "birth_date": record.birth_date or None,
        "ssn": record.ssn,
        "marital_status": record.marital_status,
        "language": record.language,
        "email": record.email,
        "deceased_on": record.deceased_on or None,
    } | _life(record)


def _life(record: PatientRecord) -> dict[str, Any]:
    """A death changes the status of a file; being alive does not wake an archived one."""
    return {"status": "deceased"} if record.deceased_on else {}


def _duplicate(
    record: PatientRecord,
    on_file: OnFile,
    score: int,
    reasons: Sequence[str],
    choice: Choice,
) -> DuplicateRow:
    return DuplicateRow(
        record.external_id,
        record.origin.file,
        record.origin.row,
        _name(record).listed,
        record.birth_date,
        on_file.id,
        on_file.shown,
        ", ".join(reasons),
        score,
        choice,
    )


def _sample(record: PatientRecord, becomes: str) -> SampleRow:
    place = ", ".join(part for part in (record.address.city, record.address.state) if part)
    return SampleRow(
        record.origin.row, _name(record).listed, record.birth_date, record.sex, place, becomes
    )


def _name(record: PatientRecord) -> PersonName:
    return PersonName(record.family, record.given, record.middle, record.prefix, record.suffix)
