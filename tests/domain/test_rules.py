"""The rules about hours, time kept free, rooms and authorizations, said in sentences."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.calendar import (
    RULES,
    SHIPPED_WEIGHTS,
    AuthorizationFacts,
    BlockRow,
    DayFacts,
    DayPlan,
    HeldVisit,
    HoldRow,
    Rule,
    Span,
    WantedVisit,
    Weight,
    breaches_of,
    free_for,
    legal_starts,
)
from medsec_desktop.domain.calendar.crowds import columns, crowded
from medsec_desktop.domain.calendar.spans import common
from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.practice import settings

DAY = date(2026, 3, 10)  # a Tuesday
OPEN = (Span(540, 720), Span(780, 1020))  # 9–12, 1–5
FORMATS = Formats()


def a_wish(at: str = "10:00", minutes: int = 30, **changes) -> WantedVisit:
    hour, minute = (int(part) for part in at.split(":"))
    return WantedVisit(
        **{
            "patient_id": 1, "provider_id": 1, "starts_at": datetime(2026, 3, 10, hour, minute),
            "duration_min": minutes, **changes,
        }
    )  # fmt: skip


def the_facts(plan: DayPlan | None = None, **changes) -> DayFacts:
    return DayFacts(
        **{
            "day": DAY, "today": DAY, "provider_name": "Dr. Chen",
            "patient_name": "Testperson, Ada", "plan": plan or DayPlan(OPEN), **changes,
        }
    )  # fmt: skip


def a_block(first: int = 600, last: int = 660, **changes) -> BlockRow:
    fields = {
        "id": 5, "version": 1, "day": DAY, "span": Span(first, last), "title": "Team meeting",
        "kind": "meeting", "provider_id": 1, "room_id": None, "admits": frozenset(), "note": "",
        "repeats": False,
    }  # fmt: skip
    return BlockRow(**{**fields, **changes})


def a_hold(**changes) -> HoldRow:
    fields = {
        "id": 3, "version": 1, "provider_id": 1, "room_id": None, "patient_id": 9,
        "starts_at": datetime(2026, 3, 10, 10, 0), "duration_min": 30,
        "title": "Keep for Ms. Sampleton", "expires_at": datetime(2026, 3, 10, 17, 0),
    }  # fmt: skip
    return HoldRow(**{**fields, **changes})


def a_visit(visit_id: int, first: int, last: int, **changes) -> HeldVisit:
    fields = {
        "patient_id": 20 + visit_id, "patient_name": f"Testperson, B{visit_id}", "provider_id": 1,
        "provider_name": "Dr. Chen", "room_id": None, "span": Span(first, last),
    }  # fmt: skip
    return HeldVisit(visit_id, **{**fields, **changes})


def test_every_rule_is_said_in_a_sentence_and_weighed_by_a_setting():
    assert set(RULES) == set(Rule)
    assert {rule: Weight(settings.RULE_WEIGHTS[rule].default) for rule in Rule} == SHIPPED_WEIGHTS


@pytest.mark.parametrize(
    ("wish", "facts", "rule", "sentence"),
    [
        (
            a_wish(), the_facts(DayPlan(OPEN, closed="Founders’ Day", holiday="Founders’ Day")),
            Rule.HOLIDAY, "Tuesday, March 10, 2026 is a public holiday: Founders’ Day.",
        ),
        (
            a_wish(), the_facts(DayPlan(OPEN, blocks=(a_block(),))), Rule.BLOCKED,
            "10:00–11:00 AM is kept free for Dr. Chen: Team meeting.",
        ),
        (
            a_wish(type_id=1),
            the_facts(
                DayPlan(OPEN, blocks=(a_block(admits=frozenset([2]), title="Physicals"),)),
                type_names={2: "Physical"},
            ),
            Rule.BLOCKED, "10:00–11:00 AM is kept for Physical: Physicals.",
        ),
        (
            a_wish(), the_facts(DayPlan(OPEN, holds=(a_hold(),))), Rule.HELD,
            "10:00–10:30 AM is held until 5:00 PM: Keep for Ms. Sampleton.",
        ),
        (
            a_wish(room_id=1), the_facts(room_plan=DayPlan((Span(780, 900),)), room_name="Lab"),
            Rule.ROOM_CLOSED, "Lab is open 1:00–3:00 PM on that Tuesday.",
        ),
        (
            a_wish(room_id=1), the_facts(room_plan=DayPlan((), differs="Painters"), room_name="Lab"),
            Rule.ROOM_CLOSED, "Lab is not open on Tuesday, March 10 (Painters).",
        ),
        (
            a_wish(room_id=1, room_kind="x-ray", type_name="Chest film"),
            the_facts(room_plan=DayPlan(OPEN), room_name="Exam 1", room_kind="exam"),
            Rule.ROOM_KIND,
            "Chest film wants a room of the kind “x-ray”; Exam 1 is of the kind “exam”.",
        ),
        (
            a_wish(), the_facts(authorization=AuthorizationFacts("AX-1", 6, 6)),
            Rule.AUTHORIZATION, "Authorization AX-1 allows 6 visits, and 6 count on it already.",
        ),
        (
            a_wish(),
            the_facts(authorization=AuthorizationFacts("AX-1", 6, 2, ends_on=date(2026, 3, 9))),
            Rule.AUTHORIZATION,
            "Authorization AX-1 ends before that, on Monday, March 9, 2026.",
        ),
        (
            a_wish(),
            the_facts(authorization=AuthorizationFacts("AX-1", 6, 2, date(2026, 3, 11))),
            Rule.AUTHORIZATION,
            "Authorization AX-1 begins after that, on Wednesday, March 11, 2026.",
        ),
        (
            a_wish("14:00"), the_facts(DayPlan((Span(540, 720),), differs="Training")),
            Rule.OUTSIDE_HOURS, "Dr. Chen works 9:00 AM–12:00 PM on that Tuesday (Training).",
        ),
        (
            a_wish(), the_facts(DayPlan((), differs="Leave")),
            Rule.OUTSIDE_HOURS, "Dr. Chen is away on Tuesday, March 10 (Leave).",
        ),
    ],
)  # fmt: skip
def test_a_refusal_names_the_rule_and_what_is_in_the_way(wish, facts, rule, sentence):
    (breach,) = breaches_of(wish, facts, FORMATS)

    assert breach.rule == rule
    assert breach.sentence == sentence


def test_a_block_admits_its_types_and_links_to_itself():
    block = a_block(admits=frozenset([2]))
    facts = the_facts(DayPlan(OPEN, blocks=(block,)), type_names={2: "Physical"})

    assert breaches_of(a_wish(type_id=2), facts, FORMATS) == ()
    (breach,) = breaches_of(a_wish(type_id=1), facts, FORMATS)
    assert (breach.links[0].kind, breach.links[0].key) == ("block", "5|2026-03-10")


def test_a_hold_is_no_hindrance_to_the_one_it_is_kept_for():
    facts = the_facts(DayPlan(OPEN, holds=(a_hold(),)))

    assert breaches_of(a_wish(patient_id=9), facts, FORMATS) == ()
    assert breaches_of(a_wish(hold_id=3), facts, FORMATS) == ()


def test_a_block_on_everybody_is_said_once_for_provider_and_room():
    block = a_block(provider_id=None)
    facts = the_facts(DayPlan(OPEN, blocks=(block,)), room_plan=DayPlan(OPEN, blocks=(block,)))

    assert len(breaches_of(a_wish(room_id=1), facts, FORMATS)) == 1


def test_where_closures_are_not_checked_the_hours_still_are():
    facts = the_facts(DayPlan(OPEN, closed="Renovation"))
    weights = {**SHIPPED_WEIGHTS, Rule.CLOSURE: Weight.OFF}

    assert breaches_of(a_wish(), facts, FORMATS, weights) == ()
    (breach,) = breaches_of(a_wish("20:00"), facts, FORMATS, weights)
    assert breach.rule == Rule.OUTSIDE_HOURS


def test_a_provider_takes_as_many_at_a_time_as_she_said_and_no_more():
    one, two = a_visit(1, 600, 630), a_visit(2, 615, 645)

    assert breaches_of(a_wish(), the_facts(visits_at_once=3, held=(one, two)), FORMATS) == ()
    (breach,) = breaches_of(a_wish(), the_facts(visits_at_once=2, held=(one, two)), FORMATS)
    assert breach.sentence == (
        "Dr. Chen takes 2 patients at a time and already sees Testperson, B1 and Testperson, B2."
    )
    assert [link.key for link in breach.links] == ["1", "2"]


@pytest.mark.parametrize(
    ("before_min", "after_min", "refused"),
    [(0, 0, False), (5, 10, True)],
    ids=["one after the other", "side by side"],
)
def test_two_short_visits_beside_a_long_one_stand_in_one_column_or_in_two(
    before_min, after_min, refused
):
    """What needs time between itself and the next takes a second patient's place meanwhile."""
    around = {"buffer_before_min": before_min, "buffer_after_min": after_min}
    held = (a_visit(1, 600, 610, **around), a_visit(2, 610, 620, **around))
    facts = the_facts(visits_at_once=2, held=held)

    found = breaches_of(a_wish(buffer_before_min=5, buffer_after_min=10), facts, FORMATS)

    assert bool(found) == refused
    for breach in found:
        assert breach.rule == Rule.BUFFER
        assert breach.sentence == (
            "Dr. Chen takes 2 patients at a time; beside Testperson, B1 and Testperson, B2 the time "
            "needed between visits is not free."
        )
        assert [link.key for link in breach.links] == ["1", "2"]
    starts = legal_starts(
        a_wish(buffer_before_min=5, buffer_after_min=10), DAY, (Span(600, 660),), held, 5,
        datetime(2026, 3, 10), at_once=2,
    )  # fmt: skip
    assert starts[0] == datetime(2026, 3, 10, 10, 20 if refused else 0)


def test_two_at_once_do_not_share_a_room():
    one = a_visit(1, 600, 630, room_id=4)

    facts = the_facts(visits_at_once=2, held=(one,), room_plan=DayPlan(OPEN))

    (breach,) = breaches_of(a_wish(room_id=4), facts, FORMATS)
    assert breach.rule == Rule.ROOM_TAKEN


@pytest.mark.parametrize("rule", list(Rule))
def test_a_rule_switched_off_is_not_checked(rule):
    facts = the_facts(
        DayPlan((), blocks=(a_block(),), holds=(a_hold(),)),
        room_plan=DayPlan(()), room_name="Lab", held=(a_visit(1, 600, 630, room_id=1),),
        authorization=AuthorizationFacts("AX-1", 1, 1),
    )  # fmt: skip
    wish = a_wish(room_id=1, room_kind="x-ray")

    found = breaches_of(wish, facts, FORMATS, {**SHIPPED_WEIGHTS, rule: Weight.OFF})

    assert rule not in [breach.rule for breach in found]


spans = st.tuples(st.integers(480, 1080), st.integers(5, 120)).map(
    lambda s: Span(s[0], s[0] + s[1])
)


@given(st.lists(spans, max_size=6), st.integers(1, 3))
def test_crowded_is_where_that_many_lie_on_top_of_each_other(taken, at_once):
    full = crowded(((span.starts_min, span.ends_min, 0, 0) for span in taken), at_once)

    for minute in range(480, 1210, 5):
        here = sum(span.starts_min <= minute < span.ends_min for span in taken)
        assert (here >= at_once) == any(first <= minute < last for first, last in full)


def test_visits_go_side_by_side_where_one_needs_time_before_the_next():
    assert columns([(600, 610, 0, 0), (610, 620, 0, 0), (620, 630, 0, 0)]) == 1
    assert columns([(600, 610, 0, 10), (610, 620, 0, 0), (620, 630, 0, 0)]) == 2
    assert columns([(600, 610, 0, 0), (605, 625, 0, 0), (610, 620, 10, 0)]) == 3


@given(st.lists(spans, max_size=4), st.lists(spans, max_size=4))
def test_common_time_lies_in_both(one, other):
    shared = common(one, other)

    for minute in range(480, 1210, 5):
        both = all(
            any(span.starts_min <= minute < span.ends_min for span in each) for each in (one, other)
        )
        assert both == any(s.starts_min <= minute < s.ends_min for s in shared)


@given(
    st.lists(spans, max_size=3),
    st.lists(spans, max_size=5),
    st.lists(st.sampled_from([None, 4]), min_size=5, max_size=5),
    st.integers(1, 2),
    st.integers(0, 15),
)
def test_whatever_is_offered_breaks_no_rule(blocked, visits, rooms, at_once, buffer_min):
    held = tuple(
        a_visit(n, span.starts_min, span.ends_min, room_id=rooms[n])
        for n, span in enumerate(visits)
    )
    plan = DayPlan(OPEN, blocks=tuple(a_block(s.starts_min, s.ends_min) for s in blocked))
    room = DayPlan((Span(600, 900),), holds=(a_hold(),))
    wish = a_wish(room_id=4, buffer_after_min=buffer_min)

    starts = legal_starts(
        wish, DAY, free_for(wish, plan, room), held, 15, datetime(2026, 3, 10), at_once=at_once
    )

    facts = the_facts(plan, room_plan=room, visits_at_once=at_once, held=held)
    for start in starts:
        offered = a_wish(f"{start:%H:%M}", room_id=4, buffer_after_min=buffer_min)
        assert breaches_of(offered, facts, FORMATS) == ()
