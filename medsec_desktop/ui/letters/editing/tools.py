"""The bar over the sheet: styles, looks, lists, and all that can be put in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from medsec_desktop.domain.writing.document import Align, ListKind, Style
from medsec_desktop.ui.letters.editing import commands
from medsec_desktop.ui.letters.editing.page_edit import FIT, PageEdit
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import Choice, Hairline, IconButton, PlainButton

if TYPE_CHECKING:
    from medsec_desktop.ui.letters.editing.editor import DocumentEditor

STYLES = {
    Style.BODY: "Text",
    Style.SUBJECT: "Subject",
    Style.HEADING: "Heading",
    Style.SUBHEADING: "Small heading",
    Style.SMALL: "Small print",
    Style.CLOSING: "Closing",
    Style.SIGNATURE: "Signature",
}
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
    (ListKind.TICK, "square-check", "List of boxes to tick"),
)
_LOOKS = (
    ("bold", "Bold", "Ctrl+B"),
    ("italic", "Italic", "Ctrl+I"),
    ("underline", "Underlined", "Ctrl+U"),
)


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
            what: self._button(
                theme, what, name, lambda what=what: commands.toggle(self._edit, what), key
            )
            for what, name, key in _LOOKS
        }
        self.lists = {
            kind: self._button(
                theme,
                icon,
                name,
                lambda kind=kind: commands.set_list(self._edit.textCursor(), kind),
            )
            for kind, icon, name in _LISTS
        }
        self.insert = PlainButton("Insert", self._open_insert, kind="quiet", tip="Put something in")
        self.table = PlainButton("Table", self._open_table, kind="quiet", tip="Rows and columns")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(4)
        row.addWidget(self.style_choice)
        row.addSpacing(4)
        for button in self.looks.values():
            row.addWidget(button)
        row.addWidget(_line())
        for button in self.lists.values():
            row.addWidget(button)
        row.addSpacing(4)
        row.addWidget(self.align_choice)
        row.addWidget(_line())
        row.addWidget(self.insert)
        row.addWidget(self.table)
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
            row.addWidget(self.condition)
            row.addWidget(self.stretch)
        row.addStretch(1)
        row.addWidget(self.zoom_choice)
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
        def pressed() -> None:
            act()
            self._edit.setFocus()
            self.show_place()

        button = IconButton(theme, icon, name, pressed, key=key)
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
        self._showing = False

    def _set_style(self) -> None:
        commands.set_style(self._edit.textCursor(), Style(str(self.style_choice.value())))
        self._edit.setFocus()

    def _set_align(self) -> None:
        commands.set_align(self._edit.textCursor(), Align(str(self.align_choice.value())))
        self._edit.setFocus()

    # -- menus --------------------------------------------------------------------------------

    def _open_insert(self) -> None:
        menu = QMenu(self)
        for words, act in self._editor.insertions():
            _add(menu, words, act)
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


def _add(menu: QMenu, words: str, act: Callable[[], object]) -> None:
    action = QAction(words, menu)
    action.triggered.connect(lambda _=False: act())
    menu.addAction(action)


def _open(menu: QMenu, below: QWidget) -> None:
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(below.mapToGlobal(QPoint(0, below.height())))


def _line() -> Hairline:
    line = Hairline(vertical=True)
    line.setFixedHeight(20)
    return line
