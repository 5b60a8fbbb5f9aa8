"""Hours by date, rooms' hours, holidays, block-outs and rules are set by key and mouse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.calendar import Span
from medsec_desktop.services.calendar.hours_records import BlockDraft
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import (
    USUAL_HOURS,
    USUAL_TYPES,
    ClosureDraft,
    HoursRow,
    Profile,
    ProviderDraft,
    RoomDraft,
    settings,
)
from medsec_desktop.ui.desk import Desk, make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.practice.settings import SettingsDialog, open_settings
from medsec_desktop.ui.report import Message
from medsec_desktop.ui.theme import Theme
from tests.conftest import a_patient, an_appointment
from tests.ui.scripted import ScriptedPrompts
from tests.ui.test_settings import Somewhere, retype

FRIDAY = date(2026, 3, 13)


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Theme:
    theme = Theme()
    theme.apply(qapp)
    return theme


@pytest.fixture
def desk(office: Office, theme: Theme) -> Desk:
    practice = office.practice
    practice.save_profile(Profile(name="Testville Clinic", state="MA"))
    provider_id = practice.save_provider(ProviderDraft("Chen", "Amy", "MD", colour="teal"))
    practice.save_hours(provider_id, USUAL_HOURS)
    for draft in USUAL_TYPES[:3]:
        practice.save_type(draft)
    desk = make_desk(office, theme, jobs=InlineJobs(), prompts=ScriptedPrompts())
    desk.go = Somewhere()  # type: ignore[assignment]
    return desk


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk) -> Iterator[SettingsDialog]:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    dialog = open_settings(desk, window)
    dialog.resize(1120, 720)
    qtbot.waitUntil(dialog.isVisible)
    yield dialog
    dialog.close()


@pytest.fixture
def said(desk: Desk) -> list[Message]:
    messages: list[Message] = []
    desk.messages.said.connect(messages.append)
    return messages


def page_of(dialog: SettingsDialog, name: str):
    dialog.show_page(name)
    return dialog.page(name)


def test_new_hours_from_a_date_end_the_ones_before(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    page = page_of(dialog, "providers")
    (chen,) = desk.office.practice.providers()
    desk.prompts.answers = ["6/1/2026"]

    qtbot.mouseClick(page.hours.split, Qt.MouseButton.LeftButton)
    retype(qtbot, page.week.lines[0], "7-2")

    mondays = [row for row in desk.office.practice.hours(chen.id) if row.weekday == 0]
    assert mondays == [
        HoursRow(0, 420, 840, date(2026, 6, 1)),
        HoursRow(0, 480, 720, None, date(2026, 5, 31)),
        HoursRow(0, 780, 1020, None, date(2026, 5, 31)),
    ]
    assert page.hours.period.currentText() == "From 06/01/2026 on"


def test_a_line_that_makes_no_sense_keeps_the_week_until_it_is_put_right(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    page = page_of(dialog, "providers")
    (chen,) = desk.office.practice.providers()
    retype(qtbot, page.week.lines[0], "8-12, 11-5")

    retype(qtbot, page.week.lines[1], "9-2")
    assert desk.office.practice.hours(chen.id) == USUAL_HOURS
    assert page.week.lines[0].property("wrong")
    retype(qtbot, page.week.lines[0], "9-12")

    mine = [row for row in desk.office.practice.hours(chen.id) if row.weekday < 2]
    assert mine == [HoursRow(0, 540, 720), HoursRow(1, 540, 840)]


def test_hours_from_a_date_are_taken_away_again(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    page = page_of(dialog, "providers")
    (chen,) = desk.office.practice.providers()
    page.hours.begin_from(date(2026, 6, 1))
    retype(qtbot, page.week.lines[0], "7-2")

    qtbot.mouseClick(page.hours.drop, Qt.MouseButton.LeftButton)

    assert desk.office.practice.hours(chen.id) == USUAL_HOURS
    assert not page.hours.period.isVisible()


def test_other_hours_on_a_day_are_typed_in_one_line(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    page = page_of(dialog, "providers")
    other = page.other

    qtbot.keyClicks(other.spans, "nine")
    qtbot.keyClick(other.spans, Qt.Key.Key_Return)
    assert other.fields["first_on"].note.text() == "Type the day."
    qtbot.keyClicks(other.first, "fri")
    qtbot.keyClick(other.first, Qt.Key.Key_Return)
    assert "not a time range" in other.fields["spans"].note.text()
    retype(qtbot, other.spans, "8-12")

    (row,) = desk.office.hours.exceptions()
    assert (row.first_on, row.last_on, row.spans) == (FRIDAY, FRIDAY, (Span(480, 720),))
    qtbot.mouseClick(other.remove, Qt.MouseButton.LeftButton)
    assert desk.office.hours.exceptions() == ()


def test_a_change_of_hours_that_leaves_a_visit_outside_offers_the_list(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk, said: list[Message]
) -> None:
    (chen,) = desk.office.practice.providers()
    an_appointment(desk.office.session, a_patient(desk.office.session), chen.id, "2026-03-13T15:00")
    page = page_of(dialog, "providers")
    shown: list[str] = []
    desk.actions.bind("list.outside", lambda: shown.append("outside"))

    retype(qtbot, page.week.lines[4], "8-12")

    assert said[-1].text == "Working hours: changed. 1 visit now lies outside the hours."
    ((name, show),) = said[-1].offers
    assert name == "Show them"
    show()
    assert shown == ["outside"]
    assert not dialog.isVisible()


def test_a_visit_outside_before_is_not_counted_again(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk, said: list[Message]
) -> None:
    (chen,) = desk.office.practice.providers()
    an_appointment(desk.office.session, a_patient(desk.office.session), chen.id, "2026-03-13T19:00")
    page = page_of(dialog, "providers")

    retype(qtbot, page.week.lines[4], "8-12")

    assert said[-1].text == "Working hours: changed."
    assert said[-1].offers == ()


def test_a_room_is_given_a_kind_and_hours(qtbot: QtBot, dialog: SettingsDialog, desk: Desk) -> None:
    room = desk.office.practice.save_room(RoomDraft("Lab"))
    page = page_of(dialog, "rooms")

    retype(qtbot, page.kind, "lab")
    retype(qtbot, page.hours.week.lines[3], "8-12")

    assert desk.office.practice.rooms()[0].kind == "lab"
    assert desk.office.hours.room_hours(room) == (HoursRow(3, 480, 720),)


def test_what_is_rare_about_a_type_is_shown_on_request_and_kept(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    desk.office.practice.save_room(RoomDraft("Lab", "lab"))
    page = page_of(dialog, "types")
    card = page.lines[0]
    assert not card.is_open

    qtbot.mouseClick(card.more_button, Qt.MouseButton.LeftButton)
    retype(qtbot, card.after.lineEdit(), "10")
    card = page.lines[0]
    assert card.is_open
    card.room_kind.set_value("lab")
    card.room_kind.activated.emit(card.room_kind.currentIndex())
    card = page.lines[0]
    card.letter.set_value("appointment_confirmation")
    card.letter.activated.emit(card.letter.currentIndex())

    kept = desk.office.practice.types()[0]
    assert (kept.buffer_after_min, kept.room_kind, kept.letter) == (
        10, "lab", "appointment_confirmation",
    )  # fmt: skip


def test_holidays_are_taken_over_and_one_is_worked_on(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    page = page_of(dialog, "holidays")
    assert page.empty.isVisible()
    assert (page.country.value(), page.part.value()) == ("US", "MA")

    qtbot.mouseClick(page.take, Qt.MouseButton.LeftButton)

    holidays = desk.office.hours.holidays
    assert page.row.name == "Patriots' Day"
    assert "2028" in page.known.text()
    qtbot.mouseClick(page.work, Qt.MouseButton.LeftButton)
    assert holidays.upcoming(FRIDAY)[0].is_worked
    assert page.work.text() == "We are closed that day"
    assert desk.office.practice.get(settings.HOLIDAY_REGION) == "US-MA"


def test_a_holiday_no_list_has_is_added_and_removed(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    page = page_of(dialog, "holidays")
    qtbot.keyClicks(page.what, "Founders Day")
    qtbot.keyClick(page.what, Qt.Key.Key_Return)
    assert page.fields["held_on"].note.text() == "Type the day."

    retype(qtbot, page.day, "fri")

    holidays = desk.office.hours.holidays
    assert [(row.held_on, row.name) for row in holidays.upcoming(FRIDAY)] == [
        (FRIDAY, "Founders Day")
    ]
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    assert holidays.upcoming(FRIDAY) == ()


def test_time_is_kept_free_in_the_settings_and_given_back(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    page = page_of(dialog, "blocks")
    blocks = desk.office.hours.blocks

    qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)
    retype(qtbot, page.form.title, "Lunch")

    (row,) = blocks.all()
    assert (row.title, row.kind, row.span) == ("Lunch", "break", Span(720, 780))
    assert page.row.id == row.id
    retype(qtbot, page.form.time, "12:30-1")
    assert blocks.one(row.id).span == Span(750, 780)
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    assert blocks.all() == ()


def test_a_day_given_back_is_kept_free_again(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    blocks = desk.office.hours.blocks
    block_id = blocks.save(BlockDraft("Lunch", FRIDAY, Span(720, 780), rule="FREQ=DAILY"))
    blocks.leave_out(block_id, FRIDAY)
    page = page_of(dialog, "blocks")
    assert page.left_out.isVisible()

    qtbot.mouseClick(page.again, Qt.MouseButton.LeftButton)

    assert blocks.one(block_id).left_out == ()
    assert not page.left_out.isVisible()


def test_every_rule_is_weighed_on_one_page(dialog: SettingsDialog, desk: Desk) -> None:
    page = page_of(dialog, "rules")

    for setting in settings.RULE_WEIGHTS.values():
        choice = page.fields[setting.name].editor
        choice.set_value("off")
        choice.activated.emit(choice.currentIndex())
        assert desk.office.practice.get(setting) == "off"


def test_a_closed_day_offers_the_visits_on_it(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk, said: list[Message]
) -> None:
    (chen,) = desk.office.practice.providers()
    ada = a_patient(desk.office.session)
    for at in ("2026-03-13T09:00", "2026-03-13T10:00"):
        an_appointment(desk.office.session, ada, chen.id, at)
    desk.office.practice.save_closure(
        ClosureDraft("Conference", date(2026, 4, 1), date(2026, 4, 1))
    )
    page = page_of(dialog, "closures")

    qtbot.keyClicks(page.what, "Renovation")
    retype(qtbot, page.first, "fri")

    assert said[-1].text == "Renovation: added. 2 visits now lie outside the hours."
