from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSettings, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import QApplication

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Room
from medsec_desktop.services.calendar.notes import HoldDraft, NoteDraft
from medsec_desktop.services.calendar.views import ColumnKey, SavedViewDraft
from medsec_desktop.services.practice.time_zone import choose_zone
from medsec_desktop.ui.calendar.grid.look import WHOLE, Look
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.widgets.page import Panel
from tests.conftest import a_patient, a_provider, a_type, an_appointment
from tests.ui.frame import a_desk, a_window, check_password
from tests.ui.test_calendar import a_tab, desk  # noqa: F401

TODAY, TOMORROW = date(2026, 3, 11), date(2026, 3, 12)
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def chen(session):
    return a_provider(session)


@pytest.fixture
def okafor(session, chen):
    return a_provider(session, "Okafor", credential="NP", given="Ada", position=1)


@pytest.fixture
def follow_up(session):
    return a_type(session)


@pytest.fixture
def ada(session):
    return a_patient(session, phone="+12125550100")


@pytest.fixture
def room(session):
    with session.change("Add a room", Permission.EDIT_SETTINGS):
        return Room.create(name="Exam room 1").id


@pytest.fixture
def tab(qtbot, desk):  # noqa: F811
    return a_tab(qtbot, desk)


@pytest.fixture
def window(qtbot, office, chen, okafor, follow_up):
    window = a_window(qtbot, office)
    yield window
    window.desk.drafts.close()


def do(window, action_id):
    window.desk.actions.trigger(action_id)
    return window.tab_named("calendar")


def spoken(view):
    tree = QAccessible.queryAccessibleInterface(view)
    return [tree.child(i).text(QAccessible.Text.Name) for i in range(tree.childCount())]


# -- the way through the days -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "modifiers", "days"),
    [
        (Qt.Key.Key_Right, ALT, 1),
        (Qt.Key.Key_Left, ALT, -1),
        (Qt.Key.Key_PageDown, ALT, 7),
        (Qt.Key.Key_PageUp, ALT, -7),
        (Qt.Key.Key_PageDown, ALT | SHIFT, 28),
        (Qt.Key.Key_PageUp, ALT | SHIFT, -28),
        (Qt.Key.Key_PageDown, CTRL | ALT, 182),
        (Qt.Key.Key_PageUp, CTRL | ALT, -182),
    ],
)
def test_jumps_from_a_day_to_half_a_year_keep_the_weekday(window, qtbot, key, modifiers, days):
    tab = do(window, "go.calendar")

    qtbot.keyClick(tab.grid, key, modifiers)

    assert tab.day == TODAY + timedelta(days=days)
    if abs(days) > 1:
        assert tab.day.weekday() == TODAY.weekday()


@pytest.mark.parametrize(
    ("action", "first", "columns"),
    [("work_week", date(2026, 3, 9), 5), ("week", date(2026, 3, 8), 7)],
)
def test_a_week_shows_the_days_around_the_one_in_hand(window, action, first, columns):
    tab = do(window, f"calendar.{action}")

    view = tab.grid.view
    assert view.days[0] == first
    assert len(view.columns) == columns
    assert tab.grid.column_at_cursor.day == TODAY
    assert tab.heading.text().startswith("March ")


def test_a_week_is_the_one_of_whoever_the_cursor_stood_with(window, qtbot, okafor):
    tab = do(window, "go.calendar")
    qtbot.keyClick(tab.grid, Qt.Key.Key_Right)

    do(window, "calendar.work_week")

    assert {column.provider_id for column in tab.grid.view.columns} == {okafor}
    assert tab.bar.who.currentText() == "Ada Okafor, NP"


def test_control_and_an_arrow_go_a_whole_week_on_in_a_week(window, qtbot):
    tab = do(window, "calendar.work_week")

    qtbot.keyClick(tab.grid, Qt.Key.Key_Right, CTRL)

    assert tab.grid.view.days[0] == date(2026, 3, 16)
    assert tab.grid.column_at_cursor.day == TODAY + timedelta(days=7)


def test_everybodys_week_has_a_column_for_each_on_each_day(window):
    tab = do(window, "calendar.work_week")

    tab.show_who("provider")

    assert len(tab.grid.view.columns) == 10
    window.resize(1100, 768)
    assert tab.grid.horizontalScrollBar().maximum() > 0
    assert tab.grid.measures.groups > 0


def test_back_on_the_day_everybody_is_there_again(window):
    tab = do(window, "calendar.work_week")

    do(window, "calendar.day")

    assert len(tab.grid.view.columns) == 2


def test_a_key_held_down_moves_the_date_at_once_and_reads_only_where_it_comes_to_rest(
    tab, qtbot, office, monkeypatch
):
    read = []
    grid_of = office.views.grid
    monkeypatch.setattr(
        office.views,
        "grid",
        lambda days, *more, **how: read.append(days) or grid_of(days, *more, **how),
    )
    tab.show_view("work_week")
    tab.show_day(TOMORROW)
    tab.grid.setFocus()
    read.clear()

    def down(*, held):
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            key = QKeyEvent(kind, Qt.Key.Key_Right, CTRL, "", held)
            QApplication.sendEvent(tab.grid, key)

    down(held=False)
    assert tab.grid.view.days[0] == date(2026, 3, 16)
    read.clear()
    for _ in range(5):
        down(held=True)
    assert "April 20" in tab.heading.text()
    assert tab.go_to_line.value() == TOMORROW + timedelta(days=42)
    assert read == []  # the weeks passed by
    qtbot.waitUntil(lambda: tab.grid.view.days[0] == date(2026, 4, 20))
    assert [days[0] for days in read] == [date(2026, 4, 20)]

    down(held=True)
    qtbot.keyClick(tab.grid, Qt.Key.Key_Return)  # at once: books in the week that is said
    assert tab.pane.date_edit.value() == TOMORROW + timedelta(days=49)


def test_rooms_stand_side_by_side_and_booking_in_one_fills_it_in(
    tab, qtbot, session, room, ada, chen
):
    tab.show_who("room")
    tab.show_day(TOMORROW)

    assert [column.title for column in tab.grid.view.columns] == ["Exam room 1"]
    qtbot.keyClick(tab.grid, Qt.Key.Key_Return)

    assert tab.pane.is_open
    assert tab.pane.room.value() == room


def test_a_practice_without_rooms_is_told_where_to_add_them(tab):
    tab.show_who("room")

    assert tab.nobody.isVisible()
    assert tab.nobody.title.text() == "No room is in use yet"


# -- moving and resizing ----------------------------------------------------------------------


def a_visit(session, ada, chen, tab, **fields):
    visit_id = an_appointment(session, ada, chen, **fields)
    tab.show_day(TOMORROW, visit_id)
    return visit_id


def stands(tab, visit_id):
    calendar = tab.desk.office.calendar
    return calendar.appointment(calendar.standing(visit_id)).row


def test_the_lower_edge_pulled_makes_a_visit_longer(tab, qtbot, session, ada, chen):
    visit_id = a_visit(session, ada, chen, tab)
    area, view = tab.grid.rect_of(visit_id), tab.grid.viewport()
    foot = QPoint(area.center().x(), area.bottom() - 1)

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=foot)
    qtbot.mouseMove(view, foot + QPoint(0, 30))
    qtbot.mouseMove(view, foot + QPoint(0, 43))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=foot + QPoint(0, 43))

    assert stands(tab, visit_id).duration_min == 60
    assert tab.desk.messages.last.text.startswith("Now 60 minutes: Testperson, Ada")


def test_the_upper_edge_pulled_begins_a_visit_later(tab, qtbot, session, ada, chen):
    visit_id = a_visit(session, ada, chen, tab, duration_min=60)
    area, view = tab.grid.rect_of(visit_id), tab.grid.viewport()
    head = QPoint(area.center().x(), area.top() + 1)

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=head)
    qtbot.mouseMove(view, head + QPoint(0, 20))
    qtbot.mouseMove(view, head + QPoint(0, 41))
    shown = view.grab().toImage()
    name = shown.copy(QRect(area.left() + 8, area.top() + 4, area.width() // 2, 26))
    seen = {name.pixel(x, y) for x in range(name.width()) for y in range(name.height())}
    assert len(seen) == 1  # no name looks out from above the new outline
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=head + QPoint(0, 41))

    visit = stands(tab, visit_id)
    assert (visit.starts_at, visit.duration_min) == (datetime(2026, 3, 12, 10, 30), 30)


def test_escape_leaves_a_visit_as_long_as_it_was(tab, qtbot, session, ada, chen):
    visit_id = a_visit(session, ada, chen, tab)
    area, view = tab.grid.rect_of(visit_id), tab.grid.viewport()
    foot = QPoint(area.center().x(), area.bottom() - 1)

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=foot)
    qtbot.mouseMove(view, foot + QPoint(0, 60))
    qtbot.keyClick(tab.grid, Qt.Key.Key_Escape)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=foot + QPoint(0, 60))

    assert stands(tab, visit_id).duration_min == 30


def test_a_visit_is_dragged_to_another_day_of_the_week(tab, qtbot, session, ada, chen):
    visit_id = a_visit(session, ada, chen, tab)
    tab.show_view("work_week")
    grid, view = tab.grid, tab.grid.viewport()
    start = grid.rect_of(visit_id).center()
    target = QPoint(grid.point_at(4, 600).x(), start.y())

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, start + QPoint(30, 0))
    qtbot.mouseMove(view, target)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=target)

    assert stands(tab, visit_id).starts_at == datetime(2026, 3, 13, 10)
    assert tab.grid.place_of(tab.grid.selected_id).column == 4


@pytest.mark.parametrize(
    ("action", "start", "length"),
    [
        ("visit.earlier", datetime(2026, 3, 12, 9, 45), 30),
        ("visit.later", datetime(2026, 3, 12, 10, 15), 30),
        ("visit.longer", datetime(2026, 3, 12, 10), 45),
        ("visit.shorter", datetime(2026, 3, 12, 10), 15),
    ],
)
def test_a_visit_is_nudged_and_stretched_by_key(
    tab, qtbot, session, ada, chen, action, start, length
):
    visit_id = a_visit(session, ada, chen, tab)

    tab.desk.actions.trigger(action)

    visit = stands(tab, visit_id)
    assert (visit.starts_at, visit.duration_min) == (start, length)
    session.undo()
    assert stands(tab, visit_id).starts_at == datetime(2026, 3, 12, 10)


def test_a_visit_is_not_made_shorter_than_a_step(tab, session, ada, chen):
    visit_id = a_visit(session, ada, chen, tab, duration_min=15)

    tab.desk.actions.trigger("visit.shorter")

    assert stands(tab, visit_id).duration_min == 15
    assert "at least 15 minutes" in tab.desk.messages.last.text


def test_a_drag_at_the_border_scrolls_on(tab, qtbot, session, ada, chen):
    visit_id = a_visit(session, ada, chen, tab)
    grid, view = tab.grid, tab.grid.viewport()
    start, before = grid.rect_of(visit_id).center(), grid.verticalScrollBar().value()
    below = QPoint(start.x(), view.height() - 2)

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, start + QPoint(0, 30))
    qtbot.mouseMove(view, below)
    qtbot.waitUntil(lambda: grid.verticalScrollBar().value() > before + 40)
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=below)

    assert stands(tab, visit_id).starts_at == datetime(2026, 3, 12, 10)


def test_cutting_and_pasting_by_key_say_what_and_where(tab, qtbot, session, ada, chen):
    visit_id = a_visit(session, ada, chen, tab)
    cut, pasted = [], []
    tab.grid.cut_wished.connect(cut.append)
    tab.grid.paste_wished.connect(lambda column, start: pasted.append((column.day, start)))

    qtbot.keyClick(tab.grid, Qt.Key.Key_X, CTRL)
    tab.grid.go_to(1, 660)
    qtbot.keyClick(tab.grid, Qt.Key.Key_V, CTRL)

    assert cut == [visit_id]
    assert pasted == [(TOMORROW, 660)]


# -- notes and holds --------------------------------------------------------------------------


def test_a_note_is_written_above_the_day_and_opened_with_a_click(tab, qtbot, desk):  # noqa: F811
    panel = tab.show_panel("note")

    qtbot.keyClicks(panel.text, "Inventory at noon")
    desk.actions.trigger("form.save")

    (banner,) = tab.grid.banners
    assert banner.note.text == "Inventory at noon"
    assert tab.grid.hasFocus()
    qtbot.mouseClick(
        tab.grid.viewport(),
        Qt.MouseButton.LeftButton,
        pos=tab.grid.measures.banner_rect(banner).center(),
    )
    assert panel.text.toPlainText() == "Inventory at noon"


def test_a_note_left_by_escape_is_parked_and_gone_on_with(tab, qtbot, desk):  # noqa: F811
    panel = tab.show_panel("note")
    qtbot.keyClicks(panel.text, "Inventory at noon")
    panel.colour.set_value("green")

    qtbot.keyClick(panel.text, Qt.Key.Key_Escape)
    (row,) = desk.drafts.waiting()
    assert row.title == "Note · Inventory at noon"
    tab.show_panel("note")
    assert panel.text.toPlainText() == ""
    panel.resume(desk.office.drafts.take_up(row.id), row.id)
    assert panel.text.toPlainText() == "Inventory at noon"
    desk.actions.trigger("form.save")

    (banner,) = tab.grid.banners
    assert (banner.note.text, banner.note.colour) == ("Inventory at noon", "green")
    assert desk.office.drafts.all() == ()
    panel.edit(banner.note)
    panel.leave()
    assert desk.office.drafts.all() == ()


def test_a_note_at_a_stretch_of_time_is_walked_to_and_deleted(tab, qtbot, desk, chen):  # noqa: F811
    tab.show_day(TOMORROW)
    tab.grid.go_to(0, 600)
    qtbot.keyClick(tab.grid, Qt.Key.Key_Down, SHIFT)
    panel = tab.show_panel("note")
    qtbot.keyClicks(panel.text, "Call the lab")
    desk.actions.trigger("form.save")

    tab.grid.go_to(0, 600)
    assert "note: Call the lab" in tab.grid.accessibleDescription()
    qtbot.keyClick(tab.grid, Qt.Key.Key_Delete)

    assert desk.office.notes.of_day(TOMORROW) == ()
    assert desk.messages.last.undoes is not None


def test_an_impossible_note_is_named_at_its_field(tab, qtbot, desk):  # noqa: F811
    panel = tab.show_panel("note")

    desk.actions.trigger("form.save")
    assert panel.fields["text"].has_problem

    qtbot.keyClicks(panel.text, "x")
    qtbot.keyClicks(panel.at, "quarter past never")
    desk.actions.trigger("form.save")
    assert panel.fields["starts_min"].has_problem


def a_held_ten(desk, clock, chen, minutes=30):  # noqa: F811
    until = clock.now() + timedelta(minutes=minutes)
    return desk.office.notes.save_hold(
        HoldDraft("Mother calls back", datetime(2026, 3, 12, 10), 30, until, chen)
    )


def test_a_hold_is_made_where_the_cursor_stands(tab, qtbot, desk, chen):  # noqa: F811
    tab.show_day(TOMORROW)
    tab.grid.go_to(0, 600)
    panel = tab.show_panel("hold")

    qtbot.keyClicks(panel.what, "Mother calls back")
    panel.length.setText("long")
    qtbot.keyClick(panel.what, Qt.Key.Key_Return)
    note = panel.fields["duration_min"].note
    qtbot.waitUntil(lambda: note.height() >= note.heightForWidth(note.width()))
    assert panel.fields["starts_at"].y() == panel.fields["duration_min"].y()
    panel.length.selectAll()
    qtbot.keyClicks(panel.length, "30")
    assert not panel.fields["duration_min"].has_problem
    qtbot.keyClick(panel.length, Qt.Key.Key_Return)

    (mark,) = tab.grid.marks
    assert (mark.row.title, mark.span.starts_min) == ("Mother calls back", 600)
    assert tab.grid.hasFocus()


def test_a_hold_counts_down_and_shows_that_it_ran_out(tab, desk, clock, chen):  # noqa: F811
    a_held_ten(desk, clock, chen)
    tab.show_day(TOMORROW)
    tab.grid.go_to(0, 600)
    assert "Held 30 more min" in tab.grid.accessibleDescription()

    clock.advance(timedelta(minutes=31))
    tab.grid._move_now_line()

    tab.grid.go_to(0, 585)
    tab.grid.go_to(0, 600)
    assert "Hold ran out at 9:30 AM" in tab.grid.accessibleDescription()


def test_enter_on_a_hold_offers_to_book_or_release_it(tab, qtbot, desk, clock, chen):  # noqa: F811
    a_held_ten(desk, clock, chen)
    tab.show_day(TOMORROW)
    tab.grid.go_to(0, 600)

    qtbot.keyClick(tab.grid, Qt.Key.Key_Return)
    panel = tab.side.pages.currentWidget()
    assert panel.book_button.isVisible()
    panel.release()

    assert tab.grid.marks == ()


def test_a_held_slot_is_booked_from_its_panel(tab, qtbot, desk, clock, ada, chen):  # noqa: F811
    a_held_ten(desk, clock, chen)
    tab.show_day(TOMORROW)
    tab.grid.go_to(0, 600)
    qtbot.keyClick(tab.grid, Qt.Key.Key_Return)

    tab.side.pages.currentWidget().book()
    tab.pane.who.choose(ada)
    tab.pane.save()

    assert [visit.patient_id for visit in desk.office.calendar.of_day(TOMORROW)] == [ada]
    assert desk.office.views.grid([TOMORROW]).columns[0].holds == ()


def test_holding_a_taken_time_names_who_has_it(tab, session, desk, ada, chen):  # noqa: F811
    visit_id = an_appointment(session, ada, chen)
    tab.show_day(TOMORROW)
    panel = tab.show_panel("hold")
    panel.what.setText("Somebody")
    panel.whose.set_value(f"provider:{chen}")
    panel.at.setText("10:00")

    panel.save()

    assert "Testperson, Ada has this time" in desk.messages.last.text
    assert desk.messages.last.links[0].key == str(visit_id)


# -- saved views ------------------------------------------------------------------------------


def test_a_view_is_saved_and_brought_back_with_its_key(window, qtbot, chen, okafor):
    tab = do(window, "go.calendar")
    tab.show_who("edit")
    panel = tab.side.pages.currentWidget()
    qtbot.keyClicks(panel.name, "Only Chen")
    for row in range(panel.columns.count()):
        item = panel.columns.item(row)
        if item.text() != "Robin Chen, MD":
            item.setCheckState(Qt.CheckState.Unchecked)
    panel.save()
    assert len(tab.grid.view.columns) == 1
    tab.show_who("provider")

    qtbot.keyClick(tab.grid, Qt.Key.Key_F5)

    assert [column.provider_id for column in tab.grid.view.columns] == [chen]
    assert tab.bar.who.currentText() == "Only Chen  (F5)"


def test_a_key_without_a_saved_view_says_how_to_make_one(window, qtbot):
    tab = do(window, "go.calendar")

    qtbot.keyClick(tab.grid, Qt.Key.Key_F9)

    assert "No view is saved for F9" in window.desk.messages.last.text


def test_a_removed_view_gives_way_to_everybody(window, office, chen):
    tab = do(window, "go.calendar")
    number = office.views.save(SavedViewDraft("Chen", (ColumnKey("provider", chen),)))
    tab.reload()
    tab.show_saved(1)

    office.views.remove(number)

    assert len(tab.grid.view.columns) == 2


def test_a_view_without_a_name_is_refused_at_its_field(window):
    tab = do(window, "go.calendar")
    panel = tab.show_panel("views")

    panel.save()

    assert panel.fields["name"].has_problem


# -- month and agenda -------------------------------------------------------------------------


def test_the_month_is_walked_by_key_and_enter_opens_a_day(window, qtbot, session, ada, chen):
    an_appointment(session, ada, chen)
    tab = do(window, "calendar.month")
    assert tab.month_view.hasFocus()

    qtbot.keyClick(tab.month_view, Qt.Key.Key_Right)
    assert tab.month_view.accessibleDescription() == "Thursday, March 12, 2026, 1 visit"
    qtbot.keyClick(tab.month_view, Qt.Key.Key_PageDown)
    assert tab.heading.text() == "April 2026"
    qtbot.keyClick(tab.month_view, Qt.Key.Key_PageUp)
    qtbot.keyClick(tab.month_view, Qt.Key.Key_Return)

    assert tab.grid.isVisible()
    assert tab.day == TOMORROW
    assert len(tab.grid.places) == 1


def test_a_double_click_in_the_month_opens_the_day(window, qtbot):
    tab = do(window, "calendar.month")
    place = tab.month_view.rect_of(date(2026, 3, 20)).center()

    qtbot.mouseDClick(tab.month_view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert tab.day == date(2026, 3, 20)
    assert tab.grid.isVisible()


def test_a_screen_reader_walks_the_month(window, session, office, ada, chen):
    an_appointment(session, ada, chen)
    office.notes.save_note(NoteDraft(TOMORROW, "Inventory"))
    tab = do(window, "calendar.month")

    names = spoken(tab.month_view)

    assert len(names) == 42
    assert "Thursday, March 12, 2026, 1 visit, note: Inventory" in names
    assert "Sunday, March 15, 2026, no visits, nobody works" in names


def test_the_agenda_lists_the_coming_days_and_enter_shows_one_on_its_day(
    window, qtbot, session, ada, chen
):
    visit_id = an_appointment(session, ada, chen, "2026-03-17T10:00")
    tab = do(window, "calendar.agenda")
    assert tab.agenda.table.hasFocus()
    assert [row.id for row in tab.agenda.table.rows.rows] == [visit_id]

    qtbot.keyClick(tab.agenda.table, Qt.Key.Key_Return)

    assert tab.day == date(2026, 3, 17)
    assert tab.grid.selected_id == visit_id


def test_an_empty_agenda_says_so(window):
    tab = do(window, "calendar.agenda")

    assert tab.agenda.empty.isVisible()


# -- what is seen and said --------------------------------------------------------------------


def test_a_screen_reader_walks_the_week_with_notes_and_holds(
    window, session, office, clock, ada, chen
):
    an_appointment(session, ada, chen, "2026-03-12T11:00")
    office.notes.save_note(NoteDraft(TOMORROW, "Inventory"))
    office.notes.save_note(NoteDraft(TOMORROW, "Call the lab", chen, 720))
    a_held_ten(window.desk, clock, chen, 45)
    tab = do(window, "calendar.work_week")

    names = spoken(tab.grid)

    assert names[0] == "Note on Thursday, March 12, 2026: Inventory"
    assert "Robin Chen, MD, Thursday, March 12, 2026, 8 AM–5 PM, 1 visit" in names
    assert any(name.startswith("11:00–11:30 AM, Testperson, Ada") for name in names)
    assert "10:00–10:30 AM, Mother calls back, Held 45 more min" in names
    assert "12:00–12:15 PM, note: Call the lab" in names


def test_a_day_of_other_than_24_hours_says_so_where_it_is_in_sight(tab, desk, monkeypatch):  # noqa: F811
    written = []
    paint, cut = Look.words, Look.cut

    def words(look, face, text, width):
        if width != WHOLE:  # else it is only measured
            written.append(cut(look, face, text, width))
        return paint(look, face, text, width)

    monkeypatch.setattr(Look, "words", words)
    monkeypatch.setattr(Look, "cut", lambda *a: written.append(cut(*a)) or cut(*a))

    def shows(view, who, wide=1366):
        tab.resize(wide, 700)
        tab.show_view(view)
        tab.show_who(who)
        written.clear()
        tab.grid._look._grounds.clear()
        tab.grid.redraw()
        tab.grid.viewport().repaint()
        return written

    for zone, day, length, change in (
        ("America/New_York", date(2026, 3, 8), "23-hour day", "clocks go from 2 AM to 3 AM"),
        ("Europe/Berlin", date(2026, 10, 25), "25-hour day", "clocks go back from 3 AM to 2 AM"),
        ("Australia/Lord_Howe", date(2026, 10, 4), "23.5-hour day",
         "clocks go from 2:00 AM to 2:30 AM"),
    ):  # fmt: skip
        choose_zone(desk.office.practice, zone)
        tab.show_day(day)
        named = f"Sunday {day.day} · {length}"

        assert f"Not working · {length}" in shows("day", "provider")
        assert any(f"Not working · {length}" in each for each in spoken(tab.grid))
        assert length in shows("week", f"provider:{tab.grid.view.columns[0].key.id}")
        assert f"{named}, {change}" in shows("week", "provider", wide=3000)
        assert named in shows("week", "provider")
        assert f"Not working · {length}" not in written
        tab.show_day(day + timedelta(days=7))
        assert not any("-hour day" in each for each in shows("week", "provider"))


def test_an_hour_the_clocks_leave_out_or_repeat_is_marked_and_not_booked(tab, desk, ada, qtbot):  # noqa: F811
    choose_zone(desk.office.practice, "America/New_York")
    said = []
    desk.messages.said.connect(said.append)
    for day, minute, name, sentence in (
        (date(2026, 3, 8), 150, "not on this day. Clocks go from 2 AM to 3 AM",
         "Sun, Mar 8 has no 2:30 AM: the clocks go from 2:00 AM to 3:00 AM. Choose a time up to"
         " 2:00 AM or from 3:00 AM."),
        (date(2026, 11, 1), 75, "twice. Clocks go back from 2 AM to 1 AM",
         "Sun, Nov 1 has 1:15 AM twice: the clocks go back from 2:00 AM to 1:00 AM. Choose a time up"
         " to 1:00 AM or from 2:00 AM."),
    ):  # fmt: skip
        tab.show_day(day)
        tab.grid.go_to(0, minute)
        assert tab.grid.accessibleDescription().endswith(name)
        assert any(each.endswith(name) for each in spoken(tab.grid))

        said.clear()
        qtbot.keyClick(tab.grid, Qt.Key.Key_Return)
        point = tab.grid.point_at(0, minute)
        qtbot.mouseDClick(tab.grid.viewport(), Qt.MouseButton.LeftButton, pos=point)
        assert [message.text for message in said] == [sentence, sentence]
        assert not tab.pane.is_open
        qtbot.keyClick(tab.grid, Qt.Key.Key_Delete)
        assert desk.messages.last.text == f"{name.partition('. ')[2]} that day."

    tab.show_day(TOMORROW)
    assert not [mark for mark in tab.grid.marks if mark.kind == "clock"]
    tab.show_day(date(2026, 3, 8))
    tab.grid.go_to(0, 180)
    qtbot.keyClick(tab.grid, Qt.Key.Key_Return)
    assert tab.pane.is_open
    tab.pane.who.choose(ada)
    tab.pane.time_line.setText("2:15 AM")
    tab.pane.look()
    assert tab.pane.verdict.banner.isVisible()
    qtbot.keyClick(tab.pane.time_line, Qt.Key.Key_Return)
    assert "Sun, Mar 8 has no 2:15 AM" in tab.pane.verdict.banner.accessibleName()
    assert tab.pane.time_line.hasFocus()


def test_free_time_outside_hours_is_told_as_such(tab):
    tab.show_day(TOMORROW)

    tab.grid.go_to(0, 6 * 60)

    assert tab.grid.accessibleDescription().endswith("Dr. Chen, outside hours")


@pytest.mark.parametrize("by", ["provider", "status", "payer", "type"])
def test_visits_are_coloured_by_what_was_chosen_and_the_legend_says_so(
    window, session, ada, chen, by
):
    an_appointment(session, ada, chen, "2026-03-11T10:00")
    tab = do(window, "go.calendar")

    tab.colour_by(by)

    words = {
        "provider": "Dr. Chen",
        "status": "Scheduled",
        "payer": "No insurance on file",
        "type": "No type",
    }
    assert tab.legend.accessibleDescription() == words[by]


def test_the_focus_goes_back_to_the_grid_after_parking(tab, qtbot, desk, ada, chen):  # noqa: F811
    tab.book(ada)

    desk.drafts.park(tab.pane)

    assert not tab.pane.is_open
    assert tab.grid.hasFocus()


def test_forty_visits_in_a_column_lie_apart_in_a_narrow_window(tab, session, qtbot, chen):
    tab.resize(960, 600)
    people = [a_patient(session, "Testperson-Longname-of-the-Hills") for _ in range(40)]
    ids = [
        an_appointment(session, who, chen, f"2026-03-12T{8 + n // 5:02}:{n % 5 * 10:02}", 20)
        for n, who in enumerate(people)
    ]
    tab.show_day(TOMORROW)

    areas = [tab.grid.rect_of(visit_id) for visit_id in ids]

    assert all(area.width() > 20 and area.height() >= 9 for area in areas)
    assert not any(one.intersects(other) for n, one in enumerate(areas) for other in areas[n + 1 :])
    tab.grid.grab()


def test_no_query_is_made_while_painting(tab, session, ada, chen, monkeypatch):
    an_appointment(session, ada, chen)
    for kind in ("day", "week", "month"):
        tab.show_view(kind)
        with monkeypatch.context() as patch:
            patch.setattr(type(session.db), "rows", lambda *_: pytest.fail("a query"))
            front = tab._stack.currentWidget()
            front._layer = None
            front.grab()


def test_the_workstation_remembers_how_its_calendar_looked(qtbot, office, tmp_path, chen, okafor):
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)

    def opened():
        window = MainWindow(a_desk(office), unlock=check_password, memory=memory)
        qtbot.addWidget(window)
        window.show()
        return window, do(window, "go.calendar")

    window, tab = opened()
    tab.show_who(f"provider:{okafor}")
    tab.show_view("work_week")
    tab.colour_by("status")
    tab.grid.zoom_by(2)
    hour = tab.grid.measures.hour_height
    window.close()

    window, tab = opened()
    assert (tab.shown.kind, tab.shown.who) == ("work_week", f"provider:{okafor}")
    assert tab.grid.coloured_by == "status"
    assert tab.grid.measures.hour_height == hour
    window.close()


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)  # the offscreen platform says so
def test_a_colour_is_chosen_from_the_menu_by_key(window, qtbot):
    tab = do(window, "calendar.colour")
    menu = tab.bar.colours
    assert menu.isVisible()

    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)

    assert tab.grid.coloured_by == "provider"


@pytest.mark.parametrize(
    "action_id",
    [
        "list.waiting", "list.recalls", "list.confirm", "list.away", "list.unresolved",
        "list.outside", "list.pinboard", "grid.note", "grid.hold", "grid.block", "visit.find_slot",
    ],
)  # fmt: skip
def test_every_list_and_panel_is_reached_from_anywhere_and_left_with_escape(
    window, qtbot, action_id
):
    window.show_tab("patients")

    tab = do(window, action_id)

    shown = tab._stack.currentWidget()
    panel = shown if isinstance(shown, Panel) else tab.side.pages.currentWidget()
    assert isinstance(panel, Panel)
    assert panel.isVisible()
    panel.leave()
    assert tab.grid.isVisible()
