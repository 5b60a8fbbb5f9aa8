"""The package of a records request: one PDF with a cover that says what is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.rights import ItemKind
from medsec_desktop.domain.scan_batches import ScannedPage
from medsec_desktop.models import Document
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.documents.categories import RECORDS_REQUESTS
from medsec_desktop.services.documents.intake import Examined
from medsec_desktop.services.documents.reader import PageRef
from medsec_desktop.services.documents.records import (
    PDF,
    DocumentDraft,
    Incoming,
    Source,
    Status,
)
from medsec_desktop.services.page_images import page_count
from medsec_desktop.services.patients.timeline_paper import timeline_pdf
from medsec_desktop.services.practice import settings
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office
    from medsec_desktop.services.patients.rights_records import ReleaseChoice, RequestRow
    from medsec_desktop.services.progress import Progress

_MOST_BYTES = 150 * 1024 * 1024  # of one package: what the reading process still puts together


@dataclass(frozen=True, slots=True)
class Made:
    """A package that is made and not yet in the file."""

    content: bytes
    pages: int
    office: Office

    def archive(self, row: RequestRow) -> int:
        """Put it into the file as a document, in place of one made before. Inside a change."""
        office, session = self.office, self.office.session
        sha256 = hashlib.sha256(self.content).hexdigest()
        if row.package_document_id is not None:
            before = session.db.one(
                "SELECT version, sha256 FROM document WHERE id = ?", (row.package_document_id,)
            )
            if before is not None and before[1] == sha256:
                return row.package_document_id
            Document.update(version=Document.version + 1, status=str(Status.DISCARDED)).where(
                Document.id == row.package_document_id
            ).execute()
        documents = office.documents
        Files.of(session.db).put(self.content)
        title = f"Records for {row.requester}"[:200]
        return documents.intake.insert(
            Incoming(self.content, f"{title}.pdf", Source.MADE),
            Examined(sha256, PDF, (ScannedPage(),) * self.pages),
            Status.FILED,
            DocumentDraft(title, documents.categories.named(RECORDS_REQUESTS)),
            row.patient_id,
        )


class ReleasePackage:
    """Puts the chosen parts together; nothing is written until it is archived."""

    def __init__(self, office: Office):
        self._office = office
        self._files = Files.of(office.session.db)

    def made(self, row: RequestRow, chosen: Sequence[ReleaseChoice], progress: Progress) -> Made:
        """The package as one PDF. Raises Invalid where it is too large, and NotAllowed."""
        self._office.session.require(Permission.VIEW_PATIENTS, "read a patient’s file")
        parts: list[tuple[str, str, bytes, int]] = []
        formats, size = self._office.formats, 0
        for done, choice in enumerate(chosen):
            progress.report(done, len(chosen) + 1, choice.title)
            content, pages = self._part(row, choice)
            size += len(content)
            if size > _MOST_BYTES:
                raise Invalid(
                    "The package would be too large.",
                    f"It may have {_MOST_BYTES // 1024 // 1024} MB.",
                    "Choose fewer documents, and release the rest by a second request.",
                    field="items",
                )
            parts.append(
                (choice.title, formats.date(choice.on) if choice.on else "", content, pages)
            )
        progress.report(len(chosen), len(chosen) + 1, "Putting the pages together")
        cover = self._cover(row, [(title, on, pages) for title, on, _, pages in parts])
        sources = [cover, *(content for _, _, content, _ in parts)]
        counts = [page_count(cover), *(pages for *_, pages in parts)]
        refs = [
            PageRef(source, number)
            for source, count in enumerate(counts)
            for number in range(count)
        ]
        return Made(self._office.documents.reader.make(sources, refs), len(refs), self._office)

    def _part(self, row: RequestRow, choice: ReleaseChoice) -> tuple[bytes, int]:
        office = self._office
        if choice.item.kind is ItemKind.DOCUMENT:
            found = office.session.db.one(
                "SELECT sha256, pages FROM document WHERE id = ? AND status = 'filed'",
                (choice.item.document_id,),
            )
            if found is None:
                raise Conflict(f"“{choice.title}” is no longer in the file.")
            return self._files.get(found[0]), int(found[1])
        if choice.item.kind is ItemKind.FACE_SHEET:
            pdf = office.face_sheets.pdf(row.patient_id)
        else:
            pdf = timeline_pdf(office, row.patient_id, row.from_on, row.to_on)
        return pdf, page_count(pdf)

    def _cover(self, row: RequestRow, parts: Sequence[tuple[str, str, int]]) -> bytes:
        from medsec_desktop.documents.calendar_pages import ListGroup, ListSheet, list_pdf

        office = self._office
        formats, profile = office.formats, office.practice.profile()
        file = office.patients.reread(row.patient_id)
        born = formats.birth(file.birth)
        head = ", ".join(
            part
            for part in (
                file.name.listed,
                f"born {born}" if born else "",
                f"chart {file.chart_number}",
            )
            if part
        )
        span = [f"from {formats.date(row.from_on)}"] if row.from_on else []
        span += [f"to {formats.date(row.to_on)}"] if row.to_on else []
        about = [
            ("Requested by", row.requester),
            ("Received", formats.date(row.received_on)),
            ("For", row.deliver_to.replace("\n", ", ")),
            ("Purpose", row.purpose),
            ("Period", " ".join(span)),
        ]
        return list_pdf(
            ListSheet(
                title="Copy of records",
                practice=profile.name,
                columns=("Part", "Of", "Pages"),
                widths=(0.62, 0.24, 0.14),
                groups=(
                    ListGroup(head, tuple((title, on, str(pages)) for title, on, pages in parts)),
                    ListGroup(
                        "The request",
                        tuple((f"{label}: {text}", "", "") for label, text in about if text),
                    ),
                    ListGroup(
                        "Confidential",
                        (),
                        remark="For the recipient only. Whoever got it by mistake is asked to tell"
                        f" {profile.name} and to destroy it.",
                    ),
                ),
                printed=f"{formats.when(office.clock.now())}, {office.session.user.name}",
                paper=profile.paper,
                mark="DEMO" if office.practice.get(settings.IS_DEMO) else "",
            )
        )
