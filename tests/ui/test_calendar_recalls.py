"""Recalls from the calendar: noted in two entries, reminded by letter, card or call, and booked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.calendar.recalls import RecallDraft, RecallTypeDraft
from medsec_desktop.services.practice import settings
from medsec_desktop.ui.calendar.tab import CalendarTab
from medsec_desktop.ui.letters.print_sheet import PrintSheet
from medsec_desktop.ui.practice.settings import PaperPage
from medsec_desktop.ui.practice.settings_recalls import RecallsPage
from tests.conftest import a_patient, a_provider, a_type
from tests.services.test_letters import FakeSpooler
from tests.ui.frame import a_desk

TODAY = date(2026, 3, 11)
CTRL = Qt.KeyboardModifier.ControlModifier
CTRL_ALT = CTRL | Qt.KeyboardModifier.AltModifier


@pytest.fixture
def chen(session):
    return a_provider(session)


@pytest.fixture
def ada(session):
    return a_patient(session, phone="+12125550100")


@pytest.fixture
def physical(session):
    return a_type(session, "Physical")


@pytest.fixture
def yearly(office, physical):
    return office.recalls.save_type(RecallTypeDraft("Yearly visit", 12, physical))


@pytest.fixture
def desk(office, qapp):
    desk = a_desk(office)
    desk.jobs.on_failure = lambda _, error: desk.messages.problem(error)
    yield desk
    desk.drafts.close()


@pytest.fixture
def window(qtbot, desk, office, chen, ada):
    window = QMainWindow()
    qtbot.addWidget(window)
    desk.actions.install(window, window.menuBar(), desk.theme)
    tab = CalendarTab(desk)
    desk.go = tab
    desk.bus.changed.connect(tab.refresh)
    window.setCentralWidget(tab)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def tab(window):
    return window.centralWidget()


@pytest.fixture
def due(office, session, yearly, ada):
    """Three people due to be reminded."""
    people = [ada, a_patient(session, given="Bea"), a_patient(session, given="Cleo")]
    return [
        office.recalls.add(RecallDraft(person, yearly, TODAY + timedelta(days=7 * number)))
        for number, person in enumerate(people)
    ]


@pytest.fixture
def page(tab, due):
    return tab.show_page("recalls")


def click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def names(page):
    order = page.table.order
    return [order.index(number, 0).data() for number in range(order.rowCount())]


# -- noting -----------------------------------------------------------------------------------


def test_a_visit_is_followed_by_a_recall_in_two_keys(
    tab, window, office, qtbot, ada, chen, yearly, physical
):
    visit = office.calendar.book(BookingDraft(ada, chen, physical, datetime(2026, 3, 12, 10), 30))
    tab.show_day(date(2026, 3, 12), visit)

    qtbot.keyClick(tab.grid, Qt.Key.Key_R, CTRL_ALT)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_S, CTRL)

    (row,) = office.recalls.of_patient(ada)
    assert (row.due_on, row.provider_id) == (date(2027, 3, 12), chen)
    assert "Yearly visit" in tab.desk.messages.last.text


def test_a_due_date_is_typed_as_one_says_it(tab, window, office, qtbot, ada, yearly):
    panel = tab.show_panel("recall")
    panel.show_patient(ada)
    panel.form.due.setFocus()
    panel.form.due.selectAll()
    qtbot.keyClicks(panel.form.due, "+6m")
    qtbot.keyClick(panel.form.due, Qt.Key.Key_Return)

    (row,) = office.recalls.of_patient(ada)
    assert row.due_on == date(2026, 9, 11)


def test_a_recall_without_a_date_is_refused_at_its_field(tab, qtbot, ada, yearly):
    panel = tab.show_panel("recall")
    panel.show_patient(ada)
    panel.form.due.setFocus()
    panel.form.due.selectAll()
    qtbot.keyClicks(panel.form.due, "soonish")

    click(qtbot, panel.form.save_button)

    assert panel.form.due_field.has_problem


def test_without_any_kind_of_recall_the_panel_leads_to_the_settings(tab, ada):
    panel = tab.show_panel("recall")
    panel.show_patient(ada)

    assert panel.faces.currentWidget() is panel.none


def test_an_open_recall_is_changed_from_the_panel(tab, office, qtbot, ada, due):
    panel = tab.show_panel("recall")
    panel.show_patient(ada)
    panel.list.setCurrentIndex(panel.list.rows.index(0, 0))
    panel.list.chosen.emit(panel.list.current_value())

    qtbot.keyClicks(panel.form.due, "+3m")
    qtbot.keyClick(panel.form.due, Qt.Key.Key_Return)

    assert office.recalls.recall(due[0]).due_on == date(2026, 6, 11)


# -- the list ---------------------------------------------------------------------------------


def test_the_list_shows_who_is_to_be_reminded_longest_due_first(page):
    assert names(page) == ["Testperson, Ada", "Testperson, Bea", "Testperson, Cleo"]
    assert page.count.text() == "3 recalls"
    assert page.table.hasFocus()


def test_filters_narrow_the_list(page, qtbot):
    qtbot.keyClicks(page.search, "bea")
    assert names(page) == ["Testperson, Bea"]

    page.search.clear()
    page.shows.set_value("overdue")
    assert names(page) == []


def test_letters_are_written_to_everybody_selected(page, office, qtbot):
    qtbot.keyClick(page.table, Qt.Key.Key_A, CTRL)
    assert page.card.letter_button.text() == "Write 3 letters"

    click(qtbot, page.card.letter_button)

    assert len(office.letters.recent()) == 3
    assert names(page) == []
    message = page.desk.messages.last
    assert message.text.startswith("3 letters filed.")
    assert [words for words, _ in message.offers] == ["Print them"]

    office.session.undo()
    assert len(names(page)) == 3


def test_calls_are_noted_by_one_digit_each_and_the_next_one_comes_up(page, office, qtbot):
    first, second, third = page._rows
    assert page.current == first

    qtbot.keyClick(page.table, Qt.Key.Key_4)  # no answer: she stays on the list
    assert office.recalls.recall(first.id).last_call.startswith("No answer")
    assert page.current.id == second.id

    qtbot.keyClick(page.table, Qt.Key.Key_6)  # will not come
    assert office.recalls.recall(second.id).status == "dropped"
    assert page.current.id == third.id

    qtbot.keyClick(page.table, Qt.Key.Key_2)
    assert [one.how for one in office.recalls.recall(third.id).rounds] == ["call"]
    assert page.current.id == first.id


def test_labels_count_as_a_reminder_once_they_are_printed(page, office, qtbot, due):
    paper = office.printing._spooler = FakeSpooler()
    paper.is_ready = False

    click(qtbot, page.card.label_button)
    (sheet,) = page.window().findChildren(PrintSheet)
    qtbot.keyClick(sheet, Qt.Key.Key_Return)

    # Nothing is noted while the printer is stopped; the labels wait, and count when they come out.
    assert "is stopped" in page.desk.messages.last.text
    assert office.recalls.recall(due[0]).rounds == ()
    (kept,) = office.printing.kept.all()
    paper.is_ready = True
    office.printing.print_again(kept.id)
    assert len(paper.pages) == 1
    assert [one.how for one in office.recalls.recall(due[0]).rounds] == ["label"]


def test_enter_books_and_the_recall_falls_away(page, tab, window, office, qtbot, due, ada):
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert tab.pane.is_open
    assert tab.pane.who.patient_id == ada

    tab.pane.set_time(None, datetime(2026, 3, 20, 9))
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_S, CTRL)

    assert office.recalls.recall(due[0]).status == "booked"


def test_delete_takes_a_recall_away_with_undo(page, office, qtbot, due):
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)

    assert office.recalls.recall(due[0]).status == "dropped"
    assert page.desk.messages.last.undoes is not None


def test_a_due_date_is_changed_in_place(page, office, qtbot, due):
    page.change()
    qtbot.keyClicks(page.form.due, "+2m")
    qtbot.keyClick(page.form.due, Qt.Key.Key_Return)

    assert office.recalls.recall(due[0]).due_on == date(2026, 5, 11)
    assert page.table.hasFocus()


def test_an_empty_list_says_what_to_do(tab):
    page = tab.show_page("recalls")

    assert page.lists.currentWidget() is page.empty


# -- settings ---------------------------------------------------------------------------------


def test_a_kind_of_recall_is_set_up_by_its_name_alone(qtbot, desk, office):
    page = RecallsPage(desk)
    qtbot.addWidget(page)
    page.show()
    click(qtbot, page.none.button)
    qtbot.keyClicks(page.name_line, "Eye check")
    qtbot.keyClick(page.name_line, Qt.Key.Key_Tab)
    page.name_line.editingFinished.emit()

    (row,) = office.recalls.types()
    assert (row.name, row.interval_months, row.rounds) == ("Eye check", 12, (-30, 0, 30))


def test_reminders_that_make_no_sense_are_refused_at_the_field(qtbot, desk, office, yearly):
    page = RecallsPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.rounds.setText("now and then")
    page.rounds.editingFinished.emit()

    assert page.fields["rounds"].has_problem
    assert office.recalls.types()[0].rounds == (-30, 0, 30)


def test_the_time_zone_is_kept_where_there_is_such_a_one(qtbot, desk, office):
    page = PaperPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.zone.setText("Nowhere/Land")
    page.zone.editingFinished.emit()
    assert page.fields["practice.time_zone"].has_problem

    page.zone.setText("Europe/Berlin")
    page.zone.editingFinished.emit()
    assert office.practice.get(settings.TIME_ZONE) == "Europe/Berlin"
