from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medsec_desktop.services.office import Office
from medsec_desktop.ui.main_window import MainWindow
from tests.conftest import a_patient, a_provider, a_type, an_appointment
from tests.ui.frame import a_window

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot, office: Office) -> Iterator[MainWindow]:
    ada = a_patient(office.session, "Testperson", "Ada", phone="+12125550100")
    a_patient(office.session, "Testperson", "Berta")
    a_patient(office.session, "Sampleton", "Cleo")
    provider = a_provider(office.session)
    an_appointment(office.session, ada, provider, "2026-03-13T10:00")
    window = a_window(qtbot, office)
    yield window
    window.close()


def found(window: MainWindow) -> list[str]:
    return [row.title for row in window.command_box.results.list.rows.rows]


def test_ctrl_k_finds_a_person_and_enter_opens_her_file(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    monkeypatch.setattr(window.go, "open_patient", opened.append)

    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    assert window.command_box.hasFocus()
    qtbot.keyClicks(window.command_box, "berta")
    assert found(window)[0] == "Testperson, Berta"
    qtbot.keyClick(window.command_box, Qt.Key.Key_Return)

    assert len(opened) == 1
    assert not window.command_box.results.isVisible()
    assert window.command_box.text() == ""


def test_the_arrows_walk_and_the_focus_stays_in_the_line(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, "testp")
    results = window.command_box.results.list
    assert results.currentIndex().row() == 0

    qtbot.keyClick(window.command_box, Qt.Key.Key_Down)

    assert results.currentIndex().row() == 1
    assert window.command_box.hasFocus()


def test_escape_goes_back_to_where_the_hands_were(qtbot: QtBot, window: MainWindow) -> None:
    before = QApplication.focusWidget()
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, "testp")

    qtbot.keyClick(window.command_box, Qt.Key.Key_Escape)

    assert not window.command_box.results.isVisible()
    assert QApplication.focusWidget() is before


def test_a_command_is_found_by_other_words_and_run(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, ">night")
    assert found(window) == ["Dark or light"]

    qtbot.keyClick(window.command_box, Qt.Key.Key_Return)

    assert window.desk.theme.dark
    window.desk.theme.set_dark(False)


def test_a_screen_is_found_by_its_name(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, "claims")
    qtbot.keyClick(window.command_box, Qt.Key.Key_Return)

    assert window.windowTitle().startswith("Claims")


def test_a_page_of_the_settings_is_found_by_what_it_sets(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(window.go, "open_settings", opened.append)
    window.commands.learn_settings()

    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, "printers")
    assert found(window)[0] == "Settings: Printers"
    qtbot.keyClick(window.command_box, Qt.Key.Key_Return)

    assert opened == ["printing"]


def test_nothing_found_says_what_is_searched(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, "zzqqxx")

    assert found(window) == []
    assert "Nothing found for “zzqqxx”" in window.command_box.results._nothing.text()


def test_a_click_takes_a_hit_too(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    monkeypatch.setattr(window.go, "open_patient", opened.append)
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, "testp")
    results = window.command_box.results.list

    place = results.visualRect(results.rows.index(1, 0)).center()
    qtbot.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert len(opened) == 1


# -- a booking typed in one line -----------------------------------------------------------------


@pytest.fixture
def at_the_phone(window: MainWindow) -> MainWindow:
    session = window.desk.office.session
    a_type(session, "Follow-up", 20)
    a_patient(session, "Mustermann", "Dora")
    return window


def typed(qtbot: QtBot, window: MainWindow, text: str) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, text)


@pytest.mark.parametrize("tab", ["today", "calendar", "patients", "letters", "claims"])
def test_from_the_ringing_phone_to_the_booking_read_back_in_three_entries(
    qtbot: QtBot, at_the_phone: MainWindow, tab: str
):
    window = at_the_phone
    window.show_tab(tab)

    typed(qtbot, window, "cleo tue 3pm 30 follow-up dr chen")
    assert found(window) == [
        "Book Sampleton, Cleo · Tue Mar 17, 3:00 PM · 30 min · Follow-up · Dr. Chen"
    ]
    qtbot.keyClick(window.command_box, Qt.Key.Key_Return)

    calendar = window.tab_named("calendar")
    assert window.tab is calendar
    (visit,) = window.desk.office.calendar.of_day(date(2026, 3, 17))
    assert (visit.patient_name, visit.duration_min) == ("Sampleton, Cleo", 30)
    assert calendar.side.pages.currentWidget() is calendar.side.booked
    assert calendar.day == date(2026, 3, 17)
    assert not window.command_box.results.isVisible()


def test_a_typed_booking_is_undone_from_its_message(qtbot: QtBot, at_the_phone: MainWindow):
    typed(qtbot, at_the_phone, "cleo tue 3pm follow-up chen")
    qtbot.keyClick(at_the_phone.command_box, Qt.Key.Key_Return)

    at_the_phone.desk.actions.trigger("edit.undo")

    assert at_the_phone.desk.office.calendar.of_day(date(2026, 3, 17)) == ()


def test_what_is_missing_is_said_and_enter_opens_the_booking_filled(
    qtbot: QtBot, at_the_phone: MainWindow
):
    typed(qtbot, at_the_phone, "testperson tue 3pm 25 follow-up chen")
    results = at_the_phone.command_box.results
    assert "2 people fit “testperson”" in results.note.text()
    qtbot.keyClick(at_the_phone.command_box, Qt.Key.Key_Return)

    pane = at_the_phone.tab_named("calendar").pane
    assert pane.is_open
    assert pane.who.typed == "testperson"
    assert (pane.time_line.text(), pane.length_line.text()) == ("3:00 PM", "25 min")
    assert at_the_phone.desk.office.calendar.of_day(date(2026, 3, 17)) == ()


def test_the_arrows_choose_among_ways_on_and_a_click_books_one(
    qtbot: QtBot, at_the_phone: MainWindow
):
    typed(qtbot, at_the_phone, "testperson tue 3pm follow-up chen")
    results = at_the_phone.command_box.results
    qtbot.keyClick(at_the_phone.command_box, Qt.Key.Key_Down)
    assert results.note.text() == "Free. Enter books it at once."

    place = results.list.visualRect(results.list.rows.index(2, 0)).center()
    qtbot.mouseClick(results.list.viewport(), Qt.MouseButton.LeftButton, pos=place)

    (visit,) = at_the_phone.desk.office.calendar.of_day(date(2026, 3, 17))
    assert visit.patient_name == "Testperson, Berta"


def test_a_half_filled_booking_is_parked_before_a_typed_one_is_shown(
    qtbot: QtBot, at_the_phone: MainWindow
):
    at_the_phone.go.book()
    pane = at_the_phone.tab_named("calendar").pane
    qtbot.keyClicks(pane.reason_line, "sore knee")

    typed(qtbot, at_the_phone, "cleo tue 3pm follow-up chen")
    qtbot.keyClick(at_the_phone.command_box, Qt.Key.Key_Return)

    assert not pane.is_open
    (draft,) = at_the_phone.desk.office.drafts.all()
    assert at_the_phone.desk.office.drafts.state(draft.id)["reason"] == "sore knee"
