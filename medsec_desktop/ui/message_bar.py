"""What just happened, with Undo: a bar over the bottom of the page, there only while it speaks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QWidget,
)

from medsec_desktop.problems import Link
from medsec_desktop.ui.report import Message, Messages
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets.buttons import IconButton, LinkButton, PlainButton
from medsec_desktop.ui.widgets.labels import Text

# Icon, its colour, and the tint of the bar.
_TONES = {
    "done": ("circle-check", "success", ""),
    "info": ("info", "accent", "info"),
    "refused": ("triangle-alert", "warning", "warning"),
    "failed": ("circle-alert", "danger", "danger"),
}


_INSET = 16
_AIRY, _TIGHT = 6, 2  # pixels above and below the words, over a page and in a row of buttons
_WIDEST = 960
# How long what was done, or cannot be done now, is left to be read; with something to press, longer.
READ_MS = 10_000
PRESS_MS = 20_000


class MessageBar(QFrame):
    """Shows the last message over the bottom of a page, and moves nothing.

    In a window with a row of buttons it stands between them where there is room, over nothing.

    A problem stays until it is dismissed or something else is done. Everything else leaves by
    itself as well, though never while the pointer or the focus is on it.
    """

    def __init__(
        self,
        theme: Theme,
        undo: Callable[[int], object],
        open_link: Callable[[Link], object],
        *,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self.setObjectName("messages")
        self._page: QWidget | None = None
        self._foot: Callable[[], int] = lambda: 0
        self._buttons: QHBoxLayout | None = None
        self._theme = theme
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.timeout.connect(self._leave)
        self._undo = undo
        self._open_link = open_link
        self._message: Message | None = None
        self._icon = QLabel()
        self._icon.setFixedWidth(20)
        self.text = Text("", wrap=True)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._links = QHBoxLayout()
        self._links.setSpacing(12)
        self.undo_button = PlainButton("Undo", self._press_undo, kind="quiet")
        self.undo_button.setToolTip("Take back what was just done (Ctrl+Z)")
        theme.wear(self.undo_button, "undo-2", "accent")
        self.dismiss = IconButton(theme, "x", "Dismiss this message", self.clear)
        self._beside = QWidget()  # the links, right of the text or, where that is narrow, below it
        self._beside.setLayout(self._links)
        self._links.setContentsMargins(0, 0, 0, 0)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, _AIRY, 6, _AIRY)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._icon, 0, 0)
        self._grid.addWidget(self.text, 0, 1)
        self._grid.addWidget(self._beside, 0, 2)
        self._grid.addWidget(self.undo_button, 0, 3)
        self._grid.addWidget(self.dismiss, 0, 4)
        self._is_below = False
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Messages")
        theme.changed.connect(self._draw)
        theme.changed.connect(self._place)
        self.clear()

    def float_over(
        self,
        page: QWidget,
        foot: Callable[[], int] = lambda: 0,
        buttons: QHBoxLayout | None = None,
    ) -> None:
        """Stay at the bottom left of `page`, above its `foot`, wherever it moves in our parent.

        A message that fits on a line between the `buttons` of our parent stands there instead.
        """
        self._page = page
        self._foot = foot
        self._buttons = buttons
        page.installEventFilter(self)
        if buttons is not None:
            self.parentWidget().installEventFilter(self)

    def listen(self, messages: Messages) -> None:
        """Say what is said while one works in the window the bar is in, and nothing of the others."""
        messages.said.connect(self._said)
        messages.moved_on.connect(self.clear)

    def _said(self, message: Message) -> None:
        window, front = self.window(), QApplication.activeWindow()
        if window.isVisible() and (front in (None, window) or window.isAncestorOf(front)):
            self.show_message(message)
        else:
            self.clear()

    def show_message(self, message: Message) -> None:
        """Say `message`, in place of the one before."""
        self._message = message
        self.text.setText(message.text)
        self._empty_links()
        for link in message.links:
            self._links.addWidget(LinkButton(link.text, lambda link=link: self._open_link(link)))
        for label, run in message.offers:
            self._links.addWidget(PlainButton(label, lambda run=run: self._take(run), kind="quiet"))
        self._beside.setVisible(bool(message.links or message.offers))
        self.undo_button.setVisible(message.undoes is not None)
        self._tint(_TONES[message.tone][2])
        self._draw()
        self._place()
        self.show()
        self.raise_()
        if message.tone in ("refused", "failed"):
            self._leaving.stop()
        else:
            can_press = message.undoes is not None or message.links or message.offers
            self._leaving.start(PRESS_MS if can_press else READ_MS)
        self.setAccessibleDescription(message.text)
        # Read out without moving the focus.
        QAccessible.updateAccessibility(QAccessibleEvent(self.text, QAccessible.Event.Alert))

    def clear(self) -> None:
        """Fall silent."""
        if self._has_focus():
            self.focusNextChild()
        self._leaving.stop()
        self._message = None
        self.text.setText("")
        self.setAccessibleDescription("")
        self._icon.clear()
        self._empty_links()
        self._beside.hide()
        self.undo_button.hide()
        self.hide()

    @property
    def message(self) -> Message | None:
        return self._message

    def links(self) -> list[LinkButton]:
        """The links shown, in order."""
        found = (self._links.itemAt(index).widget() for index in range(self._links.count()))
        return [widget for widget in found if isinstance(widget, LinkButton)]

    def _wanted_width(self) -> int:
        """How wide the bar would be with everything on one line."""
        text = self.text.fontMetrics().horizontalAdvance(self.text.text())
        return text + self._links_width() + self._fixed_width()

    def _place(self) -> None:
        """As wide as its words need, as high as they then are, above the bottom of the page."""
        parent = self.parentWidget()
        if self._message is None or self._page is None or parent is None:
            return
        room = self._page.width() - 2 * _INSET
        width = max(min(self._wanted_width(), room, self._theme.px(_WIDEST)), 240)
        self._arrange(width)
        between = self._between_buttons()
        height = self._height(width, _TIGHT)
        if between is not None and width <= between.width() and height <= between.height():
            corner = QPoint(between.left(), between.top() + (between.height() - height) // 2)
        else:
            height = self._height(width, _AIRY)
            top = self._page.height() - self._foot() - _INSET - height
            corner = self._page.mapTo(parent, QPoint(_INSET, top))
        self.setGeometry(QRect(corner.x(), corner.y(), width, height))
        # Now rather than in Qt's next round, which would first draw the words of the one before.
        self._grid.activate()

    def _height(self, width: int, air: int) -> int:
        """How high the bar is so wide, with so much air above and below its words."""
        self._grid.setContentsMargins(12, air, 6, air)
        self._grid.invalidate()  # else it measures the words of the message before
        return self._grid.totalHeightForWidth(width)

    def _between_buttons(self) -> QRect | None:
        """The widest free part of the row of buttons, as high as the row with half its margins."""
        if self._buttons is None:
            return None
        margins = self._buttons.contentsMargins()
        free = QRect()
        for item in map(self._buttons.itemAt, range(self._buttons.count())):
            if item.spacerItem() is not None and item.geometry().width() > free.width():
                free = item.geometry()
        row = self._buttons.geometry()
        air = min(margins.top(), margins.bottom()) // 2
        row = row.adjusted(0, margins.top() - air, 0, air - margins.bottom())
        return QRect(free.left(), row.top(), free.width(), row.height())

    def _leave(self) -> None:
        if self.underMouse() or self._has_focus():
            self._leaving.start()
        else:
            self.clear()

    def _has_focus(self) -> bool:
        focus = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus) and focus.hasFocus()

    def _links_width(self) -> int:
        return self._beside.sizeHint().width() + 8 if not self._beside.isHidden() else 0

    def _fixed_width(self) -> int:
        undo = self.undo_button.sizeHint().width() + 8 if not self.undo_button.isHidden() else 0
        return undo + self.dismiss.sizeHint().width() + 72

    def _arrange(self, width: int) -> None:
        """Put the links below the text where beside it they would squeeze it."""
        room = width - self._fixed_width() - self._links_width()
        text = self.text.fontMetrics().horizontalAdvance(self.text.text())
        below = room < min(text, self._theme.px(600))
        if below != self._is_below:
            self._is_below = below
            row, column, span = (1, 1, 4) if below else (0, 2, 1)
            side = Qt.AlignmentFlag.AlignLeft if below else Qt.AlignmentFlag(0)
            self._grid.addWidget(self._beside, row, column, 1, span, side)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        moves = (QEvent.Type.Resize, QEvent.Type.Move) if watched is self._page else ()
        if event.type() in (*moves, QEvent.Type.LayoutRequest):
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.clear()
        else:
            super().keyPressEvent(event)

    def _take(self, run: Callable[[], object]) -> None:
        self.clear()
        run()

    def _press_undo(self) -> None:
        if self._message is not None and self._message.undoes is not None:
            operation = self._message.undoes
            self.clear()
            self._undo(operation)

    def _empty_links(self) -> None:
        while (item := self._links.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _tint(self, tone: str) -> None:
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)

    def _draw(self) -> None:
        if self._message is not None:
            name, colour, _ = _TONES[self._message.tone]
            self._icon.setPixmap(self._theme.pixmap(name, colour, 16, self.devicePixelRatioF()))
