"""Who are you? A name from the list and its password: the same panel at log-in and on a locked screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.clock import Clock
from medsec_desktop.problems import Problem
from medsec_desktop.services import welcome
from medsec_desktop.services.welcome import SlotName
from medsec_desktop.ui.jobs import Jobs, Progress
from medsec_desktop.ui.practice.password_line import PasswordLine
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import Banner, FastList, Field, ListRow, PrimaryButton, Text

Open = Callable[
    [str, str, Progress], object
]  # login, password: in a worker; its result is passed on


class PasswordPanel(QWidget):
    """Names on the left, the password on the right; wrong guesses make it wait, counting down.

    `open_with` runs in a worker with the log-in and the password; what it gives goes out as `opened`.
    """

    opened = Signal(object)

    def __init__(
        self,
        theme: Theme,
        jobs: Jobs,
        clock: Clock,
        open_with: Open,
        *,
        button: str = "Log in",
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._theme = theme
        self._jobs = jobs
        self._clock = clock
        self._open_with = open_with
        self._folder = Path()
        self._is_busy = False
        self._tick = QTimer(self)
        self._tick.setInterval(500)
        self._tick.timeout.connect(self._count_down)

        self.names = FastList(theme, "Who is logging in", two_lines=True)
        self.names.setProperty("kind", "boxed")
        self.names.chosen.connect(lambda _: self.line.setFocus())
        self.names.selectionModel().currentChanged.connect(self._name_changed)
        self.line = PasswordLine(theme)
        self.line.installEventFilter(self)
        self.line.caps_changed.connect(lambda _: self._clear_problem())
        self.line.textEdited.connect(lambda _: self._clear_problem())
        self.field = Field("Password", self.line)
        self.greeting = Text("", "heading", wrap=True)
        self.banner = Banner(theme, "danger", "")
        self.banner.hide()
        self.button = PrimaryButton(button, self.submit)
        self.button_text = button
        self.line.returnPressed.connect(self.submit)

        self.form = QVBoxLayout()
        self.form.setSpacing(12)
        self.form.addWidget(self.greeting)
        self.form.addWidget(self.field)
        self.form.addWidget(self.button)
        self.form.addWidget(self.banner)
        self.form.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addWidget(self.names, 4)
        row.addLayout(self.form, 5)
        self.setTabOrder(self.names, self.line)
        self.setTabOrder(self.line, self.button)

    def set_folder(self, folder: Path, login: str = "") -> None:
        """Show who can open `folder`, with `login` chosen. Raises Unavailable."""
        self._folder = folder
        slots = welcome.sign_in_names(folder)
        self.names.set_rows([ListRow(slot, slot.name, slot.login) for slot in slots])
        self.choose(login)

    def show_whole_names(self, least_and_most: tuple[int, int]) -> None:
        """Make the list as high as its names, within bounds, so that none is cut in two."""
        least, most = least_and_most
        shown = min(max(self.names.rows.rowCount(), least), most)
        frame = 2 * 2 + 4  # the focus frame, and a hair
        self.names.setMinimumHeight(shown * self.names.sizeHintForRow(0) + frame)

    def choose(self, login: str) -> None:
        """Select a person by log-in."""
        for index, row in enumerate(self.names.rows.rows):
            if row.value.login.casefold() == login.casefold():
                self.names.setCurrentIndex(self.names.rows.index(index, 0))

    def chosen(self) -> SlotName | None:
        slot: SlotName | None = self.names.current_value()
        return slot

    def start(self) -> None:
        """Put the focus where the next key belongs: the password, or the names where none is known."""
        self.line.clear()
        self.line.setFocus()

    def submit(self) -> None:
        """Try the password, away from the screen: it takes a fifth of a second on purpose."""
        slot = self.chosen()
        if slot is None or self._is_busy or self._tick.isActive():
            return
        password = self.line.text()
        if not password:
            self.field.problem("Type your password.")
            self.line.setFocus()
            return
        self._set_busy(True)
        open_with, login = self._open_with, slot.login
        self._jobs.run(
            "Log in",
            lambda progress: open_with(login, password, progress),
            self._succeeded,
            self._failed,
            cancellable=False,
        )

    def _succeeded(self, result: object) -> None:
        self._set_busy(False)
        self.line.clear()
        if self.line.is_shown:
            self.line.toggle()
        self.banner.hide()
        self.opened.emit(result)

    def _failed(self, error: BaseException) -> None:
        self._set_busy(False)
        if not isinstance(error, Problem):
            raise error
        if isinstance(error, welcome.WrongPassword):
            self.field.problem(f"{error.what} {error.remedy}")
            self.line.selectAll()
        elif not isinstance(error, welcome.LockedOut):
            self.show_problem(error)
        self.line.setFocus()
        self._count_down()

    def show_problem(self, problem: Problem) -> None:
        """Say under the button why it is not possible."""
        rest = " ".join(part for part in (problem.why, problem.remedy) if part)
        self.banner.show_message("danger", rest, title=problem.what)
        self.banner.show()

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.button.setText("One moment…" if busy else self.button_text)
        self.button.setEnabled(not busy)
        self.line.setReadOnly(busy)
        self.names.setEnabled(not busy)

    def _name_changed(self) -> None:
        slot = self.chosen()
        self.greeting.setText(slot.name if slot else "")
        self.line.clear()
        self._clear_problem()
        self._count_down()

    def _clear_problem(self) -> None:
        self.field.problem(self.line.caps_hint)
        if not self._tick.isActive():
            self.banner.hide()

    def _count_down(self) -> None:
        """While the folder says to wait, say how long still."""
        slot = self.chosen()
        left = welcome.wait_s(self._folder, slot.login, self._clock) if slot else 0
        if left:
            self.banner.show_message(
                "warning",
                "Forgotten? The recovery sheet opens the practice without waiting.",
                title=f"Too many wrong passwords. Try again in {welcome.spoken_wait(left)}.",
            )
            self.banner.show()
            self._tick.start()
        elif self._tick.isActive():
            self._tick.stop()
            self.banner.hide()
            self.field.problem("")
        self.button.setEnabled(not left and not self._is_busy)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down in the password choose another name."""
        if (
            watched is self.line
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        ):
            self.names.move_by(1 if event.key() == Qt.Key.Key_Down else -1)
            return True
        return super().eventFilter(watched, event)
