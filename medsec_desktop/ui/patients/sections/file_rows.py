"""What a part of a file shows, row by row: read, walked through by keys, asked about, clicked to edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QGridLayout, QLayout, QToolTip, QVBoxLayout, QWidget

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
        # Labels of the file shown before, by kind: to dress a new one costs more than all the rest.
        self._spare: dict[str, list[_Label]] = {}
        self._boxes: list[_Told] = []
        self._boxes_used = 0
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
        self.shown, self._lines, self._boxes_used = [], 0, 0
        self._put_by(self._grid)
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
        name = self._label(label, "muted")
        shown = self._label(value, "muted" if is_quiet else "body", is_value=True)
        spoken = f"{label}: {value}" + (f", {remark}" if remark else "")
        shown.setAccessibleName(spoken)
        self._grid.addWidget(name, self._lines, 0, Qt.AlignmentFlag.AlignTop)
        row = FileRow(spoken, tuple(keys), field, [name, shown])
        if not remark:
            self._grid.addWidget(shown, self._lines, 1)
            return self._added(row)
        told = QVBoxLayout()
        told.setSpacing(0)
        told.addWidget(shown)
        row.widgets.append(self._label(remark, "small", wrap=True))
        told.addWidget(row.widgets[-1])
        self._grid.addLayout(told, self._lines, 1)
        self._grid.invalidate()  # Qt forgets it here: showing a label has laid out all before it
        return self._added(row)

    def add_told(
        self,
        name: str,
        lines: Sequence[str],
        *,
        go: Callable[[], object] | None = None,
        is_quiet: bool = False,
        keys: Sequence[FieldKey] = (),
        field: str = "",
        spoken: str = "",
    ) -> FileRow:
        """Over both columns: a name, which leads somewhere if it is told where to `go`, and quiet lines
        of what there is to say of it."""
        if self._boxes_used == len(self._boxes):
            self._boxes.append(_Told(self))
        box = self._boxes[self._boxes_used]
        self._boxes_used += 1
        box.fill(name, lines, go, is_quiet=is_quiet)
        box.show()
        self._grid.addWidget(box, self._lines, 0, 1, 2)
        told = spoken or ", ".join((name, *lines))
        return self._added(FileRow(told, tuple(keys), field, [box]))

    def add_words(self, text: str) -> None:
        """A quiet sentence in place of rows, or after them; nothing stands behind it."""
        words = self._label(text, "muted", wrap=True)
        self._grid.addWidget(words, self._lines, 0, 1, 2)
        self._lines += 1

    def add_button(self, row: FileRow, text: str, ask: Callable[[], str]) -> None:
        """Under a fact: a button that puts the answer of `ask` in its place."""
        shown = row.widgets[1]
        assert isinstance(shown, Text)

        def show() -> None:
            shown.setText(ask())
            shown.setAccessibleName(shown.text())
            button.hide()

        button = LinkButton(text, show)
        self._grid.addWidget(button, self._lines, 1, Qt.AlignmentFlag.AlignLeft)
        self._lines += 1

    def _label(self, text: str, kind: str, *, wrap: bool = False, is_value: bool = False) -> _Label:
        spare = self._spare.get(f"value {kind}" if is_value else kind)
        label = spare.pop() if spare else _Label(kind, self, is_value)
        label.setWordWrap(wrap or is_value)
        label.setText(text)
        label.setAccessibleName("")
        label.show()
        return label

    def _put_by(self, layout: QLayout) -> None:
        """Take everything out of a layout and keep the labels for the next file."""
        while (item := layout.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, _Label):
                widget.hide()
                self._spare.setdefault(widget.pool, []).append(widget)
            elif isinstance(widget, _Told):
                widget.hide()
            elif widget is not None:
                widget.hide()
                widget.deleteLater()
            elif item.layout() is not None:
                self._put_by(item.layout())

    def _added(self, row: FileRow) -> FileRow:
        self.shown.append(row)
        self._lines += 1
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # else the release would not come here

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = next(
            (one for one in self.shown if one.area.contains(event.position().toPoint())), None
        )
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.click(row)

    def click(self, row: FileRow) -> None:
        """A click on a row edits it, by whoever may."""
        if self.may_edit:
            self._current = self.shown.index(row)
            self.edit_wanted.emit(row.field)

    def row_of(self, widget: QWidget) -> FileRow | None:
        """The row a widget belongs to."""
        return next((row for row in self.shown if widget in row.widgets), None)


class _Told(QWidget):
    """A name and what there is to say of it, line by line."""

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self._go: Callable[[], object] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._name = Text("", "strong", wrap=True)
        self._link: LinkButton | None = None
        self._lines: list[Text] = []
        self._column.addWidget(self._name)

    def fill(
        self, name: str, lines: Sequence[str], go: Callable[[], object] | None, *, is_quiet: bool
    ) -> None:
        self._go = go
        self._name.setVisible(go is None)
        if go is None:
            self._name.setText(name)
            self._name.set_kind("muted" if is_quiet else "strong")
        elif self._link is None:
            self._link = LinkButton("", lambda: self._go and self._go())
            self._column.insertWidget(0, self._link, 0, Qt.AlignmentFlag.AlignLeft)
        if self._link is not None:
            self._link.say(name)
            self._link.setVisible(go is not None)
        while len(self._lines) < len(lines):
            self._lines.append(Text("", "muted", wrap=True))
            self._column.addWidget(self._lines[-1])
        for place, label in enumerate(self._lines):
            label.setText(lines[place] if place < len(lines) else "")
            label.setVisible(place < len(lines))


class _Label(Text):
    """A label of a row; a value is drawn over to be copied, and clicked to be edited."""

    def __init__(self, kind: str, rows: FileRows, is_value: bool):
        super().__init__("", kind, parent=rows)
        self._rows = rows
        self._is_value = is_value
        self.pool = f"value {kind}" if is_value else kind
        if is_value:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        row = self._rows.row_of(self) if self._is_value else None
        is_left = event.button() == Qt.MouseButton.LeftButton
        if row is not None and is_left and not self.hasSelectedText():
            self._rows.click(row)
