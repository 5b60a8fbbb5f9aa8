"""The waiting list beside the grid and as a page, by keys and mouse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.permissions import Role
from medsec_desktop.services.calendar.waiting import Slot, WaitingDraft
from medsec_desktop.services.office import Office
from medsec_desktop.ui.calendar.lists.freed import FreedWatch
from medsec_desktop.ui.calendar.lists.waiting_page import WaitingPage
from medsec_desktop.ui.calendar.lists.waiting_panel import WaitingPanel
from medsec_desktop.ui.calendar.tab import CalendarTab
from medsec_desktop.ui.main_window import MainWindow
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment
from tests.ui.frame import a_window

TEN = datetime(2026, 3, 12, 10, 0)


class Front:
    """The window with the calendar in front, one visit tomorrow at ten, and people who wait."""

    def __init__(self, qtbot: QtBot, office: Office):
        self.qtbot, self.office, self.session = qtbot, office, office.session
        self.chen = a_provider(self.session)
        self.type = a_type(self.session)
        self.otto = a_patient(self.session, given="Otto")
        self.visit = an_appointment(
            self.session, self.otto, self.chen, "2026-03-12T10:00", type_id=self.type
        )
        self.ada = self.waits("Ada", is_urgent=True)
        self.bea = self.waits("Bea")
        self.window: MainWindow = a_window(qtbot, office)
        self.window.show_tab("calendar")
        self.tab: CalendarTab = self.window.tab_named("calendar")  # type: ignore[assignment]
        self.tab.show_day(date(2026, 3, 12), self.visit)
        qtbot.waitUntil(lambda: self.focus is not None)

    def waits(self, given: str, **wish: Any) -> int:
        patient = a_patient(self.session, given=given, phone="+12125550100")
        return self.office.waiting.add(
            WaitingDraft(patient, **{"duration_min": 30, "type_id": self.type, **wish})
        )

    def cancel(self) -> None:
        """The visit is cancelled, wherever that was done."""
        self.office.calendar.cancel(self.visit, 1)

    @property
    def focus(self) -> QWidget | None:
        return QApplication.focusWidget()

    @property
    def watch(self) -> FreedWatch:
        return self.tab.freed

    @property
    def panel(self) -> WaitingPanel | None:
        shown = self.tab.side.pages.currentWidget()
        return shown if isinstance(shown, WaitingPanel) else None

    def opened(self) -> WaitingPanel:
        self.qtbot.waitUntil(lambda: self.panel is not None)
        assert self.panel is not None
        return self.panel

    def page(self) -> WaitingPage:
        page = self.tab.show_page("waiting")
        assert isinstance(page, WaitingPage)
        return page


@pytest.fixture
def front(qtbot: QtBot, office: Office) -> Iterator[Front]:
    front = Front(qtbot, office)
    yield front
    front.window.desk.drafts.close()
    front.window.close()


def names(panel: WaitingPanel) -> list[str]:
    return [fit.row.patient_name for fit in panel.fits]


# -- the panel --------------------------------------------------------------------------------


def test_a_cancelled_visit_opens_the_panel_with_those_who_fit_best_first(front: Front) -> None:
    front.qtbot.keyClick(front.tab.grid, Qt.Key.Key_Delete)

    panel = front.opened()

    assert names(panel) == ["Testperson, Ada", "Testperson, Bea"]
    assert panel.when.text() == "Thu, Mar 12, 10:00–10:30 AM, Dr. Chen"
    assert panel.card.phone.text() == "(212) 555-0100"
    assert "Urgent" in panel.card.why.text()


def test_the_panel_that_opens_by_itself_leaves_the_keys_where_they_are(front: Front) -> None:
    front.tab.grid.setFocus()
    front.cancel()

    front.opened()

    assert front.focus is front.tab.grid


def test_a_moved_a_missed_and_a_shortened_visit_open_it_too(front: Front) -> None:
    calendar = front.office.calendar
    moved = calendar.reschedule(front.visit, 1, TEN + timedelta(hours=2), 60, front.chen)
    assert front.opened().slot == Slot(TEN, 30, front.chen)

    calendar.reschedule(moved, 1, TEN + timedelta(hours=2), 30, front.chen)
    front.qtbot.waitUntil(lambda: len(front.watch.slots) == 2)

    assert Slot(TEN + timedelta(hours=2, minutes=30), 30, front.chen) in front.watch.slots


def test_a_freed_time_that_suits_nobody_opens_nothing(front: Front) -> None:
    for entry in (front.ada, front.bea):
        front.office.waiting.remove(entry, 1)

    front.cancel()
    front.qtbot.wait(10)

    assert front.panel is None
    assert not front.watch.strip.isVisible()


def test_a_booking_being_filled_in_is_not_pushed_aside(front: Front) -> None:
    front.tab.book()
    front.cancel()

    front.qtbot.waitUntil(front.watch.strip.isVisible)

    assert front.tab.side.pages.currentWidget() is front.tab.pane
    assert front.tab.pane.is_open
    assert front.panel is None


def test_the_line_below_brings_the_panel_when_it_is_wanted(front: Front) -> None:
    front.tab.book()
    front.cancel()
    front.qtbot.waitUntil(front.watch.strip.isVisible)

    front.qtbot.mouseClick(front.watch.strip.show_button, Qt.MouseButton.LeftButton)

    assert names(front.opened()) == ["Testperson, Ada", "Testperson, Bea"]
    assert not front.watch.strip.isVisible()


def test_one_key_goes_to_the_panel_and_the_same_key_to_the_whole_list(front: Front) -> None:
    front.cancel()
    panel = front.opened()
    front.tab.side.leave()
    front.tab.grid.setFocus()

    front.window.desk.actions.trigger("list.waiting")
    assert front.panel is panel
    assert front.focus is panel.people

    front.window.desk.actions.trigger("list.waiting")
    assert isinstance(front.tab._stack.currentWidget(), WaitingPage)


def test_reached_books_in_one_key_and_one_undo_takes_it_all_back(front: Front) -> None:
    front.cancel()
    panel = front.opened()
    panel.people.setFocus()

    front.qtbot.keyClick(panel.people, Qt.Key.Key_1)

    assert front.office.waiting.entry(front.ada).status == "booked"
    front.qtbot.waitUntil(lambda: front.panel is None)
    assert front.tab.grid.place_of(front.tab.grid.selected_id or 0) is not None
    booked = front.tab.side.booked
    assert booked.isVisible()
    assert booked.detail.row.id == front.tab.grid.selected_id
    assert booked.letter_button.hasFocus()  # to be read back; the keys did not fall out of the tab

    front.window.undoing.undo()

    assert front.office.waiting.entry(front.ada).status == "open"


def test_no_answer_brings_the_next_one_up(front: Front) -> None:
    front.cancel()
    panel = front.opened()
    panel.people.setFocus()

    front.qtbot.keyClick(panel.people, Qt.Key.Key_4)

    assert names(panel) == ["Testperson, Bea", "Testperson, Ada"]
    assert panel.current is not None
    assert panel.current.row.patient_name == "Testperson, Bea"
    last = front.office.waiting.entry(front.ada).last_call
    assert last is not None
    assert last.words == "No answer"


def test_an_outcome_can_be_clicked(front: Front) -> None:
    front.cancel()
    panel = front.opened()

    front.qtbot.mouseClick(panel.outcomes.button(6), Qt.MouseButton.LeftButton)

    last = front.office.waiting.entry(front.ada).last_call
    assert last is not None
    assert last.words == "Declined"


def test_undoing_the_cancellation_takes_the_panel_away(front: Front) -> None:
    front.cancel()
    front.opened()

    front.window.undoing.undo()

    front.qtbot.waitUntil(lambda: front.panel is None)
    assert front.watch.slots == ()


def test_escape_leaves_the_panel_and_a_line_remembers_it(front: Front) -> None:
    front.cancel()
    panel = front.opened()
    panel.people.setFocus()

    front.qtbot.keyClick(panel.people, Qt.Key.Key_Escape)

    assert front.panel is None
    assert front.watch.strip.isVisible()

    front.qtbot.mouseClick(front.watch.strip.forget_button, Qt.MouseButton.LeftButton)
    assert not front.watch.strip.isVisible()


def test_any_free_time_can_be_asked_who_could_take_it(front: Front) -> None:
    front.tab.grid.select_visit(None)
    front.qtbot.keyClick(front.tab.grid, Qt.Key.Key_Home)
    front.tab.grid.setFocus()

    front.window.desk.actions.trigger("visit.wait")

    panel = front.opened()
    assert front.focus is panel.people
    assert panel.slot is not None


def test_the_time_asked_about_is_shown_and_not_one_looked_at_before(front: Front) -> None:
    front.cancel()
    panel = front.opened()
    asked = Slot(TEN + timedelta(hours=3), 30, front.chen)

    front.watch.show_who_fits(asked)
    assert panel.slot == asked
    front.qtbot.keyClick(panel.people, Qt.Key.Key_Escape)
    later = an_appointment(
        front.session, front.otto, front.chen, "2026-03-13T09:00", type_id=front.type
    )
    front.office.calendar.cancel(later, 1)

    assert front.opened().slot == Slot(datetime(2026, 3, 13, 9, 0), 30, front.chen)


def test_who_may_only_look_is_not_asked_to_call(front: Front) -> None:
    front.cancel()
    front.opened()
    front.tab.side.leave()
    front.watch.forget()
    front.session.switch_user(a_user(front.session, "rita", Role.READ_ONLY))

    front.session.event("Looked around")

    assert front.panel is None


# -- putting somebody on the list -----------------------------------------------------------


def test_a_visit_selected_is_put_on_the_list_and_the_grid_comes_back(front: Front) -> None:
    front.tab.grid.setFocus()
    front.window.desk.actions.trigger("visit.wait")
    page = front.page()
    form = page.form
    assert form.isVisible()
    assert form.keeps.text() == "Keeps Thu, Mar 12, 10:00 AM as well"
    assert front.focus is form.times_line

    front.qtbot.keyClicks(form.times_line, "mon thu mornings")
    assert "Mon, Thu until 12:00 PM" in form.times_field.note.text()
    front.qtbot.keyClick(form.times_line, Qt.Key.Key_Return)

    (row,) = front.office.waiting.of_patient(front.otto)
    assert row.draft.interim_appointment_id == front.visit
    assert row.draft.provider_id == front.chen
    assert front.tab.shows_grid


def test_a_patient_whose_file_is_open_is_put_on_the_list(front: Front) -> None:
    front.window.go.open_patient(front.otto)

    front.window.desk.actions.trigger("visit.wait")

    form = front.page().form
    assert form.isVisible()
    assert form.who.patient_id == front.otto


def test_whoever_is_being_booked_is_put_on_the_list_and_the_booking_stays(front: Front) -> None:
    front.tab.book(front.otto)

    front.window.desk.actions.trigger("visit.wait")
    form = front.page().form
    assert form.who.patient_id == front.otto
    form.save()

    assert front.tab.shows_grid
    assert front.tab.pane.is_open
    assert front.tab.pane.who.patient_id == front.otto


def test_a_booking_just_made_is_the_visit_in_the_meantime(front: Front) -> None:
    front.tab.side.show_booked(front.visit)

    front.window.desk.actions.trigger("visit.wait")
    front.page().form.save()

    (row,) = front.office.waiting.of_patient(front.otto)
    assert row.interim_at == TEN


def test_what_is_not_understood_is_said_at_its_field(front: Front) -> None:
    page = front.page()
    page.add(front.office.waiting.draft_for(front.otto))
    front.qtbot.keyClicks(page.form.times_line, "whenever")

    front.qtbot.keyClick(page.form.times_line, Qt.Key.Key_Return)

    assert page.form.times_field.has_problem
    assert "“whenever” is not a day" in page.form.times_field.note.text()
    page.form.times_line.clear()
    page.form.first_edit.setFocus()
    front.qtbot.keyClicks(page.form.first_edit, "2/31")
    front.qtbot.keyClick(page.form.first_edit, Qt.Key.Key_Return)
    assert page.form.first_field.note.text().startswith("February has no day 31.")
    front.qtbot.waitUntil(lambda: page.form.first_field.height() > page.form.last_field.height())
    assert page.form.first_field.y() == page.form.last_field.y()
    assert front.office.waiting.of_patient(front.otto) == ()


def test_nobody_chosen_is_said_at_the_search(front: Front) -> None:
    page = front.page()
    page.add()

    page.form.save()

    assert page.form.who_problem.isVisible()
    assert len(front.office.waiting.open()) == 2


def test_an_entry_half_filled_in_is_parked_by_escape_and_resumed(front: Front) -> None:
    page = front.page()
    page.add()
    page.form.who.choose(front.otto)
    page.form.times_line.setText("fri after 3")

    front.qtbot.keyClick(page.form.times_line, Qt.Key.Key_Escape)

    drafts = front.window.desk.drafts
    (row,) = drafts.waiting()
    assert row.title == "Waiting list: Testperson, Otto"
    drafts.resume(row.id)
    assert page.form.who.patient_id == front.otto
    assert page.form.times_line.text() == "fri after 3"
    page.form.save()
    assert len(front.office.waiting.of_patient(front.otto)) == 1
    assert drafts.waiting() == ()


# -- the page -----------------------------------------------------------------------------------


def test_the_page_lists_everybody_urgent_ones_first(front: Front) -> None:
    page = front.page()

    shown = [page.table.order.index(row, 0).data() for row in range(page.table.order.rowCount())]

    assert shown == ["Testperson, Ada", "Testperson, Bea"]
    assert page.count.text() == "2 people"
    assert front.focus is page.table


def test_typing_and_choosing_filter_the_page(front: Front) -> None:
    page = front.page()

    page.shows.set_value("urgent")
    assert page.table.order.rowCount() == 1
    page.shows.set_value("all")
    front.qtbot.keyClicks(page.search, "bea")

    assert page.table.order.rowCount() == 1
    assert page.count.text() == "1 of 2 people"


def test_an_entry_is_changed_in_place(front: Front) -> None:
    page = front.page()
    front.qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.form.isVisible()

    page.form.urgent.setChecked(False)
    front.qtbot.keyClick(page.form.times_line, Qt.Key.Key_Return)

    assert not front.office.waiting.entry(front.ada).draft.is_urgent
    assert page.card.isVisible()
    assert front.focus is page.table


def test_delete_takes_somebody_off_and_undo_puts_her_back(front: Front) -> None:
    page = front.page()

    front.qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert page.count.text() == "1 person"

    front.window.undoing.undo()
    assert page.count.text() == "2 people"


def test_a_free_time_that_suits_is_booked_from_the_page(front: Front) -> None:
    page = front.page()
    assert page.current is not None
    page.slots.setFocus()
    front.qtbot.keyClick(page.slots, Qt.Key.Key_Down)

    front.qtbot.keyClick(page.slots, Qt.Key.Key_Return)

    assert front.office.waiting.entry(front.ada).status == "booked"
    assert page.count.text() == "1 person"


def test_a_call_is_noted_from_the_page_by_one_key(front: Front) -> None:
    page = front.page()

    front.qtbot.keyClick(page.table, Qt.Key.Key_4)

    last = front.office.waiting.entry(front.ada).last_call
    assert last is not None
    assert last.words == "No answer"
    assert page.current is not None
    assert page.current.id == front.bea  # the next one comes up

    page.shows.set_value("new")
    front.qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert page.current is None


def test_one_outcome_has_one_digit_in_every_list(front: Front) -> None:
    tab: Any = front.tab
    lists = {
        "panel": [tab.panel("waiting").outcomes],
        "waiting": [tab.show_page("waiting").calls],
        "recalls": [tab.show_page("recalls").card.calls],
        "confirm": [tab.show_page("confirm").card.outcomes],
        "away": [tab.show_page("away").card.offering, tab.show_page("away").card.telling],
    }
    digits: dict[str, set[int]] = {}
    for outcomes in (one for found in lists.values() for one in found):
        for digit in outcomes.digits:
            words = outcomes.button(digit).accessibleName()
            assert outcomes.button(digit).text() == f"{digit}  {words}"
            digits.setdefault(words, set()).add(digit)

    assert digits["Message left"] == {2}
    assert digits["Word left"] == {3}
    assert digits["No answer"] == {4}
    assert digits["Wrong number"] == {5}
    assert digits["Declined"] == digits["Cancels"] == digits["Will not come"] == {6}
    assert all(len(found) == 1 for found in digits.values())


def test_an_empty_list_says_what_it_is_for(front: Front) -> None:
    for entry in (front.ada, front.bea):
        front.office.waiting.remove(entry, 1)

    page = front.page()

    assert page.lists.currentWidget() is page.empty
    assert page.count.text() == "0 people"


def test_every_control_of_page_and_panel_has_a_name(front: Front) -> None:
    front.cancel()
    panel, page = front.opened(), front.page()
    page.add()

    for place in (panel, page):
        for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView):
            for control in place.findChildren(kind):
                if control.isVisibleTo(front.window):
                    told = QAccessible.queryAccessibleInterface(control)
                    assert told.text(QAccessible.Text.Name), repr(control)
