"""The bar over the sheet: styles, looks, lists, and all that can be put in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QWidget

from medsec_desktop.domain.writing.document import Align, ListKind, Style
from medsec_desktop.ui.actions import BY_ID, SHEET_STYLES
from medsec_desktop.ui.letters.editing import commands
from medsec_desktop.ui.letters.editing.page_edit import FIT, PageEdit
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import Choice, Hairline, IconButton, PlainButton

if TYPE_CHECKING:
    from medsec_desktop.ui.letters.editing.editor import DocumentEditor

STYLES = {Style(name): words for name, words in SHEET_STYLES.items()}
ALIGNS = {
    Align.START: "Left",
    Align.CENTER: "Centered",
    Align.END: "Right",
    Align.JUSTIFY: "Justified",
}
ZOOMS = (
    (FIT, "Fit"),
    (0.75, "75 %"),
    (1.0, "100 %"),
    (1.25, "125 %"),
    (1.5, "150 %"),
    (2.0, "200 %"),
)
_LISTS = (
    (ListKind.BULLET, "list", "List with bullets"),
    (ListKind.NUMBER, "list-ordered", "Numbered list"),
    (ListKind.TICK, "square-check", "List of boxes to check"),
)
_LIST_WORDS = {kind: words for kind, _, words in _LISTS}
_LOOKS = {look: BY_ID[f"write.{look}"] for look in commands.LOOKS}


class Tools(QWidget):
    """Buttons that act on the sheet and show what holds where the cursor is."""

    def __init__(self, theme: Theme, editor: DocumentEditor):
        super().__init__()
        self._editor = editor
        self._edit: PageEdit = editor.page
        self._showing = False
        self.setProperty("kind", "surface")
        self.style_choice = Choice(STYLES.items())
        self.style_choice.setAccessibleName("Style of the paragraph")
        self.style_choice.setMinimumWidth(theme.px(120))
        self.align_choice = Choice(ALIGNS.items())
        self.align_choice.setAccessibleName("Alignment")
        self.align_choice.setMinimumWidth(theme.px(100))
        self.zoom_choice = Choice(ZOOMS)
        self.zoom_choice.setAccessibleName("Size of the page on the screen")
        self.zoom_choice.setMinimumWidth(theme.px(80))
        self.looks = {
            look: self._button(
                theme,
                action.icon,
                action.name,
                lambda look=look: commands.toggle(self._edit, look),
                action.key,
            )
            for look, action in _LOOKS.items()
        }
        self.lists = {
            kind: self._button(
                theme,
                icon,
                name,
                lambda kind=kind: commands.set_list(self._edit.textCursor(), kind),
                BY_ID[f"write.{kind}"].key,
            )
            for kind, icon, name in _LISTS
        }
        self.format = PlainButton(
            "Format", self._open_format, kind="quiet", tip="Looks, styles, alignment and lists"
        )
        self.insert = PlainButton("Insert", self._open_insert, kind="quiet", tip="Put something in")
        self.table = PlainButton("Table", self._open_table, kind="quiet", tip="Rows and columns")
        self._first = _row(self.style_choice, 4, *self.looks.values(), _line())
        for item in (*self.lists.values(), 4, self.align_choice):
            _put(self._first, item)
        self._between = _line()
        self._second = _row(self._between, self.format, self.insert, self.table)
        if editor.page.takes_fields:
            self.condition = PlainButton(
                "Only if…",
                editor.ask_condition,
                kind="quiet",
                tip="Print it only if something holds",
            )
            self.stretch = PlainButton(
                "May disappear",
                editor.toggle_stretch,
                kind="quiet",
                tip="Words that disappear when a field among them is empty",
            )
            self.stretch.setCheckable(True)
            _put(self._second, self.condition)
            _put(self._second, self.stretch)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 8, 16, 8)
        self._grid.setSpacing(4)
        self._grid.setColumnStretch(2, 1)
        self._grid.addWidget(self._first, 0, 0)
        self._grid.addWidget(self._second, 0, 1)
        self._grid.addWidget(self.zoom_choice, 0, 3)
        self.style_choice.activated.connect(self._set_style)
        self.align_choice.activated.connect(self._set_align)
        self.zoom_choice.activated.connect(
            lambda _: self._edit.set_zoom(float(self.zoom_choice.value()))
        )  # type: ignore[arg-type]
        self._edit.cursorPositionChanged.connect(self.show_place)
        self._edit.currentCharFormatChanged.connect(lambda _: self.show_place())
        self._edit.textChanged.connect(self.show_place)
        self.show_place()

    def _button(
        self, theme: Theme, icon: str, name: str, act: Callable[[], object], key: str = ""
    ) -> IconButton:
        button = IconButton(theme, icon, name, self._then_show(act), key=key)
        button.setCheckable(True)
        return button

    def show_place(self) -> None:
        """Press what holds where the cursor is."""
        if self._showing:
            return
        self._showing = True
        here = commands.here(self._edit)
        self.style_choice.set_value(here.style)
        self.align_choice.set_value(here.align)
        for what, button in self.looks.items():
            button.setChecked(getattr(here.look, what))
        for kind, button in self.lists.items():
            button.setChecked(here.list is kind)
        self.table.setVisible(here.in_table)
        if self._edit.takes_fields:
            self.stretch.setChecked(here.is_stretch)
        self._fit()
        self._showing = False

    # -- room ---------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        """As narrow as two rows are: what can be put in steps below when one row has no room."""
        upper = self._first.minimumSizeHint().width() + self.zoom_choice.minimumWidth()
        lower = self._second.minimumSizeHint().width()
        return QSize(max(upper + 3 * 4, lower) + 32, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a part is of another size than it said
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """One row, or two where words this large would lie on one another."""
        parts = (self._first, self._second, self.zoom_choice)
        widths = (max(part.sizeHint().width(), part.minimumWidth()) for part in parts)
        needed = sum(widths) + 3 * 4 + 32
        if self._between.isHidden():
            needed += self._between.sizeHint().width() + 4
        row, column, _, _ = self._grid.getItemPosition(self._grid.indexOf(self._second))
        place = (0, 1, 1, 1) if needed <= self.width() else (1, 0, 1, 4)
        if (row, column) != place[:2]:
            self._grid.removeWidget(self._second)
            self._grid.addWidget(self._second, *place)
            self._between.setVisible(place[0] == 0)

    # -- what the buttons do ------------------------------------------------------------------

    def _set_style(self) -> None:
        commands.set_style(self._edit.textCursor(), Style(str(self.style_choice.value())))
        self._edit.setFocus()

    def _set_align(self) -> None:
        commands.set_align(self._edit.textCursor(), Align(str(self.align_choice.value())))
        self._edit.setFocus()

    # -- menus --------------------------------------------------------------------------------

    def format_menu(self) -> QMenu:
        """All that changes how words and paragraphs look, each with its key; what holds is ticked."""
        menu, here = QMenu(self), commands.here(self._edit)
        for look, action in _LOOKS.items():
            act = partial(self._editor.toggle_look, look)
            _tick(_add(menu, action.name, act, action.key), is_on=getattr(here.look, look))
        for of, is_on in (
            (STYLES, lambda one: here.style is one),
            (ALIGNS, lambda one: here.align is one),
            (_LIST_WORDS, lambda one: here.list is one),
        ):
            menu.addSeparator()
            for one, words in of.items():
                action = BY_ID[f"write.{one}"]
                added = _add(menu, words, partial(self._editor.format, one), action.key)
                _tick(added, is_on=is_on(one))
        return menu

    def _then_show(self, act: Callable[[], object]) -> Callable[[], object]:
        def run() -> None:
            act()
            self._edit.setFocus()
            self.show_place()

        return run

    def _open_format(self) -> None:
        _open(self.format_menu(), self.format)

    def _open_insert(self) -> None:
        menu = QMenu(self)
        for words, act, key in self._editor.insertions():
            _add(menu, words, act, key)
        _open(menu, self.insert)

    def _open_table(self) -> None:
        menu = QMenu(self)
        for words, what in TABLE_CHANGES:
            _add(menu, words, lambda what=what: commands.change_table(self._edit, what))
        menu.addSeparator()
        for words, act in self._editor.table_manners():
            _add(menu, words, act)
        _open(menu, self.table)


TABLE_CHANGES = (
    ("Row above", "row-above"),
    ("Row below", "row-below"),
    ("Column before", "column-before"),
    ("Column after", "column-after"),
    ("Remove the row", "no-row"),
    ("Remove the column", "no-column"),
    ("Remove the table", "no-table"),
)


def _add(menu: QMenu, words: str, act: Callable[[], object], key: str = "") -> QAction:
    """One line of a menu; its key is shown only, for it is bound already."""
    native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    action = QAction(f"{words}\t{native}" if native else words, menu)
    action.triggered.connect(lambda _=False: act())
    menu.addAction(action)
    return action


def _tick(action: QAction, *, is_on: bool) -> None:
    action.setCheckable(True)
    action.setChecked(is_on)


def _open(menu: QMenu, below: QWidget) -> None:
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(below.mapToGlobal(QPoint(0, below.height())))


def _line() -> Hairline:
    line = Hairline(vertical=True)
    line.setFixedHeight(20)
    return line


def _row(*items: QWidget | int) -> QWidget:
    """Widgets side by side; a number is room in pixels."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    layout.setAlignment(Qt.AlignmentFlag.AlignLeft)
    for item in items:
        _put(row, item)
    return row


def _put(row: QWidget, item: QWidget | int) -> None:
    layout = row.layout()
    assert isinstance(layout, QHBoxLayout)
    if isinstance(item, int):
        layout.addSpacing(item)
    else:
        layout.addWidget(item)
