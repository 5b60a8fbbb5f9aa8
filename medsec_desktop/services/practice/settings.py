"""What the practice may decide: each setting declared once, with its type, default and meaning.

Screens, checks and the search over settings all read these declarations; the type of a
setting is the type of its default.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar, cast

from medsec_desktop.domain.identifiers import ZipCode
from medsec_desktop.problems import Invalid

T = TypeVar("T", str, bool, int)


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One thing the practice may decide; the type of `default` is the type of the value."""

    name: str
    default: T
    label: str
    meaning: str
    choices: tuple[tuple[T, str], ...] = ()  # value and how a screen words it
    lowest: int = 0
    highest: int = 1_000_000
    form: Callable[[T], T] | None = None  # as it is kept; raises Invalid for what cannot be

    @property
    def is_day(self) -> bool:
        """Whether it is a day, kept as YYYY-MM-DD, or empty."""
        return self.form is _a_day

    def checked(self, value: object) -> T:
        """`value` where it is one this setting can take. Raises Invalid."""
        if type(value) is not type(self.default):
            raise Invalid(
                f"{self.label}: “{value}” is not the kind of value kept here.", field=self.name
            )
        if self.choices and value not in [choice for choice, _ in self.choices]:
            raise Invalid(f"{self.label}: “{value}” is not one of the choices.", field=self.name)
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if is_number and not self.lowest <= int(str(value)) <= self.highest:
            raise Invalid(
                f"{self.label}: choose between {self.lowest} and {self.highest}.",
                field=self.name,
            )
        return self._formed(value)

    def _formed(self, value: Any) -> T:
        if self.form is None or not value:
            return cast(T, value)
        try:
            return self.form(value)
        except Invalid as problem:
            raise Invalid(problem.what, problem.why, problem.remedy, field=self.name) from problem


def _a_day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Invalid(f"“{text}” is not a day.", remedy="Type it like 2026-07-01.") from error


def _a_clia(text: str) -> str:
    if not re.fullmatch(r"\d{2}[A-Z]\d{7}", text.upper(), re.ASCII):
        raise Invalid("A CLIA number has ten characters like 22D1234567.")
    return text.upper()


def _a_state(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", text.upper(), re.ASCII):
        raise Invalid("A state is two letters, such as MA.")
    return text.upper()


_RULE_CHOICES = (("soft", "Allow with a reason"), ("hard", "Refuse"), ("off", "Do not check"))

PRACTICE_NAME = Setting("practice.name", "", "Practice name", "Printed on every letter and bill.")
LINE1 = Setting("practice.line1", "", "Street", "First line of the practice's address.")
LINE2 = Setting("practice.line2", "", "Suite, floor", "Second line of the practice's address.")
CITY = Setting("practice.city", "", "City", "City of the practice's address.")
STATE = Setting("practice.state", "", "State", "Two letters in the United States, such as MA.")
POSTAL_CODE = Setting("practice.postal_code", "", "ZIP code", "Five digits, or nine with a dash.")
PHONE = Setting("practice.phone", "", "Phone", "The number patients call, printed on letters.")
FAX = Setting("practice.fax", "", "Fax", "Printed on letters and fax covers.")
NPI = Setting("practice.npi", "", "Group NPI", "The practice's own NPI (type 2), for claims.")
TAX_ID = Setting("practice.tax_id", "", "Tax id (EIN)", "Box 25 of the CMS-1500.")
EMAIL = Setting("practice.email", "", "E-mail", "Printed on letters when given.")
WEBSITE = Setting("practice.website", "", "Website", "Printed on letters when given.")
LETTERHEAD_TAGLINE = Setting(
    "letterhead.tagline", "", "Line under the name", "Such as “Family Medicine”, on the letterhead."
)
LETTERHEAD_FOOTER = Setting(
    "letterhead.footer", "", "Foot of the letter", "One line printed at the foot of every letter."
)
PAPER = Setting(
    "paper.size",
    "letter",
    "Paper",
    "The sheet in the printer; letters and lists are laid out for it.",
    (("letter", "US Letter (8½ × 11 in)"), ("a4", "A4 (210 × 297 mm)")),
)
DATE_ORDER = Setting(
    "format.date_order",
    "mdy",
    "Dates",
    "How dates are shown and how typed ones are read.",
    (
        ("mdy", "Month/day/year: 03/14/2026"),
        ("dmy", "Day/month/year: 14/03/2026"),
        ("ymd", "Year-month-day: 2026-03-14"),
    ),
)
CLOCK_24H = Setting(
    "format.clock_24h",
    False,
    "Times",
    "How times of day are shown.",
    ((False, "12 hours: 2:30 PM"), (True, "24 hours: 14:30")),
)
REGION = Setting(
    "format.region",
    "US",
    "Phone region",
    "Phone numbers typed without a country code belong here.",
    (
        ("US", "United States"), ("CA", "Canada"), ("GB", "United Kingdom"), ("IE", "Ireland"),
        ("AU", "Australia"), ("NZ", "New Zealand"), ("DE", "Germany"), ("AT", "Austria"),
        ("CH", "Switzerland"), ("FR", "France"), ("ES", "Spain"), ("MX", "Mexico"),
    ),
)  # fmt: skip
CURRENCY = Setting(
    "format.currency",
    "USD",
    "Currency",
    "The currency of fees and payments.",
    (("USD", "US dollar"), ("CAD", "Canadian dollar"), ("EUR", "Euro"), ("GBP", "Pound sterling"),
     ("AUD", "Australian dollar"), ("NZD", "New Zealand dollar"),
     ("CHF", "Swiss franc"), ("MXN", "Mexican peso")),
)  # fmt: skip
TIME_ZONE = Setting(
    "practice.time_zone",
    "",
    "Time zone",
    "Such as America/New_York; empty is this computer’s. Days on which the clocks change need it.",
)
LOCK_AFTER_MIN = Setting(
    "security.lock_after_min",
    10,
    "Lock after",
    "Minutes without a key or the mouse until the screen locks; work in progress is kept.",
    lowest=1,
    highest=120,
)
CALENDAR_STEP_MIN = Setting(
    "calendar.step_min",
    15,
    "Calendar step",
    "Minutes between the lines of the day view; visits start on a line.",
    (
        (5, "5 minutes"),
        (10, "10 minutes"),
        (15, "15 minutes"),
        (20, "20 minutes"),
        (30, "30 minutes"),
    ),
)
LATE_CANCEL_HOURS = Setting(
    "calendar.late_cancel_hours",
    24,
    "Late cancellation",
    "Hours before a visit from which a cancellation by the patient counts as late.",
    highest=24 * 14,
)
SLOT_STARTS = Setting(
    "calendar.slot_starts",
    "free",
    "Free times offered",
    "Where offers begin: as soon as a visit has ended, or only on the lines of the day view.",
    (("free", "From the beginning of each free time"), ("grid", "On the lines of the day view")),
)
HOLIDAY_REGION = Setting(
    "calendar.holiday_region",
    "",
    "Public holidays of",
    "The country, or country and state, whose holidays the practice took over: US-MA.",
)
RULE_OVERLAP = Setting(
    "rules.overlap",
    "hard",
    "Two visits at once",
    "What happens when a provider would see more patients at a time than allowed.",
    _RULE_CHOICES,
)
RULE_ROOM_TAKEN = Setting(
    "rules.room_taken",
    "hard",
    "Two visits in one room",
    "What happens when a room would be used twice at the same time.",
    _RULE_CHOICES,
)
RULE_CLOSURE = Setting(
    "rules.closure",
    "hard",
    "On a closed day",
    "What happens when a visit lies on a day the practice or provider is away.",
    _RULE_CHOICES,
)
RULE_HOLIDAY = Setting(
    "rules.holiday",
    "hard",
    "On a public holiday",
    "What happens when a visit lies on a public holiday the practice keeps.",
    _RULE_CHOICES,
)
RULE_PATIENT_GONE = Setting(
    "rules.patient_gone",
    "hard",
    "Deceased or archived patient",
    "What happens when the patient is recorded as deceased or the file is archived.",
    _RULE_CHOICES,
)
RULE_OUTSIDE_HOURS = Setting(
    "rules.outside_hours",
    "soft",
    "Outside working hours",
    "What happens when a visit lies outside the provider's hours.",
    _RULE_CHOICES,
)
RULE_BLOCKED = Setting(
    "rules.block_out",
    "soft",
    "In time kept free",
    "What happens in a block-out that does not admit the type of visit.",
    _RULE_CHOICES,
)
RULE_HELD = Setting(
    "rules.hold",
    "soft",
    "In a slot held for somebody",
    "What happens when the slot is held for another patient.",
    _RULE_CHOICES,
)
RULE_ROOM_CLOSED = Setting(
    "rules.room_hours",
    "soft",
    "Outside the room's hours",
    "What happens when the room is not open at that time.",
    _RULE_CHOICES,
)
RULE_ROOM_KIND = Setting(
    "rules.room_kind",
    "soft",
    "Another kind of room",
    "What happens when the type of visit wants a room of another kind.",
    _RULE_CHOICES,
)
RULE_SAME_DAY = Setting(
    "rules.same_day",
    "soft",
    "Same patient, same day",
    "What happens when a patient already has a visit that day.",
    _RULE_CHOICES,
)
RULE_BUFFER = Setting(
    "rules.buffer",
    "soft",
    "Too close to another visit",
    "What happens when the time a type needs before or after is not free.",
    _RULE_CHOICES,
)
RULE_AUTHORIZATION = Setting(
    "rules.authorization",
    "soft",
    "Authorization used up",
    "What happens when the payer's authorization is used up or out of date.",
    _RULE_CHOICES,
)
RULE_PAST_DATE = Setting(
    "rules.past_date",
    "soft",
    "In the past",
    "What happens when the time has already gone by.",
    _RULE_CHOICES,
)
# The setting that weighs each rule, by the rule's id.
RULE_WEIGHTS: dict[str, Setting[str]] = {
    "overlap": RULE_OVERLAP,
    "room-taken": RULE_ROOM_TAKEN,
    "closure": RULE_CLOSURE,
    "holiday": RULE_HOLIDAY,
    "patient-gone": RULE_PATIENT_GONE,
    "outside-hours": RULE_OUTSIDE_HOURS,
    "block-out": RULE_BLOCKED,
    "hold": RULE_HELD,
    "room-closed": RULE_ROOM_CLOSED,
    "room-kind": RULE_ROOM_KIND,
    "same-patient-same-day": RULE_SAME_DAY,
    "buffer": RULE_BUFFER,
    "authorization": RULE_AUTHORIZATION,
    "past-date": RULE_PAST_DATE,
}
VERIFIED_DAYS = Setting(
    "insurance.verified_days",
    30,
    "A verification holds",
    "Days before a visit within which the payer must have been asked.",
    lowest=1,
    highest=366,
)
VERIFY_AHEAD = Setting(
    "insurance.verify_ahead",
    2,
    "Verify ahead",
    "Clinic days after today whose visits stand on the list of insurance to verify.",
    lowest=1,
    highest=15,
)
REFERRAL_CHASE_DAYS = Setting(
    "referrals.chase_days",
    7,
    "Chase a referral",
    "Days after each step until somebody asks how a referral stands.",
    lowest=1,
    highest=180,
)
RECORDS_FEE_BASE = Setting(
    "records.fee_base_cents",
    0,
    "Copy of records",
    "In cents, for any copy of records; what is proposed may be changed in each request.",
    highest=100_000,
)
RECORDS_FEE_PAGE = Setting(
    "records.fee_page_cents",
    0,
    "Each page",
    "In cents, for each page of a copy of records.",
    highest=10_000,
)
BACKUP_FOLDER = Setting(
    "backup.folder",
    "",
    "Backup folder",
    "Best on another drive. Empty: a folder beside the practice, lost with the same drive.",
)
BACKUP_AT_CLOSING = Setting(
    "backup.at_closing", True, "Back up at closing", "Make a backup when the program is closed."
)
RECOVERY_SHEET_KEPT = Setting(
    "security.recovery_sheet_kept",
    False,
    "Recovery sheet kept",
    "Whether someone printed, saved or wrote down the recovery key.",
)
CHART_MASK = Setting(
    "patients.chart_mask",
    "######",
    "Chart numbers",
    "Pattern of new numbers, a # for each digit: ###### starts at 100001, A-#### at A-0001.",
)
REQUIRED_FIELDS = Setting(
    "patients.required",
    "",
    "Asked of every patient",
    "What a file must not be without when it is registered or changed.",
)
SCAN_FOLDER = Setting(
    "documents.scan_folder",
    "",
    "Scan folder",
    "Where the scanner saves. What comes there is taken in by itself; empty: no folder is watched.",
)
CLAIMS_FROM = Setting(
    "claims.from_on",
    "",
    "Claims from",
    "The first day whose visits are billed with this program; empty: the last 90 days.",
    form=_a_day,
)
CLAIMS_BILLER = Setting(
    "claims.biller",
    "practice",
    "Who bills",
    "Whose name, NPI and tax id stand in box 33 and in loop 2010AA.",
    (("practice", "The practice"), ("provider", "Each provider")),
)
CLAIMS_TAXONOMY = Setting(
    "claims.taxonomy",
    "",
    "Taxonomy",
    "What the practice is, by the NUCC’s code, such as 207Q00000X.",
)
CLAIMS_TAX_KIND = Setting(
    "claims.tax_kind",
    "EI",
    "Tax id is",
    "Which kind of number stands in box 25.",
    (("EI", "An employer’s (EIN)"), ("SY", "A social security number")),
)
CLAIMS_CLIA = Setting(
    "claims.clia",
    "",
    "CLIA number",
    "Of the practice’s own laboratory: ten characters, D third.",
    form=_a_clia,
)
CLAIMS_CONTACT = Setting(
    "claims.contact", "", "Asked about claims", "Whom a payer asks for on the phone."
)
PAY_TO_LINE1 = Setting(
    "claims.pay_to_line1",
    "",
    "Pay to, street",
    "Where payments go if not to the practice’s street.",
)
PAY_TO_CITY = Setting("claims.pay_to_city", "", "Pay to, city", "City of that address.")
PAY_TO_STATE = Setting("claims.pay_to_state", "", "Pay to, state", "Two letters.", form=_a_state)
PAY_TO_POSTAL_CODE = Setting(
    "claims.pay_to_postal_code", "", "Pay to, ZIP", "Five digits or nine.",
    form=lambda text: ZipCode(text).number,
)  # fmt: skip
CLAIMS_SILENT_DAYS = Setting(
    "claims.silent_days",
    21,
    "No answer after",
    "Days a payer may be silent until its claims stand on the list of those without an answer.",
    lowest=1,
    highest=180,
)
IS_DEMO = Setting(
    "practice.is_demo",
    False,
    "Demo clinic",
    "Whether all people here are invented; marked on screen and paper.",
)

SETTINGS: tuple[Setting[Any], ...] = (
    PRACTICE_NAME, LINE1, LINE2, CITY, STATE, POSTAL_CODE, PHONE, FAX, NPI, TAX_ID, EMAIL, WEBSITE,
    LETTERHEAD_TAGLINE, LETTERHEAD_FOOTER, PAPER, DATE_ORDER, CLOCK_24H, REGION, CURRENCY, TIME_ZONE,
    LOCK_AFTER_MIN, CALENDAR_STEP_MIN, SLOT_STARTS, LATE_CANCEL_HOURS,
    *RULE_WEIGHTS.values(), HOLIDAY_REGION, VERIFIED_DAYS, VERIFY_AHEAD, REFERRAL_CHASE_DAYS,
    RECORDS_FEE_BASE, RECORDS_FEE_PAGE, BACKUP_FOLDER, BACKUP_AT_CLOSING, RECOVERY_SHEET_KEPT,
    CHART_MASK, REQUIRED_FIELDS, SCAN_FOLDER,
    CLAIMS_FROM, CLAIMS_BILLER, CLAIMS_TAXONOMY, CLAIMS_TAX_KIND, CLAIMS_CLIA, CLAIMS_CONTACT,
    PAY_TO_LINE1, PAY_TO_CITY, PAY_TO_STATE, PAY_TO_POSTAL_CODE, CLAIMS_SILENT_DAYS, IS_DEMO,
)  # fmt: skip


def read(setting: Setting[T], stored: object) -> T:
    """The stored value, or the default for none and for one an older version may have kept."""
    if stored is None:
        return setting.default
    try:
        return setting.checked(json.loads(str(stored)))
    except (ValueError, Invalid):
        return setting.default
