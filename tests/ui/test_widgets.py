from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAction, QEnterEvent, QGuiApplication, QWheelEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QCalendarWidget, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.formats import Formats
from medsec_desktop.problems import Link
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.prompts import Prompts
from medsec_desktop.ui.rows import Column, RowsModel, RowsView
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    DateEdit,
    ElidedLabel,
    EmptyState,
    FastList,
    Field,
    ListRow,
    NumberBox,
    SearchList,
    Text,
)
from medsec_desktop.ui.widgets.scrolled import EDGE, ScrolledColumn
from medsec_desktop.ui.widgets.search_list import ListRows

TODAY = date(2026, 3, 11)


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    theme = Theme()
    theme.apply(qapp)
    return theme


# --- labels


def test_a_label_shows_markup_as_text(qtbot: QtBot) -> None:
    label = Text("<b>Ada</b>")
    qtbot.addWidget(label)

    assert label.textFormat() is Qt.TextFormat.PlainText


def test_a_name_too_long_for_its_place_is_whole_in_its_tip(qtbot: QtBot, theme: Theme) -> None:
    label = ElidedLabel("Featherstonehaugh-Cholmondeley, Bartholomew")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    inside = QPointF(4, 4)

    QApplication.sendEvent(label, QEnterEvent(inside, inside, inside))
    assert label.toolTip() == label.text()
    label.resize(800, 20)
    QApplication.processEvents()
    QApplication.sendEvent(label, QEnterEvent(inside, inside, inside))
    assert label.toolTip() == ""


# --- fields


def test_a_field_names_its_editor_and_shows_what_is_wrong(qtbot: QtBot, theme: Theme) -> None:
    line = QLineEdit()
    field = Field("Family name", line, hint="As on the card", required=True)
    qtbot.addWidget(field)

    field.problem("A family name is needed.")
    assert line.accessibleName() == "Family name, required"
    assert line.accessibleDescription() == "A family name is needed."
    assert field.note.text() == "A family name is needed."
    assert field.has_problem

    field.problem("")
    assert field.note.text() == "As on the card"
    assert not field.has_problem


def test_the_wheel_does_not_change_a_choice_in_passing(qtbot: QtBot) -> None:
    choice = Choice([(1, "one"), (2, "two")], 2)
    qtbot.addWidget(choice)
    middle = choice.rect().center().toPointF()
    down = QWheelEvent(
        middle, middle, choice.rect().topLeft(), choice.rect().bottomRight(),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip

    QApplication.sendEvent(choice, down)

    assert choice.value() == 2


def test_a_choice_keeps_its_value_when_the_pairs_change(qtbot: QtBot) -> None:
    choice = Choice([(1, "one"), (2, "two")], 2)
    qtbot.addWidget(choice)

    choice.set_pairs([(0, "zero"), (2, "two")])

    assert choice.value() == 2


# --- dates


@pytest.fixture
def day(qtbot: QtBot, theme: Theme) -> DateEdit:
    day = DateEdit(theme, Formats(), lambda: TODAY)
    qtbot.addWidget(day)
    day.show()
    day.setFocus()
    return day


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("fri", date(2026, 3, 13)), ("+2w", date(2026, 3, 25)), ("3/14", date(2026, 3, 14))],
)
def test_a_date_is_typed_as_one_says_it(
    qtbot: QtBot, day: DateEdit, typed: str, meant: date
) -> None:
    qtbot.keyClicks(day, typed)
    qtbot.keyClick(day, Qt.Key.Key_Return)

    assert day.value() == meant
    assert day.text() == Formats().date(meant)


def test_what_is_no_date_says_why_and_stays(qtbot: QtBot, day: DateEdit) -> None:
    qtbot.keyClicks(day, "soon")
    qtbot.keyClick(day, Qt.Key.Key_Return)

    assert day.value() is None
    assert "soon" in day.problem()
    assert day.text() == "soon"


def test_the_arrows_walk_through_the_days(qtbot: QtBot, day: DateEdit) -> None:
    day.set_value(TODAY)

    qtbot.keyClick(day, Qt.Key.Key_Up)
    assert day.value() == date(2026, 3, 12)
    qtbot.keyClick(day, Qt.Key.Key_PageDown)
    assert day.value() == date(2026, 3, 5)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # pop-ups offscreen
def test_a_day_is_picked_from_a_month(qtbot: QtBot, day: DateEdit) -> None:
    day.set_value(TODAY)
    qtbot.keyClick(day, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    month = day._popup.findChild(QCalendarWidget)  # type: ignore[union-attr]

    month.clicked.emit(month.selectedDate().addDays(2))

    assert day.value() == date(2026, 3, 13)
    assert not day._popup.isVisible()  # type: ignore[union-attr]


def test_each_new_value_is_told_once(qtbot: QtBot, day: DateEdit) -> None:
    told: list[object] = []
    day.value_changed.connect(told.append)

    day.set_value(TODAY)
    day.set_value(TODAY)
    day.clear()
    day.editingFinished.emit()

    assert told == [TODAY, None]


def test_a_date_is_chosen_when_it_is_whole_not_while_it_is_typed(
    qtbot: QtBot, day: DateEdit
) -> None:
    chosen: list[object] = []
    day.chosen.connect(chosen.append)

    qtbot.keyClicks(day, "11/01/2026")
    assert day.value() == date(2026, 11, 1)
    assert not chosen, "“1” and “11/01” are dates as well"
    qtbot.keyClick(day, Qt.Key.Key_Return)
    assert chosen == [date(2026, 11, 1)]

    qtbot.keyClick(day, Qt.Key.Key_Up)
    qtbot.keyClick(day, Qt.Key.Key_Up)
    day.clearFocus()
    assert chosen[1:] == [date(2026, 11, 3)]
    day.set_value(TODAY)
    day.editingFinished.emit()
    assert len(chosen) == 2, "what was put there was not chosen"


def test_a_date_that_is_wrong_in_the_end_is_never_taken_for_those_on_the_way(
    qtbot: QtBot, day: DateEdit
) -> None:
    settled: list[object] = []
    day.settled.connect(settled.append)

    qtbot.keyClicks(day, "2/30/2027")
    assert settled == [], "“2/3” is a date as well"
    day.clearFocus()
    assert settled == [None]
    assert "30" in day.problem()

    day.setFocus()
    day.selectAll()
    qtbot.keyClicks(day, "2/3")
    assert day.is_being_typed
    day.clearFocus()
    qtbot.keyClick(day, Qt.Key.Key_Up)
    assert settled[1:] == [date(2027, 2, 3), date(2027, 2, 4)]
    assert not day.is_being_typed


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # pop-ups offscreen
def test_alt_down_opens_the_list_of_a_field_whatever_the_menus_use_it_for(
    qtbot: QtBot, theme: Theme
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    taken: list[str] = []
    moved = QAction("Move the visit", window)
    moved.setShortcut("Alt+Down")
    moved.triggered.connect(lambda: taken.append("moved"))
    window.addAction(moved)
    fields = QVBoxLayout(window)
    day, choice = DateEdit(theme, Formats(), lambda: TODAY), Choice([(1, "One"), (2, "Two")])
    fields.addWidget(day)
    fields.addWidget(choice)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert taken == ["moved"]

    for field in (day, choice):
        field.setFocus()
        qtbot.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        popup = QApplication.activePopupWidget()
        assert popup is not None
        popup.hide()
    assert taken == ["moved"]


# --- choices


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # pop-ups offscreen
def test_an_open_choice_shows_whole_rows_and_whole_words(qtbot: QtBot, qapp: QApplication) -> None:
    Theme().apply(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    choice = Choice([(number, f"The longest of all words {number}") for number in range(30)])
    choice.setParent(window)
    choice.setFixedWidth(120)
    window.show()

    qtbot.keyClick(choice, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)

    view = choice.view()
    last = view.visualRect(view.model().index(13, 0))
    assert view.isVisible()
    assert last.bottom() < view.viewport().height(), "the last row is not cut"
    assert view.visualRect(view.model().index(14, 0)).top() >= view.viewport().height()
    assert view.sizeHintForColumn(0) <= view.viewport().width(), "nor are the words"
    choice.hidePopup()


# --- lists


def test_the_list_model_keeps_qts_rules(qtbot: QtBot) -> None:
    model = ListRows([ListRow(1, "Testperson, Ada", "03/14/1984", mark="Alert")])
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)

    model.set_rows([])
    model.set_rows([ListRow(2, "Testperson, Bo")])

    assert tester.model() is model


def test_a_row_is_read_out_whole(qtbot: QtBot) -> None:
    model = ListRows([ListRow(1, "Testperson, Ada", "Follow-up", "Arrived", mark="Alert")])

    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)

    assert spoken == "Testperson, Ada, Follow-up, Alert, Arrived"


def test_enter_chooses_the_selected_row(qtbot: QtBot, theme: Theme) -> None:
    view = FastList(theme, "People")
    qtbot.addWidget(view)
    view.set_rows([ListRow("a", "A"), ListRow("b", "B")])
    chosen: list[str] = []
    view.chosen.connect(chosen.append)

    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Return)

    assert chosen == ["b"]


def test_a_search_list_answers_each_key_and_enter_takes_the_first(
    qtbot: QtBot, theme: Theme
) -> None:
    people = ("Ada", "Adam", "Bo")
    both = SearchList(
        theme,
        InlineJobs().latest,
        lambda text: [ListRow(p, p) for p in people if p.casefold().startswith(text)],
        "People",
    )
    qtbot.addWidget(both)
    both.show()
    chosen: list[str] = []
    both.chosen.connect(chosen.append)

    qtbot.keyClicks(both.line, "ada")
    qtbot.keyClick(both.line, Qt.Key.Key_Down)
    qtbot.keyClick(both.line, Qt.Key.Key_Return)

    assert chosen == ["Adam"]


@pytest.mark.parametrize("two_lines", [False, True])
def test_a_row_with_everything_in_it_is_painted(
    qtbot: QtBot, theme: Theme, two_lines: bool
) -> None:
    view = FastList(theme, "People", two_lines=two_lines)
    qtbot.addWidget(view)
    view.set_rows(
        [ListRow(1, "A" * 200, "B" * 200, "C" * 200, "user", "D" * 200, "danger", "10:00 AM")]
    )
    view.resize(300, 100)
    view.show()

    assert not view.grab().isNull()


# --- tables

COLUMNS = (
    Column("Name", lambda row: row[0]),
    Column("Age", lambda row: str(row[1]), sort=lambda row: row[1], align="right"),
)
ROWS = (("Testperson, Ada", 42), ("Sampleton, Bo", 9), ("=cmd()", 100))


def test_the_table_model_keeps_qts_rules(qtbot: QtBot) -> None:
    model = RowsModel(COLUMNS)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)

    model.set_rows(ROWS)

    assert tester.model() is model


@pytest.fixture
def table(qtbot: QtBot, theme: Theme) -> RowsView:
    table = RowsView(theme, COLUMNS, "People")
    qtbot.addWidget(table)
    table.set_rows(ROWS)
    return table


def test_numbers_sort_as_numbers(table: RowsView) -> None:
    table.sortByColumn(1, Qt.SortOrder.AscendingOrder)

    assert [table.order.index(i, 1).data() for i in range(3)] == ["9", "42", "100"]


def test_a_filter_keeps_rows_with_every_word(table: RowsView) -> None:
    table.filter("ada testp")

    assert table.order.rowCount() == 1


def test_ctrl_c_copies_the_selected_rows(qtbot: QtBot, table: RowsView) -> None:
    table.selectRow(0)

    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == "Name\tAge\nTestperson, Ada\t42\n"


def test_a_row_is_marked_whatever_keys_are_held_and_one_not_marked_is_not_acted_upon(
    qtbot: QtBot, table: RowsView
) -> None:
    table.show()
    qtbot.waitExposed(table)
    opened: list[object] = []
    table.chosen.connect(opened.append)
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyPress(table.windowHandle(), Qt.Key.Key_J, held)  # as Ctrl+Shift+J opens a list

    table.selectRow(1)
    QTest.keyRelease(table.windowHandle(), Qt.Key.Key_J)

    assert table.selected_rows() == (table.marked_row(),) != (None,)
    table.clearSelection()
    assert table.marked_row() is None
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened == []


def test_an_export_never_holds_a_formula(table: RowsView) -> None:
    assert "'=cmd()" in table.as_csv()


def test_long_words_get_the_room_that_short_ones_leave(qtbot: QtBot, theme: Theme) -> None:
    columns = (
        Column("Name", lambda row: row[0], width=10),
        Column("Age", lambda row: row[1], width=20),
        Column("Note", lambda row: row[2], width=0, least=20),
    )
    table = RowsView(theme, columns, "People")
    qtbot.addWidget(table)
    table.resize(700, 200)
    table.show()

    table.set_rows([("Wolkenkuckucksheimer-Testperson, Ada", "9", "")])

    needed = table.fontMetrics().horizontalAdvance("Wolkenkuckucksheimer-Testperson, Ada")
    assert table.columnWidth(0) >= needed + 16
    assert table.columnWidth(0) + table.columnWidth(1) + table.columnWidth(2) == (
        table.viewport().width()
    )
    table.setColumnWidth(0, 90)  # dragged by hand: hers, until the type grows
    table.set_rows([("Wolkenkuckucksheimer-Testperson-Sampleton, Ada", "9", "")])
    assert table.columnWidth(0) == 90


def test_a_scrolled_column_keeps_its_width_when_the_bar_comes(qtbot: QtBot, theme: Theme) -> None:
    scrolled = ScrolledColumn("Form")
    qtbot.addWidget(scrolled)
    for _ in range(4):
        line = QLineEdit()
        scrolled.column.addWidget(line)
    scrolled.resize(300, 200)
    scrolled.show()
    wide = line.width()

    scrolled.resize(300, 80)
    qtbot.waitUntil(lambda: scrolled.verticalScrollBar().isVisible())

    qtbot.waitUntil(lambda: line.width() == wide == 300 - EDGE)


def test_a_number_is_as_high_as_a_choice_and_a_line_beside_it(qtbot: QtBot, theme: Theme) -> None:
    boxes = (NumberBox(1, 9), Choice([(1, "One")]), QLineEdit())
    for box in boxes:
        qtbot.addWidget(box)

    assert len({box.sizeHint().height() for box in boxes}) == 1


def test_enter_opens_the_row(qtbot: QtBot, table: RowsView) -> None:
    chosen: list[object] = []
    table.chosen.connect(chosen.append)
    table.selectRow(1)

    qtbot.keyClick(table, Qt.Key.Key_Return)

    assert chosen == [ROWS[1]]


# --- banners, empty states, prompts


def test_a_banners_link_opens_its_record(qtbot: QtBot, theme: Theme) -> None:
    opened: list[Link] = []
    link = Link("patient", "7", "Ada Testperson")
    banner = Banner(theme, "warning", "On file already?", links=[link], open_link=opened.append)
    qtbot.addWidget(banner)
    banner.show()

    button = next(w for w in banner.children() if getattr(w, "text", lambda: "")() == link.text)
    button.click()  # type: ignore[attr-defined]

    assert opened == [link]


def test_an_empty_state_begins_something(qtbot: QtBot, theme: Theme) -> None:
    pressed: list[bool] = []
    empty = EmptyState(theme, "sun", "Nothing", "Yet.", "Begin", lambda: pressed.append(True))
    qtbot.addWidget(empty)
    empty.show()

    qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)

    assert pressed == [True]


def test_escape_answers_a_question_with_the_last_button(qtbot: QtBot, theme: Theme) -> None:
    answers: list[str] = []
    parent = QLineEdit()
    qtbot.addWidget(parent)
    parent.show()
    Prompts(parent).ask("Send it?", "It leaves the building.", ["Send", "Keep"], answers.append)
    sheet = next(w for w in QApplication.topLevelWidgets() if w.windowTitle() == "Send it?")

    qtbot.keyClick(sheet, Qt.Key.Key_Escape)

    assert answers == ["Keep"]


def test_a_line_asked_for_is_given_on_enter_and_not_on_escape(qtbot: QtBot, theme: Theme) -> None:
    answers: list[str] = []
    parent = QLineEdit()
    qtbot.addWidget(parent)
    parent.show()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        Prompts(parent).ask_text("Go to date", "Date", answers.append)
        sheet = next(w for w in parent.children() if getattr(w, "isWindow", lambda: False)())
        line = sheet.findChild(QLineEdit)
        qtbot.keyClicks(line, "fri")
        qtbot.keyClick(line, key)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    assert answers == ["fri"]
