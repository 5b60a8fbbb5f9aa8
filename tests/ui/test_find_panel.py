from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Patient, PatientAlert, Room
from medsec_desktop.services.office import Office
from medsec_desktop.ui.calendar.finding.find_panel import FindPanel
from medsec_desktop.ui.calendar.finding.slot_list import More, Offer
from medsec_desktop.ui.main_window import MainWindow
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment
from tests.ui.frame import a_window

CTRL = Qt.KeyboardModifier.ControlModifier
RETURN, DOWN, UP = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Up


class Clinic:
    """The ids a test speaks of, and its window."""

    def __init__(self, office: Office):
        session = office.session
        self.office = office
        self.follow, self.nurse = (
            a_type(session, "Follow-up", 30),
            a_type(session, "Nurse visit", 15),
        )
        self.chen = a_provider(session, "Chen", works="9-12")
        self.diaz = a_provider(session, "Diaz", "Ana", works="13-16")
        self.ada = a_patient(session, "Testperson", "Ada")
        with session.change("Equip", Permission.EDIT_SETTINGS):
            self.exam = int(Room.create(name="Exam 1", kind="exam").id)
        with session.change("Warn", Permission.EDIT_PATIENTS):
            PatientAlert.create(patient_id=self.ada, text="Hard of hearing")
        self.window: MainWindow

    @property
    def panel(self) -> FindPanel:
        panel = self.window.tab_named("calendar").side.pages.currentWidget()
        assert isinstance(panel, FindPanel)
        return panel

    @property
    def rows(self) -> list[str]:
        return [f"{row.lead} {row.title}".strip() for row in self.panel.found.rows.rows]

    @property
    def booked(self) -> list[tuple[str, str, int]]:
        return [
            (visit.patient_name, f"{visit.starts_at:%a %H:%M}", visit.provider_id)
            for visit in self.office.calendar.upcoming()
        ]


@pytest.fixture
def clinic(qtbot: QtBot, office: Office) -> Iterator[Clinic]:
    clinic = Clinic(office)
    clinic.window = a_window(qtbot, office)
    yield clinic
    clinic.window.close()


def find(qtbot: QtBot, clinic: Clinic) -> FindPanel:
    qtbot.keyClick(clinic.window, Qt.Key.Key_F, CTRL)
    return clinic.panel


def name_her(qtbot: QtBot, panel: FindPanel) -> None:
    qtbot.keyClicks(panel.who.line, "testp")
    qtbot.keyClick(panel.who.line, RETURN)


@pytest.mark.parametrize("tab", ["today", "patients", "letters", "claims", "calendar"])
def test_ctrl_f_shows_the_next_free_times_from_anywhere(qtbot: QtBot, clinic: Clinic, tab: str):
    clinic.window.show_tab(tab)

    panel = find(qtbot, clinic)

    assert panel.who.line.hasFocus()
    assert clinic.rows[:6] == [
        "Wed, Mar 11", "9:00 AM Dr. Chen", "9:15 AM Dr. Chen", "9:30 AM Dr. Chen",
        "9:45 AM Dr. Chen", "+18 more that day",
    ]  # fmt: skip
    assert sum("," in row and ":" not in row for row in clinic.rows) == 10


def test_from_the_phone_to_the_booking_by_keys_alone(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)
    name_her(qtbot, panel)
    assert panel.who._alert.accessibleName() == "Hard of hearing"

    qtbot.keyClicks(panel.after, "2pm")
    qtbot.keyClick(panel.after, DOWN)
    qtbot.keyClick(panel.after, RETURN)

    assert clinic.booked == [("Testperson, Ada", "Wed 14:15", clinic.diaz)]
    side = clinic.window.tab_named("calendar").side
    assert side.pages.currentWidget() is side.booked
    clinic.window.desk.actions.trigger("edit.undo")
    assert clinic.booked == []


def test_without_a_patient_a_time_opens_the_booking_filled(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)
    panel.what.set_value(clinic.nurse)

    qtbot.keyClick(panel.who.line, RETURN)

    pane = clinic.window.tab_named("calendar").pane
    assert pane.is_open
    assert (pane.what.value(), pane.provider.value()) == (clinic.nurse, clinic.chen)
    assert (pane.time_line.text(), pane.date_edit.value()) == ("9:00 AM", date(2026, 3, 11))
    assert clinic.booked == []


def test_a_click_books_too(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)
    name_her(qtbot, panel)

    place = panel.found.visualRect(panel.found.rows.index(2, 0)).center()
    qtbot.mouseClick(panel.found.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert clinic.booked == [("Testperson, Ada", "Wed 09:15", clinic.chen)]


def test_a_click_on_a_date_does_nothing(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)
    name_her(qtbot, panel)

    place = panel.found.visualRect(panel.found.rows.index(0, 0)).center()
    qtbot.mouseClick(panel.found.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert clinic.booked == []


def test_every_filter_works_live(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)

    panel.providers.set_values([clinic.diaz])
    panel.providers.changed.emit()
    assert clinic.rows[1] == "1:00 PM Dr. Diaz"
    qtbot.mouseClick(panel.weekdays[4], Qt.MouseButton.LeftButton)
    assert clinic.rows[0] == "Fri, Mar 13"
    qtbot.keyClicks(panel.before, "2pm")
    assert clinic.rows[1:4] == ["1:00 PM Dr. Diaz", "1:15 PM Dr. Diaz", "1:30 PM Dr. Diaz"]
    qtbot.keyClicks(panel.length, "60")
    assert clinic.rows[1:3] == ["1:00 PM Dr. Diaz", "Fri, Mar 20"]
    panel.earliest.set_value(date(2026, 3, 27))
    assert clinic.rows[0] == "Fri, Mar 27"
    panel.rooms.set_values(["kind:exam"])
    panel.rooms.changed.emit()
    assert panel.found.rows.rows[1].trailing == "Exam 1"
    qtbot.mouseClick(panel.clear_button, Qt.MouseButton.LeftButton)
    assert clinic.rows[:2] == ["Wed, Mar 11", "9:00 AM Dr. Chen"]


def test_a_part_of_the_day_and_her_own_times_may_be_typed(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)

    qtbot.keyClicks(panel.after, "afternoon")
    assert clinic.rows[1] == "1:00 PM Dr. Diaz"
    panel.after.clear()
    qtbot.keyClicks(panel.can_come, "fri after 11")
    assert clinic.rows[:3] == ["Fri, Mar 13", "11:00 AM Dr. Chen", "11:15 AM Dr. Chen"]


def test_what_makes_no_sense_is_said_at_its_field(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)

    qtbot.keyClicks(panel.after, "25h")

    assert panel.after_field.has_problem
    assert clinic.rows == []
    panel.after.clear()
    assert not panel.after_field.has_problem
    assert clinic.rows


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_providers_are_ticked_by_keys(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)
    panel.providers.setFocus()

    qtbot.keyClick(panel.providers, DOWN)
    menu = panel.providers.menu_of_choices
    assert menu.isVisible()
    qtbot.keyClick(menu, DOWN)
    qtbot.keyClick(menu, Qt.Key.Key_Space)
    assert menu.isVisible()
    qtbot.keyClick(menu, Qt.Key.Key_Escape)

    assert panel.providers.values() == (clinic.diaz,)
    assert panel.providers.text() == "Dr. Diaz"
    assert clinic.rows[1] == "1:00 PM Dr. Diaz"


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_several_stay_open_while_ticked_by_the_mouse(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)
    qtbot.mouseClick(panel.providers, Qt.MouseButton.LeftButton)
    menu = panel.providers.menu_of_choices
    for action in menu.actions():
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())

    assert panel.providers.values() == (clinic.chen, clinic.diaz)
    menu.close()


def test_the_rest_of_a_day_is_shown_when_asked_for(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)
    assert isinstance(panel.found.rows.rows[5].value, More)
    for _ in range(4):
        qtbot.keyClick(panel.who.line, DOWN)

    qtbot.keyClick(panel.who.line, RETURN)

    assert clinic.rows[5] == "10:00 AM Dr. Chen"
    assert "more" not in clinic.rows[22]


def test_the_arrows_step_over_dates_and_show_the_time_on_the_grid(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)
    name_her(qtbot, panel)
    panel.after.setFocus()
    for _ in range(5):
        qtbot.keyClick(panel.after, DOWN)

    offer = panel.found.current_offer()
    assert offer is not None
    assert offer.slots[0].starts_at == datetime(2026, 3, 12, 9)
    tab = clinic.window.tab_named("calendar")
    assert tab.day == date(2026, 3, 12)
    assert panel.after.hasFocus()
    qtbot.keyClick(panel.after, UP)
    assert isinstance(panel.found.current_value(), More)


def test_a_booking_elsewhere_takes_its_time_off_the_list(qtbot: QtBot, clinic: Clinic):
    find(qtbot, clinic)
    office = clinic.office

    an_appointment(office.session, clinic.ada, clinic.chen, "2026-03-11T09:00", 60)

    assert clinic.rows[1] == "10:00 AM Dr. Chen"


def test_escape_goes_back_to_the_grid(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)

    qtbot.keyClick(panel.after, Qt.Key.Key_Escape)

    assert clinic.window.tab_named("calendar").side.pages.currentWidget() is not panel


def test_several_visits_are_found_and_booked_as_one(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)
    name_her(qtbot, panel)
    qtbot.mouseClick(panel.another, Qt.MouseButton.LeftButton)
    assert panel.with_these.text() == "1. Follow-up"
    panel.what.set_value(clinic.nurse)
    qtbot.mouseClick(panel.same_day, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    qtbot.mouseClick(panel.in_order, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert clinic.rows[:3] == ["Wed, Mar 11", "9:00 AM Follow-up", "9:30 AM Nurse visit"]
    assert isinstance(panel.found.rows.rows[1].value, Offer)

    qtbot.keyClick(panel.after, RETURN)

    assert [when for _, when, _ in clinic.booked] == ["Wed 09:00", "Wed 09:30"]
    clinic.window.desk.actions.trigger("edit.undo")
    assert clinic.booked == []


def test_one_visit_only_again(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)
    qtbot.mouseClick(panel.another, Qt.MouseButton.LeftButton)

    qtbot.mouseClick(panel.only_one, Qt.MouseButton.LeftButton)

    assert clinic.rows[1] == "9:00 AM Dr. Chen"
    assert not panel.with_these.isVisible()


def test_enter_on_a_link_of_the_form_books_nothing(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)
    name_her(qtbot, panel)
    panel.length.setText("45")
    panel.clear_button.setFocus()

    qtbot.keyClick(panel.clear_button, RETURN)

    assert panel.length.text() == ""
    assert clinic.booked == []


def test_nothing_free_says_what_to_do(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)

    qtbot.keyClicks(panel.length, "300")

    assert clinic.rows == []
    assert panel.result.text().startswith("Nothing is free within half a year.")


def test_a_patient_nobody_books_for_is_named_as_the_reason(qtbot: QtBot, clinic: Clinic):
    with clinic.office.session.change("Archive", Permission.EDIT_PATIENTS):
        Patient.update(status="archived").where(Patient.id == clinic.ada).execute()
    panel = find(qtbot, clinic)

    panel.who.choose(clinic.ada)

    assert clinic.rows == []
    assert panel.result.text().startswith("This patient’s file is archived.")


def test_on_a_small_screen_a_days_times_and_the_whole_form_are_in_sight(
    qtbot: QtBot, clinic: Clinic
):
    clinic.window.resize(1366, 740)
    panel = find(qtbot, clinic)
    name_her(qtbot, panel)

    def is_whole(line: QWidget) -> bool:
        return line.visibleRegion().boundingRect().height() == line.height()

    def whole_rows() -> int:
        seen, rows = panel.found.viewport().rect(), panel.found.rows
        places = (panel.found.visualRect(rows.index(at, 0)) for at in range(rows.rowCount()))
        return sum(seen.contains(place) for place in places)

    qtbot.waitUntil(lambda: is_whole(panel.can_come) and is_whole(panel.more) and whole_rows() >= 5)
    qtbot.mouseClick(panel.more, Qt.MouseButton.LeftButton)
    assert panel.after.hasFocus()
    qtbot.keyClicks(panel.after, "2pm")
    qtbot.waitUntil(lambda: is_whole(panel.weekdays[0]) and whole_rows() >= 4)
    assert clinic.rows[1] == "2:00 PM Dr. Diaz"
    assert not panel.can_come.isVisible(), "the same is said above"
    qtbot.mouseClick(panel.clear_button, Qt.MouseButton.LeftButton)

    assert panel.can_come.isVisible()
    assert not panel.after.isVisible()


def test_a_date_half_typed_is_not_looked_for_and_enter_ends_it_before_it_books(
    qtbot: QtBot, clinic: Clinic
):
    panel = find(qtbot, clinic)
    name_her(qtbot, panel)
    shown = list(clinic.rows)
    panel.earliest.setFocus()

    qtbot.keyClicks(panel.earliest, "3/2")
    assert clinic.rows == shown
    qtbot.keyClicks(panel.earliest, "0")
    qtbot.keyClick(panel.earliest, RETURN)
    assert (clinic.rows[0], clinic.booked) == ("Fri, Mar 20", [])
    panel.earliest.selectAll()
    qtbot.keyClicks(panel.earliest, "2/30")
    qtbot.keyClick(panel.earliest, RETURN)
    assert panel.earliest_field.has_problem
    assert (clinic.rows, clinic.booked) == ([], [])
    panel.earliest.selectAll()
    qtbot.keyClicks(panel.earliest, "3/20")
    qtbot.keyClick(panel.earliest, RETURN)
    qtbot.keyClick(panel.earliest, RETURN)

    assert clinic.booked == [("Testperson, Ada", "Fri 09:00", clinic.chen)]


def test_who_may_only_look_is_told_why_nothing_is_booked(qtbot: QtBot, clinic: Clinic):
    session = clinic.office.session
    session.switch_user(a_user(session, "rita", Role.READ_ONLY))
    panel = find(qtbot, clinic)

    qtbot.keyClick(panel.after, RETURN)

    assert not clinic.window.tab_named("calendar").pane.is_open


def test_every_part_has_a_name_and_is_reached_by_tab(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)

    def reached() -> set[QWidget]:
        found = set()
        for _ in range(40):
            widget = QApplication.focusWidget()
            if widget is not None and panel.isAncestorOf(widget):
                assert widget.accessibleName() or getattr(widget, "text", str)(), widget
                found.add(widget)
            qtbot.keyClick(widget, Qt.Key.Key_Tab)
        return found

    always = {
        panel.what, panel.length, panel.providers, panel.earliest, panel.another, panel.more,
        panel.found,
    }  # fmt: skip
    assert always | {panel.can_come} <= reached()
    panel.more.click()
    panel.who.line.setFocus()
    more = {*panel.weekdays, panel.after, panel.before, panel.rooms}
    assert always | more <= reached()


def test_from_a_booking_half_filled_the_search_goes_on_with_what_was_said(
    qtbot: QtBot, clinic: Clinic
):
    clinic.window.go.book(patient_id=clinic.ada)
    pane = clinic.window.tab_named("calendar").pane
    pane.what.set_value(clinic.nurse)
    pane.date_edit.set_value(date(2026, 3, 20))

    panel = find(qtbot, clinic)

    assert panel.who.patient_id == clinic.ada
    assert clinic.rows[0] == "Fri, Mar 20"
    assert panel.what.value() == clinic.nurse
    assert len(clinic.office.drafts.all()) == 1


def test_from_a_patients_file_the_search_is_for_her(qtbot: QtBot, clinic: Clinic):
    clinic.window.go.open_patient(clinic.ada)

    panel = find(qtbot, clinic)

    assert panel.who.patient_id == clinic.ada


def test_who_is_shown_may_be_changed(qtbot: QtBot, clinic: Clinic):
    panel = find(qtbot, clinic)
    name_her(qtbot, panel)

    qtbot.mouseClick(panel.who.change_button, Qt.MouseButton.LeftButton)

    assert panel.who.patient_id is None
    assert panel.who.line.hasFocus()
