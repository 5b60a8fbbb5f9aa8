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
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """A person with a file."""

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
    phone: str = ""
    address: Address = Address()
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
    notes: tuple[str, ...] = ()


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
class LeftAside:
    """A file of the source that this version does not take in, with its number of rows."""

    file: str
    holds: str
    rows: int


class ForeignSource(Protocol):
    """A folder or file of records. Each row yields exactly one item, so that counts balance."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def files(self) -> dict[str, str]:
        """The file behind each of organizations, payers, providers, patients, coverages, visits."""
        ...

    def organizations(self) -> Iterator[OrganizationRecord | Quarantined]: ...
    def payers(self) -> Iterator[PayerRecord | Quarantined]: ...
    def providers(self) -> Iterator[ProviderRecord | Quarantined]: ...
    def patients(self) -> Iterator[PatientRecord | Quarantined]: ...
    def coverages(self) -> Iterator[CoverageRecord | Quarantined | Folded]: ...
    def visits(self) -> Iterator[VisitRecord | Quarantined]: ...
    def left_aside(self) -> Iterator[LeftAside]: ...
    def columns_left_aside(self) -> dict[str, tuple[str, ...]]:
        """Per file that is taken in: its columns that have no place here."""
        ...

    def rows_expected(self) -> int:
        """About how many rows the files taken in have, for a progress bar; quick."""
        ...
