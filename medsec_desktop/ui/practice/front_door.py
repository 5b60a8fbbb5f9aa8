"""The window before anybody is logged in: log-in, recovery sheet, or the first-run wizard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.domain.clock import Clock
from medsec_desktop.problems import Problem
from medsec_desktop.services import welcome
from medsec_desktop.ui.jobs import Jobs
from medsec_desktop.ui.practice.login import LoginView, RecoveryView
from medsec_desktop.ui.prompts import Prompts
from medsec_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office
    from medsec_desktop.ui.practice.steps import Steps


class FrontDoor(QWidget):
    """One window, one folder at a time; `opened` hands over the office, adopted by this thread."""

    opened = Signal(object)  # Office
    closed = Signal()

    def __init__(self, theme: Theme, jobs: Jobs, prompts: Prompts, clock: Clock):
        super().__init__()
        self._theme = theme
        self._jobs = jobs
        self._prompts = prompts
        self._clock = clock
        self.folder = Path()
        self.last_login = ""
        self.setWindowTitle("MedSec Desktop")
        self.login = LoginView(theme, jobs, clock)
        self.recovery: RecoveryView | None = None
        self.wizard: QWidget | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.login)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.login.opened.connect(self._hand_over)
        self.login.recovery_wanted.connect(self.show_recovery)
        self.login.other_wanted.connect(self.choose_other)
        self.login.new_wanted.connect(lambda: self.show_wizard(None))
        self.resize(theme.px(1040), theme.px(720))

    def show_folder(self, folder: Path, login: str = "") -> None:
        """The log-in of a practice, or the wizard for a folder that holds none."""
        if not welcome.is_practice(folder):
            self.show_wizard(folder)
            return
        self.folder = folder
        self.last_login = login or self.last_login
        try:
            self.login.show_folder(folder, self.last_login)
        except Problem as problem:
            self.login.panel.names.set_rows([])
            self.login.panel.show_problem(problem)
        self._stack.setCurrentWidget(self.login)
        self.login.panel.line.setFocus()

    def show_recovery(self) -> None:
        """The way in for who has the printed sheet."""
        if self.recovery is None:
            self.recovery = RecoveryView(self._theme, self._jobs, self._clock)
            self.recovery.opened.connect(self._hand_over)
            self.recovery.left.connect(lambda: self.show_folder(self.folder))
            self._stack.addWidget(self.recovery)
        slot = self.login.panel.chosen()
        try:
            self.recovery.show_folder(self.folder, slot.login if slot else "")
        except Problem as problem:
            self.login.panel.show_problem(problem)
            return
        self._stack.setCurrentWidget(self.recovery)
        self.recovery.key.setFocus()

    def show_wizard(self, folder: Path | None) -> None:
        """The first-run wizard, for `folder` or for one it asks for."""
        from medsec_desktop.ui.practice.wizard import Wizard

        wizard = Wizard(self._theme, self._jobs, self._prompts, self._clock, folder)
        wizard.existing_wanted.connect(self.choose_other)
        wizard.exported_wanted.connect(lambda: self.show_bring_back(folder))
        wizard.left.connect(self._leave_wizard)
        wizard.can_leave = welcome.is_practice(self.folder)
        self._show_steps(wizard)

    def show_bring_back(self, folder: Path | None = None) -> None:
        """The steps that make a practice from the archive of a whole one; Back leads to the wizard."""
        from medsec_desktop.ui.practice.bring_back import BringBack

        steps = BringBack(self._theme, self._jobs, self._prompts, self._clock, folder)
        steps.left.connect(lambda: self.show_wizard(folder))
        self._show_steps(steps)

    def _show_steps(self, steps: Steps) -> None:
        if self.wizard is not None:
            self._stack.removeWidget(self.wizard)
            self.wizard.deleteLater()
        steps.opened.connect(self._hand_over)
        self.wizard = steps
        self._stack.addWidget(steps)
        self._stack.setCurrentWidget(steps)
        steps.start()

    def _leave_wizard(self) -> None:
        if welcome.is_practice(self.folder):
            self.show_folder(self.folder)

    def choose_other(self) -> None:
        """Ask for the folder of another practice; one without a practice says so."""

        def chosen(path: str) -> None:
            folder = Path(path)
            if welcome.is_practice(folder):
                self.show_folder(folder)
            else:
                self._prompts.ask(
                    "No practice is kept there",
                    f"“{folder.name}” holds no practice.db and no keyslots.json.",
                    ("Set up a new practice there", "Cancel"),
                    lambda answer: self.show_wizard(folder) if answer != "Cancel" else None,
                )

        start = self.folder.parent if self.folder != Path() else Path.home()
        self._prompts.choose_folder("Open a practice", chosen, folder=str(start))

    def _hand_over(self, office: Office) -> None:
        office.session.db.adopt()
        self.folder = office.session.db.folder
        self.last_login = office.session.user.login
        self.opened.emit(office)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()
