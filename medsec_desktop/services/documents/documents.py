"""Documents of patients: looking at them, putting them right, printing them, giving them away.

A document's bytes are never changed. Work on its pages makes a new document out of the old one, which is
put away and can be brought back; so is one that is discarded.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.documents import Document, PrintedForm
from medsec_desktop.problems import Conflict
from medsec_desktop.services.documents import listing
from medsec_desktop.services.documents.categories import Categories
from medsec_desktop.services.documents.intake import Intake, TakenIn, checked
from medsec_desktop.services.documents.page_work import PageWork
from medsec_desktop.services.documents.reader import OpenDocument, PageRef, Reader
from medsec_desktop.services.documents.records import (
    PDF,
    DocumentDraft,
    DocumentRow,
    Incoming,
    Status,
)
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way
from medsec_desktop.services.progress import Progress
from medsec_desktop.services.saving import save_row
from medsec_desktop.services.session import Session
from medsec_desktop.store.files import Files

# Where another record says “this is the paper it rests on”.
_RESTS_ON = (
    ("consent", "document_id", "a consent"),
    ("referral", "document_id", "a referral"),
    ("coverage", "card_front_document_id", "a coverage’s card"),
    ("coverage", "card_back_document_id", "a coverage’s card"),
    ("records_request", "signed_document_id", "a records request"),
    ("records_request", "package_document_id", "a records request"),
    ("records_request_item", "document_id", "a records request"),
    ("patient", "photo_document_id", "a file’s photo"),
    ("printed_form", "printed_document_id", "a printed form"),
    ("claim", "document_id", "a claim"),
)


class Documents:
    """The documents of the practice, in files and waiting to be sorted."""

    def __init__(self, session: Session, printing: Printing, reader: Reader | None = None):
        self._session = session
        self._db = session.db
        self._printing = printing
        self._files = Files.of(session.db)
        self._looked_at: set[tuple[int, int]] = set()
        self.reader = reader or Reader()
        self.categories = Categories(session)
        self.intake = Intake(session, self.categories, self._files, self.reader)
        self.pages = PageWork(session, self.categories, self._files, self.reader)

    # Taking in

    def take_in(
        self,
        patient_id: int,
        incoming: Incoming,
        draft: DocumentDraft | None = None,
        progress: Progress | None = None,
    ) -> TakenIn:
        """Keep a file as a document of hers. Raises Invalid and Conflict, each with the reason."""
        return self.intake.take_in(patient_id, incoming, draft, progress)

    # Reading

    def document(self, document_id: int) -> DocumentRow:
        """One document. Raises Conflict where it is not there any more."""
        return listing.document(self._db, document_id)

    def of_patient(self, patient_id: int, *, put_away: bool = False) -> tuple[DocumentRow, ...]:
        """Her documents, the newest first; with `put_away`, those discarded or replaced instead."""
        self._session.require(Permission.VIEW_PATIENTS, "see documents")
        return listing.documents(
            self._db,
            "d.patient_id = ? AND d.status = ? AND d.kind <> 'photo'",  # which has its own place
            (patient_id, "discarded" if put_away else "filed"),
            "coalesce(d.dated_on, substr(d.filed_at, 1, 10)) DESC, d.id DESC",
        )

    def content(self, document_id: int) -> bytes:
        """The very bytes that were taken in.

        A person's first look at a document in a sitting is recorded. Raises Unavailable where the file
        is missing or damaged.
        """
        self._session.require(Permission.VIEW_PATIENTS, "see documents")
        row = self.document(document_id)
        content = self._files.get(row.sha256)
        look = self._session.user.id, document_id
        if row.patient_id is not None and look not in self._looked_at:
            self._session.viewed(row.patient_id, f"Looked at the document “{row.title}”")
            self._looked_at.add(look)
        return content

    def open(self, document_id: int) -> OpenDocument:
        """The document lying open in a process of its own; `close` it when done. Looks are recorded."""
        return self.reader.open(self.content(document_id))

    # Putting right

    def amend(self, document_id: int, draft: DocumentDraft) -> None:
        """Give it another title, category, date or note. Raises Invalid, and Conflict when stale."""
        row = self.document(document_id)
        fields = checked(
            draft, self._check_new if draft.category_id != row.category_id else _as_it_is
        )
        with self._session.change(
            f"Change the document “{row.title}”",
            Permission.EDIT_PATIENTS,
            patient_id=row.patient_id,
        ):
            save_row(Document, document_id, draft.version, **fields)

    def move(self, document_id: int, version: int, to_patient_id: int) -> DocumentRow:
        """Put a document that lies in the wrong file into the right one; both files record it.

        Raises Conflict where something else in the wrong file rests on it.
        """
        row = self.document(document_id)
        onto = listing.file_now(self._db, to_patient_id)
        if onto == row.patient_id:
            raise Conflict("It is in that file already.")
        self._refuse_if_rested_on(row)
        name = listing.name_of(self._db, onto).listed
        origin = row.patient_id
        with self._session.change(
            f"Move the document “{row.title}” to {name}",
            Permission.EDIT_PATIENTS,
            patient_id=onto,
        ):
            save_row(Document, document_id, version, patient_id=onto, status=str(Status.FILED))
            # What came back for one patient has not come back for another.
            PrintedForm.update(version=PrintedForm.version + 1, document=None).where(
                PrintedForm.document == document_id
            ).execute()
            if origin is not None:
                self._session.event(f"Moved the document “{row.title}” out of this file", origin)
        return self.document(document_id)

    def discard(self, document_id: int, version: int, reason: str = "") -> None:
        """Put a document away: it is kept, and listed where one asks for what was put away."""
        row = self.document(document_id)
        with self._session.change(
            f"Discard the document “{row.title}”",
            Permission.EDIT_PATIENTS,
            patient_id=row.patient_id,
            reason=reason.strip(),
        ):
            save_row(Document, document_id, version, status=str(Status.DISCARDED))

    def restore(self, document_id: int, version: int) -> None:
        """Bring a document back that was put away: into its file, or onto the sorting screen."""
        row = self.document(document_id)
        back = Status.FILED if row.patient_id is not None else Status.SORTING
        with self._session.change(
            f"Bring back the document “{row.title}”",
            Permission.EDIT_PATIENTS,
            patient_id=row.patient_id,
        ):
            save_row(Document, document_id, version, status=str(back))

    # Giving away

    def export(self, document_id: int, target: Path) -> None:
        """Write the original, as it was taken in, to a place of one's own choosing; recorded.

        It is not encrypted there. Raises NotAllowed, Unavailable.
        """
        row = self.document(document_id)
        self._session.require(Permission.EXPORT_DATA, f"export the document “{row.title}”")

        def record() -> None:
            self._session.event(f"Exported the document “{row.title}”", row.patient_id)

        write_out(target, self._files.get(row.sha256), record)

    def print(self, document_id: int, way: Way = AS_REMEMBERED) -> str:
        """Print a document; the printer it went to. Recorded. Raises Unavailable, Invalid."""
        row = self.document(document_id)
        pdf = self.content(document_id)
        if row.media_type != PDF:
            pdf = self.reader.make([pdf], [PageRef(0, number) for number in range(row.pages)])
        used = self._printing.print_pdf(
            pdf, "documents", way, title=f"Document {document_id}", patient_id=row.patient_id
        )
        self._session.event(f"Printed the document “{row.title}”", row.patient_id)
        return used

    def _check_new(self, category_id: int | None) -> None:
        self.categories.check(category_id)

    def _refuse_if_rested_on(self, row: DocumentRow) -> None:
        for table, column, words in _RESTS_ON:
            found = self._db.value(f"SELECT 1 FROM {table} WHERE {column} = ? LIMIT 1", (row.id,))
            if found:
                raise Conflict(
                    f"“{row.title}” cannot be moved to another file.",
                    f"In this file {words} rests on it.",
                    "Take it away there first; then move the document.",
                )


def _as_it_is(_: int | None) -> None:
    """A document may stay in a category that is not offered any more."""


def redrafted(row: DocumentRow) -> DocumentDraft:
    """What is said of a document now, to be changed and handed in again."""
    return replace(
        DocumentDraft(row.title, row.category_id, row.dated_on, row.note), version=row.version
    )
