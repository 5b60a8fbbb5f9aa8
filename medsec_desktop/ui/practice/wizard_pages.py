"""The steps of the first-run wizard, each of which checks what was typed in it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services import founding
from medsec_desktop.services.founding import OwnerDraft
from medsec_desktop.services.practice import (
    USUAL_TYPES,
    Profile,
    checks,
    settings,
)
from medsec_desktop.ui.practice.editors import TypesEditor
from medsec_desktop.ui.practice.password_line import PasswordLine, RuleList
from medsec_desktop.ui.practice.wizard_page import Page, check_new_folder, choose_new_folder
from medsec_desktop.ui.prompts import Prompts
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import (
    Choice,
    PlainButton,
    Text,
)


class BeginPage(Page):
    """A new practice, the demo clinic, or one that is already there."""

    name = "Start"
    title = "Welcome to MedSec Desktop"
    words = (
        "Calendar, patient files, letters and claims on this computer alone. "
        "Everything is encrypted; nothing leaves it unless you send it."
    )

    def __init__(self, theme: Theme, prompts: Prompts, folder: Path):
        super().__init__()
        self._prompts = prompts
        self.folder = QLineEdit(str(folder))
        self.choices = QWidget()
        outer = self.body
        self.body = QVBoxLayout(self.choices)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(16)
        self.add_folder(
            "folder",
            "Folder for the new practice",
            self.folder,
            self._choose,
            hint="On this computer or a drive of yours. It may be moved later as a whole.",
        )
        self.body.addSpacing(8)
        self.demo = PlainButton("Open the demo clinic")
        theme.wear(self.demo, "sparkles")
        self.existing = PlainButton("Open a practice that is already there…")
        theme.wear(self.existing, "folder-open")
        self.exported = PlainButton("Bring back an exported practice…")
        theme.wear(self.exported, "file-up")
        self.body.addWidget(Text("Or", "caption"))
        for button, words in (
            (
                self.demo,
                "Invented patients and visits to try everything on. Never mixes with yours.",
            ),
            (self.existing, "From another computer, a second drive or a restored backup."),
            (
                self.exported,
                "From the file that “Export, The whole practice” wrote, to the last record.",
            ),
        ):
            line = QHBoxLayout()
            line.setSpacing(16)
            button.setMinimumWidth(theme.px(296))
            line.addWidget(button)
            line.addWidget(Text(words, "muted", wrap=True), 1)
            self.body.addLayout(line)
        self.progress = QWidget()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.progress_words = Text("")
        self.stop = PlainButton("Stop")
        waiting = QVBoxLayout(self.progress)
        waiting.setContentsMargins(0, 8, 0, 0)
        waiting.setSpacing(12)
        waiting.addWidget(self.progress_words)
        waiting.addWidget(self.bar)
        waiting.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addWidget(self.choices)
        outer.addWidget(self.progress)
        outer.addStretch(1)
        self.progress.hide()

    @property
    def is_busy(self) -> bool:
        """Whether the demo clinic is being made instead of a choice offered."""
        return self.progress.isVisibleTo(self)

    def show_progress(self, words: str) -> None:
        """Say what is under way in place of the choices."""
        self.choices.hide()
        self.progress.show()
        self.progress_words.setText(words)
        self.bar.setRange(0, 0)
        self.stop.setFocus()

    def advance(self, done: int, total: int, text: str) -> None:
        """Say how far it is."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        if text:
            self.progress_words.setText(f"{text}…")

    def show_choices(self) -> None:
        """Offer the choices again."""
        self.progress.hide()
        self.choices.show()

    def _choose(self) -> None:
        choose_new_folder(self._prompts, self.folder)

    def first(self) -> QWidget:
        return self.folder

    def path(self) -> Path:
        return Path(self.folder.text().strip()).expanduser()

    def check(self) -> None:
        check_new_folder(self.folder.text())


class PracticePage(Page):
    """Name and address as letters carry them, and how dates and times are written."""

    name = "Practice"
    title = "Your practice"
    words = "Printed on letters and bills. Only the name is needed now; all of it can change later."

    def __init__(self, theme: Theme):
        super().__init__()
        self.lines = {name: QLineEdit() for name in (
            "name", "line1", "line2", "city", "state", "postal_code", "phone", "fax",
        )}  # fmt: skip
        self.lines["phone"].setPlaceholderText("(617) 555-0142")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        places = (
            ("name", "Practice name", 0, 0, 6, True),
            ("line1", "Street", 1, 0, 4, False),
            ("line2", "Suite, floor", 1, 4, 2, False),
            ("city", "City", 2, 0, 3, False),
            ("state", "State", 2, 3, 1, False),
            ("postal_code", "ZIP code", 2, 4, 2, False),
            ("phone", "Phone", 3, 0, 3, False),
            ("fax", "Fax", 3, 3, 3, False),
        )
        for name, label, row, column, span, required in places:
            field = self.add_field(name, label, self.lines[name], required=required)
            grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        self.choices: dict[str, Choice] = {}
        for column, (name, setting) in enumerate(
            (("region", settings.REGION), ("paper", settings.PAPER))
        ):
            self.choices[name] = Choice(setting.choices, setting.default)
            field = self.add_field(name, setting.label, self.choices[name])
            grid.addWidget(field, 4, column * 3, 1, 3)
        self.choices["date_order"] = Choice(
            settings.DATE_ORDER.choices, settings.DATE_ORDER.default
        )
        self.choices["clock_24h"] = Choice(settings.CLOCK_24H.choices, settings.CLOCK_24H.default)
        for column, (name, setting) in enumerate(
            (("date_order", settings.DATE_ORDER), ("clock_24h", settings.CLOCK_24H))
        ):
            field = self.add_field(name, setting.label, self.choices[name])
            grid.addWidget(field, 5, column * 3, 1, 3)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        self.choices["region"].activated.connect(self._region_chosen)
        self.body.addLayout(grid)
        self.body.addStretch(1)

    def _region_chosen(self) -> None:
        """Another country usually has other paper, dates and times; each stays free to choose."""
        is_american = self.choices["region"].value() in ("US", "CA", "MX")
        is_us = self.choices["region"].value() == "US"
        self.choices["paper"].set_value("letter" if is_american else "a4")
        self.choices["date_order"].set_value("mdy" if is_us else "dmy")
        self.choices["clock_24h"].set_value(
            self.choices["region"].value() in ("DE", "AT", "CH", "FR", "ES")
        )

    def first(self) -> QWidget:
        return self.lines["name"]

    def profile(self) -> Profile:
        texts = {name: line.text() for name, line in self.lines.items()}
        return Profile(
            **texts,
            paper=str(self.choices["paper"].value()),
            date_order=str(self.choices["date_order"].value()),
            clock_24h=bool(self.choices["clock_24h"].value()),
            region=str(self.choices["region"].value()),
        )

    def check(self) -> None:
        checks.checked_profile(self.profile())


class OwnerPage(Page):
    """The first person, with a password that keeps the rules."""

    name = "You"
    title = "The first log-in: yours"
    words = "You become the owner: you may do everything and add the others later."

    def __init__(self, theme: Theme):
        super().__init__()
        self.person, self.login = QLineEdit(), QLineEdit()
        self.first_line, self.second_line = PasswordLine(theme), PasswordLine(theme)
        self._login_is_ours = True
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(
            self.add_field("owner_name", "Your name", self.person, required=True), 0, 0, top
        )
        grid.addWidget(
            self.add_field(
                "login", "Log-in", self.login, required=True, hint="A short name, such as “olive”."
            ),
            0,
            1,
            top,
        )
        grid.addWidget(
            self.add_field("password", "Password", self.first_line, required=True), 1, 0, top
        )
        grid.addWidget(
            self.add_field("again", "The same again", self.second_line, required=True), 1, 1, top
        )
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.rules = RuleList(theme)
        self.body.addLayout(grid)
        self.body.addWidget(self.rules)
        self.body.addWidget(
            Text(
                "Three or four words that only you would put together are easy to keep and hard "
                "to guess.",
                "muted",
                wrap=True,
            )
        )
        self.body.addStretch(1)
        self.person.textEdited.connect(self._suggest_login)
        self.login.textEdited.connect(self._own_login)
        self.first_line.textChanged.connect(
            lambda _: self.fields["password"].problem(self.first_line.caps_hint)
        )
        for line in (self.person, self.login, self.first_line):
            line.textChanged.connect(self._judge)

    def _suggest_login(self, text: str) -> None:
        if self._login_is_ours:
            first = text.split()[0].lower() if text.split() else ""
            self.login.setText("".join(sign for sign in first if sign.isalnum())[:32])

    def _own_login(self) -> None:
        self._login_is_ours = not self.login.text()

    def _judge(self) -> None:
        self.rules.judge(self.first_line.text(), (self.person.text(), self.login.text()))

    def first(self) -> QWidget:
        return self.person

    def owner(self) -> OwnerDraft:
        return OwnerDraft(self.person.text(), self.login.text(), self.first_line.text())

    def check(self) -> None:
        founding.check_owner(self.owner())
        if self.first_line.text() != self.second_line.text():
            raise Invalid("This is not the same as the first.", field="again")

    def complain(self, problem: Problem) -> bool:
        if getattr(problem, "field", "") == "name":
            problem = Invalid(problem.what, problem.why, problem.remedy, field="owner_name")
        return super().complain(problem)


class TypesPage(Page):
    """The kinds of visit, prefilled with the usual ones."""

    name = "Visit types"
    title = "Kinds of appointment"
    words = "How long each takes and its color on the calendar. Change, remove or add as you like."

    def __init__(self, theme: Theme):
        super().__init__()
        self.editor = TypesEditor(theme, USUAL_TYPES)
        self.editor.setMaximumWidth(theme.px(640))
        self.body.addWidget(self.editor)
        self.body.addStretch(1)

    def first(self) -> QWidget:
        return self.editor.lines[0].name if self.editor.lines else self.editor.add

    def check(self) -> None:
        if not self.editor.drafts(checks.checked_type):
            self.editor.add_line(focus=True)
            raise Invalid("At least one kind of appointment is needed.", field="name")

    def complain(self, problem: Problem) -> bool:
        return True  # the line is marked by the editor


class BackupPage(Page):
    """Where copies go."""

    name = "Backups"
    title = "Backups"
    words = (
        "A copy is made whenever the program closes, opened again and checked. "
        "Best is another drive: a copy beside the original burns with it."
    )

    def __init__(self, theme: Theme, prompts: Prompts):
        super().__init__()
        self._prompts = prompts
        self.folder = QLineEdit()
        self.folder.setPlaceholderText("Beside the practice")
        self.add_folder(
            "backup_folder",
            "Backup folder",
            self.folder,
            self._choose,
            hint="Empty: a folder beside the practice, which is lost with the same drive.",
        )
        self.body.addStretch(1)

    def _choose(self) -> None:
        self._prompts.choose_folder("Backup folder", self._chosen, folder=str(Path.home()))

    def _chosen(self, path: str) -> None:
        self.folder.setText(path)
        self.fields["backup_folder"].problem("")

    def first(self) -> QWidget:
        return self.folder

    def check(self) -> None:
        text = self.folder.text().strip()
        if text and not Path(text).expanduser().is_dir():
            raise Invalid(
                "There is no such folder.",
                remedy="Choose one, or leave this empty.",
                field="backup_folder",
            )
