from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit

from medsec_desktop.domain.calendar import VisitStatus
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import PatientPhone
from medsec_desktop.services.patients.authorizations import AuthorizationDraft, Authorizations
from medsec_desktop.services.printing.ways import KindSetUp
from medsec_desktop.ui.desk import make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.theme import Theme
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment
from tests.ui.frame import a_window
from tests.ui.scripted import ScriptedPrompts
from tests.ui.test_calendar import CTRL, Navigated, a_tab, focus, type_and_enter

TODAY, TOMORROW = date(2026, 3, 11), date(2026, 3, 12)
NOW, TEN = datetime(2026, 3, 11, 9, 0), datetime(2026, 3, 12, 10, 0)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def chen(session):
    return a_provider(session)


@pytest.fixture
def ada(session):
    return a_patient(session, phone="+12125550100")


@pytest.fixture
def desk(office, session, chen):
    a_type(session)
    desk = make_desk(office, Theme(), jobs=InlineJobs(), prompts=ScriptedPrompts())
    desk.go = Navigated()
    yield desk
    desk.drafts.close()


@pytest.fixture
def tab(qtbot, desk):
    return a_tab(qtbot, desk)


@pytest.fixture
def calendar(office):
    return office.calendar


def press(qtbot, button):
    assert button.isVisible(), button.text()
    qtbot.mouseClick(button, LEFT)


def status(calendar, visit_id):
    return calendar.appointment(visit_id).row.status


def in_sight(button):
    return button.visibleRegion().boundingRect().height() == button.height()


def times_noted(card):
    grid = card._times
    return [grid.itemAtPosition(line, 1).widget().text() for line in range(grid.rowCount())
            if grid.itemAtPosition(line, 1)]  # fmt: skip


# -- who is not on file -----------------------------------------------------------------------


def test_a_caller_not_on_file_is_registered_in_the_pane_and_booked(tab, desk, qtbot, calendar):
    tab.book()
    qtbot.keyClicks(focus(tab), "Nora Sampleton")
    qtbot.keyClick(focus(tab), Qt.Key.Key_Return)
    type_and_enter(qtbot, focus(tab), "")
    type_and_enter(qtbot, focus(tab), "3/14/1984")
    type_and_enter(qtbot, focus(tab), "212 555 0123")

    assert tab.pane.who._name.text() == "Sampleton, Nora"
    assert focus(tab) is tab.pane.what
    qtbot.keyClick(focus(tab), Qt.Key.Key_Return)
    type_and_enter(qtbot, focus(tab), "tomorrow 10am")

    (visit,) = calendar.of_day(TOMORROW)
    assert (visit.patient_name, visit.starts_at) == ("Sampleton, Nora", TEN)
    desk.office.session.undo()
    assert calendar.of_day(TOMORROW) == ()
    assert desk.office.patients.find("sampleton") == ()


def test_a_caller_whose_time_is_refused_is_not_on_file_until_she_is_booked(
    tab, desk, session, qtbot, calendar, ada, chen
):
    an_appointment(session, ada, chen)
    tab.book(starts_at=TEN, provider_id=chen)
    tab.pane.who.start_newcomer({"name": "Nora Sampleton", "birth": "", "phone": ""})
    qtbot.keyClick(tab.pane.who.newcomer.phone_line, Qt.Key.Key_Return)
    tab.pane.look()
    assert "already sees Testperson, Ada" in tab.pane.verdict.banner.accessibleName()

    desk.actions.trigger("form.save")
    assert desk.office.patients.find("sampleton") == ()
    qtbot.keyClick(focus(tab), Qt.Key.Key_Space)
    qtbot.keyClick(focus(tab), Qt.Key.Key_Space)

    assert [visit.patient_name for visit in calendar.of_day(TOMORROW)] == [
        "Sampleton, Nora",
        "Testperson, Ada",
    ]


def test_a_newcomers_lines_are_put_right_before_she_is_booked(tab, qtbot):
    tab.book()
    tab.pane.who.start_newcomer({"name": "Nora Sampelton", "birth": "", "phone": ""})
    qtbot.keyClick(tab.pane.who.newcomer.phone_line, Qt.Key.Key_Return)

    press(qtbot, tab.pane.who.change_button)

    assert focus(tab) is tab.pane.who.newcomer.name_line
    assert focus(tab).text() == "Nora Sampelton"


def test_a_newcomer_with_whom_more_is_done_than_booking_is_registered_first(tab, desk, qtbot):
    tab.book()
    tab.pane.who.start_newcomer({"name": "Nora Sampleton", "birth": "", "phone": ""})
    qtbot.keyClick(tab.pane.who.newcomer.phone_line, Qt.Key.Key_Return)

    desk.actions.trigger("visit.series")

    (found,) = desk.office.patients.find("sampleton")
    assert tab.pane.who.patient_id == found.id


def test_who_is_on_file_after_all_is_shown_and_one_click_books_for_her(
    tab, session, qtbot, calendar, ada
):
    form = tab.pane.who.newcomer
    tab.book()
    press(qtbot, tab.pane.who.new_patient)
    type_and_enter(qtbot, form.name_line, "Ada Testperson")
    type_and_enter(qtbot, form.birth_line, "3/14/1984")
    type_and_enter(qtbot, form.phone_line, "")

    assert form.warning.isVisible()
    assert form.go_on_button.text() == "A new patient all the same"
    link = form._alike.itemAt(1).widget()
    qtbot.mouseClick(link, LEFT)

    assert tab.pane.who.patient_id == ada
    assert session.db.value("SELECT count(*) FROM patient") == 1


def test_a_namesake_is_registered_all_the_same_on_a_second_enter(tab, session, qtbot, ada):
    form = tab.pane.who.newcomer
    tab.book()
    tab.pane.who.start_newcomer({"name": "Ada Testperson", "birth": "3/14/1984", "phone": ""})

    form.agree()
    qtbot.mouseClick(form.go_on_button, LEFT)
    tab.pane.settle_newcomer()

    assert session.db.value("SELECT count(*) FROM patient") == 2
    assert tab.pane.who.patient_id != ada


def test_a_birth_date_that_cannot_be_is_told_at_its_line(tab, session, qtbot):
    form = tab.pane.who.newcomer
    tab.book()
    tab.pane.who.start_newcomer({"name": "Nora Sampleton", "birth": "2/30/1984", "phone": ""})

    form.agree()

    assert form.birth_field.has_problem
    assert focus(tab) is form.birth_line
    qtbot.keyClicks(form.phone_line, "212")
    assert form.birth_field.has_problem
    assert session.db.value("SELECT count(*) FROM patient") == 0


def test_escape_leaves_the_new_patient_for_the_search(tab, qtbot):
    tab.book()
    qtbot.keyClicks(focus(tab), "zzz")
    qtbot.keyClick(focus(tab), Qt.Key.Key_Return)

    qtbot.keyClick(focus(tab), Qt.Key.Key_Escape)

    assert focus(tab) is tab.pane.who.search.line
    assert tab.pane.who.search.line.text() == "zzz"


def test_a_new_patient_half_typed_is_parked_and_comes_back(tab, desk, qtbot):
    tab.book(starts_at=TEN)
    tab.pane.who.start_newcomer({"name": "Nora Sampl", "birth": "3/1", "phone": ""})

    desk.drafts.park(tab.pane)
    (row,) = desk.office.drafts.all()
    tab.book(state=desk.office.drafts.state(row.id), draft_id=row.id)

    assert row.title == "Book Nora Sampl · Thu, Mar 12 · 10:00 AM"
    assert tab.pane.who.newcomer.isVisible()
    assert tab.pane.who.newcomer.birth_line.text() == "3/1"


# -- what the pane knows ----------------------------------------------------------------------


def test_her_only_authorization_is_chosen_and_counts_the_visit(tab, session, calendar, ada, chen):
    number = Authorizations(session).save(ada, AuthorizationDraft("PA-77", 3))

    tab.book(ada, TEN, chen)
    assert tab.pane.authorization_field.isVisible()
    assert tab.pane.authorization.currentText() == "PA-77 · 0 of 3 used"
    assert tab.pane.authorization_field.note.text() == "3 visits left on it."
    tab.pane.save()

    (visit,) = calendar.of_day(TOMORROW)
    assert calendar.appointment(visit.id).authorization_id == number
    assert Authorizations(session).of(ada)[0].left == 2


def test_an_undo_elsewhere_shows_at_once_in_the_open_pane(tab, session, qtbot, calendar, ada, chen):
    an_appointment(session, ada, chen)
    tab.book(ada)

    def said():
        return [link.text() for link in tab.pane.who.findChildren(type(tab.pane.who.new_patient))
                if link.isVisible()]  # fmt: skip

    qtbot.waitUntil(lambda: "Next: Thu, Mar 12, 10:00 AM · Dr. Chen" in said())
    tab.pane.reason_line.setText("Cough")

    session.undo()

    assert not any(text.startswith("Next:") for text in said())
    assert tab.pane.reason_line.text() == "Cough"


@pytest.mark.parametrize("zoom", [1.0, 1.5])
def test_long_names_never_push_the_pane_wider_than_it_is(tab, desk, session, qtbot, zoom):
    long = "Wolkenkuckucksheimer-Sternenstaub-Mustermann"
    doctor = a_provider(session, long, "Maximiliane", credential="NP", position=5)
    patient = a_patient(session, long, "Ada-Christina-Josephine")
    an_appointment(session, patient, doctor, "2025-03-09T10:00", status="done")
    desk.theme.set_zoom(zoom)

    tab.book(patient, TEN, doctor)
    view = tab.pane._scroll
    qtbot.waitUntil(lambda: view.widget().width() <= view.viewport().width())

    tab.pane.who.take_back()
    tab.pane.who.start_newcomer(
        {"name": f"Ada-Christina-Josephine {long}", "birth": "3/14/1984", "phone": ""}
    )
    tab.pane.who.newcomer.agree()
    assert tab.pane.who.newcomer.warning.isVisible()
    qtbot.waitUntil(lambda: view.widget().width() <= view.viewport().width())


# -- read back --------------------------------------------------------------------------------


def test_the_booking_stays_to_be_read_back_until_it_is_dismissed(
    tab, session, qtbot, calendar, ada, chen
):
    other = an_appointment(session, a_patient(session, given="Bea"), chen, "2026-03-12T14:00")
    tab.book(ada, TEN, chen)
    tab.pane.save()
    booked = tab.side.booked
    assert booked.isVisible()
    assert booked.summary.text() == "Thursday, March 12, 10:00 AM, 30 minutes with Dr. Chen"

    tab.grid.select_visit(other)
    assert tab.side.shows_visit
    assert tab.side.strip.isVisible()
    tab.grid.scroll_to_minute(12 * 60)
    qtbot.mouseClick(tab.grid.viewport(), LEFT, pos=tab.grid.point_at(0, 13 * 60))
    assert booked.isVisible()

    qtbot.mouseClick(booked.close_button, LEFT)
    assert not booked.isVisible()
    assert not tab.side.strip.isVisible()


def test_a_booking_undone_is_not_read_back(tab, session, ada, chen):
    tab.book(ada, TEN, chen)
    tab.pane.save()

    session.undo()

    assert not tab.side.booked.isVisible()
    assert not tab.side.strip.isVisible()


class Printer:
    """Takes what is printed in the place of a printer."""

    def __init__(self):
        self.printed = []

    def setup(self, kind):
        return KindSetUp()

    def print_pdf(self, pdf, kind, way, *, title, patient_id):
        self.printed.append((kind, title, pdf[:5]))
        return "Front desk"


@pytest.mark.parametrize(("kind", "paper"), [("slip", "lists"), ("card", "cards")])
def test_a_slip_or_card_is_printed_from_what_is_read_back(
    tab, desk, office, qtbot, ada, chen, kind, paper
):
    office.sheets.printing = Printer()
    tab.book(ada, TEN, chen)
    tab.pane.save()

    press(qtbot, getattr(tab.side.booked, f"{kind}_button"))

    ((where, title, begins),) = office.sheets.printing.printed
    assert (where, begins) == (paper, b"%PDF-")
    assert "Testperson" not in title
    assert desk.messages.last.text == f"The {kind} for Testperson, Ada went to Front desk."


# -- the card ---------------------------------------------------------------------------------


def test_a_visit_goes_through_the_day_by_its_buttons_with_times_stamped(
    tab, session, clock, qtbot, calendar, ada, chen
):
    visit_id = an_appointment(session, ada, chen, "2026-03-11T09:00")
    tab.show_day(TODAY, visit_id)
    card = tab.side.visit

    press(qtbot, card.arrive_button)
    clock.advance(timedelta(minutes=10))
    press(qtbot, card.room_button)
    clock.advance(timedelta(minutes=20))
    press(qtbot, card.done_button)

    assert status(calendar, visit_id) == VisitStatus.DONE
    assert card._kind.text() == "Done"
    assert times_noted(card) == [
        "Arrived · Olive Owner", "In room · Olive Owner", "Done · Olive Owner",
    ]  # fmt: skip
    assert card._times.itemAtPosition(2, 0).widget().text() == "9:30 AM"


def test_a_visit_goes_through_the_day_by_keys(tab, desk, session, calendar, ada, chen):
    visit_id = an_appointment(session, ada, chen, "2026-03-11T09:00")
    tab.show_day(TODAY, visit_id)

    desk.actions.trigger("visit.arrive")
    assert status(calendar, visit_id) == VisitStatus.ARRIVED
    assert desk.messages.last.text == "Arrived: Testperson, Ada, Wed, Mar 11, 9:00 AM."
    desk.actions.trigger("visit.move_on")
    desk.actions.trigger("visit.move_on")

    assert status(calendar, visit_id) == VisitStatus.DONE
    assert "does not fit" in desk.actions.why_not("visit.arrive")


@pytest.mark.parametrize(("button", "how"), [("person", "person"), ("machine", "machine")])
def test_a_confirmation_says_who_answered(
    tab, desk, session, qtbot, calendar, ada, chen, button, how
):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit_id)

    desk.actions.trigger("visit.confirm")
    assert focus(tab) is tab.side.visit.person_button
    press(qtbot, getattr(tab.side.visit, f"{button}_button"))

    assert calendar.appointment(visit_id).row.confirmed_how == how


def test_enter_presses_the_button_a_key_has_led_to(tab, desk, session, qtbot, calendar, ada, chen):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit_id)

    desk.actions.trigger("visit.confirm")
    qtbot.keyClick(focus(tab), Qt.Key.Key_Return)

    assert calendar.appointment(visit_id).row.confirmed_how == "person"
    tab.visits.pin(visit_id)
    board = tab.side.pages.currentWidget()
    board.off_button.setFocus()
    qtbot.keyClick(board.off_button, Qt.Key.Key_Return)
    assert tab.visits.pinned == ()


def test_who_has_confirmed_is_not_asked_again(tab, desk, session, calendar, ada, chen):
    visit_id = an_appointment(session, ada, chen)
    calendar.confirm(visit_id, 1, "person")
    tab.show_day(TOMORROW, visit_id)

    desk.actions.trigger("visit.confirm")

    assert desk.messages.last.text == "The patient has confirmed already."
    assert not tab.side.visit.person_button.isVisible()
    assert len(calendar.events(visit_id)) == 1


def test_a_missed_visit_is_marked_and_its_slot_is_free(
    tab, desk, session, qtbot, calendar, ada, chen
):
    visit_id = an_appointment(session, ada, chen, "2026-03-11T08:30")
    tab.show_day(TODAY, visit_id)

    desk.actions.trigger("visit.no_show")

    assert status(calendar, visit_id) == VisitStatus.NO_SHOW
    press(qtbot, tab.side.visit.again_button)
    assert (tab.pane.who.patient_id, tab.pane.provider.value()) == (ada, chen)


def test_a_status_noted_wrongly_is_corrected_with_a_reason(
    tab, desk, session, qtbot, calendar, ada, chen
):
    visit_id = an_appointment(session, ada, chen, "2026-03-11T08:30", status="no-show")
    tab.show_day(TODAY, visit_id)
    card = tab.side.visit

    desk.actions.trigger("visit.correct")
    card.correct_status.set_value(VisitStatus.DONE)
    type_and_enter(qtbot, card.correct_reason, "She was in Room 2")

    assert status(calendar, visit_id) == VisitStatus.DONE
    assert times_noted(card) == ["Corrected: done (She was in Room 2) · Olive Owner"]
    assert not card._correcting.isVisible()


def test_a_correction_asked_for_parks_the_booking_being_filled_in(tab, desk, session, ada, chen):
    visit_id = an_appointment(session, ada, chen, "2026-03-11T08:30", status="no-show")
    tab.book(a_patient(session, given="Bea"))
    tab.show_day(TODAY, visit_id)

    desk.actions.trigger("visit.correct")

    assert tab.side.visit.correct_status.isVisible()
    assert [row.title for row in desk.drafts.waiting()] == ["Book Testperson, Bea"]


def test_enter_goes_from_who_cancels_to_the_reason_and_cancels(
    tab, session, qtbot, calendar, ada, chen
):
    visit = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit)
    tab.desk.actions.trigger("visit.cancel")

    qtbot.keyClick(focus(tab), Qt.Key.Key_Return)
    type_and_enter(qtbot, focus(tab), "ill")

    detail = calendar.appointment(visit)
    assert (detail.row.status, detail.cancel_reason) == (VisitStatus.CANCELLED, "ill")


def test_what_the_card_asks_is_brought_into_sight(tab, session, qtbot, ada, chen):
    visit = an_appointment(session, ada, chen, reason="A long story " * 8, note="And more " * 20)
    tab.resize(1366, 560)
    tab.show_day(TOMORROW, visit)
    card = tab.side.visit

    tab.desk.actions.trigger("visit.correct")
    qtbot.waitUntil(lambda: in_sight(card.correct_now))
    qtbot.keyClick(focus(tab), Qt.Key.Key_Return)

    assert focus(tab) is card.correct_reason
    tab.desk.actions.trigger("visit.cancel")
    qtbot.waitUntil(lambda: in_sight(card.cancel_now))


def test_a_late_cancellation_is_said_in_the_times_and_when_she_books_again(
    tab, session, qtbot, calendar, ada, chen
):
    visit_id = an_appointment(session, ada, chen, "2026-03-11T15:00")
    tab.show_day(TODAY, visit_id)
    tab.side.visit.ask_why()
    assert tab.side.visit._late.text() == "Counts as late: less than 24 hours before."
    tab.side.visit.cancel_by.set_value("clinic")
    assert not tab.side.visit._late.isVisible()
    tab.side.visit.cancel_by.set_value("patient")
    type_and_enter(qtbot, tab.side.visit.cancel_reason, "Has a cold")

    tab.show_day(TODAY, visit_id)
    assert times_noted(tab.side.visit) == ["Cancelled late (Has a cold) · Olive Owner"]
    tab.book(ada)
    assert "1 late cancellation on file." in tab.pane.who.alert.accessibleName()


def test_who_may_only_read_has_no_buttons_to_change_a_visit(tab, session, ada, chen):
    visit_id = an_appointment(session, ada, chen, "2026-03-11T09:00")
    session.switch_user(a_user(session, role=Role.READ_ONLY))
    tab.show_day(TODAY, visit_id)

    card = tab.side.visit
    for button in (card.arrive_button, card.cut_button, card.cancel_button, card.correct_button):
        assert not button.isVisible()
    assert card.file_button.isVisible()


def test_a_moved_visit_tells_where_it_came_from_and_a_link_to_the_old_finds_the_new(
    tab, calendar, ada, chen, session
):
    old_id = an_appointment(session, ada, chen)
    new_id = calendar.reschedule(old_id, 1, TEN + timedelta(days=1), 30, chen)

    tab.show_day(TOMORROW, old_id)

    assert (tab.day, tab.grid.selected_id) == (TOMORROW + timedelta(days=1), new_id)
    assert "Moved here from Thu, Mar 12, 10:00 AM." in tab.side.visit._notes.text()


def test_the_card_follows_a_visit_moved_elsewhere_and_back_on_undo(
    tab, calendar, ada, chen, session
):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit_id)

    new_id = calendar.reschedule(visit_id, 1, TEN + timedelta(hours=2), 30, chen)
    assert tab.side.visit.detail.row.id == new_id
    session.undo()

    assert tab.side.shows_visit
    assert tab.side.visit.detail.row.id == visit_id


# -- cut, paste and the pinboard --------------------------------------------------------------


def test_a_visit_cut_is_put_on_another_day_with_the_keyboard(
    tab, desk, session, qtbot, calendar, ada, chen
):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit_id)
    qtbot.keyClick(tab.grid, Qt.Key.Key_X, CTRL)
    assert "Cut: Testperson, Ada" in desk.messages.last.text
    assert status(calendar, visit_id) == VisitStatus.SCHEDULED

    tab.step(1)
    tab.grid.go_to(0, 14 * 60)
    qtbot.keyClick(tab.grid, Qt.Key.Key_V, CTRL)

    moved = calendar.appointment(calendar.standing(visit_id)).row
    assert moved.starts_at == datetime(2026, 3, 13, 14, 0)
    assert desk.messages.last.undoes is not None
    assert "Cut a visit" in desk.actions.why_not("visit.paste")


def test_the_pinboard_holds_visits_while_one_looks_around(
    tab, desk, session, qtbot, calendar, ada, chen
):
    bea = a_patient(session, given="Bea")
    first = an_appointment(session, ada, chen)
    second = an_appointment(session, bea, chen, "2026-03-12T11:00")
    tab.show_day(TOMORROW, first)
    desk.actions.trigger("visit.pin")
    tab.grid.select_visit(second)
    desk.actions.trigger("visit.pin")
    board = tab.side.pages.currentWidget()
    assert [row.title for row in board.list.rows.rows] == ["Testperson, Ada", "Testperson, Bea"]

    tab.step(1)
    tab.grid.go_to(0, 9 * 60)
    assert board.isVisible(), "choosing a time does not push it aside"
    board.list.setFocus()
    qtbot.keyClick(board.list, Qt.Key.Key_Return)

    assert calendar.appointment(calendar.standing(first)).row.starts_at == datetime(
        2026, 3, 13, 9, 0
    )
    assert tab.visits.pinned == (second,)
    assert [row.title for row in board.list.rows.rows] == ["Testperson, Bea"]


def test_what_is_pinned_is_there_again_after_the_program_ended(
    qtbot, office, session, calendar, ada, chen
):
    first = an_appointment(session, ada, chen)
    other = an_appointment(session, a_patient(session, given="Bea"), chen, "2026-03-12T11:00")
    before = a_window(qtbot, office)
    for visit_id in (first, other):
        before.tab_named("calendar").visits.pin(visit_id)
    before.close()
    calendar.cancel(other, 1)

    window = a_window(qtbot, office)
    assert [row.title for row in window.desk.drafts.waiting()] == ["Pinboard: 2 visits"]
    assert window.desk.drafts.rescued() == ()  # nothing was lost
    qtbot.keyClick(window, Qt.Key.Key_7, CTRL | Qt.KeyboardModifier.AltModifier)
    board = window.tab_named("calendar").panel("pinboard")

    assert list(board._visits) == [first]
    assert window.desk.drafts.waiting() == ()
    assert [row.is_parked for row in office.drafts.all()] == [True]  # nor the night after
    qtbot.keyClick(board.list, Qt.Key.Key_Delete)
    assert office.drafts.all() == ()
    window.close()


def test_a_parked_pinboard_is_resumed_as_it_was(qtbot, office, session, ada, chen):
    visit_id = an_appointment(session, ada, chen)
    window = a_window(qtbot, office)
    tab = window.tab_named("calendar")
    tab.visits.pin(visit_id)

    window.desk.drafts.park(tab.panel("pinboard"))
    assert tab.visits.pinned == ()
    window.desk.drafts.resume_latest()

    assert tab.visits.pinned == (visit_id,)
    assert tab.side.pages.currentWidget() is tab.panel("pinboard")
    window.close()


def test_a_visit_dragged_off_the_pinboard_lands_where_it_is_dropped(
    tab, session, qtbot, calendar, ada, chen
):
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW, visit_id)
    tab.visits.pin(visit_id)
    tab.step(1)
    board = tab.side.pages.currentWidget()
    view, grid = board.list.viewport(), tab.grid
    start = board.list.visualRect(board.list.rows.index(0, 0)).center()
    target = view.mapFromGlobal(grid.viewport().mapToGlobal(grid.point_at(0, 10 * 60 + 30)))

    qtbot.mousePress(view, LEFT, pos=start)
    qtbot.mouseMove(view, start + QPoint(0, 40))
    qtbot.mouseMove(view, target)
    assert grid.overlay.proposal.name == "Testperson, Ada"
    qtbot.mouseRelease(view, LEFT, pos=target)

    moved = calendar.appointment(calendar.standing(visit_id)).row
    assert moved.starts_at == datetime(2026, 3, 13, 10, 30)
    assert grid.overlay.proposal is None


def test_escape_lets_go_of_a_visit_dragged_off_the_pinboard(
    tab, session, qtbot, calendar, ada, chen
):
    visit_id = an_appointment(session, ada, chen)
    tab.visits.pin(visit_id)
    board = tab.side.pages.currentWidget()
    view, grid = board.list.viewport(), tab.grid
    start = board.list.visualRect(board.list.rows.index(0, 0)).center()
    target = view.mapFromGlobal(grid.viewport().mapToGlobal(grid.point_at(0, 10 * 60 + 30)))
    qtbot.mousePress(view, LEFT, pos=start)
    qtbot.mouseMove(view, start + QPoint(0, 40))
    qtbot.mouseMove(view, target)

    qtbot.keyClick(board.list, Qt.Key.Key_Escape)
    qtbot.mouseRelease(view, LEFT, pos=target)

    assert calendar.successor(visit_id) is None
    assert board.isVisible()


def test_times_are_found_for_all_and_taken_in_one_step(tab, session, qtbot, calendar, ada, chen):
    bea = a_patient(session, given="Bea")
    pinned = [
        an_appointment(session, ada, chen),
        an_appointment(session, bea, chen, "2026-03-12T11:00"),
    ]
    for visit_id in pinned:
        tab.visits.pin(visit_id)
    board = tab.side.pages.currentWidget()
    qtbot.keyClicks(board.from_edit, "3/20")

    press(qtbot, board.find_button)
    assert "Fri, Mar 20, 8:00 AM" in board.list.rows.rows[0].detail
    press(qtbot, board.take_button)

    moved = [calendar.appointment(calendar.standing(one)).row.starts_at for one in pinned]
    assert {at.date() for at in moved} == {date(2026, 3, 20)}
    assert len(set(moved)) == 2
    assert board.empty.isVisible()
    session.undo()
    assert [calendar.standing(one) for one in pinned] == pinned
    assert tab.visits.pinned == tuple(pinned)  # on the board again, to look for other times
    session.redo()
    assert tab.visits.pinned == ()


def test_the_time_a_visit_has_is_not_found_for_it_again(tab, session, qtbot, ada, chen):
    visit_id = an_appointment(session, ada, chen, "2026-03-12T08:00")
    tab.visits.pin(visit_id)
    board = tab.side.pages.currentWidget()

    press(qtbot, board.find_button)

    assert "Thu, Mar 12, 8:00 AM → Wed, Mar 11, 9:00 AM" in board.list.rows.rows[0].detail


def test_a_rule_in_the_way_is_asked_about_in_the_pane_and_the_board_comes_back(
    tab, session, qtbot, calendar, ada, chen
):
    visit_id = an_appointment(session, ada, chen)
    tab.visits.pin(visit_id)
    board = tab.side.pages.currentWidget()
    tab.show_day(TOMORROW)
    tab.grid.go_to(0, 19 * 60)

    board.place(visit_id)
    assert tab.pane.isVisible()
    assert tab.pane.verdict.needs_reason
    tab.pane.close_pane()

    assert board.isVisible()
    assert tab.visits.pinned == (visit_id,)


# -- unresolved -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "becomes"),
    [
        (Qt.Key.Key_D, VisitStatus.DONE),
        (Qt.Key.Key_N, VisitStatus.NO_SHOW),
        (Qt.Key.Key_L, VisitStatus.LEFT),
        (Qt.Key.Key_C, VisitStatus.CANCELLED),
        (Qt.Key.Key_K, VisitStatus.CANCELLED),
    ],
)
def test_one_key_answers_for_a_visit_nobody_answered_for(
    tab, session, qtbot, calendar, ada, chen, key, becomes
):
    first = an_appointment(session, ada, chen, "2026-03-09T10:00")
    second = an_appointment(session, ada, chen, "2026-03-10T10:00")
    page = tab.show_page("unresolved")
    assert [visit.id for visit in page.list.rows.rows] == [first, second]

    qtbot.keyClick(page.list, key)

    assert status(calendar, first) == becomes
    assert [visit.id for visit in page.list.rows.rows] == [second]
    assert page.list.current_row().id == second
    session.undo()
    assert [visit.id for visit in page.list.rows.rows] == [first, second]


def test_the_page_says_when_every_visit_has_its_answer(tab, session, qtbot, ada, chen):
    an_appointment(session, ada, chen, "2026-03-09T10:00")
    page = tab.show_page("unresolved")

    press(qtbot, page.buttons["D"])

    assert page.nothing.isVisible()
    assert not page.list.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert tab.grid.isVisible()


def test_enter_opens_an_unresolved_visit_on_its_day(tab, session, qtbot, ada, chen):
    visit_id = an_appointment(session, ada, chen, "2026-03-09T10:00")
    page = tab.show_page("unresolved")

    qtbot.keyClick(page.list, Qt.Key.Key_Return)

    assert (tab.day, tab.grid.selected_id) == (date(2026, 3, 9), visit_id)


def test_a_new_phone_number_shows_in_the_open_pane(tab, session, ada, chen):
    tab.book(ada)

    with session.change("Number", Permission.EDIT_PATIENTS):
        PatientPhone.update(number="+12125550177").where(PatientPhone.patient == ada).execute()

    assert "(212) 555-0177" in tab.pane.who._about.text()


@pytest.mark.parametrize("shown", ["card", "correcting", "newcomer", "board", "unresolved"])
def test_every_control_beside_the_grid_has_a_name(tab, session, qtbot, ada, chen, shown):
    visit_id = an_appointment(session, ada, chen)
    an_appointment(session, ada, chen, "2026-03-09T10:00")
    tab.show_day(TOMORROW, visit_id)
    if shown == "correcting":
        tab.side.visit.ask_status()
    elif shown == "newcomer":
        tab.book()
        tab.pane.who.start_newcomer({"name": "Ada Testperson", "birth": "3/14/1984", "phone": ""})
        tab.pane.who.newcomer.agree()
    elif shown == "board":
        tab.visits.pin(visit_id)
    elif shown == "unresolved":
        tab.show_page("unresolved")

    for kind in (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView):
        for control in tab.findChildren(kind):
            if control.isVisible() and control.focusPolicy() != Qt.FocusPolicy.NoFocus:
                name = QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name)
                assert name.strip(), control
