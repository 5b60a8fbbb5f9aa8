"""The first-run wizard: from an empty folder to an open practice, or straight to the demo clinic."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from medsec_desktop.domain.clock import Clock
from medsec_desktop.domain.formats import Formats
from medsec_desktop.services import founding, welcome
from medsec_desktop.services.founding import Setup
from medsec_desktop.services.practice import (
    checks,
    settings,
)
from medsec_desktop.ui.jobs import Jobs, Progress
from medsec_desktop.ui.practice.providers_page import ProvidersPage
from medsec_desktop.ui.practice.recovery_page import RecoveryPage
from medsec_desktop.ui.practice.steps import Steps
from medsec_desktop.ui.practice.wizard_page import Page
from medsec_desktop.ui.practice.wizard_pages import (
    BackupPage,
    BeginPage,
    OwnerPage,
    PracticePage,
    TypesPage,
)
from medsec_desktop.ui.prompts import Prompts
from medsec_desktop.ui.theme import Theme


class Wizard(Steps):
    """The steps in order; `opened` hands over the office of the new practice or the demo clinic."""

    existing_wanted = Signal()
    exported_wanted = Signal()

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
        self._stop: Callable[[], object] = lambda: None
        self.begin = BeginPage(theme, prompts, folder or founding.unused_folder())
        self.practice = PracticePage(theme)
        self.owner = OwnerPage(theme)
        self.providers = ProvidersPage(theme)
        self.types = TypesPage(theme)
        self.backups = BackupPage(theme, prompts)
        recovery = RecoveryPage(theme, prompts)
        pages: tuple[Page, ...] = (
            self.begin,
            self.practice,
            self.owner,
            self.providers,
            self.types,
            self.backups,
            recovery,
        )
        super().__init__(theme, "New practice", pages, recovery, parent=parent)
        self.begin.demo.clicked.connect(lambda: self.open_demo())
        self.begin.existing.clicked.connect(self.existing_wanted)
        self.begin.exported.clicked.connect(self.exported_wanted)
        self.begin.stop.clicked.connect(lambda: self._stop())
        self._refresh()

    def advance(self) -> None:
        """The next page, or the making of the practice after the last question."""
        if self.page is self.practice:
            profile = self.practice.profile()
            self.providers.set_formats(Formats(profile.date_order, profile.clock_24h))
        if self.page is self.backups:
            self._create()
        else:
            super().advance()

    @property
    def is_waiting(self) -> bool:
        return self.begin.is_busy

    def label_of(self, page: Page) -> str:
        return "Create the practice" if page is self.backups else super().label_of(page)

    def setup(self) -> Setup:
        """Everything gathered so far."""
        return Setup(
            self.practice.profile(),
            self.owner.owner(),
            self.providers.setups(),
            self.types.editor.drafts(checks.checked_type),
            self.backups.folder.text().strip(),
        )

    def _create(self) -> None:
        folder, setup, clock = self.begin.path(), self.setup(), self._clock
        self._set_busy(True)
        self._jobs.run(
            "Set up the practice",
            lambda _: founding.create_practice(folder, setup, clock),
            self._created,
            self._failed,
            cancellable=False,
        )

    def _created(self, key: str) -> None:
        self._set_busy(False)
        self._recovery_key = key
        profile, today = self.practice.profile(), self._clock.today()
        formats = Formats(profile.date_order, profile.clock_24h)
        made_on = formats.long_date(today)
        self.recovery.show_key(key, profile.name, made_on, profile.paper)
        self.show_page(self.recovery)

    def finish(self) -> None:
        folder, owner, clock = self.begin.path(), self.owner.owner(), self._clock
        self._set_busy(True)

        def work(_: Progress) -> object:
            office = welcome.sign_in(folder, owner.login, owner.password, clock)
            office.practice.put(settings.RECOVERY_SHEET_KEPT, True)
            office.session.db.close()
            return office

        self._jobs.run("Open the practice", work, self._open, self._failed, cancellable=False)

    def open_demo(self, folder: Path | None = None) -> None:
        """Make the demo clinic where there is none of today yet, and open it."""
        if self._is_busy:
            return
        self._set_busy(True)
        self.show_page(self.begin)
        self.begin.show_progress("Opening the demo clinic…")
        self._refresh()
        place, clock = folder or welcome.demo_folder(), self._clock

        def work(progress: Progress) -> object:
            from medsec_desktop.services.demo import open_demo

            office = open_demo(place, clock, progress)
            office.session.db.close()
            return office

        job = self._jobs.run(
            "Open the demo clinic", work, self._open, self._failed, cancellable=True
        )
        job.progressed.connect(self.begin.advance)
        self._stop = job.cancel

    def _open(self, office: object) -> None:
        self._set_busy(False)
        for line in (self.owner.first_line, self.owner.second_line):
            line.clear()
        self.opened.emit(office)

    def _failed(self, error: BaseException) -> None:
        self.begin.show_choices()
        self._set_busy(False)
        self._told(error)
