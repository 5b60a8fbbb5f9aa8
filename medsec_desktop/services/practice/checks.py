"""Whether what a form hands in about the practice can be kept, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.identifiers import Npi, TaxId, Taxonomy, ZipCode
from medsec_desktop.problems import Invalid
from medsec_desktop.services.practice.records import (
    MINUTES_A_DAY,
    WEEKDAYS,
    HoursRow,
    Profile,
    ProviderDraft,
    TypeDraft,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")


def checked_profile(profile: Profile) -> Profile:
    """The details in the form they are kept. Raises Invalid naming the field."""
    profile = trimmed(profile)
    if not profile.name:
        raise Invalid(
            "The practice needs a name.", remedy="Type it as on its letters.", field="name"
        )
    formats = Formats(region=profile.region)
    profile = replace(
        profile,
        phone=checked_phone(profile.phone, "phone", formats),
        fax=checked_phone(profile.fax, "fax", formats),
    )
    if profile.email:
        local, at, host = profile.email.partition("@")
        if not (local and at and "." in host.strip(".")) or " " in profile.email:
            raise Invalid(
                f"“{profile.email}” is not an e-mail address.",
                remedy="It looks like desk@clinic.example.",
                field="email",
            )
    if profile.region == "US":
        if profile.postal_code:
            profile = replace(profile, postal_code=ZipCode(profile.postal_code).number)
        if profile.state:
            state = profile.state.upper()
            if not (len(state) == 2 and state.isascii() and state.isalpha()):
                raise Invalid("A state is two letters, such as MA.", field="state")
            profile = replace(profile, state=state)
    if profile.npi:
        profile = replace(profile, npi=Npi(profile.npi).number)
    if profile.tax_id:
        profile = replace(profile, tax_id=TaxId(profile.tax_id).number)
    return profile


def checked_phone(text: str, field: str, formats: Formats) -> str:
    """A phone number as people here read it. Raises Invalid where `text` cannot be one at all."""
    if not text:
        return ""
    digits = sum(character.isdigit() for character in text)
    if not 7 <= digits <= 20 or any(sign in text for sign in "@<>"):
        raise Invalid(
            f"“{text}” is not a phone number.",
            remedy="Type it with its area code, like (617) 555-0142.",
            field=field,
        )
    return formats.phone(formats.parse_phone(text))


def checked_provider(draft: ProviderDraft) -> ProviderDraft:
    """The provider in the form she is kept. Raises Invalid naming the field."""
    draft = trimmed(draft)
    if not draft.family_name:
        raise Invalid("The provider needs a last name.", field="family_name")
    if draft.npi:
        draft = replace(draft, npi=Npi(draft.npi).number)
    if draft.taxonomy:
        draft = replace(draft, taxonomy=Taxonomy(draft.taxonomy).code)
    if not 1 <= draft.visits_at_once <= 20:
        raise Invalid("A provider takes from 1 to 20 patients at a time.", field="visits_at_once")
    return draft


def checked_type(draft: TypeDraft) -> TypeDraft:
    """The kind of appointment in the form it is kept. Raises Invalid naming the field."""
    draft = trimmed(draft)
    require_name(draft.name, "the type")
    if not 1 <= draft.duration_min <= 8 * 60:
        raise Invalid("A visit lasts from 1 minute to 8 hours.", field="duration_min")
    if not (0 <= draft.buffer_before_min <= 120 and 0 <= draft.buffer_after_min <= 120):
        raise Invalid("A buffer lasts up to 2 hours.", field="buffer_before_min")
    if not 1 <= draft.wait_limit_min <= 240:
        raise Invalid("The board warns after 1 to 240 minutes.", field="wait_limit_min")
    return draft


def checked_hours(rows: Sequence[HoursRow]) -> tuple[HoursRow, ...]:
    """The stretches in order. Raises Invalid for one that ends before it begins or overlaps."""
    ordered = sorted(rows, key=hours_order)
    for row in ordered:
        if not (0 <= row.weekday <= 6 and 0 <= row.starts_min < row.ends_min <= MINUTES_A_DAY):
            raise Invalid(
                f"{WEEKDAYS[row.weekday % 7]}: the hours end before they begin.", field="hours"
            )
        if row.valid_from_on and row.valid_to_on and row.valid_to_on < row.valid_from_on:
            raise Invalid("The hours are valid to a day before they begin.", field="hours")
    for index, row in enumerate(ordered):
        for other in ordered[index + 1 :]:
            same_time = other.weekday == row.weekday and other.starts_min < row.ends_min
            if same_time and _valid_together(row, other):
                raise Invalid(
                    f"{WEEKDAYS[row.weekday]}: two stretches overlap.",
                    remedy="Let the first end before the second begins.",
                    field="hours",
                )
    return tuple(ordered)


def _valid_together(one: HoursRow, other: HoursRow) -> bool:
    return (one.valid_from_on or date.min) <= (other.valid_to_on or date.max) and (
        other.valid_from_on or date.min
    ) <= (one.valid_to_on or date.max)


def hours_order(row: HoursRow) -> tuple[int, int, date, int]:
    """Sorts stretches as a week reads."""
    return row.weekday, row.starts_min, row.valid_from_on or date.min, row.ends_min


def require_name(text: str, what: str) -> None:
    """Nothing, or Invalid asking for a name."""
    if not text:
        raise Invalid(f"Give {what} a name.", field="name")


def trimmed(record: Record) -> Record:
    """`record` without blanks at either end of what was typed."""
    texts: dict[str, Any] = {
        field.name: value.strip()
        for field in fields(record)
        if isinstance(value := getattr(record, field.name), str)
    }
    return replace(record, **texts)
