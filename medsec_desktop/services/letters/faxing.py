"""Faxes sent by hand: a number made sure of, a packet with its cover, each try, and what that disclosed.

The program sends nothing by itself. It puts the pages together, and keeps what somebody at the machine
says became of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from medsec_desktop.domain.letter_states import SentHow
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.rights import (
    Purpose,
    Recipient,
    is_same_recipient,
    recipient_of,
    told_purpose,
)
from medsec_desktop.domain.wording import counted
from medsec_desktop.models import Disclosure, Document, Fax, FaxAttempt, FaxNumber
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.documents.reader import PageRef
from medsec_desktop.services.letters.known import About
from medsec_desktop.services.letters.reading import filed_pages
from medsec_desktop.services.page_images import page_count
from medsec_desktop.services.patients.names import NAME_COLUMNS, listed_name
from medsec_desktop.services.patients.records_requests import BY_FAX
from medsec_desktop.services.printing import AS_REMEMBERED, Way
from medsec_desktop.services.saving import insert_row
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office

COVER = "fax_cover"
_AT = "%Y-%m-%dT%H:%M"
_LEAST_DIGITS = 7
_GIVEN_FOR = "Given for: "  # before the purpose in the note on a packet


class MadeSure(StrEnum):
    """How somebody made sure of a number."""

    TYPED_TWICE = "typed-twice"
    READ_BACK = "read-back"


class Result(StrEnum):
    """What became of a try."""

    SENT = "sent"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"


RESULT_WORDS = {
    Result.SENT: "Went through",
    Result.BUSY: "Busy",
    Result.NO_ANSWER: "No answer",
    Result.FAILED: "Broke off",
}


@dataclass(frozen=True, slots=True)
class FaxDraft:
    """A packet to be made: to whom, what is in it, in order; `about` stands on the cover."""

    patient_id: int
    recipient: str
    number: str
    about: str = ""
    message: str = ""
    is_urgent: bool = False
    language: str = ""
    letter_id: int | None = None
    document_ids: tuple[int, ...] = ()
    is_to_patient: bool = False
    purpose: Purpose = Purpose.TREATMENT


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at the machine."""

    at: datetime
    result: Result
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class FaxRow:
    """A packet as the log shows it."""

    id: int
    version: int
    patient_id: int
    patient_name: str
    letter_id: int | None
    document_id: int
    recipient: str
    number: str
    pages: int
    about: str
    is_to_patient: bool
    made_at: datetime
    attempts: tuple[Attempt, ...]

    @property
    def is_through(self) -> bool:
        return any(one.result is Result.SENT for one in self.attempts)


class Faxes:
    """The faxes of the practice."""

    def __init__(self, office: Office):
        self._office = office
        self._session = office.session
        self._db = office.session.db
        self._files = Files.of(office.session.db)

    # -- numbers ----------------------------------------------------------------------------------

    def is_known(self, number: str) -> bool:
        """Whether somebody has made sure of this number before."""
        return bool(
            self._db.value(
                "SELECT EXISTS (SELECT 1 FROM fax_number WHERE number = ?)", (self._read(number),)
            )
        )

    def confirm(self, number: str, again: str, how: MadeSure, name: str = "") -> None:
        """Remember that a number is right: typed twice the same, or read back to its owner.

        Raises Invalid where the two differ or it is no number.
        """
        read = self._read(number)
        if how is MadeSure.TYPED_TWICE and not again.strip():
            raise Invalid(
                "Nobody has faxed to this number yet.",
                remedy="Type it once more, or have it read back.",
                field="again",
            )
        if how is MadeSure.TYPED_TWICE and self._read(again, "again") != read:
            raise Invalid(
                "The two numbers differ.",
                f"{self._office.formats.phone(read)} and {again.strip()}",
                "Look at both, then type it once more.",
                field="again",
            )
        if self.is_known(read):
            return
        label = f"Make sure of the fax number {self._office.formats.phone(read)}"
        with self._session.change(label, Permission.WRITE_LETTERS):
            insert_row(
                FaxNumber,
                number=read,
                name=name.strip(),
                confirmed_at=self._now(),
                confirmed_by=self._session.user.name,
                how=str(how),
            )

    # -- the packet -------------------------------------------------------------------------------

    def packet(self, draft: FaxDraft) -> bytes:
        """Cover, letter, and documents in the order chosen, as one PDF. Raises Invalid, Conflict."""
        self._session.require(Permission.VIEW_PATIENTS, "read a patient’s file")
        if not draft.recipient.strip():
            raise Invalid("Say who gets the fax.", field="recipient")
        parts = self._parts(draft)
        if not parts:
            raise Invalid("Choose what is faxed.", field="documents")
        cover = self._cover(draft, sum(count for _, count in parts) + 1)
        sources = [cover, *(content for content, _ in parts)]
        counts = [page_count(cover), *(count for _, count in parts)]
        refs = [
            PageRef(source, number)
            for source, count in enumerate(counts)
            for number in range(count)
        ]
        return self._office.documents.reader.make(sources, refs)

    def make(self, draft: FaxDraft) -> FaxRow:
        """Put the packet into the file, ready to be sent. Raises Conflict for a number nobody made sure of."""
        number = self._read(draft.number)
        if not self.is_known(number):
            raise Conflict(
                "Nobody has made sure of this fax number yet.",
                "A wrong digit sends a patient’s papers to a stranger.",
                "Type it twice, or have it read back.",
            )
        package_id = self._package_in(draft)
        pdf = self.packet(draft)
        pages, sha256 = page_count(pdf), self._files.put(pdf)
        about = listed_name(self._db, draft.patient_id)
        label = f"Put together a fax to {draft.recipient.strip()} about {about}"
        with self._session.change(label, Permission.WRITE_LETTERS, patient_id=draft.patient_id):
            document_id = insert_row(
                Document,
                patient_id=draft.patient_id,
                kind="fax",
                title=f"Fax to {draft.recipient.strip()}"[:200],
                sha256=sha256,
                size_bytes=len(pdf),
                pages=pages,
                filed_at=self._now(),
                made_from_id=package_id,
                note="" if draft.is_to_patient else f"{_GIVEN_FOR}{draft.purpose}",
            )
            fax_id = insert_row(
                Fax,
                patient_id=draft.patient_id,
                letter_id=draft.letter_id,
                document_id=document_id,
                recipient=draft.recipient.strip(),
                number=number,
                pages=pages,
                about=draft.about.strip(),
                is_to_patient=int(draft.is_to_patient),
                made_at=self._now(),
            )
        return self.one(fax_id)

    def print(self, fax_id: int, way: Way = AS_REMEMBERED) -> str:
        """Print the packet, to be laid into the machine; where it went. Raises Unavailable."""
        row = self.one(fax_id)
        self._session.require(Permission.WRITE_LETTERS, "print faxes")
        went_to = self._office.printing.print_pdf(
            self.pdf(fax_id), "documents", way, title=f"Fax {fax_id}", patient_id=row.patient_id
        )
        self._session.event(f"Printed the fax to {row.recipient}", row.patient_id)
        return went_to

    def pdf(self, fax_id: int) -> bytes:
        """The packet, byte for byte. Raises Conflict, Unavailable."""
        return self._office.documents.content(self.one(fax_id).document_id)

    # -- at the machine ---------------------------------------------------------------------------

    def tried(
        self, fax_id: int, result: Result, note: str = "", purpose: Purpose | None = None
    ) -> FaxRow:
        """Write down what became of a try.

        One that went through is sealed: it is a disclosure where it went to others than the patient,
        for the `purpose` told now or when it was put together, and the letter in it is sent. Where it
        carried the package of a request that is released by fax already, it was disclosed with it.
        Raises Conflict where it has gone through before.
        """
        row = self.one(fax_id)
        if row.is_through:
            raise Conflict(
                "This fax has gone through already.",
                remedy="Put together another one where it is to be sent again.",
            )
        through = result is Result.SENT
        label = f"Fax to {row.recipient}: {RESULT_WORDS[result].lower()}"
        with self._session.change(
            label, Permission.WRITE_LETTERS, patient_id=row.patient_id, sealed=through
        ):
            insert_row(
                FaxAttempt,
                fax_id=fax_id,
                at=self._now(),
                result=str(result),
                by=self._session.user.name,
                note=note.strip(),
            )
            if through:
                self._went_out(row, purpose)
        return self.one(fax_id)

    def of_patient(self, patient_id: int) -> tuple[FaxRow, ...]:
        """Every fax about a patient, the latest first."""
        return self._rows("f.patient_id = ?", (patient_id,), 200)

    def waiting(self) -> tuple[FaxRow, ...]:
        """The faxes that have not gone through, the oldest last."""
        return self._rows(
            "NOT EXISTS (SELECT 1 FROM fax_attempt t WHERE t.fax_id = f.id AND t.result = 'sent')",
            (),
            200,
        )

    def log(self, limit: int = 200) -> tuple[FaxRow, ...]:
        """The latest faxes."""
        self._session.require(Permission.VIEW_PATIENTS, "see faxes")
        return self._rows("1", (), limit)

    def one(self, fax_id: int) -> FaxRow:
        """One of them. Raises Conflict where it is gone."""
        rows = self._rows("f.id = ?", (fax_id,), 1)
        if not rows:
            raise Conflict("This fax is no longer there.", "Its making was undone.")
        return rows[0]

    # -- inside -----------------------------------------------------------------------------------

    def _went_out(self, row: FaxRow, purpose: Purpose | None) -> None:
        if not row.is_to_patient:
            disclosure_id = self._released_by_fax(row) or self._disclosed(row, purpose)
            self._db.execute(
                "UPDATE fax SET disclosure_id = ?, version = version + 1 WHERE id = ?",
                (disclosure_id, row.id),
            )
        if row.letter_id is not None:
            letter = self._office.letters.letter(row.letter_id)
            if letter.status.is_to_send:
                self._office.letters.filing.sent(letter.id, letter.version, SentHow.FAXED)

    def _disclosed(self, row: FaxRow, purpose: Purpose | None) -> int:
        """Write it into the log; the entry's number."""
        why = purpose or self._given_for(row)
        return insert_row(
            Disclosure,
            patient_id=row.patient_id,
            disclosed_at=self._now(),
            recipient=row.recipient,
            recipient_address=f"Fax {self._office.formats.phone(row.number)}",
            what=f"{row.about or 'Papers of the file'}, {counted(row.pages, 'page')}",
            purpose=told_purpose(why, ""),
            how=BY_FAX,
            is_accountable=why.is_accountable,
            disclosed_by=self._session.user.name,
            document_id=row.document_id,
        )

    def _given_for(self, row: FaxRow) -> Purpose:
        """Why it is given, as was said when it was put together."""
        note = self._db.value("SELECT note FROM document WHERE id = ?", (row.document_id,))
        said = str(note).removeprefix(_GIVEN_FOR)
        return next((one for one in Purpose if str(one) == said), Purpose.TREATMENT)

    def _released_by_fax(self, row: FaxRow) -> int | None:
        """The entry of the release of the very package in this fax, where no other fax is it."""
        for number, recipient, address, requester, deliver_to in self._db.rows(
            "SELECT d.id, d.recipient, d.recipient_address, r.requester, r.deliver_to FROM document k"
            " JOIN records_request r ON r.package_document_id = k.made_from_id"
            " JOIN disclosure d ON d.request_id = r.id WHERE k.id = ? AND d.how = ?"
            " AND NOT EXISTS (SELECT 1 FROM fax f WHERE f.disclosure_id = d.id)",
            (row.document_id, BY_FAX),
        ):
            asked_by = recipient_of(deliver_to, requester, recipient)
            asked_by = asked_by._replace(reached_at=f"{asked_by.reached_at}\n{address}")
            if is_same_recipient(Recipient(row.recipient, row.number), asked_by):
                return int(number)
        return None

    def _package_in(self, draft: FaxDraft) -> int | None:
        """The package of a records request among the documents chosen. Raises Invalid for several."""
        found = self._db.rows(
            "SELECT DISTINCT package_document_id FROM records_request WHERE package_document_id IN"
            " (SELECT value FROM json_each(?))",
            (json.dumps(draft.document_ids),),
        )
        if len(found) > 1:
            raise Invalid(
                "These are the packages of two requests for records.",
                "Each release is one entry in the disclosure log.",
                "Fax each of them by itself.",
                field="documents",
            )
        return int(found[0][0]) if found else None

    def _parts(self, draft: FaxDraft) -> list[tuple[bytes, int]]:
        """The bytes and pages of what goes behind the cover."""
        parts: list[tuple[bytes, int]] = []
        if draft.letter_id is not None:
            letter = self._office.letters.letter(draft.letter_id)
            parts.append((self._files.get(letter.sha256), letter.pages))
        for document_id in draft.document_ids:
            found = filed_pages(self._db, draft.patient_id, document_id)
            if found is None:
                raise Conflict(
                    "A document chosen is no longer in this file.",
                    "It was put away or went to another file meanwhile.",
                    "Choose again what is faxed.",
                )
            parts.append((self._files.get(found[0]), found[1]))
        return parts

    def _cover(self, draft: FaxDraft, pages: int) -> bytes:
        letters = self._office.letters
        answers = {
            "to": draft.recipient.strip(),
            "fax": self._office.formats.phone(self._read(draft.number)),
            "pages": str(pages),
            "about": draft.about.strip(),
            "urgent": "yes" if draft.is_urgent else "no",
            "message": draft.message.strip(),
        }
        about = About(draft.patient_id, recipient=(draft.recipient.strip(),), answers=answers)
        return letters.preview(letters.composed(about, COVER, draft.language or "en"))

    def _read(self, number: str, field: str = "number") -> str:
        read = self._office.formats.parse_phone(number)
        if sum(character.isdigit() for character in read) < _LEAST_DIGITS:
            raise Invalid(
                "This is no fax number.", remedy="Type it with its area code.", field=field
            )
        return read

    def _now(self) -> str:
        return self._session.clock.now().strftime(_AT)

    def _rows(self, where: str, values: Sequence[object], limit: int) -> tuple[FaxRow, ...]:
        found = self._db.rows(
            "SELECT f.id, f.version, f.patient_id, f.letter_id, f.document_id, f.recipient,"
            f" f.number, f.pages, f.about, f.is_to_patient, f.made_at, {NAME_COLUMNS}"
            f" FROM fax f JOIN patient p ON p.id = f.patient_id WHERE {where}"
            " ORDER BY f.id DESC LIMIT ?",
            (*values, limit),
        )
        tries = self._attempts([row[0] for row in found])
        return tuple(
            FaxRow(
                id=row[0],
                version=row[1],
                patient_id=row[2],
                patient_name=PersonName(*row[11:]).listed,
                letter_id=row[3],
                document_id=row[4],
                recipient=row[5],
                number=row[6],
                pages=row[7],
                about=row[8],
                is_to_patient=bool(row[9]),
                made_at=datetime.fromisoformat(row[10]),
                attempts=tuple(tries.get(row[0], ())),
            )
            for row in found
        )

    def _attempts(self, fax_ids: Sequence[int]) -> dict[int, list[Attempt]]:
        """The tries of these faxes, the first first."""
        found: dict[int, list[Attempt]] = {}
        for fax_id, at, result, by, note in self._db.rows(
            "SELECT fax_id, at, result, by, note FROM fax_attempt"
            " WHERE fax_id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(fax_ids),),
        ):
            one = Attempt(datetime.fromisoformat(at), Result(result), by, note)
            found.setdefault(fax_id, []).append(one)
        return found
