"""Printing the calendar: what, how, and the very pages, before they go to the printer or into a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout

from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.calendar.sheets import KINDS, PEOPLE, SetUp, Sheet, Subject
from medsec_desktop.ui.calendar.finding.many_choice import ManyChoice
from medsec_desktop.ui.letters.pages import PageView
from medsec_desktop.ui.letters.print_sheet import choose_printer, print_or_ask
from medsec_desktop.ui.printing.sheet_picture import SheetPicture
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    DateEdit,
    Field,
    Hairline,
    NumberBox,
    PlainButton,
    PrimaryButton,
    Text,
)
from medsec_desktop.ui.widgets.page import Page
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.services.printing import Way
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_FORM_WIDTH = 300
_AFTER_A_CHANGE_MS = 150
_ROLLS_AND_SHEETS = ("card", "label", "chart")
_TIMED = ("day", "week")
_LISTED = ("day", "week", "list")
_SHOWN_BY_THE_GRID = (
    "appointment", "patient", "patient_address", "patient_phone", "provider", "working_hours",
    "closure", "hours_exception", "public_holiday", "block_out", "hold", "grid_note", "setting",
    "appointment_type", "room",
)  # fmt: skip


class PrintPage(Page):
    """The set-up at the left, remembered for each kind of sheet; the pages at the right."""

    title = "Print the calendar"
    help_page = "calendar-paper"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        self._sheets = self.desk.office.sheets
        self._filling = False
        self._sheet: Sheet | None = None
        self._whom: tuple[int | None, str] = (None, "")  # a visit and whose it is
        self._wanted: tuple[SetUp, Subject, float] | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_AFTER_A_CHANGE_MS)
        self._pause.timeout.connect(self._ask)
        self._ask_pages = self.desk.jobs.latest(self._made, self._show)
        self._make_form()
        self._lay_out()
        self.desk.actions.bind("file.print", self.print, self._why_not, owner=self)

    # -- what others ask ------------------------------------------------------------------------

    def offer(self, kind: str, appointment_id: int | None = None, whose: str = "") -> None:
        """Show a kind of sheet; for one visit where there is one, else for the calendar's day."""
        self._whom = (appointment_id, whose)
        self._fill(kind)
        self.look()

    def showing(self) -> None:
        visit = self.tab.grid.visit_at_cursor()
        self.day.set_value(self.tab.day)
        if visit is not None and visit.patient_id:
            self._whom = (visit.id, visit.patient_name)
        else:
            self._whom = (None, "")
        self.columns.set_pairs(self._sheets.columns())
        self._fill(str(self.kind.value() or "day"))
        self.look()
        self.kind.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*_SHOWN_BY_THE_GRID):
            self.look()

    # -- building -------------------------------------------------------------------------------

    def _make_form(self) -> None:
        desk = self.desk
        self.kind = Choice([(key, name) for key, (name, _) in KINDS.items()])
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self.day = DateEdit(desk.theme, desk.office.formats, desk.office.clock.today)
        self.day.settled.connect(self._changed)
        self.whom = Choice()
        self.whom.currentIndexChanged.connect(self._changed)
        self.columns = ManyChoice("Everybody")
        self.columns.changed.connect(self._changed)
        hours = [
            (0, "As worked"),
            *((at * 60, desk.office.formats.hour(at)) for at in range(1, 24)),
        ]
        self.from_min = Choice(hours)
        self.until_min = Choice([*hours, (24 * 60, "Midnight")])
        for choice in (self.from_min, self.until_min):
            choice.currentIndexChanged.connect(self._changed)
        self.size = Choice([(size, f"{size} points") for size in range(6, 13)], 8)
        self.size.currentIndexChanged.connect(self._changed)
        self.colour = Choice([(True, "Color"), (False, "Gray")], True)
        self.colour.currentIndexChanged.connect(self._changed)
        self.ticks = {
            "with_phone": QCheckBox("Phone numbers"),
            "with_reason": QCheckBox("Reasons"),
            "with_cancelled": QCheckBox("Cancelled visits"),
            "with_weekend": QCheckBox("Saturday and Sunday"),
        }
        for tick in self.ticks.values():
            tick.toggled.connect(self._changed)
        self.stock = Choice()
        self.stock.currentIndexChanged.connect(self._stock_chosen)
        self.start_at = NumberBox(1, 1)
        self.start_at.valueChanged.connect(self._changed)
        self.picture = SheetPicture(desk.theme)
        self.picture.setFixedHeight(desk.theme.px(180))
        self.picture.begun.connect(self.start_at.setValue)
        self.fields = {
            "day": Field("Day", self.day),
            "whom": Field("For", self.whom),
            "columns": Field("Columns", self.columns),
            "from_min": Field("From", self.from_min),
            "until_min": Field("Until", self.until_min),
            "size": Field("Type size", self.size),
            "colour": Field("Print in", self.colour),
            "stock": Field("Sheets", self.stock),
            "start_at": Field("Start at label", self.start_at, hint="Or click it on the sheet."),
        }
        self.print_button = PrimaryButton("Print", self.print, tip="Ctrl+P")
        self.printer_button = PlainButton("Printer…", self.choose_printer)
        self.save_button = PlainButton("Save as PDF…", self.save)
        self.banner = Banner(desk.theme, "warning", "")
        self.banner.hide()
        self.pages = PageView(desk.theme, "Pages to print")
        self.pages.resolution_changed.connect(self._ask)

    def _lay_out(self) -> None:
        scrolled = ScrolledColumn("What is printed")
        column = scrolled.column
        column.setSpacing(12)
        column.addWidget(Field("What", self.kind))
        for name in ("day", "whom", "columns", "stock", "start_at"):
            column.addWidget(self.fields[name])
        column.addWidget(self.picture)
        for pair in (("from_min", "until_min"), ("size", "colour")):
            row = QHBoxLayout()
            row.setSpacing(12)
            for name in pair:
                row.addWidget(self.fields[name], 1)
            column.addLayout(row)
        self.with_words = Text("With", "small")
        column.addWidget(self.with_words)
        ticks = QVBoxLayout()
        ticks.setSpacing(4)
        for tick in self.ticks.values():
            ticks.addWidget(tick)
        column.addLayout(ticks)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.print_button)
        buttons.addWidget(self.printer_button)
        buttons.addStretch(1)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(12)
        left.addWidget(scrolled, 1)
        left.addLayout(buttons)
        left.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.foot = (self.print_button, self.printer_button, self.save_button)
        self._left = QFrame()
        self._left.setProperty("kind", "surface")
        self._left.setLayout(left)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        right.addWidget(self.banner)
        right.addWidget(self.pages, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._left)
        row.addWidget(Hairline(vertical=True))
        row.addLayout(right, 1)
        self.body.addLayout(row, 1)
        self.desk.theme.changed.connect(self._fit)
        self._fit()
        self._order_tabs()

    def _order_tabs(self) -> None:
        stops: list[QWidget] = [
            self.kind, self.day, self.whom, self.columns, self.stock, self.start_at, self.picture,
            self.from_min, self.until_min, self.size, self.colour, *self.ticks.values(), self.print_button,
            self.printer_button, self.save_button, self.pages, self.close_button,
        ]  # fmt: skip
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)

    def _fit(self) -> None:
        self._left.setFixedWidth(self.desk.theme.px(_FORM_WIDTH))

    # -- the set-up -----------------------------------------------------------------------------

    def _fill(self, kind: str) -> None:
        """Show the set-up last used for a kind of sheet."""
        setup = self._sheets.setup(kind)
        self._filling = True
        self.kind.set_value(kind)
        whole = "Everybody who comes that day" if kind in PEOPLE else "Everybody"
        visit_id, name = self._whom
        self.whom.set_pairs([*([(visit_id, name)] if visit_id else []), (0, whole)])
        self.whom.setCurrentIndex(0)
        self.columns.set_values(setup.columns)
        self.from_min.set_value(setup.from_min)
        self.until_min.set_value(setup.until_min)
        self.size.set_value(setup.font_size)
        self.colour.set_value(setup.in_colour)
        for name, tick in self.ticks.items():
            tick.setChecked(getattr(setup, name))
        if kind in _ROLLS_AND_SHEETS:
            self.stock.set_pairs([(row.key, row.name) for row in self._sheets.stocks(kind)])
            self.stock.set_value(setup.stock)
            self._bound_start()
            self.start_at.setValue(1)
        self._filling = False
        self._show_fields(kind)

    def _show_fields(self, kind: str) -> None:
        shown = {
            "day": True,
            "whom": kind in PEOPLE and self._whom[0] is not None,
            "columns": kind not in PEOPLE or not self.whom.value(),
            "from_min": kind in _TIMED,
            "until_min": kind in _TIMED,
            "size": kind not in PEOPLE,
            "colour": kind in _TIMED,
            "stock": kind in _ROLLS_AND_SHEETS,
            "start_at": kind in _ROLLS_AND_SHEETS and self.start_at.maximum() > 1,
        }
        if kind in PEOPLE and self.whom.value():
            shown["day"] = False
        for name, field in self.fields.items():
            field.setVisible(shown[name])
        self.picture.setVisible(shown["start_at"])
        if shown["start_at"]:
            stock = self.desk.office.stocks.named(str(self.stock.value()))
            self.picture.show_stock(stock, self.start_at.value())
        for name, tick in self.ticks.items():
            tick.setVisible(
                kind in ("week", "month") if name == "with_weekend" else kind in _LISTED
            )
        self.with_words.setVisible(kind not in PEOPLE)

    def _kind_chosen(self) -> None:
        if not self._filling:
            self._fill(str(self.kind.value()))
            self.look()

    def _stock_chosen(self) -> None:
        if not self._filling:
            self._bound_start()
            self._show_fields(str(self.kind.value()))
            self._changed()

    def _bound_start(self) -> None:
        rows = {row.key: row.count for row in self._sheets.stocks(str(self.kind.value()))}
        self.start_at.setMaximum(rows.get(str(self.stock.value()), 1))

    def _changed(self, *_: object) -> None:
        if not self._filling:
            self._show_fields(str(self.kind.value()))
            self._pause.start()

    def setup(self) -> SetUp:
        """The set-up as it stands in the form."""
        kind = str(self.kind.value())
        with_stock = kind in _ROLLS_AND_SHEETS
        return replace(
            self._sheets.setup(kind),
            columns=tuple(str(key) for key in self.columns.values()),
            from_min=int(str(self.from_min.value())),
            until_min=int(str(self.until_min.value())),
            font_size=int(str(self.size.value())),
            in_colour=bool(self.colour.value()),
            **{name: tick.isChecked() for name, tick in self.ticks.items()},
            stock=str(self.stock.value()) if with_stock else "",
            start_at=self.start_at.value() if with_stock else 1,
        )

    def subject(self) -> Subject:
        """What the sheet is about. Raises Invalid where the day is none."""
        if self.day.problem():
            raise Invalid(self.day.problem(), field="day")
        day: date = self.day.value() or self.tab.day
        is_person = self.kind.value() in PEOPLE
        visit_id = int(str(self.whom.value() or 0)) if is_person else 0
        return Subject(day, visit_id or None)

    # -- the pages ------------------------------------------------------------------------------

    def look(self) -> None:
        """Draw the pages as they would be printed now."""
        self._pause.stop()
        self._ask()

    def _ask(self) -> None:
        if not self.isVisible():
            return
        try:
            self._wanted = self.setup(), self.subject(), self.pages.dpi
        except Invalid as problem:
            self._show((problem, (), ""))
        else:
            self._ask_pages("pages")

    def _made(self, _: str) -> tuple[Sheet | Problem, tuple[PageImage, ...], str]:
        """In the worker: the sheet with its pages, or the sentence that says why there is none."""
        assert self._wanted is not None
        setup, subject, dpi = self._wanted
        try:
            sheet = self._sheets.make(setup, subject)
        except Problem as problem:
            return problem, (), ""
        return sheet, self._sheets.pages(sheet.pdf, dpi), self._sheets.text(sheet.pdf)

    def _show(self, made: tuple[Sheet | Problem, tuple[PageImage, ...], str]) -> None:
        sheet, images, text = made
        self._sheet = None if isinstance(sheet, Problem) else sheet
        self.pages.show_pages(images, text)
        said = (str(sheet),) if isinstance(sheet, Problem) else sheet.warnings
        self.banner.show_message("warning", "\n".join(said[:6]))
        self.banner.setVisible(bool(said))
        for button in (self.print_button, self.printer_button, self.save_button):
            button.setEnabled(self._sheet is not None)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pause.stop()  # nobody looks, and the practice may be closing

    # -- giving away ----------------------------------------------------------------------------

    def print(self) -> None:
        """Print what is shown, at once unless asking first is wished for this kind of paper."""
        kind = KINDS[str(self.kind.value())][1]
        print_or_ask(
            self.desk, self._sheets.printing, kind, self._print, self.window(), "these sheets"
        )

    def _print(self, way: Way) -> None:
        """Print what is shown, with the set-up kept for the next time."""
        sheet = self._now()
        if sheet is None:
            return

        def done(went_to: str) -> None:
            self.desk.messages.say(f"{KINDS[sheet.kind][0]}: sent to {went_to}.")

        self.desk.jobs.run(
            "Printing the calendar",
            lambda _: self._sheets.print(sheet, way),
            done,
            cancellable=False,
        )

    def choose_printer(self) -> None:
        """Ask for printer and copies, then print."""
        kind = KINDS[str(self.kind.value())][1]
        printing = self._sheets.printing
        choose_printer(self.desk, printing, kind, self._print, self.window(), "these sheets")

    def save(self) -> None:
        """Ask for a place and write the pages there."""
        sheet = self._now()
        if sheet is None:
            return
        day = self.subject().day.isoformat()
        self.desk.prompts.save_file(
            "Save as PDF",
            lambda path: self._save(sheet, Path(path)),
            name=f"{KINDS[sheet.kind][0]} {day}.pdf",
            pattern="PDF (*.pdf)",
        )

    def _save(self, sheet: Sheet, path: Path) -> None:
        def write() -> bool:
            self._sheets.save(sheet, path)
            return True

        if guarded(self.desk, write):
            self.desk.messages.say(f"Saved as “{path.name}”.")

    def _now(self) -> Sheet | None:
        """The sheet by the form as it stands; a change typed a moment ago is in it."""
        setup = self.setup()
        sheet = guarded(self.desk, lambda: self._sheets.make(setup, self.subject()))
        if sheet is not None:
            guarded(self.desk, lambda: self._sheets.remember(setup))
        return sheet

    def _why_not(self) -> bool | str:
        return self._sheet is not None or "There is nothing to print for this choice."
