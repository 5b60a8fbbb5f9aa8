"""The bench for a provider who is away, by keys and mouse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.calendar import Span
from medsec_desktop.domain.calendar.absences import AwayPolicy, AwayState
from medsec_desktop.domain.permissions import Role
from medsec_desktop.services.office import Office
from medsec_desktop.services.page_images import page_text
from medsec_desktop.ui.calendar.grid.captions import hours, spoken_mark
from medsec_desktop.ui.calendar.lists.away_page import AwayPage
from medsec_desktop.ui.main_window import MainWindow
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment
from tests.ui.frame import a_window
from tests.ui.scripted import ScriptedPrompts

THURSDAY = date(2026, 3, 12)


class Bench:
    """The window with the bench in front; Dr. Chen has three visits tomorrow."""

    def __init__(self, qtbot: QtBot, office: Office):
        self.qtbot, self.office, self.session = qtbot, office, office.session
        self.chen = a_provider(self.session)
        self.lopez = a_provider(self.session, "Lopez", "Maria", credential="NP", position=1)
        self.type = a_type(self.session)
        self.visits = [
            an_appointment(
                self.session,
                a_patient(self.session, given=name, phone="+12125550100"),
                self.chen,
                f"2026-03-12T{hour}:00",
                type_id=self.type,
            )
            for name, hour in (("Ada", "09"), ("Bea", "10"), ("Cleo", "14"))
        ]
        self.window: MainWindow = a_window(qtbot, office)
        self.prompts: ScriptedPrompts = self.window.desk.prompts  # type: ignore[assignment]
        self.page: AwayPage = self.window.go.calendar_place("away", page=True)

    def away(self) -> int:
        """Dr. Chen is away tomorrow; the bench shows it."""
        self.page.form.close_form()
        absence = self.office.absences.begin(self.chen, THURSDAY, THURSDAY, "Ill")
        self.page.table.setFocus()
        return absence

    def states(self) -> list[AwayState]:
        (row,) = self.office.absences.all()
        return [visit.state for visit in self.office.absences.visits(row.id)]

    def cell(self, row: int, column: int) -> str:
        return str(self.page.table.order.index(row, column).data())

    def said(self) -> str:
        last = self.window.desk.messages.last
        return last.text if last else ""


def typed(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    """Over what stands there, as after Tab."""
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, text)


@pytest.fixture
def bench(qtbot: QtBot, office: Office) -> Iterator[Bench]:
    bench = Bench(qtbot, office)
    yield bench
    bench.window.desk.drafts.close()
    bench.window.close()


def test_nobody_away_asks_who_is(bench: Bench) -> None:
    assert bench.page.middle.currentWidget() is bench.page.empty
    assert bench.page.form.isVisible()
    assert QApplication.focusWidget() is bench.page.form.provider


def test_an_absence_is_entered_by_keys_and_its_visits_come_with_proposals(bench: Bench) -> None:
    form, qtbot = bench.page.form, bench.qtbot
    typed(qtbot, form.first_edit, "tomorrow")
    qtbot.keyClicks(form.name_line, "Ill")
    qtbot.keyClick(form.name_line, Qt.Key.Key_Return)

    (row,) = bench.office.absences.all()
    assert (row.away.first_on, row.away.last_on) == (THURSDAY, THURSDAY)
    assert bench.cell(0, 0) == "Thu, Mar 12, 9:00 AM"
    assert bench.cell(0, 2) == "Fri, Mar 13, 9:00 AM, Dr. Chen"
    assert bench.page.standing.text() == "0 of 3 settled, 0 told"
    assert QApplication.focusWidget() is bench.page.table


def test_a_part_of_a_day_is_entered_by_keys_shown_on_the_grid_and_changed(bench: Bench) -> None:
    form, qtbot = bench.page.form, bench.qtbot
    typed(qtbot, form.first_edit, "tomorrow")
    qtbot.keyClicks(form.from_line, "2pm")
    qtbot.keyClicks(form.until_line, "1pm")
    qtbot.keyClick(form.until_line, Qt.Key.Key_Return)
    assert "ends before it begins" in form.until_field.note.text()
    form.until_line.clear()
    qtbot.keyClicks(form.until_line, "3pm")
    qtbot.keyClicks(form.name_line, "Dentist")
    qtbot.keyClick(form.name_line, Qt.Key.Key_Return)

    assert bench.page.which.currentText() == "Dr. Chen, Thu, Mar 12, 2:00–3:00 PM"
    assert bench.cell(0, 1) == "Testperson, Cleo"
    assert bench.cell(0, 2) == "Thu, Mar 12, 1:30 PM, Dr. Chen"
    assert bench.page.standing.text() == "0 of 1 settled, 0 told"

    qtbot.mouseClick(bench.page.edit_button, Qt.MouseButton.LeftButton)
    assert (form.from_line.text(), form.until_line.text()) == ("2:00 PM", "3:00 PM")
    form.close_form()

    tab: Any = bench.window.tab_named("calendar")
    tab.show_grid()
    tab.show_day(THURSDAY)
    grid = tab.grid
    (mark,) = [mark for mark in grid.marks if mark.kind == "away"]
    view = grid.view
    assert spoken_mark(mark, view.columns[mark.column], grid.now(), grid.formats) == (
        "2:00–3:00 PM, away: Dentist"
    )
    assert hours(view.columns[mark.column], grid.formats) == "8 AM–5 PM · away 2:00–3:00 PM"
    grid.go_to(mark.column, 15 * 60 - 15)  # beside Cleo's visit, which ends at half past
    qtbot.keyClick(grid, Qt.Key.Key_Delete)
    assert "Doctor away" in bench.said()


def test_part_of_a_day_is_said_in_few_entries_from_where_the_cursor_stands(bench: Bench) -> None:
    qtbot, form = bench.qtbot, bench.page.form
    tab: Any = bench.window.tab_named("calendar")
    tab.show_grid()
    tab.show_day(date(2026, 3, 10))
    tab.grid.place_cursor(bench.lopez, Span(540, 555))
    bench.window.go.calendar_place("away", page=True)
    form.close_form()
    assert tab.new_text == "New absence"

    for keys, part in (
        (("fri 1pm-3pm",), Span(780, 900)),
        (("fri", "", "1pm to 3:30pm"), Span(780, 930)),
        (("fri 1pm",), Span(780, 1440)),  # goes home
        (("fri", "", "", "10am"), Span(0, 600)),  # comes late
    ):
        bench.window.desk.actions.trigger("new.thing")
        assert form.provider.value() == bench.lopez
        assert form.first_edit.value() == date(2026, 3, 11)  # the tenth has passed
        for text in keys:  # field by field
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            qtbot.keyClicks(QApplication.focusWidget(), text)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

        (row,) = bench.office.absences.all()
        assert (row.away.provider_id, row.away.first_on) == (bench.lopez, date(2026, 3, 13))
        assert row.away.part == part
        bench.session.undo()


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("", "", "Type the first day"),
        ("blursday", "", "is not a date"),
        ("tomorrow", "today", "last day lies before"),
        ("yesterday", "", "already past"),
    ],
)
def test_days_that_cannot_be_are_said_at_their_field(
    bench: Bench, first: str, last: str, says: str
) -> None:
    form = bench.page.form
    typed(bench.qtbot, form.first_edit, first)
    bench.qtbot.keyClicks(form.last_edit, last)

    form.save()

    notes = f"{form.first_field.note.text()} {form.last_field.note.text()}"
    assert says in notes
    assert bench.office.absences.all() == ()


def test_one_button_moves_everybody_as_proposed_and_one_undo_brings_all_back(
    bench: Bench,
) -> None:
    bench.away()
    assert bench.page.move_all_button.text() == "Move all 3 as proposed"

    bench.qtbot.mouseClick(bench.page.move_all_button, Qt.MouseButton.LeftButton)

    assert bench.states() == [AwayState.MOVED] * 3
    assert bench.page.standing.text() == "Every visit is settled; 0 of 3 told"
    assert bench.cell(0, 2) == "Moved to Fri, Mar 13, 9:00 AM, Dr. Chen"
    assert not bench.page.move_all_button.isEnabled()
    assert bench.page.table.hasFocus()  # to call them now

    bench.window.undoing.undo()
    assert bench.states() == [AwayState.LEFT] * 3


def test_agrees_moves_her_notes_the_call_and_brings_the_next_one_up(bench: Bench) -> None:
    bench.away()

    bench.qtbot.keyClick(bench.page.table, Qt.Key.Key_1)

    assert bench.states() == [AwayState.MOVED, AwayState.LEFT, AwayState.LEFT]
    assert bench.page.standing.text() == "1 of 3 settled, 1 told"
    assert bench.page.current is not None
    assert bench.page.current.was.patient_name == "Testperson, Bea"
    assert bench.said() == "Moved: 1 visit."


def test_what_was_done_is_never_said_over_the_buttons(bench: Bench) -> None:
    bench.away()

    bench.qtbot.keyClick(bench.page.table, Qt.Key.Key_1)

    bar = bench.window.message_bar
    assert bar.isVisible()
    for button in (bench.page.move_all_button, bench.page.cancel_button):
        over = QRect(button.mapTo(bar.parentWidget(), QPoint(0, 0)), button.size())
        assert not over.intersects(bar.geometry())


def test_no_answer_is_noted_and_the_next_one_comes_up(bench: Bench) -> None:
    bench.away()

    bench.qtbot.keyClick(bench.page.table, Qt.Key.Key_4)

    assert bench.cell(0, 3) == "No answer"
    assert bench.page.current is not None
    assert bench.page.current.was.patient_name == "Testperson, Bea"


def test_who_declines_is_cancelled_by_herself(bench: Bench) -> None:
    bench.away()

    bench.qtbot.keyClick(bench.page.table, Qt.Key.Key_6)

    assert bench.states()[0] is AwayState.CANCELLED
    assert bench.office.calendar.appointment(bench.visits[0]).cancelled_by == "patient"
    assert bench.page.standing.text() == "1 of 3 settled, 1 told"


def test_several_selected_are_cancelled_by_the_clinic_in_one_step(bench: Bench) -> None:
    bench.away()
    bench.page.table.selectRow(0)
    bench.qtbot.keyClick(bench.page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)

    bench.qtbot.mouseClick(bench.page.cancel_button, Qt.MouseButton.LeftButton)

    assert bench.states() == [AwayState.CANCELLED, AwayState.CANCELLED, AwayState.LEFT]
    assert bench.said() == "Cancelled: 2 visits."


def test_another_time_is_chosen_and_offered_to_nobody_else(bench: Bench) -> None:
    bench.away()
    options = bench.page.card.options
    bench.qtbot.keyClick(bench.page.table, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is options

    bench.qtbot.keyClick(options, Qt.Key.Key_Down)
    wished = options.current_value()
    bench.qtbot.keyClick(options, Qt.Key.Key_Return)

    assert bench.page.proposals.slots[bench.visits[0]] == wished
    assert QApplication.focusWidget() is bench.page.table
    bench.qtbot.keyClick(bench.page.table, Qt.Key.Key_1)
    (row,) = bench.office.absences.all()
    moved = bench.office.absences.visits(row.id)[0].now
    assert moved is not None
    assert moved.starts_at == wished.starts_at


def test_the_free_times_of_a_day_can_be_asked_for(bench: Bench) -> None:
    bench.away()

    day = bench.page.card.day_edit
    day.setFocus()
    bench.qtbot.keyClicks(day, "mon")
    bench.qtbot.keyClick(day, Qt.Key.Key_Tab)

    rows = bench.page.card.options.rows.rows
    assert rows[0].title == "Mon, Mar 16, 9:00 AM"
    assert {row.value.starts_at.date() for row in rows} == {date(2026, 3, 16)}


def test_another_policy_proposes_another_provider(bench: Bench) -> None:
    bench.away()

    bench.page.policy.set_value(AwayPolicy.OTHER)

    assert bench.cell(0, 2) == "Thu, Mar 12, 9:00 AM, Maria Lopez, NP"


def test_after_a_restart_the_bench_stands_where_it_stood(bench: Bench, qtbot: QtBot) -> None:
    bench.away()
    bench.qtbot.keyClick(bench.page.table, Qt.Key.Key_1)
    bench.qtbot.keyClick(bench.page.table, Qt.Key.Key_4)

    again = a_window(qtbot, Office(bench.session))
    page: AwayPage = again.go.calendar_place("away", page=True)

    assert page.standing.text() == "1 of 3 settled, 1 told"
    assert [page.table.order.index(row, 3).data() for row in range(3)] == [
        "Reached",
        "No answer",
        "",
    ]
    again.desk.drafts.close()
    again.close()


def test_what_is_changed_elsewhere_shows_on_the_bench_at_once(bench: Bench) -> None:
    bench.away()

    bench.office.calendar.cancel(bench.visits[1], 1, "patient")

    assert bench.cell(1, 2) == "Cancelled"


def test_an_absence_can_be_taken_back_and_brought_again(bench: Bench) -> None:
    bench.away()

    bench.qtbot.mouseClick(bench.page.back_button, Qt.MouseButton.LeftButton)
    assert bench.office.absences.all() == ()
    assert bench.page.middle.currentWidget() is bench.page.empty

    bench.window.undoing.undo()
    assert bench.page.standing.text() == "0 of 3 settled, 0 told"


def test_letters_are_filed_for_those_settled_and_tell_them(bench: Bench) -> None:
    bench.away()
    bench.page.move_all()
    bench.page.table.selectAll()

    bench.qtbot.mouseClick(bench.page.letters_button, Qt.MouseButton.LeftButton)

    assert bench.said() == "3 letters are filed."
    assert {row.template for row in bench.office.letters.recent()} == {"appointment_reschedule"}
    assert bench.page.standing.text() == "Every visit is settled; 3 of 3 told"
    assert bench.cell(0, 3) == "By letter"
    ((words, print_them),) = bench.window.desk.messages.last.offers
    assert words == "Print them"
    with pytest.MonkeyPatch.context() as printing:
        printing.setattr(bench.office.letters.printing, "print_pdf", lambda *_, **__: "Front desk")
        print_them()
    assert bench.said() == "Printed: 3 letters."
    assert all(row.status.is_out for row in bench.office.letters.recent())


def test_a_letter_before_anything_is_settled_is_explained(bench: Bench) -> None:
    bench.away()

    bench.page.letters()

    assert "settle it first" in bench.said()


def test_the_call_list_is_saved_as_pdf(bench: Bench, tmp_path: Path) -> None:
    bench.away()
    path = tmp_path / "calls.pdf"
    bench.prompts.answers += ["Save as PDF…", str(path)]

    bench.qtbot.mouseClick(bench.page.list_button, Qt.MouseButton.LeftButton)

    words = page_text(path.read_bytes())
    assert "Testperson, Ada" in words
    assert "Fri, Mar 13, 9:00 AM, Dr. Chen" in words


def test_labels_ask_where_they_go(bench: Bench) -> None:
    bench.away()
    bench.prompts.answers += ["Not now"]

    bench.page.labels()

    assert bench.prompts.asked == ["Address labels"]


def test_who_may_only_look_cannot_move_anybody(bench: Bench) -> None:
    bench.away()
    bench.session.switch_user(a_user(bench.session, "rita", Role.READ_ONLY))
    bench.page.showing()

    assert not bench.page.move_all_button.isEnabled()
    bench.qtbot.keyClick(bench.page.table, Qt.Key.Key_1)
    assert bench.states() == [AwayState.LEFT] * 3


def test_a_slot_given_away_meanwhile_is_told_and_another_proposed(bench: Bench) -> None:
    bench.away()
    proposals = dict(bench.page.proposals.slots)
    an_appointment(
        bench.session, a_patient(bench.session, given="Otto"), bench.chen, "2026-03-13T09:00"
    )
    bench.page.proposals.slots = proposals  # what was on the screen when she pressed the button

    bench.page.move_all()

    assert "Not possible any more: Testperson, Ada" in bench.said()
    assert bench.states() == [AwayState.LEFT, AwayState.MOVED, AwayState.MOVED]
    slot = bench.page.proposals.slots[bench.visits[0]]
    assert slot is not None
    assert slot.starts_at != datetime(2026, 3, 13, 9, 0)
