"""A professional claim: everything that 837P (005010X222A1) and the CMS-1500 say of one, as plain values.

The electronic file is written from it and read back to it, the paper form is drawn from it, and the
scrubber's rules ask about it. Amounts are cents, codes are without dots, and what is a list in the guide
is a tuple in the guide's order. Qualifiers are the guide's own: XX marks an NPI, DN a referring provider.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Address:
    """N3 and N4. `postal_code` has five or nine digits without a hyphen; `country` only abroad."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A number with what kind of number it is: REF01 and REF02."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Contact:
    """PER: whom to ask. Ten digits for a phone or fax."""

    name: str = ""
    phone: str = ""
    extension: str = ""
    fax: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date with what happened on it: DTP01; `last` ends a span."""

    kind: str
    on: date
    last: date | None = None


@dataclass(slots=True)
class Party:
    """Somebody or an organization in a claim. `id_kind` is XX for an NPI, MI for a member number …"""

    family: str = ""  # or the organization's name
    given: str = ""
    middle: str = ""
    suffix: str = ""
    is_person: bool = False
    id_kind: str = ""
    id: str = ""
    address: Address | None = None
    references: tuple[Reference, ...] = ()
    contact: Contact | None = None
    taxonomy: str = ""


@dataclass(slots=True)
class Insured:
    """The subscriber and her place in a plan: SBR and what follows it.

    `rank` is P for the first payer, S for the second, T for the third. `relationship` is empty in the
    claim's own payer where the patient is somebody else: then the patient has it.
    """

    party: Party = field(default_factory=Party)
    rank: str = "P"
    relationship: str = ""
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    filing: str = ""
    birth_on: date | None = None
    sex: str = ""


@dataclass(slots=True)
class Patient:
    """The patient, where she is not the subscriber."""

    party: Party = field(default_factory=Party)
    relationship: str = ""
    birth_on: date | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A code and its qualifier: ABK for the first, ABF for the others, BK and BF for ICD-9."""

    code: str
    kind: str = "ABF"


@dataclass(frozen=True, slots=True)
class Attachment:
    """PWK: something that comes beside the claim, how, and the number on it."""

    kind: str
    how: str
    control: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """NTE: words for a person at the payer's."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Adjusted:
    """CAS: what another payer did not pay, and why."""

    group: str
    reason: str
    amount_cents: int
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """CRC: a yes or no about the patient, with up to five codes."""

    category: str
    applies: bool
    codes: tuple[str, ...] = ()


@dataclass(slots=True)
class Drug:
    """LIN and CTP: what was given, by its National Drug Code in eleven digits."""

    code: str
    quantity: str
    unit: str  # UN, ML, GR, ME, F2
    number: str = ""  # prescription
    number_kind: str = "XZ"


@dataclass(slots=True)
class LineDecision:
    """SVD: what another payer decided on this line, on which day."""

    payer_id: str
    paid_cents: int
    code: str
    modifiers: tuple[str, ...] = ()
    units: str = "1"
    bundled_line: str = ""
    adjustments: tuple[Adjusted, ...] = ()
    paid_on: date | None = None
    patient_owes_cents: int | None = None


@dataclass(slots=True)
class ServiceLine:
    """One service: SV1 and what belongs to it. `pointers` count the claim's diagnoses from 1."""

    code: str
    charge_cents: int
    from_on: date
    to_on: date | None = None  # None: the same day
    modifiers: tuple[str, ...] = ()
    description: str = ""
    units: str = "1"
    unit: str = "UN"  # MJ: minutes
    place: str = ""  # where it differs from the claim's
    pointers: tuple[int, ...] = (1,)
    is_emergency: bool = False
    is_epsdt: bool = False
    is_family_planning: bool = False
    is_copay_exempt: bool = False
    dates: tuple[Dated, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    conditions: tuple[Condition, ...] = ()
    references: tuple[Reference, ...] = ()
    control: str = ""  # our number of the line, which answers repeat
    sales_tax_cents: int | None = None
    file_information: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    purchased_from: str = ""
    purchased_cents: int | None = None
    drug: Drug | None = None
    providers: tuple[tuple[str, Party], ...] = ()  # 82, QB, 77, DQ, DK, DN, P3
    decisions: tuple[LineDecision, ...] = ()


@dataclass(slots=True)
class OtherCoverage:
    """Another payer of the same patient, and what it decided: loops 2320 and 2330."""

    insured: Insured
    payer: Party
    adjustments: tuple[Adjusted, ...] = ()
    paid_cents: int | None = None
    not_covered_cents: int | None = None
    patient_owes_cents: int | None = None
    benefits_assigned: str = "Y"
    release: str = "Y"
    signature_source: str = ""
    remarks: tuple[str, ...] = ()
    paid_on: date | None = None
    references: tuple[Reference, ...] = ()


@dataclass(slots=True)
class Claim:
    """One claim, whole. `id` is our number of it, which every answer repeats; at most 20 characters."""

    id: str
    charge_cents: int
    billing: Party
    insured: Insured
    payer: Party
    place: str = "11"
    frequency: str = "1"
    patient: Patient | None = None  # None: she is the subscriber
    pay_to: Address | None = None
    provider_signature: bool = True
    assignment: str = "A"
    benefits_assigned: str = "Y"
    release: str = "Y"
    patient_signature: str = ""
    causes: tuple[str, ...] = ()  # AA, EM, OA
    accident_state: str = ""
    accident_country: str = ""
    special_program: str = ""
    delay_reason: str = ""
    dates: tuple[Dated, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    patient_paid_cents: int | None = None
    references: tuple[Reference, ...] = ()
    file_information: tuple[str, ...] = ()
    note: Note | None = None
    conditions: tuple[Condition, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    anesthesia_codes: tuple[str, ...] = ()
    condition_codes: tuple[str, ...] = ()
    providers: tuple[tuple[str, Party], ...] = ()  # DN, P3, 82, 77, DQ
    others: tuple[OtherCoverage, ...] = ()
    lines: tuple[ServiceLine, ...] = ()
