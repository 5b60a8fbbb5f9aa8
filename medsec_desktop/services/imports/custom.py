"""The practice's own fields, filled from a file: known by name, made where nobody has them yet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import fold
from medsec_desktop.exchange.records import PatientRecord
from medsec_desktop.models import CustomField, CustomValue
from medsec_desktop.problems import Invalid
from medsec_desktop.services.imports.known import Known, Outcome
from medsec_desktop.services.imports.tally import Account
from medsec_desktop.store.database import Database

_YES = {"1", "yes", "y", "true", "x", "si", "on"}
_NO = {"0", "no", "n", "false", "off", ""}


@dataclass(frozen=True, slots=True)
class _Field:
    id: int  # 0: to be made
    kind: str
    choices: tuple[str, ...]


class CustomValues:
    """Reads, checks and writes values of the practice's own fields."""

    def __init__(self, db: Database, known: Known, account: Account, formats: Formats, today: date):
        self._db = db
        self._known = known
        self._account = account
        self._formats = formats
        self._today = today
        self._fields = {
            fold(name): _Field(row_id, kind, tuple(json.loads(choices)))
            for row_id, name, kind, choices in db.rows(
                "SELECT id, name, kind, choices FROM custom_field"
            )
        }

    def learn(self, record: PatientRecord) -> None:
        """Make the fields a record needs, as plain text, and say what does not fit one."""
        for name, value in record.custom:
            field = self._fields.get(fold(name))
            if field is None:
                self._fields[fold(name)] = self._made(name)
            elif value and self._written(field, value) is None:
                kind = {"pick": "one of its choices", "tick": "a yes or no"}.get(
                    field.kind, f"a {field.kind}"
                )
                self._account.remark(
                    record.origin, f"“{value[:60]}” is not {kind} for “{name}”; left blank."
                )

    def write(self, filed: Sequence[tuple[PatientRecord, int]]) -> None:
        """The values of patients just put on file."""
        self._known.insert(
            "custom_value",
            [
                {"patient_id": patient_id, "field_id": field_id, "value": value}
                for record, patient_id in filed
                for field_id, value in self._values(record)
            ],
        )

    def update(self, record: PatientRecord, patient_id: int) -> Iterator[Outcome]:
        """Bring the values of a patient on file up to date."""
        return self._compare(record, patient_id, overwrites=True)

    def fill(self, record: PatientRecord, patient_id: int) -> Iterator[Outcome]:
        """Give a patient on file the values she has none of."""
        return self._compare(record, patient_id, overwrites=False)

    def _compare(
        self, record: PatientRecord, patient_id: int, *, overwrites: bool
    ) -> Iterator[Outcome]:
        if not record.custom:
            return
        self.learn(record)
        on_file = {
            field_id: (row_id, value)
            for field_id, row_id, value in self._db.rows(
                "SELECT field_id, id, value FROM custom_value WHERE patient_id = ?", (patient_id,)
            )
        }
        names = {
            self._fields[fold(name)].id: name
            for name, _ in record.custom
            if fold(name) in self._fields
        }
        for field_id, value in self._values(record):
            label = names[field_id]
            if field_id not in on_file:
                if self._known.writes:
                    CustomValue.create(patient_id=patient_id, field_id=field_id, value=value)
                yield Outcome("changed", {label: ("", value)})
            elif overwrites:
                row_id, before = on_file[field_id]
                outcome = self._known.update(
                    CustomValue, row_id, {"value": before}, {"value": value}
                )
                yield Outcome(outcome.becomes, {label: (before, value)})

    def _values(self, record: PatientRecord) -> Iterator[tuple[int, str]]:
        for name, value in record.custom:
            field = self._fields[fold(name)]
            written = self._written(field, value)
            if written:
                yield field.id, written

    def _made(self, name: str) -> _Field:
        row_id = 0
        if self._known.writes:
            row_id = int(CustomField.create(name=name, kind="text", position=99).id)
        return _Field(row_id, "text", ())

    def _written(self, field: _Field, value: str) -> str | None:
        """The value as its kind of field keeps it; None where it is none of that kind."""
        text = value.strip()
        match field.kind:
            case "tick":
                if fold(text) in _YES:
                    return "1"
                return "" if fold(text) in _NO else None
            case "number":
                plain = text.replace(",", "")
                return plain if plain.lstrip("-").replace(".", "", 1).isdecimal() else None
            case "date":
                try:
                    return self._formats.parse_date(text, self._today).isoformat() if text else ""
                except Invalid:
                    return None
            case "pick":
                return next((one for one in field.choices if fold(one) == fold(text)), None)
            case _:
                return text
