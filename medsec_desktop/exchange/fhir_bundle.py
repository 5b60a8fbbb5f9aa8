"""One patient's file as a FHIR R4 bundle (collection). Source: hl7.org/fhir/R4."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_SEX = {"F": "female", "M": "male", "U": "unknown"}
_PHONE = {"home": "home", "mobile": "mobile", "work": "work", "other": "home"}
_USE = {"home": "home", "work": "work", "temporary": "temp", "former": "old", "mailing": "home"}
_VISIT = {
    "scheduled": "booked", "confirmed": "booked", "arrived": "arrived", "in-room": "checked-in",
    "done": "fulfilled", "no-show": "noshow", "cancelled": "cancelled", "left": "noshow",
}  # fmt: skip
_ROLES = {
    "is_emergency_contact": ("C", "Emergency Contact"),
    "is_next_of_kin": ("N", "Next-of-Kin"),
    "is_guarantor": ("GUAR", "guarantor"),
}
_V2_ROLE = "http://terminology.hl7.org/CodeSystem/v2-0131"
_ROLE_CODE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
_SUBSCRIBER = "http://terminology.hl7.org/CodeSystem/subscriber-relationship"
_SSN = "http://hl7.org/fhir/sid/us-ssn"
_NPI = "http://hl7.org/fhir/sid/us-npi"
_MARITAL = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
_MARITAL_CODES = {
    "single": "S", "married": "M", "partnered": "T", "separated": "L", "divorced": "D",
    "widowed": "W",
}  # fmt: skip
Row = dict[str, Any]  # a stored row by its columns


@dataclass(frozen=True, slots=True)
class PatientRows:
    """A patient's rows as they are stored, each by its columns; names beside what points at them.

    `instant` gives a wall-clock time with its distance from UTC, which FHIR asks for.
    """

    patient: Row
    practice_name: str = ""
    phones: tuple[Row, ...] = ()
    addresses: tuple[Row, ...] = ()
    people: tuple[Row, ...] = ()
    coverages: tuple[Row, ...] = ()  # with payer_name and payer_number
    visits: tuple[Row, ...] = ()  # with type_name
    encounters: tuple[Row, ...] = ()
    documents: tuple[Row, ...] = ()  # with file, its name in the package
    providers: tuple[Row, ...] = ()  # all that are pointed at
    alerts: tuple[Row, ...] = ()
    instant: Callable[[str], str] = lambda wall: f"{wall}:00Z"
    written_utc: str = ""


def bundle(rows: PatientRows) -> dict[str, Any]:
    """The bundle; every entry is named by a urn of its kind and number and refers to others by it."""
    resources = [
        _patient(rows),
        *(_practitioner(row) for row in rows.providers),
        *(_related(row) for row in rows.people),
        *(resource for row in rows.coverages for resource in _coverage(row)),
        *(_appointment(row, rows.instant) for row in rows.visits),
        *(_encounter(row, rows.instant) for row in rows.encounters),
        *(_flag(row) for row in rows.alerts),
        *(_document(row, rows.instant) for row in rows.documents),
    ]
    # A payer of two coverages is one entry.
    by_url = {_url(each["resourceType"], each["id"]): each for each in resources}
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": rows.written_utc,
        "entry": [{"fullUrl": url, "resource": each} for url, each in by_url.items()],
    }


def _url(kind: str, number: Any) -> str:
    return f"urn:medsec:{kind}/{number}"


def _ref(kind: str, number: Any, display: str = "") -> dict[str, str]:
    return {"reference": _url(kind, number)} | ({"display": display} if display else {})


def _patient(rows: PatientRows) -> dict[str, Any]:
    row = rows.patient
    names = [_name(row, "official")]
    if row["preferred_name"]:
        names.append({"use": "nickname", "given": [row["preferred_name"]]})
    if row["former_name"]:
        names.append({"use": "old", "family": row["former_name"]})
    identifiers = [
        {"use": "usual", "type": {"text": "Chart number"}, "value": row["chart_number"],
         "assigner": {"display": rows.practice_name}},
    ]  # fmt: skip
    if len(row["ssn"]) == 9:
        identifiers.append({"system": _SSN, "value": row["ssn"]})
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "id": str(row["id"]),
        "active": row["status"] == "active",
        "identifier": identifiers,
        "name": names,
        "gender": _SEX[row["sex"]],
        "telecom": _telecom(rows.phones, row["email"]),
        "address": [_address(each) for each in rows.addresses],
        "birthDate": row["birth_date"],
        "maritalStatus": _marital(row["marital_status"]),
    }
    if row["deceased_on"]:
        patient["deceasedDateTime"] = row["deceased_on"]
    elif row["status"] == "deceased":
        patient["deceasedBoolean"] = True
    if row["language"]:
        patient["communication"] = [{"language": {"coding": [{
            "system": "urn:ietf:bcp:47", "code": row["language"]}]}, "preferred": True}]  # fmt: skip
    if row["primary_provider_id"]:
        patient["generalPractitioner"] = [_ref("Practitioner", row["primary_provider_id"])]
    return _said(patient)


def _name(row: Row, use: str) -> dict[str, Any]:
    return _said(
        {
            "use": use,
            "family": row["family_name"],
            "given": [part for part in (row["given_name"], row.get("middle_name")) if part],
            "prefix": [row["name_prefix"]] if row.get("name_prefix") else [],
            "suffix": [row["name_suffix"]] if row.get("name_suffix") else [],
        }
    )


def _telecom(phones: tuple[Row, ...], email: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"system": "phone", "use": _PHONE[row["kind"]], "value": row["number"], "rank": rank}
        for rank, row in enumerate(phones, 1)
    ]
    return found + ([{"system": "email", "value": email}] if email else [])


def _address(row: Row) -> dict[str, Any]:
    period = _said({"start": row.get("valid_from_on"), "end": row.get("valid_to_on")})
    return _said(
        {
            "use": _USE[row.get("kind", "home")],
            "type": "postal" if row.get("kind") == "mailing" else "",
            "line": [part for part in (row["line1"], row["line2"]) if part],
            "city": row["city"],
            "state": row["state"],
            "postalCode": row["postal_code"],
            "country": row.get("country", ""),
            "period": period,
        }
    )


def _marital(status: str) -> dict[str, Any]:
    code = _MARITAL_CODES.get(status)
    if not code:
        return {"text": status} if status else {}
    return {"coding": [{"system": _MARITAL, "code": code}], "text": status}


def _practitioner(row: Row) -> dict[str, Any]:
    return _said(
        {
            "resourceType": "Practitioner",
            "id": str(row["id"]),
            "identifier": [{"system": _NPI, "value": row["npi"]}] if row["npi"] else [],
            "name": [
                _said(
                    {
                        "family": row["family_name"],
                        "given": [row["given_name"]] if row["given_name"] else [],
                        "suffix": [row["credential"]] if row["credential"] else [],
                    }
                )
            ],
        }
    )


def _related(row: Row) -> dict[str, Any]:
    roles = [
        {
            "coding": [{"system": _V2_ROLE if len(code) == 1 else _ROLE_CODE, "code": code}],
            "text": text,
        }
        for column, (code, text) in _ROLES.items()
        if row[column]
    ]
    relation = [{"text": row["relation"]}] if row["relation"] else []
    return _said(
        {
            "resourceType": "RelatedPerson",
            "id": str(row["id"]),
            "patient": _ref("Patient", row["patient_id"]),
            "relationship": relation + roles,
            "name": [{"text": row["name"]}],
            "telecom": [
                *([{"system": "phone", "value": row["phone"]}] if row["phone"] else []),
                *([{"system": "email", "value": row["email"]}] if row.get("email") else []),
            ],
            "address": [_address(row)] if row.get("line1") else [],
            "birthDate": row.get("birth_on"),
        }
    )


def _coverage(row: Row) -> list[dict[str, Any]]:
    order = {"primary": 1, "secondary": 2, "tertiary": 3}
    payer_id = f"payer-{row['payer_id']}"
    subscriber: dict[str, Any] = {}
    if row["subscriber_relation"] == "self":
        subscriber = _ref("Patient", row["patient_id"])
    elif row["subscriber_name"]:
        subscriber = {"display": row["subscriber_name"]}
    coverage = _said(
        {
            "resourceType": "Coverage",
            "id": str(row["id"]),
            "status": "active",
            "subscriber": subscriber,
            "subscriberId": row["member_id"],
            "beneficiary": _ref("Patient", row["patient_id"]),
            "relationship": {
                "coding": [{"system": _SUBSCRIBER, "code": row["subscriber_relation"]}]
            },
            "period": _said({"start": row["starts_on"], "end": row["ends_on"]}),
            "payor": [_ref("Organization", payer_id, row["payer_name"])],
            "order": order[row["rank"]],
            "class": [
                {"type": {"coding": [{"code": code}]}, "value": row[column]}
                for code, column in (("group", "group_number"), ("plan", "plan_name"))
                if row[column]
            ],
        }
    )
    payer = {"resourceType": "Organization", "id": payer_id, "name": row["payer_name"]}
    return [coverage, payer]


def _appointment(row: Row, instant: Callable[[str], str]) -> dict[str, Any]:
    status = _VISIT[row["status"]]
    actors = [{"actor": _ref("Patient", row["patient_id"]), "status": "accepted"}]
    actors.append({"actor": _ref("Practitioner", row["provider_id"]), "status": "accepted"})
    return _said(
        {
            "resourceType": "Appointment",
            "id": str(row["id"]),
            "status": status,
            "start": instant(row["starts_at"]),
            "minutesDuration": row["duration_min"],
            "appointmentType": {"text": row["type_name"]} if row.get("type_name") else {},
            "description": row["reason"],
            "cancelationReason": {"text": row["cancel_reason"]} if row["cancel_reason"] else {},
            "participant": actors,
        }
    )


def _encounter(row: Row, instant: Callable[[str], str]) -> dict[str, Any]:
    participant = []
    if row["provider_id"]:
        participant = [{"individual": _ref("Practitioner", row["provider_id"])}]
    return _said(
        {
            "resourceType": "Encounter",
            "id": str(row["id"]),
            "status": "finished",
            "class": {"code": "AMB"},
            "subject": _ref("Patient", row["patient_id"]),
            "period": {"start": instant(row["starts_at"])},
            "reasonCode": [{"text": row["description"]}] if row["description"] else [],
            "participant": participant,
        }
    )


def _flag(row: Row) -> dict[str, Any]:
    return _said(
        {
            "resourceType": "Flag",
            "id": str(row["id"]),
            "status": "active",
            "code": {"text": row["text"]},
            "subject": _ref("Patient", row["patient_id"]),
            "period": _said({"end": row["expires_on"]}),
        }
    )


def _document(row: Row, instant: Callable[[str], str]) -> dict[str, Any]:
    return _said(
        {
            "resourceType": "DocumentReference",
            "id": str(row["id"]),
            "status": "current",
            "subject": _ref("Patient", row["patient_id"]),
            "date": instant(row["filed_at"]),
            "description": row["title"],
            "content": [
                {"attachment": {"contentType": row["media_type"], "url": row["file"],
                                "title": row["title"], "size": row["size_bytes"]}}
            ],
        }
    )  # fmt: skip


def _said(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known: FHIR forbids empty values."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}
