"""What a part of a file shows, row by row: read, walked through by keys, asked about, clicked to edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QGridLayout, QLabel, QToolTip, QVBoxLayout, QWidget

from medsec_desktop.ui.widgets import LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.services.patients.history import FieldKey
    from medsec_desktop.ui.theme import Theme

LABEL_WIDTH = 116  # at normal zoom, the same in every section so that their columns stand in line
_AROUND = 4  # pixels that the mark of the row in front reaches beyond it


@dataclass(slots=True)
class FileRow:
    """One row: what is read aloud, where it is kept, and which field of the form it is."""

    spoken: str
    keys: tuple[FieldKey, ...]
    field: str
    widgets: list[QWidget] = field(default_factory=list)

    @property
    def area(self) -> QRect:
        rect = QRect()
        for widget in self.widgets:
            rect = rect.united(widget.geometry())
        return rect.adjusted(-_AROUND, -_AROUND + 1, _AROUND, _AROUND - 1)


class FileRows(QWidget):
    """One stop of the Tab key; Up and Down walk through the rows, Enter edits the one in front.

    `tell` says who changed what is kept under some keys; it is asked when somebody hovers, never
    while painting.
    """

    edit_wanted = Signal(str)  # the form's field
    looked_at = Signal(object)  # the FileRow the keyboard is on, or None

    def __init__(
        self, theme: Theme, name: str, tell: Callable[[Sequence[FieldKey]], str],
        parent: QWidget | None = None,
    ):  # fmt: skip
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self._tell = tell
        self.shown: list[FileRow] = []
        self._lines = 0  # of the grid that are taken
        self._current = 0
        self.may_edit = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)

    # -- filling ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Take everything away; the row in front stays the one it is."""
        self.shown, self._lines = [], 0
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._grid.setColumnMinimumWidth(0, self._theme.px(LABEL_WIDTH))

    def add(
        self,
        label: str,
        value: str,
        remark: str = "",
        *,
        keys: Sequence[FieldKey] = (),
        field: str = "",
        is_quiet: bool = False,
    ) -> FileRow:
        """One fact: its label at the left, what is so at the right, a remark in small under it."""
        name = Text(label, "muted")
        shown = _selectable(Text(value, "muted" if is_quiet else "body", wrap=True))
        spoken = f"{label}: {value}" + (f", {remark}" if remark else "")
        shown.setAccessibleName(spoken)
        told = QWidget()
        column = QVBoxLayout(told)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(shown)
        if remark:
            column.addWidget(Text(remark, "small", wrap=True))
        self._grid.addWidget(name, self._lines, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(told, self._lines, 1)
        return self._added(FileRow(spoken, tuple(keys), field, [name, told]))

    def add_box(
        self, box: QWidget, spoken: str, *, keys: Sequence[FieldKey] = (), field: str = ""
    ) -> FileRow:
        """Something laid out already, over both columns."""
        self._grid.addWidget(box, self._lines, 0, 1, 2)
        return self._added(FileRow(spoken, tuple(keys), field, [box]))

    def add_words(self, text: str) -> None:
        """A quiet sentence in place of rows, or after them; nothing stands behind it."""
        self._grid.addWidget(Text(text, "muted", wrap=True), self._lines, 0, 1, 2)
        self._lines += 1

    def add_button(self, row: FileRow, text: str, ask: Callable[[], str]) -> None:
        """Under a fact: a button that puts the answer of `ask` in its place."""
        told = row.widgets[1]
        shown = told.findChild(Text)
        assert isinstance(shown, Text)

        def show() -> None:
            shown.setText(ask())
            shown.setAccessibleName(shown.text())
            button.hide()

        button = LinkButton(text, show)
        told.layout().addWidget(button)
        told.layout().setAlignment(button, Qt.AlignmentFlag.AlignLeft)

    def _added(self, row: FileRow) -> FileRow:
        self.shown.append(row)
        self._lines += 1
        for widget in row.widgets:
            for part in (widget, *widget.findChildren(QLabel)):
                part.installEventFilter(self)
        return row

    # -- the row in front ---------------------------------------------------------------------

    @property
    def current(self) -> FileRow | None:
        """The row the keyboard is on."""
        if not self.shown:
            return None
        return self.shown[min(self._current, len(self.shown) - 1)]

    def _go(self, to: int) -> None:
        self._current = to
        row = self.current
        assert row is not None
        self.setAccessibleName(f"{self._name}: {row.spoken}")
        self.looked_at.emit(row)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        to = min(self._current, len(self.shown) - 1) + step
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif step and 0 <= to < len(self.shown):
            self._go(to)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.may_edit:
            self.edit_wanted.emit(self.current.field if self.current else "")
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.shown:
            self._go(min(self._current, len(self.shown) - 1))
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.looked_at.emit(None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        row = self.current
        if not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = (
            self.rect() if row is None else row.area.intersected(self.rect().adjusted(-9, 0, 9, 0))
        )
        painter.setPen(QPen(self._theme.colour("focus"), 1.5))
        painter.setBrush(self._theme.colour("hover"))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 5, 5)
        painter.end()

    # -- the mouse ----------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = next((row for row in self.shown if row.area.contains(event.pos())), None)
            if row is not None and row.keys:
                told = self._tell(row.keys)
                QToolTip.showText(event.globalPos(), told, self, row.area)
                return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            here = self.mapFromGlobal(event.globalPos())
            return self.event(QHelpEvent(QEvent.Type.ToolTip, here, event.globalPos()))
        if (
            kind == QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
            and isinstance(watched, QWidget)
        ):
            row = self._row_of(watched)
            selected = isinstance(watched, QLabel) and watched.hasSelectedText()
            if row is not None and self.may_edit and not selected:
                self._current = self.shown.index(row)
                self.edit_wanted.emit(row.field)
        return super().eventFilter(watched, event)

    def _row_of(self, widget: QWidget) -> FileRow | None:
        for row in self.shown:
            if any(part is widget or part.isAncestorOf(widget) for part in row.widgets):
                return row
        return None


def _selectable(label: Text) -> Text:
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
