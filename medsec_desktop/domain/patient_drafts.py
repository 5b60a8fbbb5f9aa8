"""A patient's file as a form hands it in; the rules about it are in `patients`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from medsec_desktop.domain.people import PartialDate, PatientStatus, PersonName, Sex


@dataclass(frozen=True, slots=True)
class PhoneDraft:
    """A number she can be reached at; `id` 0 for a new one, as everywhere below."""

    number: str = ""
    kind: str = "mobile"
    may_leave_message: bool = True
    note: str = ""
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class AddressDraft:
    """Where she lives or gets her mail, and between which days."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = "US"
    kind: str = "home"
    valid_from_on: date | None = None
    valid_to_on: date | None = None
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """Somebody around her. The guarantor owes the balance; who holds a policy stands on it."""

    name: str = ""
    relation: str = ""
    phone: str = ""
    is_emergency_contact: bool = False
    is_next_of_kin: bool = False
    is_guarantor: bool = False
    linked_patient_id: int | None = None
    email: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    birth_on: date | None = None
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class CoverageDraft:
    """A policy that pays for her. The subscriber holds it: she herself when related as self.

    Where the subscriber has a file of his own, `subscriber_patient_id`, what is known of him stands
    there, and the rest of the subscriber's fields stays empty.
    """

    payer_id: int | None = None
    rank: str = "primary"
    plan_name: str = ""
    member_id: str = ""
    group_number: str = ""
    subscriber_relation: str = "self"
    subscriber_name: str = ""
    copay_cents: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    id: int = 0
    version: int = 0
    subscriber_patient_id: int | None = None
    subscriber_birth_on: date | None = None
    subscriber_sex: str = ""
    subscriber_line1: str = ""
    subscriber_line2: str = ""
    subscriber_city: str = ""
    subscriber_state: str = ""
    subscriber_postal_code: str = ""
    deductible_note: str = ""
    note: str = ""
    needs_authorization: bool = False
    needs_referral: bool = False


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """What must not be missed about her: a note, an allergy or a risk, and where it comes up."""

    text: str = ""
    is_shown_on_selection: bool = True
    is_shown_on_booking: bool = True
    expires_on: date | None = None
    kind: str = "note"
    is_shown_on_arrival: bool = True
    is_shown_on_billing: bool = False
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class CustomDraft:
    """What stands in one of the practice's own fields, as `CustomField.kept` writes it."""

    field_id: int
    value: str = ""
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class PatientDraft:
    """A whole file as a form hands it in.

    `ssn` None leaves what is on file, which the person logged in may not see in full. `rows_read`
    names every row below the patient as (table, id, version) when the draft was read: a save finds
    out by it what was removed here and what somebody else changed meanwhile.
    """

    family: str = ""
    given: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""
    preferred: str = ""
    former: str = ""
    pronouns: str = ""
    sex: Sex = Sex.UNKNOWN
    gender: str = ""
    birth: PartialDate | None = None
    is_birth_estimated: bool = False
    chart_number: str = ""  # '' for a new file: the next free number
    ssn: str | None = ""
    marital_status: str = ""
    language: str = ""
    needs_interpreter: bool = False
    email: str = ""
    contact_preference: str = ""
    status: PatientStatus = PatientStatus.ACTIVE
    deceased_on: date | None = None
    primary_provider_id: int | None = None
    note: str = ""
    phones: tuple[PhoneDraft, ...] = ()
    addresses: tuple[AddressDraft, ...] = ()
    people: tuple[PersonDraft, ...] = ()
    coverages: tuple[CoverageDraft, ...] = ()
    alerts: tuple[AlertDraft, ...] = ()
    employer: str = ""
    employer_phone: str = ""
    is_not_to_contact: bool = False
    referring_provider_id: int | None = None
    custom: tuple[CustomDraft, ...] = ()
    version: int = 0
    rows_read: tuple[tuple[str, int, int], ...] = ()

    @property
    def name(self) -> PersonName:
        return PersonName(
            self.family, self.given, self.middle, self.prefix, self.suffix, self.preferred
        )
