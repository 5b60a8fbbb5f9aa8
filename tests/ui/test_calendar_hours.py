"""Time kept free from the grid, and the visits a change of hours leaves outside."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt

from medsec_desktop.domain.calendar import Span
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.calendar.hours_records import BlockDraft
from medsec_desktop.services.practice import ClosureDraft
from medsec_desktop.ui.calendar.lists.outside_page import OutsidePage
from medsec_desktop.ui.calendar.marks.block_panel import BlockPanel
from medsec_desktop.ui.calendar.tab import CalendarTab
from medsec_desktop.ui.desk import make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.theme import Theme
from tests.conftest import a_patient, a_provider, a_type, an_appointment
from tests.ui.frame import a_window
from tests.ui.scripted import ScriptedPrompts
from tests.ui.test_calendar import Navigated

THURSDAY = date(2026, 3, 12)


@pytest.fixture
def chen(session):
    return a_provider(session)


@pytest.fixture
def desk(office, session, chen):
    a_type(session)
    a_type(session, "Physical", 60, position=1)
    desk = make_desk(office, Theme(), jobs=InlineJobs(), prompts=ScriptedPrompts())
    desk.go = Navigated()
    yield desk
    desk.drafts.close()


@pytest.fixture
def tab(qtbot, desk):
    tab = CalendarTab(desk)
    qtbot.addWidget(tab)
    desk.bus.changed.connect(tab.refresh)
    tab.resize(1366, 700)
    tab.show()
    qtbot.waitExposed(tab)
    tab.showing()
    tab.show_day(THURSDAY)
    return tab


def the_panel(tab, chen, first=720, last=780) -> BlockPanel:
    tab.grid.place_cursor(chen, Span(first, last))
    panel = tab.show_panel("block")
    assert isinstance(panel, BlockPanel)
    return panel


def test_the_time_under_the_cursor_is_kept_free_by_enter(qtbot, tab, chen, office):
    panel = the_panel(tab, chen)

    qtbot.keyClicks(panel.form.title, "Lunch")
    qtbot.keyClick(panel.form.title, Qt.Key.Key_Return)

    (block,) = office.hours.blocks.all()
    assert (block.title, block.starts_on, block.span, block.provider_id) == (
        "Lunch", THURSDAY, Span(720, 780), chen,
    )  # fmt: skip
    assert not panel.isVisible()


def test_a_repeat_and_the_types_it_admits_are_chosen_in_the_panel(qtbot, tab, chen, office):
    panel = the_panel(tab, chen)
    form = panel.form

    form.kind.setCurrentIndex(4)
    form.kind.activated.emit(4)
    assert form.types
    qtbot.mouseClick(panel.save_button, Qt.MouseButton.LeftButton)
    assert "at least one type" in form.types_note.text()
    physical = next(tick for tick in form.types.values() if tick.text() == "Physical")
    qtbot.keyClick(physical, Qt.Key.Key_Space)
    form.repeat.set_value("weekly")
    form.repeat.activated.emit(form.repeat.currentIndex())
    qtbot.keyClick(form.weekdays[0], Qt.Key.Key_Space)
    qtbot.mouseClick(panel.save_button, Qt.MouseButton.LeftButton)

    (block,) = office.hours.blocks.all()
    assert block.rule == "FREQ=WEEKLY;BYDAY=MO,TH"
    assert len(block.admits) == 1


def test_a_time_that_cannot_be_read_is_said_at_its_field(qtbot, tab, chen, office):
    panel = the_panel(tab, chen)

    panel.form.time.selectAll()
    qtbot.keyClicks(panel.form.time, "noonish")
    qtbot.keyClick(panel.form.time, Qt.Key.Key_Return)

    assert "12-1" in panel.form.fields["span"].note.text()
    assert office.hours.blocks.all() == ()


def test_a_block_under_the_cursor_is_changed_and_given_back_for_a_day(qtbot, tab, chen, office):
    block_id = office.hours.blocks.save(
        BlockDraft("Lunch", THURSDAY, Span(720, 780), "break", chen, rule="FREQ=DAILY")
    )

    panel = the_panel(tab, chen)

    assert panel.heading.text() == "Lunch"
    qtbot.mouseClick(panel.this_day, Qt.MouseButton.LeftButton)
    assert office.hours.blocks.one(block_id).left_out == (THURSDAY,)


def test_a_repeat_is_ended_or_given_back_altogether(qtbot, tab, chen, office):
    office.hours.blocks.save(
        BlockDraft("Lunch", date(2026, 3, 9), Span(720, 780), "break", chen, rule="FREQ=DAILY")
    )
    panel = the_panel(tab, chen)
    qtbot.mouseClick(panel.from_here, Qt.MouseButton.LeftButton)
    assert [row.last_on for row in office.hours.blocks.all()] == [date(2026, 3, 11)]
    office.session.undo()

    panel = the_panel(tab, chen)
    qtbot.mouseClick(panel.all, Qt.MouseButton.LeftButton)
    assert office.hours.blocks.all() == ()


def test_escape_leaves_the_panel_and_keeps_nothing(qtbot, tab, chen, office):
    panel = the_panel(tab, chen)

    qtbot.keyClick(panel.form.title, Qt.Key.Key_Escape)

    assert not panel.isVisible()
    assert office.hours.blocks.all() == ()


def test_blocking_time_that_is_booked_offers_the_visits_left_there(qtbot, tab, chen, office, desk):
    an_appointment(office.session, a_patient(office.session), chen, "2026-03-12T13:30")
    messages = []
    desk.messages.said.connect(messages.append)
    panel = the_panel(tab, chen, 780, 840)

    qtbot.mouseClick(panel.save_button, Qt.MouseButton.LeftButton)

    assert "1 visit now lies outside the hours." in messages[-1].text
    assert [text for text, _ in messages[-1].offers] == ["Show them"]


def test_the_page_lists_each_visit_with_the_reason_and_opens_it(qtbot, tab, chen, office):
    visit = an_appointment(office.session, a_patient(office.session), chen, "2026-03-12T10:00")
    office.practice.save_closure(ClosureDraft("Renovation", THURSDAY, THURSDAY))

    page = tab.show_page("outside")

    assert isinstance(page, OutsidePage)
    assert "1 visit to settle" in page.remark.text()
    assert "Renovation" in page.list.as_csv()
    qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert tab.grid.selected_id == visit


def test_a_visit_is_kept_with_a_reason_by_one_key(qtbot, tab, chen, office, desk):
    an_appointment(office.session, a_patient(office.session), chen, "2026-03-12T18:00")
    page = tab.show_page("outside")
    desk.prompts.answers = ["She comes from far away"]

    qtbot.keyClick(page.list, Qt.Key.Key_K)

    assert "1 kept for a reason" in page.remark.text()
    assert "She comes from far away" in page.list.as_csv()


def test_a_visit_is_opened_to_be_moved_or_pinned(qtbot, tab, chen, office):
    visit = an_appointment(office.session, a_patient(office.session), chen, "2026-03-12T18:00")

    page = tab.show_page("outside")
    qtbot.keyClick(page.list, Qt.Key.Key_M)
    assert tab.pane.editing_id == visit
    tab.pane.close_pane()

    page = tab.show_page("outside")
    qtbot.keyClick(page.list, Qt.Key.Key_P)
    assert tab.visits.pinned == (visit,)


def test_without_any_visit_outside_the_page_says_so(tab):
    page = tab.show_page("outside")

    assert page.nothing.isVisible()
    assert not page.list.isVisible()


def test_a_refusal_links_the_block_out_in_the_way(qtbot, office, session):
    provider = a_provider(session)
    office.hours.blocks.save(BlockDraft("Lunch", THURSDAY, Span(720, 780), "break", provider))
    window = a_window(qtbot, office)
    draft = BookingDraft(a_patient(session), provider, None, datetime(2026, 3, 12, 12), 30)
    (breach,) = office.calendar.check(draft)

    window.go.open_link(breach.links[0])

    panel = window.tab_named("calendar").side.pages.currentWidget()
    assert isinstance(panel, BlockPanel)
    assert window.tab_named("calendar").day == THURSDAY
    assert panel.isVisible()
    assert panel.heading.text() == "Lunch"
