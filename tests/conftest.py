"""Builders with legal defaults, so that a test states only what matters, and the suite's guards."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import (
    Appointment,
    AppointmentType,
    Patient,
    PatientPhone,
    Provider,
    UserAccount,
    WorkingHours,
)
from medsec_desktop.services.office import Office
from medsec_desktop.services.printing import Cups
from medsec_desktop.services.session import Session, User
from medsec_desktop.store.database import _Engine
from medsec_desktop.store.keys import ArgonCost, KeySlots
from tests.ready_made import DATA_KEY, OWNER, a_staffed_practice

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# How fast a busy machine draws or tries an example says nothing about the program.
settings.register_profile(
    "as_busy_as_it_may_be", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("as_busy_as_it_may_be")

# Nor does how long it takes: what does not come at all fails a test all the same, only later.
for _wait in (
    QtBot.waitUntil,
    QtBot.waitSignal,
    QtBot.waitSignals,
    QtBot.waitExposed,
    QtBot.waitActive,
):
    _wait.__kwdefaults__["timeout"] = 60_000

_WHOLE_EVERY = 50  # tests between two looks at everything


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Cycles are collected between tests only: see ui/garbage for what may happen within one."""
    del item, nextitem
    gc.disable()  # jobs that ended have let it run again
    _Collected.tests += 1
    if _Collected.tests % _WHOLE_EVERY:
        gc.collect(1)
    else:
        gc.collect()
        gc.freeze()  # what is still there lives as long as the run, and is not looked at again


class _Collected:
    tests = 0


def pytest_collection_finish() -> None:
    """What lives as long as the run is not looked at again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _collector_waits_for_its_turn() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


_HOOKS_OF_THE_PROGRAM = _Engine._add_conn_hooks


def _hooks_without_the_drive(self: _Engine, connection: Any) -> None:
    _HOOKS_OF_THE_PROGRAM(self, connection)
    connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture(scope="session", autouse=True)
def _nothing_waits_for_the_drive() -> Iterator[None]:
    """What a test writes need not outlive a power cut; half of a test's time was waiting for that."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Engine, "_add_conn_hooks", _hooks_without_the_drive)
        patch.setattr(os, "fsync", lambda _handle: None)
        yield


@pytest.fixture
def outlives_power_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let databases be opened as the program opens them."""
    monkeypatch.setattr(_Engine, "_add_conn_hooks", _HOOKS_OF_THE_PROGRAM)


# One guess at a test's password need not cost what one at a clinic's does.
CHEAP = ArgonCost(memory_kib=64, passes=1, lanes=1)
PASSWORD = "correct horse 1"


# Family names that builders give invented people: they must never turn up in a log.
INVENTED = ("Testperson", "Sampleton", "Mustermann")


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class ExpectedLog:
    """The warnings a test means to cause, as texts that occur in them."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: str) -> None:
        self.texts.append(text)


@pytest.fixture
def expected_log() -> ExpectedLog:
    """Call it with a text to allow a warning in the log that contains it."""
    return ExpectedLog()


@pytest.fixture(autouse=True)
def _quiet_log_without_names(expected_log: ExpectedLog) -> Iterator[None]:
    """Fail a test that logs an unexpected warning, or a patient's name at any level."""
    listener = _Listener()
    root = logging.getLogger()
    root.addHandler(listener)
    yield
    root.removeHandler(listener)
    for record in listener.records:
        text = record.getMessage()
        if record.exc_info:
            text += logging.Formatter().formatException(record.exc_info)
        ours = record.name.startswith(("medsec", "qt"))
        if ours:
            assert not any(name in text for name in INVENTED), f"a name in the log: {text}"
        if ours and record.levelno >= logging.WARNING:
            allowed = any(part in text for part in expected_log.texts)
            assert allowed, f"unexpected in the log: {record.levelname} {text}"


@pytest.fixture(autouse=True)
def _no_printer_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test prints goes to the printer it made, wherever it runs."""
    monkeypatch.setattr(Cups, "here", lambda: None)


@pytest.fixture
def clock() -> FixedClock:
    """Wednesday, March 11, 2026, nine in the morning."""
    return FixedClock(datetime(2026, 3, 11, 9, 0))


@pytest.fixture
def practice_folder(tmp_path: Path) -> Path:
    """An empty folder for one practice, with a slot file."""
    folder = tmp_path / "practice"
    folder.mkdir()
    KeySlots(folder, CHEAP).create()
    return folder


@pytest.fixture
def session(practice_folder: Path, clock: FixedClock) -> Iterator[Session]:
    """The owner at work in a new, empty practice."""
    database = a_staffed_practice(practice_folder, clock.now())
    slots = KeySlots(practice_folder, CHEAP)
    slots.add(OWNER.id, OWNER.login, OWNER.name, PASSWORD, DATA_KEY)
    yield Session(database, clock, OWNER, "front-desk")
    left = database.value("SELECT open_operation_id FROM chain_head")
    database.close()
    assert left is None, "an operation was left open"


@pytest.fixture
def office(session: Session) -> Office:
    """The services around the owner's session."""
    return Office(session)


def a_user(session: Session, login: str = "sam", role: Role = Role.SECRETARY) -> User:
    """Somebody who works here, without a log-in of her own."""
    with session.change("Add a user", Permission.MANAGE_USERS):
        row = UserAccount.create(login=login, display_name=login.title(), role=role)
    return User(row.id, login, login.title(), role)


def a_patient(
    session: Session, family: str = "Testperson", given: str = "Ada", **fields: Any
) -> int:
    """An invented patient on file; `phone=` adds a number. Her id."""
    phone = fields.pop("phone", "")
    with session.change(f"Register {given} {family}", Permission.EDIT_PATIENTS):
        count = Patient.select().count()
        fields.setdefault("chart_number", f"T{count + 1:05}")
        fields.setdefault("birth_date", "1984-03-14")
        patient = Patient.create(family_name=family, given_name=given, **fields)
        if phone:
            PatientPhone.create(patient_id=patient.id, number=phone)
    return int(patient.id)


def a_provider(
    session: Session, family: str = "Chen", given: str = "Robin", works: str = "8-17", **fields: Any
) -> int:
    """A bookable provider who works Monday to Friday, `works` like "8-12 13-17" in hours. Her id."""
    with session.change(f"Add Dr. {family}", Permission.EDIT_SETTINGS):
        fields.setdefault("credential", "MD")
        fields.setdefault("is_bookable", True)
        provider = Provider.create(family_name=family, given_name=given, **fields)
        for spell in works.split():
            first, last = (int(hour) * 60 for hour in spell.split("-"))
            for weekday in range(5):
                WorkingHours.create(
                    provider_id=provider.id, weekday=weekday, starts_min=first, ends_min=last
                )
    return int(provider.id)


def a_type(session: Session, name: str = "Follow-up", duration_min: int = 30, **fields: Any) -> int:
    """An appointment type. Its id."""
    with session.change(f"Add type {name}", Permission.EDIT_SETTINGS):
        row = AppointmentType.create(name=name, duration_min=duration_min, **fields)
    return int(row.id)


def an_appointment(
    session: Session,
    patient_id: int,
    provider_id: int,
    starts_at: str = "2026-03-12T10:00",
    duration_min: int = 30,
    **fields: Any,
) -> int:
    """A stored visit, without the calendar's rules asked. Its id."""
    with session.change("Book a visit", Permission.EDIT_CALENDAR, patient_id=patient_id):
        row = Appointment.create(
            patient_id=patient_id,
            provider_id=provider_id,
            starts_at=starts_at,
            duration_min=duration_min,
            **fields,
        )
    return int(row.id)
