"""Which foreign file or folder is of which kind, and how it is opened."""

from __future__ import annotations

import hashlib
from datetime import date, tzinfo
from pathlib import Path

from medsec_desktop.exchange.records import ForeignSource
from medsec_desktop.exchange.text import encoding_of, open_bytes, open_text
from medsec_desktop.problems import Invalid, Unavailable
from medsec_desktop.services.imports.report import ImportOptions

KINDS = {
    "csv": "table of patients (CSV)",
    "vcard": "address cards (vCard)",
    "fhir": "FHIR file",
    "synthea": "Synthea CSV folder",
    "icalendar": "calendar file (iCalendar)",
}
_CHUNK = 1 << 20
_NOT_TEXT = 0.03  # share of odd characters from which it is no text


def kind_of(path: Path) -> str:
    """Which of KINDS `path` is, told by its content. Raises Invalid where it is none of them."""
    if path.is_dir():
        from medsec_desktop.exchange.synthea import is_synthea

        if is_synthea(path) or not fhir_files(path):
            return "synthea"
        return "fhir"
    with open_bytes(path) as file:
        magic = file.read(8)
    with open_text(path, encoding_of(path)) as file:
        head = file.read(4096).lstrip("\ufeff \t\r\n\0")
    if not head:
        raise Invalid(f"“{path.name}” is empty.", remedy="Export it again.", field="path")
    odd = sum(1 for sign in head if (sign < " " and sign not in "\t\r\n\f") or sign == "�")
    if odd > _NOT_TEXT * len(head) or magic.startswith((b"PK\x03\x04", b"%PDF-")):
        raise Invalid(
            f"“{path.name}” is not a file that can be imported.",
            "It is no text, so perhaps a workbook, a PDF or an archive.",
            "Save a workbook as CSV, unpack an archive, then choose what comes of it.",
            field="path",
        )
    start = head.upper()
    if start.startswith("BEGIN:VCALENDAR"):
        return "icalendar"
    if start.startswith("BEGIN:VCARD"):
        return "vcard"
    if head[0] in "{[":
        return "fhir"
    if start.startswith("ISA*"):
        raise Invalid(
            f"“{path.name}” is an X12 file.",
            remedy="Payers’ answers are read in under Claims, not here.",
            field="path",
        )
    if path.suffix.lower() in (".ics", ".ical", ".ifb"):
        return "icalendar"
    return "vcard" if path.suffix.lower() == ".vcf" else "csv"


def fhir_files(folder: Path) -> list[Path]:
    """The FHIR files in a folder, as a bulk export leaves them."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise Unavailable(f"The folder “{folder.name}” cannot be read.") from error
    return [entry for entry in entries if entry.suffix.lower() in (".ndjson", ".json", ".jsonl")]


def open_source(
    kind: str, path: Path, options: ImportOptions, today: date, wall_clock: tzinfo | None
) -> ForeignSource:
    """The records of `path`. Raises Invalid where it is not of this kind."""
    match kind:
        case "synthea":
            from medsec_desktop.exchange.synthea import SyntheaFolder

            return SyntheaFolder(path, strip_digits=options.strip_digits, wall_clock=wall_clock)
        case "csv":
            from medsec_desktop.exchange.patient_table import PatientTable

            assert options.mapping is not None, "a table is read under a mapping"
            return PatientTable(path, options.mapping, today)
        case "vcard":
            from medsec_desktop.exchange.vcard_people import CardFile

            return CardFile(path, today)
        case "fhir":
            from medsec_desktop.exchange.fhir_file import FhirFile

            files = fhir_files(path) if path.is_dir() else [path]
            return FhirFile(path.name, files, today, wall_clock)
    raise Invalid(
        f"“{kind}” cannot be imported by this version.",
        remedy=f"It takes in: {', '.join(KINDS)}.",
        field="kind",
    )


def fingerprint(path: Path) -> str:
    """SHA-256 of what is read: the same for the same content, whatever the file is called."""
    whole = hashlib.sha256()
    for file in [path] if path.is_file() else sorted(path.glob("*.*")):
        if not file.is_file():
            continue
        if path.is_dir():
            whole.update(file.name.encode() + b"\0")
        with open_bytes(file) as content:
            while chunk := content.read(_CHUNK):
                whole.update(chunk)
    return whole.hexdigest()
