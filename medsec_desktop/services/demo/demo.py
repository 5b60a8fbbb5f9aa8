"""The demo clinic: an invented practice of today, one click away and apart from every real one."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from medsec_desktop.domain.calendar import Span, WeeklyHours, closed_by, hours_on
from medsec_desktop.domain.clock import Clock, SystemClock
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Document, UserAccount
from medsec_desktop.problems import Conflict
from medsec_desktop.services.demo import (
    charges,
    claims,
    clinic,
    diary,
    doubles,
    extras,
    front_desk,
    households,
    insurance,
    letter_line,
    papers,
    rights,
    templates,
)
from medsec_desktop.services.founding import create_practice
from medsec_desktop.services.letters import CONFIRMATION, About
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import settings
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.welcome import (
    DEMO_LOGIN,
    DEMO_PASSWORD,
    WrongPassword,
    is_practice,
    open_office,
    sign_in,
    sign_in_names,
    unlock,
)
from medsec_desktop.store.database import Database
from medsec_desktop.store.files import Files
from medsec_desktop.store.keys import ArgonCost, KeySlots

PATIENTS = 3_000
_SEED = 20_001
_DAYS_BACK, _DAYS_AHEAD = 730, 56
_LETTERS = 12
_CARDS = 6
_SPARE_DAYS = 12  # the days on which the front desk finds time to block and hold
_MADE_ON = "demo_made_on"  # a fact of the store, so that no setting of the practice tells it
_MOST_VALUES = 30_000  # SQLite takes 32,766 values in one statement

_OURS = ("practice.*", "keyslots.json", "before-format-*.db")


def ensure_demo(
    folder: Path,
    clock: Clock | None = None,
    progress: Progress | None = None,
    *,
    patients: int = PATIENTS,
    cost: ArgonCost | None = None,
) -> None:
    """A demo clinic of today in `folder`, closed: made where there is none or one of an earlier day.

    Its log-in is DEMO_LOGIN with DEMO_PASSWORD. Raises Conflict for a folder that holds a real
    practice, which is not touched, and Held where somebody has the demo open.
    """
    open_demo(folder, clock, progress, patients=patients, cost=cost).close()


def open_demo(
    folder: Path,
    clock: Clock | None = None,
    progress: Progress | None = None,
    *,
    patients: int = PATIENTS,
    cost: ArgonCost | None = None,
) -> Office:
    """The demo clinic of today, open for its owner; for the rest see `ensure_demo`."""
    clock, progress = clock or SystemClock(), progress or Quiet()
    if is_practice(folder):
        office = _signed_in(folder, clock)
        if office.session.db.meta(_MADE_ON) == clock.today().isoformat():
            return office
        office.close()
    making = folder.with_name(f"{folder.name} (being made)")
    _take_away(making)
    try:
        _make(making, clock, progress, patients, cost)
    except BaseException:
        _take_away(making)
        raise
    _take_away(folder)
    making.rename(folder)
    return sign_in(folder, DEMO_LOGIN, DEMO_PASSWORD, clock)


def _signed_in(folder: Path, clock: Clock) -> Office:
    real = Conflict(
        "This folder holds a practice of its own, not the demo clinic.",
        "The demo clinic is made anew every day and never mixes with real data.",
        "Choose another folder for the demo; nothing was changed.",
    )
    if DEMO_LOGIN not in {slot.login for slot in sign_in_names(folder)}:
        raise real
    try:
        office = sign_in(folder, DEMO_LOGIN, DEMO_PASSWORD, clock)
    except WrongPassword:
        raise real from None
    if not office.practice.get(settings.IS_DEMO):
        office.close()
        raise real
    return office


def _take_away(folder: Path) -> None:
    """Remove what a demo consists of from `folder`, and the folder if nothing else is in it."""
    if not folder.is_dir():
        return
    for pattern in _OURS:
        for file in folder.glob(pattern):
            file.unlink()
    shutil.rmtree(folder / "files", ignore_errors=True)
    with contextlib.suppress(OSError):  # somebody keeps something else there
        folder.rmdir()


def _make(
    folder: Path, clock: Clock, progress: Progress, patients: int, cost: ArgonCost | None
) -> None:
    first = clock.today() - timedelta(days=_DAYS_BACK)
    last = clock.today() + timedelta(days=_DAYS_AHEAD)
    progress.report(0, 100, "Setting up the demo clinic")
    create_practice(folder, clinic.setup(), clock, cost)
    who = unlock(folder, DEMO_LOGIN, DEMO_PASSWORD, clock)
    office = open_office(folder, who, clock, "Begin the demo clinic")
    try:
        _hire(office, KeySlots(folder, cost))
        clinic.furnish(office, first, last)
        progress.report(10, 100, "Inventing patients")
        files = households.invent(patients, clock.today(), _SEED)
        _register(office, files, progress)
        extras.make_own(office)
        progress.report(45, 100, "Keeping two years of visits")
        desk = _desk(office, first, last)
        visits = diary.keep(files.people, desk, clock.now(), first, last, _SEED)
        _file_visits(office, visits, progress)
        _arrange_front_desk(office, desk, files, visits)
        _ask_payers_and_refer(office, files, visits)
        _sign_and_release(office, visits)
        _copy_cards(office)
        _book_series(office)
        charges.furnish(office)
        charges.charge(office, _SEED)
        claims.furnish(office)
        claims.bill(office, _SEED)
        progress.report(95, 100, "Writing letters")
        templates.change_templates(office)
        _write_letters(office)
        letter_line.write(office)
        papers.file(office, _SEED)
        doubles.register_twice(office)
        office.session.db.note_meta(_MADE_ON, clock.today().isoformat())
    finally:
        office.close()
    progress.report(100, 100, "The demo clinic is ready")


def _hire(office: Office, slots: KeySlots) -> None:
    session = office.session
    with session.change("Add the demo clinic’s people", Permission.MANAGE_USERS, sealed=True):
        for login, name, role in clinic.COLLEAGUES:
            row = UserAccount.create(login=login, display_name=name, role=role)
            slots.add(row.id, login, name, DEMO_PASSWORD, session.db.data_key)


def _register(office: Office, files: households.Files, progress: Progress) -> None:
    tables = ("patient", "patient_phone", "patient_address", "related_person", "coverage",
              "patient_alert")  # fmt: skip
    with office.session.change(
        "Open the demo clinic’s files", Permission.EDIT_PATIENTS, sealed=True
    ):
        for step, table in enumerate(tables):
            _insert(office.session.db, table, getattr(files, table))
            progress.report(20 + 4 * step, 100, "Inventing patients")


def _file_visits(office: Office, visits: diary.Diary, progress: Progress) -> None:
    with office.session.change(
        "Fill the demo clinic’s calendar", Permission.EDIT_CALENDAR, sealed=True
    ):
        _insert(office.session.db, "appointment", visits.appointment)
        progress.report(70, 100, "Keeping two years of visits")
        _insert(office.session.db, "encounter", visits.encounter)
        progress.report(85, 100, "Signing the journal")


def _arrange_front_desk(
    office: Office, desk: diary.Desk, files: households.Files, visits: diary.Diary
) -> None:
    """Stamped times, holds, notes, and who waits, is recalled or called."""
    now = office.clock.now()
    ahead = [now.date() + timedelta(days=days) for days in range(_SPARE_DAYS)]
    hours = {
        (provider_id, day): ()
        if closed_by(day, provider_id, desk.closures)
        else hours_on(day, weekly)
        for provider_id, weekly in desk.hours.items()
        for day in ahead
    }
    setting = front_desk.Setting(
        visits.appointment,
        files.coverage,
        hours,
        {name: kind.id for name, kind in desk.kinds.items()},
        [room.id for room in office.practice.rooms()],
        now,
    )
    with office.session.change(
        "Arrange the demo clinic’s front desk", Permission.EDIT_CALENDAR, sealed=True
    ):
        for table, rows in front_desk.arrange(setting, _SEED).items():
            _insert(office.session.db, table, rows)
        # Visits are on file before what authorizes them; each names it from its first day on.
        office.session.db.execute(
            "UPDATE appointment SET authorization_id = z.id, version = appointment.version + 1,"
            " authorization_units = CASE z.counts WHEN 'units' THEN 2 ELSE 1 END"
            " FROM authorization z WHERE z.patient_id = appointment.patient_id"
            " AND appointment.starts_at >= z.starts_on"
        )


def _ask_payers_and_refer(office: Office, files: households.Files, visits: diary.Diary) -> None:
    """What payers said of late, and referrals at every step."""
    db, now = office.session.db, office.clock.now()
    physicians = [number for (number,) in db.rows("SELECT id FROM provider WHERE NOT is_bookable")]
    with office.session.change(
        "Keep the demo clinic’s insurance", Permission.EDIT_PATIENTS, sealed=True
    ):
        _insert(db, "coverage_verification", insurance.answers(files.coverage, now, _SEED))
        referrals, steps = insurance.referrals(visits.appointment, physicians, now, _SEED)
        _insert(db, "referral", referrals)
        _insert(db, "referral_event", steps)
        db.execute(
            "UPDATE referral SET other_organization_id ="
            " (SELECT id FROM organization WHERE kind = 'hospital' ORDER BY id LIMIT 1)"
            " WHERE direction = 'out' AND id % 4 = 0"
        )


def _copy_cards(office: Office) -> None:
    """The cards of some who come next, as the desk copied them."""
    from medsec_desktop.documents.sample_card import sample_card

    db, now = office.session.db, office.clock.now()
    kept = Files.of(db)
    rows = db.rows(
        "SELECT c.id, c.patient_id, y.name, c.member_id, c.group_number, c.plan_name,"
        " p.given_name || ' ' || p.family_name FROM coverage c JOIN payer y ON y.id = c.payer_id"
        " JOIN patient p ON p.id = c.patient_id WHERE c.rank = 'primary' AND c.ends_on IS NULL"
        " AND EXISTS (SELECT 1 FROM appointment a WHERE a.patient_id = c.patient_id"
        "  AND a.starts_at > ? AND a.status = 'confirmed') ORDER BY c.id LIMIT ?",
        (now.isoformat(timespec="minutes"), _CARDS),
    )
    with office.session.change(
        "Copy the demo clinic’s insurance cards", Permission.EDIT_PATIENTS, sealed=True
    ):
        for coverage_id, patient_id, payer, member, group, plan, name in rows:
            front = (name, f"Member {member}", f"Group {group}" if group else "", plan)
            back = ("Call the number on the letter of your plan", "before you are admitted.")
            numbers = []
            for side, lines in (("front", front), ("back", back)):
                content = sample_card(payer, [line for line in lines if line])
                document = Document.create(
                    patient=patient_id,
                    kind="document",
                    title=f"Insurance card, {side} – {payer}",
                    sha256=kept.put(content),
                    size_bytes=len(content),
                    filed_at=now.strftime("%Y-%m-%dT%H:%M"),
                    source="scanned",
                )
                numbers.append(document.id)
            db.execute(
                "UPDATE coverage SET card_front_document_id = ?, card_back_document_id = ?,"
                " version = version + 1 WHERE id = ?",
                (*numbers, coverage_id),
            )


def _sign_and_release(office: Office, visits: diary.Diary) -> None:
    """What patients signed, who asked for records, and what was given to whom."""
    db, now = office.session.db, office.clock.now()
    kinds = {row.name: (row.id, row.valid_months) for row in office.consents.kinds.all()}
    people = [
        (number, f"{given} {family}")
        for number, given, family in db.rows(
            "SELECT DISTINCT p.id, p.given_name, p.family_name FROM patient p"
            " JOIN appointment a ON a.patient_id = p.id WHERE p.status = 'active'"
            " AND a.starts_at < ? ORDER BY p.id LIMIT 40",
            (now.isoformat(),),
        )
    ]
    with office.session.change(
        "Keep the demo clinic’s consents", Permission.EDIT_PATIENTS, sealed=True
    ):
        office.practice.put(settings.RECORDS_FEE_BASE, 650)
        office.practice.put(settings.RECORDS_FEE_PAGE, 10)
        _insert(db, "consent", rights.consents(visits.appointment, kinds, now, _SEED))
        asked, log = rights.requests(people[::5], now)
        _insert(db, "records_request", asked)
        _insert(db, "disclosure", log)


def _book_series(office: Office) -> None:
    """Two people come again and again: booked as a secretary would, around what is in the way."""
    from medsec_desktop.domain.calendar.recurrence import weekly
    from medsec_desktop.services.calendar import BookingDraft

    now = office.clock.now()
    kinds = {row.name: row for row in office.practice.types()}
    people = office.session.db.rows(
        "SELECT a.patient_id, max(a.provider_id) FROM appointment a"
        " JOIN patient p ON p.id = a.patient_id WHERE p.status = 'active' GROUP BY a.patient_id"
        " HAVING max(a.starts_at) > ? ORDER BY max(a.starts_at), a.patient_id LIMIT 2",
        ((now - timedelta(days=60)).isoformat(timespec="minutes"),),
    )
    monday = now.date() + timedelta(days=7 - now.weekday())
    with office.session.change(
        "Book the demo clinic’s series", Permission.EDIT_CALENDAR, sealed=True
    ):
        asked = (("Nurse visit", (0, 3), 6), ("Follow-up", (1,), 4))
        for (patient_id, provider_id), (name, days, count) in zip(people, asked, strict=False):
            kind = kinds[name]
            draft = BookingDraft(
                patient_id=patient_id,
                provider_id=provider_id,
                type_id=kind.id,
                starts_at=datetime.combine(monday + timedelta(days=days[0]), time(11)),
                duration_min=kind.duration_min,
                reason="Every time as agreed",
            )
            office.series.book(office.series.plan(draft, weekly(days, count)))


def _write_letters(office: Office) -> None:
    """Confirmations for some visits, first visits before others, written in the last days."""
    today = office.clock.today()
    visits = office.session.db.rows(
        "SELECT a.id FROM appointment a JOIN appointment_type t ON t.id = a.type_id"
        " WHERE a.status = 'confirmed' AND a.starts_at > ?"
        " ORDER BY t.name <> 'New patient', a.starts_at LIMIT ?",
        ((today + timedelta(days=1)).isoformat(), _LETTERS),
    )
    with office.session.change(
        "Write the demo clinic’s letters", Permission.WRITE_LETTERS, sealed=True
    ):
        drafts = office.letters.composed_many(
            [About(appointment_id=number) for (number,) in visits], CONFIRMATION
        )
        for place, draft in enumerate(drafts):
            office.letters.file(replace(draft, written_on=today - timedelta(days=place % 5)))


def _desk(office: Office, first: date, last: date) -> diary.Desk:
    practice = office.practice
    kinds = {
        row.name: diary.Kind(row.id, row.name, row.duration_min, row.buffer_after_min)
        for row in practice.types()
    }
    providers = practice.providers(bookable_only=True)
    rooms = [row.id for row in practice.rooms()]
    hours = {
        provider.id: [
            WeeklyHours(row.weekday, Span(row.starts_min, row.ends_min))
            for row in practice.hours(provider.id)
        ]
        for provider in providers
    }
    closed = clinic.closures(first, last, office.clock.today())
    return diary.Desk(
        kinds,
        hours,
        closed,
        {provider.id: room for provider, room in zip(providers, rooms, strict=False)},
        rooms[-1],
    )


def _insert(database: Database, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows that all have the same fields, as many in a statement as SQLite takes."""
    if not rows:
        return
    columns = tuple(rows[0])
    marks = f"({', '.join('?' * len(columns))})"
    batch = _MOST_VALUES // len(columns)
    for start in range(0, len(rows), batch):
        some = rows[start : start + batch]
        database.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([marks] * len(some))}",
            [value for row in some for value in row.values()],
        )
