"""A day's work in a practice that is thrown away: proof that an installed program works."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from medsec_desktop import paths
from medsec_desktop.domain.clock import SystemClock
from medsec_desktop.domain.patients import PatientDraft, PhoneDraft
from medsec_desktop.problems import Problem
from medsec_desktop.services import backups, founding, welcome
from medsec_desktop.services.office import Office

TryWindow: TypeAlias = Callable[[Office], str]  # opens the window on an office; a remark

_LOGIN, _PASSWORD = "tester", "a passing thought 7"
_RESOURCES = ("icons", "fonts", "letter_templates", "help")
_SYNTHEA = (
    "Id,BIRTHDATE,FIRST,LAST,GENDER\n"
    "a,1984-03-14,Imported,Testperson,F\n"
    "b,1990-13-40,Unreadable,Testperson,M\n"
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that worked or did not."""

    name: str
    is_passed: bool
    remark: str = ""


def run(try_window: TryWindow | None = None) -> tuple[Check, ...]:
    """Every check, in order; the first that fails is the last."""
    checks: list[Check] = []
    with tempfile.TemporaryDirectory(prefix="medsec self-test ") as scratch:
        day = _Day(Path(scratch))
        for name, step in _steps(day, try_window):
            try:
                checks.append(Check(name, True, step()))
            except Problem as problem:
                checks.append(Check(name, False, str(problem)))
            except Exception as error:  # whatever it is, the person testing is to read it
                checks.append(Check(name, False, f"{type(error).__name__}: {error}"))
            if not checks[-1].is_passed:
                break
        day.close()
    return tuple(checks)


def _steps(day: _Day, try_window: TryWindow | None) -> tuple[tuple[str, Callable[[], str]], ...]:
    steps: tuple[tuple[str, Callable[[], str]], ...] = (
        ("Shipped files", _resources),
        ("New practice, encrypted, with log-in", day.set_up),
        ("Wrong password refused", day.refuse_wrong_password),
        ("Register a patient and find the file", day.register),
        ("Book a visit, undo, redo", day.book),
        ("Write a letter, file it, print it again", day.write),
        ("Print a form, scan it, file it by its barcode", day.scan),
        ("Import with a row that cannot be read", day.take_in),
        ("Back up, check, change, put back", day.back_up_and_restore),
        ("Check every page and the journal", day.verify),
    )
    if try_window is not None:
        steps += (("Open the window", lambda: day.show(try_window)),)
    return steps


def _resources() -> str:
    for name in _RESOURCES:
        folder = paths.resource(name)
        if not folder.is_dir() or not any(folder.iterdir()):
            raise Problem(f"The folder of {name} was not installed.")
    return ""


class _Day:
    """The practice of the test and what was done in it."""

    def __init__(self, scratch: Path):
        self._folder = scratch / "practice"
        self._scratch = scratch
        self._office: Office | None = None
        self._patient_id = 0
        self._appointment_id = 0

    @property
    def _open(self) -> Office:
        if self._office is None:
            raise Problem("The practice of the test is not open.")
        return self._office

    def set_up(self) -> str:
        from medsec_desktop.services.practice import (
            USUAL_HOURS,
            USUAL_TYPES,
            Profile,
            ProviderDraft,
        )

        founding.create_practice(
            self._folder,
            founding.Setup(
                Profile(name="Self-test Clinic"),
                founding.OwnerDraft("Self Tester", _LOGIN, _PASSWORD),
                (
                    founding.ProviderSetup(
                        ProviderDraft(family_name="Testdoctor", given_name="Robin"),
                        tuple(USUAL_HOURS),
                    ),
                ),
                tuple(USUAL_TYPES),
            ),
        )
        self._sign_in()
        if (self._folder / "practice.db").read_bytes()[:15] == b"SQLite format 3":
            raise Problem("The database is not encrypted.")
        return ""

    def _sign_in(self) -> None:
        self._office = welcome.sign_in(self._folder, _LOGIN, _PASSWORD, SystemClock())

    def refuse_wrong_password(self) -> str:
        try:
            welcome.unlock(self._folder, _LOGIN, "not this one")
        except welcome.WrongPassword:
            return ""
        raise Problem("A wrong password was accepted.")

    def register(self) -> str:
        patients = self._open.patients
        draft = PatientDraft(
            family="Testperson", given="Ada", phones=(PhoneDraft(number="617 555 0142"),)
        )
        self._patient_id = patients.register(draft)
        hits = patients.find("testp ada")
        if [hit.id for hit in hits] != [self._patient_id]:
            raise Problem("The patient was not found by part of the name.")
        return ""

    def book(self) -> str:
        from medsec_desktop.services.calendar import BookingDraft

        office = self._open
        provider = office.practice.providers(bookable_only=True)[0]
        draft = BookingDraft(
            patient_id=self._patient_id,
            provider_id=provider.id,
            type_id=office.practice.types()[0].id,
            starts_at=_next_weekday(office.clock.now()).replace(hour=10, minute=0),
            duration_min=30,
        )
        self._appointment_id = office.calendar.book(draft)
        office.session.undo()
        if office.calendar.of_day(draft.starts_at.date()):
            raise Problem("The booking is still there after undo.")
        office.session.redo()
        if not office.calendar.of_day(draft.starts_at.date()):
            raise Problem("The booking did not come back by redo.")
        return ""

    def write(self) -> str:
        letters = self._open.letters
        draft = letters.compose(self._appointment_id)
        row = letters.file(draft)
        first, again = letters.pdf(row.id), letters.pdf(row.id)
        if not first.startswith(b"%PDF-") or first != again:
            raise Problem("The letter was not filed as a PDF that prints again the same.")
        return f"{len(first):,} bytes"

    def scan(self) -> str:
        from medsec_desktop.services.documents.form_contents import FormKind
        from medsec_desktop.services.documents.reader import PageRef
        from medsec_desktop.services.documents.records import Incoming, Source

        office = self._open
        form = office.printed_forms.make(self._patient_id, FormKind.CONSENT)
        printed = office.documents.content(form.printed_document_id or 0)
        upside_down = office.documents.reader.make([printed], [PageRef(0, 0, 180)])
        result = office.sorting.take(Incoming(upside_down, "scan.pdf", Source.SCANNED))
        if [row.patient_id for row in result.filed] != [self._patient_id]:
            raise Problem("The scan of a printed form did not find its way into the file.")
        return ""

    def take_in(self) -> str:
        folder = self._scratch / "synthea"
        folder.mkdir()
        (folder / "patients.csv").write_text(_SYNTHEA, "utf-8")
        report = self._open.imports.run(self._open.imports.preview("synthea", folder))
        table = report.tables[0]
        if (table.rows, table.new, table.left_out) != (2, 1, 1):
            raise Problem(f"The import did not account for its rows: {report.sentence}")
        return report.sentence

    def back_up_and_restore(self) -> str:
        office = self._open
        made = office.backups.make(folder=self._scratch / "backups")
        patients = office.session.db.value("SELECT count(*) FROM patient")
        office.patients.register(replace(PatientDraft(), family="Testperson", given="Later"))
        self.close()
        who = backups.unlock_backup(made.row.path, _LOGIN, _PASSWORD)
        preview = backups.preview_restore(made.row.path, who.data_key, self._folder)
        backups.restore(preview, who)
        self._sign_in()
        if self._open.session.db.value("SELECT count(*) FROM patient") != patients:
            raise Problem("The practice is not as it was when the backup was made.")
        return made.row.sentence

    def verify(self) -> str:
        report = self._open.backups.verify()
        if not report.is_sound:
            raise Problem(report.sentence)
        return ""

    def show(self, try_window: TryWindow) -> str:
        return try_window(self._open)

    def close(self) -> None:
        if self._office is not None:
            self._office.close()
            self._office = None


def _next_weekday(now: datetime) -> datetime:
    day = now + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day.replace(second=0, microsecond=0)
