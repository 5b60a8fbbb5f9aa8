"""A morning at the front desk in the real window, by keys alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from medsec_desktop.domain.calendar import VisitStatus
from tests.conftest import a_patient, a_provider, a_type, an_appointment
from tests.ui.frame import a_window

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def chen(session):
    a_type(session)
    return a_provider(session)


@pytest.fixture
def window(qtbot, office, chen):
    window = a_window(qtbot, office)
    yield window
    window.desk.drafts.close()


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def type_and_enter(qtbot, text):
    qtbot.keyClicks(QApplication.focusWidget(), text)
    press(qtbot, Qt.Key.Key_Return)


def test_from_a_ringing_phone_to_a_booking_read_back_for_somebody_new(window, office, qtbot):
    press(qtbot, Qt.Key.Key_B, CTRL)
    type_and_enter(qtbot, "Nora Sampleton")
    type_and_enter(qtbot, "")
    type_and_enter(qtbot, "3/14/1984")
    type_and_enter(qtbot, "212 555 0123")
    press(qtbot, Qt.Key.Key_Return)
    type_and_enter(qtbot, "fri 3pm")

    (visit,) = office.calendar.of_day(datetime(2026, 3, 13).date())
    assert (visit.patient_name, visit.starts_at.hour) == ("Sampleton, Nora", 15)
    side = window.tab_named("calendar").side
    assert side.booked.summary.text() == "Friday, March 13, 3:00 PM, 30 minutes with Dr. Chen"
    press(qtbot, Qt.Key.Key_Escape)
    assert not side.booked.isVisible()


def test_a_visit_arrives_is_seen_and_done_in_the_calendar(
    window, office, session, clock, qtbot, chen
):
    visit_id = an_appointment(session, a_patient(session), chen, "2026-03-11T09:00")
    window.go.show_day(clock.today(), visit_id)

    press(qtbot, Qt.Key.Key_F3)
    clock.advance(timedelta(minutes=5))
    press(qtbot, Qt.Key.Key_F4)
    clock.advance(timedelta(minutes=20))
    press(qtbot, Qt.Key.Key_F4)

    events = office.calendar.events(visit_id)
    assert [(event.status, event.at.minute) for event in events] == [
        (VisitStatus.ARRIVED, 0), (VisitStatus.IN_ROOM, 5), (VisitStatus.DONE, 25),
    ]  # fmt: skip
    press(qtbot, Qt.Key.Key_Z, CTRL)
    assert office.calendar.appointment(visit_id).row.status == VisitStatus.IN_ROOM


def test_two_visits_are_pinned_and_put_on_another_day(window, office, session, qtbot, chen):
    first = an_appointment(session, a_patient(session), chen)
    second = an_appointment(session, a_patient(session, given="Bea"), chen, "2026-03-12T11:00")
    tab = window.tab_named("calendar")
    for visit_id in (first, second):
        window.go.show_day(datetime(2026, 3, 12).date(), visit_id)
        press(qtbot, Qt.Key.Key_P, CTRL | ALT)
    tab.grid.setFocus()

    press(qtbot, Qt.Key.Key_Right, ALT)
    tab.grid.go_to(0, 9 * 60)
    press(qtbot, Qt.Key.Key_V, CTRL)
    tab.grid.go_to(0, 10 * 60)
    press(qtbot, Qt.Key.Key_V, CTRL)

    book = office.calendar
    moved = [book.appointment(book.standing(one)).row.starts_at for one in (first, second)]
    assert moved == [datetime(2026, 3, 13, 9, 0), datetime(2026, 3, 13, 10, 0)]
    assert tab.visits.pinned == ()


def test_yesterdays_visits_are_answered_from_anywhere(window, office, session, qtbot, chen):
    visits = [
        an_appointment(session, a_patient(session, given=given), chen, f"2026-03-10T{hour}:00")
        for given, hour in (("Ada", "10"), ("Bea", "11"))
    ]

    press(qtbot, Qt.Key.Key_5, CTRL | ALT)
    press(qtbot, Qt.Key.Key_D)
    press(qtbot, Qt.Key.Key_N)

    states = [office.calendar.appointment(one).row.status for one in visits]
    assert states == [VisitStatus.DONE, VisitStatus.NO_SHOW]
    assert office.calendar.unresolved() == ()


@pytest.mark.parametrize("end", ["hidden", "greyed"])
def test_what_goes_out_of_sight_leaves_the_keys_in_the_page(
    window, office, session, qtbot, chen, end
):
    an_appointment(session, a_patient(session), chen, "2026-03-12T10:00")
    window.go.show_day(datetime(2026, 3, 12).date())
    tab = window.tab_named("calendar")
    last = tab.show_panel("pinboard").close_button
    last.setFocus()

    last.hide() if end == "hidden" else last.setEnabled(False)

    qtbot.waitUntil(lambda: tab.isAncestorOf(QApplication.focusWidget()))
