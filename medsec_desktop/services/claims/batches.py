"""What left together: batches of claims in files and on paper, with numbers that are never given twice."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import ClaimBatch, ClaimBatchItem, Document, NumberSequence
from medsec_desktop.problems import Conflict
from medsec_desktop.services.claims.filing import Filing
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.claims.records import ClaimRow
    from medsec_desktop.services.session import Session

_LETTERS = {"file": "F", "stack": "P"}
_LEFT_OUT = 1_000  # numbers, after a backup was put back


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A file or a stack of forms that left, or was to."""

    id: int
    reference: str  # what the clearing house’s answers call a file (BHT03)
    way: str  # file, paper
    status: str  # numbered, written, failed
    made_at: datetime
    made_by: str
    receiver: str  # the clearing house; a payer, or “Paper”
    claims: int
    total_cents: int
    is_test: bool
    number: int | None  # of the interchange, the group and the transaction set
    file_name: str
    folder: str
    note: str  # why it failed


class Batches:
    """Takes numbers, writes down what left, and knows what it was."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db
        self._files = Files.of(session.db)
        self.filing = Filing(session)

    def rows(self, limit: int = 200) -> tuple[BatchRow, ...]:
        """The latest first."""
        return self._read("1 ORDER BY b.id DESC LIMIT ?", limit)

    def _read(self, where: str, value: int) -> tuple[BatchRow, ...]:
        return tuple(
            BatchRow(
                batch_id, reference, way, status, datetime.fromisoformat(at), by,
                house or payer or "Paper", claims, total, bool(is_test), number, name, folder, note,
            )
            for batch_id, reference, way, status, at, by, house, payer, claims, total, is_test, number,
            name, folder, note in self._db.rows(
                "SELECT b.id, b.reference, b.way, b.status, b.made_at, b.made_by, h.name, y.name,"
                " b.claims, b.total_cents, b.is_test, b.interchange_number, b.file_name, b.folder, b.note"
                " FROM claim_batch b LEFT JOIN clearing_house h ON h.id = b.clearing_house_id"
                f" LEFT JOIN payer y ON y.id = b.payer_id WHERE {where}",
                (value,),
            )
        )  # fmt: skip

    def row(self, batch_id: int) -> BatchRow:
        """One of them. Raises Conflict where it is gone."""
        for row in self._read("b.id = ?", batch_id):
            return row
        raise Conflict("This batch is no longer there.")

    def claim_ids(self, batch_id: int) -> tuple[int, ...]:
        """The claims in it, in their order."""
        return tuple(
            claim_id
            for (claim_id,) in self._db.rows(
                "SELECT claim_id FROM claim_batch_item WHERE claim_batch_id = ? ORDER BY position",
                (batch_id,),
            )
        )

    def content(self, batch_id: int) -> bytes:
        """The very bytes that left. Raises Conflict where nothing did, Unavailable where they are lost."""
        sha256 = self._db.value(
            "SELECT d.sha256 FROM claim_batch b JOIN document d ON d.id = b.document_id WHERE b.id = ?",
            (batch_id,),
        )
        if sha256 is None:
            raise Conflict("Nothing left with this batch.", "It could not be written.")
        return self._files.get(str(sha256))

    def begin(self, kind: str, **columns: Any) -> tuple[int, int]:
        """A batch with the next number of its kind, “file” or “stack”: its row, and the number.

        Sealed and by itself, so that neither a failure after it nor an undo gives the number back.
        """
        if self._db.value("SELECT open_operation_id FROM chain_head") is not None:
            raise RuntimeError("a number is taken by itself, not within another change")
        with self._session.change("Take a number for claims", Permission.EDIT_CLAIMS, sealed=True):
            row = NumberSequence.select().where(NumberSequence.name == kind).dicts().first()
            number = 1 if row is None else int(row["last"]) + 1
            if row is None:
                insert_row(NumberSequence, name=kind, last=number)
            else:
                save_row(NumberSequence, row["id"], row["version"], last=number)
            if kind == "file":
                columns |= dict.fromkeys(
                    ("interchange_number", "group_number", "set_number"), number
                )
            batch_id = insert_row(
                ClaimBatch,
                way="file" if kind == "file" else "paper",
                reference=f"{_LETTERS[kind]}{number:09}",
                made_at=self.filing.now(),
                made_by=self._session.user.name,
                **columns,
            )
        return batch_id, number

    def failed(self, batch_id: int, why: str) -> None:
        """Write down that nothing left with it; its numbers stay used up."""
        with self._session.change("Note that claims were not written", Permission.EDIT_CLAIMS,
                                  sealed=True):  # fmt: skip
            self._save(batch_id, status="failed", note=why)

    def prepare(
        self, batch_id: int, rows: Sequence[ClaimRow], content: bytes, media_type: str, pages: int = 1,
    ) -> None:  # fmt: skip
        """Keep what is about to leave, with the claims in it, by itself; nothing is sent yet."""
        sha256 = self._files.put(content)
        with self._session.change("Lay out claims", Permission.EDIT_CLAIMS, sealed=True):
            self._contents(batch_id, rows, sha256, content, media_type, pages)

    def left(
        self,
        batch_id: int,
        rows: Sequence[ClaimRow],
        content: bytes,
        media_type: str,
        progress: Progress | None = None,
        *,
        is_test: bool = False,
        **columns: Any,
    ) -> None:
        """Write down what left, in one sealed operation: the bytes, the batch, and each claim.

        With `is_test` the claims stay ready, for nobody looks at what a test says.
        """
        listener = progress or Quiet()
        sha256 = self._files.put(
            content
        )  # named by its content, it does no harm should the rest fail
        with self.sealed(batch_id, len(rows)):
            self._contents(batch_id, rows, sha256, content, media_type)
            for done, row in enumerate(rows):
                listener.report(done, len(rows), "Noting what left")
                if is_test:
                    self.filing.event(row.id, "note", None, "In a test file.", batch_id)
                else:
                    self.sent(row, batch_id)
            self.written(batch_id, is_test=is_test, **columns)

    def sealed(self, batch_id: int, claims: int) -> AbstractContextManager[None]:
        """The operation in which claims leave."""
        reference = self.row(batch_id).reference
        label = f"Send {claims:,} claim{'' if claims == 1 else 's'}, {reference}"
        return self._session.change(label, Permission.EDIT_CLAIMS, sealed=True)

    def sent(self, row: ClaimRow, batch_id: int, **columns: Any) -> None:
        """Note that a claim left, and that one it replaces or voids is no longer in force."""
        self.filing.move(
            row.id, ClaimStatus.SENT, kind="sent", batch_id=batch_id, version=row.version,
            sent_at=self.filing.now(), **columns,
        )  # fmt: skip
        before = self._db.value("SELECT replaces_claim_id FROM claim WHERE id = ?", (row.id,))
        if before is not None:
            then = ClaimStatus.VOID if row.frequency == "8" else ClaimStatus.REPLACED
            self.filing.move(int(before), then, f"By claim {row.number}.")

    def written(self, batch_id: int, **columns: Any) -> None:
        """Note that the batch left whole."""
        self._save(batch_id, **({"status": "written", "note": ""} | columns))

    def _contents(
        self, batch_id: int, rows: Sequence[ClaimRow], sha256: str, content: bytes, media_type: str,
        pages: int = 1,
    ) -> None:  # fmt: skip
        document_id = insert_row(
            Document,
            kind="claim-forms" if media_type == "application/pdf" else "claim-file",
            title=f"Claims {self.row(batch_id).reference}",
            media_type=media_type,
            sha256=sha256,
            size_bytes=len(content),
            pages=pages,
            filed_at=self.filing.now(),
        )
        self._save(
            batch_id,
            document_id=document_id,
            claims=len(rows),
            total_cents=sum(row.total_cents for row in rows),
        )
        for position, row in enumerate(rows):
            insert_row(ClaimBatchItem, claim_batch_id=batch_id, claim_id=row.id, position=position)

    def _save(self, batch_id: int, **columns: Any) -> None:
        version = self._db.value("SELECT version FROM claim_batch WHERE id = ?", (batch_id,))
        save_row(ClaimBatch, batch_id, int(version), **columns)


def skip_numbers(session: Session) -> None:
    """Leave out the numbers of claims and files that may have been given since a backup was made.

    What was put back knows nothing of them, but clearing houses and payers do.
    """
    db = session.db
    if db.value("SELECT count(*) FROM claim") or db.value("SELECT count(*) FROM number_sequence"):
        with session.change(
            "Leave out numbers that may be in use", Permission.EDIT_CLAIMS, sealed=True
        ):
            db.execute(
                "UPDATE number_sequence SET last = last + ?, version = version + 1", (_LEFT_OUT,)
            )
            db.execute(
                "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'claim'", (_LEFT_OUT,)
            )
