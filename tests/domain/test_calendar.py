from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.calendar import (
    SHIPPED_WEIGHTS,
    ClosurePeriod,
    DayFacts,
    DayPlan,
    HeldVisit,
    Rule,
    Span,
    VisitStatus,
    WantedVisit,
    WeeklyHours,
    Weight,
    breaches_of,
    closed_by,
    free_within,
    hours_on,
    lanes_for,
    legal_starts,
    merged,
    nearest,
    provider_called,
    refuse_impossible,
    slot_starts,
)
from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.problems import Invalid

DAY = date(2026, 3, 10)  # a Tuesday
MORNING, AFTERNOON = Span(540, 720), Span(780, 1020)  # 9–12, 1–5
FORMATS = Formats()


def a_span(starts: str, ends: str) -> Span:
    hour, minute = (int(part) for part in starts.split(":"))
    last_hour, last_minute = (int(part) for part in ends.split(":"))
    return Span(hour * 60 + minute, last_hour * 60 + last_minute)


def a_wish(starts: str = "10:00", minutes: int = 30, **changes) -> WantedVisit:
    hour, minute = (int(part) for part in starts.split(":"))
    fields = {"patient_id": 1, "provider_id": 1, "starts_at": datetime(2026, 3, 10, hour, minute)}
    return WantedVisit(**{**fields, "duration_min": minutes, **changes})


def a_held_visit(starts: str, ends: str, **changes) -> HeldVisit:
    fields = {
        "id": 7, "patient_id": 2, "patient_name": "Testperson, Bea", "provider_id": 1,
        "provider_name": "Dr. Chen", "room_id": None, "span": a_span(starts, ends),
    }  # fmt: skip
    return HeldVisit(**{**fields, **changes})


def the_facts(*held: HeldVisit, **changes) -> DayFacts:
    fields = {
        "day": DAY, "today": DAY, "provider_name": "Dr. Chen", "patient_name": "Testperson, Ada",
        "held": held,
    }  # fmt: skip
    plan = {"hours": (MORNING, AFTERNOON)}
    for name in [name for name in changes if name in ("hours", "keeps_hours", "closed")]:
        plan[name] = changes.pop(name)
    return DayFacts(**{**fields, "plan": DayPlan(**plan), **changes})


def rules(wanted: WantedVisit, facts: DayFacts) -> list[Rule]:
    return [breach.rule for breach in breaches_of(wanted, facts, FORMATS)]


# -- spans, hours, slots ----------------------------------------------------------------------


def test_spans_that_touch_do_not_overlap_and_merge_into_one():
    assert not Span(540, 600).overlaps(Span(600, 660))
    assert merged([Span(600, 660), Span(540, 600), Span(700, 700)]) == (Span(540, 660),)


def test_hours_hold_on_their_weekday_between_their_dates():
    weekly = [
        WeeklyHours(1, MORNING),
        WeeklyHours(1, AFTERNOON, valid_to=date(2026, 3, 9)),
        WeeklyHours(1, Span(780, 900), valid_from=date(2026, 3, 10)),
        WeeklyHours(2, AFTERNOON),
    ]

    assert hours_on(DAY, weekly) == (MORNING, Span(780, 900))
    assert hours_on(date(2026, 3, 3), weekly) == (MORNING, AFTERNOON)
    assert hours_on(date(2026, 3, 15), weekly) == ()


def test_the_practice_closure_is_named_before_a_providers_leave():
    closures = [
        ClosurePeriod("Annual leave", 1, date(2026, 3, 9), date(2026, 3, 13)),
        ClosurePeriod("Spring holiday", None, DAY, DAY),
    ]

    assert closed_by(DAY, 1, closures) == "Spring holiday"
    assert closed_by(date(2026, 3, 9), 1, closures) == "Annual leave"
    assert closed_by(date(2026, 3, 9), 2, closures) == ""


def test_starts_step_from_the_beginning_of_each_free_period():
    starts = slot_starts([MORNING], [a_span("9:20", "9:40")], duration_min=30, step_min=30)

    assert starts == (580, 610, 640, 670)


def test_on_the_grid_starts_are_round():
    starts = slot_starts([MORNING], [a_span("9:20", "9:40")], 30, 30, on_grid=True)

    assert starts == (600, 630, 660, 690)


def test_a_visit_longer_than_every_free_period_has_no_start():
    assert slot_starts([MORNING, AFTERNOON], [], duration_min=300, step_min=15) == ()


SPANS = st.builds(
    lambda first, length: Span(first, first + length), st.integers(0, 1380), st.integers(1, 60)
)


@given(st.lists(SPANS, max_size=6), st.lists(SPANS, max_size=12), st.integers(1, 90),
       st.integers(5, 60))  # fmt: skip
def test_no_start_offered_touches_anything_busy_or_leaves_the_hours(hours, busy, length, step):
    for start in slot_starts(hours, busy, length, step):
        offered = Span(start, start + length)
        assert not any(offered.overlaps(taken) for taken in busy)
        assert any(period.holds(offered) for period in merged(hours))


@given(st.lists(SPANS, max_size=8), st.lists(SPANS, max_size=8))
def test_every_minute_of_the_hours_is_either_free_or_busy(hours, busy):
    def minutes(spans):
        return {minute for span in spans for minute in range(span.starts_min, span.ends_min)}

    assert minutes(free_within(hours, busy)) == minutes(hours) - minutes(busy)


def test_a_slot_offered_breaks_no_rule():
    held = (a_held_visit("9:00", "9:50", buffer_after_min=10), a_held_visit("13:00", "16:00", id=8))
    wanted = a_wish(buffer_before_min=5)

    starts = legal_starts(wanted, DAY, (MORNING, AFTERNOON), held, 15, datetime(2026, 3, 10, 8))

    assert starts[0] == datetime(2026, 3, 10, 10, 0)
    for start in starts:
        moved = a_wish(f"{start:%H:%M}", buffer_before_min=5)
        assert rules(moved, the_facts(*held)) == []


def test_nothing_is_offered_on_a_day_the_patient_already_comes():
    held = (a_held_visit("9:00", "9:30", patient_id=1, provider_id=2),)

    assert legal_starts(a_wish(), DAY, (MORNING,), held, 15, datetime(2026, 3, 10)) == ()


def test_nothing_is_offered_in_the_past():
    starts = legal_starts(a_wish(), DAY, (MORNING,), (), 30, datetime(2026, 3, 10, 11, 10))

    assert starts == (datetime(2026, 3, 10, 11, 30),)


def test_the_nearest_of_two_equally_near_slots_is_the_earlier():
    starts = [datetime(2026, 3, 10, hour) for hour in (8, 9, 11, 12)]

    assert [start.hour for start in nearest(starts, datetime(2026, 3, 10, 10), 3)] == [9, 11, 8]


# -- lanes ------------------------------------------------------------------------------------


def test_a_visit_alone_has_the_whole_column():
    (lane,) = lanes_for([a_span("9:00", "9:30")])

    assert (lane.index, lane.width, lane.count) == (0, 1, 1)


def test_visits_that_overlap_stand_side_by_side_and_stretch_where_there_is_room():
    long, early, late, after = lanes_for(
        [
            a_span("9:00", "11:00"),
            a_span("9:00", "9:30"),
            a_span("9:15", "9:45"),
            a_span("10:00", "10:30"),
        ]
    )

    assert [lane.index for lane in (long, early, late, after)] == [0, 1, 2, 1]
    assert {lane.count for lane in (long, early, late, after)} == {3}
    assert after.width == 2


@given(st.lists(SPANS, max_size=40))
def test_lanes_of_overlapping_visits_never_overlap(spans):
    lanes = lanes_for(spans)

    assert len(lanes) == len(spans)
    for i, lane in enumerate(lanes):
        assert 0 <= lane.index < lane.index + lane.width <= lane.count
        for k in range(i):
            if spans[i].overlaps(spans[k]):
                other = lanes[k]
                assert lane.count == other.count
                assert (
                    lane.index + lane.width <= other.index
                    or other.index + other.width <= lane.index
                )


# -- rules ------------------------------------------------------------------------------------


def test_a_free_slot_in_the_hours_breaks_nothing():
    assert rules(a_wish(), the_facts(a_held_visit("9:30", "10:00"))) == []


def test_an_overlap_is_hard_and_links_the_visit_in_the_way():
    (breach,) = breaches_of(a_wish(), the_facts(a_held_visit("10:15", "10:45")), FORMATS)

    assert breach.rule == Rule.OVERLAP
    assert breach.is_hard
    assert breach.sentence == "Dr. Chen already sees Testperson, Bea, 10:15–10:45 AM."
    assert [(link.kind, link.key) for link in breach.links] == [("appointment", "7")]


def test_a_visit_being_moved_is_not_in_its_own_way():
    assert rules(a_wish(id=7), the_facts(a_held_visit("10:15", "10:45", patient_id=1))) == []


def test_another_providers_visit_is_in_the_way_only_of_its_room():
    other = a_held_visit("10:00", "10:30", provider_id=2, provider_name="Dr. Okafor", room_id=3)

    assert rules(a_wish(), the_facts(other)) == []
    (breach,) = breaches_of(a_wish(room_id=3), the_facts(other, room_name="Room 3"), FORMATS)
    assert breach.rule == Rule.ROOM_TAKEN
    assert breach.sentence == (
        "Room 3 is taken by Testperson, Bea with Dr. Okafor, 10:00–10:30 AM."
    )


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (PatientStatus.DECEASED, "Testperson, Ada is recorded as deceased."),
        (PatientStatus.ARCHIVED, "The file of Testperson, Ada is archived."),
    ],
)
def test_nobody_books_for_a_patient_who_is_gone(status, sentence):
    (breach,) = breaches_of(a_wish(), the_facts(patient_status=status), FORMATS)

    assert breach.is_hard
    assert breach.sentence == sentence


@pytest.mark.parametrize(
    ("wanted", "changes", "sentence"),
    [
        (
            a_wish("11:45"), {},
            "Dr. Chen works 9:00 AM–12:00 PM and 1:00–5:00 PM on that Tuesday.",
        ),
        (a_wish(), {"hours": ()}, "Dr. Chen does not work on Tuesday, March 10."),
        (
            a_wish(), {"hours": (), "keeps_hours": False},
            "Dr. Chen has no working hours yet; they are set in Settings.",
        ),
        (
            a_wish("9:00", 600), {},
            "600 minutes is longer than Dr. Chen works at a stretch on that Tuesday "
            "(9:00 AM–12:00 PM and 1:00–5:00 PM).",
        ),
    ],
)  # fmt: skip
def test_outside_the_hours_is_soft_and_says_when_the_provider_works(wanted, changes, sentence):
    (breach,) = breaches_of(wanted, the_facts(**changes), FORMATS)

    assert breach.rule == Rule.OUTSIDE_HOURS
    assert not breach.is_hard
    assert breach.sentence == sentence


def test_a_closure_is_named_instead_of_the_hours():
    (breach,) = breaches_of(a_wish("20:00"), the_facts(closed="Spring holiday"), FORMATS)

    assert breach.rule == Rule.CLOSURE
    assert breach.sentence == ("Tuesday, March 10, 2026 is closed for Dr. Chen: Spring holiday.")


def test_a_second_visit_on_the_day_needs_a_reason():
    other = a_held_visit("15:00", "15:30", patient_id=1, provider_id=2, provider_name="Dr. Okafor")

    (breach,) = breaches_of(a_wish(), the_facts(other), FORMATS)

    assert breach.rule == Rule.SAME_DAY
    assert not breach.is_hard


def test_the_time_a_type_needs_after_it_is_kept_free():
    cleaning = a_held_visit("9:00", "9:50", buffer_after_min=15)

    assert rules(a_wish("10:00"), the_facts(cleaning)) == [Rule.BUFFER]
    assert rules(a_wish("10:05"), the_facts(cleaning)) == []


def test_a_day_already_past_needs_a_reason_but_earlier_today_does_not():
    assert rules(a_wish("9:00"), the_facts(today=date(2026, 3, 11))) == [Rule.PAST_DATE]
    assert rules(a_wish("9:00"), the_facts(today=DAY)) == []


def test_hard_breaches_come_before_soft_ones():
    facts = the_facts(a_held_visit("17:00", "18:00"), today=date(2026, 4, 1))

    assert rules(a_wish("17:30"), facts) == [Rule.OVERLAP, Rule.OUTSIDE_HOURS, Rule.PAST_DATE]


@pytest.mark.parametrize(("starts", "minutes"), [("23:45", 30), ("0:00", 1441), ("9:00", 0)])
def test_no_visit_runs_past_midnight_or_has_no_length(starts, minutes):
    with pytest.raises(Invalid):
        refuse_impossible(a_wish(starts, minutes), FORMATS)


def test_a_visit_may_end_at_midnight():
    refuse_impossible(a_wish("23:30", 30), FORMATS)


def test_cancelled_missed_and_left_visits_hold_no_time():
    freed = {status for status in VisitStatus if not status.holds_its_slot}

    assert freed == {VisitStatus.CANCELLED, VisitStatus.NO_SHOW, VisitStatus.LEFT}


def test_a_practice_may_soften_a_rule_or_switch_it_off():
    facts = the_facts(a_held_visit("10:15", "10:45"))
    softened = {**SHIPPED_WEIGHTS, Rule.OVERLAP: Weight.SOFT}
    off = {**SHIPPED_WEIGHTS, Rule.OVERLAP: Weight.OFF}

    assert not breaches_of(a_wish(), facts, FORMATS, softened)[0].is_hard
    assert breaches_of(a_wish(), facts, FORMATS, off) == ()


@pytest.mark.parametrize(
    ("names", "called"),
    [
        (("Chen", "Robin", "MD"), "Dr. Chen"),
        (("Chen", "Robin", "M.D., Ph.D."), "Dr. Chen"),
        (("Lopez", "Maria", "NP"), "Maria Lopez, NP"),
        (("Lopez", "Maria", ""), "Maria Lopez"),
        (("Lopez",), "Lopez"),
    ],
)
def test_a_provider_is_called_as_on_the_phone(names, called):
    assert provider_called(*names) == called
