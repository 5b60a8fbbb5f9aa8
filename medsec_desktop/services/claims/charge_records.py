"""What the screens of charge capture hand in and are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from medsec_desktop.domain.calendar.visits import VisitStatus
from medsec_desktop.domain.claims.charges import ChargeLine

DIAGNOSIS, PROCEDURE = "diagnosis", "procedure"


@dataclass(frozen=True, slots=True)
class ProcedureDraft:
    """One of the practice's own procedures as a form hands it in; `id` 0 when new.

    `charge_cents` is for its `units`; None where only a fee schedule says it.
    """

    code: str
    modifiers: str = ""
    words: str = ""
    section: str = ""
    charge_cents: int | None = None
    units: str = "1"
    unit: str = "UN"
    place: str = ""
    description: str = ""
    is_unlisted: bool = False
    ndc: str = ""
    ndc_quantity: str = ""
    ndc_unit: str = ""
    units_at_most: int | None = None
    is_spanning: bool = False
    needs_referrer: bool = False
    needs_authorization: bool = False
    needs_clia: bool = False
    needs_drug: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    note: str = ""
    is_active: bool = True
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """One of the practice's own procedures as it is kept."""

    id: int
    version: int
    position: int
    draft: ProcedureDraft

    @property
    def code(self) -> str:
        return self.draft.code

    @property
    def written(self) -> str:
        """As a claim shows it: 99213-25."""
        return "-".join((self.draft.code, *self.draft.modifiers.split()))

    def holds_on(self, day: date) -> bool:
        """Whether a service of that day may be charged by it."""
        draft = self.draft
        return (
            draft.is_active
            and (draft.starts_on is None or draft.starts_on <= day)
            and (draft.ends_on is None or day <= draft.ends_on)
        )


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a table that was taken in; `refused` are sentences with their rows."""

    added: int = 0
    changed: int = 0
    same: int = 0
    dental: int = 0
    retired: int = 0  # codes the release no longer has
    refused: tuple[str, ...] = ()

    def words(self, noun: str = "code") -> str:
        """In a sentence."""
        parts = [
            f"{count:,} {word}"
            for count, word in (
                (self.added, "added"), (self.changed, "changed"), (self.same, "as they were"),
                (self.retired, "no longer in it"), (self.dental, "dental left out"),
                (len(self.refused), "not taken in"),
            )
            if count
        ]  # fmt: skip
        return f"{noun[0].upper()}{noun[1:]}s: {', '.join(parts) or 'none'}."


@dataclass(frozen=True, slots=True)
class CodeHit:
    """Something that can be put down: a diagnosis or a procedure. `code` is as it is kept, without a dot.

    `why_not` says in a few words why it cannot be billed on the day; '' where it can.
    """

    kind: str
    code: str
    words: str
    modifiers: str = ""
    is_favourite: bool = False
    why_not: str = ""
    procedure_id: int | None = None
    source: str = ""  # own, hcpcs, icd; '' for what is only remembered

    @property
    def written(self) -> str:
        """As people write it: J06.9, 99213-25."""
        if self.kind == DIAGNOSIS:
            return dotted(self.code)
        return "-".join((self.code, *self.modifiers.split()))


@dataclass(frozen=True, slots=True)
class FavouriteRow:
    """One favourite of a provider, or of everybody (no provider)."""

    id: int
    version: int
    provider_id: int | None
    kind: str
    code: str
    modifiers: str
    words: str
    section: str
    position: int


@dataclass(frozen=True, slots=True)
class ScheduleDraft:
    """A fee schedule as a form hands it in; no payer: everybody's."""

    name: str
    payer_id: int | None
    valid_from_on: date
    valid_to_on: date | None = None
    note: str = ""
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A fee schedule as a list shows it."""

    id: int
    version: int
    name: str
    payer_id: int | None
    payer_name: str
    valid_from_on: date
    valid_to_on: date | None
    note: str
    fees: int

    def draft(self) -> ScheduleDraft:
        return ScheduleDraft(
            self.name, self.payer_id, self.valid_from_on, self.valid_to_on, self.note, self.id,
            self.version,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One fee of a schedule, for one unit."""

    id: int
    version: int
    code: str
    modifiers: str
    amount_cents: int
    words: str = ""

    @property
    def written(self) -> str:
        return "-".join((self.code, *self.modifiers.split()))


@dataclass(frozen=True, slots=True)
class FeeFound:
    """What one unit costs and who says so; `schedule` '' is the procedure list itself."""

    cents: int
    schedule: str = ""


@dataclass(frozen=True, slots=True)
class VisitToCharge:
    """A visit that took place and has no charges yet; `is_begun` where somebody has begun to put them down."""

    appointment_id: int
    patient_id: int
    patient_name: str
    starts_at: datetime
    type_name: str
    provider_id: int
    provider_name: str
    payer_name: str
    is_begun: bool = False


@dataclass(frozen=True, slots=True)
class ChargedVisit:
    """The visit whose charges are put down, as the head of the panel and the superbill show it."""

    appointment_id: int
    patient_id: int
    patient_name: str  # as one speaks of her
    starts_at: datetime
    duration_min: int
    type_name: str
    reason: str
    status: VisitStatus
    provider_id: int
    provider_name: str
    coverage_id: int | None
    payer_id: int | None
    payer_name: str
    billing_alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LastCharges:
    """What was charged the last time."""

    on: date
    diagnoses: tuple[str, ...]
    lines: tuple[ChargeLine, ...]

    @property
    def spoken(self) -> str:
        """The codes in one line: I10, E78.5 · 99213-25."""
        return " · ".join(
            part
            for part in (
                ", ".join(map(dotted, self.diagnoses)),
                ", ".join("-".join((line.code, *line.modifiers)) for line in self.lines),
            )
            if part
        )


@dataclass(frozen=True, slots=True)
class ChargeDraft:
    """What is put down for a visit as the panel hands it in; `version` 0 where there is no sheet yet."""

    appointment_id: int
    provider_id: int
    place: str
    diagnoses: tuple[str, ...]
    lines: tuple[ChargeLine, ...]
    coverage_id: int | None = None
    is_self_pay: bool = False
    note: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class ChargeDetail:
    """A visit's charges as they are kept; `id` 0 where nobody has begun."""

    visit: ChargedVisit
    draft: ChargeDraft
    id: int = 0
    status: str = "open"
    no_charge_reason: str = ""
    decided: str = ""  # who and when, in words
    claim_id: int | None = None
    claim_number: str = ""
    last: LastCharges | None = None
    earlier: tuple[str, ...] = ()  # her earlier diagnoses, the latest first
    coverages: tuple[tuple[int, str], ...] = ()  # those that hold on the day, in their order

    @property
    def is_on_claim(self) -> bool:
        return self.claim_id is not None


def dotted(code: str) -> str:
    """A diagnosis as people write it: J06.9."""
    return code if len(code) <= 3 else f"{code[:3]}.{code[3:]}"
