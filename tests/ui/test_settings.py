"""Everything the wizard asked for can be changed later, at once, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.permissions import Role
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import (
    USUAL_HOURS,
    USUAL_TYPES,
    PayerDraft,
    Profile,
    ProviderDraft,
    RoomDraft,
    settings,
)
from medsec_desktop.services.users import Users
from medsec_desktop.store.keys import KeySlots
from medsec_desktop.ui.desk import Desk, make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.practice.settings import PAGES, SettingsDialog, open_settings
from medsec_desktop.ui.practice.settings_users import PasswordForm, SheetDialog
from medsec_desktop.ui.theme import Theme
from tests.conftest import CHEAP, PASSWORD, a_patient, a_user, an_appointment
from tests.ui.scripted import ScriptedPrompts

GOOD = "violet tram seven"


class Somewhere:
    """Stands where the window will be."""

    def open_link(self, _link: object) -> None:
        raise AssertionError("no link was expected")


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Theme:
    """Dressed once: each dressing visits every widget there is."""
    theme = Theme()
    theme.apply(qapp)
    return theme


@pytest.fixture
def desk(office: Office, theme: Theme) -> Desk:
    practice = office.practice
    practice.save_profile(Profile(name="Testville Clinic", phone="6175550142"))
    provider_id = practice.save_provider(ProviderDraft("Chen", "Amy", "MD", colour="teal"))
    practice.save_hours(provider_id, USUAL_HOURS)
    for draft in USUAL_TYPES[:3]:
        practice.save_type(draft)
    office.__dict__["users"] = Users(office.session, KeySlots(office.session.db.folder, CHEAP))
    desk = make_desk(office, theme, jobs=InlineJobs(), prompts=ScriptedPrompts())
    desk.go = Somewhere()  # type: ignore[assignment]
    return desk


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk, window: QMainWindow) -> Iterator[SettingsDialog]:
    dialog = open_settings(desk, window)
    dialog.resize(1120, 720)
    qtbot.waitUntil(dialog.isVisible)
    yield dialog
    dialog.close()


def retype(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def said(desk: Desk) -> str:
    assert desk.messages.last is not None
    return desk.messages.last.text


def test_a_field_is_kept_as_it_is_left_and_undo_takes_it_back(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    line = dialog.page("practice").lines["name"]  # type: ignore[attr-defined]

    retype(qtbot, line, "Newville Clinic")
    assert desk.office.practice.profile().name == "Newville Clinic"
    assert dialog.bar.undo_button.isVisible()

    qtbot.mouseClick(dialog.bar.undo_button, Qt.MouseButton.LeftButton)
    assert desk.office.practice.profile().name == "Testville Clinic"
    assert line.text() == "Testville Clinic"


def test_a_mistake_stays_beside_its_field_and_holds_nothing_else_up(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    page = dialog.page("practice")
    lines = page.lines  # type: ignore[attr-defined]
    retype(qtbot, lines["npi"], "1234567890")
    retype(qtbot, lines["fax"], "617 555 0143")

    assert "check digit" in page.fields["npi"].note.text()
    assert lines["npi"].text() == "1234567890"
    profile = desk.office.practice.profile()
    assert (profile.npi, profile.fax) == ("", "(617) 555-0143")


def test_a_field_left_unchanged_writes_nothing(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    before = desk.office.session.history(1)[0].id

    line = dialog.page("practice").lines["name"]  # type: ignore[attr-defined]
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Tab)

    assert desk.office.session.history(1)[0].id == before


def test_a_number_typed_another_way_is_the_same_number(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    before = desk.office.session.history(1)[0].id
    line = dialog.page("practice").lines["phone"]  # type: ignore[attr-defined]

    retype(qtbot, line, "617.555.0142")

    assert line.text() == "(617) 555-0142"
    assert desk.office.session.history(1)[0].id == before


def test_what_was_typed_last_is_kept_when_the_window_is_closed(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    line = dialog.page("practice").lines["city"]  # type: ignore[attr-defined]
    line.setFocus()
    qtbot.keyClicks(line, "Testville")

    qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    assert not dialog.isVisible()
    assert desk.office.practice.profile().city == "Testville"


def test_paper_and_formats_count_at_once(qtbot: QtBot, dialog: SettingsDialog, desk: Desk) -> None:
    dialog.show_page("paper")
    choice = dialog.page("paper").fields["format.date_order"].editor
    qtbot.keyClicks(choice, "Year")
    choice.activated.emit(choice.currentIndex())  # type: ignore[attr-defined]

    assert desk.office.formats.date(date(2026, 3, 14)) == "2026-03-14"


def test_the_search_finds_a_page_by_what_is_on_it(qtbot: QtBot, dialog: SettingsDialog) -> None:
    qtbot.keyClicks(dialog.search, "auto-lock")
    assert dialog.list.current_value() == "privacy"
    assert dialog.stack.currentIndex() == dialog.pages["privacy"].property("place")

    dialog.search.clear()
    qtbot.keyClicks(dialog.search, "zebra")
    assert dialog.nothing.isVisible()


def test_the_arrow_keys_walk_the_pages_from_the_search(
    qtbot: QtBot, dialog: SettingsDialog
) -> None:
    dialog.search.setFocus()

    qtbot.keyClick(dialog.search, Qt.Key.Key_Down)

    assert dialog.list.current_value() == "providers"


def test_asking_again_brings_the_same_window_to_another_page(
    dialog: SettingsDialog, desk: Desk, window: QMainWindow
) -> None:
    assert open_settings(desk, window, "printing") is dialog
    assert dialog.list.current_value() == "printing"


def test_a_secretary_sees_the_pages_and_may_change_only_what_is_hers(
    dialog: SettingsDialog, desk: Desk
) -> None:
    desk.office.session.switch_user(a_user(desk.office.session, "sam", Role.SECRETARY))

    for kind in PAGES:
        page = dialog.page(kind.id)
        page.reload()
        assert page.content.isEnabled() == (
            kind.id in ("blocks", "users", "printing", "appearance", "favourites")
        )
    users = dialog.page("users")
    assert not users.everyone.isVisibleTo(users)  # type: ignore[attr-defined]


def test_every_page_shows_and_every_control_has_a_name(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    desk.office.practice.save_room(RoomDraft("Exam 1"))
    desk.office.practice.save_payer(PayerDraft("Testcare"))

    for kind in PAGES:
        dialog.show_page(kind.id)
        page = dialog.page(kind.id)
        for control in page.findChildren(QWidget):
            takes_tab = bool(control.focusPolicy() & Qt.FocusPolicy.TabFocus)
            if takes_tab and control.focusProxy() is None and control.isVisibleTo(page):
                name = control.accessibleName() or getattr(control, "text", str)()
                assert name, f"no name: {control!r} on {kind.name}"


def test_a_provider_is_added_from_her_last_name_on(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    dialog.show_page("providers")
    page = dialog.page("providers")
    qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    form = page.form  # type: ignore[attr-defined]
    qtbot.keyClicks(form.given, "Maria")
    qtbot.keyClick(form.given, Qt.Key.Key_Tab)
    qtbot.keyClicks(form.family, "Testlopez")
    qtbot.keyClick(form.family, Qt.Key.Key_Tab)
    retype(qtbot, form.specialty, "Pediatrics")

    rows = desk.office.practice.providers()
    assert [(row.name, row.specialty) for row in rows][1] == ("Maria Testlopez", "Pediatrics")
    assert desk.office.practice.hours(rows[1].id) == USUAL_HOURS


def test_hours_are_kept_line_by_line(qtbot: QtBot, dialog: SettingsDialog, desk: Desk) -> None:
    dialog.show_page("providers")
    week = dialog.page("providers").week  # type: ignore[attr-defined]
    (provider,) = desk.office.practice.providers()

    retype(qtbot, week.lines[4], "")
    assert len(desk.office.practice.hours(provider.id)) == 8

    retype(qtbot, week.lines[5], "nine")
    assert "not a time range" in week._notes[5].text()
    assert len(desk.office.practice.hours(provider.id)) == 8


def test_a_provider_with_visits_is_kept_and_the_reason_is_said(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    session = desk.office.session
    (provider,) = desk.office.practice.providers()
    an_appointment(session, a_patient(session), provider.id)
    dialog.show_page("providers")

    qtbot.mouseClick(dialog.page("providers").remove, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]

    assert "cannot be removed" in said(desk)
    assert dialog.bar.isVisible()
    assert len(desk.office.practice.providers()) == 1


def test_a_type_is_changed_added_and_removed_in_its_line(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    dialog.show_page("types")
    page = dialog.page("types")
    practice = desk.office.practice

    retype(qtbot, page.lines[0].preparation, "Bring your card")  # type: ignore[attr-defined]
    assert practice.types()[0].preparation == "Bring your card"

    qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    retype(qtbot, page.lines[-1].name, "follow-up")  # type: ignore[attr-defined]
    assert "already" in page.lines[-1].note.text()  # type: ignore[attr-defined]
    retype(qtbot, page.lines[-1].name, "Vaccination")  # type: ignore[attr-defined]
    assert practice.types()[-1].name == "Vaccination"

    qtbot.mouseClick(page.lines[1].remove, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert [row.name for row in practice.types()] == ["New patient", "Physical", "Vaccination"]


def test_rooms_are_added_by_enter_and_renamed(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    dialog.show_page("rooms")
    page = dialog.page("rooms")
    retype(qtbot, page.name_line, "Exam 1")  # type: ignore[attr-defined]
    retype(qtbot, page.name_line, "exam 1")  # type: ignore[attr-defined]
    assert "already" in page.fields["name"].note.text()

    assert isinstance(desk.prompts, ScriptedPrompts)
    desk.prompts.answers = ["Exam One"]
    qtbot.mouseClick(page.rename, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]

    assert [row.name for row in desk.office.practice.rooms()] == ["Exam One"]


def test_closed_days_are_typed_as_dates_are_said(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    dialog.show_page("closures")
    page = dialog.page("closures")
    assert page.empty.isVisible()  # type: ignore[attr-defined]
    qtbot.keyClicks(page.what, "Staff day")  # type: ignore[attr-defined]
    qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert page.fields["first_on"].note.text() == "Type the day."

    retype(qtbot, page.first, "fri")  # type: ignore[attr-defined]

    (row,) = desk.office.practice.closures()
    assert (row.name, row.first_on, row.last_on) == (
        "Staff day",
        date(2026, 3, 13),
        date(2026, 3, 13),
    )


def test_idle_minutes_outside_the_range_cannot_be_typed(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    dialog.show_page("privacy")
    number = dialog.page("privacy").fields["security.lock_after_min"].editor
    number.setFocus()
    number.selectAll()  # type: ignore[attr-defined]

    qtbot.keyClicks(number, "5")
    qtbot.keyClick(number, Qt.Key.Key_Return)

    assert desk.office.practice.get(settings.LOCK_AFTER_MIN) == 5


def test_somebody_new_is_added_with_a_password_that_keeps_the_rules(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    dialog.show_page("users")
    qtbot.mouseClick(dialog.page("users").add, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    form = dialog.findChild(PasswordForm)
    assert form is not None
    qtbot.keyClicks(form.person, "Maria Testlopez")
    qtbot.keyClicks(form.login, "olive")
    qtbot.keyClicks(form.first, "short")
    form.submit()
    assert "rules" in form.fields["password"].note.text()

    form.first.clear()
    qtbot.keyClicks(form.first, GOOD)
    form.submit()
    assert "not the same" in form.fields["again"].note.text()

    qtbot.keyClicks(form.second, GOOD)
    form.submit()
    assert "already logs in" in form.fields["login"].note.text()

    form.login.clear()
    qtbot.keyClicks(form.login, "maria")
    qtbot.mouseClick(form.button, Qt.MouseButton.LeftButton)
    assert [row.login for row in desk.office.users.everyone()] == ["maria", "olive"]
    assert not form.isVisible()


def test_ones_own_password_needs_the_current_one(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    dialog.show_page("users")
    qtbot.mouseClick(dialog.page("users").change, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    form = dialog.findChild(PasswordForm)
    assert form is not None
    qtbot.keyClicks(form.current, "not my password")
    qtbot.keyClicks(form.first, GOOD)
    qtbot.keyClicks(form.second, GOOD)
    form.submit()
    assert "not right" in form.fields["current"].note.text()

    form.current.clear()
    qtbot.keyClicks(form.current, PASSWORD)
    form.submit()

    assert KeySlots(desk.office.session.db.folder, CHEAP).unlock("olive", GOOD)
    assert said(desk) == "Your password is changed."


def test_the_last_owner_cannot_be_made_something_else(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    dialog.show_page("users")
    role = dialog.page("users").role  # type: ignore[attr-defined]

    role.set_value(Role.SECRETARY)
    role.activated.emit(role.currentIndex())

    assert "at least one owner" in said(desk)
    assert role.value() == Role.OWNER


def test_ending_a_log_in_asks_first(qtbot: QtBot, dialog: SettingsDialog, desk: Desk) -> None:
    desk.office.users.add("maria", "Maria Testlopez", Role.SECRETARY, GOOD)
    dialog.show_page("users")
    page = dialog.page("users")
    page.list.setCurrentIndex(page.list.rows.index(0, 0))  # type: ignore[attr-defined]
    assert isinstance(desk.prompts, ScriptedPrompts)

    desk.prompts.answers = [None]
    qtbot.mouseClick(page.end, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert all(row.is_active for row in desk.office.users.everyone())

    desk.prompts.answers = ["End the log-in"]
    qtbot.mouseClick(page.end, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert [row.is_active for row in desk.office.users.everyone()] == [True, False]


def test_a_new_recovery_sheet_stays_until_it_was_kept(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    dialog.show_page("users")
    assert isinstance(desk.prompts, ScriptedPrompts)
    desk.prompts.answers = [PASSWORD]
    qtbot.mouseClick(dialog.page("users").sheet, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    sheet = dialog.findChild(SheetDialog)
    assert sheet is not None

    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    sheet.page.noted.setChecked(True)
    qtbot.mouseClick(sheet.done_button, Qt.MouseButton.LeftButton)

    assert not sheet.isVisible()
    assert KeySlots(desk.office.session.db.folder).recover(sheet.page.key)
