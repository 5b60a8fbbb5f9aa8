"""A patient's file as it is written: what belongs into it, and what cannot be accepted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypeVar

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import PartialDate, PatientStatus, PersonName, Sex
from medsec_desktop.domain.person_query import understand
from medsec_desktop.problems import Invalid

PHONE_KINDS = ("mobile", "home", "work", "other")
ADDRESS_KINDS = ("home", "mailing", "work", "temporary", "former")
RANKS = ("primary", "secondary", "tertiary")
SUBSCRIBER_RELATIONS = ("self", "spouse", "child", "other")
MARITAL_STATUSES = ("", "single", "married", "partnered", "separated", "divorced", "widowed")
CONTACT_PREFERENCES = ("", "phone", "text", "email", "mail", "none")
OLDEST_YEARS = 125

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_POSTAL_CODES = {  # ISO 3166 country: the shape of its postal codes
    "US": re.compile(r"\d{5}(-\d{4})?"),
    "CA": re.compile(r"[A-Z]\d[A-Z] \d[A-Z]\d"),
    "GB": re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}"),
    "MX": re.compile(r"\d{5}"), "DE": re.compile(r"\d{5}"), "FR": re.compile(r"\d{5}"),
    "ES": re.compile(r"\d{5}"), "IT": re.compile(r"\d{5}"), "AT": re.compile(r"\d{4}"),
    "CH": re.compile(r"\d{4}"), "AU": re.compile(r"\d{4}"), "NZ": re.compile(r"\d{4}"),
}  # fmt: skip
_POSTAL_EXAMPLES = {"US": "02139 or 02139-4307", "CA": "K1A 0B1", "GB": "SW1A 1AA"}


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
    """What must not be missed about her."""

    text: str = ""
    is_shown_on_selection: bool = True
    is_shown_on_booking: bool = True
    expires_on: date | None = None
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
    version: int = 0
    rows_read: tuple[tuple[str, int, int], ...] = ()

    @property
    def name(self) -> PersonName:
        return PersonName(
            self.family, self.given, self.middle, self.prefix, self.suffix, self.preferred
        )


_Row = TypeVar("_Row", PhoneDraft, AddressDraft, PersonDraft, CoverageDraft, AlertDraft)
_Stripped = TypeVar(
    "_Stripped", PatientDraft, PhoneDraft, AddressDraft, PersonDraft, CoverageDraft, AlertDraft
)


def checked(draft: PatientDraft, formats: Formats, today: date) -> PatientDraft:
    """The draft in the form it is kept. Raises Invalid for the first thing that cannot be."""
    kept, faults = check(draft, formats, today)
    if faults:
        raise faults[0]
    return kept


def check(
    draft: PatientDraft, formats: Formats, today: date
) -> tuple[PatientDraft, tuple[Invalid, ...]]:
    """The draft tidied up as it is kept, empty rows left out, and everything wrong with it.

    A fault names its field: `family`, or `phones.1.number` for the second phone as handed in.
    """
    faults: list[Invalid] = []

    def each(
        name: str, rows: tuple[_Row, ...], tidy: Callable[[_Row, str], _Row | None]
    ) -> tuple[_Row, ...]:
        kept = []
        for place, row in enumerate(rows):
            try:
                tidied = tidy(_stripped(row), f"{name}.{place}")
            except Invalid as fault:
                faults.append(fault)
            else:
                if tidied is not None:
                    kept.append(tidied)
        return tuple(kept)

    def attempt(tidy: Callable[[], str | None], otherwise: str | None) -> str | None:
        try:
            return tidy()
        except Invalid as fault:
            faults.append(fault)
            return otherwise

    draft = _stripped(draft)
    if not draft.family:
        faults.append(
            Invalid("A family name is needed.", remedy="Type it as on the ID card.", field="family")
        )
    faults += _birth_faults(draft, today)
    draft = replace(
        draft,
        ssn=attempt(lambda: _ssn(draft.ssn), draft.ssn),
        email=attempt(lambda: _email(draft.email), draft.email) or "",
        phones=each("phones", draft.phones, lambda row, field: _phone(row, field, formats)),
        addresses=each("addresses", draft.addresses, _address),
        people=each("people", draft.people, lambda row, field: _person(row, field, formats)),
        coverages=each("coverages", draft.coverages, _coverage),
        alerts=each("alerts", draft.alerts, lambda row, _: row if row.text else None),
    )
    if draft.status is not PatientStatus.DECEASED:
        draft = replace(draft, deceased_on=None)
    guarantors = [place for place, row in enumerate(draft.people) if row.is_guarantor]
    if len(guarantors) > 1:
        faults.append(
            Invalid(
                "Only one person can owe the balance.",
                remedy="Keep Guarantor ticked for one of them.",
                field=f"people.{guarantors[1]}.is_guarantor",
            )
        )
    return draft, tuple(faults)


def parse_birth(text: str, formats: Formats, today: date) -> PartialDate | None:
    """The date of birth typed as 3/14/1984, 14.3.1984, 031484, mar 14 1984, 3/1984 or 1984.

    None for nothing typed. A day in the future is left to `check`, which can say so.
    """
    typed = " ".join(text.split())
    if not typed:
        return None
    if re.fullmatch(r"\d{4}", typed):
        return PartialDate(int(typed))
    far = date(today.year + 100, 12, 31)
    two_digits = re.search(r"(?<!\d)'?\d{2}$", typed) or re.fullmatch(r"\d{6}", typed)
    for reading in understand(typed, today if two_digits else far, formats.date_order == "dmy"):
        if reading.births and not reading.words:
            return PartialDate.from_iso(reading.births[0])
    raise Invalid(
        f"“{typed}” is not a date of birth.",
        remedy=f"Type it as {formats.date_pattern}, or only the year.",
        field="birth",
    )


def _stripped(row: _Stripped) -> _Stripped:
    """The same with blanks around and doubled inside every text gone; notes keep their lines."""
    changes: dict[str, Any] = {}
    for field in fields(row):
        value = getattr(row, field.name)
        if type(value) is str:
            is_prose = field.name in ("note", "text")
            changes[field.name] = value.strip() if is_prose else " ".join(value.split())
    return replace(row, **changes)


def _birth_faults(draft: PatientDraft, today: date) -> list[Invalid]:
    faults = []
    if draft.birth is not None:
        if draft.birth.iso > today.isoformat():
            faults.append(Invalid("The date of birth is in the future.", field="birth"))
        elif draft.birth.age_on(today) > OLDEST_YEARS:
            faults.append(
                Invalid(
                    f"This would make an age of {draft.birth.age_on(today)} years.",
                    remedy="Look at the year again.",
                    field="birth",
                )
            )
    if draft.deceased_on is not None:
        if draft.deceased_on > today:
            faults.append(Invalid("This day is in the future.", field="deceased_on"))
        elif draft.birth is not None and draft.deceased_on.isoformat() < draft.birth.iso:
            faults.append(Invalid("This day lies before the date of birth.", field="deceased_on"))
    return faults


def _ssn(text: str | None) -> str | None:
    """Nine digits or the last four; what cannot have been issued is not refused, only the shape."""
    if text is None:
        return None
    digits = re.sub(r"[\s.•*xX-]", "", text)
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) in (4, 9)):
        raise Invalid(
            "An SSN has nine digits.", remedy="Type all nine, or only the last four.", field="ssn"
        )
    return digits


def _email(text: str) -> str:
    if text and not _EMAIL.fullmatch(text):
        raise Invalid(
            f"“{text}” is not an e-mail address.",
            remedy="It looks like ada@mail.example.",
            field="email",
        )
    return text


def _phone(row: PhoneDraft, field: str, formats: Formats) -> PhoneDraft | None:
    if not row.number:
        return None
    if not any(character.isdigit() for character in row.number):
        raise Invalid(f"“{row.number}” has no digits.", field=f"{field}.number")
    return replace(row, number=formats.parse_phone(row.number))


def _address(row: AddressDraft, field: str) -> AddressDraft | None:
    if not any((row.line1, row.line2, row.city, row.state, row.postal_code)):
        return None
    country = row.country.upper() or "US"
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise Invalid(
            f"“{row.country}” is not a country code.",
            remedy="Two letters, such as US or CA.",
            field=f"{field}.country",
        )
    state = row.state.upper() if len(row.state) == 2 else row.state
    if country == "US" and state and not re.fullmatch(r"[A-Z]{2}", state):
        raise Invalid("A state is two letters, such as MA.", field=f"{field}.state")
    if row.valid_from_on and row.valid_to_on and row.valid_to_on < row.valid_from_on:
        raise Invalid("It ends before it begins.", field=f"{field}.valid_to_on")
    return replace(
        row, country=country, state=state, postal_code=_postal_code(row.postal_code, country, field)
    )


def _postal_code(text: str, country: str, field: str) -> str:
    shape = _POSTAL_CODES.get(country)
    if not text or shape is None:
        return text
    code = text.upper()
    packed = re.sub(r"[\s-]", "", code)
    if country == "US":
        code = f"{packed[:5]}-{packed[5:]}" if len(packed) == 9 else packed
    elif country in ("CA", "GB"):
        code = f"{packed[:-3]} {packed[-3:]}"
    if not shape.fullmatch(code):
        what = "ZIP code" if country == "US" else "postal code"
        example = _POSTAL_EXAMPLES.get(country, "")
        raise Invalid(
            f"“{text}” is not a {what} of {country}.",
            remedy=f"It looks like {example}." if example else "",
            field=f"{field}.postal_code",
        )
    return code


def _person(row: PersonDraft, field: str, formats: Formats) -> PersonDraft | None:
    if not row.name:
        if row.relation or row.phone:
            raise Invalid("This person needs a name.", field=f"{field}.name")
        return None
    return replace(row, phone=formats.parse_phone(row.phone) if row.phone else "")


def checked_coverage(draft: CoverageDraft, today: date) -> CoverageDraft:
    """A coverage on its own, in the form it is kept. Raises Invalid naming the field."""
    if draft.payer_id is None:
        raise Invalid("Choose who pays.", field="payer_id")
    kept = _coverage(_stripped(draft), "")
    assert kept is not None  # it names a payer
    if kept.subscriber_birth_on is not None and kept.subscriber_birth_on > today:
        raise Invalid("The date of birth is in the future.", field="subscriber_birth_on")
    return kept


def _coverage(row: CoverageDraft, place: str) -> CoverageDraft | None:
    field = f"{place}." if place else ""
    if row.payer_id is None:
        if row.member_id or row.plan_name or row.group_number:
            raise Invalid("Choose who pays.", field=f"{field}payer_id")
        return None
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        raise Invalid("It ends before it begins.", field=f"{field}ends_on")
    if row.copay_cents is not None and row.copay_cents < 0:
        raise Invalid("A copay is not negative.", field=f"{field}copay_cents")
    if row.subscriber_relation == "self" or row.subscriber_patient_id is not None:
        return replace(
            row,
            subscriber_patient_id=None
            if row.subscriber_relation == "self"
            else row.subscriber_patient_id,
            subscriber_name="" if row.subscriber_relation == "self" else row.subscriber_name,
            subscriber_birth_on=None,
            subscriber_sex="",
            subscriber_line1="",
            subscriber_line2="",
            subscriber_city="",
            subscriber_state="",
            subscriber_postal_code="",
        )
    if not row.subscriber_name:
        raise Invalid(
            "Who holds this policy?",
            remedy="Type the subscriber’s name, or choose Self.",
            field=f"{field}subscriber_name",
        )
    state = row.subscriber_state.upper() if len(row.subscriber_state) == 2 else row.subscriber_state
    if state and not re.fullmatch(r"[A-Z]{2}", state):
        raise Invalid("A state is two letters, such as MA.", field=f"{field}subscriber_state")
    try:
        code = _postal_code(row.subscriber_postal_code, "US", "")
    except Invalid as fault:
        raise Invalid(
            fault.what, fault.why, fault.remedy, field=f"{field}subscriber_postal_code"
        ) from fault
    return replace(row, subscriber_state=state, subscriber_postal_code=code)
