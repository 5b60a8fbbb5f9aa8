"""The steps of the first-run wizard, each of which checks what was typed in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.formats import Formats
from medsec_desktop.problems import Invalid, Problem, Unavailable
from medsec_desktop.services import founding
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.founding import OwnerDraft, ProviderSetup
from medsec_desktop.services.practice import (
    PALETTE,
    USUAL_HOURS,
    USUAL_TYPES,
    HoursRow,
    Profile,
    ProviderDraft,
    checks,
    settings,
)
from medsec_desktop.ui.practice.editors import ProviderForm, TypesEditor, WeekEditor, complain
from medsec_desktop.ui.practice.password_line import PasswordLine, RuleList
from medsec_desktop.ui.prompts import Prompts
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    FastList,
    Field,
    ListRow,
    PlainButton,
    Text,
)


class Page(QWidget):
    """One step: a title, a sentence, and fields. `check` raises Invalid for what cannot be kept."""

    name = ""
    title = ""
    words = ""

    def __init__(self, *, parent: QWidget | None = None):
        super().__init__(parent)
        self.fields: dict[str, Field] = {}
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(40, 32, 40, 24)
        self.body.setSpacing(16)
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(Text(self.title, "title", wrap=True))
        self.words_label = Text(self.words, "muted", wrap=True)
        head.addWidget(self.words_label)
        self.body.addLayout(head)

    def first(self) -> QWidget:
        """Where the focus goes when the page comes up."""
        return self

    def check(self) -> None:
        """Nothing, or Invalid; the page itself has marked the field."""

    def complain(self, problem: Problem) -> bool:
        return complain(self.fields, problem)

    def add_field(
        self,
        name: str,
        label: str,
        editor: QWidget,
        *,
        hint: str = "",
        required: bool = False,
    ) -> Field:
        field = Field(label, editor, hint=hint, required=required)
        if isinstance(editor, QLineEdit):
            editor.textChanged.connect(lambda _: field.problem(""))
        self.fields[name] = field
        return field

    def add_folder(
        self, name: str, label: str, line: QLineEdit, choose: Callable[[], object], *, hint: str
    ) -> None:
        """A line for a folder with a button that lets one choose it."""
        beside = QVBoxLayout()
        beside.setSpacing(4)
        beside.addWidget(Text(" ", "small"))  # as high as the label of the line
        beside.addWidget(PlainButton("Choose…", choose))
        beside.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.add_field(name, label, line, hint=hint), 1, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside)
        self.body.addLayout(row)


def choose_new_folder(prompts: Prompts, line: QLineEdit) -> None:
    """Let one choose the folder of a new practice into `line`."""
    start = Path(line.text()).parent
    prompts.choose_folder(
        "Folder for the new practice",
        line.setText,
        folder=str(start if start.exists() else Path.home()),
    )


def check_new_folder(text: str) -> None:
    """Nothing, or Invalid for the field “folder” where no practice can be made there."""
    path = Path(text.strip()).expanduser()
    if not text.strip() or not path.is_absolute():
        raise Invalid("Type the whole path of a folder.", remedy="Or choose one.", field="folder")
    try:
        founding.check_new_folder(path)
    except Problem as problem:
        raise Invalid(problem.what, problem.why, problem.remedy, field="folder") from problem


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


class ProvidersPage(Page):
    """Who sees patients, and when; one at least."""

    name = "Providers"
    title = "Providers and their hours"
    words = "Everyone who sees patients gets a column on the calendar. Type hours like 8-12, 1-5."

    def __init__(self, theme: Theme):
        super().__init__()
        self._drafts: list[ProviderDraft] = [_new_provider(0)]
        self._weeks: list[tuple[HoursRow, ...]] = [USUAL_HOURS]
        self._shown = 0
        self.list = FastList(theme, "Providers", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.setFixedHeight(theme.px(248))
        self.add = PlainButton("Add another", self.add_provider, kind="quiet")
        theme.wear(self.add, "plus")
        self.remove = PlainButton("Remove", self.remove_provider, kind="quiet")
        theme.wear(self.remove, "trash-2")
        self.form = ProviderForm(theme)
        self.form.is_bookable.hide()
        self.form.fields["visits_at_once"].hide()  # hardly anybody's; it waits in the settings
        self.week = WeekEditor(theme, Formats())
        self.form.edited.connect(self._edited)
        self.form.show_draft(self._drafts[0])
        self.week.set_rows(self._weeks[0])
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.list)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        left.addLayout(buttons)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(16)
        right.addWidget(self.form)
        right.addWidget(self.week)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(left, 2)
        row.addLayout(right, 5)
        self.body.addLayout(row, 1)
        self._show_list()
        self.list.selectionModel().currentChanged.connect(self._chosen)

    def first(self) -> QWidget:
        return self.form.given

    def set_formats(self, formats: Formats) -> None:
        self.week.set_formats(formats)

    def add_provider(self) -> None:
        """A further provider, once the one shown is sound."""
        if not self._keep_shown():
            return
        self._drafts.append(_new_provider(len(self._drafts)))
        self._weeks.append(self._weeks[self._shown])
        self._show(len(self._drafts) - 1)
        self.form.given.setFocus()

    def remove_provider(self) -> None:
        """Take away the one shown; the last stays."""
        if len(self._drafts) > 1:
            del self._drafts[self._shown], self._weeks[self._shown]
            self._show(max(0, self._shown - 1))

    def _show(self, index: int) -> None:
        self._shown = index
        self.form.show_draft(self._drafts[index])
        self.week.set_rows(self._weeks[index])
        self._show_list()

    def _show_list(self) -> None:
        rows = []
        for index, draft in enumerate(self._drafts):
            name = " ".join(part for part in (draft.given_name, draft.family_name) if part.strip())
            rows.append(ListRow(index, name or "New provider", draft.specialty or draft.credential))
        model = self.list.selectionModel()
        model.blockSignals(True)
        self.list.set_rows(rows, preselect=False)
        self.list.setCurrentIndex(self.list.rows.index(self._shown, 0))
        model.blockSignals(False)
        self.list.viewport().update()
        self.remove.setEnabled(len(self._drafts) > 1)

    def _chosen(self) -> None:
        index = self.list.current_value()
        if index is None or index == self._shown:
            return
        if self._keep_shown():
            self._show(index)
        else:
            self._show_list()

    def _edited(self) -> None:
        self._drafts[self._shown] = self.form.draft()
        self._show_list()

    def _keep_shown(self) -> bool:
        try:
            self._take_shown()
        except Invalid as problem:
            self.complain(problem)
            return False
        return True

    def _take_shown(self) -> None:
        self._drafts[self._shown] = checks.checked_provider(self.form.draft())
        self._weeks[self._shown] = checks.checked_hours(self.week.rows())
        numbers = [draft.npi for draft in self._drafts if draft.npi]
        if len(set(numbers)) < len(numbers):
            raise Invalid(
                "Two providers have this NPI.", remedy="Each has an own one.", field="npi"
            )

    def check(self) -> None:
        self._take_shown()
        for index, draft in enumerate(self._drafts):
            try:
                checks.checked_provider(draft)
            except Invalid:
                self._show(index)
                raise

    def complain(self, problem: Problem) -> bool:
        # The week marks its own line as it is read.
        return self.form.complain(problem) or getattr(problem, "field", "") == "hours"

    def setups(self) -> tuple[ProviderSetup, ...]:
        return tuple(
            ProviderSetup(draft, week)
            for draft, week in zip(self._drafts, self._weeks, strict=True)
        )


def _new_provider(index: int) -> ProviderDraft:
    return ProviderDraft("", colour=PALETTE[index % len(PALETTE)])


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


class RecoveryPage(Page):
    """The key that opens everything when all passwords are lost; it must be kept to go on."""

    name = "Recovery sheet"
    title = "The recovery sheet"
    words = (
        "Your practice is set up. If every password is ever forgotten, only this key opens it. "
        "It is kept nowhere on the computer: print it and lock it away."
    )

    kept = Signal()

    def __init__(self, theme: Theme, prompts: Prompts):
        super().__init__()
        self._theme = theme
        self._prompts = prompts
        self.key = ""
        self._sheet: Callable[[], bytes] = bytes
        self.groups: list[Text] = []
        frame = QFrame()
        frame.setProperty("kind", "card")
        frame.setAccessibleName("Recovery key")
        grid = QGridLayout(frame)
        grid.setContentsMargins(24, 20, 24, 20)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(12)
        for index in range(8):
            group = Text("", "title")
            group.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            group.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(group, index // 4, index % 4)
            self.groups.append(group)
        self.print = PlainButton("Print…", self._print)
        theme.wear(self.print, "printer")
        self.save = PlainButton("Save as PDF…", self._save)
        theme.wear(self.save, "save")
        self.result = Banner(theme, "success", "")
        self.result.hide()
        self.noted = QCheckBox("I have written the key down on paper")
        self.noted.setAccessibleName("I have written the key down on paper")
        self.noted.toggled.connect(lambda _: self.kept.emit())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.print)
        row.addWidget(self.save)
        row.addStretch(1)
        self.body.addWidget(frame)
        self.body.addLayout(row)
        self.body.addWidget(self.result)
        self.body.addWidget(self.noted, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(
            Text(
                "Not on a photo, not in an e-mail, not beside the computer. "
                "A new sheet can be made in Settings, Users; it makes this one void.",
                "muted",
                wrap=True,
            )
        )
        self.body.addStretch(1)
        self.is_kept = False

    def show_key(self, key: str, practice_name: str, made_on: str, paper: str) -> None:
        """Show a key; its sheet is made when it is wanted."""
        self.key = key
        self._sheet = lambda: founding.recovery_sheet(practice_name, key, made_on, paper)
        self.is_kept = False
        self.noted.setChecked(False)
        self.result.hide()
        for label, group in zip(self.groups, key.split("-"), strict=True):
            label.setText(group)

    @property
    def may_go_on(self) -> bool:
        return self.is_kept or self.noted.isChecked()

    def first(self) -> QWidget:
        return self.print

    def _print(self) -> None:
        try:
            printer = founding.print_recovery_sheet(self._sheet())
        except Problem as problem:
            self._say("danger", str(problem))
            return
        self._say("success", f"Sent to “{printer}”. Take it from the printer before you go on.")
        self._keep()

    def _save(self) -> None:
        self._prompts.save_file(
            "Save the recovery sheet",
            self._save_to,
            name="Recovery sheet.pdf",
            pattern="PDF (*.pdf)",
            folder=str(Path.home()),
        )

    def _save_to(self, path: str) -> None:
        target = Path(path)
        if not target.suffix:
            target = target.with_suffix(".pdf")
        try:
            write_out(target, self._sheet())
        except Unavailable as problem:
            self._say("danger", str(problem))
            return
        self._say("success", f"Saved as {target.name}. Print it, then delete the file.")
        self._keep()

    def _say(self, tone: str, text: str) -> None:
        self.result.show_message(tone, text)
        self.result.show()

    def _keep(self) -> None:
        self.is_kept = True
        self.kept.emit()
