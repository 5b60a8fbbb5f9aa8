"""Labels and envelopes: what, for whom, on which sheet from which label on, and the pages themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout

from medsec_desktop.problems import Problem
from medsec_desktop.services.letters.post import CODES, FACTS, PostKind, PostSetUp, PostSheet
from medsec_desktop.services.page_images import first_pages, page_count, page_sizes
from medsec_desktop.ui.letters.pages import PageView
from medsec_desktop.ui.letters.print_sheet import choose_printer, print_or_ask
from medsec_desktop.ui.practice.side_window import SideWindow
from medsec_desktop.ui.printing.sheet_picture import SheetPicture
from medsec_desktop.ui.printing.whom import Group
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    Field,
    Hairline,
    NumberBox,
    PlainButton,
    PrimaryButton,
    Text,
)
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.services.printing import Way
    from medsec_desktop.ui.desk import Desk

    # By what it was made, the pages or why there are none, the first drawn, how many there are.
    _Made = tuple[
        tuple[PostSetUp, tuple[int, ...]], PostSheet | Problem, tuple[PageImage, ...], int
    ]

_FORM_WIDTH = 304
_AFTER_A_CHANGE_MS = 150
_LETTER = 612.0  # points across the sheet a resolution is reckoned for
_MOST_SHOWN = 6  # pages drawn for the look before paper; all are printed


class PostDialog(SideWindow):
    """The set-up at the left, remembered for each kind; the pages at the right. The main window goes on."""

    help_page = "labels"

    def __init__(self, desk: Desk, groups: Sequence[Group], window: QWidget):
        super().__init__(desk, window, "Labels and envelopes")
        self._post = desk.office.post
        self._groups = tuple(groups)
        self._sheet: PostSheet | None = None
        self._sheet_of: tuple[PostSetUp, tuple[int, ...]] | None = None  # what it was made by
        self._wanted: tuple[PostSetUp, tuple[int, ...], float] | None = None
        self._filling = True
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_AFTER_A_CHANGE_MS)
        self._pause.timeout.connect(self._ask)
        self._ask_pages = desk.jobs.latest(self._made, self._show)
        self._make()
        self._lay_out()
        self.finished.connect(self.deleteLater)
        QShortcut(QKeySequence("Ctrl+P"), self, self.print_now)
        self.open_at(1080, 760)
        self._fill(PostKind.ADDRESS)

    # -- building -------------------------------------------------------------------------------

    def _make(self) -> None:
        theme = self._desk.theme
        self.kind = Choice([(kind, facts.name) for kind, facts in FACTS.items()])
        self.whom = Choice([(index, group.name) for index, group in enumerate(self._groups)])
        self.stock = Choice()
        self.start_at = NumberBox(1, 1)
        self.each = NumberBox(1, 200)
        self.code = Choice(CODES.items())
        self.picture = SheetPicture(theme)
        self.picture.setFixedHeight(theme.px(200))
        self.with_sender = QCheckBox("With the practice’s address")
        self.is_proof = QCheckBox("Proof with outlines")
        self.fields = {
            "kind": Field("What", self.kind),
            "whom": Field("For", self.whom),
            "stock": Field("Sheet", self.stock),
            "start_at": Field("Start at label", self.start_at, hint="Or click it on the sheet."),
            "each": Field("Of each", self.each),
            "code": Field("Code of the chart number", self.code),
        }
        self.print_button = PrimaryButton("Print", self.print, tip="Ctrl+P")
        self.printer_button = PlainButton("Printer…", self.choose_printer)
        self.save_button = PlainButton("Save as PDF…", self.save)
        self.close_button = PlainButton("Close", self.close)
        self.banner = Banner(theme, "warning", "")
        self.banner.hide()
        self.pages = PageView(theme, "Pages to print")
        self.pages.resolution_changed.connect(self._ask)
        self.more = Text("", "small")
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        for choice in (self.whom, self.stock, self.code):
            choice.currentIndexChanged.connect(self._changed)
        for box in (self.start_at, self.each):
            box.valueChanged.connect(self._changed)
        for tick in (self.with_sender, self.is_proof):
            tick.toggled.connect(self._changed)
        self.picture.begun.connect(self.start_at.setValue)

    def _lay_out(self) -> None:
        theme = self._desk.theme
        scrolled = ScrolledColumn("What is printed")
        column = scrolled.column
        column.setSpacing(12)
        for name in ("kind", "whom", "stock"):
            column.addWidget(self.fields[name])
        pair = QHBoxLayout()
        pair.setSpacing(12)
        for name in ("start_at", "each"):
            pair.addWidget(self.fields[name], 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(pair)
        column.addWidget(self.picture)
        column.addWidget(self.fields["code"])
        column.addWidget(self.with_sender)
        column.addWidget(self.is_proof)
        column.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(Text("Labels and envelopes", "title"))
        left.addWidget(scrolled, 1)
        side = QFrame()
        side.setProperty("kind", "surface")
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        side.setFixedWidth(theme.px(_FORM_WIDTH))
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.banner)
        right.addWidget(self.pages, 1)
        right.addWidget(self.more)
        whole = QFrame()
        whole.setProperty("kind", "surface")
        row = QHBoxLayout(whole)
        row.setContentsMargins(24, 20, 24, 16)
        row.setSpacing(16)
        row.addWidget(side)
        row.addWidget(Hairline(vertical=True))
        row.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.save_button)
        foot.addStretch(1)
        for button in (self.close_button, self.printer_button, self.print_button):
            foot.addWidget(button)
        self.tell_over(whole, self.lay_in(whole, foot=foot), foot)

    # -- the set-up -----------------------------------------------------------------------------

    def _fill(self, kind: PostKind) -> None:
        """Show the set-up last used for a kind."""
        setup = self._post.setup(kind)
        self._filling = True
        self.kind.set_value(kind)
        self.stock.set_pairs([(stock.key, stock.name) for stock in self._post.stocks(kind)])
        self.stock.set_value(setup.stock)
        self.start_at.setValue(1)
        self.each.setValue(self._whole_sheet() if kind is PostKind.RETURN else 1)
        self.code.set_value(setup.code)
        self.with_sender.setChecked(setup.with_sender)
        self.is_proof.setChecked(False)
        self._filling = False
        self._changed()
        self._ask()

    def _whole_sheet(self) -> int:
        """Return labels are printed a sheet at a time."""
        return next(
            (one.count for one in self._post.stocks(PostKind.RETURN)
             if one.key == self.stock.value()), 1
        )  # fmt: skip

    def _kind_chosen(self) -> None:
        if not self._filling:
            self._fill(PostKind(str(self.kind.value())))

    def setup(self) -> PostSetUp:
        """The set-up as it stands in the form."""
        return PostSetUp(
            PostKind(str(self.kind.value())),
            str(self.stock.value()),
            self.start_at.value(),
            self.each.value(),
            str(self.code.value() or ""),
            self.with_sender.isChecked(),
            self.is_proof.isChecked(),
        )

    @property
    def ids(self) -> tuple[int, ...]:
        """Whom it is for."""
        return self._groups[int(str(self.whom.value() or 0))].ids

    def _changed(self, *_: object) -> None:
        if self._filling:
            return
        setup = self.setup()
        stocks = self._post.stocks(setup.kind)
        stock = next((one for one in stocks if one.key == setup.stock), None)
        if stock is None:  # somebody took it out of the settings meanwhile
            self._fill(setup.kind)
            return
        self._filling = True
        self.start_at.setMaximum(stock.count)
        self._filling = False
        of_nobody = setup.kind is PostKind.RETURN
        count = (1 if of_nobody else len(self.ids)) * setup.each
        self.picture.show_stock(stock, self.start_at.value(), count)
        for name, is_shown in (
            ("whom", not of_nobody),
            ("start_at", stock.count > 1),
            ("code", FACTS[setup.kind].has_code),
            ("each", setup.kind is not PostKind.CARD),
        ):
            self.fields[name].setVisible(is_shown)
        self.is_proof.setVisible(setup.kind is not PostKind.CARD)
        self.picture.setVisible(stock.count > 1)
        self.with_sender.setVisible(setup.kind is PostKind.ENVELOPE)
        self._pause.start()

    # -- the pages ------------------------------------------------------------------------------

    def _ask(self) -> None:
        self._pause.stop()
        if self.isVisible():
            self._wanted = self.setup(), self.ids, self.pages.dpi
            self._ask_pages("pages")

    def _made(self, _: str) -> _Made:
        """In the worker: the first pages and how many there are, or the sentence that says why none."""
        assert self._wanted is not None
        setup, ids, dpi = self._wanted
        try:
            sheet = self._post.for_patients(setup, ids)
            shown = first_pages(sheet.pdf, _MOST_SHOWN)
            # A label is shown as wide as a letter: what is drawn for a letter would be blurred.
            widest = max(width for width, _ in page_sizes(shown))
            images = tuple(self._desk.office.documents.reader.drawn(shown, dpi * _LETTER / widest))
            return (setup, ids), sheet, images, page_count(sheet.pdf)
        except Problem as problem:
            return (setup, ids), problem, (), 0

    def _show(self, made: _Made) -> None:
        self._sheet_of, sheet, images, count = made
        self._sheet = None if isinstance(sheet, Problem) else sheet
        self.pages.show_pages(images)
        left = count - len(images)
        self.more.setText(f"and {left:,} more {'page' if left == 1 else 'pages'}")
        self.more.setVisible(left > 0)
        said = (str(sheet),) if isinstance(sheet, Problem) else sheet.warnings
        self.banner.show_message("warning", "\n".join(said[:6]))
        self.banner.setVisible(bool(said))
        for button in (self.print_button, self.printer_button, self.save_button):
            button.setEnabled(self._sheet is not None)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pause.stop()  # nobody looks, and the practice may be closing

    # -- giving away ----------------------------------------------------------------------------

    def _now(self) -> PostSheet | None:
        """The pages by the form as it stands; a change typed a moment ago is in them."""
        setup, ids = self.setup(), self.ids
        sheet = self._sheet if self._sheet_of == (setup, ids) else None
        if sheet is None:
            sheet = guarded(self._desk, lambda: self._post.for_patients(setup, ids))
        if sheet is not None:
            guarded(self._desk, lambda: self._post.remember(setup))
        return sheet

    def print_now(self) -> None:
        """Ctrl+P: print, or say why not; the main window's keys do not reach a window beside it."""
        if self._sheet is None:
            self._desk.messages.not_now("There is nothing to print for this choice.")
        else:
            self.print()

    def print(self) -> None:
        """Print what is shown, at once unless asking first is wished for this kind of paper."""
        self._give(print_or_ask)

    def choose_printer(self) -> None:
        """Ask for printer, tray and copies, then print."""
        self._give(choose_printer)

    def _give(self, by: object) -> None:
        sheet = self._now()
        if sheet is None:
            return
        assert callable(by)
        by(
            self._desk,
            self._post.printing,
            sheet.paper,
            lambda way: self._print(sheet, way),
            self,
            FACTS[self.setup().kind].name.lower(),
        )

    def _print(self, sheet: PostSheet, way: Way) -> None:
        def done(went_to: str) -> None:
            self._desk.messages.say(f"{sheet.title}: {sheet.count:,} sent to {went_to}.")

        self._desk.jobs.run(
            "Printing labels", lambda _: self._post.print(sheet, way), done, cancellable=False
        )

    def save(self) -> None:
        """Ask for a place and write the pages there."""
        sheet = self._now()
        if sheet is None:
            return

        def write(path: str) -> None:
            if guarded(self._desk, lambda: (self._post.save(sheet, Path(path)), True)):
                self._desk.messages.say(f"Saved as “{Path(path).name}”.")

        self._desk.prompts.save_file(
            "Save as PDF", write, name=f"{sheet.title}.pdf", pattern="PDF (*.pdf)"
        )
