"""What one letter is about, and everything looked up for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from medsec_desktop.domain.addresses import place_line
from medsec_desktop.domain.people import PartialDate, PersonName


def provider_named(given: str, family: str, credential: str) -> str:
    """As a letter names her: Robin Chen, MD."""
    name = " ".join(part for part in (given, family) if part)
    return ", ".join(part for part in (name, credential) if part)


@dataclass(frozen=True, slots=True)
class About:
    """What one letter is about: a patient, or a visit, recall, referral or request of hers.

    `patient_id` may be 0 where one of the others says whose it is. `recipient` are name and address as
    they print, `recipient_kind` and `recipient_id` who that is; without them the template says whom it
    goes to. `facts` are merge fields only the caller knows, `answers` what was answered to the template's
    questions, by key.
    """

    patient_id: int = 0
    appointment_id: int | None = None
    recall_id: int | None = None
    referral_id: int | None = None
    request_id: int | None = None
    signer_id: int | None = None
    recipient: tuple[str, ...] = ()
    recipient_kind: str = ""
    recipient_id: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    asked_in: str = ""  # the language the answers were given in, where the letter may be in another


@dataclass(frozen=True, slots=True)
class Place:
    """A postal address and how to reach who is there."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    phone: str = ""
    fax: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """As under a name; the country is not said."""
        region = place_line(self.city, self.state, self.postal_code)
        return tuple(line.strip() for line in (self.line1, self.line2, region) if line.strip())


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the file says of the patient herself."""

    id: int
    name: PersonName
    chart_number: str
    birth: PartialDate | None
    sex: str
    language: str
    status: str
    contact_preference: str
    email: str
    employer: str
    primary_provider_id: int | None
    referring_provider_id: int | None


@dataclass(frozen=True, slots=True)
class RelatedFacts:
    """Somebody around her; place and phone are of her own file where nothing else is said."""

    id: int
    name: str
    relation: str
    place: Place
    phone: str
    is_guarantor: bool
    is_emergency_contact: bool


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """A doctor of ours or of others."""

    given: str
    family: str
    credential: str
    specialty: str
    npi: str
    place: Place
    organization: str = ""

    @property
    def name(self) -> str:
        return provider_named(self.given, self.family, self.credential)

    @property
    def address(self) -> tuple[str, ...]:
        return tuple(line for line in (self.name, self.organization, *self.place.lines) if line)


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit; `former_at` is when it was to be before it was moved."""

    id: int
    patient_id: int
    provider_id: int
    starts_at: datetime
    duration_min: int
    status: str
    provider: str
    type_name: str
    preparation: str
    room: str
    former_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecallFacts:
    """A visit she should come back for."""

    patient_id: int
    name: str
    due_on: date
    provider: str


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """A referral; `place` is that of the other organization."""

    patient_id: int
    direction: str
    specialty: str
    reason: str
    is_urgent: bool
    number: str
    begun_on: date
    expires_on: date | None
    their_visit_on: date | None
    provider_id: int | None
    other_provider_id: int | None
    organization_id: int | None
    organization: str
    place: Place


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request for records."""

    patient_id: int
    requester: str
    requester_kind: str
    deliver_to: str
    received_on: date
    due_on: date
    from_on: date | None
    to_on: date | None
    purpose: str
    wanted: str
    fee_cents: int


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """A coverage that holds today."""

    payer_id: int
    payer: str
    payer_place: Place
    plan: str
    member_id: str
    group: str
    subscriber: str
    relation: str
    copay_cents: int | None
    starts_on: date | None
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """Everything looked up for one letter."""

    about: About
    person: PersonFacts
    place: Place | None
    phone: str
    related: tuple[RelatedFacts, ...]
    coverages: tuple[CoverageFacts, ...]
    visit: VisitFacts | None
    visits: tuple[VisitFacts, ...]
    recall: RecallFacts | None
    referral: ReferralFacts | None
    request: RequestFacts | None
    providers: Mapping[int, ProviderFacts] = field(default_factory=dict)

    def with_providers(self, providers: Mapping[int, ProviderFacts]) -> Known:
        return replace(self, providers=providers)

    @property
    def provider_ids(self) -> tuple[int, ...]:
        """The doctors the letter may name besides the visit's."""
        numbers = (
            self.person.primary_provider_id,
            self.person.referring_provider_id,
            self.signer_id,
            self.about.recipient_id if self.about.recipient_kind == "provider" else None,
            *(
                (self.referral.provider_id, self.referral.other_provider_id)
                if self.referral
                else ()
            ),
        )
        return tuple(number for number in numbers if number)

    def provider(self, provider_id: int | None) -> ProviderFacts | None:
        return self.providers.get(provider_id) if provider_id else None

    @property
    def signer_id(self) -> int | None:
        """Who signs for the practice: as chosen, of the visit or the referral, else her doctor here."""
        return (
            self.about.signer_id
            or (self.visit.provider_id if self.visit else None)
            or (self.referral.provider_id if self.referral else None)
            or self.person.primary_provider_id
        )
