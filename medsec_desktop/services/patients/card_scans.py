"""The card of a coverage, front and back: kept as documents of hers, seen small and large."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Coverage
from medsec_desktop.problems import Conflict, Problem
from medsec_desktop.services.documents.records import DocumentDraft, Incoming, Status
from medsec_desktop.services.page_images import PageImage
from medsec_desktop.services.patients.names import listed_name
from medsec_desktop.services.progress import Progress
from medsec_desktop.services.saving import save_row
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.documents.documents import Documents
    from medsec_desktop.services.session import Session

CATEGORY = "Insurance cards"
_KEPT_SMALL = 32
_LARGE = 1400  # pixels: a card of 85 mm, sharp enough for its small print


class Side(StrEnum):
    """Which side of a card."""

    FRONT = "front"
    BACK = "back"

    @property
    def column(self) -> str:
        return f"card_{self}_document_id"


class CardScans:
    """The cards of coverages."""

    def __init__(self, session: Session, documents: Callable[[], Documents]):
        self._session = session
        self._documents = documents
        self._db = session.db
        self._files = Files.of(session.db)
        self._small: OrderedDict[tuple[str, int], PageImage] = OrderedDict()
        self._guard = Lock()

    def put(
        self,
        patient_id: int,
        coverage_id: int,
        side: Side,
        incoming: Incoming,
        progress: Progress | None = None,
    ) -> int:
        """Keep a picture or PDF as that side of the card; its document.

        One she has on file already is taken as it lies there. Raises Invalid for a file that is not
        taken, NotAllowed, and Conflict when the coverage is gone.
        """
        self._session.require(Permission.EDIT_PATIENTS, "keep an insurance card")
        payer, _ = self._coverage(patient_id, coverage_id)
        documents = self._documents()
        found = documents.intake.examine(incoming.content, progress)
        known = self._db.value(
            "SELECT id FROM document WHERE sha256 = ? AND patient_id = ? AND status = 'filed'",
            (found.sha256, patient_id),
        )
        if known is None:
            self._files.put(incoming.content)  # named by its content: no harm should the rest fail
        label = f"Keep the card of {payer}, {side}: {listed_name(self._db, patient_id)}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            document_id = known
            if document_id is None:
                title = f"Insurance card, {side} – {payer}"
                draft = DocumentDraft(title, documents.categories.named(CATEGORY))
                document_id = documents.intake.insert(
                    incoming, found, Status.FILED, draft, patient_id
                )
            self._write(patient_id, coverage_id, side, int(document_id))
        return int(document_id)

    def take_off(self, patient_id: int, coverage_id: int, side: Side) -> None:
        """The card no longer shows it; the document stays in the file. Raises NotAllowed, Conflict."""
        payer, _ = self._coverage(patient_id, coverage_id)
        label = f"Take off the card of {payer}, {side}: {listed_name(self._db, patient_id)}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            self._write(patient_id, coverage_id, side, None)

    def small(self, document_id: int, width: int) -> PageImage | None:
        """Its first page `width` pixels wide, for a file whose opening is recorded already.

        None where it cannot be shown: it is looked at on its own then, which says why.
        """
        sha256 = self._db.value("SELECT sha256 FROM document WHERE id = ?", (document_id,))
        if sha256 is None:
            return None
        key = (str(sha256), width)
        with self._guard:
            if key in self._small:
                self._small.move_to_end(key)
                return self._small[key]
        try:
            with self._documents().reader.open(self._files.get(key[0])) as opened:
                image = opened.page(0, width)
        except Problem:
            return None
        with self._guard:
            self._small[key] = image
            while len(self._small) > _KEPT_SMALL:
                self._small.popitem(last=False)
        return image

    def pages(self, document_id: int) -> tuple[str, tuple[PageImage, ...]]:
        """Its title and its pages, large; recorded as seen. Raises Invalid, Unavailable, Conflict."""
        documents = self._documents()
        row = documents.document(document_id)
        with documents.open(document_id) as opened:
            return row.title, tuple(
                opened.page(number, _LARGE) for number in range(opened.page_count)
            )

    # -- inside -------------------------------------------------------------------------------

    def _coverage(self, patient_id: int, coverage_id: int) -> tuple[str, int]:
        row = self._db.one(
            "SELECT y.name, c.version FROM coverage c JOIN payer y ON y.id = c.payer_id"
            " WHERE c.id = ? AND c.patient_id = ?",
            (coverage_id, patient_id),
        )
        if row is None:
            raise Conflict(
                "This insurance is no longer on file.", remedy="Look at the file as it is."
            )
        return str(row[0]), int(row[1])

    def _write(
        self, patient_id: int, coverage_id: int, side: Side, document_id: int | None
    ) -> None:
        _, version = self._coverage(patient_id, coverage_id)
        save_row(Coverage, coverage_id, version, **{side.column: document_id})
