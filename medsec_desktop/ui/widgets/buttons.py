"""Buttons in four weights: one primary a screen, plain ones beside it, links, and bare icons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from medsec_desktop.ui.theme import Theme

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PlainButton(QPushButton):
    """A button with a border; `kind` may be plain, quiet, danger or primary.

    `key` is shown in the tip and becomes the shortcut unless the action map already owns it.
    """

    by_enter = False  # Enter presses it while it has the focus; in a dialog Enter is the dialog's

    def __init__(
        self,
        text: str,
        pressed: Callable[[], object] | None = None,
        *,
        kind: str = "plain",
        tip: str = "",
        parent: QWidget | None = None,
    ):
        super().__init__(text, parent)
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        if text:  # else Qt tells the text it gets later
            self.setAccessibleName(text.replace("&", ""))
        if tip:
            self.setToolTip(tip)
        if pressed is not None:
            self.clicked.connect(lambda: pressed())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.by_enter and event.key() in _ENTER:
            self.click()
        else:
            super().keyPressEvent(event)

    def set_kind(self, kind: str) -> None:
        """Another weight, where what is to be done next has changed."""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)


def press_by_enter(place: QWidget) -> None:
    """Let Enter press whichever button of a place beside the grid has the focus."""
    for button in place.findChildren(PlainButton):
        button.by_enter = True


class TabButton(PlainButton):
    """A tab of the header: wide enough for its words in the weight they have while it is in front."""

    def __init__(self, text: str, pressed: Callable[[], object]):
        super().__init__(text, pressed, kind="tab")
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        more = QFontMetrics(font).horizontalAdvance(self.text())
        less = self.fontMetrics().horizontalAdvance(self.text())
        # Qt counts the weight of neither state: the style sheet sets it while painting.
        return QSize(hint.width() + more - less, hint.height())


class PrimaryButton(PlainButton):
    """The one button a screen is about; Enter presses it in a dialog."""

    def __init__(
        self,
        text: str,
        pressed: Callable[[], object] | None = None,
        *,
        tip: str = "",
        parent: QWidget | None = None,
    ):
        super().__init__(text, pressed, kind="primary", tip=tip, parent=parent)
        self.setDefault(True)


class LinkButton(PlainButton):
    """A record or place that opens on a click or Enter, reached by Tab like any control."""

    by_enter = True

    def __init__(
        self,
        text: str,
        pressed: Callable[[], object] | None = None,
        *,
        parent: QWidget | None = None,
    ):
        super().__init__("", pressed, kind="link", parent=parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if text:
            self.say(text)

    def say(self, text: str) -> None:
        """Show `text` as it is, an & too, and tell it to screen readers."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)


class IconButton(QToolButton):
    """A square button showing an icon; its name is in its tip and told to screen readers."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        name: str,
        pressed: Callable[[], object] | None = None,
        *,
        key: str = "",
        colour: str = "muted",
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self.setAccessibleName(name)
        native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(f"{name} ({native})" if native else name)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.wear(self, icon, colour, 18)
        if pressed is not None:
            self.clicked.connect(lambda: pressed())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:  # pressed by it like a link, so that no form around it is saved
            self.click()
        else:
            super().keyPressEvent(event)
