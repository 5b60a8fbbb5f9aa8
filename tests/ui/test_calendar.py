from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit

from medsec_desktop.domain.calendar import VisitStatus
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Closure, Encounter, PatientAlert
from medsec_desktop.services.practice import settings
from medsec_desktop.ui.calendar.tab import CalendarTab
from medsec_desktop.ui.desk import make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.theme import Theme
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment
from tests.ui.scripted import ScriptedPrompts

TODAY, TOMORROW = date(2026, 3, 11), date(2026, 3, 12)
TEN = datetime(2026, 3, 12, 10, 0)
CTRL = Qt.KeyboardModifier.ControlModifier


class Navigated:
    """Remembers where the screen wanted to go."""

    def __init__(self):
        self.calls = []

    def __getattr__(self, name):
        return lambda *args, **kwargs: self.calls.append((name, *args))


@pytest.fixture
def chen(session):
    return a_provider(session)


@pytest.fixture
def okafor(session, chen):
    return a_provider(session, "Okafor", credential="NP", given="Ada", position=1)


@pytest.fixture
def follow_up(session):
    return a_type(session, preparation="Bring the list of medicines.")


@pytest.fixture
def ada(session):
    return a_patient(session, phone="+12125550100")


@pytest.fixture
def desk(office, session, chen, okafor, follow_up):
    a_type(session, "Physical", 60, position=1)
    desk = make_desk(office, Theme(), jobs=InlineJobs(), prompts=ScriptedPrompts())
    desk.go = Navigated()
    yield desk
    desk.drafts.close()


@pytest.fixture
def tab(qtbot, desk):
    return a_tab(qtbot, desk)


def a_tab(qtbot, desk):
    tab = CalendarTab(desk)
    qtbot.addWidget(tab)
    desk.bus.changed.connect(tab.refresh)
    tab.resize(1366, 700)
    tab.show()
    qtbot.waitExposed(tab)
    tab.showing()
    return tab


def type_and_enter(qtbot, widget, text):
    qtbot.keyClicks(widget, text)
    qtbot.keyClick(widget, Qt.Key.Key_Return)


def focus(tab):
    return tab.window().focusWidget()


# -- booking ----------------------------------------------------------------------------------


def test_three_entries_book_a_visit_with_the_keyboard_alone(tab, desk, qtbot, ada, chen):
    tab.book()
    qtbot.keyClicks(focus(tab), "testp")
    qtbot.keyClick(focus(tab), Qt.Key.Key_Return)
    assert focus(tab) is tab.pane.what
    qtbot.keyClick(focus(tab), Qt.Key.Key_Return)
    type_and_enter(qtbot, focus(tab), "tomorrow")
    type_and_enter(qtbot, focus(tab), "10")

    (visit,) = desk.office.calendar.of_day(TOMORROW)
    assert (visit.patient_id, visit.provider_id, visit.starts_at) == (ada, chen, TEN)
    assert visit.duration_min == 30


def test_when_may_be_said_in_one_breath(tab, desk, qtbot, ada):
    tab.book(ada)
    qtbot.keyClick(focus(tab), Qt.Key.Key_Return)

    type_and_enter(qtbot, focus(tab), "fri 3pm")

    (visit,) = desk.office.calendar.of_day(date(2026, 3, 13))
    assert visit.starts_at.hour == 15
    assert desk.messages.last.text == "Booked: Testperson, Ada, Fri, Mar 13, 3:00 PM."


def test_when_said_in_one_breath_is_booked_by_the_key_for_saving(tab, desk, qtbot, ada):
    tab.book(ada)
    tab.pane.date_edit.setFocus()
    qtbot.keyClicks(focus(tab), "fri 3pm")

    desk.actions.trigger("form.save")

    (visit,) = desk.office.calendar.of_day(date(2026, 3, 13))
    assert visit.starts_at.hour == 15


def test_when_said_in_one_breath_is_taken_by_tab_as_well(tab, qtbot, ada):
    tab.book(ada)
    pane = tab.pane
    pane.date_edit.setFocus()

    qtbot.keyClicks(focus(tab), "fri 3pm")
    qtbot.keyClick(focus(tab), Qt.Key.Key_Tab)

    assert (pane.date_edit.value(), pane.time_line.text()) == (date(2026, 3, 13), "3:00 PM")
    assert not pane.date_field.has_problem
    pane.date_edit.setFocus()
    pane.date_edit.selectAll()
    shown = []
    pane.day_wished.connect(shown.append)
    qtbot.keyClicks(focus(tab), "2/30/2027")  # “2/3” on the way
    qtbot.keyClick(focus(tab), Qt.Key.Key_Tab)
    assert pane.date_field.note.text().startswith("February 2027 has no day 30.")
    assert (shown, tab.day) == ([], date(2026, 3, 13))
    pane.date_edit.setFocus()
    pane.date_edit.selectAll()
    qtbot.keyClicks(focus(tab), "3/17")
    assert not pane.date_field.has_problem
    qtbot.keyClick(focus(tab), Qt.Key.Key_Tab)
    assert (shown, tab.day) == ([date(2026, 3, 17)], date(2026, 3, 17))
    pane.time_line.clear()
    pane.look()
    offered = [one.text() for one in pane.verdict.slots]
    assert offered == ["8:00 AM", "8:15 AM", "8:30 AM"]  # that day, not the evening before
    pane.date_edit.setFocus()
    qtbot.keyClick(focus(tab), Qt.Key.Key_Up)  # a day walked to is looked at as it comes
    assert tab.day == date(2026, 3, 18)


def test_tab_walks_the_pane_as_it_is_read(tab, qtbot, ada, chen):
    tab.book(ada, TEN, chen)
    pane = tab.pane
    pane.what.setFocus()

    walked = []
    for _ in range(7):
        qtbot.keyClick(focus(tab), Qt.Key.Key_Tab)
        walked.append(focus(tab))

    assert walked == [
        pane.date_edit,
        pane.time_line,
        pane.provider,
        pane.length_line,
        pane.reason_line,
        pane.note_line,
        pane.save_button,
    ]


def test_after_booking_the_summary_stays_to_be_read_back(tab, desk, qtbot, ada, chen):
    tab.book(ada, TEN, chen)
    tab.pane.save()

    assert tab.side.booked.summary.text() == (
        "Thursday, March 12, 10:00 AM, 30 minutes with Dr. Chen"
    )
    assert tab.side.booked.isVisible()
    assert focus(tab) is tab.side.booked.letter_button
    assert tab.day == TOMORROW
    assert tab.grid.selected_id is not None


def test_the_letter_is_one_key_away_from_the_summary(tab, desk, qtbot, ada, chen):
    tab.book(ada, TEN, chen)
    tab.pane.save()

    qtbot.keyClick(focus(tab), Qt.Key.Key_Return)

    (visit,) = desk.office.calendar.of_day(TOMORROW)
    assert desk.go.calls[-1] == ("write_letter", visit.id)


def test_the_save_key_books_and_the_print_key_goes_to_the_letter(tab, desk, qtbot, ada, chen):
    tab.book(ada, TEN, chen)

    desk.actions.trigger("form.save")
    desk.actions.trigger("file.print")

    (visit,) = desk.office.calendar.of_day(TOMORROW)
    assert desk.go.calls[-1] == ("write_letter", visit.id)


def test_undo_in_the_summary_takes_the_booking_back(tab, desk, qtbot, ada, chen):
    tab.book(ada, TEN, chen)
    tab.pane.save()

    qtbot.mouseClick(tab.side.booked.undo_button, Qt.MouseButton.LeftButton)

    assert desk.office.calendar.of_day(TOMORROW) == ()
    assert not tab.side.booked.isVisible()


def test_dragging_on_the_grid_opens_the_pane_with_that_time(tab, desk, qtbot, ada, okafor):
    view = tab.grid.viewport()
    first, last = tab.grid.point_at(1, 660), tab.grid.point_at(1, 690)

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=first)
    qtbot.mouseMove(view, last)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=last)

    assert tab.pane.isVisible()
    assert tab.pane.provider.value() == okafor
    assert tab.pane.time_line.text() == "11:00 AM"
    assert tab.pane.length_line.text() == "45 min"


def test_a_letter_typed_on_the_grid_goes_on_in_the_search_line(tab, desk, qtbot, ada):
    tab.grid.setFocus()

    qtbot.keyClicks(tab.grid, "t")
    qtbot.keyClicks(focus(tab), "est")

    assert tab.pane.who.search.line.text() == "test"
    assert tab.pane.time_line.text() == "9:00 AM"


def test_choosing_another_type_changes_the_length_unless_it_was_typed(tab, qtbot, ada):
    tab.book(ada, TEN)
    tab.pane.what.setCurrentIndex(1)
    assert tab.pane.length_line.text() == "60 min"

    tab.pane.length_line.selectAll()
    qtbot.keyClicks(tab.pane.length_line, "20")
    tab.pane.what.setCurrentIndex(0)
    assert tab.pane.length_line.text() == "20"


def test_alerts_and_visits_of_the_patient_show_while_booking(tab, desk, session, qtbot, ada, chen):
    with session.change("Alert", Permission.EDIT_PATIENTS):
        PatientAlert.create(patient_id=ada, text="Uses a wheelchair")
    an_appointment(session, ada, chen, "2026-03-20T10:00")
    an_appointment(session, ada, chen, "2026-02-20T10:00", status="no-show")

    tab.book(ada)

    words = " ".join(button.text() for button in tab.pane.who.findChildren(QAbstractButton))
    assert "Next: Fri, Mar 20, 10:00 AM · Dr. Chen" in words
    assert "Last: Fri, Feb 20, 10:00 AM · Dr. Chen" in words
    assert "Uses a wheelchair" in tab.pane.who.alert.accessibleName()
    assert "1 missed visit on file." in tab.pane.who.alert.accessibleName()


def test_nobody_found_is_said_and_a_new_patient_is_one_press_away(tab, desk, qtbot, ada):
    tab.book()

    qtbot.keyClicks(focus(tab), "zzzz")
    assert tab.pane.who._nobody.isVisible()
    qtbot.mouseClick(tab.pane.who.new_patient, Qt.MouseButton.LeftButton)

    assert focus(tab) is tab.pane.who.newcomer.name_line
    assert tab.pane.who.newcomer.name_line.text() == "zzzz"


@pytest.mark.parametrize("height", [500, 700])
def test_the_grid_shows_where_the_booking_would_stand(tab, qtbot, ada, chen, height):
    tab.resize(1100, height)
    tab.book(ada, TEN, chen)

    tab.pane.set_time(chen, datetime(2026, 3, 12, 18, 0))
    tab.pane.look()

    spot = tab.grid.point_at(0, 18 * 60)
    assert tab.grid.measures.body.contains(spot)


def test_larger_text_leaves_room_for_the_date_and_the_grid(tab, desk, qtbot):
    desk.theme.set_zoom(1.5)

    assert tab.go_to_line.width() >= 136 * 1.5
    assert not tab.month.isVisible()


@pytest.mark.parametrize("height", [500, 700])
def test_nothing_in_the_pane_is_squeezed(tab, session, qtbot, ada, chen, height):
    tab.resize(1100, height)
    tab.book(ada, datetime(2026, 3, 12, 18, 0), chen)

    words = tab.pane.verdict.banner._text
    qtbot.waitUntil(lambda: words.height() >= words.heightForWidth(words.width()))
    assert all(one.height() >= one.sizeHint().height() for one in tab.pane.verdict.slots)
    tab.pane.who.take_back()
    link = tab.pane.who.new_patient
    qtbot.waitUntil(lambda: link.height() >= link.sizeHint().height())


def test_without_a_time_the_first_free_ones_are_offered_and_one_click_takes_one(
    tab, desk, qtbot, ada
):
    tab.book(ada)

    qtbot.mouseClick(tab.pane.verdict.slots[0], Qt.MouseButton.LeftButton)
    qtbot.keyClick(focus(tab), Qt.Key.Key_Space)

    (visit,) = desk.office.calendar.of_day(TODAY)
    assert visit.starts_at == datetime(2026, 3, 11, 9, 0)


# -- refusals ---------------------------------------------------------------------------------


def test_an_overlap_is_refused_with_a_link_and_three_free_slots(
    tab, desk, session, qtbot, ada, chen
):
    other = a_patient(session, given="Bea")
    taken = an_appointment(session, other, chen)
    tab.book(ada, TEN, chen)

    tab.pane.save()

    pane = tab.pane
    assert pane.isVisible()
    assert "Dr. Chen already sees Testperson, Bea" in pane.verdict.banner.accessibleName()
    assert not pane.verdict.needs_reason
    assert len(pane.verdict.slots) == 3
    links = pane.verdict.banner.findChildren(QAbstractButton)
    (link,) = [one for one in links if not one.isHidden()]
    link.click()
    name, opened = desk.go.calls[-1]
    assert (name, opened.kind, opened.key) == ("open_link", "appointment", str(taken))


def test_a_visit_too_long_names_the_first_in_its_way_and_counts_the_others(
    tab, session, qtbot, ada, chen
):
    for hour in range(9, 14):
        an_appointment(
            session, a_patient(session, given=f"B{hour}"), chen, f"2026-03-12T{hour:02}:00"
        )
    tab.book(ada, TEN.replace(hour=9), chen)
    tab.pane.length_line.setText("480")

    tab.pane.save()

    told = tab.pane.verdict.banner.accessibleName()
    assert told.count("already sees") == 3
    assert "And 2 more in the way." in told


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_taking_an_offered_slot_books_there(tab, desk, session, qtbot, ada, chen, key):
    an_appointment(session, a_patient(session, given="Bea"), chen)
    tab.book(ada, TEN, chen)
    tab.pane.save()

    qtbot.keyClick(focus(tab), key)
    qtbot.keyClick(focus(tab), key)

    booked = [one for one in desk.office.calendar.of_day(TOMORROW) if one.patient_id == ada]
    assert [one.starts_at.strftime("%H:%M") for one in booked] == ["09:30"]


def test_the_keys_stay_with_the_offers_when_they_are_looked_up_again(
    tab, session, qtbot, ada, chen
):
    an_appointment(session, a_patient(session, given="Bea"), chen)
    tab.book(ada, TEN, chen)
    tab.pane.save()
    qtbot.keyClick(focus(tab), Qt.Key.Key_Tab)

    tab.pane.look()

    assert focus(tab) is tab.pane.verdict.slots[1]


def test_a_soft_rule_asks_for_a_reason_which_is_kept(tab, desk, session, qtbot, ada, chen):
    tab.book(ada, datetime(2026, 3, 12, 18, 0), chen)
    tab.pane.save()
    assert focus(tab) is tab.pane.verdict.reason_line

    type_and_enter(qtbot, focus(tab), "Dr. Chen agreed")

    (visit,) = desk.office.calendar.of_day(TOMORROW)
    detail = desk.office.calendar.appointment(visit.id)
    assert detail.override_reason == "Dr. Chen agreed"
    assert session.history(1)[0].reason == "Dr. Chen agreed"


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("time_line", "25:00", "“25:00” is not a time of day."),
        ("length_line", "long", "“long” is not a length of time."),
        ("date_edit", "2/30", "February has no day 30."),
    ],
)
def test_an_impossible_entry_is_named_at_its_field(
    tab, desk, qtbot, ada, chen, field, text, sentence
):
    tab.book(ada, TEN, chen)
    editor = getattr(tab.pane, field)
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, text)

    tab.pane.save()

    place = editor.parentWidget()
    assert place.has_problem
    assert sentence in place.note.text()
    assert desk.office.calendar.upcoming() == ()


def test_a_visit_past_midnight_is_refused_in_words(tab, qtbot, ada, chen):
    tab.book(ada, datetime(2026, 3, 12, 23, 45), chen)

    tab.pane.save()

    assert "would run past midnight" in tab.pane.verdict.banner.accessibleName()


def test_nobody_chosen_is_said_under_the_search_line(tab, qtbot):
    tab.book(starts_at=TEN)

    tab.pane.save()

    assert tab.pane.who_problem.text() == "Choose a patient."
    assert focus(tab) is tab.pane.who.search.line


# -- changing, moving, cancelling -------------------------------------------------------------


def test_enter_on_a_visit_opens_it_and_a_typed_time_moves_it(tab, desk, session, qtbot, ada, chen):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit_id)

    qtbot.keyClick(tab.grid, Qt.Key.Key_Return)
    assert tab.grid.overlay.proposal is None  # it stands there itself
    assert focus(tab) is tab.pane.time_line
    type_and_enter(qtbot, focus(tab), "3pm")

    moved_id = desk.office.calendar.standing(visit_id)
    assert desk.office.calendar.appointment(moved_id).row.starts_at.hour == 15
    assert tab.side.booked.isVisible()


def test_dropping_a_visit_on_free_time_moves_it_with_undo_offered(
    tab, desk, session, qtbot, ada, chen, okafor
):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW)
    view, start = tab.grid.viewport(), tab.grid.rect_of(visit_id).center()
    target = tab.grid.point_at(1, 600)
    target.setY(start.y())

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, target)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=target)

    moved_id = desk.office.calendar.standing(visit_id)
    assert desk.office.calendar.appointment(moved_id).row.provider_id == okafor
    assert tab.grid.selected_id == moved_id
    assert desk.messages.last.undoes is not None
    assert desk.messages.last.text.startswith("Moved: Testperson, Ada")


def test_dropping_a_visit_where_a_rule_is_in_the_way_asks_in_the_pane(
    tab, desk, session, qtbot, ada, chen, okafor
):
    visit_id = an_appointment(session, ada, chen)
    an_appointment(session, a_patient(session, given="Bea"), okafor)
    tab.show_day(TOMORROW)

    tab.grid.move_wished.emit(visit_id, tab.grid.view.columns[1], 600)

    assert tab.pane.isVisible()
    assert "Okafor, NP already sees Testperson, Bea" in tab.pane.verdict.banner.accessibleName()
    assert desk.office.calendar.appointment(visit_id).row.provider_id == chen


def test_a_place_wished_on_the_grid_and_left_by_escape_leaves_nothing_behind(
    tab, desk, session, qtbot, ada, chen
):
    visit_id = an_appointment(session, ada, chen)
    an_appointment(session, a_patient(session, given="Bea"), chen, "2026-03-12T10:30")
    tab.show_day(TOMORROW, visit_id)

    desk.actions.trigger("visit.later")
    assert tab.pane.time_line.text() != "10:00 AM"
    qtbot.keyClick(focus(tab), Qt.Key.Key_Escape)
    assert not tab.pane.isVisible()

    desk.actions.trigger("visit.later")
    tab.grid.setFocus()
    qtbot.keyClick(tab.grid, Qt.Key.Key_Escape)
    assert not tab.pane.isVisible()

    assert desk.office.drafts.all() == ()
    assert desk.office.calendar.appointment(visit_id).row.starts_at == TEN


def test_a_visit_open_in_the_pane_is_dragged_there_and_saved_once(tab, desk, session, ada, chen):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit_id)
    tab.edit(visit_id)
    tab.pane.reason_line.setText("Cough")

    tab.grid.move_wished.emit(visit_id, tab.grid.view.columns[0], 15 * 60)
    assert tab.pane.time_line.text() == "3:00 PM"
    assert desk.office.calendar.standing(visit_id) == visit_id
    tab.pane.save()

    moved = desk.office.calendar.appointment(desk.office.calendar.standing(visit_id))
    assert (moved.row.starts_at.hour, moved.draft.reason) == (15, "Cough")


def test_delete_cancels_at_once_and_undo_brings_it_back(tab, desk, session, qtbot, ada, chen):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit_id)

    qtbot.keyClick(tab.grid, Qt.Key.Key_Delete)

    assert desk.office.calendar.appointment(visit_id).row.status == VisitStatus.CANCELLED
    assert tab.grid.places == ()
    session.undo(desk.messages.last.undoes)
    assert [place.visit.id for place in tab.grid.places] == [visit_id]


def test_a_visit_is_cancelled_by_the_clinic_for_a_reason(tab, desk, session, qtbot, ada, chen):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit_id)
    card = tab.side.visit

    qtbot.mouseClick(card.cancel_button, Qt.MouseButton.LeftButton)
    card.cancel_by.set_value("clinic")
    type_and_enter(qtbot, card.cancel_reason, "Doctor ill")

    detail = desk.office.calendar.appointment(visit_id)
    assert (detail.cancelled_by, detail.cancel_reason) == ("clinic", "Doctor ill")


def test_a_stale_change_shows_both_and_can_start_from_the_stored_visit(
    tab, desk, session, qtbot, ada, chen
):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit_id)
    tab.edit(visit_id)
    desk.office.calendar.reschedule(visit_id, 1, TEN + timedelta(hours=1), 30, chen)
    tab.pane.time_line.setText("3:00 PM")

    tab.pane.save()

    said = tab.pane.verdict.banner.accessibleName()
    assert "changed by Olive Owner while you had it open" in said
    assert "11:00 AM" in tab.pane.verdict.banner._text.text()
    assert tab.pane.time_line.text() == "3:00 PM"
    qtbot.mouseClick(tab.pane.verdict.take_stored, Qt.MouseButton.LeftButton)
    assert tab.pane.time_line.text() == "11:00 AM"


def test_a_cancelled_visit_shows_only_when_asked_for(tab, desk, session, qtbot, ada, chen):
    visit_id = an_appointment(session, ada, chen, status="cancelled")
    tab.show_day(TOMORROW)
    assert tab.grid.places == ()

    qtbot.mouseClick(tab.cancelled_button, Qt.MouseButton.LeftButton)

    assert [place.visit.id for place in tab.grid.places] == [visit_id]


# -- drafts and Escape ------------------------------------------------------------------------


def test_a_parked_booking_comes_back_as_it_was(tab, desk, qtbot, ada, okafor):
    tab.book(ada, TEN, okafor)
    tab.pane.reason_line.setText("Cough")

    desk.drafts.park(tab.pane)
    assert not tab.pane.isVisible()
    (row,) = desk.office.drafts.all()
    tab.book(state=desk.office.drafts.state(row.id), draft_id=row.id)

    assert row.kind == "booking"
    assert row.title == "Book Testperson, Ada · Thu, Mar 12 · 10:00 AM"
    assert tab.pane.who.patient_id == ada
    assert tab.pane.provider.value() == okafor
    assert tab.pane.date_edit.value() == TOMORROW
    assert tab.pane.time_line.text() == "10:00 AM"
    assert tab.pane.reason_line.text() == "Cough"


def test_a_resumed_booking_leaves_no_draft_behind_once_it_is_made(tab, desk, qtbot, ada, chen):
    tab.book(ada, TEN, chen)
    desk.drafts.park(tab.pane)
    (row,) = desk.office.drafts.all()
    tab.book(state=desk.office.drafts.state(row.id), draft_id=row.id)

    tab.pane.save()

    assert desk.office.drafts.all() == ()
    assert len(desk.office.calendar.of_day(TOMORROW)) == 1


def test_after_a_kill_the_half_filled_booking_is_in_another_window(tab, desk, office, qtbot, ada):
    tab.book(starts_at=TEN)
    qtbot.keyClicks(tab.pane.who.search.line, "testp")
    desk.drafts.save_all()  # what the keeper does every moment and a half

    after = make_desk(office, Theme(), jobs=InlineJobs())
    after.go = Navigated()
    (row,) = after.drafts.rescued()
    other = a_tab(qtbot, after)
    other.book(state=office.drafts.state(row.id), draft_id=row.id)

    assert other.pane.who.search.line.text() == "testp"
    assert other.pane.time_line.text() == "10:00 AM"
    after.drafts.close()


def test_a_parked_booking_of_another_day_stands_on_its_day_again(tab, desk, ada, chen):
    tab.book(ada, TEN.replace(hour=16), chen)
    desk.drafts.park(tab.pane)
    (row,) = desk.office.drafts.all()
    tab.show_day(TOMORROW + timedelta(days=5))

    tab.book(state=desk.office.drafts.state(row.id), draft_id=row.id)

    assert tab.grid.overlay.proposal.name == "Testperson, Ada"
    assert tab.grid.measures.body.contains(tab.grid.overlay.area(tab.grid.overlay.proposed_at))


def test_a_parked_change_comes_back_at_the_version_it_was_read(
    tab, desk, session, qtbot, ada, chen
):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit_id)
    tab.edit(visit_id)
    tab.pane.reason_line.setText("Cough")
    desk.drafts.park(tab.pane)
    desk.office.calendar.reschedule(visit_id, 1, TEN + timedelta(hours=1), 30, chen)
    (row,) = desk.office.drafts.all()

    tab.book(state=desk.office.drafts.state(row.id), draft_id=row.id)
    tab.pane.save()

    assert "while you had it open" in tab.pane.verdict.banner.accessibleName()


def test_an_untouched_change_leaves_no_draft(tab, desk, session, qtbot, ada, chen):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit_id)
    tab.edit(visit_id)

    tab.pane.close_pane()

    assert desk.office.drafts.all() == ()


def test_escape_backs_out_one_step_at_a_time_and_ends_on_the_grid(tab, desk, qtbot, ada, chen):
    tab.book(ada, TEN, chen)
    tab.pane.time_line.setFocus()

    qtbot.keyClick(focus(tab), Qt.Key.Key_Escape)
    assert focus(tab) is tab.pane.what
    qtbot.keyClick(focus(tab), Qt.Key.Key_Escape)
    assert tab.pane.who.isAncestorOf(focus(tab))
    qtbot.keyClick(focus(tab), Qt.Key.Key_Escape)
    assert tab.pane.who.card is None
    qtbot.keyClick(focus(tab), Qt.Key.Key_Escape)

    assert not tab.pane.isVisible()
    assert focus(tab) is tab.grid


def test_a_second_booking_parks_the_first_instead_of_losing_it(tab, desk, session, qtbot, ada):
    tab.book(ada, TEN)

    tab.book(a_patient(session, given="Bea"))

    assert [row.title for row in desk.drafts.waiting()] == [
        "Book Testperson, Ada · Thu, Mar 12 · 10:00 AM"
    ]
    assert tab.pane.who.card.name.given == "Bea"


# -- through the days -------------------------------------------------------------------------


def test_days_and_weeks_are_walked_by_key(tab, qtbot):
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(tab.grid, key, CTRL)
    assert tab.day == TOMORROW + timedelta(days=7)
    assert tab.heading.text() == "Thursday, March 19, 2026"

    qtbot.keyClick(tab.grid, Qt.Key.Key_Up, CTRL)
    qtbot.keyClick(tab.grid, Qt.Key.Key_Left, CTRL)
    assert tab.day == TODAY


@pytest.mark.parametrize(
    ("typed", "day"),
    [("fri", date(2026, 3, 13)), ("+2w", date(2026, 3, 25)), ("3/20", date(2026, 3, 20))],
)
def test_a_typed_date_goes_there(tab, desk, qtbot, typed, day):
    desk.actions.trigger("day.go_to")

    type_and_enter(qtbot, focus(tab), typed)

    assert tab.day == day
    assert focus(tab) is tab.grid


def test_an_impossible_date_is_answered_in_the_message_bar(tab, desk, qtbot):
    desk.actions.trigger("day.go_to")

    type_and_enter(qtbot, focus(tab), "2/30")

    assert tab.day == TODAY
    assert "February has no day 30." in desk.messages.last.text


def test_dates_follow_the_practices_settings_at_once(tab, desk, office, qtbot):
    office.practice.put(settings.DATE_ORDER, "dmy")
    desk.actions.trigger("day.go_to")

    type_and_enter(qtbot, focus(tab), "20/3")

    assert tab.day == date(2026, 3, 20)
    assert tab.heading.text() == "Friday, 20 March 2026"
    assert tab.go_to_line.text() == "20/03/2026"


def test_a_click_in_the_month_goes_there(tab, qtbot):
    days = tab.month.days

    qtbot.mouseClick(days, Qt.MouseButton.LeftButton, pos=days.rect_of(date(2026, 3, 24)).center())

    assert tab.day == date(2026, 3, 24)


def test_the_month_counts_its_visits_when_the_days_asked_for_stand_there(
    tab, session, qtbot, ada, chen
):
    an_appointment(session, ada, chen, "2026-05-06T10:00")
    month = tab.month

    tab.show_day(date(2026, 5, 5))
    before = dict(month.days.busy)
    qtbot.waitUntil(lambda: month.days.busy != before)

    assert date(2026, 5, 6) not in before
    assert month.days.busy == {date(2026, 5, 6): 1}
    session.undo()
    qtbot.waitUntil(lambda: month.days.busy == {})
    month.hide()
    an_appointment(session, ada, chen, "2026-05-07T10:00")
    qtbot.wait(1)  # whoever is hidden is not counted for
    assert month.days.busy == {}
    month.show()
    qtbot.waitUntil(lambda: month.days.busy == {date(2026, 5, 7): 1})


def test_a_change_made_elsewhere_shows_at_once(tab, session, ada, chen):
    an_appointment(session, ada, chen, "2026-03-11T14:00")

    assert len(tab.grid.places) == 1


def test_a_closure_shows_in_its_column(tab, session, chen):
    with session.change("Close", Permission.EDIT_SETTINGS):
        Closure.create(
            name="Conference", provider_id=chen, first_on="2026-03-11", last_on="2026-03-11"
        )

    first, second = tab.grid.view.columns
    assert (first.closed, second.closed) == ("Conference", "")


# -- who may, and what is there ---------------------------------------------------------------


def test_who_may_only_read_is_told_so_and_cannot_move(tab, desk, session, qtbot, ada, chen):
    visit_id = an_appointment(session, ada, chen)
    session.switch_user(a_user(session, role=Role.READ_ONLY))
    tab.show_day(TOMORROW, visit_id)
    tab.reload()

    tab.book(ada)

    assert not tab.pane.isVisible()
    assert "may look at the calendar but not book" in desk.messages.last.text
    assert not tab.grid.may_edit
    assert not tab.side.visit.edit_button.isVisible()


def test_a_practice_without_providers_is_told_how_to_begin(qtbot, office):
    desk = make_desk(office, Theme(), jobs=InlineJobs())
    desk.go = Navigated()
    tab = a_tab(qtbot, desk)

    assert tab.nobody.isVisible()
    tab.book()
    assert "Add a provider" in desk.messages.last.text


def test_the_actions_of_the_visit_menu_follow_the_selection(tab, desk, session, qtbot, ada, chen):
    visit_id = an_appointment(session, ada, chen)
    assert desk.actions.why_not("visit.letter") == "Select a visit first."

    tab.show_day(TOMORROW, visit_id)
    desk.actions.trigger("visit.letter")
    desk.actions.trigger("visit.open_patient")
    desk.actions.trigger("edit.edit")

    assert desk.go.calls == [("write_letter", visit_id), ("open_patient", ada)]
    assert tab.pane.editing_id == visit_id


def test_every_control_of_the_tab_has_a_name(tab, desk, session, qtbot, ada, chen):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit_id)
    tab.side.visit.ask_why()
    tab.edit(visit_id)

    for kind in (QAbstractButton, QLineEdit, QComboBox):
        for control in tab.findChildren(kind):
            if control.isVisible() and control.focusPolicy() != Qt.FocusPolicy.NoFocus:
                name = QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name)
                assert name.strip(), control


def test_the_patients_usual_provider_is_offered_while_no_time_is_said(
    tab, desk, qtbot, session, okafor
):
    ada = a_patient(session, primary_provider_id=okafor)

    tab.book(ada)
    assert tab.pane.provider.value() == okafor

    tab.book(ada, TEN, 0)
    assert tab.pane.date_edit.value() == TOMORROW


def test_an_imported_visit_is_told_as_the_last(tab, desk, qtbot, session, ada, chen):
    with session.change("Import", Permission.IMPORT_DATA):
        Encounter.create(patient_id=ada, provider_id=chen, starts_at="2025-11-03T08:30")

    tab.book(ada)

    def said():
        labels = tab.pane.who.findChildren(QLabel)
        return [label.text() for label in labels if label.isVisible()]

    qtbot.waitUntil(lambda: "Last: 11/03/2025 · Robin Chen" in said())
