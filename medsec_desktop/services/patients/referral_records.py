"""What screens are shown of referrals, and what they hand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from medsec_desktop.domain.referrals import STEP_WORDS, Direction, Step


@dataclass(frozen=True, slots=True)
class ReferralStep:
    """One thing that happened to a referral; `step` None where it was only asked about."""

    at: datetime
    step: Step | None
    note: str
    user_name: str


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A referral as lists and files show it."""

    id: int
    version: int
    patient_id: int
    patient_name: str
    direction: Direction
    step: Step
    provider_id: int | None  # ours
    provider_name: str
    other_provider_id: int | None  # theirs
    other_name: str
    other_phone: str
    other_fax: str
    specialty: str
    reason: str
    is_urgent: bool
    number: str
    authorization_id: int | None
    appointment_id: int | None
    visit_at: datetime | None  # ours that came of it
    visit_status: str
    their_visit_on: date | None
    document_id: int | None
    document_title: str
    begun_on: date
    expires_on: date | None
    chase_on: date | None
    note: str
    steps: tuple[ReferralStep, ...] = ()  # newest first; only in a file
    other_organization_id: int | None = None
    organization_name: str = ""

    @property
    def word(self) -> str:
        """How far it has come, in words."""
        return STEP_WORDS[self.direction][self.step]

    @property
    def visit_on(self) -> date | None:
        """The day of the visit it is about, here or there."""
        return self.visit_at.date() if self.visit_at is not None else self.their_visit_on


@dataclass(frozen=True, slots=True)
class ReferralDraft:
    """A referral as a form hands it in; `id` None and `version` 0 when new."""

    direction: Direction = Direction.OUT
    provider_id: int | None = None
    other_provider_id: int | None = None
    specialty: str = ""
    reason: str = ""
    is_urgent: bool = False
    number: str = ""
    authorization_id: int | None = None
    their_visit_on: date | None = None
    begun_on: date | None = None  # None: today
    expires_on: date | None = None
    chase_on: date | None = None  # None for a new one: as the step asks
    note: str = ""
    id: int | None = None
    version: int = 0
    other_organization_id: int | None = None  # theirs, with somebody there or in his place


@dataclass(frozen=True, slots=True)
class PhysicianChoice:
    """Somebody of the directory one may refer to or be referred by."""

    id: int
    name: str
    specialty: str
    phone: str
    is_ours: bool
    organization_id: int | None = None  # where he works


@dataclass(frozen=True, slots=True)
class PhysicianDraft:
    """Somebody not yet in the directory."""

    family: str
    given: str = ""
    credential: str = ""
    specialty: str = ""
    phone: str = ""
    fax: str = ""
