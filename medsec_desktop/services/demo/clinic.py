"""The demo clinic itself: who works there, when, in which rooms, and who pays."""

from __future__ import annotations

from datetime import date, timedelta

from medsec_desktop.domain.calendar import ClosurePeriod
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Organization, Provider
from medsec_desktop.services.demo.names import STATE, TOWN, ZIP
from medsec_desktop.services.founding import OwnerDraft, ProviderSetup, Setup
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import (
    ClosureDraft,
    HoursRow,
    PayerDraft,
    Profile,
    ProviderDraft,
    RoomDraft,
    TypeDraft,
    settings,
)
from medsec_desktop.services.welcome import DEMO_LOGIN, DEMO_PASSWORD

# Their log-ins open with the password that the log-in screen of the demo shows.
COLLEAGUES = (
    ("maya", "Maya Merriweather", Role.MANAGER),
    ("sam", "Sam Sandpiper", Role.SECRETARY),
    ("bill", "Billie Brightwater", Role.BILLER),
    ("reed", "Reed Rushlight", Role.READ_ONLY),
)
_PROFILE = Profile(
    name="Larkhaven Family Clinic",
    line1="12 Lantern Street",
    line2="Suite 4",
    city=TOWN,
    state=STATE,
    postal_code=ZIP,
    phone="(617) 555-0142",
    fax="(617) 555-0143",
    npi="1000000004",
    tax_id="12-3456789",
    email="desk@larkhaven.example",
    website="larkhaven.example",
    tagline="An invented clinic with invented patients",
    footer="Demonstration only. Nobody named here exists.",
)
_TYPES = (
    TypeDraft("Follow-up", 20, "blue"),
    TypeDraft("New patient", 40, "teal", wait_limit_min=20, letter="appointment_confirmation",
              preparation="Please come ten minutes early to fill in the registration form."),
    TypeDraft("Yearly visit", 60, "violet",
              preparation="Please wear loose sleeves and bring your reading glasses."),
    TypeDraft("Child check-up", 30, "amber", preparation="Please bring the yellow booklet."),
    TypeDraft("Procedure", 40, "pink", buffer_after_min=10, room_kind="procedure",
              preparation="Please have somebody take you home."),
    TypeDraft("Nurse visit", 10, "green", wait_limit_min=10),
    TypeDraft("Telephone", 10, "slate"),
    TypeDraft("Forms and papers", 10, "orange"),
)  # fmt: skip
ROOMS = ("Room 1", "Room 2", "Room 3", "Room 4", "Procedure room")
_PAYERS = (
    PayerDraft("Lantern Mutual Health", "DEMO1", "PO Box 100", "", "Quillport", STATE, "05563",
               "(800) 555-0101"),
    PayerDraft("Harbor Shield Health Plan", "DEMO2", "PO Box 200", "", "Larkhaven", STATE, ZIP,
               "(800) 555-0102"),
    PayerDraft("Orchard Community Care", "DEMO3", "3 Apple Square", "", "Old Marrow", STATE, "05559",
               "(800) 555-0103"),
    PayerDraft("Medicare (demo)", "DEMO4", "PO Box 400", "", "Larkhaven", STATE, ZIP,
               "(800) 555-0104"),
    PayerDraft("State Medicaid (demo)", "DEMO5", "PO Box 500", "", "Larkhaven", STATE, ZIP,
               "(800) 555-0105"),
    PayerDraft("Golden Lantern Supplement", "DEMO6", "PO Box 600", "", "Quillport", STATE, "05563",
               "(800) 555-0106"),
)  # fmt: skip
_NEIGHBOURS = (
    ("Larkhaven General Hospital", "hospital", "1 Hill Road", "+16175550180"),
    ("Quillport Imaging and Laboratory", "laboratory", "40 Ferry Street", "+16175550181"),
    ("Thistle Falls Pharmacy", "pharmacy", "7 Mill Lane", "+16175550182"),
)
_ELSEWHERE = (
    ("Featherstone", "Ines", "MD", "Cardiology"),
    ("Kjærgaard", "Sören", "MD", "Orthopedics"),
    ("Venkataraghavan", "Meera", "MD", "Dermatology"),
    ("L’Heureux", "Noëlle", "DPM", "Podiatry"),
)


def _week(*stretches: tuple[str, int, int]) -> tuple[HoursRow, ...]:
    """Hours from ("0123", 480, 720): the weekdays, Monday 0, and minutes after midnight."""
    return tuple(
        HoursRow(int(weekday), starts, ends)
        for weekdays, starts, ends in stretches
        for weekday in weekdays
    )


# On every day of the week somebody works, so that whoever opens the demo sees a day at work.
_PROVIDERS = (
    ProviderSetup(
        ProviderDraft("Thornbury", "Robin", "MD", "Family medicine", "1000000012", "teal"),
        _week(("01234", 480, 720), ("01234", 780, 1020), ("5", 540, 720)),
    ),
    ProviderSetup(
        ProviderDraft("Okonkwo-Bell", "Amara", "DO", "Internal medicine", "1000000020", "violet"),
        _week(("0123", 510, 750), ("0123", 810, 1050), ("4", 510, 750), ("6", 600, 780)),
    ),
    ProviderSetup(
        ProviderDraft("Szeto", "Mei-Ling", "MD", "Pediatrics", "1000000038", "amber"),
        _week(("01234", 540, 720), ("0134", 780, 990), ("5", 540, 780)),
    ),
    ProviderSetup(
        ProviderDraft("Quillfeather", "Tomás", "NP", "Family medicine", "1000000046", "blue"),
        _week(("1234", 600, 840), ("1234", 900, 1140), ("0", 780, 1140), ("6", 600, 840)),
    ),
)


def setup() -> Setup:
    """What the first-run wizard would have gathered."""
    return Setup(
        _PROFILE,
        OwnerDraft("Olive Overhill", DEMO_LOGIN, DEMO_PASSWORD),
        _PROVIDERS,
        _TYPES,
        is_demo=True,
    )


def furnish(office: Office, first: date, last: date) -> None:
    """Rooms, payers, neighbours and the days the clinic is closed between `first` and `last`."""
    practice, session = office.practice, office.session
    with session.change("Furnish the demo clinic", Permission.EDIT_SETTINGS, sealed=True):
        practice.put(settings.CALENDAR_STEP_MIN, 10)
        practice.put(settings.RECOVERY_SHEET_KEPT, True)
        for name in ROOMS:
            kind = "procedure" if name == ROOMS[-1] else "exam"
            practice.save_room(RoomDraft(name, kind))
        for payer in _PAYERS:
            practice.save_payer(payer)
        for name, kind, street, phone in _NEIGHBOURS:
            Organization.create(
                name=name,
                kind=kind,
                line1=street,
                city=TOWN,
                state=STATE,
                postal_code=ZIP,
                phone=phone,
            )
        for number, (family, given, credential, specialty) in enumerate(_ELSEWHERE):
            Provider.create(
                family_name=family,
                given_name=given,
                credential=credential,
                specialty=specialty,
                line1=f"{12 + 30 * number} Quay Street",
                city="Quillport",
                state=STATE,
                postal_code="05563",
                phone=f"+1617555016{number}",
                fax=f"+1617555017{number}",
            )
        for closure in closures(first, last, session.clock.today()):
            practice.save_closure(
                ClosureDraft(closure.name, closure.first_on, closure.last_on, closure.provider_id)
            )


def closures(first: date, last: date, today: date) -> list[ClosurePeriod]:
    """Public holidays and providers' holidays; never today, when there shall be something to see."""
    found = [
        ClosurePeriod(name, None, day, day)
        for year in range(first.year, last.year + 1)
        for name, day in _holidays(year)
    ]
    monday = today - timedelta(days=today.weekday())
    for provider_id, weeks, days, name in (
        (1, 5, 5, "Away: vacation"),
        (2, 2, 1, "Away: conference"),
        (3, -6, 5, "Away: vacation"),
        (4, -20, 3, "Away: course"),
        (1, -31, 5, "Away: vacation"),
        (2, -44, 10, "Away: vacation"),
    ):
        starts = monday + timedelta(weeks=weeks)
        found.append(ClosurePeriod(name, provider_id, starts, starts + timedelta(days=days - 1)))
    return [
        each
        for each in found
        if first <= each.first_on and each.last_on <= last
        and not each.first_on <= today <= each.last_on
    ]  # fmt: skip


def _holidays(year: int) -> tuple[tuple[str, date], ...]:
    """The days nearly every practice in the country closes. Source: 5 U.S.C. 6103, a selection."""
    thanksgiving = _nth_weekday(year, 11, 3, 4)
    return (
        ("New Year’s Day", date(year, 1, 1)),
        ("Memorial Day", _nth_weekday(year, 6, 0, 1) - timedelta(weeks=1)),
        ("Independence Day", date(year, 7, 4)),
        ("Labor Day", _nth_weekday(year, 9, 0, 1)),
        ("Thanksgiving", thanksgiving),
        ("Day after Thanksgiving", thanksgiving + timedelta(days=1)),
        ("Christmas Day", date(year, 12, 25)),
    )


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
