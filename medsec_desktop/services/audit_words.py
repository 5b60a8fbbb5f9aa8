"""What a record, a column and a stored value are called by somebody who reads the audit trail."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from medsec_desktop.domain.formats import Formats

_RECORDS = {
    "appointment": "visit",
    "appointment_event": "step of a visit",
    "appointment_series": "series of visits",
    "appointment_type": "type of visit",
    "block_out": "blocked time",
    "billing_number": "number for claims",
    "call_attempt": "call",
    "charge_diagnosis": "diagnosis of a visit",
    "charge_line": "charge",
    "charge_sheet": "charges of a visit",
    "claim_batch": "batch of claims",
    "claim_batch_item": "claim in a batch",
    "claim_event": "step of a claim",
    "claim_line": "line of a claim",
    "code_favourite": "favorite code",
    "copy_format": "format for copying",
    "encounter": "visit that took place",
    "hours_exception": "other hours",
    "listed_code": "code",
    "number_sequence": "last number given",
    "patient": "patient’s file",
    "patient_address": "address",
    "patient_alert": "alert",
    "patient_phone": "phone",
    "payer_rule": "payer’s rules for claims",
    "related_person": "person around",
    "user_account": "user",
    "waiting_entry": "place on the waiting list",
}
_COLUMNS = {
    "given_name": "given name",
    "ssn": "SSN",
    "npi": "NPI",
    "line1": "address",
    "line2": "address, second line",
    "postal_code": "ZIP",
    "starts_at": "begins",
    "starts_on": "from",
    "ends_on": "until",
    "valid_from_on": "from",
    "valid_to_on": "until",
    "starts_min": "begins",
    "ends_min": "ends",
    "rank": "order",
    "type_id": "type",
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_TRUTH = ("is_", "may_", "needs_", "keeps_", "has_")
_UNITS = re.compile(r"_(id|on|at|utc|cents|min)$")


def row_word(table: str) -> str:
    """What a row of this table is: “visit”, “coverage”."""
    return _RECORDS.get(table, table.replace("_", " "))


def column_word(column: str) -> str:
    """A column as a label: “birth date”, “copay”, “may leave message”."""
    known = _COLUMNS.get(column)
    word = known or _UNITS.sub("", column.removeprefix("is_")).replace("_", " ")
    return word[:1].upper() + word[1:]


def value_word(column: str, value: Any, formats: Formats) -> str:
    """A stored value as a person reads it: dates and times in the practice's way, money, yes or no."""
    if column.startswith(_TRUTH) and value in (0, 1):
        return "Yes" if value else "No"
    if column.endswith("_cents") and isinstance(value, int):
        return f"${value / 100:,.2f}"
    if column in ("starts_min", "ends_min") and isinstance(value, int):
        return formats.time(datetime(2000, 1, 1, value // 60 % 24, value % 60))
    if column.endswith("_min") and isinstance(value, int):
        return f"{value} min"
    text = str(value)
    if _AT.fullmatch(text):
        return formats.when(datetime.fromisoformat(text))
    if _DAY.fullmatch(text):
        return formats.date(date.fromisoformat(text))
    if column.endswith(("phone", "number")) and text.startswith("+"):
        return formats.phone(text)
    return text
