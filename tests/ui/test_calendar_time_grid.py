from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtWidgets import QApplication

from medsec_desktop.domain.calendar import Span, VisitStatus
from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.calendar import AppointmentRow
from medsec_desktop.services.calendar.availability import BlockRow, HoldRow
from medsec_desktop.services.calendar.records import Named, TypeNamed
from medsec_desktop.services.calendar.views import ColumnKey, GridColumn, GridView
from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.calendar.grid import accessible, captions, time_grid
from medsec_desktop.ui.calendar.grid.geometry import Cursor
from medsec_desktop.ui.calendar.grid.look import Look
from medsec_desktop.ui.calendar.grid.time_grid import TimeGrid
from medsec_desktop.ui.theme import CATEGORY_NAMES, Theme

DAY = date(2026, 3, 12)
NOW = datetime(2026, 3, 11, 9, 0)


NAMED = Named({1: ("Dr. Chen", ""), 2: ("Dr. Okafor", "")}, {1: TypeNamed("Follow-up", "blue")}, {})


def a_visit(
    number=1, at="10:00", minutes=30, provider=1, *, reason="", alert="",
    status=VisitStatus.SCHEDULED, family="Testperson",
):  # fmt: skip
    hour, minute = (int(part) for part in at.split(":"))
    starts_at = f"2026-03-12T{hour:02}:{minute:02}"
    own = (
        number,
        1,
        number,
        provider,
        1,
        starts_at,
        minutes,
        status.value,
        reason,
        None,
        None,
        None,
    )
    return AppointmentRow((*own, family, "Ada", "", "", "", "", alert, "", ""), NAMED)


def a_column(number=1, visits=(), closed="", **fields):
    hours = (Span(480, 720), Span(780, 1020))
    values = {"hours": hours, "closed": closed, "visits": tuple(visits)}
    key = ColumnKey("provider", number)
    return GridColumn(
        key, DAY, f"Robin{number} Chen, MD", "Dr. Chen", "teal", **{**values, **fields}
    )


def a_day(*columns, **fields):
    return GridView(columns or (a_column(1), a_column(2)), 15, (DAY,), **fields)


@pytest.fixture
def grid(qtbot):
    theme = Theme()
    widget = TimeGrid(theme, Formats(), lambda: NOW)
    qtbot.addWidget(widget)
    widget.resize(700, 600)
    widget.show()
    qtbot.waitExposed(widget)
    widget.setFocus()
    return widget


def a_point(grid, column, at):
    hour, minute = (int(part) for part in at.split(":"))
    return grid.point_at(column, hour * 60 + minute)


def caught(signal):
    heard = []
    signal.connect(lambda *values: heard.append(tuple(_named(value) for value in values)))
    return heard


def _named(value):
    """A column by its provider's number, anything else as it is."""
    return value.key.id if isinstance(value, GridColumn) else value


# -- the mouse --------------------------------------------------------------------------------


def test_dragging_over_free_time_asks_to_book_that_span(grid, qtbot):
    grid.show_view(a_day())
    booked = caught(grid.book_wished)
    view = grid.viewport()

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=a_point(grid, 1, "10:00"))
    qtbot.mouseMove(view, a_point(grid, 1, "10:30"))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=a_point(grid, 1, "10:30"))

    assert booked == [(2, 600, 45)]


def test_dragging_upwards_books_the_same_span(grid, qtbot):
    grid.show_view(a_day())
    booked = caught(grid.book_wished)
    view = grid.viewport()

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=a_point(grid, 0, "10:30"))
    qtbot.mouseMove(view, a_point(grid, 0, "10:00"))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=a_point(grid, 0, "10:00"))

    assert booked == [(1, 600, 45)]


def test_a_click_on_free_time_chooses_it_and_a_double_click_books(grid, qtbot):
    grid.show_view(a_day())
    chosen, booked = caught(grid.time_chosen), caught(grid.book_wished)

    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=a_point(grid, 1, "11:15"))
    qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=a_point(grid, 1, "11:15"))

    assert chosen[0] == (2, 675, 15)
    assert booked == [(2, 675, 0)]


def test_a_click_on_a_visit_selects_it_and_a_double_click_opens_it(grid, qtbot):
    grid.show_view(a_day(a_column(1, [a_visit(7)])))
    chosen, opened = caught(grid.visit_chosen), caught(grid.visit_opened)

    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.rect_of(7).center())
    qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.rect_of(7).center())

    assert chosen == [(7,)]
    assert opened == [(7,)]


def test_a_click_between_two_adjoining_cards_chooses_no_time(grid, qtbot):
    grid.show_view(a_day(a_column(1, [a_visit(7, "10:00"), a_visit(8, "10:30")])))
    chosen, times = caught(grid.visit_chosen), caught(grid.time_chosen)
    first, second = grid.rect_of(7), grid.rect_of(8)

    for y in range(first.bottom(), second.top() + 1):
        point = QPoint(first.center().x(), y)
        qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=point)

    assert {visit for (visit,) in chosen} == {7, 8}
    assert times == []


def test_a_dragged_visit_snaps_and_asks_to_be_moved(grid, qtbot):
    grid.show_view(a_day(a_column(1, [a_visit(7)]), a_column(2)))
    moved, view = caught(grid.move_wished), grid.viewport()
    start = grid.rect_of(7).center()
    target = QPoint(a_point(grid, 1, "11:00").x(), start.y() + 83)  # an hour and two minutes

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, start + QPoint(20, 20))
    qtbot.mouseMove(view, target)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=target)

    assert moved == [(7, 2, 660)]


def test_escape_lets_a_dragged_visit_go_where_it_was(grid, qtbot):
    grid.show_view(a_day(a_column(1, [a_visit(7)])))
    moved, view = caught(grid.move_wished), grid.viewport()
    start = grid.rect_of(7).center()

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, start + QPoint(0, 80))
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 80))

    assert moved == []


@pytest.mark.parametrize("status", [VisitStatus.DONE, VisitStatus.NO_SHOW, VisitStatus.IN_ROOM])
def test_what_took_place_is_not_dragged(grid, qtbot, status):
    grid.show_view(a_day(a_column(1, [a_visit(7, status=status)])))
    moved, view = caught(grid.move_wished), grid.viewport()
    start = grid.rect_of(7).center()

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, start + QPoint(0, 80))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 80))

    assert moved == []


# -- the keyboard -----------------------------------------------------------------------------


def test_the_arrows_walk_the_time_cursor(grid, qtbot):
    grid.show_view(a_day())
    assert grid.cursor_at == Cursor(0, Span(480, 495))

    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(grid, key)

    assert grid.cursor_at == Cursor(1, Span(495, 510))


def test_shift_and_down_extend_and_enter_books_the_stretch(grid, qtbot):
    grid.show_view(a_day())
    booked = caught(grid.book_wished)

    for _ in range(3):
        qtbot.keyClick(grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(grid, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(grid, Qt.Key.Key_Return)

    assert booked == [(1, 480, 45)]


def test_a_single_step_leaves_the_length_to_the_type(grid, qtbot):
    grid.show_view(a_day())
    booked = caught(grid.book_wished)

    qtbot.keyClick(grid, Qt.Key.Key_Return)

    assert booked == [(1, 480, 0)]


def test_walking_onto_a_visit_selects_it_and_down_leaves_it_at_its_end(grid, qtbot):
    grid.show_view(a_day(a_column(1, [a_visit(7, "8:30", 60)])))
    opened = caught(grid.visit_opened)

    qtbot.keyClick(grid, Qt.Key.Key_Down)
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.selected_id == 7

    qtbot.keyClick(grid, Qt.Key.Key_Return)
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert opened == [(7,)]
    assert grid.selected_id is None
    assert grid.cursor_at == Cursor(0, Span(570, 585))


def test_right_goes_to_the_visit_beside_before_the_next_column(grid, qtbot):
    grid.show_view(
        a_day(a_column(1, [a_visit(7, "8:00", 60), a_visit(8, "8:00", 30)]), a_column(2))
    )
    grid.select_visit(7)

    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid.selected_id == 8

    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid.cursor_at.column == 1


def test_home_and_end_go_to_the_ends_of_the_working_day(grid, qtbot):
    grid.show_view(a_day())

    qtbot.keyClick(grid, Qt.Key.Key_End)
    assert grid.cursor_at.span == Span(1005, 1020)

    qtbot.keyClick(grid, Qt.Key.Key_Home)
    assert grid.cursor_at.span == Span(480, 495)


def test_page_down_and_up_walk_whole_hours(grid, qtbot):
    grid.show_view(a_day())

    qtbot.keyClick(grid, Qt.Key.Key_PageDown)
    gone = grid.cursor_at.span.starts_min - 480
    qtbot.keyClick(grid, Qt.Key.Key_PageUp)

    assert gone >= 60
    assert gone % 60 == 0
    assert grid.cursor_at.span.starts_min == 480


@pytest.mark.parametrize(
    ("key", "days"),
    [
        (Qt.Key.Key_Left, -1),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Up, -7),
        (Qt.Key.Key_Down, 7),
    ],
)
def test_control_and_an_arrow_wish_another_day_or_week(grid, qtbot, key, days):
    grid.show_view(a_day())
    wished = caught(grid.days_wished)

    qtbot.keyClick(grid, key, Qt.KeyboardModifier.ControlModifier)

    assert wished == [(days,)]


def test_delete_cancels_only_a_visit_selected(grid, qtbot):
    grid.show_view(a_day(a_column(1, [a_visit(7)])))
    cancelled = caught(grid.cancel_wished)

    qtbot.keyClick(grid, Qt.Key.Key_Delete)
    assert cancelled == []

    grid.select_visit(7)
    qtbot.keyClick(grid, Qt.Key.Key_Delete)
    assert cancelled == [(7,)]


def test_a_letter_typed_on_free_time_begins_a_booking(grid, qtbot):
    grid.show_view(a_day())
    booked, typed = caught(grid.book_wished), caught(grid.typed)

    qtbot.keyClicks(grid, "s")

    assert booked == [(1, 480, 0)]
    assert typed == [("s",)]


def test_the_cursor_never_leaves_the_day(grid, qtbot):
    grid.show_view(a_day())

    for _ in range(60):
        qtbot.keyClick(grid, Qt.Key.Key_PageDown)
    assert grid.cursor_at.span == Span(1425, 1440)

    for _ in range(60):
        qtbot.keyClick(grid, Qt.Key.Key_PageUp)
    assert grid.cursor_at.span == Span(0, 15)


# -- what is seen -----------------------------------------------------------------------------


def test_cards_of_overlapping_visits_do_not_cover_each_other(grid):
    visits = [a_visit(number, f"9:{number * 5:02}", 60) for number in range(6)]
    grid.show_view(a_day(a_column(1, visits)))

    for one, other in combinations(visits, 2):
        assert not grid.rect_of(one.id).intersects(grid.rect_of(other.id))


def test_twelve_columns_keep_their_least_width_and_scroll(grid):
    grid.show_view(a_day(*(a_column(number) for number in range(1, 13))))

    assert grid.horizontalScrollBar().maximum() > 0


def test_zooming_makes_visits_taller(grid, qtbot):
    grid.show_view(a_day(a_column(1, [a_visit(7)])))
    before = grid.rect_of(7).height()

    qtbot.keyClick(grid, Qt.Key.Key_Plus)

    assert grid.rect_of(7).height() > before


def test_plus_zooms_even_where_it_is_a_shifted_key(grid, qtbot):
    grid.show_view(a_day(a_column(1, [a_visit(7)])))
    before = grid.rect_of(7).height()

    qtbot.keyClick(grid, Qt.Key.Key_Plus, Qt.KeyboardModifier.ShiftModifier)

    assert grid.rect_of(7).height() > before


def test_a_visit_imported_across_midnight_ends_with_its_day(grid):
    grid.show_view(a_day(a_column(1, [a_visit(7, "23:30", 120)])))

    (place,) = grid.places

    assert place.span == Span(1410, 1440)


def test_a_day_without_providers_paints_and_answers_no_key(grid, qtbot):
    grid.show_view(GridView((), 15, (DAY,)))

    qtbot.keyClick(grid, Qt.Key.Key_Down)
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    grid.grab()

    assert grid.cursor_at is None


@pytest.mark.parametrize("dark", [False, True])
def test_the_words_on_every_colour_can_be_read(qtbot, dark):
    look = Look.of(Theme(dark), 1.0)

    for name in CATEGORY_NAMES:
        category = look.category(name)
        assert contrast(category.ink, category.fill) >= 4.5, name


def contrast(one, other):
    """Source: WCAG 2.2, relative luminance and contrast ratio."""

    def luminance(colour):
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (colour.redF(), colour.greenF(), colour.blueF())
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_day_is_painted_once_however_the_mouse_moves(grid, qtbot, monkeypatch):
    grid.show_view(a_day(a_column(1, [a_visit(7)]), a_column(2)))
    qtbot.waitUntil(lambda: grid._layer is not None)
    painted = caught_calls(monkeypatch, grid, "_painted_layer")
    view = grid.viewport()
    start = grid.rect_of(7).center()

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    for step in range(10, 90, 4):
        qtbot.mouseMove(view, start + QPoint(0, step))
        view.repaint()

    assert painted == []
    qtbot.keyClick(grid, Qt.Key.Key_Escape)


def caught_calls(monkeypatch, thing, name):
    calls, original = [], getattr(thing, name)

    def called(*args):
        calls.append(name)
        return original(*args)

    monkeypatch.setattr(thing, name, called)
    return calls


# -- what is said -----------------------------------------------------------------------------


def test_a_screen_reader_walks_the_grid_and_hears_every_visit(grid):
    accessible.install()
    visits = [a_visit(7, alert="Uses a wheelchair"), a_visit(8, "11:00", reason="Cough")]
    grid.show_view(a_day(a_column(1, visits), a_column(2)))

    tree = QAccessible.queryAccessibleInterface(grid)
    items = [tree.child(i) for i in range(tree.childCount())]
    names = [item.text(QAccessible.Text.Name) for item in items]

    assert tree.text(QAccessible.Text.Name) == (
        "Day view, Thursday, March 12, 2026, 2 visits, 2 providers"
    )
    assert names == [
        "Robin1 Chen, MD, 8 AM–5 PM, 2 visits",
        "10:00–10:30 AM, Testperson, Ada, Follow-up, Scheduled, with Dr. Chen, "
        "Alert: Uses a wheelchair",
        "11:00–11:30 AM, Testperson, Ada, Follow-up, Scheduled, with Dr. Chen, Cough",
        "Robin2 Chen, MD, 8 AM–5 PM, no visits",
    ]
    roles = [QAccessible.Role.ColumnHeader, QAccessible.Role.ListItem]
    assert [item.role() for item in items[:2]] == roles
    grid.select_visit(8)
    assert tree.focusChild().text(QAccessible.Text.Name) == names[2]


def test_the_reader_hears_where_the_cursor_stands(grid, qtbot):
    grid.show_view(a_day())

    qtbot.keyClick(grid, Qt.Key.Key_Down)

    assert grid.accessibleDescription() == "8:15–8:30 AM, Dr. Chen, free"


def test_a_reader_at_work_is_told_of_every_step(grid, qtbot):
    accessible.install()
    QAccessible.setActive(True)
    grid.show_view(a_day(a_column(1, [a_visit(7, "8:15")])))

    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(grid, key)
    QAccessible.setActive(False)

    assert grid.accessibleDescription() == "8:45–9:00 AM, Dr. Chen, free"


def test_the_hover_says_all_that_matters():
    visit = a_visit(7, reason="Cough", alert="Uses a wheelchair", status=VisitStatus.CONFIRMED)

    assert words.hover(visit, Formats()).splitlines() == [
        "10:00–10:30 AM · 30 min",
        "Testperson, Ada",
        "Follow-up · Confirmed",
        "Dr. Chen",
        "Cough",
        "⚠ Uses a wheelchair",
    ]


def test_a_name_that_looks_like_markup_is_shown_as_it_is(grid, qtbot, monkeypatch):
    shown = []
    monkeypatch.setattr(time_grid.QToolTip, "showText", lambda *args: shown.append(args[1]))
    grid.show_view(a_day(a_column(1, [a_visit(7, family="<img src=x>")])))
    point = grid.rect_of(7).center()
    event = QHelpEvent(QEvent.Type.ToolTip, point, grid.viewport().mapToGlobal(point))

    QApplication.sendEvent(grid.viewport(), event)

    assert "&lt;img src=x&gt;, Ada" in shown[0]


def test_the_summary_is_read_back_word_for_word():
    at = datetime(2026, 3, 14, 15, 0) - timedelta(days=4)

    said = words.read_back(at, 30, "Dr. Chen", date(2026, 3, 1), Formats())

    assert said == "Tuesday, March 10, 3:00 PM, 30 minutes with Dr. Chen"


def test_a_closed_column_says_what_closes_it():
    def said(**fields):
        return captions.hours(a_column(**fields), Formats())

    assert said(closed="Spring holiday") == "Closed: Spring holiday"
    assert said(hours=()) == "Not working"
    assert said(hours=(), differs="Congress") == "Away: Congress"
    assert said(hours=(Span(480, 720), Span(780, 1035))) == "8 AM–5:15 PM"
    assert said(hours=(Span(480, 720),), differs="Half day") == "8 AM–12 PM · Half day"
    assert said(hours=(Span(0, 1440),)) == "Open all day"


@pytest.mark.parametrize(
    ("days", "heading"),
    [
        ((date(2026, 3, 12),), "Thursday, March 12, 2026"),
        ((date(2026, 3, 9), date(2026, 3, 13)), "March 9–13, 2026"),
        ((date(2026, 3, 30), date(2026, 4, 3)), "Mar 30 – Apr 3, 2026"),
        ((date(2026, 12, 28), date(2027, 1, 1)), "Dec 28, 2026 – Jan 1, 2027"),
    ],
)
def test_a_heading_names_its_days_once(days, heading):
    assert captions.period(days, Formats()) == heading


def test_the_line_of_the_present_moment_passes_behind_names(grid, qtbot):
    grid._now = lambda: datetime(2026, 3, 12, 10, 10)
    grid.show_view(a_day(a_column(1, [a_visit(7)]), a_column(2)))
    line = grid._look.colours["danger"].name()

    picture = grid.viewport().grab().toImage()

    y = grid.measures.y_of(610)
    card, free = grid.rect_of(7), grid.measures.column_rect(1)
    on_card = {picture.pixelColor(x, y).name() for x in range(card.left() + 4, card.right())}
    beside = {picture.pixelColor(x, y).name() for x in range(free.left() + 4, free.right())}
    assert line not in on_card
    assert line in beside


def test_time_blocked_held_closed_and_outside_hours_look_different(grid, qtbot):
    block = BlockRow(
        1, 1, DAY, Span(600, 660), "Meeting", "meeting", 1, None, frozenset(), "", False
    )
    kept = BlockRow(
        2, 1, DAY, Span(600, 660), "new", "reserved", 2, None, frozenset({1}), "", False
    )
    hold = HoldRow(3, 1, 3, None, None, datetime(2026, 3, 12, 10), 60, "Mother", NOW + timedelta(1))
    grid.resize(1000, 600)
    grid.show_view(
        a_day(
            a_column(1, blocks=(block,)), a_column(2, blocks=(kept,)), a_column(3, holds=(hold,)),
            a_column(4, closed="Holiday"), a_column(5, hours=()), a_column(6),
        )
    )  # fmt: skip

    picture = grid.viewport().grab().toImage()

    def seen(column):
        area = grid.measures.span_rect(column, Span(600, 660))
        return picture.copy(QRect(area.left(), area.top(), 120, area.height()))

    looks = [seen(column) for column in range(6)]
    assert all(one != other for one, other in combinations(looks, 2))
