"""What screens are shown of patients: frozen rows, no query behind any of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from medsec_desktop.domain.custom_fields import CustomField
from medsec_desktop.domain.people import PartialDate, PatientStatus, PersonName, Sex


@dataclass(frozen=True, slots=True)
class PatientHit:
    """One line of a list of people."""

    id: int
    name: PersonName
    chart_number: str
    birth: PartialDate | None
    sex: Sex
    phone: str  # as stored; `formats.phone` writes it
    status: PatientStatus
    next_visit_at: datetime | None
    has_alert: bool


@dataclass(frozen=True, slots=True)
class DuplicateHit:
    """Somebody already on file who may be the person being registered, and why one thinks so."""

    hit: PatientHit
    score: int  # 0 to 100
    reasons: tuple[str, ...]
    is_nearly_certain: bool


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """A number she can be reached at."""

    id: int
    kind: str
    number: str
    may_leave_message: bool
    note: str


@dataclass(frozen=True, slots=True)
class AddressRow:
    """Where she lives or gets her mail; `is_current` on the day it was read."""

    id: int
    kind: str
    lines: tuple[str, ...]
    valid_from_on: date | None
    valid_to_on: date | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody around the patient; `linked_patient_id` where she has a file of her own."""

    id: int
    name: str
    relation: str
    phone: str
    linked_patient_id: int | None
    is_emergency_contact: bool
    is_next_of_kin: bool
    is_guarantor: bool
    email: str = ""
    lines: tuple[str, ...] = ()
    birth: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A file that names her: as what, and whether she owes that patient's balance."""

    patient_id: int
    name: PersonName
    relation: str
    is_guarantor: bool


@dataclass(frozen=True, slots=True)
class CustomRow:
    """One of the practice's own fields; `row_id` 0 and both texts '' where nothing is in it."""

    field: CustomField
    row_id: int
    value: str
    shown: str


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A policy; `subscriber` is who holds it, '' when the patient does."""

    id: int
    payer_id: int
    payer_name: str
    rank: str
    plan_name: str
    member_id: str
    group_number: str
    subscriber: str
    subscriber_relation: str
    copay_cents: int | None
    starts_on: date | None
    ends_on: date | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class AlertRow:
    """What must not be missed about her."""

    id: int
    text: str
    is_shown_on_selection: bool
    is_shown_on_booking: bool
    expires_on: date | None
    kind: str = "note"
    is_shown_on_arrival: bool = True
    is_shown_on_billing: bool = False
    is_current: bool = True

    @property
    def said(self) -> str:
        """The text with its kind where that is more than a note: `Allergy: penicillin`."""
        return self.text if self.kind == "note" else f"{self.kind.capitalize()}: {self.text}"


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit, booked here or taken over from elsewhere."""

    kind: str  # appointment, encounter
    id: int
    starts_at: datetime
    duration_min: int
    provider_name: str
    what: str  # type of appointment, or what took place
    status: str  # of an appointment; '' for an encounter
    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter written about this patient."""

    id: int
    subject: str
    recipient: str
    written_on: date
    status: str


@dataclass(frozen=True, slots=True)
class PatientFile:
    """A whole file as its screen shows it."""

    id: int
    version: int
    name: PersonName
    former_name: str
    pronouns: str
    chart_number: str
    birth: PartialDate | None
    is_birth_estimated: bool
    age: int | None  # completed years; at death for the deceased
    sex: Sex
    gender: str
    ssn: str  # always '•••-••-1234'; `Patients.full_ssn` shows the rest, on the record
    marital_status: str
    language: str
    needs_interpreter: bool
    email: str
    contact_preference: str
    status: PatientStatus
    deceased_on: date | None
    primary_provider: str
    note: str
    phones: tuple[PhoneRow, ...]
    addresses: tuple[AddressRow, ...]
    people: tuple[PersonRow, ...]
    coverages: tuple[CoverageRow, ...]
    alerts: tuple[AlertRow, ...]  # expired ones too
    visits: tuple[VisitRow, ...]  # newest first
    letters: tuple[LetterLine, ...]  # newest first
    changed_by: str  # who wrote the file last, '' when nobody did here
    changed_utc: str
    referring_provider: str = ""
    primary_provider_id: int | None = None
    referring_provider_id: int | None = None
    employer: str = ""
    employer_phone: str = ""
    is_not_to_contact: bool = False
    photo_id: int | None = None  # of a document; `Photos.get` gives its bytes
    family: tuple[FamilyRow, ...] = ()  # whose files name her, though hers does not name them
    custom: tuple[CustomRow, ...] = ()
    missing: tuple[str, ...] = ()  # what the practice asks of everybody and is not there

    def next_visits(self, now: datetime) -> tuple[VisitRow, ...]:
        """Booked visits still to come, the nearest first."""
        return tuple(row for row in reversed(self.visits) if _is_to_come(row, now))

    def past_visits(self, now: datetime) -> tuple[VisitRow, ...]:
        """Everything else: kept, missed, cancelled and taken over, newest first."""
        return tuple(row for row in self.visits if not _is_to_come(row, now))


def _is_to_come(row: VisitRow, now: datetime) -> bool:
    return (
        row.kind == "appointment"
        and row.status in ("scheduled", "confirmed", "arrived", "in-room")
        and row.starts_at.date() >= now.date()
    )
