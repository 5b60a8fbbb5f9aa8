"""The log-in screen, and the way in with the recovery sheet."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.clock import Clock
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services import welcome
from medsec_desktop.services.welcome import SlotName
from medsec_desktop.ui.jobs import Jobs, Progress
from medsec_desktop.ui.practice.password_line import PasswordLine, RuleList
from medsec_desktop.ui.practice.password_panel import PasswordPanel
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    Field,
    Hairline,
    LinkButton,
    PlainButton,
    PrimaryButton,
    Text,
)

_NAMES_AT_ONCE = (4, 7)  # at least and at most, before the list of names begins to scroll


def card(width: int, parent: QWidget) -> tuple[QFrame, QVBoxLayout]:
    """A framed column of `width` in the middle of `parent`."""
    frame = QFrame()
    frame.setProperty("kind", "card")
    frame.setFixedWidth(width)
    inside = QVBoxLayout(frame)
    inside.setContentsMargins(32, 28, 32, 24)
    inside.setSpacing(16)
    outer = QVBoxLayout(parent)
    outer.setContentsMargins(24, 24, 24, 24)
    middle = QHBoxLayout()
    # Not by alignment: that would keep wrapped text from asking for the height it needs.
    middle.addStretch(1)
    middle.addWidget(frame)
    middle.addStretch(1)
    outer.addStretch(2)
    outer.addLayout(middle)
    outer.addStretch(3)
    return frame, inside


class LoginView(QWidget):
    """Names, password, and the ways round: another practice, a new one, the recovery sheet."""

    opened = Signal(object)  # Office, opened in a worker: the window's thread must adopt it
    other_wanted = Signal()
    new_wanted = Signal()
    recovery_wanted = Signal()

    def __init__(self, theme: Theme, jobs: Jobs, clock: Clock, *, parent: QWidget | None = None):
        super().__init__(parent)
        self._clock = clock
        self._folder = Path()
        self.heading = Text("Log in", "title", wrap=True)
        self.panel = PasswordPanel(theme, jobs, clock, self._open)
        self.panel.opened.connect(self.opened)
        self.demo_hint = Banner(theme, "info", "")
        self.demo_hint.hide()
        self.forgot = LinkButton("Forgot the password? Use the recovery sheet…")
        self.forgot.clicked.connect(self.recovery_wanted)
        self.other = PlainButton("Open another practice…", kind="quiet")
        self.other.clicked.connect(self.other_wanted)
        self.new = PlainButton("New practice…", kind="quiet")
        self.new.clicked.connect(self.new_wanted)

        _, inside = card(theme.px(680), self)
        inside.addWidget(self.heading)
        inside.addWidget(self.demo_hint)
        inside.addWidget(self.panel)
        inside.addWidget(Hairline())
        ways = QHBoxLayout()
        ways.setSpacing(8)
        ways.addWidget(self.forgot)
        ways.addStretch(1)
        ways.addWidget(self.other)
        ways.addWidget(self.new)
        inside.addLayout(ways)

    def show_folder(self, folder: Path, login: str = "") -> None:
        """Offer the names of one practice. Raises Unavailable where its key file cannot be read."""
        self._folder = folder
        self.heading.setText(f"Log in to {folder.name}")
        self.heading.setToolTip(str(folder))
        self.heading.setAccessibleDescription(str(folder))
        is_demo = folder == welcome.demo_folder()
        self.demo_hint.setVisible(is_demo)
        if is_demo:
            self.demo_hint.show_message(
                "info",
                f"Everybody here is invented. The password is “{welcome.DEMO_PASSWORD}”; "
                "it is filled in, press Enter.",
                title="Demo clinic",
            )
        self.panel.set_folder(folder, login)
        self.panel.show_whole_names(_NAMES_AT_ONCE)
        self.panel.start()
        if is_demo:
            self.panel.line.setText(welcome.DEMO_PASSWORD)

    def _open(self, login: str, password: str, _: Progress) -> object:
        office = welcome.sign_in(self._folder, login, password, self._clock)
        office.session.db.close()  # this thread's connection; the window's thread opens its own
        return office


class RecoveryView(QWidget):
    """The key of the printed sheet, and a new password for whoever forgot hers."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, jobs: Jobs, clock: Clock, *, parent: QWidget | None = None):
        super().__init__(parent)
        self._jobs = jobs
        self._clock = clock
        self._folder = Path()
        self._slots: tuple[SlotName, ...] = ()
        self.key = QLineEdit()
        self.key.setPlaceholderText("XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX")
        self.key.setFont(_key_font(theme))
        self.key.textChanged.connect(lambda _: self.key_field.problem(""))
        self.key_field = Field(
            "Recovery key",
            self.key,
            hint="From the printed sheet. Capital or small letters and dashes do not matter.",
        )
        self.who = Choice()
        self.who_field = Field("Give a new password to", self.who)
        self.first = PasswordLine(theme)
        self.second = PasswordLine(theme)
        self.first_field = Field("New password", self.first)
        self.second_field = Field("The same again", self.second)
        self.rules = RuleList(theme)
        self.first.textChanged.connect(self._judge)
        self.who.currentIndexChanged.connect(self._judge)
        self.second.textChanged.connect(lambda _: self.second_field.problem(""))
        self.banner = Banner(theme, "danger", "")
        self.banner.hide()
        self.button = PrimaryButton("Set the password and log in", self.submit)
        self.back = PlainButton("Back")
        self.back.clicked.connect(self.left)
        for line in (self.key, self.first, self.second):
            line.returnPressed.connect(self.submit)

        _, inside = card(theme.px(560), self)
        inside.addWidget(Text("Open with the recovery sheet", "title"))
        inside.addWidget(
            Text(
                "The sheet was printed when the practice was set up. Its key stays valid "
                "afterwards: lock the sheet away again.",
                "muted",
                wrap=True,
            )
        )
        inside.addWidget(self.key_field)
        inside.addWidget(self.who_field)
        pair = QHBoxLayout()
        pair.setSpacing(16)
        pair.addWidget(self.first_field, 1, Qt.AlignmentFlag.AlignTop)
        pair.addWidget(self.second_field, 1, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(pair)
        inside.addWidget(self.rules)
        inside.addWidget(self.banner)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.button)
        inside.addLayout(foot)

    def show_folder(self, folder: Path, login: str = "") -> None:
        """Begin anew for one practice."""
        self._folder = folder
        self._slots = welcome.sign_in_names(folder)
        self.who.set_pairs((slot.login, slot.name) for slot in self._slots)
        self.who.set_value(login)
        for line in (self.key, self.first, self.second):
            line.clear()
        for field in (self.key_field, self.first_field, self.second_field):
            field.problem("")
        self.banner.hide()
        self._judge()
        self.key.setFocus()

    def submit(self) -> None:
        """Try the key and set the password, in a worker."""
        if not self.key.text().strip():
            self._complain(self.key_field, "Type the key from the sheet.")
        elif not self._judge():
            self._complain(self.first_field, "This password does not keep the rules below yet.")
        elif self.first.text() != self.second.text():
            self._complain(self.second_field, "This is not the same as the first.")
        else:
            self.button.setEnabled(False)
            key, login, password = self.key.text(), str(self.who.value()), self.first.text()
            folder, clock = self._folder, self._clock

            def work(_: Progress) -> object:
                who = welcome.recover(folder, key, login, password)
                office = welcome.open_office(
                    folder, who, clock, event="Reset own password with the recovery sheet"
                )
                office.session.db.close()
                return office

            self._jobs.run("Recover", work, self._succeeded, self._failed, cancellable=False)

    def _succeeded(self, office: object) -> None:
        self.button.setEnabled(True)
        for line in (self.key, self.first, self.second):
            line.clear()
        self.opened.emit(office)

    def _failed(self, error: BaseException) -> None:
        self.button.setEnabled(True)
        if not isinstance(error, Problem):
            raise error
        if isinstance(error, welcome.WrongPassword):
            is_ours = error.what.startswith("The password")
            what = "This key does not open this practice." if is_ours else error.what
            remedy = "Compare it with the printed sheet." if is_ours else error.remedy
            self._complain(self.key_field, f"{what} {remedy}")
        elif isinstance(error, Invalid):
            self._complain(self.first_field, str(error))
        else:
            rest = " ".join(part for part in (error.why, error.remedy) if part)
            self.banner.show_message("danger", rest, title=error.what)
            self.banner.show()

    def _complain(self, field: Field, text: str) -> None:
        field.problem(text)
        field.editor.setFocus()

    def _judge(self) -> bool:
        login = str(self.who.value() or "")
        names = [slot.name for slot in self._slots if slot.login == login]
        self.first_field.problem("")
        return self.rules.judge(self.first.text(), (*names, login))


def _key_font(theme: Theme):  # type: ignore[no-untyped-def]
    font = theme.font()
    font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 1)
    return font
