"""A labelled place to type, with room below it for a hint or for what is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.ui.widgets.labels import Hairline, Text

_SHOWN = 14  # choices of a list that is open; more are scrolled to


class Field(QWidget):
    """`editor` under its label. `problem("…")` says what is wrong; `problem("")` takes it back."""

    def __init__(
        self,
        label: str,
        editor: QWidget,
        *,
        hint: str = "",
        required: bool = False,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self.editor = editor
        self._hint = hint
        self._name = label.replace("&", "")
        self.label = Text(f"{label} *" if required else label, "small")
        self.label.setBuddy(editor)
        self._note: Text | None = None
        editor.setAccessibleName(f"{self._name}, required" if required else self._name)
        editor.setAccessibleDescription(hint)
        self.setFocusProxy(editor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        column.addWidget(editor)
        if hint:
            self.note.setText(hint)

    @property
    def note(self) -> Text:
        """The words under the editor; made when there are some, as most fields never have any."""
        if self._note is None:
            self._note = Text("", "small", wrap=True, parent=self)
            self.layout().addWidget(self._note)
        return self._note

    def problem(self, text: str) -> None:
        """Show `text` under the editor in the colour of trouble; an empty one brings the hint back."""
        if text or self._hint or self._note is not None:
            self.note.set_kind("problem" if text else "small")
            self.note.setText(text or self._hint)
            self.note.setVisible(bool(text or self._hint))
        self.editor.setAccessibleDescription(text or self._hint)
        self.editor.setProperty("wrong", bool(text))
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)

    def hint(self, text: str) -> None:
        """Say something else under the editor; a problem that stands there stays."""
        self._hint = text
        if not self.has_problem:
            self.problem("")

    @property
    def has_problem(self) -> bool:
        return bool(self.editor.property("wrong"))


def keeps_alt_down(event: QEvent) -> bool:
    """Whether `event` asks if a field wants Alt+Down for itself; it does, and the event says so.

    Everywhere that key opens the list of a field, so no menu of ours may have it meanwhile.
    """
    wanted = (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_Down
        and bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
    )
    if wanted:
        event.accept()
    return wanted


class Choice(QComboBox):
    """A combo box of (value, text) pairs that the mouse wheel does not change in passing."""

    def __init__(
        self,
        pairs: Iterable[tuple[object, str]] = (),
        value: object = None,
        *,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._has_guest = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(_SHOWN)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.set_pairs(pairs)
        if value is not None:
            self.set_value(value)

    def set_pairs(self, pairs: Iterable[tuple[object, str]]) -> None:
        """Replace what can be chosen; the value chosen before stays if it is still there."""
        kept = self.value()
        self._has_guest = False
        self.blockSignals(True)
        self.clear()
        for value, text in pairs:
            self.addItem(text, value)
        self.blockSignals(False)
        if kept is not None:
            self.set_value(kept)

    def put(self, value: object) -> None:
        """Choose `value`, also one that is not among those on offer: an import knows words we don't, and
        none is lost. It stands at the end until another one is put in."""
        if self._has_guest:
            self.removeItem(self.count() - 1)
        self._has_guest = value is not None and self.findData(value) < 0
        if self._has_guest:
            self.addItem(str(value), value)
        self.set_value(value)

    def value(self) -> object:
        return self.currentData()

    def set_value(self, value: object) -> None:
        for index in range(self.count()):
            if self.itemData(index) == value:
                self.setCurrentIndex(index)
                return

    def showPopup(self) -> None:
        """Wide enough for the longest choice, however narrow the field is."""
        view = self.view()
        view.ensurePolished()
        frame = 2 * (view.frameWidth() + 5)  # with the padding of the style sheet
        bar = view.verticalScrollBar().sizeHint().width() if self.count() > _SHOWN else 0
        wanted = view.sizeHintForColumn(0) + frame + bar
        view.setMinimumWidth(min(wanted, self.screen().availableGeometry().width() - 16))
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As Qt paints it, but a text that does not fit ends in an ellipsis, not in half a letter."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        icon = 0 if option.currentIcon.isNull() else option.iconSize.width() + 4
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width() - icon - 2
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def event(self, event: QEvent) -> bool:
        return keeps_alt_down(event) or super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.view().isVisible():
            super().wheelEvent(event)
        else:
            event.ignore()


class NumberBox(QSpinBox):
    """A number with its unit that the mouse wheel does not change in passing."""

    def __init__(
        self, lowest: int, highest: int, suffix: str = "", *, parent: QWidget | None = None
    ):
        super().__init__(parent)
        self.setRange(lowest, highest)
        self.setSuffix(suffix)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The padding of the style sheet does not reach the line inside a spin box.
        self.lineEdit().setTextMargins(9, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Section(QWidget):
    """A titled block of a form or a file: heading, an optional remark, then what is put in `body`."""

    def __init__(self, title: str, remark: str = "", *, parent: QWidget | None = None):
        super().__init__(parent)
        self.heading = Text(title, "heading")
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.header.addWidget(self.heading)
        self.header.addStretch(1)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self.header)
        if remark:
            column.addWidget(Text(remark, "muted", wrap=True))
        self.line = Hairline()
        column.addWidget(self.line)
        column.addLayout(self.body)
