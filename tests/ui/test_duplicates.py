"""People on file twice: the list worked off by key, two files made one and taken apart, as at the desk."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import PatientPhone
from medsec_desktop.problems import Unavailable
from medsec_desktop.services.office import Office
from medsec_desktop.services.patients.duplicates import Duplicates
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.patients.duplicates_watch import DuplicatesWatch
from medsec_desktop.ui.patients.lists.duplicates_page import DuplicatesPage
from medsec_desktop.ui.patients.merging.merge_page import MergePage
from medsec_desktop.ui.patients.merging.unmerge_page import UnmergePage
from medsec_desktop.ui.widgets import LinkButton
from tests.conftest import a_patient, a_provider, a_user, an_appointment
from tests.ui.frame import a_window

Key = Qt.Key
Left = Qt.MouseButton.LeftButton


@pytest.fixture
def pairs(office: Office) -> list[tuple[int, int]]:
    """Three people on file twice, the likeliest first, and somebody alone."""
    session = office.session
    a_provider(session)
    found = []
    for given, born, slip in (
        ("Adelheid", "1984-03-14", {"phone": "+16175550142"}),
        ("Bernadette", "1950-11-02", {"family": "Testpersson"}),
        ("Clementine", "2001-07-30", {"family": "Testpersson", "given": "Clementin"}),
    ):
        one = a_patient(session, given=given, birth_date=born, phone=slip.get("phone", ""))
        other = {"family": "Testperson", "given": given, **slip}
        found.append((one, a_patient(session, birth_date=born, **other)))
    a_patient(session, "Bystander", "Bea", birth_date="1971-01-01")
    return found


@pytest.fixture
def window(qtbot: QtBot, office: Office, pairs: list[tuple[int, int]]) -> Any:
    window = a_window(qtbot, office)
    yield window
    window.close()


def page_in_front(window: MainWindow) -> Any:
    return window.tab_named("patients").pages.currentWidget()


def the_link(qtbot: QtBot, place: QWidget, text: str) -> LinkButton:
    """The link with this text that one sees; those of an earlier reading wait to be deleted."""

    def seen() -> list[LinkButton]:
        links = place.findChildren(LinkButton)
        return [link for link in links if link.text() == text and link.isVisible()]

    qtbot.waitUntil(lambda: len(seen()) == 1)
    return seen()[0]


def keys(page: DuplicatesPage) -> list[tuple[int, int]]:
    order = page.table.order
    rows = (order.index(at, 0).data(Qt.ItemDataRole.UserRole) for at in range(order.rowCount()))
    return [row.key for row in rows]


def test_the_list_is_worked_off_by_one_key_each(
    window: MainWindow, office: Office, qtbot: QtBot, pairs: list[tuple[int, int]]
) -> None:
    window.desk.actions.trigger("list.duplicates")  # Ctrl+Alt+U
    page = page_in_front(window)
    assert isinstance(page, DuplicatesPage)
    assert keys(page) == pairs, "everybody was compared as the list came up"
    assert page.table.hasFocus()
    assert window.tab.foot_height >= page.same_button.height(), "no message may cover the answers"

    qtbot.keyClick(page.table, Key.Key_L)
    assert keys(page) == [*pairs[1:], pairs[0]]
    tomorrow = Duplicates(office.session, office.practice)  # nothing of this sitting in it
    assert [row.key for row in tomorrow.pairs()] == keys(page)
    qtbot.keyClick(page.table, Key.Key_N)
    assert keys(page) == [pairs[2], pairs[0]]
    assert "two people" in window.desk.messages.last.text
    qtbot.mouseClick(page.apart_button, Left)
    assert keys(page) == [pairs[0]]
    office.session.undo()
    assert keys(page) == [pairs[2], pairs[0]]

    page.table.selectRow(1)
    qtbot.keyClick(page.table, Key.Key_Return)
    merge = page_in_front(window)
    assert isinstance(merge, MergePage)
    assert (merge.preview.survivor.id, merge.preview.absorbed.id) == pairs[0]
    qtbot.keyClick(merge, Key.Key_Escape)
    assert page_in_front(window) is page
    qtbot.keyClick(page.table, Key.Key_S)
    window.desk.actions.trigger("form.save")  # Ctrl+S
    assert page_in_front(window) is page, "the next pair waits"
    assert keys(page) == [pairs[2]]
    assert office.patients.open(pairs[0][1]).id == pairs[0][0]


def test_two_files_are_made_one_field_by_field_and_taken_apart(
    window: MainWindow, office: Office, qtbot: QtBot, pairs: list[tuple[int, int]]
) -> None:
    survivor, absorbed = pairs[1]
    session = office.session
    visit = an_appointment(session, absorbed, 1)
    with session.change("Fill", Permission.EDIT_PATIENTS):
        session.db.execute(
            "UPDATE patient SET email = 'b@example.org', version = 2 WHERE id = ?", (absorbed,)
        )
        PatientPhone.create(patient_id=survivor, number="+16175550101")
        more = PatientPhone.create(patient_id=absorbed, number="+16175550102")
        PatientPhone.create(patient_id=absorbed, number="+16175550103")
    window.go.open_patient(survivor)
    window.desk.actions.trigger("patient.merge")  # Ctrl+Alt+G
    page = page_in_front(window)
    assert isinstance(page, MergePage)
    # The likely one is offered before anything is typed.
    qtbot.waitUntil(lambda: [link.isVisible() for link in page.findChildren(LinkButton)] == [True])
    qtbot.keyClicks(page.pick, "testpersson bern")
    qtbot.keyClick(page.pick, Key.Key_Return)
    assert (page.preview.survivor.id, page.preview.absorbed.id) == pairs[1]

    rows = {row.name: row for row in page.fields}
    assert set(rows) == {"family_name", "email"}, "what is alike on both is no question"
    assert not rows["family_name"].is_right
    assert rows["email"].is_right, "only the other file knows it"
    assert rows["family_name"].sides[0].hasFocus()
    qtbot.keyClick(rows["family_name"].sides[0], Key.Key_Right)
    assert rows["family_name"].is_right
    assert rows["family_name"].sides[1].hasFocus()
    qtbot.keyClick(rows["family_name"].sides[1], Key.Key_Down)
    assert rows["email"].sides[1].hasFocus()
    qtbot.mouseClick(rows["email"].sides[0], Left)
    assert not rows["email"].is_right
    qtbot.keyClick(rows["email"].sides[0], Key.Key_Down)
    parts = {part.full_text.split("  ·")[0]: part for part in page.parts}
    assert set(parts) == {"(617) 555-0101", "(617) 555-0102", "(617) 555-0103"}
    assert parts["(617) 555-0101"].hasFocus()
    qtbot.keyClick(parts["(617) 555-0101"], Key.Key_Down)
    qtbot.keyClick(parts["(617) 555-0102"], Key.Key_Space)
    assert not parts["(617) 555-0102"].isChecked()
    with session.change("Meanwhile", Permission.EDIT_PATIENTS):  # somebody else, at the same file
        session.db.execute(
            "UPDATE patient SET language = 'es', version = version + 1 WHERE id = ?", (absorbed,)
        )
    rows = {row.name: row for row in page.fields}
    assert rows["language"].is_right
    assert rows["family_name"].is_right, "what was chosen is kept"
    assert not next(part for part in page.parts if part.key[1] == more.id).isChecked()
    qtbot.mouseClick(page.merge_button, Left)

    file = window.tab_named("patients").file.file
    assert (file.id, file.name.family, file.email, file.language) == (
        survivor, "Testpersson", "", "es",
    )  # fmt: skip
    assert [phone.number for phone in file.phones] == ["+16175550101", "+16175550103"]
    assert [row.id for row in file.visits] == [visit]
    assert "goes on in the file" in window.desk.messages.last.text
    window.undoing.undo()
    assert office.patients.open(absorbed).id == absorbed
    window.undoing.redo()

    window.go.open_patient(absorbed)
    assert window.tab_named("patients").patient_id == survivor
    assert "was merged into this file" in window.desk.messages.last.text
    newer = an_appointment(session, survivor, 1, "2026-03-20T10:00")
    qtbot.mouseClick(the_link(qtbot, window, "Take apart…"), Left)
    unmerge = page_in_front(window)
    assert isinstance(unmerge, UnmergePage)
    qtbot.keyClick(unmerge, Key.Key_Escape)
    window.desk.actions.trigger("patient.take_apart")
    assert page_in_front(window) is unmerge
    (question,) = unmerge.questions
    assert question.name == f"appointment:{newer}"
    assert question.sides[0].hasFocus()
    qtbot.keyClick(question.sides[0], Key.Key_Right)
    qtbot.keyClick(question.sides[1], Key.Key_Down)
    assert unmerge.apart_button.hasFocus()
    qtbot.keyClick(unmerge.apart_button, Key.Key_Space)

    assert window.tab_named("patients").patient_id == absorbed
    back = office.patients.open(absorbed)
    assert {row.id for row in back.visits} == {visit, newer}
    assert (back.name.family, back.email, back.language) == ("Testpersson", "b@example.org", "es")
    assert office.patients.open(survivor).name.family == "Testperson"
    assert office.duplicates.of_patient(survivor) == ()
    window.undoing.undo()
    assert office.patients.open(absorbed).id == survivor


def test_the_files_are_exchanged_and_the_file_itself_says_who_may_be_her(
    window: MainWindow, office: Office, qtbot: QtBot, pairs: list[tuple[int, int]]
) -> None:
    watch = DuplicatesWatch(window.desk)
    watch.look()
    window.show_tab("patients")
    tab: Any = window.tab_named("patients")
    tab.showing()
    assert tab.finding.twice_link.text() == "3 pairs may be one person"
    assert any(row.kind == "duplicates" for row in office.board.queue())
    window.go.open_patient(pairs[2][1])
    qtbot.mouseClick(the_link(qtbot, tab.file, "Same: compare and merge"), Left)
    page = page_in_front(window)
    assert page.preview.survivor.id == pairs[2][1]
    qtbot.mouseClick(page.exchange_button, Left)
    assert (page.preview.survivor.id, page.preview.absorbed.id) == pairs[2]
    qtbot.mouseClick(page.apart_button, Left)

    assert tab.patient_id == pairs[2][1], "back in the file one came from"
    assert office.duplicates.count() == 2
    texts = [link.text() for link in tab.file.findChildren(LinkButton) if link.isVisible()]
    assert "Same: compare and merge" not in texts


def test_a_look_that_meets_an_import_is_taken_again_and_troubles_nobody(
    window: MainWindow, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_busy(_: object) -> None:
        raise Unavailable("The practice is busy saving something else.")

    watch = DuplicatesWatch(window.desk)
    with monkeypatch.context() as during:
        during.setattr(office.duplicates, "catch_up", is_busy)
        watch.look()
    assert watch._wait.isActive()

    watch.look()

    assert office.duplicates.is_searched


def test_who_may_only_read_sees_the_pairs_and_decides_nothing(
    window: MainWindow, office: Office, qtbot: QtBot
) -> None:
    office.duplicates.search_all()
    office.session.switch_user(a_user(office.session, "rita", Role.READ_ONLY))

    page = window.go.patient_list("duplicates")

    assert len(keys(page)) == 3
    assert not page.apart_button.isVisible()
    qtbot.keyClick(page.table, Key.Key_N)
    assert office.duplicates.count() == 3
