"""Leaflets: papers of the practice itself that go with letters to anybody, such as a map or a price list.

A leaflet is an archived document that lies in no patient's file. Its bytes are never changed: a letter that
names one can be printed with it years later, also after the leaflet was taken out of use.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Document
from medsec_desktop.problems import Conflict
from medsec_desktop.services.documents import listing
from medsec_desktop.services.documents.intake import title_from
from medsec_desktop.services.documents.records import (
    LEAFLET,
    DocumentDraft,
    DocumentRow,
    Incoming,
    Status,
)
from medsec_desktop.services.progress import Progress
from medsec_desktop.services.saving import save_row
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.documents.intake import Intake
    from medsec_desktop.services.session import Session


class Leaflets:
    """The practice's leaflets."""

    def __init__(self, session: Session, intake: Intake):
        self._session = session
        self._db = session.db
        self._intake = intake
        self._files = Files.of(session.db)

    def all(self, named: Sequence[int] = ()) -> tuple[DocumentRow, ...]:
        """Those in use, by title; with those of that number, also where they are out of use."""
        return listing.documents(
            self._db,
            "d.kind = ? AND (d.status = 'filed' OR d.id IN (SELECT value FROM json_each(?)))",
            (LEAFLET, json.dumps(list(named))),
            "d.title COLLATE NOCASE, d.id",
        )

    def take_in(
        self, incoming: Incoming, title: str = "", progress: Progress | None = None
    ) -> DocumentRow:
        """Keep a file as a leaflet. Raises Invalid for one that is not taken, Conflict for one known."""
        self._session.require(Permission.WRITE_LETTERS, "take in leaflets")
        sha256 = hashlib.sha256(incoming.content).hexdigest()
        known = next((row for row in self.all() if row.sha256 == sha256), None)
        if known is not None:
            raise Conflict(
                f"This very file is a leaflet already: “{known.title}”.",
                "It was not taken in a second time.",
            )
        found = self._intake.examine(incoming.content, progress)
        draft = DocumentDraft(title or title_from(incoming.name))
        self._files.put(
            incoming.content
        )  # named by its content, it does no harm should the rest fail
        with self._session.change(f"Take in the leaflet “{draft.title}”", Permission.WRITE_LETTERS):
            row_id = self._intake.insert(incoming, found, Status.FILED, draft, None, kind=LEAFLET)
        return listing.document(self._db, row_id)

    def content(self, document_id: int) -> bytes:
        """Its very bytes. Raises Conflict, Unavailable."""
        return self._files.get(listing.document(self._db, document_id).sha256)

    def put_away(self, document_id: int) -> None:
        """Offer it no more; letters that name it still print with it. Raises Conflict."""
        row = listing.document(self._db, document_id)
        with self._session.change(
            f"Take the leaflet “{row.title}” out of use", Permission.WRITE_LETTERS
        ):
            save_row(Document, row.id, row.version, status=str(Status.DISCARDED))
