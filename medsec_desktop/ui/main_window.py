"""The window: five tabs, the command box, the messages, and the keys that work everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
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

from medsec_desktop.problems import Link, Problem
from medsec_desktop.ui.actions import BY_ID, native
from medsec_desktop.ui.claims.charges.verbs import ChargeVerbs
from medsec_desktop.ui.claims.visit_claim import VisitClaim
from medsec_desktop.ui.command_box import CommandBox, link_of
from medsec_desktop.ui.curtain import Curtain, IdleWatch, Unlock
from medsec_desktop.ui.focus_home import FocusHome
from medsec_desktop.ui.jobs import Cancelled
from medsec_desktop.ui.letter_verbs import LetterVerbs
from medsec_desktop.ui.message_bar import MessageBar
from medsec_desktop.ui.quick_texts import LITERAL, QuickTextKeys
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.scan_watch import ScanWatch
from medsec_desktop.ui.status import StatusBar
from medsec_desktop.ui.text_undo import TextUndo
from medsec_desktop.ui.widgets.buttons import IconButton, TabButton
from medsec_desktop.ui.widgets.labels import Hairline
from medsec_desktop.ui.widgets.tab import Tab

if TYPE_CHECKING:
    from medsec_desktop.services.backups import BackupReport
    from medsec_desktop.services.calendar.typed import Proposal
    from medsec_desktop.services.drafts import DraftRow
    from medsec_desktop.services.find import Command, Hit
    from medsec_desktop.services.letters.targets import Target
    from medsec_desktop.services.session import Changes
    from medsec_desktop.services.today import BoardRow
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.help_window import HelpWindow
    from medsec_desktop.ui.history_panel import HistoryPanel
    from medsec_desktop.ui.patients.duplicates_watch import DuplicatesWatch

# Built at its first show, so that the start pays for Today only.
TABS: tuple[tuple[str, str, str], ...] = (
    ("today", "Today", "TodayTab"),
    ("calendar", "Calendar", "CalendarTab"),
    ("patients", "Patients", "PatientsTab"),
    ("letters", "Letters", "LettersTab"),
    ("claims", "Claims", "ClaimsTab"),
)

# Reached from anywhere: the calendar comes to the front with a page in the grid's place, or a panel
# beside it.
_SETTINGS = "settings:"  # before the page, in the name of a command that opens it
_SETTLED_MS = 4_000  # after the visits of today: what nobody waits for is read in
_CALENDAR_PAGES = {
    "list.waiting": "waiting",
    "list.recalls": "recalls",
    "list.confirm": "confirm",
    "list.away": "away",
    "list.unresolved": "unresolved",
    "list.outside": "outside",
    "list.uncharged": "uncharged",
}
_PATIENT_LISTS = {
    "list.insurance": "insurance",
    "list.referrals": "referrals",
    "list.sorting": "sorting",
    "list.duplicates": "duplicates",
    "list.records_requests": "records-requests",
    "list.consents": "consents",
}
_FORMS_IN_FILE = (
    "coverage", "verification", "authorization", "referral", "consent", "records-request",
    "records-package", "records-step", "disclosure",
)  # fmt: skip
_CALENDAR_PANELS = {
    "list.pinboard": "pinboard",
    "grid.note": "note",
    "grid.hold": "hold",
    "grid.block": "block",
    "visit.find_slot": "find",
}

_CALENDAR_VIEWS = ("day", "work_week", "week", "month", "agenda")

_EVERYWHERE = (
    "app.lock",
    "app.curtain",
    "help.page",
    "help.keys",
    "draft.park",
    "view.larger",
    "view.smaller",
    "view.normal",
)


class MainWindow(QMainWindow):
    """One person's desk on the screen; it is the navigator of every screen in it.

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
        self._people = people
        self._memory = memory
        self._tabs: dict[str, Tab] = {}
        self._name = ""
        self._history: HistoryPanel | None = None
        self._help: HelpWindow | None = None
        self._duplicates_watch: DuplicatesWatch | None = None
        desk.go = self
        desk.prompts.parent = self
        desk.jobs.on_failure = self._job_failed
        self.setObjectName("window")
        self.setMinimumSize(960, 600)
        self._build(unlock)
        self._bind_actions()
        self._listen()
        self._restore_place()
        self._retitle()

    # --- building

    def _build(self, unlock: Unlock) -> None:
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
        FocusHome(self.stack, (header, self.status), self._keys_to_page, self)
        # Not in the column: it lies over the page. Made here, it is reached by Tab after the header.
        self.message_bar = MessageBar(desk.theme, self.undo, self.open_link, parent=centre)
        self.message_bar.float_over(self.stack, lambda: self.tab.foot_height if self.tab else 0)
        column.addWidget(Hairline())
        column.addWidget(self.splitter, 1)
        column.addWidget(Hairline())
        column.addWidget(self.status)
        self.setCentralWidget(centre)
        self.curtain = Curtain(desk.theme, unlock, self)
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
        self.command_box = CommandBox(desk, self, self._take)
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
        self.command_box.setMinimumWidth(px(320))
        self.command_box.setMaximumWidth(px(560))
        self.status.setMinimumHeight(px(28))

    def _listen(self) -> None:
        desk = self.desk
        desk.bus.changed.connect(self._changed)
        desk.messages.said.connect(self.message_bar.show_message)
        desk.messages.moved_on.connect(self.message_bar.clear)
        desk.theme.changed.connect(self._restyle)
        self.curtain.lifted.connect(self._lifted)
        self._idle = IdleWatch(self, self._key_elsewhere)
        self._idle.idle.connect(lambda: self.lock("Locked after some minutes without a key."))
        self._text_undo = TextUndo(self)
        self._quick_texts = QuickTextKeys(lambda word: desk.office.quick_texts.text_for(word), self)
        self._minute = QTimer(self)
        self._minute.setInterval(30_000)
        self._minute.timeout.connect(self._tick)
        self._scans = ScanWatch(desk, self.curtain.isVisible, self)
        self._day_shown = desk.office.clock.today()
        self._is_painted = False
        self._settings_pages: tuple[Command, ...] = ()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self._after_first_paint)

    def _after_first_paint(self) -> None:
        """Today's visits: the window is on the screen before them."""
        if not self.isVisible():  # closed before it could be painted, and the practice with it
            return
        if not self._name:
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
        self._offer_commands()
        self._show_backup()
        self._watch_duplicates()
        QTimer.singleShot(_SETTLED_MS, self, self.learn_settings)

    def _bind_front_desk(self) -> None:
        """F3, F4 and the rest for the patient whose file is open, where her visit is today."""
        from medsec_desktop.ui.today.verbs import DeskVerbs

        self._front_desk = DeskVerbs(self.desk, self._visit_today)
        self._front_desk.bind()

    def _visit_today(self) -> BoardRow | None:
        patient_id = self.tab.patient_id if self.tab is not None else None
        return None if patient_id is None else self.desk.office.board.of_patient(patient_id)

    def _read_settings(self) -> None:
        from medsec_desktop.services.practice import settings

        self._idle.set_minutes(self.desk.office.practice.get(settings.LOCK_AFTER_MIN))

    def _offer_commands(self) -> None:
        from medsec_desktop.services.find import Command

        may = self.desk.office.session.may
        actions = (
            Command(action.id, action.name, action.native_key, action.icon, action.words)
            for action in self.desk.actions.offered()
            if action.permission is None or may(action.permission)
        )
        self.desk.office.find.offer((*actions, *self._settings_pages))

    def learn_settings(self) -> None:
        """Let the command box find each page of the settings, which are read in when all else is there."""

        def read(_: object) -> tuple[Command, ...]:
            from medsec_desktop.services.find import Command
            from medsec_desktop.ui.practice.settings import PAGES

            return tuple(
                Command(
                    f"{_SETTINGS}{page.id}", f"Settings: {page.name}", "", page.icon, page.finds
                )
                for page in PAGES
            )

        def offer(pages: tuple[Command, ...]) -> None:
            self._settings_pages = pages
            self._offer_commands()

        self.desk.jobs.quietly(read, offer)

    def _show_backup(self) -> None:
        """Say when the last backup was made, found without holding up the window."""
        backups = self.desk.office.backups
        self.desk.jobs.quietly(lambda _: backups.last_verified(), self.status.show_backup)

    def _watch_duplicates(self) -> None:
        """Compare each new or changed file with all others, a while after the last change."""
        from medsec_desktop.ui.patients.duplicates_watch import DuplicatesWatch

        self._duplicates_watch = DuplicatesWatch(self.desk, self)

    def _back_up(self) -> None:
        backups = self.desk.office.backups

        def made(report: BackupReport) -> None:
            self.desk.messages.say(report.sentence)
            self.status.show_backup(report.row.made_at)

        self.desk.jobs.run("Backup", backups.make, made)

    # --- actions

    def _bind_actions(self) -> None:
        desk = self.desk
        bind = desk.actions.bind
        for name, *_ in TABS:
            bind(f"go.{name}", lambda name=name: self.show_tab(name))
        bind("go.search", self.command_box.open)
        bind("new.thing", self._new_thing, self._can_make_new, text=self._new_text)
        bind("new.patient", lambda: self.edit_patient(None))
        bind("visit.book", lambda: self.book())
        self._bind_calendar_places()
        bind("day.today", lambda: self.show_day(desk.office.clock.today()))
        bind("day.go_to", self._ask_for_day)
        bind("file.import", self.open_import)
        bind("file.export", self.open_export)
        bind("file.export_calendar", self.export_calendar)
        bind("file.backup", self._back_up)
        LetterVerbs(desk, self)
        ChargeVerbs(desk, self)
        VisitClaim(desk, self)
        bind("app.settings", self.open_settings)
        bind("file.post", self.open_post, self._has_people_in_front)
        bind("list.kept_prints", self.open_kept_prints)
        bind("app.audit", self.open_audit)
        bind("app.directory", lambda: self.open_directory())
        bind("app.lock", lambda: self.lock())
        bind("app.switch_user", lambda: self.lock("Choose who goes on."))
        bind("app.curtain", self.draw_curtain)
        bind("app.quit", self.close)
        bind("edit.undo", lambda: self.undo(), self._can_undo, text=self._undo_text)
        bind("edit.redo", lambda: self.redo(), self._can_redo, text=self._redo_text)
        bind("edit.history", self.toggle_history)
        bind("draft.park", desk.drafts.park_current, lambda: desk.drafts.current() is not None)
        bind(
            "draft.resume",
            desk.drafts.resume_latest,
            lambda: bool(desk.drafts.waiting()) or "No parked work is waiting.",
        )
        bind("view.larger", lambda: self._zoom(1))
        bind("view.smaller", lambda: self._zoom(-1))
        bind("view.normal", lambda: self._zoom(0))
        bind("view.dark", self._turn_dark, text=lambda: self._dark_text())
        bind("help.page", self.open_help)
        bind("help.keys", self.show_keys)
        bind("help.about", self.show_about)
        desk.actions.install(self, self.menuBar(), desk.theme)
        for button in self.menuBar().findChildren(QToolButton):
            button.setAccessibleName("More menus")  # Qt's own, shown where the bar is too short
        desk.drafts.resumes("booking", self._resume_booking)
        desk.drafts.resumes("patient", self._resume_patient)
        desk.drafts.resumes("file-part", self._resume_part)
        desk.drafts.resumes("letter", self._resume_letter)
        desk.drafts.resumes("letter-template", self._resume_template)
        desk.drafts.resumes("claim", self._resume_claim)
        bind("claim.send", lambda: self._claims().show_files())
        bind("list.claim_files", lambda: self._claims().show_batches())
        desk.actions.bind("letters.templates", self._show_templates)
        desk.drafts.resumes("waiting", self._resume_waiting)
        for kind in _FORMS_IN_FILE:
            desk.drafts.resumes(kind, self._resume_in_file)
        for action_id, name in _PATIENT_LISTS.items():
            desk.actions.bind(action_id, lambda name=name: self.patient_list(name))
        desk.drafts.resumes("note", self._resume_note)
        desk.drafts.resumes("charges", self._resume_charges)
        desk.drafts.resumes("pinboard", self._resume_pinboard)
        desk.drafts.resumes("directory", self._resume_directory)

    def _bind_calendar_places(self) -> None:
        for names, is_page in ((_CALENDAR_PAGES, True), (_CALENDAR_PANELS, False)):
            for action_id, name in names.items():
                self.desk.actions.bind(
                    action_id,
                    lambda name=name, is_page=is_page: self.calendar_place(name, page=is_page),
                )
        bind = self.desk.actions.bind
        bind("visit.wait", self._put_on_waiting_list, self._has_patient_in_front)
        for kind in _CALENDAR_VIEWS:
            bind(f"calendar.{kind}", lambda kind=kind: self._calendar().show_view(kind))
        for number in range(1, 9):
            bind(
                f"calendar.saved_{number}",
                lambda number=number: self._calendar().show_saved(number),
            )
        bind("calendar.colour", lambda: self._calendar().ask_colour())

    def _take(self, hit: Hit) -> None:
        """Open what the command box found, or do it."""
        if hit.kind == "command":
            if hit.key.startswith(_SETTINGS):
                self.open_settings(hit.key.removeprefix(_SETTINGS))
            else:
                self.desk.actions.trigger(hit.key)
        elif hit.booking is not None:
            self._take_booking(hit.booking)
        else:
            self.open_link(link_of(hit))

    def _take_booking(self, booking: Proposal) -> None:
        """Book what was typed and show it to be read back; what is not whole fills the pane."""
        from medsec_desktop.ui.calendar.booking.at_once import book_at_once

        self.show_tab("calendar")
        tab: Any = self._tabs["calendar"]
        if booking.draft is None or not book_at_once(tab, [booking.draft]):
            self.book(state=booking.state)

    def _new_thing(self) -> None:
        tab = self.tab
        if tab is not None:
            tab.new_thing()

    def _can_make_new(self) -> bool | str:
        tab = self.tab
        if tab is None or not tab.new_text:
            return "Nothing new is made on this tab. Ctrl+Shift+N registers a new patient."
        return True

    def _new_text(self) -> str:
        return self.tab.new_text if self.tab is not None else ""

    def _can_undo(self) -> bool | str:
        return bool(self.desk.office.session.can_undo()) or (
            "There is nothing of yours to undo in this sitting. The history (Ctrl+H) lists more."
        )

    def _can_redo(self) -> bool | str:
        return bool(self.desk.office.session.can_redo()) or "There is nothing to redo."

    def _undo_text(self) -> str:
        label = self.desk.office.session.can_undo()
        return f"Undo {label}" if label else ""

    def _redo_text(self) -> str:
        label = self.desk.office.session.can_redo()
        return f"Redo {label}" if label else ""

    def _zoom(self, steps: int) -> None:
        theme = self.desk.theme
        if steps:
            theme.zoom_by(steps)
        else:
            theme.set_zoom(1.0)
        self.desk.messages.say(f"Text size {round(theme.zoom * 100)} %.", tone="info")

    def _turn_dark(self) -> None:
        self.desk.theme.set_dark(not self.desk.theme.dark)

    def _dark_text(self) -> str:
        return "Light" if self.desk.theme.dark else "Dark"

    # --- undo, redo

    def undo(self, operation_id: int | None = None) -> None:
        """Take back an operation, or my latest; the message offers to do it again."""
        changes = guarded(self.desk, lambda: self.desk.office.session.undo(operation_id))
        if changes is not None:
            done = changes.undoes
            self.desk.messages.say(
                f"Undone: {changes.label}.",
                offers=[("Redo", lambda: self.redo(done))],
            )

    def redo(self, operation_id: int | None = None) -> None:
        """Do an undone operation again, or my latest."""
        changes = guarded(self.desk, lambda: self.desk.office.session.redo(operation_id))
        if changes is not None:
            done = changes.undoes
            self.desk.messages.say(
                f"Done again: {changes.label}.",
                offers=[("Undo", lambda: self.undo(done))],
            )

    # --- the navigator

    @property
    def tab(self) -> Tab | None:
        """The tab in front."""
        return self._tabs.get(self._name)

    def show_tab(self, name: str) -> None:
        """Bring a tab to the front."""
        tab = self._built(name)
        self._name = name
        self._buttons[name].setChecked(True)
        self.stack.setCurrentWidget(self._places[name])
        tab.showing()
        self._retitle()

    def tab_named(self, name: str) -> Tab:
        """A tab, built if nobody has looked at it yet."""
        return self._built(name)

    def _built(self, name: str) -> Tab:
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
                self._offer_commands()
        return self._tabs[name]

    def _give_habits(self, name: str, tab: Tab) -> None:
        if self._memory is None:
            return
        self._memory.beginGroup(name)
        tab.take_habits({key: str(self._memory.value(key)) for key in self._memory.childKeys()})
        self._memory.endGroup()

    def open_patient(self, patient_id: int, part: str = "") -> None:
        self.show_tab("patients")
        self._tabs["patients"].open_patient(patient_id, part)  # type: ignore[attr-defined]

    def edit_patient(
        self,
        patient_id: int | None,
        state: dict[str, Any] | None = None,
        draft_id: int | None = None,
    ) -> None:
        self.show_tab("patients")
        self._tabs["patients"].edit_patient(patient_id, state, draft_id)  # type: ignore[attr-defined]

    def show_day(self, day: date, appointment_id: int | None = None) -> None:
        self.show_tab("calendar")
        self._tabs["calendar"].show_day(day, appointment_id)  # type: ignore[attr-defined]

    def book(
        self,
        patient_id: int | None = None,
        starts_at: datetime | None = None,
        provider_id: int | None = None,
        state: dict[str, Any] | None = None,
        draft_id: int | None = None,
    ) -> None:
        self.show_tab("calendar")
        self._tabs["calendar"].book(patient_id, starts_at, provider_id, state, draft_id)  # type: ignore[attr-defined]

    def patient_list(self, name: str) -> Any:
        """Bring a list over all patients to the front."""
        self.show_tab("patients")
        return self._tabs["patients"].show_list(name)  # type: ignore[attr-defined]

    def merge_patients(self, patient_id: int, other_id: int | None = None) -> None:
        self.show_tab("patients")
        self._tabs["patients"].merge_patients(patient_id, other_id)  # type: ignore[attr-defined]

    def take_apart(self, merge_id: int) -> None:
        self.show_tab("patients")
        self._tabs["patients"].take_apart(merge_id)  # type: ignore[attr-defined]

    def book_referral(self, referral_id: int) -> None:
        referral = guarded(self.desk, lambda: self.desk.office.referrals.one(referral_id))
        if referral is not None:
            self._calendar().book_referral(referral)

    def calendar_place(self, name: str, *, page: bool = False) -> Any:
        """Bring the calendar to the front with a panel beside the grid, or a page in its place."""
        tab = self._calendar()
        return tab.show_page(name) if page else tab.show_panel(name)

    def _calendar(self) -> Any:
        """The Calendar tab, brought to the front."""
        if self._name != "calendar":
            self.show_tab("calendar")
        return self._tabs["calendar"]

    def write_letter(self, appointment_id: int) -> None:
        self.show_tab("letters")
        self._tabs["letters"].write_letter(appointment_id)  # type: ignore[attr-defined]

    def write_to(
        self,
        patient_id: int,
        *,
        referral_id: int | None = None,
        records_request_id: int | None = None,
    ) -> None:
        self._letters().write_to(
            patient_id, referral_id=referral_id, records_request_id=records_request_id
        )

    def write_to_many(self, targets: tuple[Target, ...], title: str) -> None:
        self._letters().write_to_many(targets, title)

    def _letters(self) -> Any:
        """The Letters tab, brought to the front."""
        self.show_tab("letters")
        return self._tabs["letters"]

    def show_letter(self, letter_id: int) -> None:
        self.show_tab("letters")
        self._tabs["letters"].show_letter(letter_id)  # type: ignore[attr-defined]

    def open_document(self, document_id: int, begin: str = "") -> None:
        """Show a document; `begin` "move" asks at once whose it is."""
        self.show_tab("patients")
        self._tabs["patients"].open_document(document_id, begin)  # type: ignore[attr-defined]

    def open_charges(self, appointment_id: int) -> None:
        """What a visit is charged, in a window of its own."""
        from medsec_desktop.ui.claims.charges.charge_window import open_charges

        open_charges(self.desk, self, appointment_id)

    def show_claim(self, claim_id: int) -> None:
        """Show a claim on the Claims tab."""
        self._claims().show_claim(claim_id)

    def _claims(self) -> Any:
        """The Claims tab, brought to the front."""
        self.show_tab("claims")
        return self._tabs["claims"]

    def open_settings(self, page: str = "") -> None:
        from medsec_desktop.ui.practice.settings import open_settings

        open_settings(self.desk, self, page)

    def open_import(self) -> None:
        from medsec_desktop.ui.practice.import_view import open_import

        open_import(self.desk, self)

    def open_audit(self) -> None:
        """The audit trail; of the patient in front, where there is one."""
        from medsec_desktop.ui.practice.audit_window import open_audit

        open_audit(self.desk, self, self.tab.patient_id if self.tab is not None else None)

    def open_directory(self, text: str = "") -> Any:
        """Whom one calls, faxes, refers to and bills."""
        from medsec_desktop.ui.practice.directory_window import open_directory

        return open_directory(self.desk, self, text)

    def open_export(self) -> None:
        """What goes out as a file: of the patient in front, where there is one."""
        from medsec_desktop.ui.practice.export_window import open_export_window

        patient_id = self.tab.patient_id if self.tab is not None else None
        open_export_window(self.desk, self, patient_id)

    def export_calendar(self) -> None:
        """Ask which visits go into a file for other calendars."""
        from medsec_desktop.ui.calendar.paper.export_sheet import open_export

        open_export(self.desk, self)

    def open_link(self, link: Link) -> None:
        """Open whatever a message, a list or the command box points at."""
        guarded(self.desk, lambda: self._follow(link))

    def _follow(self, link: Link) -> None:
        if link.kind == "patient":
            self.open_patient(int(link.key))
        elif link.kind == "appointment":
            visit = self.desk.office.calendar.appointment(int(link.key))
            self.show_day(visit.row.starts_at.date(), int(link.key))
        elif link.kind == "day":
            self.show_day(date.fromisoformat(link.key))
        elif link.kind == "block":
            # A block-out in the way: its number and the day it stands on, as the rules wrote them.
            block_id, day = link.key.split("|", 1)
            self.show_day(date.fromisoformat(day))
            self.calendar_place("block").edit(int(block_id), date.fromisoformat(day))
        elif link.kind == "slot":
            # A legal time offered by a refusal: provider and start, as the calendar wrote them.
            provider_id, starts_at = link.key.split("|", 1)
            self.book(starts_at=datetime.fromisoformat(starts_at), provider_id=int(provider_id))
        elif link.kind == "charges":
            self.open_charges(int(link.key))
        elif link.kind == "letter":
            self.show_letter(int(link.key))
        elif link.kind == "document":
            self.open_document(int(link.key))
        elif link.kind == "claim":
            self.show_claim(int(link.key))
        elif link.kind == "claims":
            self._claims().show_list(link.key)
        elif link.kind == "list":
            self.desk.actions.trigger(f"list.{link.key}")
        elif link.kind == "contact":
            self.open_directory(link.key)
        elif link.kind == "settings":
            self.open_settings(link.key)
        elif link.kind == "provider":
            self.open_settings("providers")
        elif link.kind == "tab":
            self.show_tab(link.key)
        else:
            self.desk.messages.not_now(f"“{link.text}” has no page of its own.")

    def _ask_for_day(self) -> None:
        office = self.desk.office

        def go(text: str) -> None:
            day = guarded(self.desk, lambda: office.formats.parse_date(text, office.clock.today()))
            if day is not None:
                self.show_day(day)

        self.desk.prompts.ask_text(
            "Go to date",
            "Date",
            go,
            text="A date, or as you would say it: fri, tomorrow, +2w, 3/14.",
            button="Go",
        )

    # --- drafts

    def _resume_booking(self, row: DraftRow, state: dict[str, Any]) -> None:
        self.book(row.patient_id, state=state, draft_id=row.id)

    def _resume_patient(self, row: DraftRow, state: dict[str, Any]) -> None:
        self.edit_patient(row.patient_id, state, row.id)

    def _resume_in_file(self, row: DraftRow, state: dict[str, Any]) -> None:
        if row.patient_id is not None:
            self.show_tab("patients")
            tab: Any = self._tabs["patients"]
            tab.resume_in_file(row.kind, row.patient_id, state, row.id)

    def _resume_part(self, row: DraftRow, state: dict[str, Any]) -> None:
        """A part of a file that was being edited in place."""
        if row.patient_id is not None:
            self.open_patient(row.patient_id)
            self._tabs["patients"].resume_part(row.patient_id, state, row.id)  # type: ignore[attr-defined]

    def _resume_waiting(self, row: DraftRow, state: dict[str, Any]) -> None:
        self.calendar_place("waiting", page=True).resume(state, row.id)

    def _resume_note(self, row: DraftRow, state: dict[str, Any]) -> None:
        self.calendar_place("note").resume(state, row.id)

    def _resume_pinboard(self, row: DraftRow, state: dict[str, Any]) -> None:
        self._calendar().panel("pinboard").resume(state, row.id)
        self.calendar_place("pinboard")

    def _resume_directory(self, row: DraftRow, state: dict[str, Any]) -> None:
        self.open_directory().resume(state, row.id)

    def _resume_charges(self, row: DraftRow, state: dict[str, Any]) -> None:
        from medsec_desktop.ui.claims.charges.charge_window import resume_charges

        resume_charges(self.desk, self, state, row.id)

    def _has_patient_in_front(self) -> bool:
        return self.tab is not None and self.tab.patient_id is not None

    def _has_people_in_front(self) -> bool:
        from medsec_desktop.ui.printing.whom import groups_in_front

        return self.tab is not None and bool(groups_in_front(self.desk, self.tab))

    def open_post(self) -> None:
        """Labels and envelopes for whom the screen in front shows."""
        from medsec_desktop.ui.printing.post_dialog import PostDialog
        from medsec_desktop.ui.printing.whom import groups_in_front

        if self.tab is not None:
            dialog = PostDialog(self.desk, groups_in_front(self.desk, self.tab), self)
            dialog.show()
            dialog.kind.setFocus()

    def open_kept_prints(self) -> None:
        """What could not be printed, to be printed again."""
        from medsec_desktop.ui.printing.kept_prints import open_kept_prints

        open_kept_prints(self.desk, self)

    def _put_on_waiting_list(self) -> None:
        patient_id = self.tab.patient_id if self.tab is not None else None
        if patient_id is not None:
            self.calendar_place("waiting", page=True).add_for(patient_id)

    def _resume_letter(self, row: DraftRow, state: dict[str, Any]) -> None:
        self.show_tab("letters")
        self._tabs["letters"].resume_letter(state, row.id)  # type: ignore[attr-defined]

    def _resume_template(self, row: DraftRow, state: dict[str, Any]) -> None:
        self.show_tab("letters")
        self._tabs["letters"].resume_template(state, row.id)  # type: ignore[attr-defined]

    def _resume_claim(self, row: DraftRow, state: dict[str, Any]) -> None:
        self._claims().resume_claim(state, row.id)

    def _show_templates(self) -> None:
        self.show_tab("letters")
        self._tabs["letters"].show_templates()  # type: ignore[attr-defined]

    # --- lock and curtain

    def draw_curtain(self) -> None:
        """Blank the screen at once; the password brings it back as it was."""
        self._cover()
        self.curtain.draw(self.desk.office.session.user.login)

    def lock(self, remark: str = "") -> None:
        """Lock the screen, keeping everything that is open."""
        if self.curtain.isVisible() and self.curtain.title.isVisible():
            return
        self._cover()
        user = self.desk.office.session.user
        people = self._people() or [(user.login, user.name)]
        self.curtain.lock(user.login, people, remark or "Your work is kept as it is.")

    def _cover(self) -> None:
        try:
            self.desk.drafts.save_all()
        except Problem as problem:  # locking must not wait for a full disk
            self.desk.messages.problem(problem)
        self._user_before = self.desk.office.session.user
        self.desk.actions.locked = True
        self.command_box.results.hide()
        self.menuBar().setEnabled(False)
        self.setWindowTitle("MedSec Desktop")

    def _lifted(self, _login: str) -> None:
        self.desk.actions.locked = False
        self.menuBar().setEnabled(True)
        self._retitle()
        if self.desk.office.session.user != self._user_before:
            self.user_switched()

    def user_switched(self) -> None:
        """Another person goes on: show her name, her drafts and what she may do."""
        self.status.reload()
        self.desk.drafts.changed.emit()
        self._offer_commands()
        if self._history is not None and self._history.isVisible():
            self._history.reload()
        if self.tab is not None:
            self.tab.showing()  # with her rights, and her look at an open file recorded as hers
        self.desk.messages.say(f"{self.desk.office.session.user.name} is at the desk.", tone="info")

    # --- history, help, keys

    def toggle_history(self) -> None:
        """Show or hide who did what, at the right."""
        if self._history is None:
            from medsec_desktop.ui.history_panel import HistoryPanel

            self._history = HistoryPanel(self.desk, self.undo, self.redo, self.toggle_history)
            self._history.hide()
            self.splitter.addWidget(self._history)
        shown = not self._history.isVisible()
        self._history.setVisible(shown)
        if shown:
            width = self.desk.theme.px(340)
            self.splitter.setSizes([self.width() - width, width])
            self._history.reload()
            self._history.list.setFocus()
        else:
            self._keys_to_page()

    def _keys_to_page(self) -> None:
        if self.tab is not None:
            self.tab.showing()

    @property
    def history(self) -> HistoryPanel | None:
        return self._history

    def open_help(self, page: str = "") -> None:
        """Open the manual at the page of the screen in front."""
        if self._help is None:
            from medsec_desktop.ui.help_window import HelpWindow

            self._help = HelpWindow(self.desk.theme, self.desk.actions, self)
        self._help.open_page(page or self._help_page())
        if self._help.isVisible():
            self._help.raise_()
        self._help.show()
        self._help.activateWindow()

    @property
    def help(self) -> HelpWindow | None:
        return self._help

    def _help_page(self) -> str:
        """The page of the widget with the focus, else of the tab."""
        widget: QObject | None = QApplication.focusWidget()
        while widget is not None:
            page = getattr(widget, "help_page", "")
            if page:
                return str(page)
            widget = widget.parent()
        return self.tab.help_page if self.tab is not None else "index"

    def show_keys(self) -> None:
        from medsec_desktop.ui.cheat_sheet import CheatSheet

        CheatSheet(self.desk.theme, self.desk.actions, self).show()

    def show_about(self) -> None:
        from medsec_desktop import __version__

        self.desk.prompts.ask(
            "MedSec Desktop",
            f"Version {__version__}. The front desk of a clinic on one workstation: nothing here "
            "needs or uses a network. The licenses of what it is built on are in the manual.",
            ["Close"],
            lambda _: None,
        )

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
        if self._history is not None and self._history.isVisible():
            self._history.reload()

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

    # --- keys in other windows

    def _key_elsewhere(self, event: QKeyEvent) -> bool:
        """In the program's other windows, modal ones too, a few keys must work as well."""
        if QApplication.activeWindow() in (self, None) or self.desk.actions.locked:
            return False
        pressed = QKeySequence(event.keyCombination())
        for action_id in _EVERYWHERE:
            action = BY_ID[action_id]
            if pressed in (QKeySequence(action.key), QKeySequence(action.other_key)):
                self.desk.actions.trigger(action_id)
                return True
        return False

    # --- the window itself

    def _retitle(self) -> None:
        title = next((title for name, title, _ in TABS if name == self._name), "")
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
        self._idle.set_minutes(0)
        self.desk.drafts.close()
        self.desk.jobs.close()
        if self._help is not None:
            self._help.close()
        super().closeEvent(event)
        if event.isAccepted():
            self._quick_texts.stop()
            if self._duplicates_watch is not None:
                self._duplicates_watch.stop()
                self._duplicates_watch = None
            self.closed.emit()
