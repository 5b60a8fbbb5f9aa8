"""The scrubber at work: what it says of one claim, and of many before they leave."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.claims.scrubbing import Finding, Severity, Surroundings, may_leave, scrub
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Invalid
from medsec_desktop.services.claims import reading
from medsec_desktop.services.claims.filing import Filing
from medsec_desktop.services.claims.records import Checked, ClaimRow, Refused
from medsec_desktop.services.claims.surroundings import Asked, Offered, SurroundingsBook
from medsec_desktop.services.progress import Progress, Quiet

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Changes, Session


class Checking:
    """Claims, as far as the scrubber asks about them."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._practice = practice
        self._db = session.db
        self.filing = Filing(session)
        self._looked_at: set[tuple[int, int]] = set()  # who, which claim
        self._offered: Offered | None = None  # the lists of procedures, until somebody changes them
        self._lists_changed = 0
        session.subscribe(self._forget_lists)

    @property
    def _today(self) -> date:
        return self._session.clock.today()

    def row(self, claim_id: int) -> ClaimRow:
        """A claim as lists show it. Raises Conflict where it is gone."""
        return reading.row(self._db, self._today, claim_id)

    def read_lists(self) -> Offered:
        """The lists of procedures, thousands of codes, read ahead of the first claim; in any thread."""
        if self._offered is not None:
            return self._offered
        change = self._lists_changed
        found = Offered.read(self._db)
        if change == self._lists_changed:
            self._offered = found
        return found

    def _forget_lists(self, changes: Changes) -> None:
        if changes.touches("procedure", "listed_code"):
            self._lists_changed += 1
            self._offered = None

    def _book(self) -> SurroundingsBook:
        return SurroundingsBook(self._db, self._today, self.read_lists())

    def surroundings(self, claim_id: int, content: Claim | None = None) -> Surroundings:
        """What the scrubber may know beside this claim; read once, good for every key pressed."""
        row = self.row(claim_id)
        words = content or self.filing.content(claim_id)
        return self._book().of(self.asked(row, words))

    def findings(self, claim_id: int, content: Claim | None = None) -> tuple[Finding, ...]:
        """What the scrubber says of a claim, or of other words for it; nothing is written."""
        words = content or self.filing.content(claim_id)
        return scrub(words, self.surroundings(claim_id, words))

    def check(self, claim_ids: Sequence[int], progress: Progress | None = None) -> Checked:
        """Ask the scrubber about many: a draft it has nothing against becomes checked, and a checked or
        ready one it holds something against a draft again. Stopped in between, nothing is kept."""
        listener = progress or Quiet()
        book = self._book()
        clean: list[int] = []
        held: list[Refused] = []
        doubts = 0
        with self._session.change(f"Check {counted(claim_ids)}", Permission.EDIT_CLAIMS):
            for done, claim_id in enumerate(claim_ids):
                listener.report(done, len(claim_ids), "Checking claims")
                row = self.row(claim_id)
                if row.is_sealed:
                    held.append(Refused(claim_id, f"Claim {row.number} is {row.status}."))
                    continue
                content = self.filing.content(claim_id)
                found = scrub(content, book.of(self.asked(row, content)))
                self._note_check(row, found)
                errors = [one for one in found if one.severity is Severity.ERROR]
                doubts += len(found) - len(errors)
                if errors:
                    held.append(Refused(claim_id, errors[0].sentence))
                else:
                    clean.append(claim_id)
        return Checked(tuple(clean), tuple(held), doubts)

    def _note_check(self, row: ClaimRow, found: tuple[Finding, ...]) -> None:
        errors = sum(one.severity is Severity.ERROR for one in found)
        columns: dict[str, Any] = {
            "errors": errors,
            "warnings": len(found) - errors,
            "checked_at": self.filing.now(),
        }
        status = row.status
        if may_leave(found):
            if status is ClaimStatus.REJECTED:
                self.filing.move(row.id, ClaimStatus.DRAFT, "Looked at again.")
            if status in (ClaimStatus.DRAFT, ClaimStatus.REJECTED):
                self.filing.move(row.id, ClaimStatus.CHECKED, **columns)
                return
        elif status in (ClaimStatus.CHECKED, ClaimStatus.READY):
            self.filing.move(row.id, ClaimStatus.DRAFT, found[0].sentence, **columns)
            return
        version = self._db.value("SELECT version FROM claim WHERE id = ?", (row.id,))
        self.filing.put(row.id, int(version), **columns)

    def asked(self, row: ClaimRow, content: Claim) -> Asked:
        """Which claim it is about, for the surroundings of many."""
        return Asked(
            row.id,
            row.patient_id,
            row.payer_id,
            self._coverage(row.id),
            row.rank,
            row.way,
            tuple({line.from_on for line in content.lines}),
        )

    def _coverage(self, claim_id: int) -> int | None:
        return self._db.value(  # type: ignore[no-any-return]
            "SELECT coverage_id FROM claim WHERE id = ?", (claim_id,)
        )

    def _about(self, row: ClaimRow, label: str, reason: str = "") -> AbstractContextManager[None]:
        return self._session.change(
            label, Permission.EDIT_CLAIMS, patient_id=row.patient_id, reason=reason
        )


def counted(claim_ids: Sequence[int]) -> str:
    """“a claim”, “12 claims”."""
    return "a claim" if len(claim_ids) == 1 else f"{len(claim_ids):,} claims"


def require_reason(reason: str, what: str) -> None:
    """Raise Invalid asking for `what` where nothing was said."""
    if not reason.strip():
        raise Invalid(f"Say {what}.", "It is kept with the claim.", field="reason")
