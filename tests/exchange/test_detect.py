"""What a file is, told by its content."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

import pytest

from medsec_desktop.problems import Unavailable
from medsec_desktop.services.inspection import inspect
from tests.exchange.builders import (
    BUNDLE,
    CALENDAR,
    CLAIMS,
    HCPCS,
    PATIENT,
    REMITTANCE,
    VCARD,
    a_synthea_folder,
)


def a_file(tmp_path: Path, content: str | bytes, name: str = "something.dat") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def a_png() -> bytes:
    header = struct.pack(">IIBBBBB", 3, 2, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )


@pytest.mark.parametrize(
    ("content", "kind", "counts"),
    [
        (VCARD * 3, "vcard", {"cards": 3}),
        (CALENDAR, "icalendar", {"events": 1}),
        (BUNDLE, "fhir-bundle", {"Patient": 1, "Encounter": 1}),
        (
            '{"resourceType":"Patient","id":"1"}\n\n{"resourceType":"Patient","id":"2"}\n',
            "fhir-ndjson",
            {"Patient": 2},
        ),
        ('{"resourceType": "Patient", "id": "1"}', "fhir-resource", {"Patient": 1}),
        (REMITTANCE, "835", {"payments": 1, "claims": 2}),
        (CLAIMS, "837P", {"claims": 1, "service lines": 1}),
        (HCPCS, "hcpcs", {"codes": 5, "modifiers": 0}),
        ("a,b\n1,2\n3,4\n", "csv", {"rows": 2, "columns": 2}),
        (a_png(), "image", {"images": 1}),
        ("Dear colleague,\nthank you for\nyour letter.\n", "unknown", {}),
        (b"\x00\x01\x02\xff" * 100, "unknown", {}),
        (b"", "unknown", {}),
        (b"\xef\xbb\xbf \r\n", "unknown", {}),
        ("[1, 2, 3]", "unknown", {}),
        ("[" * 100_000, "unknown", {}),
    ],
)
def test_a_file_is_recognised_and_counted(
    tmp_path: Path, content: str | bytes, kind: str, counts: dict[str, int]
) -> None:
    found = inspect(a_file(tmp_path, content))

    assert found.kind == kind
    assert counts.items() <= found.counts.items()
    assert json.dumps(found.as_dict())
    assert found.words().startswith("“something.dat” is ")


@pytest.mark.parametrize("content", [VCARD, CALENDAR, BUNDLE, REMITTANCE, "a,b\n1,2\n"])
def test_a_byte_order_mark_changes_nothing(tmp_path: Path, content: str) -> None:
    plain = inspect(a_file(tmp_path, content))
    marked = inspect(a_file(tmp_path, content.encode("utf-8-sig")))

    assert (marked.kind, marked.counts) == (plain.kind, plain.counts)


def test_a_synthea_folder_tells_counts_dates_and_what_is_left_aside(tmp_path: Path) -> None:
    rows = [PATIENT, PATIENT | {"Id": "p-2", "BIRTHDATE": "never"}]

    found = inspect(a_synthea_folder(tmp_path / "s", patients=rows))

    assert found.kind == "synthea"
    assert (found.counts["patients"], found.counts["visits"]) == (2, 1)
    assert found.first_on == "2023-07-27"
    assert found.facts["left aside"] == {"allergies.csv": 2}
    assert found.problems == ("patients.csv, row 3: “never” is not a date of birth.",)


def test_an_x12_file_tells_sender_control_number_and_money(tmp_path: Path) -> None:
    told = inspect(a_file(tmp_path, REMITTANCE)).as_dict()

    assert (told["sender"], told["sender_name"]) == ("TESTPAYER", "TEST HEALTH")
    assert told["control_number"] == "000000042"
    assert (told["paid_cents"], told["charged_cents"]) == (8000, 13000)
    assert told["problems"] == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (VCARD.replace("END:VCARD\r\n", ""), "no END:VCARD; the file is cut short"),
        ("BEGIN:VCARD\nVERSION:3.0\nTEL:1\nEND:VCARD\n", "has no name"),
        (CALENDAR.replace("20260311T090000Z", "tomorrow"), "Line 6: “tomorrow” is not a date"),
        (CALENDAR.replace("DTSTART:20260311T090000Z\r\n", ""), "has no beginning"),
        (CALENDAR.replace("END:VCALENDAR\r\n", ""), "is not ended; the file is cut short"),
        (BUNDLE.replace('"resourceType": "Patient", ', ""), "Entry 1 is no FHIR resource"),
        ('{"resourceType":"Patient"}\n{"resourceType":\n', "Line 2 is not JSON"),
        ("a,b\n1,2\n3\n4,5\n", "Row 3: The row has 1 of 2 values"),
        ("a,a\n1,2\n", "The column name a occurs more than once"),
        (REMITTANCE[:-20], "is not closed"),
        ("%PDF-1.7\nnothing of the kind", "damaged or cut short"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(
    tmp_path: Path, content: str, problem: str
) -> None:
    found = inspect(a_file(tmp_path, content))

    assert any(problem in sentence for sentence in found.problems), found.problems


def test_a_practice_and_its_backup_are_told_apart(tmp_path: Path) -> None:
    slots = {"practice_id": "1f", "users": [{"login": "olive"}]}
    (tmp_path / "practice.db").write_bytes(b"encrypted")
    (tmp_path / "keyslots.json").write_text(json.dumps(slots))
    practice = inspect(tmp_path)
    manifest = {
        "made_at": "2026-03-11T18:00:00", "practice": "Clinic", "schema": 1, "journal_length": 7,
        "tables": {"patient": 3, "letter": 0},
    }  # fmt: skip
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))

    backup = inspect(tmp_path)

    assert (practice.kind, practice.facts["log-ins"]) == ("practice", "olive")
    assert (backup.kind, backup.counts["patients"], backup.first_on) == ("backup", 3, "2026-03-11")


@pytest.mark.parametrize(
    ("first_bytes", "words"),
    [
        (b"SQLite format 3\0", "SQLite"),
        (b"PK\x03\x04broken", "ZIP"),
        (b"\xd0\xcf\x11\xe0", "Office"),
        (b"\x1f\x8b\x08", "gzip"),
    ],
)
def test_what_must_be_unpacked_or_saved_otherwise_is_named(
    tmp_path: Path, first_bytes: bytes, words: str
) -> None:
    assert words in inspect(a_file(tmp_path, first_bytes + b"\0" * 50)).title


def test_nothing_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="There is no file “gone”"):
        inspect(tmp_path / "gone")
