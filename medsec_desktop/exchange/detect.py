"""What kind of foreign file or folder something is, told by its content and not by its name."""

from __future__ import annotations

import json
import re
import struct
import zipfile
from pathlib import Path

from medsec_desktop.exchange import fhir, hcpcs, icalendar, synthea, vcard
from medsec_desktop.exchange.columns import guess
from medsec_desktop.exchange.csv_file import CsvFile
from medsec_desktop.exchange.findings import DateSpan, Findings
from medsec_desktop.exchange.quarantine import Quarantined
from medsec_desktop.exchange.records import VisitRecord
from medsec_desktop.exchange.text import encoding_in_words, encoding_of, open_bytes, open_text
from medsec_desktop.problems import Invalid, Unavailable

_HEAD = 64 * 1024
_TEXT_NEEDED = 0.97  # share of characters that a text file has at least
_BINARY = (
    (b"SQLite format 3\0", "a SQLite database", ""),
    (b"\x1f\x8b", "a compressed file (gzip)", "Unpack it first."),
    (b"Rar!", "a RAR archive", "Unpack it first."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it first."),
    (b"\xd0\xcf\x11\xe0", "an old Office document (Word or Excel)", "Save it as CSV or PDF first."),
    (b"MZ", "a Windows program", "It is no data; do not open it if you did not expect it."),
    (b"\x7fELF", "a program", "It is no data; do not open it if you did not expect it."),
)
_TABLES = {
    "patient": "patients",
    "appointment": "appointments",
    "encounter": "past visits",
    "letter": "letters",
    "operation": "journal entries",
}
_PRACTICE_FILES = ("practice.db", "keyslots.json")


def recognise(path: Path) -> Findings:
    """What `path` is and holds. X12 is left to those who know it: its kind is "x12" and nothing more.

    Raises Unavailable where there is nothing, or it cannot be read.
    """
    if path.is_dir():
        return _folder(path)
    with open_bytes(path) as file:
        head = file.read(_HEAD)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf"):
        return Findings(
            "unknown", "empty", path.name, problems=("There is nothing in it.",),
            remedy="Export or copy it again.",
        )  # fmt: skip
    return _by_first_bytes(path, head) or _by_text(path)


def _folder(path: Path) -> Findings:
    if all((path / name).is_file() for name in _PRACTICE_FILES):
        return _practice(path)
    if synthea.is_synthea(path):
        return _synthea(path)
    inside = sorted(entry.name for entry in path.iterdir() if not entry.name.startswith("."))
    return Findings(
        "unknown",
        "a folder this program does not recognize",
        path.name,
        counts={"files and folders": len(inside)},
        facts={"beginning with": ", ".join(inside[:5])} if inside else {},
        remedy="Inspect the files in it one by one.",
    )


def _practice(path: Path) -> Findings:
    """A practice folder tells little without a password: who may log in, and what a manifest says."""
    problems: list[str] = []
    facts: dict[str, object] = {"database bytes": (path / "practice.db").stat().st_size}
    try:
        slots = json.loads((path / "keyslots.json").read_text("utf-8"))
        facts["log-ins"] = ", ".join(str(slot["login"]) for slot in slots["users"])
        facts["practice id"] = str(slots["practice_id"])
    except (OSError, ValueError, LookupError, TypeError):
        problems.append("Its keyslots.json is damaged; without it nobody can open the practice.")
    attachments = path / "files"
    counts = {
        "attachments": sum(1 for file in attachments.rglob("*") if file.is_file())
        if attachments.is_dir()
        else 0
    }
    if not (path / "manifest.json").is_file():
        return Findings(
            "practice", "a MedSec practice folder", path.name, counts,
            facts=facts, problems=tuple(problems),
        )  # fmt: skip
    made = ""
    try:
        manifest = json.loads((path / "manifest.json").read_text("utf-8"))
        made = str(manifest["made_at"])
        facts |= {
            "made at": made.replace("T", " "),
            "of practice": str(manifest["practice"]),
            "data format": int(manifest["schema"]),
            "journal length": int(manifest["journal_length"]),
        }
        tables = {str(name): int(rows) for name, rows in manifest["tables"].items()}
        facts["tables"] = tables
        counts = {noun: tables[name] for name, noun in _TABLES.items() if tables.get(name)} | counts
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        problems.append("Its manifest.json is damaged; choose another backup.")
    return Findings(
        "backup",
        "a backup of a MedSec practice",
        path.name,
        counts,
        first_on=made[:10],
        last_on=made[:10],
        facts=facts,
        problems=tuple(problems),
        remedy="“medsec-desktop restore” puts it back; it is checked before anything is changed.",
    )


def _synthea(path: Path) -> Findings:
    try:
        folder = synthea.SyntheaFolder(path)
    except Invalid as problem:
        return Findings("synthea", "a Synthea CSV folder", path.name, problems=(str(problem),))
    counts: dict[str, int] = {}
    problems: list[str] = []
    span = DateSpan()
    for what, records in (
        ("patients", folder.patients()),
        ("payers", folder.payers()),
        ("providers", folder.providers()),
        ("organizations", folder.organizations()),
        ("coverage rows", folder.coverages()),
        ("visits", folder.visits()),
    ):
        counts[what] = 0
        for record in records:
            counts[what] += 1
            if isinstance(record, Quarantined):
                problems.append(f"{record.origin}: {record.sentence}")
            elif isinstance(record, VisitRecord):
                span.add(record.starts_at.date().isoformat())
    aside = {left.file: left.rows for left in folder.left_aside()}
    return Findings(
        "synthea",
        "a Synthea CSV folder",
        path.name,
        counts,
        first_on=span.first,
        last_on=span.last,
        fields=CsvFile(path / synthea.FILES["patients"]).columns,
        facts={
            "not taken in by this version": ", ".join(
                f"{file} ({rows:,} rows)" for file, rows in aside.items()
            ),
            "left aside": aside,
        },
        problems=tuple(problems[:200]),
        remedy="“medsec-desktop import synthea” takes it in; --dry-run shows what that would do.",
    )


def _by_first_bytes(path: Path, head: bytes) -> Findings | None:
    if b"%PDF-" in head[:1024]:
        return _pdf(path, head)
    image = _image(path, head)
    if image is not None:
        return image
    if head.startswith(b"PK\x03\x04"):
        return _zip(path)
    for mark, title, remedy in _BINARY:
        if head.startswith(mark):
            return Findings("unknown", title, path.name, remedy=remedy)
    return None


def _pdf(path: Path, head: bytes) -> Findings:
    version = re.search(rb"%PDF-(\d\.\d)", head)
    facts: dict[str, object] = {"PDF version": version[1].decode() if version else ""}
    try:
        import pypdfium2

        document = pypdfium2.PdfDocument(path)
        try:
            counts = {"pages": len(document)}
        finally:
            document.close()
    except ImportError:
        counts = {}
    except (pypdfium2.PdfiumError, OSError) as error:
        reason = "It needs a password." if "password" in str(error).casefold() else (
            "It is damaged or cut short."
        )  # fmt: skip
        return Findings("pdf", "a PDF", path.name, facts=facts, problems=(reason,))
    return Findings("pdf", "a PDF", path.name, counts, facts=facts)


def _image(path: Path, head: bytes) -> Findings | None:
    size: tuple[int, int] | None = None
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        name = "PNG"
        if len(head) >= 24:
            size = struct.unpack(">II", head[16:24])
    elif head.startswith(b"\xff\xd8\xff"):
        name, size = "JPEG", _jpeg_size(head)
    elif head[:6] in (b"GIF87a", b"GIF89a"):
        name, size = "GIF", struct.unpack("<HH", head[6:10]) if len(head) >= 10 else None
    elif head[:4] in (b"II*\0", b"MM\0*"):
        name = "TIFF"
    elif head.startswith(b"BM") and len(head) >= 26 and head[6:10] == b"\0\0\0\0":
        name, size = "BMP", struct.unpack("<ii", head[18:26])
    elif head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        name = "WebP"
    else:
        return None
    facts: dict[str, object] = {"format": name}
    if size:
        facts |= {"width": abs(size[0]), "height": abs(size[1])}
    return Findings("image", f"an image ({name})", path.name, counts={"images": 1}, facts=facts)


def _jpeg_size(head: bytes) -> tuple[int, int] | None:
    """Width and height from the frame header, found by walking the segments before it."""
    at = 2
    while at + 9 < len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", head[at + 2 : at + 4])[0])
    return None


def _zip(path: Path) -> Findings:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return Findings(
            "unknown", "a ZIP archive", path.name, problems=("It is damaged or cut short.",)
        )
    for folder, title, remedy in (
        ("xl/", "an Excel workbook", "Save the sheet as CSV first."),
        ("word/", "a Word document", "Save it as PDF first."),
    ):
        if any(name.startswith(folder) for name in names):
            return Findings("unknown", title, path.name, remedy=remedy)
    return Findings(
        "unknown", "a ZIP archive", path.name, {"files": len(names)}, remedy="Unpack it first."
    )


def _by_text(path: Path) -> Findings:
    encoding = encoding_of(path)
    with open_text(path, encoding) as file:
        head = file.read(_HEAD)
    start = head.lstrip("\ufeff \t\r\n\0")
    if _share_of_text(head) < _TEXT_NEEDED:
        return _unknown(path, "of a kind this program does not know")
    if start[:3] == "ISA" and not start[3:4].isalnum():
        return Findings("x12", "an X12 file", path.name)
    if re.match(r"BEGIN:VCARD\b", start, re.IGNORECASE):
        return vcard.look(path)
    if re.match(r"BEGIN:VCALENDAR\b", start, re.IGNORECASE):
        return icalendar.look(path)
    if start[:1] in ("{", "["):
        try:
            return fhir.look(path)
        except fhir.NotFhir as reason:
            return _unknown(path, str(reason))
    if hcpcs.looks_like_hcpcs(head):
        return hcpcs.look(path)
    return _csv(path, head) or _unknown(path, "a text this program does not recognize")


def _share_of_text(text: str) -> float:
    """How much of `text` is characters that people write."""
    odd = sum(1 for sign in text if (sign < " " and sign not in "\t\r\n\f\x1a") or sign == "�")
    return 1 - odd / max(1, len(text))


def _unknown(path: Path, title: str) -> Findings:
    return Findings(
        "unknown",
        title,
        path.name,
        facts={"size in bytes": path.stat().st_size},
        remedy="Ask whoever sent it in which format it was written.",
    )


def _csv(path: Path, head: str) -> Findings | None:
    """A table: at least two columns, and rows that mostly fit them."""
    try:
        table = CsvFile(path)
    except (Invalid, Unavailable):
        return None
    if len(table.columns) < 2 or not all(len(name) < 100 for name in table.columns):
        return None
    rows = 0
    problems: list[str] = []
    misfits = 0
    for row in table.rows():
        rows += 1
        if isinstance(row, Quarantined):
            misfits += 1
            if len(problems) < 200:
                problems.append(f"Row {row.origin.row}: {row.sentence}")
    if misfits > max(1, rows / 2):
        return None
    unnamed = sum(1 for name in table.columns if not name)
    if unnamed:
        problems.append(f"{unnamed} of {len(table.columns)} columns have no name.")
    twice = sorted({name for name in table.columns if name and table.columns.count(name) > 1})
    if twice:
        problems.append(f"The column name {twice[0]} occurs more than once.")
    return Findings(
        "csv",
        "a table (CSV)",
        path.name,
        counts={"rows": rows, "columns": len(table.columns)},
        fields=table.columns,
        facts={
            "separator": {"\t": "tab"}.get(table.separator, table.separator),
            "encoding": encoding_in_words(table.encoding),
        },
        problems=tuple(problems),
        remedy="“medsec-desktop import csv” takes in its people; --dry-run shows what that would do."
        if {"family", "name"} & set(guess(table.columns))
        else "",
    )
