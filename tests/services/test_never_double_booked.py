"""Whatever is done in whatever order, two visits never stand in each other's way."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from medsec_desktop.domain.calendar import FREED, Span, VisitStatus
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Room, UserAccount
from medsec_desktop.problems import Problem
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session, User
from tests.conftest import a_patient, a_provider
from tests.ready_made import an_empty_practice

MONDAY = datetime(2026, 3, 16, 8, 0)
CHEN, LOPEZ = 0, 1  # Lopez takes two patients at a time

starts = st.integers(0, 3).map(lambda n: MONDAY + timedelta(minutes=15 * n))
minutes = st.sampled_from([15, 30, 45])
who = st.integers(0, 3)
provider = st.sampled_from([CHEN, LOPEZ])
room = st.sampled_from([None, 0, 1])
some = st.integers(0, 12)  # one of the visits there are, whatever their number
statuses = st.sampled_from(
    [VisitStatus.SCHEDULED, VisitStatus.CONFIRMED, VisitStatus.CANCELLED, VisitStatus.NO_SHOW]
)
steps = st.one_of(
    st.tuples(st.just("book"), who, provider, room, starts, minutes),
    st.tuples(st.just("book"), who, provider, room, starts, minutes),
    st.tuples(st.just("move"), some, provider, starts),
    st.tuples(st.just("resize"), some, minutes),
    st.tuples(st.just("room"), some, room),
    st.tuples(st.just("cancel"), some),
    st.tuples(st.just("correct"), some, statuses),
    st.tuples(st.just("undo"), some),
    st.tuples(st.just("redo")),
)


@contextmanager
def a_practice() -> Iterator[Office]:
    """A practice of its own for one example, with everybody the steps speak of."""
    with tempfile.TemporaryDirectory() as folder:
        database = an_empty_practice(Path(folder))
        clock = FixedClock(MONDAY - timedelta(days=1))
        session = Session(database, clock, User.program(), "front-desk")
        with session.change("Set up the practice", Permission.MANAGE_USERS):
            owner = UserAccount.create(login="olive", display_name="Olive", role=Role.OWNER)
            for name in ("Exam 1", "Exam 2"):
                Room.create(name=name)
        session.switch_user(User(owner.id, "olive", "Olive", Role.OWNER))
        for n in range(4):
            a_patient(session, given=f"Ada{n}")
        a_provider(session)
        a_provider(session, "Lopez", visits_at_once=2)
        try:
            yield Office(session)
        finally:
            database.close()


def do(office: Office, step: tuple[Any, ...]) -> None:
    """One thing a secretary may try; what the program refuses is refused with a Problem."""
    calendar, session = office.calendar, office.session
    verb, *what = step
    reason = "Because"
    if verb == "book":
        patient, provider, room, at, length = what
        place = None if room is None else room + 1
        draft = BookingDraft(patient + 1, provider + 1, None, at, length, place)
        calendar.book(draft, reason)
        return
    if verb == "undo":
        visits = ("Book", "Move", "Change", "Cancel", "Correct")
        done = [row.id for row in session.history(40) if row.label.startswith(visits)]
        if done:
            session.undo(done[what[0] % len(done)])
        return
    if verb == "redo":
        session.redo()
        return
    ids = [row for (row,) in session.db.rows("SELECT id FROM appointment ORDER BY id")]
    if not ids:
        return
    visit = calendar.appointment(ids[what[0] % len(ids)])
    row = visit.row
    if verb == "move":
        calendar.reschedule(row.id, row.version, what[2], row.duration_min, what[1] + 1, reason)
    elif verb == "resize":
        calendar.reschedule(row.id, row.version, row.starts_at, what[1], row.provider_id, reason)
    elif verb == "room":
        room_id = None if what[1] is None else what[1] + 1
        calendar.amend(row.id, replace(visit.draft, room_id=room_id), reason)
    elif verb == "cancel":
        calendar.cancel(row.id, row.version)
    elif verb == "correct":
        calendar.correct(row.id, row.version, what[1], reason)


def hard_conflicts(session: Session) -> list[str]:
    """Every moment at which more stands than may, by the shipped hard rules."""
    rows = [
        (visit_id, provider_id, room_id, Span.of(datetime.fromisoformat(at), length))
        for visit_id, provider_id, room_id, at, length, status in session.db.rows(
            "SELECT id, provider_id, room_id, starts_at, duration_min, status FROM appointment"
        )
        if VisitStatus(status) not in FREED
    ]
    found = []
    for one, other in combinations(rows, 2):
        if one[3].overlaps(other[3]):
            if one[2] is not None and one[2] == other[2]:
                found.append(f"{one} and {other} in one room")
            if one[1] == other[1] == CHEN + 1:
                found.append(f"{one} and {other} with one provider")
    for one, other, third in combinations([row for row in rows if row[1] == LOPEZ + 1], 3):
        starts_min = max(one[3].starts_min, other[3].starts_min, third[3].starts_min)
        if starts_min < min(one[3].ends_min, other[3].ends_min, third[3].ends_min):
            found.append(f"{one}, {other} and {third} with one provider")
    return found


@settings(max_examples=30)
@given(st.lists(steps, min_size=20, max_size=40))
def test_no_two_hard_conflicting_visits_are_ever_stored(script: list[tuple[Any, ...]]) -> None:
    with a_practice() as office:
        for step in script:
            with suppress(Problem):
                do(office, step)

            assert hard_conflicts(office.session) == [], step
