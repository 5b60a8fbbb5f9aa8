"""What forms hand in about the practice and what lists show of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from medsec_desktop.services.practice import settings
from medsec_desktop.services.practice.settings import Setting

MINUTES_A_DAY = 24 * 60
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PALETTE = ("teal", "blue", "violet", "green", "orange", "pink", "indigo", "amber", "red", "slate")


@dataclass(frozen=True, slots=True)
class Profile:
    """The practice's own details, as letters, claims and formats need them."""

    name: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    phone: str = ""
    fax: str = ""
    npi: str = ""
    tax_id: str = ""
    email: str = ""
    website: str = ""
    tagline: str = ""
    footer: str = ""
    paper: str = settings.PAPER.default
    date_order: str = settings.DATE_ORDER.default
    clock_24h: bool = settings.CLOCK_24H.default
    region: str = settings.REGION.default
    currency: str = settings.CURRENCY.default

    @property
    def address_lines(self) -> tuple[str, ...]:
        """The postal address under the name, empty lines left out."""
        place = " ".join(part for part in (self.state, self.postal_code) if part)
        place = ", ".join(part for part in (self.city, place) if part)
        return tuple(line for line in (self.line1, self.line2, place) if line)


PROFILE_SETTINGS: dict[str, Setting[Any]] = {
    "name": settings.PRACTICE_NAME,
    "line1": settings.LINE1,
    "line2": settings.LINE2,
    "city": settings.CITY,
    "state": settings.STATE,
    "postal_code": settings.POSTAL_CODE,
    "phone": settings.PHONE,
    "fax": settings.FAX,
    "npi": settings.NPI,
    "tax_id": settings.TAX_ID,
    "email": settings.EMAIL,
    "website": settings.WEBSITE,
    "tagline": settings.LETTERHEAD_TAGLINE,
    "footer": settings.LETTERHEAD_FOOTER,
    "paper": settings.PAPER,
    "date_order": settings.DATE_ORDER,
    "clock_24h": settings.CLOCK_24H,
    "region": settings.REGION,
    "currency": settings.CURRENCY,
}


@dataclass(frozen=True, slots=True)
class ProviderDraft:
    """A provider as a form hands her in; `id` is 0 for a new one."""

    family_name: str
    given_name: str = ""
    credential: str = ""
    specialty: str = ""
    npi: str = ""
    colour: str = ""
    is_bookable: bool = True
    organization_id: int | None = None
    visits_at_once: int = 1
    id: int = 0
    version: int = 0
    taxonomy: str = ""  # what she is, by the NUCC's code; for claims


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A provider as a list shows her."""

    id: int
    version: int
    family_name: str
    given_name: str
    credential: str
    specialty: str
    npi: str
    organization_id: int | None
    colour: str
    is_bookable: bool
    visits_at_once: int  # how many patients she takes at a time
    position: int
    taxonomy: str = ""

    @property
    def name(self) -> str:
        """As a letter names her: `Amy Chen, MD`."""
        full = " ".join(part for part in (self.given_name, self.family_name) if part)
        return ", ".join(part for part in (full, self.credential) if part)

    @property
    def listed(self) -> str:
        """As a sorted list shows her: `Chen, Amy`."""
        return ", ".join(part for part in (self.family_name, self.given_name) if part)

    def draft(self) -> ProviderDraft:
        return ProviderDraft(
            **{field.name: getattr(self, field.name) for field in fields(ProviderDraft)}
        )


@dataclass(frozen=True, slots=True, order=True)
class HoursRow:
    """One stretch of a provider's week, minutes after midnight; a break is the gap to the next."""

    weekday: int  # Monday is 0
    starts_min: int
    ends_min: int
    valid_from_on: date | None = None
    valid_to_on: date | None = None


@dataclass(frozen=True, slots=True)
class TypeDraft:
    """A kind of appointment as a form hands it in."""

    name: str
    duration_min: int
    colour: str = ""
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    preparation: str = ""
    room_kind: str = ""  # the kind of room it wants
    wait_limit_min: int = 15  # then the front-desk board warns
    letter: str = ""  # the template offered when it is booked
    is_active: bool = True
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A kind of appointment as a list shows it."""

    id: int
    version: int
    name: str
    duration_min: int
    colour: str
    buffer_before_min: int
    buffer_after_min: int
    preparation: str
    room_kind: str
    wait_limit_min: int
    letter: str
    is_active: bool
    position: int

    def draft(self) -> TypeDraft:
        return TypeDraft(**{field.name: getattr(self, field.name) for field in fields(TypeDraft)})


USUAL_TYPES = (
    TypeDraft("New patient", 40, "teal"),
    TypeDraft("Follow-up", 20, "blue"),
    TypeDraft("Physical", 60, "violet"),
    TypeDraft("Nurse visit", 15, "green"),
    TypeDraft("Procedure", 45, "orange"),
    TypeDraft("Telephone", 10, "slate"),
)
USUAL_HOURS = tuple(
    HoursRow(weekday, starts, ends)
    for weekday in range(5)
    for starts, ends in ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
)


@dataclass(frozen=True, slots=True)
class RoomDraft:
    """A room as a form hands it in."""

    name: str
    kind: str = ""
    is_active: bool = True
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room as a list shows it."""

    id: int
    version: int
    name: str
    kind: str
    is_active: bool
    position: int


@dataclass(frozen=True, slots=True)
class ClosureDraft:
    """Days on which the practice, or one provider, is away; both ends included."""

    name: str
    first_on: date
    last_on: date
    provider_id: int | None = None
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """A closure as a list shows it; `provider_name` is empty for the whole practice."""

    id: int
    version: int
    name: str
    provider_id: int | None
    provider_name: str
    first_on: date
    last_on: date
    starts_min: int | None = None  # of a part of the day, with `ends_min`
    ends_min: int | None = None


@dataclass(frozen=True, slots=True)
class PayerDraft:
    """An insurer as a form hands it in; `payer_number` is the electronic id (2010BB NM109)."""

    name: str
    payer_number: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    phone: str = ""
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class PayerRow:
    """An insurer as a list shows it."""

    id: int
    version: int
    name: str
    payer_number: str
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    phone: str
    coverages: int
