"""Broken foreign files taken in: whole, or with each broken record named, and never half."""

from __future__ import annotations

import json
import random
from functools import partial
from pathlib import Path

import pytest

from medsec_desktop.services.office import Office
from medsec_desktop.store import journal
from tests.conftest import a_patient, a_provider
from tests.exchange.builders import PATIENT, SPELL, VISIT, a_synthea_folder
from tests.reliability.test_foreign_files import LONG, SMOKE, mutated, survives

_TABLE = (
    "Id,Name,DOB,Sex,Cell,E-mail,Address,City,State,Zip,Insurance,Member ID,Emergency Contact,Copay\n"
    + "".join(
        f'{n},"Testperson{n}, Ada M",12/{n + 13}/1984,F,617-555-014{n},a{n}@mail.example,"{n} Elm St\n'
        f'Apt 4",Boston,MA,2101,Test Health,M{n},"Kin, Next",$25.00\n'
        for n in range(6)
    )
)
_CARDS = "".join(
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Testperson=C3=91;Ada=\r\n"
    f" {n};;;\r\nitem1.TEL;TYPE=cell:617-555-014{n}\r\nitem1.X-ABLabel:_$!<Mobile>!$_\r\n"
    "ADR;HOME:;;1 Elm St;Boston;MA;02101;USA\r\nBDAY:19840314\r\nNOTE:a\\nb\\, c\r\n"
    "PHOTO;ENCODING=BASE64:/9j/4AAQSkZJRgABAQAAAQABAAD\r\n /2wBDAAIBAQEBAQIBAQE\r\n\r\nEND:VCARD\r\n"
    for n in range(4)
)
_RESOURCES = [
    {"resourceType": "Organization", "id": "o", "name": "Test Health", "type": [
        {"coding": [{"code": "ins"}]}]},
    {"resourceType": "Practitioner", "id": "d", "name": [{"family": "Chen", "given": ["Robin"]}]},
    {"resourceType": "Patient", "id": "p", "birthDate": "1984-03-14", "gender": "female",
     "name": [{"use": "official", "family": "Testperson", "given": ["Ada", "M"]}],
     "telecom": [{"system": "phone", "value": "617-555-0142", "use": "mobile", "rank": 1}],
     "address": [{"line": ["1 Elm St"], "city": "Boston", "period": {"start": "2020-01-01"}}],
     "identifier": [{"type": {"coding": [{"code": "SS"}]}, "value": "999-12-3456"}],
     "contact": [{"name": {"text": "Next Kin"}, "relationship": [{"coding": [{"code": "N"}]}]}],
     "maritalStatus": {"coding": [{"code": "M"}]}},
    {"resourceType": "RelatedPerson", "id": "r", "patient": {"reference": "Patient/p"},
     "name": [{"family": "Kin", "given": ["Carl"]}], "birthDate": "1950-01-01"},
    {"resourceType": "Coverage", "id": "c", "status": "active", "subscriberId": "M1",
     "beneficiary": {"reference": "Patient/p"}, "subscriber": {"reference": "RelatedPerson/r"},
     "payor": [{"reference": "Organization/o"}], "period": {"start": "2020-01-01", "end": "2027-01-01"}},
    {"resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "AMB"},
     "subject": {"reference": "Patient/p"}, "period": {"start": "2020-01-02T03:04:05Z"}},
    {"resourceType": "Appointment", "id": "a", "status": "booked", "start": "2026-03-12T10:00:00",
     "end": "2026-03-12T10:30:00", "participant": [{"actor": {"reference": "Patient/p"}},
                                                   {"actor": {"reference": "Practitioner/d"}}]},
]  # fmt: skip
_EVENTS = "".join(
    f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART;TZID=America/New_York:2026031{n}T100000\r\nDURATION:PT30M\r\n"
    f"SUMMARY:Ada Testperson – Visit\r\n{'RRULE:FREQ=WEEKLY;COUNT=3' if n == 2 else 'STATUS:CONFIRMED'}\r\n"
    "END:VEVENT\r\n"
    for n in range(2, 5)
)
_FILES: dict[str, bytes] = {
    "csv": _TABLE.encode(),
    "vcard": _CARDS.encode(),
    "fhir": json.dumps(
        {
            "resourceType": "Bundle",
            "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in _RESOURCES],
        }
    ).encode(),
    "ndjson": "\n".join(json.dumps(one) for one in _RESOURCES).encode(),
    "icalendar": f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{_EVENTS}END:VCALENDAR\r\n".encode(),
}
_TABLES = ("patient", "patient_phone", "coverage", "related_person", "payer", "encounter",
           "appointment", "import_run")  # fmt: skip


def look_and_take(office: Office, kind: str, path: Path, *, runs: bool) -> None:
    plan = office.imports.preview(kind, path)
    assert all(table.is_balanced for table in plan.tables)
    plan.text()
    if runs:
        report = office.imports.run(plan)
        assert all(table.is_balanced for table in report.tables)
        office.imports.save_refused(report, path, path.with_name("left out"))
        office.session.undo(report.operation_id)


def spoiled(chance: random.Random, *, as_bundle: bool) -> bytes:
    """The resources with a few values taken out or replaced by what does not belong there."""
    resources = json.loads(json.dumps(_RESOURCES))
    for _ in range(chance.randrange(1, 5)):
        node = chance.choice(resources)
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = chance.choice(keys)
            if isinstance(node[key], dict | list) and node[key] and chance.random() < 0.7:
                node = node[key]
                continue
            if chance.random() < 0.2:
                del node[key]
            else:
                node[key] = json.loads(json.dumps(chance.choice(_ODD)))
            break
    if as_bundle:
        return json.dumps(
            {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}
        ).encode()
    return "\n".join(json.dumps(one) for one in resources).encode()


_ODD = (
    None, True, -1, 10**30, 1e308, "", " ", "\u0000", "x" * 5000, [], {}, [[]], {"a": {}}, ["Patient/p"],
    "Patient/p", "#x", "urn:uuid:", "9999-12-31", "0001-01-01T00:00:00Z", "2026-02-30", "\ud800", "İ",
    {"coding": 7}, [{"reference": 3}], {"reference": "#"}, "=1+1", "2026-03-12T10:00:00+99:00",
)  # fmt: skip


def held(office: Office) -> list[int]:
    """How many rows each table has."""
    return [office.session.db.value(f"SELECT count(*) FROM {table}") for table in _TABLES]


def import_many(office: Office, name: str, folder: Path, times: int) -> None:
    a_patient(office.session)
    a_provider(office.session)
    kind = {"ndjson": "fhir"}.get(name, name)
    path = folder / f"broken.{name}"
    before = held(office)
    headings, _, rows = _FILES[name].partition(b"\n")
    for seed in range(times):
        chance = random.Random(f"{name} {seed}")
        # Without its headings hardly a table is taken for one, and its rows would never be read.
        is_kept = name == "csv" and chance.random() < 0.8
        if kind == "fhir" and chance.random() < 0.7:
            broken = spoiled(chance, as_bundle=name == "fhir")
        else:
            broken = mutated(rows if is_kept else _FILES[name], chance)
        path.write_bytes(headings + b"\n" + broken if is_kept else broken)

        survives(partial(look_and_take, office, kind, path, runs=seed % 20 == 0), seed)
        if seed % 20 == 0:
            assert held(office) == before, f"seed {seed}"
    assert held(office) == before
    assert journal.verify(office.session.db).is_sound


@pytest.mark.parametrize("name", _FILES)
def test_a_broken_file_is_taken_in_without_its_broken_records_or_refused(
    office: Office, tmp_path: Path, name: str
) -> None:
    import_many(office, name, tmp_path, SMOKE)


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", _FILES)
def test_ten_thousand_broken_files_are_taken_in_or_refused(
    office: Office, tmp_path: Path, name: str
) -> None:
    import_many(office, name, tmp_path, LONG)


def a_crowd(folder: Path) -> Path:
    """A Synthea folder with a few of everything."""
    ids = range(12)
    return a_synthea_folder(
        folder,
        patients=[PATIENT | {"Id": f"p-{n}", "FIRST": f"Ada{n}"} for n in ids],
        payer_transitions=[SPELL | {"PATIENT": f"p-{n}", "MEMBERID": f"m-{n}"} for n in ids],
        encounters=[VISIT | {"Id": f"v-{n}", "PATIENT": f"p-{n}"} for n in ids],
    )


def import_folders(office: Office, tmp_path: Path, times: int) -> None:
    folder = a_crowd(tmp_path / "s")
    whole = {path: path.read_bytes() for path in folder.glob("*.csv")}
    before = held(office)
    for seed in range(times):
        chance = random.Random(f"synthea {seed}")
        spoiled = chance.choice(sorted(whole))
        spoiled.write_bytes(mutated(whole[spoiled], chance))

        survives(partial(look_and_take, office, "synthea", folder, runs=seed % 20 == 0), seed)
        spoiled.write_bytes(whole[spoiled])
        (tmp_path / "left out").unlink(missing_ok=True)
    assert held(office) == before


def test_a_broken_folder_is_imported_whole_or_refused_and_every_row_is_accounted_for(
    office: Office, tmp_path: Path
) -> None:
    import_folders(office, tmp_path, SMOKE)


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
def test_ten_thousand_broken_folders_are_imported_or_refused(
    office: Office, tmp_path: Path
) -> None:
    import_folders(office, tmp_path, LONG)
