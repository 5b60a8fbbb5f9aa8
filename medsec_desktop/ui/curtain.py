"""What hides the screen: drawn by Ctrl+Space, locked by Ctrl+L or after some minutes away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.problems import Problem
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets.buttons import PrimaryButton
from medsec_desktop.ui.widgets.fields import Choice, Field
from medsec_desktop.ui.widgets.labels import Text

Unlock = Callable[[str, str], object]  # login, password; raises a Problem when they don't fit


class Curtain(QWidget):
    """Covers the whole window and keeps the work beneath it; a password lifts it.

    The curtain shows nothing but a place for the password. The lock also says who is logged in
    and lets another person go on. `give_hint` is for the demo, whose password is no secret.
    """

    lifted = Signal(str)  # the login of the person who lifted it

    def __init__(self, theme: Theme, unlock: Unlock, window: QWidget):
        super().__init__(window)
        self.setObjectName("curtain")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Locked screen")
        self._theme = theme
        self._unlock = unlock
        self._set_aside: list[tuple[QWidget, Qt.WindowModality]] = []
        self._focus_before: QWidget | None = None
        self._login = ""
        self._icon_name = "lock"
        self._is_lifting = False
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.title = Text("", "heading")
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.remark = Text("", "muted", wrap=True)
        self.remark.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.who = Choice()
        self._who_field = Field("Name", self.who)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password_field = Field("Password", self.password)
        self.button = PrimaryButton("Unlock", self._try)
        self.password.returnPressed.connect(self._try)
        self.hint = Text("", "muted", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.hint.hide()
        box = QWidget()
        box.setFixedWidth(320)
        form = QVBoxLayout(box)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(12)
        form.addWidget(self._icon)
        form.addWidget(self.title)
        form.addWidget(self.remark)
        form.addSpacing(4)
        form.addWidget(self._who_field)
        form.addWidget(self.password_field)
        form.addWidget(self.button)
        form.addWidget(self.hint)
        column = QVBoxLayout(self)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(box)
        row.addStretch(1)
        column.addStretch(2)
        column.addLayout(row)
        column.addStretch(3)
        window.installEventFilter(self)
        theme.changed.connect(self._draw)
        self.hide()

    def give_hint(self, text: str) -> None:
        """Say this under the password; '' for nothing."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    def draw(self, login: str) -> None:
        """Blank the screen; the person who drew it lifts it with her password."""
        self._cover(login, "eye-off", "", "", [])

    def lock(self, login: str, people: Sequence[tuple[str, str]], remark: str) -> None:
        """Lock the screen for `login`; any of `people` (login, name) may go on."""
        names = dict(people)
        self._cover(login, "lock", names.get(login, "Locked"), remark, people)

    def _cover(
        self, login: str, icon: str, title: str, remark: str, people: Sequence[tuple[str, str]]
    ) -> None:
        self._login = login
        self._icon_name = icon
        self.title.setText("Locked" if title else "")
        self.title.setVisible(bool(title))
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))
        self.who.set_pairs(people or [(login, login)])
        self.who.set_value(login)
        self._who_field.setVisible(bool(title))
        self.password.clear()
        self.password_field.problem("")
        self._draw()
        if not self.isVisible():
            self._put_windows_aside()
        self.setGeometry(self.window().rect())
        self.raise_()
        self.show()
        self.password.setFocus()

    def _draw(self) -> None:
        self._icon.setPixmap(
            self._theme.pixmap(self._icon_name, "muted", 32, self.devicePixelRatioF())
        )

    def _try(self) -> None:
        login = str(self.who.value() or self._login)
        try:
            self._unlock(login, self.password.text())
        except Problem as problem:
            self.password.clear()
            self.password_field.problem(str(problem))
            self.password.setFocus()
            return
        self.password.clear()
        self._is_lifting = True
        self.hide()
        self._is_lifting = False
        self._bring_windows_back()
        self.lifted.emit(login)

    def _put_windows_aside(self) -> None:
        """Dialogs show patients too: hide them, and remember how they stood."""
        self._focus_before = QApplication.focusWidget()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
            if popup is QApplication.activePopupWidget():
                break  # a popup that will not close must not hold up the lock
        self._set_aside = []
        for widget in QApplication.topLevelWidgets():
            kind = widget.windowType()
            is_window = kind in (Qt.WindowType.Window, Qt.WindowType.Dialog, Qt.WindowType.Sheet)
            if widget is not self.window() and widget.isVisible() and is_window:
                self._set_aside.append((widget, widget.windowModality()))
                widget.setVisible(False)

    def _bring_windows_back(self) -> None:
        for widget, modality in self._set_aside:
            # Hiding a dialog that was open()ed makes Qt forget that it was modal.
            widget.setWindowModality(modality)
            widget.setVisible(True)
        self._set_aside = []
        if self._focus_before is not None:
            try:
                self._focus_before.setFocus()
            except RuntimeError:  # it is gone meanwhile
                self._focus_before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.window() and event.type() == QEvent.Type.Resize:
            self.setGeometry(self.window().rect())
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, next_one: bool) -> bool:
        """Tab stays on the curtain: what lies beneath must not be reached."""
        if self._is_lifting:  # Qt looks for another place for the focus while it hides us
            return super().focusNextPrevChild(next_one)
        stops = [w for w in (self.who, self.password, self.button) if w.isVisible()]
        focus = QApplication.focusWidget()
        at = stops.index(focus) if focus in stops else 0
        stops[(at + (1 if next_one else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True


class IdleWatch(QObject):
    """Fires after some minutes without a key or the mouse in any window of the program.

    `take_key` is shown each key first, whichever window has the focus, and may keep it.
    """

    idle = Signal()

    _SIGNS_OF_LIFE = frozenset(
        {
            QEvent.Type.KeyPress,
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseMove,
            QEvent.Type.Wheel,
            QEvent.Type.TouchBegin,
            QEvent.Type.TabletPress,
        }
    )

    def __init__(
        self, parent: QObject | None = None, take_key: Callable[[QKeyEvent], bool] | None = None
    ):
        super().__init__(parent)
        self._take_key = take_key
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.idle)
        self._window: QWindow | None = None
        # Filtering a window's own events is cheap; filtering the application's would slow painting.
        QGuiApplication.instance().focusWindowChanged.connect(self._follow)
        self._follow(QGuiApplication.focusWindow())

    def set_minutes(self, minutes: int) -> None:
        """Lock after this many minutes; 0 never."""
        self._timer.stop()
        self._timer.setInterval(minutes * 60_000)
        if minutes:
            self._timer.start()

    def _follow(self, window: QWindow | None) -> None:
        if self._window is not None:
            try:
                self._window.removeEventFilter(self)
            except RuntimeError:  # the window went with its dialog
                self._window = None
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in self._SIGNS_OF_LIFE:
            if self._timer.interval():
                self._timer.start()
            if self._take_key is not None and isinstance(event, QKeyEvent):
                return self._take_key(event)
        return False
