"""A whole practice back from its archive: the file, what it holds and where to, the recovery sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QWidget

from medsec_desktop.domain.clock import Clock
from medsec_desktop.domain.formats import Formats
from medsec_desktop.problems import Invalid
from medsec_desktop.services import founding, welcome
from medsec_desktop.services.practice import Profile, settings
from medsec_desktop.ui.jobs import Job, Jobs, Progress
from medsec_desktop.ui.practice.import_working import WorkingPage
from medsec_desktop.ui.practice.password_line import PasswordLine, RuleList
from medsec_desktop.ui.practice.recovery_page import RecoveryPage
from medsec_desktop.ui.practice.steps import Steps
from medsec_desktop.ui.practice.wizard_page import Page, check_new_folder, choose_new_folder
from medsec_desktop.ui.prompts import Prompts
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import Text

if TYPE_CHECKING:
    from medsec_desktop.services.exports.whole_practice import Looked

T = TypeVar("T")

# A table of the archive, and what its rows are called on the screen.
_TOLD = (
    ("patient", "Patients"),
    ("appointment", "Visits"),
    ("claim", "Claims"),
    ("letter", "Letters"),
    ("document", "Documents"),
    ("user_account", "People who log in"),
)


class ArchivePage(Page):
    """Which file, and the password it was written under."""

    name = "The file"
    title = "Bring back an exported practice"
    words = (
        "A practice that “Export, The whole practice” wrote becomes a new practice here, with every "
        "record and document. The file is read first; nothing is written before you say so."
    )

    def __init__(self, theme: Theme, prompts: Prompts):
        super().__init__()
        self._prompts = prompts
        self.file = QLineEdit()
        self.password = PasswordLine(theme)
        self.add_folder(
            "file", "Exported file", self.file, self.choose, hint="A ZIP, as the export named it."
        )
        self.body.addWidget(
            self.add_field(
                "password",
                "Password of the archive",
                self.password,
                required=True,
                hint="The one it was exported under, not the one you log in with.",
            )
        )
        self.body.addStretch(1)

    def choose(self) -> None:
        """Ask for the file."""
        start = self.path().parent
        self._prompts.choose_file(
            "Exported practice",
            self._chosen,
            pattern="Encrypted archives (*.zip)",
            folder=str(start if self.file.text() and start.exists() else Path.home()),
        )

    def _chosen(self, path: str) -> None:
        self.file.setText(path)
        self.password.setFocus()

    def first(self) -> QWidget:
        return self.file

    def path(self) -> Path:
        return Path(self.file.text().strip()).expanduser()

    def check(self) -> None:
        if not self.file.text().strip():
            raise Invalid("Choose the file that was exported.", field="file")
        if not self.path().is_file():
            raise Invalid("There is no such file.", remedy="Choose it.", field="file")
        if not self.password.text():
            raise Invalid("Type the password of the archive.", field="password")


class PlacePage(Page):
    """What the archive holds, the folder it goes to, and the owner's new password."""

    name = "What it holds"
    title = "What it holds, and where it goes"
    words = "Every record was read and counted. Nothing has been written yet."

    def __init__(self, theme: Theme, prompts: Prompts, folder: Path):
        super().__init__()
        self._names: tuple[str, ...] = ()
        self.practice = Text("", "heading", wrap=True)
        self.written = Text("", "muted", wrap=True)
        self.counts = {table: Text("", "strong") for table, _ in _TOLD}
        frame = QFrame()
        frame.setProperty("kind", "card")
        self.held = frame
        grid = QGridLayout(frame)
        grid.setContentsMargins(24, 16, 24, 16)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.addWidget(self.practice, 0, 0, 1, 6)
        grid.addWidget(self.written, 1, 0, 1, 6)
        grid.setRowMinimumHeight(2, 4)
        for index, (table, words) in enumerate(_TOLD):
            row, column = 3 + index // 3, index % 3 * 2
            count = self.counts[table]
            count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(count, row, column)
            grid.addWidget(Text(words), row, column + 1)
            grid.setColumnStretch(index % 3 * 2 + 1, 1)
        self.body.addWidget(frame)
        self.folder = QLineEdit(str(folder))
        self.add_folder(
            "folder",
            "Folder for the practice",
            self.folder,
            lambda: choose_new_folder(prompts, self.folder),
            hint="A new or empty folder: it is never mixed with a practice that is there.",
        )
        self.first_line, self.second_line = PasswordLine(theme), PasswordLine(theme)
        passwords = QGridLayout()
        passwords.setHorizontalSpacing(16)
        top = Qt.AlignmentFlag.AlignTop
        first = self.add_field("password", "New password", self.first_line, required=True)
        second = self.add_field("again", "The same again", self.second_line, required=True)
        self.whose = Text("", "muted", wrap=True)
        passwords.addWidget(first, 0, 0, top)
        passwords.addWidget(second, 0, 1, top)
        passwords.setColumnStretch(0, 1)
        passwords.setColumnStretch(1, 1)
        self.rules = RuleList(theme)
        self.body.addWidget(self.whose)
        self.body.addLayout(passwords)
        self.body.addWidget(self.rules)
        self.body.addStretch(1)
        self.first_line.textChanged.connect(lambda _: self._judge())

    def show_looked(self, looked: Looked) -> None:
        """Tell what was found."""
        manifest = looked.manifest
        self.practice.setText(manifest.practice)
        self.written.setText(
            f"As it was on {_when(manifest.written_at)}, exported by {manifest.written_by}:"
            f" {looked.total:,} records in all."
        )
        for table, count in self.counts.items():
            count.setText(f"{looked.rows.get(table, 0):,}")
        told = ", ".join(f"{words} {self.counts[table].text()}" for table, words in _TOLD)
        self.held.setAccessibleName(f"{manifest.practice}. {self.written.text()} {told}")
        self.whose.setText(
            f"You log in as “{looked.owner_login}” ({looked.owner_name}). Passwords are in no archive:"
            " choose a new one, and give the others theirs in Settings, Users."
        )
        self._names = (looked.owner_name, looked.owner_login)
        self._judge()

    def _judge(self) -> bool:
        return self.rules.judge(self.first_line.text(), self._names)

    def first(self) -> QWidget:
        return self.folder

    def path(self) -> Path:
        return Path(self.folder.text().strip()).expanduser()

    def check(self) -> None:
        check_new_folder(self.folder.text())
        if not self._judge():
            raise Invalid("This password does not keep the rules below yet.", field="password")
        if self.first_line.text() != self.second_line.text():
            raise Invalid("This is not the same as the first.", field="again")


def _when(written_at: str) -> str:
    """The time an archive tells, as one writes it; its own words where it is no time."""
    try:
        return Formats().when(datetime.fromisoformat(written_at))
    except ValueError:
        return written_at


@dataclass(frozen=True, slots=True)
class _Made:
    recovery_key: str
    login: str
    profile: Profile
    missing: int


class BringBack(Steps):
    """The steps in order; `opened` hands over the office of the practice that came back."""

    def __init__(
        self,
        theme: Theme,
        jobs: Jobs,
        prompts: Prompts,
        clock: Clock,
        folder: Path | None = None,
        *,
        parent: QWidget | None = None,
    ):
        self._jobs = jobs
        self._clock = clock
        self._job: Job | None = None
        self._login = ""
        self.archive = ArchivePage(theme, prompts)
        self.place = PlacePage(theme, prompts, folder or founding.unused_folder())
        recovery = RecoveryPage(theme, prompts)
        self.working = WorkingPage(theme, self.cancel)
        self.working.progress.setAccessibleName("How far it is")
        self.working.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        super().__init__(
            theme,
            "Bring back a practice",
            (self.archive, self.place, recovery),
            recovery,
            parent=parent,
        )
        self.can_leave = True
        self.working.hide()
        self.put_over_pages(self.working)
        self._refresh()

    @property
    def is_waiting(self) -> bool:
        return self.working.isVisibleTo(self)

    def label_of(self, page: Page) -> str:
        labels: dict[Page, str] = {
            self.archive: "Look at what it holds",
            self.place: "Bring it back",
        }
        return labels.get(page) or super().label_of(page)

    def advance(self) -> None:
        """Look into the file, or make the practice from it."""
        if self.page is self.archive:
            self._look()
        else:
            self._bring()

    def _look(self) -> None:
        path, password = self.archive.path(), self.archive.password.text()

        def looked(found: Looked) -> None:
            self._waited()
            self.place.show_looked(found)
            self.show_page(self.place)

        self._wait(
            "Reading the file",
            "Nothing is written.",
            lambda progress: founding.look_into_archive(path, password, progress),
            looked,
        )

    def _bring(self) -> None:
        path, password = self.archive.path(), self.archive.password.text()
        folder, own, clock = self.place.path(), self.place.first_line.text(), self._clock

        def work(progress: Progress) -> _Made:
            key, taken, login = founding.create_from_archive(
                folder, path, password, own, clock, progress=progress
            )
            who = welcome.unlock(folder, login, own, clock)
            office = welcome.open_office(
                folder, who, clock, f"Brought the practice back from “{path.name}”"
            )
            profile = office.practice.profile()
            office.close()
            return _Made(key, login, profile, taken.missing)

        self._wait(
            "Bringing the practice back", "Cancel leaves nothing behind.", work, self._brought
        )

    def _brought(self, made: _Made) -> None:
        self._waited()
        self._recovery_key, self._login = made.recovery_key, made.login
        profile = made.profile
        formats = Formats(profile.date_order, profile.clock_24h)
        made_on = formats.long_date(self._clock.today())
        self.recovery.show_key(made.recovery_key, profile.name, made_on, profile.paper)
        self.show_page(self.recovery)
        if made.missing:
            self.banner.show_message(
                "warning",
                "Their rows came back; look for the files in a backup.",
                title=f"{made.missing:,} documents had no file in the archive.",
            )
            self.banner.show()

    def finish(self) -> None:
        folder, login, own = self.place.path(), self._login, self.place.first_line.text()
        clock = self._clock
        self._set_busy(True)

        def work(_: Progress) -> object:
            office = welcome.sign_in(folder, login, own, clock)
            office.practice.put(settings.RECOVERY_SHEET_KEPT, True)
            office.session.db.close()
            return office

        self._jobs.run("Open the practice", work, self._open, self._failed, cancellable=False)

    def _open(self, office: object) -> None:
        self._set_busy(False)
        for line in (self.archive.password, self.place.first_line, self.place.second_line):
            line.clear()
        self.opened.emit(office)

    # -- waiting -------------------------------------------------------------------------------

    def _wait(
        self,
        doing: str,
        words: str,
        work: Callable[[Progress], T],
        done: Callable[[T], object],
    ) -> None:
        self.banner.hide()
        self.working.begin(doing, words)
        self.show_over_pages(True)
        self._set_busy(True)
        # Not on the button: an Enter held a moment too long must not stop what it began.
        self.working.setFocus()
        job = self._jobs.run(doing, work, done, self._failed)
        if self._is_busy:
            self._job = job
            job.progressed.connect(self.working.show_progress)

    def _waited(self) -> None:
        self._job = None
        self.show_over_pages(False)
        self._set_busy(False)

    def cancel(self) -> None:
        """Stop reading or writing; what was begun is taken away."""
        if self._job is not None:
            self.working.stopping()
            self._job.cancel()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape stops what is under way."""
        if event.key() == Qt.Key.Key_Escape and self._job is not None:
            self.cancel()
        else:
            super().keyPressEvent(event)

    def _failed(self, error: BaseException) -> None:
        self._waited()
        line = self.archive.password if self.page is self.archive else self.place.folder
        line.setFocus()
        line.selectAll()
        self._told(error)
