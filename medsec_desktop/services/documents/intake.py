"""Taking a document in: what it is, whether it is here already, whose it is by its own barcode."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from medsec_desktop.domain.form_codes import PREFIX, FormMark, mark_of
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.scan_batches import ScannedPage
from medsec_desktop.models.documents import Document, PrintedForm
from medsec_desktop.problems import Conflict, Invalid, Link
from medsec_desktop.services.documents import listing
from medsec_desktop.services.documents.categories import Categories
from medsec_desktop.services.documents.reader import OpenDocument, Reader, refuse_too_large
from medsec_desktop.services.documents.records import (
    LEAFLET,
    DocumentDraft,
    DocumentRow,
    FormRow,
    Incoming,
    Status,
)
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.saving import insert_row
from medsec_desktop.services.session import Session
from medsec_desktop.store.files import Files

LONGEST_TITLE, LONGEST_NOTE, LONGEST_NAME = 200, 2_000, 255
_MOST_LOOKED_AT = 200  # pages searched for barcodes; a batch of forms is never longer
# What a scanner or camera calls its files says nothing: scan0001, IMG_20260311, document(3), CCF_000001.
_NO_TITLE = re.compile(r"(?i)^(scan|img|image|document|doc|dsc|ccf|untitled|photo)?[\W\d_]*$")


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found out about a file before it is kept."""

    sha256: str
    media_type: str
    pages: tuple[ScannedPage, ...]

    @property
    def marks(self) -> tuple[FormMark, ...]:
        """The marks of our forms on it, each form once."""
        by_code = {page.mark.code: page.mark for page in self.pages if page.mark is not None}
        return tuple(by_code.values())


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A document that is in now; `remarks` are what one should know of it."""

    row: DocumentRow
    remarks: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


class Intake:
    """The way in for every document, whichever way it came."""

    def __init__(self, session: Session, categories: Categories, files: Files, reader: Reader):
        self._session = session
        self._db = session.db
        self._categories = categories
        self._files = files
        self._reader = reader

    def examine(self, content: bytes, progress: Progress | None = None) -> Examined:
        """Open it in a process of its own and look at its pages. Raises Invalid, told what is wrong."""
        refuse_too_large(len(content))
        progress = progress or Quiet()
        with self._reader.open(content) as opened:
            pages = [
                self._looked_at(opened, number, progress)
                for number in range(min(opened.page_count, _MOST_LOOKED_AT))
            ]
            pages += [ScannedPage()] * (opened.page_count - len(pages))
            return Examined(hashlib.sha256(content).hexdigest(), opened.media_type, tuple(pages))

    def take_in(
        self,
        patient_id: int,
        incoming: Incoming,
        draft: DocumentDraft | None = None,
        progress: Progress | None = None,
    ) -> TakenIn:
        """Keep a file as a document of hers.

        Raises Invalid for a file that is not taken, and Conflict where her file has it already or where it
        carries the barcode of a form of somebody else.
        """
        label_name = listing.name_of(self._db, patient_id).listed
        self._session.require(Permission.EDIT_PATIENTS, "take in documents")
        self._refuse_known(patient_id, hashlib.sha256(incoming.content).hexdigest())
        found = self.examine(incoming.content, progress)
        form = self._form_of(patient_id, found)
        draft = draft or DocumentDraft(
            form.title if form else title_from(incoming.name), form.category_id if form else None
        )
        self._files.put(
            incoming.content
        )  # named by its content, it does no harm should the rest fail
        with self._session.change(
            f"Take in “{draft.title}” for {label_name}",
            Permission.EDIT_PATIENTS,
            patient_id=patient_id,
        ):
            row_id = self.insert(incoming, found, Status.FILED, draft, patient_id)
            if form is not None and form.document_id is None:
                PrintedForm.update(version=form.version + 1, document=row_id).where(
                    PrintedForm.id == form.id
                ).execute()
        others = self._elsewhere(found.sha256, patient_id)
        return TakenIn(
            listing.document(self._db, row_id),
            tuple(f"The same file is also with {name}." for _, name in others),
            tuple(Link("patient", str(other), name) for other, name in others),
        )

    def take_to_sort(self, incoming: Incoming, found: Examined) -> DocumentRow:
        """Keep a file for the sorting screen. Not to be undone: the original may be gone by then."""
        self._files.put(incoming.content)
        draft = DocumentDraft(title_from(incoming.name))
        with self._session.change(
            f"Take in the scan {short(incoming.name)}", Permission.EDIT_PATIENTS, sealed=True
        ):
            row_id = self.insert(incoming, found, Status.SORTING, draft, None)
        return listing.document(self._db, row_id)

    def known(self, sha256: str) -> DocumentRow | None:
        """A document of the same content that is still in use, or was cut into ones that are."""
        rows = listing.documents(
            self._db,
            "d.sha256 = ? AND d.kind <> ? AND (d.status <> 'discarded' OR EXISTS (SELECT 1 FROM"
            " document m WHERE m.made_from_id = d.id AND m.status <> 'discarded'))",
            (sha256, LEAFLET),
        )
        return rows[0] if rows else None

    def insert(
        self,
        incoming: Incoming,
        found: Examined,
        status: Status,
        draft: DocumentDraft,
        patient_id: int | None,
        made_from_id: int | None = None,
        kind: str = "document",
    ) -> int:
        """Write the record of a document whose content is kept. Inside a change."""
        return insert_row(
            Document,
            patient_id=patient_id,
            kind=kind,
            media_type=found.media_type,
            sha256=found.sha256,
            size_bytes=len(incoming.content),
            pages=len(found.pages),
            filed_at=self._session.clock.now().strftime("%Y-%m-%dT%H:%M"),
            status=str(status),
            source=str(incoming.source),
            original_name=short(incoming.name),
            made_from_id=made_from_id,
            **checked(draft, self._categories.check),
        )

    def _looked_at(self, opened: OpenDocument, number: int, progress: Progress) -> ScannedPage:
        progress.report(number, opened.page_count, f"Page {number + 1}")
        look = opened.look(number, PREFIX)
        marks = [mark for mark in map(mark_of, look.codes) if mark is not None]
        return ScannedPage(marks[0] if marks else None, look.turn if marks else 0, look.ink)

    def _refuse_known(self, patient_id: int, sha256: str) -> None:
        rows = listing.documents(
            self._db,
            "d.sha256 = ? AND d.patient_id = ? AND d.status = 'filed'",
            (sha256, patient_id),
        )
        if rows:
            same = rows[0]
            raise Conflict(
                f"This very file is already here, as “{same.title}”.",
                "It was not taken in a second time.",
                links=(Link("document", str(same.id), "Open it"),),
            )

    def _elsewhere(self, sha256: str, patient_id: int) -> list[tuple[int, str]]:
        return [
            (row.patient_id, listing.name_of(self._db, row.patient_id).listed)
            for row in listing.documents(
                self._db,
                "d.sha256 = ? AND d.patient_id <> ? AND d.status = 'filed'",
                (sha256, patient_id),
            )
            if row.patient_id is not None
        ]

    def _form_of(self, patient_id: int, found: Examined) -> FormRow | None:
        """The form of hers that came back with this file. Raises Conflict for somebody else's."""
        hers: FormRow | None = None
        for mark in found.marks:
            for form in listing.forms(self._db, "f.code = ?", (mark.code,)):
                whose = listing.file_now(self._db, form.patient_id)
                if whose == patient_id:
                    hers = hers or form
                elif whose is not None:
                    name = listing.name_of(self._db, whose).listed
                    raise Conflict(
                        f"This is a form of {name}: its barcode says so.",
                        "It was not taken into this file.",
                        "Take it in from that patient’s own file, or put it into the scan folder.",
                        (Link("patient", str(whose), name),),
                    )
        return hers


def title_from(name: str) -> str:
    """A title out of a file's name; “Scan” where the name says nothing."""
    stem = " ".join(PurePath(name.replace("\\", "/")).stem.replace("_", " ").split())
    shown = "".join(letter for letter in stem if letter.isprintable())
    return "Scan" if _NO_TITLE.match(shown) else shown[:LONGEST_TITLE]


def short(name: str) -> str:
    """A file's name without its folders, as it is kept."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable())[-LONGEST_NAME:]


def checked(
    draft: DocumentDraft, check_category: Callable[[int | None], None]
) -> dict[str, object]:
    """The columns a draft fills. Raises Invalid."""
    title = " ".join(draft.title.split())
    if not title:
        raise Invalid("Say what the document is.", remedy="A few words do.", field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(f"A title has up to {LONGEST_TITLE} characters.", field="title")
    if len(draft.note) > LONGEST_NOTE:
        raise Invalid(f"A note has up to {LONGEST_NOTE:,} characters.", field="note")
    check_category(draft.category_id)
    return {
        "title": title,
        "category_id": draft.category_id,
        "dated_on": draft.dated_on.isoformat() if draft.dated_on else None,
        "note": draft.note.strip(),
    }
