"""The window as a secretary meets it: keys, messages, undo, lock, help."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, QPoint, QSettings, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Role
from medsec_desktop.problems import Conflict, Link, Unavailable
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import settings
from medsec_desktop.services.session import Session
from medsec_desktop.services.welcome import DEMO_PASSWORD
from medsec_desktop.ui.cheat_sheet import CheatSheet
from medsec_desktop.ui.claims.tab import ClaimsTab
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.report import Message
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment
from tests.ui.frame import PASSWORD, NoteEditor, a_desk, a_window, check_password

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot: QtBot, office: Office) -> Iterator[MainWindow]:
    window = a_window(qtbot, office)
    yield window
    window.close()


def said(window: MainWindow) -> str:
    """What the message bar says."""
    return window.message_bar.text.text()


# --- tabs


def test_the_day_begins_on_today(window: MainWindow) -> None:
    assert window.windowTitle() == "Today · MedSec Desktop"
    assert window.tab is window.tab_named("today")


def test_ctrl_and_a_digit_switch_tabs(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_5, CTRL)
    assert window.windowTitle() == "Claims · MedSec Desktop"

    qtbot.keyClick(window, Qt.Key.Key_1, CTRL)
    assert window.windowTitle() == "Today · MedSec Desktop"


@pytest.mark.parametrize("name", ["today", "calendar", "patients", "letters", "claims"])
def test_every_tab_names_itself_and_its_help(window: MainWindow, name: str) -> None:
    window.show_tab(name)

    assert window.tab is not None
    assert window.tab.title.lower() == name
    assert window.tab.help_page == name


def test_a_tab_is_built_when_it_is_first_shown(window: MainWindow) -> None:
    assert list(window._tabs) == ["today"]


def test_claims_of_a_new_practice_say_what_will_be_there(qtbot: QtBot, window: MainWindow) -> None:
    window.show_tab("claims")

    qtbot.keyClick(window, Qt.Key.Key_N, CTRL)

    assert "Nothing new is made on this tab" in said(window)
    tab = window.tab
    assert isinstance(tab, ClaimsTab)
    assert tab.table.empty.title.text() == "Every visit is charged"
    assert tab.panel.nothing.isVisible()


# --- today


def test_an_empty_day_offers_to_book(qtbot: QtBot, window: MainWindow) -> None:
    tab = window.tab_named("today")
    assert tab.empty.isVisible()  # type: ignore[attr-defined]
    assert not tab.list.isVisible()  # type: ignore[attr-defined]

    qtbot.waitUntil(tab.empty.button.hasFocus)  # type: ignore[attr-defined]
    qtbot.keyClick(tab.empty.button, Qt.Key.Key_Return)  # type: ignore[attr-defined]

    assert window.tab_name == "calendar"


def test_today_lists_todays_visits_only(qtbot: QtBot, office: Office) -> None:
    session = office.session
    patient, provider = a_patient(session), a_provider(session)
    kind = a_type(session, "Follow-up")
    an_appointment(session, patient, provider, "2026-03-11T10:00", type_id=kind, status="arrived")
    an_appointment(session, patient, provider, "2026-03-12T10:00", type_id=kind)

    window = a_window(qtbot, office)

    rows = window.tab_named("today").list.rows.rows  # type: ignore[attr-defined]
    assert [(row.lead, row.title, row.detail, row.trailing) for row in rows] == [
        ("10:00 AM", "Testperson, Ada", "Follow-up · Dr. Chen", "Arrived")
    ]
    qtbot.waitUntil(lambda: window.status.waiting.text() == "1 waiting")
    window.close()


def test_a_visit_booked_elsewhere_appears_on_today(window: MainWindow, office: Office) -> None:
    patient, provider = a_patient(office.session), a_provider(office.session)

    an_appointment(office.session, patient, provider, "2026-03-11T15:00")

    assert window.tab_named("today").list.rows.rowCount() == 1  # type: ignore[attr-defined]


# --- messages and undo


def test_a_message_offers_undo_and_undo_offers_redo(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    patient = a_patient(office.session, "Testperson", "Ada")
    window.desk.messages.say("Registered Ada Testperson.", undo=True)

    qtbot.mouseClick(window.message_bar.undo_button, Qt.MouseButton.LeftButton)

    assert said(window) == "Undone: Register Ada Testperson."
    assert office.session.history()[0].kind == "undo"
    redo = [b for b in window.message_bar.findChildren(QAbstractButton) if b.text() == "Redo"]
    qtbot.mouseClick(redo[0], Qt.MouseButton.LeftButton)
    assert said(window) == "Done again: Register Ada Testperson."
    assert office.patients.open(patient).name.family == "Testperson"


def test_undo_of_much_goes_on_away_from_the_screen(
    qtbot: QtBot, window: MainWindow, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medsec_desktop.services.session._PUT_BACK_AT_ONCE", 0)
    a_patient(office.session)
    jobs = []
    window.desk.jobs.started.connect(lambda job: jobs.append((job.title, job.cancellable)))

    window.undoing.undo()
    qtbot.waitUntil(lambda: said(window) == "Undone: Register Ada Testperson.")
    window.undoing.redo()
    qtbot.waitUntil(lambda: said(window) == "Done again: Register Ada Testperson.")

    assert jobs == [("Undo", True), ("Redo", True)]


def test_undo_in_the_message_takes_back_that_operation_and_not_a_later_one(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    a_patient(office.session, "Testperson", "Ada")
    first = window.desk.bus.last_operation_id
    a_patient(office.session, "Sampleton", "Bo")
    window.message_bar.show_message(Message("Registered Ada Testperson.", undoes=first))

    qtbot.mouseClick(window.message_bar.undo_button, Qt.MouseButton.LeftButton)

    assert said(window) == "Undone: Register Ada Testperson."


def test_a_message_goes_when_something_else_is_changed(window: MainWindow, office: Office) -> None:
    window.desk.messages.say("Saved.")

    a_patient(office.session, "Sampleton", "Bo")

    assert not window.message_bar.isVisible()


def test_ctrl_z_takes_back_my_latest_change(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    a_patient(office.session, "Testperson", "Ada")

    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert said(window) == "Undone: Register Ada Testperson."

    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert said(window) == "Done again: Register Ada Testperson."


def test_ctrl_y_does_again_as_well(qtbot: QtBot, window: MainWindow, office: Office) -> None:
    a_patient(office.session, "Testperson", "Ada")
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)

    qtbot.keyClick(window, Qt.Key.Key_Y, CTRL)

    assert said(window) == "Done again: Register Ada Testperson."


def test_with_nothing_to_undo_the_key_says_so(qtbot: QtBot, qapp: object, office: Office) -> None:
    window = a_window(qtbot, office)

    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT)

    assert said(window) == "There is nothing to redo."
    window.close()


def test_in_a_text_field_ctrl_z_undoes_the_typing_first(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    a_patient(office.session, "Testperson", "Ada")
    editor = NoteEditor(window.tab)
    editor.show()
    editor.line.setFocus()
    qtbot.waitUntil(editor.line.hasFocus)
    qtbot.keyClicks(editor.line, "abc")

    qtbot.keyClick(editor.line, Qt.Key.Key_Z, CTRL)
    assert editor.line.text() == ""
    qtbot.keyClick(editor.line, Qt.Key.Key_Y, CTRL)
    assert editor.line.text() == "abc"
    qtbot.keyClick(editor.line, Qt.Key.Key_Z, CTRL)
    assert said(window) == ""

    qtbot.keyClick(editor.line, Qt.Key.Key_Z, CTRL)  # once too often
    assert said(window).startswith("All that was typed into this field is undone")
    assert office.session.history()[0].kind == "change"

    qtbot.keyClick(editor.line, Qt.Key.Key_Y, CTRL)
    assert editor.line.text() == "abc"
    editor.line.clearFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert said(window) == "Undone: Register Ada Testperson."


def test_in_a_field_nobody_typed_into_ctrl_z_takes_back_the_latest_change(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    a_patient(office.session, "Testperson", "Ada")
    editor = NoteEditor(window.tab)
    editor.show()
    editor.line.setFocus()
    qtbot.waitUntil(editor.line.hasFocus)

    qtbot.keyClick(editor.line, Qt.Key.Key_Z, CTRL)

    assert said(window) == "Undone: Register Ada Testperson."


def test_a_refusal_links_what_is_in_the_way(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    followed: list[Link] = []
    window.message_bar._open_link = followed.append
    link = Link("patient", "7", "Ada Testperson, 3:00 PM")
    window.desk.messages.problem(
        Conflict("Dr. Chen has a visit then.", "", "Choose another time.", (link,))
    )

    assert said(window) == "Dr. Chen has a visit then. Choose another time."
    qtbot.keyClick(window.message_bar.links()[0], Qt.Key.Key_Space)

    assert followed == [link]


def test_a_message_shows_markup_as_it_is(window: MainWindow) -> None:
    window.desk.messages.say("Registered <img src=x> <b>Ada</b>.")

    assert said(window) == "Registered <img src=x> <b>Ada</b>."
    assert window.message_bar.text.textFormat() is Qt.TextFormat.PlainText


def test_a_message_never_moves_the_work_below_it(window: MainWindow) -> None:
    before = window.stack.mapTo(window, window.stack.rect().topLeft())

    window.desk.messages.say("Booked.", undo=True)
    QApplication.processEvents()

    assert window.stack.mapTo(window, window.stack.rect().topLeft()) == before


def test_a_message_lies_over_the_bottom_of_the_page_and_goes_with_escape(
    qtbot: QtBot, window: MainWindow
) -> None:
    bar = window.message_bar
    assert not bar.isVisible()

    window.desk.messages.say("Booked Ada Testperson.", undo=True)

    assert bar.isVisible()
    lowest = bar.mapTo(window, bar.rect().bottomLeft()).y()
    assert 0 < window.status.mapTo(window, window.status.rect().topLeft()).y() - lowest <= 18
    qtbot.keyClick(window.tab, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_what_was_done_leaves_by_itself_unless_the_pointer_is_on_it(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medsec_desktop.ui.message_bar.READ_MS", 1)
    bar = window.message_bar
    bar.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    window.desk.messages.say("Saved.")
    with qtbot.waitSignal(bar._leaving.timeout):
        pass
    assert bar.isVisible()

    bar.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)

    qtbot.waitUntil(bar.isHidden)


def test_a_problem_stays_until_the_next_thing_is_done(qtbot: QtBot, window: MainWindow) -> None:
    window.desk.messages.problem(Conflict("Dr. Chen has a visit then.", "", "Choose another time."))
    assert not window.message_bar._leaving.isActive()
    qtbot.keyClick(window, Qt.Key.Key_Plus, CTRL)
    window.desk.messages.problem(Conflict("Dr. Chen has a visit then.", "", "Choose another time."))

    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)

    assert not window.message_bar.isVisible()


def test_parked_work_takes_what_the_status_bar_leaves(window: MainWindow, office: Office) -> None:
    for number in range(5):
        office.drafts.park(
            office.drafts.save(None, "note", f"Note {number} of many, with a long title", None, {})
        )
    height = window.status.height()

    window.desk.drafts.changed.emit()
    QApplication.processEvents()
    assert len(window.drafts_strip.chips()) == 3

    window.resize(960, 600)
    QApplication.processEvents()
    assert len(window.drafts_strip.chips()) < 3
    assert window.status.height() == height


def test_a_closed_manual_does_not_answer_a_new_theme(qtbot: QtBot, window: MainWindow) -> None:
    window.help.open("today")
    manual = window.help.manual
    assert manual is not None
    with qtbot.waitSignal(manual.destroyed):
        manual.deleteLater()

    window.desk.theme.set_dark(True)

    assert window.desk.theme.dark
    window.help.manual = None


# --- history


def test_the_history_says_whose_file_was_opened_and_finds_it(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    office.patients.open(a_patient(office.session, "Testperson", "Ada"))
    office.patients.open(a_patient(office.session, "Sampleton", "Bo"))
    window.undoing.toggle_history()
    assert window.undoing.history is not None
    assert window.undoing.history.list.rows.rows[0].title == "Opened the file: Bo Sampleton"

    window.undoing.history.filter.setText("ada opened")

    titles = [row.title for row in window.undoing.history.list.rows.rows]
    assert titles == ["Opened the file: Ada Testperson"]


def test_the_history_says_who_did_what_and_undoes_any_of_it(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    a_patient(office.session, "Testperson", "Ada")
    a_patient(office.session, "Sampleton", "Bo")
    qtbot.keyClick(window, Qt.Key.Key_H, CTRL)
    history = window.undoing.history
    assert history is not None
    titles = [row.title for row in history.list.rows.rows]
    assert titles[:2] == ["Register Bo Sampleton", "Register Ada Testperson"]
    assert history.list.rows.rows[0].detail == "Olive Owner · today 9:00 AM"

    qtbot.keyClick(history.list, Qt.Key.Key_Down)
    qtbot.keyClick(history.list, Qt.Key.Key_Return)

    assert said(window) == "Undone: Register Ada Testperson."
    undone = next(r for r in history.list.rows.rows if r.title == "Register Ada Testperson")
    assert undone.mark == "Undone"


def test_the_history_can_be_filtered_and_closed(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    a_patient(office.session, "Testperson", "Ada")
    a_patient(office.session, "Sampleton", "Bo")
    window.undoing.toggle_history()
    history = window.undoing.history
    assert history is not None

    history.filter.setText("sampleton")
    assert [row.title for row in history.list.rows.rows] == ["Register Bo Sampleton"]
    history.filter.setText("nobody")
    assert history.empty.isVisible()

    qtbot.keyClick(window, Qt.Key.Key_H, CTRL)
    assert not history.isVisible()


# --- windows beside


def test_a_phone_that_rings_is_answered_from_a_window_beside(
    qtbot: QtBot, window: MainWindow
) -> None:
    directory = window.go.open_directory()
    assert directory is not None
    qtbot.waitUntil(directory.isActiveWindow)
    assert directory.windowHandle().transientParent() is None  # else it lies over the main window

    for key, modifier, text in (  # all of them before the other window has come
        (Qt.Key.Key_K, CTRL, ""),
        (Qt.Key.Key_F, Qt.KeyboardModifier.NoModifier, "f"),
        (Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier, "r"),
        (Qt.Key.Key_I, Qt.KeyboardModifier.NoModifier, "i"),
    ):
        press = QKeyEvent(QEvent.Type.KeyPress, key, modifier, text)
        QApplication.sendEvent(directory.windowHandle(), press)
    qtbot.waitUntil(lambda: window.command_box.text() == "fri")
    assert window.isActiveWindow()
    assert window.command_box.hasFocus()
    assert directory.search.text() == ""

    directory.come_forward()
    qtbot.waitUntil(directory.isActiveWindow)
    qtbot.keyClick(directory.windowHandle(), Qt.Key.Key_2, CTRL)
    qtbot.waitUntil(lambda: window.tab_name == "calendar")
    assert window.isActiveWindow()
    assert directory.isVisible()

    window.close()
    assert not directory.isVisible()


def test_a_question_in_a_window_beside_is_answered_first(qtbot: QtBot, window: MainWindow) -> None:
    directory = window.go.open_directory()
    assert directory is not None
    qtbot.waitUntil(directory.isActiveWindow)
    question = QDialog(directory)
    question.open()
    qtbot.waitUntil(question.isActiveWindow)

    qtbot.keyClick(question.windowHandle(), Qt.Key.Key_2, CTRL)

    assert question.isActiveWindow()
    assert window.tab_name == "today"
    question.close()


# --- lock and curtain


def test_the_curtain_hides_everything_and_a_password_lifts_it(
    qtbot: QtBot, window: MainWindow
) -> None:
    editor = NoteEditor(window.tab)
    editor.show()
    editor.line.setFocus()
    qtbot.keyClicks(editor.line, "half a note")

    qtbot.keyClick(window, Qt.Key.Key_Space, CTRL)
    curtain = window.curtain
    assert curtain.isVisible()
    assert curtain.geometry() == window.rect()
    assert curtain.password.hasFocus()
    assert window.windowTitle() == "MedSec Desktop"

    qtbot.keyClicks(curtain.password, PASSWORD)
    qtbot.keyClick(curtain.password, Qt.Key.Key_Return)

    assert not curtain.isVisible()
    assert editor.line.text() == "half a note"
    assert editor.line.hasFocus()


def test_a_wrong_password_keeps_the_curtain_and_says_why(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_L, CTRL)

    qtbot.keyClicks(window.curtain.password, "wrong")
    qtbot.keyClick(window.curtain.password, Qt.Key.Key_Return)

    assert window.curtain.isVisible()
    assert window.curtain.password.text() == ""
    assert window.curtain.password_field.note.text() == "This password does not fit."


def test_no_key_reaches_the_work_beneath_the_lock(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    a_patient(office.session, "Testperson", "Ada")
    window.screen_lock.lock()

    qtbot.keyClick(window.curtain.password, Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(window.curtain.password, Qt.Key.Key_5, CTRL)
    for _ in range(6):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert window.curtain.isAncestorOf(QApplication.focusWidget())

    assert office.session.history()[0].kind == "change"
    assert window.tab is window.tab_named("today")


def test_the_lock_hides_open_dialogs_and_brings_them_back(qtbot: QtBot, window: MainWindow) -> None:
    dialog = QDialog(window)
    qtbot.addWidget(dialog)
    dialog.open()

    window.screen_lock.lock()
    assert not dialog.isVisible()

    window.curtain.password.setText(PASSWORD)
    window.curtain.button.click()
    assert dialog.isVisible()
    assert dialog.isModal()
    dialog.close()


def test_the_screen_can_be_hidden_from_inside_a_dialog(qtbot: QtBot, window: MainWindow) -> None:
    dialog = QDialog(window)
    qtbot.addWidget(dialog)
    line = QLineEdit(dialog)
    dialog.open()
    dialog.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)

    qtbot.keyClick(dialog.windowHandle(), Qt.Key.Key_Space, CTRL)  # type: ignore[call-overload]

    assert window.curtain.isVisible()
    assert not dialog.isVisible()
    window.curtain.password.setText(PASSWORD)
    window.curtain.button.click()
    dialog.close()


def test_locking_keeps_what_is_half_typed(qtbot: QtBot, window: MainWindow, office: Office) -> None:
    editor = NoteEditor(window.tab)
    editor.show()
    window.desk.drafts.watch(editor)
    editor.line.setText("half a note")

    window.screen_lock.lock()

    assert [row.title for row in office.drafts.all()] == ["Note: half a note"]
    window.desk.drafts.done(editor)


def test_someone_else_can_go_on_at_the_locked_screen(
    qtbot: QtBot, office: Office, session: Session
) -> None:
    sam = a_user(session, "sam", Role.READ_ONLY)

    def unlock(login: str, password: str) -> None:
        check_password(login, password)
        if login == "sam":
            session.switch_user(sam)

    window = MainWindow(
        a_desk(office), unlock=unlock, people=lambda: [("olive", "Olive Owner"), ("sam", "Sam")]
    )
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.tab is not None)

    qtbot.keyClick(window, Qt.Key.Key_L, CTRL)
    window.curtain.who.set_value("sam")
    window.curtain.password.setText(PASSWORD)
    qtbot.mouseClick(window.curtain.button, Qt.MouseButton.LeftButton)

    assert window.status.user.text() == "Sam"
    assert said(window) == "Sam is at the desk."
    qtbot.keyClick(window, Qt.Key.Key_N, CTRL | SHIFT)
    assert "may not do this: New patient" in said(window)
    window.close()


def test_the_screen_locks_itself_after_a_while(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    office.practice.put(settings.LOCK_AFTER_MIN, 3)
    assert window.screen_lock.idle._timer.interval() == 3 * 60_000

    window.screen_lock.idle.idle.emit()

    assert window.curtain.isVisible()
    assert "without a key" in window.curtain.remark.text()
    window.curtain.password.setText(PASSWORD)
    window.curtain.button.click()


def test_a_key_puts_the_lock_off(qtbot: QtBot, window: MainWindow) -> None:
    window.screen_lock.idle._timer.stop()

    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_A)  # type: ignore[call-overload]

    assert window.screen_lock.idle._timer.isActive()
    assert window.screen_lock.idle._timer.interval() == 10 * 60_000


# --- status


def test_the_status_says_who_where_and_whether_it_is_safe(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    office.practice.put(settings.PRACTICE_NAME, "Sampletown Family Medicine")

    assert window.status.user.text() == "Olive Owner"
    assert window.status.practice.text() == "Sampletown Family Medicine · encrypted"
    assert window.status.waiting.text() == "Nobody waiting"
    assert not window.status.demo.isVisible()
    assert window.status.backup.text() == "No backup yet"


def test_the_demo_clinic_is_marked_and_tells_its_password(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    window.screen_lock.lock()
    assert not window.curtain.hint.isVisible()
    qtbot.keyClicks(window.curtain.password, PASSWORD)
    qtbot.keyClick(window.curtain.password, Qt.Key.Key_Return)

    office.practice.put(settings.IS_DEMO, True)
    assert window.status.demo.isVisible()

    window.screen_lock.draw()
    assert window.curtain.hint.isVisible()  # who tries the program and was away may go on
    assert DEMO_PASSWORD in window.curtain.hint.text()


def test_an_old_backup_is_a_warning(window: MainWindow, clock: FixedClock) -> None:
    window.status.show_backup(datetime(2026, 3, 11, 7, 5))
    assert window.status.backup.text() == "Backup checked today 7:05 AM"

    window.status.show_backup(datetime(2026, 3, 1, 18, 0))
    assert window.status.backup.text() == "Backup checked 03/01/2026"


def test_a_backup_is_made_by_one_key(qtbot: QtBot, window: MainWindow, office: Office) -> None:
    qtbot.keyClick(window, Qt.Key.Key_B, CTRL | SHIFT)

    assert said(window).startswith("Backed up to ")
    assert window.status.backup.text().startswith("Backup checked today")


def test_a_job_under_way_is_shown_and_can_be_stopped(qtbot: QtBot, window: MainWindow) -> None:
    seen: list[str] = []
    line = window.status.jobs.lines[0]

    def work(progress: object) -> None:
        progress.report(3, 10)  # type: ignore[attr-defined]
        seen.append(line.text.text())
        line.stop.click()
        progress.check()  # type: ignore[attr-defined]

    window.desk.jobs.run("Import", work, lambda _: pytest.fail("it ended"))

    assert seen == ["Import: 3 of 10"]
    assert said(window) == "Import: stopped. Nothing was changed."
    assert not window.status.jobs.isVisible()


# --- look


def test_text_zooms_by_key(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Plus, CTRL)
    assert window.desk.theme.zoom > 1.0

    qtbot.keyClick(window, Qt.Key.Key_0, CTRL)
    assert window.desk.theme.zoom == 1.0
    assert said(window) == "Text size 100 %."


def test_dark_and_light_by_key(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_D, CTRL | SHIFT)
    dark = window.palette().window().color().lightness()
    qtbot.keyClick(window, Qt.Key.Key_D, CTRL | SHIFT)

    assert dark < 60 < window.palette().window().color().lightness()


def test_the_window_remembers_its_place(qtbot: QtBot, office: Office, tmp_path: object) -> None:
    memory = QSettings(f"{tmp_path}/window.ini", QSettings.Format.IniFormat)
    first = MainWindow(a_desk(office), unlock=check_password, memory=memory)
    qtbot.addWidget(first)
    first.show()
    qtbot.waitUntil(lambda: first.tab is not None)
    first.resize(1000, 700)  # wider than the test's screen: only the height comes back whole
    first.close()

    second = MainWindow(a_desk(office), unlock=check_password, memory=memory)
    qtbot.addWidget(second)

    assert second.height() == 700


# --- help and keys


def test_f1_opens_the_page_of_the_screen_in_front(qtbot: QtBot, window: MainWindow) -> None:
    window.show_tab("claims")

    qtbot.keyClick(window, Qt.Key.Key_F1)

    assert window.help.manual is not None
    assert window.help.manual.page == "claims"
    assert "Claims" in window.help.manual.text.toPlainText()


def test_the_manual_can_be_searched(qtbot: QtBot, window: MainWindow) -> None:
    window.help.open("index")
    assert window.help.manual is not None

    qtbot.keyClicks(window.help.manual.search, "power cut")

    titles = [row.title for row in window.help.manual.contents.rows.rows]
    assert "Parked work" in titles
    assert "Licences" not in titles


def test_links_of_the_manual_lead_to_pages_that_exist(window: MainWindow) -> None:
    import re

    from medsec_desktop.ui.help_window import pages

    names = {page.name for page in pages()} | {"keys"}
    for page in pages():
        for target in re.findall(r"\]\(([a-z-]+)\.md\)", page.text):
            assert target in names, f"{page.name}: {target}"


def test_the_cheat_sheet_lists_every_key_that_does_something(
    qtbot: QtBot, window: MainWindow
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Slash, CTRL)
    sheet = window.findChild(CheatSheet)
    assert sheet is not None

    shown = {line for line, *_ in sheet._lines}
    assert "find or do ctrl+k" in shown
    qtbot.keyClicks(sheet.filter, "curtain")
    visible = [line for line, widgets, _ in sheet._lines if widgets[0].isVisible()]
    assert visible == ["privacy curtain ctrl+space"]
    sheet.close()


# --- accessibility


def test_every_control_of_the_frame_has_a_name(window: MainWindow) -> None:
    window.undoing.toggle_history()
    window.desk.messages.say("Registered.", undo=True)
    kinds = (QAbstractButton, QLineEdit, QComboBox)

    nameless = [
        widget
        for kind in kinds
        for widget in window.findChildren(kind)
        if not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    ]

    assert nameless == []


def test_the_window_says_when_a_new_day_has_begun(
    window: MainWindow, office: Office, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=1))

    window._tick()

    assert window.tab_named("today").day.text() == "Thursday, March 12, 2026"  # type: ignore[attr-defined]


def test_today_begins_at_the_first_visit_still_open(qtbot: QtBot, office: Office) -> None:
    patient, provider = a_patient(office.session), a_provider(office.session)
    an_appointment(office.session, patient, provider, "2026-03-11T08:00", status="done")
    later = an_appointment(office.session, patient, provider, "2026-03-11T10:00")

    window = a_window(qtbot, office)

    assert window.tab_named("today").list.current_value().id == later  # type: ignore[attr-defined]
    window.close()


def test_a_message_never_covers_the_buttons_of_a_letter(
    qtbot: QtBot, office: Office, session: Session
) -> None:
    visit = an_appointment(session, a_patient(session), a_provider(session))
    window = a_window(qtbot, office)
    window.go.write_letter(visit)

    window.desk.messages.problem(Unavailable("The printer is off.", "", "Switch it on."))

    bar = window.message_bar
    writer = window.tab.writer
    qtbot.waitUntil(bar.isVisible)
    foot = writer.print_button.mapTo(window, QPoint(0, 0)).y()
    assert bar.mapTo(window, QPoint(0, bar.height())).y() <= foot
