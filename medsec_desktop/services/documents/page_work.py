"""Work on pages: split, merge, turn, put in order, leave out; each makes a new document of the old.

The old one is put away, still whole. Undo takes the new one away and brings the old one back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.documents import Document
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.documents import listing
from medsec_desktop.services.documents.categories import Categories
from medsec_desktop.services.documents.reader import PageRef, Reader
from medsec_desktop.services.documents.records import PDF, DocumentRow, Source, Status
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session
from medsec_desktop.store.files import Files

# What follows a document to the one that takes its place. A released or sent one never changes.
_FOLLOWS = (
    ("printed_form", "document_id"),
    ("consent", "document_id"),
    ("referral", "document_id"),
    ("coverage", "card_front_document_id"),
    ("coverage", "card_back_document_id"),
    ("patient", "photo_document_id"),
)


class PageWork:
    """Makes documents out of documents."""

    def __init__(self, session: Session, categories: Categories, files: Files, reader: Reader):
        self._session = session
        self._db = session.db
        self._categories = categories
        self._files = files
        self._reader = reader

    def arrange(
        self, document_id: int, version: int, pages: Sequence[tuple[int, int]]
    ) -> DocumentRow:
        """The document with these pages: of each its number, and how far clockwise it is turned.

        Raises Invalid where no page is left, and Conflict when stale.
        """
        row = self._current(document_id, version)
        if not pages:
            raise Invalid(
                "At least one page must stay.", remedy="Discard the document to be rid of it all."
            )
        if list(pages) == [(number, 0) for number in range(row.pages)]:
            return row
        content = self._reader.make([self._files.get(row.sha256)], _refs(0, pages))
        sha256 = self._files.put(content)
        with self._change(row, f"Put the pages of “{row.title}” in order"):
            made = self._insert(row, row.title, content, sha256, len(pages))
            self._put_away(row)
            self._let_follow(row.id, made)
        return listing.document(self._db, made)

    def split(
        self, document_id: int, version: int, before: Sequence[int]
    ) -> tuple[DocumentRow, ...]:
        """Cut a document before each of these page numbers, counted from 0, into documents of their own."""
        row = self._current(document_id, version)
        cuts = sorted({number for number in before if 0 < number < row.pages})
        if not cuts:
            raise Invalid("Choose the page before which it is to be cut.")
        original = self._files.get(row.sha256)
        ends = [*cuts, row.pages]
        ranges = list(zip([0, *cuts], ends, strict=True))
        made_parts = self._reader.make_parts(
            [original], [[PageRef(0, n) for n in range(first, end)] for first, end in ranges]
        )
        parts = [
            (content, self._files.put(content), end - first)
            for content, (first, end) in zip(made_parts, ranges, strict=True)
        ]
        with self._change(row, f"Cut “{row.title}” into {len(parts)}"):
            made = [
                self._insert(row, f"{row.title} ({place} of {len(parts)})", content, sha256, pages)
                for place, (content, sha256, pages) in enumerate(parts, start=1)
            ]
            self._put_away(row)
            self._let_follow(row.id, made[0])
        return tuple(listing.document(self._db, one) for one in made)

    def merge(
        self, document_id: int, version: int, other_id: int, other_version: int
    ) -> DocumentRow:
        """One document out of two of the same file (or both to be sorted), the other one behind."""
        row = self._current(document_id, version)
        other = self._current(other_id, other_version)
        if row.id == other.id:
            raise Invalid("Choose another document to put behind this one.")
        if (row.patient_id, row.status) != (other.patient_id, other.status):
            raise Conflict(
                "These two documents are not in the same file.",
                "Only documents of one patient are put together.",
                "Move one of them first.",
            )
        contents = [self._files.get(one.sha256) for one in (row, other)]
        pages = row.pages + other.pages
        refs = [
            *_refs(0, [(number, 0) for number in range(row.pages)]),
            *_refs(1, [(number, 0) for number in range(other.pages)]),
        ]
        content = self._reader.make(contents, refs)
        sha256 = self._files.put(content)
        with self._change(row, f"Put “{other.title}” behind “{row.title}”"):
            made = self._insert(row, row.title, content, sha256, pages)
            for one in (row, other):
                self._put_away(one)
                self._let_follow(one.id, made)
        return listing.document(self._db, made)

    def part(self, row: DocumentRow, content: bytes, pages: int, fields: dict[str, Any]) -> int:
        """Record a part of `row`, whose content is kept already; `fields` say what differs. Inside a change."""
        sha256 = hashlib.sha256(content).hexdigest()
        return self._insert(row, row.title, content, sha256, pages, **fields)

    def _current(self, document_id: int, version: int) -> DocumentRow:
        row = listing.document(self._db, document_id)
        if row.version != version or row.status is Status.DISCARDED:
            raise Conflict(
                "This document was changed or put away while you had it open.",
                remedy="Look at it again, then do it once more.",
            )
        return row

    def _change(self, row: DocumentRow, label: str) -> Any:
        return self._session.change(label, Permission.EDIT_PATIENTS, patient_id=row.patient_id)

    def _insert(
        self, row: DocumentRow, called: str, content: bytes, sha256: str, pages: int, **fields: Any
    ) -> int:
        columns: dict[str, Any] = {
            "patient_id": row.patient_id,
            "kind": row.kind,
            "title": called,
            "media_type": PDF,
            "sha256": sha256,
            "size_bytes": len(content),
            "pages": pages,
            "filed_at": self._session.clock.now().strftime("%Y-%m-%dT%H:%M"),
            "category_id": row.category_id,
            "dated_on": row.dated_on.isoformat() if row.dated_on else None,
            "status": str(row.status),
            "source": str(Source.MADE),
            "original_name": row.original_name,
            "made_from_id": row.id,
            "note": row.note,
        }
        return insert_row(Document, **(columns | fields))

    def _put_away(self, row: DocumentRow) -> None:
        save_row(Document, row.id, row.version, status=str(Status.DISCARDED))

    def _let_follow(self, old_id: int, new_id: int) -> None:
        for table, column in _FOLLOWS:
            self._db.execute(
                f"UPDATE {table} SET {column} = ?, version = version + 1 WHERE {column} = ?",
                (new_id, old_id),
            )


def _refs(source: int, pages: Sequence[tuple[int, int]]) -> list[PageRef]:
    return [PageRef(source, number, turn % 360) for number, turn in pages]
