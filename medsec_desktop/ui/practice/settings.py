"""The settings: pages on the left, searched by any word; each change is kept at once, with Undo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.problems import Problem
from medsec_desktop.services.practice import settings
from medsec_desktop.services.practice.time_zone import choose_zone, machine_zone
from medsec_desktop.services.session import Changes
from medsec_desktop.ui.desk import Desk
from medsec_desktop.ui.practice.settings_blocks import BlocksPage
from medsec_desktop.ui.practice.settings_claims import ClaimsPage, ClearingHousesPage
from medsec_desktop.ui.practice.settings_closures import ClosuresPage
from medsec_desktop.ui.practice.settings_codes import CodesPage
from medsec_desktop.ui.practice.settings_consents import ConsentsPage
from medsec_desktop.ui.practice.settings_custom import CustomFieldsPage
from medsec_desktop.ui.practice.settings_documents import DocumentsPage
from medsec_desktop.ui.practice.settings_favourites import FavouritesPage
from medsec_desktop.ui.practice.settings_fees import FeesPage
from medsec_desktop.ui.practice.settings_holidays import HolidaysPage
from medsec_desktop.ui.practice.settings_insurance import InsurancePage
from medsec_desktop.ui.practice.settings_page import SettingsPage
from medsec_desktop.ui.practice.settings_patients import PatientFilesPage
from medsec_desktop.ui.practice.settings_payer_rules import BillingNumbersPage
from medsec_desktop.ui.practice.settings_payers import PayersPage
from medsec_desktop.ui.practice.settings_printing import PrintingPage
from medsec_desktop.ui.practice.settings_procedures import ProceduresPage
from medsec_desktop.ui.practice.settings_providers import ProvidersPage
from medsec_desktop.ui.practice.settings_recalls import RecallsPage
from medsec_desktop.ui.practice.settings_rooms import RoomsPage
from medsec_desktop.ui.practice.settings_rules import RulesPage
from medsec_desktop.ui.practice.settings_stocks import StocksPage
from medsec_desktop.ui.practice.settings_texts import CopyFormatsPage, QuickTextsPage
from medsec_desktop.ui.practice.settings_types import TypesPage
from medsec_desktop.ui.practice.settings_users import UsersPage
from medsec_desktop.ui.practice.side_window import SideWindow
from medsec_desktop.ui.practice.zone_line import ZoneLine
from medsec_desktop.ui.theme import ZOOMS
from medsec_desktop.ui.widgets import (
    Choice,
    EmptyState,
    FastList,
    Field,
    Hairline,
    ListRow,
    PlainButton,
    SearchLine,
    Section,
    Text,
)
from medsec_desktop.ui.widgets.scrolled import keep_room_for_bar
from medsec_desktop.ui.widgets.search_list import steer


class PracticePage(SettingsPage):
    """The practice’s name, address and numbers, and what its letterhead adds."""

    id = "practice"
    name = "Practice"
    icon = "building-2"
    words = "Name and address as letters and claims carry them."
    finds = (
        "address phone fax npi tax id ein e-mail website letterhead footer tagline name city zip"
    )

    _GRID = (
        ("name", "Practice name", 0, 0, 6),
        ("line1", "Street", 1, 0, 4),
        ("line2", "Suite, floor", 1, 4, 2),
        ("city", "City", 2, 0, 3),
        ("state", "State", 2, 3, 1),
        ("postal_code", "ZIP code", 2, 4, 2),
        ("phone", "Phone", 3, 0, 3),
        ("fax", "Fax", 3, 3, 3),
        ("email", "E-mail", 4, 0, 3),
        ("website", "Website", 4, 3, 3),
    )
    _CLAIMS = (("npi", "Group NPI", 0, 0, 3), ("tax_id", "Tax id (EIN)", 0, 3, 3))
    _LETTERS = (
        ("tagline", "Line under the name", 0, 0, 6),
        ("footer", "Foot of the letter", 1, 0, 6),
    )

    def build(self) -> None:
        self.lines: dict[str, QLineEdit] = {}
        self.inside.addLayout(self._grid(self._GRID))
        for title, remark, places in (
            (
                "Letterhead",
                "Printed on every letter, under the name and at the foot.",
                self._LETTERS,
            ),
            ("For claims", "", self._CLAIMS),
        ):
            section = Section(title, remark)
            section.body.addLayout(self._grid(places))
            self.inside.addWidget(section)

    def _grid(self, places: tuple[tuple[str, str, int, int, int], ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for name, label, row, column, span in places:
            line = QLineEdit()
            field = Field(label, line, required=name == "name")
            line.textEdited.connect(lambda _, field=field: field.problem(""))
            line.editingFinished.connect(lambda name=name, label=label: self._keep(name, label))
            self.lines[name], self.fields[name] = line, field
            grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        return grid

    def reload(self) -> None:
        super().reload()
        profile = self.practice.profile()
        for name, line in self.lines.items():
            if not self.fields[name].has_problem:
                line.setText(getattr(profile, name))

    def _keep(self, name: str, label: str) -> None:
        """Save one field, so that a mistake in another does not hold it up."""
        profile = self.practice.profile()
        text = self.lines[name].text().strip()
        if text == getattr(profile, name):
            self.fields[name].problem("")
            return
        try:
            self.practice.save_profile(replace(profile, **{name: text}))
        except Problem as problem:
            if getattr(problem, "field", "") == name:
                self.fields[name].problem(
                    " ".join(part for part in (problem.what, problem.remedy) if part)
                )
            else:
                self.desk.messages.problem(problem)
            return
        kept = self.practice.profile()
        self.lines[name].setText(getattr(kept, name))
        if kept != profile:
            self.desk.messages.say(f"{label}: changed.", undo=True)


class PaperPage(SettingsPage):
    """Paper, and the way dates and times are written."""

    id = "paper"
    name = "Paper and dates"
    icon = "file-text"
    words = "What is in the printer, and how dates, times, phone numbers and money are written."
    finds = "letter a4 format 24 hours clock currency phone region time zone summer"

    def build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(16)
        for index, setting in enumerate(
            (
                settings.PAPER,
                settings.REGION,
                settings.DATE_ORDER,
                settings.CLOCK_24H,
                settings.CURRENCY,
            )
        ):
            grid.addWidget(self.setting(setting), index // 2, index % 2, Qt.AlignmentFlag.AlignTop)
        self.zone = ZoneLine(machine_zone())
        self.fields["practice.time_zone"] = Field(
            settings.TIME_ZONE.label, self.zone, hint=settings.TIME_ZONE.meaning
        )
        self.zone.textEdited.connect(lambda _: self.fields["practice.time_zone"].problem(""))
        self.zone.editingFinished.connect(self._keep_zone)
        grid.addWidget(self.fields["practice.time_zone"], 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.inside.addLayout(grid)

    def reload(self) -> None:
        super().reload()
        if not self.fields["practice.time_zone"].has_problem:
            self.zone.setText(self.practice.get(settings.TIME_ZONE))

    def _keep_zone(self) -> None:
        if self.zone.text().strip() != self.practice.get(settings.TIME_ZONE):
            self.save(
                f"{settings.TIME_ZONE.label}: changed.",
                lambda: choose_zone(self.practice, self.zone.text()),
            )


class PrivacyPage(SettingsPage):
    """When the screen locks by itself."""

    id = "privacy"
    name = "Locking"
    icon = "lock"
    words = "Ctrl+L locks at once, Ctrl+Space draws the curtain. Work left open is kept."
    finds = "lock idle minutes auto-lock curtain privacy security"

    def build(self) -> None:
        self.inside.addWidget(self.setting(settings.LOCK_AFTER_MIN, suffix=" minutes"))


class BackupsPage(SettingsPage):
    """Where backups go and whether closing makes one."""

    id = "backups"
    name = "Backups"
    icon = "hard-drive"
    words = "Each backup is opened again, checked and counted before it counts as one."
    finds = "copy folder drive restore closing"

    def build(self) -> None:
        editor = self.setting(settings.BACKUP_FOLDER)
        choose = PlainButton("Choose…", self._choose)
        beside = QVBoxLayout()
        beside.setSpacing(4)
        beside.addWidget(Text(" ", "small"))
        beside.addWidget(choose)
        beside.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(editor, 1, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside)
        self.inside.addLayout(row)
        self.inside.addWidget(self.setting(settings.BACKUP_AT_CLOSING))
        now = PlainButton("Back up now", lambda: self.desk.actions.trigger("file.backup"))
        self.desk.theme.wear(now, "hard-drive")
        self.inside.addWidget(now, 0, Qt.AlignmentFlag.AlignLeft)

    def _choose(self) -> None:
        start = self.practice.get(settings.BACKUP_FOLDER) or str(Path.home())
        self.desk.prompts.choose_folder("Backup folder", self._chosen, folder=start)

    def _chosen(self, path: str) -> None:
        self.save(
            "Backup folder: changed.", lambda: self.practice.put(settings.BACKUP_FOLDER, path)
        )


class AppearancePage(SettingsPage):
    """Colours and text size of this computer."""

    id = "appearance"
    name = "Appearance"
    icon = "eye"
    words = "For this computer only; the practice’s data does not change."
    finds = "dark light theme zoom text size larger smaller"
    needs = None

    def build(self) -> None:
        theme = self.desk.theme
        self.dark = QCheckBox("Dark colors")
        self.dark.setAccessibleName("Dark colors")
        self.dark.clicked.connect(theme.set_dark)
        self.zoom = Choice([(zoom, f"{round(zoom * 100)} %") for zoom in ZOOMS])
        self.zoom.activated.connect(lambda _: theme.set_zoom(float(str(self.zoom.value()))))
        field = Field("Text size", self.zoom, hint="Also Ctrl++ and Ctrl+- in the window.")
        field.setMaximumWidth(theme.px(240))
        self.inside.addWidget(self.dark)
        self.inside.addWidget(field)
        theme.changed.connect(self.reload)

    def reload(self) -> None:
        super().reload()
        self.dark.setChecked(self.desk.theme.dark)
        self.zoom.set_value(self.desk.theme.zoom)


PAGES: tuple[type[SettingsPage], ...] = (
    PracticePage,
    ProvidersPage,
    TypesPage,
    RecallsPage,
    RoomsPage,
    BlocksPage,
    ClosuresPage,
    HolidaysPage,
    RulesPage,
    PatientFilesPage,
    CustomFieldsPage,
    CopyFormatsPage,
    QuickTextsPage,
    PayersPage,
    ClaimsPage,
    ClearingHousesPage,
    BillingNumbersPage,
    ProceduresPage,
    FeesPage,
    FavouritesPage,
    CodesPage,
    DocumentsPage,
    InsurancePage,
    ConsentsPage,
    PaperPage,
    PrintingPage,
    StocksPage,
    UsersPage,
    PrivacyPage,
    BackupsPage,
    AppearancePage,
)
# Other names a link may use.
_ALIASES = {"printers": "printing", "hours": "providers", "dates": "paper", "lock": "privacy"}


class SettingsDialog(SideWindow):
    """One window beside the main one; it stays open while work goes on behind it."""

    help_page = "settings"

    def __init__(self, desk: Desk, window: QWidget):
        super().__init__(desk, window, "Settings")
        theme = desk.theme
        self.pages: dict[str, SettingsPage] = {}
        self.search = SearchLine("Find a setting", "Find a setting")
        self.search.textChanged.connect(self._show_list)
        self.search.installEventFilter(self)
        self.list = FastList(theme, "Pages of the settings")
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.stack = QStackedWidget()
        self.nothing = EmptyState(
            theme, "search", "No setting is called that", "Try another word, such as “hours”."
        )
        self.stack.addWidget(self.nothing)
        rail = QFrame()
        rail.setProperty("kind", "surface")
        rail.setFixedWidth(theme.px(240))
        rail_column = QVBoxLayout(rail)
        rail_column.setContentsMargins(16, 16, 12, 16)
        rail_column.setSpacing(8)
        rail_column.addWidget(self.search)
        rail_column.addWidget(self.list, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 8, 16, 8)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(PlainButton("Close", self.close))
        right = QWidget()
        right.setProperty("kind", "surface")
        right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        right_column = QVBoxLayout(right)
        right_column.setContentsMargins(0, 0, 0, 0)
        right_column.setSpacing(0)
        right_column.addWidget(self.stack, 1)
        right_column.addWidget(Hairline())
        right_column.addLayout(foot)
        self.tell_over(self.stack, right, foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(rail)
        row.addWidget(Hairline(vertical=True))
        row.addWidget(right, 1)
        # In the middle of the window, which leaves its header and its status bar to be seen.
        room = window.size()
        self.resize(min(theme.px(1120), room.width() - 80), min(theme.px(880), room.height() - 112))
        desk.bus.changed.connect(self.refresh)
        self._show_list("")

    def show_page(self, page_id: str) -> None:
        """Bring a page to the front; an unknown one is the first."""
        page_id = _ALIASES.get(page_id, page_id)
        kinds = [kind.id for kind in PAGES]
        if self.search.text():
            self.search.clear()
        at = kinds.index(page_id) if page_id in kinds else 0
        self.list.setCurrentIndex(self.list.rows.index(at, 0))
        self._chosen()

    def page(self, page_id: str) -> SettingsPage:
        """A page, built at its first show."""
        if page_id not in self.pages:
            kind = next(kind for kind in PAGES if kind.id == page_id)
            page = kind(self._desk)
            scroll = QScrollArea()
            scroll.setWidgetResizable(True)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            inner = QWidget()
            inner.setProperty("kind", "surface")
            inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            row = QHBoxLayout(inner)
            row.setContentsMargins(0, 0, 0, 0)
            page.setMaximumWidth(self._desk.theme.px(1080))
            row.addWidget(page, 1)
            scroll.setWidget(inner)
            keep_room_for_bar(scroll, row)
            self.pages[page_id] = page
            self.stack.addWidget(scroll)
            page.setProperty("place", self.stack.count() - 1)
        return self.pages[page_id]

    def _show_list(self, text: str) -> None:
        before = self.list.current_value()
        kinds = [kind for kind in PAGES if kind.found_by(text)]
        rows = [ListRow(kind.id, kind.name, icon=kind.icon) for kind in kinds]
        model = self.list.selectionModel()
        model.blockSignals(True)
        self.list.set_rows(rows)
        for index, kind in enumerate(kinds):
            if kind.id == before:
                self.list.setCurrentIndex(self.list.rows.index(index, 0))
        model.blockSignals(False)
        self.list.viewport().update()
        self._chosen()

    def _chosen(self) -> None:
        page_id = self.list.current_value()
        if page_id is None:
            self.stack.setCurrentWidget(self.nothing)
            return
        self.stack.setCurrentIndex(int(self.page(page_id).property("place")))

    def refresh(self, changes: Changes) -> None:
        """Rows changed, here or elsewhere: the pages already built show them."""
        for page in self.pages.values():
            page.refresh(changes)

    def eventFilter(self, watched: object, event: object) -> bool:
        """Up and Down in the search choose a page."""
        from PySide6.QtGui import QKeyEvent

        if (
            watched is self.search
            and isinstance(event, QKeyEvent)
            and event.type() == QKeyEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            and steer(self.list, event)
        ):
            return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]


def open_settings(desk: Desk, window: QWidget, page: str = "") -> SettingsDialog:
    """Show the settings beside `window`, at `page`; the window that is already open comes forward."""
    dialog = window.findChild(SettingsDialog)
    if dialog is None:
        dialog = SettingsDialog(desk, window)
    if page or not dialog.isVisible():
        dialog.show_page(page or "practice")
    dialog.come_forward()
    dialog.search.setFocus()
    return dialog
