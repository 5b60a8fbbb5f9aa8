"""Claims on paper: the CMS-1500, seen, printed over the red original, archived, and printed again.

The pages go to the printer first. Once it has taken them each claim's own pages are archived as the very
bytes and the claim is sent, in one sealed operation. Where the printer does not take them they are kept, and
the claims stay ready until they are printed after all; pages of a claim that was changed meanwhile are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from medsec_desktop.documents.cms1500 import cms1500_pdf, cut_off
from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.form import Sheet, sheets
from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.claims.scrubbing import Severity, scrub
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Document
from medsec_desktop.problems import Conflict, Invalid, Link
from medsec_desktop.services.claims import reading
from medsec_desktop.services.claims.batches import Batches
from medsec_desktop.services.claims.records import ClaimRow
from medsec_desktop.services.claims.settings import payer_rule
from medsec_desktop.services.claims.surroundings import SurroundingsBook
from medsec_desktop.services.practice import settings
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.saving import insert_row
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.claims.claims import Claims
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

STACK = "claim-stack"  # what waits for a kept print
_PDF = "application/pdf"


class ClaimForms:
    """Draws, prints and keeps forms."""

    def __init__(self, session: Session, practice: Practice, claims: Claims, printing: Printing):
        self._session = session
        self._practice = practice
        self._claims = claims
        self._printing = printing
        self._db = session.db
        self._files = Files.of(session.db)
        self._batches = Batches(session)

    # -- seen ---------------------------------------------------------------------------------

    def preview(self, claim_id: int, content: Claim | None = None) -> bytes:
        """The form drawn, with the text on it, as a working copy; also of words not saved yet."""
        mark = "DEMO" if self._practice.get(settings.IS_DEMO) else ""
        return cms1500_pdf(self._sheets(claim_id, content), is_drawn=True, mark=mark)

    def overlay(self, claim_ids: Sequence[int]) -> bytes:
        """What is printed over the originals: the text alone, one claim after the other."""
        return cms1500_pdf([sheet for one in claim_ids for sheet in self._sheets(one)])

    def cut_off(self, claim_id: int, content: Claim | None = None) -> tuple[str, ...]:
        """A sentence for each text that is longer than its item has room for."""
        return tuple(
            f"Item {cut.item} has room for {cut.room} characters: “{cut.text[: cut.room]}” is what prints."
            for cut in cut_off(self._sheets(claim_id, content))
        )

    def _sheets(self, claim_id: int, content: Claim | None = None) -> tuple[Sheet, ...]:
        payer_id = self._db.value("SELECT payer_id FROM claim WHERE id = ?", (claim_id,))
        words = content or self._claims.filing.content(claim_id)
        return sheets(words, payer_rule(self._db, int(payer_id or 0)).sheet_totals)

    def _own_pages(self, claim_id: int) -> bytes:
        return cms1500_pdf(self._sheets(claim_id))

    # -- printed ------------------------------------------------------------------------------

    def print(
        self, claim_ids: Sequence[int], way: Way = AS_REMEMBERED, progress: Progress | None = None
    ) -> str:
        """Print claims that are ready over the originals; where they went. Each is sent then.

        Raises Conflict for one that is not ready or that the scrubber holds back, Invalid for none, and
        Unavailable, with the pages kept, where the printer does not take them.
        """
        listener = progress or Quiet()
        rows = self._require_ready(claim_ids)
        pages: list[Sheet] = []
        for done, row in enumerate(rows):
            listener.report(done, len(rows), "Laying out claims")
            pages += self._sheets(row.id)
        pdf = cms1500_pdf(pages)
        listener.check()
        batch_id, _ = self._batches.begin("stack", note="Waits for the printer.")
        self._batches.prepare(batch_id, rows, pdf, _PDF, pages=len(pages))
        title = f"Claim forms {self._batches.row(batch_id).reference}"
        went_to = self._printing.print_pdf(
            pdf, "claims", way, title=title, about=f"{STACK}:{batch_id}"
        )
        self.went_out([batch_id])
        return went_to

    def _require_ready(self, claim_ids: Sequence[int]) -> tuple[ClaimRow, ...]:
        self._session.require(Permission.EDIT_CLAIMS, "print claims")
        if not claim_ids:
            raise Invalid("There are no claims to print.", remedy="Choose at least one claim.")
        today = self._session.clock.today()
        book = SurroundingsBook(self._db, today)
        rows = []
        for claim_id in claim_ids:
            row = reading.row(self._db, today, claim_id)
            link = (Link("claim", str(claim_id), f"Claim {row.number}"),)
            if row.status is not ClaimStatus.READY:
                remedy = "Print it again instead." if row.is_sealed else "Say that it may go first."
                raise Conflict(f"Claim {row.number} is {row.status}, not ready.", "", remedy, link)
            content = self._claims.filing.content(claim_id)
            for finding in scrub(content, book.of(self._claims.asked(row, content))):
                if finding.severity is Severity.ERROR:
                    raise Conflict(
                        f"Claim {row.number} would come back: {finding.sentence}",
                        "Something changed since it was checked.",
                        "Mend it first.",
                        link,
                    )
            rows.append(row)
        return tuple(rows)

    # -- for those who print what was kept ----------------------------------------------------

    def check_may_go_out(self, ids: Sequence[int]) -> None:
        """Raise Conflict where a claim in one of these stacks left meanwhile, or says something else."""
        for batch_id in ids:
            claim_ids = self._batches.claim_ids(batch_id)
            self._require_ready(claim_ids)
            if self.overlay(claim_ids) != self._batches.content(batch_id):
                raise Conflict(
                    "A claim among these pages was changed since they were laid out.",
                    "What they say is no longer what the claim says.",
                    "Drop these pages, and print the claims anew.",
                )

    def went_out(self, ids: Sequence[int]) -> None:
        """Archive each claim's own pages and note that it was sent, in one sealed operation."""
        today = self._session.clock.today()
        for batch_id in ids:
            claim_ids = self._batches.claim_ids(batch_id)
            rows = [reading.row(self._db, today, claim_id) for claim_id in claim_ids]
            pages = {row.id: self._own_pages(row.id) for row in rows}
            hashes = {claim_id: self._files.put(pdf) for claim_id, pdf in pages.items()}
            with self._batches.sealed(batch_id, len(rows)):
                for row in rows:
                    document_id = insert_row(
                        Document,
                        patient_id=row.patient_id,
                        kind="claim-form",
                        title=f"Claim {row.number} to {row.payer_name}",
                        sha256=hashes[row.id],
                        size_bytes=len(pages[row.id]),
                        pages=len(self._sheets(row.id)),
                        filed_at=self._claims.filing.now(),
                        source="printed",
                    )
                    self._batches.sent(row, batch_id, document_id=document_id, way="paper")
                self._batches.written(batch_id)

    # -- again --------------------------------------------------------------------------------

    def pdf(self, claim_id: int) -> bytes:
        """The very pages that were printed. Raises Conflict where none were, Unavailable if lost."""
        sha256 = self._db.value(
            "SELECT d.sha256 FROM claim c JOIN document d ON d.id = c.document_id WHERE c.id = ?",
            (claim_id,),
        )
        if sha256 is None:
            raise Conflict(
                "This claim was never printed.", "It went in a file, or has not left yet."
            )
        return self._files.get(str(sha256))

    def reprint(self, claim_id: int, way: Way = AS_REMEMBERED) -> str:
        """Print the archived pages once more, byte for byte; where they went. Recorded."""
        self._session.require(Permission.EDIT_CLAIMS, "print claims")
        row = reading.row(self._db, self._session.clock.today(), claim_id)
        went_to = self._printing.print_pdf(
            self.pdf(claim_id),
            "claims",
            way,
            title=f"Claim {row.number}",
            patient_id=row.patient_id,
        )
        self._session.event(f"Printed claim {row.number} again", row.patient_id)
        return went_to

    def print_copy(self, claim_id: int, way: Way = AS_REMEMBERED) -> str:
        """Print the drawn working copy on plain paper; nothing is sent by it. Recorded."""
        self._session.require(Permission.VIEW_CLAIMS, "print claims")
        row = reading.row(self._db, self._session.clock.today(), claim_id)
        went_to = self._printing.print_pdf(
            self.preview(claim_id), "lists", way, title=f"Copy of claim {row.number}",
            patient_id=row.patient_id,
        )  # fmt: skip
        self._session.event(f"Printed a copy of claim {row.number}", row.patient_id)
        return went_to
