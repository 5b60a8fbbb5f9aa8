"""Calling about tomorrow's visits: one key an answer, until nobody is left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.calendar.visits import VisitStatus
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import PatientPhone
from medsec_desktop.services.office import Office
from medsec_desktop.services.printing import PrinterOffers, PrinterRow, Printing, Ticket
from medsec_desktop.ui.calendar.lists.confirm_page import ConfirmPage
from medsec_desktop.ui.jobs import Job
from medsec_desktop.ui.letters.print_sheet import PrintSheet
from medsec_desktop.ui.main_window import MainWindow
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
def paper(office: Office) -> Paper:
    paper = Paper()
    office.letters.printing = Printing(office.session, paper)
    return paper


@pytest.fixture
def visits(office: Office) -> list[int]:
    """Two tomorrow and one the day after."""
    session = office.session
    provider, kind = a_provider(session), a_type(session)
    return [
        an_appointment(
            session, a_patient(session, family, phone=f"+1555555012{number}"), provider, at,
            type_id=kind,
        )
        for number, (family, at) in enumerate(
            (
                ("Testperson", "2026-03-12T09:00"),
                ("Sampleton", "2026-03-12T10:00"),
                ("Mustermann", "2026-03-13T09:00"),
            )
        )
    ]  # fmt: skip


@pytest.fixture
def window(qtbot: QtBot, office: Office, visits: list[int]) -> Iterator[MainWindow]:
    made = a_window(qtbot, office)
    made.desk.actions.trigger("list.confirm")
    yield made
    made.close()


def page_of(window: MainWindow) -> ConfirmPage:
    page = window.tab_named("calendar").show_page("confirm")  # type: ignore[attr-defined]
    assert isinstance(page, ConfirmPage)
    return page


def names(window: MainWindow) -> list[str]:
    order = page_of(window).table.order
    rows = [order.index(n, 0).data(Qt.ItemDataRole.UserRole) for n in range(order.rowCount())]
    return [row.visit.patient_name.split(",")[0] for row in rows]


def status(office: Office, visit: int) -> VisitStatus:
    return office.calendar.appointment(visit).row.status


def said(window: MainWindow) -> str:
    message = window.desk.messages.last
    return message.text if message else ""


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> None:
    qtbot.keyClick(page_of(window).table, key)


def prompts_of(window: MainWindow) -> ScriptedPrompts:
    assert isinstance(window.desk.prompts, ScriptedPrompts)
    return window.desk.prompts


def test_the_key_of_the_list_brings_the_next_two_clinic_days(window: MainWindow) -> None:
    assert names(window) == ["Testperson", "Sampleton", "Mustermann"]
    assert page_of(window).remark.text() == "Thu, Mar 12 and Fri, Mar 13: 0 of 3 done"
    assert page_of(window).card.phone.text() == "(555) 555-0120"


def test_one_key_confirms_and_the_next_comes_to_the_front(
    qtbot: QtBot, window: MainWindow, office: Office, visits: list[int]
) -> None:
    press(qtbot, window, Qt.Key.Key_1)
    press(qtbot, window, Qt.Key.Key_2)

    assert [status(office, visit) for visit in visits] == [
        VisitStatus.CONFIRMED, VisitStatus.CONFIRMED, VisitStatus.SCHEDULED,
    ]  # fmt: skip
    assert names(window) == ["Mustermann"]
    assert page_of(window).current.visit.id == visits[2]
    assert page_of(window).progress.value() == 2
    assert said(window) == "Message on the machine: Sampleton, Ada, Thu, Mar 12."


def test_a_call_in_vain_leaves_her_on_the_list_and_goes_on(
    qtbot: QtBot, window: MainWindow, visits: list[int]
) -> None:
    press(qtbot, window, Qt.Key.Key_3)  # word left with somebody: not offered here
    assert page_of(window).current.visit.id == visits[0]

    press(qtbot, window, Qt.Key.Key_4)

    assert names(window) == ["Testperson", "Sampleton", "Mustermann"]
    assert page_of(window).current.visit.id == visits[1]
    assert page_of(window)._found.rows[0].said == "No answer"


def test_the_mouse_does_the_same(
    qtbot: QtBot, window: MainWindow, office: Office, visits: list[int]
) -> None:
    qtbot.mouseClick(page_of(window).card.outcomes.buttons[0], Qt.MouseButton.LeftButton)

    assert status(office, visits[0]) == VisitStatus.CONFIRMED


def test_undo_puts_her_back_on_the_list(
    qtbot: QtBot, window: MainWindow, office: Office, visits: list[int]
) -> None:
    press(qtbot, window, Qt.Key.Key_6)
    cancelled = status(office, visits[0])

    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert cancelled == VisitStatus.CANCELLED
    assert names(window) == ["Testperson", "Sampleton", "Mustermann"]


def test_what_was_said_is_kept_with_the_call(
    qtbot: QtBot, window: MainWindow, office: Office, visits: list[int]
) -> None:
    card = page_of(window).card
    qtbot.keyClicks(card.note, "Brings her son")

    qtbot.mouseClick(card.outcomes.buttons[0], Qt.MouseButton.LeftButton)

    assert office.session.db.value("SELECT note FROM call_attempt") == "Brings her son"
    assert card.note.text() == ""


def test_digits_in_the_note_are_words_not_answers(
    qtbot: QtBot, window: MainWindow, office: Office, visits: list[int]
) -> None:
    qtbot.keyClicks(page_of(window).card.note, "call 6 pm")

    assert page_of(window).card.note.text() == "call 6 pm"
    assert status(office, visits[0]) == VisitStatus.SCHEDULED


def test_who_wants_another_time_is_opened_to_be_moved(
    qtbot: QtBot, window: MainWindow, visits: list[int]
) -> None:
    press(qtbot, window, Qt.Key.Key_7)

    tab = window.tab_named("calendar")
    assert tab.pane.is_open  # type: ignore[attr-defined]
    assert tab.pane.editing_id == visits[0]  # type: ignore[attr-defined]


def test_a_number_that_takes_no_message_says_so(window: MainWindow, office: Office) -> None:
    with office.session.change("Phone", Permission.EDIT_PATIENTS):
        PatientPhone.update(may_leave_message=False).execute()
    page = page_of(window)

    assert page.card.mind.isVisible()
    assert page.card.mind.accessibleName() == "Leave no message on this number."


def test_those_done_are_shown_when_asked_for(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, Qt.Key.Key_1)

    page_of(window).all_box.click()

    assert names(window) == ["Testperson", "Sampleton", "Mustermann"]


def test_when_nobody_is_left_the_page_says_so(qtbot: QtBot, window: MainWindow) -> None:
    for _ in range(3):
        press(qtbot, window, Qt.Key.Key_1)

    page = page_of(window)
    assert page.nothing.isVisible()
    assert page.nothing.title.text() == "Everybody is confirmed"
    assert page.remark.text().endswith("3 of 3 done")


def test_the_list_is_printed_by_key(
    qtbot: QtBot, window: MainWindow, office: Office, paper: Paper
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    (sheet,) = window.findChildren(PrintSheet)
    qtbot.waitUntil(lambda: sheet.preview.page_count == 1)
    qtbot.keyClick(sheet, Qt.Key.Key_Return)

    assert "Sampleton, Ada" in office.letters.text(paper.sent[0])
    assert said(window) == "The list went to “Front desk”."


def test_the_list_is_saved_as_a_file(window: MainWindow, tmp_path: Path) -> None:
    prompts_of(window).answers = [str(tmp_path / "calls.pdf")]

    page_of(window).save_button.click()

    assert (tmp_path / "calls.pdf").read_bytes().startswith(b"%PDF")


def test_a_folder_that_cannot_be_written_is_named(window: MainWindow, tmp_path: Path) -> None:
    prompts_of(window).answers = [str(tmp_path / "no such folder" / "calls.pdf")]

    page_of(window).save_button.click()

    assert said(window).startswith("“calls.pdf” could not be written.")


def test_reminder_letters_are_written_for_all_left_to_call(
    window: MainWindow, office: Office, paper: Paper, visits: list[int]
) -> None:
    prompts_of(window).answers = ["Print"]

    page_of(window).remind_button.click()

    assert len(paper.sent) == 1
    assert said(window) == "Printed: 3 reminder letters."
    assert all(row.has_reminder for row in page_of(window)._found.rows)


def test_printing_is_stopped_between_two_stretches_and_says_what_is_out(
    window: MainWindow,
    office: Office,
    paper: Paper,
    visits: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jobs: list[Job] = []
    window.desk.jobs.started.connect(jobs.append)
    monkeypatch.setattr(  # as with hundreds of them
        office.letters.packets, "runs", lambda rows, **_: ([row] for row in rows)
    )

    def stop_after_the_first(pdf: bytes, ticket: Ticket) -> None:
        paper.sent.append(pdf)
        jobs[-1].cancel()

    monkeypatch.setattr(paper, "send", stop_after_the_first)
    prompts_of(window).answers = ["Print"]

    page_of(window).remind_button.click()

    assert [job.title for job in jobs] == ["Reminder letters", "Print 3 reminder letters"]
    assert len(paper.sent) == 1
    assert said(window) == "Stopped: 1 of 3 printed. The others are filed and not printed."
    assert sum(row.status.is_out for row in office.letters.recent()) == 1


def test_a_second_reminder_is_not_written(window: MainWindow, visits: list[int]) -> None:
    prompts_of(window).answers = ["Only file"]
    page_of(window).remind_button.click()

    page_of(window).remind_button.click()

    assert said(window).startswith("Everybody left to call has a reminder letter already")


def test_who_may_only_read_sees_the_list_and_no_answers(window: MainWindow, office: Office) -> None:
    office.session.switch_user(a_user(office.session, "rita", Role.READ_ONLY))
    window.user_switched()

    page = page_of(window)
    assert names(window) == ["Testperson", "Sampleton", "Mustermann"]
    assert not page.card.outcomes.isVisible()
