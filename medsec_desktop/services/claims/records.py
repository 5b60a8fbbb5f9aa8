"""What screens are shown of claims and hand in about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from medsec_desktop.domain.claims.claim import Adjusted, Claim
from medsec_desktop.domain.claims.deadlines import Nearness
from medsec_desktop.domain.claims.life import ClaimStatus, is_sealed
from medsec_desktop.domain.people import PersonName


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim as a list shows it. `due_on` is the last day that matters next: to file, or to appeal."""

    id: int
    version: int
    number: str
    patient_id: int
    name: PersonName
    payer_id: int
    payer_name: str
    rank: str  # P, S, T
    status: ClaimStatus
    frequency: str  # 1, 7 replacement, 8 void
    way: str  # file, paper
    total_cents: int
    first_on: date
    last_on: date
    provider_name: str
    owner_id: int | None
    owner_name: str
    next_action: str
    next_on: date | None
    due_on: date | None
    days_left: int | None
    nearness: Nearness | None
    errors: int
    warnings: int
    checked_at: datetime | None
    sent_at: datetime | None
    answered_on: date | None
    payer_claim_number: str
    sheet_id: int | None
    appointment_id: int | None
    batch_id: int | None  # the last one it left in
    batch_reference: str

    @property
    def is_sealed(self) -> bool:
        return is_sealed(self.status)


@dataclass(frozen=True, slots=True)
class EventRow:
    """What happened to a claim: its kind is status, note, change, sent or answer."""

    id: int
    at: datetime
    by: str
    kind: str
    status: ClaimStatus | None
    note: str
    batch_id: int | None


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    """A claim with everything known of it."""

    row: ClaimRow
    content: Claim
    events: tuple[EventRow, ...]  # the oldest first
    replaces_id: int | None
    replaced_by_id: int | None
    follows_id: int | None  # the claim to the payer before
    followed_by_id: int | None
    document_id: int | None  # the form as it was printed
    alerts: tuple[str, ...]  # of the patient, to be read at billing
    may: frozenset[
        str
    ]  # edit, ready, draft, void, replace, cancel, follow, answer, close, print, reprint
    next_payer: str = ""  # who pays after this payer; '' where she had no further insurance

    @property
    def version(self) -> int:
        return self.row.version


@dataclass(frozen=True, slots=True)
class Refused:
    """One of many that was left out: which, and why, as a sentence."""

    id: int
    words: str


@dataclass(frozen=True, slots=True)
class BuiltAll:
    """Claims made from many sheets."""

    made: tuple[int, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the scrubber said of many: claims it has nothing against, and the first thing it holds
    against each of the others."""

    clean: tuple[int, ...]
    held: tuple[Refused, ...]
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """A payer's word as somebody typed it: rejected, accepted or decided."""

    status: ClaimStatus
    on: date
    payer_claim_number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineFigures:
    """What the payer before decided on a line: paid, and why the rest was not."""

    paid_cents: int
    adjustments: tuple[Adjusted, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """What the payer before decided, typed in from its notice: in total, or line by line.

    Without `lines`, or for a line that has none, figures are of the claim as a whole.
    """

    decided_on: date
    paid_cents: int
    lines: tuple[LineFigures, ...] = ()
    adjustments: tuple[Adjusted, ...] = ()
    patient_owes_cents: int | None = None
    remarks: tuple[str, ...] = ()
    insurance_type: str = ""  # why Medicare is second, where it is


@dataclass(frozen=True, slots=True)
class ListCount:
    """One work-list with how much hangs in it; `is_late` where something in it presses."""

    key: str
    title: str
    count: int
    total_cents: int = 0
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class SheetToClaim:
    """A visit that was charged and has no claim yet."""

    sheet_id: int
    appointment_id: int | None
    patient_id: int
    name: PersonName
    day: date
    provider_name: str
    payer_name: str  # '' where she has no insurance on that day
    total_cents: int


@dataclass(frozen=True, slots=True)
class RadarRow:
    """A claim or visit that is not with its payer yet, and how long there is."""

    claim_id: int | None
    sheet_id: int | None
    patient_id: int
    name: PersonName
    payer_name: str
    first_on: date
    due_on: date
    days_left: int
    nearness: Nearness
    total_cents: int
    what: str = field(default="file")  # file, correct or appeal
