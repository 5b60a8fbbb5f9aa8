"""How patients are put into words on screen, alike in lists, files and forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain import languages
from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import PartialDate, PatientStatus, Sex
from medsec_desktop.services.audit_words import value_word

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

SEXES = {Sex.FEMALE: "Female", Sex.MALE: "Male", Sex.UNKNOWN: "Unknown"}
STATUSES = {
    PatientStatus.ACTIVE: "Active",
    PatientStatus.INACTIVE: "Inactive",
    PatientStatus.ARCHIVED: "Archived",
    PatientStatus.DECEASED: "Deceased",
}
PHONE_KINDS = {"mobile": "Mobile", "home": "Home", "work": "Work", "other": "Other"}
ADDRESS_KINDS = {
    "home": "Home",
    "mailing": "Mailing",
    "work": "Work",
    "temporary": "Temporary",
    "former": "Former",
}
RANKS = {"primary": "Primary", "secondary": "Secondary", "tertiary": "Tertiary"}
# The patient's relation to the subscriber (CMS-1500 box 6).
SUBSCRIBERS = {"self": "Self", "spouse": "Spouse", "child": "Child", "other": "Other"}
MARITAL = {
    "": "Not said",
    "single": "Single",
    "married": "Married",
    "partnered": "Partnered",
    "separated": "Separated",
    "divorced": "Divorced",
    "widowed": "Widowed",
}
CONTACT = {
    "": "No preference",
    "phone": "Phone",
    "text": "Text message",
    "email": "E-mail",
    "mail": "Mail",
    "none": "Do not contact",
}
ALERT_KINDS = {"note": "Note", "allergy": "Allergy", "risk": "Risk"}
VISIT_STATUSES = {
    "scheduled": "Scheduled",
    "confirmed": "Confirmed",
    "arrived": "Arrived",
    "in-room": "In room",
    "done": "Done",
    "no-show": "No-show",
    "cancelled": "Cancelled",
    "left": "Left unseen",
}
LETTER_STATUSES = {
    "dictated": "Dictated", "typed": "Typed", "checked": "Checked", "signed": "Signed",
    "filed": "Filed", "printed": "Printed", "sent": "Sent", "void": "Void",
}  # fmt: skip
LANGUAGES = {"": "Not said", **languages.NAMES}
# Columns that hold one of a few words.
_CODES: dict[str, dict[Any, str]] = {
    "sex": SEXES,
    "status": STATUSES,
    "kind": {**PHONE_KINDS, **ADDRESS_KINDS, **ALERT_KINDS},
    "marital_status": MARITAL,
    "language": LANGUAGES,
    "contact_preference": CONTACT,
}


def age_words(born: PartialDate | None, on: date) -> str:
    """41, 7 mo, 12 d: as one says it of adults, infants and the newborn; ~41 when partly known."""
    if born is None:
        return ""
    years = max(born.age_on(on), 0)
    if born.exact is None:
        return f"~{years}"
    if years >= 2:
        return str(years)
    days = (on - born.exact).days
    if days < 60:
        return f"{max(days, 0)} d"
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    return f"{months} mo"


def age_sentence(born: PartialDate | None, on: date) -> str:
    """41 years, 7 months, 12 days; `about` where only the month or year is known."""
    short = age_words(born, on)
    if not short:
        return ""
    number, _, unit = short.lstrip("~").partition(" ")
    word = {"": "year", "mo": "month", "d": "day"}[unit]
    about = "about " if short.startswith("~") else ""
    return f"{about}{number} {word}{'' if number == '1' else 's'}"


def money(cents: int) -> str:
    """$25.00."""
    return f"${cents / 100:,.2f}"


def period(formats: Formats, since: date | None, until: date | None) -> str:
    """01/01/2026 – 12/31/2026, since 01/01/2026, until 12/31/2026; '' when open at both ends."""
    if since and until:
        return f"{formats.date(since)} – {formats.date(until)}"
    if since:
        return f"since {formats.date(since)}"
    return f"until {formats.date(until)}" if until else ""


def stored(column: str, value: object, desk: Desk) -> str:
    """A value of the journal as a person reads it; '' for nothing."""
    if value is None or value == "":
        return ""
    table = _CODES.get(column)
    if table is not None and value in table:
        return str(table[value])
    if column in ("primary_provider_id", "referring_provider_id"):
        rows = desk.office.practice.providers()
        return next((row.name for row in rows if row.id == value), f"Provider {value}")
    if column == "linked_patient_id" and isinstance(value, int):
        hits = desk.office.patients.hits((value,))
        return hits[0].name.listed if hits else f"File {value}"
    if column == "birth_date":
        return desk.office.formats.birth(PartialDate.from_iso(str(value)))
    return value_word(column, value, desk.office.formats)


def likeness(reasons: Sequence[str]) -> str:
    """Why two files may be one person's: what speaks for it, then what speaks against."""
    said = [part for reason in reasons for part in reason.split(", ")]
    against = [part for part in said if part.startswith("a different")]
    text = ", ".join(part for part in said if part not in against)
    if against:
        text += f"; but {', '.join(against)}" if text else ", ".join(against)
    return text[:1].upper() + text[1:]


def field_value(name: str, value: str) -> str:
    """What a field of the file is shown as, where what is stored is a word of the program's own."""
    first, dot, rest = value.partition(" · ")
    tables: dict[str, Mapping[str, str]] = {
        "sex": {str(key): word for key, word in SEXES.items()},
        "status": {str(key): word for key, word in STATUSES.items()},
        "marital_status": MARITAL,
        "contact_preference": CONTACT,
        "language": LANGUAGES,
    }
    return f"{tables.get(name, {}).get(first, first)}{dot}{rest}"
