"""Letters to many on the screen: asked by form or from a list, looked at, written, printed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.letter_states import LetterStatus
from medsec_desktop.services.documents.records import DocumentDraft, Incoming, Source
from medsec_desktop.services.letters.enclosing import Alike
from medsec_desktop.services.office import Office
from medsec_desktop.services.page_images import page_count
from medsec_desktop.services.session import Session
from medsec_desktop.ui.letters.leaflets_sheet import LeafletsSheet
from medsec_desktop.ui.letters.pick_sheet import PickSheet
from medsec_desktop.ui.letters.questions_sheet import QuestionsSheet
from medsec_desktop.ui.printing.post_dialog import PostDialog
from medsec_desktop.ui.widgets import DateEdit
from tests.conftest import a_patient, a_provider, an_appointment
from tests.papers import a_pdf
from tests.services.test_letters import an_address
from tests.ui.scripted import ScriptedPrompts
from tests.ui.test_letter_line import CTRL, CTRL_SHIFT, a_clinic, letters_tab, press


def test_the_visits_of_a_day_get_a_letter_each_by_keys(
    qtbot: QtBot, office: Office, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider, day = a_provider(session), session.clock.today() + timedelta(days=1)
    for place, family in enumerate(("Erste", "Zweite", "Nowhere")):
        patient = a_patient(session, family)
        if family != "Nowhere":
            an_address(session, patient)
        an_appointment(session, patient, provider, starts_at=f"{day.isoformat()}T1{place}:00")
    window, spooler = a_clinic(qtbot, office, session)

    press(qtbot, Qt.Key.Key_5, CTRL_SHIFT)
    page = letters_tab(window).batch
    assert page is not None
    assert page.form.source.hasFocus()
    page.form.day.setFocus()
    qtbot.keyClick(page.form.day, Qt.Key.Key_Up)
    qtbot.waitUntil(page.empty.isVisible)
    qtbot.keyClick(page.form.day, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.table.order.rowCount() == 3)
    assert page.count.text() == "3 on the list, 1 left out"
    assert page.page.page_count == 1
    page.letter.template.set_value("appointment_reminder")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert page.write_button.text() == "Write 1 letter"
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert page.write_button.text() == "Write 2 letters"

    asked, now = [], page.desk.jobs.run
    monkeypatch.setattr(page.desk.jobs, "run", lambda *what: asked.append(what))
    press(qtbot, Qt.Key.Key_Return, CTRL)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    (what,) = asked  # the second while the first is written: it would outlive the cancelling
    monkeypatch.setattr(page.desk.jobs, "run", now)
    now(*what)
    assert page.done.text.text() == "2 letters written, a copy in each file."
    assert "Nowhere, Ada: No address that holds today" in page.done.passed.text()
    window.undoing.undo()
    assert not page.done.isVisible()
    assert office.letters.recent() == ()
    qtbot.mouseClick(page.write_button, Qt.MouseButton.LeftButton)
    press(qtbot, Qt.Key.Key_E, CTRL)
    (labels,) = window.findChildren(PostDialog)
    assert labels.whom.currentText() == "Everybody who got a letter (2)"
    labels.close()
    window.activateWindow()
    window.undoing.undo()
    qtbot.mouseClick(page.write_button, Qt.MouseButton.LeftButton)
    press(qtbot, Qt.Key.Key_4, CTRL_SHIFT)
    board = letters_tab(window).board
    to_send = board.lists[3]
    assert to_send.hasFocus()
    (card,) = to_send.rows.rows
    assert (card.title, card.detail.split(" · ")[0]) == (page.plan.title, "2 letters")
    assert board.strip.about.text().endswith("· 2 letters")
    press(qtbot, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
    assert "one by one" in window.desk.messages.last.text
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert page.isVisible()
    assert page.made is not None
    press(qtbot, Qt.Key.Key_4, CTRL_SHIFT)
    press(qtbot, Qt.Key.Key_F4, Qt.KeyboardModifier.NoModifier)
    assert to_send.rows.rowCount() == 0

    assert page_count(spooler.pages[0][0]) == 2
    assert {row.status for row in office.letters.recent()} == {LetterStatus.SENT}
    page.letter._enclose((Alike("Map"),))
    press(qtbot, Qt.Key.Key_5, CTRL_SHIFT)
    # What went with the last ones goes with no others unasked.
    assert page.letter.same.enclosures == ()
    late = page._read("visits")
    page.earlier.setCurrentIndex(1)
    page._show_plan(late)  # asked for before, answered after: the letters in front stay in front
    assert page.table.order.rowCount() == 2
    assert "2 of them sent" in page.done.text.text()
    page.letter.template.set_value("welcome")  # beside those written stands what each of them got
    (row, *_) = page.plan.rows
    assert row.name.spoken in page.page.accessibleDescription()
    assert "reminder" in page.page.accessibleDescription()
    qtbot.mouseClick(page.done.print_button, Qt.MouseButton.LeftButton)
    assert len(spooler.pages) == 2
    copy = page.done.more_menu().actions()[-1]
    assert copy.text().endswith("marked COPY")
    copy.trigger()
    printed = [office.letters.text(pdf) for pdf, *_ in spooler.pages]
    assert ["COPY" in text for text in printed] == [False, False, True]
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert letters_tab(window).board.isVisible()


def test_people_are_asked_for_by_a_form(qtbot: QtBot, office: Office, session: Session) -> None:
    a_patient(session, "Old", birth_date="1940-01-01")
    a_patient(session, "Young", birth_date="2015-01-01")
    window, _ = a_clinic(qtbot, office, session)
    press(qtbot, Qt.Key.Key_5, CTRL_SHIFT)
    page = letters_tab(window).batch
    assert page is not None

    page.form.source.set_value("people")
    qtbot.keyClicks(page.form.least_age, "65")
    qtbot.waitUntil(lambda: page.table.order.rowCount() == 1)

    assert page.plan.rows[0].name.family == "Old"
    qtbot.mouseClick(page.without_address, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert page.write_button.text() == "Write 1 letter"
    qtbot.mouseClick(page.write_button, Qt.MouseButton.LeftButton)
    assert "no words to send to many" in window.desk.messages.last.text
    assert page.made is None
    page.letter.template.set_value("welcome")
    assert page.letter.ask_button.isHidden()
    page.letter.template.set_value("test_result_call")
    qtbot.mouseClick(page.letter.enclose_button, Qt.MouseButton.LeftButton)
    (picking,) = window.findChildren(PickSheet)
    qtbot.keyClicks(picking.list.line, "Map")
    qtbot.keyClick(picking.list.line, Qt.Key.Key_Return)
    qtbot.mouseClick(page.write_button, Qt.MouseButton.LeftButton)
    (sheet,) = window.findChildren(QuestionsSheet)  # asked once, before the first is written
    assert page.made is None
    taken = sheet.answers["taken"]
    assert isinstance(taken, DateEdit)
    taken.selectAll()
    qtbot.keyClicks(taken, "3/9/2026")
    qtbot.keyClick(taken, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.made is not None)
    assert page.made is not None
    assert page.made.letters == 1
    (row,) = office.letters.recent()
    text = office.letters.text(office.letters.pdf(row.id))
    assert "March 9, 2026" in text
    assert "Enclosure: Map" in text


def test_a_leaflet_taken_in_and_each_ones_newest_paper_go_with_letters_to_many(
    qtbot: QtBot, office: Office, session: Session, tmp_path: Path
) -> None:
    provider, day = a_provider(session), session.clock.today() + timedelta(days=1)
    people = [a_patient(session, family) for family in ("Erste", "Ohne")]
    for place, patient in enumerate(people):
        an_address(session, patient)
        an_appointment(session, patient, provider, starts_at=f"{day.isoformat()}T1{place}:00")
    results = office.documents.categories.save("Blood counts")
    office.documents.take_in(
        people[0],
        Incoming(a_pdf("Hers"), "hers.pdf", Source.CHOSEN),
        DocumentDraft("Hers", results),
    )
    (tmp_path / "Map.pdf").write_bytes(a_pdf("How to reach us"))
    window, spooler = a_clinic(qtbot, office, session)
    assert isinstance(window.desk.prompts, ScriptedPrompts)
    window.desk.prompts.answers.append(str(tmp_path / "Map.pdf"))

    press(qtbot, Qt.Key.Key_9, CTRL)
    (sheet,) = window.findChildren(LeafletsSheet)
    qtbot.keyClick(sheet.take_button, Qt.Key.Key_Insert)
    assert sheet.current is not None
    assert sheet.current.title == "Map"
    assert sheet.page.page_count == 1
    sheet.close()
    window.activateWindow()
    press(qtbot, Qt.Key.Key_5, CTRL_SHIFT)
    page = letters_tab(window).batch
    assert page is not None
    page.letter.template.set_value("appointment_reminder")
    for words in ("map", "blood"):
        qtbot.mouseClick(page.letter.enclose_button, Qt.MouseButton.LeftButton)
        (picking,) = window.findChildren(PickSheet)
        qtbot.keyClicks(picking.list.line, words)
        qtbot.keyClick(picking.list.line, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not window.findChildren(PickSheet))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    assert [row.why_not for row in page.plan.rows] == [
        "", "Nothing under “Blood counts” in the file",
    ]  # fmt: skip
    assert page.write_button.text() == "Write 1 letter"
    press(qtbot, Qt.Key.Key_Return, CTRL)
    assert [one.text() for one in page.done.more_menu().actions()][2] == (
        "Print without the enclosures"
    )
    press(qtbot, Qt.Key.Key_P, CTRL)
    assert page_count(spooler.pages[0][0]) == 3
    press(qtbot, Qt.Key.Key_9, CTRL)
    (sheet,) = window.findChildren(LeafletsSheet)
    qtbot.keyClick(sheet.list, Qt.Key.Key_Delete)
    assert office.leaflets.all() == ()
    assert sheet.empty.isVisible()
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)


def test_everybody_a_list_shows_can_be_written_to(
    qtbot: QtBot, office: Office, session: Session
) -> None:
    people = [a_patient(session, family) for family in ("Erste", "Zweite")]
    window, _ = a_clinic(qtbot, office, session)
    window.show_tab("patients")
    qtbot.keyClicks(window.focusWidget(), "ada")

    press(qtbot, Qt.Key.Key_5, CTRL_SHIFT)

    page = letters_tab(window).batch
    assert page is not None
    assert sorted(row.patient_id for row in page.plan.rows) == people
    assert page.plan.title == "Everybody in the list (2)"


def test_the_visits_of_today_or_marked_on_the_calendar_are_the_list_in_front(
    qtbot: QtBot, office: Office, session: Session
) -> None:
    provider, day = a_provider(session), session.clock.today()
    visits = [
        an_appointment(
            session, a_patient(session, family), provider, f"{day.isoformat()}T{hour}:00",
            status=status,
        )
        for family, hour, status in (
            ("Erste", 10, "scheduled"), ("Zweite", 11, "confirmed"),
            ("Dritte", 13, "scheduled"), ("Gone", 14, "cancelled"),
        )
    ]  # fmt: skip
    window, _ = a_clinic(qtbot, office, session)

    def listed() -> tuple[str, list[int | None]]:
        press(qtbot, Qt.Key.Key_5, CTRL_SHIFT)
        page = letters_tab(window).batch
        assert page is not None
        return page.plan.title, [row.target.appointment_id for row in page.plan.rows]

    assert listed() == ("The visits of today (3)", visits[:3])
    assert letters_tab(window).batch.letter.template.value() == "appointment_reminder"  # type: ignore[union-attr]

    window.show_tab("calendar")
    tab: Any = window.tab
    qtbot.waitUntil(lambda: len(tab.grid.places) >= 3)
    assert listed() == ("The visits shown (3)", visits[:3])
    window.show_tab("calendar")
    tab.grid.go_to(0, 9 * 60 + 30)
    while tab.grid.cursor_at.span.ends_min < 12 * 60:
        qtbot.keyClick(tab.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert listed() == ("The visits marked (2)", visits[:2])
    window.show_tab("calendar")
    tab.grid.select_visit(visits[2])
    press(qtbot, Qt.Key.Key_E, CTRL)
    (labels,) = window.findChildren(PostDialog)
    assert [labels.whom.itemText(place) for place in range(2)] == [
        "Dritte, Ada",
        "The visits shown (3)",
    ]
    labels.close()
