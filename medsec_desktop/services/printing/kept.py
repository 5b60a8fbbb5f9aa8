"""Pages that did not get to paper: kept encrypted until they are printed after all, saved or dropped.

Like unfinished work they are outside the journal; what is done with them is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from medsec_desktop.domain.clock import utc_text
from medsec_desktop.problems import Conflict
from medsec_desktop.services.printing.ways import Sides, Ticket
from medsec_desktop.services.session import Session
from medsec_desktop.store.files import Files

# Before the pages, so that a document filed with the same content never shares their file: it stays
# when they are dropped.
_MARK = b"MSKP\x01"


@dataclass(frozen=True, slots=True)
class KeptPrint:
    """A job that was not printed: what, why not, and how it was to go to paper.

    `title` names no patient. `about` says whose rows wait for it: `letter:7,8`, or ''.
    """

    id: int
    kind: str
    ticket: Ticket
    why: str
    about: str
    patient_id: int | None
    sha256: str
    by: str  # the person, as she is called
    kept_utc: str  # as the journal writes it


class KeptPrints:
    """What waits to be printed again, newest first; each coming and going is recorded, so screens hear it."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db
        self._files = Files.of(session.db)

    def all(self) -> tuple[KeptPrint, ...]:
        """Every job that waits."""
        return tuple(
            KeptPrint(
                id=row[0],
                kind=row[1],
                ticket=Ticket(row[2], row[3], row[4], row[5], Sides(row[6]), bool(row[7])),
                why=row[8],
                about=row[9],
                patient_id=row[10],
                sha256=row[11],
                by=row[12],
                kept_utc=row[13],
            )
            for row in self._db.rows(
                "SELECT k.id, kind, printer, copies, title, tray, sides, is_exact, why, about,"
                " coalesce(p.merged_into_id, k.patient_id), sha256, user_name, kept_utc"
                " FROM kept_print k LEFT JOIN patient p ON p.id = k.patient_id"
                " ORDER BY kept_utc DESC, k.id DESC"
            )
        )

    def count(self) -> int:
        """How many wait."""
        return int(self._db.value("SELECT count(*) FROM kept_print"))

    def one(self, kept_id: int) -> KeptPrint:
        """One job. Raises Conflict where it is no longer there."""
        for kept in self.all():
            if kept.id == kept_id:
                return kept
        raise Conflict(
            "This print no longer waits.",
            "It was printed or dropped meanwhile.",
            "Nothing is lost.",
        )

    def pdf(self, kept: KeptPrint) -> bytes:
        """Its pages, as they were handed in. Raises Unavailable."""
        return self._files.get(kept.sha256).removeprefix(_MARK)

    def keep(
        self,
        pdf: bytes,
        kind: str,
        ticket: Ticket,
        why: str,
        patient_id: int | None = None,
        about: str = "",
    ) -> int:
        """Keep a job; the same pages tried once more stay one job. Its number. Raises Unavailable."""
        sha256 = self._files.put(_MARK + pdf)
        self._db.execute(
            "DELETE FROM kept_print WHERE sha256 = ? AND kind = ? AND title = ?",
            (sha256, kind, ticket.title),
        )
        cursor = self._db.execute(
            "INSERT INTO kept_print (kind, printer, copies, title, tray, sides, is_exact, why, about,"
            " patient_id, sha256, user_name, kept_utc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                kind,
                ticket.printer,
                ticket.copies,
                ticket.title,
                ticket.tray,
                str(ticket.sides),
                int(ticket.is_exact),
                why,
                about,
                patient_id,
                sha256,
                self._session.user.name,
                utc_text(self._session.clock.now_utc()),
            ),
        )
        self._session.event(f"Kept to print again: {ticket.title}", patient_id)
        return int(cursor.lastrowid)

    def still_waits(self, kept: KeptPrint, printer: str, why: str) -> None:
        """Note that it was tried once more in vain, and why."""
        self._db.execute(
            "UPDATE kept_print SET printer = ?, why = ?, kept_utc = ? WHERE id = ?",
            (printer, why, utc_text(self._session.clock.now_utc()), kept.id),
        )

    def let_go(self, kept: KeptPrint) -> None:
        """Take it off the list, and its pages away where no other job has the same."""
        self._db.execute("DELETE FROM kept_print WHERE id = ?", (kept.id,))
        if not self._db.value("SELECT 1 FROM kept_print WHERE sha256 = ?", (kept.sha256,)):
            self._files.remove(kept.sha256)

    def bring_back(self, kept: KeptPrint, pdf: bytes) -> int:
        """Put back what was just dropped; its new number."""
        return self.keep(pdf, kept.kind, kept.ticket, kept.why, kept.patient_id, kept.about)


def with_printer(kept: KeptPrint, printer: str) -> KeptPrint:
    """The job as it would go to another printer: its trays are not those of the first."""
    if not printer or printer == kept.ticket.printer:
        return kept
    return replace(kept, ticket=replace(kept.ticket, printer=printer, tray=""))
