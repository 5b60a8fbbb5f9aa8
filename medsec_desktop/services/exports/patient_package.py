"""One patient's file, whole or what a request asks for, as an encrypted package."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.clock import utc_text
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.rights import ItemKind
from medsec_desktop.domain.wording import counted
from medsec_desktop.exchange import encrypted_zip, fhir_bundle
from medsec_desktop.exchange.fhir_bundle import PatientRows
from medsec_desktop.models.rights import Disclosure
from medsec_desktop.problems import Invalid
from medsec_desktop.services.claims.claims_paper import claims_pdf
from medsec_desktop.services.files_out import whole_file
from medsec_desktop.services.patients.timeline_paper import timeline_pdf
from medsec_desktop.services.practice.time_zone import clinic_zone
from medsec_desktop.services.saving import insert_row
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from zipfile import ZipFile

    from medsec_desktop.services.exports.exports import PatientPackage
    from medsec_desktop.services.office import Office
    from medsec_desktop.services.patients.records import PatientFile
    from medsec_desktop.services.patients.rights_records import RequestRow
    from medsec_desktop.services.progress import Progress
    from medsec_desktop.store.database import Database

_ENDINGS = {
    "application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/tiff": ".tif",
    "text/plain": ".txt",
}  # fmt: skip

# Of a patient whose face sheet does not go out the bundle tells name, birth, sex and chart number.
_UNTOLD = {
    "email": "", "language": "", "marital_status": "", "preferred_name": "", "former_name": "",
    "primary_provider_id": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Packed:
    """What went into a package."""

    name: str
    documents: int
    disclosure_id: int

    @property
    def sentence(self) -> str:
        many = counted(self.documents, "document")
        return f"“{self.name}” holds the file and {many}; the disclosure is logged."


def write(office: Office, asked: PatientPackage, path: Path, progress: Progress) -> Packed:
    """The package: index, face sheet, timeline, claims, FHIR bundle and every filed document.

    The disclosure is logged when the file is whole and before it has its name: none is handed out
    that is not in the log. Raises NotAllowed, Invalid, Unavailable.
    """
    session = office.session
    session.require(Permission.EXPORT_DATA, "export a patient’s file")
    if not asked.recipient.strip():
        raise Invalid("Say who gets the package.", field="recipient")
    encrypted_zip.require_password(asked.password)
    file = office.patients.reread(asked.patient_id)
    names = _documents(office, file) if asked.with_documents else {}
    claims = claims_pdf(office, file.id) if session.may(Permission.VIEW_CLAIMS) else b""
    logged: list[int] = []

    def record() -> None:
        label = f"Export the file of {file.name.spoken}"
        with session.change(label, Permission.EXPORT_DATA, patient_id=file.id, sealed=True):
            number = insert_row(
                Disclosure,
                patient_id=file.id,
                disclosed_at=session.clock.now().strftime("%Y-%m-%dT%H:%M"),
                recipient=asked.recipient.strip(),
                recipient_address=asked.recipient_address.strip(),
                what=_what(len(names), has_claims=bool(claims)),
                purpose=asked.purpose.strip(),
                how="encrypted file",
                disclosed_by=session.user.name,
                request_id=asked.request_id,
            )
        logged.append(number)

    with (
        whole_file(path, record) as out,
        encrypted_zip.written(out, asked.password) as archive,
    ):
        _fill(office, file, asked, archive, names, claims, progress)
    return Packed(path.name, len(names), logged[0])


def _what(documents: int, *, has_claims: bool) -> str:
    parts = "timeline, claims" if has_claims else "timeline"
    whole = f"The whole file: face sheet, {parts} and FHIR bundle"
    if not documents:
        return whole
    return f"{whole}, with {counted(documents, 'document')}"


def _fill(
    office: Office,
    file: PatientFile,
    asked: PatientPackage,
    archive: ZipFile,
    names: dict[int, tuple[str, str, str]],
    claims: bytes,
    progress: Progress,
) -> None:
    files = Files.of(office.session.db)
    rows = _rows(office, file.id, {number: name for number, (name, _, _) in names.items()})
    parts: list[tuple[str, str]] = [
        ("face-sheet.pdf", "Face sheet"),
        ("timeline.pdf", "Everything that happened"),
        *((("claims.pdf", "Claims to insurances"),) if claims else ()),
        ("fhir.json", "The file for other programs (FHIR R4)"),
        *((name, title) for name, title, _ in names.values()),
    ]
    archive.writestr("index.html", _index(office, file, asked.recipient, asked.purpose, parts))
    archive.writestr("face-sheet.pdf", office.face_sheets.pdf(file.id))
    archive.writestr("timeline.pdf", timeline_pdf(office, file.id))
    if claims:
        archive.writestr("claims.pdf", claims)
    archive.writestr("fhir.json", _fhir(rows))
    for done, (name, _, sha256) in enumerate(names.values()):
        progress.report(done, len(names), "Adding documents")
        archive.writestr(name, files.get(sha256))


def fill_release(office: Office, row: RequestRow, pdf: bytes, archive: ZipFile) -> None:
    """What goes out with a records request: its package as paper, the same for other programs.

    The bundle keeps to what was chosen: who she is in full only with the face sheet, her
    visits only with the timeline and within its period, and of the documents those chosen.
    """
    file, files = office.patients.reread(row.patient_id), Files.of(office.session.db)
    kinds = {item.kind for item in row.items}
    chosen = {item.document_id for item in row.items}
    names = {
        number: named for number, named in _documents(office, file).items() if number in chosen
    }
    rows = _rows(office, file.id, {number: name for number, (name, _, _) in names.items()})
    rows = replace(rows, patient=rows.patient | {"ssn": ""})
    if ItemKind.FACE_SHEET not in kinds:
        rows = replace(
            rows, patient=rows.patient | _UNTOLD, phones=(), addresses=(), people=(), coverages=(),
            alerts=(),
        )  # fmt: skip
    is_asked = ItemKind.TIMELINE in kinds
    visits, encounters = (
        tuple(
            one
            for one in found
            if is_asked and row.covers(date.fromisoformat(one["starts_at"][:10]))
        )
        for found in (rows.visits, rows.encounters)
    )
    named = {one["provider_id"] for one in (*visits, *encounters)}
    named.add(rows.patient["primary_provider_id"])
    providers = tuple(one for one in rows.providers if one["id"] in named)
    rows = replace(rows, visits=visits, encounters=encounters, providers=providers)
    parts = [
        ("records.pdf", "The records, as on paper"),
        ("fhir.json", "The records for other programs (FHIR R4)"),
        *((name, title) for name, title, _ in names.values()),
    ]
    recipient = row.deliver_to.strip().partition("\n")[0].strip() or row.requester
    archive.writestr("index.html", _index(office, file, recipient, row.purpose, parts))
    archive.writestr("records.pdf", pdf)
    archive.writestr("fhir.json", _fhir(rows))
    for name, _, sha256 in names.values():
        archive.writestr(name, files.get(sha256))


def _fhir(rows: PatientRows) -> str:
    return json.dumps(fhir_bundle.bundle(rows), indent=1, ensure_ascii=False)


def _documents(office: Office, file: PatientFile) -> dict[int, tuple[str, str, str]]:
    """Every filed document: by its number, its name in the package, its title and its hash."""
    names = {}
    for number, title, media_type, sha256, on in office.session.db.rows(
        "SELECT id, title, media_type, sha256, coalesce(dated_on, substr(filed_at, 1, 10))"
        " FROM document WHERE patient_id = ? AND status = 'filed' ORDER BY filed_at, id",
        (file.id,),
    ):
        plain = re.sub(r"[^\w\- ]", "", title).strip()[:60] or "document"
        name = f"documents/{on} {plain} {number}{_ENDINGS.get(media_type, '')}"
        names[number] = name, title, sha256
    return names


def _index(
    office: Office, file: PatientFile, recipient: str, purpose: str, parts: list[tuple[str, str]]
) -> str:
    formats, said = office.formats, html.escape
    profile = office.practice.profile()
    listed = "\n".join(
        f'<li><a href="{said(name, quote=True)}">{said(title)}</a></li>' for name, title in parts
    )
    why = f"<p>Purpose: {said(purpose)}</p>" if purpose.strip() else ""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{said(file.name.listed)}</title>"
        '<body style="font-family: sans-serif; max-width: 44em; margin: 2em auto">'
        f"<h1>{said(file.name.listed)}</h1>"
        f"<p>Born {said(formats.birth(file.birth) or 'unknown')}, chart {said(file.chart_number)}</p>"
        f"<p>Given by {said(profile.name)} to {said(recipient)}"
        f" on {said(formats.when(office.clock.now()))}</p>{why}"
        f"<ul>{listed}</ul><p>Confidential: for the recipient only.</p></body></html>"
    )


def _rows(office: Office, patient_id: int, files: dict[int, str]) -> PatientRows:
    db = office.session.db

    def of(sql: str) -> tuple[dict[str, Any], ...]:
        return _dicts(db, sql, (patient_id,))

    (patient,) = of("SELECT * FROM patient WHERE id = ?")
    if not office.session.may(Permission.VIEW_FULL_SSN):
        patient["ssn"] = ""
    visits = of(
        "SELECT a.*, t.name AS type_name FROM appointment a LEFT JOIN appointment_type t"
        " ON t.id = a.type_id WHERE a.patient_id = ? ORDER BY a.starts_at"
    )
    encounters = of("SELECT * FROM encounter WHERE patient_id = ? ORDER BY starts_at")
    named = {row["provider_id"] for row in (*visits, *encounters)} | {
        patient["primary_provider_id"]
    }
    providers = _dicts(
        db,
        "SELECT * FROM provider WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(sorted(named - {None})),),
    )
    documents = tuple(
        row | {"file": files[row["id"]]}
        for row in of("SELECT * FROM document WHERE patient_id = ? AND status = 'filed'")
        if row["id"] in files
    )
    return PatientRows(
        patient,
        office.practice.profile().name,
        of("SELECT * FROM patient_phone WHERE patient_id = ? ORDER BY position, id"),
        of("SELECT * FROM patient_address WHERE patient_id = ? ORDER BY position, id"),
        of("SELECT * FROM related_person WHERE patient_id = ? ORDER BY position, id"),
        of(
            "SELECT c.*, p.name AS payer_name FROM coverage c JOIN payer p ON p.id = c.payer_id"
            " WHERE c.patient_id = ? ORDER BY c.id"
        ),
        visits,
        encounters,
        documents,
        providers,
        of("SELECT * FROM patient_alert WHERE patient_id = ? ORDER BY id"),
        _instants(office),
        utc_text(office.clock.now_utc()),
    )


def _instants(office: Office) -> Callable[[str], str]:
    """Wall-clock times of the clinic with their distance from UTC, of that day and hour."""
    from medsec_desktop.domain.calendar.zones import zone

    name = clinic_zone(office.practice)
    if not name:
        return lambda wall: f"{wall}:00Z"
    here = zone(name)
    return lambda wall: datetime.fromisoformat(wall).replace(tzinfo=here).isoformat()


def _dicts(db: Database, sql: str, values: tuple[Any, ...]) -> tuple[dict[str, Any], ...]:
    cursor = db.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return tuple(dict(zip(names, row, strict=True)) for row in cursor.fetchall())
