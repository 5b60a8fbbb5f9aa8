"""What screens are shown of consents, records requests and disclosures, and what they hand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from medsec_desktop.domain.rights import (
    Answer,
    Delivery,
    ItemKind,
    Purpose,
    Requester,
    RequestStatus,
    Signed,
    Standing,
    may_extend,
)

# -- consents ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConsentKindRow:
    """A consent or form the practice asks for."""

    id: int
    version: int
    name: str
    valid_months: int | None  # None: for good
    is_required: bool  # asked for at the desk
    is_privacy_notice: bool  # the acknowledgement of 45 CFR 164.520(c)(2)(ii)
    is_active: bool

    def draft(self) -> ConsentKindDraft:
        return ConsentKindDraft(
            self.name,
            self.valid_months,
            self.is_required,
            self.is_privacy_notice,
            self.is_active,
            self.id,
            self.version,
        )


@dataclass(frozen=True, slots=True)
class ConsentKindDraft:
    """A kind as the settings hand it in; `id` 0 when new."""

    name: str = ""
    valid_months: int | None = None
    is_required: bool = False
    is_privacy_notice: bool = False
    is_active: bool = True
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One answer a patient gave."""

    id: int
    version: int
    patient_id: int
    kind_id: int
    kind_name: str
    answer: Answer
    signed_on: date
    expires_on: date | None
    signed_by: str  # '' where the patient signed
    document_id: int | None
    document_title: str
    note: str

    @property
    def signed(self) -> Signed:
        return Signed(self.answer, self.signed_on, self.expires_on)


@dataclass(frozen=True, slots=True)
class ConsentStanding:
    """A kind in one patient's file: how it stands, its latest answer, and those before it."""

    kind: ConsentKindRow
    standing: Standing
    latest: ConsentRow | None
    earlier: tuple[ConsentRow, ...] = ()

    @property
    def is_due(self) -> bool:
        """Whether it is to be asked for at the desk."""
        return self.kind.is_required and self.kind.is_active and self.standing.is_due


@dataclass(frozen=True, slots=True)
class ConsentDraft:
    """An answer as a form hands it in; `id` None and `version` 0 when new."""

    kind_id: int
    answer: Answer
    signed_on: date
    expires_on: date | None = None
    signed_by: str = ""
    document_id: int | None = None
    note: str = ""
    id: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class ConsentDue:
    """A consent somebody is to be asked for; `last_on` is the last day the old one held."""

    patient_id: int
    kind_id: int
    kind_name: str
    standing: Standing
    last_on: date | None
    patient_name: str = ""
    visit_at: datetime | None = None


# -- requests for records ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestItem:
    """One thing that goes out with a request."""

    kind: ItemKind
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReleaseChoice:
    """One thing of the file that may be released; `is_chosen` as it stands, or is proposed."""

    item: RequestItem
    title: str
    on: date | None
    pages: int | None  # None until it is made
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request for records as lists and files show it."""

    id: int
    version: int
    patient_id: int
    patient_name: str
    status: RequestStatus
    requester: str
    requester_kind: Requester
    deliver_to: str
    deliver_how: Delivery
    received_on: date
    due_on: date
    extended_on: date | None
    extension_reason: str
    purpose: str
    wanted: str
    from_on: date | None
    to_on: date | None
    fee_cents: int
    fee_paid_on: date | None
    closed_on: date | None
    refusal_reason: str
    signed_document_id: int | None
    package_document_id: int | None
    package_pages: int
    note: str
    items: tuple[RequestItem, ...]
    days_left: int  # below zero once it is overdue; of what is closed, as it was then

    @property
    def is_late(self) -> bool:
        return self.status.is_open and self.days_left < 0

    def covers(self, on: date | None) -> bool:
        """Whether what is of that day falls into its period; what has no day always does."""
        if on is None:
            return True
        return (self.from_on is None or self.from_on <= on) and (
            self.to_on is None or on <= self.to_on
        )

    def may_extend(self, today: date) -> bool:
        """Whether thirty days more may still be had."""
        is_extended = self.extended_on is not None
        return may_extend(self.status, self.due_on, today, is_extended=is_extended)


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """A request as a form hands it in; `id` None and `version` 0 when new."""

    requester: str
    requester_kind: Requester = Requester.PATIENT
    deliver_to: str = ""
    deliver_how: Delivery = Delivery.PAPER
    received_on: date | None = None  # None: today
    purpose: str = ""
    wanted: str = ""
    from_on: date | None = None
    to_on: date | None = None
    fee_cents: int = 0
    fee_paid_on: date | None = None
    signed_document_id: int | None = None
    note: str = ""
    id: int | None = None
    version: int = 0


# -- disclosures ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DisclosureRow:
    """Something that was given to somebody."""

    id: int
    version: int
    patient_id: int
    disclosed_at: datetime
    recipient: str
    recipient_address: str
    what: str
    purpose: str
    how: str
    is_accountable: bool
    disclosed_by: str
    request_id: int | None
    document_id: int | None

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody wrote it down, and may put it right; a release's own entry stands."""
        return self.request_id is None


@dataclass(frozen=True, slots=True)
class DisclosureDraft:
    """A disclosure as a form hands it in; `id` None and `version` 0 when new."""

    recipient: str
    what: str
    purpose: Purpose
    purpose_words: str = ""
    how: str = ""
    recipient_address: str = ""
    disclosed_on: date | None = None  # None: today
    id: int | None = None
    version: int = 0
