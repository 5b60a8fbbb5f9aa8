"""Taking in who pays and who stands around a patient: policies, guarantors, contacts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import fold
from medsec_desktop.exchange.records import Address, CoverageRecord, RelatedRecord
from medsec_desktop.models import Coverage, Payer, RelatedPerson
from medsec_desktop.services.imports.known import EDITED_HERE, Known, Shelf, worse
from medsec_desktop.services.imports.people import PeopleTaking
from medsec_desktop.services.imports.tally import Account
from medsec_desktop.store.database import Database

_WHAT = "coverages"
_NEVER = date(1, 1, 1)
_KEY = ("patient_id", "payer_id", "rank", "member_id", "starts_on")


class PolicyTaking:
    """Takes batches of coverages; the payer is one of the source's, or known by its name."""

    def __init__(
        self,
        db: Database,
        known: Known,
        account: Account,
        people: PeopleTaking,
        payers: Shelf,
        payers_file: str,
        is_minor: Callable[[str], bool],
    ):
        self._db = db
        self._known = known
        self._account = account
        self._people = people
        self._payers = payers
        self._payers_file = payers_file
        self._is_minor = is_minor
        self._payers_by_name: dict[str, int] | None = None
        self._guardians: dict[str, CoverageRecord] = {}
        self.secondary = 0
        self.guarantors = 0

    def take(self, batch: Sequence[CoverageRecord]) -> None:
        ids = self._people.shelf.ids
        on_file = self._on_file(
            {
                ids[record.patient]
                for record in batch
                if ids.get(record.patient) and ids[record.patient] not in self._people.just_made
            }
        )
        arriving: list[dict[str, Any]] = []
        for record in batch:
            if record.patient in self._people.skipped:
                self._account.add(_WHAT, "skipped")
                continue
            unknown = self._unknown_in(record)
            if unknown:
                self._account.leave_out(_WHAT, record.origin, unknown)
                continue
            becomes = "unchanged"
            for fields in self._fields(record):
                one = self._one(fields, on_file, arriving)
                becomes = worse(becomes, one)
                if one == "new" and fields["rank"] == "secondary":
                    self.secondary += 1
            self._account.add(_WHAT, becomes)
            if becomes == "kept":
                self._account.remark(record.origin, EDITED_HERE)
            elif becomes != "unchanged":
                self._account.remark(record.origin, *record.notes)
            self._note_guardian(record)
        if self._known.writes:
            self._known.insert("coverage", arriving)

    def _unknown_in(self, record: CoverageRecord) -> str:
        if record.patient not in self._people.shelf.ids:
            return no_such_patient(record.patient)
        for payer in (record.payer, record.secondary_payer):
            if payer and payer not in self._payers.ids:
                return f"It names an unknown payer, {payer}."
        return "" if record.payer or record.payer_name else "It names no payer."

    def _fields(self, record: CoverageRecord) -> Iterator[dict[str, Any]]:
        """The coverage, and the one with the second payer where there is one."""
        payer_id = self._payers.ids[record.payer] if record.payer else self._named(record)
        holder = record.subscriber_address
        subscriber_id = self._people.shelf.ids.get(record.subscriber) if record.subscriber else None
        fields: dict[str, Any] = {
            "patient_id": self._people.shelf.ids[record.patient],
            "payer_id": payer_id,
            "rank": record.rank,
            "member_id": record.member_id,
            "plan_name": record.plan_name,
            "group_number": record.group_number,
            "copay_cents": record.copay_cents,
            "subscriber_relation": record.relation,
            "subscriber_name": record.subscriber_name,
            "subscriber_patient_id": subscriber_id or None,
            "subscriber_birth_on": _iso(record.subscriber_birth_on),
            "subscriber_sex": record.subscriber_sex,
            "subscriber_line1": holder.line1,
            "subscriber_line2": holder.line2,
            "subscriber_city": holder.city,
            "subscriber_state": holder.state,
            "subscriber_postal_code": holder.postal_code,
            "starts_on": _iso(record.starts_on),
            "ends_on": _iso(record.ends_on),
        }
        yield fields
        if record.secondary_payer:
            yield fields | {
                "payer_id": self._payers.ids[record.secondary_payer],
                "rank": "secondary",
                "member_id": "",  # the file gives one number, the primary payer's
            }

    def _named(self, record: CoverageRecord) -> int:
        """The payer of that name, made where nobody has it yet; 0 while only looked at."""
        if self._payers_by_name is None:
            self._payers_by_name = {
                fold(name): row_id
                for row_id, name in self._db.rows("SELECT id, name FROM payer ORDER BY id DESC")
            }
        key = fold(record.payer_name)
        if key not in self._payers_by_name:
            self._account.begin("payers", self._payers_file)
            self._account.add("payers", "new")
            self._payers_by_name[key] = 0
            if self._known.writes:
                made = Payer.create(
                    name=record.payer_name,
                    external_source=self._known.source,
                    external_id=f"name:{key}",
                )
                self._payers_by_name[key] = int(made.id)
        return self._payers_by_name[key]

    def _one(
        self,
        fields: dict[str, Any],
        on_file: Mapping[tuple[Any, ...], dict[str, Any]],
        arriving: list[dict[str, Any]],
    ) -> str:
        stored = on_file.get(_policy(fields))
        if stored is None and fields["starts_on"] is None:
            stored = on_file.get(_policy(fields)[:3])  # the same policy under another number
        if stored is None:
            arriving.append(fields)
            return "new"
        return self._known.update(Coverage, stored["id"], stored, fields).becomes

    def _on_file(self, patient_ids: set[int]) -> dict[tuple[Any, ...], dict[str, Any]]:
        """Coverages have no foreign id: a policy is known by patient, payer, rank, number, start.

        Where the source never says since when, it is her open policy with that payer.
        """
        if not patient_ids:
            return {}
        columns = (
            "id", *_KEY, "ends_on", "plan_name", "group_number", "copay_cents",
            "subscriber_relation", "subscriber_name", "subscriber_patient_id",
            "subscriber_birth_on", "subscriber_sex", "subscriber_line1", "subscriber_line2",
            "subscriber_city", "subscriber_state", "subscriber_postal_code",
        )  # fmt: skip
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for row in self._db.rows(
            f"SELECT {', '.join(columns)} FROM coverage"
            " WHERE patient_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(patient_ids)),),
        ):
            stored = dict(zip(columns, row, strict=True))
            found[_policy(stored)] = stored
            if stored["ends_on"] is None:
                found[_policy(stored)[:3]] = stored
        return found

    # -- guardians -----------------------------------------------------------------------------

    def _note_guardian(self, record: CoverageRecord) -> None:
        if record.is_guardian and self._is_minor(record.patient):
            known = self._guardians.get(record.patient)
            if known is None or (known.starts_on or _NEVER) <= (record.starts_on or _NEVER):
                self._guardians[record.patient] = record

    def take_guardians(self) -> None:
        """Who holds a minor's latest policy as guardian is set down as her guarantor.

        A minor owes nothing herself. Where somebody is guarantor already, that stands.
        """
        for external_id, record in self._guardians.items():
            patient_id = self._people.shelf.ids[external_id]
            if patient_id and self._db.value(
                "SELECT 1 FROM related_person WHERE patient_id = ? AND (is_guarantor OR name = ?)",
                (patient_id, record.subscriber_name),
            ):
                continue
            self.guarantors += 1
            if self._known.writes:
                RelatedPerson.create(
                    patient_id=patient_id,
                    relation="guardian",
                    name=record.subscriber_name,
                    is_guarantor=True,
                )


class RelatedTaking:
    """Takes batches of people around patients, known by their name."""

    def __init__(
        self,
        db: Database,
        known: Known,
        account: Account,
        people: PeopleTaking,
        formats: Formats,
    ):
        self._db = db
        self._known = known
        self._account = account
        self._people = people
        self._formats = formats

    def take(self, batch: Sequence[RelatedRecord]) -> None:
        ids = self._people.shelf.ids
        on_file = self._on_file({ids[r.patient] for r in batch if ids.get(r.patient)})
        arriving = []
        for record in batch:
            if record.patient in self._people.skipped:
                self._account.add("people", "skipped")
                continue
            if record.patient not in ids:
                self._account.leave_out("people", record.origin, no_such_patient(record.patient))
                continue
            fields = self._fields(record, on_file)
            key = (ids[record.patient] or record.patient, fold(record.name))
            stored = on_file.get(key)
            if stored is None:
                becomes = "new"
                arriving.append(fields)
                on_file[key] = fields
            elif "id" not in stored:
                becomes = "merged"  # told twice in the file: as contact and as guarantor, say
                stored.update({name: True for name in _FLAGS if fields[name]})
            else:
                becomes = self._known.update(
                    RelatedPerson, stored["id"], stored, _only_true_flags(fields)
                ).becomes
            self._account.add("people", becomes)
            if becomes == "kept":
                self._account.remark(record.origin, EDITED_HERE)
            elif becomes != "unchanged":
                self._account.remark(record.origin, *record.notes)
        if self._known.writes:
            self._known.insert("related_person", arriving)

    def _fields(self, record: RelatedRecord, on_file: Mapping[Any, Any]) -> dict[str, Any]:
        patient_id = self._people.shelf.ids[record.patient]
        owes = record.is_guarantor
        if owes and any(
            one["is_guarantor"] and fold(one["name"]) != fold(record.name)
            for key, one in on_file.items()
            if key[0] == (patient_id or record.patient)
        ):
            owes = False
            self._account.remark(
                record.origin, f"Somebody else owes already, so {record.name} is no guarantor."
            )
        where = record.address
        return {
            "patient_id": patient_id,
            "name": record.name,
            "relation": record.relation,
            "phone": self._formats.parse_phone(record.phone) if record.phone else "",
            "email": record.email,
            "birth_on": _iso(record.birth_on),
            "line1": where.line1,
            "line2": where.line2,
            "city": where.city,
            "state": where.state,
            "postal_code": where.postal_code,
            "is_emergency_contact": record.is_emergency_contact,
            "is_next_of_kin": record.is_next_of_kin,
            "is_guarantor": owes,
        }

    def _on_file(self, patient_ids: set[int]) -> dict[tuple[Any, str], dict[str, Any]]:
        columns = (
            "id", "patient_id", "name", "relation", "phone", "email", "birth_on", "line1", "line2",
            "city", "state", "postal_code", *_FLAGS,
        )  # fmt: skip
        rows = self._db.rows(
            f"SELECT {', '.join(columns)} FROM related_person"
            " WHERE patient_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(patient_ids)),),
        )
        stored = (dict(zip(columns, row, strict=True)) for row in rows)
        return {(one["patient_id"], fold(one["name"])): one for one in stored}


_FLAGS = ("is_emergency_contact", "is_next_of_kin", "is_guarantor")


def _only_true_flags(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not False}


def no_such_patient(external_id: str) -> str:
    """Why something that belongs to nobody known is left out."""
    return f"Its patient was left out or is not among the patients: {external_id}."


def place_fields(address: Address) -> dict[str, Any]:
    """An address as organizations, payers and providers keep it: without a country."""
    return {
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state": address.state,
        "postal_code": address.postal_code,
    }


def _policy(fields: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(fields[name] for name in _KEY)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
