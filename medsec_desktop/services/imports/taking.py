"""One pass over a foreign source: what each record becomes here, and in a real run its writing.

A preview and a run take the very same decisions; only the run writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from medsec_desktop.domain.people import PartialDate, fold
from medsec_desktop.exchange.quarantine import Folded, Quarantined
from medsec_desktop.exchange.records import (
    ForeignSource,
    OrganizationRecord,
    PatientRecord,
    PayerRecord,
    ProviderRecord,
    VisitRecord,
)
from medsec_desktop.models import Encounter, Organization, Payer, Provider
from medsec_desktop.services.imports.appointments import AppointmentTaking
from medsec_desktop.services.imports.custom import CustomValues
from medsec_desktop.services.imports.known import EDITED_HERE, LABEL, Known, Shelf
from medsec_desktop.services.imports.lookalikes import LookAlikes
from medsec_desktop.services.imports.people import PeopleTaking
from medsec_desktop.services.imports.policies import (
    PolicyTaking,
    RelatedTaking,
    no_such_patient,
    place_fields,
)
from medsec_desktop.services.imports.report import Choice, ImportOptions
from medsec_desktop.services.imports.tally import Account
from medsec_desktop.services.patients import Patients
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.progress import Progress
from medsec_desktop.services.session import Session

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import Calendar

__all__ = ["LABEL", "Taking"]

_BATCH = 500
_ADULT_YEARS = 18
_DOING = {
    "organizations": "Organizations", "payers": "Payers", "providers": "Providers",
    "patients": "Patients", "people": "People around them", "coverages": "Coverages",
    "visits": "Visits", "appointments": "Appointments",
}  # fmt: skip
# What refers to patients by their id, so that all of them are to be kept in mind.
_REFERRING = frozenset({"people", "coverages", "visits", "appointments"})

_Item = TypeVar("_Item")
_Keyed = TypeVar("_Keyed", OrganizationRecord, PayerRecord, ProviderRecord, VisitRecord)


class Taking:
    """Everything one pass finds; `go()` runs it."""

    def __init__(
        self,
        session: Session,
        practice: Practice,
        source: ForeignSource,
        options: ImportOptions,
        choices: Mapping[str, Choice],
        progress: Progress,
        rows_expected: int,
        calendar: Callable[[], Calendar] | None,
        *,
        writes: bool,
    ):
        db = session.db
        self._session = session
        self._db = db
        self._source = source
        self._progress = progress
        self._expected = rows_expected
        self._writes = writes
        self.account = Account()
        self._known = Known(db, source.kind, writes=writes)
        self._organizations = Shelf(Organization, "organization")
        self._payers = Shelf(Payer, "payer")
        self._providers = Shelf(Provider, "provider")
        self._visits = Shelf(Encounter, "encounter")
        self._minors: set[str] = set()
        files = source.files
        formats, today = practice.formats, session.clock.today()
        self._people = PeopleTaking(
            db,
            self._known,
            self.account,
            LookAlikes(db, Patients(session, practice), source.kind, knows_ids=source.knows_ids),
            CustomValues(db, self._known, self.account, formats, today),
            formats,
            options,
            choices,
            practice.get(settings.CHART_MASK),
            stands_alone=not _REFERRING & set(files),
            knows_ids=source.knows_ids,
        )
        self._related = RelatedTaking(db, self._known, self.account, self._people, formats)
        self._policies = PolicyTaking(
            db,
            self._known,
            self.account,
            self._people,
            self._payers,
            files.get("payers", files.get("patients", "")),
            self._minors.__contains__,
        )
        self._appointments = AppointmentTaking(
            session,
            practice,
            calendar,
            self.account,
            self._known,
            self._people.shelf,
            source,
            options,
        )
        self._rows_done = 0

    def go(self) -> None:
        """Take every file in the order in which they refer to each other; once."""
        self._people.begin()
        try:
            self._take_all()
        finally:
            self._people.end()

    def _take_all(self) -> None:
        for shelf in (self._organizations, self._payers, self._providers):
            self._known.load(shelf)
        for places in self._batches("organizations", self._source.organizations()):
            self._take_keyed("organizations", self._organizations, places, _organization_fields)
        for payers in self._batches("payers", self._source.payers()):
            self._take_payers(payers)
        for providers in self._batches("providers", self._source.providers()):
            self._take_providers(providers)
        self._people.provider_ids = self._providers_by_name()
        for patients in self._batches("patients", self._source.patients()):
            self._take_patients(patients)
        for people in self._batches("people", self._source.people()):
            self._related.take(people)
        for coverages in self._batches("coverages", self._source.coverages()):
            self._policies.take(coverages)
        self._policies.take_guardians()
        if "visits" in self._source.files:
            self._known.load(self._visits)
        for visits in self._batches("visits", self._source.visits()):
            self._take_visits(visits)
        for agreed in self._batches("appointments", self._source.appointments()):
            self._appointments.take(agreed, self._providers.ids)

    @property
    def duplicates(self) -> tuple[Any, ...]:
        return tuple(self._people.duplicates)

    @property
    def secondary(self) -> int:
        return self._policies.secondary

    @property
    def guarantors(self) -> int:
        return self._policies.guarantors

    # -- bookkeeping ---------------------------------------------------------------------------

    def _batches(
        self, what: str, items: Iterable[_Item | Quarantined | Folded]
    ) -> Iterator[list[_Item]]:
        """The records of one file, some hundreds at a time; everything else is accounted for here."""
        if what not in self._source.files:
            return
        self.account.begin(what, self._source.files[what])
        stream = iter(items)
        while taken := list(islice(stream, _BATCH)):
            batch: list[_Item] = []
            for item in taken:
                if isinstance(item, Quarantined):
                    self.account.leave_out(what, item.origin, item.sentence, item.field)
                elif isinstance(item, Folded):
                    self.account.add(what, "merged" if item.how == "merged" else "set_aside")
                else:
                    batch.append(item)
            if batch:
                yield batch
            self._rows_done += len(taken)
            self._progress.report(
                min(self._rows_done, self._expected), self._expected, _DOING[what]
            )

    # -- records with an id of their own -------------------------------------------------------

    def _take_keyed(
        self,
        what: str,
        shelf: Shelf,
        batch: Sequence[_Keyed],
        fields_of: Callable[[_Keyed], dict[str, Any]],
    ) -> None:
        """Insert what is new, update what changed."""
        wanted = [(record, fields_of(record)) for record in batch]
        columns = tuple(dict.fromkeys(name for _, fields in wanted for name in fields))
        known = [shelf.ids[r.external_id] for r in batch if shelf.ids.get(r.external_id)]
        stored = self._known.stored(shelf.table, columns, known)
        arriving: list[dict[str, Any]] = []
        for record, fields in wanted:
            row_id = shelf.ids.get(record.external_id)
            if row_id is None:
                becomes = "new"
                origin = {"external_source": self._known.source, "external_id": record.external_id}
                arriving.append(fields | origin)
                shelf.ids[record.external_id] = 0
            elif record.external_id in shelf.attached:
                becomes = "kept"
            else:
                becomes = self._known.update(
                    shelf.model, row_id, stored.get(row_id), fields
                ).becomes
                if becomes == "kept":
                    self.account.remark(record.origin, EDITED_HERE)
            self.account.add(what, becomes)
            if becomes in ("new", "changed"):
                self.account.remark(record.origin, *record.notes)
        if self._writes and arriving:
            self._known.insert(shelf.table, arriving)
            self._known.learn(shelf, [row["external_id"] for row in arriving])

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
                self.account.add("payers", "set_aside")
            elif ours is not None and record.external_id not in self._payers.ids:
                self._payers.ids[record.external_id] = ours
                self.account.add("payers", "attached")
                self._known.mark_attached(Payer, ours, record.external_id)
            else:
                arriving.append(record)
        self._take_keyed("payers", self._payers, arriving, _payer_fields)

    def _take_providers(self, batch: Sequence[ProviderRecord]) -> None:
        """A provider of the same NPI, or of the same whole name, is the same provider."""
        by_npi: dict[str, int] = {}
        by_name: dict[str, int] = {}
        for row_id, npi, family, given in self._db.rows(
            "SELECT id, npi, family_name, given_name FROM provider WHERE external_source IS NULL"
        ):
            by_name[fold(f"{family} {given}")] = row_id
            if npi:
                by_npi[npi] = row_id
        arriving = []
        for record in batch:
            ours = by_npi.get(record.npi) or by_name.get(fold(f"{record.family} {record.given}"))
            if ours is not None and record.external_id not in self._providers.ids:
                self._providers.ids[record.external_id] = ours
                self.account.add("providers", "attached")
                self._known.mark_attached(Provider, ours, record.external_id)
            else:
                arriving.append(record)
        self._take_keyed("providers", self._providers, arriving, self._provider_fields)

    def _provider_fields(self, record: ProviderRecord) -> dict[str, Any]:
        return {
            "family_name": record.family,
            "given_name": record.given,
            "credential": record.credential,
            "specialty": record.specialty,
            "npi": record.npi,
            "phone": record.phone,
            "fax": record.fax,
            "email": record.email,
            **place_fields(record.address),
            "organization_id": self._reference(
                record, self._organizations, record.organization, "organization"
            ),
        }

    def _providers_by_name(self) -> dict[str, int]:
        """Providers by the id the source gives them, and by every way their name is written."""
        found: dict[str, int] = {}
        for row_id, family, given in self._db.rows(
            "SELECT id, family_name, given_name FROM provider"
        ):
            for words in (f"{given} {family}", f"{family} {given}", f"dr {family}", family):
                key = fold(words)
                found[key] = 0 if found.get(key, row_id) != row_id else row_id
        return {**found, **self._providers.ids}

    def _reference(
        self, record: ProviderRecord | VisitRecord, shelf: Shelf, external_id: str, noun: str
    ) -> int | None:
        """Our id behind a foreign one, or None with a remark where nobody knows it."""
        if not external_id:
            return None
        if external_id not in shelf.ids:
            self.account.remark(
                record.origin, f"It names an unknown {noun}, {external_id}; that was left blank."
            )
            return None
        return shelf.ids[external_id]

    # -- patients and their visits -------------------------------------------------------------

    def _take_patients(self, batch: Sequence[PatientRecord]) -> None:
        """Patients, then the policies and people that came along in their rows."""
        if "coverages" in self._source.files:
            self._minors.update(r.external_id for r in batch if self._is_minor(r))
        filed = self._people.take(batch)
        file = self._source.files["patients"]
        people = [one for record in filed for one in record.people]
        policies = [one for record in filed for one in record.policies]
        if people:
            self.account.begin("people", file)
            self._related.take(people)
        if policies:
            self.account.begin("coverages", file)
            self._policies.take(policies)

    def _is_minor(self, record: PatientRecord) -> bool:
        if not record.birth_date or record.deceased_on:
            return False
        today = self._session.clock.today()
        return PartialDate.from_iso(record.birth_date).age_on(today) < _ADULT_YEARS

    def _take_visits(self, batch: Sequence[VisitRecord]) -> None:
        arriving = []
        for record in batch:
            if record.patient in self._people.skipped:
                self.account.add("visits", "skipped")
            elif record.patient not in self._people.shelf.ids:
                self.account.leave_out("visits", record.origin, no_such_patient(record.patient))
            else:
                arriving.append(record)
        self._take_keyed("visits", self._visits, arriving, self._visit_fields)

    def _visit_fields(self, record: VisitRecord) -> dict[str, Any]:
        return {
            "patient_id": self._people.shelf.ids[record.patient],
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


def _organization_fields(record: OrganizationRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "kind": record.kind,
        "npi": record.npi,
        "phone": record.phone,
        **place_fields(record.address),
    }


def _payer_fields(record: PayerRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "payer_number": record.payer_number,
        "phone": record.phone,
        **place_fields(record.address),
    }
