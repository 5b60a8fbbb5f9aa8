"""Repeating visits from the calendar: by keys and by mouse, planned before it is kept, changed together."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMainWindow

from medsec_desktop.domain.calendar.recurrence import weekly
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Closure
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.calendar.series_records import Scope
from medsec_desktop.ui.calendar.tab import CalendarTab
from tests.conftest import a_patient, a_provider, a_type
from tests.ui.frame import a_desk

THURSDAY = date(2026, 3, 12)
TEN = datetime(2026, 3, 12, 10, 0)
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def chen(session):
    return a_provider(session)


@pytest.fixture
def ada(session):
    return a_patient(session)


@pytest.fixture
def window(qtbot, office, session, chen, ada):
    """The calendar in a window that has the program's keys."""
    a_type(session, "Physio")
    desk = a_desk(office)
    window = QMainWindow()
    qtbot.addWidget(window)
    desk.actions.install(window, window.menuBar(), desk.theme)
    desk.actions.bind("edit.undo", office.session.undo)
    tab = CalendarTab(desk)
    desk.go = tab
    desk.drafts.resumes("booking", lambda row, state: tab.book(state=state, draft_id=row.id))
    desk.bus.changed.connect(tab.refresh)
    window.setCentralWidget(tab)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    yield window
    desk.drafts.close()


@pytest.fixture
def tab(window):
    tab = window.centralWidget()
    tab.show_day(THURSDAY)
    return tab


@pytest.fixture
def series(office, ada, chen):
    draft = BookingDraft(ada, chen, None, TEN, 30)
    return office.series.view(
        office.series.book(office.series.plan(draft, weekly([0, 3], count=4)))
    )


def panel(tab):
    return tab.side.pages.currentWidget()


def press(qtbot, widget, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(widget, key, modifier)


def button(parent, text):
    return next(
        one
        for one in parent.findChildren(QAbstractButton)
        if one.text() == text and one.isVisibleTo(parent)
    )


def click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def listed(standing):
    return [f"{row.title} {row.mark}" for row in standing.list.rows.rows]


def starts(office, series_id):
    return [
        f"{visit.starts_at:%m-%d %H:%M}"
        for visit in office.series.view(series_id).visits
        if visit.status.holds_its_slot
    ]


def close_thursday(session):
    with session.change("Close", Permission.EDIT_SETTINGS):
        Closure.create(name="Spring holiday", first_on="2026-03-19", last_on="2026-03-19")


# -- making -----------------------------------------------------------------------------------


def test_a_booking_being_filled_in_is_repeated_by_keys_alone(tab, window, office, qtbot, ada):
    tab.book(ada, TEN)
    press(qtbot, window.focusWidget(), Qt.Key.Key_R, CTRL)
    making = panel(tab)
    assert making.maker.who.text() == "Testperson, Ada"

    qtbot.keyClicks(window.focusWidget(), "1")
    click(qtbot, making.maker.rhythm.days[0])
    press(qtbot, window.focusWidget(), Qt.Key.Key_S, CTRL)

    (series_id,) = office.session.db.one("SELECT id FROM appointment_series")
    assert starts(office, series_id) == [
        "03-12 10:00", "03-16 10:00", "03-19 10:00", "03-23 10:00", "03-26 10:00", "03-30 10:00",
    ]  # fmt: skip
    assert office.drafts.all() == ()
    assert "Booked 6 visits for Testperson, Ada" in tab.desk.messages.last.text
    assert not tab.pane.is_open
    assert panel(tab) is making  # to be read out
    assert window.focusWidget() is making.standing.list


def test_escape_goes_back_to_the_booking_as_it_was(tab, window, qtbot, ada):
    tab.book(ada, TEN)
    qtbot.keyClicks(tab.pane.reason_line, "Knee")
    press(qtbot, window.focusWidget(), Qt.Key.Key_R, CTRL)

    press(qtbot, window.focusWidget(), Qt.Key.Key_Escape)

    assert tab.pane.is_open
    assert tab.pane.reason_line.text() == "Knee"
    assert tab.pane.draft().starts_at == TEN


def test_a_booking_without_a_time_says_so_in_its_field(tab, window, qtbot, ada):
    tab.book(ada)
    tab.pane.date_edit.clear()

    press(qtbot, window.focusWidget(), Qt.Key.Key_R, CTRL)

    assert tab.pane.is_open
    assert tab.pane.date_field.has_problem


def test_a_closed_day_is_shown_before_anything_is_kept_and_another_day_taken_by_mouse(
    tab, window, office, session, qtbot, ada
):
    close_thursday(session)
    tab.book(ada, TEN)
    press(qtbot, window.focusWidget(), Qt.Key.Key_R, CTRL)
    making = panel(tab).maker

    assert "1 date has something in the way" in making.said.text()
    assert "Spring holiday" in making.choices._text.text()
    assert office.session.db.value("SELECT count(*) FROM appointment") == 0

    offered = making.choices.buttons[0]
    text = offered.text()
    click(qtbot, offered)
    assert text.startswith(making.list.rows.row(1).title[:11])
    click(qtbot, making.book_button)

    (series_id,) = office.session.db.one("SELECT id FROM appointment_series")
    assert len(starts(office, series_id)) == 6


def test_leaving_a_date_out_adds_one_at_the_end(tab, window, qtbot, ada):
    tab.book(ada, TEN)
    press(qtbot, window.focusWidget(), Qt.Key.Key_R, CTRL)
    making = panel(tab).maker
    making.list.setCurrentIndex(making.list.rows.index(2, 0))

    click(qtbot, button(making, "Leave this date out"))

    assert len(making.plan.booked) == 6
    assert len(making.plan.visits) == 7
    assert making.list.rows.row(2).mark == "Left out"


def test_every_date_may_be_insisted_on_at_once_for_one_reason(tab, window, office, qtbot, ada):
    tab.book(ada, datetime(2026, 3, 14, 10))
    press(qtbot, window.focusWidget(), Qt.Key.Key_R, CTRL)
    making = panel(tab).maker
    assert not making.book_button.isEnabled()

    qtbot.waitUntil(lambda: making.choices.buttons[-1].isVisible())
    click(qtbot, button(making, "Book all such dates all the same"))
    press(qtbot, window.focusWidget(), Qt.Key.Key_S, CTRL)
    assert making.reason.has_problem
    qtbot.keyClicks(making.reason_line, "Saturday course")
    press(qtbot, window.focusWidget(), Qt.Key.Key_S, CTRL)

    (series_id,) = office.session.db.one("SELECT id FROM appointment_series")
    assert len(starts(office, series_id)) == 6


def test_a_visit_that_stands_is_repeated(tab, window, office, qtbot, ada, chen):
    visit_id = office.calendar.book(BookingDraft(ada, chen, None, TEN, 30))
    tab.show_day(THURSDAY, visit_id)

    press(qtbot, tab.grid, Qt.Key.Key_R, CTRL)
    press(qtbot, window.focusWidget(), Qt.Key.Key_S, CTRL)

    view = office.series.of_visit(visit_id)
    assert len(view.visits) == 6
    assert view.visits[0].id == visit_id


def test_a_monthly_rhythm_offers_the_weekday_of_the_month(tab, window, qtbot, ada):
    tab.book(ada, TEN)
    press(qtbot, window.focusWidget(), Qt.Key.Key_R, CTRL)
    rhythm = panel(tab).maker.rhythm

    rhythm.unit.set_value("MONTHLY")
    rhythm.month_day.set_value(2)

    assert not rhythm.day_row.isVisibleTo(rhythm)
    assert str(rhythm.rule(TEN)) == "FREQ=MONTHLY;COUNT=6;BYDAY=2TH"


def test_no_day_of_the_week_is_refused_at_the_field(tab, window, qtbot, ada):
    tab.book(ada, TEN)
    press(qtbot, window.focusWidget(), Qt.Key.Key_R, CTRL)
    making = panel(tab).maker

    click(qtbot, making.rhythm.days[3])
    making.look()

    assert making.rhythm.every_field.has_problem
    assert not making.book_button.isEnabled()


# -- changing ---------------------------------------------------------------------------------


def test_the_later_visits_are_moved_with_this_one_from_the_panel(
    tab, window, office, qtbot, series
):
    tab.show_day(date(2026, 3, 16), series.visits[1].id)
    press(qtbot, tab.grid, Qt.Key.Key_R, CTRL)
    standing = panel(tab).standing
    assert "This is visit 2 of 4" in standing.words.text()

    standing.time_line.setFocus()
    press(qtbot, standing.time_line, Qt.Key.Key_Return)
    assert "Nothing is changed yet" in tab.desk.messages.last.text
    standing.time_line.selectAll()
    qtbot.keyClicks(standing.time_line, "2pm")
    standing.look()
    assert standing.change_button.text() == "Change 3 visits"
    press(qtbot, standing.time_line, Qt.Key.Key_Return)

    assert starts(office, series.id) == ["03-12 10:00"]
    tail = office.session.db.value("SELECT max(id) FROM appointment_series")
    assert starts(office, tail) == ["03-16 14:00", "03-19 14:00", "03-23 14:00"]

    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert panel(tab).standing is standing
    assert listed(standing)[1] == "Mon, Mar 16, 10:00 AM "


def test_what_stays_behind_is_said_before_the_change(tab, office, qtbot, session, series, chen):
    bea = a_patient(session, given="Bea")
    office.calendar.book(BookingDraft(bea, chen, None, datetime(2026, 3, 19, 14), 30))
    tab.show_day(date(2026, 3, 16), series.visits[1].id)
    press(qtbot, tab.grid, Qt.Key.Key_R, CTRL)
    standing = panel(tab).standing

    standing.time_line.setText("2pm")
    standing.look()

    assert listed(standing) == [
        "Thu, Mar 19, 10:00 AM Stays", "Thu, Mar 12, 10:00 AM ",
        "Mon, Mar 16, 2:00 PM Moves", "Mon, Mar 23, 2:00 PM Moves",
    ]  # fmt: skip
    assert "Thu, Mar 19 stays as it is" in standing.why.text()
    assert "Bea" in standing.why.text()
    assert standing.change_button.text() == "Change 2 visits"


def test_what_is_in_the_way_of_the_visit_itself_is_said_and_gives_way_to_a_reason(
    tab, window, office, qtbot, series
):
    tab.show_day(THURSDAY, series.visits[0].id)
    press(qtbot, tab.grid, Qt.Key.Key_R, CTRL)
    standing = panel(tab).standing
    standing.scope.set_value(Scope.THIS)
    standing.time_line.setFocus()
    standing.time_line.selectAll()
    qtbot.keyClicks(standing.time_line, "6am")
    press(qtbot, standing.time_line, Qt.Key.Key_Return)
    assert listed(standing)[0] == "Thu, Mar 12, 6:00 AM Why?"
    assert "works" in standing.why.text()
    assert starts(office, series.id)[0] == "03-12 10:00"

    assert window.focusWidget() is standing.reason_line
    qtbot.keyClicks(standing.reason_line, "Her train")
    press(qtbot, standing.reason_line, Qt.Key.Key_Return)

    assert starts(office, series.id)[0] == "03-12 06:00"


def test_another_type_reaches_all_from_the_panel(tab, window, office, session, qtbot, series):
    long = a_type(session, "Long visit", duration_min=45)
    tab.show_day(date(2026, 3, 16), series.visits[1].id)
    press(qtbot, tab.grid, Qt.Key.Key_R, CTRL)
    standing = panel(tab).standing
    standing.scope.set_value(Scope.ALL)

    standing.what.setFocus()
    qtbot.keyClicks(standing.what, "Long")
    assert standing.length_line.text() == "45 min"
    press(qtbot, standing.length_line, Qt.Key.Key_Return)

    kept = office.series.view(series.id).visits
    assert {(visit.type_id, visit.duration_min) for visit in kept} == {(long, 45)}
    assert panel(tab).standing is standing  # still beside the grid, to be read out

    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    kept = office.series.view(series.id).visits
    assert {(visit.type_id, visit.duration_min) for visit in kept} == {(None, 30)}


def test_a_visit_moved_on_the_grid_offers_the_later_ones(tab, office, qtbot, series):
    tab.show_day(THURSDAY, series.visits[0].id)
    press(qtbot, tab.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: bool(tab.desk.messages.last.offers))
    message = tab.desk.messages.last
    assert "It repeats" in message.text
    assert [words for words, _ in message.offers] == ["Also the 3 later ones"]

    message.offers[0][1]()

    tail = office.session.db.value("SELECT max(id) FROM appointment_series")
    assert starts(office, tail) == ["03-12 10:15", "03-16 10:15", "03-19 10:15", "03-23 10:15"]


def test_where_no_other_can_follow_a_move_on_the_grid_it_is_said_and_nothing_changed(
    tab, office, qtbot, session, series, chen
):
    bea = a_patient(session, given="Bea")
    office.calendar.book(BookingDraft(bea, chen, None, datetime(2026, 3, 23, 10, 30), 30))
    tab.show_day(date(2026, 3, 19), series.visits[2].id)
    press(qtbot, tab.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: bool(tab.desk.messages.last.offers))
    before = office.session.db.value("SELECT max(id) FROM operation")

    dict(tab.desk.messages.last.offers)["Also the later one"]()
    standing = panel(tab).standing
    assert listed(standing)[0] == "Mon, Mar 23, 10:00 AM Stays"
    assert not standing.change_button.isEnabled()
    press(qtbot, standing.time_line, Qt.Key.Key_Return)

    assert "Mar 23 stays as it is" in tab.desk.messages.last.text
    assert office.session.db.value("SELECT max(id) FROM operation") == before


def test_cancelling_on_the_grid_offers_to_cancel_the_others(tab, office, qtbot, series):
    tab.show_day(date(2026, 3, 16), series.visits[1].id)
    press(qtbot, tab.grid, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: bool(tab.desk.messages.last.offers))
    offers = dict(tab.desk.messages.last.offers)
    assert list(offers) == ["Also the 2 later ones", "Also all 3 others"]

    offers["Also the 2 later ones"]()
    assert starts(office, series.id) == ["03-12 10:00"]

    office.session.undo()
    assert len(starts(office, series.id)) == 3


def test_the_later_visits_are_cancelled_from_the_panel_and_undone_at_once(
    tab, window, office, qtbot, series
):
    tab.show_day(date(2026, 3, 16), series.visits[1].id)
    press(qtbot, tab.grid, Qt.Key.Key_R, CTRL)

    click(qtbot, panel(tab).standing.cancel_button)
    assert starts(office, series.id) == ["03-12 10:00"]
    assert listed(panel(tab).standing)[1] == "Mon, Mar 16, 10:00 AM Cancelled"

    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert len(starts(office, series.id)) == 4
