"""A patient's file as it is written: what is asked, and what cannot be accepted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypeVar

from medsec_desktop.domain.addresses import checked_place, checked_postal_code
from medsec_desktop.domain.custom_fields import CustomField
from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.patient_drafts import (
    AddressDraft,
    AlertDraft,
    CoverageDraft,
    CustomDraft,
    PatientDraft,
    PersonDraft,
    PhoneDraft,
)
from medsec_desktop.domain.people import PartialDate, PatientStatus
from medsec_desktop.domain.person_query import understand
from medsec_desktop.domain.required import missing
from medsec_desktop.problems import Invalid

__all__ = [
    "ADDRESS_KINDS",
    "ALERT_KINDS",
    "CONTACT_PREFERENCES",
    "MARITAL_STATUSES",
    "NOTHING_ASKED",
    "OLDEST_YEARS",
    "PHONE_KINDS",
    "RANKS",
    "SUBSCRIBER_RELATIONS",
    "AddressDraft",
    "AlertDraft",
    "Asked",
    "CoverageDraft",
    "CustomDraft",
    "PatientDraft",
    "PersonDraft",
    "PhoneDraft",
    "check",
    "checked",
    "parse_birth",
]

PHONE_KINDS = ("mobile", "home", "work", "other")
ADDRESS_KINDS = ("home", "mailing", "work", "temporary", "former")
RANKS = ("primary", "secondary", "tertiary")
SUBSCRIBER_RELATIONS = ("self", "spouse", "child", "other")
MARITAL_STATUSES = ("", "single", "married", "partnered", "separated", "divorced", "widowed")
CONTACT_PREFERENCES = ("", "phone", "text", "email", "mail", "none")
ALERT_KINDS = ("note", "allergy", "risk")
OLDEST_YEARS = 125

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What this practice wants in every file: `required` are names of REQUIRABLE, `custom` its own
    fields. Asked for nothing, a file is whole with a family name."""

    required: frozenset[str] = frozenset()
    custom: tuple[CustomField, ...] = ()


NOTHING_ASKED = Asked()

_Row = TypeVar("_Row", PhoneDraft, AddressDraft, PersonDraft, CoverageDraft, AlertDraft)
_Stripped = TypeVar(
    "_Stripped", PatientDraft, PhoneDraft, AddressDraft, PersonDraft, CoverageDraft, AlertDraft
)


def checked(
    draft: PatientDraft, formats: Formats, today: date, asked: Asked = NOTHING_ASKED
) -> PatientDraft:
    """The draft in the form it is kept. Raises Invalid for the first thing that cannot be."""
    kept, faults = check(draft, formats, today, asked)
    if faults:
        raise faults[0]
    return kept


def check(
    draft: PatientDraft, formats: Formats, today: date, asked: Asked = NOTHING_ASKED
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
        people=each("people", draft.people, lambda row, field: _person(row, field, formats, today)),
        coverages=each("coverages", draft.coverages, _coverage),
        alerts=each("alerts", draft.alerts, _alert),
        employer_phone=formats.parse_phone(draft.employer_phone) if draft.employer_phone else "",
        custom=_custom(draft.custom, asked.custom, formats, today, faults),
    )
    if draft.status is not PatientStatus.DECEASED:
        draft = replace(draft, deceased_on=None)
    guarantors = [place for place, row in enumerate(draft.people) if row.is_guarantor]
    if len(guarantors) > 1:
        faults.append(
            Invalid(
                "Only one person can owe the balance.",
                remedy="Keep Guarantor checked for one of them.",
                field=f"people.{guarantors[1]}.is_guarantor",
            )
        )
    faults += [fault for fault in missing(draft, asked.required)
               if fault.field not in {known.field.partition(".")[0] for known in faults}]  # fmt: skip
    return draft, tuple(faults)


def _custom(
    values: tuple[CustomDraft, ...],
    known: tuple[CustomField, ...],
    formats: Formats,
    today: date,
    faults: list[Invalid],
) -> tuple[CustomDraft, ...]:
    """The values of the practice's own fields that say something; those of retired ones as they are."""
    by_id = {row.field_id: row for row in values}
    kept = [row for row in values if row.field_id not in {field.id for field in known}]
    for field in known:
        row = by_id.get(field.id, CustomDraft(field.id))
        try:
            value = field.kept(row.value, formats, today)
        except Invalid as fault:
            faults.append(fault)
        else:
            kept.append(replace(row, value=value))
    return tuple(row for row in kept if row.value)


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
        raise _no_email(text, "email")
    return text


def _no_email(text: str, field: str) -> Invalid:
    return Invalid(
        f"“{text}” is not an e-mail address.",
        remedy="It looks like ada@mail.example.",
        field=field,
    )


def _phone(row: PhoneDraft, field: str, formats: Formats) -> PhoneDraft | None:
    if not row.number:
        return None
    if not any(character.isdigit() for character in row.number):
        raise Invalid(f"“{row.number}” has no digits.", field=f"{field}.number")
    return replace(row, number=formats.parse_phone(row.number))


def _address(row: AddressDraft, field: str) -> AddressDraft | None:
    if not any((row.line1, row.line2, row.city, row.state, row.postal_code)):
        return None
    country, state, code = checked_place(row.country, row.state, row.postal_code, field)
    if row.valid_from_on and row.valid_to_on and row.valid_to_on < row.valid_from_on:
        raise Invalid("It ends before it begins.", field=f"{field}.valid_to_on")
    return replace(row, country=country, state=state, postal_code=code)


def _person(row: PersonDraft, field: str, formats: Formats, today: date) -> PersonDraft | None:
    if not row.name:
        if any((row.relation, row.phone, row.email, row.line1, row.city, row.birth_on)):
            raise Invalid("This person needs a name.", field=f"{field}.name")
        return None
    if row.birth_on and row.birth_on > today:
        raise Invalid("This day is in the future.", field=f"{field}.birth_on")
    if row.email and not _EMAIL.fullmatch(row.email):
        raise _no_email(row.email, f"{field}.email")
    _, state, code = checked_place("", row.state, row.postal_code, field)
    phone = formats.parse_phone(row.phone) if row.phone else ""
    return replace(row, phone=phone, state=state, postal_code=code)


def _alert(row: AlertDraft, field: str) -> AlertDraft | None:
    if not row.text:
        return None
    shown = (row.is_shown_on_selection, row.is_shown_on_booking, row.is_shown_on_arrival,
             row.is_shown_on_billing)  # fmt: skip
    if not any(shown):
        raise Invalid(
            "This alert would never be shown.",
            remedy="Check where it should come up, or remove it.",
            field=f"{field}.text",
        )
    return row


def checked_coverage(draft: CoverageDraft, today: date) -> CoverageDraft:
    """A coverage on its own, in the form it is kept. Raises Invalid naming the field."""
    for fault in coverage_faults(draft, today):
        raise fault
    kept = _coverage(_stripped(draft), "")
    assert kept is not None  # it names a payer
    return kept


def coverage_faults(draft: CoverageDraft, today: date) -> tuple[Invalid, ...]:
    """All that is wrong with a coverage on its own, each naming its field."""
    row, faults = _stripped(draft), []
    if row.payer_id is None:
        faults.append(Invalid("Choose who pays.", field="payer_id"))
    faults += _coverage_faults(row, "")
    birth = None if _is_held_elsewhere(row) else row.subscriber_birth_on
    if birth is not None and birth > today:
        faults.append(Invalid("The date of birth is in the future.", field="subscriber_birth_on"))
    return tuple(faults)


def _coverage(row: CoverageDraft, place: str) -> CoverageDraft | None:
    field = f"{place}." if place else ""
    if row.payer_id is None:
        if row.member_id or row.plan_name or row.group_number:
            raise Invalid("Choose who pays.", field=f"{field}payer_id")
        return None
    for fault in _coverage_faults(row, field):
        raise fault
    if _is_held_elsewhere(row):
        is_self = row.subscriber_relation == "self"
        return replace(
            row,
            subscriber_patient_id=None if is_self else row.subscriber_patient_id,
            subscriber_name="" if is_self else row.subscriber_name,
            subscriber_birth_on=None,
            subscriber_sex="",
            subscriber_line1="",
            subscriber_line2="",
            subscriber_city="",
            subscriber_state="",
            subscriber_postal_code="",
        )
    code = checked_postal_code(row.subscriber_postal_code, "US", "")
    return replace(row, subscriber_state=_state(row), subscriber_postal_code=code)


def _coverage_faults(row: CoverageDraft, field: str) -> Iterator[Invalid]:
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        yield Invalid("It ends before it begins.", field=f"{field}ends_on")
    if row.copay_cents is not None and row.copay_cents < 0:
        yield Invalid("A copay is not negative.", field=f"{field}copay_cents")
    if _is_held_elsewhere(row):
        return
    if not row.subscriber_name:
        yield Invalid(
            "Who holds this policy?",
            remedy="Type the subscriber’s name, or choose Self.",
            field=f"{field}subscriber_name",
        )
    if _state(row) and not re.fullmatch(r"[A-Z]{2}", _state(row)):
        yield Invalid("A state is two letters, such as MA.", field=f"{field}subscriber_state")
    try:
        checked_postal_code(row.subscriber_postal_code, "US", "")
    except Invalid as fault:
        yield Invalid(fault.what, fault.why, fault.remedy, field=f"{field}subscriber_postal_code")


def _is_held_elsewhere(row: CoverageDraft) -> bool:
    """Whether she holds it herself or somebody with a file does, so that nothing is typed of him."""
    return row.subscriber_relation == "self" or row.subscriber_patient_id is not None


def _state(row: CoverageDraft) -> str:
    typed = row.subscriber_state
    return typed.upper() if len(typed) == 2 else typed
