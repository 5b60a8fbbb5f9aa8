"""Random days, random work: whatever is free is found, and whatever is found may be booked."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from medsec_desktop.domain.calendar import BookingRefused
from medsec_desktop.domain.calendar.finding import FindQuery
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import BlockOut, BlockOutType, Closure, Hold
from medsec_desktop.problems import Problem
from medsec_desktop.services.calendar import AppointmentDetail, BookingDraft
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import settings as practice_settings
from medsec_desktop.services.session import Session, User
from tests.conftest import a_patient, a_provider, a_type, an_appointment
from tests.ready_made import an_empty_practice

DAY = date(2026, 3, 12)
MINUTE = st.integers(8 * 12, 17 * 12).map(lambda number: number * 5)
VISITS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 1), MINUTE, st.sampled_from([10, 20, 30, 45, 60])),
    max_size=9,
)
WORLD = st.fixed_dictionaries(
    {
        "visits": VISITS,
        "at_once": st.sampled_from([1, 1, 2]),
        "buffers": st.sampled_from([(0, 0), (5, 10), (15, 0)]),
        "block": st.none() | st.tuples(MINUTE, st.booleans()),
        "hold": st.none() | st.tuples(MINUTE, st.booleans()),
        "away": st.none() | MINUTE,
        "step": st.sampled_from([5, 10, 15, 20]),
        "policy": st.sampled_from(["free", "grid"]),
        "works": st.sampled_from(["8-17", "8-12 13-17", "10-11"]),
    }
)


class _World:
    """One random day of a small practice."""

    def __init__(self, folder: Path, drawn: dict) -> None:
        folder.mkdir(exist_ok=True)
        clock = FixedClock(datetime(2026, 3, 11, 9))
        session = Session(an_empty_practice(folder), clock, User.program())
        self.session, self.office = session, Office(session)
        self.chen = a_provider(session, works=drawn["works"], visits_at_once=drawn["at_once"])
        before, after = drawn["buffers"]
        self.types = [
            a_type(session, "Follow-up", 30, buffer_before_min=before, buffer_after_min=after),
            a_type(session, "Nurse visit", 20),
        ]
        self.ada = a_patient(session)
        others = [a_patient(session, given=given) for given in ("Berta", "Cleo")]
        self.visits = [
            an_appointment(
                session, others[who], self.chen, _at(minute), length, type_id=self.types[kind]
            )
            for who, kind, minute, length in drawn["visits"]
        ]
        with session.change("Keep time free", Permission.EDIT_SETTINGS):
            if drawn["block"]:
                minute, admits = drawn["block"]
                block = BlockOut.create(
                    provider_id=self.chen, title="Kept", starts_on=DAY.isoformat(),
                    starts_min=minute, ends_min=minute + 60,
                )  # fmt: skip
                if admits:
                    BlockOutType.create(block_out_id=block.id, type_id=self.types[0])
            if drawn["away"] is not None:
                Closure.create(
                    provider_id=self.chen, name="Dentist", first_on=DAY.isoformat(),
                    last_on=DAY.isoformat(), starts_min=drawn["away"], ends_min=drawn["away"] + 50,
                )  # fmt: skip
            if drawn["hold"]:
                minute, is_hers = drawn["hold"]
                Hold.create(
                    provider_id=self.chen, patient_id=self.ada if is_hers else None,
                    starts_at=_at(minute), duration_min=30, title="Held",
                    expires_at="2026-03-30T09:00",
                )  # fmt: skip
        self.office.practice.put(practice_settings.CALENDAR_STEP_MIN, drawn["step"])
        self.office.practice.put(practice_settings.SLOT_STARTS, drawn["policy"])
        self.step_min = drawn["step"]

    def may_be_booked(self, draft: BookingDraft) -> bool:
        try:
            return not self.office.calendar.check(draft)
        except Problem:
            return False

    def free(self, detail: AppointmentDetail, how: str, length: int) -> None:
        """Give up a visit's time, or the last `length` minutes of it."""
        calendar, row = self.office.calendar, detail.row
        if how == "cancel":
            calendar.cancel(row.id, row.version)
        elif how == "move":
            next_week = row.starts_at + timedelta(days=7)
            calendar.reschedule(
                row.id, row.version, next_week, length, self.chen, override_reason="As asked"
            )
        else:
            shorter = replace(detail.draft, duration_min=row.duration_min - length)
            calendar.amend(row.id, shorter, "As asked")

    def offered(self, query: FindQuery) -> list[int]:
        slots = self.office.finder.on_day(query, DAY)
        return [slot.starts_at.hour * 60 + slot.starts_at.minute for slot in slots]

    def close(self) -> None:
        self.session.db.close()


def _at(minute: int) -> str:
    return f"{DAY.isoformat()}T{minute // 60:02}:{minute % 60:02}"


# Two short visits, each in the way of the wanted one and neither able to follow the other.
SIDE_BY_SIDE = {
    "visits": [(0, 0, 480, 10), (0, 0, 490, 10)],
    "at_once": 2,
    "buffers": (5, 10),
    "block": None,
    "hold": None,
    "away": None,
    "step": 5,
    "policy": "free",
    "works": "8-17",
}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(WORLD, st.integers(0, 1))
@example(SIDE_BY_SIDE, 0)
@example(SIDE_BY_SIDE, 1)
def test_what_is_offered_may_be_booked_and_what_may_be_booked_is_offered(drawn: dict, kind: int):
    with tempfile.TemporaryDirectory() as folder:
        world = _World(Path(folder) / "practice", drawn)
        query = FindQuery(type_id=world.types[kind], duration_min=30, patient_id=world.ada)
        midnight = datetime.combine(DAY, datetime.min.time())
        draft = BookingDraft(world.ada, world.chen, world.types[kind], midnight, 30)

        offered = world.offered(query)
        legal = [
            minute
            for minute in range(7 * 60, 18 * 60, 5)
            if world.may_be_booked(replace(draft, starts_at=midnight + timedelta(minutes=minute)))
        ]

        assert set(offered) <= set(legal)
        # The policy steps through each free period: what lies between two of its starts is the
        # only thing that may be booked and is not offered.
        first = [minute for minute in legal if minute - 5 not in legal]
        if drawn["policy"] == "free":
            periods = [next(each for each in reversed(first) if each <= m) for m in legal]
            by_policy = [
                m for m, begins in zip(legal, periods, strict=True)
                if (m - begins) % world.step_min == 0
            ]  # fmt: skip
        else:
            by_policy = [minute for minute in legal if minute % world.step_min == 0]
        assert offered == by_policy
        world.close()


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(WORLD, st.sampled_from(["cancel", "move", "shorten"]), st.integers(0, 8))
def test_every_freed_slot_is_offered(drawn: dict, how: str, which: int):
    """A start no more than one step before the freed one, for a visit as long as what was freed."""
    drawn = {**drawn, "policy": "free"}
    with tempfile.TemporaryDirectory() as folder:
        world = _World(Path(folder) / "practice", drawn)
        if world.visits:
            detail = world.office.calendar.appointment(world.visits[which % len(world.visits)])
            row = detail.row
            span, length = row.span, row.duration_min
            begins = span.starts_min
            if how == "shorten":
                length //= 2
                begins = span.ends_min - length
            # Two visits drawn on top of each other stay as they are: that is a rule of its own.
            with suppress(BookingRefused):
                world.free(detail, how, length)
            assert row.type_id is not None
            draft = BookingDraft(
                world.ada, world.chen, row.type_id,
                datetime.combine(DAY, datetime.min.time()) + timedelta(minutes=begins), length,
            )  # fmt: skip
            # Another visit, a block-out or the hours may still be in the way of what was freed.
            if world.may_be_booked(draft):
                offered = world.offered(FindQuery(row.type_id, length, patient_id=world.ada))
                assert any(begins - world.step_min < minute <= begins for minute in offered)
        world.close()
