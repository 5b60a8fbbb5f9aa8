"""What screens are shown of coverages and what they hand in about verifications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from medsec_desktop.domain.insurance import Held, Result
from medsec_desktop.domain.patients import CoverageDraft
from medsec_desktop.domain.people import PartialDate

HOW_WORDS = {
    "phone": "by phone",
    "portal": "on the portal",
    "card": "from the card",
    "file": "by a file",
    "other": "another way",
}


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """Who holds a policy that is not the patient's own, as known from his file or from hers."""

    name: str
    birth: PartialDate | None
    sex: str
    address: tuple[str, ...]  # lines
    patient_id: int | None  # his own file


@dataclass(frozen=True, slots=True)
class VerificationRow:
    """One answer of a payer: when, to whom here, how asked, and what it said."""

    id: int
    at: datetime
    by: str
    how: str
    reference: str
    result: Result
    copay_cents: int | None
    note: str


@dataclass(frozen=True, slots=True)
class VerificationDraft:
    """An answer as it is noted; `on` None is now, `by` '' whoever is logged in."""

    result: Result = Result.ACTIVE
    how: str = "phone"
    reference: str = ""
    copay_cents: int | None = None
    note: str = ""
    on: date | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class CoverageDetail:
    """A policy with everything known of it; `draft` is what a form edits."""

    draft: CoverageDraft
    payer_name: str
    payer_phone: str
    payer_portal: str
    subscriber: SubscriberRow | None  # None: she holds it herself
    verified_on: date | None  # found active then, and nothing else said since
    verified_note: str
    verifications: tuple[VerificationRow, ...]  # newest first
    card_front_id: int | None
    card_back_id: int | None
    when: str  # current, coming or ended, on the day it was read

    @property
    def id(self) -> int:
        return self.draft.id

    @property
    def held(self) -> Held:
        return Held(self.draft.starts_on, self.draft.ends_on)


@dataclass(frozen=True, slots=True)
class PayerChoice:
    """A payer to choose, with how it is reached."""

    id: int
    name: str
    payer_number: str
    phone: str


@dataclass(frozen=True, slots=True)
class NewPayer:
    """A payer met at the desk for the first time."""

    name: str
    payer_number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SubscriberChoice:
    """Somebody around her who may hold a policy, with what her form would otherwise ask for."""

    name: str
    relation: str  # as one says it in her file: “mother”
    patient_id: int | None  # his own file
    birth_on: date | None
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class ToVerifyRow:
    """A coverage somebody should ask the payer about before a visit; without one, `coverage_id` None.

    Everything one is asked on the phone stands in it.
    """

    patient_id: int
    patient_name: str
    birth: PartialDate | None
    visit_id: int
    visit_at: datetime
    provider_name: str
    coverage_id: int | None
    version: int
    payer_name: str
    payer_phone: str
    payer_portal: str
    rank: str
    plan_name: str
    member_id: str
    group_number: str
    subscriber_name: str  # '' when she holds it
    copay_cents: int | None
    asked_on: date | None
    result: Result | None  # the latest answer; None where nobody asked
    reference: str
    visits: int = 1  # how many of hers lie within the days looked at
