"""The front-desk board by key and by mouse, and what stands beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.calendar.visits import VisitStatus
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.domain.rights import Answer
from medsec_desktop.models import Coverage, PatientAlert, Payer
from medsec_desktop.services.office import Office
from medsec_desktop.services.printing import PrinterOffers, PrinterRow, Printing, Ticket
from medsec_desktop.services.today import Group
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.today.menu import visit_menu
from medsec_desktop.ui.today.tab import TodayTab
from medsec_desktop.ui.today.visit_panel import CheckLine
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment
from tests.ui.frame import a_window
from tests.ui.scripted import ScriptedPrompts


class Paper:
    """A printer that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def printers(self) -> tuple[PrinterRow, ...]:
        return (PrinterRow("Front desk", is_default=True),)

    def offers(self, printer: str) -> PrinterOffers:
        return PrinterOffers()

    def send(self, pdf: bytes, ticket: Ticket) -> None:
        self.sent.append(pdf)


@pytest.fixture
def provider(office: Office) -> int:
    return a_provider(office.session)


@pytest.fixture
def window(qtbot: QtBot, office: Office, provider: int) -> MainWindow:
    """Three visits: one done, one due now, one this afternoon."""
    session = office.session
    kind = a_type(session, "Follow-up")
    for family, at, status in (
        ("Testperson", "08:00", "done"),
        ("Sampleton", "09:00", "scheduled"),
        ("Mustermann", "14:00", "scheduled"),
    ):
        patient = a_patient(session, family, email="someone@example.org", phone="+15555550123")
        an_appointment(session, patient, provider, f"2026-03-11T{at}", type_id=kind, status=status)
    made = a_window(qtbot, office)
    qtbot.waitUntil(lambda: tab_of(made)._beside is not None)
    yield made
    made.close()


def tab_of(window: MainWindow) -> TodayTab:
    tab = window.tab_named("today")
    assert isinstance(tab, TodayTab)
    return tab


def board(window: MainWindow) -> list[tuple[str, str]]:
    """Each visit's heading, where it has one, or its group, and the family name."""
    return [(line.group.value, line.title.split(",")[0]) for line in tab_of(window).list.rows.rows]


def select(window: MainWindow, family: str) -> int:
    tab = tab_of(window)
    row = next(line.value for line in tab.list.rows.rows if line.title.startswith(family))
    tab.select_visit(row.id)
    tab.list.setFocus()
    return row.id


def status(office: Office, visit: int) -> VisitStatus:
    return office.calendar.appointment(visit).row.status


def said(window: MainWindow) -> str:
    message = window.desk.messages.last
    return message.text if message else ""


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> None:
    qtbot.keyClick(tab_of(window).list, key)


def point_of(window: MainWindow, text: str) -> CheckLine:
    found = [line for line in tab_of(window).beside.panel.lines if text in line.text.text()]
    assert found, f"{text} is not among what to ask"
    return found[0]


def click(qtbot: QtBot, button: QAbstractButton | None) -> None:
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, button.height() // 2))


# -- moving on ------------------------------------------------------------------------------------


def test_the_board_is_in_groups_the_most_pressing_first(window: MainWindow) -> None:
    assert board(window) == [
        ("expected", "Sampleton"),
        ("expected", "Mustermann"),
        ("done", "Testperson"),
    ]
    headings = [line.heading for line in tab_of(window).list.rows.rows]
    assert headings == ["Expected  2", "", "Done  1"]


def test_f3_and_f4_take_a_visit_from_the_door_to_done(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    visit = select(window, "Sampleton")
    seen = []

    for key in (Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F4):
        press(qtbot, window, key)
        seen.append((status(office, visit), tab_of(window).selected.id))

    assert seen == [
        (VisitStatus.ARRIVED, visit),
        (VisitStatus.IN_ROOM, visit),
        (VisitStatus.DONE, visit),
    ]


def test_what_was_done_is_said_with_undo(qtbot: QtBot, window: MainWindow, office: Office) -> None:
    visit = select(window, "Sampleton")
    press(qtbot, window, Qt.Key.Key_F3)
    told = said(window)

    click(qtbot, window.message_bar.undo_button)

    assert told.startswith("Arrived: Sampleton, Ada")
    assert status(office, visit) == VisitStatus.SCHEDULED
    assert board(window)[0] == ("expected", "Sampleton")


def test_a_key_that_cannot_says_why(qtbot: QtBot, window: MainWindow) -> None:
    select(window, "Sampleton")

    press(qtbot, window, Qt.Key.Key_F4)
    too_soon = said(window)
    press(qtbot, window, Qt.Key.Key_F3)
    press(qtbot, window, Qt.Key.Key_F3)

    assert too_soon == "Sampleton, Ada has not arrived yet. F3 notes the arrival."
    assert said(window) == "Sampleton, Ada has arrived already. F4 moves on to the room."


def test_the_button_on_a_line_moves_it_on(qtbot: QtBot, window: MainWindow, office: Office) -> None:
    visit = select(window, "Sampleton")
    area = tab_of(window).list.step_area(visit)

    qtbot.mouseClick(tab_of(window).list.viewport(), Qt.MouseButton.LeftButton, pos=area.center())

    assert status(office, visit) == VisitStatus.ARRIVED


def test_the_button_beside_moves_it_on(qtbot: QtBot, window: MainWindow, office: Office) -> None:
    visit = select(window, "Sampleton")

    click(qtbot, tab_of(window).beside.panel.step_button)

    assert status(office, visit) == VisitStatus.ARRIVED
    assert tab_of(window).beside.panel.step_button.text() == "To room"


def test_who_did_not_come_is_noted_by_key(
    qtbot: QtBot, window: MainWindow, office: Office, clock: FixedClock
) -> None:
    visit = select(window, "Sampleton")
    clock.advance(timedelta(minutes=20))

    qtbot.keyClick(
        tab_of(window).list,
        Qt.Key.Key_M,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )

    assert status(office, visit) == VisitStatus.NO_SHOW
    assert board(window)[-1] == ("off", "Sampleton")


def test_confirming_asks_how(qtbot: QtBot, window: MainWindow, office: Office) -> None:
    visit = select(window, "Mustermann")
    prompts = window.desk.prompts
    assert isinstance(prompts, ScriptedPrompts)
    prompts.answers = ["On the machine"]

    click(qtbot, tab_of(window).beside.panel.others["visit.confirm"])

    assert status(office, visit) == VisitStatus.CONFIRMED
    assert tab_of(window).list.current_line().trailing == "Message left"


def test_the_menu_of_the_right_button_offers_what_can_be_said(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    visit = select(window, "Sampleton")
    menu = visit_menu(tab_of(window))
    offered = {entry.text().split("\t")[0]: entry for entry in menu.actions() if entry.text()}

    assert offered["Arrived"].isEnabled()
    assert not offered["Move on: in room, done"].isEnabled()
    offered["Arrived"].trigger()
    assert status(office, visit) == VisitStatus.ARRIVED


def test_f3_works_from_the_patients_file(qtbot: QtBot, window: MainWindow, office: Office) -> None:
    visit = select(window, "Sampleton")
    window.go.open_patient(tab_of(window).selected.patient_id)

    qtbot.keyClick(window, Qt.Key.Key_F3)

    assert status(office, visit) == VisitStatus.ARRIVED


def test_the_command_box_moves_on_the_visit_selected(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    visit = select(window, "Sampleton")
    window.desk.actions.trigger("go.search")

    qtbot.keyClicks(window.command_box, "arrived")
    qtbot.waitUntil(lambda: window.command_box.results.list.rows.rowCount() > 0)
    qtbot.keyClick(window.command_box, Qt.Key.Key_Return)

    assert status(office, visit) == VisitStatus.ARRIVED


def test_f3_says_where_to_begin_when_nothing_is_selected(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    window.show_tab("letters")

    qtbot.keyClick(window, Qt.Key.Key_F3)

    assert said(window) == "Select one of today’s visits first, on Today or in the calendar."


def test_who_may_only_read_moves_nobody(qtbot: QtBot, window: MainWindow, office: Office) -> None:
    visit = select(window, "Sampleton")
    office.session.switch_user(a_user(office.session, "rita", Role.READ_ONLY))
    window.user_switched()

    press(qtbot, window, Qt.Key.Key_F3)

    assert status(office, visit) == VisitStatus.SCHEDULED
    assert said(window).startswith("Your log-in may not do this")
    assert not tab_of(window).beside.panel.step_button.isVisible()


def test_enter_shows_the_visit_in_the_calendar(qtbot: QtBot, window: MainWindow) -> None:
    select(window, "Mustermann")

    press(qtbot, window, Qt.Key.Key_Return)

    assert window.windowTitle() == "Calendar · MedSec Desktop"


# -- time passes ----------------------------------------------------------------------------------


def test_waiting_time_is_told_anew_without_reading(
    qtbot: QtBot,
    window: MainWindow,
    office: Office,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    select(window, "Sampleton")
    press(qtbot, window, Qt.Key.Key_F3)
    tab = tab_of(window)
    asked: list[str] = []
    rows = type(office.session.db).rows
    monkeypatch.setattr(
        type(office.session.db),
        "rows",
        lambda self, sql, params=(): asked.append(sql) or rows(self, sql, params),
    )
    reset = QSignalSpy(tab.list.rows.modelReset)
    changed = QSignalSpy(tab.list.rows.dataChanged)

    clock.advance(timedelta(minutes=7))
    tab.tick()
    tab.list.viewport().repaint()

    assert tab.list.current_line().trailing == "Waiting 7 min"
    assert tab.beside.panel.state.text() == "Waiting 7 min"
    assert (asked, reset.count(), changed.count()) == ([], 0, 1)


def test_past_the_limit_the_wait_catches_the_eye_and_the_ear(
    qtbot: QtBot, window: MainWindow, clock: FixedClock
) -> None:
    select(window, "Sampleton")
    press(qtbot, window, Qt.Key.Key_F3)

    clock.advance(timedelta(minutes=16))
    window._tick()
    tab_of(window).tick()

    line = tab_of(window).list.current_line()
    assert line.is_late
    assert "waits too long" in line.spoken
    assert window.status.waiting.text() == "1 waiting, 1 too long"


def test_somebody_late_is_told_so_and_becomes_unresolved(
    window: MainWindow, clock: FixedClock
) -> None:
    clock.advance(timedelta(minutes=12))
    tab_of(window).tick()
    late = tab_of(window).list.rows.rows[0].trailing

    clock.advance(timedelta(hours=2))
    tab_of(window).tick()

    assert late == "12 min late"
    assert ("unresolved", "Sampleton") in board(window)


def test_a_new_day_is_read_at_midnight_while_the_board_stays_in_front(
    window: MainWindow, office: Office, clock: FixedClock, provider: int
) -> None:
    an_appointment(
        office.session, a_patient(office.session, "Nightowl"), provider, "2026-03-12T08:00"
    )
    clock.advance(timedelta(hours=15))

    tab_of(window).tick()

    assert tab_of(window).day.text() == "Thursday, March 12, 2026"
    assert board(window) == [("expected", "Nightowl")]


def test_the_minute_is_awaited_only_while_the_board_is_seen(window: MainWindow) -> None:
    before = tab_of(window)._minute.isActive()

    window.show_tab("calendar")

    assert before
    assert not tab_of(window)._minute.isActive()


def test_out_of_sight_nothing_is_read(
    qtbot: QtBot, window: MainWindow, office: Office, provider: int
) -> None:
    beside = tab_of(window).beside
    window.desk.drafts.changed.emit()
    before = beside._later.isActive()

    window.show_tab("calendar")
    an_appointment(office.session, a_patient(office.session), provider, "2026-03-12T10:00")

    assert before
    assert not beside._later.isActive()


# -- filters --------------------------------------------------------------------------------------


def test_the_board_narrows_to_a_provider_and_a_room(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    other = a_provider(office.session, "Lopez")
    an_appointment(
        office.session, a_patient(office.session, "Elsewhere"), other, "2026-03-11T10:00"
    )
    filters = tab_of(window).filters

    filters.provider.set_value(other)

    assert board(window) == [("expected", "Elsewhere")]
    assert tab_of(window).count.text() == "1 visit · 1 to come"
    filters.clear()
    assert len(board(window)) == 4


def test_filters_that_leave_nobody_say_so(
    window: MainWindow, office: Office, provider: int
) -> None:
    other = a_provider(office.session, "Lopez")
    visit = an_appointment(
        office.session, a_patient(office.session, "Elsewhere"), other, "2026-03-11T10:00"
    )
    tab_of(window).filters.provider.set_value(other)

    office.calendar.reschedule(visit, 1, office.clock.now() + timedelta(days=1), 30, other)

    assert tab_of(window).empty.isVisible()
    assert tab_of(window).empty.title.text() == "Nobody by these filters"


# -- beside the board -----------------------------------------------------------------------------


def test_what_to_ask_stands_beside_the_visit_and_in_a_word_on_its_line(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    select(window, "Sampleton")
    patient = tab_of(window).selected.patient_id
    with office.session.change("Alert", Permission.EDIT_PATIENTS):
        PatientAlert.create(patient_id=patient, text="Needs the wide chair")

    tick = point_of(window, "Needs the wide chair").button
    point_of(window, "No insurance on file")
    assert tab_of(window).list.current_line().mark == "Alert"
    assert tick.accessibleName() == "Read: Needs the wide chair"
    click(qtbot, tick)

    assert point_of(window, "Needs the wide chair").button is None
    assert tab_of(window).list.current_line().mark == "1 to ask"


def test_insurance_is_ticked_off_at_the_desk(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    select(window, "Sampleton")
    with office.session.change("Insurance", Permission.EDIT_PATIENTS):
        payer = Payer.create(name="Harbor Health")
        Coverage.create(patient_id=tab_of(window).selected.patient_id, payer_id=payer.id)

    click(qtbot, point_of(window, "not verified yet").button)

    point_of(window, "Harbor Health: verified today")
    assert office.session.db.value("SELECT verified_on FROM coverage") == "2026-03-11"
    assert said(window) == "Insurance verified today."


def test_what_is_to_be_signed_is_ticked_off_at_the_desk_and_undone(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    office.consents.kinds.add_usual()
    visit = select(window, "Sampleton")
    patient = office.calendar.appointment(visit).row.patient_id
    qtbot.waitUntil(lambda: any("Consent to treat" in line.text.text()
                                for line in tab_of(window).beside.panel.lines))  # fmt: skip
    click(qtbot, point_of(window, "Consent to treat").button)

    def latest() -> Answer | None:
        (row,) = [one for one in office.consents.of(patient) if one.kind.name == "Consent to treat"]
        return row.latest.answer if row.latest is not None else None

    assert latest() is Answer.GIVEN
    assert said(window) == "Signed today."
    qtbot.keyClick(tab_of(window).list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert latest() is None


def test_who_leaves_pays_with_the_alert_for_billing_in_sight(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    visit = select(window, "Testperson")
    patient = office.calendar.appointment(visit).row.patient_id
    with office.session.change("Add an alert", Permission.EDIT_PATIENTS):
        PatientAlert.create(
            patient_id=patient, text="Owes for the form", is_shown_on_selection=False,
            is_shown_on_booking=False, is_shown_on_arrival=False, is_shown_on_billing=True,
        )  # fmt: skip
    qtbot.waitUntil(lambda: any("Owes for the form" in line.text.text()
                                for line in tab_of(window).beside.panel.lines))  # fmt: skip


def test_what_is_missing_opens_the_file_to_add_it(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    select(window, "Sampleton")

    click(qtbot, point_of(window, "Address is missing").button)

    assert window.windowTitle() == "Patients · MedSec Desktop"


def test_who_leaves_without_a_next_step_is_listed_and_rebooked(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    beside = tab_of(window).beside
    (row,) = beside.leaving.rows.rows
    assert (row.title, beside.lists.tabText(0)) == ("Testperson, Ada", "Leaving 1")

    beside.lists.setCurrentIndex(0)
    beside.leaving.setCurrentIndex(beside.leaving.rows.index(0, 0))
    qtbot.keyClick(beside.leaving, Qt.Key.Key_Return)
    assert tab_of(window).list.current_line().group is Group.DONE
    click(qtbot, point_of(window, "No next visit").button)

    assert window.windowTitle() == "Calendar · MedSec Desktop"
    assert window.tab.pane.is_open


def test_a_slip_with_the_next_visit_is_printed_to_take_home(
    qtbot: QtBot, window: MainWindow, office: Office, provider: int
) -> None:
    paper = Paper()
    office.sheets.printing = Printing(office.session, paper)
    select(window, "Testperson")
    patient = tab_of(window).selected.patient_id
    an_appointment(office.session, patient, provider, "2026-04-13T10:00")

    click(qtbot, point_of(window, "Next visit Mon, Apr 13, 10:00 AM").button)

    assert "Testperson" in office.letters.text(paper.sent[0])
    assert said(window) == "The slip went to “Front desk”."


def test_the_queue_opens_the_place_where_it_is_done(
    qtbot: QtBot, window: MainWindow, office: Office, provider: int
) -> None:
    an_appointment(
        office.session, a_patient(office.session, "Yesterday"), provider, "2026-03-10T10:00"
    )
    queue = tab_of(window).beside.queue
    first = "1 visit without an answer"
    qtbot.waitUntil(lambda: bool(queue.rows.rows) and queue.rows.rows[0].title == first)

    queue.setCurrentIndex(queue.rows.index(0, 0))
    qtbot.keyClick(queue, Qt.Key.Key_Return)

    assert window.windowTitle() == "Calendar · MedSec Desktop"


def test_parked_work_is_in_the_queue_and_resumed_from_it(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    drafts = office.drafts
    drafts.park(drafts.save(None, "patient", "New patient: Testperson", None, {}))
    window.desk.drafts.changed.emit()
    queue = tab_of(window).beside.queue
    qtbot.waitUntil(lambda: any(row.value.kind == "draft" for row in queue.rows.rows))

    queue.chosen.emit(queue.rows.rows[-1].value)

    assert window.windowTitle() == "Patients · MedSec Desktop"


def test_painting_reads_nothing(
    window: MainWindow, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a query while painting")

    with monkeypatch.context() as watched:
        for name in ("rows", "one", "value", "execute"):
            watched.setattr(type(office.session.db), name, refuse)
        tab_of(window).grab()


def test_a_full_day_with_long_names_stays_in_its_place(
    qtbot: QtBot, window: MainWindow, office: Office, provider: int
) -> None:
    for minute in range(60):
        patient = a_patient(
            office.session, "Von-und-zu-" * 6 + "Langname", "Maximiliana Euphrosyne"
        )
        at = f"2026-03-11T{10 + minute // 12:02}:{minute % 12 * 5:02}"
        an_appointment(office.session, patient, provider, at, 5)
    view = tab_of(window).list

    assert view.rows.rowCount() == 63
    assert view.horizontalScrollBar().maximum() == 0
    assert view.width() < window.width()
