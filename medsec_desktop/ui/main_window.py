"""The window: five tabs, the command box, the messages, and the keys that work everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Problem
from medsec_desktop.ui.actions import BY_ID, native
from medsec_desktop.ui.claims.charges.verbs import ChargeVerbs
from medsec_desktop.ui.claims.visit_claim import VisitClaim
from medsec_desktop.ui.command_box import CommandBox
from medsec_desktop.ui.curtain import Unlock
from medsec_desktop.ui.focus_home import FocusHome
from medsec_desktop.ui.frame.commands import Commands
from medsec_desktop.ui.frame.doors import Doors
from medsec_desktop.ui.frame.help import Help
from medsec_desktop.ui.frame.keys_elsewhere import KeysElsewhere
from medsec_desktop.ui.frame.resuming import Resuming
from medsec_desktop.ui.frame.screen_lock import ScreenLock
from medsec_desktop.ui.frame.undoing import Undoing
from medsec_desktop.ui.frame.verbs import WindowVerbs
from medsec_desktop.ui.jobs import Cancelled
from medsec_desktop.ui.letter_verbs import LetterVerbs
from medsec_desktop.ui.message_bar import MessageBar
from medsec_desktop.ui.quick_texts import LITERAL, QuickTextKeys
from medsec_desktop.ui.scan_watch import ScanWatch
from medsec_desktop.ui.status import StatusBar
from medsec_desktop.ui.text_undo import TextUndo
from medsec_desktop.ui.widgets.buttons import IconButton, TabButton
from medsec_desktop.ui.widgets.labels import Hairline
from medsec_desktop.ui.widgets.tab import Tab
from medsec_desktop.ui.widgets.window_beside import WindowBeside

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.services.today import BoardRow
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.patients.duplicates_watch import DuplicatesWatch

# Built at its first show, so that the start pays for Today only.
TABS: tuple[tuple[str, str, str], ...] = (
    ("today", "Today", "TodayTab"),
    ("calendar", "Calendar", "CalendarTab"),
    ("patients", "Patients", "PatientsTab"),
    ("letters", "Letters", "LettersTab"),
    ("claims", "Claims", "ClaimsTab"),
)

_CLAIMS = (
    "medsec_desktop.services.claims.claims",
    "medsec_desktop.services.claims.diagnoses",
    "medsec_desktop.ui.claims.tab",
)
_SETTLED_MS = 4_000  # after the visits of today: what nobody waits for is read in


class MainWindow(QMainWindow):
    """One person's desk on the screen; `go` leads from each of its places to any other.

    `unlock(login, password)` raises a Problem when they don't fit, and lets another person go on
    when the login is not the one at work; `people` lists who may. `memory` keeps the window's
    place, the theme and the text size of this workstation.
    """

    closed = Signal()

    def __init__(
        self,
        desk: Desk,
        *,
        unlock: Unlock,
        people: Callable[[], Sequence[tuple[str, str]]] = lambda: (),
        memory: QSettings | None = None,
    ):
        super().__init__()
        self.desk = desk
        self._memory = memory
        self._tabs: dict[str, Tab] = {}
        self.tab_name = ""  # of the tab in front
        self._duplicates_watch: DuplicatesWatch | None = None
        desk.go = self.go = Doors(desk, self)
        desk.prompts.parent = self
        desk.jobs.on_failure = self._job_failed
        self.commands = Commands(desk, self.go)
        self.undoing = Undoing(desk, self)
        self.help = Help(desk, self)
        self.setObjectName("window")
        self.setMinimumSize(960, 600)
        self._build()
        self._bind_actions()
        self._keys_elsewhere = KeysElsewhere(desk, self)
        self.screen_lock = ScreenLock(desk, self, unlock, people, self._keys_elsewhere.take)
        self.curtain = self.screen_lock.curtain
        self._listen()
        self._restore_place()
        self._retitle()

    # --- building

    def _build(self) -> None:
        desk = self.desk
        self.stack = QStackedWidget()
        self._places: dict[str, QWidget] = {}
        for name, *_ in TABS:
            place = QWidget()
            QVBoxLayout(place).setContentsMargins(0, 0, 0, 0)
            self._places[name] = place
            self.stack.addWidget(place)
        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self.stack)
        self.splitter.setStretchFactor(0, 1)
        self.status = StatusBar(
            desk,
            switch_user=lambda: desk.actions.trigger("app.switch_user"),
            show_waiting=lambda: desk.actions.trigger("go.today"),
            back_up=lambda: desk.actions.trigger("file.backup"),
        )
        self.drafts_strip = self.status.drafts
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        header = self._header()
        column.addWidget(header)
        FocusHome(self.stack, (header, self.status), self.keys_to_page, self)
        # Not in the column: it lies over the page. Made here, it is reached by Tab after the header.
        self.message_bar = MessageBar(
            desk.theme, self.undoing.undo, self.go.open_link, parent=centre
        )
        self.message_bar.float_over(self.stack, lambda: self.tab.foot_height if self.tab else 0)
        column.addWidget(Hairline())
        column.addWidget(self.splitter, 1)
        column.addWidget(Hairline())
        column.addWidget(self.status)
        self.setCentralWidget(centre)
        self._restyle()

    def _header(self) -> QWidget:
        desk = self.desk
        header = QFrame()
        header.setObjectName("header")
        row = QHBoxLayout(header)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(4)
        self._tab_buttons = QButtonGroup(self)
        self._tab_buttons.setExclusive(True)
        self._buttons: dict[str, TabButton] = {}
        for name, title, _ in TABS:
            button = TabButton(title, lambda name=name: desk.actions.trigger(f"go.{name}"))
            button.setAccessibleName(f"{title} tab")
            button.setToolTip(f"{title} ({native(BY_ID[f'go.{name}'].key)})")
            self._tab_buttons.addButton(button)
            self._buttons[name] = button
            row.addWidget(button)
        row.addStretch(1)
        self.command_box = CommandBox(desk, self, self.commands.take)
        self.command_box.setProperty(LITERAL, True)
        row.addWidget(self.command_box, 2)
        row.addSpacing(8)
        for action_id in ("edit.history", "help.page"):
            action = BY_ID[action_id]
            row.addWidget(
                IconButton(
                    desk.theme,
                    action.icon,
                    action.name,
                    lambda action_id=action_id: desk.actions.trigger(action_id),
                    key=action.key,
                )
            )
        return header

    def _restyle(self) -> None:
        px = self.desk.theme.px
        self.command_box.setMinimumWidth(px(200))
        self.command_box.setMaximumWidth(px(560))
        self.status.setMinimumHeight(px(28))

    def _listen(self) -> None:
        desk = self.desk
        desk.bus.changed.connect(self._changed)
        desk.messages.said.connect(self.message_bar.show_message)
        desk.messages.moved_on.connect(self.message_bar.clear)
        desk.theme.changed.connect(self._restyle)
        self.screen_lock.covered.connect(self._cover)
        self.screen_lock.lifted.connect(self._uncover)
        self.screen_lock.switched.connect(self.user_switched)
        self._text_undo = TextUndo(self)
        self._quick_texts = QuickTextKeys(lambda word: desk.office.quick_texts.text_for(word), self)
        self._minute = QTimer(self)
        self._minute.setInterval(30_000)
        self._minute.timeout.connect(self._tick)
        self._scans = ScanWatch(desk, self.curtain.isVisible, self)
        self._day_shown = desk.office.clock.today()
        self._is_painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self._after_first_paint)

    def _after_first_paint(self) -> None:
        """Today's visits: the window is on the screen before them."""
        if not self.isVisible():  # closed before it could be painted, and the practice with it
            return
        if not self.tab_name:
            self.show_tab("today")
        QTimer.singleShot(0, self, self._after_today)

    def _after_today(self) -> None:
        """Everything else that needs the practice's data, once the visits are on the screen."""
        if not self.isVisible():
            return
        self._minute.start()
        self._scans.start()
        self.status.reload()
        self.desk.drafts.changed.emit()
        self._read_settings()
        self._bind_front_desk()
        self.commands.offer()
        self._show_backup()
        self._watch_duplicates()
        QTimer.singleShot(_SETTLED_MS, self, self.commands.learn_settings)
        QTimer.singleShot(_SETTLED_MS, self, self._read_claims_in)

    def _read_claims_in(self) -> None:
        """The modules of the Claims tab, before somebody wants it: they take a fifth of a second."""
        if self.desk.office.session.may(Permission.VIEW_CLAIMS) and self.isVisible():
            self.desk.jobs.quietly(
                lambda _: [import_module(name) for name in _CLAIMS], lambda _: None
            )

    def _bind_front_desk(self) -> None:
        """F3, F4 and the rest for the patient whose file is open, where her visit is today."""
        from medsec_desktop.ui.today.verbs import DeskVerbs

        self._front_desk = DeskVerbs(self.desk, self._visit_today)
        self._front_desk.bind()

    def _visit_today(self) -> BoardRow | None:
        number = self.patient_id
        return None if number is None else self.desk.office.board.of_patient(number)

    def _read_settings(self) -> None:
        from medsec_desktop.services.practice import settings

        self.screen_lock.idle.set_minutes(self.desk.office.practice.get(settings.LOCK_AFTER_MIN))

    def _show_backup(self) -> None:
        """Say when the last backup was made, found without holding up the window."""
        backups = self.desk.office.backups
        self.desk.jobs.quietly(lambda _: backups.last_verified(), self.status.show_backup)

    def _watch_duplicates(self) -> None:
        """Compare each new or changed file with all others, a while after the last change."""
        from medsec_desktop.ui.patients.duplicates_watch import DuplicatesWatch

        self._duplicates_watch = DuplicatesWatch(self.desk, self)

    def _bind_actions(self) -> None:
        desk = self.desk
        for name, *_ in TABS:
            desk.actions.bind(f"go.{name}", lambda name=name: self.show_tab(name))
        self._verbs = WindowVerbs(desk, self.go, self)
        LetterVerbs(desk, self)
        ChargeVerbs(desk, self)
        VisitClaim(desk, self)
        Resuming(desk, self.go, self)
        desk.actions.install(self, self.menuBar(), desk.theme)
        for button in self.menuBar().findChildren(QToolButton):
            button.setAccessibleName("More menus")  # Qt's own, shown where the bar is too short

    # --- the tabs

    @property
    def tab(self) -> Tab | None:
        """The tab in front."""
        return self._tabs.get(self.tab_name)

    @property
    def patient_id(self) -> int | None:
        """Whose file is open in the tab in front; None where none is."""
        return self.tab.patient_id if self.tab is not None else None

    def show_tab(self, name: str) -> Tab:
        """Bring a tab to the front."""
        tab = self.tab_named(name)
        self.tab_name = name
        self._buttons[name].setChecked(True)
        self.stack.setCurrentWidget(self._places[name])
        tab.showing()
        self._retitle()
        return tab

    def keys_to_page(self) -> None:
        """Give the keys back to the tab in front."""
        if self.tab is not None:
            self.tab.showing()

    def tab_named(self, name: str) -> Tab:
        """A tab, built if nobody has looked at it yet."""
        if name not in self._tabs:
            class_name = next(class_name for known, _, class_name in TABS if known == name)
            module = import_module(f"medsec_desktop.ui.{name}.tab")
            # Within the window from the start: Qt styles everything anew with each move inside.
            tab: Tab = getattr(module, class_name)(self.desk, self._places[name])
            self._tabs[name] = tab
            self._give_habits(name, tab)
            self._places[name].layout().addWidget(tab)
            tab.show()  # now, not with the next event: what is not shown yet takes no focus
            if name != "today":
                self.commands.offer()
        return self._tabs[name]

    def _give_habits(self, name: str, tab: Tab) -> None:
        if self._memory is None:
            return
        self._memory.beginGroup(name)
        tab.take_habits({key: str(self._memory.value(key)) for key in self._memory.childKeys()})
        self._memory.endGroup()

    # --- covered, and somebody else at the desk

    def _cover(self) -> None:
        self.command_box.results.hide()
        self.menuBar().setEnabled(False)
        self.setWindowTitle("MedSec Desktop")

    def _uncover(self) -> None:
        self.menuBar().setEnabled(True)
        self._retitle()

    def user_switched(self) -> None:
        """Another person goes on: show her name, her drafts and what she may do."""
        self.status.reload()
        self.desk.drafts.changed.emit()
        self.commands.offer()
        self.undoing.refresh()
        if self.tab is not None:
            self.tab.showing()  # with her rights, and her look at an open file recorded as hers
        self.desk.messages.say(f"{self.desk.office.session.user.name} is at the desk.", tone="info")

    # --- news

    def _changed(self, changes: Changes) -> None:
        if changes.rows:
            self.desk.messages.move_on()
        for tab in self._tabs.values():
            tab.refresh(changes)
        if changes.touches("appointment"):
            self.status.reload_waiting()
        if changes.touches("setting", "user_account"):
            self.status.reload()
            self._read_settings()
        self.undoing.refresh()

    def _tick(self) -> None:
        """Twice a minute: who waits, and whether a new day has begun."""
        if self.curtain.isVisible():
            return
        today = self.desk.office.clock.today()
        if today != self._day_shown:
            self._day_shown = today
            if self.tab is not None:
                self.tab.showing()
        self.status.reload_waiting()

    def _job_failed(self, title: str, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            self.desk.messages.say(f"{title}: stopped. Nothing was changed.", tone="info")
        elif isinstance(error, Problem):
            self.desk.messages.problem(error)
        else:
            raise error

    # --- the window itself

    def _retitle(self) -> None:
        title = next((title for name, title, _ in TABS if name == self.tab_name), "")
        self.setWindowTitle(f"{title} · MedSec Desktop" if title else "MedSec Desktop")

    def _restore_place(self) -> None:
        place = self._memory.value("window/geometry") if self._memory is not None else None
        if place is None or not self.restoreGeometry(place):
            room = self.screen().availableGeometry()
            # The frame a window manager adds must fit on the screen as well.
            self.resize(min(1440, room.width() - 16), min(860, room.height() - 48))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # An Escape that nothing on the screen had a use for.
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.message_bar.clear()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.desk.drafts.save_all()
        if self._memory is not None:
            self._memory.setValue("window/geometry", self.saveGeometry())
            self._memory.setValue("window/dark", self.desk.theme.dark)
            self._memory.setValue("window/zoom", self.desk.theme.zoom)
            for name, tab in self._tabs.items():
                for key, value in tab.habits().items():
                    self._memory.setValue(f"{name}/{key}", value)
        self._minute.stop()
        self._scans.stop()
        self.screen_lock.idle.set_minutes(0)
        self.desk.drafts.close()
        self.desk.jobs.close()
        self.help.close()
        super().closeEvent(event)
        if event.isAccepted():
            self._quick_texts.stop()
            if self._duplicates_watch is not None:
                self._duplicates_watch.stop()
                self._duplicates_watch = None
            for beside in self.findChildren(WindowBeside):
                beside.hide()
            self.closed.emit()
