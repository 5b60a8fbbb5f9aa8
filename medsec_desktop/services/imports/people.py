"""Taking in patients: who they are, how they are reached, what the practice keeps of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import PersonName, fold
from medsec_desktop.exchange.records import PatientRecord
from medsec_desktop.models import Patient
from medsec_desktop.services.imports.contacts import (
    Contacts,
    Reached,
    address_fields,
    phone_fields,
)
from medsec_desktop.services.imports.custom import CustomValues
from medsec_desktop.services.imports.known import EDITED_HERE, Known, Outcome, Shelf, worse
from medsec_desktop.services.imports.lookalikes import LookAlikes
from medsec_desktop.services.imports.report import Choice, DuplicateRow, ImportOptions, PersonRow
from medsec_desktop.services.imports.tally import Account
from medsec_desktop.services.patients import DuplicateHit, chart_numbers
from medsec_desktop.store.database import Database
from medsec_desktop.store.first_rows import FirstRows

_WHAT = "patients"
_COLUMNS = {  # as a person calls them
    "family_name": "Family name", "given_name": "Given name", "middle_name": "Middle name",
    "name_prefix": "Title", "name_suffix": "Suffix", "preferred_name": "Preferred name",
    "former_name": "Former name", "pronouns": "Pronouns", "sex": "Sex", "gender": "Gender",
    "birth_date": "Date of birth", "ssn": "SSN", "marital_status": "Marital status",
    "language": "Language", "needs_interpreter": "Interpreter", "email": "E-mail",
    "contact_preference": "Contact preference", "employer": "Employer",
    "deceased_on": "Date of death", "status": "Status", "note": "Note",
    "primary_provider_id": "Primary provider",
    "line1": "Street", "line2": "Street, second line", "city": "City", "state": "State",
    "postal_code": "ZIP", "country": "Country",
}  # fmt: skip


class PeopleTaking:
    """Takes batches of patients; `ids` knows them afterwards, `skipped` names who stayed out."""

    def __init__(
        self,
        db: Database,
        known: Known,
        account: Account,
        look_alikes: LookAlikes,
        custom: CustomValues,
        formats: Formats,
        options: ImportOptions,
        choices: Mapping[str, Choice],
        chart_mask: str,
        *,
        stands_alone: bool,
        knows_ids: bool,
    ):
        """`stands_alone`: nothing else in the source refers to its patients, so that no more of
        them is kept in mind than one batch."""
        self._db = db
        self._known = known
        self._account = account
        self._look_alikes = look_alikes
        self._custom = custom
        self._formats = formats
        self._options = options
        self._choices = choices
        self._charts = chart_numbers(db, chart_mask)
        self._reach = Contacts(db, known)
        self._stands_alone = stands_alone
        self._knows_ids = knows_ids
        self.shelf = Shelf(Patient, "patient")
        self.just_made: set[int] = set()  # who have nothing on file yet
        self.skipped: set[str] = set()
        self.duplicates: list[DuplicateRow] = []
        self.provider_ids: Mapping[str, int] = {}

    def begin(self) -> None:
        """The first batch comes; whatever happens then, `end` is to be called."""
        self._seen, self._charts_given = FirstRows(), FirstRows()
        if not self._stands_alone:
            self._known.load(self.shelf)

    def end(self) -> None:
        """No more batches come."""
        self._seen.close()
        self._charts_given.close()

    def take(self, batch: Sequence[PatientRecord]) -> list[PatientRecord]:
        """What became of each; gives those whose policies and people are to be looked at."""
        if self._stands_alone:
            self.shelf.forget()
            self.just_made.clear()
            self.skipped.clear()
            self._known.look_up(self.shelf, [record.external_id for record in batch])
        rest = [self._tidied(record) for record in self._each_once(batch)]
        rest = self._without_strangers(rest)
        verdicts = self._settle_look_alikes(rest)
        rest = [record for record in rest if record.external_id not in self.skipped]
        for record, outcome, details in self._file(
            [record for record in rest if record.external_id not in verdicts]
        ):
            verdicts[record.external_id] = outcome, details
        for record in rest:
            becomes, details = verdicts[record.external_id]
            self._account.person(_person(record, becomes, details))
        return rest

    # -- who they are --------------------------------------------------------------------------

    def _each_once(self, batch: Sequence[PatientRecord]) -> Iterator[PatientRecord]:
        for record in batch:
            first = self._seen.first(record.external_id, record.origin.row)
            if first != record.origin.row:
                same = "Its number" if self._knows_ids else "The same name and date of birth"
                self._account.leave_out(
                    _WHAT,
                    record.origin,
                    f"{same} stands in row {first} already; one row a person is taken.",
                )
                continue
            yield record

    def _without_strangers(self, batch: Sequence[PatientRecord]) -> list[PatientRecord]:
        """A number that belongs to somebody else here would overwrite her: such a row stays out."""
        if not self._knows_ids:
            return list(batch)
        ids = self.shelf.ids
        hers = self._known.stored(
            "patient",
            ("family_name", "given_name", "former_name", "birth_date", "chart_number"),
            [ids[record.external_id] for record in batch if ids.get(record.external_id)],
        )
        kept = []
        for record in batch:
            stored = hers.get(ids.get(record.external_id, 0))
            if stored is not None and _is_somebody_else(record, stored):
                self._account.leave_out(
                    _WHAT,
                    record.origin,
                    f"Its number is that of {stored['family_name']}, {stored['given_name']} (chart"
                    f" {stored['chart_number']}), imported earlier, who has another name and date of"
                    " birth. Is the file from another program?",
                )
            else:
                kept.append(record)
        return kept

    def _settle_look_alikes(self, batch: Sequence[PatientRecord]) -> dict[str, tuple[str, str]]:
        new = [record for record in batch if record.external_id not in self.shelf.ids]
        verdicts: dict[str, tuple[str, str]] = {}
        for record, hit in self._look_alikes.of(new):
            choice = self._choices.get(record.external_id, self._options.duplicates)
            self.duplicates.append(_duplicate(record, hit, choice))
            shown = f"{hit.hit.name.listed}, chart {hit.hit.chart_number}"
            if choice is Choice.SKIP:
                self.skipped.add(record.external_id)
                self._account.add(_WHAT, "skipped")
                self._account.person(_person(record, "skipped", f"May be {shown}"))
            elif choice is Choice.ATTACH:
                self.shelf.ids[record.external_id] = hit.hit.id
                self._known.mark_attached(Patient, hit.hit.id, record.external_id)
                details = self._merge_into(record, hit.hit.id)
                self._account.add(_WHAT, "attached")
                verdicts[record.external_id] = "attached", " · ".join([shown, *details])
        return verdicts

    # -- filing them ---------------------------------------------------------------------------

    def _file(self, batch: Sequence[PatientRecord]) -> list[tuple[PatientRecord, str, str]]:
        ids = self.shelf.ids
        on_file = [ids[r.external_id] for r in batch if ids.get(r.external_id)]
        stored = self._known.stored("patient", tuple(_COLUMNS)[:22], on_file)
        contacts = self._reach.of(on_file)
        arriving: list[PatientRecord] = []
        outcomes: list[tuple[PatientRecord, str, str]] = []
        for record in batch:
            row_id = ids.get(record.external_id)
            details: list[str] = []
            if row_id is None:
                becomes = "new"
                ids[record.external_id] = 0
                arriving.append(record)
            elif record.external_id in self.shelf.attached:
                becomes = "kept"
            else:
                becomes, details = self._bring_up_to_date(record, row_id, stored, contacts)
            self._account.add(_WHAT, becomes)
            if becomes in ("new", "changed"):
                self._account.remark(record.origin, *record.notes)
            if becomes == "kept" and record.external_id not in self.shelf.attached:
                self._account.remark(record.origin, EDITED_HERE)
            outcomes.append((record, becomes, " · ".join(details)))
        self._register(arriving)
        return outcomes

    def _register(self, arriving: Sequence[PatientRecord]) -> None:
        """Put on file who is new, with everything that belongs to her."""
        charts = self._chart_numbers(arriving)
        providers = [self._provider(record, is_told=True) for record in arriving]
        for record in arriving:
            self._custom.learn(record)
        if not (self._known.writes and arriving):
            return
        self._known.insert(
            "patient",
            [
                _patient_fields(record, provider)
                | {
                    "chart_number": chart,
                    "external_source": self._known.source,
                    "external_id": record.external_id,
                }
                for record, chart, provider in zip(arriving, charts, providers, strict=True)
            ],
        )
        self._known.learn(self.shelf, [record.external_id for record in arriving])
        ids = self.shelf.ids
        self.just_made.update(ids[record.external_id] for record in arriving)
        self._known.insert(
            "patient_address",
            [
                {"patient_id": ids[record.external_id], "position": place, **address_fields(one)}
                for record in arriving
                for place, one in enumerate(record.addresses)
            ],
        )
        self._known.insert(
            "patient_phone",
            [
                {"patient_id": ids[record.external_id], "position": place, **phone_fields(one)}
                for record in arriving
                for place, one in enumerate(record.phones)
            ],
        )
        self._custom.write([(record, ids[record.external_id]) for record in arriving])

    def _bring_up_to_date(
        self,
        record: PatientRecord,
        row_id: int,
        stored: Mapping[int, Mapping[str, Any]],
        contacts: Mapping[int, Reached],
    ) -> tuple[str, list[str]]:
        fields = _patient_fields(record, self._provider(record, is_told=False))
        if not (record.deceased_on or record.is_deceased or record.is_inactive):
            del fields["status"]  # being alive does not wake an archived file
        outcome = self._known.update(Patient, row_id, stored.get(row_id), fields)
        parts = [(outcome, "")]
        reached = contacts.get(row_id, Reached([], []))
        parts += [self._reach.one_address(one, row_id, reached) for one in record.addresses]
        parts += [self._reach.one_phone(one, row_id, reached) for one in record.phones]
        parts += [(one, "") for one in self._custom.update(record, row_id)]
        becomes = "unchanged"
        details = []
        for part, prefix in parts:
            becomes = worse(becomes, part.becomes)
            if part.becomes == "changed":
                details += [f"{prefix}{words}" for words in self._words(part)]
        return becomes, details

    def _merge_into(self, record: PatientRecord, patient_id: int) -> list[str]:
        """What a file here does not say yet is taken from the record; what it says stays."""
        stored = self._known.stored("patient", tuple(_COLUMNS)[:22], [patient_id])[patient_id]
        fields = _patient_fields(record, self._provider(record, is_told=False))
        del fields["status"]
        parts = [(self._known.fill(Patient, patient_id, stored, fields), "")]
        reached = self._reach.of([patient_id]).get(patient_id, Reached([], []))
        for address in record.addresses:
            if not any(one.kind == address.kind for _, one in reached.addresses):
                parts.append(self._reach.one_address(address, patient_id, reached))
        for phone in record.phones:
            if all(number != phone.number for _, _, number in reached.phones):
                parts.append((self._reach.add_phone(phone, patient_id), ""))
        parts += [(one, "") for one in self._custom.fill(record, patient_id)]
        self._account.remark(record.origin, *record.notes)
        return [
            f"{prefix}{words}"
            for part, prefix in parts
            if part.becomes == "changed"
            for words in self._words(part)
        ]

    # -- what a record needs from here ----------------------------------------------------------

    def _tidied(self, record: PatientRecord) -> PatientRecord:
        """Phones as they are stored here, each number once."""
        phones = {
            number: replace(phone, number=number)
            for phone in reversed(record.phones)
            if (number := self._formats.parse_phone(phone.number))
        }
        return replace(record, phones=tuple(reversed(phones.values())))

    def _chart_numbers(self, arriving: Sequence[PatientRecord]) -> list[str]:
        wanted = [record.chart_number for record in arriving if record.chart_number]
        taken = {
            number
            for (number,) in self._db.rows(
                "SELECT chart_number FROM patient"
                " WHERE chart_number IN (SELECT value FROM json_each(?))",
                (json.dumps(wanted),),
            )
        }
        given = []
        for record in arriving:
            number = record.chart_number
            if number and (number in taken or number in self._charts_given):
                self._account.remark(
                    record.origin, f"Chart number {number} is taken; the next free one is given."
                )
                number = ""
            if not number and self._known.writes:
                number = next(self._charts)
                while number in self._charts_given:
                    number = next(self._charts)
            if record.chart_number:
                self._charts_given.first(number, record.origin.row)
            given.append(number)
        return given

    def _provider(self, record: PatientRecord, *, is_told: bool) -> int | None:
        named = record.primary_provider
        if not named:
            return None
        found = self.provider_ids.get(named) or self.provider_ids.get(fold(named))
        if found is None and is_told:
            self._account.remark(
                record.origin,
                f"The primary provider, “{named[:60]}”, is not in the directory; left blank.",
            )
        return found or None

    def _words(self, outcome: Outcome) -> Iterator[str]:
        """The fields that moved, as a person calls them, before and after."""
        for name, (before, after) in outcome.moved.items():
            if name == "ssn":
                yield "SSN: changed" if before else "SSN: added"
                continue
            label = "Phone" if name == "number" else _COLUMNS.get(name, name)
            old, new = self._shown(name, before), self._shown(name, after)
            yield f"{label}: {old} → {new}" if old else f"{label}: {new} added"

    def _shown(self, name: str, value: Any) -> str:
        if name == "number":
            return self._formats.phone(str(value)) if value else ""
        if name in ("birth_date", "deceased_on") and value and len(str(value)) == 10:
            return self._formats.date(date.fromisoformat(str(value)))
        if name == "primary_provider_id":
            return "another" if value else ""
        return "" if value in (None, "U", 0) else str(value)


def name_of(record: PatientRecord) -> PersonName:
    """The name as lists show it."""
    return PersonName(
        record.family,
        record.given,
        record.middle,
        record.prefix,
        record.suffix,
        record.preferred,
    )


def _patient_fields(record: PatientRecord, provider_id: int | None) -> dict[str, Any]:
    status = "active"
    if record.deceased_on or record.is_deceased:
        status = "deceased"
    elif record.is_inactive:
        status = "inactive"
    return {
        "family_name": record.family,
        "given_name": record.given,
        "middle_name": record.middle,
        "name_prefix": record.prefix,
        "name_suffix": record.suffix,
        "preferred_name": record.preferred,
        "former_name": record.former,
        "pronouns": record.pronouns,
        "sex": record.sex,
        "gender": record.gender,
        "birth_date": record.birth_date or None,
        "ssn": record.ssn,
        "marital_status": record.marital_status,
        "language": record.language,
        "needs_interpreter": int(record.needs_interpreter),
        "email": record.email,
        "contact_preference": record.contact_preference,
        "employer": record.employer,
        "deceased_on": record.deceased_on or None,
        "status": status,
        "note": record.note,
        "primary_provider_id": provider_id,
    }


def _is_somebody_else(record: PatientRecord, stored: Mapping[str, Any]) -> bool:
    """Neither a name nor the date of birth agrees; a marriage or a mended date changes one of them."""
    hers = {fold(stored[name]) for name in ("family_name", "given_name", "former_name")} - {""}
    mine = {fold(name) for name in (record.family, record.given, record.former)} - {""}
    return not mine & hers and record.birth_date != (stored["birth_date"] or "")


def _duplicate(record: PatientRecord, hit: DuplicateHit, choice: Choice) -> DuplicateRow:
    return DuplicateRow(
        record.external_id,
        record.origin.file,
        record.origin.row,
        name_of(record).listed,
        record.birth_date,
        hit.hit.id,
        f"{hit.hit.name.listed}, chart {hit.hit.chart_number}",
        ", ".join(hit.reasons),
        hit.score,
        choice,
    )


def _person(record: PatientRecord, becomes: str, details: str) -> PersonRow:
    home = record.home
    place = ", ".join(part for part in (home.city, home.state) if part)
    return PersonRow(
        record.origin.row,
        name_of(record).listed,
        record.birth_date,
        record.sex,
        place,
        becomes,
        details,
    )
