"""Labels that show data as it is: never as markup, never wider than their place."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QEnterEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget


class Text(QLabel):
    """A label in one step of the type scale.

    `kind` is body, strong, muted, small, caption, heading, title or problem. The text is plain:
    a patient called `<img src=…>` is shown, not loaded.
    """

    def __init__(
        self,
        text: str = "",
        kind: str = "body",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("kind", kind)
        self.setWordWrap(wrap)
        self.setText(text)

    def set_kind(self, kind: str) -> None:
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)


class ElidedLabel(Text):
    """A one-line label that ends in “…” when its place is too small, and shows all in its tip."""

    def __init__(self, text: str = "", kind: str = "body", *, parent: QWidget | None = None):
        super().__init__(text, kind, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def enterEvent(self, event: QEnterEvent) -> None:
        # Only now: labels are laid out far more often than anybody points at one.
        super().enterEvent(event)
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
        self.setToolTip(self.text() if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, area.width()
        )
        painter.drawText(area, int(self.alignment() | Qt.TextFlag.TextSingleLine), shown)
        painter.end()


class KeyHint(Text):
    """A key as it is printed on a key cap, e.g. `KeyHint("Ctrl+K")`."""

    def __init__(self, keys: str, *, parent: QWidget | None = None):
        native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        super().__init__(native or keys, "key", parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class Hairline(QFrame):
    """A line one pixel thin that separates and says nothing."""

    def __init__(self, *, vertical: bool = False, parent: QWidget | None = None):
        super().__init__(parent)
        self.setProperty("kind", "vline" if vertical else "hairline")
