"""FHIR R4 as it is exported: bundles and NDJSON, references of every kind, nothing without a word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from medsec_desktop.exchange.fhir_file import FhirFile
from medsec_desktop.exchange.quarantine import Folded, Quarantined
from medsec_desktop.exchange.records import CoverageRecord, PatientRecord
from medsec_desktop.problems import Invalid

TODAY = date(2026, 3, 11)
NAME = [{"family": "Testperson", "given": ["Ada"]}]


def a_bundle(folder: Path, *entries: dict[str, Any], name: str = "all.json") -> FhirFile:
    """A bundle of resources; one with a `fullUrl` is addressed by it."""
    path = folder / name
    wrapped = [
        {"fullUrl": entry.pop("fullUrl", ""), "resource": entry} for entry in map(dict, entries)
    ]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "batch", "entry": wrapped}))
    return FhirFile(path.name, [path], TODAY, UTC)


def patient(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "p-1", "name": NAME} | more


def only(items: Iterator[Any]) -> Any:
    (item,) = items
    return item


def test_a_patient_arrives_in_our_own_terms(tmp_path: Path) -> None:
    file = a_bundle(
        tmp_path,
        patient(
            name=[
                {"use": "nickname", "given": ["Addie"]},
                {"use": "maiden", "family": "Nobody"},
                {"use": "official", "family": "Testperson", "given": ["Ada", "M"], "suffix": ["Jr."]},
            ],
            identifier=[
                {"type": {"coding": [{"code": "MR"}]}, "value": "A-17"},
                {"type": {"coding": [{"code": "MR"}]}, "value": "x" * 36, "system": "http://other"},
                {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999-12-3456"},
                {"type": {"text": "Driver's License"}, "value": "S1"},
            ],
            telecom=[
                {"system": "phone", "value": "617-555-0143", "use": "home", "rank": 2},
                {"system": "phone", "value": "617-555-0142", "use": "mobile", "rank": 1},
                {"system": "phone", "value": "617-555-0000", "use": "old"},
                {"system": "email", "value": "x@y.example", "period": {"end": "2020-01-01"}},
                {"system": "email", "value": "ada@mail.example"},
            ],
            address=[
                {"use": "old", "line": ["9 Old St"], "city": "Salem", "state": "MA"},
                {"use": "home", "line": ["1 Elm St", "Apt 4"], "city": "Boston",
                 "state": "Massachusetts", "postalCode": "2101", "period": {"start": "2020-01-01"}},
                {"type": "postal", "line": ["PO Box 1"], "city": "Boston"},
            ],
            gender="other",
            birthDate="1984-03",
            maritalStatus={"coding": [{"code": "L"}]},
            communication=[
                {"language": {"coding": [{"code": "en-US"}]}},
                {"language": {"text": "Spanish"}, "preferred": True},
            ],
            extension=[
                {"url": "http://x/us-core-birthsex", "valueCode": "F"},
                {"url": "http://x/patient-interpreterRequired", "valueBoolean": True},
                {"url": "http://x/us-core-race"},
            ],
            contact=[{"relationship": [{"coding": [{"code": "N"}]}], "name": {"text": "Next Kin"},
                      "telecom": [{"system": "phone", "value": "617-555-0199"}]}],
            generalPractitioner=[{"reference": "#gp"}],
            contained=[{"resourceType": "Practitioner", "id": "gp", "name": [{"text": "Robin Chen"}]}],
            deceasedDateTime="2020-05-06T10:00:00Z",
            active=False,
        ),
    )  # fmt: skip

    record = only(file.patients())

    assert isinstance(record, PatientRecord), record
    assert (record.family, record.given, record.middle, record.suffix) == (
        "Testperson", "Ada", "M", "Jr.",
    )  # fmt: skip
    assert (record.preferred, record.former, record.birth_date) == ("Addie", "Nobody", "1984-03")
    assert (record.sex, record.gender, record.marital_status) == ("F", "other", "separated")
    assert (record.ssn, record.chart_number, record.language) == ("999123456", "A-17", "es")
    assert record.needs_interpreter
    assert [(one.number, one.kind) for one in record.phones] == [
        ("617-555-0142", "mobile"),
        ("617-555-0143", "home"),
    ]
    assert record.email == "ada@mail.example"
    assert [(one.kind, one.line1, one.state) for one in record.addresses] == [
        ("home", "1 Elm St", "MA"),
        ("mailing", "PO Box 1", ""),
        ("former", "9 Old St", "MA"),
    ]
    assert record.home.starts_on == date(2020, 1, 1)
    assert record.deceased_on == "2020-05-06"
    assert [(one.name, one.is_next_of_kin) for one in record.people] == [("Next Kin", True)]
    assert record.primary_provider == "Robin Chen"
    assert "x" * 36 in record.note
    assert file.columns_left_aside()["all.json"] == (
        "Patient.extension: us-core-race (1)",
        "Patient.identifier: Driver's License (1)",
    )


COVERAGE = {
    "resourceType": "Coverage", "id": "c-1", "status": "active", "subscriberId": "M1",
    "beneficiary": {"reference": "Patient/p-1"}, "payor": [{"reference": "Organization/o-1"}],
    "class": [{"type": {"coding": [{"code": "group"}]}, "value": "G1"}], "order": 2,
    "period": {"start": "2020-01-01", "end": "2020-12-31"},
}  # fmt: skip
INSURER = {"resourceType": "Organization", "id": "o-1", "name": "Test Health"}
FATHER = {"family": "Testperson", "given": ["Carl"]}


@pytest.mark.parametrize(
    ("more", "relation", "name", "key"),
    [
        ({}, "self", "", ""),
        ({"subscriber": {"reference": "http://there/fhir/Patient/p-1/_history/3"}}, "self", "", ""),
        ({"subscriber": {"reference": "RelatedPerson/r-1"},
          "relationship": {"coding": [{"code": "child"}]}}, "child", "Carl Testperson", ""),
        ({"subscriber": {"reference": "urn:uuid:p-2"}, "relationship": {"coding": [{"code": "spouse"}]}},
         "spouse", "Ben Nobody", "p-2"),
        ({"subscriber": {"reference": "#him"}, "contained": [
            {"resourceType": "RelatedPerson", "id": "him", "name": [FATHER], "birthDate": "1950-01-02"}]},
         "other", "Carl Testperson", ""),
    ],
)  # fmt: skip
def test_the_subscriber_need_not_be_the_patient(
    tmp_path: Path, more: dict[str, Any], relation: str, name: str, key: str
) -> None:
    file = a_bundle(
        tmp_path,
        patient(),
        {"resourceType": "Patient", "fullUrl": "urn:uuid:p-2", "name": [{"text": "Ben Nobody"}]},
        {"resourceType": "RelatedPerson", "id": "r-1", "name": [FATHER],
         "patient": {"reference": "Patient/p-1"}},
        INSURER,
        COVERAGE | more,
    )  # fmt: skip

    found = only(file.coverages())

    assert isinstance(found, CoverageRecord), found
    assert (found.relation, found.subscriber_name, found.subscriber) == (relation, name, key)
    assert (found.patient, found.payer, found.rank) == ("p-1", "o-1", "secondary")
    assert (found.member_id, found.group_number, found.ends_on) == ("M1", "G1", date(2020, 12, 31))
    assert only(file.payers()).name == "Test Health"  # who pays is a payer, not a clinic
    assert list(file.organizations()) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"status": "entered-in-error"}, "does not hold"),
        ({"status": "cancelled", "period": {}}, "nothing says since when"),
        ({"beneficiary": {}}, "no beneficiary"),
        ({"payor": []}, "no payor"),
        ({"period": {"start": "2020-01-01", "end": "2019-01-01"}}, "before it begins"),
        ({"period": {"start": "2020-13-01"}}, "is not a date"),
        ({"class": 7, "payor": [3]}, "no payor"),
    ],
)
def test_a_coverage_that_does_not_hold_says_why(
    tmp_path: Path, more: dict[str, Any], said: str
) -> None:
    found = only(a_bundle(tmp_path, patient(), INSURER, COVERAGE | more).coverages())

    assert isinstance(found, Quarantined)
    assert said in found.sentence


def test_who_pays_herself_has_no_insurance(tmp_path: Path) -> None:
    found = only(
        a_bundle(
            tmp_path, patient(), COVERAGE | {"payor": [{"reference": "Patient/p-1"}]}
        ).coverages()
    )

    assert isinstance(found, Folded)


def test_appointments_and_visits_are_told_on_the_clinics_clock(tmp_path: Path) -> None:
    file = a_bundle(
        tmp_path,
        {"resourceType": "Appointment", "id": "a-1", "status": "booked",
         "start": "2026-03-12T15:00:00-05:00", "end": "2026-03-12T15:30:00-05:00",
         "appointmentType": {"text": "Follow-up"}, "description": "Knee",
         "participant": [{"actor": {"reference": "Patient/p-1"}},
                         {"actor": {"reference": "Practitioner/d-1", "display": "Dr. Chen"}}]},
        {"resourceType": "Appointment", "id": "a-2", "status": "proposed"},
        {"resourceType": "Encounter", "id": "e-1", "status": "finished", "class": {"code": "AMB"},
         "subject": {"reference": "Patient/p-1"},
         "period": {"start": "2020-01-02T03:04:05Z", "end": "2020-01-02T03:34:05Z"}},
    )  # fmt: skip

    booked, proposed = file.appointments()
    visit = only(file.visits())

    assert booked.starts_at == datetime(2026, 3, 12, 20)
    assert (booked.duration_min, booked.patient, booked.provider, booked.kind, booked.reason) == (
        30, "p-1", "d-1", "Follow-up", "Knee",
    )  # fmt: skip
    assert isinstance(proposed, Quarantined)
    assert (visit.starts_at, visit.duration_min, visit.kind) == (
        datetime(2020, 1, 2, 3, 4),
        30,
        "ambulatory",
    )


def test_ndjson_is_read_line_by_line_and_broken_lines_are_named(tmp_path: Path) -> None:
    path = tmp_path / "all.ndjson"
    lines = [json.dumps(patient()), "not json", "[]", json.dumps(patient(id="p-2", name=[])),
             json.dumps(patient()), '{"resourceType":"Observation"}', ""]  # fmt: skip
    path.write_text("\n".join(lines))
    file = FhirFile("all.ndjson", [path], TODAY)

    found = list(file.patients())

    assert [type(one).__name__ for one in found] == [
        "Quarantined", "Quarantined", "PatientRecord", "Quarantined", "Quarantined",
    ]  # fmt: skip
    assert [one.sentence for one in found if isinstance(one, Quarantined)] == [
        "The line is not JSON.",
        "The line holds no resource.",
        "It has no name.",
        "Its id occurs a second time in this file.",
    ]
    assert [(left.holds, left.rows) for left in file.left_aside()] == [("observation", 1)]


def test_whom_several_files_of_a_folder_name_is_one(tmp_path: Path) -> None:
    doctor = {"resourceType": "Practitioner", "id": "d-1", "name": [{"family": "Chen"}]}
    for name in ("one.json", "two.json"):
        a_bundle(tmp_path, doctor, name=name)
    file = FhirFile("folder", sorted(tmp_path.iterdir()), TODAY)

    first, again = file.providers()

    assert first.family == "Chen"
    assert isinstance(again, Folded)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not a FHIR file"),
        ('{"a": 1}', "no resourceType"),
        ('{"resourceType": "Bundle", "entry": 3}', "is no list"),
        ('{"resourceType": "Bundle"}', "holds no FHIR resources"),
        ("[" * 3000, "is not a FHIR file"),
    ],
)
def test_what_is_no_fhir_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "odd.json"
    path.write_text(text)

    with pytest.raises(Invalid, match=said):
        FhirFile("odd.json", [path], TODAY)
