from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from medsec_desktop.domain.calendar import Span, VisitStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Closure, Room
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.calendar.notes import HoldDraft, NoteDraft
from medsec_desktop.services.calendar.views import NO_ROOM, ColumnKey, SavedViewDraft
from tests.conftest import a_patient, a_provider, a_type, an_appointment

THURSDAY = date(2026, 3, 12)
TEN = datetime(2026, 3, 12, 10)
WEEK = [date(2026, 3, 9) + timedelta(days=number) for number in range(5)]


@pytest.fixture
def chen(session):
    return a_provider(session)


@pytest.fixture
def lopez(session, chen):
    return a_provider(session, "Lopez", position=1)


@pytest.fixture
def room(session):
    with session.change("Add a room", Permission.EDIT_SETTINGS):
        return Room.create(name="Exam room 1").id


def a_visit(session, provider, at=TEN, **fields):
    return an_appointment(
        session, a_patient(session), provider, at.isoformat(timespec="minutes"), **fields
    )


# -- the grid ---------------------------------------------------------------------------------


def test_a_day_has_a_column_for_each_bookable_provider(session, office, chen, lopez):
    visit = a_visit(session, lopez)

    view = office.views.grid([THURSDAY])

    assert [column.provider_id for column in view.columns] == [chen, lopez]
    assert [[v.id for v in column.visits] for column in view.columns] == [[], [visit]]
    assert view.columns[0].called == "Dr. Chen"
    assert not view.is_week


def test_a_day_by_room_has_a_last_column_for_visits_without_one(session, office, chen, room):
    with_room = a_visit(session, chen, room_id=room)
    without = a_visit(session, chen, TEN.replace(hour=11))

    view = office.views.grid([THURSDAY], kind="room")

    assert [column.key for column in view.columns] == [ColumnKey("room", room), NO_ROOM]
    assert [[v.id for v in column.visits] for column in view.columns] == [[with_room], [without]]
    assert view.columns[0].hours == (Span(0, 1440),)


def test_a_mixed_choice_keeps_its_order_and_shows_a_visit_in_each_of_its_columns(
    session, office, chen, room
):
    visit = a_visit(session, chen, room_id=room)

    view = office.views.grid([THURSDAY], [ColumnKey("room", room), ColumnKey("provider", chen)])

    assert view.columns[0].title == "Exam room 1"
    assert [[v.id for v in column.visits] for column in view.columns] == [[visit], [visit]]
    assert [v.id for v in view.visits] == [visit]


def test_a_week_has_a_column_a_day(session, office, chen, lopez):
    visit = a_visit(session, chen)
    a_visit(session, lopez)

    view = office.views.grid(WEEK, [ColumnKey("provider", chen)])

    assert view.is_week
    assert [column.day for column in view.columns] == WEEK
    assert [len(column.visits) for column in view.columns] == [0, 0, 0, 1, 0]
    assert view.columns[3].visits[0].id == visit


def test_cancelled_visits_show_only_when_asked_for(session, office, chen):
    a_visit(session, chen, status=VisitStatus.CANCELLED)

    assert office.views.grid([THURSDAY]).visits == ()
    assert len(office.views.grid([THURSDAY], with_cancelled=True).visits) == 1


def test_a_column_of_somebody_who_is_gone_is_left_out(office, chen):
    view = office.views.grid([THURSDAY], [ColumnKey("provider", chen), ColumnKey("provider", 99)])

    assert len(view.columns) == 1


# -- month and agenda -------------------------------------------------------------------------


def test_a_month_has_every_day_with_its_visits_closures_and_notes(session, office, chen):
    a_visit(session, chen, type_id=a_type(session))
    office.notes.save_note(NoteDraft(THURSDAY, "Inventory"))
    with session.change("Close", Permission.EDIT_SETTINGS):
        Closure.create(name="Staff day", first_on="2026-03-13", last_on="2026-03-13")

    days = {each.day: each for each in office.views.month(date(2026, 3, 1), date(2026, 3, 31))}

    assert len(days) == 31
    assert [visit.type_name for visit in days[THURSDAY].visits] == ["Follow-up"]
    assert [note.text for note in days[THURSDAY].notes] == ["Inventory"]
    assert days[date(2026, 3, 13)].closed == "Staff day"
    assert days[THURSDAY].closed == ""
    assert days[THURSDAY].works
    assert not days[date(2026, 3, 15)].works


def test_the_agenda_lists_visits_of_some_days_by_time(session, office, chen, lopez):
    late = a_visit(session, chen, TEN + timedelta(days=1))
    early = a_visit(session, lopez)

    everyone = office.views.agenda(THURSDAY, THURSDAY + timedelta(days=13))
    chens = office.views.agenda(THURSDAY, date(2026, 3, 25), [ColumnKey("provider", chen)])

    assert [visit.id for visit in everyone] == [early, late]
    assert [visit.id for visit in chens] == [late]


# -- saved views ------------------------------------------------------------------------------


def test_saved_views_keep_their_columns_and_order(office, chen, lopez):
    views = office.views
    both = (ColumnKey("provider", lopez), ColumnKey("provider", chen))
    first = views.save(SavedViewDraft("Both", both))
    second = views.save(SavedViewDraft("Chen", both[1:]))

    views.move(second, -1)

    assert [(view.id, view.columns) for view in views.saved()] == [
        (second, both[1:]),
        (first, both),
    ]


def test_a_saved_view_can_be_changed_removed_and_brought_back(session, office, chen):
    views = office.views
    number = views.save(SavedViewDraft("Mine", (ColumnKey("provider", chen),)))
    view = views.saved()[0]

    views.save(SavedViewDraft("Ours", view.columns, view.id, view.version))
    assert [each.name for each in views.saved()] == ["Ours"]

    views.remove(number)
    assert views.saved() == ()
    session.undo()
    assert [each.name for each in views.saved()] == ["Ours"]


@pytest.mark.parametrize(
    ("name", "columns", "field"),
    [(" ", (NO_ROOM,), "name"), ("Mine", (), "columns"), ("TAKEN", (NO_ROOM,), "name")],
)
def test_a_view_without_name_or_columns_or_of_a_taken_name_is_refused(office, name, columns, field):
    office.views.save(SavedViewDraft("Taken", (NO_ROOM,)))

    with pytest.raises(Invalid) as refused:
        office.views.save(SavedViewDraft(name, columns))

    assert refused.value.field == field


# -- notes ------------------------------------------------------------------------------------


def test_notes_stand_above_their_day_or_at_a_time(office, chen, lopez):
    notes = office.notes
    notes.save_note(NoteDraft(THURSDAY, "Inventory"))
    notes.save_note(NoteDraft(THURSDAY, "Call the lab", chen, 600))

    view = office.views.grid([THURSDAY])

    assert [note.text for note in view.notes] == ["Inventory"]
    assert [[note.text for note in column.notes] for column in view.columns] == [
        ["Call the lab"],
        [],
    ]


def test_a_removed_note_comes_back_with_undo(session, office):
    number = office.notes.save_note(NoteDraft(THURSDAY, "Inventory"))

    office.notes.remove_note(number)
    assert office.notes.of_day(THURSDAY) == ()

    session.undo()
    assert [note.text for note in office.notes.of_day(THURSDAY)] == ["Inventory"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_an_empty_or_endless_note_is_refused(office, text):
    with pytest.raises(Invalid):
        office.notes.save_note(NoteDraft(THURSDAY, text))


def test_a_note_changed_by_somebody_else_is_not_overwritten(office):
    number = office.notes.save_note(NoteDraft(THURSDAY, "One"))
    office.notes.save_note(NoteDraft(THURSDAY, "Two", id=number, version=1))

    with pytest.raises(Conflict):
        office.notes.save_note(NoteDraft(THURSDAY, "Three", id=number, version=1))


# -- holds ------------------------------------------------------------------------------------


def a_hold(clock, provider, **fields):
    until = clock.now() + timedelta(minutes=30)
    values = {"title": "Mother calls back", "starts_at": TEN, "duration_min": 30,
              "expires_at": until, "provider_id": provider}  # fmt: skip
    return HoldDraft(**{**values, **fields})


def test_a_hold_shows_until_it_expires_and_then_for_a_while_that_it_did(office, clock, chen):
    number = office.notes.save_hold(a_hold(clock, chen))

    assert [hold.id for hold in office.views.grid([THURSDAY]).columns[0].holds] == [number]

    clock.advance(timedelta(minutes=40))
    (over,) = office.views.grid([THURSDAY]).columns[0].holds
    assert over.expires_at <= clock.now()

    clock.advance(timedelta(minutes=30))
    assert office.views.grid([THURSDAY]).columns[0].holds == ()


def test_a_released_hold_is_gone_and_undo_brings_it_back(session, office, clock, chen):
    number = office.notes.save_hold(a_hold(clock, chen))

    office.notes.release(number)
    with pytest.raises(Conflict):
        office.notes.hold(number)

    session.undo()
    assert office.notes.hold(number).title == "Mother calls back"


def test_what_is_taken_is_not_held_and_the_refusal_names_who_has_it(session, office, clock, chen):
    visit = a_visit(session, chen)

    with pytest.raises(Conflict) as refused:
        office.notes.save_hold(a_hold(clock, chen, starts_at=TEN.replace(minute=15)))

    assert refused.value.links[0].key == str(visit)
    assert "Testperson" in str(refused.value)


def test_what_is_held_is_not_held_again_until_the_hold_expires(office, clock, chen):
    office.notes.save_hold(a_hold(clock, chen))

    with pytest.raises(Conflict, match="Mother calls back"):
        office.notes.save_hold(a_hold(clock, chen, starts_at=TEN.replace(minute=15)))

    clock.advance(timedelta(minutes=31))
    assert office.notes.save_hold(a_hold(clock, chen, starts_at=TEN.replace(minute=15)))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"provider_id": None}, "provider_id"),
        ({"duration_min": 0}, "duration_min"),
        ({"starts_at": datetime(2026, 3, 12, 23, 45)}, "duration_min"),
        ({"starts_at": datetime(2026, 3, 10, 9)}, "starts_at"),
        ({"expires_at": datetime(2026, 3, 11, 8)}, "expires_at"),
    ],
)
def test_an_impossible_hold_is_refused_at_its_field(office, clock, chen, fields, field):
    with pytest.raises(Invalid) as refused:
        office.notes.save_hold(a_hold(clock, chen, **fields))

    assert refused.value.field == field
