"""The first-run wizard: from an empty folder to an open practice, or straight to the demo clinic."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.clock import Clock
from medsec_desktop.domain.formats import Formats
from medsec_desktop.problems import Problem
from medsec_desktop.services import welcome
from medsec_desktop.services.practice import (
    checks,
    settings,
)
from medsec_desktop.services.welcome import Setup
from medsec_desktop.ui.jobs import Cancelled, Jobs, Progress
from medsec_desktop.ui.practice.wizard_pages import (
    BackupPage,
    BeginPage,
    OwnerPage,
    Page,
    PracticePage,
    ProvidersPage,
    RecoveryPage,
    TypesPage,
)
from medsec_desktop.ui.prompts import Prompts
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import (
    Banner,
    ElidedLabel,
    PlainButton,
    PrimaryButton,
    Text,
)


class Wizard(QWidget):
    """The steps in order; `opened` hands over the office of the new practice or the demo clinic."""

    opened = Signal(object)
    existing_wanted = Signal()
    left = Signal()

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
        super().__init__(parent)
        self._theme = theme
        self._jobs = jobs
        self._clock = clock
        self.can_leave = False
        self._is_busy = False
        self._recovery_key = ""
        self._stop: Callable[[], object] = lambda: None
        self.begin = BeginPage(theme, prompts, folder or welcome.unused_folder())
        self.practice = PracticePage(theme)
        self.owner = OwnerPage(theme)
        self.providers = ProvidersPage(theme)
        self.types = TypesPage(theme)
        self.backups = BackupPage(theme, prompts)
        self.recovery = RecoveryPage(theme, prompts)
        self.pages: tuple[Page, ...] = (
            self.begin,
            self.practice,
            self.owner,
            self.providers,
            self.types,
            self.backups,
            self.recovery,
        )
        self.begin.demo.clicked.connect(lambda: self.open_demo())
        self.begin.existing.clicked.connect(self.existing_wanted)
        self.begin.stop.clicked.connect(lambda: self._stop())
        self.recovery.kept.connect(self._refresh)

        self._steps: list[tuple[QLabel, Text]] = []
        self.rail = rail = QFrame()
        rail.setObjectName("status")
        rail.setFixedWidth(theme.px(216))
        rail_column = QVBoxLayout(rail)
        rail_column.setContentsMargins(24, 36, 16, 24)
        rail_column.setSpacing(12)
        rail_column.addWidget(Text("New practice", "caption"))
        for page in self.pages:
            mark, words = QLabel(), Text(page.name)
            mark.setFixedWidth(20)
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(mark)
            line.addWidget(words, 1)
            rail_column.addLayout(line)
            self._steps.append((mark, words))
        rail_column.addStretch(1)

        self._stack = QStackedWidget()
        for page in self.pages:
            scroll = QScrollArea()
            scroll.setWidgetResizable(True)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            inner = QWidget()
            inner.setProperty("kind", "surface")
            inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            row = QHBoxLayout(inner)
            row.setContentsMargins(0, 0, 0, 0)
            page.setMaximumWidth(theme.px(960))
            row.addWidget(page, 1)
            row.addStretch(0)
            scroll.setWidget(inner)
            self._stack.addWidget(scroll)
        self.banner = Banner(theme, "danger", "")
        self.banner.hide()
        self.back = PlainButton("Back", self.go_back)
        self.next = PrimaryButton("Next", self.go_on)
        self.where = ElidedLabel("", "muted")
        foot = QHBoxLayout()
        foot.setContentsMargins(40, 12, 40, 16)
        foot.setSpacing(8)
        foot.addWidget(self.where, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        right = QWidget()
        right.setProperty("kind", "surface")
        right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        right_column = QVBoxLayout(right)
        right_column.setContentsMargins(0, 0, 0, 0)
        right_column.setSpacing(0)
        right_column.addWidget(self._stack, 1)
        banner_row = QHBoxLayout()
        banner_row.setContentsMargins(40, 0, 40, 0)
        banner_row.addWidget(self.banner)
        right_column.addLayout(banner_row)
        right_column.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(rail)
        row.addWidget(right, 1)
        theme.changed.connect(self._refresh)
        self._refresh()

    def start(self) -> None:
        """Put the focus where the first page wants it."""
        self._refresh()
        self.page.first().setFocus()

    @property
    def page(self) -> Page:
        return self.pages[self._stack.currentIndex()]

    def show_page(self, page: Page) -> None:
        self._stack.setCurrentIndex(self.pages.index(page))
        self.banner.hide()
        self._refresh()
        first = page.first()
        first.setFocus()
        if isinstance(first, QLineEdit):
            first.selectAll()

    def go_back(self) -> None:
        """The page before, with everything as it was typed."""
        at = self.pages.index(self.page)
        if self._is_busy or self._recovery_key:
            return
        if at:
            self.show_page(self.pages[at - 1])
        elif self.can_leave:
            self.left.emit()

    def go_on(self) -> None:
        """The next page, or the making of the practice, once this page is sound."""
        if self._is_busy:
            return
        if self.page is self.recovery:
            self._finish()
            return
        try:
            self.page.check()
        except Problem as problem:
            if not self.page.complain(problem):
                self._say(problem)
            return
        if self.page is self.practice:
            profile = self.practice.profile()
            self.providers.set_formats(Formats(profile.date_order, profile.clock_24h))
        if self.page is self.backups:
            self._create()
            return
        self.show_page(self.pages[self.pages.index(self.page) + 1])

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
            lambda _: welcome.create_practice(folder, setup, clock),
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

    def _finish(self) -> None:
        if not self.recovery.may_go_on:
            return
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
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, Problem):
            raise error
        self._say(error)

    def _say(self, problem: Problem) -> None:
        rest = " ".join(part for part in (problem.why, problem.remedy) if part)
        self.banner.show_message("danger", rest, title=problem.what)
        self.banner.show()

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self._refresh()

    def _refresh(self) -> None:
        at = self.pages.index(self.page)
        for index, (mark, words) in enumerate(self._steps):
            icon, colour = ("circle-check", "success") if index < at else ("circle-dashed", "muted")
            if index == at:
                icon, colour = "arrow-right", "accent"
            mark.setPixmap(self._theme.pixmap(icon, colour, 16, self.devicePixelRatioF()))
            words.set_kind("strong" if index == at else "body" if index < at else "muted")
        is_last = self.page is self.recovery
        is_demo = self.begin.is_busy
        self.rail.setVisible(not is_demo)
        self.next.setVisible(not is_demo)
        self.where.setVisible(not is_demo)
        self.back.setVisible(not is_last and (at > 0 or self.can_leave))
        self.back.setEnabled(not self._is_busy)
        self.next.setEnabled(not self._is_busy and (not is_last or self.recovery.may_go_on))
        labels = {self.backups: "Create the practice", self.recovery: "Open the practice"}
        self.next.setText("One moment…" if self._is_busy else labels.get(self.page, "Next"))
        self.where.setText(
            "To go on, print or save the sheet, or tick that you wrote the key down."
            if is_last and not self.recovery.may_go_on
            else f"Step {at + 1} of {len(self.pages)}"
        )
        self.where.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, or presses the button in focus while one cannot; Alt+Left goes back."""
        key, modifiers = event.key(), event.modifiers()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            if isinstance(focus, QPushButton) and not self.next.isEnabled():
                focus.click()
            else:
                self.go_on()
        elif key == Qt.Key.Key_Left and modifiers & Qt.KeyboardModifier.AltModifier:
            self.go_back()
        else:
            super().keyPressEvent(event)
