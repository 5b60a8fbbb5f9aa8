"""How a patient on file is reached: her addresses and phones, brought up to date one by one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from medsec_desktop.exchange.records import Address, Phone
from medsec_desktop.models import PatientAddress, PatientPhone
from medsec_desktop.services.imports.known import Known, Outcome
from medsec_desktop.store.database import Database

ADDRESS_WORDS = {"home": "", "mailing": "Mail: ", "work": "Work: ", "temporary": "Temporary: ",
                  "former": "Former: "}  # fmt: skip


@dataclass(slots=True)
class Reached:
    """How a patient on file is reached."""

    phones: list[tuple[int, str, str]]  # row number, kind, number
    addresses: list[tuple[int, Address]]


class Contacts:
    """Compares contacts of a record with those on file, kind by kind."""

    def __init__(self, db: Database, known: Known):
        self._db = db
        self._known = known

    def of(self, patient_ids: Sequence[int]) -> dict[int, Reached]:
        found = {patient_id: Reached([], []) for patient_id in patient_ids}
        these = json.dumps(sorted(found))
        for patient_id, row_id, kind, number in self._db.rows(
            "SELECT patient_id, id, kind, number FROM patient_phone"
            " WHERE patient_id IN (SELECT value FROM json_each(?)) ORDER BY position, id",
            (these,),
        ):
            found[patient_id].phones.append((row_id, kind, number))
        for patient_id, row_id, kind, *where in self._db.rows(
            "SELECT patient_id, id, kind, line1, line2, city, state, postal_code, country"
            " FROM patient_address WHERE patient_id IN (SELECT value FROM json_each(?))"
            " ORDER BY position, id",
            (these,),
        ):
            found[patient_id].addresses.append((row_id, replace(Address(*where), kind=kind)))
        return found

    def one_address(
        self, address: Address, patient_id: int, reached: Reached
    ) -> tuple[Outcome, str]:
        prefix = ADDRESS_WORDS[address.kind]
        same_kind = [(row, one) for row, one in reached.addresses if one.kind == address.kind]
        if any(_place(one) == _place(address) for _, one in same_kind):
            return Outcome("unchanged"), prefix
        fields = address_fields(address)
        if not same_kind or address.kind == "former":
            if self._known.writes:
                PatientAddress.create(patient_id=patient_id, position=9, **fields)
            where = ", ".join(part for part in _place(address)[:-1] if part)
            return Outcome("changed", {"line1": ("", where)}), prefix
        row_id, on_file = same_kind[0]
        stored = address_fields(on_file)
        dates = ("kind", "valid_from_on", "valid_to_on")
        return (
            self._known.update(
                PatientAddress,
                row_id,
                stored,
                {name: value for name, value in fields.items() if name not in dates},
            ),
            prefix,
        )

    def one_phone(self, phone: Phone, patient_id: int, reached: Reached) -> tuple[Outcome, str]:
        if any(number == phone.number for _, _, number in reached.phones):
            return Outcome("unchanged"), ""
        same_kind = [row for row in reached.phones if row[1] == phone.kind]
        if len(same_kind) != 1:
            return self.add_phone(phone, patient_id), ""
        row_id, _, number = same_kind[0]
        return (
            self._known.update(PatientPhone, row_id, {"number": number}, {"number": phone.number}),
            "",
        )

    def add_phone(self, phone: Phone, patient_id: int) -> Outcome:
        if self._known.writes:
            PatientPhone.create(patient_id=patient_id, position=9, **phone_fields(phone))
        return Outcome("changed", {"number": ("", phone.number)})


def address_fields(address: Address) -> dict[str, Any]:
    """An address as a patient's file keeps it."""
    return {
        "kind": address.kind,
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state": address.state,
        "postal_code": address.postal_code,
        "country": address.country,
        "valid_from_on": _iso(address.starts_on),
        "valid_to_on": _iso(address.ends_on),
    }


def _place(address: Address) -> tuple[str, ...]:
    return (
        address.line1, address.line2, address.city, address.state, address.postal_code,
        address.country,
    )  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def phone_fields(phone: Phone) -> dict[str, Any]:
    """A phone as a patient’s file keeps it."""
    return {"number": phone.number, "kind": phone.kind, "note": phone.note}
