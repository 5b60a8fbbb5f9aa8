"""What every foreign format is read into, so that one import serves them all.

A record is already in our own terms (two-letter states, ISO dates, nine digits of an SSN); what had
to be altered or left blank on the way is said in its `notes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from medsec_desktop.exchange.quarantine import Folded, Origin, Quarantined


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; any part may be blank."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = "US"
    kind: str = "home"  # home, mailing, work, temporary, former
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing is said of where it is."""
        return not (self.line1 or self.line2 or self.city or self.state or self.postal_code)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as the file writes it."""

    number: str
    kind: str = "home"  # home, mobile, work, other
    note: str = ""


@dataclass(frozen=True, slots=True)
class OrganizationRecord:
    """A hospital or practice other than ours."""

    origin: Origin
    external_id: str
    name: str
    kind: str = "practice"
    npi: str = ""
    address: Address = Address()
    phone: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PayerRecord:
    """An insurer. `is_placeholder` marks an entry that stands for having none."""

    origin: Origin
    external_id: str
    name: str
    payer_number: str = ""
    address: Address = Address()
    phone: str = ""
    is_placeholder: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """Someone who treats patients."""

    origin: Origin
    external_id: str
    family: str
    given: str = ""
    credential: str = ""
    specialty: str = ""
    npi: str = ""
    organization: str = ""  # external id
    phone: str = ""
    fax: str = ""
    email: str = ""
    address: Address = Address()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RelatedRecord:
    """Somebody around a patient. A guarantor owes; who holds a policy stands on the coverage."""

    origin: Origin
    patient: str  # external id
    name: str
    relation: str = ""
    phone: str = ""
    email: str = ""
    birth_on: date | None = None
    address: Address = Address()
    is_emergency_contact: bool = False
    is_next_of_kin: bool = False
    is_guarantor: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverageRecord:
    """One policy over one span of days, both ends included."""

    origin: Origin
    patient: str  # external ids
    payer: str
    secondary_payer: str = ""
    member_id: str = ""
    relation: str = "self"  # the patient is the subscriber's …: self, spouse, child, other
    subscriber_name: str = ""
    is_guardian: bool = False  # the subscriber is the patient's guardian
    starts_on: date | None = None
    ends_on: date | None = None
    rank: str = "primary"
    plan_name: str = ""
    group_number: str = ""
    copay_cents: int | None = None
    payer_name: str = ""  # where the payer has no entry of its own in the file
    subscriber: str = ""  # external id, where the subscriber is a patient too
    subscriber_birth_on: date | None = None
    subscriber_sex: str = ""
    subscriber_address: Address = Address()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """A person with a file. A blank says nothing: it never empties what is on file.

    Formats with one row a person give her policies and the people around her along with her.
    """

    origin: Origin
    external_id: str
    family: str
    given: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""
    former: str = ""
    sex: str = "U"
    birth_date: str = ""  # ISO, possibly only a year or month
    deceased_on: str = ""
    ssn: str = ""
    marital_status: str = ""
    language: str = ""
    email: str = ""
    preferred: str = ""
    pronouns: str = ""
    gender: str = ""
    needs_interpreter: bool = False
    contact_preference: str = ""
    employer: str = ""
    is_deceased: bool = False  # said without a day
    is_inactive: bool = False
    chart_number: str = ""  # wanted; another where it is taken
    primary_provider: str = ""  # external id, or a name where the format has none
    note: str = ""
    phones: tuple[Phone, ...] = ()
    addresses: tuple[Address, ...] = ()
    custom: tuple[tuple[str, str], ...] = ()  # the practice's own fields, by name
    policies: tuple[CoverageRecord, ...] = ()
    people: tuple[RelatedRecord, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def home(self) -> Address:
        """Where she lives, as far as the file says."""
        return next((one for one in self.addresses if one.kind == "home"), Address())


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """An encounter that took place, in the clinic's wall-clock time."""

    origin: Origin
    external_id: str
    patient: str  # external ids
    starts_at: datetime
    duration_min: int = 0
    provider: str = ""
    organization: str = ""
    payer: str = ""
    kind: str = ""
    description: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppointmentRecord:
    """A visit that is agreed on, in the clinic's wall-clock time."""

    origin: Origin
    external_id: str
    patient: str  # external id
    starts_at: datetime
    duration_min: int
    provider: str = ""  # external id
    provider_name: str = ""
    kind: str = ""
    reason: str = ""
    is_cancelled: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftAside:
    """What the source holds and this version does not take in, with its number of rows."""

    file: str
    holds: str
    rows: int


class ForeignSource(Protocol):
    """A folder or file of records. Each row yields exactly one item, so that counts balance."""

    @property
    def kind(self) -> str:
        """Whose ids these are: records are recognised by kind and id together."""
        ...

    @property
    def name(self) -> str: ...
    @property
    def files(self) -> dict[str, str]:
        """The file behind each of organizations, payers, providers, patients, people, coverages,
        visits, appointments; what a source never has is not in it."""
        ...

    @property
    def knows_ids(self) -> bool:
        """Whether its patients carry ids of its own; else they are known by name and birth."""
        ...

    def organizations(self) -> Iterator[OrganizationRecord | Quarantined | Folded]: ...
    def payers(self) -> Iterator[PayerRecord | Quarantined | Folded]: ...
    def providers(self) -> Iterator[ProviderRecord | Quarantined | Folded]: ...
    def patients(self) -> Iterator[PatientRecord | Quarantined | Folded]: ...
    def people(self) -> Iterator[RelatedRecord | Quarantined | Folded]: ...
    def coverages(self) -> Iterator[CoverageRecord | Quarantined | Folded]: ...
    def visits(self) -> Iterator[VisitRecord | Quarantined | Folded]: ...
    def appointments(self) -> Iterator[AppointmentRecord | Quarantined | Folded]: ...
    def left_aside(self) -> Iterator[LeftAside]: ...
    def columns_left_aside(self) -> dict[str, tuple[str, ...]]:
        """Per file that is taken in: its columns that have no place here."""
        ...

    def rows_expected(self) -> int:
        """About how many rows the files taken in have, for a progress bar; quick."""
        ...


class OnlyPatients:
    """A source with one row a person: everything else that a source may hold, it never does."""

    def organizations(self) -> Iterator[OrganizationRecord | Quarantined | Folded]:
        return iter(())

    def payers(self) -> Iterator[PayerRecord | Quarantined | Folded]:
        return iter(())

    def providers(self) -> Iterator[ProviderRecord | Quarantined | Folded]:
        return iter(())

    def people(self) -> Iterator[RelatedRecord | Quarantined | Folded]:
        return iter(())

    def coverages(self) -> Iterator[CoverageRecord | Quarantined | Folded]:
        return iter(())

    def visits(self) -> Iterator[VisitRecord | Quarantined | Folded]:
        return iter(())

    def appointments(self) -> Iterator[AppointmentRecord | Quarantined | Folded]:
        return iter(())
