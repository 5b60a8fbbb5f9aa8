"""What waits to be sorted: filed by its own barcode where it has one, else by somebody who looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from medsec_desktop.domain import scan_batches
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.scan_batches import Part
from medsec_desktop.models.documents import Document, PrintedForm
from medsec_desktop.services.documents import listing
from medsec_desktop.services.documents.documents import Documents
from medsec_desktop.services.documents.intake import Examined, checked
from medsec_desktop.services.documents.reader import PageRef
from medsec_desktop.services.documents.records import (
    DocumentDraft,
    DocumentRow,
    FormRow,
    Incoming,
    Source,
    Status,
)
from medsec_desktop.services.progress import Progress
from medsec_desktop.services.saving import save_row
from medsec_desktop.services.session import Session
from medsec_desktop.store.database import Database
from medsec_desktop.store.files import Files


@dataclass(frozen=True, slots=True)
class Sorted:
    """What became of a file: `filed` by themselves, `left` to be sorted, or `known` already."""

    filed: tuple[DocumentRow, ...] = ()
    left: tuple[DocumentRow, ...] = ()
    known: DocumentRow | None = None


class Sorting:
    """The sorting screen's verbs, and what is done before anybody needs to look."""

    def __init__(self, session: Session, documents: Documents):
        self._session = session
        self._db = session.db
        self._documents = documents
        self._files = Files.of(session.db)

    def waiting(self) -> tuple[DocumentRow, ...]:
        """What is to be sorted, what waits longest first."""
        self._session.require(Permission.VIEW_PATIENTS, "see documents")
        return listing.documents(self._db, "d.status = 'sorting'", (), "d.id")

    def count(self) -> int:
        """How many wait."""
        return int(self._db.value("SELECT count(*) FROM document WHERE status = 'sorting'"))

    def file(self, document_id: int, patient_id: int, draft: DocumentDraft) -> DocumentRow:
        """Put a waiting document into a file. Raises Invalid, and Conflict when stale."""
        onto = listing.file_now(self._db, patient_id)
        name = listing.name_of(self._db, onto).listed
        fields = checked(draft, self._documents.categories.check)
        with self._session.change(
            f"File “{fields['title']}” with {name}", Permission.EDIT_PATIENTS, patient_id=onto
        ):
            save_row(
                Document,
                document_id,
                draft.version,
                patient_id=onto,
                status=str(Status.FILED),
                **fields,
            )
        return listing.document(self._db, document_id)

    def take(self, incoming: Incoming, progress: Progress | None = None) -> Sorted:
        """Take a file in, and file what carries a barcode of ours; the rest waits.

        A batch is cut at its forms. Raises Invalid for a file that is not taken, Unavailable where it
        could not be kept: then nothing of it is here.
        """
        self._session.require(Permission.EDIT_PATIENTS, "take in documents")
        found = self._documents.intake.examine(incoming.content, progress)
        known = self._documents.intake.known(found.sha256)
        if known is not None:
            return Sorted(known=known)
        row = self._documents.intake.take_to_sort(incoming, found)
        return self._file_by_barcode(row, found, incoming.content)

    def _file_by_barcode(self, row: DocumentRow, found: Examined, content: bytes) -> Sorted:
        """Two operations, so that undoing the second brings the whole scan back to be sorted."""
        forms = self._forms(found)
        parts = scan_batches.cut(found.pages, {code: form.pages for code, form in forms.items()})
        if not any(part.code for part in parts):
            return Sorted(left=(row,))
        if len(parts) == 1 and not any(turn for _, turn in parts[0].pages):
            return self._file_whole(row, forms[parts[0].code])
        return self._file_cut(row, content, parts, forms)

    def _forms(self, found: Examined) -> dict[str, FormRow]:
        """The forms of ours that this file brings back, by code; only those whose patient is known."""
        return {
            form.code: form
            for mark in found.marks
            for form in listing.forms(self._db, "f.code = ?", (mark.code,))
            if listing.file_now(self._db, form.patient_id) is not None
        }

    def _file_whole(self, row: DocumentRow, form: FormRow) -> Sorted:
        whose = listing.file_now(self._db, form.patient_id)
        with self._session.change(
            _label(self._db, [form]), Permission.EDIT_PATIENTS, patient_id=whose
        ):
            save_row(Document, row.id, row.version, **self._fields(form))
            self._mark_back(form, row.id)
        return Sorted(filed=(listing.document(self._db, row.id),))

    def _file_cut(
        self, row: DocumentRow, content: bytes, parts: tuple[Part, ...], forms: dict[str, FormRow]
    ) -> Sorted:
        pdfs = self._documents.reader.make_parts(
            [content],
            [[PageRef(0, number, turn) for number, turn in part.pages] for part in parts],
        )
        for pdf in pdfs:
            self._files.put(pdf)
        made = list(zip(parts, pdfs, strict=True))
        named = [forms[part.code] for part in parts if part.code]
        owners = {listing.file_now(self._db, form.patient_id) for form in named}
        filed: list[int] = []
        left: list[int] = []
        with self._session.change(
            _label(self._db, named),
            Permission.EDIT_PATIENTS,
            patient_id=owners.pop() if len(owners) == 1 else None,
        ):
            for part, pdf in made:
                form = forms.get(part.code)
                fields: dict[str, Any] = {
                    "title": f"{row.title}, {_pages(part)}",
                    "source": str(Source.SCANNED),
                }
                if form is not None:
                    fields |= self._fields(form)
                part_id = self._documents.pages.part(row, pdf, len(part.pages), fields)
                (filed if form else left).append(part_id)
                if form is not None:
                    self._mark_back(form, part_id)
            save_row(Document, row.id, row.version, status=str(Status.DISCARDED))
        return Sorted(
            tuple(listing.document(self._db, one) for one in filed),
            tuple(listing.document(self._db, one) for one in left),
        )

    def _fields(self, form: FormRow) -> dict[str, Any]:
        return {
            "patient_id": listing.file_now(self._db, form.patient_id),
            "status": str(Status.FILED),
            "title": form.title,
            "category_id": form.category_id,
            "dated_on": self._session.clock.today().isoformat(),
        }

    def _mark_back(self, form: FormRow, document_id: int) -> None:
        """The first scan of a form is the one that came back; a later one is filed beside it."""
        form = listing.forms(self._db, "f.id = ?", (form.id,))[0]  # it may be twice in one batch
        gone = form.document_id is not None and not self._db.value(
            "SELECT 1 FROM document WHERE id = ? AND status <> 'discarded'", (form.document_id,)
        )
        if form.document_id is None or gone:
            save_row(PrintedForm, form.id, form.version, document=document_id)


def _label(db: Database, forms: list[FormRow]) -> str:
    if len(forms) > 1:
        return f"File {len(forms)} forms by their barcodes"
    name = listing.name_of(db, listing.file_now(db, forms[0].patient_id)).listed
    return f"File “{forms[0].title}” with {name} by its barcode"


def _pages(part: Part) -> str:
    first, last = part.pages[0][0] + 1, part.pages[-1][0] + 1
    return f"page {first}" if first == last else f"pages {first} to {last}"
