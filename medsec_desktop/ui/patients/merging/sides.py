"""One question with an answer at the left and one at the right, chosen by mouse or arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QSizePolicy, QWidget

from medsec_desktop.ui.widgets import PlainButton, Text

LABEL_WIDTH = 160


class Side(PlainButton):
    """One of the two answers, on one line however long it is."""

    stepped = Signal(int, int)  # rows down, sides to the right

    def __init__(self, text: str):
        super().__init__("", kind="side")
        self.full_text = text or "–"
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(48, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(
            self.full_text, Qt.TextElideMode.ElideRight, max(self.width() - 40, 24)
        )
        self.setText(shown.replace("&", "&&"))
        self.setToolTip(self.full_text if shown != self.full_text else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }.get(Qt.Key(event.key()))
        if step and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.stepped.emit(*step)
        else:
            super().keyPressEvent(event)


class SideRow(QWidget):
    """A label and its two answers; exactly one of them is chosen."""

    changed = Signal()
    stepped = Signal(int)  # to the row above or below, -1 or 1

    def __init__(self, name: str, label: str, left: str, right: str, *, is_right: bool):
        super().__init__()
        self.name = name
        self.label = Text(label, "muted", wrap=True)
        self.sides = (Side(left), Side(right))
        for at, side in enumerate(self.sides):
            other = self.sides[1 - at].full_text
            side.setAccessibleName(f"{label}: {side.full_text}")
            side.setAccessibleDescription(f"instead of {other}")
            side.clicked.connect(lambda _=False, at=at: self.choose(bool(at)))
            side.stepped.connect(self._step)
        self.is_right = is_right
        self._show()

    def place(self, grid: QGridLayout, row: int) -> None:
        """Stand in a grid of label, left and right."""
        grid.addWidget(self.label, row, 0)
        for at, side in enumerate(self.sides, 1):
            grid.addWidget(side, row, at)

    def choose(self, is_right: bool) -> None:
        """Take this answer, and keep the focus on it."""
        had_focus = any(side.hasFocus() for side in self.sides)
        was, self.is_right = self.is_right, is_right
        self._show()
        if had_focus:
            self.take_focus()
        if was != is_right:
            self.changed.emit()

    def take_focus(self) -> None:
        """Where the arrow keys go on from here."""
        self.sides[self.is_right].setFocus(Qt.FocusReason.TabFocusReason)

    def _step(self, down: int, right: int) -> None:
        if right:
            self.choose(right > 0)
        else:
            self.stepped.emit(down)

    def _show(self) -> None:
        for at, side in enumerate(self.sides):
            is_chosen = at == self.is_right
            side.setChecked(is_chosen)
            # One stop for Tab, as in any group of choices; the arrow keys do the rest.
            side.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus if is_chosen else Qt.FocusPolicy.ClickFocus
            )


class Part(QCheckBox):
    """A row of either file that is kept while it is ticked."""

    stepped = Signal(int)

    def __init__(self, key: tuple[str, int], text: str, remark: str, is_kept: bool):
        super().__init__()
        self.key = key
        self.full_text = f"{text}  ·  {remark}" if remark else text
        self.setChecked(is_kept)
        self.setAccessibleName(self.full_text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(48, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(
            self.full_text, Qt.TextElideMode.ElideRight, max(self.width() - 28, 24)
        )
        self.setText(shown.replace("&", "&&"))
        self.setToolTip(self.full_text if shown != self.full_text else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)
