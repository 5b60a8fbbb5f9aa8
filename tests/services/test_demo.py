"""The demo clinic: as full as a real one, the same for everybody, and apart from every real practice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from medsec_desktop import models
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.insurance import Light
from medsec_desktop.domain.permissions import Role
from medsec_desktop.domain.referrals import Step
from medsec_desktop.problems import Conflict
from medsec_desktop.services.demo import DEMO_LOGIN, DEMO_PASSWORD, ensure_demo, open_demo
from medsec_desktop.services.demo.doubles import PAIRS
from medsec_desktop.services.demo.front_desk import ABSENCE, DENTIST
from medsec_desktop.services.letters import Origin
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import settings
from medsec_desktop.services.welcome import is_practice, sign_in, sign_in_names
from medsec_desktop.store import journal
from tests.conftest import CHEAP, a_patient
from tests.ready_made import copied

pytestmark = pytest.mark.xdist_group("demo")  # one process makes the clinic they look at
AT = datetime(2026, 3, 11, 10, 12)  # a Wednesday, in the middle of the morning
_FREED = "('cancelled', 'no-show', 'left')"


class Stops:
    """A listener that stops the work at its nth report."""

    def __init__(self, after: int):
        self.left = after

    def report(self, done: int, total: int, text: str = "") -> None:
        self.left -= 1
        self.check()

    def check(self) -> None:
        if self.left < 0:
            raise InterruptedError


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A demo clinic with fewer patients than the shipped one."""
    folder = tmp_path_factory.mktemp("demo") / "Demo clinic"
    office = open_demo(folder, FixedClock(AT), patients=400, cost=CHEAP)
    yield office
    office.close()


@pytest.fixture(autouse=True)
def _bound(demo: Office) -> None:
    demo.session.db.bind()


def a_small_demo(folder: Path) -> None:
    """The demo clinic of that day in `folder`, closed, with few patients; made once and copied."""
    copied(
        "a small demo clinic",
        folder,
        lambda place: ensure_demo(place, FixedClock(AT), patients=20, cost=CHEAP),
    )


def rows(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the practice holds, table by table."""
    return {
        name: office.session.db.rows(f"SELECT * FROM {name} ORDER BY id")
        for name in (model._meta.table_name for model in models.JOURNALLED)
    }


def test_the_demo_has_a_clinic_s_worth_of_everything(demo: Office):
    count = {name: len(found) for name, found in rows(demo).items()}

    assert count["patient"] == 400 + PAIRS + 1
    assert len(demo.practice.providers(bookable_only=True)) == 4
    assert count["appointment"] > 5_000
    assert count["encounter"] > 0.7 * count["appointment"]
    for table in ("room", "closure", "payer", "coverage", "patient_alert", "related_person"):
        assert count[table] >= 5, table


def test_a_few_people_are_on_file_twice_and_one_was_merged(demo: Office):
    pairs = demo.duplicates.pairs()

    assert {row.other.id for row in pairs} == set(range(401, 401 + PAIRS))  # and nobody's sister
    assert demo.session.db.value("SELECT count(*) FROM patient_merge") == 1


def test_visits_reach_from_two_years_back_to_eight_weeks_ahead(demo: Office):
    first, last = demo.session.db.one("SELECT min(starts_at), max(starts_at) FROM appointment")

    assert datetime.fromisoformat(first) < AT - timedelta(days=725)
    assert datetime.fromisoformat(last) > AT + timedelta(days=52)


def test_today_is_under_way(demo: Office):
    today = {
        status
        for (status,) in demo.session.db.rows(
            "SELECT DISTINCT status FROM appointment WHERE starts_at LIKE '2026-03-11%'"
        )
    }

    assert {"done", "in-room", "scheduled", "confirmed"} <= today


def test_the_front_desk_is_arranged(demo: Office):
    count = {name: len(found) for name, found in rows(demo).items()}

    for table, least in (
        ("appointment_event", 500), ("block_out", 4), ("hold", 2), ("grid_note", 4),
        ("calendar_view", 3), ("waiting_entry", 5), ("recall_type", 4), ("recall", 20),
        ("recall_round", 5), ("authorization", 20), ("call_attempt", 1), ("appointment_series", 2),
        ("coverage_verification", 100), ("referral", 15), ("referral_event", 30),
    ):  # fmt: skip
        assert count[table] >= least, table


def test_insurance_and_referrals_are_at_every_stage(demo: Office):
    lights = {
        ready.light
        for ready in (
            demo.readiness.of_visit(visit_id)
            for (visit_id,) in demo.session.db.rows(
                "SELECT id FROM appointment WHERE starts_at > '2026-03-11T10' AND status ="
                " 'scheduled' ORDER BY starts_at LIMIT 200"
            )
        )
        if ready is not None
    }
    cards = demo.session.db.one(
        "SELECT card_front_document_id FROM coverage WHERE card_back_document_id IS NOT NULL"
    )
    units = demo.session.db.value("SELECT count(*) FROM authorization WHERE counts = 'units'")
    waiting = {row.step for row in demo.referrals.open()}

    assert lights == set(Light)
    assert units > 3
    assert demo.documents.content(cards[0]).startswith(b"%PDF")
    assert {Step.READY, Step.SENT, Step.ACCEPTED, Step.BOOKED, Step.TOLD} <= waiting
    assert 1 <= len(demo.referrals.due()) < len(demo.referrals.open())
    assert 3 <= len(demo.verifications.to_verify()) < 100


def test_a_visit_s_last_stamp_is_its_status(demo: Office):
    unlike = demo.session.db.rows(
        "SELECT a.id FROM appointment a JOIN appointment_event e ON e.appointment_id = a.id"
        " WHERE e.id = (SELECT max(id) FROM appointment_event WHERE appointment_id = a.id)"
        " AND e.status <> a.status"
    )
    late = demo.session.db.rows("SELECT id FROM appointment_event WHERE at > '2026-03-11T10:12'")

    assert (unlike, late) == ([], [])


def test_nothing_held_or_blocked_lies_on_a_visit(demo: Office):
    crossed = demo.session.db.rows(
        "SELECT a.id FROM appointment a JOIN hold h ON h.provider_id = a.provider_id"
        " WHERE a.status NOT IN ('cancelled', 'no-show', 'left') AND a.starts_at < strftime("
        " '%Y-%m-%dT%H:%M', h.starts_at, '+' || h.duration_min || ' minutes') AND h.starts_at <"
        " strftime('%Y-%m-%dT%H:%M', a.starts_at, '+' || a.duration_min || ' minutes')"
    )
    blocked = demo.session.db.rows(
        "SELECT a.id FROM appointment a JOIN block_out b ON b.provider_id = a.provider_id"
        " AND b.starts_on = date(a.starts_at) WHERE a.status NOT IN ('cancelled', 'no-show', 'left')"
        " AND strftime('%H', a.starts_at) * 60 + strftime('%M', a.starts_at) < b.ends_min AND"
        " b.starts_min < strftime('%H', a.starts_at) * 60 + strftime('%M', a.starts_at)"
        " + a.duration_min"
    )

    assert (crossed, blocked) == ([], [])


def test_what_lies_ahead_has_not_happened_yet(demo: Office):
    early = demo.session.db.value(
        "SELECT count(*) FROM appointment WHERE starts_at > ? AND status IN"
        " ('done', 'in-room', 'no-show', 'left')",
        (AT.isoformat(timespec="minutes"),),
    )

    assert early == 0
    told = demo.session.db.value("SELECT count(*) FROM claim_event WHERE at > ?", (AT.isoformat(),))
    assert told == 0


def test_some_letters_are_filed_and_print_again_as_they_are(demo: Office):
    letters = demo.letters.recent()

    assert letters
    assert demo.letters.pdf(letters[0].id).startswith(b"%PDF")


def test_templates_are_shipped_changed_and_the_clinic_s_own(demo: Office):
    assert {one.origin for one in demo.letters.library.all()} == set(Origin)
    assert all(question.answer for question in demo.letters.questions("directions"))


def test_only_the_last_two_days_have_visits_nobody_closed(demo: Office):
    oldest = demo.session.db.value(
        "SELECT min(starts_at) FROM appointment WHERE status IN ('scheduled', 'confirmed', 'arrived')"
    )

    assert oldest >= "2026-03-10"


@pytest.mark.parametrize("shared", ["provider_id", "room_id"])
def test_nobody_and_no_room_is_booked_twice(demo: Office, shared: str):
    held = demo.session.db.rows(
        f"SELECT {shared}, starts_at, duration_min FROM appointment WHERE {shared} IS NOT NULL"
        f" AND status NOT IN {_FREED} ORDER BY 1, 2"
    )

    for (one, begins, minutes), (other, next_begins, _) in pairwise(held):
        ends = datetime.fromisoformat(begins) + timedelta(minutes=minutes)
        assert one != other or ends <= datetime.fromisoformat(next_begins)


def test_somebody_fell_ill_and_her_visits_are_to_be_worked_off(demo: Office):
    affected = demo.session.db.value(
        "SELECT count(*) FROM appointment a JOIN closure c ON date(a.starts_at) = c.first_on"
        " AND c.provider_id = a.provider_id WHERE c.name = ? AND a.status IN"
        " ('scheduled', 'confirmed')",
        (ABSENCE,),
    )

    assert affected >= 5
    hours = {row.away.name: row for row in demo.absences.all()}
    assert hours[DENTIST].away.part is not None
    assert hours[DENTIST].left >= 1


def test_every_visit_lies_within_hours_and_outside_closures(demo: Office):
    outside = demo.session.db.value(
        "SELECT count(*) FROM appointment a WHERE NOT EXISTS (SELECT 1 FROM working_hours w"
        " WHERE w.provider_id = a.provider_id"
        " AND w.weekday = (strftime('%w', a.starts_at) + 6) % 7"
        " AND w.starts_min <= strftime('%H', a.starts_at) * 60 + strftime('%M', a.starts_at)"
        " AND w.ends_min >= strftime('%H', a.starts_at) * 60 + strftime('%M', a.starts_at)"
        "     + a.duration_min)"
    )
    closed = demo.session.db.value(
        "SELECT count(*) FROM appointment a JOIN closure c"
        " ON date(a.starts_at) BETWEEN c.first_on AND c.last_on"
        " AND coalesce(c.provider_id, a.provider_id) = a.provider_id WHERE c.name NOT IN (?, ?)",
        (ABSENCE, DENTIST),
    )

    assert (outside, closed) == (0, 0)


def test_nobody_is_booked_after_she_died_or_left(demo: Office):
    late = demo.session.db.value(
        "SELECT count(*) FROM appointment a JOIN patient p ON p.id = a.patient_id"
        " WHERE date(a.starts_at) >= p.deceased_on"
        " OR (p.status <> 'active' AND a.starts_at > '2026-03-11')"
    )

    assert late == 0


def test_every_phone_number_is_one_that_stories_may_use(demo: Office):
    numbers = demo.session.db.rows(
        "SELECT number FROM patient_phone UNION SELECT phone FROM related_person WHERE phone <> ''"
    )

    assert all(number[5:10] == "55501" and len(number) == 12 for (number,) in numbers)


def test_names_come_in_every_shape_and_are_found(demo: Office):
    families = {name for (name,) in demo.session.db.rows("SELECT family_name FROM patient")}

    assert any(len(name) == 2 for name in families)
    assert any("-" in name for name in families)
    assert any(not name.isascii() for name in families)
    shortest = min(families, key=len)
    assert any(hit.name.family == shortest for hit in demo.patients.find(shortest))


def test_the_journal_of_the_demo_is_sound_and_cannot_be_undone(demo: Office):
    verdict = journal.verify(demo.session.db)

    assert verdict.is_sound
    assert demo.session.can_undo() == ""


def test_everybody_s_log_in_opens_with_the_password_on_the_screen(tmp_path: Path):
    folder, clock = tmp_path / "Demo clinic", FixedClock(AT)
    ensure_demo(folder, clock, patients=20, cost=CHEAP)

    roles = set()
    for slot in sign_in_names(folder):
        office = sign_in(folder, slot.login, DEMO_PASSWORD, clock)
        roles.add(office.session.user.role)
        office.close()

    assert roles == set(Role)


def test_the_same_day_gives_the_same_rows(demo: Office, tmp_path: Path):
    again = open_demo(tmp_path / "Another", FixedClock(AT), patients=400, cost=CHEAP)

    assert rows(again) == rows(demo)
    again.close()


def test_a_demo_of_today_is_kept_with_what_was_tried_in_it(tmp_path: Path):
    folder, clock = tmp_path / "Demo clinic", FixedClock(AT)
    a_small_demo(folder)
    office = open_demo(folder, clock, patients=20, cost=CHEAP)
    a_patient(office.session, "Tryout", chart_number="T1")
    office.close()

    office = open_demo(folder, clock, patients=20, cost=CHEAP)

    assert office.patients.find("tryout")
    office.close()


def test_a_demo_of_an_earlier_day_is_made_anew(tmp_path: Path):
    folder, clock = tmp_path / "Demo clinic", FixedClock(AT)
    a_small_demo(folder)
    clock.advance(timedelta(days=3))

    office = open_demo(folder, clock, patients=20, cost=CHEAP)

    assert office.session.db.value("SELECT max(starts_at) FROM appointment") > "2026-05-07"
    assert office.practice.get(settings.IS_DEMO)
    office.close()


def test_on_a_weekend_and_on_a_holiday_there_is_something_to_see(tmp_path: Path):
    for place, day in enumerate(("2026-07-05", "2026-12-25")):
        clock = FixedClock(datetime.fromisoformat(f"{day}T11:00"))
        office = open_demo(tmp_path / str(place), clock, patients=200, cost=CHEAP)
        today = office.session.db.value(
            "SELECT count(*) FROM appointment WHERE starts_at LIKE ?", (f"{day}%",)
        )
        office.close()
        assert today > 3, day


def test_a_real_practice_is_never_replaced_by_the_demo(office: Office):
    office.session.db.bind()
    folder = office.session.db.folder
    a_patient(office.session)
    before = rows(office)

    with pytest.raises(Conflict, match="a practice of its own"):
        ensure_demo(folder, office.clock, cost=CHEAP)

    assert rows(office) == before


def test_a_real_practice_with_the_demo_s_log_in_is_not_replaced_either(
    demo: Office, tmp_path: Path
):
    folder, clock = tmp_path / "Real", FixedClock(AT)
    a_small_demo(folder)
    office = open_demo(folder, clock, patients=20, cost=CHEAP)
    office.practice.put(settings.IS_DEMO, False)
    office.close()
    clock.advance(timedelta(days=1))

    with pytest.raises(Conflict, match="a practice of its own"):
        ensure_demo(folder, clock, patients=20, cost=CHEAP)

    assert is_practice(folder)


def test_a_demo_stopped_half_way_leaves_nothing_behind(tmp_path: Path):
    for reports in (0, 2, 5, 9, 11):
        with pytest.raises(InterruptedError):
            ensure_demo(
                tmp_path / "Demo clinic", FixedClock(AT), Stops(reports), patients=20, cost=CHEAP
            )

        assert list(tmp_path.iterdir()) == []


def test_the_demo_names_its_own_log_in(demo: Office):
    assert demo.session.user.login == DEMO_LOGIN
    assert demo.session.user.role == Role.OWNER


def test_opening_the_demo_clinic_is_recorded_as_one_log_in(tmp_path: Path) -> None:
    folder, clock = tmp_path / "demo", FixedClock(datetime(2026, 3, 11, 9, 0))

    def log_ins() -> int:
        office = open_demo(folder, clock, patients=30, cost=CHEAP)
        try:
            return int(
                office.session.db.value("SELECT count(*) FROM operation WHERE label = 'Logged in'")
            )
        finally:
            office.close()

    assert [log_ins(), log_ins()] == [1, 2]
