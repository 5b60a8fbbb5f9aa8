"""Claims to clearing houses and payers in 837P files.

A file is planned first: what goes, what is held back and why, and the whole of it written and read back
without a number of its own. Then it is written: its number is taken for good, its bytes are put on the
drive, read from there, compared claim by claim, archived, and only then called sent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain.claims.claim import Claim, Contact, Party
from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.claims.scrubbing import Severity, scrub
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.edi.comparing import differences
from medsec_desktop.edi.envelope import Envelope
from medsec_desktop.edi.read_837p import read_claims
from medsec_desktop.edi.reading import Faults, transactions
from medsec_desktop.edi.write_837p import Written, write_claims
from medsec_desktop.problems import Conflict, Invalid, Problem, Unavailable
from medsec_desktop.services.claims import reading
from medsec_desktop.services.claims.batches import Batches, BatchRow
from medsec_desktop.services.claims.parties import phone
from medsec_desktop.services.claims.records import ClaimRow, Refused
from medsec_desktop.services.claims.settings import ClearingHouseDraft, clearing_houses
from medsec_desktop.services.claims.surroundings import SurroundingsBook
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.progress import Progress, Quiet

if TYPE_CHECKING:
    from medsec_desktop.services.claims.claims import Claims
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

MEDIA_TYPE = "application/edi-x12"
_USUAL_NAME = "claims-{date}-{number}.txt"
_TOLD_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class FilePlan:
    """One file as it would be written; `refused` are claims that would not be in it, each with why."""

    house_id: int
    receiver: str
    claims: tuple[ClaimRow, ...]
    refused: tuple[Refused, ...]
    warnings: tuple[str, ...]  # letters the file cannot carry, a test file …
    is_test: bool
    folder: str  # where its files usually go

    @property
    def total_cents(self) -> int:
        return sum(row.total_cents for row in self.claims)

    @property
    def may_be_written(self) -> bool:
        return bool(self.claims)


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was written, and which claims were left behind at the last moment."""

    batches: tuple[BatchRow, ...]
    refused: tuple[Refused, ...]

    @property
    def claims(self) -> int:
        return sum(row.claims for row in self.batches)


class ClaimFiles:
    """Plans, writes and keeps the files."""

    def __init__(self, session: Session, practice: Practice, claims: Claims):
        self._session = session
        self._practice = practice
        self._claims = claims
        self._db = session.db
        self._batches = Batches(session)

    # -- before -------------------------------------------------------------------------------

    def plan(
        self, claim_ids: Sequence[int] | None = None, progress: Progress | None = None
    ) -> tuple[FilePlan, ...]:
        """The files that would be written of these claims, or of all that are ready; nothing is changed.

        Each claim is asked of the scrubber once more, and each file is written and read back in memory.
        """
        listener = progress or Quiet()
        by_house: dict[int | None, list[ClaimRow]] = defaultdict(list)
        refused: dict[int | None, list[Refused]] = defaultdict(list)
        houses = {house.id: house for house in clearing_houses(self._db)}
        rows = self._ready(claim_ids)
        book = SurroundingsBook(self._db, self._session.clock.today())
        for done, row in enumerate(rows):
            listener.report(done, len(rows), "Looking at claims")
            house_id = self._db.value(
                "SELECT clearing_house_id FROM payer_rule WHERE payer_id = ?", (row.payer_id,)
            )
            why = self._why_not(row, houses.get(house_id) if house_id is not None else None, book)
            if why:
                refused[house_id].append(Refused(row.id, why))
            else:
                by_house[house_id].append(row)
        plans: list[FilePlan] = []
        for house_id in dict.fromkeys([*by_house, *refused]):
            house = houses.get(house_id) if house_id is not None else None
            plans += self._plans(house, by_house[house_id], refused[house_id])
        return tuple(plans)

    def _ready(self, claim_ids: Sequence[int] | None) -> tuple[ClaimRow, ...]:
        today = self._session.clock.today()
        if claim_ids is None:
            where = "c.status = 'ready' AND c.way = 'file'"
            return reading.rows(self._db, today, where, (), "c.payer_id, c.first_on, c.id")
        return tuple(reading.row(self._db, today, claim_id) for claim_id in claim_ids)

    def _why_not(
        self, row: ClaimRow, house: ClearingHouseDraft | None, book: SurroundingsBook
    ) -> str:
        """A sentence where a claim cannot go in a file now; '' where it can."""
        if row.status is not ClaimStatus.READY:
            return f"Claim {row.number} is {row.status}, not ready."
        if row.way != "file":
            return f"Claim {row.number} goes on paper."
        if house is None or not house.is_active:
            return f"{row.payer_name} has no clearing house."
        content = self._claims.filing.content(row.id)
        for finding in scrub(content, book.of(self._claims.asked(row, content))):
            if finding.severity is Severity.ERROR:
                return finding.sentence
        return ""

    def _plans(
        self, house: ClearingHouseDraft | None, rows: list[ClaimRow], refused: list[Refused]
    ) -> Iterable[FilePlan]:
        if house is None:
            yield FilePlan(0, "No clearing house", (), tuple(refused), (), False, "")
            return
        size = house.claims_at_most
        for at in range(0, max(len(rows), 1), size):
            some, held = rows[at : at + size], list(refused if not at else ())
            warnings: list[str] = []
            if some:
                contents = [self._claims.filing.content(row.id) for row in some]
                try:
                    written = write_claims(contents, self._envelope(house, 0, "DRY RUN"))
                except Invalid as fault:  # the clearing house's settings: none of its claims can go
                    held += [Refused(row.id, f"{fault.what} {fault.remedy}") for row in some]
                    some = []
                else:
                    wrong = _compared(written.text.encode("ascii"), contents)
                    held += [Refused(some[place].id, why) for place, why in wrong.items()]
                    some = [row for place, row in enumerate(some) if place not in wrong]
                    warnings = _warnings(written, house)
            yield FilePlan(
                house.id, house.name, tuple(some), tuple(held), tuple(warnings), house.is_test,
                house.out_folder,
            )  # fmt: skip

    # -- writing ------------------------------------------------------------------------------

    def write(
        self, plans: FilePlan | Sequence[FilePlan], folder: Path, progress: Progress | None = None
    ) -> FileReport:
        """Write planned files into a folder; each claim in them is sent then, unless it is a test.

        A claim that changed since it was planned is left out and told. Raises NotAllowed, Unavailable
        where a file cannot be written, and Invalid for settings of the clearing house that do not fit;
        claims of a file that failed are ready as before, and its number is not used again.
        """
        self._session.require(Permission.EDIT_CLAIMS, "send claims")
        listener = progress or Quiet()
        written: list[BatchRow] = []
        refused: list[Refused] = []
        for plan in [plans] if isinstance(plans, FilePlan) else plans:
            listener.check()
            rows, changed = self._still(plan)
            refused += changed
            if rows:
                written.append(
                    self._batches.row(self._write(plan.house_id, rows, folder, listener))
                )
        return FileReport(tuple(written), tuple(refused))

    def _still(self, plan: FilePlan) -> tuple[list[ClaimRow], list[Refused]]:
        """The claims of a plan that are as they were planned, and the others."""
        now = {row.id: row for row in self._ready([row.id for row in plan.claims])}
        same = [row for row in plan.claims if now[row.id].version == row.version]
        return same, [
            Refused(row.id, f"Claim {row.number} was changed meanwhile.")
            for row in plan.claims
            if now[row.id].version != row.version
        ]

    def _write(self, house_id: int, rows: list[ClaimRow], folder: Path, progress: Progress) -> int:
        house = next(one for one in clearing_houses(self._db) if one.id == house_id)
        contents = [self._claims.filing.content(row.id) for row in rows]
        write_claims(contents[:1], self._envelope(house, 0, "CHECK"))  # before a number is taken
        if not folder.is_dir():
            raise Unavailable(
                f"There is no folder “{folder}”.",
                remedy="Choose the folder the clearing house’s program looks into.",
            )
        batch_id, number = self._batches.begin("file", clearing_house_id=house.id)
        is_recorded = False
        try:
            reference = self._batches.row(batch_id).reference
            content = write_claims(contents, self._envelope(house, number, reference)).text.encode()
            path = folder / self._name(house, number, reference)
            if path.exists():
                raise Unavailable(
                    f"There is a file “{path.name}” in this folder already.",
                    "A file of claims is never written over another.",
                    "Move it away, or choose another folder.",
                )

            def check(beside: Path) -> None:
                wrong = _compared(beside.read_bytes(), contents)
                if wrong or beside.read_bytes() != content:
                    place = min(wrong, default=0)
                    raise Unavailable(
                        "The file on the drive is not what was to be written.",
                        f"Claim {contents[place].id}: {wrong.get(place, 'the bytes differ')}",
                        "Check the drive, and write the file again.",
                    )

            def record() -> None:
                nonlocal is_recorded
                self._batches.left(
                    batch_id, rows, content, MEDIA_TYPE, progress, is_test=house.is_test,
                    file_name=path.name, folder=str(folder),
                )  # fmt: skip
                is_recorded = True

            write_out(path, content, record, check)
        except BaseException as error:
            if is_recorded and isinstance(error, Unavailable):
                raise _kept(error) from error
            if is_recorded:
                raise
            self._batches.failed(batch_id, error.what if isinstance(error, Problem) else "Stopped.")
            raise
        return batch_id

    def _name(self, house: ClearingHouseDraft, number: int, reference: str) -> str:
        pattern = house.file_pattern or _USUAL_NAME
        now = self._session.clock.now()
        return (
            pattern.replace("{date}", f"{now:%Y%m%d}")
            .replace("{number}", f"{number:09}")
            .replace("{batch}", reference)
        )

    def _envelope(self, house: ClearingHouseDraft, number: int, reference: str) -> Envelope:
        profile = self._practice.profile()
        contact = Contact(
            house.contact_name or profile.name,
            phone(house.contact_phone) or phone(profile.phone),
            email=house.contact_email,
        )
        return Envelope(
            sender_id=house.sender_id,
            receiver_id=house.receiver_id,
            submitter=Party(
                house.submitter_name or profile.name,
                id_kind="46",
                id=house.submitter_id,
                contact=contact,
            ),
            receiver=Party(
                house.receiver_name or house.name, id_kind="46", id=house.receiver_number
            ),
            made_at=self._session.clock.now(),
            interchange_number=number,
            group_number=number,
            set_number=number,
            batch=reference,
            sender_kind=house.sender_kind,
            receiver_kind=house.receiver_kind,
            group_sender=house.group_sender,
            group_receiver=house.group_receiver,
            is_test=house.is_test,
            wants_acknowledgement=house.wants_acknowledgement,
        )

    # -- afterwards ---------------------------------------------------------------------------

    def batches(self, limit: int = 200) -> tuple[BatchRow, ...]:
        """What left, in files and on paper, the latest first."""
        return self._batches.rows(limit)

    def content(self, batch_id: int) -> bytes:
        """The very bytes that left. Raises Conflict where nothing did."""
        return self._batches.content(batch_id)

    def claims_in(self, batch_id: int) -> tuple[ClaimRow, ...]:
        """The claims of a batch as they stand now, in its order."""
        today = self._session.clock.today()
        return tuple(
            reading.row(self._db, today, claim_id) for claim_id in self._batches.claim_ids(batch_id)
        )

    def save_again(self, batch_id: int, folder: Path) -> Path:
        """The same bytes into a folder once more, where the file was lost; recorded. Raises Unavailable."""
        self._session.require(Permission.EDIT_CLAIMS, "save a file of claims again")
        row, content = self._batches.row(batch_id), self._batches.content(batch_id)
        name = row.file_name or f"{row.reference}.{'pdf' if row.way == 'paper' else 'txt'}"
        path = folder / name
        write_out(
            path,
            content,
            lambda: self._session.event(f"Saved {row.reference} again", reason=f"to “{name}”"),
        )
        return path

    def read_back(self, batch_id: int) -> tuple[str, ...]:
        """What differs between the file as it left and the claims as they are kept; nothing if all is
        well. Raises Conflict for a stack of paper."""
        row = self._batches.row(batch_id)
        if row.way != "file":
            raise Conflict("This batch is a stack of forms.", remedy="Look at its pages.")
        ids = self._batches.claim_ids(batch_id)
        contents = [self._claims.filing.content(claim_id) for claim_id in ids]
        wrong = _compared(self._batches.content(batch_id), contents)
        return tuple(f"Claim {contents[place].id}: {why}" for place, why in sorted(wrong.items()))


def _compared(content: bytes, claims: Sequence[Claim]) -> dict[int, str]:
    """By place, what is wrong with a claim as our own reader finds it in a file."""
    faults = Faults()
    found = [
        claim
        for transaction in transactions(content.decode("ascii", "replace"))
        for claim in read_claims(transaction, faults).claims
    ]
    if faults.sentences:
        return {0: faults.sentences[0]}
    if len(found) != len(claims):
        return {0: f"The file holds {len(found):,} claims instead of {len(claims):,}."}
    wrong = {}
    for place, (sent, read) in enumerate(zip(claims, found, strict=True)):
        fields = differences(sent, read)
        if fields:
            wrong[place] = f"The file says something else at {', '.join(fields[:3])}."
    return wrong


def _warnings(written: Written, house: ClearingHouseDraft) -> list[str]:
    found = []
    if house.is_test:
        found.append(f"{house.name} is set to test files: nobody will pay these claims.")
    for one in dict.fromkeys(written.folded):
        if re.sub(r"\s+", " ", one.before).strip().upper() != one.after:
            found.append(f"Claim {one.claim}: “{one.before}” is written “{one.after}”.")
    if len(found) > _TOLD_AT_MOST:
        more = len(found) - _TOLD_AT_MOST
        found = [*found[:_TOLD_AT_MOST], f"{more:,} more texts are folded to plain letters."]
    return found


def _kept(error: Unavailable) -> Unavailable:
    """The same problem where the claims are noted as sent already, saying how the file is got."""
    return Unavailable(
        error.what,
        error.why,
        "The claims are noted as sent and the file is kept: save it again from the list of files.",
    )
